"""Money at its edge: what is an amount, what is refused, and that currencies never meet."""

from __future__ import annotations

from decimal import Decimal

import pytest

from makewhole.domain.money import LARGEST_MINOR, Money, parse_money, total, zero
from makewhole.domain.refusal import Refused


@pytest.mark.parametrize(
    "text, currency, minor",
    [
        ("184.20", "USD", 18420),
        ("184.2", "USD", 18420),
        ("184", "USD", 18400),
        (" 7.05 ", "GBP", 705),
        (Decimal("0.01"), "EUR", 1),
        (3, "CAD", 300),
        ("184.200", "USD", 18420),
        ("1500", "JPY", 1500),
        ("-3.50", "USD", -350),
        ("0", "USD", 0),
    ],
)
def test_an_amount_becomes_whole_minor_units(text: str | int | Decimal, currency: str, minor: int) -> None:
    assert parse_money(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text, currency, code",
    [
        ("184.205", "USD", "too_many_decimals"),
        ("1.5", "JPY", "too_many_decimals"),
        ("0.0001", "USD", "too_many_decimals"),
        ("NaN", "USD", "not_an_amount"),
        ("Infinity", "USD", "not_an_amount"),
        ("", "USD", "not_an_amount"),
        ("1,000.00", "USD", "not_an_amount"),
        ("ten", "USD", "not_an_amount"),
        (184.2, "USD", "not_an_amount"),
        (True, "USD", "not_an_amount"),
        ("1", "XXX", "unknown_currency"),
        ("1E2", "USD", "not_an_amount"),
        ("1" + "0" * 30, "USD", "amount_too_large"),
    ],
)
def test_what_is_no_amount_is_refused_by_name(text: str | float, currency: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        parse_money(text, currency)  # type: ignore[arg-type]


def test_the_largest_amount_is_still_an_amount_and_one_cent_more_is_not() -> None:
    largest = Decimal(LARGEST_MINOR) / 100
    assert parse_money(largest, "USD").minor == LARGEST_MINOR
    with pytest.raises(Refused, match="amount_too_large"):
        parse_money(largest + Decimal("0.01"), "USD")


def test_amounts_of_one_currency_add_and_compare() -> None:
    assert total([Money(150, "USD"), Money(50, "USD")], "USD") == Money(200, "USD")
    assert total([], "EUR") == zero("EUR") and not zero("EUR")
    assert Money(150, "USD") - Money(50, "USD") == Money(100, "USD")
    assert Money(1, "USD") < Money(2, "USD") <= Money(2, "USD")
    assert Money(3, "USD") > Money(2, "USD") >= Money(2, "USD")
    assert str(Money(123456, "USD")) == "USD 1,234.56"
    assert str(Money(1500, "JPY")) == "JPY 1,500"


def test_two_currencies_never_meet() -> None:
    for meet in (Money.__add__, Money.__sub__, Money.__lt__, Money.__ge__):
        with pytest.raises(AssertionError, match="USD met GBP"):
            meet(Money(1, "USD"), Money(1, "GBP"))
    assert Money(1, "USD") != Money(1, "GBP")
