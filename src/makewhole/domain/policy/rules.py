"""The rules that hold for one claim: a document seen at the three dates that select its entries.

Start at `rules_on`. It costs next to nothing: an entry is looked up when first asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from makewhole.domain.calendar import ClockRule
from makewhole.domain.policy.change import published_change_findings
from makewhole.domain.policy.dated import Dated, SelectedBy
from makewhole.domain.policy.explain import QuestionTried, RowTried, explain
from makewhole.domain.policy.kinds import Figure, ValueKind
from makewhole.domain.policy.shapes import PolicyClock, PolicyDocument, Table, TableRow
from makewhole.domain.refusal import Refused

__all__ = [
    "PolicyDates", "QuestionTried", "Row", "RowTried", "Rules", "explain", "published_change_findings", "rules_on",
]  # fmt: skip

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PolicyDates:
    """The days of a claim that select entries: of the loss, of first notice, and of the act itself."""

    incident: date
    notice: date
    decision: date

    def day(self, selected_by: SelectedBy) -> date:
        match selected_by:
            case "incident":
                return self.incident
            case "notice":
                return self.notice
            case "decision":
                return self.decision


@dataclass(frozen=True, slots=True)
class Row:
    """The row of a table that decided, with its reason and the clause to cite."""

    table: str
    id: str
    outcome: str
    because: str
    clause: str


def rules_on(document: PolicyDocument, dates: PolicyDates, *, version: str) -> Rules:
    """The rules of a document's published version ("us 2026-1") for a claim with these dates."""
    return Rules(document, dates, version)


class Rules:
    """What the policy says for these dates.

    Asking for a name that the document does not have, or as another kind, is our mistake (AssertionError);
    asking for a day before the programme began is refused (`no_rule_in_force`).
    """

    __slots__ = ("_figures", "_tables", "dates", "document", "version")

    def __init__(self, document: PolicyDocument, dates: PolicyDates, version: str) -> None:
        self.document = document
        self.dates = dates
        self.version = version
        self._figures: dict[str, Figure] = {}
        self._tables: dict[str, TableInForce] = {}

    def days(self, name: str) -> int:
        return self._counted(name, "days")

    def amount(self, name: str) -> int:
        """In minor units of the document's currency."""
        return self._counted(name, "money")

    def whole(self, name: str) -> int:
        return self._counted(name, "whole")

    def basis_points(self, name: str) -> int:
        return self._counted(name, "basis_points")

    def yes(self, name: str) -> bool:
        figure = self._of_kind(name, "boolean")
        assert isinstance(figure, bool)
        return figure

    def words(self, name: str) -> str:
        figure = self._of_kind(name, "text")
        assert isinstance(figure, str)
        return figure

    def listed(self, name: str) -> tuple[str, ...]:
        figure = self._of_kind(name, "list")
        assert isinstance(figure, tuple)
        return figure

    def clock(self, name: str) -> ClockRule:
        return self._clock(name).rule

    def reminders(self, name: str) -> tuple[int, ...]:
        """Days left at which a clock's reminders go out, the earliest first."""
        return self._clock(name).reminders

    def decide(self, table: str, /, **facts: object) -> Row:
        """The first row that holds. Every fact of the table must be told, exactly typed; facts declared in
        the document that this version of the table does not ask for may be told too."""
        return self.table(table).decide(facts)

    def table(self, name: str) -> TableInForce:
        """A table's version in force, with its values resolved."""
        found = self._tables.get(name)
        if found is None:
            table = self._in_force(self.document.tables, name)
            found = self._tables[name] = TableInForce(self, name, table)
        return found

    def figure(self, name: str) -> Figure:
        """A value of any kind; money in minor units."""
        figure = self._figures.get(name)
        if figure is None:
            figure = self._figures[name] = self._in_force(self.document.values, name).figure
        return figure

    def clause(self, rule: str | Row) -> str:
        """How to cite a rule: "us 2026-1 · route.direct" for a row, "us 2026-1 · claim_cap" for a value or clock."""
        if isinstance(rule, Row):
            return rule.clause
        document = self.document
        known = (document.values, document.clocks, document.tables)
        assert any(rule.partition(".")[0] in part for part in known), f"{document.name} has no rule {rule!r}"
        return f"{self.version} · {rule}"

    def _counted(self, name: str, kind: ValueKind) -> int:
        figure = self._of_kind(name, kind)
        assert isinstance(figure, int)
        return figure

    def _of_kind(self, name: str, kind: ValueKind) -> Figure:
        figure = self.figure(name)
        has = self.document.values[name].entries[0].what.kind
        if has != kind:
            raise AssertionError(f"{self.document.name}: {name} is {has}, asked for as {kind}")
        return figure

    def _clock(self, name: str) -> PolicyClock:
        return self._in_force(self.document.clocks, name)

    def _in_force(self, part: Mapping[str, Dated[T]], name: str) -> T:
        series = part.get(name)
        if series is None:
            raise AssertionError(f"{self.document.name} has no rule {name!r}")
        day = self.dates.day(series.selected_by)
        entry = series.on(day)
        if entry is None:
            raise Refused("no_rule_in_force", rule=name, selected_by=series.selected_by, on=day)
        return entry.what


class TableInForce:
    """One version of a table, bound to the values of one claim's dates."""

    __slots__ = ("_answers", "_clauses", "_document", "_first_row", "facts", "name", "rows", "values")

    def __init__(self, rules: Rules, name: str, table: Table) -> None:
        self.name = name
        self.rows: tuple[TableRow, ...] = table.rows
        self.values = {value: rules.figure(value) for value in table.values}
        self.facts = table.facts
        self._document = rules.document
        self._first_row = table.first_row
        self._clauses = rules.clause(name)
        # Rows whose sentence names no figure are the same for every claim: made once.
        self._answers: dict[int, Row] = {}

    def decide(self, facts: Mapping[str, object]) -> Row:
        self.check(facts)
        at = self._first_row(facts, self.values, ())
        return self._answers.get(at) or self._answer(at, facts)

    def check(self, facts: Mapping[str, object]) -> None:
        """Facts are ours to deliver: complete, declared, and exactly typed, or it is our mistake."""
        declared = self._document.facts
        for name, given in facts.items():
            fact = declared.get(name)
            if fact is None or not fact.fits(given):
                raise AssertionError(f"{self.name}: {name}={given!r} is not the fact declared: {fact}")
        for name in self.facts:
            if name not in facts:
                raise AssertionError(f"{self.name}: the fact {name} is missing")

    def _answer(self, at: int, facts: Mapping[str, object]) -> Row:
        row = self.rows[at]
        because = row.because.told(facts, self.values, self._document.currency)
        answer = Row(self.name, row.id, row.outcome, because, f"{self._clauses}.{row.id}")
        if not row.because.names:
            self._answers[at] = answer
        return answer
