"""Hourly, signed checkpoints: whoever holds one can tell later whether the log was rewritten since.

Start at hourly(). A checkpoint covers the heads (claim, version, digest) of every claim that an event moved since
the checkpoint before, in order; with the digest of the one before it, it covers the heads of all claims. So making
one, and checking all of them in one pass over the log, costs what happened, not what exists.

What belongs to it is said by the events' own instants, so that it can be computed again at any time: an event
dated before a checkpoint and written after it is what a checkpoint is there to show.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import connection, transaction

from makewhole.store.models import Checkpoint
from makewhole.store.sqls import sql
from makewhole.store.streams import stream

# A command carries the instant at which it was asked. Five minutes later it is written, or was given up.
SETTLED_AFTER = timedelta(minutes=5)
_ONE_AT_A_TIME = "checkpoint"


class Root:
    """The ordered digest over heads. They are added in the order of claim ids."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self.events = 0
        self.begun = 0

    def add(self, claim_id: UUID, version: int, head: bytes) -> None:
        self._digest.update(claim_id.bytes + version.to_bytes(4, "big") + head)

    def value(self) -> bytes:
        return self._digest.digest()


@dataclass(frozen=True, slots=True)
class Stated:
    """What a checkpoint says. `claims` and `events`: all that there were, from the beginning."""

    seq: int
    at: datetime
    claims: int
    events: int
    root: bytes
    prior: bytes

    def digest(self) -> bytes:
        at = self.at.astimezone(UTC).isoformat()
        told = f"makewhole checkpoint\n{self.seq}\n{at}\n{self.claims}\n{self.events}\n"
        return hashlib.sha256(told.encode() + self.root + self.prior).digest()


def hourly(now: datetime) -> Checkpoint | None:
    """The checkpoint of the last full hour, if it is not there yet and something happened since the one before."""
    return make((now - SETTLED_AFTER).astimezone(UTC).replace(minute=0, second=0, microsecond=0))


@transaction.atomic
def make(at: datetime) -> Checkpoint | None:
    """A checkpoint over everything until `at`. Any number of workers may ask at once: one makes it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [_ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            return None
    latest = Checkpoint.objects.order_by("-seq").first()
    if latest is not None and latest.at >= at:
        return None
    root = _moved_since(latest.at if latest else None, at)
    if root.events == 0:
        return None
    stated = Stated(
        seq=latest.seq + 1 if latest else 1,
        at=at,
        claims=root.begun + (latest.claims if latest else 0),
        events=root.events + (latest.events if latest else 0),
        root=root.value(),
        prior=bytes(latest.digest) if latest else b"",
    )
    return _signed(stated)


def our_public_key() -> bytes:
    return _key().public_key().public_bytes_raw()


def is_signed(checkpoint: Checkpoint) -> bool:
    """Whether the signature is that of the key that it names. Whose key that is, is another question."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes(checkpoint.public_key))
        key.verify(bytes(checkpoint.signature), bytes(checkpoint.digest))
    except (InvalidSignature, ValueError):
        return False
    return True


def stated(checkpoint: Checkpoint) -> Stated:
    return Stated(
        checkpoint.seq,
        checkpoint.at,
        checkpoint.claims,
        checkpoint.events,
        bytes(checkpoint.root),
        bytes(checkpoint.prior),
    )


def _signed(stated: Stated) -> Checkpoint:
    digest = stated.digest()
    return Checkpoint.objects.create(
        seq=stated.seq,
        at=stated.at,
        claims=stated.claims,
        events=stated.events,
        root=stated.root,
        prior=stated.prior,
        digest=digest,
        public_key=our_public_key(),
        signature=_key().sign(digest),
    )


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(settings.MAKEWHOLE_SIGNING_KEY)


def _moved_since(after: datetime | None, until: datetime) -> Root:
    root, between = Root(), {"after": after, "until": until}
    for claim_id, version, head, events in stream(_raw(), "moved_heads", between):
        root.add(claim_id, version, bytes(head))
        root.events += events
    with connection.cursor() as cursor:
        cursor.execute(sql("claims_begun"), between)
        root.begun = cursor.fetchone()[0]
    return root


def _raw() -> psycopg.Connection[Any]:
    raw = connection.connection
    assert isinstance(raw, psycopg.Connection)
    return raw
