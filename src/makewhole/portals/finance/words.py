"""The words of finance's pages: accounts of the books, states of batches, outcomes of the bank's answers."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

ACCOUNTS: Words = {
    "reserve_change": _("Change of reserves"),
    "outstanding_reserves": _("Outstanding reserves"),
    "claims_expense": _("Claims expense"),
    "claims_payable": _("Claims payable"),
    "payments_in_transit": _("Payments in transit"),
    "bank": _("Bank"),
    "refunds_clearing": _("Refunds clearing"),
    "credit_clearing": _("Credit clearing"),
    "recoveries_receivable": _("Receivable from sellers and producers"),
    "insurer_receivables": _("Receivable from insurers"),
    "claims_recovered": _("Recovered of claims"),
    "withheld_funds": _("Withheld of payouts"),
    "withheld_owed": _("Withheld, may go back"),
    "recoveries_bank": _("Bank, recoveries"),
    "repayments_payable": _("Repayments payable"),
    "write_offs": _("Write-offs"),
}
MEANINGS: Words = {
    "reserve_change": _("Expense: what is expected to be paid, as it moves."),
    "outstanding_reserves": _("Liability: still expected to be paid on open claims."),
    "claims_expense": _("Expense: what was approved to claimants."),
    "claims_payable": _("Liability: approved, no payment order yet."),
    "payments_in_transit": _("Liability: ordered, not yet confirmed by the bank."),
    "bank": _("Asset: paid out by bank transfer."),
    "refunds_clearing": _("Asset: paid back the way the order was paid, settled with the marketplace."),
    "credit_clearing": _("Asset: given as marketplace credit, settled with the marketplace."),
    "recoveries_receivable": _("Asset: what sellers and producers still owe of what was paid."),
    "insurer_receivables": _("Asset: what insurers still owe of what was paid."),
    "claims_recovered": _("Expense, negative: what others bear of what was paid."),
    "withheld_funds": _("Asset: held back of payouts to sellers."),
    "withheld_owed": _("Liability: held back, and not yet ours: it may go back."),
    "recoveries_bank": _("Asset: paid to us by sellers, insurers and producers."),
    "repayments_payable": _("Liability: to go back to who had paid more than it owes."),
    "write_offs": _("Expense: debts that were given up, with a reason."),
}
BATCH_STATES: Words = {
    "to_sign": _("To be signed"),
    "signed": _("Signed, not yet downloaded"),
    "with_bank": _("With the bank"),
    "answered": _("Answered"),
    "withdrawn": _("Withdrawn"),
}
OUTCOMES: Words = {
    "done": _("Done"),
    "repeated": _("Known already"),
    "noted": _("Noted, nothing to do"),
    "unknown": _("No payment of ours"),
    "wrong_amount": _("Another amount"),
    "wrong_currency": _("Another currency"),
    "refused": _("Cannot be"),
    "our_fault": _("Rejected, not by the payee's account"),
}
# What a person may do about it.
NEXT_STEPS: Words = {
    "unknown": _("Ask the bank what it paid, and for whom. Nothing was recorded here."),
    "wrong_amount": _("The payment still waits. Ask the bank; confirm it by hand once you know what was paid."),
    "wrong_currency": _("The payment still waits. Ask the bank in which currency it was paid."),
    "refused": _("The claim's page says how the payment stands. What the bank says now does not fit to it."),
    "our_fault": _("Take it out of its batch, mend the cause, and send it in another batch."),
}
SAYS: Words = {
    "paid": _("paid"),
    "returned": _("came back"),
    "rejected": _("rejected"),
    "noted": _("not decided"),
}
WHY_RETURNED: Words = {
    "account closed": _("The account is closed"),
    "account unknown": _("The account does not exist"),
    "holder differs": _("The holder has another name"),
    "other": _("Another reason"),
}
KINDS: Words = {
    "batch": _("Payment batch"),
    "repayment": _("Repayment"),
    "subrogation": _("Anti-subrogation check"),
}
LEFT: Words = {
    "erased": _("the payee's data were erased"),
    "account_form": _("the account has a form that no bank file carries"),
}
INSURER_ANSWERS: Words = {
    "": _("none yet"),
    "accepts": _("You accept cover"),
    "reserves_rights": _("You reserve your rights"),
    "asks": _("You asked for something"),
    "denies": _("You deny cover"),
    "silent": _("No answer in time"),
}
