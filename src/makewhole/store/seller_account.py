"""What stands between us and one seller, from the books: opening, every line of a period, closing, by currency.

Start at seller_account(). The same postings as `makewhole ledger statement`, of which a seller is shown its own part:
no reserve, and no debt of its insurer or of the producer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Literal

from django.db import connection

from makewhole.domain.calendar import Calendar
from makewhole.store import policies
from makewhole.store.models import Payment, Seller
from makewhole.store.sqls import sql

FIRST, NEVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9990, 1, 1, tzinfo=UTC)
Side = Literal["owed", "held", "repayable"]
# Of the seller's accounts, which way a debit of ours counts for it: what it owes grows by one, what we hold or are to
# pay back grows by a credit.
_SIDES: dict[str, tuple[Side, int]] = {
    "recoveries_receivable": ("owed", 1),
    "withheld_owed": ("held", -1),
    "repayments_payable": ("repayable", -1),
}


@dataclass(frozen=True, slots=True)
class Moved:
    """One line: on which claim, what happened (the event's name), and what is left after it."""

    at: datetime
    reference: str
    kind: str
    detail: str
    amount_minor: int
    balance_minor: int


@dataclass(frozen=True, slots=True)
class Part:
    """`owed` by the seller, `held` of its payouts, or `repayable` to it."""

    side: Side
    currency: str
    opening_minor: int
    lines: tuple[Moved, ...]

    @property
    def closing_minor(self) -> int:
        return self.lines[-1].balance_minor if self.lines else self.opening_minor


@dataclass(frozen=True, slots=True)
class Paid:
    """What a customer was paid for a claim about the seller's product."""

    at: datetime
    reference: str
    currency: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class SellerAccount:
    """`from_day` and `to_day` are both in it, as days of the seller's marketplace; None: without a bound."""

    from_day: date | None
    to_day: date | None
    parts: tuple[Part, ...]
    paid: tuple[Paid, ...]

    def part(self, side: Side, currency: str) -> Part:
        """That part, empty where nothing ever was."""
        found = [part for part in self.parts if (part.side, part.currency) == (side, currency)]
        return found[0] if found else Part(side, currency, 0, ())


def seller_account(seller: Seller, *, from_day: date | None = None, to_day: date | None = None) -> SellerAccount:
    """What the books say of a period, to the cent what they say to us."""
    calendar = policies.calendar_of(seller.marketplace_id)
    since = _begin(from_day, calendar) if from_day else FIRST
    until = _begin(to_day + timedelta(days=1), calendar) if to_day and to_day.year < NEVER.year else NEVER
    return SellerAccount(from_day, to_day, _parts(seller, since, until), _paid(seller, since, until))


def _parts(seller: Seller, since: datetime, until: datetime) -> tuple[Part, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql("seller_account"), {"seller": seller.pk, "since": since, "until": until})
        rows = cursor.fetchall()
    found = []
    for (currency, account), posted in groupby(rows, key=lambda row: (row[0], row[1])):
        side, sign = _SIDES[account]
        opening = 0
        lines: list[Moved] = []
        for _, _, at, reference, kind, detail, minor, _, _ in posted:
            if at is None:
                opening = sign * minor
                continue
            balance = (lines[-1].balance_minor if lines else opening) + sign * minor
            lines.append(Moved(at, reference, kind, detail, sign * minor, balance))
        found.append(Part(side, currency, opening, tuple(lines)))
    order = [side for side, _ in _SIDES.values()]
    return tuple(sorted(found, key=lambda part: (part.currency, order.index(part.side))))


def _paid(seller: Seller, since: datetime, until: datetime) -> tuple[Paid, ...]:
    rows = Payment.objects.filter(
        claim__seller=seller, state="settled", ended_at__gte=since, ended_at__lt=until
    ).order_by("ended_at", "id")
    told = rows.values_list("ended_at", "claim__reference", "currency", "amount_minor")
    return tuple(Paid(at, reference, currency, minor) for at, reference, currency, minor in told if at is not None)


def _begin(day: date, calendar: Calendar) -> datetime:
    return calendar.instant(max(day, FIRST.date()), time())
