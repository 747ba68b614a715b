"""The named SQL files: each a statement with a line on what it is for, read once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import psycopg


@cache
def sql(name: str) -> str:
    """The statement in sql/<name>.sql."""
    return files("makewhole.store").joinpath(f"sql/{name}.sql").read_text("utf-8")


def run(connection: psycopg.Connection[Any], name: str, parameters: Mapping[str, Any]) -> psycopg.RawCursor[Any]:
    """Runs sql/<name>.sql as a prepared statement, parameters apart from its text.

    Django's own cursors write parameters into the text, so the server would plan each statement anew; and psycopg
    looks for placeholders in a long text each time it runs. Here the names become numbers once.
    """
    text, names = _numbered(name)
    cursor = psycopg.RawCursor(connection)
    return cursor.execute(text, [parameters[name] for name in names], prepare=True)


@cache
def _numbered(name: str) -> tuple[bytes, tuple[str, ...]]:
    """The statement with $1, $2, ... for its named placeholders, and the names in that order."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    text = re.sub(r"%\((\w+)\)s", number, sql(name)).replace("%%", "%")
    return text.encode(), tuple(names)
