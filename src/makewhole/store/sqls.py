"""The named SQL files: each a statement with a line on what it is for, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import psycopg


@cache
def sql(name: str) -> str:
    """The statement in sql/<name>.sql."""
    return files("makewhole.store").joinpath(f"sql/{name}.sql").read_text("utf-8")


def run(connection: psycopg.Connection[Any], name: str, parameters: Mapping[str, Any]) -> psycopg.Cursor[Any]:
    """Runs sql/<name>.sql as a prepared statement, parameters apart from its text.

    Django's own cursors write parameters into the text, so the server would plan each statement anew.
    """
    cursor = psycopg.Cursor(connection)
    return cursor.execute(sql(name), parameters, prepare=True)
