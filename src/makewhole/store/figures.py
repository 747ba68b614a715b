"""The figures of the programme, kept beside the log. Start at sweep(); rebuild() makes all of them anew.

For each claim a row says up to which event it is in the figures. A sweep takes claims that have moved on since, asks
domain/figures.py what their logs add now and what they added then, and writes the difference and the new place in one
transaction. So an event is counted once, whenever it is written and however it is dated; and two workers take turns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection, transaction

from makewhole.domain.claim.events import ClaimFiled, Recorded
from makewhole.domain.figures import Decision, Key, Sum, figures_of
from makewhole.store.codec import decode
from makewhole.store.models import DecisionMark, DecisionTaken, Event, Figure, FiguredClaim, FiguresStand, Marketplace
from makewhole.store.sqls import sql
from makewhole.store.streams import Progress, counted, no_progress, one_snapshot, stream

AT_ONCE = 500  # claims
LOOKS_BACK = timedelta(minutes=15)  # a command is written some minutes after its instant at most
LOOKS_AT_ALL_AFTER = timedelta(hours=1)
_REBUILT_AT_ONCE = 5_000
# What is asked by day too; the others are asked by month only.
BY_DAY = frozenset({"filed", "decided", "closed", "reopened"})
_TRY_LOCK = "select pg_try_advisory_xact_lock(hashtextextended('figures', 0))"
_ENCODER = msgspec.json.Encoder()


class Moved(NamedTuple):
    """A claim that is in the figures up to `counted`, and has come to `version`."""

    claim_id: UUID
    counted: int
    version: int
    marketplace: str
    currency: str
    zone: str


@transaction.atomic
def sweep(now: datetime, *, at_once: int = AT_ONCE, whole: bool | None = None) -> int:
    """Takes claims that moved into the figures, so many at once; how many. One statement where none did.

    It looks at claims with events since shortly before it last looked; once an hour (or where `whole` says so) at all
    claims, and so finds what was written under an earlier date too.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TRY_LOCK)
        if not cursor.fetchone()[0]:
            return 0
        stand = FiguresStand.objects.filter(id=1).first()
        if whole is None:
            whole = stand is None or now - stand.whole_at >= LOOKS_AT_ALL_AFTER
        since = None if whole or stand is None else stand.at - LOOKS_BACK
        cursor.execute(
            sql("figures_moved" if since is None else "figures_moved_lately"), {"batch": at_once, "since": since}
        )
        moved = [Moved(*row) for row in cursor.fetchall()]
    _take_in(moved)
    if len(moved) < at_once:
        stood = {"at": now} | ({"whole_at": now} if since is None else {})
        FiguresStand.objects.update_or_create(id=1, defaults=stood)
    return len(moved)


def rebuild(now: datetime, *, progress: Progress = no_progress) -> int:
    """All figures anew from the log, in one transaction: until it ends, everybody reads the old ones. How many
    claims."""
    done = events = 0
    with _alone(), one_snapshot() as raw:
        for model in (Figure, FiguredClaim, DecisionTaken, DecisionMark, FiguresStand):
            raw.execute(f"delete from {model._meta.db_table}")
        zones = dict(Marketplace.objects.values_list("code", "zone"))
        total = counted(raw, "store_event")
        adding = _Adding()
        for claim_id, chain in groupby(stream(raw, "log_stream", {"claim": None}), key=lambda row: row[0]):
            history = [decode(row[4])[1] for row in chain]
            adding.claim(claim_id, history, 0, zones)
            done, events = done + 1, events + len(history)
            if done % _REBUILT_AT_ONCE == 0:
                adding.write()
                adding = _Adding()
            if done % 500 == 0:
                progress(events, total)
        adding.write()
        FiguresStand.objects.update_or_create(id=1, defaults={"at": now, "whole_at": now})
        progress(events, total)
    return done


def stands_at() -> datetime | None:
    """As of when every claim was in the figures; None before the first time."""
    return FiguresStand.objects.filter(id=1).values_list("at", flat=True).first()


@contextmanager
def _alone() -> Iterator[None]:
    """No sweep meanwhile. Held by the session: a lock that a snapshot waited for would be older than what it waited
    for."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtextextended('figures', 0))")
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(hashtextextended('figures', 0))")


def _take_in(moved: Sequence[Moved]) -> None:
    if not moved:
        return
    adding = _Adding()
    known = {each.claim_id: each for each in moved}
    zones = {each.marketplace: each.zone for each in moved}
    rows = Event.objects.filter(claim_id__in=list(known)).order_by("claim_id", "version")
    told = rows.values_list("claim_id", "version", "body").iterator()
    for claim_id, chain in groupby(told, key=lambda row: row[0]):
        claim = known[claim_id]
        history = [decode(body)[1] for _, version, body in chain if version <= claim.version]
        adding.claim(claim_id, history, claim.counted, zones)
    adding.write()


class _Adding:
    """What is to be written of some claims: sums, decisions, and up to where they are counted."""

    def __init__(self) -> None:
        self._sums: dict[_Row, list[int]] = defaultdict(lambda: [0, 0])
        self._decisions: list[DecisionTaken] = []
        self._marks: list[DecisionMark] = []
        self._counted: list[dict[str, Any]] = []  # rows of store_figuredclaim

    def claim(self, claim_id: UUID, history: Sequence[Recorded], already: int, zones: Mapping[str, str]) -> None:
        """A claim by its log, of which the first `already` events are in the figures."""
        filed = history[0].event
        assert isinstance(filed, ClaimFiled), f"the log of claim {claim_id} does not begin with its filing"
        zone = zones[filed.marketplace]
        after = figures_of(claim_id, history, zone)
        before = figures_of(claim_id, history[:already], zone).sums if already else {}
        for key in after.sums.keys() | before.keys():
            added = after.sums.get(key, Sum()) - before.get(key, Sum())
            if added != Sum():
                self._add(filed, key, added)
        for decision in after.decisions:
            if decision.version > already:
                self._decisions.append(_row(claim_id, decision, filed))
                self._marks += _marks(claim_id, decision, filed)
        self._counted.append({"claim_id": claim_id, "version": len(history)})

    def write(self) -> None:
        rows = [
            dict(zip(_COLUMNS, row, strict=True)) | {"number": number, "amount_minor": amount_minor}
            for row, (number, amount_minor) in sorted(self._sums.items())  # in one order: writers do not cross
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql("figures_add"), {"rows": _ENCODER.encode(rows).decode()})
            cursor.execute(sql("figures_counted"), {"rows": _ENCODER.encode(self._counted).decode()})
        DecisionTaken.objects.bulk_create(self._decisions, batch_size=1_000)
        DecisionMark.objects.bulk_create(self._marks, batch_size=2_000)

    def _add(self, filed: ClaimFiled, key: Key, added: Sum) -> None:
        grains = [("m", key.day.replace(day=1))] + ([("d", key.day)] if key.name in BY_DAY else [])
        for grain, since in grains:
            sums = self._sums[key.name, grain, since, filed.marketplace, filed.currency, key.of, key.value]
            sums[0] += added.number
            sums[1] += added.amount_minor


_Row = tuple[str, str, date, str, str, str, int]
_COLUMNS = ("name", "grain", "since", "marketplace", "currency", "of", "value")


def _row(claim_id: UUID, decision: Decision, filed: ClaimFiled) -> DecisionTaken:
    return DecisionTaken(
        claim_id=claim_id,
        version=decision.version,
        at=decision.at,
        marketplace=filed.marketplace,
        currency=filed.currency,
        went=decision.went,
        approved_minor=decision.approved_minor,
        refused_minor=decision.refused_minor,
        by_machine=decision.by_machine,
        otherwise=decision.otherwise,
        deciders=list(decision.deciders),
        clauses=list(decision.clauses),
        reasons=list(decision.reasons),
    )


def _marks(claim_id: UUID, decision: Decision, filed: ClaimFiled) -> list[DecisionMark]:
    return [
        DecisionMark(
            marketplace=filed.marketplace, what=what, at=decision.at, claim_id=claim_id, version=decision.version
        )
        for what in decision.marks
    ]
