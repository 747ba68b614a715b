"""How money, days and instants are written on pages, in the reader's language. A clock is a date, a time and a place;
money always has its currency. What mails and papers write alike stands in reads/showing.py."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makewhole.domain.money import Money
from makewhole.reads.showing import day as day
from makewhole.reads.showing import instant as instant
from makewhole.reads.showing import language as language
from makewhole.reads.showing import locale as locale
from makewhole.reads.showing import minute as minute
from makewhole.reads.showing import place as place


def money(minor: int, currency: str) -> str:
    """184.20 dollars: "$184.20", "184,20 $"."""
    return format_currency(Money(minor, currency).decimal, currency, locale=locale())


def hour(at: datetime, zone: str) -> str:
    """ "Fri 18 Dec, 16:00": where the year and the place stand beside it already."""
    here, there = locale(), at.astimezone(ZoneInfo(zone))
    if here.language == "en":
        return f"{format_date(there, 'EEE d MMM', locale=here)}, {there:%H:%M}"
    return f"{format_skeleton('MMMEd', there.replace(tzinfo=None), locale=here)}, {there:%H:%M}"


def second(at: datetime) -> str:
    """ "18 Dec 2026, 16:00:05", of an instant that is in its own zone."""
    return f"{minute(at)}:{at:%S}"


def month(on: date) -> str:
    """ "December 2026", "Dezember 2026", "décembre 2026"."""
    return format_skeleton("yMMMM", datetime(on.year, on.month, 1, 12), locale=locale())  # noqa: DTZ001 - no zone


def typed(minor: int, currency: str) -> str:
    """What an amount's field begins with, as the rules write it: "184.20". The field shows it in the reader's language,
    and a draft that is kept is read in another one."""
    return str(Money(minor, currency).decimal)


def left(until: datetime, now: datetime) -> str:
    """ "3 days 4 hours left", "late by 2 hours"."""
    seconds = int((until - now).total_seconds())
    told = _span(abs(seconds))
    return _("{span} left").format(span=told) if seconds >= 0 else _("late by {span}").format(span=told)


def by_instant(until: datetime, zone: str) -> str:
    """ " by Fri 27 Nov 2026, 16:00 (New York)": ready to stand within a sentence, behind a word."""
    # Translators: follows a word within a sentence; keep the space in front.
    return _(" by {instant}").format(instant=instant(until, zone))


def on_day(at: datetime, now: datetime, zone: str) -> str:
    """ "today", or "on 18 Dec 2026"."""
    here = ZoneInfo(zone)
    that = at.astimezone(here).date()
    return _("today") if that == now.astimezone(here).date() else _("on {day}").format(day=day(that))


def _span(seconds: int) -> str:
    days, hours, minutes = seconds // 86_400, seconds % 86_400 // 3_600, seconds % 3_600 // 60
    if days:
        return _days(days) + (f" {_hours(hours)}" if hours and days < 7 else "")
    return _hours(hours) if hours else _minutes(minutes)


def _days(number: int) -> str:
    return ngettext("{number} day", "{number} days", number).format(number=number)


def _hours(number: int) -> str:
    return ngettext("{number} hour", "{number} hours", number).format(number=number)


def _minutes(number: int) -> str:
    return ngettext("{number} minute", "{number} minutes", number).format(number=number)
