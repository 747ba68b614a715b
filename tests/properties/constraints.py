"""The check constraints of the tables, asked in Python: rows that the database would refuse are found without one."""

from __future__ import annotations

from typing import Any

from django.db.models import CheckConstraint, F, Model, Q, Value
from django.db.models.expressions import CombinedExpression

from makewhole.store.rows import Row

_LOOKUPS: dict[str, Any] = {  # Any: values of whatever type the column has
    "exact": lambda here, there: here == there,
    "gt": lambda here, there: here > there,
    "gte": lambda here, there: here >= there,
    "lt": lambda here, there: here < there,
    "lte": lambda here, there: here <= there,
    "startswith": lambda here, there: here.startswith(there),
}
_OPERATIONS: dict[str, Any] = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b}


def broken(model: type[Model], row: Row) -> list[str]:
    """The names of the model's check constraints that this row does not satisfy."""
    checks = [each for each in model._meta.constraints if isinstance(each, CheckConstraint)]
    assert checks, f"{model.__name__} has no check constraint"
    return [each.name for each in checks if not _holds(each.condition, row)]


def _holds(condition: Q, row: Row) -> bool:
    """Whether a Q holds, by SQL's rule that a comparison with null refuses nothing."""
    found = [_holds(part, row) if isinstance(part, Q) else _compares(*part, row) for part in condition.children]
    together = all(found) if condition.connector == Q.AND else any(found)
    return together != condition.negated


def _compares(told: str, there: Any, row: Row) -> bool:
    name, _, lookup = told.partition("__")
    here, other = row[name], _value(there, row)
    if here is None or other is None:
        return True
    return bool(_LOOKUPS[lookup or "exact"](here, other))


def _value(told: Any, row: Row) -> Any:
    match told:
        case F():
            return row[told.name]
        case Value():
            return told.value
        case CombinedExpression():
            return _OPERATIONS[told.connector](_value(told.lhs, row), _value(told.rhs, row))
        case _:
            return told
