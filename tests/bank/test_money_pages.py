"""What finance's pages say, to the cent; and that they ask the database as often for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from bank.messages import camt_054, entry, table
from bank.paying import TODAY, bank_ref, made, maker, paying, pays_from, reference, signed, signer
from world import NOW

if TYPE_CHECKING:
    from django.test import Client
    from world import Shop

    from makewhole.domain.claim.state import Claim


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def come(shop: Shop, noon: None) -> Callable[[str], Client]:
    def comes(role: str) -> Client:
        from django.test import Client
        from journeys.visitors import hired

        client = Client()
        client.force_login(hired(role, shop.code))
        return client

    return comes


def told(shop: Shop, content: bytes) -> Any:
    from makewhole import bank_answers

    return bank_answers.take_in("answer", content, by=maker(shop), at=NOW).file


def comes_back(shop: Shop) -> Claim:
    claim = paying(shop, "184.20")
    told(shop, camt_054(entry(reference(claim), "184.20", ref=bank_ref(), side="CRDT", back="AC04")))
    return claim


def test_the_day_begins_with_what_waits_came_back_and_does_not_fit(shop: Shop) -> None:
    from makewhole.domain.money import Money
    from makewhole.reads.finance import start_of

    paying(shop)
    made(shop)
    paying(shop, "50.00")
    comes_back(shop)
    wrong = paying(shop, "75.50")
    told(shop, table((reference(wrong), "paid", "75.49", "USD", bank_ref(), "")))
    found = start_of(signer(shop), NOW)
    dollars = {
        name: (pile.number, pile.amounts)
        for name in ("to_sign", "own", "unbatched", "returned", "misfits", "silent", "repayments", "checks")
        if (pile := getattr(found, name)) is not None
    }
    assert dollars == {
        "to_sign": (1, (Money(120_00, "USD"),)),
        "own": (0, ()),
        "unbatched": (2, (Money(125_50, "USD"),)),
        "returned": (1, (Money(184_20, "USD"),)),
        "misfits": (1, (Money(75_49, "USD"),)),
        "silent": (0, ()),
        "repayments": (0, ()),
        "checks": (0, ()),
    }
    mine = start_of(maker(shop), NOW)
    assert (mine.to_sign.number, mine.own.number) == (0, 1)
    assert found.to_sign.oldest == NOW


def test_the_headline_says_the_first_thing_that_needs_finance(shop: Shop, come: Callable[[str], Client]) -> None:
    import re

    def headline() -> str:
        (said,) = re.findall(r"<h1[^>]*>(.*?)</h1>", come("finance").get("/finance").content.decode(), re.S)
        return said.strip()

    assert headline() == "Nothing waits for your signature, and everything agrees."
    wrong = paying(shop, "75.50")
    told(shop, table((reference(wrong), "paid", "75.49", "USD", bank_ref(), "")))
    assert headline() == "Nothing waits for your signature; 1 thing does not reconcile."
    comes_back(shop)
    assert headline() == "Nothing waits for your signature; 1 payment came back."
    paying(shop)
    made(shop)
    assert headline() == "1 thing waits for your signature."


def test_a_batch_is_silent_once_the_bank_had_its_days(shop: Shop) -> None:
    from makewhole.reads.reconciliation import SILENCE, silent_batches

    claim = paying(shop)
    batch = signed(shop)
    assert silent_batches(maker(shop), NOW + SILENCE) == []
    (found,) = silent_batches(maker(shop), NOW + SILENCE + timedelta(seconds=1))
    assert found.row.pk == batch.pk and found.waiting == 1
    told(shop, camt_054(entry(reference(claim), "120.00", ref=bank_ref())))
    assert silent_batches(maker(shop), NOW + timedelta(days=30)) == []


def test_a_day_says_what_was_ordered_confirmed_returned_and_by_whom_it_was_told(shop: Shop) -> None:
    from makewhole import asks
    from makewhole.domain.claim.commands import ConfirmPayment
    from makewhole.handle import handle
    from makewhole.reads.reconciliation import checks_now, reconciled

    by_file, by_hand = paying(shop, "120.00"), paying(shop, "50.00")
    signed(shop)
    told(shop, camt_054(entry(reference(by_file), "120.00", ref=bank_ref())))
    paid = ConfirmPayment(by_hand.payments[0].order.payment_id, "B-1")
    handle(asks.act(paid, claim_id=by_hand.claim_id, by=maker(shop), at=NOW))
    comes_back(shop)
    paying(shop, "75.50", method="credit")
    (day,) = reconciled(shop.code, TODAY, TODAY)
    assert (day.number, day.ordered_minor, day.booked_minor, day.difference_minor) == (4, 429_70, 429_70, 0)
    assert (day.confirmed_minor, day.returned_minor, day.open_minor) == (170_00, 184_20, 75_50)
    assert (day.in_batches_minor, day.by_bank_file_minor, day.by_hand_minor) == (170_00, 304_20, 50_00)
    assert [(check.name, check.rows_minor, check.off_minor) for check in checks_now(shop.code, NOW)] == [
        ("in_transit", 75_50, 0),
        ("sums_to_zero", 0, 0),
    ]


def test_books_that_say_more_than_the_orders_are_seen(shop: Shop, come: Callable[[str], Client]) -> None:
    from django.db import connection, transaction

    from makewhole.reads.reconciliation import checks_now, reconciled

    claim = paying(shop, "120.00")
    legs = ((1, "claims_payable", 7), (2, "payments_in_transit", -7))
    with transaction.atomic(), connection.cursor() as cursor:  # balanced, and by no event
        for leg, account, minor in legs:
            cursor.execute(
                "insert into store_posting (claim_id, version, leg, account, seller_id, currency, amount_minor, at)"
                " values (%s, 999, %s, %s, %s, 'USD', %s, %s)",
                [claim.claim_id, leg, account, shop.insured.pk, minor, NOW],
            )
    (day,) = reconciled(shop.code, TODAY, TODAY)
    assert (day.booked_minor, day.difference_minor) == (120_07, 7)
    assert [check.off_minor for check in checks_now(shop.code, NOW)] == [7, 0]
    page = come("finance").get("/reconciliation", {"marketplace": shop.code}).content.decode()
    assert "2 figures of the books are not those of the orders" in page and "off by $0.07" in page


def test_what_a_return_waits_for(shop: Shop) -> None:
    from makewhole import asks
    from makewhole.asks import PayoutTold
    from makewhole.domain.claim.commands import ChangePayee
    from makewhole.domain.claim.events import Payee
    from makewhole.handle import handle
    from makewhole.reads.returns import returns_of
    from makewhole.store.ids import new_id

    claim = comes_back(shop)
    ((found,), after) = returns_of(maker(shop))
    assert (found.claim.reference, found.amount.minor, found.why) == (claim.filed.reference, 184_20, "account closed")
    assert (found.clock, found.account_changed, after) == ("claimant_answers", False, "")
    adjuster = shop.staff("adjuster", 12)
    nobody = asks.act(ChangePayee(Payee(new_id(), "credit")), claim_id=claim.claim_id, by=adjuster, at=NOW)
    handle(asks.other_payee(PayoutTold("bank_transfer", "US99887766", "Ana Rivera"), nobody))
    assert [each.account_changed for each in returns_of(maker(shop))[0]] in ([True], [])


def test_a_table_to_take_along_has_what_the_page_has(shop: Shop, come: Callable[[str], Client]) -> None:
    import csv

    paying(shop, "120.00")
    auditor = come("auditor")
    answer = auditor.get("/books", {"marketplace": shop.code, "day": "2026-11-21", "format": "csv"})
    rows = list(csv.reader(b"".join(answer.streaming_content).decode().splitlines()))  # type: ignore[attr-defined]
    assert rows[0] == ["marketplace", "day", "currency", "account", "debit", "credit", "balance"]
    assert [shop.code, "2026-11-21", "USD", "payments_in_transit", "0.00", "120.00", "-120.00"] in rows
    assert sum(float(row[-1]) for row in rows[1:]) == 0
    day = auditor.get(f"/books/{shop.code}/USD/payments_in_transit/2026-11-21", {"format": "csv"})
    entries = list(csv.reader(b"".join(day.streaming_content).decode().splitlines()))  # type: ignore[attr-defined]
    assert [entries[1][n] for n in (3, 4, 5, 6)] == ["PaymentOrdered", "0.00", "120.00", "-120.00"]


def test_words_that_a_spreadsheet_would_run_are_words() -> None:
    from decimal import Decimal

    from makewhole.portals.finance.shown import as_csv

    rows = [("=1+1", "@x", "fine", Decimal("-1.50"))]
    content = b"".join(as_csv("a.csv", ("a", "b", "c", "d"), rows).streaming_content).decode()  # type: ignore[arg-type]
    assert content == "a,b,c,d\r\n'=1+1,'@x,fine,-1.50\r\n"


@pytest.mark.parametrize(
    "address",
    [
        "/batches?after=nonsense", "/bank-answers?after=1_x", "/returns?after=1_not-an-id", "/payments?after=x",
        "/books/{shop}/USD/no_account", "/books/{shop}/XXX/bank", "/books/{shop}/USD/bank/yesterday",
        "/books/{shop}/USD/bank/2026-11-21?after=1_2_3", "/books/elsewhere/USD/bank", "/reconciliation?after=x",
        "/reconciliation/{shop}/USD/soon", "/books/entries/MW-NONE/1", "/books/{shop}/USD/bank?month=2026-13",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_no_page(shop: Shop, come: Callable[[str], Client], address: str) -> None:
    assert come("finance").get(address.format(shop=shop.code)).status_code == 404


@pytest.mark.parametrize(
    "query, said",
    [
        ({"from_day": "2026-11-22", "to_day": "2026-11-21"}, "The period ends before it begins."),
        ({"from_day": "2026-01-01", "to_day": "2026-11-21"}, "At most 62 days at once."),
        ({"from_day": "soon"}, "Enter a valid date."),
    ],
)
def test_a_period_that_is_none_is_said(
    shop: Shop, come: Callable[[str], Client], query: dict[str, str], said: str
) -> None:
    answer = come("finance").get("/reconciliation", {"marketplace": shop.code, **query})
    assert answer.status_code == 422 and said in answer.content.decode()


def test_pages_ask_as_often_for_many_rows_as_for_few(shop: Shop, come: Callable[[str], Client]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    finance = come("finance")
    pays_from(shop)
    pages = ("/finance", "/approvals", "/batches", "/bank-answers", "/returns", "/payments",
             f"/reconciliation?marketplace={shop.code}", f"/reconciliation/{shop.code}/USD/2026-11-21",
             f"/books?marketplace={shop.code}", f"/books/{shop.code}/USD/payments_in_transit/2026-11-21")  # fmt: skip

    def more() -> None:
        comes_back(shop)
        wrong = paying(shop, "75.50")
        told(shop, table((reference(wrong), "paid", "75.49", "USD", bank_ref(), "")))
        made(shop)

    def asked() -> dict[str, int]:
        found = {}
        for page in pages:
            finance.get(page)
            with CaptureQueriesContext(connection) as questions:
                assert finance.get(page).status_code == 200, page
            found[page] = len(questions)
        return found

    more()
    few = asked()
    for _ in range(3):
        more()
    assert asked() == few
