"""Claims that are being told and are not sent yet: what was told at each step, sealed, for a limited time.

Start at save(). A draft's words are sealed with a key of its own, which is wrapped by the master key; once the claim is
sent, or the draft's time is over, key and words are erased, and the files that no claim took with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from makewhole.store import envelope, evidence, vault
from makewhole.store.models import FilingDraft

# Counted from the last save; as long as a claimant has to send proof, and as a mailed link is good.
KEPT = timedelta(days=35)
# After a claim was sent its draft says for this long what became of it: to whoever goes back and sends again.
REMEMBERED = timedelta(days=35)

Told = dict[str, Any]  # any: the answers of the form's steps, which only the form reads


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft, opened. `told` is empty once it was sent (`claim_id` then says as which claim)."""

    id: UUID
    order_line_id: int
    account_id: int | None
    saved_at: datetime | None  # None: nothing was saved yet
    claim_id: UUID | None = None
    told: Told = field(default_factory=dict, repr=False)


def find(draft_id: UUID, at: datetime) -> Draft | None:
    """The draft, where there is one and its time is not over."""
    row = FilingDraft.objects.filter(id=draft_id, expires_at__gt=at).first()
    return _opened(row) if row else None


def save(
    draft_id: UUID, order_line_id: int, change: Callable[[Told], None], *, account_id: int | None, at: datetime
) -> Draft:
    """Lets `change` change what was told, and keeps it; the first save makes the draft. One save at a time: two
    devices that answer different steps lose nothing.

    A draft that was sent, or that is of another order line, stays as it is: the caller sees that by what comes back.
    """
    with transaction.atomic():
        row = FilingDraft.objects.select_for_update().filter(id=draft_id).first()
        if row is None:
            row = _begun(draft_id, order_line_id, account_id, at)
        if row.claim_id is not None or row.order_line_id != order_line_id:
            return _opened(row)
        told = _opened(row).told
        change(told)
        assert row.wrapped_key is not None
        data_key = vault.unwrap(row.id, bytes(row.wrapped_key))
        row.sealed = envelope.seal(data_key, msgspec.json.encode(told), bound_to=row.id.bytes)
        row.files = [UUID(each["id"]) for each in told.get("files", [])]
        row.saved_at, row.expires_at = at, at + KEPT
        row.account_id = row.account_id or account_id
        row.save()
        return _opened(row)


def sent(draft_id: UUID, claim_id: UUID, at: datetime) -> None:
    """The draft became this claim: its words are erased, and what it became is remembered for a while."""
    with transaction.atomic():
        row = FilingDraft.objects.select_for_update().filter(id=draft_id, claim_id=None).first()
        if row is None:
            return
        loose = row.files
        row.claim_id, row.sent_at, row.expires_at = claim_id, at, at + REMEMBERED
        row.wrapped_key = row.sealed = None
        row.files = []
        row.save()
        folders = evidence.erase_loose(loose, at)
    evidence.remove_folders(folders)


def erase(draft_id: UUID, at: datetime) -> None:
    """The draft and its files, gone."""
    _erase(FilingDraft.objects.filter(id=draft_id, claim_id=None), at)


def of_account(account_id: int, at: datetime) -> list[Draft]:
    """The drafts that this account began and has not sent, the newest first."""
    rows = FilingDraft.objects.filter(account_id=account_id, claim_id=None, expires_at__gt=at).order_by("-saved_at")
    return [_opened(row) for row in rows[:50]]


def of_line(order_line_id: int, among: Iterable[UUID], account_id: int | None, at: datetime) -> list[Draft]:
    """The drafts about an order line that are among these, or of this account; the newest first."""
    mine = FilingDraft.objects.filter(id__in=list(among))
    if account_id is not None:
        mine |= FilingDraft.objects.filter(account_id=account_id)
    rows = mine.filter(order_line_id=order_line_id, expires_at__gt=at).order_by("-saved_at")
    return [_opened(row) for row in rows[:10]]


def forget_old(now: datetime, *, batch: int = 200) -> int:
    """Lets drafts go whose time is over, at most so many; how many went."""
    ids = FilingDraft.objects.filter(expires_at__lte=now).order_by("expires_at", "id").values_list("id", flat=True)
    return _erase(FilingDraft.objects.filter(id__in=list(ids[:batch])), now)


def _erase(drafts: Any, at: datetime) -> int:  # a QuerySet of drafts
    with transaction.atomic():
        rows = list(drafts.select_for_update(skip_locked=True))
        folders = evidence.erase_loose([each for row in rows for each in row.files], at)
        FilingDraft.objects.filter(id__in=[row.id for row in rows]).delete()
    evidence.remove_folders(folders)
    return len(rows)


def _begun(draft_id: UUID, order_line_id: int, account_id: int | None, at: datetime) -> FilingDraft:
    data_key = envelope.new_data_key()
    row = FilingDraft(
        id=draft_id,
        order_line_id=order_line_id,
        account_id=account_id,
        begun_at=at,
        saved_at=at,
        expires_at=at + KEPT,
        wrapped_key=vault.wrap(draft_id, data_key),
        sealed=envelope.seal(data_key, b"{}", bound_to=draft_id.bytes),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the other half of a double click was first
        return FilingDraft.objects.select_for_update().get(id=draft_id)
    return row


def _opened(row: FilingDraft) -> Draft:
    told: Told = {}
    if row.wrapped_key is not None and row.sealed is not None:
        data_key = vault.unwrap(row.id, bytes(row.wrapped_key))
        told = msgspec.json.decode(envelope.open_sealed(data_key, bytes(row.sealed), bound_to=row.id.bytes))
    return Draft(row.id, row.order_line_id, row.account_id, row.saved_at, row.claim_id, told)
