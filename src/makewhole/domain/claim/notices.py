"""Who is told of what. One event asks for a few notices; the outbox sends each once.

Facts of a notice hold no personal data: the sender reads names and addresses from the vault when it sends.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from makewhole.domain.claim import events as ev
from makewhole.domain.claim.state import Claim
from makewhole.domain.claim.tender_notices import told_of_tender


@dataclass(frozen=True, slots=True)
class Notice:
    """`recipient`: claimant:<id>, seller:<id>, insurer:<id>, producer:<vault item> or role:<name>. `template`: its
    file under the mail texts, and the type of its webhook."""

    recipient: str
    template: str
    facts: dict[str, object] = field(default_factory=dict)


def notices(recorded: ev.Recorded, claim: Claim) -> list[Notice]:
    """What to tell whom, given the event and the claim after it."""
    told = told_of_tender(recorded.event, claim) or _told(recorded.event, claim)
    return [
        Notice(_recipient(who, claim), template, facts)
        for who, template, facts in told
        if who != "seller" or claim.seller_notified
    ]


def _recipient(who: str, claim: Claim) -> str:
    """Whose side it is, by its id; a role as it stands."""
    match who:
        case "claimant":
            return f"claimant:{claim.filed.claimant_id}"
        case "seller":
            return f"seller:{claim.filed.seller_id}"
        case "insurer":
            assert claim.insurer is not None, "an insurer is told after it was notified"
            return f"insurer:{claim.insurer.told.insurer_id}"
        case "producer":
            named = next(tender.producer for tender in reversed(claim.tenders) if tender.producer)
            return f"producer:{named.item_id}"
        case _:
            return who


_Facts = dict[str, object]
_Told = tuple[str, str, _Facts]


def _told(event: ev.ClaimEvent, claim: Claim) -> list[_Told]:
    currency = claim.currency
    told: _Facts
    match event:
        case ev.ClaimFiled():
            return [("claimant", "claim_received", {"claimed_minor": claim.claimed_minor, "currency": currency})]
        case ev.ProofRequested(missing):
            asked = [{"exposure": proof.exposure_no, "what": proof.what} for proof in missing]
            return [("claimant", "proof_requested", {"missing": asked})]
        case ev.SellerNotified(insured, proof_asked):
            told = {"insured": insured, "proof_asked": proof_asked, "claimed_minor": claim.claimed_minor}
            return [("seller", "claim_about_your_product", {**told, "currency": currency})]
        case ev.ConcernRaised(exposures, reason):
            told = {"exposures": list(exposures), "code": reason.code, "clause": reason.clause}
            return [("claimant", "concern_raised", told)]
        case ev.ClaimDecided(lines=lines):
            facts = _decision_facts(lines, claim)
            return [("claimant", "claim_decided", facts), ("seller", "claim_decided_seller", facts)]
        case ev.ReleaseRequested(amount_minor, _, self_service):
            told = {"amount_minor": amount_minor, "currency": currency, "self_service": self_service}
            return [("claimant", "release_requested", told)]
        case ev.PaymentOrdered(amount_minor=amount_minor, payee=payee):
            told = {"amount_minor": amount_minor, "currency": currency, "method": payee.method}
            return [("claimant", "payment_ordered", told)]
        case ev.PaymentSettled(payment_id):
            payment = claim.payment(payment_id)
            assert payment is not None
            told = {"amount_minor": payment.order.amount_minor, "currency": currency}
            return [("claimant", "payment_settled", told), ("seller", "claimant_paid", told)]
        case ev.PaymentReturned(why=why):
            return [("claimant", "payment_returned", {"why": why})]
        case ev.Reminded(clock, days_left):
            return [("claimant", "reminder", {"clock": clock, "days_left": days_left})]
        case ev.DelayExplained(letter):
            return [("claimant", "delay_explained", {"letter": letter})]
        case ev.DeadlineMissed(clock, escalated_to):
            return [(f"role:{escalated_to}", "deadline_missed", {"clock": clock})]
        case ev.SafetyReviewAsked(hazards):
            return [("role:safety_officer", "safety_review_asked", {"hazards": list(hazards)})]
        case ev.ClaimWithdrawn():
            return [("claimant", "claim_withdrawn", {}), ("seller", "claim_withdrawn_seller", {})]
        case ev.ClaimClosed(outcome) if outcome == "unanswered":
            return [("claimant", "closed_unanswered", {})]
        case ev.AppealFiled():
            return [("claimant", "appeal_received", {}), ("seller", "appeal_filed", {})]
        case ev.ClaimReopened():
            return [("claimant", "claim_reopened", {}), ("seller", "claim_reopened_seller", {})]
        case ev.SellerEvidenceAdded():
            return [("seller", "seller_evidence_received", {})]
        case ev.ClockExtended(due_at=due_at):
            return [("claimant", "more_time", {"due_at": due_at.isoformat()})]
        case _:
            return []


def _decision_facts(lines: tuple[ev.DecidedLine, ...], claim: Claim) -> dict[str, object]:
    """The sums. The mail holds the whole statement of reasons (statements.py), made when it is sent."""
    return {
        "currency": claim.currency,
        "approved_minor": sum(line.approved_minor for line in lines),
        "refused_minor": sum(line.refused_minor for line in lines),
        "open_minor": claim.open_minor,
    }
