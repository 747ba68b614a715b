"""The marketplace's payouts to sellers come in, from a file (`load_file`) or in batches by the API (`load_rows`).

What a disbursement says bounds what may be withheld of it, so that it is never changed after the fact: told again
with other content, the row is bad. What is withheld is decided elsewhere, once rows are in (`report.on_stored`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from makewhole.domain.money import Money
from makewhole.imports import checks
from makewhole.imports.checks import Faults
from makewhole.imports.loading import Checked, Fields, Subject, Terms, unknown_seller
from makewhole.imports.staging import Merged, merge_disbursements
from makewhole.integrations.order_files.rows import Reason


def check_disbursements(fields: Fields, terms: Terms, faults: Faults) -> Checked:
    """The rows' fields as the values of their columns; whatever is wrong is noted."""
    nothing = ("",) * len(next(iter(fields.values()), ()))
    checked: Checked = {
        name: checks.texts(fields.get(name, nothing), name, faults, limit=100, required=True)
        for name in ("disbursement_ref", "seller_ref")
    }
    checks.same_currency(fields.get("currency", ()), "currency", faults, currency=terms.marketplace.currency)
    checked["net_minor"] = checks.prices(
        fields.get("net_amount", nothing),
        "net_amount",
        faults,
        currency=terms.marketplace.currency,
        decimal_sign=terms.mapping.decimal_sign,
        if_negative="is below zero: the seller owes the marketplace, and nothing can be withheld of it",
    )
    checked["pays_on"] = checks.days(
        fields.get("pays_on", nothing), "pays_on", faults, time_format=terms.mapping.time_format, required=True
    )
    return checked


def _merge(terms: Terms, columns: Sequence[str], lines: Sequence[str]) -> Merged:
    currency = terms.marketplace.currency

    def why(found: list[Any]) -> list[Reason]:
        unknown, seller_ref, known_seller, known_net, known_day = found
        reasons = [unknown_seller(seller_ref, terms)] if unknown else []
        if known_seller is not None:
            told = f"{Money(known_net, currency)} to {known_seller} on {known_day}"
            reasons.append(
                Reason(
                    "disbursement_ref",
                    "told_differently",
                    f"this disbursement was told before as {told}: a documented amount is not changed after the fact",
                )
            )
        return reasons

    return merge_disbursements(terms.marketplace.code, currency, columns, lines, at=terms.now, why=why)


DISBURSEMENTS = Subject("disbursements", key=("disbursement_ref",), check=check_disbursements, merge=_merge)
load_file, load_rows = DISBURSEMENTS.load_file, DISBURSEMENTS.load_rows
