"""The `because` of a row: a sentence that may name facts and values in braces ("... within {filing_days}")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from makewhole.domain.policy.expression import Fact, Value
from makewhole.domain.policy.kinds import Figure, shown

_BRACED = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Text with the places where figures go. `parts` alternates plain text and names."""

    text: str
    parts: tuple[str | Fact | Value, ...]

    @property
    def names(self) -> tuple[Fact | Value, ...]:
        return tuple(part for part in self.parts if not isinstance(part, str))

    def told(self, facts: Mapping[str, object], values: Mapping[str, Figure], currency: str) -> str:
        """The sentence with its figures."""
        return "".join(_told(part, facts, values, currency) for part in self.parts)


def read_sentence(text: str, names: Mapping[str, Fact | Value]) -> tuple[Sentence, list[str]]:
    """The sentence, and what is wrong with it."""
    faults: list[str] = []
    parts: list[str | Fact | Value] = []
    for index, piece in enumerate(_BRACED.split(text)):
        if index % 2 == 0:
            parts.append(piece)
            if "{" in piece or "}" in piece:
                faults.append("a brace without its other half")
        elif piece not in names:
            faults.append(f"{{{piece}}} names no fact and no value of this table")
        elif names[piece].type.kind == "boolean":
            faults.append(f"{{{piece}}} is true or false: say it in words instead")
        else:
            parts.append(names[piece])
    return Sentence(text, tuple(part for part in parts if part != "")), faults


def _told(part: str | Fact | Value, facts: Mapping[str, object], values: Mapping[str, Figure], currency: str) -> str:
    if isinstance(part, str):
        return part
    figure = values[part.name] if isinstance(part, Value) else facts[part.name]
    assert isinstance(figure, int | str | tuple), f"{part.name} is {figure!r}"
    text = shown(figure, part.type.kind, currency)
    # One of a list is a code (`purchase_price`): people read it as words.
    return text.replace("_", " ") if part.type.options else text
