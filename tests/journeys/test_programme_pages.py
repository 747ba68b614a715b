"""The owner's and the auditor's pages without a browser: plots, tables and downloads say the same as the log; filters;
and an auditor can change nothing."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from world import Shop

    from makewhole.domain.claim.state import Claim


@pytest.fixture
def come(shop: Shop, noon: object) -> Callable[..., Client]:
    def comes(role: str, marketplace: str | None = None) -> Client:
        from django.test import Client
        from journeys.visitors import hired

        client = Client()
        client.force_login(hired(role, shop.code if marketplace is None else marketplace))
        return client

    return comes


@pytest.fixture
def lived(shop: Shop) -> list[Claim]:
    """Five small claims paid after 1, 5, 5, 30 and 200 hours; one recovered of, and contested; one that waits."""
    from asked_back import contest_decided
    from world import NOW

    from makewhole import asks
    from makewhole.domain.claim import commands as do
    from makewhole.handle import handle

    claims = []
    for hours in (1, 5, 5, 30, 200):
        claim = shop.file().claim
        act = do.ConfirmPayment(claim.payments[0].order.payment_id, "bank-9")
        at = NOW + timedelta(hours=hours)
        claims.append(handle(asks.act(act, claim_id=claim.claim_id, by=shop.staff("finance", 31), at=at)).claim)
    claims.append(contest_decided(shop).claim)
    claims.append(shop.file(shop.notice(shop.sell(), claimed="1850.00")).claim)
    swept()
    return claims


def swept() -> None:
    from world import NOW

    from makewhole.store.figures import sweep

    while sweep(NOW, whole=True):
        pass


def _events(shop: Shop) -> list[tuple[str, str, datetime, dict[str, Any]]]:
    """The raw log of this shop's claims, as plain JSON."""
    from makewhole.store.models import Claim, Event

    ids = Claim.objects.filter(marketplace_id=shop.code).values("id")
    found = []
    for body in Event.objects.filter(claim_id__in=ids).order_by("claim_id", "version").values_list("body", flat=True):
        told = json.loads(body)
        found.append((told["claim"], told["kind"], datetime.fromisoformat(told["at"]), told["event"]))
    return found


def _rows(client: Client, plot: str) -> list[list[str]]:
    answer = client.get(f"/programme/{plot}.csv")
    assert answer["Content-Disposition"] == f'attachment; filename="{plot}.csv"'
    return list(csv.reader(io.StringIO(answer.content.decode())))


def _numbers(rows: list[list[str]]) -> list[list[str]]:
    return [row[1:] for row in rows[1:]]


class _Tables(HTMLParser):
    """The cells of the table of each plot, and the titles of what is drawn in it, by the plot's id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: dict[str, list[str]] = {}
        self.titles: dict[str, list[str]] = {}
        self._at, self._in, self._svg = "", "", ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "section":
            self._at = given.get("id") or ""
        if tag == "svg":
            self._svg = given.get("class") or ""
        if tag == "td":
            self._in = "td"
            self.cells.setdefault(self._at, []).append("")
        if tag == "title" and "wide" in self._svg and "id" not in given:
            self._in = "title"
            self.titles.setdefault(self._at, []).append("")

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "td":
            self.cells[self._at][-1] += data
        if self._in == "title":
            self.titles[self._at][-1] += data


def test_the_download_of_claims_over_time_is_the_log_counted_by_month(
    shop: Shop, lived: list[Claim], come: Callable[..., Client]
) -> None:
    from zoneinfo import ZoneInfo

    from babel.dates import format_date

    rows = _rows(come("programme_owner"), "claims")
    zone = ZoneInfo("America/New_York")

    def by_month(kinds: str, *, first: bool = False) -> Counter[str]:
        found: Counter[str] = Counter()
        seen = set()
        for claim, kind, at, _ in _events(shop):
            if kind == kinds and not (first and claim in seen):
                seen.add(claim)
                found[format_date(at.astimezone(zone).date(), "MMM y", locale="en_US")] += 1
        return found

    filed, closed, decided = by_month("ClaimFiled"), by_month("ClaimClosed"), by_month("ClaimDecided", first=True)
    assert len(rows) == 13
    for month, *numbers in rows[1:]:
        assert [int(each) for each in numbers] == [filed[month], decided[month], closed[month]], month
    # the sums of the year up to NOW's month; what happens later in these lives is in no month of it
    assert sum(int(row[1]) for row in rows[1:]) == len(lived)


def test_the_download_of_days_to_money_is_the_log_counted(
    shop: Shop, lived: list[Claim], come: Callable[..., Client]
) -> None:
    filed, first = {}, {}
    for claim, kind, at, _ in _events(shop):
        if kind == "ClaimFiled":
            filed[claim] = at
        if kind == "PaymentSettled":
            first.setdefault(claim, at)
    hours = [int((at - filed[claim]).total_seconds() // 3600) for claim, at in first.items()]
    limits = [0, 1, 6, 24, 48, 168, 336, 720, 1440, 10**9]
    naive = [sum(a <= each < b for each in hours) for a, b in pairwise(limits)]
    rows = _rows(come("programme_owner"), "days-to-money")
    assert [int(row[1]) for row in rows[1:]] == naive and sum(naive) == 6
    page = come("programme_owner").get("/programme").content.decode()
    ranked = sorted(hours)
    assert f"money within {ranked[2]} hours" in page, "the median of six is the third"
    assert "95 of 100 within 8 days" in page and ranked[-1] == 200


def test_the_download_of_money_is_what_claims_and_recoveries_say(
    shop: Shop, lived: list[Claim], come: Callable[..., Client]
) -> None:
    from decimal import Decimal

    from django.db.models import Sum

    from makewhole.store.models import Claim, Recovery

    rows = _rows(come("programme_owner"), "money-usd")
    sums = [sum(Decimal(row[at]) for row in rows[1:]) for at in range(1, 6)]
    paid = Claim.objects.filter(marketplace_id=shop.code).aggregate(sum=Sum("paid_minor"))["sum"]
    assert sum(sums) == Decimal(paid) / 100
    recovery = Recovery.objects.get(claim__marketplace_id=shop.code)
    came = recovery.applied_minor + recovery.received_minor - recovery.repaid_minor
    assert sums[1] == Decimal(came) / 100 and came > 0
    assert rows[0][1:] == [
        f"{name} (USD)" for name in ("Platform", "Sellers", "Insurers", "Producers", "Still asked back")
    ]


def test_plot_table_and_download_hold_the_same_numbers(
    shop: Shop, lived: list[Claim], come: Callable[..., Client]
) -> None:
    owner = come("programme_owner")
    seen = _Tables(owner.get("/programme").content.decode())
    assert set(seen.cells) >= {"claims", "clocks", "days-to-money", "money-usd"}
    for plot in ("claims", "clocks", "days-to-money", "money-usd"):
        told = [re.sub(r"[$,]", "", cell) for cell in seen.cells[plot]]
        assert told == [number for row in _numbers(_rows(owner, plot)) for number in row], plot
        drawn = [title.rpartition(": ")[2] for title in seen.titles[plot]]
        if plot == "claims":  # a line has a point for each number, in the order of its series
            numbers = _numbers(_rows(owner, plot))
            assert drawn == [row[at] for at in range(3) for row in numbers]
        else:  # columns and bars are drawn where there is something
            assert [re.sub(r"[$,]", "", each) for each in drawn] == [each for each in told if float(each)]


def test_days_add_up_to_their_months(shop: Shop, lived: list[Claim], come: Callable[..., Client]) -> None:
    owner = come("programme_owner")
    days, months = _numbers(_rows(owner, "claims-by-day")), _numbers(_rows(owner, "claims"))
    assert len(days) == 91
    assert sum(int(row[0]) for row in days) == sum(int(row[0]) for row in months) == len(lived)


def test_an_owner_of_another_marketplace_sees_none_of_it(
    shop: Shop, lived: list[Claim], come: Callable[..., Client]
) -> None:
    from world import open_shop

    other = open_shop()
    stranger = come("programme_owner", other.code)
    assert _rows(stranger, "claims")[1:][-1][1:] == ["0", "0", "0"]
    for page in ("/programme", "/clocks", "/outcomes", "/decisions"):
        text = stranger.get(page).content.decode()
        assert not [claim for claim in lived if claim.filed.reference in text]
        assert stranger.get(page, {"marketplace": shop.code}).status_code == 404
    assert stranger.get("/programme/claims.csv", {"marketplace": shop.code}).status_code == 404
    assert stranger.get("/programme/nothing.csv").status_code == 404


def test_whoever_answers_for_several_marketplaces_may_look_at_one(shop: Shop, lived: list[Claim], noon: object) -> None:
    from django.test import Client
    from journeys.visitors import hired
    from world import open_shop

    from makewhole.people.models import RoleAssignment

    other = open_shop()
    other.file()
    swept()
    account = hired("programme_owner", shop.code)
    RoleAssignment.objects.create(account=account, role="programme_owner", marketplace=other.code)
    owner = Client()
    owner.force_login(account)

    def filed(query: str) -> int:
        answer = owner.get(f"/programme/claims.csv{query}").content.decode()
        return sum(int(row[1]) for row in list(csv.reader(io.StringIO(answer)))[1:])

    assert (filed(""), filed(f"?marketplace={shop.code}"), filed(f"?marketplace={other.code}")) == (
        len(lived) + 1, len(lived), 1
    )  # fmt: skip


# Decisions and clauses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "many"),
    [
        ({}, 7),
        ({"who": "machine"}, 6),
        ({"who": "people"}, 1),
        ({"went": "refused"}, 1),
        ({"went": "approved"}, 6),
        ({"otherwise": "1"}, 1),
        ({"from": "2026-11-22"}, 1),
        ({"to": "2026-11-21"}, 6),
        ({"from": "2026-11-21", "to": "2026-11-21", "who": "machine"}, 6),
        ({"clause": "us 2021-1 · in_scope.no_such"}, 0),
    ],
)
def test_decisions_are_found_by_who_how_and_when(
    shop: Shop, lived: list[Claim], come: Callable[..., Client], query: dict[str, str], many: int
) -> None:
    _refused_by_a_person(shop)
    swept()
    page = come("auditor").get("/decisions", query).content.decode()
    assert page.count('data-label="When"') == many
    if query.get("went") == "refused":
        assert "Ada Adjuster" in page, "who decided is named"


def _refused_by_a_person(shop: Shop) -> None:
    """A claim whose papers do not show it all: an adjuster shows the concern, and refuses a day after."""
    from journeys.visitors import hired
    from world import NOW

    from makewhole import asks
    from makewhole.domain.actors import CLOCK, Actor
    from makewhole.domain.claim import commands as do
    from makewhole.domain.claim.events import DecidedLine, Reason
    from makewhole.handle import handle
    from makewhole.people.models import Account
    from makewhole.store.ids import new_id

    account = hired("adjuster", shop.code)
    Account.objects.filter(pk=account.pk).update(name="Ada Adjuster")
    ada = Actor(f"person:{account.pk}", "adjuster", marketplaces=frozenset({shop.code}))
    claim = shop.file(shop.notice(shop.sell(), claimed="500.00", loss_date=(NOW - timedelta(days=38)).date())).claim
    assert claim.whose_turn() == "adjuster", claim.stage
    said = asks.say("It does not fit what was told.")
    assert said.sealed is not None
    clause = f"{claim.policy_version} · payable_heads.property"
    reason = Reason("not_as_told", clause, (), said.sealed)
    at = NOW + timedelta(hours=1)
    raise_it = do.RaiseConcern((1,), reason)
    claim = handle(asks.act(raise_it, claim_id=claim.claim_id, by=ada, at=at, words=(said,))).claim
    clock = claim.held("claimant_answers")
    assert clock is not None
    at = clock.due_at
    claim = handle(asks.act(do.RunOutClock(clock.name, clock.turn), claim_id=claim.claim_id, by=CLOCK, at=at)).claim
    why = asks.say("Nothing was said to it.")
    refuse = do.Decide((DecidedLine(1, 0, 500_00, replace(reason, words=why.sealed)),), new_id())
    handle(asks.act(refuse, claim_id=claim.claim_id, by=ada, at=at, words=(why,)))


def test_a_clause_leads_to_the_decisions_that_cite_it(
    shop: Shop, lived: list[Claim], come: Callable[..., Client]
) -> None:
    owner = come("programme_owner")
    page = owner.get("/outcomes").content.decode()
    link = re.search(r'href="(/decisions\?clause=[^"]+)">(\d+)<', page)
    assert link is not None
    assert owner.get(link[1]).content.decode().count('data-label="When"') == int(link[2]) > 0


def test_pages_of_decisions_follow_each_other_and_none_comes_twice(
    shop: Shop, lived: list[Claim], come: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from makewhole.portals.owner import outcomes
    from makewhole.reads.decisions import decisions

    monkeypatch.setattr(outcomes, "decisions", lambda by, asked, **given: decisions(by, asked, size=2, **given))
    auditor, query, seen = come("auditor"), "", Counter[str]()
    for _ in range(10):
        page = auditor.get(f"/decisions{query}").content.decode()
        seen.update(re.findall(r'<a href="/claims/(MW-[^"/]+)"', page))
        after = re.search(r'href="\?(after=[^"]+)"', page)
        if after is None:
            break
        query = f"?{after[1]}"
    assert set(seen.values()) == {1} and len(seen) == 6


@pytest.mark.parametrize(
    "query",
    ["after=nonsense", "after=1_2_3", "from=yesterday", "to=2026-13-01", "by=x", "by=" + "9" * 30, "to=9999-12-31",
     "marketplace=nowhere", "after=99999999999999999999_x_1"],
)  # fmt: skip
def test_what_is_no_question_is_no_page(come: Callable[..., Client], query: str) -> None:
    assert come("auditor").get(f"/decisions?{query}").status_code == 404


# The auditor ------------------------------------------------------------------------------------------


def test_the_check_of_a_claim_finds_what_was_changed(
    shop: Shop, lived: list[Claim], come: Callable[..., Client]
) -> None:
    """Where the bytes of an event are others than were written, the page names it."""
    from makewhole.store import log

    claim = lived[0]
    auditor = come("auditor")
    assert "is whole" in auditor.get("/audit/log", {"claim": claim.filed.reference}).content.decode()
    with pytest.MonkeyPatch.context() as patch:
        rows = log.stream

        def tampered(raw: Any, name: str, parameters: Any) -> Any:
            for row in rows(raw, name, parameters):
                yield (*row[:4], row[4].replace("bank-9", "bank-8"), *row[5:]) if row[2] == "PaymentSettled" else row

        patch.setattr(log, "stream", tampered)
        page = auditor.get("/audit/log", {"claim": claim.filed.reference}).content.decode()
    assert "1 fault in the log" in page and "its bytes are not those that its digest was made of" in page


def test_a_claim_of_another_marketplace_is_not_checked(
    shop: Shop, lived: list[Claim], come: Callable[..., Client]
) -> None:
    answer = come("auditor", "elsewhere").get("/audit/log", {"claim": lived[0].filed.reference})
    assert answer.status_code == 404 and "as written" not in answer.content.decode()


def test_nothing_that_an_auditor_opens_has_a_form_that_changes_anything(shop: Shop, noon: object) -> None:
    from doors.doors import NOBODY, Premises, come
    from doors.test_every_door import DOORS

    # Not those that open without an account: to sign in, or to claim by a link, is nothing that an auditor was given.
    place = Premises(shop)
    assert place.claim and place.tendered and place.restriction
    swept()
    auditor, looked = come("auditor", place), 0
    for door in DOORS:
        if door.method != "GET" or "auditor" not in door.open_to or NOBODY in door.open_to:
            continue
        at = door.at(place)
        if at.startswith("/account"):
            continue  # one's own password and keys
        answer = auditor.get(at)
        if answer.status_code == 200 and "text/html" in answer.get("Content-Type", ""):
            looked += 1
            forms = re.findall(r"<form\b[^>]*>", answer.content.decode())
            posts = [re.search(r'action="([^"]*)"', form) for form in forms if 'method="post"' in form.lower()]
            assert {found[1] if found else "" for found in posts} <= {"/sign-out", "/role", "/appearance"}, str(door)
    assert looked > 12
    tendered = auditor.get(f"/claims/{place.tendered.filed.reference}").content.decode()
    assert "/acts/" not in tendered
