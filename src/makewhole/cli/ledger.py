"""`makewhole ledger check`: does every entry balance, and do the books say what the log says? 1 where not."""

from __future__ import annotations

import sys

import click

from makewhole.cli.progress import progress_bar


@click.group()
def ledger() -> None:
    """Check the books."""


@ledger.command()
def check() -> None:
    """Check every entry, every claim's accounts and every posting, and print the trial balance."""
    from makewhole.store import books

    with progress_bar("books") as progress:
        checked = books.check(click.echo, progress=progress)
    width = max((len(balance.account) for balance in checked.trial_balance), default=0)
    for balance in checked.trial_balance:
        click.echo(f"{balance.account:<{width}}  {balance.amount!s:>24}")
    told = "the books balance and say what the log says" if not checked.faults else f"{checked.faults:,} faults"
    click.echo(f"{checked.claims:,} claims, {checked.events:,} events: {told}.")
    sys.exit(1 if checked.faults else 0)
