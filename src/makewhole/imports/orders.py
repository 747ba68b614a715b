"""Orders come in, from a file (`load_file`) or in batches by the API (`load_rows`).

Sellers that order lines name and nobody imported are made with just their key: a later import of sellers fills them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from makewhole.imports import checks
from makewhole.imports.checks import Faults
from makewhole.imports.loading import Checked, Fields, Subject, Terms
from makewhole.imports.pseudonyms import pseudonyms
from makewhole.imports.staging import Merged, merge_order_lines

CHANNELS = ("seller", "platform")


def check_order_lines(fields: Fields, terms: Terms, faults: Faults) -> Checked:
    """The rows' fields as the values of their columns; whatever is wrong is noted."""
    mapping, marketplace = terms.mapping, terms.marketplace
    count = len(next(iter(fields.values()), ()))
    nothing = ("",) * count
    checked: Checked = {}
    for name in ("order_ref", "line_ref", "seller_ref", "buyer_ref", "product_ref"):
        told = fields.get(name, nothing)
        if name in mapping.pseudonymous:
            told = pseudonyms(told)
        checked[name] = checks.texts(told, name, faults, limit=100, required=True)
    for name, limit in (("product_title", 500), ("category", 100)):
        if name in fields:
            checked[name] = checks.texts(fields[name], name, faults, limit=limit)
    quantities = checks.quantities(fields.get("quantity", nothing), "quantity", faults)
    checked["quantity"] = quantities
    checks.same_currency(fields.get("currency", ()), "currency", faults, currency=marketplace.currency)
    checked["price_minor"] = _prices(fields, nothing, quantities, terms, faults)
    _check_instants(fields, nothing, terms, faults, checked)
    if "channel" in fields:
        checked["channel"] = checks.choices(fields["channel"], "channel", faults, known=CHANNELS, default="seller")
    if "physical" in fields:
        checked["physical"] = checks.yes_or_no(fields["physical"], "physical", faults, default=True)
    return checked


def _prices(fields: Fields, nothing: Sequence[str], quantities: list[int], terms: Terms, faults: Faults) -> list[int]:
    name = "price_total" if "price_total" in fields else "price"
    found = checks.prices(
        fields.get(name, nothing),
        name,
        faults,
        currency=terms.marketplace.currency,
        decimal_sign=terms.mapping.decimal_sign,
    )
    return checks.piece_prices(found, quantities) if name == "price_total" else found


def _check_instants(fields: Fields, nothing: Sequence[str], terms: Terms, faults: Faults, checked: Checked) -> None:
    def read(name: str, told: Sequence[str], required: bool) -> list[datetime | None]:
        return checks.instants(
            told, name, faults, zone=terms.zone, now=terms.now, time_format=terms.mapping.time_format, required=required
        )

    ordered = read("ordered_at", _stripped(fields.get("ordered_at", nothing)), True)
    checked["ordered_at"] = ordered
    if "delivered_at" not in fields:
        return
    told = _stripped(fields["delivered_at"])
    delivered = read("delivered_at", told, False)
    checked["delivered_at"] = delivered
    checks.not_before(
        delivered,
        told,
        ordered,
        faults,
        field="delivered_at",
        code="delivered_before_ordered",
        sentence="delivered_at lies before ordered_at",
        zone=terms.zone,
    )


def _stripped(values: Sequence[str]) -> list[str]:
    return [value.strip() for value in values]


def _merge(terms: Terms, columns: Sequence[str], lines: Sequence[str]) -> Merged:
    return merge_order_lines(terms.marketplace.code, terms.marketplace.currency, columns, lines)


ORDERS = Subject("orders", key=("order_ref", "line_ref"), check=check_order_lines, merge=_merge)
load_file, load_rows = ORDERS.load_file, ORDERS.load_rows
