"""A party as people name it on the command line: a marketplace, a seller of it, or an insurer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])  # a command


def whose(command: F) -> F:
    """The options that name a party; party_named() reads them."""
    for option in (
        click.option("--insurer", default="", metavar="NAME", help="Whose: this insurer's."),
        click.option("--seller", default="", metavar="REF", help="Whose: this seller's, by its key in --marketplace."),
        click.option("--marketplace", default="", metavar="CODE", help="Whose: this marketplace's, or its --seller's."),
    ):
        command = option(command)
    return command


def party_named(marketplace: str, seller: str, insurer: str) -> str:
    """The party that the options name. One that is not there, or none, is a sentence."""
    from makewhole.store.models import Insurer, Marketplace, Seller

    if bool(insurer) == bool(marketplace) or (seller and not marketplace):
        raise click.UsageError("Say whose: --marketplace CODE, with --seller REF where it is a seller, or --insurer.")
    if insurer:
        found = Insurer.objects.filter(name=insurer).values_list("id", flat=True).first()
        if found is None:
            raise click.ClickException(f"there is no insurer {insurer}.")
        return f"insurer:{found}"
    if not Marketplace.objects.filter(code=marketplace).exists():
        raise click.ClickException(f"there is no marketplace {marketplace}.")
    if not seller:
        return f"marketplace:{marketplace}"
    number = Seller.objects.filter(marketplace=marketplace, seller_ref=seller).values_list("id", flat=True).first()
    if number is None:
        raise click.ClickException(f"there is no seller {seller} in {marketplace}.")
    return f"seller:{number}"
