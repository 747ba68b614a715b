"""Amounts, days and instants as people read them in a mail, in a statement of reasons and on paper."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from makewhole.domain.money import Money


def amount(minor: int, currency: str) -> str:
    """ "USD 1,850.00": no sign that two countries share."""
    return str(Money(minor, currency))


def instant(at: datetime, zone: str) -> str:
    """Date, time and zone: "Fri 27 Nov 2026, 16:00 (New York)". English names, whatever the machine's locale."""
    here = at.astimezone(ZoneInfo(zone))
    return f"{weekday(here)}, {here:%H:%M} ({zone.rpartition('/')[2].replace('_', ' ')})"


def weekday(on: date) -> str:
    """ "Fri 27 Nov 2026"."""
    return f"{_DAYS[on.weekday()]} {day(on)}"


def day(on: date) -> str:
    """ "27 Nov 2026"."""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
