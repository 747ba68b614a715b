"""The sweep of due clocks: one stateless pass, by any number of workers on any number of machines.

Start at run_out_batch(). It leases a batch of due rows in a transaction of its own (`for update skip locked`),
then asks the write door to run them out. The row locks are gone before the door takes its advisory locks, so the
two kinds never wait for each other. The lease only spares other workers the work: that an effect happens once,
and not early, is decide()'s promise, which looks at the claim again under the door's locks.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from makewhole.domain.actors import CLOCK
from makewhole.domain.claim.commands import RunOutClock
from makewhole.domain.refusal import Refused
from makewhole.handle import Ask, Done, handle_all
from makewhole.store import job_faults
from makewhole.store.clocks import DueClock, lease_due_clocks, push_on
from makewhole.store.ids import new_id
from makewhole.workers.faults import database_is_away, within

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)


def sweep_due_clocks(now: datetime, *, batch: int = 100) -> int:
    """Runs out every clock that is due at `now`; how many ran out."""
    ran_out = 0
    while True:
        leased, done = run_out_batch(now, batch=batch)
        ran_out += done
        if not leased:
            return ran_out


def run_out_batch(now: datetime, *, batch: int) -> tuple[int, int]:
    """Runs out at most so many clocks: how many were leased, and how many of them ran out."""
    due = lease_due_clocks(now, batch=batch, lease_until=now + LEASE)
    return len(due), sum(_run_out(call, now) for call in in_calls(due))


def in_calls(due: Sequence[DueClock]) -> list[list[DueClock]]:
    """The clocks in calls that hold each claim, order line and claimant once, keeping their order.

    The write door's own `apart` knows of a claim that exists only its id; here the rows told the rest.
    """
    calls: list[list[DueClock]] = []
    taken: dict[object, int] = {}  # how many calls already hold this line or claimant
    for clock in due:
        shared = (clock.order_line_id, clock.claimant_id)
        place = max(taken.get(name, 0) for name in shared)
        if place == len(calls):
            calls.append([])
        calls[place].append(clock)
        taken.update(dict.fromkeys(shared, place + 1))
    return calls


def _run_out(clocks: list[DueClock], now: datetime) -> int:
    """All in one transaction; where one of them breaks it, each in its own, so that the others go on."""
    try:
        answers = handle_all([_ask(clock, now) for clock in clocks])
    except Exception as error:
        if database_is_away(error):
            raise
        if len(clocks) > 1:
            return sum(_run_out([clock], now) for clock in clocks)
        logger.exception("%s; tried again at %s", _named(clocks[0]), _push_on(clocks[0], now, error))
        return 0
    job_faults.worked(
        job_faults.CLOCK,
        [_key(clock) for clock, answer in zip(clocks, answers, strict=True) if not isinstance(answer, Refused)],
    )
    return sum(_answered(clock, answer, now) for clock, answer in zip(clocks, answers, strict=True))


def _answered(clock: DueClock, answer: Done | Refused, now: datetime) -> bool:
    if isinstance(answer, Refused):
        logger.error("%s: %s; tried again at %s", _named(clock), answer, _push_on(clock, now, answer))
        return False
    # No events: it was paused, stopped or run out by somebody else since it was leased.
    return bool(answer.events)


def _ask(clock: DueClock, now: datetime) -> Ask:
    return Ask(RunOutClock(clock.name, clock.turn, new_id()), CLOCK, now, clock.claim_id)


def _push_on(clock: DueClock, now: datetime, error: Exception) -> datetime:
    """As long again as it is already late: waits that double, without counting attempts."""
    retry_at = now + within(now - clock.due_at)
    push_on(clock, retry_at=retry_at)
    job_faults.note(job_faults.CLOCK, _key(clock), error, at=now)
    return retry_at


def _key(clock: DueClock) -> str:
    return job_faults.clock_key(clock.claim_id, clock.name, clock.turn)


def _named(clock: DueClock) -> str:
    return f"clock {clock.name} ({clock.turn}) of claim {clock.claim_id} did not run out"
