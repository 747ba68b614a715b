"""What finance's templates say in a word: sums in several currencies, ages, the other side of an account, codes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django import template
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from makewhole.domain.actors import Actor
from makewhole.domain.money import Money
from makewhole.portals.finance import words
from makewhole.portals.frame import showing
from makewhole.portals.frame.words import CLOCKS, by_whom

register = template.Library()

_WORDS: dict[str, words.Words] = {
    "account": words.ACCOUNTS,
    "batch_state": words.BATCH_STATES,
    "outcome": words.OUTCOMES,
    "says": words.SAYS,
    "next": words.NEXT_STEPS,
    "why_returned": words.WHY_RETURNED,
    "approval": words.KINDS,
    "insurer_answer": words.INSURER_ANSWERS,
}


@register.filter
def named(code: str, kind: str) -> str:
    """A code of finance's in words; one without words as it is."""
    return str(_WORDS[kind].get(code, code))


@register.filter
def clock_named(code: str) -> str:
    return str(CLOCKS[code][0]) if code in CLOCKS else code


@register.filter
def sums(amounts: Iterable[Money]) -> str:
    """Amounts in several currencies, one after the other."""
    return " · ".join(showing.money(each.minor, each.currency) for each in amounts)


@register.filter
def minus(minor: int) -> int:
    """The other side of an account: a credit is written without its sign."""
    return -minor


@register.filter
def since(at: datetime, now: datetime) -> str:
    """How long ago: "3 days, 4 hours"."""
    return timesince(at, now) if now - at >= timedelta(minutes=1) else _("less than a minute")


@register.filter
def from_view_of(name: str, by: Actor) -> str:
    """Who it was, for whoever reads it: "you", or the name that the log keeps."""
    return _("you") if name == by.name else by_whom(name)
