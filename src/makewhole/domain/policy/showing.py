"""A policy as people read it: every rule in force on a day, in words, with where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from makewhole.domain.policy.dated import Dated, SelectedBy
from makewhole.domain.policy.kinds import shown
from makewhole.domain.policy.shapes import PolicyClock, PolicyDocument, PolicyValue, Table

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RuleShown:
    """`part` is values, clocks or tables; `told` the figure, or a table's rows, one to a line."""

    part: str
    name: str
    told: str
    selected_by: SelectedBy
    from_day: date
    until: date | None
    source: str
    checked: date


def rules_shown(document: PolicyDocument, day: date) -> list[RuleShown]:
    """Everything in force on that day, in the document's order. `until` is the day a successor begins, too."""
    return [
        *_shown("values", document.values, day, lambda value: _value(value, document.currency)),
        *_shown("clocks", document.clocks, day, clock_told),
        *_shown("tables", document.tables, day, _table),
    ]


def _shown(part: str, rules: Mapping[str, Dated[T]], day: date, told: Callable[[T], str]) -> Iterator[RuleShown]:
    for name, series in rules.items():
        entry = series.on(day)
        if entry is None:
            continue
        later = [other.from_day for other in series.entries if other.from_day > entry.from_day]
        until = entry.until or min(later, default=None)
        yield RuleShown(
            part, name, told(entry.what), entry.selected_by, entry.from_day, until, entry.source, entry.checked
        )


def _value(value: PolicyValue, currency: str) -> str:
    return shown(value.figure, value.kind, currency)


def clock_told(clock: PolicyClock) -> str:
    rule = clock.rule
    told = [f"{rule.days} {rule.day_type} {'day' if rule.days == 1 else 'days'}"]
    if rule.ends is not None:
        told.append(f"until {rule.ends:%H:%M}")
    if rule.count_first_day:
        told.append("the first day counts")
    if rule.roll_to_working_day:
        told.append("moved on to a working day")
    if clock.reminders:
        told.append(f"reminders at {', '.join(map(str, clock.reminders))} left")
    return ", ".join(told)


def _table(table: Table) -> str:
    return "\n".join(f"{row.id}: {' '.join(row.when.split())} -> {row.outcome}" for row in table.rows)
