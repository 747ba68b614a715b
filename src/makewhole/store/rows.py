"""The current rows of a claim, as a function of the claim: written with each event, and rebuilt by replay.

One function a table, from the domain's Claim to a plain dict by column names. Nothing else makes these rows,
so `log replay` proves that the tables say what the log says.
"""

from __future__ import annotations

from typing import Any

from makewhole.domain.claim import state
from makewhole.domain.claim.events import Recorded
from makewhole.domain.claim.state import Claim
from makewhole.domain.ledger.journal import entry
from makewhole.domain.recovery import state as recovering

Row = dict[str, Any]  # a row by its column names, as the database takes it: each table has its own columns


def claim_row(claim: Claim, head: bytes) -> Row:
    filed = claim.filed
    return {
        "id": claim.claim_id,
        "reference": filed.reference,
        "marketplace_id": filed.marketplace,
        "order_line_id": filed.order_line_id,
        "seller_id": filed.seller_id,
        "incident_id": filed.incident_id,
        "claimant_id": filed.claimant_id,
        "stage": stage_name(claim),
        "outcome": claim.stage.outcome if isinstance(claim.stage, state.Closed) else "",
        "track": claim.track or "",
        "turn": claim.whose_turn(),
        "assigned_to": claim.assigned_to,
        "injury": filed.injury,
        "tasks": sorted(claim.tasks),
        "waits_for": list(claim.stage.reasons) if isinstance(claim.stage, state.UnderReview) else [],
        "score": claim.score,
        "currency": filed.currency,
        "claimed_minor": claim.claimed_minor,
        "approved_minor": claim.approved_minor,
        "refused_minor": claim.refused_minor,
        "paid_minor": claim.paid_minor,
        "reserve_minor": claim.reserve_minor,
        "loss_date": filed.loss_date,
        "noticed_at": claim.filed_at,
        "stage_since": claim.stage_since,
        "due_at": min((clock.due_at for clock in claim.clocks if clock.state == "running"), default=None),
        "policy_version": claim.policy_version,
        "insurer_id": claim.insurer.told.insurer_id if claim.insurer else None,
        "bearer": claim.bearer or "",
        "settled_minor": claim.settled_minor,
        "machine_decided": claim.machine_decided,
        "decided_at": claim.decided_at,
        "version": claim.version,
        "head": "\\x" + head.hex(),
    }


def exposure_rows(claim: Claim) -> list[Row]:
    return [
        {
            "claim_id": claim.claim_id,
            "no": exposure.no,
            "head": exposure.head,
            "claimed_minor": exposure.claimed_minor,
            "supported_minor": exposure.supported_minor,
            "approved_minor": exposure.approved_minor,
            "refused_minor": exposure.refused_minor,
            "waived_minor": exposure.waived_minor,
            "ordered_minor": exposure.ordered_minor,
            "paid_minor": exposure.paid_minor,
            "reserve_minor": exposure.reserve_minor,
            "refused_by": exposure.refused_by,
            "reason_code": exposure.reason_code,
            "decided_under": exposure.decided_under,
        }
        for exposure in claim.exposures
    ]


def payment_rows(claim: Claim) -> list[Row]:
    return [
        {
            "id": payment.order.payment_id,
            "claim_id": claim.claim_id,
            "seq": payment.order.seq,
            "method": payment.order.payee.method,
            "payee_id": payment.order.payee.payee_id,
            "currency": claim.currency,
            "amount_minor": payment.order.amount_minor,
            "state": payment.state,
            "ordered_at": payment.ordered_at,
            "ended_at": payment.ended_at,
            "bank_ref": payment.bank_ref,
        }
        for payment in claim.payments
    ]


def clock_rows(claim: Claim) -> list[Row]:
    return [
        {
            "claim_id": claim.claim_id,
            "name": clock.name,
            "turn": clock.turn,
            "started_at": clock.started_at,
            "due_at": clock.due_at,
            "state": clock.state,
            "ended_at": clock.ended_at,
            "rule": clock.rule,
            "retry_at": None,
        }
        for clock in claim.clocks
    ]


def tender_rows(claim: Claim) -> list[Row]:
    return [
        {
            "claim_id": claim.claim_id,
            "no": tender.no,
            "tendered_to": tender.to,
            "seller_id": claim.filed.seller_id,
            "currency": claim.currency,
            "amount_minor": tender.amount_minor,
            "tendered_at": tender.tendered_at,
            "answer": tender.answer,
            "answered_at": tender.answered_at,
            "ended_at": tender.ended_at,
        }
        for tender in claim.tenders
    ]


def recovery_rows(claim: Claim) -> list[Row]:
    return [
        {
            "claim_id": claim.claim_id,
            "no": recovery.no,
            "seller_id": claim.filed.seller_id,
            "currency": claim.currency,
            "basis": recovery.opened.basis,
            "stage": recovery_stage(recovery),
            "outcome": recovery.stage.outcome if isinstance(recovery.stage, recovering.Ended) else "",
            "obstacle": recovery.obstacle,
            "clause": recovery.opened.clause.clause,
            "paid_minor": recovery.paid_minor,
            "owed_by_seller_minor": recovery.debt("seller").owed_minor,
            "owed_by_others_minor": recovery.owed_minor - recovery.debt("seller").owed_minor,
            "held_minor": recovery.held_minor,
            "applied_minor": recovery.applied_minor,
            "released_minor": recovery.released_minor,
            "received_minor": recovery.received_minor,
            "repaid_minor": recovery.repaid_minor,
            "written_off_minor": recovery.written_off_minor,
            "opened_at": recovery.opened_at,
            "closed_at": recovery.closed_at,
        }
        for recovery in claim.recoveries
    ]


def withholding_rows(claim: Claim) -> list[Row]:
    return [
        {
            "claim_id": claim.claim_id,
            "no": recovery.no,
            "seq": one.seq,
            "disbursement_id": one.disbursement_id,
            "amount_minor": one.amount_minor,
            "released_minor": one.released_minor,
            "applied_minor": one.applied_minor,
            "withheld_at": one.withheld_at,
            "ended_at": one.ended_at,
        }
        for recovery in claim.recoveries
        for one in recovery.withholdings
    ]


def disbursement_sums(claim: Claim, before: Claim | None) -> dict[int, int]:
    """By disbursement, how much more (or, released, less) of it is withheld for this claim than before."""
    sums: dict[int, int] = {}
    for sign, rows in ((1, withholding_rows(claim)), (-1, withholding_rows(before) if before else [])):
        for row in rows:
            kept = row["amount_minor"] - row["released_minor"]
            sums[row["disbursement_id"]] = sums.get(row["disbursement_id"], 0) + sign * kept
    return {disbursement_id: minor for disbursement_id, minor in sums.items() if minor}


def eroded_minor(claim: Claim) -> int:
    """What the insurer paid on this claim, less what went back: so much of its policy's limit is used up."""
    return sum(recovery.settled_minor("insurer") for recovery in claim.recoveries)


def contest_rows(claim: Claim) -> list[Row]:
    """Contests of recoveries, and appeals: whose decision was disputed, by which clause, and what came of it."""
    return [
        {
            "claim_id": claim.claim_id,
            "kind": "contest",
            "no": 100 * recovery.no + contest.no,
            "marketplace_id": claim.filed.marketplace,
            "clause": recovery.opened.clause.clause,
            "first_decider": claim.first_decider or "machine:bearer",
            "filed_at": contest.filed_at,
            "decided_at": contest.decided_at,
            "decider": contest.decided_by,
            "outcome": contest.outcome or "",
        }
        for recovery in claim.recoveries
        for contest in recovery.contests
    ] + [
        {
            "claim_id": claim.claim_id,
            "kind": "appeal",
            "no": no,
            "marketplace_id": claim.filed.marketplace,
            "clause": appeal.clause,
            "first_decider": appeal.first_decider,
            "filed_at": appeal.filed_at,
            "decided_at": appeal.decided_at,
            "decider": appeal.decided_by,
            "outcome": appeal.outcome,
        }
        for no, appeal in enumerate(claim.appeals_heard, start=1)
    ]


def recovery_stage(recovery: recovering.Recovery) -> str:
    """A recovery's stage in rows, pages and the API."""
    return _RECOVERY_STAGES[type(recovery.stage)]


_RECOVERY_STAGES: dict[type[recovering.Stage], str] = {
    recovering.Demanded: "demanded",
    recovering.Contested: "contested",
    recovering.Stands: "stands",
    recovering.Ended: "closed",
}


def posting_rows(before: Claim | None, recorded: Recorded, after: Claim) -> list[Row]:
    """The legs that an event posts, as rows."""
    return [
        {
            "claim_id": after.claim_id,
            "version": after.version,
            "leg": leg_no,
            "account": leg.account,
            "seller_id": after.filed.seller_id,
            "currency": after.currency,
            "amount_minor": leg.amount_minor,
            "at": recorded.at,
        }
        for leg_no, leg in enumerate(entry(recorded.event, before, after), start=1)
    ]


def incident_row(claim: Claim, before: Claim | None) -> Row:
    """What this claim adds to its incident since `before`: sums move by difference, other claims add theirs."""
    return {
        "id": claim.filed.incident_id,
        "marketplace_id": claim.filed.marketplace,
        "order_line_id": claim.filed.order_line_id,
        "loss_date": claim.filed.loss_date,
        "currency": claim.filed.currency,
        "cap_minor": claim.filed.incident_cap_minor,
        "approved_minor": claim.approved_minor - (before.approved_minor if before else 0),
        "ordered_minor": claim.ordered_minor - (before.ordered_minor if before else 0),
        "paid_minor": claim.paid_minor - (before.paid_minor if before else 0),
    }


_STAGES: dict[type[state.Stage], str] = {
    state.AwaitingProof: "awaiting_proof",
    state.UnderReview: "under_review",
    state.AwaitingAnswer: "awaiting_answer",
    state.AwaitingSecond: "awaiting_second",
    state.AwaitingRelease: "awaiting_release",
    state.Approved: "approved",
    state.Paying: "paying",
    state.AwaitingPayee: "awaiting_payee",
    state.AwaitingSeller: "awaiting_seller",
    state.SellerSettles: "seller_settles",
    state.AwaitingConfirmation: "awaiting_confirmation",
    state.AwaitingOffer: "awaiting_offer",
    state.Closed: "closed",
}


def stage_name(claim: Claim) -> str:
    """A stage's name in rows, pages and the API."""
    return _STAGES[type(claim.stage)]


def changed(before: list[Row], after: list[Row]) -> list[Row]:
    """The rows that are new or differ."""
    known: list[Row] = before
    return [row for row in after if row not in known]
