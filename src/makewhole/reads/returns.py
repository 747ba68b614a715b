"""Payments that the bank sent back: why, what is waited for, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from makewhole.domain.actors import Actor
from makewhole.domain.claim.events import PayeeChanged, PaymentOrdered, PaymentReturned
from makewhole.domain.money import Money
from makewhole.reads.places import instant_of, stamp
from makewhole.store.codec import decode
from makewhole.store.models import Claim, Clock, Event

PAGE = 50
_KINDS = ("PaymentOrdered", "PaymentReturned", "PayeeChanged")


@dataclass(frozen=True, slots=True)
class Return:
    """A claim with money that came back and did not go out again."""

    claim: Claim
    amount: Money
    at: datetime
    bank_ref: str
    why: str
    account_changed: bool  # the claimant named another since
    clock: str  # what is waited for
    until: datetime | None


def came_back(by: Actor) -> QuerySet[Claim]:
    """The claims whose money came back. Two partial indexes find them."""
    found = Claim.objects.filter(Q(stage="awaiting_payee") | Q(tasks__contains=["payment_returned"]))
    return found.filter(marketplace_id__in=by.marketplaces) if by.marketplaces else found


def returns_of(by: Actor, *, after: str = "", size: int = PAGE) -> tuple[list[Return], str]:
    """The nearest deadline first, with the cursor of the next page."""
    found = came_back(by)
    if after:
        at, _, claim_id = after.partition("_")
        if at == "none":
            found = found.filter(due_at=None, id__gt=UUID(claim_id))
        else:
            due_at = instant_of(at)
            found = found.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, id__gt=UUID(claim_id)) | Q(due_at=None))
    page = list(found.select_related("seller").order_by("due_at", "id")[: size + 1])
    more, page = len(page) > size, page[:size]
    return told_of(page), f"{stamp(page[-1].due_at) if page[-1].due_at else 'none'}_{page[-1].id}" if more else ""


def told_of(claims: list[Claim]) -> list[Return]:
    """What came back on each, from the log; and its running clocks. Two questions for all."""
    ids = [claim.id for claim in claims]
    ordered: dict[UUID, int] = {}
    last: dict[UUID, tuple[datetime, PaymentReturned]] = {}
    changed: dict[UUID, datetime] = {}
    bodies = Event.objects.filter(claim_id__in=ids, kind__in=_KINDS).order_by("claim_id", "version")
    for claim_id, body in bodies.values_list("claim_id", "body"):
        recorded = decode(body)[1]
        match recorded.event:
            case PaymentOrdered(payment_id=payment_id, amount_minor=minor):
                ordered[payment_id] = minor
            case PaymentReturned() as event:
                last[claim_id] = (recorded.at, event)
            case PayeeChanged():
                changed[claim_id] = recorded.at
            case _:
                raise AssertionError(f"not asked for: {recorded.event}")
    clocks: dict[UUID, Clock] = {}
    for clock in Clock.objects.filter(claim_id__in=ids, state="running").order_by("claim_id", "-due_at"):
        if clock.name == "claimant_answers" or clock.claim_id not in clocks:
            clocks[clock.claim_id] = clock
    found = []
    for claim in claims:
        if claim.id not in last:
            continue
        at, event = last[claim.id]
        running = clocks.get(claim.id)
        found.append(
            Return(
                claim=claim, amount=Money(ordered[event.payment_id], claim.currency), at=at, bank_ref=event.bank_ref,
                why=event.why, account_changed=changed.get(claim.id, at) > at,
                clock=running.name if running else "", until=running.due_at if running else None,
            )
        )  # fmt: skip
    return found
