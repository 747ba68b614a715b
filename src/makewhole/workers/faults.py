"""Whose fault it is: the item's (log it, push it on, go on with the next), or the database's (wait for it)."""

from __future__ import annotations

from datetime import timedelta

import django.db
import psycopg

from makewhole.handle import RACES

SHORTEST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)

AWAY = (
    django.db.OperationalError,
    django.db.InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)


def database_is_away(error: Exception) -> bool:
    """Gone, restarting, full or locked: no fault of what was being done, and the same for everything else."""
    return isinstance(error, AWAY) and not isinstance(error, RACES)


def within(wait: timedelta) -> timedelta:
    """A wait that is neither hasty nor endless."""
    return min(max(wait, SHORTEST_WAIT), LONGEST_WAIT)
