"""Who decided what is paid, and what was looked at before: of many claims at once, for who signs for the money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from makewhole.domain.claim import events as ev
from makewhole.domain.claim.tender_events import RejectionAnswered
from makewhole.store.codec import decode
from makewhole.store.models import Event

_KINDS = (
    "ClaimScreened", "ClaimDecided", "DecisionProposed", "PayeeChanged", "ReleaseSigned", "RejectionAnswered",
)  # fmt: skip


@dataclass(slots=True)
class Decided:
    """Of one claim: who decided (the newest decision), who had a hand in it, and what was checked."""

    deciders: tuple[str, ...] = ()
    hands: set[str] = field(default_factory=set)
    checks: int = 0
    referred: int = 0
    release_signed: bool = False
    payee_changed_by: str = ""

    @property
    def second_person(self) -> bool:
        return len(self.deciders) > 1

    @property
    def by_machine(self) -> bool:
        return all(name.startswith("machine:") for name in self.deciders)


def decided_of(claims: Iterable[UUID]) -> dict[UUID, Decided]:
    """By claim; one question for all of them."""
    found: dict[UUID, Decided] = {claim_id: Decided() for claim_id in claims}
    rows = Event.objects.filter(claim_id__in=list(found), kind__in=_KINDS).order_by("claim_id", "version")
    for claim_id, body in rows.values_list("claim_id", "body"):
        recorded, told = decode(body)[1], found[claim_id]
        match recorded.event:
            case ev.ClaimScreened(checks=checks):
                told.checks = len(checks)
                told.referred = sum(1 for check in checks if check.outcome == "refer")
            case ev.ClaimDecided(deciders=deciders):
                told.deciders = deciders
                told.hands.update(deciders)
            case ev.PayeeChanged():
                told.payee_changed_by = recorded.by
                told.hands.add(recorded.by)
            case ev.ReleaseSigned():
                told.release_signed = True
                told.hands.add(recorded.by)
            case ev.DecisionProposed() | RejectionAnswered():
                told.hands.add(recorded.by)
            case _:
                raise AssertionError(f"not asked for: {recorded.event}")
    return found
