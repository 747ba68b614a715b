"""Promise 6: a clock's effect happens once, at or after its instant, whoever sweeps, however often."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("emptied")


def _run_outs(claim_id: object) -> int:
    from makewhole.store.models import Event

    return Event.objects.filter(claim_id=claim_id, kind="ClockRanOut").count()


def _due_at(claim_id: object, name: str):  # type: ignore[no-untyped-def]
    from makewhole.store.models import Clock

    return Clock.objects.get(claim_id=claim_id, name=name).due_at


def test_a_clock_runs_out_at_its_instant_and_not_a_microsecond_before() -> None:
    from store.claims_given import filed, market

    from makewhole.store.models import Claim
    from makewhole.workers.clocks import sweep_due_clocks

    claim_id = filed(market(), proof=False).claim.claim_id
    sweep_due_clocks(_due_at(claim_id, "claimant_answers.reminder_1"))
    due_at = _due_at(claim_id, "claimant_answers")
    assert sweep_due_clocks(due_at - timedelta(microseconds=1)) == 0
    assert Claim.objects.get(id=claim_id).stage == "awaiting_proof"
    assert sweep_due_clocks(due_at) == 1
    assert Claim.objects.get(id=claim_id).outcome == "unanswered"


def test_a_second_sweep_of_the_same_instant_does_nothing() -> None:
    from store.claims_given import filed, market

    from makewhole.workers.clocks import sweep_due_clocks

    claim_id = filed(market(), proof=False).claim.claim_id
    at = _due_at(claim_id, "claimant_answers.reminder_7")
    assert sweep_due_clocks(at) == 1
    assert sweep_due_clocks(at) == 0
    assert sweep_due_clocks(at + timedelta(hours=1)) == 0
    assert _run_outs(claim_id) == 1


def test_a_paused_clock_is_not_taken_and_runs_on_after_the_pause() -> None:
    from store.claims_given import ADJUSTER, FILED_AT, filed, market

    from makewhole.domain.claim.commands import PauseClocks, ResumeClocks
    from makewhole.handle import Ask, handle
    from makewhole.store import vault
    from makewhole.workers.clocks import sweep_due_clocks

    claim_id = filed(market(), proof=False).claim.claim_id
    due_at = _due_at(claim_id, "claimant_answers")
    note = vault.personal("note", "The hospital is slow.")
    pause = PauseClocks(("claimant_answers",), note.sealed)
    handle(Ask(pause, ADJUSTER, FILED_AT + timedelta(days=1), claim_id, personal=(note,)))
    assert sweep_due_clocks(due_at + timedelta(days=3)) == 0
    handle(Ask(ResumeClocks(), ADJUSTER, FILED_AT + timedelta(days=11), claim_id))
    assert _due_at(claim_id, "claimant_answers") == due_at + timedelta(days=10)
    assert sweep_due_clocks(due_at + timedelta(days=9)) == 2  # its two reminders
    assert sweep_due_clocks(due_at + timedelta(days=10)) == 1


def test_several_workers_at_once_run_each_clock_out_once() -> None:
    from django.db import connection
    from store.claims_given import filed, market

    from makewhole.workers.clocks import sweep_due_clocks

    seller = market()
    claims = [filed(seller, proof=False).claim.claim_id for _ in range(24)]
    at = max(_due_at(claim_id, "claimant_answers.reminder_7") for claim_id in claims)
    swept: list[int] = []

    def sweep() -> None:
        try:
            swept.append(sweep_due_clocks(at, batch=5))
        finally:
            connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(swept) == len(claims)
    assert [_run_outs(claim_id) for claim_id in claims] == [1] * len(claims)


def test_a_worker_killed_with_clocks_in_hand_leaves_them_to_the_next_one() -> None:
    from store.claims_given import filed, market

    from makewhole.store.clocks import lease_due_clocks
    from makewhole.workers.clocks import LEASE, sweep_due_clocks

    claim_id = filed(market(), proof=False).claim.claim_id
    at = _due_at(claim_id, "claimant_answers.reminder_7")
    assert len(lease_due_clocks(at, batch=10, lease_until=at + LEASE)) == 1  # and is killed here
    assert sweep_due_clocks(at + LEASE - timedelta(seconds=1)) == 0
    assert sweep_due_clocks(at + LEASE) == 1


def test_one_broken_claim_stops_no_other_and_is_tried_again_later(
    tampering: Any, caplog: pytest.LogCaptureFixture
) -> None:
    from store.claims_given import filed, market

    from makewhole.store.models import Clock
    from makewhole.workers.clocks import sweep_due_clocks

    seller = market()
    broken, good = (filed(seller, proof=False).claim.claim_id for _ in range(2))
    tampering("update store_event set body = 'no event' where claim_id = %s and version = 1", broken)
    at = max(_due_at(claim_id, "claimant_answers.reminder_7") for claim_id in (broken, good))
    with caplog.at_level(logging.ERROR):
        assert sweep_due_clocks(at) == 1
    assert (_run_outs(broken), _run_outs(good)) == (0, 1)
    assert len(caplog.records) == 1 and str(broken) in caplog.text
    assert Clock.objects.get(claim_id=broken, name="claimant_answers.reminder_7").retry_at > at


def test_a_call_holds_each_claim_order_line_and_claimant_once_and_keeps_their_order() -> None:
    from uuid import UUID

    from store.claims_given import FILED_AT

    from makewhole.store.clocks import DueClock
    from makewhole.workers.clocks import in_calls

    def due(name: str, *, claim: int, line: int, claimant: int) -> DueClock:
        return DueClock(UUID(int=claim), name, 1, FILED_AT, line, UUID(int=claimant))

    same_claim = [due("a", claim=1, line=1, claimant=1), due("b", claim=1, line=1, claimant=1)]
    same_line = due("c", claim=2, line=1, claimant=2)
    same_claimant = due("d", claim=3, line=3, claimant=2)
    other = due("e", claim=4, line=4, claimant=4)
    calls = in_calls([*same_claim, same_line, same_claimant, other])
    assert [[clock.name for clock in call] for call in calls] == [["a", "e"], ["b"], ["c"], ["d"]]
