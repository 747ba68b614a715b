"""Insurers come in, from a file (`load_file`) or in batches by the API (`load_rows`). They belong to no marketplace."""

from __future__ import annotations

from collections.abc import Sequence

from makewhole.imports import checks
from makewhole.imports.checks import Faults
from makewhole.imports.loading import Checked, Fields, Subject, Terms
from makewhole.imports.staging import Merged, merge_insurers


def check_insurers(fields: Fields, terms: Terms, faults: Faults) -> Checked:
    """The rows' fields as the values of their columns; whatever is wrong is noted."""
    names = fields.get("name", ("",) * len(next(iter(fields.values()), ())))
    checked: Checked = {"name": checks.texts(names, "name", faults, limit=200, required=True)}
    if "email" in fields:
        checked["email"] = checks.emails(fields["email"], "email", faults)
    return checked


def _merge(terms: Terms, columns: Sequence[str], lines: Sequence[str]) -> Merged:
    return merge_insurers(columns, lines)


INSURERS = Subject("insurers", key=("name",), check=check_insurers, merge=_merge, of_marketplace=False)
load_file, load_rows = INSURERS.load_file, INSURERS.load_rows
