"""How many there are, how much in each currency, and since when the oldest waits: what a person asks of any pile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from makewhole.domain.money import Money


@dataclass(frozen=True, slots=True)
class Pile:
    number: int = 0
    amounts: tuple[Money, ...] = ()  # one for each currency
    oldest: datetime | None = None

    def __add__(self, other: Pile) -> Pile:
        return Pile(
            self.number + other.number,
            amounts_of([*self.amounts, *other.amounts]),
            min((at for at in (self.oldest, other.oldest) if at is not None), default=None),
        )


def amounts_of(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """One sum for each currency, in the order of their names."""
    sums: dict[str, int] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, 0) + amount.minor
    return tuple(Money(minor, currency) for currency, minor in sorted(sums.items()))


def pile_of(rows: Iterable[tuple[str, int, int, datetime | None]]) -> Pile:
    """Of rows of (currency, how many, minor units, the oldest's instant); "" is no currency, and no amount."""
    found = Pile()
    for currency, number, minor, oldest in rows:
        found += Pile(number, (Money(minor, currency),) if number and currency else (), oldest)
    return found
