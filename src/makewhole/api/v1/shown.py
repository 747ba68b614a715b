"""What we answer: a claim and its parts as plain values, each reader's share of it, and their shapes for OpenAPI.

claim_shown() makes the same values from the claim that a command has just left behind as from one that was read:
so that filing needs no other query. What only the file knows (papers, words, people) is added by file_shown().
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from makewhole.api.v1.shown_tender import tender_shown
from makewhole.domain.actors import Actor
from makewhole.domain.claim import events as ev
from makewhole.domain.claim import tender_events as tender
from makewhole.domain.claim.state import AwaitingProof, AwaitingRelease, Claim, Closed, Payment
from makewhole.domain.money import Money
from makewhole.domain.recovery import events as rv
from makewhole.reads.views import SEES_SCREENING, ClaimView, EvidenceView, TimelineStep
from makewhole.store.models import Claim as ClaimRow
from makewhole.store.rows import stage_name

Shown = dict[str, Any]  # plain values on their way to JSON
ROOT = "/api/v1"


def claim_shown(claim: Claim, by: Actor) -> Shown:
    """The claim itself, as this reader may see it."""
    money = _in(claim.currency)
    stage, filed = claim.stage, claim.filed
    insider = by.role in SEES_SCREENING
    return {
        "reference": filed.reference,
        "id": claim.claim_id,
        "version": claim.version,
        "marketplace": filed.marketplace,
        "stage": stage_name(claim),
        "turn": claim.whose_turn(),
        "outcome": stage.outcome if isinstance(stage, Closed) else "",
        "filed_at": claim.filed_at,
        "loss_date": filed.loss_date,
        "injury": filed.injury,
        "policy_version": claim.policy_version,
        "claimed": money(claim.claimed_minor),
        "approved": money(claim.approved_minor),
        "refused": money(claim.refused_minor),
        "paid": money(claim.paid_minor),
        "exposures": [
            {
                "no": exposure.no,
                "head": exposure.head,
                "claimed": money(exposure.claimed_minor),
                "approved": money(exposure.approved_minor),
                "refused": money(exposure.refused_minor),
                "open": money(exposure.open_minor),
                "paid": money(exposure.paid_minor),
                "reason_code": exposure.reason_code,
                "supported": _perhaps(money, exposure.supported_minor) if insider else None,
                "reserve": money(exposure.reserve_minor) if insider else None,
            }
            for exposure in claim.exposures
        ],
        "missing": [
            {"exposure": thing.exposure_no, "what": thing.what}
            for thing in (stage.missing if isinstance(stage, AwaitingProof) else ())
        ],
        "release": (
            {"text_sha256": stage.release.text_sha256, "amount": money(stage.release.amount_minor)}
            if isinstance(stage, AwaitingRelease)
            else None
        ),
        "payments": [_payment(payment, money, insider) for payment in claim.payments],
        "clocks": [
            {"name": clock.name, "turn": clock.turn, "due_at": clock.due_at, "state": clock.state, "rule": clock.rule}
            for clock in claim.clocks
        ],
        **tender_shown(claim, by),
        "links": links(filed.reference),
    }


def file_shown(view: ClaimView, by: Actor) -> Shown:
    """The claim with its file: order, papers, words and people, as far as this reader sees them."""
    money = _in(view.claim.currency)
    return {
        **claim_shown(view.claim, by),
        "file": {
            "order_ref": view.order_ref,
            "line_ref": view.line_ref,
            "product_title": view.product_title,
            "seller_name": view.seller_name,
            "zone": view.zone,
            "story": view.story,
            "health": view.health,
            "contact": view.contact,
            "payee": view.payee,
            "producer": view.producer,
            "evidence": [_evidence(item, money) for item in view.evidence],
            "concern": _concern(view),
            "release_text": view.release_text,
            "checks": [asdict(check) for check in view.checks],
            "reasons": list(view.reasons),
            "proposal": _proposal(view),
            "tasks": sorted(view.claim.tasks) if by.role in SEES_SCREENING else [],
            "assigned_to": view.claim.assigned_to if by.role in SEES_SCREENING else "",
        },
    }


def row_shown(row: ClaimRow) -> Shown:
    """A line of a list. The order line comes with it."""
    money = _in(row.currency)
    return {
        "reference": row.reference,
        "id": row.id,
        "version": row.version,
        "marketplace": row.marketplace_id,
        "order_ref": row.order_line.order_ref,
        "line_ref": row.order_line.line_ref,
        "stage": row.stage,
        "turn": row.turn,
        "outcome": row.outcome,
        "filed_at": row.noticed_at,
        "loss_date": row.loss_date,
        "due_at": row.due_at,
        "claimed": money(row.claimed_minor),
        "approved": money(row.approved_minor),
        "paid": money(row.paid_minor),
        "links": links(row.reference),
    }


def step_shown(step: TimelineStep, currency: str, by: Actor) -> Shown:
    """One step of the timeline. Insiders read all of its facts, parties what concerns them."""
    facts = _facts(step.event)
    if by.role not in SEES_SCREENING:
        told = _TOLD_TO_PARTIES.get(type(step.event), ())
        if by.is_respondent:
            told += _TOLD_TO_RESPONDENTS.get(type(step.event), ())
        facts = {name: facts[name] for name in told}
    return {
        "version": step.version,
        "kind": step.kind,
        "at": step.at,
        "by": step.by,
        "facts": _with_money(facts, currency),
        "words": step.words,
    }


# Parts -----------------------------------------------------------------------------------------------------

# Everything else of an event stays with those who work on the claim.
_TOLD_TO_PARTIES: Mapping[type[object], tuple[str, ...]] = {
    ev.ClaimFiled: ("reference", "channel"),
    ev.ProofRequested: ("missing",),
    ev.ConcernRaised: ("exposures", "reason"),
    ev.ClaimDecided: ("lines",),
    ev.ReleaseRequested: ("amount_minor",),
    ev.PaymentOrdered: ("payment_id", "amount_minor"),
    ev.PaymentSettled: ("payment_id",),
    ev.PaymentReturned: ("payment_id",),
    ev.ClaimClosed: ("outcome",),
    ev.ClockExtended: ("name", "due_at"),
    ev.Reminded: ("clock", "days_left"),
    tender.ClaimTendered: ("no", "to"),
    tender.TenderAccepted: ("no", "payer"),
    tender.SellerHandles: ("no",),
    tender.SettlementReported: ("amount_minor",),
    tender.SettlementConfirmed: ("amount_minor", "by_claimant"),
    tender.OfferMade: ("no", "by", "amount_minor"),
    tender.OfferRefused: ("no",),
    tender.OfferAccepted: ("no", "amount_minor", "lines"),
    tender.TenderRejected: ("no", "reasons"),
    tender.TenderPassedOn: ("no",),
    tender.TenderUnanswered: ("no",),
    tender.TenderReturned: ("no", "why"),
    tender.SteppedIn: ("why",),
}
# Beside those: what somebody who may have to pay must know to answer. All of what is asked back is told in full.
_TOLD_TO_RESPONDENTS: Mapping[type[object], tuple[str, ...]] = {
    tender.ClaimTendered: ("amount_minor", "clause", "policy_version"),
    tender.TenderAccepted: ("amount_minor",),
    tender.RejectionAnswered: ("answers",),
    tender.SteppedIn: ("amount_minor", "clause", "facts", "policy_version"),
    tender.NoDefectFound: ("reason", "policy_version"),
    tender.InsurerNotified: ("amount_minor", "deductible_minor", "limit_left_minor"),
    tender.InsurerAnswered: ("answer", "clause"),
    tender.SubrogationChecked: ("clear",),
    tender.ProofOfInsuranceSent: ("in_time",),
    tender.ProofOfInsuranceChecked: ("coverage_id",),
    tender.BearerDecided: ("bearer", "clause", "facts", "policy_version"),
    rv.RecoveryOpened: (
        "no", "basis", "paid_minor", "shares", "obstacle", "clause", "made_whole", "facts", "policy_version",
    ),
    rv.RecoveryRaised: ("no", "paid_minor", "share", "policy_version"),
    rv.DebtShifted: ("no", "from_debtor", "to_debtor", "amount_minor", "why"),
    rv.FundsWithheld: ("no", "disbursement_id", "disbursement_net_minor", "amount_minor"),
    rv.FundsReleased: ("no", "lines", "why"),
    rv.FundsApplied: ("no", "lines"),
    rv.RecoveryReceived: ("no", "debtor", "amount_minor", "ref"),
    rv.DebtReduced: ("no", "debtor", "amount_minor", "why"),
    rv.RepaymentOrdered: ("no", "debtor", "amount_minor", "why"),
    rv.RepaymentMade: ("no", "amount_minor", "ref"),
    rv.InstalmentsAgreed: ("no", "instalments"),
    rv.InstalmentMissed: ("no", "due_minor", "received_minor"),
    rv.ObstacleNoted: ("no", "obstacle"),
    rv.RecoveryWrittenOff: ("no", "debtor", "amount_minor"),
    rv.RecoveryContested: ("no", "by", "reasons"),
    rv.ContestDecided: ("no", "outcome", "off_minor", "reason", "policy_version"),
    rv.RecoveryStands: ("no",),
    rv.RecoveryClosed: ("no", "outcome"),
}  # fmt: skip


def _in(currency: str) -> Any:  # a function from minor units to the shape of an amount
    def money(minor: int) -> dict[str, str]:
        return {"amount": str(Money(minor, currency).decimal), "currency": currency}

    return money


def _perhaps(money: Any, minor: int | None) -> dict[str, str] | None:
    return None if minor is None else money(minor)


def _payment(payment: Payment, money: Any, insider: bool) -> Shown:
    return {
        "id": payment.order.payment_id,
        "method": payment.order.payee.method,
        "amount": money(payment.order.amount_minor),
        "state": payment.state,
        "ordered_at": payment.ordered_at,
        "ended_at": payment.ended_at,
        "bank_ref": payment.bank_ref if insider else "",
    }


def links(reference: str) -> dict[str, str]:
    here = f"{ROOT}/claims/{reference}"
    return {"self": here, "timeline": f"{here}/timeline", "acts": f"{here}/acts"}


def _evidence(item: EvidenceView, money: Any) -> Shown:
    return {
        "id": item.evidence_id,
        "kind": item.kind,
        "exposure": item.exposure,
        "amount": money(item.documented_minor),
        "media_type": item.media_type,
        "size_bytes": item.size_bytes,
        "uploaded_at": item.uploaded_at,
        "sent_by": item.sent_by,
        "is_photo": item.is_photo,
        "active": item.active,
        "superseded": item.superseded,
        "hidden": item.hidden,
        "href": "" if item.hidden else f"{ROOT}/evidence/{item.evidence_id}",
    }


def _concern(view: ClaimView) -> Shown | None:
    if view.concern is None:
        return None
    raised, words = view.concern
    return {
        "exposures": list(raised.exposures),
        "code": raised.reason.code,
        "clause": raised.reason.clause,
        "words": words,
    }


def _proposal(view: ClaimView) -> Shown | None:
    return None if view.proposal is None else _with_money(_facts(view.proposal), view.claim.currency)


def _facts(event: object) -> Shown:
    """An event's fields without what is sealed: a commitment tells a reader nothing."""
    told = _unsealed(asdict(event))  # type: ignore[call-overload]
    assert isinstance(told, dict)
    return told


def _unsealed(value: object) -> object:
    if isinstance(value, dict):
        return {name: _unsealed(each) for name, each in value.items() if not _is_sealed(each)}
    if isinstance(value, tuple | list):
        return [_unsealed(each) for each in value]
    return value


def _is_sealed(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {"item_id", "commitment"}


def _with_money(value: Any, currency: str) -> Any:  # any JSON value
    """Minor units of the log as amounts with their currency: `amount_minor` becomes `amount`."""
    if isinstance(value, dict):
        return {
            name.removesuffix("_minor"): _in(currency)(each)
            if name.endswith("_minor") and isinstance(each, int)
            else _with_money(each, currency)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_with_money(each, currency) for each in value]
    return value
