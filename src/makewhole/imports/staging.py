"""Bulk writing: good rows are copied into a temporary table, then merged by one named statement per batch.

Each batch is one transaction: an import that was interrupted keeps its whole batches, and is simply run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, cast

from django.db import connection, transaction


@dataclass(frozen=True, slots=True)
class Merged:
    """How many of the staged rows were new, how many changed, and how many sellers had to be made for them."""

    new: int
    changed: int
    sellers_created: int


def merge_order_lines(marketplace: str, currency: str, columns: Sequence[str], lines: Sequence[str]) -> Merged:
    """Order lines into the store, with the sellers that nobody imported before."""
    told: dict[str, Any] = {"marketplace": marketplace, "currency": currency, "told": list(columns)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_statement("import_order_lines_stage.sql"))
        _copy(cursor, "import_order_line", columns, lines)
        cursor.execute(_statement("import_order_lines_sellers.sql"), told)
        created = cursor.rowcount
        cursor.execute(_statement("import_order_lines_merge.sql"), told)
        new, changed = cursor.fetchone()
    return Merged(new, changed, created)


def merge_sellers(marketplace: str, columns: Sequence[str], lines: Sequence[str]) -> Merged:
    """Sellers into the store."""
    told: dict[str, Any] = {"marketplace": marketplace, "told": list(columns)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_statement("import_sellers_stage.sql"))
        _copy(cursor, "import_seller", columns, lines)
        cursor.execute(_statement("import_sellers_merge.sql"), told)
        new, changed = cursor.fetchone()
    return Merged(new, changed, 0)


def copy_lines(columns: Iterable[Sequence[object]]) -> list[str]:
    """The rows of these columns in the text format of PostgreSQL's COPY.

    By the column and here, because writing row by row through the driver takes three times as long, and holds the
    interpreter while the next batch wants to be checked.
    """
    return ["\t".join(row) for row in zip(*map(_as_copy_text, columns), strict=True)]


def _as_copy_text(column: Sequence[object]) -> Iterable[str]:
    kinds = set(map(type, column))
    if kinds <= {str}:
        texts = cast(Sequence[str], column)
        together = "".join(texts)
        return [_escape(text) for text in texts] if any(sign in together for sign in _ESCAPED) else texts
    if kinds <= {int}:
        return map(str, column)
    return ["\\N" if value is None else _ONE[type(value)](value) for value in column]


def _escape(text: str) -> str:
    for sign, escaped in _ESCAPED.items():
        text = text.replace(sign, escaped)
    return text


# The backslash first: the others bring new ones.
_ESCAPED = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ONE: dict[type, Callable[[Any], str]] = {datetime: str, bool: lambda value: "t" if value else "f"}


def _copy(cursor: Any, table: str, columns: Sequence[str], lines: Sequence[str]) -> None:
    # Any: Django's cursor hands `copy` through to psycopg's, which its types do not say.
    # The names are those of our own fields (mapping.py), never words out of a file.
    with cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin") as copy:
        copy.write(("\n".join(lines) + "\n").encode())


@cache
def _statement(name: str) -> str:
    return (files("makewhole.store") / "sql" / name).read_text(encoding="utf-8")
