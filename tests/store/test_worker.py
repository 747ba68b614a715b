"""A worker goes on: past a sweep that fails, past a database that was away, until it is told to stop."""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def test_a_sweep_that_fails_is_logged_once_rests_longer_each_time_and_stops_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    from makewhole.workers.run import LONGEST_PAUSE, Sweep, one_turn

    def fails(now: datetime) -> int:
        raise RuntimeError("broken")

    turns: list[datetime] = []
    broken, good = Sweep("broken", fails), Sweep("good", lambda now: turns.append(now) or 0)
    now, waits = NOW, []
    with caplog.at_level(logging.WARNING):
        for _ in range(9):
            assert one_turn([broken, good], now, threading.Event()) is False
            waits.append(broken.due_at - now)
            now = broken.due_at
    assert waits[:4] == [timedelta(seconds=seconds) for seconds in (1, 2, 4, 8)]
    assert waits[-1] == LONGEST_PAUSE
    assert len(turns) == 9
    assert [record.getMessage() for record in caplog.records] == ["broken: failed (broken); tried again"]


def test_a_database_that_is_away_ends_the_turn_as_it_is_everybodys_fault() -> None:
    from makewhole.workers.run import Sweep, one_turn

    def away(now: datetime) -> int:
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    with pytest.raises(psycopg.OperationalError):
        one_turn([Sweep("clocks", away)], NOW, threading.Event())


@pytest.mark.usefixtures("emptied")
def test_a_worker_whose_connection_is_cut_waits_and_goes_on(
    settings: Any, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    from django.db import connection
    from store.claims_given import filed, market

    from makewhole.store.models import Outbox
    from makewhole.workers.run import work

    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    stop = threading.Event()
    worker = threading.Thread(target=work, args=[stop])
    with caplog.at_level(logging.WARNING):
        worker.start()
        try:
            _until(lambda: _others(connection) > 0)
            with connection.cursor() as cursor:
                cursor.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity "
                    "where datname = current_database() and pid <> pg_backend_pid()"
                )
            filed(market())
            _until(lambda: not Outbox.objects.filter(sent_at=None, failed_at=None).exists())
            assert Outbox.objects.exclude(sent_at=None).exists()
        finally:
            stop.set()
            worker.join(timeout=10)
    assert not worker.is_alive()
    told = [record.getMessage() for record in caplog.records]
    assert len([line for line in told if line.startswith("the database is away")]) == 1
    assert "the database is back" in told


def _others(connection: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def _until(holds: Any) -> None:
    for _ in range(200):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to that")


@pytest.mark.usefixtures("emptied")
def test_old_keys_and_counted_minutes_are_let_go_and_younger_ones_kept() -> None:
    from django.db import connection

    from makewhole.store import housekeeping
    from makewhole.store.models import IdempotencyKey

    for key, age in [("old", housekeeping.KEYS_KEPT + timedelta(seconds=1)), ("young", housekeeping.KEYS_KEPT)]:
        IdempotencyKey.objects.create(asker="a", key=key, request_hash=b"x", answer="1", created_at=NOW - age)
    minute = int(NOW.timestamp()) // 60
    with connection.cursor() as cursor:
        cursor.execute("insert into people_ratewindow values (1, %s, 5), (1, %s, 5)", [minute - 61, minute - 60])
    assert housekeeping.forget_old_keys(NOW) == 1
    assert housekeeping.forget_old_rate_windows(NOW) == 1
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["young"]


def test_a_link_opens_one_claim_for_one_claimant_and_not_after_its_time(settings: Any) -> None:
    from unittest.mock import patch
    from uuid import UUID

    from makewhole.domain.refusal import Refused
    from makewhole.people.links import VALID_FOR, OpenedLink, claimant_key, opened, producer_key

    claim_id, claimant_id = UUID(int=1), UUID(int=2)
    key = claimant_key(claim_id, claimant_id)
    assert opened(key) == OpenedLink(claim_id, "claimant", claimant_id)
    # The same ids as a producer's are another key, and another party.
    assert opened(producer_key(claim_id, claimant_id)) == OpenedLink(claim_id, "producer", claimant_id)
    for strange in ("", "x", key[:-1], key.replace(":", ";"), producer_key(claim_id, claimant_id)[:-1]):
        with pytest.raises(Refused, match="link_not_valid"):
            opened(strange)
    made_at = time.time()
    with patch("django.core.signing.time.time", return_value=made_at + VALID_FOR.total_seconds() - 2):
        assert opened(key).claim_id == claim_id
    later = patch("django.core.signing.time.time", return_value=made_at + VALID_FOR.total_seconds() + 2)
    with later, pytest.raises(Refused, match="link_expired"):
        opened(key)
