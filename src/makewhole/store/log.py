"""Is the log what it was? Start at verify(): one pass over every claim's chain, and over every checkpoint.

Each event's digest is computed anew from its bytes and the digest before it; its columns must say what its bytes
say; the claim's row must name the last digest. Then each checkpoint must be signed by a key that is ours, follow
the one before it, and have seen exactly the heads that the log has for its time.

A chain that was rewritten as a whole, claim row included, holds in itself: that is what the checkpoints find, and
they can name only the checkpoint (and so the hour), not the claim.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from makewhole.domain.chain import Stated, body_digest, event_digest
from makewhole.store import checkpoints
from makewhole.store.checkpoints import Root
from makewhole.store.codec import decode
from makewhole.store.models import Checkpoint
from makewhole.store.sqls import sql
from makewhole.store.streams import Progress, counted, no_progress, one_snapshot, stream


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: a claim and the version of its event, or a checkpoint."""

    what: str
    claim_id: UUID | None = None
    version: int | None = None
    checkpoint: int | None = None

    def __str__(self) -> str:
        if self.checkpoint is not None:
            return f"checkpoint {self.checkpoint}: {self.what}"
        where = f"claim {self.claim_id}" + (f", version {self.version}" if self.version else "")
        return f"{where}: {self.what}"


@dataclass(slots=True)
class Verified:
    """What was looked at, counted as it goes."""

    claims: int = 0
    events: int = 0
    checkpoints: int = 0
    faults: int = 0


class _Row(NamedTuple):
    claim_id: UUID
    version: int
    kind: str
    at: datetime
    body: str
    prior: bytes
    digest: bytes
    row_version: int | None
    row_head: bytes | None


def verify(
    tell: Callable[[Fault], None],
    *,
    claim_id: UUID | None = None,
    trusted_keys: frozenset[bytes] | None = None,
    progress: Progress = no_progress,
) -> Verified:
    """Tells every fault as it is found. Of one claim only: its chain, without the checkpoints.

    `trusted_keys`: public keys that checkpoints may be signed by; ours of today where none are named.
    """
    seen = Verified()
    with one_snapshot() as raw:
        signed = _Checkpoints([] if claim_id else list(Checkpoint.objects.order_by("seq")))
        total = 0 if claim_id else counted(raw, "store_event")
        rows = (_Row(*row) for row in stream(raw, "log_stream", {"claim": claim_id}))
        for _, chain in groupby(rows, key=lambda row: row.claim_id):
            for fault in _verify_chain(chain, signed, seen):
                _told(fault, tell, seen)
            if seen.claims % 500 == 0:
                progress(seen.events, total)
        for (bare,) in raw.execute(sql("claims_without_log"), {"claim": claim_id}).fetchall():
            _told(Fault("has a current row and no event", bare), tell, seen)
    seen.checkpoints = len(signed.all)
    for fault in signed.faults(trusted_keys or frozenset({checkpoints.our_public_key()})):
        _told(fault, tell, seen)
    progress(seen.events, seen.events)
    return seen


def _told(fault: Fault, tell: Callable[[Fault], None], seen: Verified) -> None:
    seen.faults += 1
    tell(fault)


# One claim -------------------------------------------------------------------------------------------


def _verify_chain(chain: Iterator[_Row], signed: _Checkpoints, seen: Verified) -> Iterator[Fault]:
    seen.claims += 1
    prior, version, last = b"", 0, None
    heads = _Heads(signed)
    for row in chain:
        seen.events += 1
        for what in _wrong_in(row, prior, version):
            yield Fault(what, row.claim_id, row.version)
        # Each event is held against the stored digest before it, so that one fault is told once.
        prior, version, last = bytes(row.digest), row.version, row
        heads.add(row)
    heads.hand_over()
    assert last is not None
    if last.row_version is None:
        yield Fault("the log has a claim that has no current row", last.claim_id, last.version)
    elif (last.row_version, bytes(last.row_head or b"")) != (last.version, bytes(last.digest)):
        yield Fault(f"the claim's row names version {last.row_version} with another head", last.claim_id, last.version)


def _wrong_in(row: _Row, prior: bytes, version: int) -> Iterator[str]:
    if row.version != version + 1:
        yield f"follows version {version}: events between them are gone" if version else "the first events are gone"
    elif bytes(row.prior) != prior:
        yield "does not name the digest of the event before it"
    body = row.body.encode()
    if event_digest(bytes(row.prior), body_digest(body)) != bytes(row.digest):
        yield "its bytes are not those that its digest was made of"
    try:
        told, _ = decode(body)
    except Exception as unreadable:  # whatever somebody wrote there: it is no event of ours
        yield f"cannot be read: {unreadable}"
        return
    if (told.claim, told.version, told.kind, told.at) != (row.claim_id, row.version, row.kind, row.at):
        yield "its columns do not say what its bytes say"


# The checkpoints -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Checkpoints:
    """All of them, with what the log says they should have seen."""

    all: list[Checkpoint]
    roots: list[Root] = field(init=False)
    _ends: list[datetime] = field(init=False)

    def __post_init__(self) -> None:
        self.roots = [Root() for _ in self.all]
        self._ends = [checkpoint.at for checkpoint in self.all]

    def first_over(self, at: datetime) -> int | None:
        """The place of the checkpoint that an event of that instant belongs to; None while none covers it."""
        place = bisect_left(self._ends, at)
        return place if place < len(self.all) else None

    def faults(self, trusted: frozenset[bytes]) -> Iterator[Fault]:
        prior, seq, claims, events = b"", 0, 0, 0
        for checkpoint, root in zip(self.all, self.roots, strict=True):
            claims, events = claims + root.begun, events + root.events
            stated = checkpoints.stated(checkpoint)
            for what in _wrong_at(checkpoint, stated, prior, seq, trusted):
                yield Fault(what, checkpoint=checkpoint.seq)
            if stated.root != root.value():
                yield Fault(_OTHER_LOG.format(at=stated.at.isoformat()), checkpoint=checkpoint.seq)
            elif (stated.claims, stated.events) != (claims, events):
                yield Fault(
                    f"counted {stated.claims} claims and {stated.events} events; the log has {claims} and {events}",
                    checkpoint=checkpoint.seq,
                )
            prior, seq = bytes(checkpoint.digest), checkpoint.seq
            # What follows is held against what this one said, so that one fault is told once.
            claims, events = stated.claims, stated.events


_OTHER_LOG = (
    "the log until {at} is not the one that it saw: events were rewritten, taken out, or written later under an "
    "earlier date"
)


def _wrong_at(
    checkpoint: Checkpoint, stated: Stated, prior: bytes, seq: int, trusted: frozenset[bytes]
) -> Iterator[str]:
    if stated.seq != seq + 1:
        yield f"follows checkpoint {seq}: those between them are gone"
    elif stated.prior != prior:
        yield "does not name the digest of the checkpoint before it"
    if stated.digest() != bytes(checkpoint.digest):
        yield "its digest is not that of what it says"
    if not checkpoints.is_signed(checkpoint):
        yield "its signature is not that of the key it names"
    elif bytes(checkpoint.public_key) not in trusted:
        yield f"is signed by a key that is not ours: {bytes(checkpoint.public_key).hex()}"


class _Heads:
    """What one claim adds to the checkpoints: for each that an event of it belongs to, the newest such event."""

    def __init__(self, signed: _Checkpoints) -> None:
        self._signed = signed
        self._newest: dict[int, _Row] = {}

    def add(self, row: _Row) -> None:
        place = self._signed.first_over(row.at)
        if place is None:
            return
        self._newest[place] = row
        root = self._signed.roots[place]
        root.events += 1
        root.begun += row.version == 1

    def hand_over(self) -> None:
        for place, row in self._newest.items():
            self._signed.roots[place].add(row.claim_id, row.version, bytes(row.digest))
