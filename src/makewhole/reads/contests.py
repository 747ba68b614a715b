"""The contests of one debtor: what it disputes, where each stands, until when it is decided, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from makewhole.domain.actors import Actor
from makewhole.reads.recoveries import seen_by
from makewhole.reads.recovery_sums import outstanding_minor
from makewhole.store.models import Clock, Contest, Recovery

MOST = 200  # shown; there is at most one for each debtor and recovery


@dataclass(frozen=True, slots=True)
class ContestRow:
    reference: str
    product: str
    zone: str
    currency: str
    filed_at: datetime
    decided_at: datetime | None
    outcome: str  # upheld, partly, dismissed; "" while nobody decided
    decide_by: datetime | None
    clause: str  # of the demand that is disputed
    outstanding_minor: int  # what is still owed of that claim


@dataclass(frozen=True, slots=True)
class Contestable:
    """A demand that may still be contested, until then."""

    reference: str
    product: str
    zone: str
    currency: str
    until: datetime
    asked_minor: int


def contests_of(by: Actor) -> tuple[list[ContestRow], list[Contestable]]:
    """Those of the seller's claims, open ones first and then the newest; and what it may still contest."""
    of_reader = seen_by(by)
    found = list(
        Contest.objects.filter(kind="contest", claim_id__in=of_reader.values("claim_id"))
        .select_related("claim__order_line", "claim__marketplace")
        .order_by("-filed_at", "claim_id", "no")[:MOST]
    )
    demanded = list(
        of_reader.filter(stage="demanded", owed_by_seller_minor__gt=0)
        .select_related("claim__order_line", "claim__marketplace")
        .order_by("opened_at", "claim_id", "no")[:MOST]
    )
    ids = {each.claim_id for each in found} | {each.claim_id for each in demanded}
    clocks = {
        (clock.claim_id, clock.name): clock.due_at
        for clock in Clock.objects.filter(
            claim_id__in=ids, name__in=("contest_decision", "seller_contests"), state="running"
        )
    }
    owing: dict[UUID, Recovery] = {row.claim_id: row for row in of_reader.filter(claim_id__in=ids).order_by("no")}
    rows = [
        ContestRow(
            reference=each.claim.reference,
            product=each.claim.order_line.product_title or each.claim.order_line.product_ref,
            zone=each.claim.marketplace.zone,
            currency=each.claim.currency,
            filed_at=each.filed_at,
            decided_at=each.decided_at,
            outcome=each.outcome,
            decide_by=clocks.get((each.claim_id, "contest_decision")) if not each.outcome else None,
            clause=each.clause,
            outstanding_minor=max(0, outstanding_minor(owing[each.claim_id])),
        )
        for each in found
    ]
    contested = {each.claim_id for each in found if not each.outcome}
    may = [
        Contestable(
            reference=each.claim.reference,
            product=each.claim.order_line.product_title or each.claim.order_line.product_ref,
            zone=each.claim.marketplace.zone,
            currency=each.currency,
            until=clocks[each.claim_id, "seller_contests"],
            asked_minor=min(outstanding_minor(each), each.owed_by_seller_minor),
        )
        for each in demanded
        if each.claim_id not in contested and (each.claim_id, "seller_contests") in clocks
    ]
    return sorted(rows, key=lambda row: row.outcome != ""), sorted(may, key=lambda each: each.until)
