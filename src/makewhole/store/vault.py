"""The vault: personal data, sealed with a key per person, so that destroying the key erases them.

`personal()` makes something ready to be kept, and the commitment that goes into the log. `read()` opens a
claim's items. `erase()` forgets a person: what the log holds stays, and can no longer be read as theirs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction

from makewhole.domain.claim.events import Sealed
from makewhole.domain.refusal import Refused
from makewhole.store import envelope
from makewhole.store.ids import new_id
from makewhole.store.models import Claim, Evidence, MatchDigest, Outbox, PhotoBand, Subject, VaultItem

SALT_BYTES = 16
HEALTH_KINDS = frozenset({"health"})


@dataclass(frozen=True, slots=True)
class Personal:
    """Something personal on its way into the vault: `content` in clear, in memory only."""

    item_id: UUID
    kind: str
    content: bytes  # salt, then the words

    @property
    def sealed(self) -> Sealed:
        salt, words = self.content[:SALT_BYTES], self.content[SALT_BYTES:]
        return Sealed(self.item_id, envelope.commitment(salt, words).hex())


def personal(kind: str, content: str | dict[str, object]) -> Personal:
    """Words or a record for the vault. Kinds: contact, payee, story, health, note, signature."""
    words = content.encode() if isinstance(content, str) else msgspec.json.encode(content)
    return Personal(new_id(), kind, os.urandom(SALT_BYTES) + words)


@cache
def keyring() -> envelope.Keyring:
    return envelope.Keyring([settings.MAKEWHOLE_MASTER_KEY])


def match_digest(kind: str, value: str) -> bytes:
    """A keyed digest: equal for equal values, and nothing can be read from it."""
    return envelope.digest(settings.MAKEWHOLE_MASTER_KEY, kind, value)


def seal_for(subject_id: UUID, data_key: bytes, item: Personal) -> bytes:
    return envelope.seal(data_key, item.content, bound_to=subject_id.bytes + item.item_id.bytes)


def wrap(subject_id: UUID, data_key: bytes) -> bytes:
    return keyring().wrap(data_key, bound_to=subject_id.bytes)


def unwrap(subject_id: UUID, wrapped: bytes) -> bytes:
    return keyring().unwrap(wrapped, bound_to=subject_id.bytes)


def read(claim_id: UUID, *, kinds: Iterable[str]) -> dict[UUID, tuple[str, str]]:
    """A claim's items of these kinds, opened: id to (kind, words). Of an erased person: none.

    Whoever calls has checked that the reader may see these kinds; `health` is for those who decide.
    """
    items = VaultItem.objects.filter(claim_id=claim_id, kind__in=list(kinds)).select_related("subject").order_by("id")
    opened: dict[UUID, tuple[str, str]] = {}
    for item in items:
        if item.subject.wrapped_key is None:
            continue
        data_key = unwrap(item.subject_id, bytes(item.subject.wrapped_key))
        plain = envelope.open_sealed(data_key, bytes(item.sealed), bound_to=item.subject_id.bytes + item.id.bytes)
        opened[item.id] = (item.kind, plain[SALT_BYTES:].decode())
    return opened


def contact_of(claimant_id: UUID) -> dict[str, str] | None:
    """The newest contact of a claimant; None once erased."""
    item = (
        VaultItem.objects.filter(subject_id=claimant_id, kind="contact")
        .select_related("subject").order_by("-id").first()
    )  # fmt: skip
    if item is None or item.subject.wrapped_key is None:
        return None
    data_key = unwrap(claimant_id, bytes(item.subject.wrapped_key))
    plain = envelope.open_sealed(data_key, bytes(item.sealed), bound_to=claimant_id.bytes + item.id.bytes)
    contact: dict[str, str] = msgspec.json.decode(plain[SALT_BYTES:], type=dict[str, str])
    return contact


@transaction.atomic
def erase(subject_id: UUID, at: datetime) -> list[str]:
    """Forgets a person: key, sealed items, match digests, photo marks. Returns the folders of files to remove.

    Refuses (`claims_still_open`) while a claim of theirs runs: its file is needed for the legal claim itself.
    The log keeps ids, amounts and commitments; its chain stays whole.
    """
    subject = Subject.objects.select_for_update().filter(id=subject_id).first()
    if subject is None:
        raise Refused("unknown_subject")
    running = Claim.objects.filter(claimant_id=subject_id).exclude(turn="").order_by("noticed_at")
    if references := list(running.values_list("reference", flat=True)):
        raise Refused("claims_still_open", claims=", ".join(references))
    files = Evidence.objects.filter(subject_id=subject_id)
    folders = sorted(set(files.values_list("folder", flat=True)))
    VaultItem.objects.filter(subject_id=subject_id).delete()
    MatchDigest.objects.filter(claimant_id=subject_id).delete()
    PhotoBand.objects.filter(evidence__subject_id=subject_id).delete()
    files.update(erased_at=at, photo_hash=None, wrapped_key=None)
    Outbox.objects.filter(recipient=f"claimant:{subject_id}", sent_at=None).delete()
    subject.wrapped_key = subject.email_digest = None
    subject.erased_at = at
    subject.save()
    return folders
