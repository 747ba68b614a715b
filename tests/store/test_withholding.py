"""What is withheld of payouts: the oldest debt first, never beyond the net amount or the debt, once, and from many
workers at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from owing import FINANCE, LATER, PAID_AT, do, owing, paid, payout, refusal, run_out, seller_of, tendered
from world import Shop, open_shop

from makewhole import asks_recovery, asks_tender
from makewhole.domain.claim.state import Claim
from makewhole.domain.recovery.commands import ReceiveRecovery, WithholdFunds
from makewhole.handle import Done
from makewhole.recovering import withhold_from
from makewhole.store.ids import new_id
from makewhole.store.models import Disbursement, Recovery, Seller, Withholding
from makewhole.workers.withholding import sweep_withholding

AT = PAID_AT + timedelta(hours=1)


def row(claim: Claim) -> Recovery:
    return Recovery.objects.get(claim_id=claim.claim_id)


def told(payouts: list[Disbursement]) -> list[tuple[str, str, str]]:
    return [
        (each.disbursement_ref, each.claim_reference, str(each.amount))
        for each in withhold_from([one.pk for one in payouts], AT)
    ]


def test_the_oldest_debt_is_served_first_and_the_next_takes_what_is_left(shop: Shop) -> None:
    first, second = owing(shop, claimed="1500.00"), owing(shop, claimed="2500.00")
    one = payout(shop, 1600)
    assert told([one]) == sorted(
        [
            (one.disbursement_ref, first.filed.reference, "USD 1,500.00"),
            (one.disbursement_ref, second.filed.reference, "USD 100.00"),
        ],
        key=lambda each: each[1],
    )
    assert (row(first).held_minor, row(second).held_minor) == (1500_00, 100_00)
    one.refresh_from_db()
    assert one.withheld_minor == one.net_minor


def test_a_debt_is_withheld_over_several_payouts_and_never_beyond_it(shop: Shop) -> None:
    claim = owing(shop, claimed="2500.00")
    payouts = [payout(shop, net) for net in (1000, 1000, 1000)]
    assert [amount for _, _, amount in told(payouts)] == ["USD 1,000.00", "USD 1,000.00", "USD 500.00"]
    assert row(claim).held_minor == 2500_00
    assert told([payout(shop, 9000)]) == []


def test_told_again_it_is_told_again_and_not_withheld_again(shop: Shop) -> None:
    claim = owing(shop)
    one = payout(shop, 1000)
    assert told([one]) == told([one])
    assert row(claim).held_minor == 1000_00 and Withholding.objects.filter(disbursement=one).count() == 1


def test_nothing_is_withheld_of_the_payouts_of_others_in_another_currency_or_paid_already(shop: Shop) -> None:
    owing(shop)
    today = date(2026, 11, 30)  # of PAID_AT in New York
    assert told([payout(shop, 1000, seller=shop.insured)]) == []
    assert told([payout(shop, 1000, currency="EUR")]) == []
    assert told([payout(shop, 1000, pays_on=today - timedelta(days=1))]) == []
    assert len(told([payout(shop, 1000, pays_on=today)])) == 1


def test_a_payout_of_nothing_gives_nothing(shop: Shop) -> None:
    owing(shop)
    assert told([payout(shop, 0)]) == [] == withhold_from([], AT)


@pytest.mark.parametrize("why", ["contested", "instalments", "bankrupt", "closed", "obstacle", "proof"])
def test_a_recovery_that_must_wait_is_passed_over_and_the_next_is_served(shop: Shop, why: str) -> None:
    seller = Seller.objects.create(marketplace_id=shop.code, seller_ref="pan-co", name="Pan Co", email="p@example.com")
    claim = owing(shop, seller=seller)
    HINDRANCES[why](shop, claim, seller)
    assert told([payout(shop, 900, seller=seller)]) == []
    other = owing(shop)
    assert told([payout(shop, 900)])[0][1] == other.filed.reference


def _contest(shop: Shop, claim: Claim, seller: Seller) -> Done:
    command, said = asks_recovery.contest_recovery(("no_defect",), "It was not ours.", (), "USD")
    return do(command, claim, seller_of(shop, seller), PAID_AT, *said)


def _instalments(shop: Shop, claim: Claim, seller: Seller) -> Done:
    command = asks_recovery.agree_instalments(((date(2026, 12, 20), "2500.00"),), "USD")
    return do(command, claim, FINANCE, PAID_AT)


def _obstacle(shop: Shop, claim: Claim, seller: Seller) -> Done:
    command, said = asks_recovery.note_obstacle("bankruptcy", "The court wrote to us.")
    return do(command, claim, FINANCE, PAID_AT, *said)


def _gone(**columns: Any) -> Any:
    return lambda shop, claim, seller: Seller.objects.filter(pk=seller.pk).update(**columns)


def _proof(shop: Shop, claim: Claim, seller: Seller) -> Done:
    files = (shop.send("other", by=seller_of(shop, seller)),)
    command, said = asks_tender.send_proof_of_insurance(files, "USD", "Here it is.")
    return do(command, claim, seller_of(shop, seller), PAID_AT, *said)


HINDRANCES: dict[str, Any] = {
    "contested": _contest,
    "instalments": _instalments,
    "obstacle": _obstacle,
    "bankrupt": _gone(insolvent_since=date(2026, 11, 1)),
    "closed": _gone(closed_at=PAID_AT),
    "proof": _proof,
}


def test_instalments_that_were_all_kept_hold_up_nothing_that_is_owed_beyond_them(shop: Shop) -> None:
    claim = owing(shop)
    claim = _instalments(shop, claim, shop.uninsured).claim
    assert refusal(WithholdFunds(payout(shop, 900).pk), claim, FINANCE, AT) == "instalments_run"
    claim = do(ReceiveRecovery(new_id(), "seller", 2500_00, "B-2"), claim, FINANCE, AT).claim
    claim = run_out(claim, "instalment")
    assert claim.recovery is not None and claim.recovery.instalments and not claim.held("instalment")


def test_a_missed_instalment_lets_withholding_go_on(shop: Shop) -> None:
    claim = _instalments(shop, owing(shop), shop.uninsured).claim
    claim = run_out(claim, "instalment")
    one = payout(shop, 700, pays_on=LATER.date())
    assert [str(each.amount) for each in withhold_from([one.pk], LATER)] == ["USD 700.00"]


# The sweep ----------------------------------------------------------------------------------------------------


@pytest.fixture
def only_shop(emptied: None) -> Shop:
    """A sweep looks at every marketplace: here there is no other."""
    return open_shop()


def test_the_sweep_withholds_of_payouts_that_were_told_before_the_debt(only_shop: Shop) -> None:
    claim = tendered(only_shop)
    past, coming = payout(only_shop, 300, pays_on=date(2026, 11, 29)), payout(only_shop, 400)
    assert told([past, coming]) == []
    claim = paid(run_out(claim, "seller_answers"))
    assert sweep_withholding(AT) == 1
    assert list(Withholding.objects.filter(claim_id=claim.claim_id).values_list("disbursement_id", flat=True)) == [
        coming.pk
    ]
    assert sweep_withholding(AT) == 0


def test_the_sweep_asks_one_query_where_nothing_is_to_be_done(only_shop: Shop) -> None:
    claim = owing(only_shop)
    payout(only_shop, 9000)
    sweep_withholding(AT)
    do(ReceiveRecovery(new_id(), "seller", 100_00, "B-3"), claim, FINANCE, AT)  # some of what is held goes back
    with CaptureQueriesContext(connection) as asked:
        assert sweep_withholding(AT) == 0
    assert len(asked) == 1


def test_what_the_seller_has_paid_is_not_asked_for_again(only_shop: Shop) -> None:
    claim = owing(only_shop)
    do(ReceiveRecovery(new_id(), "seller", 2500_00, "B-4"), claim, FINANCE, PAID_AT)
    payout(only_shop, 9000)
    with CaptureQueriesContext(connection) as asked:
        assert sweep_withholding(AT) == 0
    assert len(asked) == 1


def test_a_fault_with_one_payout_leaves_the_others_and_is_raised(
    only_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from makewhole import recovering

    owing(only_shop, claimed="2500.00")
    bad, good = payout(only_shop, 100), payout(only_shop, 100, pays_on=date(2026, 12, 24))
    handle = recovering.handle

    def faulty(ask: Any) -> Done:
        assert ask.command.disbursement_id != bad.pk, "ours"
        return handle(ask)

    monkeypatch.setattr(recovering, "handle", faulty)
    with pytest.raises(AssertionError, match="ours"):
        sweep_withholding(AT)
    assert Withholding.objects.filter(disbursement=good).exists()


# At once ------------------------------------------------------------------------------------------------------


def test_four_workers_at_once_never_pass_the_net_amount_nor_the_debt(shop: Shop) -> None:
    claims = [owing(shop, claimed=claimed) for claimed in ("1200.00", "1300.00", "1400.00")]
    for _ in range(5):
        payouts = [payout(shop, net) for net in (500, 250)]
        start = threading.Barrier(4)

        def work(_: int, ids: list[int], start: threading.Barrier) -> None:
            start.wait()
            try:
                withhold_from(ids, AT)
                sweep_withholding(AT)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda n: work(n, [each.pk for each in payouts], start), range(4)))  # noqa: B023
    held = [row(claim).held_minor for claim in claims]
    assert held == [1200_00, 1300_00, 5 * 750_00 - 2500_00]
    for each in Disbursement.objects.filter(marketplace_id=shop.code):
        parts = Withholding.objects.filter(disbursement=each)
        assert each.withheld_minor == sum(one.amount_minor for one in parts) == each.net_minor


def test_two_that_withhold_more_than_the_payout_has_in_the_same_instant_get_one_outcome(shop: Shop) -> None:
    """Each asks for an amount of its own, of one payout, for another claim: the second is told what is left."""
    for _ in range(8):
        claims = [owing(shop, claimed="1500.00"), owing(shop, claimed="1500.00")]
        one = payout(shop, 1000)
        start = threading.Barrier(2)

        def ask(claim: Claim, one: Disbursement, start: threading.Barrier) -> str:
            start.wait()
            try:
                return refusal(WithholdFunds(one.pk, 800_00), claim, FINANCE, AT)
            except AssertionError:
                return "withheld"
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda claim: ask(claim, one, start), claims))  # noqa: B023
        assert sorted(answers) == ["above_the_payout", "withheld"]
        one.refresh_from_db()
        assert one.withheld_minor == 800_00
