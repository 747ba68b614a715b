"""Killed between any two steps, two hundred times and more: each claim is paid once, and the books balance.

A child files claims, pays them and runs their clocks, always from the beginning, with the same keys; it is killed
(SIGKILL, as a power cut would) at a random moment, and another one starts. The last one may finish.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connections
from django.db.models import Sum
from world import NOW, Shop

from makewhole import asks
from makewhole.domain.claim.commands import ConfirmPayment
from makewhole.handle import handle
from makewhole.store.models import Claim, Clock, Event, Exposure, IdempotencyKey, Outbox, Payment, Posting
from makewhole.workers.clocks import sweep_due_clocks

KILLS = 200
CLAIMS = 30
SEED = 20261121


def everything(shop: Shop, notices: list, order: random.Random) -> None:
    """All that a web process and a worker do to these claims, from first notice to the last clock."""
    for n in order.sample(range(len(notices)), len(notices)):
        claim = shop.file(notices[n], key=f"kill-{n}").claim
        for payment in claim.payments:
            by = shop.staff("finance", 5)
            confirm = ConfirmPayment(payment.order.payment_id, f"B-{n}")
            handle(asks.act(confirm, claim_id=claim.claim_id, by=by, at=NOW))
        sweep_due_clocks(NOW + timedelta(days=order.choice((0, 24, 31, 95))), batch=7)


@contextlib.contextmanager
def child(work) -> Iterator[int]:
    """A process of its own, with a connection of its own."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            os._exit(1)
    yield pid


def test_each_claim_is_paid_once_after_two_hundred_kills(shop: Shop):
    dice = random.Random(SEED)
    notices = [shop.notice(shop.sell(), claimed="80.00") for _ in range(CLAIMS)]
    incomplete = [shop.notice(shop.sell(), claimed="80.00", complete=False) for _ in range(CLAIMS // 3)]
    killed = 0
    while killed < KILLS:
        seed = dice.random()
        with child(lambda s=seed: everything(shop, notices + incomplete, random.Random(s))) as pid:
            time.sleep(dice.uniform(0.004, 0.09))
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            killed += os.WIFSIGNALED(status)
    everything(shop, notices + incomplete, random.Random(SEED))
    sweep_due_clocks(NOW + timedelta(days=96))  # past the leases that the killed ones left

    mine = Claim.objects.filter(marketplace_id=shop.code)
    ids = list(mine.values_list("id", flat=True))
    assert len(ids) == len(notices) + len(incomplete)
    assert Counter(mine.values_list("stage", "outcome")) == {
        ("closed", "paid"): len(notices),
        ("closed", "unanswered"): len(incomplete),
    }
    payments = Payment.objects.filter(claim_id__in=ids)
    assert Counter(payments.values_list("state", "amount_minor")) == {("settled", 8000): len(notices)}
    assert Exposure.objects.filter(claim_id__in=ids).aggregate(paid=Sum("paid_minor"))["paid"] == 8000 * len(notices)
    assert IdempotencyKey.objects.filter(claim_id__in=ids).count() == len(ids)
    _books_balance(ids, paid_minor=8000 * len(notices))
    _each_clock_had_its_effect_once(ids)
    assert Outbox.objects.filter(claim_id__in=ids, template="payment_settled").count() == len(notices) * 1


def _books_balance(ids: list, *, paid_minor: int) -> None:
    sums = dict(Posting.objects.filter(claim_id__in=ids).values_list("account").annotate(sum=Sum("amount_minor")))
    assert sums == {
        "reserve_change": 0,
        "outstanding_reserves": 0,
        "claims_expense": paid_minor,
        "claims_payable": 0,
        "payments_in_transit": 0,
        "bank": -paid_minor,
    }


def _each_clock_had_its_effect_once(ids: list) -> None:
    ran_out = Clock.objects.filter(claim_id__in=ids, state="ran_out").count()
    assert ran_out == Event.objects.filter(claim_id__in=ids, kind="ClockRanOut").count()
    closed = Event.objects.filter(claim_id__in=ids, kind="ClaimClosed").values_list("claim_id", flat=True)
    assert max(Counter(closed).values()) == 1


@pytest.fixture(autouse=True)
def no_connection_is_shared_with_a_child() -> Iterator[None]:
    yield
    connections.close_all()
