"""What would happen next if somebody acted now: until when, by the policy in force, counted from this instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from makewhole.domain.calendar import due_at
from makewhole.portals.frame.showing import instant
from makewhole.reads.views import ClaimView


def until(view: ClaimView, at: datetime, clock: str) -> str:
    """When that clock would run out, were it started at that instant."""
    return instant(due(view, at, clock), view.zone)


def due(view: ClaimView, at: datetime, clock: str) -> datetime:
    """The same, as an instant."""
    return due_at(at, view.rules_at(at).clock(clock), view.calendar)


def until_with_more_time(view: ClaimView, at: datetime, clock: str) -> str:
    """When the clock that runs would run out with the one extension, counted from its original start."""
    return instant(due_with_more_time(view, at, clock), view.zone)


def due_with_more_time(view: ClaimView, at: datetime, clock: str) -> datetime:
    """The same, as an instant."""
    running = view.claim.held(clock)
    assert running is not None, f"{clock} runs"
    rules = view.rules_at(at)
    rule = rules.clock(clock)
    longer = replace(rule, days=rule.days + rules.days("seller_extension_days"))
    return due_at(running.started_at, longer, view.calendar) + running.paused_for
