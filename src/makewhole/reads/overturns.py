"""How often a decision was overturned by somebody who took no part in it: the figures that the system publishes itself.

Published are sums per marketplace and per clause. Who decided first is told to those who answer for it, not in public.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db import connection

from makewhole.store.sqls import sql


@dataclass(frozen=True, slots=True)
class Overturned:
    """Disputes of one kind (`contest` or `appeal`) in one marketplace, in all or of one clause or first decider."""

    kind: str
    marketplace: str
    clause: str
    first_decider: str
    filed: int
    decided: int
    upheld: int
    partly: int
    dismissed: int

    @property
    def open(self) -> int:
        return self.filed - self.decided

    @property
    def rate(self) -> Decimal | None:
        """Percent of the decided ones in which the first decision did not stand as it was; None before one is."""
        if not self.decided:
            return None
        share = Decimal(100 * (self.upheld + self.partly)) / self.decided
        return share.quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Overturns:
    by_marketplace: tuple[Overturned, ...]
    by_clause: tuple[Overturned, ...]
    by_first_decider: tuple[Overturned, ...]


def overturns(
    *, marketplaces: Collection[str] | None = None, from_day: date | None = None, to_day: date | None = None
) -> Overturns:
    """Of disputes that were filed from one day to another, both in it. `marketplaces`: only of these."""
    told = {
        "marketplaces": None if marketplaces is None else sorted(marketplaces),
        "from_day": from_day,
        "to_day": to_day,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql("overturns"), told)
        rows = cursor.fetchall()
    found: dict[int, list[Overturned]] = {}
    for of, kind, code, clause, who, *counts in rows:
        found.setdefault(of, []).append(Overturned(kind, code, clause or "", who or "", *counts))
    return Overturns(
        tuple(found.get(_IN_ALL, ())), tuple(found.get(_BY_CLAUSE, ())), tuple(found.get(_BY_FIRST_DECIDER, ()))
    )


# What grouping() in the statement says of clause and first decider: one bit each, 1 where it is summed over.
_IN_ALL, _BY_FIRST_DECIDER, _BY_CLAUSE = 0b11, 0b10, 0b01
