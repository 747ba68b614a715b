"""Batches: made by one, signed by another, sent once. On a real PostgreSQL, whose constraints say the same."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from bank.paying import TODAY, made, maker, mark, paying, pays_from, reference, signed, signer
from bank.schemas import faults_of, schema
from world import NOW

if TYPE_CHECKING:
    from world import Shop


def refusal(code: str) -> pytest.RaisesExc[Exception]:
    from makewhole.domain.refusal import Refused

    return pytest.raises(Refused, match=f"^{code}")


def test_a_batch_holds_the_orders_of_one_day_that_go_by_transfer(shop: Shop) -> None:
    from makewhole import batches

    first, second = paying(shop), paying(shop, "50.00")
    paying(shop, method="credit")
    paying(shop, at=NOW + timedelta(hours=13))  # past midnight in New York
    batch = made(shop)
    assert (batch.number, batch.total_minor, batch.seq) == (2, 170_00, 1)
    held = set(batch.items.values_list("payment__claim_id", flat=True))
    assert held == {first.claim_id, second.claim_id}
    with refusal("nothing_to_batch"):
        batches.make_batch(shop.code, "USD", TODAY, by=maker(shop), at=NOW)
    paying(shop, "20.00")
    assert made(shop).seq == 2


def test_who_made_it_does_not_sign_it(shop: Shop) -> None:
    from makewhole import batches

    pays_from(shop)
    paying(shop)
    batch = made(shop)
    seen = mark(batch)
    with refusal("made_it_oneself"):
        batches.sign(batch.pk, seen, by=maker(shop), at=NOW)
    signed_ = batches.sign(batch.pk, seen, by=signer(shop), at=NOW)
    assert signed_.batch.signed_by == signer(shop).name and not signed_.repeated
    assert batches.sign(batch.pk, seen, by=signer(shop), at=NOW).repeated
    with refusal("batch_is_signed"):
        batches.sign(batch.pk, seen, by=shop.staff("finance", 503), at=NOW)


def test_the_database_says_so_too(shop: Shop) -> None:
    from django.db import IntegrityError, transaction

    from makewhole.store.models import BatchedPayment, Payment, PaymentBatch

    claim = paying(shop)
    batch = made(shop)
    with pytest.raises(IntegrityError, match="batch_signed_by_another_person"), transaction.atomic():
        PaymentBatch.objects.filter(id=batch.pk).update(
            signed_by=batch.made_by, signed_at=NOW, content_sha256=b"x", paid_from={}
        )
    paying(shop, "30.00")
    other = made(shop)
    payment = Payment.objects.get(claim_id=claim.claim_id)
    with pytest.raises(IntegrityError, match="payment_in_one_batch"), transaction.atomic():
        BatchedPayment.objects.create(batch=other, payment=payment, no=9)
    with pytest.raises(IntegrityError, match="is append-only"), transaction.atomic():
        BatchedPayment.objects.filter(batch=batch).delete()
    credit = Payment.objects.get(claim_id=paying(shop, method="credit").claim_id)
    with pytest.raises(IntegrityError, match="does not fit into batch"), transaction.atomic():
        BatchedPayment.objects.create(batch=other, payment=credit, no=9)


def test_what_is_signed_keeps_its_terms(shop: Shop) -> None:
    from django.db import IntegrityError, transaction

    from makewhole.store.models import BatchedPayment, Payment, PaymentBatch

    paying(shop)
    batch = signed(shop)
    late = Payment.objects.get(claim_id=paying(shop).claim_id)
    with pytest.raises(IntegrityError, match="takes no more payments"), transaction.atomic():
        BatchedPayment.objects.create(batch=batch, payment=late, no=9)
    for change in ({"total_minor": 1}, {"signed_by": "person:9"}, {"paid_from": {}}, {"content_sha256": b"x"}):
        with pytest.raises(IntegrityError, match="keeps its terms"), transaction.atomic():
            PaymentBatch.objects.filter(id=batch.pk).update(**change)


def test_who_had_a_hand_in_a_claim_does_not_sign_for_its_payment(shop: Shop) -> None:
    from makewhole import asks, batches
    from makewhole.asks import PayoutTold
    from makewhole.domain.claim.commands import ChangePayee, ReturnPayment
    from makewhole.domain.claim.events import Payee
    from makewhole.handle import handle
    from makewhole.store.ids import new_id

    pays_from(shop)
    claim = paying(shop)
    order = claim.payments[0].order
    handle(asks.act(ReturnPayment(order.payment_id, "B-1", "account closed"), claim_id=claim.claim_id,
                    by=maker(shop), at=NOW))  # fmt: skip
    both = shop.staff("adjuster", 502)  # the same person as signer(), in another role
    nobody = asks.act(ChangePayee(Payee(new_id(), "credit")), claim_id=claim.claim_id, by=both, at=NOW)
    moved = handle(asks.other_payee(PayoutTold("bank_transfer", "US99887766", "Ana Rivera"), nobody)).claim
    lines = tuple(asks.LineTold(part.no, approve=f"{part.open_minor / 100:.2f}") for part in moved.exposures)
    decision, words = asks.decision(lines, "USD")
    handle(asks.act(decision, claim_id=claim.claim_id, by=shop.staff("adjuster", 503), at=NOW, words=words))
    batch = made(shop)
    seen = mark(batch)
    for number in (502, 503):
        with refusal("decided_it_oneself"):
            batches.sign(batch.pk, seen, by=shop.staff("finance", number), at=NOW)
    batches.sign(batch.pk, seen, by=shop.staff("finance", 504), at=NOW)


def test_a_batch_that_changed_is_looked_at_again(shop: Shop) -> None:
    from makewhole import batches

    pays_from(shop)
    first, _ = paying(shop), paying(shop, "50.00")
    batch = made(shop)
    seen = mark(batch)
    payment = first.payments[0].order.payment_id
    with refusal("words_needed"):
        batches.take_out(batch.pk, payment, " ", by=signer(shop), at=NOW)
    out = batches.take_out(batch.pk, payment, "the account looks wrong", by=signer(shop), at=NOW)
    assert (out.batch.number, out.batch.total_minor) == (1, 50_00)
    assert batches.take_out(batch.pk, payment, "again", by=signer(shop), at=NOW).repeated
    with refusal("batch_changed"):
        batches.sign(batch.pk, seen, by=signer(shop), at=NOW)
    batches.sign(batch.pk, mark(batch), by=signer(shop), at=NOW)
    again = made(shop)
    assert [item.payment_id for item in again.items.all()] == [payment]


def test_a_payment_that_waits_no_longer_is_not_sent(shop: Shop) -> None:
    from makewhole import asks, batches
    from makewhole.domain.claim.commands import ConfirmPayment
    from makewhole.handle import handle

    pays_from(shop)
    claim = paying(shop)
    paying(shop)
    batch = made(shop)
    payment = claim.payments[0].order.payment_id
    handle(asks.act(ConfirmPayment(payment, "B-1"), claim_id=claim.claim_id, by=maker(shop), at=NOW))
    with refusal("payments_wait_no_longer"):
        batches.sign(batch.pk, mark(batch), by=signer(shop), at=NOW)
    batches.take_out(batch.pk, payment, "paid by hand", by=signer(shop), at=NOW)
    batches.sign(batch.pk, mark(batch), by=signer(shop), at=NOW)


def test_without_an_account_to_pay_from_nothing_is_signed(shop: Shop) -> None:
    from makewhole import batches

    paying(shop)
    batch = made(shop)
    with refusal("no_paying_account"):
        batches.sign(batch.pk, mark(batch), by=signer(shop), at=NOW)


def test_its_file_is_valid_the_same_each_time_and_there_once_it_is_signed(shop: Shop) -> None:
    from makewhole import batches

    claim = paying(shop)
    unsigned = made(shop)
    with refusal("batch_is_not_signed"):
        batches.file_of(unsigned.pk, by=maker(shop), at=NOW)
    batches.withdraw(unsigned.pk, by=maker(shop), at=NOW)
    batch = signed(shop)
    name, content = batches.file_of(batch.pk, by=maker(shop), at=NOW)
    assert name == f"{shop.code.upper()}-USD-2026-11-21-2.xml"
    assert faults_of(content, schema("pain.001.001.09.xsd")) == []
    assert reference(claim).encode() in content and b"Ana Rivera" in content and b"120.00" in content
    # Our account is changed afterwards: what was signed stays.
    batches.set_paying_account(
        shop.code, "USD", batches.Payer("Another Inc.", "999999", "CXMCUSI0"), by=maker(shop), at=NOW
    )
    assert batches.file_of(batch.pk, by=signer(shop), at=NOW + timedelta(days=1)) == (name, content)
    batch.refresh_from_db()
    assert (batch.fetched_by, batch.fetched_at) == (maker(shop).name, NOW)


def test_an_account_that_no_file_can_carry_is_left_out_and_told(shop: Shop) -> None:
    from dataclasses import replace

    from makewhole import batches
    from makewhole.asks import PayoutTold

    paying(shop)
    notice = replace(shop.notice(shop.sell()), payout=PayoutTold("bank_transfer", "U" * 35, "Ana Rivera"))
    long = shop.file(notice).claim
    made_ = batches.make_batch(shop.code, "USD", TODAY, by=maker(shop), at=NOW)
    assert made_.batch.number == 1
    assert [(left.payment_id, left.why) for left in made_.left] == [(long.payments[0].order.payment_id, "account_form")]


def test_what_is_signed_leaves_its_batch_only_once_the_bank_rejects_it(shop: Shop) -> None:
    from bank.messages import pain_002

    from makewhole import bank_answers, batches

    claim = paying(shop)
    batch = signed(shop)
    payment = claim.payments[0].order.payment_id
    with refusal("batch_is_with_the_bank"):
        batches.take_out(batch.pk, payment, "second thoughts", by=maker(shop), at=NOW)
    with refusal("batch_is_with_the_bank"):
        batches.free(batch.pk, "second thoughts", by=maker(shop), at=NOW)
    with refusal("batch_is_signed"):
        batches.withdraw(batch.pk, by=maker(shop), at=NOW)
    bank_answers.take_in("r.xml", pain_002(batch.pk.hex, group="RJCT"), by=maker(shop), at=NOW)
    batches.free(batch.pk, "the bank rejected the file", by=maker(shop), at=NOW)
    assert batches.free(batch.pk, "again", by=maker(shop), at=NOW).repeated
    again = made(shop)
    assert [item.payment_id for item in again.items.all()] == [payment]
    # The file that the bank has keeps what it said.
    assert payment.hex.encode() in batches.file_of(batch.pk, by=maker(shop), at=NOW)[1]


def test_two_makers_at_once_never_reach_for_the_same_order(shop: Shop) -> None:
    from django.db import connection

    from makewhole import batches
    from makewhole.domain.refusal import Refused

    for _ in range(4):
        paying(shop)
    together, made_, refused = threading.Barrier(4), [], []

    def make(number: int) -> None:
        together.wait()
        try:
            made_.append(batches.make_batch(shop.code, "USD", TODAY, by=shop.staff("finance", number), at=NOW).batch)
        except Refused as said:
            refused.append(said.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=make, args=(600 + n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [batch.number for batch in made_] == [4]
    assert refused == ["nothing_to_batch"] * 3


@pytest.mark.parametrize("role", ["adjuster", "reviewer", "programme_owner", "auditor", "administrator", "marketplace"])
def test_nobody_else_touches_a_batch(shop: Shop, role: str) -> None:
    from makewhole import batches

    paying(shop)
    batch = made(shop)
    by = shop.staff(role, 700)
    for act in (
        lambda: batches.make_batch(shop.code, "USD", TODAY, by=by, at=NOW),
        lambda: batches.sign(batch.pk, mark(batch), by=by, at=NOW),
        lambda: batches.withdraw(batch.pk, by=by, at=NOW),
        lambda: batches.file_of(batch.pk, by=by, at=NOW),
        lambda: batches.free(batch.pk, "why", by=by, at=NOW),
    ):
        with refusal("role_may_not"):
            act()


def test_finance_of_another_marketplace_does_not_find_it(shop: Shop) -> None:
    from world import open_shop

    from makewhole import batches

    paying(shop)
    batch = made(shop)
    strange = open_shop().staff("finance", 800)
    with refusal("unknown_batch"):
        batches.sign(batch.pk, mark(batch), by=strange, at=NOW)
    with refusal("unknown_marketplace"):
        batches.make_batch(shop.code, "USD", TODAY, by=strange, at=NOW)
