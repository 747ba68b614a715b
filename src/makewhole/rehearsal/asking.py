"""The rehearsal's own questions to the database, by name: sql/<name>.sql."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib.resources import files

from django.db import connection


def asked(name: str, *given: datetime) -> list[tuple[object, ...]]:
    """The rows that the statement finds."""
    with connection.cursor() as cursor:
        # Without parameters Django leaves percent signs alone.
        cursor.execute(_sql(name), list(given) or None)
        return [tuple(row) for row in cursor.fetchall()]


@cache
def _sql(name: str) -> str:
    return files(__package__).joinpath(f"sql/{name}.sql").read_text("utf-8")
