"""`makewhole overturns`: how often a contest or an appeal was upheld, per marketplace, clause and first decider."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from makewhole.reads.overturns import Overturned

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--marketplace", help="Only of this marketplace.")
@click.option("--from", "from_day", type=DAY, help="Filed on this day or later.")
@click.option("--to", "to_day", type=DAY, help="Filed on this day or earlier.")
@click.option("--deciders", is_flag=True, help="Also per first decider.")
def overturns(marketplace: str | None, from_day: datetime | None, to_day: datetime | None, deciders: bool) -> None:
    """Count contests and appeals, and how often the first decision did not stand."""
    from makewhole.reads.overturns import overturns as counted

    found = counted(
        marketplaces=[marketplace] if marketplace else None,
        from_day=from_day.date() if from_day else None,
        to_day=to_day.date() if to_day else None,
    )
    if not found.by_marketplace:
        click.echo("Nobody disputed a decision.")
        return
    parts = [("marketplace", found.by_marketplace), ("clause", found.by_clause)]
    if deciders:
        parts.append(("first decider", found.by_first_decider))
    for title, rows in parts:
        click.echo(f"per {title}")
        for row in rows:
            click.echo(_line(row))


def _line(row: Overturned) -> str:
    of = row.clause or row.first_decider
    rate = "none decided" if row.rate is None else f"{row.rate}% overturned"
    return (
        f"  {row.kind:<8} {row.marketplace:<12} {of:<48} filed {row.filed:>5}, decided {row.decided:>5}: "
        f"upheld {row.upheld}, in part {row.partly}, dismissed {row.dismissed}; {rate}"
    )
