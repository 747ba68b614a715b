"""`makewhole ledger check`: does every entry balance, and do the books say what the log says? 1 where not.

`makewhole ledger statement SELLER`: what the books hold of one seller's claims, and whether recoveries say the same.
"""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING

import click

from makewhole.cli.progress import progress_bar

if TYPE_CHECKING:
    from makewhole.store.statements import AccountStatement

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def ledger() -> None:
    """Check the books, and print what they hold of a seller."""


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


@ledger.command()
@click.argument("seller")
@click.option("--marketplace", required=True, metavar="CODE", help="Whose seller it is.")
@click.option("--from", "from_day", type=DAY, help="The first day, in the marketplace's zone.")
@click.option("--to", "to_day", type=DAY, help="The last day.")
def statement(seller: str, marketplace: str, from_day: datetime | None, to_day: datetime | None) -> None:
    """Print SELLER's statement: per currency and account what it opened with, every line, and what it closes with.

    It says whether the books agree to the cent with claims and recoveries as they stand today; 1 where they do not.
    """
    from makewhole.store.models import Seller
    from makewhole.store.statements import statement as made_of

    found = Seller.objects.filter(marketplace_id=marketplace, seller_ref=seller).first()
    if found is None:
        raise click.ClickException(f"there is no seller {seller} in {marketplace}.")
    made = made_of(found, from_day=from_day.date() if from_day else None, to_day=to_day.date() if to_day else None)
    since, until = made.from_day or "the beginning", made.to_day or "today"
    click.echo(f"{found.seller_ref} ({found.name}), {marketplace}, from {since} to {until}")
    for account in made.accounts:
        for line in _lines(account):
            click.echo(line)
    for each in made.differences:
        click.echo(f"{each.account} stands at {each.booked}; by claims and recoveries it is {each.by_row}", err=True)
    click.echo(
        "The books say to the cent what claims and recoveries say."
        if made.reconciles
        else f"The books do not say what claims and recoveries say: {len(made.differences)} differences."
    )
    sys.exit(0 if made.reconciles else 1)


def _lines(account: AccountStatement) -> list[str]:
    return [
        "",
        f"{account.account} ({account.opening.currency})",
        f"  {'opening balance':<58} {account.opening!s:>20}",
        *(
            f"  {line.at:%Y-%m-%d %H:%M:%S}  {line.claim_reference}  {line.kind:<20} {line.amount!s:>20}"
            for line in account.lines
        ),
        f"  {'closing balance':<58} {account.closing!s:>20}",
    ]
