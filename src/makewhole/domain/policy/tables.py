"""Decision tables as they stand in a document: facts, outcomes, rows. Start at `read_table`."""

from __future__ import annotations

from collections.abc import Mapping

from makewhole.domain.policy.compiling import first_row_that_holds
from makewhole.domain.policy.dated import Dated
from makewhole.domain.policy.expression import ALWAYS, Fact, Value, walk
from makewhole.domain.policy.kinds import FactType, is_name
from makewhole.domain.policy.parsing import read_condition
from makewhole.domain.policy.reach import unreachable
from makewhole.domain.policy.sections import Section
from makewhole.domain.policy.sentences import read_sentence
from makewhole.domain.policy.shapes import PolicyValue, Table, TableRow

Names = Mapping[str, Fact | Value]


def read_table(
    section: Section,
    declared: Mapping[str, FactType],
    known: Mapping[str, Value],
    values: Mapping[str, Dated[PolicyValue]],
) -> Table | None:
    """One version of a table, or None when a row of it is faulty."""
    facts = _facts(section, declared)
    outcomes = section.texts("outcomes") or ()
    names: dict[str, Fact | Value] = {name: Fact(name, declared[name]) for name in facts} | dict(known)
    row_sections = section.sections("rows")
    read = [_row(each, names, outcomes) for each in row_sections]
    rows = [row for row in read if row is not None]
    _same_id_twice(row_sections, section)
    if not rows or len(rows) < len(read):
        return None
    _total(rows, section)
    _nothing_idle(rows, facts, outcomes, section)
    for index, why in unreachable([(row.id, row.condition) for row in rows], values):
        row_sections[index].fault("when", why)
    used = {name for row in rows for name in _names_in(row) if name in known}
    compiled = first_row_that_holds([row.condition for row in rows])
    return Table(facts, outcomes, tuple(rows), tuple(sorted(used)), compiled)


def _facts(section: Section, declared: Mapping[str, FactType]) -> tuple[str, ...]:
    facts = section.texts("facts") or ()
    for name in facts:
        if name not in declared:
            section.fault("facts", f"unknown fact {name!r}: it is not declared under [facts]")
    return tuple(name for name in facts if name in declared)


def _row(section: Section, names: Names, outcomes: tuple[str, ...]) -> TableRow | None:
    row_id, when = section.text("id"), section.text("when")
    outcome = section.choice("outcome", outcomes) if outcomes else section.text("outcome")
    because = section.text("because")
    section.close()
    if row_id and not is_name(row_id):
        row_id = section.fault("id", f"{row_id!r} is not a lower-case name: it becomes part of the clause")
    condition, faults = read_condition(when, names) if when else (None, [])
    for fault in faults:
        section.fault("when", fault)
    sentence, faults = read_sentence(because, names) if because else (None, [])
    for fault in faults:
        section.fault("because", fault)
    if row_id is None or when is None or condition is None or outcome is None or sentence is None or faults:
        return None
    return TableRow(row_id, when, condition, outcome, sentence)


def _same_id_twice(rows: list[Section], section: Section) -> None:
    given = [row.content.get("id") for row in rows]
    ids = [row_id for row_id in given if isinstance(row_id, str)]
    for row_id in dict.fromkeys(ids):
        if ids.count(row_id) > 1:
            section.fault("rows", f"the id {row_id!r} stands on {ids.count(row_id)} rows")


def _total(rows: list[TableRow], section: Section) -> None:
    if rows[-1].condition != ALWAYS:
        section.fault("rows", 'the last row must be when = "true": a table always answers')


def _nothing_idle(rows: list[TableRow], facts: tuple[str, ...], outcomes: tuple[str, ...], section: Section) -> None:
    asked = {name for row in rows for name in _names_in(row)}
    for name in facts:
        if name not in asked:
            section.fault("facts", f"{name} is listed, but no row asks for it")
    for outcome in outcomes:
        if all(row.outcome != outcome for row in rows):
            section.fault("outcomes", f"{outcome} is listed, but no row gives it")


def _names_in(row: TableRow) -> set[str]:
    in_condition = {part.name for part in walk(row.condition) if isinstance(part, Fact | Value)}
    return in_condition | {part.name for part in row.because.names}
