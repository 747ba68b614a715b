"""The one sentence on top while the seller is heard and while money is asked back; and who bears the cost.

Each function returns "" where the claim is in no such state: telling.py then says what it always says.
"""

from __future__ import annotations

from datetime import datetime
from typing import assert_never, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from makewhole.domain.actors import Actor
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
from makewhole.portals.frame import words
from makewhole.portals.frame.acts import Told
from makewhole.portals.frame.showing import by_instant, instant, left, money
from makewhole.reads.views import ClaimView

_ANSWERED = ("accepts", "denies", "silent")


# To the claimant --------------------------------------------------------------------------------------------


def to_claimant(view: ClaimView, now: datetime) -> str:
    claim = view.claim
    match claim.stage:
        case AwaitingSeller(to="seller"):
            told = _("We asked the seller, who answers{by}. You need do nothing until then.")
            return told.format(by=_by(view, "seller_answers"))
        case AwaitingSeller():
            told = _("We asked the producer, who answers{by}. You need do nothing until then.")
            return told.format(by=_by(view, "producer_answers"))
        case SellerSettles(amount_minor, pays=True):
            told = _("The seller accepted, and pays you {amount}{by}. If not, we step in.")
            return told.format(amount=_sum(amount_minor, view), by=_by(view, "seller_pays"))
        case SellerSettles():
            told = _("The seller settles this with you{by}. If nothing is settled by then, it comes back to us.")
            return told.format(by=_by(view, "seller_handles"))
        case AwaitingConfirmation(amount_minor):
            told = _("The seller says that it settled with you at {amount}. Is that so?")
            until = _by(view, "claimant_answers")
            please = " " + _("Please tell us{by}.").format(by=until) if until else ""
            return told.format(amount=_sum(amount_minor, view)) + please
        case AwaitingOffer(offer) if offer.by == "seller":
            return _(
                "The seller offers you {amount}. Accept, refuse or ask for another amount{by}. If you do not answer, "
                "there is no agreement, and we decide."
            ).format(amount=_sum(offer.amount_minor, view), by=_by(view, "claimant_answers"))
        case AwaitingOffer(offer):
            told = _("You asked for {amount}. The seller answers{by}; else we decide.")
            return told.format(amount=_sum(offer.amount_minor, view), by=_by(view, "seller_answers"))
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
            then = _("we pay the customer {amount} and ask you for it.").format(amount=asked)
            return _answer_by(view, "seller_answers", now, then)
        case AwaitingSeller():
            who = f" ({view.producer['name']})" if view.producer else ""
            told = _("You owe {nothing} today. The producer that you named{name} answers{by}.")
            return told.format(nothing=nothing, name=who, by=_by(view, "producer_answers"))
        case SellerSettles(amount_minor, pays=True):
            return _(
                "Pay the customer {amount}{by}, and tell us below. "
                "If it is not paid by then, we pay and ask you for it."
            ).format(amount=_sum(amount_minor, view), by=_clock(view, "seller_pays", now))
        case SellerSettles():
            told = _("Settle with the customer{by}, and tell us below. If not, the claim comes back to us.")
            return told.format(by=_clock(view, "seller_handles", now))
        case AwaitingConfirmation(amount_minor):
            told = _("You told us that you settled at {amount}. The customer says if so{by}.")
            return told.format(amount=_sum(amount_minor, view), by=_by(view, "claimant_answers"))
        case AwaitingOffer(offer) if offer.by == "claimant":
            asks = _("The customer asks for {amount}.").format(amount=_sum(offer.amount_minor, view))
            then = _("there is no agreement, and we decide the claim.")
            return f"{asks} {_answer_by(view, 'seller_answers', now, then)}"
        case AwaitingOffer(offer):
            told = _("You offered {amount}. The customer answers{by}; else we decide.")
            return told.format(amount=_sum(offer.amount_minor, view), by=_by(view, "claimant_answers"))
        case UnderReview() | AwaitingSecond() if claim.tender and claim.tender.answer == "rejected":
            return _(
                "You owe {nothing} today. You rejected this claim: a person looks at each of your reasons, "
                "and we pay only if two people believe the claim valid."
            ).format(nothing=nothing)
        case _:
            return _to_debtor(view, "seller")


def _to_insurer(view: ClaimView, now: datetime) -> str:
    claim = view.claim
    insurer = claim.insurer
    if insurer is None:
        return ""
    if insurer.answer not in _ANSWERED and claim.held("insurer_answers"):
        part = _sum(insurer.covered_minor(insurer.told.amount_minor), view)
        then = _("the {amount} above the deductible is asked of the seller.").format(amount=part)
        return _answer_by(view, "insurer_answers", now, then)
    owes = _to_debtor(view, "insurer")
    if owes:
        return owes
    match insurer.answer:
        case "accepts":
            told = _("You owe {nothing} today. You accept cover. We ask you for your part once the customer is paid.")
        case "denies":
            told = _("You owe {nothing} today. You deny cover: nothing is asked of you.")
        case "silent":
            told = _(
                "You owe {nothing} today. Your time to answer is over: what you would have owed is asked of the seller."
            )
        case _:
            told = _("You owe {nothing} today. Nothing is asked of you today.")
    return told.format(nothing=_sum(0, view))


def _to_producer(view: ClaimView, now: datetime) -> str:
    claim = view.claim
    if isinstance(claim.stage, AwaitingSeller) and claim.stage.to == "producer":
        then = _("the claim goes on without you, and is asked of the seller.")
        return f"{_('The seller named you as the producer.')} {_answer_by(view, 'producer_answers', now, then)}"
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
            return _("You owe {nothing}: {why}.").format(nothing=nothing, why=words.said(outcome, words.ENDS))
        case Contested():
            told = _("Somebody who took no part decides the contest{by}. Nothing more is withheld until then.")
            return told.format(by=_by(view, "contest_decision"))
        case Demanded():
            if not left_minor:
                return _("You owe {nothing}: it is paid.").format(nothing=nothing)
            told = _("We ask {amount} of you, for what we paid the customer. You may pay, or contest{by}.")
            return told.format(amount=rest, by=_by(view, "seller_contests"))
        case Stands():
            if not left_minor:
                return _("You owe {nothing}: it is paid.").format(nothing=nothing)
            told = _("You owe {amount} for this claim; the demand stands.")
            return told.format(amount=rest) + _next_instalment(recovery, view)
        case _:
            assert_never(recovery.stage)


def _next_instalment(recovery: Recovery, view: ClaimView) -> str:
    clock = view.claim.running("instalment")
    if not clock:
        return ""
    told = _("Instalments run; the next is awaited until {instant}.")
    return " " + told.format(instant=instant(clock.due_at, view.zone))


# To staff -------------------------------------------------------------------------------------------------------


def asked_back(view: ClaimView) -> str:
    """In one clause, for a closed claim: how far a recovery is."""
    recovery = view.claim.recovery
    if recovery is None:
        return ""
    if isinstance(recovery.stage, Ended):
        return " " + _("Recovery closed: {why}.").format(why=words.said(recovery.stage.outcome, words.ENDS))
    asked = _sum(sum(recovery.outstanding_minor(debt.debtor) for debt in recovery.debts), view)
    if isinstance(recovery.stage, Contested):
        told = _("{amount} is asked back and contested: a person who took no part decides{by}.")
        return " " + told.format(amount=asked, by=_by(view, "contest_decision"))
    if isinstance(recovery.stage, Demanded):
        told = _("{amount} is asked back; it may be contested{by}.")
        return " " + told.format(amount=asked, by=_by(view, "seller_contests"))
    return " " + _("{amount} is asked back, and it stands.").format(amount=asked)


# Who bears it ---------------------------------------------------------------------------------------------------


def bearer(view: ClaimView, by: Actor) -> str:
    """Who bears the cost: to a seller what it owes, to a claimant that it is none of its worries."""
    claim = view.claim
    if by.role == "claimant":
        if claim.settled_minor:
            return _("The seller, who paid you {amount} itself.").format(amount=_sum(claim.settled_minor, view))
        return _("Not you. Who bears it in the end is between us, the seller and its insurer.")
    if by.is_respondent:
        return _owed_by(view, cast(Debtor, by.role))
    return f"{_of_the_seller(view)}{_debts(claim, view)}"


def _owed_by(view: ClaimView, who: Debtor) -> str:
    recovery = view.claim.recovery
    if recovery is not None and recovery.is_open and recovery.debt(who).owed_minor:
        told = (
            _("You owe {left} of the {owed} asked of you; {held} of it is held back.")
            if who == "seller" and recovery.held_minor
            else _("You owe {left} of the {owed} asked of you.")
        )
        return told.format(
            left=_sum(max(0, recovery.outstanding_minor(who)), view),
            owed=_sum(recovery.debt(who).owed_minor, view),
            held=_sum(recovery.held_minor, view),
        )
    return _to_itself(view) if who == "seller" else _("You owe {nothing} today.").format(nothing=_sum(0, view))


def _to_itself(view: ClaimView) -> str:
    """To the seller, what the policy's table said last; before it was asked, that nothing is owed."""
    return _borne(view, _YOU)


def _of_the_seller(view: ClaimView) -> str:
    """The same of the seller, to others."""
    return _borne(view, _THE_SELLER)


def _borne(view: ClaimView, voice: dict[str, Told]) -> str:
    claim, recovery = view.claim, view.claim.recovery
    given = {"nothing": _sum(0, view), "paid": _sum(claim.settled_minor, view)}
    if claim.settled_minor:
        told = voice["settled"]
    elif recovery is not None and isinstance(recovery.stage, Ended):
        told, given["why"] = voice["ended"], words.said(recovery.stage.outcome, words.ENDS)
    elif claim.bearer is None:
        told = voice["not_asked"] if claim.paid_minor else voice["not_paid"]
    else:
        told = voice.get(claim.bearer, voice["may_owe"])
    return str(told).format(**given)


# What is said of each case: of the seller's own cost, to itself and to others.
_YOU: dict[str, Told] = {
    "settled": lazily("You settled with the customer and paid {paid}; nothing is owed to us."),
    "ended": lazily("You owe {nothing}: {why}."),
    "platform": lazily("You owe {nothing}: the marketplace bears this."),
    "seller_asked_7_days": lazily(
        "You owe {nothing} today: you were asked for proof of insurance, and the time for it runs."
    ),
    "not_paid": lazily("You owe {nothing} today: nothing was paid yet."),
    "not_asked": lazily("You owe {nothing} today."),
    "producer_owes": lazily("You owe {nothing}: the producer accepted, and owes it."),
    "may_owe": lazily("You may owe it: the platform pays first, and asks for it after that."),
}
_THE_SELLER: dict[str, Told] = {
    "settled": lazily("The seller settled with the customer and paid {paid}; nothing is owed to us."),
    "ended": lazily("The seller owes {nothing}: {why}."),
    "platform": lazily("The seller owes {nothing}: the marketplace bears this."),
    "seller_asked_7_days": lazily(
        "The seller owes {nothing} today: it was asked for proof of insurance, and the time for it runs."
    ),
    "not_paid": lazily("The seller owes {nothing} today: nothing was paid yet."),
    "not_asked": lazily("The seller owes {nothing} today."),
    "producer_owes": lazily("The seller owes {nothing}: the producer accepted, and owes it."),
    "may_owe": lazily("The seller may owe it: the platform pays first, and asks for it after that."),
}


def _debts(claim: Claim, view: ClaimView) -> str:
    recovery = claim.recovery
    if recovery is None or not recovery.is_open:
        return ""
    told = [
        f"{words.within(words.said(debt.debtor, words.DEBTORS))} {_sum(recovery.outstanding_minor(debt.debtor), view)}"
        for debt in recovery.debts
        if debt.owed_minor
    ]
    return " " + _("Still owed: {debts}.").format(debts=", ".join(told))


# Parts ------------------------------------------------------------------------------------------------------------


def _sum(minor: int, view: ClaimView) -> str:
    return money(minor, view.claim.currency)


def _answer_by(view: ClaimView, name: str, now: datetime, then: str) -> str:
    """`then`: what happens without an answer, as the rest of a sentence."""
    clock = view.claim.held(name)
    if clock is None:
        return ""
    if clock.state == "paused":
        return _("Your time to answer is paused: answer when you can.")
    given = {"instant": instant(clock.due_at, view.zone), "left": left(clock.due_at, now), "then": then}
    if clock.due_at <= now:
        return _("Your time to answer ended {instant}: {then}").format(**given)
    return _("Answer by {instant}, {left}. If you do not answer, {then}").format(**given)


def _clock(view: ClaimView, name: str, now: datetime) -> str:
    clock = view.claim.running(name)
    return f"{by_instant(clock.due_at, view.zone)} ({left(clock.due_at, now)})" if clock else ""


def _by(view: ClaimView, name: str) -> str:
    clock = view.claim.running(name) if name else None
    return by_instant(clock.due_at, view.zone) if clock else ""
