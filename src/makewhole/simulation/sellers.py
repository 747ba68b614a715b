"""What the book does not say of a seller: insurance, standing, habits, payouts. One seed, stated figures.

Start at draw_seller(). Each seller has a generator of its own, named by seed and reference.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from makewhole.domain.claim.commands import CoverageFacts
from makewhole.domain.recovery.events import Obstacle
from makewhole.simulation.book import Shelf
from makewhole.simulation.lots import pick
from makewhole.simulation.markets import SHARES

Cover = Literal["on_file", "shown_in_time", "shown_late", "none"]
Habit = Literal[
    "lets_platform_pay", "pays", "handles", "offers", "rejects", "asks_time", "names_producer", "silent"
]  # fmt: skip
InsurerHabit = Literal["accepts", "reserves_rights", "denies", "silent"]
Repays = Literal["is_withheld", "pays", "in_instalments"]

# Insurance: known to the platform, shown when asked, shown late, or none at all.
COVERS: dict[Cover, float] = {"on_file": 0.55, "shown_in_time": 0.06, "shown_late": 0.06, "none": 0.33}
ASKED_BEFORE = 0.6  # of those not known to be insured: insurance had been requested before
INSURER_TAKES_PART = 0.85  # its insurer is one that is notified; of the others only the policy is known
PLATFORM_IS_INSURED = 0.3
DEDUCTIBLES_MINOR = (0, 50_000, 100_000, 250_000, 500_000, 1_000_000)
LIMITS_MINOR = (100_000_000, 200_000_000)
INSURERS = 12
GOOD_STANDING = 0.93
GONE: dict[Obstacle, float] = {"account_gone": 0.05, "bankruptcy": 0.02, "": 0.93}
GONE_FIRST, GONE_LAST = date(2025, 2, 1), date(2026, 6, 30)

# What a seller does with most of its tenders; in the others it does as anybody might.
HABITS: dict[Habit, float] = {
    "lets_platform_pay": 0.16, "pays": 0.07, "handles": 0.10, "offers": 0.09, "rejects": 0.16, "asks_time": 0.06,
    "names_producer": 0.06, "silent": 0.30,
}  # fmt: skip
KEEPS_HABIT = 0.7
INSURER_HABITS: dict[InsurerHabit, float] = {"accepts": 0.6, "reserves_rights": 0.12, "denies": 0.14, "silent": 0.14}
REPAYS: dict[Repays, float] = {"is_withheld": 0.55, "pays": 0.3, "in_instalments": 0.15}

# The book is a sample: so many sales stand behind one claim, and a payout is what is left after fees and returns.
SALES_PER_CLAIM = 100
NET_OF_SALES = 0.8


@dataclass(frozen=True, slots=True)
class Seller:
    """One seller as drawn. `coverage`: what it has, known to the platform or not (`cover`)."""

    number: int
    shelf: Shelf
    marketplace: str
    cover: Cover
    coverage: CoverageFacts | None
    asked_before: bool
    good_standing: bool
    gone: Obstacle
    gone_from: date
    habit: Habit
    insurer_habit: InsurerHabit
    repays: Repays
    week_minor: int
    payouts: dict[int, int]

    def net_minor(self, friday: date) -> int:
        """A week's payout, whatever the year: half what the book shows for that week, half the mean of all weeks."""
        _, week, _ = friday.isocalendar()
        return (self.payouts.get(week, 0) + self.week_minor) // 2


def draw_seller(number: int, shelf: Shelf, seed: int, claims_per_line: float) -> Seller:
    """Who this seller is. `claims_per_line`: how many claims the book is asked for, by its lines."""
    rng = random.Random(f"{seed}/seller/{shelf.seller_ref}")
    marketplace = pick(SHARES, rng)
    cover = pick(COVERS, rng)
    scale = SALES_PER_CLAIM * claims_per_line * NET_OF_SALES
    weeks: Counter[int] = Counter()
    for sale in shelf.sales:
        weeks[sale.ordered_at.isocalendar().week] += round(sale.price_minor * scale)
    days = (GONE_LAST - GONE_FIRST).days
    return Seller(
        number=number,
        shelf=shelf,
        marketplace=marketplace,
        cover=cover,
        coverage=None if cover == "none" else _coverage(number, rng),
        asked_before=rng.random() < ASKED_BEFORE,
        good_standing=rng.random() < GOOD_STANDING,
        gone=pick(GONE, rng),
        gone_from=GONE_FIRST + timedelta(days=rng.randrange(days)),
        habit=pick(HABITS, rng),
        insurer_habit=pick(INSURER_HABITS, rng),
        repays=pick(REPAYS, rng),
        week_minor=sum(weeks.values()) // 52,
        payouts=dict(weeks),
    )


def _coverage(number: int, rng: random.Random) -> CoverageFacts:
    return CoverageFacts(
        coverage_id=number,
        insurer_id=1 + rng.randrange(INSURERS) if rng.random() < INSURER_TAKES_PART else None,
        deductible_minor=rng.choice(DEDUCTIBLES_MINOR),
        limit_left_minor=rng.choice(LIMITS_MINOR),
        platform_is_insured=rng.random() < PLATFORM_IS_INSURED,
    )
