"""Drawing one of several by their shares."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def pick(shares: Mapping[T, float], rng: random.Random) -> T:
    """One of the names, by its share; the shares add up to one."""
    drawn = rng.random()
    for name, share in shares.items():
        if drawn < share:
            return name
        drawn -= share
    return name
