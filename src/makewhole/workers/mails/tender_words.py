"""What mails of tender and recovery say beyond sums and days: codes in words, an insurer's policy, a demand's rule."""

from __future__ import annotations

from typing import Any

from makewhole.domain.claim.events import ClaimEvent
from makewhole.domain.claim.state import Claim
from makewhole.domain.claim.tender_events import InsurerNotified
from makewhole.domain.recovery.events import RecoveryOpened
from makewhole.store.models import Coverage, Outbox
from makewhole.workers.mails import plain

STEPPED_IN = {
    "silent": "no answer of yours came in time",
    "rejected": "we believe it valid after reading your reasons; each has its answer on the page below",
    "offer_refused": "you and the customer found no agreement",
    "not_settled": "it was not settled in the time for that",
    "not_paid": "your payment did not come in the time for that",
    "seller_gone": "your account is closed and nobody answers for it",
}
INSURER_SAID = {
    "accepts": "accepts the claim",
    "reserves_rights": "looks at the claim and reserves its rights",
    "denies": "denies cover, with a clause of its policy",
}
RECOVERY_ENDED = {
    "recovered": "what you owed is paid",
    "insured": "you were insured on the day of the incident",
    "contest_won": "you won the contest",
    "no_defect": "no defect of the product was found",
    "written_off": "the rest was written off",
}
BASES = {
    "contract": "your agreement with the marketplace",
    "accepted_tender": "the tender that was accepted",
    "assignment": "the customer's right, which passed to us with the payment",
}
# Clocks as they are told to whom they run for.
YOUR_CLOCKS = {
    "seller_proof_of_insurance": "your time to show proof of insurance",
    "seller_answers": "your time to answer",
    "seller_handles": "your time to settle it yourself",
    "seller_pays": "your time to pay",
    "producer_answers": "your time to answer",
    "insurer_answers": "your time to answer",
    "seller_contests": "your time to contest",
    "instalment": "your time for the next instalment",
}


def own_facts(facts: dict[str, Any]) -> dict[str, object]:  # facts as the outbox keeps them, each notice its own
    """The codes that a notice's row has, in words."""
    told: dict[str, object] = {}
    if "why" in facts:
        told["why_told"] = plain.said(STEPPED_IN, facts["why"])
    if "answer" in facts:
        told["answer_told"] = plain.said(INSURER_SAID, facts["answer"])
    if "outcome" in facts:
        told["outcome_told"] = plain.said(RECOVERY_ENDED, facts["outcome"])
    if "clock" in facts:
        told["your_clock"] = plain.said(plain.CLOCKS | YOUR_CLOCKS, facts["clock"])
    return told


def of_event(event: ClaimEvent, then: Claim, notice: Outbox) -> dict[str, object]:
    """What the event says that asked for the notice."""
    match event:
        case InsurerNotified(coverage_id=coverage_id, deductible_minor=deductible_minor):
            cover = Coverage.objects.select_related("seller").get(id=coverage_id)
            return {
                "policy_number": cover.policy_number,
                "seller": cover.seller.name,
                "loss_day": plain.weekday(then.filed.loss_date),
                "deductible": plain.amount(deductible_minor, then.currency),
            }
        case RecoveryOpened(basis=basis, clause=clause):
            return {"because": clause.because, "clause": clause.clause, "basis": plain.said(BASES, basis)}
        case _:
            return {}
