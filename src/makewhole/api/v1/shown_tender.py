"""How a claim stands with the seller, its insurer and the producer, and what is asked back of whom: as plain values.

Parties of the claimant's side read of the tender what concerns them, and nothing of what is asked back of others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from makewhole.domain.actors import Actor
from makewhole.domain.claim.state import (
    AwaitingConfirmation,
    AwaitingOffer,
    AwaitingSeller,
    Claim,
    Clock,
    SellerSettles,
)
from makewhole.domain.money import Money
from makewhole.domain.recovery.state import Demanded, Recovery
from makewhole.reads.views import SEES_SCREENING
from makewhole.store.rows import recovery_stage

Shown = dict[str, Any]  # plain values on their way to JSON
InMoney = Callable[[int], dict[str, str]]


def tender_shown(claim: Claim, by: Actor) -> Shown:
    """The parts of a claim that follow its tender, as this reader may see them."""

    def money(minor: int) -> dict[str, str]:
        return {"amount": str(Money(minor, claim.currency).decimal), "currency": claim.currency}

    liable = by.is_respondent or by.role in SEES_SCREENING
    return {
        "answer_by": _answer_by(claim),
        "tenders": [
            {
                "no": tender.no,
                "to": tender.to,
                "amount": money(tender.amount_minor) if liable else None,
                "tendered_at": tender.tendered_at,
                "answer": tender.answer,
                "reasons": list(tender.reasons),
                "answered_at": tender.answered_at,
                "ended_at": tender.ended_at,
            }
            for tender in claim.tenders
        ],
        "offers": [{"no": offer.no, "by": offer.by, "amount": money(offer.amount_minor)} for offer in claim.offers],
        "waived": money(claim.waived_minor),
        "settled": money(claim.settled_minor),
        "stepped_in": claim.stepped_in,
        "insurer": _insurer(claim, money) if liable else None,
        "bearer": {"outcome": claim.bearer, "clause": claim.bearer_clause} if liable and claim.bearer else None,
        "recoveries": [recovery_shown(claim, recovery, money) for recovery in claim.recoveries] if liable else [],
    }


def recovery_shown(claim: Claim, recovery: Recovery, money: InMoney) -> Shown:
    """What is asked back: every debt, and every sum that came, is held, or goes back."""
    return {
        "no": recovery.no,
        "stage": recovery_stage(recovery),
        "outcome": getattr(recovery.stage, "outcome", ""),
        "basis": recovery.opened.basis,
        "clause": recovery.opened.clause.clause,
        "obstacle": recovery.obstacle,
        "opened_at": recovery.opened_at,
        "closed_at": recovery.closed_at,
        "contest_by": _due(claim, "seller_contests") if isinstance(recovery.stage, Demanded) else None,
        "paid": money(recovery.paid_minor),
        "debts": [
            {
                "debtor": debt.debtor,
                "owed": money(debt.owed_minor),
                "received": money(debt.received_minor),
                "to_go_back": money(debt.repaid_minor),
                "written_off": money(debt.written_off_minor),
                "outstanding": money(recovery.outstanding_minor(debt.debtor)),
            }
            for debt in recovery.debts
        ],
        "held": money(recovery.held_minor),
        "applied": money(recovery.applied_minor),
        "released": money(recovery.released_minor),
        "repayments_due": money(recovery.repaid_minor - recovery.repayments_made_minor),
        "withheld": [
            {
                "disbursement_id": one.disbursement_id,
                "amount": money(one.amount_minor),
                "released": money(one.released_minor),
                "applied": money(one.applied_minor),
                "withheld_at": one.withheld_at,
                "ended_at": one.ended_at,
            }
            for one in recovery.withholdings
        ],
        "contests": [
            {
                "no": contest.no,
                "by": contest.by,
                "reasons": list(contest.reasons),
                "filed_at": contest.filed_at,
                "outcome": contest.outcome,
                "decided_at": contest.decided_at,
            }
            for contest in recovery.contests
        ],
        "instalments": [{"due_on": each.due_on, "amount": money(each.amount_minor)} for each in recovery.instalments],
    }


def _insurer(claim: Claim, money: InMoney) -> Shown | None:
    insurer = claim.insurer
    if insurer is None:
        return None
    return {
        "insurer_id": insurer.told.insurer_id,
        "answer": insurer.answer,
        "clause": insurer.clause,
        "answer_by": _due(claim, "insurer_answers"),
        "deductible": money(insurer.told.deductible_minor),
        "limit_left": money(insurer.told.limit_left_minor),
        "to_be_checked": insurer.to_be_checked,
        "owes": insurer.owes,
    }


# The clocks that wait for an answer, by the stage of the claim: the one that runs is the one that counts.
_WAITING: dict[type[object], tuple[str, ...]] = {
    AwaitingSeller: ("seller_answers", "producer_answers"),
    SellerSettles: ("seller_handles", "seller_pays"),
    AwaitingOffer: ("seller_answers", "claimant_answers"),
    AwaitingConfirmation: ("claimant_answers",),
}


def _answer_by(claim: Claim) -> Shown | None:
    """Who must answer by when; silence has the consequence that the policy says. Null while a pause holds the clock."""
    names = _WAITING.get(type(claim.stage), ())
    clock: Clock | None = next((running for name in names if (running := claim.running(name))), None)
    return None if clock is None else {"who": claim.whose_turn(), "clock": clock.name, "due_at": clock.due_at}


def _due(claim: Claim, name: str) -> Any:  # an instant or nothing, on its way to JSON
    clock = claim.running(name)
    return clock.due_at if clock else None
