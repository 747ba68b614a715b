"""What was lost, when it was told, and with which papers. Start at draw_loss(); sums as in the rehearsal.

Sums are lognormal: the median in whole units of the marketplace's currency, sigma of the logarithm, and a cap.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from makewhole.domain.claim.events import EvidenceKind, Head, Method
from makewhole.simulation.book import Sale
from makewhole.simulation.lots import pick


@dataclass(frozen=True, slots=True)
class Sum:
    head: Head
    share: float
    median: float
    sigma: float
    cap: float


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of loss: how often, what is claimed beside the price, and what it means for safety."""

    share: float
    sums: tuple[Sum, ...]
    injury: bool = False
    hazard: str = ""


# The medians are those of the rehearsal, whose 1,245 real reports gave the kinds; the shares put some four in five
# claims at or under the limit.
KINDS = {
    "broken": Kind(0.18, ()),
    "damage": Kind(0.36, (Sum("property_damage", 1.0, 210, 0.9, 8_000),)),
    "doctor": Kind(
        0.22,
        (Sum("medical_expense", 1.0, 190, 0.7, 5_000), Sum("lost_wages", 0.1, 180, 0.5, 2_000)), injury=True,
    ),
    "emergency": Kind(
        0.15,
        (Sum("medical_expense", 1.0, 950, 0.8, 20_000), Sum("lost_wages", 0.25, 320, 0.5, 4_000)), injury=True,
    ),
    "fire": Kind(0.05, (Sum("property_damage", 1.0, 1_300, 1.0, 60_000),), hazard="fire"),
    "hospital": Kind(
        0.04,
        (Sum("medical_expense", 1.0, 6_500, 0.9, 90_000), Sum("lost_wages", 0.5, 1_100, 0.6, 12_000)),
        injury=True,
        hazard="grave_injury",
    ),
}  # fmt: skip
PRICE_TOO = 0.85  # the price is claimed beside other losses
PAPERS: dict[Head, tuple[EvidenceKind, ...]] = {
    "property_damage": ("photo", "repair_estimate"),
    "medical_expense": ("medical_bill",),
    "lost_wages": ("wage_statement",),
}
PAPER_MISSING, PAPER_SHOWS_LESS = 0.06, 0.06
UNFOUNDED = 0.08  # no defect of the product caused it; who decides may find out
REFERRED = 0.04  # a contact is shared with another claimant: a person looks
SAME_INCIDENT = 0.02  # a second person was hurt or lost something by the same sale, on the same day
METHODS: dict[Method, float] = {"bank_transfer": 0.7, "refund": 0.2, "credit": 0.1}
DAYS_TO_LOSS, LONGEST_TO_LOSS, DAYS_TO_NOTICE, LONGEST_TO_NOTICE = 30.0, 200, 12.0, 88


@dataclass(frozen=True, slots=True)
class Loss:
    """One claim to be. `copy`: which of the sales that its order line stands for; claims on one copy share a sale."""

    number: int
    sale: Sale
    copy: int
    loss_date: date
    noticed_at: datetime
    parts: tuple[tuple[Head, int], ...]
    papers: tuple[tuple[int, EvidenceKind, int], ...]  # part, kind, amount shown
    injury: bool
    hazard: str
    founded: bool
    referred: bool
    method: Method
    draw: int


def draw_loss(sale: Sale, nth: int, zone: str, seed: int) -> Loss:
    """The `nth` claim on this line of the book."""
    rng = random.Random(f"{seed}/loss/{sale.number}/{nth}")
    shares = nth > 0 and rng.random() < SAME_INCIDENT
    first = random.Random(f"{seed}/day/{sale.number}/{nth - shares}")
    after = 1 + min(LONGEST_TO_LOSS, int(first.expovariate(1 / DAYS_TO_LOSS)))
    loss_date = sale.delivered_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=after)
    kind = _kind(rng)
    parts = _parts(kind, sale, rng)
    return Loss(
        number=sale.number * 10_000 + nth,
        sale=sale,
        copy=nth - shares,
        loss_date=loss_date,
        noticed_at=_noticed_at(loss_date, zone, rng),
        parts=parts,
        papers=tuple(_papers(parts, rng)),
        injury=kind.injury,
        hazard=kind.hazard,
        founded=rng.random() >= UNFOUNDED,
        referred=rng.random() < REFERRED,
        method=pick(METHODS, rng),
        draw=rng.randrange(10_000),
    )


def _kind(rng: random.Random) -> Kind:
    return KINDS[pick({name: kind.share for name, kind in KINDS.items()}, rng)]


def _parts(kind: Kind, sale: Sale, rng: random.Random) -> tuple[tuple[Head, int], ...]:
    found: list[tuple[Head, int]] = []
    for each in kind.sums:
        if rng.random() < each.share:
            drawn = min(each.cap, rng.lognormvariate(math.log(each.median), each.sigma))
            found.append((each.head, max(100, round(100 * drawn))))
    if not found or rng.random() < PRICE_TOO:
        found.append(("purchase_price", sale.price_minor))
    return tuple(found)


def _papers(parts: Sequence[tuple[Head, int]], rng: random.Random) -> list[tuple[int, EvidenceKind, int]]:
    found: list[tuple[int, EvidenceKind, int]] = []
    for no, (head, minor) in enumerate(parts, start=1):
        for kind in PAPERS.get(head, ()):
            shows = rng.uniform(0.4, 0.95) if rng.random() < PAPER_SHOWS_LESS else 1.0
            if rng.random() >= PAPER_MISSING:
                found.append((no, kind, 0 if kind == "photo" else round(minor * shows)))
    return found


def _noticed_at(loss_date: date, zone: str, rng: random.Random) -> datetime:
    day = loss_date + timedelta(days=min(LONGEST_TO_NOTICE, int(rng.expovariate(1 / DAYS_TO_NOTICE))))
    seconds = rng.randrange(8 * 3600, 22 * 3600)
    return (datetime.combine(day, time(), ZoneInfo(zone)) + timedelta(seconds=seconds)).astimezone(UTC)
