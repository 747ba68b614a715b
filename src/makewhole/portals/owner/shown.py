"""Figures in words: months, shares, times that were waited, and sums with little room. In the reader's language."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_currency, format_compact_decimal, format_decimal
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from makewhole.domain.money import Money


def locale() -> Locale:
    """What numbers and months are written by; American English where no language is chosen."""
    language = get_language() or "en"
    return Locale.parse(to_locale("en-us" if language == "en" else language))


def month(first: date) -> str:
    """ "Nov 2026"."""
    return format_skeleton("yMMM", first, locale=locale())


def short_month(first: date) -> str:
    """ "Nov"; a year begins with "Jan 26"."""
    name = format_date(first, "MMM", locale=locale())
    return f"{name} {first:%y}" if first.month == 1 else name


def short_day(day: date) -> str:
    return format_date(day, "d MMM", locale=locale())


def number(count: int) -> str:
    return str(format_decimal(count, locale=locale()))


def short_number(count: int) -> str:
    """For an axis: "1.2K"."""
    return number(count) if abs(count) < 10_000 else format_compact_decimal(count, fraction_digits=1, locale=locale())


def short_money(minor: int, currency: str) -> str:
    """For an axis: "$1.2K"."""
    amount = Money(minor, currency).decimal
    digits = 0 if amount == amount.to_integral_value() and abs(amount) < 1_000 else 1
    told = format_compact_currency(amount, currency, fraction_digits=digits, locale=locale())
    return str(told).replace(".0K", "K").replace(".0M", "M")


def percent(part: int, whole: int) -> str:
    """ "98.7%"; never a whole hundred, and never nothing, where that is not so."""
    if not whole:
        return "–"
    share = (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if share == 100 and part < whole:
        share = Decimal("99.9")
    if share == 0 and part:
        share = Decimal("0.1")
    shown = share.to_integral_value() if share in (0, 100) else share
    return f"{format_decimal(shown, locale=locale())}%"


def waited(hours: int | None) -> str:
    """ "under an hour", "5 hours", "3 days": whole hours as they are counted, whole days from two days on."""
    if hours is None:
        return "–"
    if hours == 0:
        return _("under an hour")
    if hours < 48:
        return ngettext("{number} hour", "{number} hours", hours).format(number=hours)
    return ngettext("{number} day", "{number} days", hours // 24).format(number=number(hours // 24))
