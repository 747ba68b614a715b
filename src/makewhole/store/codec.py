"""Events to canonical bytes and back. Stored shapes are for ever: a changed event gets a new name or an upcast,
and tests/store/golden_events.jsonl holds one of each as first written.

A body is one JSON object with its fields in the order of their declaration: claim, version, at, by, kind,
event, salt. The log's digests are over these very bytes, so they are kept as text, never as jsonb.
"""

from __future__ import annotations

from datetime import datetime
from typing import get_args
from uuid import UUID

import msgspec

from makewhole.domain.claim.events import ClaimEvent, Recorded

KINDS: dict[str, type[ClaimEvent]] = {kind.__name__: kind for kind in get_args(ClaimEvent)}
_DECODERS = {name: msgspec.json.Decoder(kind) for name, kind in KINDS.items()}
_ENCODER = msgspec.json.Encoder()


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is written of an event; `event` in the shape of its kind. `salt` is there so that the digest of a body
    that is withheld from somebody does not tell it to whoever tries out what it may have been."""

    claim: UUID
    version: int
    at: datetime
    by: str
    kind: str
    event: msgspec.Raw
    salt: str = ""


_BODY = msgspec.json.Decoder(Body)


def encode(claim_id: UUID, version: int, recorded: Recorded, *, salt: str = "") -> bytes:
    """The canonical bytes of an event of a claim. Every stored one has a salt of its own, drawn by the writer."""
    event = recorded.event
    raw = msgspec.Raw(_ENCODER.encode(event))
    return _ENCODER.encode(Body(claim_id, version, recorded.at, recorded.by, type(event).__name__, raw, salt))


def decode(body: bytes | str) -> tuple[Body, Recorded]:
    """What a stored body says. A kind that nobody knows is a fault of ours."""
    told = _BODY.decode(body)
    decoder = _DECODERS.get(told.kind)
    assert decoder is not None, f"claim {told.claim}, version {told.version}: unknown kind {told.kind}"
    return told, Recorded(decoder.decode(told.event), told.at, told.by)
