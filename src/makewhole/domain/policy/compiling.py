"""Conditions compiled once, at load, to one Python function per table.

The source is written from the checked tree, never from the document's text: only the handful of forms
below can come out, whatever went in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import assert_never, cast

from makewhole.domain.policy.expression import (
    AllOf,
    AnyOf,
    Calculate,
    Compare,
    Constant,
    Expression,
    Fact,
    Not,
    Value,
    Within,
)
from makewhole.domain.policy.kinds import Figure

# (facts, values, guesses) -> index of the first row that holds, or -1.
FirstRow = Callable[[Mapping[str, object], Mapping[str, Figure], Sequence[bool]], int]


def first_row_that_holds(conditions: Sequence[Expression], guessed: Sequence[Expression] = ()) -> FirstRow:
    """A function that finds the first condition that holds.

    `guessed` are parts whose answer is given from outside instead of computed: the search for rows that
    can never be reached uses it for comparisons that it cannot see through.
    """
    lines = ["def first_row(facts, values, guesses):"]
    for index, condition in enumerate(conditions):
        lines.append(f"    if {_source(condition, guessed)}: return {index}")
    lines.append("    return -1")
    space: dict[str, object] = {"__builtins__": {}}
    exec(compile("\n".join(lines), "<policy table>", "exec"), space)
    return cast(FirstRow, space["first_row"])


def _source(expression: Expression, guessed: Sequence[Expression]) -> str:
    if expression in guessed:
        return f"guesses[{guessed.index(expression)}]"

    def inner(part: Expression) -> str:
        return _source(part, guessed)

    match expression:
        case Constant(figure):
            return f"({figure!r})"
        case Fact(name):
            return f"facts[{name!r}]"
        case Value(name):
            return f"values[{name!r}]"
        case Not(part):
            return f"(not {inner(part)})"
        case AllOf(parts):
            return f"({' and '.join(map(inner, parts))})"
        case AnyOf(parts):
            return f"({' or '.join(map(inner, parts))})"
        case Compare(sign, left, right) | Calculate(sign, left, right):
            return f"({inner(left)} {sign} {inner(right)})"
        case Within(part, options):
            return f"({inner(part)} in {options!r})"
        case _:
            assert_never(expression)
