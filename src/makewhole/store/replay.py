"""Rebuilds the current rows from the log, beside the real ones, and compares. Start at replay().

The rebuilt rows go into temporary tables of the same shape, so that a log of any length needs no memory here; the
comparison, column by column, is the database's. No policy is asked: what was decided stands in the events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from django.db import models

from makewhole.domain.claim.state import Claim, evolve
from makewhole.store import rows
from makewhole.store.codec import decode
from makewhole.store.models import Claim as ClaimRow
from makewhole.store.models import (
    Clock,
    Contest,
    Exposure,
    Incident,
    Payment,
    Posting,
    Recovery,
    Tender,
    Withholding,
)
from makewhole.store.rows import Row
from makewhole.store.streams import Progress, counted, no_progress, one_snapshot, stream

BATCH = 200  # claims
_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not as the log says. Where a whole row is missing or too much, `columns` says which."""

    table: str
    key: dict[str, Any]  # by column, as its table has them
    columns: dict[str, tuple[Any, Any]]  # name: (in the table, as the log says)

    def __str__(self) -> str:
        key = ", ".join(f"{name} {value}" for name, value in self.key.items())
        told = ", ".join(f"{name} is {is_!r}, by the log {log!r}" for name, (is_, log) in self.columns.items())
        return f"{self.table} {key}: {told}"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A claim whose log cannot be folded."""

    claim_id: UUID
    version: int
    what: str

    def __str__(self) -> str:
        return f"claim {self.claim_id}, version {self.version}: {self.what}"


@dataclass(slots=True)
class Replayed:
    claims: int = 0
    events: int = 0
    differences: int = 0


@dataclass(frozen=True, slots=True)
class _Table:
    """A table to rebuild: what makes its rows, and the columns that are no matter of the log."""

    model: type[models.Model]
    key: tuple[str, ...]
    apart: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def beside(self) -> str:
        return f"replayed_{self.name}"

    @property
    def columns(self) -> list[str]:
        named = [field.column for field in self.model._meta.concrete_fields]
        return [name for name in named if name is not None and name not in self.apart]


POSTINGS = _Table(Posting, ("claim_id", "version", "leg"))
TABLES = (
    _Table(ClaimRow, ("id",)),
    _Table(Exposure, ("claim_id", "no")),
    _Table(Payment, ("id",)),
    # When a clock that broke is tried again is the worker's business, not the claim's.
    _Table(Clock, ("claim_id", "name", "turn"), apart=frozenset({"retry_at"})),
    _Table(Incident, ("id",)),
    _Table(Tender, ("claim_id", "no")),
    _Table(Recovery, ("claim_id", "no")),
    _Table(Withholding, ("claim_id", "no", "seq")),
    _Table(Contest, ("claim_id", "kind", "no")),
    POSTINGS,
)


def replay(
    tell: Callable[[Difference | Unreadable], None],
    *,
    tables: tuple[_Table, ...] = TABLES,
    progress: Progress = no_progress,
) -> Replayed:
    """Tells every row that is not as the log says, and every claim whose log cannot be replayed."""
    done = Replayed()

    def count(wrong: Difference | Unreadable) -> None:
        done.differences += 1
        tell(wrong)

    with one_snapshot() as raw:
        for table in tables:
            raw.execute(_BESIDE.format(beside=table.beside, name=table.name))
        total = counted(raw, "store_event")
        for batch in _batches(_chains(raw)):
            _rebuild(raw, batch, tables, done, count)
            progress(done.events, total)
        for table in tables:
            for difference in _differences(raw, table):
                count(difference)
    return done


# No constraint and no trigger: what is compared may well be wrong.
_BESIDE = "create temporary table {beside} (like {name}) on commit drop"

_Chain = tuple[UUID, bytes, list[str]]  # claim, digest of its last event, the bodies


def _chains(raw: psycopg.Connection[Any]) -> Iterator[_Chain]:
    read = stream(raw, "log_stream", {"claim": None})
    for claim_id, chain in groupby(read, key=lambda row: row[0]):
        bodies, head = [], b""
        for row in chain:
            bodies.append(row[4])
            head = bytes(row[6])
        yield claim_id, head, bodies


def _batches(chains: Iterator[_Chain]) -> Iterator[list[_Chain]]:
    batch: list[_Chain] = []
    for chain in chains:
        batch.append(chain)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _rebuild(
    raw: psycopg.Connection[Any],
    batch: list[_Chain],
    tables: tuple[_Table, ...],
    done: Replayed,
    tell: Callable[[Unreadable], None],
) -> None:
    made: dict[str, list[Row]] = {table.name: [] for table in tables}
    for claim_id, head, bodies in batch:
        done.claims += 1
        done.events += len(bodies)
        version, postings = 0, list[Row]()
        claim: Claim | None = None
        try:
            for body in bodies:
                version += 1
                recorded = decode(body)[1]
                before, claim = claim, evolve(claim, recorded, claim_id)
                postings += rows.posting_rows(before, recorded, claim)
        except Exception as error:  # one broken claim is told, and the others are replayed
            tell(Unreadable(claim_id, version, f"cannot be replayed: {error}"))
            continue
        assert claim is not None
        for name, rebuilt in _rows_of(claim, head, postings).items():
            if name in made:
                made[name] += rebuilt
    for table in tables:
        _insert(raw, table, made[table.name])


def _rows_of(claim: Claim, head: bytes, postings: list[Row]) -> dict[str, list[Row]]:
    return {
        "store_claim": [rows.claim_row(claim, head)],
        "store_exposure": rows.exposure_rows(claim),
        "store_payment": rows.payment_rows(claim),
        "store_clock": rows.clock_rows(claim),
        "store_incident": [rows.incident_row(claim, None)],
        "store_tender": rows.tender_rows(claim),
        "store_recovery": rows.recovery_rows(claim),
        "store_withholding": rows.withholding_rows(claim),
        "store_contest": rows.contest_rows(claim),
        "store_posting": postings,
    }


def _insert(raw: psycopg.Connection[Any], table: _Table, rebuilt: list[Row]) -> None:
    if not rebuilt:
        return
    columns = ", ".join(table.columns)
    raw.execute(
        f"insert into {table.beside} ({columns}) select {columns} "
        f"from json_populate_recordset(null::{table.name}, %s::json)",
        [_ENCODER.encode(rebuilt).decode()],
    )


# Comparing -------------------------------------------------------------------------------------------


def _differences(raw: psycopg.Connection[Any], table: _Table) -> Iterator[Difference]:
    key = ", ".join(table.key)
    query = _COMPARE.format(key=key, real=_all_columns(table), rebuilt=_rebuilt(table), name=table.name)
    with raw.cursor(name="compare") as cursor:
        cursor.execute(query)
        for is_, log in cursor:
            yield _difference(table, _decoded(is_), _decoded(log))


def _difference(table: _Table, is_: Row | None, log: Row | None) -> Difference:
    whole = is_ or log
    assert whole is not None
    key = {name: whole[name] for name in table.key}
    if is_ is None or log is None:
        told: dict[str, tuple[Any, Any]] = {"row": ("there", "not there") if is_ else ("missing", "there")}
    else:
        told = {name: (is_[name], log[name]) for name in whole if is_[name] != log[name]}
    return Difference(table.name, key, told)


def _decoded(row: str | None) -> Row | None:
    return None if row is None else msgspec.json.decode(row, type=dict[str, Any])


_COMPARE = """
select to_jsonb(real)::text, to_jsonb(rebuilt)::text
  from (select {real} from {name}) real
  full join ({rebuilt}) rebuilt using ({key})
 where to_jsonb(real) is distinct from to_jsonb(rebuilt)
 order by {key}
"""


def _all_columns(table: _Table) -> str:
    return ", ".join(table.columns)


def _rebuilt(table: _Table) -> str:
    """The rebuilt rows. An incident's are one a claim: their sums are what its row must say."""
    if table.model is not Incident:
        return f"select {_all_columns(table)} from {table.beside}"
    sums = ("approved_minor", "ordered_minor", "paid_minor")
    # Day and cap are those of the incident's first claim; ids, and so the rows here, are in the order of time.
    first = [name for name in table.columns if name not in (*sums, "id")]
    told = ", ".join(f"(array_agg({name} order by ctid))[1] as {name}" for name in first)
    summed = ", ".join(f"sum({name})::bigint as {name}" for name in sums)
    return f"select id, {told}, {summed} from {table.beside} group by id"


def postings_by_the_log(
    tell: Callable[[Difference | Unreadable], None], *, progress: Progress = no_progress
) -> Replayed:
    """The books alone: every posting against what the log says was posted."""
    return replay(tell, tables=(POSTINGS,), progress=progress)
