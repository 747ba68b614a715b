"""The page of recoveries: sums by stage to the cent, filters, paging, and nobody reads another's. Without a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from asked_back import AskedBack
    from django.test import Client
    from world import Shop


@pytest.fixture
def come(shop: Shop, noon: object) -> Callable[..., Client]:
    def comes(role: str, *, seller_id: int | None = None) -> Client:
        from django.test import Client
        from journeys.visitors import hired

        client = Client()
        client.force_login(hired(role, shop.code, seller_id=seller_id))
        return client

    return comes


@pytest.fixture
def asked(shop: Shop) -> AskedBack:
    from asked_back import contest_decided

    return contest_decided(shop)


def test_the_sums_are_those_of_the_recoveries(shop: Shop, asked: AskedBack) -> None:
    from makewhole.reads.recovery_sums import sums_of

    (one,) = sums_of(shop.staff("finance", 31))
    recovery = asked.claim.recovery
    assert recovery is not None
    assert (one.number, one.owed_minor, one.held_minor) == (1, recovery.owed_minor, recovery.held_minor)
    assert one.received_minor == recovery.recovered_minor
    assert one.outstanding_minor == sum(recovery.outstanding_minor(debt.debtor) for debt in recovery.debts)


def test_it_is_filtered_by_stage_and_seller(shop: Shop, asked: AskedBack, come: Callable[..., Client]) -> None:
    finance, reference = come("finance"), asked.claim.filed.reference
    stage = "closed" if asked.claim.recovery and not asked.claim.recovery.is_open else "stands"
    for query, there in (
        ({}, True),
        ({"stage": stage}, True),
        ({"stage": "contested"}, False),
        ({"seller": shop.uninsured.seller_ref}, True),
        ({"seller": shop.insured.seller_ref}, False),
    ):
        assert (reference in finance.get("/recoveries", query).content.decode()) is there, query


def test_a_seller_reads_its_own_and_not_anothers(shop: Shop, asked: AskedBack, come: Callable[..., Client]) -> None:
    reference = asked.claim.filed.reference
    own = come("seller", seller_id=shop.uninsured.pk).get("/recoveries").content.decode()
    other = come("seller", seller_id=shop.insured.pk).get("/recoveries").content.decode()
    assert reference in own
    assert reference not in other and "Nothing is asked of you." in other


@pytest.mark.parametrize("after", ["nonsense", "1_2", "99999999999999999999_x_1", "1_not-an-id_1"])
def test_a_cursor_that_is_none_is_no_page(come: Callable[..., Client], after: str) -> None:
    assert come("finance").get("/recoveries", {"after": after}).status_code == 404


def test_a_long_list_comes_page_by_page(
    shop: Shop, asked: AskedBack, come: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from makewhole.portals.recoveries import page
    from makewhole.reads.recoveries import recoveries_of

    second = _another(shop)
    monkeypatch.setattr(page, "recoveries_of", lambda by, **given: recoveries_of(by, size=1, **given))
    finance = come("finance")
    first = finance.get("/recoveries").content.decode()
    after = first.split("after=")[1].split('"')[0]
    rest = finance.get(f"/recoveries?after={after}").content.decode()
    for claim in (asked.claim, second.claim):
        assert (claim.filed.reference in first) != (claim.filed.reference in rest)
    assert 'href="?after=' not in rest


def _another(shop: Shop) -> AskedBack:
    """Somebody else's small claim against the same seller, paid and asked back."""
    from asked_back import AskedBack
    from world import NOW

    from makewhole.domain.actors import Actor
    from makewhole.domain.claim import commands as do

    claim = shop.file(shop.notice(shop.sell(seller=shop.uninsured), claimed="120.00")).claim
    seller = Actor(f"seller:{shop.uninsured.pk}", "seller", seller_id=shop.uninsured.pk)
    life = AskedBack(shop, claim, seller, NOW)
    life.does(do.ConfirmPayment(claim.payments[0].order.payment_id, "bank-2"), shop.staff("finance", 31))
    return life.runs_out("seller_proof_of_insurance")
