"""A seller's own pages without a browser: its statement to the cent, its contests, its insurance, its start page."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from world import NOW

if TYPE_CHECKING:
    from asked_back import AskedBack
    from django.test import Client
    from world import Shop

Come = Callable[..., "Client"]


@pytest.fixture
def come(shop: Shop, noon: Any) -> Come:
    def comes(seller_id: int | None = None) -> Client:
        from django.test import Client
        from journeys.visitors import hired

        client = Client()
        client.force_login(hired("seller", shop.code, seller_id=seller_id or shop.uninsured.pk))
        return client

    return comes


def _text(response: Any) -> str:
    """What a page says, without its tags and runs of spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


# The statement --------------------------------------------------------------------------------------------------


@pytest.fixture
def lived(shop: Shop) -> AskedBack:
    """850.00 asked, 600.00 and 250.00 held of two payouts, contested with success in part, the rest applied."""
    from asked_back import contest_decided

    return contest_decided(shop)


def test_a_sellers_statement_says_to_the_cent_what_the_books_say_to_us(shop: Shop, lived: AskedBack) -> None:
    from makewhole.store.seller_account import seller_account
    from makewhole.store.statements import statement

    ours = {account.account: account.closing.minor for account in statement(shop.uninsured).accounts}
    told = seller_account(shop.uninsured)
    assert told.part("owed", "USD").closing_minor == ours["recoveries_receivable"]
    assert told.part("held", "USD").closing_minor == -ours["withheld_owed"]
    assert told.part("repayable", "USD").closing_minor == -ours.get("repayments_payable", 0)
    assert sum(row.amount_minor for row in told.paid) == -sum(
        ours.get(name, 0) for name in ("bank", "refunds_clearing", "credit_clearing")
    )
    recovery = lived.claim.recovery
    assert recovery is not None and statement(shop.uninsured).reconciles
    assert told.part("owed", "USD").closing_minor == recovery.outstanding_minor("seller")


def test_two_periods_meet_one_closes_with_what_the_next_opens_with(shop: Shop, lived: AskedBack) -> None:
    from makewhole.store import policies
    from makewhole.store.seller_account import seller_account

    whole = seller_account(shop.uninsured)
    opened = whole.part("owed", "USD").lines[0].at
    day = policies.calendar_of(shop.code).day_of(opened)
    before = seller_account(shop.uninsured, to_day=day - timedelta(days=1))
    first = seller_account(shop.uninsured, from_day=day, to_day=day)
    after = seller_account(shop.uninsured, from_day=day + timedelta(days=1))
    for side in ("owed", "held", "repayable"):
        assert before.part(side, "USD").closing_minor == first.part(side, "USD").opening_minor
        assert first.part(side, "USD").closing_minor == after.part(side, "USD").opening_minor
        assert after.part(side, "USD").closing_minor == whole.part(side, "USD").closing_minor
    assert before.part("owed", "USD").closing_minor == 0 and first.part("owed", "USD").lines[0].amount_minor == 850_00


def test_what_its_insurer_owes_is_not_on_a_sellers_statement(shop: Shop) -> None:
    from owing import PAID_AT, paid, run_out, tendered

    from makewhole.store.models import Coverage, Insurer
    from makewhole.store.seller_account import seller_account
    from makewhole.store.statements import statement

    insurer = Insurer.objects.create(name=f"Mutual {shop.code}", email="m@mutual.example")
    Coverage.objects.filter(seller=shop.insured).update(insurer_account=insurer, deductible_minor=500_00)
    claim = paid(run_out(tendered(shop, claimed="2500.00", seller=shop.insured), "seller_answers"), PAID_AT)
    assert claim.recovery is not None and claim.recovery.debt("insurer").owed_minor == 2000_00
    told = seller_account(shop.insured)
    assert told.part("owed", "USD").closing_minor == 500_00
    ours = {account.account: account.closing.minor for account in statement(shop.insured).accounts}
    assert (ours["recoveries_receivable"], ours["insurer_receivables"]) == (500_00, 2000_00)


def test_what_a_producer_owes_is_not_on_a_sellers_statement(shop: Shop) -> None:
    from owing import PAID_AT, do, paid, seller_of, tendered

    from makewhole import asks_tender
    from makewhole.domain.actors import Actor
    from makewhole.store.seller_account import seller_account
    from makewhole.store.statements import statement

    claim = tendered(shop)
    names, said = asks_tender.name_producer("Base Works", "claims@base.example")
    claim = do(names, claim, seller_of(shop), NOW, *said).claim
    producer = Actor(f"producer:{names.producer.item_id}", "producer", producer_id=names.producer.item_id)
    accepts, said = asks_tender.accept_tender("platform")
    claim = paid(do(accepts, claim, producer, NOW, *said).claim, PAID_AT)
    assert claim.recovery is not None and claim.recovery.outstanding_minor("producer") == 2500_00
    assert seller_account(shop.uninsured).part("owed", "USD").lines == ()
    ours = {account.account: account.closing.minor for account in statement(shop.uninsured).accounts}
    assert ours["recoveries_receivable"] == 2500_00


def test_the_page_and_its_csv_say_the_same(come: Come, lived: AskedBack, noon: Any) -> None:
    noon(lived.at + timedelta(hours=1))
    client = come()
    page = client.get("/statements?from=&to=")
    text = _text(page)
    assert "Asked of you" in text and "$850.00" in text and "Held back of payout: PO-2026-12-1" in text
    rows = list(csv.DictReader(io.StringIO(client.get("/statements.csv?from=&to=").content.decode())))
    closing = {row["part"]: row["balance"] for row in rows if row["what"] == "closing balance"}
    assert set(closing) == {"owed", "held", "repayable"}
    for amount in closing.values():
        assert f"${amount}" in text
    moved = [row for row in rows if row["part"] == "owed" and row["claim"]]
    assert sum(round(float(row["amount"]) * 100) for row in moved) == round(float(closing["owed"]) * 100)
    assert lived.claim.filed.reference in {row["claim"] for row in rows}
    for secret in ("Zoë", "Łukasz", "Ferry Lane"):
        assert secret not in page.content.decode()


def test_a_statement_of_days_that_are_none_says_so_and_shows_this_month(come: Come) -> None:
    client = come()
    for query in ("from=yesterday&to=", "from=2026-11-30&to=2026-11-01", "from=2026-13-01&to="):
        answer = client.get(f"/statements?{query}")
        assert answer.status_code == 422 and "This is the statement of this month." in _text(answer)
        assert client.get(f"/statements.csv?{query}").status_code == 422
    empty = client.get("/statements")
    assert empty.status_code == 200
    assert "Nothing moved in this period." in _text(empty) and "Nobody was paid in this period." in _text(empty)


def test_another_seller_has_a_statement_and_contests_of_its_own(shop: Shop, come: Come, lived: AskedBack) -> None:
    other = come(shop.insured.pk)
    for page in ("/statements?from=&to=", "/statements.csv?from=&to=", "/contests", "/recoveries", "/insurance"):
        assert lived.claim.filed.reference not in other.get(page).content.decode(), page


# Contests -------------------------------------------------------------------------------------------------------


def test_a_demand_is_contested_from_what_is_owed_and_its_contest_stands_in_the_list(
    shop: Shop, come: Come, noon: Any
) -> None:
    from asked_back import demanded

    life = demanded(shop)
    noon(life.at + timedelta(hours=1))
    client = come()
    reference = life.claim.filed.reference
    assert "You may contest 1 demand." in _text(client.get("/contests"))
    for page in ("/recoveries", "/contests"):
        assert f'href="/claims/{reference}#act-contest"' in client.get(page).content.decode()
    claim = client.get(f"/claims/{reference}").content.decode()
    assert 'id="act-contest"' in claim
    sent = {"seen": life.claim.version, "reasons": ["no_defect"], "words": "We tested the lamp."}
    assert client.post(f"/claims/{reference}/acts/contest", sent).status_code == 302
    text = _text(client.get("/contests"))
    assert "1 contest waits for a decision" in text and "Waits for a decision" in text and "days left" in text
    assert f'href="/claims/{reference}#act-contest"' not in client.get("/contests").content.decode()


def test_a_decided_contest_says_what_came_of_it(come: Come, lived: AskedBack) -> None:
    text = _text(come().get("/contests"))
    assert "No contest of yours is open." in text and "Upheld in part" in text


# Insurance ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ends_on, told",
    [
        (date(2026, 11, 23), "Your cover runs out in 2 days, on 23 Nov 2026."),
        (date(2026, 11, 22), "Your cover runs out in 1 day, on 22 Nov 2026."),  # today is the last day in it
        (date(2026, 11, 21), "No insurance of yours is on file."),
    ],
)
def test_the_page_says_when_cover_runs_out(shop: Shop, come: Come, ends_on: date, told: str) -> None:
    from makewhole.store.models import Coverage

    Coverage.objects.filter(seller=shop.insured).update(ends_on=ends_on)
    assert told in _text(come(shop.insured.pk).get("/insurance"))


def test_cover_that_follows_without_a_gap_counts_on_and_a_gap_ends_it(shop: Shop, come: Come) -> None:
    from makewhole.store.models import Coverage

    Coverage.objects.filter(seller=shop.insured).update(ends_on=date(2026, 12, 1))
    Coverage.objects.create(
        seller=shop.insured, insurer="Next Mutual", policy_number="N-1", starts_on=date(2026, 12, 1),
        ends_on=date(2027, 1, 1),
    )  # fmt: skip
    Coverage.objects.create(
        seller=shop.insured, insurer="Late Mutual", policy_number="L-1", starts_on=date(2027, 1, 2),
        ends_on=date(2028, 1, 1),
    )  # fmt: skip
    text = _text(come(shop.insured.pk).get("/insurance"))
    assert "on 1 Jan 2027." in text and "To come" in text and "as the marketplace told us" in text


def test_without_insurance_the_page_says_until_when_and_what_it_costs_by_the_published_rules(
    shop: Shop, come: Come
) -> None:
    from makewhole.store.models import Seller

    text = _text(come().get("/insurance"))
    assert "No insurance of yours is on file." in text and "Insurance was not asked of you yet." in text
    assert "bearer.small_insured" in text and "bearer.small_asked_in_vain" in text
    Seller.objects.filter(pk=shop.uninsured.pk).update(insurance_requested_at=NOW - timedelta(days=3))
    text = _text(come().get("/insurance"))
    assert "You were asked for it, and have until" in text and "bearer.small_not_insured" in text
    Seller.objects.filter(pk=shop.uninsured.pk).update(insurance_requested_at=NOW - timedelta(days=300))
    assert "the time to have it ended on" in _text(come().get("/insurance"))


def test_proof_that_is_asked_for_is_one_press_away(shop: Shop, come: Come) -> None:
    claim = shop.file(shop.notice(shop.sell(seller=shop.uninsured))).claim
    page = come().get("/insurance").content.decode()
    assert f'href="/claims/{claim.filed.reference}#act-proof-of-insurance"' in page
    assert 'id="act-proof-of-insurance"' in come().get(f"/claims/{claim.filed.reference}").content.decode()


# The start page, and what is at stake ---------------------------------------------------------------------------


def test_a_seller_starts_with_what_waits_and_what_is_at_stake(shop: Shop, come: Come, noon: Any) -> None:
    from owing import tendered

    claim = tendered(shop, claimed="1850.00")
    small = shop.file(shop.notice(shop.sell(seller=shop.uninsured), claimed="120.00")).claim
    text = _text(come().get("/"))
    assert "2 claims wait for your answer." in text and "Your proof of insurance" in text
    assert "$1,970.00 is at stake in all." in text
    assert claim.filed.reference in text and small.filed.reference in text
    clock = claim.held("seller_answers")
    assert clock is not None
    noon(clock.due_at - timedelta(minutes=5))
    assert "5 minutes left" in _text(come().get("/"))
    noon(clock.due_at + timedelta(hours=2))
    assert "late by 2 hours" in _text(come().get("/"))


def test_a_seller_with_nothing_reads_what_will_stand_here(come: Come) -> None:
    text = _text(come().get("/"))
    assert "You were told nothing yet." in text and "what is at stake" in text


# The producer, by its link --------------------------------------------------------------------------------------


def test_a_producer_reads_the_same_page_by_its_link_and_encloses_a_file(shop: Shop, noon: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client
    from owing import do, seller_of, tendered
    from world import a_photo

    from makewhole import asks_tender
    from makewhole.people.links import producer_key
    from makewhole.store.models import Evidence

    claim = tendered(shop)
    names, said = asks_tender.name_producer("Base Works", "claims@base.example")
    claim = do(names, claim, seller_of(shop), NOW, *said).claim
    client, at = Client(), f"/claims/{claim.filed.reference}"
    assert client.get(at, {"key": producer_key(claim.claim_id, names.producer.item_id)}).status_code == 302
    page = client.get(at)
    assert "What the policy says" in _text(page) and "You pay $2,500.00" in _text(page)
    assert "Ana Rivera" not in page.content.decode() and "If you do not answer we pay" not in _text(page)
    sent = {"seen": claim.version, "files": SimpleUploadedFile("batch.jpg", a_photo(), "image/jpeg")}
    assert client.post(f"{at}/acts/accept-we-pay", sent).status_code == 302
    text = _text(client.get(at))
    assert "Sent with the answer: 1 file." in text and "Other file 1" in text
    assert Evidence.objects.get(claim_id=claim.claim_id, kind="other").uploaded_by.startswith("producer:")


def test_the_page_of_a_tender_looks_up_once_which_rules_hold_for_all_its_answers(shop: Shop, come: Come) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from owing import tendered

    claim = tendered(shop)
    address, client = f"/claims/{claim.filed.reference}", come(claim.filed.seller_id)
    assert "Accept, and we pay now" in _text(client.get(address))  # what a process looks up once
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    assert sum("store_policyversion" in each["sql"] for each in asked) == 1
