"""The named SQL files: each a statement with a line on what it is for, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def sql(name: str) -> str:
    """The statement in sql/<name>.sql."""
    return files("makewhole.store").joinpath(f"sql/{name}.sql").read_text("utf-8")
