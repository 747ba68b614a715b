"""`makewhole claim file|show|list|export`: claims for whoever runs the place.

`file` takes the very JSON that the API takes; an operator is let in by the machine, and acts under a name of its own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast, get_args

import click

if TYPE_CHECKING:
    from uuid import UUID

    from makewhole.asks import EvidenceTold
    from makewhole.domain.actors import Actor
    from makewhole.domain.claim.events import EvidenceKind
    from makewhole.reads.views import ClaimView


@click.group()
def claim() -> None:
    """File, show, list and export claims."""


@claim.command()
@click.argument("notice", type=click.File("rb"), default="-")
@click.option("--key", help="An idempotency key: filed again with it, the claim is the one from then.")
@click.option(
    "--evidence",
    "papers",
    multiple=True,
    metavar="KIND:PART:AMOUNT:PATH",
    help="A file to send with it: receipt:1:184.20:receipt.pdf (PART 0: for all parts; AMOUNT may be empty).",
)
def file(notice: IO[bytes], key: str | None, papers: tuple[str, ...]) -> None:
    """File the claim that stands in NOTICE (JSON as POST /api/v1/claims takes it; - for standard input)."""
    from makewhole import asks
    from makewhole.api.v1.asking import currency_of
    from makewhole.api.v1.notices import notice_of, read_notice
    from makewhole.api.v1.problems import sentence
    from makewhole.domain.money import Money
    from makewhole.domain.refusal import Refused
    from makewhole.handle import handle
    from makewhole.store.rows import stage_name

    now, by = datetime.now(UTC), _operator()
    try:
        said = read_notice(notice.read())
        told = notice_of(said, currency_of(said.marketplace, by))
        told = replace(told, evidence=(*told.evidence, *(kept(paper, by, now) for paper in papers)))
        done = handle(asks.file_claim(told, by=by, at=now, channel="agent", key=key, buyer_ref=said.buyer_ref))
    except Refused as refusal:
        for fault in getattr(refusal, "errors", ()):
            click.echo(f"{fault['where']}: {fault['what']}", err=True)
        raise click.ClickException(f"{sentence(refusal)} Nothing was filed.") from None
    filed = done.claim
    again = " (it was filed before)" if done.repeated else ""
    approved = Money(filed.approved_minor, filed.currency)
    click.echo(f"{filed.filed.reference}{again}: {stage_name(filed)}, approved {approved}.")
    for missing in getattr(filed.stage, "missing", ()):
        click.echo(f"  missing for part {missing.exposure_no}: {missing.what}")


@claim.command()
@click.argument("reference")
def show(reference: str) -> None:
    """Show a claim: its money, clocks and timeline. REFERENCE is the reference, or the id."""
    from makewhole.cli.claims_by_reference import claim_id_of
    from makewhole.reads.views import claim_view

    for line in _shown(claim_view(claim_id_of(reference), _auditor())):
        click.echo(line)


@claim.command("list")
@click.option("--marketplace", help="Only of this marketplace.")
@click.option("--stage", help="Only at this stage, such as under_review or closed.")
@click.option("--turn", help="Only where this role must act next.")
@click.option("--outcome", help="Only closed this way, such as paid or refused.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only filed from this day on (UTC).")
@click.option("--late", is_flag=True, help="Only where a clock should have run out.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
def list_claims(
    marketplace: str | None,
    stage: str | None,
    turn: str | None,
    outcome: str | None,
    since: datetime | None,
    late: bool,
    limit: int,
) -> None:
    """List claims, the newest first."""
    from makewhole.domain.money import Money
    from makewhole.store.models import Claim

    wanted = {"marketplace_id": marketplace, "stage": stage, "turn": turn, "outcome": outcome}
    found = Claim.objects.filter(**{name: value for name, value in wanted.items() if value})
    if since:
        found = found.filter(noticed_at__gte=since.replace(tzinfo=UTC))
    if late:
        found = found.filter(due_at__lt=datetime.now(UTC))
    rows = list(found.order_by("-noticed_at", "-id")[: limit + 1])
    for row in rows[:limit]:
        at_stage = f"{row.stage} ({row.outcome or row.turn})"
        claimed, paid = Money(row.claimed_minor, row.currency), Money(row.paid_minor, row.currency)
        due = f"due {row.due_at:%Y-%m-%d}" if row.due_at else ""
        click.echo(
            f"{row.reference}  {row.noticed_at:%Y-%m-%d %H:%M}  {row.marketplace_id:<12} {at_stage:<32} "
            f"{claimed!s:>16} {paid!s:>16}  {due}".rstrip()
        )
    if len(rows) > limit:
        click.echo(f"... and more; --limit shows more than {limit}.")


@claim.command()
@click.argument("reference")
@click.option(
    "--out", "out", required=True, type=click.Path(path_type=Path), help="The file to write; - for the screen."
)
@click.option(
    "--as", "reader", type=click.Choice(["seller", "claimant", "staff"]), default="staff", show_default=True,
    help="Who is to read it: what that reader may not see is withheld.",
)  # fmt: skip
def export(reference: str, out: Path, reader: str) -> None:
    """Write a claim as one file that anybody can check with `makewhole verify`."""
    from makewhole.cli.claims_by_reference import claim_id_of
    from makewhole.domain.refusal import Refused
    from makewhole.domain.sentences import sentence
    from makewhole.reads.export import export_of

    claim_id = claim_id_of(reference)
    try:
        content = export_of(claim_id, _reader(claim_id, reader), at=datetime.now(UTC)).content
    except Refused as refusal:
        raise click.ClickException(sentence(refusal)) from None
    if str(out) == "-":
        click.echo(content, nl=False)
        return
    out.write_bytes(content)
    click.echo(f"{out}: {len(content):,} bytes, for the {reader}. Check it with: makewhole verify {out}")


# Who it is ---------------------------------------------------------------------------------------------------


def _operator() -> Actor:
    from makewhole.domain.actors import Actor

    # The log says that no account stood behind it. It files as an agent does, and can decide nothing.
    return Actor("operator:cli", "marketplace")


def _auditor() -> Actor:
    from makewhole.domain.actors import Actor

    return Actor("operator:cli", "auditor")


def _reader(claim_id: UUID, reader: str) -> Actor:
    """A party of the claim as itself: it must not see more in a file than on its page."""
    from makewhole.domain.actors import Actor
    from makewhole.store.models import Claim

    row = Claim.objects.filter(id=claim_id).values("claimant_id", "seller_id").first()
    if row is None or reader == "staff":
        return _auditor()
    if reader == "seller":
        return Actor("operator:cli", "seller", seller_id=row["seller_id"])
    return Actor("operator:cli", "claimant", claimant_id=row["claimant_id"])


def kept(paper: str, by: Actor, at: datetime) -> EvidenceTold:
    """The file that `KIND:PART:AMOUNT:PATH` names, taken in."""
    from makewhole.asks import EvidenceTold
    from makewhole.domain.claim.events import EvidenceKind
    from makewhole.store import evidence

    kind, part, amount, path = [*paper.split(":", 3), "", "", ""][:4]
    if kind not in get_args(EvidenceKind) or not part.isdecimal() or not path:
        raise click.BadParameter(
            f"{paper!r} is not KIND:PART:AMOUNT:PATH; kinds: {', '.join(get_args(EvidenceKind))}.",
            param_hint="--evidence",
        )
    content = Path(path).read_bytes()
    kept = evidence.keep(Path(path).name, content, cast("EvidenceKind", kind), by=by.name, at=at)
    return EvidenceTold(kept.id, int(part), amount)


def _shown(view: ClaimView) -> list[str]:
    from makewhole.domain.money import Money

    claim = view.claim

    def money(minor: int) -> str:
        return str(Money(minor, claim.currency))

    return [
        f"{claim.filed.reference}  {view.stage}" + (f", {view.outcome}" if view.outcome else f", turn: {view.turn}"),
        f"  id {claim.claim_id}, version {claim.version}, policy {claim.policy_version}",
        f"  {view.marketplace}, order {view.order_ref} line {view.line_ref}",
        f"  {view.product_title}, sold by {view.seller_name}",
        f"  filed {claim.filed_at:%Y-%m-%d %H:%M} UTC, incident of {view.loss_date}",
        *(f"  waits for: {reason}" for reason in view.reasons),
        *(f"  task: {task}" for task in sorted(claim.tasks)),
        "money",
        *(
            f"  {part.no} {part.head:<20} claimed {money(part.claimed_minor)}, approved {money(part.approved_minor)}, "
            f"refused {money(part.refused_minor)}, paid {money(part.paid_minor)}, reserve {money(part.reserve_minor)}"
            for part in claim.exposures
        ),
        *(
            f"  payment {payment.order.payment_id} {money(payment.order.amount_minor)} {payment.state}"
            for payment in claim.payments
        ),
        "clocks",
        *(
            f"  {clock.name:<26} {clock.state:<8} due {clock.due_at:%Y-%m-%d %H:%M} UTC   {clock.rule}"
            for clock in claim.clocks
        ),
        "timeline",
        *(f"  {step.version:>3}  {step.at:%Y-%m-%d %H:%M:%S}  {step.kind:<20} {step.by}" for step in view.timeline),
    ]
