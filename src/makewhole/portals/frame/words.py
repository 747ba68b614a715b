"""The words for what the rules name by codes: heads of loss, proofs, reasons, clocks, stages, roles."""

from __future__ import annotations

HEADS = {
    "property_damage": "Damaged property",
    "purchase_price": "Price of the product",
    "medical_expense": "Medical expense",
    "lost_wages": "Lost wages",
    "pain_and_suffering": "Pain and suffering",
    "commercial": "Commercial loss",
    "consequential": "Consequential loss",
    "incidental": "Incidental loss",
    "punitive": "Punitive damages",
    "attorney_fees": "Lawyer's fees",
}
EVIDENCE = {
    "photo": "Photo",
    "receipt": "Receipt",
    "repair_estimate": "Repair estimate",
    "medical_bill": "Medical bill",
    "wage_statement": "Wage statement",
    "message": "Message",
    "release": "Release",
    "other": "Other file",
}
# What may be asked for, and as which kind of evidence it then comes.
PROOFS = {
    "photo": ("a photo of the damage", "photo"),
    "more_photos": ("more photos, from other sides", "photo"),
    "product_kept": ("a photo of the product as it is now", "photo"),
    "receipt_or_estimate": ("a receipt or a repair estimate", "receipt"),
    "receipt": ("a receipt", "receipt"),
    "repair_estimate": ("a repair estimate", "repair_estimate"),
    "bill": ("the bill of the doctor, hospital or pharmacy", "medical_bill"),
    "wage_statement": ("a statement of the wages lost", "wage_statement"),
    "proof_of_cause": ("something that shows how the product caused it", "other"),
}
PAPERS = frozenset({"receipt", "repair_estimate", "medical_bill", "wage_statement"})
# Why something is refused or reduced. A machine's concerns carry the policy's own outcomes; people choose here.
REASONS = {
    "not_supported": "The papers show less than is claimed",
    "worth_less": "The thing was worth less when it was damaged",
    "not_caused": "The product did not cause it",
    "not_as_told": "The evidence does not fit what was told",
    "paid_elsewhere": "It was paid elsewhere already",
    "not_payable": "The guarantee does not pay this kind of loss",
    "too_late": "The claim came after the filing days",
    "digital": "It is not a physical product",
    "not_bought_here": "It was not bought on this marketplace",
}
STAGES = {
    "awaiting_proof": "Waiting for proof",
    "under_review": "Under review",
    "awaiting_answer": "Waiting for an answer",
    "awaiting_second": "Waiting for a second person",
    "awaiting_release": "Waiting for a signature",
    "approved": "Approved",
    "paying": "With the bank",
    "awaiting_payee": "Waiting for another account",
    "closed": "Closed",
}
OUTCOMES = {
    "paid": "Paid",
    "refused": "Refused",
    "unanswered": "Closed, no answer came",
    "withdrawn": "Withdrawn",
    "out_of_scope": "Outside the guarantee",
}
ROLES = {
    "claimant": "Claimant",
    "seller": "Seller",
    "marketplace": "Marketplace",
    "adjuster": "Adjuster",
    "reviewer": "Reviewer",
    "finance": "Finance",
    "safety_officer": "Safety officer",
    "programme_owner": "Programme owner",
    "administrator": "Administrator",
    "auditor": "Auditor",
    "insurer": "Insurer",
    "producer": "Producer",
}
METHODS = {
    "bank_transfer": "Bank transfer",
    "refund": "Refund to the way the order was paid",
    "credit": "Credit with the marketplace",
}
HAZARDS = {
    "fire": "Fire",
    "shock": "Electric shock",
    "burn": "Burn or scald",
    "choking": "Choking",
    "laceration": "Cut",
    "chemical": "Chemical harm",
    "fall": "Fall",
    "grave_injury": "Grave injury",
    "death": "Death",
    "other": "Something else",
}
TASKS = {
    "safety_review": "safety review",
    "quality_review": "quality review",
    "seller_evidence": "evidence of the seller",
    "repeated_notice": "notice sent again with other content",
    "payment_returned": "payment came back",
    "proof_of_insurance": "proof of insurance to look at",
    "subrogation_check": "anti-subrogation check",
    "insurer_asks": "question of the insurer",
    "contest": "contest to decide",
    "repayment": "repayment to make",
    "instalment_missed": "instalment missed",
}
CHECKS = {
    "duplicate_order_line": "Order line claimed before",
    "same_day_elsewhere": "Claims about the same days",
    "reused_photo": "Photo used before",
    "repeat_claimant": "Claims of this person",
    "amount_against_price": "Amount against price",
    "amount_against_receipts": "Amount against papers",
    "incident_before_delivery": "Incident after delivery",
    "linked_accounts": "Shared contacts",
    "linked_payee": "Shared account",
    "different_bank_details": "One account per person",
    "payee_velocity": "Claims per account",
    "grave_harm": "Grave harm",
}
CHECK_OUTCOMES = {"pass": "Passed", "refer": "A person looks", "no_data": "No data"}
# Clocks: what each is called, and what happens at its end.
CLOCKS = {
    "claimant_answers": (
        "The claimant's answer",
        "If nothing comes, the claim is closed; it opens again when proof comes.",
    ),
    "seller_proof_of_insurance": (
        "The seller's proof of insurance",
        "Without it, the cost may be recovered from the seller.",
    ),
    "decision": ("Our decision", "If we miss it, it is recorded and the programme owner is told."),
    "delay_letter": ("Our letter on the delay", "While there is no decision, we write why."),
    "whole_claim": ("The end of the whole claim", "If it is still open then, the programme owner takes it up."),
    "pay": ("Our payment", "If we miss it, it is recorded and finance is told."),
    "appeal": ("Your appeal", "After that, the decision stands for good."),
    "safety_review": ("The safety review", "If we miss it, it is recorded and escalated."),
    "acknowledge": ("Our acknowledgement", "If we miss it, it is recorded."),
}


def said(code: str, known: dict[str, str]) -> str:
    """A code's words; a code without words is shown as it is, with spaces."""
    return known.get(code) or code.replace("_", " ").capitalize()


def proof(what: str) -> str:
    return PROOFS[what][0] if what in PROOFS else what.replace("_", " ")


def listed(things: list[str]) -> str:
    """ "a, b and c"."""
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}" if things else ""


def task(code: str) -> str:
    return TASKS.get(code) or (
        "late: " + code.removeprefix("missed_").replace("_", " ") if code.startswith("missed_") else code
    )


def referral(code: str) -> str:
    """Why a person is asked: "check:reused_photo", "rule:checks", "appeal"."""
    kind, _, name = code.partition(":")
    if kind == "check":
        return said(name, CHECKS).lower()
    known = {
        "rule:tendered": "over the small-claim limit",
        "rule:checks": "not every check passed",
        "rule:injury_in_part": "somebody was hurt",
        "rule:over_authority": "above what a machine may approve",
        "rule:proof": "the proof is not complete",
        "rule:disputed": "a party disputes the claim",
        "concern_answered": "the claimant answered the concern",
        "proof_came": "the proof that was asked for came",
        "amount_not_supported": "the papers support only a part",
        "rest_open": "a part is still open",
        "appeal": "the claimant appeals",
        "payee_changed": "the account was changed",
        "second_person_disagrees": "the second person sent it back",
        "reopened_by_person": "opened again",
    }
    return known.get(code) or (name or kind).replace("_", " ")


def by_whom(name: str) -> str:
    """Who acted, as the log names it."""
    if name.startswith("machine:"):
        return "the system"
    if name.startswith("person:"):
        return f"staff {name.partition(':')[2]}"
    kind = name.partition(":")[0]
    return {
        "staff": "our staff",
        "seller": "the seller",
        "insurer": "the seller's insurer",
        "producer": "the producer",
        "claimant": "the claimant",
        "marketplace": "the marketplace",
    }.get(kind, kind)
