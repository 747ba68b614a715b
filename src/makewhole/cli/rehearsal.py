"""`makewhole rehearse`: files real incident reports as claims against real orders, and lets years pass.

It works in a database of its own, which is gone afterwards unless --keep names a folder for it. Ends with 0 when
every promise holds, 1 when one is broken, 2 when the files cannot be read.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from makewhole.cli.progress import progress_bar
from makewhole.integrations.order_files.rows import Progress, Unreadable

if TYPE_CHECKING:
    from makewhole.rehearsal.running import Rehearsed

EXISTING_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
EXISTING_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.option("--incidents", required=True, type=EXISTING_FILE, help="Incident reports of SaferProducts.gov (CSV).")
@click.option("--orders", required=True, type=EXISTING_FOLDER, help="The folder of Olist's tables.")
@click.option("--seed", default=2026, show_default=True, help="Another seed is another rehearsal.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Writes the table there.")
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="An empty folder that keeps it all.")
def rehearse(incidents: Path, orders: Path, seed: int, report: Path | None, keep: Path | None) -> None:
    """File every report as a claim, run all clocks to the end, and check every promise."""
    if keep is not None and keep.exists() and any(keep.iterdir()):
        raise click.BadParameter(f"{keep} is not empty: a rehearsal begins with no claims.", param_hint="--keep")
    with _home(keep):
        from makewhole.web.database import database, migrate

        with database():
            migrate()
            _rehearse(incidents, orders, seed, report)


def _rehearse(incidents: Path, orders: Path, seed: int, report: Path | None) -> None:
    from makewhole.rehearsal import outcome, promises
    from makewhole.rehearsal.running import rehearse as run

    try:
        with _bars() as bars:
            done = run(incidents, orders, seed=seed, progress=bars)
    except Unreadable as wrong:
        raise _Unusable(str(wrong)) from None
    table = outcome.table()
    if report is not None:
        around = report.read_text("utf-8") if report.exists() else ""
        report.write_text(outcome.put_between_marks(around, table), encoding="utf-8")
    click.echo(table)
    _say_beside(done)
    checked = promises.check(done.file_of, done.ended_at)
    for promise in checked:
        click.echo(str(promise))
    sys.exit(0 if all(promise.holds for promise in checked) else 1)


class _Unusable(click.ClickException):
    exit_code = 2


def _say_beside(done: Rehearsed) -> None:
    """What differs from run to run, and so is no part of the table."""
    from makewhole.rehearsal import outcome

    first, drawn = outcome.samples()
    click.echo(f"\nThe virtual clock stopped at {done.ended_at:%Y-%m-%d}. Automatic approvals looked at again: {first}"
               f" as a seller's first, {drawn} by the draw.")  # fmt: skip
    for what, count in sorted(done.refused.items()):
        click.echo(f"refused by the rules: {what} ({count})")
    for name, seconds in sorted(done.seconds.items(), key=lambda each: -each[1]):
        asks = done.asks.get(name.removeprefix("write door: "), 0)
        each = f", {asks:,} asks, {1000 * seconds / asks:.1f} ms each" if asks else ""
        click.echo(f"{seconds:7.1f} s  {name}{each}")
    click.echo()


@contextmanager
def _home(keep: Path | None) -> Iterator[None]:
    """A data folder of its own and the embedded database in it, whatever the settings name."""
    os.environ.pop("DATABASE_URL", None)
    for name in ("EVIDENCE_STORE", "EVIDENCE_DIR"):
        os.environ.pop(name, None)
    if keep is not None:
        os.environ["MAKEWHOLE_HOME"] = str(keep)
        yield
        return
    # Short: the path of the server's socket lies in it, and may have some hundred bytes.
    with tempfile.TemporaryDirectory(prefix="mw-", ignore_cleanup_errors=True) as place:
        os.environ["MAKEWHOLE_HOME"] = place
        # What is thrown away need not wait for the disk; libpq hands this to each connection.
        os.environ["PGOPTIONS"] = "-c synchronous_commit=off"
        yield


@contextmanager
def _bars() -> Iterator[Callable[[str], Progress]]:
    """One bar after the other, as one part of the work follows the other."""
    with ExitStack() as shown:

        def bar(name: str) -> Progress:
            shown.close()
            return shown.enter_context(progress_bar(name))

        yield bar
