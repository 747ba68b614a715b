"""The kinds of figures that a policy knows: of its values, and of the facts that its tables ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeGuard, get_args

from makewhole.domain.money import LARGEST_MINOR, Money

FactKind = Literal["boolean", "money", "days", "whole", "text"]
ValueKind = Literal["boolean", "money", "days", "whole", "basis_points", "text", "list"]
# "number" is a bare figure in a condition: it takes the unit of what it meets (money excepted).
Kind = Literal["boolean", "money", "days", "whole", "basis_points", "text", "list", "number"]

FACT_KINDS: tuple[FactKind, ...] = get_args(FactKind)
VALUE_KINDS: tuple[ValueKind, ...] = get_args(ValueKind)
COUNTED: frozenset[Kind] = frozenset({"money", "days", "whole", "basis_points", "number"})

# A bigint holds it many times over; larger figures are typing errors.
LARGEST_FIGURE = LARGEST_MINOR
WHOLE_IN_BASIS_POINTS = 10_000

Figure = int | bool | str | tuple[str, ...]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_WORDS_OF_CONDITIONS = frozenset({"and", "or", "not", "in", "is", "if", "else", "for", "lambda", "true", "false"})


@dataclass(frozen=True, slots=True)
class FactType:
    """What a fact or value may be. Text with `options` is one of them; without, any text."""

    kind: Kind
    options: tuple[str, ...] = ()

    def fits(self, given: object) -> bool:
        """Whether that is such a fact: exactly typed (True is no number), never null."""
        if self.kind == "boolean":
            return given is True or given is False
        if self.kind == "text":
            return type(given) is str and (not self.options or given in self.options)
        return type(given) is int

    def __str__(self) -> str:
        return f"one of {', '.join(self.options)}" if self.options else self.kind


def is_name(given: object) -> TypeGuard[str]:
    """Names are lower-case words joined by underscores, and none of the words that conditions are made of."""
    return isinstance(given, str) and bool(_NAME.fullmatch(given)) and given not in _WORDS_OF_CONDITIONS


def shown(figure: Figure, kind: Kind, currency: str) -> str:
    """A figure as people read it: "USD 1,000.00", "30 days", "5.00%"."""
    if isinstance(figure, bool):
        return "true" if figure else "false"
    if isinstance(figure, tuple):
        return ", ".join(figure)
    if isinstance(figure, str):
        return figure
    match kind:
        case "money":
            return str(Money(figure, currency))
        case "days":
            return "1 day" if figure == 1 else f"{figure:,} days"
        case "basis_points":
            return f"{figure // 100}.{figure % 100:02}%"
        case _:
            return f"{figure:,}"
