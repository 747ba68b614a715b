"""What workers could not do and try again, as rows, so that an administrator sees it; and that the workers turn.

A fault is noted with its first and its last time, and goes when the same thing worked. Nothing here decides anything.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q

from makewhole.store.ids import new_id
from makewhole.store.models import JobFault, Worker
from makewhole.store.outbox import without_addresses

SWEEP, CLOCK, PAYOUT = "sweep", "clock", "payout"
BEAT_EVERY = timedelta(seconds=5)
# A worker that is busy with one batch may be silent for a while; above this something is wrong.
LATE_AFTER = timedelta(minutes=2)
FORGOTTEN_AFTER = timedelta(days=7)
# With a margin: a sweep and a payout rest a minute after a fault, a clock at most six hours (workers/faults.py).
_TRIED_AGAIN_WITHIN = {SWEEP: timedelta(minutes=10), PAYOUT: timedelta(minutes=10), CLOCK: timedelta(hours=7)}


def clock_key(claim_id: UUID, name: str, turn: int) -> str:
    return f"{claim_id}/{name}/{turn}"


def clock_of(key: str) -> tuple[UUID, str, int]:
    """The same, back. ValueError where it is none."""
    claim_id, name, turn = key.split("/")
    return UUID(claim_id), name, int(turn)


def note(job: str, key: str, error: Exception | str, *, at: datetime) -> None:
    told = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    JobFault.objects.bulk_create([
        JobFault(job=job, key=key, since=at, last_at=at, error=without_addresses(told), times=0)
    ], ignore_conflicts=True)  # fmt: skip
    JobFault.objects.filter(job=job, key=key).update(last_at=at, error=without_addresses(told), times=F("times") + 1)


def worked(job: str, keys: Iterable[str]) -> None:
    """These go on: what was noted of them is over."""
    JobFault.objects.filter(job=job, key__in=list(keys)).delete()


def forget_old_faults(now: datetime) -> int:
    """Those that would have been noted again by now: the thing worked, or is not waited for any more. How many."""
    old = Q()
    for job, tried_again_within in _TRIED_AGAIN_WITHIN.items():
        old |= Q(job=job, last_at__lt=now - tried_again_within)
    return JobFault.objects.filter(old).delete()[0]


class Heart:
    """One worker's row. It beats at most every few seconds, however fast the worker turns."""

    def __init__(self) -> None:
        self._id = new_id()
        self._last: datetime | None = None

    def beat(self, now: datetime) -> None:
        if self._last is not None and now - self._last < BEAT_EVERY:
            return
        first = {"host": socket.gethostname()[:100], "process": os.getpid(), "started_at": now}
        # Made anew where it is gone: the database may have been restored meanwhile.
        Worker.objects.update_or_create(
            id=self._id, defaults={"turned_at": now}, create_defaults={**first, "turned_at": now}
        )
        self._last = now

    def stop(self, now: datetime) -> None:
        Worker.objects.filter(id=self._id).update(stopped_at=now)


def forget_old_workers(now: datetime) -> int:
    """Those that ended, or were not heard of for a week."""
    ended = Worker.objects.filter(stopped_at__lt=now - timedelta(days=1)).delete()[0]
    return ended + Worker.objects.filter(turned_at__lt=now - FORGOTTEN_AFTER).delete()[0]


def forget_worker(worker_id: UUID) -> bool:
    """One that is gone for good: an administrator knows."""
    return Worker.objects.filter(id=worker_id).delete()[0] > 0
