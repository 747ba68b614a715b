"""Which clocks a claim runs, how their ends are computed, and how a reminder is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from makewhole.domain.calendar import Calendar, due_at
from makewhole.domain.claim.events import StartedClock
from makewhole.domain.policy.rules import Rules

REMINDER = ".reminder_"


def start(name: str, started_at: datetime, rules: Rules, calendar: Calendar) -> list[StartedClock]:
    """A clock of that name from the policy, and one for each reminder that it sends before its end."""
    rule = rules.clock(name)
    clause = rules.clause(name)
    clock = StartedClock(name, started_at, due_at(started_at, rule, calendar), clause)
    return [clock, *reminders(clock, rules, after=started_at)]


def reminders(clock: StartedClock, rules: Rules, *, after: datetime) -> list[StartedClock]:
    """The reminders that a clock still sends after that instant."""
    dues = {days: clock.due_at - timedelta(days=days) for days in rules.reminders(clock.name)}
    return [
        StartedClock(f"{clock.name}{REMINDER}{days}", clock.started_at, due, clock.rule)
        for days, due in dues.items()
        if due > after
    ]


def extend(clock: StartedClock, days: int, rules: Rules, calendar: Calendar) -> datetime:
    """The end of a clock with so many days more, counted from its original start (hmcts/cmc-claim-store#39)."""
    rule = rules.clock(clock.name)
    return due_at(clock.started_at, replace(rule, days=rule.days + days), calendar)


def is_reminder(name: str) -> bool:
    return REMINDER in name


def reminds_of(name: str) -> tuple[str, int]:
    """The clock that a reminder belongs to, and the days that are left then."""
    clock, _, days = name.partition(REMINDER)
    return clock, int(days)
