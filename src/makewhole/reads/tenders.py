"""An insurer's worklist: the claims that it was notified of, what it may owe on each, and until when it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable

from makewhole.domain.actors import Actor
from makewhole.domain.claim.tender_events import (
    InsurerAnswered,
    InsurerNotified,
    InsurerSilent,
    SubrogationChecked,
)
from makewhole.domain.recovery.insurance import FINAL
from makewhole.reads.places import instant_of, stamp
from makewhole.reads.sums import Pile, pile_of
from makewhole.store.codec import decode
from makewhole.store.models import Claim, Clock, Event

PAGE = 50
Which = Literal["waiting", "answered", "closed"]
_KINDS = ("InsurerNotified", "InsurerAnswered", "InsurerSilent", "SubrogationChecked")


@dataclass(slots=True)
class TenderTold:
    """One claim as its insurer sees it. Money in minor units of the claim's currency."""

    claim: Claim
    notified_at: datetime | None = None
    amount_minor: int = 0
    deductible_minor: int = 0
    limit_left_minor: int = 0
    answer: str = ""  # accepts, reserves_rights, asks, denies, silent; "": none yet
    answered_at: datetime | None = None
    barred: bool = False  # the platform is insured too, and nothing is asked of the insurer
    until: datetime | None = None

    @property
    def part_minor(self) -> int:
        """What falls on it, should it accept: above the deductible, within what is left of the limit."""
        return min(max(0, self.amount_minor - self.deductible_minor), self.limit_left_minor)

    @property
    def is_final(self) -> bool:
        return self.answer in FINAL


def _clock() -> QuerySet[Clock]:
    return Clock.objects.filter(claim_id=OuterRef("id"), name="insurer_answers", state="running")


def tenders_seen_by(by: Actor, which: Which) -> QuerySet[Claim]:
    """An insurer's claims by where they stand; of nobody else."""
    assert by.role == "insurer" and by.insurer_id is not None
    found = Claim.objects.filter(insurer_id=by.insurer_id)
    if by.marketplaces:
        found = found.filter(marketplace_id__in=by.marketplaces)
    if which == "waiting":
        return found.filter(Exists(_clock()))
    found = found.exclude(Exists(_clock()))
    return found.filter(stage="closed") if which == "closed" else found.exclude(stage="closed")


def tenders_of(by: Actor, which: Which, *, after: str = "", size: int = PAGE) -> tuple[list[TenderTold], str]:
    """What waits: the nearest deadline first; all else: the newest first. With the cursor of the next page."""
    waiting = which == "waiting"
    place: Combinable = Subquery(_clock().values("due_at")[:1]) if waiting else F("noticed_at")
    found = tenders_seen_by(by, which).annotate(place=place)
    if after:
        at, _, claim_id = after.partition("_")
        instant, last = instant_of(at), UUID(claim_id)
        later = Q(place__gt=instant) | Q(place=instant, id__gt=last)
        earlier = Q(place__lt=instant) | Q(place=instant, id__lt=last)
        found = found.filter(later if waiting else earlier)
    # First which, then the rows: to put all that waits in order, its instants are enough.
    order = ("place", "id") if waiting else ("-place", "-id")
    places = list(found.order_by(*order).values_list("id", "place")[: size + 1])
    more, places = len(places) > size, places[:size]
    told = _told(places, waits=waiting)
    if not more:
        return told, ""
    last_id, last_place = places[-1]
    return told, f"{stamp(last_place)}_{last_id}"


def number_waiting(by: Actor) -> Pile:
    """How many wait for its answer, what is claimed on them, and since when the oldest does."""
    rows = tenders_seen_by(by, "waiting").values_list("currency", "claimed_minor", "noticed_at")
    return pile_of((currency, 1, minor, at) for currency, minor, at in rows)


def _told(places: Sequence[tuple[UUID, datetime]], *, waits: bool) -> list[TenderTold]:
    """In this order, with what the log says of the insurer: one question for all."""
    ids = [claim_id for claim_id, _ in places]
    claims = Claim.objects.select_related("order_line", "seller").in_bulk(ids)
    found = {
        claim_id: TenderTold(claims[claim_id], until=until if waits else None)
        for claim_id, until in places
        if claim_id in claims
    }
    rows = Event.objects.filter(claim_id__in=list(found), kind__in=_KINDS).order_by("claim_id", "version")
    for claim_id, body in rows.values_list("claim_id", "body"):
        recorded, told = decode(body)[1], found[claim_id]
        match recorded.event:
            case InsurerNotified() as event:
                told.notified_at = recorded.at
                told.amount_minor = event.amount_minor
                told.deductible_minor, told.limit_left_minor = event.deductible_minor, event.limit_left_minor
                told.answer, told.answered_at, told.barred = "", None, False
            case InsurerAnswered(answer=answer):
                told.answer, told.answered_at = answer, recorded.at
            case InsurerSilent():
                told.answer, told.answered_at = "silent", recorded.at
            case SubrogationChecked(clear=clear):
                told.barred = not clear
            case _:
                raise AssertionError(f"not asked for: {recorded.event}")
    return list(found.values())
