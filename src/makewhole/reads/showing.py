"""Amounts, days and instants as people read them, in the language that is active: the one place that knows how each
language writes them. Mails, statements of reasons and paper use these; pages add signs for money and spans of time.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, get_timezone_location
from babel.numbers import format_currency
from django.utils.translation import get_language

from makewhole.domain.money import Money

# How each language of the pages writes numbers and dates. "Fri 27 Nov 2026" is read alike in all English countries.
LOCALES = {"en": "en_US", "en-gb": "en_GB", "de": "de_DE", "fr": "fr_FR", "es": "es_ES"}


def language() -> str:
    """The active language, as Django names it; English where none is."""
    return get_language() or "en"


def locale() -> Locale:
    """The active language's way of writing numbers and dates."""
    return _locale(language())


def amount(minor: int, currency: str) -> str:
    """ "USD 1,850.00", "1.850,00 USD": no sign that two countries share."""
    money, here = Money(minor, currency), locale()
    if here.language == "en":
        return str(money)
    return format_currency(money.decimal, currency, "#,##0.00\xa0¤¤", locale=here)


def instant(at: datetime, zone: str) -> str:
    """Date, time and zone: "Fri 27 Nov 2026, 16:00 (New York)", "Fr., 27. Nov. 2026, 16:00 (New York)"."""
    here = at.astimezone(ZoneInfo(zone))
    return f"{weekday(here)}, {here:%H:%M} ({place(zone)})"


def weekday(on: date) -> str:
    """ "Fri 27 Nov 2026"."""
    here = locale()
    if here.language == "en":
        # No zone is turned: a day stays that day, an instant keeps the zone that it came in.
        return f"{format_date(on, 'EEE', locale='en_US')} {day(on)}"
    return format_skeleton("yMMMEd", _noon(on), locale=here)


def day(on: date) -> str:
    """ "27 Nov 2026"."""
    here = locale()
    if here.language == "en":
        return format_date(on, "d MMM y", locale="en_US")
    return format_skeleton("yMMMd", _noon(on), locale=here)


def place(zone: str) -> str:
    """A time zone by its place: "New York", "Nueva York"; one that has none by its name."""
    if "/" not in zone:
        return zone
    return get_timezone_location(ZoneInfo(zone), locale=locale(), return_city=True)


def minute(at: datetime) -> str:
    """ "27 Nov 2026, 16:00", of an instant that is in its own zone."""
    return f"{day(at)}, {format_datetime(at, 'HH:mm', tzinfo=at.tzinfo, locale=locale())}"


def _noon(on: date) -> datetime:
    """A skeleton takes instants only, and counts them in UTC: noon is the same day there."""
    return datetime(on.year, on.month, on.day, 12)  # noqa: DTZ001 - a day has no zone


@cache
def _locale(name: str) -> Locale:
    return Locale.parse(LOCALES.get(name) or LOCALES.get(name.partition("-")[0], "en_US"))
