"""A refusal of the rules, as a sentence for whoever typed the command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click


@contextmanager
def in_words() -> Iterator[None]:
    """Whatever the rules refuse inside is told in words, and the command ends with 1."""
    # Here, because the command line lists its commands without the rules.
    from makewhole.domain.refusal import Refused
    from makewhole.domain.sentences import sentence

    try:
        yield
    except Refused as refusal:
        raise click.ClickException(f"{sentence(refusal)} Nothing was changed.") from None
