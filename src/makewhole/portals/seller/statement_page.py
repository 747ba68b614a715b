"""A seller's statement: what its customers were paid, what it owes, what is held back, what goes back, for a period.

The numbers are the books' (store/seller_account.py); the same as a CSV.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from makewhole.domain.actors import Actor
from makewhole.domain.claim import in_words
from makewhole.domain.claim.in_words import said
from makewhole.portals.frame.showing import day, typed
from makewhole.portals.frame.who import only
from makewhole.store import policies
from makewhole.store.models import Seller
from makewhole.store.seller_account import Moved, Part, SellerAccount, Side, seller_account

SHOWN = 200  # lines of a part on the page; the CSV has all


@dataclass(frozen=True, slots=True)
class LineTold:
    at: datetime
    reference: str
    what: str
    amount_minor: int
    balance_minor: int


@dataclass(frozen=True, slots=True)
class PartTold:
    side: str
    title: str
    says: str
    currency: str
    opening_minor: int
    closing_minor: int
    lines: tuple[LineTold, ...]
    more: int  # lines that the page leaves out


@dataclass(frozen=True, slots=True)
class Period:
    """Both days are in it; None: without a bound."""

    from_day: date | None
    to_day: date | None

    @property
    def query(self) -> str:
        return f"from={self.from_day or ''}&to={self.to_day or ''}"


@never_cache
@require_GET
@only("seller")
def statement(request: HttpRequest, by: Actor) -> HttpResponse:
    """The statement of a period; this month, where none is named."""
    seller = _seller(by)
    zone = policies.calendar_of(seller.marketplace_id).zone
    today = policies.calendar_of(seller.marketplace_id).day_of(timezone.now())
    period, refused = _asked(request, today)
    account = seller_account(seller, from_day=period.from_day, to_day=period.to_day)
    currencies = _currencies(account, seller)
    context = {
        "by": by,
        "seller": seller,
        "zone": zone,
        "period": period,
        "told": _period_told(period, today),
        "refused": refused,
        "ways": _ways(today, period),
        "currencies": [
            {
                "currency": currency,
                "parts": [_part_told(account.part(side, currency)) for side in _TITLES],
                "paid": [row for row in account.paid if row.currency == currency][-SHOWN:],
                "paid_minor": sum(row.amount_minor for row in account.paid if row.currency == currency),
                "owed": account.part("owed", currency),
                "held": account.part("held", currency),
                "repayable": account.part("repayable", currency),
            }
            for currency in currencies
        ],
    }
    return render(request, "portals/seller/statement.html", context, status=422 if refused else 200)


@never_cache
@require_GET
@only("seller")
def lines(request: HttpRequest, by: Actor) -> HttpResponse:
    """The same as a CSV: every line, with the opening and the closing balance of each part."""
    seller = _seller(by)
    calendar = policies.calendar_of(seller.marketplace_id)
    period, refused = _asked(request, calendar.day_of(timezone.now()))
    account = seller_account(seller, from_day=period.from_day, to_day=period.to_day)
    response = HttpResponse(content_type="text/csv; charset=utf-8", status=422 if refused else 200)
    name = f"statement-{seller.seller_ref}-{period.from_day or 'start'}-{period.to_day or 'today'}.csv"
    safe = "".join(sign if sign.isalnum() or sign in "-._" else "_" for sign in name)
    response.headers["Content-Disposition"] = f'attachment; filename="{safe}"'
    writer = csv.writer(response)
    writer.writerow(["part", "at", "claim", "what", "amount", "balance", "currency"])
    writer.writerows(_rows(account, _currencies(account, seller)))
    return response


def _rows(account: SellerAccount, currencies: list[str]) -> Iterator[list[str]]:
    for currency in currencies:
        for paid in account.paid:
            if paid.currency == currency:
                yield [
                    "paid to customers", paid.at.isoformat(), paid.reference, "paid",
                    typed(paid.amount_minor, currency), "", currency,
                ]  # fmt: skip
        for side in _TITLES:
            part = account.part(side, currency)
            yield [side, "", "", "opening balance", "", typed(part.opening_minor, currency), currency]
            for line in part.lines:
                yield [
                    side, line.at.isoformat(), line.reference, _moved(line, part),
                    typed(line.amount_minor, currency), typed(line.balance_minor, currency), currency,
                ]  # fmt: skip
            yield [side, "", "", "closing balance", "", typed(part.closing_minor, currency), currency]


# Words ----------------------------------------------------------------------------------------------------------

_TITLES: tuple[Side, ...] = ("owed", "held", "repayable")


def _part_told(part: Part) -> PartTold:
    title, says = {
        "owed": (_("What you owe us"), _("Asked of you for what your customers were paid, less what came.")),
        "held": (
            _("Held back of your payouts"),
            _("It is still yours: it pays a debt only once the demand stands, and is released if less is owed."),
        ),
        "repayable": (_("Goes back to you"), _("What you paid beyond what you owe, until it is paid back.")),
    }[part.side]
    shown = part.lines[-SHOWN:]
    return PartTold(
        side=part.side,
        title=title,
        says=says,
        currency=part.currency,
        opening_minor=part.opening_minor,
        closing_minor=part.closing_minor,
        lines=tuple(
            LineTold(line.at, line.reference, _moved(line, part), line.amount_minor, line.balance_minor)
            for line in shown
        ),
        more=len(part.lines) - len(shown),
    )


def _moved(line: Moved, part: Part) -> str:
    """One line in words, as this part of the account says it."""
    words = {
        ("RecoveryOpened", "owed"): _("Asked of you"),
        ("RecoveryRaised", "owed"): _("More was paid, and is asked of you"),
        ("DebtShifted", "owed"): _("Your insurer owes this part") if line.amount_minor < 0 else _("Yours again"),
        ("DebtReduced", "owed"): _("Less is owed"),
        ("FundsApplied", "owed"): _("Paid out of what was held back"),
        ("RecoveryReceived", "owed"): _("You paid"),
        ("RecoveryWrittenOff", "owed"): _("Given up"),
        ("RepaymentOrdered", "owed"): _("You had paid more than you owe; it goes back"),
        ("FundsWithheld", "held"): _("Held back of payout"),
        ("FundsReleased", "held"): _("Released to you"),
        ("FundsApplied", "held"): _("Has paid your debt"),
        ("RepaymentOrdered", "repayable"): _("To be paid back to you"),
        ("RepaymentMade", "repayable"): _("Paid back to you"),
    }.get((line.kind, part.side), line.kind)
    detail = {
        "FundsReleased": lambda: said(in_words.RELEASES, line.detail),
        "DebtReduced": lambda: said(in_words.RELEASES, line.detail),
        "RecoveryWrittenOff": lambda: said(in_words.WRITE_OFFS, line.detail),
        "RecoveryReceived": lambda: line.detail,
        "RepaymentMade": lambda: line.detail,
        "FundsWithheld": lambda: line.detail,
    }.get(line.kind, str)()
    return f"{words}: {detail}" if detail else words


def _period_told(period: Period, today: date) -> str:
    if period.from_day is None and period.to_day is None:
        return _("from the beginning until today")
    since = day(period.from_day) if period.from_day else _("the beginning")
    return _("from %(since)s to %(until)s") % {"since": since, "until": day(period.to_day or today)}


# The period -----------------------------------------------------------------------------------------------------


def _asked(request: HttpRequest, today: date) -> tuple[Period, str]:
    """The period that the address names, and what is wrong with it."""
    this_month = Period(today.replace(day=1), today)
    if "from" not in request.GET and "to" not in request.GET:
        return this_month, ""
    try:
        from_day, to_day = (_day(request.GET.get(name, "")) for name in ("from", "to"))
    except ValueError:
        return this_month, _("A day is written as 2026-11-30. This is the statement of this month.")
    if from_day and to_day and to_day < from_day:
        return this_month, _("The last day lies before the first. This is the statement of this month.")
    return Period(from_day, to_day), ""


def _day(told: str) -> date | None:
    return date.fromisoformat(told.strip()) if told.strip() else None


def _ways(today: date, now: Period) -> list[tuple[str, str, bool]]:
    """Periods that are asked for often: (words, query, whether it is this one)."""
    first = today.replace(day=1)
    last = first - timedelta(days=1)
    found = [
        (_("This month"), Period(first, today)),
        (_("Last month"), Period(last.replace(day=1), last)),
        (_("This year"), Period(today.replace(month=1, day=1), today)),
        (_("Everything"), Period(None, None)),
    ]
    return [(title, period.query, period == now) for title, period in found]


def _seller(by: Actor) -> Seller:
    assert by.seller_id is not None
    return Seller.objects.select_related("marketplace").get(pk=by.seller_id)


def _currencies(account: SellerAccount, seller: Seller) -> list[str]:
    found = {part.currency for part in account.parts} | {row.currency for row in account.paid}
    return sorted(found or {seller.marketplace.currency})
