"""The demo operator, for trying things out: `makewhole demo load`."""

from __future__ import annotations

import click


@click.group()
def demo() -> None:
    """The demo operator: marketplaces, sellers, orders and claims, always the same."""


@demo.command()
def load() -> None:
    """Load the demo operator, and say who can sign in. Doing it twice changes nothing."""
    from makewhole import demo as operator

    operator.load()
    for one in operator.sign_ins():
        click.echo(f"{one.role:<16}  {one.email:<28}  {one.password}")
