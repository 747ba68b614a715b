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


def test_each_of_two_debtors_reads_its_own_part_and_nothing_of_the_others(
    shop: Shop, come: Callable[..., Client]
) -> None:
    """500 are the seller's deductible, 2,000 the insurer's; the insurer pays 700 of them, the seller 200."""
    from owing import FINANCE, LATER, do, paid, run_out, tendered

    from makewhole import asks_recovery
    from makewhole.domain.actors import Actor
    from makewhole.reads.recoveries import recoveries_of
    from makewhole.reads.recovery_sums import own_parts, own_sums
    from makewhole.store.models import Coverage, Insurer

    insurer = Insurer.objects.create(name=f"Harbour {shop.code}", email="claims@harbour.example")
    Coverage.objects.filter(seller=shop.insured).update(
        insurer_account=insurer, limit_minor=1_000_000_00, deductible_minor=500_00
    )
    claim = paid(run_out(tendered(shop, seller=shop.insured), "seller_answers"))
    for debtor, amount in (("insurer", "700.00"), ("seller", "200.00")):
        got = asks_recovery.receive_recovery(claim.claim_id, debtor, amount, "USD", f"IN-{debtor}")
        do(got, claim, FINANCE, LATER)
    readers = {
        "seller": Actor(f"seller:{shop.insured.pk}", "seller", seller_id=shop.insured.pk),
        "insurer": Actor(f"insurer:{insurer.pk}", "insurer", insurer_id=insurer.pk),
    }
    parts = {"seller": (500_00, 200_00, 300_00), "insurer": (2_000_00, 700_00, 1_300_00)}
    for role, by in readers.items():
        rows, _ = recoveries_of(by)
        (part,) = own_parts(rows, by).values()
        assert (part.owed_minor, part.paid_minor, part.left_minor) == parts[role]
        (whole,) = own_sums(by)
        assert (whole.number, whole.outstanding_minor) == (1, parts[role][2])
    page = come("seller", seller_id=shop.insured.pk).get("/recoveries").content.decode()
    assert "$300.00 is asked of you." in page and "$500.00" in page
    assert "$2,000.00" not in page and "$1,300.00" not in page and "$2,500.00" not in page


def test_an_insurer_of_which_nothing_is_asked_is_shown_no_recovery(shop: Shop) -> None:
    from owing import paid, run_out, tendered

    from makewhole.domain.actors import Actor
    from makewhole.reads.recoveries import recoveries_of
    from makewhole.reads.recovery_sums import own_sums
    from makewhole.store.models import Coverage, Insurer, Recovery

    insurer = Insurer.objects.create(name=f"Harbour {shop.code}", email="claims@harbour.example")
    Coverage.objects.filter(seller=shop.insured).update(
        insurer_account=insurer, limit_minor=1_000_000_00, deductible_minor=2_500_00
    )
    claim = paid(run_out(tendered(shop, seller=shop.insured), "seller_answers"))
    assert Recovery.objects.filter(claim_id=claim.claim_id).exists()
    by = Actor(f"insurer:{insurer.pk}", "insurer", insurer_id=insurer.pk)
    assert recoveries_of(by) == ([], "") and own_sums(by) == []


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
