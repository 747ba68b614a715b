"""Each import leaves a row: what it did, or why it broke off. Start at recorded()."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from makewhole.imports.report import ImportReport
from makewhole.integrations.order_files.rows import Unreadable
from makewhole.store.models import ImportRun

KEPT_BAD_ROWS = 20
_LONGEST = 300


@contextmanager
def recorded(subject: str, marketplace: str | None, source: str, report: ImportReport) -> Iterator[None]:
    """What happens inside is an import of this source. A row without an end is one that runs, or was cut off."""
    run = ImportRun.objects.create(
        subject=subject, marketplace=marketplace or "", source=source[:200], began_at=datetime.now(UTC)
    )
    try:
        yield
    except Unreadable as wrong:
        run.error = str(wrong)[:_LONGEST]
        raise
    except KeyboardInterrupt:
        run.error = "It was stopped. The rows that are counted are in."
        raise
    finally:
        run.ended_at = datetime.now(UTC)
        run.rows, run.new, run.changed, run.bad = report.rows, report.new, report.changed, report.bad
        run.bad_rows = [[bad.row, str(bad)[:_LONGEST]] for bad in report.bad_rows[:KEPT_BAD_ROWS]]
        run.save()
