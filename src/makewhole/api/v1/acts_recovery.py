"""Acts on what is asked back: withhold, receive, contest, decide, instalments, write off. As in acts.py."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from makewhole import asks_recovery as asks
from makewhole.api.v1 import said_tender as said
from makewhole.api.v1.asking import (
    act_on,
    ask_for,
    content,
    currency_in,
    done,
    evidence_told,
    same_currency,
)
from makewhole.api.v1.tokens import by

router = Router(tags=["recovery"])
act = act_on(router)


@act("recovery/withhold", "Withhold of a disbursement")
def withhold(request: HttpRequest, name: str, told: said.Withhold) -> HttpResponse:
    """Holds back of a payout to the seller what it owes: never more than the payout's net amount, nor than is owed."""
    claim_id, currency = currency_in(name, by(request))
    same_currency([("amount", told.amount)], currency)
    amount = told.amount.amount if told.amount else None
    command = asks.withhold_funds(claim_id, told.disbursement_ref, currency, amount)
    return done(ask_for(request, name, command, content(told)))


@act("recovery/receive", "A debtor paid")
def receive(request: HttpRequest, name: str, told: said.Receipt) -> HttpResponse:
    """Money came in another way. What is held beyond the rest is released at once."""
    claim_id, currency = currency_in(name, by(request))
    same_currency([("amount", told.amount)], currency)
    command = asks.receive_recovery(claim_id, told.debtor, told.amount.amount, currency, told.ref)
    return done(ask_for(request, name, command, content(told)))


@act("recovery/contest", "Contest the recovery")
def contest(request: HttpRequest, name: str, told: said.Contest) -> HttpResponse:
    """Within its days. A person who took no part decides, and nothing more is withheld until then."""
    _, currency = currency_in(name, by(request))
    files = evidence_told(told.evidence, currency)
    command, words = asks.contest_recovery(tuple(told.reasons), told.words, files, currency)
    return done(ask_for(request, name, command, content(told), words=words))


@act("recovery/contest/decide", "Decide a contest")
def decide_contest(request: HttpRequest, name: str, told: said.ContestDecision) -> HttpResponse:
    """Upheld, in part, or dismissed, with reasons that both sides read."""
    _, currency = currency_in(name, by(request))
    same_currency([("off", told.off)], currency)
    command, words = asks.decide_contest(
        told.outcome,
        told.code,
        told.clause,
        tuple(told.evidence),
        told.words,
        currency,
        off=told.off.amount if told.off else None,
    )
    return done(ask_for(request, name, command, content(told), words=words))


@act("recovery/instalments", "Agree on instalments")
def instalments(request: HttpRequest, name: str, told: said.Instalments) -> HttpResponse:
    """Days and amounts that add up to what the seller owes; while they are kept, nothing is withheld."""
    _, currency = currency_in(name, by(request))
    same_currency([(f"instalments.{n}.amount", each.amount) for n, each in enumerate(told.instalments)], currency)
    parts = tuple((each.due_on, each.amount.amount) for each in told.instalments)
    return done(ask_for(request, name, asks.agree_instalments(parts, currency), content(told)))


@act("recovery/obstacle", "Note that nothing can be withheld")
def obstacle(request: HttpRequest, name: str, told: said.ObstacleSaid) -> HttpResponse:
    """The seller's account is gone or bankrupt, or is there again. What it owes stays the same."""
    command, words = asks.note_obstacle(told.obstacle, told.words)
    return done(ask_for(request, name, command, content(told), words=words))


@act("recovery/write-off", "Write off a debt")
def write_off(request: HttpRequest, name: str, told: said.WriteOffSaid) -> HttpResponse:
    """Gives up a debt or a part of it, with a reason."""
    _, currency = currency_in(name, by(request))
    same_currency([("amount", told.amount)], currency)
    command, words = asks.write_off(told.debtor, told.amount.amount, currency, told.reason, told.words)
    return done(ask_for(request, name, command, content(told), words=words))


@act("recovery/repayment", "A repayment was made")
def repayment(request: HttpRequest, name: str, told: said.Repayment) -> HttpResponse:
    """What was to go back to a debtor has gone."""
    _, currency = currency_in(name, by(request))
    same_currency([("amount", told.amount)], currency)
    command = asks.confirm_repayment(told.amount.amount, currency, told.ref)
    return done(ask_for(request, name, command, content(told)))
