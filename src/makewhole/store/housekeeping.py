"""What is kept for a time only, and then let go."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from makewhole.store.sqls import sql

# A retry that comes a month later is a new request.
KEYS_KEPT = timedelta(days=30)
RATE_WINDOWS_KEPT = timedelta(hours=1)


def forget_old_keys(now: datetime, *, batch: int = 5_000) -> int:
    """Lets old idempotency keys go, at most so many; how many went."""
    return _forget("forget_old_keys", {"before": now - KEYS_KEPT, "batch": batch})


def forget_old_rate_windows(now: datetime) -> int:
    return _forget("forget_old_rate_windows", {"before": int((now - RATE_WINDOWS_KEPT).timestamp()) // 60})


def _forget(name: str, parameters: dict[str, datetime | int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql(name), parameters)
        return int(cursor.rowcount)
