"""`makewhole tender list|answer`: claims that wait for a seller, and a seller's answer that came by letter or by phone.

The log says that no account stood behind it (operator:cli). The rules are those of the seller's own answer.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from makewhole.cli.refusals import in_words

if TYPE_CHECKING:
    from makewhole.asks import EvidenceTold, Words
    from makewhole.domain.claim.commands import ClaimCommand

ANSWERS = ("accept", "handle", "offer", "reject", "more-time")


@click.group()
def tender() -> None:
    """List tenders that wait, and record a seller's answer."""


@tender.command("list")
@click.option("--marketplace", default="", help="Only of this marketplace.")
@click.option("--seller", default="", metavar="REF", help="Only of this seller.")
def list_tenders(marketplace: str, seller: str) -> None:
    """List the tenders that wait for an answer: to whom, how much, and by when."""
    from makewhole.domain.money import Money
    from makewhole.store.models import Clock, Tender

    waiting = Tender.objects.filter(ended_at=None, claim__stage="awaiting_seller").select_related("claim", "seller")
    if marketplace:
        waiting = waiting.filter(claim__marketplace_id=marketplace)
    if seller:
        waiting = waiting.filter(seller__seller_ref=seller)
    rows = list(waiting)
    clocks = Clock.objects.filter(
        claim_id__in=[row.claim_id for row in rows], name__in=("seller_answers", "producer_answers"), state="running"
    )
    due = dict(clocks.values_list("claim_id", "due_at"))
    for row in sorted(rows, key=lambda row: (str(due.get(row.claim_id, "")), row.claim.reference)):
        until = due.get(row.claim_id)
        click.echo(
            f"{row.claim.reference}  {row.claim.marketplace_id:<12} {row.seller.seller_ref:<16} {row.tendered_to:<9} "
            f"{Money(row.amount_minor, row.currency)!s:>16}  "
            + (f"answer by {until:%Y-%m-%d %H:%M} UTC" if until else "paused")
        )


@tender.command()
@click.argument("reference")
@click.argument("what", type=click.Choice(ANSWERS))
@click.option("--payer", type=click.Choice(["seller", "platform"]), help="With accept: who pays the claimant.")
@click.option("--amount", help="With offer: in the claim's currency, such as 184.20.")
@click.option("--reason", "reasons", multiple=True, help="With reject: a code, such as no_defect; may come again.")
@click.option(
    "--evidence", "papers", multiple=True, metavar="KIND:PART:AMOUNT:PATH", help="A document that comes with it."
)
@click.option("--words", default="", help="What the seller said; needed with reject and more-time.")
def answer(
    reference: str,
    what: str,
    payer: str | None,
    amount: str | None,
    reasons: tuple[str, ...],
    papers: tuple[str, ...],
    words: str,
) -> None:
    """Record the seller's answer to the tender of the claim REFERENCE."""
    from makewhole import asks
    from makewhole.cli.claims import kept
    from makewhole.cli.claims_by_reference import claim_id_of
    from makewhole.domain.actors import Actor
    from makewhole.handle import handle
    from makewhole.store.models import Claim
    from makewhole.store.rows import stage_name

    claim_id, at = claim_id_of(reference), datetime.now(UTC)
    row = Claim.objects.get(id=claim_id)
    by = Actor("operator:cli", "seller", seller_id=row.seller_id)
    with in_words():
        files = tuple(kept(paper, by, at) for paper in papers)
        command, said = _command(what, row.currency, payer, amount, reasons, files, words)
        done = handle(asks.act(command, claim_id=claim_id, by=by, at=at, words=said))
    click.echo(f"{row.reference}: {stage_name(done.claim)}, turn: {done.claim.whose_turn() or 'nobody'}.")


def _command(
    what: str,
    currency: str,
    payer: str | None,
    amount: str | None,
    reasons: tuple[str, ...],
    files: tuple[EvidenceTold, ...],
    words: str,
) -> tuple[ClaimCommand, tuple[Words, ...]]:
    from makewhole import asks_tender

    if what == "accept":
        if payer is None:
            raise click.UsageError("accept needs --payer seller or --payer platform.")
        return asks_tender.accept_tender(payer, words, files, currency)
    if what == "handle":
        return asks_tender.handle_claim(words, files, currency)
    if what == "offer":
        if amount is None:
            raise click.UsageError("offer needs --amount.")
        return asks_tender.make_offer(amount, currency, words, files)
    if what == "reject":
        return asks_tender.reject_tender(reasons, words, files, currency)
    return asks_tender.ask_more_time(words, files, currency)
