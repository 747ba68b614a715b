"""A clause as it was published: the row that is cited, with its condition, its reason, its source and its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from makewhole.domain.policy.rules import PolicyDates
from makewhole.domain.refusal import Refused
from makewhole.store import policies


@dataclass(frozen=True, slots=True)
class ClauseTold:
    """`says` is the row's reason as published, with the names of its figures in braces; `when` its condition."""

    clause: str  # "us 2026-1 · route.tendered"
    title: str  # of the policy
    rule: str  # "route.tendered"
    when: str
    then: str
    says: str
    source: str
    from_day: date
    until: date | None


def clause_told(clause: str, dates: PolicyDates) -> ClauseTold | None:
    """The row of a table that this clause names, in the version that it names, as the dates of its claim select it;
    None for what is no row, and for a version that is not published."""
    version, _, rule = clause.partition(" · ")
    table, _, row_id = rule.partition(".")
    try:
        document = policies.document_of(version)
    except Refused:
        return None
    series = document.tables.get(table)
    entry = series.on(dates.day(series.selected_by)) if series else None
    row = next((row for row in entry.what.rows if row.id == row_id), None) if entry else None
    if entry is None or row is None:
        return None
    return ClauseTold(
        clause=clause,
        title=document.title,
        rule=rule,
        when=" ".join(row.when.split()),
        then=row.outcome,
        says=row.because.text,
        source=entry.source,
        from_day=entry.from_day,
        until=entry.until,
    )
