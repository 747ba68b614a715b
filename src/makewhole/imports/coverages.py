"""Sellers' insurance comes in, from a file (`load_file`) or in batches by the API (`load_rows`).

A coverage is known by seller, insurer, policy number and first day; the rest may change, except that its limit does
not fall below what was paid under it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from makewhole.domain.money import Money
from makewhole.imports import checks
from makewhole.imports.checks import Faults
from makewhole.imports.loading import Checked, Fields, Subject, Terms, unknown_seller
from makewhole.imports.staging import Merged, merge_coverages
from makewhole.integrations.order_files.rows import Reason


def check_coverages(fields: Fields, terms: Terms, faults: Faults) -> Checked:
    """The rows' fields as the values of their columns; whatever is wrong is noted."""
    nothing = ("",) * len(next(iter(fields.values()), ()))
    checked: Checked = {
        name: checks.texts(fields.get(name, nothing), name, faults, limit=limit, required=True)
        for name, limit in (("seller_ref", 100), ("insurer", 200), ("policy_number", 100))
    }
    _check_period(fields, nothing, terms, faults, checked)
    checks.same_currency(fields.get("currency", ()), "currency", faults, currency=terms.marketplace.currency)
    checked["limit_minor"] = _amounts("limit", fields.get("limit", nothing), terms, faults)
    _limits_pay_something(checked["limit_minor"], faults)
    if "deductible" in fields:
        told = [value.strip() or "0" for value in fields["deductible"]]
        checked["deductible_minor"] = _amounts("deductible", told, terms, faults)
    for name in ("platform_is_insured", "verified"):
        if name in fields:
            checked[name] = checks.yes_or_no(fields[name], name, faults, default=False)
    return checked


def _check_period(fields: Fields, nothing: Sequence[str], terms: Terms, faults: Faults, checked: Checked) -> None:
    def read(name: str) -> list[date | None]:
        told = fields.get(name, nothing)
        return checks.days(told, name, faults, time_format=terms.mapping.time_format, required=True)

    starts, ends = read("starts_on"), read("ends_on")
    checked["starts_on"], checked["ends_on"] = starts, ends
    for at, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if start is not None and end is not None and end <= start:
            faults.note(at, "ends_on", "ends_before_it_starts", "ends_on is not after starts_on")


def _amounts(name: str, told: Sequence[str], terms: Terms, faults: Faults) -> list[int]:
    return checks.prices(
        told, name, faults, currency=terms.marketplace.currency, decimal_sign=terms.mapping.decimal_sign
    )


def _limits_pay_something(limits: Sequence[object], faults: Faults) -> None:
    for at, limit in enumerate(limits):
        if limit == 0 and not any(reason.field == "limit" for reason in faults.of_row.get(at, ())):
            faults.note(at, "limit", "limit_of_nothing", "limit is zero: such a coverage pays nothing")


def _merge(terms: Terms, columns: Sequence[str], lines: Sequence[str]) -> Merged:
    currency = terms.marketplace.currency

    def why(found: list[Any]) -> list[Reason]:
        no_seller, seller_ref, no_insurer, insurer, limit, eroded = found
        reasons = [unknown_seller(seller_ref, terms)] if no_seller else []
        if no_insurer:
            sentence = f"there is no insurer {insurer!r}: load it first, with its address"
            reasons.append(Reason("insurer", "unknown_insurer", sentence))
        if eroded is not None and eroded > limit:
            told, paid = Money(limit, currency), Money(eroded, currency)
            sentence = f"limit {told} lies below the {paid} that was paid under it already"
            reasons.append(Reason("limit", "limit_below_what_was_paid", sentence))
        return reasons

    return merge_coverages(terms.marketplace.code, columns, lines, at=terms.now, why=why)


COVERAGES = Subject(
    "coverages",
    key=("seller_ref", "insurer", "policy_number", "starts_on"),
    check=check_coverages,
    merge=_merge,
)
load_file, load_rows = COVERAGES.load_file, COVERAGES.load_rows
