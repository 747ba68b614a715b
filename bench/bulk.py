"""Bulk filing through the same write door, in as many processes as there are cores."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

from django.db import connections

from bench import world
from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.handle import apart, handle_all

BATCH = 200

_Row = TypeVar("_Row")


def file_in_bulk(numbers: range, by: Actor, *, complete: bool = True, over_the_limit: bool = False) -> float:
    """Files a claim on each line; the seconds it took, with sealing, deciding, writing and fsync of each batch."""
    processes = os.cpu_count() or 1
    connections.close_all()
    shares = [numbers[n::processes] for n in range(processes)]
    began = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        filed = pool.starmap(_file, [(share, by, complete, over_the_limit) for share in shares])
    took = time.perf_counter() - began
    assert sum(filed) == len(numbers), f"{len(numbers) - sum(filed)} claims were not filed"
    return took


def _file(numbers: range, by: Actor, complete: bool, over_the_limit: bool) -> int:
    filed = 0
    for batch in slices(numbers, BATCH):
        asks = [world.ask(number, by, complete=complete, over_the_limit=over_the_limit) for number in batch]
        for call in apart(asks, at_most=BATCH):
            answers = handle_all(call)
            refusal = next((answer for answer in answers if isinstance(answer, Refused)), None)
            assert refusal is None, str(refusal)
            filed += len(answers)
    connections.close_all()
    return filed


def slices(rows: Sequence[_Row], size: int) -> Iterator[Sequence[_Row]]:
    """So many at a time, in their order."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
