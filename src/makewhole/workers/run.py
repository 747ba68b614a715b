"""A worker: sweeps, one after the other, until it is told to stop. Start at work().

It keeps nothing that another worker would need: any number of them run at once, on any machine, and any may be
killed at any point. Each sweep takes a batch at a time, so that a thousand due clocks do not hold up the mail.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import connection

from makewhole.integrations.mail.sending import MailServerAway
from makewhole.people.housekeeping import forget_old_sign_ins
from makewhole.store import asked_links, drafts, figures, housekeeping, job_faults, ledger_days
from makewhole.store.job_faults import Heart
from makewhole.workers.checkpoints import sweep_checkpoints
from makewhole.workers.clocks import run_out_batch
from makewhole.workers.faults import AWAY, database_is_away
from makewhole.workers.outbox import send_waiting
from makewhole.workers.webhooks import deliver_waiting
from makewhole.workers.withholding import sweep_withholding

logger = logging.getLogger(__name__)

REST = timedelta(seconds=1)
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(seconds=60)
CLOCKS_AT_ONCE = 100


@dataclass(slots=True)
class Sweep:
    """One kind of work. `run` takes the instant and tells how much it did; `every`: how long it rests after a turn
    that found nothing to do."""

    name: str
    run: Callable[[datetime], int]
    every: timedelta = REST
    due_at: datetime = field(default=datetime.min.replace(tzinfo=UTC))
    pause: timedelta = SHORTEST_PAUSE
    failed: bool = False
    worked: bool = False  # in this worker, since it last failed: what was noted of it is over


def work(stop: threading.Event) -> None:
    """Works until `stop` is set; what is under way then is finished first."""
    sweeps = all_sweeps()
    heart = Heart()
    pause = SHORTEST_PAUSE
    away = False
    while not stop.is_set():
        try:
            heart.beat(datetime.now(UTC))
            busy = one_turn(sweeps, datetime.now(UTC), stop, noted=True)
        except Exception as error:
            if not database_is_away(error):
                raise
            if not away:
                logger.warning("the database is away (%s); waiting for it", " ".join(str(error).split()))
            away = True
            connection.close()
            stop.wait(pause.total_seconds())
            pause = min(2 * pause, LONGEST_PAUSE)
            continue
        if away:
            logger.warning("the database is back")
        away, pause = False, SHORTEST_PAUSE
        if not busy:
            stop.wait(REST.total_seconds())
    with contextlib.suppress(*AWAY):
        heart.stop(datetime.now(UTC))
    connection.close()


def all_sweeps() -> list[Sweep]:
    return [
        Sweep("due clocks", lambda now: run_out_batch(now, batch=CLOCKS_AT_ONCE)[0]),
        Sweep("withholding", sweep_withholding, every=timedelta(minutes=1)),
        Sweep("outbox", send_waiting),
        Sweep("webhooks", deliver_waiting),
        Sweep("checkpoints", sweep_checkpoints, every=timedelta(minutes=10)),
        Sweep("figures", figures.sweep, every=timedelta(minutes=1)),
        Sweep("the books by day", ledger_days.close_days, every=timedelta(minutes=10)),
        Sweep("old idempotency keys", housekeeping.forget_old_keys, every=timedelta(minutes=10)),
        Sweep("old imports", housekeeping.forget_old_imports, every=timedelta(hours=1)),
        Sweep("old faults", job_faults.forget_old_faults, every=timedelta(minutes=1)),
        Sweep("old workers", job_faults.forget_old_workers, every=timedelta(hours=1)),
        Sweep("old drafts", drafts.forget_old, every=timedelta(minutes=10)),
        Sweep("old asked links", asked_links.forget_old, every=timedelta(minutes=10)),
        Sweep("old rate windows", housekeeping.forget_old_rate_windows, every=timedelta(minutes=10)),
        Sweep("old sign-ins", forget_old_sign_ins, every=timedelta(hours=1)),
    ]


def one_turn(sweeps: list[Sweep], now: datetime, stop: threading.Event, *, noted: bool = False) -> bool:
    """Each sweep whose time has come, once; whether any of them found something to do. `noted`: what fails, and that
    it goes on, is written down for administrators.

    A fault in one is logged once, and that sweep rests for a growing time; the others go on. Only where the
    database is away does it end early, with that error.
    """
    busy = False
    for sweep in sweeps:
        if stop.is_set():
            return False
        if now < sweep.due_at:
            continue
        busy = _swept(sweep, now, noted) or busy
    return busy


def _swept(sweep: Sweep, now: datetime, noted: bool) -> bool:
    try:
        done = sweep.run(now)
    except Exception as error:
        if database_is_away(error):
            raise
        _rest(sweep, now, error)
        if noted:
            job_faults.note(job_faults.SWEEP, sweep.name, error, at=now)
        return False
    if sweep.failed:
        logger.warning("%s: goes on", sweep.name)
    if noted and not sweep.worked:  # also what another worker noted, or this one before it was started again
        job_faults.worked(job_faults.SWEEP, [sweep.name])
        sweep.worked = True
    sweep.failed, sweep.pause = False, SHORTEST_PAUSE
    sweep.due_at = now if done else now + sweep.every
    return done > 0


def _rest(sweep: Sweep, now: datetime, error: Exception) -> None:
    if not sweep.failed:
        expected = isinstance(error, MailServerAway)
        told = "the mail server is away" if expected else "failed"
        logger.error("%s: %s (%s); tried again", sweep.name, told, error, exc_info=None if expected else error)
    sweep.failed, sweep.worked = True, False
    sweep.due_at = now + sweep.pause
    sweep.pause = min(2 * sweep.pause, LONGEST_PAUSE)
