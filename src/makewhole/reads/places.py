"""Instants as they stand in cursors: whole microseconds since 1970, exactly, so that no row comes twice or never."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def stamp(instant: datetime) -> str:
    return str((instant - _EPOCH) // _MICROSECOND)


def instant_of(stamped: str) -> datetime:
    """Raises OverflowError for what lies beyond all years."""
    return _EPOCH + int(stamped) * _MICROSECOND
