"""How money, days and instants are written. A clock is a date, a time and a place; money always has its currency."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency

from makewhole.domain.money import Money

LOCALE = "en_US"


def money(minor: int, currency: str) -> str:
    """184.20 dollars: "$184.20"."""
    return format_currency(Money(minor, currency).decimal, currency, locale=LOCALE)


def typed(minor: int, currency: str) -> str:
    """As somebody types it into a field: "184.20"."""
    amount: Decimal = Money(minor, currency).decimal
    return str(amount)


def instant(at: datetime, zone: str) -> str:
    """ "Fri 18 Dec 2026, 16:00 (New York)"."""
    told = format_datetime(at, "EEE d MMM y, HH:mm", tzinfo=ZoneInfo(zone), locale="en_US")
    return f"{told} ({place(zone)})"


def hour(at: datetime, zone: str) -> str:
    """ "Fri 18 Dec, 16:00": where the year and the place stand beside it already."""
    return format_datetime(at, "EEE d MMM, HH:mm", tzinfo=ZoneInfo(zone), locale="en_US")


def day(on: date) -> str:
    """ "18 Dec 2026"."""
    return format_date(on, "d MMM y", locale=LOCALE)


def place(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def left(until: datetime, now: datetime) -> str:
    """ "3 days 4 hours left", "late by 2 hours"."""
    seconds = int((until - now).total_seconds())
    told = _span(abs(seconds))
    return f"{told} left" if seconds >= 0 else f"late by {told}"


def on_day(at: datetime, now: datetime, zone: str) -> str:
    """ "today", or "on 18 Dec 2026"."""
    here = ZoneInfo(zone)
    that = at.astimezone(here).date()
    return "today" if that == now.astimezone(here).date() else f"on {day(that)}"


def _span(seconds: int) -> str:
    days, hours, minutes = seconds // 86_400, seconds % 86_400 // 3_600, seconds % 3_600 // 60
    if days:
        return _count(days, "day") + (f" {_count(hours, 'hour')}" if hours and days < 7 else "")
    return _count(hours, "hour") if hours else _count(minutes, "minute")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
