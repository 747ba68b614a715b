"""Sellers come in, from a file (`load_file`) or in batches by the API (`load_rows`)."""

from __future__ import annotations

from collections.abc import Sequence

from makewhole.imports import checks
from makewhole.imports.checks import Faults
from makewhole.imports.loading import Checked, Fields, Subject, Terms
from makewhole.imports.staging import Merged, merge_sellers


def check_sellers(fields: Fields, terms: Terms, faults: Faults) -> Checked:
    """The rows' fields as the values of their columns; whatever is wrong is noted."""
    refs = fields.get("seller_ref", ("",) * len(next(iter(fields.values()), ())))
    checked: Checked = {
        "seller_ref": checks.texts(refs, "seller_ref", faults, limit=100, required=True),
    }
    for name in ("name", "legal_name"):
        if name in fields:
            checked[name] = checks.texts(fields[name], name, faults, limit=200)
    if "email" in fields:
        checked["email"] = checks.emails(fields["email"], "email", faults)
    if "country" in fields:
        checked["country"] = checks.countries(fields["country"], "country", faults)
    if "good_standing" in fields:
        checked["good_standing"] = checks.yes_or_no(fields["good_standing"], "good_standing", faults, default=True)
    for name in ("insurance_requested_at", "closed_at"):
        if name in fields:
            checked[name] = checks.instants(
                [value.strip() for value in fields[name]],
                name,
                faults,
                zone=terms.zone,
                now=terms.now,
                time_format=terms.mapping.time_format,
                required=False,
            )
    if "insolvent_since" in fields:
        checked["insolvent_since"] = checks.days(
            fields["insolvent_since"],
            "insolvent_since",
            faults,
            time_format=terms.mapping.time_format,
            required=False,
            latest=terms.today,
        )
    return checked


def _merge(terms: Terms, columns: Sequence[str], lines: Sequence[str]) -> Merged:
    return merge_sellers(terms.marketplace.code, columns, lines)


SELLERS = Subject("sellers", key=("seller_ref",), check=check_sellers, merge=_merge)
load_file, load_rows = SELLERS.load_file, SELLERS.load_rows
