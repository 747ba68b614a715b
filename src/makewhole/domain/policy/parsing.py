"""From a condition's text to a checked tree. Read `read_condition` first.

The text is a small subset of Python's grammar, parsed by `ast` and admitted node by node: what is not
on the list below does not get in, so a policy can ask questions and nothing else.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Mapping
from typing import NamedTuple, Never

from makewhole.domain.policy.expression import (
    AllOf,
    AnyOf,
    Calculate,
    Compare,
    Comparison,
    Constant,
    Expression,
    Fact,
    Not,
    Operation,
    Value,
    Within,
)
from makewhole.domain.policy.kinds import COUNTED, LARGEST_FIGURE, FactType, Kind

LONGEST_CONDITION = 800
DEEPEST_CONDITION = 30

_COMPARISONS: Mapping[type[ast.cmpop], Comparison] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_OPERATIONS: Mapping[type[ast.operator], Operation] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
_BOOLEAN = FactType("boolean")


class Typed(NamedTuple):
    """A part of a condition and what it comes to."""

    expression: Expression
    type: FactType


def read_condition(text: str, names: Mapping[str, Fact | Value]) -> tuple[Expression | None, list[str]]:
    """The condition, or None and all that is wrong with it."""
    tree, fault = _parse(text)
    if tree is None:
        return None, [fault]
    reader = _Reader(names)
    condition = reader.boolean(tree)
    return (None, reader.faults) if reader.faults else (condition, [])


def _parse(text: str) -> tuple[ast.expr | None, str]:
    if len(text) > LONGEST_CONDITION:
        return None, f"the condition is longer than {LONGEST_CONDITION} characters: make it several rows"
    if "#" in text:
        return None, "a condition holds no comment: write it above the row"
    if not text.strip():
        return None, 'the condition is empty: write "true" for a row that always holds'
    try:
        tree = ast.parse(" ".join(text.strip().splitlines()), mode="eval").body
    except SyntaxError as error:
        return None, f"not a condition: {error.msg}"
    except (ValueError, RecursionError, MemoryError):
        return None, "not a condition: it cannot be read"
    if _deeper_than(DEEPEST_CONDITION, tree):
        return None, f"the condition is nested deeper than {DEEPEST_CONDITION} levels"
    return tree, ""


def _deeper_than(levels: int, tree: ast.AST) -> bool:
    """Level by level, not by recursion: a hostile document must not exhaust the stack."""
    level: list[ast.AST] = [tree]
    for _ in range(levels):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return bool(level)


class _Reader:
    def __init__(self, names: Mapping[str, Fact | Value]) -> None:
        self.names = names
        self.faults: list[str] = []

    def boolean(self, node: ast.expr) -> Expression | None:
        """A part that must be true or false."""
        part = self.part(node)
        if part is None:
            return None
        if part.type.kind != "boolean":
            return self._fault(f"`{_text(node)}` is {_a(part.type)}, not true or false")
        return part.expression

    def part(self, node: ast.expr) -> Typed | None:
        match node:
            case ast.Name(id=name):
                return self._name(name)
            case ast.Constant(value=figure):
                return self._constant(figure)
            case ast.BoolOp(op=op, values=parts):
                return self._joined(isinstance(op, ast.And), parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                denied = self.boolean(operand)
                return None if denied is None else Typed(Not(denied), _BOOLEAN)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._negative(operand)
            case ast.Compare(left=left, ops=ops, comparators=rights):
                return self._compared(left, ops, rights)
            case ast.BinOp(left=left, op=op, right=right):
                return self._calculated(node, left, op, right)
            case _:
                what = type(node).__name__.lower()
                return self._fault(f"`{_text(node)}` ({what}) has no place in a condition")

    def _name(self, name: str) -> Typed | None:
        if name in ("true", "false"):
            return Typed(Constant(name == "true"), _BOOLEAN)
        known = self.names.get(name)
        if known is None:
            near = difflib.get_close_matches(name, self.names, n=1)
            hint = f": did you mean {near[0]}?" if near else ""
            return self._fault(f"unknown fact or value {name!r}{hint}")
        if known.type.kind == "list":
            return self._fault(f"{name!r} is a list, which has no place in a condition")
        return Typed(known, known.type)

    def _constant(self, figure: object) -> Typed | None:
        match figure:
            case bool():
                return self._fault(f"write {str(figure).lower()}, not {figure}")
            case int() if figure <= LARGEST_FIGURE:
                return Typed(Constant(figure), FactType("number"))
            case int():
                return self._fault(f"the figure {str(figure)[:20]}... is too large")
            case str():
                return Typed(Constant(figure), FactType("text", (figure,)))
            case float():
                return self._fault(f"{figure} is no whole number: figures are whole, money is a named value")
            case _:
                return self._fault(f"{figure!r} has no place in a condition")

    def _joined(self, every: bool, nodes: list[ast.expr]) -> Typed | None:
        parts = [self.boolean(node) for node in nodes]
        sure = tuple(part for part in parts if part is not None)
        if len(sure) < len(parts):
            return None
        return Typed(AllOf(sure) if every else AnyOf(sure), _BOOLEAN)

    def _negative(self, operand: ast.expr) -> Typed | None:
        part = self.part(operand)
        if part is None:
            return None
        if part.type.kind not in COUNTED:
            return self._fault(f"`-{_text(operand)}`: {_a(part.type)} has no negative")
        if isinstance(part.expression, Constant):
            return Typed(Constant(-part.expression.figure), part.type)  # type: ignore[operator]
        return Typed(Calculate("-", Constant(0), part.expression, part.type.kind), FactType(part.type.kind))

    def _compared(self, left: ast.expr, ops: list[ast.cmpop], rights: list[ast.expr]) -> Typed | None:
        if any(isinstance(op, ast.In | ast.NotIn) for op in ops):
            return self._within(left, ops, rights)
        nodes = [left, *rights]
        parts = [self.part(node) for node in nodes]
        links: list[Expression] = []
        for index, op in enumerate(ops):
            first, second = parts[index], parts[index + 1]
            comparison = _COMPARISONS.get(type(op))
            if comparison is None:
                self._fault("`is` has no place in a condition: write == or !=")
            elif first and second:
                kind = self._comparable(comparison, (nodes[index], first), (nodes[index + 1], second))
                if kind:
                    links.append(Compare(comparison, first.expression, second.expression, kind))
        if len(links) < len(ops):
            return None
        return Typed(links[0] if len(links) == 1 else AllOf(tuple(links)), _BOOLEAN)

    def _comparable(
        self, comparison: Comparison, left: tuple[ast.expr, Typed], right: tuple[ast.expr, Typed]
    ) -> Kind | None:
        """The kind of what is compared, where the two sides can be."""
        (left_node, first), (right_node, second) = left, right
        told = f"`{_text(left_node)} {comparison} {_text(right_node)}`"
        kind = _common(first, second)
        if kind is None:
            return self._fault(f"{told} compares {_a(first.type)} with {_a(second.type)}{_hint(first, second)}")
        if kind in ("text", "boolean") and comparison not in ("==", "!="):
            return self._fault(f"{told}: {kind} has no order")
        if kind == "text" and not _can_meet(first.type, second.type):
            return self._fault(f"{told} can never be equal: {_a(first.type)} meets {_a(second.type)}")
        return kind

    def _within(self, left: ast.expr, ops: list[ast.cmpop], rights: list[ast.expr]) -> Typed | None:
        if len(ops) > 1:
            return self._fault("`in` cannot be part of a chain of comparisons")
        part = self.part(left)
        if not isinstance(rights[0], ast.Tuple) or not rights[0].elts:
            return self._fault(f"`in {_text(rights[0])}`: in needs a list in brackets, such as ('a', 'b')")
        options = [self._option(part, left, node) for node in rights[0].elts]
        sure = tuple(option for option in options if option is not None)
        if part is None or len(sure) < len(options):
            return None
        within = Within(part.expression, sure, part.type.kind)
        return Typed(Not(within) if isinstance(ops[0], ast.NotIn) else within, _BOOLEAN)

    def _option(self, part: Typed | None, left: ast.expr, node: ast.expr) -> int | bool | str | None:
        option = self.part(node)
        if option is None:
            return None
        if not isinstance(option.expression, Constant):
            return self._fault(f"`{_text(node)}`: in takes constants only")
        if part and not self._comparable("==", (left, part), (node, option)):
            return None
        return option.expression.figure

    def _calculated(self, node: ast.expr, left: ast.expr, op: ast.operator, right: ast.expr) -> Typed | None:
        operation = _OPERATIONS.get(type(op))
        if operation is None:
            return self._fault(f"`{_text(node)}`: a condition adds, subtracts and multiplies, nothing else")
        first, second = self.part(left), self.part(right)
        if first is None or second is None:
            return None
        kind = _product(first.type.kind, second.type.kind) if operation == "*" else _common(first, second)
        if kind is None or kind not in COUNTED:
            return self._fault(
                f"`{_text(node)}`: {_a(first.type)} {operation} {_a(second.type)} is no figure{_hint(first, second)}"
            )
        return Typed(Calculate(operation, first.expression, second.expression, kind), FactType(kind))

    def _fault(self, what: str) -> Never | None:  # noqa: RUF020
        """Notes a fault. Always gives None, typed so that a reader may `return self._fault(...)`."""
        self.faults.append(what)
        return None


def _common(first: Typed, second: Typed) -> Kind | None:
    """The kind that both sides share; a bare number takes the other's unit. Money meets no bare number but
    0: `amount > 1000` would mean 10.00 and look like 1,000.00."""
    kinds = (first.type.kind, second.type.kind)
    if kinds[0] == kinds[1]:
        return kinds[0]
    if "number" not in kinds or not COUNTED.issuperset(kinds):
        return None
    bare, other = (first, kinds[1]) if kinds[0] == "number" else (second, kinds[0])
    if other == "money" and bare.expression != Constant(0):
        return None
    return other


def _product(first: Kind, second: Kind) -> Kind | None:
    """Money or days times a plain count. Basis points are not multiplied: that rounds, and rounding has a
    name and its place in a rule."""
    for unit, times in ((first, second), (second, first)):
        if times in ("number", "whole") and unit in ("money", "days", "whole", "number"):
            return "whole" if unit == "number" and times == "whole" else unit
    return None


def _can_meet(first: FactType, second: FactType) -> bool:
    return not first.options or not second.options or bool(set(first.options) & set(second.options))


def _hint(first: Typed, second: Typed) -> str:
    kinds = {first.type.kind, second.type.kind}
    return ": give the amount a name under values" if kinds == {"money", "number"} else ""


def _a(kind: FactType) -> str:
    match kind:
        case FactType("boolean"):
            return "true-or-false"
        case FactType("text", (only,)):
            return f"the text {only!r}"
        case FactType("text", options) if options:
            return f"one of {', '.join(options)}"
        case FactType("number"):
            return "a bare number"
        case FactType("whole"):
            return "a whole number"
        case _:
            return kind.kind.replace("_", " ")


def _text(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else text[:57] + "..."
