"""What the rules name by codes, as it stands within a sentence: heads, reasons, answers, why money moves."""

from __future__ import annotations

from makewhole.domain.statement import Ours

HEADS = {
    "purchase_price": "the price of the product",
    "medical_expense": "medical expense",
    "lost_wages": "lost wages",
    "property_damage": "damaged property",
    "pain_and_suffering": "pain and suffering",
    "commercial": "commercial loss",
    "consequential": "consequential loss",
    "incidental": "incidental loss",
    "punitive": "punitive damages",
    "attorney_fees": "attorney fees",
}
EVIDENCE = {
    "photo": "photo",
    "receipt": "receipt",
    "repair_estimate": "repair estimate",
    "medical_bill": "medical bill",
    "wage_statement": "wage statement",
    "message": "message",
    "release": "release",
    "other": "other file",
}
# Why a part is refused or reduced.
REASONS = {
    "not_supported": "the papers show less than is claimed",
    "worth_less": "the thing was worth less when it was damaged",
    "not_payable": "the guarantee does not pay this kind of loss",
    "digital": "the guarantee covers physical products only",
    "not_bought_here": "the product was not bought on this marketplace",
    "too_late": "the claim came after the time that the guarantee allows",
    "not_as_told": "what we found differs from what we were told",
    "not_caused": "we could not see that the product caused this loss",
    "paid_elsewhere": "this loss was paid from somewhere else",
}
# Why a seller rejects a tender, or a debtor contests a demand.
DISPUTES = {
    "no_defect": "the product had no defect",
    "misuse": "the product was not used as it is meant to be",
    "not_our_product": "it is not this seller's product",
    "not_delivered_by_us": "it was not delivered by this seller",
    "amount_too_high": "the amount is too high",
    "amount": "the amount is wrong",
    "settled_before": "it was settled before",
    "paid_before": "it was paid before",
    "proof_not_genuine": "the proof is not genuine",
    "insured": "insurance was in force on the day of the incident",
    "not_covered": "the insurance does not cover it",
    "not_heard": "it was decided without hearing this side",
    "other": "another reason, in words",
}
# Why the platform pays: as the seller reads it, and as the claimant does.
STEP_IN = {
    "silent": ("no answer came from you in the time for it", "the seller did not answer in its time"),
    "rejected": ("your rejection was looked at, and we believe the claim valid", "the seller rejected it, we did not"),
    "offer_refused": ("no amount was agreed", "no amount was agreed with the seller"),
    "not_settled": ("it was not settled in the time for it", "the seller did not settle it in its time"),
    "not_paid": ("what you accepted was not paid in the time for it", "the seller accepted, and did not pay in time"),
    "seller_gone": ("the account is gone", "the account of the seller is gone"),
    "accepted": ("you accepted the claim and let us pay", "the seller accepted your claim and lets us pay"),
}
BASES = {
    "contract": "the marketplace's contract with its sellers, to which the guarantee belongs",
    "accepted_tender": "the acceptance of the claim when it was tendered",
    "assignment": "the claimant's own right, which passed to us with the payment",
}
OBSTACLES = {
    "account_gone": "The account is gone: nothing can be withheld, and what is owed stays owed.",
    "bankruptcy": "Bankruptcy was opened: nothing is withheld, and the demand is filed where the law says.",
}
RELEASES = {
    "insured": "insurance was in force on the day of the incident",
    "contest_won": "your contest succeeded",
    "no_defect": "a person found no defect of the product",
    "paid": "the debt was paid in another way",
    "written_off": "the rest of the debt was given up",
    "cover": "your insurer owes that part",
    "no_cover": "less is owed than was held",
    "stands": "less is owed than was held",
    "withheld": "less is owed than was held",
}
WRITE_OFFS = {
    "uneconomic": "to pursue it would cost more than it brings",
    "bankruptcy": "the debtor is bankrupt",
    "account_gone": "the account is gone",
    "time_barred": "the time to demand it is over",
    "settled_for_less": "it was settled for less",
    "goodwill": "we do not insist on it",
}
ENDS = {
    "recovered": "it is paid",
    "insured": "insurance was in force on the day of the incident",
    "contest_won": "the contest succeeded",
    "no_defect": "a person found no defect of the product",
    "written_off": "the rest was given up",
}
# What a table of the policy was told, when it is so and when it is not; empty where that says nothing. The seller is
# spoken of in the past tense, so that `to_the_seller` can speak to it.
FACTS = {
    "seller_insured": (
        "Insurance of the seller was in force on the day of the incident.",
        "No insurance of the seller that was in force on the day of the incident is on file.",
    ),
    "proof_late": ("It was shown after the time for it.", ""),
    "good_standing": ("The seller kept the marketplace's rules.", "The seller did not keep the marketplace's rules."),
    "at_or_under_limit": (
        "The incident is within the limit for direct payment.",
        "The incident is over the limit for direct payment.",
    ),
    "insurance_required_or_requested": (
        "Insurance was required, or had been requested, before the incident.",
        "Insurance had been neither required nor requested before the incident.",
    ),
    "seller_gone": ("The account is closed, or bankruptcy was opened.", ""),
    "no_defect": ("A person found no defect of the product.", ""),
    "producer_accepted": ("The producer that the seller named accepted the claim.", ""),
    # What failed in screening is told to nobody outside: it would teach how to pass.
    "all_checks_passed": ("Every screening check passed.", ""),
    "injury": ("Somebody was hurt.", "Nobody was hurt."),
    "in_full": ("Everything is supported as claimed.", "Not everything is supported as claimed."),
    "within_cap": ("With this the cap of the incident is not passed.", "With this the cap of the incident is reached."),
    "claim_open": ("A part of the claim is not decided or paid yet.", "All of the claim is decided and paid."),
    "refused": ("A part of the claim was refused.", "Nothing of the claim was refused."),
    "appeal_possible": ("The claimant may still appeal.", "The claimant may not appeal any more, or has nothing to."),
}
# The same for facts that are one of a list.
ONE_OF = {
    "seller_answer": {
        "none_yet": "The seller did not answer yet.",
        "accepted": "The seller accepted the claim.",
        "silent": "The seller did not answer in the time for it.",
        "rejected": "The seller rejected the claim.",
        "gone": "The account is gone, and no answer came.",
    },
    "basis": {
        "contract": "The basis is the marketplace's contract with its sellers, to which the guarantee belongs.",
        "accepted_tender": "The basis is the acceptance of the claim when it was tendered.",
        "assignment": "The basis is the claimant's own right, which passed to us with the payment.",
    },
}


def said(words: dict[str, str], code: str) -> Ours:
    """A code in words; one that has none yet as its own plain words."""
    return Ours(words.get(code, code.replace("_", " ")))


def to_the_seller(words: str) -> str:
    """A sentence about the seller, as it is said to the seller itself."""
    return words.replace("of the seller", "of yours").replace("The seller", "You").replace("the seller", "you")


def sentence(words: str) -> str:
    """The words as a sentence of their own."""
    return words[:1].upper() + words[1:] + ("" if words.endswith(".") else ".")
