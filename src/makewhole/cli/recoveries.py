"""`makewhole recovery list|show|receive|write-off|contest`: what is asked back, for whoever runs the place.

What a command may do, the rules say: it acts under a name of its own, as finance, and decides nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from makewhole.cli.refusals import in_words

if TYPE_CHECKING:
    from uuid import UUID

    from makewhole.domain.actors import Actor
    from makewhole.domain.claim.commands import ClaimCommand
    from makewhole.domain.claim.state import Claim
    from makewhole.domain.recovery.state import Recovery


@click.group()
def recovery() -> None:
    """List and show recoveries, and record what came of them."""


@recovery.command("list")
@click.option("--marketplace", default="", help="Only of this marketplace.")
@click.option("--seller", default="", metavar="REF", help="Only of this seller.")
@click.option("--stage", type=click.Choice(["demanded", "contested", "stands", "closed"]), default=None)
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
def list_recoveries(marketplace: str, seller: str, stage: str | None, limit: int) -> None:
    """List recoveries, the newest first: paid, owed, held, and what came."""
    from makewhole.domain.money import Money
    from makewhole.reads.recoveries import recoveries_of

    rows, more = recoveries_of(_operator(), stage=stage or "", seller_ref=seller, marketplace=marketplace, size=limit)
    for row in rows:
        owed, held, came = (
            Money(minor, row.currency)
            for minor in (
                row.owed_by_seller_minor + row.owed_by_others_minor,
                row.held_minor,
                row.applied_minor + row.received_minor - row.repaid_minor,
            )
        )
        stands = f"{row.stage} ({row.outcome})" if row.outcome else row.stage
        blocked = f"  {row.obstacle}" if row.obstacle else ""
        click.echo(
            f"{row.claim.reference}  {row.opened_at:%Y-%m-%d}  {row.claim.marketplace_id:<12} "
            f"{row.seller.seller_ref:<16} {stands:<24} owed {owed}, held {held}, recovered {came}{blocked}"
        )
    if more:
        click.echo(f"... and more; --limit shows more than {limit}.")


@recovery.command()
@click.argument("reference")
def show(reference: str) -> None:
    """Show what is asked back of the claim REFERENCE: debts, what is held of which payout, contests, instalments."""
    for line in _shown(_claim(reference)):
        click.echo(line)


@recovery.command()
@click.argument("reference")
@click.option("--debtor", type=click.Choice(["seller", "insurer", "producer"]), required=True)
@click.option("--amount", required=True, help="In the claim's currency, such as 184.20.")
@click.option("--ref", required=True, help="The bank's own name of it: told again, it is the same receipt.")
def receive(reference: str, debtor: str, amount: str, ref: str) -> None:
    """Record that a debtor paid."""
    from makewhole import asks_recovery

    claim = _claim(reference)
    with in_words():
        _do(asks_recovery.receive_recovery(claim.claim_id, debtor, amount, claim.currency, ref), claim.claim_id)


@recovery.command("write-off")
@click.argument("reference")
@click.option("--debtor", type=click.Choice(["seller", "insurer", "producer"]), required=True)
@click.option("--amount", required=True, help="In the claim's currency, such as 184.20.")
@click.option("--reason", required=True, help="uneconomic, bankruptcy, account_gone, time_barred, ...")
def write_off(reference: str, debtor: str, amount: str, reason: str) -> None:
    """Give up a debt, or a part of it, with a reason."""
    from makewhole import asks_recovery

    claim = _claim(reference)
    with in_words():
        command, _ = asks_recovery.write_off(debtor, amount, claim.currency, reason)
        _do(command, claim.claim_id)


@recovery.command()
@click.option("--marketplace", default="", help="Only of this marketplace.")
def contest(marketplace: str) -> None:
    """List the contests that wait for a person who took no part, the nearest deadline first. (People decide them.)"""
    from makewhole.store.models import Claim

    waiting = Claim.objects.filter(tasks__contains=["contest"]).select_related("seller")
    if marketplace:
        waiting = waiting.filter(marketplace_id=marketplace)
    for row in waiting.order_by("due_at", "id"):
        due = f"due {row.due_at:%Y-%m-%d}" if row.due_at else ""
        click.echo(f"{row.reference}  {row.marketplace_id:<12} {row.seller.seller_ref:<16} {due}".rstrip())


# Parts ---------------------------------------------------------------------------------------------------------


def _operator() -> Actor:
    from makewhole.domain.actors import Actor

    # The log says that no account stood behind it.
    return Actor("operator:cli", "finance")


def _claim(reference: str) -> Claim:
    from makewhole.cli.claims_by_reference import claim_id_of
    from makewhole.reads.views import claim_view

    return claim_view(claim_id_of(reference), _operator()).claim


def _do(command: ClaimCommand, claim_id: UUID) -> None:
    from makewhole import asks
    from makewhole.handle import handle

    done = handle(asks.act(command, claim_id=claim_id, by=_operator(), at=datetime.now(UTC)))
    click.echo("This was recorded before; nothing was changed." if not done.events else "Recorded.")
    for line in _shown(done.claim):
        click.echo(line)


def _shown(claim: Claim) -> list[str]:
    if not claim.recoveries:
        return [f"{claim.filed.reference}: nothing is asked back."]
    return [line for each in claim.recoveries for line in _of(each, claim)]


def _of(each: Recovery, claim: Claim) -> list[str]:
    from makewhole.domain.money import Money
    from makewhole.store.rows import recovery_stage

    def money(minor: int) -> str:
        return str(Money(minor, claim.currency))

    outcome = getattr(each.stage, "outcome", "")
    return [
        f"{claim.filed.reference} recovery {each.no}  {recovery_stage(each)}" + (f" ({outcome})" if outcome else ""),
        f"  {each.opened.basis}, {each.opened.clause.clause}",
        f"  paid to the claimant {money(each.paid_minor)}",
        *([f"  nothing can be withheld: {each.obstacle}"] if each.obstacle else []),
        *(
            f"  {debt.debtor:<9} owes {money(debt.owed_minor)}, "
            f"outstanding {money(each.outstanding_minor(debt.debtor))}, "
            f"received {money(debt.received_minor)}, goes back {money(debt.repaid_minor)}, "
            f"written off {money(debt.written_off_minor)}"
            for debt in each.debts
        ),
        *(
            f"  payout {one.disbursement_id}: withheld {money(one.amount_minor)}, held {money(one.held_minor)}, "
            f"applied {money(one.applied_minor)}, released {money(one.released_minor)}"
            for one in each.withholdings
        ),
        *(
            f"  contest of the {one.by}, {one.filed_at:%Y-%m-%d}: {one.outcome or 'not decided'} "
            f"({', '.join(one.reasons)})"
            for one in each.contests
        ),
        *(f"  instalment {one.due_on}: {money(one.amount_minor)}" for one in each.instalments),
    ]
