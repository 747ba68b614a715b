"""The books by day: what each account moved on each day, so that a balance of ten million postings is a sum of days.

Start at close_days(): the worker's sweep. Writing a claim costs nothing more: no row of sums is shared between claims
that run at the same time. Days that are over are summed once; later days are summed from their postings when somebody
asks (balances(), days()). A posting that comes late is added by a trigger (sql/bank_promises.sql).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from makewhole.domain.calendar import Calendar
from makewhole.store import policies
from makewhole.store.models import LedgerClosed
from makewhole.store.sqls import sql

# Closed at once, so that writers wait for a moment only also where a worker catches up with years.
MOST_DAYS = 31
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(9990, 1, 1)
# How long the sweep waits for writers to finish before it gives way, and tries again at its next turn.
_PATIENCE = "2s"


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """An account of one marketplace at the end of a day, in minor units; debits positive."""

    currency: str
    account: str
    debit_minor: int
    credit_minor: int
    day_debit_minor: int
    day_credit_minor: int

    @property
    def balance_minor(self) -> int:
        return self.debit_minor - self.credit_minor


@dataclass(frozen=True, slots=True)
class AccountDay:
    """What one account moved on one day."""

    day: date
    debit_minor: int
    credit_minor: int
    postings: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One leg of an entry: the event that posted it is (claim, version)."""

    at: datetime
    claim_id: UUID
    version: int
    leg: int
    amount_minor: int
    reference: str
    kind: str


def close_days(now: datetime) -> int:
    """Sums up the next days that are over, at most MOST_DAYS; tells of how many marketplaces some were. Asked again
    until it tells of none, it has caught up.

    Writers wait meanwhile, some milliseconds a day: what is not summed here is added by the trigger, and nothing twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql("days_to_close"), {"now": now})
        due, first_time = cursor.fetchone()
        if not due:
            return 0
        before_all = _before_all(cursor, now) if first_time else now.date()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"set local lock_timeout = '{_PATIENCE}'")
        cursor.execute("lock table store_posting in share row exclusive mode")
        cursor.execute(sql("close_days"), {"now": now, "before_all": before_all, "most_days": MOST_DAYS})
        closed: int = cursor.fetchone()[0]
    return closed


def _before_all(cursor: CursorWrapper, now: datetime) -> date:
    """A day before anything was posted; looked for once in a marketplace's life."""
    cursor.execute("select min(at) from store_posting")
    first: datetime = cursor.fetchone()[0] or now
    return min(first, now).date() - timedelta(days=2)


def closed_through(marketplace: str) -> date | None:
    """The last day that is summed up."""
    return LedgerClosed.objects.filter(marketplace_id=marketplace).values_list("through", flat=True).first()


def balances(marketplace: str, day: date) -> list[AccountBalance]:
    """Every account that was posted to until the end of that day in the marketplace's zone."""
    calendar = policies.calendar_of(marketplace)
    day = min(max(day, FIRST_DAY), LAST_DAY)
    told = _bounds(marketplace, calendar, day) | {"day": day, "that_day": calendar.instant(day, time())}
    return [AccountBalance(*row) for row in _asked("ledger_balances", told)]


def days(marketplace: str, currency: str, account: str, from_day: date, to_day: date) -> tuple[int, list[AccountDay]]:
    """What the account stood at before, and every day from a day to a day on which it moved."""
    calendar = policies.calendar_of(marketplace)
    told = _bounds(marketplace, calendar, to_day) | {
        "currency": currency, "account": account, "from_day": from_day, "to_day": to_day, "zone": calendar.zone,
    }  # fmt: skip
    opening, found = 0, []
    for day, debit, credit, postings in _asked("ledger_days", told):
        if day is None:
            opening = debit - credit
        else:
            found.append(AccountDay(day, debit, credit, postings))
    return opening, found


_BEGINNING = (datetime(1, 1, 1, tzinfo=UTC), UUID(int=0), 0, 0)


def entries(
    marketplace: str,
    currency: str,
    account: str,
    day: date,
    *,
    after: tuple[datetime, UUID, int, int] = _BEGINNING,
    most: int,
) -> list[Entry]:
    """The legs of one day in the order of time, after a place."""
    calendar = policies.calendar_of(marketplace)
    at, claim_id, version, leg = after
    told = {
        "marketplace": marketplace, "currency": currency, "account": account,
        "since": calendar.instant(day, time()), "until": calendar.instant(day + timedelta(days=1), time()),
        "after_at": at, "after_claim": claim_id, "after_version": version, "after_leg": leg, "most": most,
    }  # fmt: skip
    return [Entry(*row) for row in _asked("ledger_entries", told)]


def _bounds(marketplace: str, calendar: Calendar, day: date) -> dict[str, Any]:  # each placeholder has its own type
    through = closed_through(marketplace) or FIRST_DAY
    return {
        "marketplace": marketplace,
        "through": through,
        "since": calendar.instant(through + timedelta(days=1), time()) if through != FIRST_DAY else _BEGINNING[0],
        "until": calendar.instant(day + timedelta(days=1), time()),
    }


def _asked(name: str, told: dict[str, Any]) -> list[tuple[Any, ...]]:  # each statement has its own columns
    with connection.cursor() as cursor:
        cursor.execute(sql(name), told)
        return cursor.fetchall()
