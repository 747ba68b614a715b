"""Setting an operator up: its marketplaces, the people who work for it, and forgetting somebody.

`makewhole marketplace add|list|holidays`, `makewhole account add|list`, `makewhole vault erase`.
"""

from __future__ import annotations

from datetime import UTC, datetime

import click

from makewhole.cli.refusals import in_words

BY = "operator:cli"


@click.group()
def marketplace() -> None:
    """Open marketplaces, and freeze their holidays."""


@marketplace.command("add")
@click.argument("code")
@click.option("--name", required=True, help="What people call it.")
@click.option("--country", required=True, help="Two letters, such as US.")
@click.option("--currency", required=True, help="Three letters, such as USD.")
@click.option("--zone", required=True, help="Whose days count, such as America/New_York.")
@click.option("--legal-entity", required=True, help="Who stands behind the guarantee.")
@click.option("--policy", required=True, help="The guarantee policy it trades under, such as us.")
def add_marketplace(
    code: str, name: str, country: str, currency: str, zone: str, legal_entity: str, policy: str
) -> None:
    """Open a marketplace under CODE. A shipped policy that nobody has published yet is published with it."""
    from makewhole.store.marketplaces import MarketplaceTold, open_marketplace

    told = MarketplaceTold(code, name, country.upper(), currency, zone, legal_entity, policy)
    with in_words():
        frozen = open_marketplace(told, by=BY, at=datetime.now(UTC))
    click.echo(f"Marketplace {code} is open, with {frozen} holidays.")


@marketplace.command("list")
def list_marketplaces() -> None:
    """List every marketplace with its country, currency, zone and policy."""
    from makewhole.store.models import Marketplace

    for found in Marketplace.objects.order_by("code"):
        click.echo(
            f"{found.code:<20} {found.country}  {found.currency}  {found.zone:<24} {found.policy:<8} {found.name}"
        )


@marketplace.command()
@click.argument("code")
def holidays(code: str) -> None:
    """Freeze the public holidays of this year and the next three. Days that are there stay as they are."""
    from makewhole.store.marketplaces import freeze

    with in_words():
        frozen = freeze(code, at=datetime.now(UTC))
    click.echo(f"{frozen} holidays are there now or were before.")


@click.group()
def account() -> None:
    """Make accounts, and give them roles."""


@account.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", required=True, help="adjuster, reviewer, finance, marketplace, insurer, ...")
@click.option("--marketplace", "code", default="", help="Where the role holds; everywhere where not told.")
@click.option("--seller", default="", metavar="REF", help="For the role seller: the seller's key in that marketplace.")
@click.option("--insurer", default="", metavar="NAME", help="For the role insurer: its name, as it was imported.")
@click.password_option(help="Asked for where not told. Machines sign in with tokens and need none.", default="")
def add_account(email: str, name: str, role: str, code: str, seller: str, insurer: str, password: str) -> None:
    """Give EMAIL a role; the account is made where there is none."""
    from django.db import transaction

    from makewhole.domain.actors import Actor
    from makewhole.people.models import Account
    from makewhole.store.accounts import ROLES, RoleToGive, give
    from makewhole.store.models import Insurer, Seller

    if role not in ROLES:
        raise click.ClickException(f"there is no role {role}; there are: {', '.join(ROLES)}.")
    found = Seller.objects.filter(marketplace=code, seller_ref=seller).first() if seller else None
    if (role == "seller") != (found is not None):
        raise click.ClickException("the role seller, and no other, names a seller with --marketplace and --seller.")
    insures = Insurer.objects.filter(name=insurer).first() if insurer else None
    if insurer and insures is None:
        raise click.ClickException(f"there is no insurer {insurer}; load it first: makewhole import insurers FILE.")
    if (role == "insurer") != (insures is not None):
        raise click.ClickException("the role insurer, and no other, names an insurer with --insurer.")
    given = RoleToGive(role, code, found.pk if found else None, insures.pk if insures else None)
    with in_words(), transaction.atomic():
        holder = Account.objects.filter(email=email.lower()).first()
        if holder is None:
            holder = Account.objects.create_user(email, password or None, name=name)
        give(holder.pk, given, by=Actor(BY, "administrator"), at=datetime.now(UTC))
    click.echo(f"{holder.email} is {role}{f' in {code}' if code else ''}.")


@account.command("list")
def list_accounts() -> None:
    """List every account with its roles."""
    from makewhole.people.models import RoleAssignment

    for held in RoleAssignment.objects.select_related("account").order_by("account__email", "role"):
        click.echo(f"{held.account.email:<36} {held.role:<18} {held.marketplace or 'everywhere'}")


@click.group()
def vault() -> None:
    """Personal data: forget somebody."""


@vault.command()
@click.argument("reference")
@click.confirmation_option(prompt="Nothing of this person can be read again. Go on?")
def erase(reference: str) -> None:
    """Forget the claimant of the claim with this REFERENCE: contact, account, story, health, files.

    Refused while a claim of theirs is open. The log keeps its chain, and what it holds can no longer be read as theirs.
    """
    from makewhole.store.evidence import remove_folders
    from makewhole.store.models import Claim
    from makewhole.store.vault import erase as forget

    claim = Claim.objects.filter(reference=reference.upper()).first()
    if claim is None:
        raise click.ClickException(f"there is no claim {reference}.")
    folders = forget(claim.claimant_id, datetime.now(UTC))
    remove_folders(folders)
    click.echo(f"The claimant of {claim.reference} is forgotten; {len(folders)} files are gone.")
