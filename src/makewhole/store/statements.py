"""A seller's statement from the books: per currency and account what it opened with, every line, what it closes with.

Start at statement(). It also compares what the books say today with the rows of claims and recoveries, to the cent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.db import connection

from makewhole.domain.calendar import Calendar
from makewhole.domain.money import Money
from makewhole.store import policies
from makewhole.store.models import Seller
from makewhole.store.sqls import sql

FIRST_YEAR, LAST_YEAR = 1970, 9990
_NEVER = datetime(LAST_YEAR, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """One posting: when, on which claim, what happened, and how much; debits positive."""

    at: datetime
    claim_reference: str
    kind: str
    amount: Money


@dataclass(frozen=True, slots=True)
class AccountStatement:
    account: str
    opening: Money
    lines: tuple[Line, ...]
    closing: Money


@dataclass(frozen=True, slots=True)
class Difference:
    """An account that does not say today what the rows say."""

    account: str
    booked: Money
    by_row: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """`from_day` and `to_day` are both in it, as days of the seller's marketplace; None: without a bound."""

    seller: Seller
    from_day: date | None
    to_day: date | None
    accounts: tuple[AccountStatement, ...]
    differences: tuple[Difference, ...]

    @property
    def reconciles(self) -> bool:
        return not self.differences


def statement(seller: Seller, *, from_day: date | None = None, to_day: date | None = None) -> Statement:
    """What the books hold of a seller's claims. An account that was never posted to is not named."""
    calendar = policies.calendar_of(seller.marketplace_id)
    since = _begin(from_day, calendar) if from_day else None
    until = _begin(to_day + timedelta(days=1), calendar) if to_day and to_day.year < LAST_YEAR else _NEVER
    posted = _asked("seller_statement", seller=seller.pk, until=until)
    accounts = tuple(
        _account(account, currency, since, list(rows))
        for (currency, account), rows in groupby(posted, key=lambda row: (row[0], row[1]))
    )
    compared = _asked("seller_books_against_rows", seller=seller.pk)
    differences = tuple(
        Difference(name, Money(booked, currency), Money(by_row, currency))
        for currency, name, booked, by_row in compared
        if booked != by_row
    )
    return Statement(seller, from_day, to_day, accounts, differences)


def _begin(day: date, calendar: Calendar) -> datetime:
    """The first instant of a day. Before the first year of anything, one is as good as another."""
    return calendar.instant(max(day, date(FIRST_YEAR, 1, 1)), time())


def _account(account: str, currency: str, since: datetime | None, rows: list[tuple[Any, ...]]) -> AccountStatement:
    opening, lines = 0, []
    for _, _, at, reference, kind, minor in rows:
        if since is not None and at < since:
            opening += minor
        else:
            lines.append(Line(at, reference, kind, Money(minor, currency)))
    closing = opening + sum(line.amount.minor for line in lines)
    return AccountStatement(account, Money(opening, currency), tuple(lines), Money(closing, currency))


def _asked(name: str, **told: int | datetime) -> list[tuple[Any, ...]]:  # each statement has its own columns
    with connection.cursor() as cursor:
        cursor.execute(sql(name), told)
        return cursor.fetchall()
