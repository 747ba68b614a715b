"""Promise 5: hourly, signed checkpoints find what a chain alone cannot: a log rewritten as a whole."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

pytestmark = pytest.mark.usefixtures("emptied")


def _faults() -> list[str]:
    from makewhole.store.log import verify

    told: list[str] = []
    verify(lambda fault: told.append(str(fault)))
    return told


def _hour_after(at: datetime) -> datetime:
    from makewhole.store.checkpoints import SETTLED_AFTER

    return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1) + SETTLED_AFTER


def _two_hours() -> list[UUID]:
    """A claim in each of two hours, the first one going on in the second; a checkpoint after each."""
    from store.claims_given import BANK, FILED_AT, filed, market

    from makewhole.domain.claim.commands import ConfirmPayment
    from makewhole.handle import Ask, handle
    from makewhole.store.checkpoints import hourly

    seller = market()
    at = FILED_AT + timedelta(minutes=10)
    first = filed(seller, at=at).claim
    assert hourly(_hour_after(at)) is not None
    later = at + timedelta(hours=1)
    payment = ConfirmPayment(first.payments[0].order.payment_id, "B-1")
    handle(Ask(payment, BANK, later, first.claim_id))
    second = filed(seller, at=later).claim
    assert hourly(_hour_after(later)) is not None
    return [first.claim_id, second.claim_id]


def _rewrite(tampering: Any, claim_id: UUID, version: int) -> None:
    """Changes an event and makes the whole chain good again, claim row included, as an insider might."""
    from makewhole.domain.chain import body_digest, event_digest
    from makewhole.store.models import Event

    prior = b""
    for event in Event.objects.filter(claim_id=claim_id).order_by("version"):
        body = event.body.replace("15000", "95000") if event.version == version else event.body
        digest = event_digest(prior, body_digest(body.encode()))
        tampering(
            "update store_event set body = %s, prior = %s, digest = %s where claim_id = %s and version = %s",
            body, prior, digest, claim_id, event.version,
        )  # fmt: skip
        prior = digest
    tampering("update store_claim set head = %s where id = %s", prior, claim_id)


def test_an_hour_gets_its_checkpoint_once_it_is_settled_and_not_before() -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store.checkpoints import hourly

    filed(market(), at=FILED_AT + timedelta(minutes=10))
    settled = _hour_after(FILED_AT)
    assert hourly(settled - timedelta(microseconds=1)) is None
    made = hourly(settled)
    assert made is not None and (made.seq, made.claims, made.at) == (1, 1, FILED_AT + timedelta(hours=1))
    assert hourly(settled) is None
    assert hourly(settled + timedelta(hours=5)) is None, "nothing happened since"
    assert _faults() == []


def test_checkpoints_count_and_cover_everything_so_far() -> None:
    from makewhole.store.models import Checkpoint, Event

    _two_hours()
    first, second = Checkpoint.objects.order_by("seq")
    assert (first.claims, second.claims) == (1, 2)
    assert second.events == Event.objects.count()
    assert bytes(second.prior) == bytes(first.digest)
    assert _faults() == []


def test_several_workers_at_once_make_one_checkpoint() -> None:
    from django.db import connection
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store.checkpoints import hourly
    from makewhole.store.models import Checkpoint

    filed(market())
    made: list[object] = []

    def make() -> None:
        try:
            made.append(hourly(_hour_after(FILED_AT)))
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Checkpoint.objects.count() == 1 == sum(one is not None for one in made)


def test_a_chain_rewritten_as_a_whole_is_found_by_the_checkpoint_of_its_hour(tampering: Any) -> None:
    first, second = _two_hours()
    _rewrite(tampering, second, 1)
    [fault] = _faults()
    assert fault.startswith("checkpoint 2: the log until 2026-03-02T17:00:00+00:00 is not the one that it saw")
    _rewrite(tampering, first, 1)
    assert [fault.partition(":")[0] for fault in _faults()] == ["checkpoint 1", "checkpoint 2"]


def test_a_claim_taken_out_with_all_it_had_is_found(tampering: Any) -> None:
    from makewhole.store.models import Claim, Clock, Event, Exposure, Payment

    _, second = _two_hours()
    tampering("delete from store_payment where claim_id = %s", second)
    assert not Payment.objects.filter(claim_id=second).exists()
    for event in Event.objects.filter(claim_id=second):
        tampering("delete from store_event where claim_id = %s and version = %s", second, event.version)
    for model in (Exposure, Clock, Claim):
        for row in model.objects.filter(**{"id" if model is Claim else "claim_id": second}):
            row.delete()
    assert any(fault.startswith("checkpoint 2: the log until") for fault in _faults())


def test_an_event_written_later_under_an_earlier_date_is_found() -> None:
    from store.claims_given import FILED_AT, filed

    from makewhole.store.models import Seller

    _two_hours()
    assert _faults() == []
    filed(Seller.objects.get(), at=FILED_AT + timedelta(minutes=1))
    assert [fault.partition(":")[0] for fault in _faults()] == ["checkpoint 1"]


@pytest.mark.parametrize(
    "change, told",
    [
        ("update store_checkpoint set claims = claims + 1 where seq = 2", "its digest is not that of what it says"),
        ("update store_checkpoint set signature = 'x' where seq = 2", "its signature is not that of the key it names"),
        (
            "update store_checkpoint set prior = 'x' where seq = 2",
            "does not name the digest of the checkpoint before it",
        ),
        ("delete from store_checkpoint where seq = 1", "follows checkpoint 0: those between them are gone"),
    ],
)
def test_a_checkpoint_that_was_touched_is_found(tampering: Any, change: str, told: str) -> None:
    _two_hours()
    tampering(change)
    assert f"checkpoint 2: {told}" in _faults()


def test_a_log_signed_anew_with_another_key_is_not_ours_unless_that_key_is_named(settings: Any) -> None:
    from makewhole.store import checkpoints
    from makewhole.store.log import verify

    settings.MAKEWHOLE_SIGNING_KEY = b"o" * 32
    other = checkpoints.our_public_key()
    _two_hours()
    assert _faults() == []
    settings.MAKEWHOLE_SIGNING_KEY = b"n" * 32
    assert _faults() == [f"checkpoint {seq}: is signed by a key that is not ours: {other.hex()}" for seq in (1, 2)]
    both = frozenset({other, checkpoints.our_public_key()})
    assert verify(lambda fault: None, trusted_keys=both).faults == 0
