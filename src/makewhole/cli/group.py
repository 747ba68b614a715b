"""The main group: finds a command in the list, loads it, gives it a database, and ends every failure in a sentence."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from makewhole.cli.commands import COMMANDS, Command
from makewhole.cli.errors import exit_code_and_sentence


class Listed(click.Group):
    """A group whose commands stand in a list and are imported when called."""

    def __init__(self, listed: Sequence[Command], **given: Any) -> None:  # what click.Group takes
        super().__init__(**given)
        self.listed = {command.name: command for command in listed}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.listed)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = self.listed.get(cmd_name)
        return None if command is None else load(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        asks_for_help = any(option in rest for option in ctx.help_option_names)
        if name is not None and self.listed[name].needs_database and not asks_for_help and not ctx.resilient_parsing:
            from makewhole.web.database import database

            ctx.with_resource(database())
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(command.name, command.says) for command in self.listed.values()])

    def main(self, *args: Any, **given: Any) -> Any:  # as click.Group.main
        try:
            return super().main(*args, **given)
        except Exception as error:
            told = exit_code_and_sentence(error)
            if told is None:
                raise
            code, sentence = told
            click.echo(f"makewhole: {sentence}", err=True)
            sys.exit(code)


def load(command: Command) -> click.Command:
    module, _, attribute = command.where.partition(":")
    found = getattr(import_module(module), attribute)
    assert isinstance(found, click.Command), f"{command.where} is not a click command"
    return found


@click.group(
    cls=Listed, listed=COMMANDS, help="A marketplace's product-liability guarantee, from first notice to payment."
)
@click.version_option(package_name="makewhole")
def main() -> None:
    """The group itself does nothing: its commands do."""
