"""A claim as one file that anybody can check away from here: `makewhole verify FILE`. Start at export_of().

What a reader may not see is withheld, and its digest stands in its place; who sees what says views.py. The file is
made in one snapshot: it never has an event that its checkpoint should have seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from makewhole.domain.actors import RESPONDENTS, Actor, RoleName
from makewhole.domain.chain import body_digest
from makewhole.domain.claim.decide import sees
from makewhole.domain.claim.events import Recorded
from makewhole.domain.claim.state import Claim, fold
from makewhole.domain.policy.shapes import canonical
from makewhole.domain.refusal import Refused
from makewhole.proof import document as doc
from makewhole.proof.recomputing import versions_named
from makewhole.reads.views import SEES_SCREENING, may_read
from makewhole.store import checkpoints, policies
from makewhole.store.checkpoints import Covering
from makewhole.store.codec import decode
from makewhole.store.models import Event, PolicyVersion
from makewhole.store.streams import one_snapshot

_CLAIMANTS_SIDE: frozenset[RoleName] = frozenset({"claimant", "marketplace"})
EXPORTS: frozenset[RoleName] = SEES_SCREENING | _CLAIMANTS_SIDE | RESPONDENTS
# Past the last deadline, so that one which moves on to a working day can be seen to have done so.
_AFTER_THE_LAST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """The very bytes, and how the file is called."""

    name: str
    content: bytes


def export_of(claim_id: UUID, by: Actor, *, at: datetime) -> ClaimFile:
    """The file for this reader. Refuses `unknown_claim` to whoever may not see the claim, `role_may_not` to others."""
    if by.role not in EXPORTS:
        raise Refused("role_may_not", role=by.role, act="ExportClaim")
    with one_snapshot() as raw:
        rows = list(Event.objects.filter(claim_id=claim_id).order_by("version"))
        history = [decode(row.body)[1] for row in rows]
        claim = fold(claim_id, history)
        if claim is None or not sees(by, claim):
            raise Refused("unknown_claim")
        about = doc.About(at, _reader(by), checkpoints.our_public_key().hex())
        named = doc.ClaimNamed(claim_id, claim.filed.reference, claim.filed.marketplace)
        calendar = _calendar(claim)
        texts = _policies(claim, history)
        events = tuple(_event(row, recorded, by) for row, recorded in zip(rows, history, strict=True))
        checkpoint = _checkpoint(checkpoints.covering(raw, claim_id))
    parts = doc.parts_of(about, named, calendar, texts, events, checkpoint)
    signature = checkpoints.sign(doc.signed_content(parts)).hex()
    export = doc.Export(doc.FORMAT, about, named, calendar, texts, events, checkpoint, parts, signature)
    return ClaimFile(f"{named.reference}.json", doc.to_bytes(export))


def _reader(by: Actor) -> doc.Reader:
    """A marketplace's back-end speaks for the claimant."""
    if by.role in SEES_SCREENING:
        return "staff"
    match by.role:
        case "seller" | "insurer" | "producer":
            return by.role
        case _:
            return "claimant"


def _event(row: Event, recorded: Recorded, by: Actor) -> doc.ExportedEvent:
    prior, digest = bytes(row.prior).hex(), bytes(row.digest).hex()
    if may_read(recorded.event, by):
        return doc.ExportedEvent(row.version, prior, digest, body=row.body)
    hidden = body_digest(row.body.encode()).hex()
    return doc.ExportedEvent(row.version, prior, digest, withheld=True, body_sha256=hidden)


def _calendar(claim: Claim) -> doc.Days:
    calendar = policies.calendar_of(claim.filed.marketplace)
    first = calendar.day_of(claim.filed_at)
    last = calendar.day_of(max((clock.due_at for clock in claim.clocks), default=claim.filed_at) + _AFTER_THE_LAST)
    return doc.Days(calendar.zone, tuple(sorted(day for day in calendar.free_days if first <= day <= last)))


def _policies(claim: Claim, history: Iterable[Recorded]) -> tuple[doc.PolicyText, ...]:
    """The versions that the claim was decided by. Their canonical texts: those that their digests are of."""
    named = versions_named(history) | {claim.policy_version}
    found = PolicyVersion.objects.filter(version__in=named).order_by("policy", "seq")
    return tuple(doc.PolicyText(row.version, row.published_at, row.digest, canonical(row.text)) for row in found)


def _checkpoint(covering: Covering | None) -> doc.SignedCheckpoint | None:
    if covering is None:
        return None
    checkpoint = covering.checkpoint
    return doc.SignedCheckpoint(
        seq=checkpoint.seq,
        at=checkpoint.at,
        claims=checkpoint.claims,
        events=checkpoint.events,
        root=bytes(checkpoint.root).hex(),
        prior=bytes(checkpoint.prior).hex(),
        covers=covering.version,
        path=tuple(doc.PathStep(side, digest.hex()) for side, digest in covering.path),
        public_key=bytes(checkpoint.public_key).hex(),
        signature=bytes(checkpoint.signature).hex(),
    )
