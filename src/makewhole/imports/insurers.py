"""Insurers come in, from a file (`load_file`) or in batches by the API (`load_rows`). They belong to no marketplace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from makewhole.imports import checks
from makewhole.imports.checks import Faults
from makewhole.imports.loading import Checked, Fields, Loading, Subject, Terms, load_dictionaries, load_opened
from makewhole.imports.report import ImportReport
from makewhole.imports.staging import Merged, merge_insurers
from makewhole.integrations.order_files.mapping import Mapping, load_mapping
from makewhole.integrations.order_files.rows import Progress
from makewhole.integrations.order_files.tables import open_table


def load_file(
    path: Path,
    *,
    mapping: Mapping,
    marketplace: None = None,
    now: datetime | None = None,
    progress: Progress = lambda done, total: None,
    report: ImportReport | None = None,
) -> ImportReport:
    """The insurers of a file; see orders.load_file. `marketplace` stands here as its siblings have it."""
    opened = open_table(path, mapping)
    report = ImportReport() if report is None else report
    return load_opened(Loading(INSURERS, mapping, marketplace=marketplace, report=report, now=now), opened, progress)


def load_rows(
    rows: Iterable[dict[str, object]], *, now: datetime | None = None, report: ImportReport | None = None
) -> ImportReport:
    """Insurers given as dictionaries, in Makewhole's own format."""
    report = ImportReport() if report is None else report
    mapping = load_mapping("makewhole", subject="insurers")
    return load_dictionaries(Loading(INSURERS, mapping, marketplace=None, report=report, now=now), rows)


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
