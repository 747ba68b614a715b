"""`makewhole simulate`: so many claims on an order book, in memory under the real rules, and who bore what.

It needs no database. Ends with 0 when every promise holds, 1 when one is broken, 2 when the orders cannot be read.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from makewhole.cli.progress import progress_bar
from makewhole.integrations.order_files.rows import Unreadable

EXISTING_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.option("--claims", default=100_000, show_default=True, type=click.IntRange(min=1), help="How many claims.")
@click.option("--orders", required=True, type=EXISTING_FOLDER, help="The folder of Olist's tables.")
@click.option("--seed", default=1, show_default=True, help="Another seed is another simulation.")
@click.option("--processes", type=click.IntRange(min=1), help="How many work at once (as many as there are cores).")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Writes the tables there.")
def simulate(claims: int, orders: Path, seed: int, processes: int | None, report: Path | None) -> None:
    """Let claims, sellers and staff live through years, and show who bore how much."""
    from makewhole.simulation.running import simulate as run
    from makewhole.simulation.table import promises, put_between_marks, tables

    began = time.perf_counter()
    try:
        with progress_bar("claims") as bar:
            figures = run(orders, claims=claims, seed=seed, processes=processes, progress=bar)
    except Unreadable as wrong:
        raise _Unusable(str(wrong)) from None
    took = time.perf_counter() - began
    found = tables(figures)
    if report is not None:
        around = report.read_text("utf-8") if report.exists() else ""
        report.write_text(put_between_marks(around, found), encoding="utf-8")
    click.echo(found)
    click.echo(f"\n{claims:,} claims, seed {seed}, in {took:.0f} seconds")
    for promise in promises(figures):
        click.echo(promise)
    sys.exit(1 if figures.broken else 0)


class _Unusable(click.ClickException):
    exit_code = 2
