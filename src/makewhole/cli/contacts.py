"""`makewhole contact add|list|remove`: who at a seller or insurer is told by mail."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from makewhole.cli.parties import party_named, whose

BY = "operator:cli"


@click.group()
def contact() -> None:
    """Say who at a seller or insurer is told by mail."""


@contact.command()
@click.argument("email")
@click.option("--name", default="", help="Whom the mail greets.")
@click.option("--language", default="", help="Of its mails: en, en-gb, de, fr or es; without it, its country's.")
@whose
def add(email: str, name: str, language: str, marketplace: str, seller: str, insurer: str) -> None:
    """Tell EMAIL too, from the next notice on."""
    from makewhole.store import contacts

    party = party_named(marketplace, seller, insurer)
    made = contacts.add(party, name=name, email=email, language=language, by=BY, at=datetime.now(UTC))
    click.echo(f"Contact {made.pk}: {made.email} is told what {party} is told.")


@contact.command("list")
@whose
def list_contacts(marketplace: str, seller: str, insurer: str) -> None:
    """List who is told, and in which language; without a contact of its own, a party is told at the address on its own
    row."""
    from makewhole.store import contacts
    from makewhole.store.parties import has_contacts

    party = has_contacts(party_named(marketplace, seller, insurer))
    found = contacts.contacts_of(party)
    for each, language in zip(found, contacts.languages_of(party, found), strict=True):
        name = f"{each.name}{'' if each.pk else ' (on file)'}"
        click.echo(f"{each.pk or '':>6}  {each.email:<36} {language:<5}  {name}".rstrip())


@contact.command()
@click.argument("number", type=int)
def remove(number: int) -> None:
    """Do not tell the contact of this NUMBER any more."""
    from makewhole.store import contacts
    from makewhole.store.models import Contact

    party = Contact.objects.filter(id=number).values_list("party", flat=True).first()
    if party is None:
        raise click.ClickException(f"there is no contact {number}.")
    gone = contacts.remove(party, number, at=datetime.now(UTC))
    click.echo(f"{gone.email} is not told any more.")
