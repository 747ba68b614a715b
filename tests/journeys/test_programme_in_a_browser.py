"""The programme owner and the auditor in a real browser: what they look at, and rules from a draft to a version."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from journeys.visitors import Visitor
    from world import Shop

RAISED = """[[values.small_claim_limit]]
kind = "money"
value = "1500.00"
from = 2027-01-01
selected_by = "incident"
source = "Raised by the programme owner"
checked = 2026-11-21

[[values.small_claim_limit]]"""
BOTH = pytest.mark.parametrize("width", [1280, 390])


def _in_the_dark(visitor: Visitor) -> None:
    visitor.page.emulate_media(color_scheme="dark")
    visitor.page.reload()  # not in the middle of a button's change of colour


def _open_drawer(visitor: Visitor, plot: str) -> None:
    visitor.page.locator(f"#{plot} .plot-table summary").click()


@BOTH
def test_the_owner_sees_whether_the_guarantee_is_kept(visit: Callable[..., Visitor], shop: Shop, width: int) -> None:
    from a_year import tell_a_year
    from journeys.visitors import hired

    tell_a_year(shop.code, "USD")
    owner = visit(width)
    owner.signs_in(hired("programme_owner", shop.code).email)
    owner.goes_to("/programme")
    assert re.match(r"\d\d\.\d% of our clocks were kept; half of the customers had money within", owner.headline)
    assert owner.page.locator("svg.plot:visible").count() == 4, "of the two drawings of each plot one is shown"
    owner.keeps_picture("programme")
    _in_the_dark(owner)
    owner.keeps_picture("programme-dark")
    _open_drawer(owner, "claims")
    assert owner.page.locator("#claims tbody tr").count() == 12
    owner.keeps_picture("programme-numbers")


@BOTH
def test_claims_day_by_day(visit: Callable[..., Visitor], shop: Shop, width: int) -> None:
    from a_year import tell_a_year
    from journeys.visitors import hired

    tell_a_year(shop.code, "USD")
    owner = visit(width)
    owner.signs_in(hired("programme_owner", shop.code).email)
    owner.goes_to("/programme?by=day")
    assert owner.sees("Claims day by day")
    owner.keeps_picture("programme-days")


@BOTH
def test_clocks_that_are_late_come_first_and_lead_to_their_claims(
    visit: Callable[..., Visitor], shop: Shop, noon: Callable[..., None], width: int
) -> None:
    from datetime import timedelta

    from a_year import tell_a_year
    from journeys.visitors import hired
    from world import NOW

    from makewhole.domain.actors import CLOCK
    from makewhole.domain.claim.commands import RunOutClock
    from makewhole.handle import Ask, handle

    tell_a_year(shop.code, "USD")
    waits = shop.file(shop.notice(shop.sell(seller=shop.uninsured), claimed="1850.00")).claim  # nobody answers
    small = shop.file().claim
    pay = small.held("pay")
    assert pay is not None and waits.held("whole_claim") is not None
    handle(Ask(RunOutClock("pay", pay.turn), CLOCK, pay.due_at + timedelta(minutes=2), small.claim_id))
    noon(NOW + timedelta(days=95))
    owner = visit(width)
    owner.signs_in(hired("programme_owner", shop.code).email)
    owner.goes_to("/clocks")
    assert "over and run" in owner.headline
    owner.keeps_picture("clocks")
    owner.page.locator("#missed").get_by_role("link", name=small.filed.reference).click()
    assert small.filed.reference in owner.page.url


@BOTH
def test_the_next_rules_from_a_draft_with_faults_to_a_version(
    visit: Callable[..., Visitor], shop: Shop, width: int
) -> None:
    from journeys.visitors import hired
    from world import NOW

    from makewhole.store import policies
    from makewhole.store.models import Marketplace, PolicyVersion

    text = policies.shipped("us").replace('name = "us"', f'name = "{shop.code}"')
    policies.publish(text, where="own.toml", at=NOW.replace(year=2025), by="person:1")
    Marketplace.objects.filter(code=shop.code).update(policy=shop.code)
    owner = visit(width)
    owner.signs_in(hired("programme_owner", shop.code, email=f"vera.{shop.code}@example.com").email)
    owner.goes_to("/drafts")
    owner.keeps_picture("drafts")
    owner.page.get_by_role("button", name=re.compile("Start a draft")).click()
    first = '[[values.small_claim_limit]]\nkind = "money"\nvalue = "1000.00"\nfrom = 2021-09-01\n'
    assert first in text
    raised = text.replace("[[values.small_claim_limit]]", RAISED, 1)
    faulty = raised.replace('kind = "money"\nvalue = "1500.00"', 'kind = "mony"\nvalue = "1500.00"')
    owner.page.get_by_label("What it is for").fill("A higher limit from January")
    owner.page.get_by_label("The policy, as TOML").fill(faulty)
    owner.presses("Save and check")
    assert "stand" in owner.headline and "in its way" in owner.headline
    line = faulty[: faulty.index('"mony"')].count("\n") + 1
    assert owner.sees(f"line {line}"), "the finding names the line"
    owner.keeps_picture("draft-with-faults")
    owner.page.get_by_label("The policy, as TOML").fill(raised)
    owner.presses("Save and check")
    assert owner.headline == "It can be published: 1 rule changes."
    assert owner.sees("USD 1,500.00") and owner.sees("from 1 Jan 2027 on")
    owner.page.locator("#difference summary").click()
    owner.keeps_picture("draft")
    owner.page.get_by_role("link", name="Look once more, and publish").click()
    owner.keeps_picture("publish")
    owner.page.get_by_label("I have read what changes").check()
    owner.presses("Publish")
    assert owner.sees("It can no longer be changed")
    newest = PolicyVersion.objects.filter(policy=shop.code).order_by("-seq")[0]
    assert newest.seq == 2 and newest.published_by.startswith("person:")
    assert newest.version in owner.page.get_by_role("main").inner_text()


@BOTH
def test_the_auditor_checks_a_claim_and_reads_who_decided(
    visit: Callable[..., Visitor], shop: Shop, width: int
) -> None:
    from datetime import timedelta
    from secrets import token_hex

    from journeys.visitors import hired
    from world import NOW

    from makewhole.domain.actors import Actor
    from makewhole.people.models import Account
    from makewhole.store import accounts
    from makewhole.store.accounts import RoleToGive
    from makewhole.store.figures import sweep

    claim = shop.file().claim
    for _ in range(3):
        shop.file()
    while sweep(NOW + timedelta(minutes=1), whole=True):
        pass
    auditor = visit(width)
    auditor.signs_in(hired("auditor", shop.code).email)
    auditor.goes_to("/audit")
    auditor.keeps_picture("audit")
    auditor.page.get_by_label("A claim, by its reference").fill(claim.filed.reference)
    auditor.presses("Check it now")
    assert f"The log of {claim.filed.reference} is whole" in auditor.headline
    auditor.keeps_picture("audit-log")
    auditor.goes_to("/decisions")
    assert auditor.sees(claim.filed.reference)
    auditor.keeps_picture("decisions")
    auditor.goes_to("/outcomes")
    auditor.keeps_picture("outcomes")
    auditor.goes_to("/audit/rules")
    auditor.keeps_picture("audit-rules")
    boss = hired("administrator", shop.code)
    Account.objects.filter(pk=boss.pk).update(name="Max Admin")
    by = Actor(f"person:{boss.pk}", "administrator", marketplaces=frozenset({shop.code}))
    accounts.invite(f"kim.{token_hex(4)}@example.com", "Kim Oyelaran", RoleToGive("adjuster", shop.code), by=by, at=NOW)
    auditor.goes_to("/audit/roles")
    assert auditor.sees("given by Max Admin, 21 Nov 2026") and auditor.sees("no record of who gave it")
    auditor.keeps_picture("audit-roles")
    auditor.goes_to("/audit")
    auditor.page.get_by_role("link", name="Who signed in").click()
    assert auditor.sees("127.0.0.1")
    auditor.keeps_picture("audit-sign-ins")
