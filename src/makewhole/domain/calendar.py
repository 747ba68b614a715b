"""Days and deadlines. A clock is a pure function from (start, rule, calendar) to an instant.

Start at `due_at`. An instant in UTC is not yet a day: whose day it is, is the calendar's zone. Extensions
count from the original start, never from a deadline already moved (hmcts/cmc-claim-store#39).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

DayType = Literal["calendar", "working"]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A marketplace's days: its zone, and the days on which nobody works (weekends are always free)."""

    zone: str
    free_days: frozenset[date] = frozenset()

    def day_of(self, instant: datetime) -> date:
        """The day on which an instant falls, in this calendar's zone."""
        return instant.astimezone(ZoneInfo(self.zone)).date()

    def is_working(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.free_days

    def instant(self, day: date, hour: time) -> datetime:
        """That hour of that day in this zone, in UTC. An hour skipped by a clock change counts as an
        hour later, one that comes twice as the first of the two."""
        return datetime.combine(day, hour, ZoneInfo(self.zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class ClockRule:
    """How long a clock runs. `ends`: the hour of the last day at which it is over; None means the same
    hour and minute at which it started. `count_first_day`: the day of the start is day one."""

    days: int
    day_type: DayType = "calendar"
    ends: time | None = None
    count_first_day: bool = False
    # A last day that is not a working day moves on to the next one.
    roll_to_working_day: bool = False


def due_at(started_at: datetime, rule: ClockRule, calendar: Calendar) -> datetime:
    """The instant at which a clock that started then has run out (exclusive: at it, time is over)."""
    assert started_at.tzinfo is not None, "an instant has a zone"
    last_day = _last_day(calendar.day_of(started_at), rule, calendar)
    hour = rule.ends
    if hour is None:
        hour = started_at.astimezone(ZoneInfo(calendar.zone)).time().replace(tzinfo=None)
    return calendar.instant(last_day, hour)


def days_between(first: date, later: date) -> int:
    """Whole calendar days from one day to another; the next day is 1, so day 90 is `== 90`."""
    return (later - first).days


def _last_day(first: date, rule: ClockRule, calendar: Calendar) -> date:
    days = rule.days - 1 if rule.count_first_day else rule.days
    day = first
    if rule.day_type == "calendar":
        day += timedelta(days=days)
    else:
        while days > 0:
            day += timedelta(days=1)
            days -= calendar.is_working(day)
    while rule.roll_to_working_day and not calendar.is_working(day):
        day += timedelta(days=1)
    return day
