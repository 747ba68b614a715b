"""Bulk writing: good rows are copied into a temporary table, then merged by one named statement per batch.

Each batch is one transaction: an import that was interrupted keeps its whole batches, and is simply run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, cast

from django.db import connection, transaction

from makewhole.integrations.order_files.rows import Reason

# Makes reasons of what a statement found out about a row.
Why = Callable[[list[Any]], list[Reason]]


@dataclass(frozen=True, slots=True)
class Merged:
    """How many of the staged rows were new, how many changed, and how many sellers had to be made for them.

    `refused`: what only the database could know to be wrong, by the place of the row. `ids`: of the rows that stand as
    told, where somebody goes on with them.
    """

    new: int
    changed: int
    sellers_created: int = 0
    refused: dict[int, list[Reason]] = field(default_factory=dict)
    ids: list[int] = field(default_factory=list)


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
    return Merged(new, changed)


def merge_disbursements(
    marketplace: str,
    currency: str,
    columns: Sequence[str],
    lines: Sequence[str],
    *,
    at: datetime,
    why: Why,
) -> Merged:
    """Disbursements into the store, told at that instant. `why`: of a row of import_disbursements_refuse.sql."""
    told: dict[str, Any] = {"marketplace": marketplace, "currency": currency, "at": at}
    with transaction.atomic(), connection.cursor() as cursor:
        _one_after_the_other(cursor, f"disbursements:{marketplace}")
        _stage(cursor, "import_disbursement", columns, lines)
        refused = _refused(cursor, "import_disbursement", told, why)
        cursor.execute(_statement("import_disbursements_merge.sql"), told)
        stored = cursor.fetchall()
    return Merged(sum(is_new for _, is_new in stored), 0, refused=refused, ids=[each for each, _ in stored])


def merge_insurers(columns: Sequence[str], lines: Sequence[str]) -> Merged:
    """Insurers into the store."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_statement("import_insurers_stage.sql"))
        _copy(cursor, "import_insurer", columns, lines)
        cursor.execute(_statement("import_insurers_merge.sql"), {"told": list(columns)})
        new, changed = cursor.fetchone()
    return Merged(new, changed)


def merge_coverages(
    marketplace: str,
    columns: Sequence[str],
    lines: Sequence[str],
    *,
    at: datetime,
    why: Why,
) -> Merged:
    """Coverages into the store; what was not verified before is verified at that instant. `why`: of a row of
    import_coverages_refuse.sql."""
    told: dict[str, Any] = {"marketplace": marketplace, "at": at, "told": list(columns)}
    with transaction.atomic(), connection.cursor() as cursor:
        _one_after_the_other(cursor, f"coverages:{marketplace}")
        _stage(cursor, "import_coverage", columns, lines)
        cursor.execute(_statement("import_coverages_lock.sql"), told)
        refused = _refused(cursor, "import_coverage", told, why)
        cursor.execute(_statement("import_coverages_merge.sql"), told)
        new, changed = cursor.fetchone()
    return Merged(new, changed, refused=refused)


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
_ONE: dict[type, Callable[[Any], str]] = {datetime: str, date: str, bool: lambda value: "t" if value else "f"}


def _one_after_the_other(cursor: Any, name: str) -> None:
    # So that what was found out about the rows still holds when they are written.
    cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", ["import " + name])


def _stage(cursor: Any, table: str, columns: Sequence[str], lines: Sequence[str]) -> None:
    """The rows into their temporary table, each with its place."""
    cursor.execute(_statement(f"{table}s_stage.sql"))
    _copy(cursor, table, ("place", *columns), [f"{place}\t{line}" for place, line in enumerate(lines)])


def _refused(cursor: Any, table: str, told: dict[str, Any], why: Why) -> dict[int, list[Reason]]:
    """Takes out of the temporary table what cannot be; the reasons by the places of the rows."""
    cursor.execute(_statement(f"{table}s_refuse.sql"), told)
    return {place: why(found) for place, *found in cursor.fetchall()}


def _copy(cursor: Any, table: str, columns: Sequence[str], lines: Sequence[str]) -> None:
    # Any: Django's cursor hands `copy` through to psycopg's, which its types do not say.
    # The names are those of our own fields (mapping.py), never words out of a file.
    with cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin") as copy:
        copy.write(("\n".join(lines) + "\n").encode())


@cache
def _statement(name: str) -> str:
    return (files("makewhole.store") / "sql" / name).read_text(encoding="utf-8")
