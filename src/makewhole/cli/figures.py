"""`makewhole figures rebuild`: the sums of the owner's pages, made anew from the log."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from makewhole.cli.progress import progress_bar


@click.group()
def figures() -> None:
    """What the programme's pages and downloads show: sums of the log, kept up by the worker."""


@figures.command()
def rebuild() -> None:
    """Make all figures anew from the log. Until it ends, the pages show those that there were."""
    from makewhole.store import figures as kept

    with progress_bar("figures") as progress:
        claims = kept.rebuild(datetime.now(UTC), progress=progress)
    click.echo(f"{claims:,} claims are in the figures.")
