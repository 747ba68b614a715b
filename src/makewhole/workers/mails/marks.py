"""Marks in a mail's words that tell amounts, deadlines and reasons from the rest, before text and HTML part ways.

They are control signs, and every other value is cleared of them: nobody's own words can be taken for one.
"""

from __future__ import annotations

from collections.abc import Mapping

STRONG, WEAK = "\x02", "\x03"  # around an amount or a deadline
OPENED, CLOSED = "\x0e", "\x0f"  # around the paragraphs of a statement of reasons
_ALL = str.maketrans("", "", STRONG + WEAK + OPENED + CLOSED)
# What may have lines of its own; every other value is one line, so that none can pass for a paragraph of ours.
_OF_LINES = frozenset({"statement", "reasons", "lifted_because"})


class Marked(str):
    """An amount or a deadline: what a reader looks for first."""

    __slots__ = ()


class Reasons(str):
    """Why something was decided: set apart from the rest of the mail."""

    __slots__ = ()


def with_marks(told: Mapping[str, object]) -> dict[str, object]:
    """The facts as a template is given them."""
    return {name: _value(name, value) for name, value in told.items()}


def unmarked(text: str) -> str:
    return text.translate(_ALL)


def _value(name: str, value: object) -> object:
    match value:
        case str():
            return _written(name, value)
        case list():
            return [_value(name, each) for each in value]
        case dict():
            return with_marks(value)
        case _:
            return value


def _written(name: str, value: str) -> str:
    words = unmarked(value)
    if name not in _OF_LINES:
        words = " ".join(words.split())
    if not words.strip():
        return ""
    if isinstance(value, Marked):
        return f"{STRONG}{words}{WEAK}"
    return f"{OPENED}{words.strip()}{CLOSED}" if isinstance(value, Reasons) else words
