"""Due clocks as rows: leased to one worker at a time, and pushed on after a fault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Min

from makewhole.store.models import Clock
from makewhole.store.sqls import sql


@dataclass(frozen=True, slots=True)
class DueClock:
    """A running clock whose instant has come, and what its claim shares with others."""

    claim_id: UUID
    name: str
    turn: int
    due_at: datetime
    order_line_id: int
    claimant_id: UUID


def lease_due_clocks(now: datetime, *, batch: int, lease_until: datetime) -> list[DueClock]:
    """At most so many clocks that are due, the oldest first; nobody else is given them before `lease_until`."""
    with connection.cursor() as cursor:
        cursor.execute(sql("due_clocks"), {"now": now, "batch": batch, "lease_until": lease_until})
        due = [DueClock(*row) for row in cursor.fetchall()]
    return sorted(due, key=lambda clock: (clock.due_at, clock.claim_id, clock.name, clock.turn))


def push_on(clock: DueClock, *, retry_at: datetime) -> None:
    """Not before then again."""
    Clock.objects.filter(claim_id=clock.claim_id, name=clock.name, turn=clock.turn).update(retry_at=retry_at)


def next_due_at() -> datetime | None:
    """The instant of the running clock that ends first: where a virtual clock goes next."""
    return Clock.objects.filter(state="running").aggregate(at=Min("due_at"))["at"]
