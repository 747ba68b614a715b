"""Is one claim's log what it was? The check of `makewhole log verify --claim`, for a reader who waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from makewhole.store.log import Fault, verify
from makewhole.store.models import Checkpoint, Claim, Event


@dataclass(frozen=True, slots=True)
class Link:
    """One event of the chain, with the digests as hex."""

    version: int
    kind: str
    at: datetime
    prior: str
    digest: str
    fault: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found. `covered_by`: the first checkpoint after the last event; None while none covers it."""

    reference: str
    events: int
    faults: tuple[Fault, ...]
    chain: tuple[Link, ...]
    covered_by: Checkpoint | None


def checked(claim_id: UUID) -> Checked:
    """Every event's digest computed anew from its bytes, held against what is stored and against the claim's row."""
    faults: list[Fault] = []
    seen = verify(faults.append, claim_id=claim_id)
    told = {fault.version: fault.what for fault in faults}
    events = list(Event.objects.filter(claim_id=claim_id).order_by("version").defer("body"))
    chain = tuple(
        Link(
            each.version,
            each.kind,
            each.at,
            bytes(each.prior).hex(),
            bytes(each.digest).hex(),
            told.get(each.version, ""),
        )
        for each in events
    )
    covered = Checkpoint.objects.filter(at__gte=events[-1].at).order_by("seq").first() if events else None
    reference = Claim.objects.values_list("reference", flat=True).get(id=claim_id)
    return Checked(reference, seen.events, tuple(faults), chain, covered)
