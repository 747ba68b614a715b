"""How much is asked back, by stage and currency; and until when each recovery waits, and for what.

A recovery may have two debtors: a seller for the deductible, its insurer for the rest. Staff read it as a whole; each
debtor reads its own part (own_sums, own_parts), and nothing of the other's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Case, Count, F, OuterRef, Subquery, Sum, When

from makewhole.domain.actors import Actor
from makewhole.domain.ledger.journal import RECEIVABLE
from makewhole.domain.recovery.events import Debtor
from makewhole.reads.approvals import folded
from makewhole.reads.recoveries import seen_by
from makewhole.store.models import Clock, Posting, Recovery, Seller

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


@dataclass(frozen=True, slots=True)
class OwnSum:
    """The recoveries of one stage in one currency, and what is left of a debtor's own part of them."""

    stage: str
    currency: str
    number: int
    outstanding_minor: int


@dataclass(frozen=True, slots=True)
class OwnPart:
    """What one debtor owes, has paid and still has to pay of one recovery, in minor units."""

    owed_minor: int
    held_minor: int
    paid_minor: int
    left_minor: int


def own_sums(by: Actor) -> list[OwnSum]:
    """As sums_of, of what the reader itself owes. What is left stands in the books: at most one recovery of a claim is
    open, and a closed one has nothing left."""
    debtor = _debtor(by)
    booked = Posting.objects.filter(claim_id=OuterRef("claim_id"), account=RECEIVABLE[debtor])
    left: Any = Subquery(booked.values("claim_id").annotate(left=Sum("amount_minor")).values("left"))
    if debtor == "seller":  # a producer's debt stands in the same account
        left = Case(When(owed_by_seller_minor__gt=0, then=left), default=0)
    rows = seen_by(by).annotate(left=Case(When(stage="closed", then=0), default=left, output_field=BigIntegerField()))
    sums = rows.values("stage", "currency").annotate(number=Count("claim_id"), left_in_all=Sum("left"))
    return sorted(
        (OwnSum(row["stage"], row["currency"], row["number"], row["left_in_all"] or 0) for row in sums),
        key=lambda each: (STAGES.index(each.stage), each.currency),
    )


def own_parts(rows: Sequence[Recovery], by: Actor) -> dict[tuple[UUID, int], OwnPart]:
    """The reader's part of each of these recoveries, from the log of their claims; one question for all."""
    debtor = _debtor(by)
    claims = folded([row.claim_id for row in rows])
    return {
        (claim_id, each.no): OwnPart(
            each.debt(debtor).owed_minor,
            each.held_minor if debtor == "seller" else 0,
            each.settled_minor(debtor),
            each.outstanding_minor(debtor),
        )
        for claim_id, claim in claims.items()
        for each in claim.recoveries
    }


def _debtor(by: Actor) -> Debtor:
    assert by.is_respondent
    return "insurer" if by.role == "insurer" else "seller"


def outstanding_minor(row: Recovery) -> int:
    """What is left of one recovery, of all its debtors."""
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
