"""The words that readers, mapping and imports share: a batch of raw rows, a reason, and a file that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

# Rows that are read, checked and stored together.
BATCH_ROWS = 10_000

Progress = Callable[[int, int], None]  # how far, of how much (bytes or rows: whatever the format counts)


class Unreadable(Exception):
    """A file or mapping as a whole cannot be used; nothing was loaded. Its text is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is bad: the field, a stable code, and a sentence for people."""

    field: str
    code: str
    sentence: str


@dataclass(slots=True)
class Batch:
    """Rows as columns of text: `columns[name][i]` stands in row `numbers[i]`. Unreadable rows stand aside."""

    numbers: list[int]
    columns: Mapping[str, Sequence[str]]
    unreadable: list[tuple[int, Reason]] = field(default_factory=list)


def batches_of(rows: Iterable[dict[str, object]]) -> Iterator[Batch]:
    """Rows given as dictionaries (an API call, JSON Lines), numbered from 1."""
    return numbered_batches(enumerate(rows, start=1))


def numbered_batches(rows: Iterable[tuple[int, dict[str, object] | Reason]]) -> Iterator[Batch]:
    """Dictionaries with their numbers as batches; a key that a row lacks is an empty text."""
    held: list[tuple[int, dict[str, object]]] = []
    unreadable: list[tuple[int, Reason]] = []
    for number, row in rows:
        if isinstance(row, Reason):
            unreadable.append((number, row))
        else:
            held.append((number, row))
        if len(held) + len(unreadable) >= BATCH_ROWS:
            yield _batch(held, unreadable)
            held, unreadable = [], []
    if held or unreadable:
        yield _batch(held, unreadable)


def as_text(value: object) -> str:
    """A cell of any format as the text that a CSV would have held; raises TypeError for what is no single value."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _batch(held: list[tuple[int, dict[str, object]]], unreadable: list[tuple[int, Reason]]) -> Batch:
    # As a dictionary, because it keeps the order in which the columns were first met.
    names = list(dict.fromkeys(name for _, row in held for name in row))
    columns: dict[str, Sequence[str]] = {}
    nested: dict[int, Reason] = {}
    for name in names:
        try:
            columns[name] = [as_text(row.get(name)) for _, row in held]
        except TypeError:
            columns[name] = [_text_or_note(row.get(name), name, at, nested) for at, (_, row) in enumerate(held)]
    if not nested:
        return Batch([number for number, _ in held], columns, unreadable)
    good = [at for at in range(len(held)) if at not in nested]
    return Batch(
        [held[at][0] for at in good],
        {name: [column[at] for at in good] for name, column in columns.items()},
        unreadable + [(held[at][0], reason) for at, reason in sorted(nested.items())],
    )


def _text_or_note(value: object, name: str, at: int, nested: dict[int, Reason]) -> str:
    try:
        return as_text(value)
    except TypeError as wrong:
        nested[at] = Reason(name, "not_a_single_value", f"{name} holds a {wrong}, not one value")
        return ""
