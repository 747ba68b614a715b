"""Clocks that are promises of ours: those that were missed, and those that run out next. Rows of today, not figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet

from makewhole.domain.actors import Actor
from makewhole.domain.figures import OUR_CLOCKS
from makewhole.reads.places import instant_of, stamp
from makewhole.store.models import Claim, Clock

PAGE = 50
AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Timed:
    """A clock and its claim."""

    clock: Clock
    claim: Claim


def missed(by: Actor, *, after: str = "", size: int = PAGE) -> tuple[list[Timed], str]:
    """Those that ended at or after their instant, the newest first, with the cursor of the next page."""
    found = Clock.objects.filter(name__in=OUR_CLOCKS, ended_at__gte=F("due_at")).order_by(
        "-ended_at", "claim_id", "name"
    )
    if after:
        at, claim_id, name = after.split("_", 2)
        instant, claim = instant_of(at), UUID(claim_id)
        found = found.filter(
            Q(ended_at__lt=instant)
            | Q(ended_at=instant, claim_id__gt=claim)
            | Q(ended_at=instant, claim_id=claim, name__gt=name)
        )
    rows = list(_seen(found, by)[: size + 1])
    more = len(rows) > size
    last = rows[size - 1] if more else None
    place = f"{stamp(last.ended_at)}_{last.claim_id}_{last.name}" if last and last.ended_at else ""
    return _with_claims(rows[:size]), place


def running_out(by: Actor, *, now: datetime, size: int = PAGE) -> list[Timed]:
    """Those of ours that run and are over, or will be within two weeks: the nearest first."""
    found = Clock.objects.filter(state="running", name__in=OUR_CLOCKS, due_at__lt=now + AHEAD)
    return _with_claims(list(_seen(found.order_by("due_at", "claim_id"), by)[:size]))


def _seen(found: QuerySet[Clock], by: Actor) -> QuerySet[Clock]:
    if not by.marketplaces:
        return found
    return found.filter(claim_id__in=Claim.objects.filter(marketplace_id__in=by.marketplaces).values("id"))


def _with_claims(clocks: Sequence[Clock]) -> list[Timed]:
    claims = Claim.objects.select_related("order_line", "seller").in_bulk([clock.claim_id for clock in clocks])
    return [Timed(clock, claims[clock.claim_id]) for clock in clocks]
