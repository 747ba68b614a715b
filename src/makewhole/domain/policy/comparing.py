"""What a next version would change, rule by rule and day by day: for whoever is to publish it. Start at changes()."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from makewhole.domain.policy.dated import Dated, Entry
from makewhole.domain.policy.kinds import shown
from makewhole.domain.policy.shapes import PolicyClock, PolicyDocument, PolicyValue, Table, TableRow
from makewhole.domain.policy.showing import clock_told

How = Literal["new", "changed", "gone", "source"]
AnyRule = PolicyValue | PolicyClock | Table


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row of a table: as it was and as it becomes, "" where it is not there."""

    id: str
    was: str
    becomes: str

    @property
    def how(self) -> How:
        return "new" if not self.was else "gone" if not self.becomes else "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that says something else from a day on. `source`: only where it comes from was corrected.

    `selected_by`: which date of a claim that day is compared with.
    """

    part: str
    name: str
    how: How
    from_day: date
    selected_by: str
    was: str
    becomes: str
    rows: tuple[RowChange, ...] = ()


def changes(old: PolicyDocument, new: PolicyDocument) -> list[Change]:
    """Every rule that differs on any day, the earliest day first within a rule; in the document's order."""
    told: list[Change] = []
    for part in ("values", "clocks", "tables"):
        before, after = getattr(old, part), getattr(new, part)
        for name in dict.fromkeys([*before, *after]):
            told += _changed(part, name, before.get(name), after.get(name), old, new)
    return told


def _changed(
    part: str, name: str, before: Dated[AnyRule] | None, after: Dated[AnyRule] | None, old: PolicyDocument,
    new: PolicyDocument,
) -> list[Change]:  # fmt: skip
    told: list[Change] = []
    for day in _turning_days(before, after):
        was, becomes = _on(before, day), _on(after, day)
        how = _how(was, becomes)
        # What differs on this day as it did on the turning day before is the same change.
        if how is None or (told and (told[-1].was, told[-1].becomes) == (_told(was, old), _told(becomes, new))):
            continue
        entry = becomes or was
        assert entry is not None
        told.append(
            Change(part, name, how, day, entry.selected_by, _told(was, old), _told(becomes, new), _rows(was, becomes))
        )
    return told


def _turning_days(before: Dated[AnyRule] | None, after: Dated[AnyRule] | None) -> list[date]:
    days: set[date] = set()
    for series in (before, after):
        for entry in series.entries if series else ():
            days |= {entry.from_day} if entry.until is None else {entry.from_day, entry.until}
    return sorted(days)


def _on(series: Dated[AnyRule] | None, day: date) -> Entry[AnyRule] | None:
    return series.on(day) if series else None


def _how(was: Entry[AnyRule] | None, becomes: Entry[AnyRule] | None) -> How | None:
    if was is None or becomes is None:
        return None if was is becomes else "new" if was is None else "gone"
    if (was.what, was.selected_by) != (becomes.what, becomes.selected_by):
        return "changed"
    return None if (was.source, was.checked) == (becomes.source, becomes.checked) else "source"


def _told(entry: Entry[AnyRule] | None, document: PolicyDocument) -> str:
    if entry is None:
        return ""
    match entry.what:
        case PolicyValue(kind, figure):
            return shown(figure, kind, document.currency)
        case PolicyClock():
            return clock_told(entry.what)
        case Table(rows=rows):
            return "\n".join(f"{row.id}: {_row(row)}" for row in rows)


def _row(row: TableRow) -> str:
    return f"{' '.join(row.when.split())} → {row.outcome}: {row.because.text}"


def _rows(was: Entry[AnyRule] | None, becomes: Entry[AnyRule] | None) -> tuple[RowChange, ...]:
    before = {row.id: _row(row) for row in was.what.rows} if was and isinstance(was.what, Table) else {}
    after = {row.id: _row(row) for row in becomes.what.rows} if becomes and isinstance(becomes.what, Table) else {}
    return tuple(
        RowChange(name, before.get(name, ""), after.get(name, ""))
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    )
