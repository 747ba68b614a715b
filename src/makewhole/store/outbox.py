"""Notices on their way out: leased to one sender at a time; then sent, tried again later, or given up.

A row is written with the event that asks for it, and holds no personal data. Its Message-ID is a function of
the row: a notice that went out twice (the sender died between sending and writing that down) is recognisable.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import F

from makewhole.store.models import Outbox
from makewhole.store.sqls import sql

_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")


def any_waiting(now: datetime) -> bool:
    return Outbox.objects.filter(sent_at=None, failed_at=None, send_after__lte=now).exists()


def lease_waiting(now: datetime, *, batch: int, lease_until: datetime) -> list[Outbox]:
    """At most so many notices that wait, the oldest first; nobody else is given them before `lease_until`."""
    with connection.cursor() as cursor:
        cursor.execute(sql("waiting_notices"), {"now": now, "batch": batch, "lease_until": lease_until})
        ids = [row[0] for row in cursor.fetchall()]
    return list(Outbox.objects.filter(id__in=ids).order_by("created_at", "id"))


def give_back(notices: Sequence[Outbox], *, send_after: datetime) -> None:
    """Leased and not tried: the attempt does not count, and the lease ends."""
    leased = Outbox.objects.filter(id__in=[notice.id for notice in notices], sent_at=None)
    leased.update(attempts=F("attempts") - 1, send_after=send_after)


def mark_sent(notice: Outbox, *, at: datetime, message_id: str) -> None:
    Outbox.objects.filter(id=notice.id).update(sent_at=at, message_id=message_id, error="")


def try_again(notice: Outbox, *, send_after: datetime, error: str) -> None:
    Outbox.objects.filter(id=notice.id, sent_at=None).update(send_after=send_after, error=_shortened(error))


def give_up(notice: Outbox, *, at: datetime, error: str) -> None:
    """Not tried again by itself; `send_again` is for an administrator who mended the cause."""
    Outbox.objects.filter(id=notice.id, sent_at=None).update(failed_at=at, error=_shortened(error))


def send_again(notice_id: int, *, at: datetime) -> bool:
    """Takes up a notice that was given up, with all its attempts; False where it was not."""
    given_up = Outbox.objects.filter(id=notice_id, sent_at=None).exclude(failed_at=None)
    return given_up.update(failed_at=None, attempts=0, send_after=at, error="") == 1


def message_name(notice: Outbox) -> str:
    """The part of its Message-ID before the @: the row, and what it is about, so that a restored database that
    counts its rows anew does not repeat a name."""
    return f"notice-{notice.id}-{hashlib.sha256(notice.dedupe.encode()).hexdigest()[:24]}"


def _shortened(error: str) -> str:
    """Without addresses: mail servers like to repeat them, and this table keeps nobody's."""
    told = _ADDRESS.sub("(address)", " ".join(error.split()))
    return told if len(told) <= 300 else told[:299] + "…"
