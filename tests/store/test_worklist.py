"""Worklists on a real database: filters and figures, a claim's place, saved views, what is alike, what would be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from world import AFTER_THE_TENDER, NOW, a_photo, open_shop

from makewhole import asks
from makewhole.asks import PayoutTold
from makewhole.domain.claim import commands as do
from makewhole.domain.refusal import Refused
from makewhole.handle import Key, foresee, handle, handle_all

if TYPE_CHECKING:
    from world import Shop

    from makewhole.domain.actors import Actor
    from makewhole.domain.claim.state import Claim

pytestmark = pytest.mark.usefixtures("kept")


# Filters and figures -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "chosen", ["", "injury=yes", "amount=to_1000", "why=check%3Aamount_against_receipts", "whose=nobody&injury=no"]
)
def test_the_figure_beside_a_value_is_the_number_of_claims_that_choosing_it_shows(shop: Shop, chosen: str) -> None:
    from makewhole.portals.adjuster.queue import wanted_from
    from makewhole.reads.wanted import FILTERS
    from makewhole.reads.worklist import counted, worklist

    _a_mixed_day(shop)
    by, later = shop.staff("reviewer", 12), NOW + timedelta(days=39, hours=23)
    wanted = wanted_from(chosen)
    figures, every = counted(by, wanted, now=later), counted(by, wanted_from(""), now=later).by
    assert {name for name in FILTERS if every[name]} >= {"due", "whose", "turn", "why", "injury", "amount", "seller"}
    checked = 0
    for name, values in every.items():
        assert set(figures.by[name]) <= set(values)
        for value in values:
            if value:
                number = figures.by[name].get(value, 0)
                shown = worklist(by, now=later, wanted=wanted.with_(name, value))
                assert (name, value, shown.total, len(shown.claims)) == (name, value, number, number)
                checked += 1
    assert checked > 10
    shown = worklist(by, now=later, wanted=wanted)
    assert (figures.total, figures.late, figures.more, figures.figured) == (shown.total, shown.late, False, 0)


def test_what_is_no_filter_or_cannot_be_a_value_is_left_out(shop: Shop) -> None:
    from makewhole.portals.adjuster.queue import wanted_from
    from makewhole.reads.worklist import counted, worklist

    _doubtful(shop)
    by = shop.staff("adjuster", 12)
    assert not wanted_from("colour=red&after=x&due=" + "x" * 61)
    for strange in ("seller=abc", "seller=99999999999999999999", "due=%27%3B--", "task=%7B%7D", "whose=person%3A1"):
        assert worklist(by, now=NOW, wanted=wanted_from(strange)).claims == []
        assert counted(by, wanted_from(strange), now=NOW).total == 0


def test_figures_are_bounded_where_very_much_waits_and_say_so(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from makewhole.reads import worklist as reads
    from makewhole.reads.wanted import Wanted

    for _ in range(3):
        _doubtful(shop)
    by = shop.staff("adjuster", 12)
    monkeypatch.setattr(reads, "MOST_COUNTED", 2)
    monkeypatch.setattr(reads, "FIGURED", 2)
    found = reads.counted(by, Wanted(), now=NOW)
    assert (found.total, found.more, found.figured, sum(found.by["whose"].values())) == (2, True, 2, 2)
    monkeypatch.setattr(reads, "MOST_COUNTED", 3)
    monkeypatch.setattr(reads, "FIGURED", 4)
    found = reads.counted(by, Wanted(), now=NOW)
    assert (found.total, found.more, found.figured, sum(found.by["whose"].values())) == (3, False, 0, 3)


def test_a_worklist_and_its_figures_end_at_the_marketplace(shop: Shop) -> None:
    from makewhole.reads.wanted import Wanted
    from makewhole.reads.worklist import counted, found_by_number

    claim, elsewhere = _doubtful(shop), open_shop()
    theirs = elsewhere.staff("adjuster", 12)
    assert counted(theirs, Wanted(), now=NOW).total == 0
    assert found_by_number(theirs, claim.filed.reference) == []
    assert [row.reference for row in found_by_number(shop.staff("adjuster", 1), claim.filed.reference[:8].lower())] == [
        claim.filed.reference
    ]
    order = f"{shop.code}-1"
    assert [row.reference for row in found_by_number(shop.staff("auditor", 1), order)] == [claim.filed.reference]


def test_what_a_clock_of_ours_missed_is_late_for_those_who_have_to_look(shop: Shop) -> None:
    from makewhole.domain.actors import CLOCK
    from makewhole.reads.wanted import Wanted
    from makewhole.reads.worklist import counted, worklist

    claim = _doubtful(shop)
    decision = claim.running("decision")
    assert decision is not None
    owner, adjuster = shop.staff("programme_owner", 31), shop.staff("adjuster", 12)
    at = decision.due_at + timedelta(minutes=1)

    def late(by: Actor) -> tuple[int, int]:
        return worklist(by, now=at, mine=False).late, counted(by, Wanted(), now=at).late

    assert late(owner) == late(adjuster) == (1, 1)  # the deadline itself is over
    handle(asks.act(do.RunOutClock("decision", decision.turn), claim_id=claim.claim_id, by=CLOCK, at=at))
    assert (late(owner), late(adjuster)) == ((1, 1), (0, 0))


# Before and after ---------------------------------------------------------------------------------------------------


def test_walking_from_file_to_file_meets_each_claim_of_the_list_once_in_its_order(shop: Shop) -> None:
    from makewhole.reads.wanted import Wanted
    from makewhole.reads.worklist import beside, worklist
    from makewhole.store.models import Claim as Row

    _a_mixed_day(shop)
    by = shop.staff("adjuster", 12)
    order = [row.pk for row in worklist(by, now=AFTER_THE_TENDER).claims]
    assert len(order) > 4
    for at, claim_id in enumerate(order):
        near = beside(by, Row(pk=claim_id), Wanted(), now=AFTER_THE_TENDER, before=2, after=3)
        assert [row.pk for row in near.before] == order[max(0, at - 2) : at]
        assert [row.pk for row in near.after] == order[at + 1 : at + 4]


def test_claims_without_a_deadline_come_last_and_each_is_met_once_by_page_and_by_file(shop: Shop) -> None:
    from makewhole.reads.wanted import Wanted
    from makewhole.reads.worklist import beside, worklist
    from makewhole.store.models import Claim as Row

    _a_mixed_day(shop)
    by = shop.staff("reviewer", 12)
    dated = [row.pk for row in worklist(by, now=AFTER_THE_TENDER).claims if row.due_at]
    Row.objects.filter(pk__in=dated[-2:]).update(due_at=None)
    order = [row.pk for row in worklist(by, now=AFTER_THE_TENDER).claims]
    undated = set(Row.objects.filter(pk__in=order, due_at=None).values_list("pk", flat=True))
    assert len(undated) >= 2 and set(order[-len(undated) :]) == undated and set(dated) <= set(order)
    page = worklist(by, now=AFTER_THE_TENDER, size=2)
    met = [row.pk for row in page.claims]
    while page.next_after:
        page = worklist(by, now=AFTER_THE_TENDER, size=2, after=page.next_after)
        met += [row.pk for row in page.claims]
    assert met == order
    for at, claim_id in enumerate(order):
        near = beside(by, Row(pk=claim_id), Wanted(), now=AFTER_THE_TENDER, before=2, after=3)
        assert [row.pk for row in near.before] == order[max(0, at - 2) : at]
        assert [row.pk for row in near.after] == order[at + 1 : at + 4]


# Saved views --------------------------------------------------------------------------------------------------------


def test_a_view_is_ones_own_and_one_of_them_comes_first(shop: Shop) -> None:
    from makewhole.store.saved_views import MOST, make_first, remove_view, save_view, views_of

    by, other = shop.staff("adjuster", _nobody_before()), shop.staff("adjuster", _nobody_before())
    late = save_view(by, " Late  ones ", "due=late", at=NOW, first=True)
    save_view(by, "Hurt", "injury=yes", at=NOW, first=True)
    again = save_view(by, "LATE ONES", "due=day", at=NOW)
    assert again.pk == late.pk and [view.name for view in views_of(by)] == ["LATE ONES", "Hurt"]
    assert [view.is_default for view in views_of(by)] == [False, True]
    assert views_of(other) == [] and views_of(replace(by, role="reviewer")) == []
    assert not remove_view(other, late.pk) and not make_first(other, late.pk)
    assert make_first(by, late.pk) and [view.is_default for view in views_of(by)] == [True, False]
    for name in ("", "  ", "x" * 61, "a\x00b"):
        with pytest.raises(Refused, match="view_needs_a_name"):
            save_view(by, name, "", at=NOW)
    for n in range(MOST - 2):
        save_view(by, f"view {n}", "", at=NOW)
    with pytest.raises(Refused, match="too_many_views"):
        save_view(by, "one more", "", at=NOW)
    assert remove_view(by, late.pk) and len(views_of(by)) == MOST - 1


# What is alike ------------------------------------------------------------------------------------------------------


def test_claims_that_share_a_photo_an_account_or_the_product_are_found_the_strongest_first(shop: Shop) -> None:
    from makewhole.reads.similar import similar_claims

    photo, account = a_photo(), PayoutTold("bank_transfer", account="DE123456789", holder="Ana Rivera")
    product = _doubtful(shop)
    shared = _doubtful(shop, photo=photo, payout=account)
    claim = _doubtful(shop, photo=photo, payout=account)
    found = similar_claims(claim, shop.staff("adjuster", 12))
    assert [each.row.pk for each in found] == [shared.claim_id, product.claim_id]
    assert set(found[0].why) == {"photo", "payee", "product"} and found[1].why == ("product",)
    assert found[0].shares and not found[1].shares


def test_nothing_of_another_marketplace_is_alike_for_who_does_not_work_there(shop: Shop) -> None:
    from makewhole.domain.actors import Actor
    from makewhole.reads.similar import similar_claims

    photo, elsewhere = a_photo(), open_shop()
    theirs = _doubtful(elsewhere, photo=photo)
    claim = _doubtful(shop, photo=photo)
    assert similar_claims(claim, shop.staff("adjuster", 12)) == []
    everywhere = similar_claims(claim, Actor("person:12", "adjuster"))
    assert [(each.row.pk, each.why) for each in everywhere] == [(theirs.claim_id, ("photo",))]


# What would happen --------------------------------------------------------------------------------------------------


def test_what_is_foreseen_is_what_then_happens_and_looking_writes_nothing(shop: Shop) -> None:
    from makewhole.store.models import Event, IdempotencyKey

    claim, closed = _doubtful(shop), _doubtful(shop)
    handle(asks.act(do.WithdrawClaim(), claim_id=closed.claim_id, by=shop.backend, at=NOW))
    by = shop.staff("adjuster", 12)
    asked = [
        replace(
            asks.act(do.AssignClaim(by.name), claim_id=each.claim_id, by=by, at=NOW),
            key=Key(by.name, f"look-{each.claim_id.hex}", b"x"),
        )
        for each in (claim, closed)
    ]
    before = Event.objects.count(), IdempotencyKey.objects.count()
    seen, refused = foresee(asked)
    assert (Event.objects.count(), IdempotencyKey.objects.count()) == before
    assert isinstance(refused, Refused) and refused.code == "claim_is_closed"
    done, refused_too = handle_all(asked)
    assert not isinstance(seen, Refused) and not isinstance(done, Refused)
    assert [each.event for each in seen] == [each.event for each in done.events]
    assert isinstance(refused_too, Refused) and refused_too.code == refused.code
    assert foresee(asked)[0] == ()  # it was done before, and would do nothing twice


# Parts --------------------------------------------------------------------------------------------------------------


def _doubtful(
    shop: Shop, *, claimed: str = "900.00", shown: str = "520.00", photo: bytes | None = None, **told: object
) -> Claim:
    files = (shop.send("photo", content=photo), replace(shop.send("receipt"), exposure=1, amount=shown))
    return shop.file(shop.notice(shop.sell(price="199.00"), claimed=claimed, evidence=files, **told)).claim


def _a_mixed_day(shop: Shop) -> None:
    """Claims of several kinds: hurt, small, given to somebody, over the limit with a silent seller."""
    by = shop.staff("adjuster", 12)
    _doubtful(shop, injury=True)
    _doubtful(shop, claimed="90.00", shown="40.00")
    mine = _doubtful(shop)
    handle(asks.act(do.AssignClaim(shop.staff("reviewer", 12).name), claim_id=mine.claim_id, by=by, at=NOW))
    shop.file_unanswered(shop.notice(shop.sell(price="199.00"), claimed="2600.00"))
    shop.file_unanswered(shop.notice(shop.sell(price="199.00", seller=shop.uninsured), claimed="2700.00"))
    _doubtful(shop, claimed="1200.00")


def _nobody_before() -> int:
    """The number of an account that has nothing kept: databases of tests are not emptied."""
    import secrets

    return secrets.randbelow(10**12) + 10**6
