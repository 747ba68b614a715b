"""Rows that no claim can ever reach. Start at `unreachable`.

Found by trying: every option of a fact that is one of a list, both answers of a yes-or-no fact, and for
a counted fact the points on both sides of every figure it is compared with. For such conditions that
is all there is: nothing changes between two neighbouring points. Comparisons of two facts with each
other cannot be seen through; each is taken as true and as false, which may miss a dead row but never
accuses a live one. Values count as the document gives them, except yes-or-no values: those are
switches, and rows are written for both positions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from makewhole.domain.policy.compiling import first_row_that_holds
from makewhole.domain.policy.dated import Dated
from makewhole.domain.policy.expression import (
    ALWAYS,
    Calculate,
    Compare,
    Constant,
    Expression,
    Fact,
    Value,
    Within,
    walk,
)
from makewhole.domain.policy.kinds import COUNTED, Figure
from makewhole.domain.policy.shapes import PolicyValue

# Half a second at most, per table. Past it a table is not searched, only its obvious faults are told.
MOST_CASES = 200_000

# A text that no document names, for facts whose text is free.
_OTHER_TEXT = "\x00other"

# fact -> factor, and what is added: 2 * amount - 5 is ({"amount": 2}, -5)
Linear = tuple[dict[str, int], int]


def unreachable(
    rows: Sequence[tuple[str, Expression]], values: Mapping[str, Dated[PolicyValue]]
) -> list[tuple[int, str]]:
    """Index and reason of every row that is never reached. A closing `true` is always allowed."""
    told = list(_obvious(rows))
    seen = {index for index, _ in told}
    searched = [condition for index, (_, condition) in enumerate(rows) if index not in seen]
    places = [index for index in range(len(rows)) if index not in seen]
    dead, never = _search(searched, values)
    for at in dead:
        if at == len(searched) - 1 and searched[at] == ALWAYS:
            continue
        why = "can never hold" if at in never else "is never reached: the rows before it cover all of its cases"
        told.append((places[at], why))
    return sorted(told)


def _obvious(rows: Sequence[tuple[str, Expression]]) -> Iterator[tuple[int, str]]:
    seen: dict[Expression, str] = {}
    for index, (row_id, condition) in enumerate(rows):
        if ALWAYS in seen:
            yield index, f"is never reached: row {seen[ALWAYS]} before it always holds"
        elif condition in seen:
            yield index, f"is never reached: it is the same condition as row {seen[condition]}"
        else:
            seen[condition] = row_id


def _search(conditions: Sequence[Expression], values: Mapping[str, Dated[PolicyValue]]) -> tuple[set[int], set[int]]:
    """The conditions that are never the first to hold, and those of them that never hold at all."""
    nodes = list(dict.fromkeys(node for condition in conditions for node in walk(condition)))
    guessed = [node for node in nodes if _unseen(node)]
    facts = {node.name: node for node in nodes if isinstance(node, Fact)}
    named = {node.name for node in nodes if isinstance(node, Value)}
    settings = list(_settings(named, values)) if named <= values.keys() else []
    if not settings:  # too many, or a value is faulty: nothing can be said
        return set(), set()
    axes = [(setting, [_points(fact, nodes, setting) for fact in facts.values()]) for setting in settings]
    cases = sum(_size(points) for _, points in axes) << len(guessed)
    if cases > MOST_CASES:
        return set(), set()

    def all_cases() -> Iterator[tuple[dict[str, object], Mapping[str, Figure], tuple[bool, ...]]]:
        for setting, points in axes:
            for figures in product(*points):
                for guesses in product((False, True), repeat=len(guessed)):
                    yield dict(zip(facts, figures, strict=True)), setting, guesses

    first_row = first_row_that_holds(conditions, guessed)
    dead = set(range(len(conditions)))
    for case in all_cases():
        dead.discard(first_row(*case))
        if not dead:
            return dead, dead
    alone = {index: first_row_that_holds([conditions[index]], guessed) for index in dead}
    never = {index for index, holds in alone.items() if all(holds(*case) < 0 for case in all_cases())}
    return dead, never


def _settings(names: Iterable[str], values: Mapping[str, Dated[PolicyValue]]) -> Iterator[dict[str, Figure]]:
    """Every combination of the figures that the named values ever have."""
    ordered = sorted(names)
    figures: list[list[Figure]] = []
    for name in ordered:
        entries = values[name].entries
        if any(entry.what.kind == "boolean" for entry in entries):
            figures.append([False, True])
        else:
            figures.append(list(dict.fromkeys(entry.what.figure for entry in entries)))
    if _size(figures) > MOST_CASES:
        return iter(())
    return (dict(zip(ordered, chosen, strict=True)) for chosen in product(*figures))


def _size(points: Sequence[Sequence[object]]) -> int:
    size = 1
    for axis in points:
        size *= len(axis)
    return size


def _points(fact: Fact, nodes: Iterable[Expression], setting: Mapping[str, Figure]) -> list[int | bool | str]:
    """The cases of one fact that make a difference."""
    if fact.type.kind == "boolean":
        return [False, True]
    if fact.type.options:
        return list(fact.type.options)
    points: dict[int | bool | str, None] = {}
    for node in nodes:
        if fact.type.kind == "text":
            points.update(dict.fromkeys(_texts(node, setting)))
        else:
            points.update(dict.fromkeys(_turning_points(fact.name, node, setting)))
    points.setdefault(_OTHER_TEXT if fact.type.kind == "text" else 0)
    return list(points)


def _texts(node: Expression, setting: Mapping[str, Figure]) -> Iterator[str]:
    match node:
        case Constant(str() as text):
            yield text
        case Within(options=options):
            yield from (option for option in options if isinstance(option, str))
        case Value(name):
            figure = setting[name]
            if isinstance(figure, str):
                yield figure


def _turning_points(name: str, node: Expression, setting: Mapping[str, Figure]) -> Iterator[int]:
    """Where a comparison of this fact with a figure changes its answer: the point, and both neighbours."""
    for left, right in _compared(node):
        linear = _linear(Calculate("-", left, right, "number"), setting)
        if linear is None or set(linear[0]) != {name}:
            continue
        turn = -linear[1] // linear[0][name]
        # With a factor the turn may fall between two whole numbers: the second neighbour above is for that.
        yield from range(turn - 1, turn + 3)


def _compared(node: Expression) -> Iterator[tuple[Expression, Expression]]:
    match node:
        case Compare(_, left, right, kind) if kind in COUNTED:
            yield left, right
        case Within(part, options, kind) if kind in COUNTED:
            yield from ((part, Constant(option)) for option in options)


def _unseen(node: Expression) -> bool:
    """A comparison whose answer does not follow from points of single facts."""
    if isinstance(node, Compare) and node.kind == "text":
        sides = (node.left, node.right)
        return all(isinstance(side, Fact) for side in sides) and not all(
            isinstance(side, Fact) and side.type.options for side in sides
        )
    return any(
        len(_facts_in(left) | _facts_in(right)) > 1 or _multiplies_facts(left) or _multiplies_facts(right)
        for left, right in _compared(node)
    )


def _facts_in(expression: Expression) -> set[str]:
    return {node.name for node in walk(expression) if isinstance(node, Fact)}


def _multiplies_facts(expression: Expression) -> bool:
    return any(
        isinstance(node, Calculate) and node.operation == "*" and _facts_in(node.left) and _facts_in(node.right)
        for node in walk(expression)
    )


def _linear(expression: Expression, setting: Mapping[str, Figure]) -> Linear | None:
    """A calculation as factors of its facts; None where facts are multiplied."""
    match expression:
        case Constant(int() as figure):
            return {}, figure
        case Fact(name):
            return {name: 1}, 0
        case Value(name):
            known = setting[name]
            assert isinstance(known, int)
            return {}, known
        case Calculate(operation, left, right):
            first, second = _linear(left, setting), _linear(right, setting)
            if first is None or second is None:
                return None
            if operation == "*":
                return _times(first, second)
            sign = 1 if operation == "+" else -1
            return _plus(first, second, sign)
        case _:
            return None


def _plus(first: Linear, second: Linear, sign: int) -> Linear:
    names = first[0] | second[0]
    factors = {name: first[0].get(name, 0) + sign * second[0].get(name, 0) for name in names}
    return {name: factor for name, factor in factors.items() if factor}, first[1] + sign * second[1]


def _times(first: Linear, second: Linear) -> Linear | None:
    if first[0] and second[0]:
        return None
    (factors, added), times = (first, second[1]) if first[0] else (second, first[1])
    return {name: factor * times for name, factor in factors.items() if factor * times}, added * times
