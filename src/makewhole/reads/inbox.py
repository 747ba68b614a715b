"""A party's inbox: what it was told, when and about which claim, and what waits for its answer.

Start at inbox(). What was told are the notices of the outbox themselves, whether or not a mail of them arrived.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from makewhole.domain.actors import Actor
from makewhole.domain.claim.clocks import REMINDER
from makewhole.domain.refusal import Refused
from makewhole.reads.stakes import stakes_of
from makewhole.store.models import Claim, Clock, Marketplace, Outbox, Seller
from makewhole.store.parties import own_party

PAGE = 25
MOST_WAITING = 200  # looked at, the most urgent first; an insurer of many sellers may have thousands


@dataclass(frozen=True, slots=True)
class Told:
    """One notice: of a claim, or (no `reference`) of the seller's own standing."""

    number: int
    template: str
    facts: dict[str, object]
    at: datetime
    reference: str
    product: str
    currency: str
    zone: str
    unread: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A claim that waits for the reader: which of its clocks runs, until when, and what is at stake for it."""

    reference: str
    product: str
    clock: str
    answer_by: datetime
    zone: str
    currency: str
    at_stake_minor: int


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of it, the newest first, and what waits, the most urgent first."""

    told: list[Told]
    waiting: list[Asked]
    counts: Counts
    next_before: int | None  # the cursor of the next page


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of it waits: unread notices, and claims on which a time of the reader's runs (`more`: or more). On one
    claim two times may run: an answer, and proof of insurance."""

    unread: int
    claims: int
    more: bool


def inbox(by: Actor, *, before: int | None = None, size: int = PAGE) -> Inbox:
    """What a seller or insurer was told; `before`: the cursor that the page before gave."""
    rows = _notices(by)
    page = list((rows.filter(id__lt=before) if before else rows).order_by("-id")[: size + 1])
    more = len(page) > size
    page = page[:size]
    clocks = _own_clocks(by, rows)
    running: dict[UUID | None, list[Clock]] = {}
    for clock in clocks:
        running.setdefault(clock.claim_id, []).append(clock)
    claims = _claims({notice.claim_id for notice in page} | set(running))
    return Inbox(
        told=_all_told(page, claims),
        waiting=_waiting(by, running, claims),
        counts=_counts(rows, clocks),
        next_before=page[-1].id if more else None,
    )


def counts(by: Actor) -> Counts:
    """For a first page, which says no more than how much waits."""
    rows = _notices(by)
    return _counts(rows, _own_clocks(by, rows))


def open_notice(by: Actor, number: int, *, at: datetime) -> str:
    """The reference of the claim that a notice is about, empty where it is about the seller's standing; from now on
    it counts as read. Refuses `unknown_notice`."""
    notice = _notices(by).filter(id=number).first()
    claim = Claim.objects.filter(id=notice.claim_id).first() if notice and notice.claim_id else None
    if notice is None or (claim is None and notice.claim_id is not None):
        raise Refused("unknown_notice", notice=number)
    _notices(by).filter(id=number, read_at=None).update(read_at=at)
    return claim.reference if claim else ""


def mark_all_read(by: Actor, *, at: datetime, until: int) -> int:
    """Everything up to this notice counts as read; how many were not."""
    return _notices(by).filter(read_at=None, id__lte=until).update(read_at=at)


def _notices(by: Actor) -> QuerySet[Outbox]:
    # The second condition is the index's own (Outbox.Meta): without it PostgreSQL does not use it.
    return Outbox.objects.filter(recipient=own_party(by)).exclude(recipient__startswith="claimant:")


def _own_clocks(by: Actor, rows: QuerySet[Outbox]) -> list[Clock]:
    """The clocks that run for this reader, the most urgent first: those whose name begins with its role."""
    own = Clock.objects.filter(state="running", name__startswith=f"{by.role}_", claim_id__in=rows.values("claim_id"))
    return list(own.exclude(name__contains=REMINDER).order_by("due_at", "claim_id", "name")[:MOST_WAITING])


def _counts(rows: QuerySet[Outbox], clocks: list[Clock]) -> Counts:
    claims = {clock.claim_id for clock in clocks}
    return Counts(rows.filter(read_at=None).count(), len(claims), len(clocks) == MOST_WAITING)


def _claims(ids: set[UUID | None]) -> dict[UUID | None, Claim]:
    found = Claim.objects.filter(id__in=[each for each in ids if each]).select_related("order_line", "marketplace")
    return {claim.id: claim for claim in found}


def _all_told(page: list[Outbox], claims: dict[UUID | None, Claim]) -> list[Told]:
    own = [notice.facts["seller"] for notice in page if notice.claim_id is None]
    places = {
        seller.pk: seller.marketplace
        for seller in (Seller.objects.filter(id__in=own).select_related("marketplace") if own else ())
    }
    return [
        _told(notice, claims[notice.claim_id]) if notice.claim_id else _told_of_standing(notice, places)
        for notice in page
        if notice.claim_id is None or notice.claim_id in claims
    ]


def _told_of_standing(notice: Outbox, places: dict[int, Marketplace]) -> Told:
    place = places[notice.facts["seller"]]
    return Told(
        number=notice.id,
        template=notice.template,
        facts=dict(notice.facts),
        at=notice.created_at,
        reference="",
        product="",
        currency=place.currency,
        zone=place.zone,
        unread=notice.read_at is None,
    )


def _told(notice: Outbox, claim: Claim) -> Told:
    return Told(
        number=notice.id,
        template=notice.template,
        facts=dict(notice.facts),
        at=notice.created_at,
        reference=claim.reference,
        product=claim.order_line.product_title or claim.order_line.product_ref,
        currency=claim.currency,
        zone=claim.marketplace.zone,
        unread=notice.read_at is None,
    )


def _waiting(by: Actor, running: dict[UUID | None, list[Clock]], claims: dict[UUID | None, Claim]) -> list[Asked]:
    found = [
        (claims[claim_id], clock) for claim_id, clocks in running.items() if claim_id in claims for clock in clocks
    ]
    stakes = stakes_of(by, [(claim, clock.name) for claim, clock in found])
    asked = [
        Asked(
            reference=claim.reference,
            product=claim.order_line.product_title or claim.order_line.product_ref,
            clock=clock.name,
            answer_by=clock.due_at,
            zone=claim.marketplace.zone,
            currency=claim.currency,
            at_stake_minor=stakes[claim.id, clock.name],
        )
        for claim, clock in found
    ]
    return sorted(asked, key=lambda each: (each.answer_by, each.reference, each.clock))
