"""The hourly checkpoint: asked for by every worker at every turn, made once an hour by one of them."""

from __future__ import annotations

from datetime import datetime

from makewhole.store import checkpoints


def sweep_checkpoints(now: datetime) -> int:
    """One where a full hour is settled that none covers yet, else none."""
    return 0 if checkpoints.hourly(now) is None else 1
