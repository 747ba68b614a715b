"""A start that cannot go on: one exception, whose text is the one sentence that a person reads."""

from __future__ import annotations


class CannotStart(Exception):
    """Something outside the program is in the way: a port, an address, a folder. The text says what mends it."""
