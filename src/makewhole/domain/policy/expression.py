"""A condition as a value: a small tree that several evaluators can walk.

`parsing.py` makes the tree from text and has checked its types; `compiling.py` turns it into a Python
function; a columnar evaluator can turn the same tree into a database expression. `evaluate` here is
the plain meaning that all of them must share.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, assert_never

from makewhole.domain.policy.kinds import FactType, Figure, Kind

Comparison = Literal["==", "!=", "<", "<=", ">", ">="]
Operation = Literal["+", "-", "*"]


@dataclass(frozen=True, slots=True)
class Constant:
    figure: int | bool | str


@dataclass(frozen=True, slots=True)
class Fact:
    """What the caller tells about the claim."""

    name: str
    type: FactType


@dataclass(frozen=True, slots=True)
class Value:
    """What the policy says: a dated value, resolved at the date that selects it."""

    name: str
    type: FactType


@dataclass(frozen=True, slots=True)
class Not:
    part: Expression


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison; a chain `a < b < c` is read as two. `kind` is what is compared."""

    comparison: Comparison
    left: Expression
    right: Expression
    kind: Kind


@dataclass(frozen=True, slots=True)
class Within:
    """`part in (...)`: one of some constants."""

    part: Expression
    options: tuple[int | bool | str, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Calculate:
    operation: Operation
    left: Expression
    right: Expression
    kind: Kind


Expression = Constant | Fact | Value | Not | AllOf | AnyOf | Compare | Within | Calculate

ALWAYS = Constant(True)

# Any: that both sides can be compared was checked when the document loaded.
COMPARE: Mapping[Comparison, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
CALCULATE: Mapping[Operation, Callable[[int, int], int]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul,
}  # fmt: skip


def evaluate(expression: Expression, facts: Mapping[str, object], values: Mapping[str, Figure]) -> object:
    """What the expression comes to. Slow and plain; the compiled form is tested against it."""
    match expression:
        case Constant(figure):
            return figure
        case Fact(name):
            return facts[name]
        case Value(name):
            return values[name]
        case Not(part):
            return not evaluate(part, facts, values)
        case AllOf(parts):
            return all(evaluate(part, facts, values) for part in parts)
        case AnyOf(parts):
            return any(evaluate(part, facts, values) for part in parts)
        case Compare(comparison, left, right):
            return COMPARE[comparison](evaluate(left, facts, values), evaluate(right, facts, values))
        case Within(part, options):
            return evaluate(part, facts, values) in options
        case Calculate(operation, left, right):
            first, second = evaluate(left, facts, values), evaluate(right, facts, values)
            assert isinstance(first, int) and isinstance(second, int), "types were checked when the document loaded"
            return CALCULATE[operation](first, second)
        case _:
            assert_never(expression)


def parts_of(expression: Expression) -> tuple[Expression, ...]:
    """The expressions of which this one is made."""
    match expression:
        case Not(part) | Within(part):
            return (part,)
        case AllOf(parts) | AnyOf(parts):
            return parts
        case Compare(_, left, right) | Calculate(_, left, right):
            return (left, right)
        case Constant() | Fact() | Value():
            return ()
        case _:
            assert_never(expression)


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything in it, outermost first."""
    yield expression
    for part in parts_of(expression):
        yield from walk(part)


def questions_in(expression: Expression) -> Iterator[Expression]:
    """The single yes-or-no questions of a condition: its comparisons, and the facts and values that are
    questions by themselves. In the order in which they stand."""
    match expression:
        case Not() | AllOf() | AnyOf() | Compare(kind="boolean"):
            for part in parts_of(expression):
                yield from questions_in(part)
        case Constant():
            return
        case _:
            yield expression


def written(expression: Expression) -> str:
    """The expression as text in the grammar of conditions."""
    match expression:
        case Constant(figure):
            return _literal(figure)
        case Fact(name) | Value(name):
            return name
        case Not(part):
            return f"not {_inside(part)}"
        case AllOf(parts):
            return " and ".join(map(_inside, parts))
        case AnyOf(parts):
            return " or ".join(map(_inside, parts))
        case Compare(sign, left, right) | Calculate(sign, left, right):
            return f"{_inside(left)} {sign} {_inside(right)}"
        case Within(part, options):
            return f"{_inside(part)} in {options_written(options)}"
        case _:
            assert_never(expression)


def options_written(options: tuple[int | bool | str, ...]) -> str:
    """A tuple of constants as a condition has it."""
    listed = ", ".join(map(_literal, options))
    return f"({listed},)" if len(options) == 1 else f"({listed})"


def _inside(expression: Expression) -> str:
    text = written(expression)
    return text if isinstance(expression, Constant | Fact | Value) else f"({text})"


def _literal(figure: int | bool | str) -> str:
    if isinstance(figure, bool):
        return "true" if figure else "false"
    return str(figure) if isinstance(figure, int) else repr(figure)
