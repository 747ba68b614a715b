"""`makewhole log verify|replay`: is the log what it was, and do the tables say what it says?

Both end with 0 where all is well, and with 1 where anything is not; each fault is a line of its own.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from makewhole.cli.progress import progress_bar

if TYPE_CHECKING:
    from uuid import UUID

SHOWN = 1_000


@click.group()
def log() -> None:
    """Check the log of claims."""


@log.command()
@click.option("--claim", "reference", metavar="REF", help="The chain of this claim only, without the checkpoints.")
@click.option(
    "--key", "keys", multiple=True, metavar="HEX",
    help="A public key that checkpoints may be signed by, beside ours of today: for keys that were changed.",
)  # fmt: skip
def verify(reference: str | None, keys: tuple[str, ...]) -> None:
    """Check every claim's chain from its bytes, and every signed checkpoint."""
    from makewhole.store import checkpoints
    from makewhole.store.log import verify as verify_log

    claim_id = _claim(reference) if reference else None
    trusted = frozenset({checkpoints.our_public_key(), *map(_key, keys)})
    shown = _Shown()
    with progress_bar("log") as progress:
        seen = verify_log(shown, claim_id=claim_id, trusted_keys=trusted, progress=progress)
    shown.rest()
    looked_at = f"{seen.claims:,} claims, {seen.events:,} events, checkpoints: {seen.checkpoints:,}"
    click.echo(f"{looked_at}; {_told(seen.faults)}")
    sys.exit(1 if seen.faults else 0)


@log.command()
def replay() -> None:
    """Rebuild the current rows from the log, beside the real ones, and compare."""
    from makewhole.store.replay import replay as replay_log

    shown = _Shown()
    with progress_bar("log") as progress:
        done = replay_log(shown, progress=progress)
    shown.rest()
    click.echo(f"{done.claims:,} claims, {done.events:,} events replayed: {_told(done.differences)}")
    sys.exit(1 if done.differences else 0)


class _Shown:
    """Prints what it is told, up to a number that a person can read."""

    def __init__(self) -> None:
        self.told = 0

    def __call__(self, fault: object) -> None:
        self.told += 1
        if self.told <= SHOWN:
            click.echo(str(fault))

    def rest(self) -> None:
        if self.told > SHOWN:
            click.echo(f"... and {self.told - SHOWN:,} more.")


def _told(faults: int) -> str:
    return "1 fault." if faults == 1 else f"{faults:,} faults." if faults else "all is as it was written."


def _claim(reference: str) -> UUID:
    from makewhole.cli.claims_by_reference import claim_id_of

    return claim_id_of(reference)


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise click.BadParameter(f"{text!r} is not a public key: 64 hexadecimal digits", param_hint="--key")
    return key
