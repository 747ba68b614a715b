"""The words for what the rules name by codes: heads of loss, proofs, reasons, clocks, stages, roles."""

from __future__ import annotations

from makewhole.domain.standing.words import LEVELS

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
    "awaiting_seller": "Tendered, waiting for an answer",
    "seller_settles": "The seller settles it",
    "awaiting_confirmation": "Settled, waiting to be confirmed",
    "awaiting_offer": "An offer waits for an answer",
    "closed": "Closed",
}
OUTCOMES = {
    "paid": "Paid",
    "refused": "Refused",
    "unanswered": "Closed, no answer came",
    "withdrawn": "Withdrawn",
    "out_of_scope": "Outside the guarantee",
    "settled": "Settled with the seller",
}
RECOVERY_STAGES = {
    "demanded": "Demanded, may be contested",
    "contested": "Contested",
    "stands": "Stands",
    "closed": "Closed",
}
RECOVERY_OUTCOMES = {
    "recovered": "Recovered",
    "insured": "Insured, nothing is owed",
    "contest_won": "Contest won, nothing is owed",
    "no_defect": "No defect, nothing is owed",
    "written_off": "Written off",
}
DEBTORS = {"seller": "The seller", "insurer": "The insurer", "producer": "The producer"}
OBSTACLES = {"account_gone": "The account is gone", "bankruptcy": "Bankruptcy was opened"}
INSURER_ANSWERS = {
    "": "has not answered yet",
    "accepts": "accepts cover",
    "reserves_rights": "reserves its rights",
    "asks": "asks for more",
    "denies": "denies cover",
    "silent": "did not answer in its time",
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
# The parts of a statement of reasons, as the short list on a claim's page calls them.
STATEMENT = {
    "facts": "Fact",
    "wrote": "In words",
    "clauses": "Clause",
    "decided": "Decided",
    "then": "Next",
    "contest": "To contest",
}
RESTRICTION_STATES = {"announced": "Announced", "in_force": "In force", "ended": "Ended", "lifted": "Lifted"}
FACT_STATES = {"stands": "Stands", "disputed": "Disputed", "struck": "Struck"}
STANDING_LEVELS: dict[str, str] = dict(LEVELS.items())
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
    "seller_answers": (
        "The seller's answer",
        "If none comes, the platform pays what was assessed and asks the seller for it.",
    ),
    "producer_answers": ("The producer's answer", "If none comes, the claim goes on without it."),
    "seller_handles": (
        "The seller's settlement with the customer",
        "If nothing is settled by then, the claim comes back to us.",
    ),
    "seller_pays": (
        "The seller's payment to the customer",
        "If it is not paid by then, the platform pays and asks the seller for it.",
    ),
    "seller_contests": ("The time to contest what is asked back", "If nobody contests, the demand stands."),
    "insurer_answers": (
        "The insurer's answer",
        "If none comes, what it would have owed is asked of the seller.",
    ),
    "step_in": ("Our look at the tender's end", "If we miss it, it is recorded and the programme owner is told."),
    "contest_decision": (
        "Our decision on the contest",
        "If we miss it, it is recorded and the programme owner is told. Nothing is withheld meanwhile.",
    ),
    "instalment": ("The next instalment", "If it does not come, withholding goes on."),
}
# What the claimant's time is for, and what follows, while it is not proof that is waited for.
CLAIMANTS_TIME = {
    "awaiting_answer": ("The claimant's answer", "If none comes, a person decides with what is there."),
    "awaiting_offer": ("The claimant's answer to the offer", "If none comes, there is no agreement, and we decide."),
    "awaiting_confirmation": (
        "The claimant's word on the settlement",
        "If none comes, a person judges by the seller's evidence.",
    ),
    "awaiting_release": ("The claimant's signature", "If none comes, one of us calls."),
    "awaiting_payee": ("The claimant's other account", "If none is named, one of us calls."),
}
# A seller's or insurer's own clocks, as its inbox calls them.
OWN_CLOCKS = {
    "seller_answers": ("Your answer", "If none comes, we may pay the customer and ask you for it."),
    "seller_handles": ("Your settlement with the customer", "If nothing is settled by then, the claim returns to us."),
    "seller_pays": ("Your payment to the customer", "If it is not paid by then, we may pay and ask you for it."),
    "seller_proof_of_insurance": ("Your proof of insurance", "Without it, the cost may be recovered from you."),
    "seller_contests": ("Your time to contest", "If you do not contest, the demand stands."),
    "insurer_answers": ("Your answer", "If none comes, what you would have owed is asked of the seller."),
    "producer_answers": ("Your answer", "If none comes, the claim goes on without you."),
    "instalment": ("Your next instalment", "If it does not come, withholding goes on."),
}
# What a seller or insurer was told, in its inbox, by the notice's template. Amounts of its facts stand in braces.
NOTICES = {
    "claim_about_your_product": "A customer claims {claimed} for harm by your product",
    "claim_decided_seller": "The claim was decided: {approved} approved",
    "claimant_paid": "The customer was paid {amount}",
    "claim_withdrawn_seller": "The customer withdrew the claim",
    "appeal_filed": "The customer appealed",
    "claim_reopened_seller": "The claim was opened again",
    "seller_evidence_received": "We received your evidence",
    # standing
    "standing_violation_reported": "The marketplace reported a violation",
    "standing_dispute_received": "We received your dispute",
    "standing_dispute_decided": "Your dispute was decided",
    "standing_restricted": "A restriction is announced, with its reasons",
    "standing_restriction_lifted": "A restriction was lifted",
    # the tender
    "tender_to_seller": "Please answer: {amount} is claimed, as far as papers show",
    "tender_to_insurer": "Notice of loss under your policy",
    "tender_accepted": "You accepted {amount}",
    "tender_passed_on": "The claim was passed on to the producer",
    "tender_more_time": "You have more time to answer",
    "tender_unanswered": "Your time to answer is over",
    "tender_returned": "The claim is ours again",
    "rejection_received": "We have your rejection",
    "you_pay_the_claimant": "You pay the customer {amount}",
    "you_settle_it": "You settle it with the customer yourself",
    "settlement_confirmed_seller": "It is settled at {amount}",
    "counter_offer_made": "The customer asks for {amount}",
    "offer_accepted_seller": "You and the customer agreed on {amount}",
    "offer_refused_seller": "There is no agreement with the customer",
    "stepped_in": "We pay the customer {amount}",
    "no_defect_found": "No defect was found",
    "party_reminder": "A reminder: your time is running",
    # insurance
    "insurer_answered": "Your insurer answered",
    "insurer_was_silent": "Your insurer did not answer",
    "insurer_time_over": "Your time to answer is over",
    "proof_of_insurance_asked": "Please show proof of your insurance",
    "proof_of_insurance_received": "We have your proof of insurance",
    "proof_of_insurance_checked": "Your proof of insurance was looked at",
    # money asked back
    "recovery_demanded": "We ask {amount} of you",
    "recovery_raised": "More was paid: {amount} is asked of you",
    "recovery_stands": "What is asked of you stands: {amount}",
    "recovery_closed": "Nothing is asked of you any more",
    "recovery_payment_received": "We have your {amount}",
    "debt_shifted": "What is asked of you is now {amount}",
    "debt_written_off": "{amount} is no longer asked of you",
    "funds_withheld": "{amount} is withheld of a payout",
    "funds_released": "{amount} is released to you",
    "repayment_ordered": "{amount} goes back to you",
    "instalments_agreed": "Instalments are agreed",
    "instalment_missed": "An instalment did not come: {amount}",
    "contest_received": "We have your contest",
    "contest_decided": "Your contest is decided",
}


def notice(template: str, amounts: dict[str, str]) -> str:
    """One notice in a line; as it is called, where it has no words, or not the amounts that they name."""
    try:
        return NOTICES[template].format(**amounts)
    except KeyError:
        return template.replace("_", " ").capitalize()


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
        "tender_accepted": "the seller accepted",
        "tender_rejected": "the seller rejected it, with reasons",
        "seller_silent": "the seller did not answer",
        "offer_refused": "no amount was agreed with the seller",
        "offer_accepted": "both sides agreed on an amount",
        "not_settled": "the seller did not settle it in time",
        "not_paid": "the seller accepted, and did not pay in time",
        "seller_gone": "the account of the seller is gone",
        "rule:rejected": "a rejection is answered by people",
        "rule:cap": "the cap of the incident is reached",
        "rule:in_part": "not everything is supported as claimed",
        "rule:accepted_large": "above what is paid without a person",
        "rule:injury": "somebody was hurt",
        "rule:step_in_large": "above what the platform pays without a person",
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
