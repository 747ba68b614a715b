"""Every command, in the order in which help shows it. To add one: a line here, and a module beside this file.

A module is loaded only when its command is called, so that `makewhole --help` need not know Django.
"""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """`where` is module:attribute of a click command or group; `needs_database`: it runs inside `database()`."""

    name: str
    where: str
    says: str
    needs_database: bool = True


COMMANDS = [
    Command("run", "makewhole.cli.start:run", "Start everything: database, web server, worker.", needs_database=False),
    Command("serve", "makewhole.cli.start:serve", "Start a web server."),
    Command("worker", "makewhole.cli.start:worker", "Start a worker: clocks, outbox, checkpoints."),
    Command("migrate", "makewhole.cli.start:migrate", "Bring the database's tables up to date."),
    Command("marketplace", "makewhole.cli.operators:marketplace", "Open marketplaces, freeze their holidays."),
    Command("account", "makewhole.cli.operators:account", "Make accounts and give them roles."),
    Command("import", "makewhole.cli.imports:imports", "Load orders, sellers, payouts and insurance."),
    Command("coverage", "makewhole.cli.coverages:coverage", "List sellers' insurance, and add to it."),
    Command("claim", "makewhole.cli.claims:claim", "File, show, list and export claims."),
    Command("tender", "makewhole.cli.tenders:tender", "List tenders that wait, and record a seller's answer."),
    Command("recovery", "makewhole.cli.recoveries:recovery", "List and show recoveries, and what came of them."),
    Command("overturns", "makewhole.cli.overturns:overturns", "Count decisions that were overturned."),
    Command("figures", "makewhole.cli.figures:figures", "Make the programme's figures anew from the log."),
    Command("standing", "makewhole.cli.standing:standing", "Show a seller's standing, restrict, lift."),
    Command("token", "makewhole.cli.tokens:token", "Make, list and revoke API tokens."),
    Command("contact", "makewhole.cli.contacts:contact", "Say who at a seller or insurer is told by mail."),
    Command("webhook", "makewhole.cli.webhooks:webhook", "Say where machines are told, and deliver again."),
    Command(
        "verify",
        "makewhole.cli.verify:verify",
        "Check an exported claim, offline and with no account.",
        needs_database=False,
    ),
    Command("log", "makewhole.cli.log:log", "Check the log, and the rows made from it."),
    Command("ledger", "makewhole.cli.ledger:ledger", "Check the books; print a seller's statement."),
    Command(
        "policy", "makewhole.cli.policy:policy", "Check, read, publish and explain the rules.", needs_database=False
    ),
    Command("vault", "makewhole.cli.operators:vault", "Forget somebody."),
    Command("demo", "makewhole.cli.demo:demo", "Load the demo operator."),
    Command(
        "simulate", "makewhole.cli.simulation:simulate", "Let many claims show who bears what.", needs_database=False
    ),
    Command("rehearse", "makewhole.cli.rehearsal:rehearse", "Let real reports become claims.", needs_database=False),
]
