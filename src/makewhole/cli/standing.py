"""`makewhole standing show|restrict|lift`: a seller's standing, and what a person does about it.

Whoever runs the place may read it. Restricting and lifting are acts of a person: `--as` names the account.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

import click

if TYPE_CHECKING:
    from makewhole.domain.actors import Actor
    from makewhole.reads.standing import StandingView
    from makewhole.store.models import Seller

seller_argument = click.argument("seller_ref")
marketplace_option = click.option("--marketplace", required=True, help="The marketplace's code, such as us.")
as_option = click.option("--as", "email", required=True, help="The account of the person who decides.")
role_option = click.option(
    "--role",
    type=click.Choice(["programme_owner", "administrator"]),
    default="programme_owner",
    show_default=True,
    help="The role in which it decides.",
)
INSTANT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"])


@click.group()
def standing() -> None:
    """Show a seller's standing, restrict, lift."""


@standing.command()
@seller_argument
@marketplace_option
def show(seller_ref: str, marketplace: str) -> None:
    """Print the standing of SELLER_REF: level, reasons with their clauses, each dated fact, restrictions."""
    from makewhole.domain.actors import Actor
    from makewhole.domain.refusal import Refused
    from makewhole.domain.sentences import sentence
    from makewhole.reads.standing import standing_view

    reader = Actor("operator:cli", "auditor")
    seller = _seller(seller_ref, marketplace, reader)
    try:
        view = standing_view(seller, reader, datetime.now(UTC))
    except Refused as refusal:
        raise click.ClickException(sentence(refusal)) from None
    for line in _shown(view):
        click.echo(line)


@standing.command()
@seller_argument
@marketplace_option
@click.option("--kind", type=click.Choice(["listings", "payouts"]), required=True)
@click.option("--words", required=True, help="Why; the seller reads it as it stands.")
@click.option("--takes-effect", type=INSTANT, help="YYYY-MM-DDTHH:MM in the marketplace's zone; at once without it.")
@click.option("--ends", type=INSTANT, help="When it ends by itself; without it, when it is lifted.")
@click.option("--clause", "clauses", multiple=True, help="A clause that it rests on; without it, all that allow it.")
@as_option
@role_option
def restrict(
    seller_ref: str,
    marketplace: str,
    kind: str,
    words: str,
    takes_effect: datetime | None,
    ends: datetime | None,
    clauses: tuple[str, ...],
    email: str,
    role: str,
) -> None:
    """Restrict listings or payouts of SELLER_REF, and tell it why. Refused where the standing gives no reason."""
    from makewhole import standing as door
    from makewhole.domain.refusal import Refused
    from makewhole.domain.sentences import sentence
    from makewhole.store.models import Marketplace

    now, by = datetime.now(UTC), _person(email, role)
    seller = _seller(seller_ref, marketplace, by)
    zone = ZoneInfo(Marketplace.objects.values_list("zone", flat=True).get(code=marketplace))
    try:
        acted = door.restrict(
            seller.pk,
            "listings" if kind == "listings" else "payouts",
            takes_effect_at=takes_effect.replace(tzinfo=zone) if takes_effect else now,
            ends_at=ends.replace(tzinfo=zone) if ends else None,
            clauses=clauses,
            words=words,
            by=by,
            at=now,
        )
    except Refused as refusal:
        raise click.ClickException(f"{sentence(refusal)} Nothing was restricted.") from None
    click.echo(f"Restricted: {acted.id}. The statement of reasons is on its way to {seller.name}.")


@standing.command()
@seller_argument
@marketplace_option
@click.argument("restriction", type=click.UUID)
@click.option("--words", required=True, help="Why; the seller reads it as it stands.")
@as_option
@role_option
def lift(seller_ref: str, marketplace: str, restriction: UUID, words: str, email: str, role: str) -> None:
    """Lift the RESTRICTION (its id, as `show` prints it) of SELLER_REF, and tell it."""
    from makewhole import standing as door
    from makewhole.domain.refusal import Refused
    from makewhole.domain.sentences import sentence

    by = _person(email, role)
    seller = _seller(seller_ref, marketplace, by)
    try:
        door.lift(seller.pk, restriction, words, by=by, at=datetime.now(UTC))
    except Refused as refusal:
        raise click.ClickException(f"{sentence(refusal)} Nothing was lifted.") from None
    click.echo(f"Lifted. {seller.name} is told.")


# Who and what it is about --------------------------------------------------------------------------------


def _person(email: str, role: str) -> Actor:
    from makewhole.domain.refusal import Refused
    from makewhole.domain.sentences import sentence
    from makewhole.people.access import actor_of
    from makewhole.people.models import Account

    account = Account.objects.filter(email=email.lower(), is_active=True).first()
    if account is None:
        raise click.ClickException(f"there is no account {email}.")
    try:
        return actor_of(account, role)
    except Refused as refusal:
        raise click.ClickException(sentence(refusal)) from None


def _seller(seller_ref: str, marketplace: str, by: Actor) -> Seller:
    from makewhole.domain.refusal import Refused
    from makewhole.reads.standing import find_seller

    try:
        return find_seller(by, seller_ref=seller_ref, marketplace=marketplace)
    except Refused:
        raise click.ClickException(f"there is no seller {seller_ref} in {marketplace}.") from None


def _shown(view: StandingView) -> list[str]:
    standing = view.standing
    who = f"{view.seller.name} ({view.seller.seller_ref})"
    lines = [f"{who}: {standing.level}, on {standing.on} by {standing.policy_version}"]
    for reason in view.reasons:
        lines += [f"  {reason.level}: {reason.because}", f"    {reason.clause}"]
    lines.append("facts" if view.facts else "no facts")
    for each in view.facts:
        fact = each.fact
        counts = "counts" if each.counts else "does not count"
        until = f" until {each.counts_until}" if each.counts and each.counts_until else ""
        state = "" if fact.state == "stands" else f", {fact.state}"
        lines.append(f"  {fact.on}  {each.told}  ({each.source}; {counts}{until}{state})")
        lines.append(f"              {fact.key}")
    for restriction in view.restrictions:
        since = f"{restriction.takes_effect_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        lines.append(f"restriction of {restriction.kind}: {restriction.state}, from {since}")
        lines.append(f"  {restriction.id}  {restriction.statement.wrote[0]}")
    return lines
