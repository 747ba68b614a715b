"""Why a table answered as it did: each row tried, each question in it with its actual figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from makewhole.domain.policy.expression import (
    Compare,
    Constant,
    Expression,
    Fact,
    Value,
    Within,
    evaluate,
    questions_in,
    written,
)
from makewhole.domain.policy.kinds import Figure, Kind, shown

if TYPE_CHECKING:
    from makewhole.domain.policy.rules import Rules


@dataclass(frozen=True, slots=True)
class QuestionTried:
    """One comparison: as written, with its figures ("USD 1,000.01 < USD 1,000.00"), and its answer."""

    asked: str
    told: str
    held: bool


@dataclass(frozen=True, slots=True)
class RowTried:
    """`held` is None for the rows after the one that decided: they were not reached."""

    id: str
    when: str
    held: bool | None
    parts: tuple[QuestionTried, ...]
    outcome: str
    because: str


def explain(rules: Rules, table: str, facts: Mapping[str, object]) -> list[RowTried]:
    """Every row of the table in force. The row that decides is the one that held."""
    tables = rules.table(table)
    tables.check(facts)
    currency = rules.document.currency
    tried: list[RowTried] = []
    decided = False
    for row in tables.rows:
        held = None if decided else bool(evaluate(row.condition, facts, tables.values))
        parts = () if decided else _questions(row.condition, facts, tables.values, currency)
        because = row.because.told(facts, tables.values, currency)
        tried.append(RowTried(row.id, row.when, held, parts, row.outcome, because))
        decided = decided or bool(held)
    return tried


def _questions(
    condition: Expression, facts: Mapping[str, object], values: Mapping[str, Figure], currency: str
) -> tuple[QuestionTried, ...]:
    def figure(part: Expression, kind: Kind) -> str:
        given = evaluate(part, facts, values)
        assert isinstance(given, int | str), f"{part} came to {given!r}"
        # A figure that stands in the condition itself is told as it stands there.
        return written(part) if isinstance(part, Constant) and kind != "money" else shown(given, kind, currency)

    def told(question: Expression) -> str:
        match question:
            case Compare(comparison, left, right, kind):
                return f"{figure(left, kind)} {comparison} {figure(right, kind)}"
            case Within(part, options, kind):
                return f"{figure(part, kind)} in ({', '.join(shown(option, kind, currency) for option in options)})"
            case Fact(name) | Value(name):
                return f"{name} is {figure(question, 'boolean')}"
            case _:
                raise AssertionError(f"{question} is no question")

    return tuple(
        QuestionTried(written(question), told(question), bool(evaluate(question, facts, values)))
        for question in dict.fromkeys(questions_in(condition))
    )
