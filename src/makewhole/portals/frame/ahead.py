"""What would happen next if somebody acted now: until when, by the policy in force, counted from this instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from makewhole.domain.calendar import due_at
from makewhole.domain.policy.rules import Rules
from makewhole.portals.frame.showing import instant
from makewhole.reads.views import ClaimView
from makewhole.store import policies


def rules_at(view: ClaimView, at: datetime) -> Rules:
    """The rules of the claim's marketplace, as an act at that instant would find them."""
    version = policies.version_in_force(view.marketplace, at)
    day_of = view.calendar.day_of
    return policies.rules_of(version, view.loss_date, day_of(view.claim.filed_at), day_of(at))


def until(view: ClaimView, at: datetime, clock: str) -> str:
    """When that clock would run out, were it started at that instant."""
    return instant(due(view, at, clock), view.zone)


def due(view: ClaimView, at: datetime, clock: str) -> datetime:
    """The same, as an instant."""
    return due_at(at, rules_at(view, at).clock(clock), view.calendar)


def until_with_more_time(view: ClaimView, at: datetime, clock: str) -> str:
    """When the clock that runs would run out with the one extension, counted from its original start."""
    return instant(due_with_more_time(view, at, clock), view.zone)


def due_with_more_time(view: ClaimView, at: datetime, clock: str) -> datetime:
    """The same, as an instant."""
    running = view.claim.held(clock)
    assert running is not None, f"{clock} runs"
    rules = rules_at(view, at)
    rule = rules.clock(clock)
    longer = replace(rule, days=rule.days + rules.days("seller_extension_days"))
    return due_at(running.started_at, longer, view.calendar) + running.paused_for
