"""Hourly, signed checkpoints: whoever holds one can tell later whether the log was rewritten since.

Start at hourly(). A checkpoint covers the heads (claim, version, digest) of every claim that an event moved since
the checkpoint before, as leaves of a tree in order of their claims; with the digest of the one before it, it covers
the heads of all claims. So making one, and checking all of them in one pass over the log, costs what happened, not
what exists; and covering() proves one claim's head to somebody who may not know the others.

What belongs to it is said by the events' own instants, so that it can be computed again at any time: an event
dated before a checkpoint and written after it is what a checkpoint is there to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Min

from makewhole.domain.chain import Stated, Step, Tree, leaf, path_to_root
from makewhole.store.models import Checkpoint, Event
from makewhole.store.sqls import sql
from makewhole.store.streams import stream

# A command carries the instant at which it was asked. Five minutes later it is written, or was given up.
SETTLED_AFTER = timedelta(minutes=5)
_ONE_AT_A_TIME = "checkpoint"


class Root:
    """The root over heads. They are added in the order of claim ids."""

    def __init__(self) -> None:
        self._tree = Tree()
        self.events = 0
        self.begun = 0

    def add(self, claim_id: UUID, version: int, head: bytes) -> None:
        self._tree.add(leaf(claim_id, version, head))

    def value(self) -> bytes:
        return self._tree.root()


@dataclass(frozen=True, slots=True)
class Covering:
    """The checkpoint that covers a claim furthest: until which version, and the way from its head to the root."""

    checkpoint: Checkpoint
    version: int
    path: tuple[Step, ...]


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
    root = _moved_since(latest, at)
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


def covering(raw: psycopg.Connection[Any], claim_id: UUID) -> Covering | None:
    """The newest checkpoint that saw this claim move; None before the first. Reads the heads of its hour, inside the
    caller's snapshot."""
    newest = Checkpoint.objects.order_by("-seq").first()
    if newest is None:
        return None
    seen = Event.objects.filter(claim_id=claim_id, at__lte=newest.at).order_by("-version").first()
    if seen is None:
        return None
    checkpoint = Checkpoint.objects.filter(at__gte=seen.at).order_by("seq")[0]
    before = Checkpoint.objects.filter(seq__lt=checkpoint.seq).order_by("-seq").first()
    leaves: list[bytes] = []
    place = None
    for moved, version, head, _ in stream(raw, "moved_heads", _between(before, checkpoint.at)):
        if moved == claim_id:
            place = len(leaves)
        leaves.append(leaf(moved, version, bytes(head)))
    assert place is not None, f"claim {claim_id} moved, and the hour of checkpoint {checkpoint.seq} does not have it"
    return Covering(checkpoint, seen.version, tuple(path_to_root(leaves, place)))


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A key of ours, and the checkpoints that it signed (none yet: no instants)."""

    public_key: bytes
    first_at: datetime | None = None
    last_at: datetime | None = None


def published_keys() -> list[PublishedKey]:
    """Today's key first, then those that signed before it."""
    used = Checkpoint.objects.values("public_key").annotate(first=Min("at"), last=Max("at")).order_by("-last")
    known = [PublishedKey(bytes(row["public_key"]), row["first"], row["last"]) for row in used]
    ours = our_public_key()
    today = next((key for key in known if key.public_key == ours), PublishedKey(ours))
    return [today, *(key for key in known if key.public_key != ours)]


def sign(content: bytes) -> bytes:
    """With the key of the checkpoints. What is signed says in its first line what it is, so that a signature of one
    kind of thing can never be shown as that of another."""
    return _key().sign(content)


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


def _moved_since(latest: Checkpoint | None, until: datetime) -> Root:
    root, between = Root(), _between(latest, until)
    for claim_id, version, head, events in stream(_raw(), "moved_heads", between):
        root.add(claim_id, version, bytes(head))
        root.events += events
    with connection.cursor() as cursor:
        cursor.execute(sql("claims_begun"), between)
        root.begun = cursor.fetchone()[0]
    return root


def _between(before: Checkpoint | None, until: datetime) -> dict[str, datetime | None]:
    return {"after": before.at if before else None, "until": until}


def _raw() -> psycopg.Connection[Any]:
    raw = connection.connection
    assert isinstance(raw, psycopg.Connection)
    return raw
