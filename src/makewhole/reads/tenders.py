"""An insurer's worklist: the claims that it was notified of, what it may owe on each, and until when it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

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
    found = tenders_seen_by(by, which).select_related("order_line", "seller")
    if which == "waiting":
        found = found.annotate(until=Subquery(_clock().values("due_at")[:1]))
    if after:
        at, _, claim_id = after.partition("_")
        instant, last = instant_of(at), UUID(claim_id)
        if which == "waiting":
            found = found.filter(Q(until__gt=instant) | Q(until=instant, id__gt=last))
        else:
            found = found.filter(Q(noticed_at__lt=instant) | Q(noticed_at=instant, id__lt=last))
    order = ("until", "id") if which == "waiting" else ("-noticed_at", "-id")
    page = list(found.order_by(*order)[: size + 1])
    more, page = len(page) > size, page[:size]
    told = _told(page)
    if not more:
        return told, ""
    last_row = page[-1]
    at_ = getattr(last_row, "until", None) or last_row.noticed_at
    return told, f"{stamp(at_)}_{last_row.id}"


def number_waiting(by: Actor) -> Pile:
    """How many wait for its answer, what is claimed on them, and since when the oldest does."""
    rows = tenders_seen_by(by, "waiting").values_list("currency", "claimed_minor", "noticed_at")
    return pile_of((currency, 1, minor, at) for currency, minor, at in rows)


def _told(claims: list[Claim]) -> list[TenderTold]:
    """With what the log says of the insurer: one question for all."""
    found = {claim.id: TenderTold(claim, until=getattr(claim, "until", None)) for claim in claims}
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
