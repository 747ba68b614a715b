"""What a check found: it holds, it does not, or it is something that this file alone cannot tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "failed", "note"]


@dataclass(frozen=True, slots=True)
class Check:
    """`place` is where in the file: a section, an event and its field, or a byte. A note fails nothing."""

    state: State
    place: str
    says: str


Checks = Iterator[Check]


def held(holds: bool, place: str, ok: str, failed: str) -> Check:
    """One check, told either way."""
    return Check("ok", place, ok) if holds else Check("failed", place, failed)
