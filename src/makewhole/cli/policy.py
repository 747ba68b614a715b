"""`makewhole policy check|show|publish|explain`: the rules as documents, and why they decided as they did."""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from makewhole.cli.commands import Command
from makewhole.cli.group import Listed

if TYPE_CHECKING:
    from makewhole.domain.policy.findings import Finding
    from makewhole.domain.policy.shapes import PolicyDocument
    from makewhole.store.explained import Asked

policy = Listed(
    [
        Command("check", "makewhole.cli.policy:check", "Tell everything that is wrong with a document.", False),
        Command("show", "makewhole.cli.policy:show", "Print every rule that is in force on a day."),
        Command("publish", "makewhole.cli.policy:publish", "Publish a document as the next version of its policy."),
        Command("explain", "makewhole.cli.policy:explain", "Print why the policy decided a claim as it did."),
    ],
    name="policy",
    help="The guarantee's rules: check, read and publish them, and see why they decided as they did.",
)

file_argument = click.argument("file", type=click.Path(path_type=Path))


@click.command()
@file_argument
def check(file: Path) -> None:
    """Tell everything that is wrong with FILE, at once. Ends with 1 where anything is."""
    findings = findings_in(_read(file), where=file.name)
    _tell(findings)
    if findings:
        click.echo(f"{len(findings)} finding{'s' if len(findings) > 1 else ''}.")
        sys.exit(1)
    click.echo(f"{file.name} is good.")


def findings_in(text: str, *, where: str) -> list[Finding]:
    """What is wrong in itself; where nothing is, what claims would miss in it."""
    from makewhole.domain.policy.document import check_policy, read_policy
    from makewhole.domain.policy.needs import missing_from

    findings = check_policy(text, where=where)
    return findings or missing_from(read_policy(text, where=where), where=where)


@click.command()
@click.argument("name")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="A day, YYYY-MM-DD; today without it.")
def show(name: str, day: datetime | None) -> None:
    """Print every rule of the policy NAME (us, uk, eu, ca, ...) in force on a day, each with its source.

    The newest published version; where none is published, the one that comes with Makewhole.
    """
    from makewhole.domain.policy.showing import rules_shown

    document, version = _document(name)
    on = day.date() if day else _today(document)
    click.echo(f"{document.title}: {version}, on {on}, amounts in {document.currency}")
    rules = rules_shown(document, on)
    if not rules:
        raise click.ClickException(f"nothing of {name} is in force on {on}; it begins on {document.begins}.")
    for rule in rules:
        until = f" until {rule.until}" if rule.until else ""
        told = rule.told if "\n" not in rule.told else "\n    " + rule.told.replace("\n", "\n    ")
        click.echo(f"\n{rule.part}.{rule.name}: {told}")
        click.echo(f"  from {rule.from_day}{until}, by the day of the {rule.selected_by}; checked {rule.checked}")
        click.echo(f"  {rule.source}")


def _document(name: str) -> tuple[PolicyDocument, str]:
    from makewhole.domain.policy.document import read_policy
    from makewhole.store import policies
    from makewhole.store.models import PolicyVersion

    latest = PolicyVersion.objects.filter(policy=name).order_by("-seq").first()
    if latest is not None:
        return policies.document_of(latest.version), f"published as {latest.version}"
    if name in policies.SHIPPED:
        return read_policy(policies.shipped(name), where=f"{name}.toml"), "as shipped, not published here"
    known = sorted({*policies.SHIPPED, *PolicyVersion.objects.values_list("policy", flat=True)})
    raise click.ClickException(f"there is no policy {name}; there are {', '.join(known)}.")


def _today(document: PolicyDocument) -> date:
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo(document.zone)).date()


@click.command()
@file_argument
@click.option("--by", metavar="WHO", help="Who publishes, as the record keeps it.")
def publish(file: Path, by: str | None) -> None:
    """Publish FILE as the next version of its policy; the same text again changes nothing."""
    from makewhole.store import policies

    text = _read(file)
    findings = findings_in(text, where=file.name)
    if not findings:
        try:
            version = policies.publish(
                text, where=file.name, at=datetime.now(UTC), by=by or f"operator:{getpass.getuser()}"
            )
        except policies.FaultyPolicy as faulty:
            findings = faulty.findings
    _tell(findings)
    if findings:
        click.echo("Nothing was published.")
        sys.exit(1)
    click.echo(f"{version.version}, published {version.published_at:%Y-%m-%d %H:%M} UTC by {version.published_by}.")


@click.command()
@click.argument("reference", metavar="CLAIM")
def explain(reference: str) -> None:
    """Print each row of the policy that CLAIM met, and why it held or not, with the facts of its log."""
    from makewhole.cli.claims_by_reference import claim_id_of
    from makewhole.store.codec import decode
    from makewhole.store.explained import explained
    from makewhole.store.models import Event

    claim_id = claim_id_of(reference)
    bodies = Event.objects.filter(claim_id=claim_id).order_by("version").values_list("body", flat=True)
    for asked in explained(claim_id, [decode(body)[1] for body in bodies]):
        _explain(asked)


def _explain(asked: Asked) -> None:
    click.echo(f"{asked.at:%Y-%m-%d %H:%M} UTC  {asked.table}, about {asked.about}  (version {asked.policy_version})")
    for row in asked.rows:
        sign = {True: "held", False: "not", None: "-"}[row.held]
        click.echo(f"  {sign:<4}  {row.id}: {' '.join(row.when.split())}")
        for part in row.parts:
            click.echo(f"          {'yes' if part.held else 'no':<3}  {part.told}")
        if row.held:
            click.echo(f"        so {row.outcome}: {row.because}")
    click.echo("")


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is not text in UTF-8.") from None


def _tell(findings: list[Finding]) -> None:
    for finding in findings:
        click.echo(str(finding))
