"""Long readings: one snapshot of the whole database, and rows that come from it in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, transaction

from makewhole.store.sqls import sql

Progress = Callable[[int, int], None]  # done, of how many


def no_progress(done: int, total: int) -> None:
    """Nobody looks."""


@contextmanager
def one_snapshot() -> Iterator[psycopg.Connection[Any]]:
    """Inside, every statement sees the database as it was at the first: others may write meanwhile."""
    with transaction.atomic(durable=True):
        raw = connection.connection
        assert isinstance(raw, psycopg.Connection)
        raw.execute("set transaction isolation level repeatable read")
        yield raw


def stream(raw: psycopg.Connection[Any], name: str, parameters: dict[str, Any]) -> Iterator[Any]:
    """The rows of a named statement, fetched some thousands at a time. Any: each statement has its own columns."""
    with raw.cursor(name=name) as cursor:
        cursor.itersize = 5_000
        cursor.execute(sql(name), parameters)
        yield from cursor


def counted(raw: psycopg.Connection[Any], table: str) -> int:
    row = raw.execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    return int(row[0])
