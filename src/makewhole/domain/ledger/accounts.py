"""The chart of accounts: every account that a posting may name, and what it means."""

from __future__ import annotations

from typing import Literal

Account = Literal[
    "reserve_change",
    "outstanding_reserves",
    "claims_expense",
    "claims_payable",
    "payments_in_transit",
    "bank",
    "refunds_clearing",
    "credit_clearing",
    "recoveries_receivable",
    "insurer_receivables",
    "claims_recovered",
    "withheld_funds",
    "withheld_owed",
    "recoveries_bank",
    "repayments_payable",
    "write_offs",
]

MEANING: dict[Account, str] = {
    "reserve_change": "expense: what is expected to be paid, as it moves",
    "outstanding_reserves": "liability: still expected to be paid on open claims",
    "claims_expense": "expense: what was approved to claimants",
    "claims_payable": "liability: approved, no payment order yet",
    "payments_in_transit": "liability: ordered, not yet confirmed by the bank",
    "bank": "asset: paid out by bank transfer",
    "refunds_clearing": "asset: paid back through the order's own payment, settled with the marketplace",
    "credit_clearing": "asset: given as marketplace credit, settled with the marketplace",
    "recoveries_receivable": "asset: what sellers and producers still owe of what was paid",
    "insurer_receivables": "asset: what insurers still owe of what was paid",
    "claims_recovered": "expense, negative: what others bear of what was paid",
    "withheld_funds": "asset: held back of disbursements to sellers",
    "withheld_owed": "liability: held back, and not yet ours: it may go back",
    "recoveries_bank": "asset: paid to us by sellers, insurers and producers",
    "repayments_payable": "liability: to go back to who had paid more than it owes",
    "write_offs": "expense: debts that were given up, with a reason",
}
PAID_FROM: dict[str, Account] = {"bank_transfer": "bank", "refund": "refunds_clearing", "credit": "credit_clearing"}
