"""The exported claim file: its shape, its bytes, and what of it is signed.

One JSON document, written in one way only: whoever reads it writes it again and compares, so that no byte can change
unseen. Its sections have digests (`parts`), and those are signed: a change is found, and the section that it is in.
Everything else about trust stands in docs/decisions/0010-a-body-may-be-withheld.md.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from makewhole.domain.chain import Side

FORMAT = "makewhole claim export 1"
# The sections that have a digest each, in the order of the file.
SECTIONS = ("about", "claim", "calendar", "policies", "events", "checkpoint")

Reader = Literal["seller", "claimant", "staff", "insurer", "producer"]
# Lower case only: one digest has one way to be written.
Digest = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Prior = Annotated[str, msgspec.Meta(pattern=r"\A([0-9a-f]{64})?\Z")]
Signature = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{128}\Z")]
Version = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When it was exported, for whom (what that reader may not see is withheld), and the key that signs it."""

    exported_at: datetime
    reader: Reader
    public_key: Digest


class ClaimNamed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: UUID
    reference: str
    marketplace: str


class Days(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The marketplace's zone, and its free days from the day of filing until after the last deadline."""

    zone: str
    free_days: tuple[date, ...]


class PolicyText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: str
    published_at: datetime
    sha256: Digest
    text: str


class ExportedEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One event of the log, with its body as stored; or, withheld, with the digest of its body."""

    version: Version
    prior: Prior
    digest: Digest
    body: str | None = None
    withheld: bool = False
    body_sha256: Digest | None = None


class PathStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    side: Side
    sha256: Digest


class SignedCheckpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The checkpoint that covers the claim furthest: until the event `covers`, by this path to its root."""

    seq: Version
    at: datetime
    claims: Count
    events: Count
    root: Digest
    prior: Prior
    covers: Version
    path: tuple[PathStep, ...]
    public_key: Digest
    signature: Signature


class Parts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The SHA-256 of each section, written without spaces."""

    about: Digest
    claim: Digest
    calendar: Digest
    policies: Digest
    events: Digest
    checkpoint: Digest


class Export(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    about: About
    claim: ClaimNamed
    calendar: Days
    policies: tuple[PolicyText, ...]
    events: tuple[ExportedEvent, ...]
    checkpoint: SignedCheckpoint | None
    parts: Parts
    signature: Signature


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Export)


def parts_of(
    about: About,
    claim: ClaimNamed,
    calendar: Days,
    policies: tuple[PolicyText, ...],
    events: tuple[ExportedEvent, ...],
    checkpoint: SignedCheckpoint | None,
) -> Parts:
    """The digests of these sections."""
    sections = (about, claim, calendar, policies, events, checkpoint)
    return Parts(*(hashlib.sha256(_ENCODER.encode(section)).hexdigest() for section in sections))


def signed_content(parts: Parts) -> bytes:
    """The very bytes that the signature is over: the format's name, and the digests of all sections."""
    return FORMAT.encode() + b"\n" + _ENCODER.encode(parts)


def to_bytes(export: Export) -> bytes:
    """The file."""
    return msgspec.json.format(_ENCODER.encode(export), indent=1) + b"\n"


def from_bytes(content: bytes) -> Export:
    """What a file says. Raises msgspec.DecodeError, which says where it is not such a file."""
    return _DECODER.decode(content)
