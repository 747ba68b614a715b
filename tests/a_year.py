"""A year of figures for one marketplace, drawn from a seed: for looking at plots, and for asking pages at a size.

The figures of real claims are tested in store/test_figures.py. These rows stand where theirs would.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

from world import NOW

from makewhole.domain.figures import OUR_CLOCKS, THEIR_CLOCKS

_LATE = {"decision": 0.012, "pay": 0.001, "whole_claim": 0.02, "safety_review": 0.03, "step_in": 0.015,
         "contest_decision": 0.0}  # fmt: skip


def tell_a_year(marketplace: str, currency: str, *, claims_a_month: int = 900, seed: int = 7) -> None:
    """Twelve months until NOW, growing, with a peak before the holidays."""
    from makewhole.reads.figures import months_until
    from makewhole.store.models import Figure, FiguresStand

    draw, sums = random.Random(seed), Counter[tuple[str, str, date, str, int]]()
    money: Counter[tuple[date, str]] = Counter()
    months = months_until(NOW.date())
    for at, month in enumerate(months):
        share = NOW.day / 30 if at == len(months) - 1 else 1.0
        filed = round(
            claims_a_month * (0.7 + 0.035 * at) * draw.uniform(0.9, 1.1) * share * (1.4 if at in (0, 1) else 1)
        )
        decided, closed = round(filed * draw.uniform(0.9, 0.97)), round(filed * draw.uniform(0.82, 0.95))
        for name, of, number in (("filed", "", filed), ("decided", "approved", decided), ("closed", "paid", closed)):
            sums[name, "m", month, of, 0] += number
            _by_day(sums, draw, name, of, month, number)
        for _ in range(closed):
            large = draw.random() < 0.16
            hours = int(draw.lognormvariate(6.1, 0.6)) if large else int(draw.lognormvariate(0.9, 1.3))
            sums["hours_to_money", "m", month, "tendered" if large else "direct", hours] += 1
            paid = int(draw.lognormvariate(12.2, 0.7)) if large else draw.randrange(2_000, 100_000)
            bearer = draw.choices(("platform", "seller", "insurer", "producer", "asked"), (46, 30, 14, 3, 7))[0]
            money[month, "asked" if at > 9 and bearer in ("seller", "insurer") and draw.random() < 0.6 else bearer] += (
                paid
            )
        for clock in (*OUR_CLOCKS, *THEIR_CLOCKS):
            ended = round(filed * {"pay": 0.9, "decision": 0.9, "whole_claim": 0.9}.get(clock, 0.08))
            missed = sum(draw.random() < _LATE.get(clock, 0.22) for _ in range(ended))
            sums["clock_missed", "m", month, clock, 0] += missed
            sums["clock_kept", "m", month, clock, 0] += ended - missed
    rows = [
        Figure(name=name, grain=grain, since=since, marketplace=marketplace, currency=currency, of=of, value=value,
               number=number, amount_minor=0)
        for (name, grain, since, of, value), number in sums.items() if number
    ]  # fmt: skip
    rows += [
        Figure(name="borne", grain="m", since=month, marketplace=marketplace, currency=currency, of=bearer, value=0,
               number=1, amount_minor=amount)
        for (month, bearer), amount in money.items()
    ]  # fmt: skip
    Figure.objects.bulk_create(rows)
    FiguresStand.objects.update_or_create(id=1, defaults={"at": NOW, "whole_at": NOW})


def _by_day(
    sums: Counter[tuple[str, str, date, str, int]], draw: random.Random, name: str, of: str, month: date, number: int
) -> None:
    days = [month + timedelta(days=n) for n in range(31)]
    days = [day for day in days if day.month == month.month and day <= NOW.date()]
    weights = [0.45 if day.weekday() > 4 else 1.0 for day in days]
    for day in draw.choices(days, weights, k=number):
        sums[name, "d", day, of, 0] += 1
