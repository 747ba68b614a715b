"""What templates say in a word: money, days, clocks, the words for codes, fields, and who reads."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.utils.translation import gettext

from makewhole.domain.actors import Actor
from makewhole.domain.notice_kinds import KINDS
from makewhole.portals.frame import clauses, mails, showing, who, words
from makewhole.portals.frame.ways import Way, ways
from makewhole.reads.inbox import Told
from makewhole.store import policies, webhooks
from makewhole.store.models import Delivery

register = template.Library()

_WORDS: dict[str, dict[str, str]] = {
    "head": words.HEADS,
    "evidence": words.EVIDENCE,
    "reason": words.REASONS,
    "statement": words.STATEMENT,
    "stage": words.STAGES,
    "outcome": words.OUTCOMES,
    "role": words.ROLES,
    "method": words.METHODS,
    "hazard": words.HAZARDS,
    "check": words.CHECKS,
    "check_outcome": words.CHECK_OUTCOMES,
    "standing_level": words.STANDING_LEVELS,
    "restriction_state": words.RESTRICTION_STATES,
    "fact_state": words.FACT_STATES,
    "recovery_stage": words.RECOVERY_STAGES,
    "recovery_outcome": words.RECOVERY_OUTCOMES,
    "debtor": words.DEBTORS,
    "obstacle": words.OBSTACLES,
    "dispute": words.DISPUTES,
    "own_clock": {name: title for name, (title, _) in words.OWN_CLOCKS.items()},
}


@register.filter
def money(minor: int | None, currency: str) -> str:
    return "" if minor is None else showing.money(minor, currency)


@register.filter
def instant(at: datetime, zone: str) -> str:
    return showing.instant(at, zone)


@register.filter
def zone_of(marketplace: str) -> str:
    return policies.calendar_of(marketplace).zone


@register.filter
def day(on: date) -> str:
    return showing.day(on)


@register.filter
def left(until: datetime, now: datetime) -> str:
    return showing.left(until, now)


@register.filter
def word(code: str, kind: str) -> str:
    """A code in words: {{ part.head|word:"head" }}."""
    return words.said(code, _WORDS[kind])


@register.filter
def within(told: str) -> str:
    """Words as they stand within a sentence: {{ part.head|word:"head"|within }}."""
    return words.within(told)


@register.filter
def side(code: str) -> str:
    """Who sent it, within a sentence: "the seller"."""
    return words.side(code)


@register.filter
def minute(at: datetime) -> str:
    """ "18 Dec 2026, 16:00", in UTC."""
    return showing.minute(at)


@register.filter
def second(at: datetime) -> str:
    """ "18 Dec 2026, 16:00:05", in UTC: of attempts that follow each other within a minute."""
    return showing.second(at)


@register.filter
def month(on: date) -> str:
    """ "December 2026"."""
    return showing.month(on)


@register.filter
def task(code: str) -> str:
    return words.task(code)


@register.filter
def referral(code: str) -> str:
    return words.referral(code)


@register.filter
def by_whom(name: str) -> str:
    return words.by_whom(name)


@register.filter
def called(name: str, names: dict[str, str]) -> str:
    """One of us, by name, on pages that only staff read."""
    return words.by_whom(name, names)


@register.filter
def notice(told: Told) -> str:
    """What a party was told, in a line."""
    amounts = {
        name.removesuffix("_minor"): showing.money(minor, told.currency)
        for name, minor in told.facts.items()
        if name.endswith("_minor") and isinstance(minor, int)
    }
    return words.notice(told.template, amounts)


@register.filter
def kind_title(name: str) -> str:
    """A kind of notice, in words."""
    return gettext(KINDS[name].title)


@register.filter
def then_what(clock: str) -> str:
    """What happens when the time of one of the reader's own clocks is over."""
    return words.OWN_CLOCKS.get(clock, ("", ""))[1]


@register.filter
def webhook_id(delivery: Delivery) -> str:
    return webhooks.message_id(delivery)


@register.filter
def place_of(clause: str) -> str:
    return clauses.place_of(clause)[0]


@register.filter
def page_of(version: str) -> str:
    return clauses.page_of(version)


@register.filter
def form_of(field: BoundField) -> str:
    """How a field is laid out: one input, a list of choices with a legend, or a box with its label behind it."""
    widget = field.field.widget
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "box"
    return "files" if hasattr(field.field, "kept") else "one"


@register.simple_tag(takes_context=True)
def reader(context: dict[str, Any]) -> Actor | None:
    """Who reads this page; None where nobody is signed in, and on pages of errors."""
    request = context.get("request")
    return who.acting(request) if request is not None and hasattr(request, "session") else None


@register.simple_tag(takes_context=True)
def roles_of_reader(context: dict[str, Any]) -> list[Actor]:
    request = context.get("request")
    return who.actors_of_request(request) if request is not None else []


@register.simple_tag
def ways_of(by: Actor) -> tuple[Way, ...]:
    return ways(by)


@register.simple_tag
def has_mailbox() -> bool:
    return mails.shown_here()
