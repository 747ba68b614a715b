"""The books by day say what the postings say: closed or not, late or not, whoever writes at the same time."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from makewhole.store.models import Seller

pytestmark = pytest.mark.usefixtures("emptied")

DAY = timedelta(days=1)


def _filed(seller: Seller, at: datetime, amount_minor: int = 15_000) -> Any:
    from store.claims_given import filed

    return filed(seller, amount_minor=amount_minor, at=at)


def _balance(marketplace: str, account: str, day: date) -> int:
    from makewhole.store.ledger_days import balances

    return next((each.balance_minor for each in balances(marketplace, day) if each.account == account), 0)


def test_a_balance_is_the_same_before_and_after_the_day_is_closed() -> None:
    from store.claims_given import FILED_AT, market

    from makewhole.store.ledger_days import balances, close_days, closed_through, days

    seller = market()
    place = seller.marketplace_id
    today = FILED_AT.date()
    _filed(seller, FILED_AT)
    _filed(seller, FILED_AT + DAY, 7_000)
    open_days = [balances(place, today + n * DAY) for n in range(-1, 3)]
    months = days(place, "USD", "payments_in_transit", today, today + DAY)
    assert closed_through(place) is None
    assert close_days(FILED_AT + DAY) == 1
    assert closed_through(place) == today
    assert [balances(place, today + n * DAY) for n in range(-1, 3)] == open_days
    assert days(place, "USD", "payments_in_transit", today, today + DAY) == months
    assert close_days(FILED_AT + 5 * DAY) == 1 and close_days(FILED_AT + 5 * DAY) == 0
    assert [balances(place, today + n * DAY) for n in range(-1, 3)] == open_days
    assert _balance(place, "payments_in_transit", today - DAY) == 0
    assert _balance(place, "payments_in_transit", today) == -15_000
    assert _balance(place, "payments_in_transit", today + DAY) == -22_000


def test_a_worker_that_was_away_catches_up_month_by_month() -> None:
    from store.claims_given import FILED_AT, market

    from makewhole.store.books import check
    from makewhole.store.ledger_days import MOST_DAYS, close_days, closed_through

    seller = market()
    _filed(seller, FILED_AT)
    _filed(seller, FILED_AT + 70 * DAY, 7_000)
    now = FILED_AT + 80 * DAY
    turns = []
    while close_days(now):
        turns.append(closed_through("us"))
    assert len(turns) == 3 and turns[-1] == now.date() - DAY
    assert all((later - before).days <= MOST_DAYS for before, later in pairwise(turns))
    told: list[str] = []
    assert check(told.append).faults == 0, told
    assert _balance("us", "payments_in_transit", now.date()) == -22_000


def test_the_opening_balance_and_the_days_add_up_to_the_balance() -> None:
    from store.claims_given import FILED_AT, market

    from makewhole.store.ledger_days import close_days, days

    seller = market()
    today = FILED_AT.date()
    for n in range(3):
        _filed(seller, FILED_AT + n * DAY, 1_000 * (n + 1))
    close_days(FILED_AT + 2 * DAY)
    opening, moved = days(seller.marketplace_id, "USD", "payments_in_transit", today + DAY, today + 2 * DAY)
    assert opening == -1_000
    assert [(each.day, each.debit_minor, each.credit_minor, each.postings) for each in moved] == [
        (today + DAY, 0, 2_000, 1),
        (today + 2 * DAY, 0, 3_000, 1),
    ]


def test_a_day_is_the_marketplaces_own() -> None:
    from store.claims_given import market

    seller = market()
    _filed(seller, datetime(2026, 11, 22, 4, 59, 59, tzinfo=UTC))  # a second before midnight in New York
    _filed(seller, datetime(2026, 11, 22, 5, 0, tzinfo=UTC), 7_000)
    assert _balance(seller.marketplace_id, "payments_in_transit", date(2026, 11, 21)) == -15_000
    assert _balance(seller.marketplace_id, "payments_in_transit", date(2026, 11, 22)) == -22_000


def test_a_posting_that_comes_late_is_added_to_its_closed_day() -> None:
    from store.claims_given import FILED_AT, market

    from makewhole.store.books import check
    from makewhole.store.ledger_days import close_days
    from makewhole.store.models import LedgerDay

    seller = market()
    _filed(seller, FILED_AT)
    close_days(FILED_AT + 3 * DAY)
    _filed(seller, FILED_AT, 7_000)  # the same day, and the closing is over
    _filed(seller, FILED_AT + 3 * DAY, 500)  # a day that is open
    row = LedgerDay.objects.get(account="payments_in_transit", day=FILED_AT.date())
    assert (row.credit_minor, row.postings) == (22_000, 2)
    assert not LedgerDay.objects.filter(day=FILED_AT.date() + 3 * DAY).exists()
    assert _balance(seller.marketplace_id, "payments_in_transit", FILED_AT.date() + 4 * DAY) == -22_500
    told: list[str] = []
    assert check(told.append).faults == 0, told


def test_a_sum_that_is_not_its_postings_is_named(tampering: Any) -> None:
    from store.claims_given import FILED_AT, market

    from makewhole.store.books import check
    from makewhole.store.ledger_days import close_days

    seller = market()
    _filed(seller, FILED_AT)
    close_days(FILED_AT + DAY)
    tampering("update store_ledgerday set credit_minor = credit_minor + 1 where account = 'payments_in_transit'")
    told: list[str] = []
    assert check(told.append).faults == 1
    assert "payments_in_transit moved by USD -150.01 as summed up; by its postings by USD -150.00" in told[0]


def test_closing_while_claims_are_written_counts_each_posting_once() -> None:
    from django.db import connection
    from store.claims_given import FILED_AT, market

    from makewhole.store.books import check
    from makewhole.store.ledger_days import close_days

    seller = market()
    together = threading.Barrier(4)

    def write(number: int) -> None:
        together.wait()
        for n in range(6):
            _filed(seller, FILED_AT + (n % 2) * DAY, 1_000 + number)
        connection.close()

    writers = [threading.Thread(target=write, args=(n,)) for n in range(3)]
    for thread in writers:
        thread.start()
    together.wait()
    for n in range(1, 4):
        close_days(FILED_AT + n * DAY)
    for thread in writers:
        thread.join()
    close_days(FILED_AT + 5 * DAY)
    told: list[str] = []
    assert check(told.append).faults == 0, told
    assert _balance(seller.marketplace_id, "payments_in_transit", FILED_AT.date() + 5 * DAY) == -18_018


def test_entries_come_page_by_page_each_with_its_event_and_claim() -> None:
    from store.claims_given import FILED_AT, market

    from makewhole.store.ledger_days import entries

    seller = market()
    for n in range(3):
        _filed(seller, FILED_AT + timedelta(minutes=n), 1_000 + n)
    place, day = seller.marketplace_id, FILED_AT.date()
    first = entries(place, "USD", "payments_in_transit", day, most=2)
    assert [each.amount_minor for each in first] == [-1_000, -1_001]
    assert {each.kind for each in first} == {"PaymentOrdered"}
    last = first[-1]
    rest = entries(
        place, "USD", "payments_in_transit", day, after=(last.at, last.claim_id, last.version, last.leg), most=2
    )
    assert [each.amount_minor for each in rest] == [-1_002]
    assert entries(place, "USD", "payments_in_transit", day + DAY, most=2) == []
