"""How much is asked back, by stage and currency; and until when each recovery waits, and for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Sum

from makewhole.domain.actors import Actor
from makewhole.reads.recoveries import seen_by
from makewhole.store.models import Clock, Recovery, Seller

STAGES = ("demanded", "contested", "stands", "closed")
_WAITS = ("seller_contests", "contest_decision", "instalment")
# What a debtor still has to pay: held money does not count, it may go back.
_OUTSTANDING = (
    F("owed_by_seller_minor") + F("owed_by_others_minor") - F("written_off_minor") - F("applied_minor")
    - F("received_minor") + F("repaid_minor")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StageSum:
    """The recoveries of one stage in one currency, in minor units."""

    stage: str
    currency: str
    number: int
    owed_minor: int
    held_minor: int
    received_minor: int  # paid or applied, less what went back
    written_off_minor: int
    outstanding_minor: int


def sums_of(by: Actor, *, seller_ref: str = "") -> list[StageSum]:
    """One for each stage and currency that there is, in the order of a recovery's life."""
    found = seen_by(by)
    if seller_ref:
        found = found.filter(seller__seller_ref=seller_ref)
    rows = found.values("stage", "currency").annotate(
        number=Count("claim_id"),
        owed=Sum(F("owed_by_seller_minor") + F("owed_by_others_minor")),
        held=Sum("held_minor"),
        received=Sum(F("applied_minor") + F("received_minor") - F("repaid_minor")),
        written_off=Sum("written_off_minor"),
        outstanding=Sum(_OUTSTANDING),
    )
    sums = [
        StageSum(
            row["stage"], row["currency"], row["number"], row["owed"], row["held"], row["received"],
            row["written_off"], row["outstanding"],
        )
        for row in rows
    ]  # fmt: skip
    return sorted(sums, key=lambda each: (STAGES.index(each.stage), each.currency))


def outstanding_minor(row: Recovery) -> int:
    """The same of one recovery."""
    owed = row.owed_by_seller_minor + row.owed_by_others_minor - row.written_off_minor
    return owed - row.applied_minor - row.received_minor + row.repaid_minor


def waits_until(claims: Sequence[UUID]) -> dict[UUID, tuple[str, datetime]]:
    """The clock of a recovery that runs on each of these claims, and when it is over."""
    running = Clock.objects.filter(claim_id__in=claims, name__in=_WAITS, state="running").order_by("-due_at", "name")
    return {clock.claim_id: (clock.name, clock.due_at) for clock in running}


def sellers_owing(by: Actor) -> list[tuple[str, str]]:
    """(reference, name) of every seller of whom something is or was asked back, by name."""
    ids = seen_by(by).values("seller_id")
    return list(Seller.objects.filter(id__in=ids).order_by("name", "id").values_list("seller_ref", "name"))
