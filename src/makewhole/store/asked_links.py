"""Links that somebody asked to be mailed: to a draft of a claim, or to an order. Start at ask().

Whoever asks learns nothing by it: the answer is the same, and so is the work, whether there is such an order or not.
A worker looks, and mails a link only to an address that the order, or the draft, is of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import transaction

from makewhole.store import envelope, vault
from makewhole.store.ids import new_id
from makewhole.store.models import LinkAsked

MOST_AN_HOUR = 3  # to one address
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be mailed. `order_ref` where an order is looked for, `draft_id` where a draft is to go on."""

    id: UUID
    email: str
    language: str
    order_ref: str
    draft_id: UUID | None
    attempts: int


def ask(email: str, *, at: datetime, language: str, order_ref: str = "", draft_id: UUID | None = None) -> None:
    """Keeps what was asked, for the worker. Too many for one address are taken in silence: no mail goes out."""
    digest = vault.match_digest("asked_link", envelope.normal_email(email))
    lately = LinkAsked.objects.filter(email_digest=digest, asked_at__gt=at - timedelta(hours=1)).count()
    link_id, data_key = new_id(), envelope.new_data_key()
    words = msgspec.json.encode({"email": email.strip(), "language": language, "order_ref": order_ref})
    too_many = lately >= MOST_AN_HOUR
    LinkAsked.objects.create(
        id=link_id,
        draft_id=draft_id,
        email_digest=digest,
        asked_at=at,
        send_after=at,
        wrapped_key=None if too_many else vault.wrap(link_id, data_key),
        sealed=None if too_many else envelope.seal(data_key, words, bound_to=link_id.bytes),
        done_at=at if too_many else None,
    )


def lease(now: datetime, *, batch: int, until: datetime) -> list[Asked]:
    """The next ones that wait; nobody else gets them before `until`."""
    with transaction.atomic():
        waiting = LinkAsked.objects.filter(done_at=None, send_after__lte=now).order_by("send_after", "id")
        rows = list(waiting.select_for_update(skip_locked=True)[:batch])
        for row in rows:
            row.send_after, row.attempts = until, row.attempts + 1
        LinkAsked.objects.bulk_update(rows, ["send_after", "attempts"])
    return [_opened(row) for row in rows]


def any_waiting(now: datetime) -> bool:
    return LinkAsked.objects.filter(done_at=None, send_after__lte=now).exists()


def done(link_id: UUID, at: datetime) -> None:
    """The mail is out, or never will be: the address is erased."""
    LinkAsked.objects.filter(id=link_id).update(done_at=at, wrapped_key=None, sealed=None)


def later(link_id: UUID, send_after: datetime) -> None:
    LinkAsked.objects.filter(id=link_id, done_at=None).update(send_after=send_after)


def forget_old(now: datetime) -> int:
    return LinkAsked.objects.filter(asked_at__lt=now - KEPT).delete()[0]


def _opened(row: LinkAsked) -> Asked:
    assert row.wrapped_key is not None and row.sealed is not None
    data_key = vault.unwrap(row.id, bytes(row.wrapped_key))
    told = msgspec.json.decode(
        envelope.open_sealed(data_key, bytes(row.sealed), bound_to=row.id.bytes), type=dict[str, str]
    )
    return Asked(row.id, told["email"], told["language"], told["order_ref"], row.draft_id, row.attempts)
