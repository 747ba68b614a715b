"""What people go by on one claim: what was drawn for it, what they have made of it, and what they will do later."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from makewhole.domain.actors import Actor
from makewhole.domain.claim.commands import ClaimCommand
from makewhole.domain.claim.events import EvidenceItem, EvidenceKind
from makewhole.domain.claim.state import Claim
from makewhole.simulation.losses import Loss
from makewhole.simulation.lots import pick
from makewhole.simulation.people import ADJUSTERS
from makewhole.simulation.sellers import HABITS, KEEPS_HABIT, Habit, Seller
from makewhole.simulation.shop import Shop

Act = tuple[ClaimCommand, Actor]

# What a person who looks makes of a loss that no defect caused, and of one that a defect did cause.
FINDS_OUT, FINDS_WRONGLY = 0.5, 0.015
CONVINCED_BY_SELLER, CONVINCED_WRONGLY = 0.7, 0.06
OPENS, CLOSES = time(9), time(17)


@dataclass(frozen=True, slots=True)
class Plan:
    """Something that will be done at that time, if its reason still stands then."""

    at: datetime
    what: str
    detail: object = None


@dataclass(slots=True)
class Mind:
    """Everything drawn comes from `rng`, which is this claim's own: claims do not disturb each other's draws."""

    loss: Loss
    seller: Seller
    shop: Shop
    rng: random.Random
    adjuster: Actor
    answer: Habit
    suspicious: bool
    convinced: bool
    settled_truly: bool = False
    believed: bool | None = None
    appeal_succeeds: bool | None = None
    sent_back: bool = False
    did: str = ""
    money_at: datetime | None = None
    later: list[Plan] = field(default_factory=list)

    def happens(self, share: float) -> bool:
        return self.rng.random() < share

    def days(self, first: float, last: float) -> timedelta:
        return timedelta(days=self.rng.uniform(first, last))

    def new_id(self) -> UUID:
        return self.shop.new_id()

    def file(self, kind: EvidenceKind, exposure_no: int = 0, shows_minor: int = 0) -> EvidenceItem:
        evidence_id = self.new_id()
        return EvidenceItem(evidence_id, kind, evidence_id.hex, exposure_no, shows_minor)

    def suspects(self, claim: Claim) -> bool:
        """Whether who looks now doubts that a defect caused it."""
        rejected = any(tender.answer == "rejected" for tender in claim.tenders)
        return self.suspicious or (rejected and self.convinced)

    def at_work(self, at: datetime) -> datetime:
        """That instant, or the next at which the office is open."""
        calendar = self.shop.market.calendar
        day = calendar.day_of(at)
        if calendar.is_working(day) and at < calendar.instant(day, CLOSES):
            return max(at, calendar.instant(day, OPENS))
        day += timedelta(days=1)
        while not calendar.is_working(day):
            day += timedelta(days=1)
        return calendar.instant(day, OPENS) + timedelta(minutes=self.rng.randrange(240))


def mind_of(loss: Loss, seller: Seller, shop: Shop, seed: int) -> Mind:
    rng = random.Random(f"{seed}/claim/{loss.number}")
    keeps = rng.random() < KEEPS_HABIT
    return Mind(
        loss=loss,
        seller=seller,
        shop=shop,
        rng=rng,
        adjuster=rng.choice(ADJUSTERS),
        answer=seller.habit if keeps else pick(HABITS, rng),
        suspicious=rng.random() < (FINDS_WRONGLY if loss.founded else FINDS_OUT),
        convinced=rng.random() < (CONVINCED_WRONGLY if loss.founded else CONVINCED_BY_SELLER),
    )
