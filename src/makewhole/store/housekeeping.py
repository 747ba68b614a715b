"""What is kept for a time only, and then let go."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max, Q

from makewhole.store.models import ImportRun
from makewhole.store.sqls import sql

# A retry that comes a month later is a new request.
KEYS_KEPT = timedelta(days=30)
IMPORTS_KEPT = timedelta(days=90)
RATE_WINDOWS_KEPT = timedelta(hours=1)


def forget_old_keys(now: datetime, *, batch: int = 5_000) -> int:
    """Lets old idempotency keys go, at most so many; how many went."""
    return _forget("forget_old_keys", {"before": now - KEYS_KEPT, "batch": batch})


def forget_old_rate_windows(now: datetime) -> int:
    """Minutes in which tokens were used; the newest of each stays as its last use."""
    with connection.cursor() as cursor:
        cursor.execute(sql("forget_old_rate_windows"), {"before": int((now - RATE_WINDOWS_KEPT).timestamp()) // 60})
        return int(cursor.fetchone()[0])


def forget_old_imports(now: datetime) -> int:
    """Runs that went well a season ago; of each feed the newest stays, and so does what nobody saw to."""
    newest = ImportRun.objects.values("marketplace", "subject").annotate(id=Max("id")).values("id")
    old = ImportRun.objects.filter(began_at__lt=now - IMPORTS_KEPT).exclude(id__in=newest)
    return old.filter(Q(bad=0, error="") | Q(let_be_at__isnull=False)).delete()[0]


def _forget(name: str, parameters: dict[str, datetime | int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql(name), parameters)
        return int(cursor.rowcount)
