"""Notices on their way out: spread to whoever is told, leased to one sender at a time; then sent, tried again later,
or given up.

A row is written with the event that asks for it, and holds no personal data. Its Message-ID is a function of
the row: a notice that went out twice (the sender died between sending and writing that down) is recognisable.

A link that somebody asked for holds a sealed address until its mail is out (asked_links.py).

A notice with one address is its own delivery. To a party's contacts and to webhooks it goes in deliveries, a row
each, which are leased and marked as notices are.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django.db import connection
from django.db.models import F, QuerySet

from makewhole.domain.notice_kinds import KIND_OF
from makewhole.store.asked_links import is_asked, without_words
from makewhole.store.ids import new_id
from makewhole.store.models import Delivery, Outbox
from makewhole.store.sqls import sql

_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")


Outgoing = Outbox | Delivery
_KINDS = json.dumps(KIND_OF)


def spread(now: datetime, *, batch: int = 500) -> int:
    """Settles for so many new notices who is told of them; how many they were. Must come before leasing."""
    if not Outbox.objects.filter(spread_at=None).exists():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(sql("spread_notices"), {"now": now, "batch": batch, "kinds": _KINDS})
        return int(cursor.rowcount)


def any_mail_waiting(now: datetime) -> bool:
    waiting = {"sent_at": None, "failed_at": None, "send_after__lte": now}
    mails = Delivery.objects.filter(**waiting, endpoint=None)
    return Outbox.objects.filter(**waiting, spread_at__isnull=False).exists() or mails.exists()


def lease_waiting(now: datetime, *, batch: int, lease_until: datetime) -> list[Outbox]:
    """At most so many notices that wait, the oldest first; nobody else is given them before `lease_until`."""
    ids = _leased("waiting_notices", now, batch, lease_until)
    return list(Outbox.objects.filter(id__in=ids).order_by("created_at", "id"))


def lease_mails(now: datetime, *, batch: int, lease_until: datetime) -> list[Delivery]:
    """The same of mails to contacts, with their notice and contact."""
    found = Delivery.objects.filter(id__in=_leased("waiting_mails", now, batch, lease_until))
    return list(found.select_related("notice", "contact").order_by("created_at", "id"))


def lease_webhooks(now: datetime, *, batch: int, lease_until: datetime) -> list[Delivery]:
    """The same of webhooks, with their notice and endpoint."""
    found = Delivery.objects.filter(id__in=_leased("waiting_webhooks", now, batch, lease_until))
    return list(found.select_related("notice", "endpoint").order_by("created_at", "id"))


def _leased(name: str, now: datetime, batch: int, lease_until: datetime) -> list[Any]:  # numbers or ids
    with connection.cursor() as cursor:
        cursor.execute(sql(name), {"now": now, "batch": batch, "lease_until": lease_until})
        return [row[0] for row in cursor.fetchall()]


def give_back(outgoing: Sequence[Outgoing], *, send_after: datetime) -> None:
    """Leased and not tried: the attempt does not count, and the lease ends."""
    for each in outgoing:
        _row(each).filter(sent_at=None).update(attempts=F("attempts") - 1, send_after=send_after)


def mark_sent(outgoing: Outgoing, *, at: datetime, message_id: str) -> None:
    """It is out; without a `message_id` there was no mail to send. What a link was asked with is erased by that."""
    asked = isinstance(outgoing, Outbox) and is_asked(outgoing)
    erased = {"facts": without_words(cast(Outbox, outgoing))} if asked else {}
    _row(outgoing).update(sent_at=at, message_id=message_id, error="", **erased)


def try_again(outgoing: Outgoing, *, send_after: datetime, error: str) -> None:
    _row(outgoing).filter(sent_at=None).update(send_after=send_after, error=without_addresses(error))


def give_up(outgoing: Outgoing, *, at: datetime, error: str) -> None:
    """Not tried again by itself; `send_again` is for an administrator who mended the cause."""
    _row(outgoing).filter(sent_at=None).update(failed_at=at, error=without_addresses(error))


def _row(outgoing: Outgoing) -> QuerySet[Any]:  # of either table: both have the columns of something on its way
    rows: Any = type(outgoing).objects
    return cast(QuerySet[Any], rows.filter(pk=outgoing.pk))


def send_again(outgoing: Outgoing, *, at: datetime) -> bool:
    """Takes up what was given up, with all its attempts; False where it was not, or goes out again already.

    Its party is settled anew: a notice that was given up for want of an address goes to a contact that came since.
    """
    fresh: dict[str, Any] = {"failed_at": None, "let_be_at": None, "attempts": 0, "send_after": at, "error": ""}
    if isinstance(outgoing, Outbox):
        fresh["spread_at"] = None
    return _row(outgoing).filter(sent_at=None).exclude(failed_at=None).update(**fresh) == 1


def send_instead(delivery: Delivery, contact_id: int, *, at: datetime) -> bool:
    """A mail that one contact could not be sent goes to another of the party, once; the first is let be.

    The notice is the same, and its mail has a Message-ID of its own.
    """
    sent = Delivery.objects.bulk_create(
        [Delivery(id=new_id(), notice_id=delivery.notice_id, contact_id=contact_id, created_at=at, send_after=at)],
        ignore_conflicts=True,
    )
    return let_be(delivery, at=at) and bool(sent)


def let_be(outgoing: Outgoing, *, at: datetime) -> bool:
    """It stays given up, and nobody is asked about it any more. Twice is once."""
    given_up = _row(outgoing).filter(sent_at=None, let_be_at=None).exclude(failed_at=None)
    return given_up.update(let_be_at=at) == 1


def message_name(notice: Outbox, contact_id: int | None = None) -> str:
    """The part of its Message-ID before the @: the row, and what it is about, so that a restored database that
    counts its rows anew does not repeat a name. Each contact's mail has its own."""
    name = f"notice-{notice.id}-{hashlib.sha256(notice.dedupe.encode()).hexdigest()[:24]}"
    return name if contact_id is None else f"{name}-{contact_id}"


def without_addresses(error: str) -> str:
    """Shortened, and nobody's address in it: mail servers like to repeat them, and our tables keep none."""
    told = _ADDRESS.sub("(address)", " ".join(error.split()))
    return told if len(told) <= 300 else told[:299] + "…"
