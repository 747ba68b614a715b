"""Money: whole minor units and a currency beside them. Decimals exist only at the edge; floats never."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from makewhole.domain.refusal import Refused

# ISO 4217 minor units of the currencies we meet; every other currency is refused, not guessed.
MINOR_DIGITS = {
    "USD": 2, "CAD": 2, "GBP": 2, "EUR": 2, "SEK": 2, "PLN": 2, "MXN": 2, "BRL": 2, "AUD": 2, "JPY": 0,
}  # fmt: skip

# Digits, and a point with digits behind it: no exponents, no "NaN", no thousands separators to be misread.
_PLAIN = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,30})?")
# A bigint holds it many times over, and no claim comes near: larger figures are typing errors.
LARGEST_MINOR = 10**14


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in whole minor units (cents) of one currency. Arithmetic across currencies is a bug."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.currency} {self.decimal:,}"

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, with exactly the currency's number of digits."""
        return Decimal(self.minor).scaleb(-MINOR_DIGITS[self.currency])

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise AssertionError(f"{self.currency} met {other.currency}")
        return other.minor


def zero(currency: str) -> Money:
    """Nothing, in that currency."""
    return Money(0, currency)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of amounts of one currency; zero of it where there are none."""
    return sum(amounts, zero(currency))


def parse_money(text: str | int | Decimal, currency: str) -> Money:
    """An amount in major units ("184.20") as Money.

    Refuses (`not_an_amount`, `too_many_decimals`, `amount_too_large`, `unknown_currency`) what is not a
    plain finite decimal with at most the currency's digits. Never rounds: a third decimal is a question
    to the sender, not ours to drop. Sign is kept; callers who need a positive amount say so.
    """
    if currency not in MINOR_DIGITS:
        raise Refused("unknown_currency", currency=currency)
    if isinstance(text, bool | float):
        raise Refused("not_an_amount", given=text)
    if not _PLAIN.fullmatch(str(text).strip()):
        raise Refused("not_an_amount", given=str(text)[:40])
    amount = Decimal(str(text).strip())
    if abs(amount) >= Decimal(LARGEST_MINOR):
        raise Refused("amount_too_large", given=str(text)[:40])
    minor = amount.scaleb(MINOR_DIGITS[currency])
    if minor != minor.to_integral_value():
        raise Refused("too_many_decimals", given=str(text)[:40], allowed=MINOR_DIGITS[currency])
    if abs(minor) > LARGEST_MINOR:
        raise Refused("amount_too_large", given=str(text)[:40])
    return Money(int(minor), currency)
