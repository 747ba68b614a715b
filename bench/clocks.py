"""Many clocks due in the same instant, swept by as many workers as there are cores."""

from __future__ import annotations

import multiprocessing
import os
import time
from datetime import datetime

from django.db import connection, connections

from makewhole.workers.clocks import sweep_due_clocks


def due_at_once(now: datetime, expected: int) -> tuple[float, int]:
    """Runs out all that is due; the seconds it took, and how many effects came twice."""
    connections.close_all()
    began = time.perf_counter()
    workers = os.cpu_count() or 1
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        ran_out = sum(pool.map(_sweep, [now] * workers))
    took = time.perf_counter() - began
    assert ran_out == expected, f"{ran_out} clocks ran out, {expected} were due"
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) - count(distinct (claim_id, (body::json)->'event'->>'name')) "
            "from store_event where kind = 'ClockRanOut'"
        )
        twice: int = cursor.fetchone()[0]
    return took, twice


def _sweep(now: datetime) -> int:
    ran_out = sweep_due_clocks(now)
    connections.close_all()
    return ran_out
