"""The one sentence on top while the seller is heard and while money is asked back; and who bears the cost.

Each function returns "" where the claim is in no such state: telling.py then says what it always says.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never, cast

from makewhole.domain.actors import Actor
from makewhole.domain.claim import in_words
from makewhole.domain.claim.state import (
    AwaitingConfirmation,
    AwaitingOffer,
    AwaitingSecond,
    AwaitingSeller,
    Claim,
    SellerSettles,
    UnderReview,
)
from makewhole.domain.recovery.events import Debtor
from makewhole.domain.recovery.state import Contested, Demanded, Ended, Recovery, Stands
from makewhole.portals.frame.showing import instant, left, money
from makewhole.reads.views import ClaimView

_ANSWERED = ("accepts", "denies", "silent")


# To the claimant --------------------------------------------------------------------------------------------


def to_claimant(view: ClaimView, now: datetime) -> str:
    claim = view.claim
    match claim.stage:
        case AwaitingSeller(to=to):
            whom = "seller" if to == "seller" else "producer"
            return f"We asked the {whom}, who answers{_by(view, f'{whom}_answers')}. You need do nothing until then."
        case SellerSettles(amount_minor, pays):
            if pays:
                until = _by(view, "seller_pays")
                return f"The seller accepted, and pays you {_sum(amount_minor, view)}{until}. If not, we step in."
            until = _by(view, "seller_handles")
            return f"The seller settles this with you{until}. If nothing is settled by then, it comes back to us."
        case AwaitingConfirmation(amount_minor):
            until = _by(view, "claimant_answers")
            return f"The seller says that it settled with you at {_sum(amount_minor, view)}. Is that so?{_tell(until)}"
        case AwaitingOffer(offer) if offer.by == "seller":
            until = _by(view, "claimant_answers")
            return (
                f"The seller offers you {_sum(offer.amount_minor, view)}. Accept, refuse or ask for another amount"
                f"{until}. If you do not answer, there is no agreement, and we decide."
            )
        case AwaitingOffer(offer):
            until = _by(view, "seller_answers")
            return f"You asked for {_sum(offer.amount_minor, view)}. The seller answers{until}; else we decide."
        case _:
            return ""


# To those who may have to answer for it -----------------------------------------------------------------------


def to_respondent(view: ClaimView, by: Actor, now: datetime) -> str:
    if by.role == "insurer":
        return _to_insurer(view, now)
    if by.role == "producer":
        return _to_producer(view, now)
    return _to_seller(view, now)


def _to_seller(view: ClaimView, now: datetime) -> str:
    claim, nothing = view.claim, _sum(0, view)
    match claim.stage:
        case AwaitingSeller(to="seller"):
            asked = _sum(claim.tender.amount_minor if claim.tender else 0, view)
            return _answer_by(view, "seller_answers", now, f"we pay the customer {asked} and ask you for it.")
        case AwaitingSeller():
            who = f" ({view.producer['name']})" if view.producer else ""
            until = _by(view, "producer_answers")
            return f"You owe {nothing} today. The producer that you named{who} answers{until}."
        case SellerSettles(amount_minor, pays=True):
            due = _clock(view, "seller_pays", now)
            return (
                f"Pay the customer {_sum(amount_minor, view)}{due}, and tell us below. "
                "If it is not paid by then, we pay and ask you for it."
            )
        case SellerSettles():
            due = _clock(view, "seller_handles", now)
            return f"Settle with the customer{due}, and tell us below. If not, the claim comes back to us."
        case AwaitingConfirmation(amount_minor):
            until = _by(view, "claimant_answers")
            return f"You told us that you settled at {_sum(amount_minor, view)}. The customer says if so{until}."
        case AwaitingOffer(offer) if offer.by == "claimant":
            asked = _sum(offer.amount_minor, view)
            then = "there is no agreement, and we decide the claim."
            return f"The customer asks for {asked}. {_answer_by(view, 'seller_answers', now, then)}"
        case AwaitingOffer(offer):
            until = _by(view, "claimant_answers")
            return f"You offered {_sum(offer.amount_minor, view)}. The customer answers{until}; else we decide."
        case UnderReview() | AwaitingSecond() if claim.tender and claim.tender.answer == "rejected":
            return (
                f"You owe {nothing} today. You rejected this claim: a person looks at each of your reasons, "
                "and we pay only if two people believe the claim valid."
            )
        case _:
            return _to_debtor(view, "seller")


def _to_insurer(view: ClaimView, now: datetime) -> str:
    claim = view.claim
    insurer = claim.insurer
    if insurer is None:
        return ""
    if insurer.answer not in _ANSWERED and claim.held("insurer_answers"):
        part = _sum(insurer.covered_minor(insurer.told.amount_minor), view)
        then = f"the {part} above the deductible is asked of the seller."
        return _answer_by(view, "insurer_answers", now, then)
    owes = _to_debtor(view, "insurer")
    if owes:
        return owes
    told = {
        "accepts": "You accept cover. We ask you for your part once the customer is paid.",
        "denies": "You deny cover: nothing is asked of you.",
        "silent": "Your time to answer is over: what you would have owed is asked of the seller.",
    }.get(insurer.answer, "Nothing is asked of you today.")
    return f"You owe {_sum(0, view)} today. {told}"


def _to_producer(view: ClaimView, now: datetime) -> str:
    claim = view.claim
    if isinstance(claim.stage, AwaitingSeller) and claim.stage.to == "producer":
        then = "the claim goes on without you, and is asked of the seller."
        return f"The seller named you as the producer. {_answer_by(view, 'producer_answers', now, then)}"
    return _to_debtor(view, "producer")


def _to_debtor(view: ClaimView, debtor: Debtor) -> str:
    """What is asked back of this debtor, and what it may do; "" where nothing ever was."""
    recovery = view.claim.recovery
    if recovery is None or (not recovery.debt(debtor).owed_minor and recovery.is_open):
        return ""
    left_minor, nothing = max(0, recovery.outstanding_minor(debtor)), _sum(0, view)
    rest = _sum(left_minor, view)
    match recovery.stage:
        case Ended(outcome):
            return f"You owe {nothing}: {in_words.said(in_words.ENDS, outcome)}."
        case Contested():
            until = _by(view, "contest_decision")
            return f"Somebody who took no part decides the contest{until}. Nothing more is withheld until then."
        case Demanded():
            if not left_minor:
                return f"You owe {nothing}: it is paid."
            by = _by(view, "seller_contests")
            return f"We ask {rest} of you, for what we paid the customer. You may pay, or contest{by}."
        case Stands():
            if not left_minor:
                return f"You owe {nothing}: it is paid."
            return f"You owe {rest} for this claim; the demand stands.{_next_instalment(recovery, view)}"
        case _:
            assert_never(recovery.stage)


def _next_instalment(recovery: Recovery, view: ClaimView) -> str:
    clock = view.claim.running("instalment")
    return f" Instalments run; the next is awaited until {instant(clock.due_at, view.zone)}." if clock else ""


# To staff -------------------------------------------------------------------------------------------------------


def asked_back(view: ClaimView) -> str:
    """In one clause, for a closed claim: how far a recovery is."""
    recovery = view.claim.recovery
    if recovery is None:
        return ""
    if isinstance(recovery.stage, Ended):
        return f" Recovery closed: {in_words.said(in_words.ENDS, recovery.stage.outcome)}."
    left_minor = sum(recovery.outstanding_minor(debt.debtor) for debt in recovery.debts)
    asked = f" {_sum(left_minor, view)} is asked back"
    if isinstance(recovery.stage, Contested):
        until = _by(view, "contest_decision")
        return f"{asked} and contested: a person who took no part decides{until}."
    if isinstance(recovery.stage, Demanded):
        return f"{asked}; it may be contested{_by(view, 'seller_contests')}."
    return f"{asked}, and it stands."


# Who bears it ---------------------------------------------------------------------------------------------------


def bearer(view: ClaimView, by: Actor) -> str:
    """Who bears the cost: to a seller what it owes, to a claimant that it is none of its worries."""
    claim = view.claim
    if by.role == "claimant":
        if claim.settled_minor:
            return f"The seller, who paid you {_sum(claim.settled_minor, view)} itself."
        return "Not you. Who bears it in the end is between us, the seller and its insurer."
    if by.is_respondent:
        return _owed_by(view, cast(Debtor, by.role))
    debts = _debts(claim, view)
    return f"{_table(claim, 'The seller', view)}{debts}"


def _owed_by(view: ClaimView, who: Debtor) -> str:
    claim = view.claim
    recovery = claim.recovery
    if recovery is not None and recovery.is_open and recovery.debt(who).owed_minor:
        owed, left_minor = recovery.debt(who), max(0, recovery.outstanding_minor(who))
        held = (
            f"; {_sum(recovery.held_minor, view)} of it is held back" if who == "seller" and recovery.held_minor else ""
        )
        return f"You owe {_sum(left_minor, view)} of the {_sum(owed.owed_minor, view)} asked of you{held}."
    return _table(claim, "You", view) if who == "seller" else f"You owe {_sum(0, view)} today."


def _table(claim: Claim, who: str, view: ClaimView) -> str:
    """What the policy's table said last; before it was asked, that nothing is owed."""
    owes = f"{who} {'owe' if who == 'You' else 'owes'} {_sum(0, view)}"
    if claim.settled_minor:
        paid = _sum(claim.settled_minor, view)
        return f"{who} settled with the customer and paid {paid}; nothing is owed to us."
    recovery = claim.recovery
    if recovery is not None and isinstance(recovery.stage, Ended):
        return f"{owes}: {in_words.said(in_words.ENDS, recovery.stage.outcome)}."
    match claim.bearer:
        case "platform":
            return f"{owes}: the marketplace bears this."
        case "seller_asked_7_days":
            asked = "you were asked" if who == "You" else "it was asked"
            return f"{owes} today: {asked} for proof of insurance, and the time for it runs."
        case None:
            return f"{owes} today: nothing was paid yet." if not claim.paid_minor else f"{owes} today."
        case "producer_owes":
            return f"{owes}: the producer accepted, and owes it."
        case _:
            return f"{who} may owe it: the platform pays first, and asks for it after that."


def _debts(claim: Claim, view: ClaimView) -> str:
    recovery = claim.recovery
    if recovery is None or not recovery.is_open:
        return ""
    told = [
        f"the {debt.debtor} {_sum(recovery.outstanding_minor(debt.debtor), view)}"
        for debt in recovery.debts
        if debt.owed_minor
    ]
    return f" Still owed: {', '.join(told)}."


# Parts ------------------------------------------------------------------------------------------------------------


def _sum(minor: int, view: ClaimView) -> str:
    return money(minor, view.claim.currency)


def _answer_by(view: ClaimView, name: str, now: datetime, then: str) -> str:
    clock = view.claim.held(name)
    if clock is None:
        return ""
    if clock.state == "paused":
        return "Your time to answer is paused: answer when you can."
    if clock.due_at <= now:
        return f"Your time to answer ended {instant(clock.due_at, view.zone)}: {then}"
    return f"Answer by {instant(clock.due_at, view.zone)}, {left(clock.due_at, now)}. If you do not answer, {then}"


def _clock(view: ClaimView, name: str, now: datetime) -> str:
    clock = view.claim.running(name)
    return f" by {instant(clock.due_at, view.zone)} ({left(clock.due_at, now)})" if clock else ""


def _by(view: ClaimView, name: str) -> str:
    clock = view.claim.running(name) if name else None
    return f" by {instant(clock.due_at, view.zone)}" if clock else ""


def _tell(until: str) -> str:
    return f" Please tell us{until}." if until else ""
