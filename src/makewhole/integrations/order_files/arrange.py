"""A batch of somebody's columns becomes a batch of our fields, still as text. Start at `Arranger.arrange`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from makewhole.integrations.order_files.mapping import LINE_NUMBER, Mapping
from makewhole.integrations.order_files.rows import Batch, Reason


@dataclass(slots=True)
class Arranged:
    """Rows as fields of text. A field that is not here was not told: what is known of it stays."""

    numbers: list[int]
    fields: dict[str, Sequence[str]]
    unreadable: list[tuple[int, Reason]] = field(default_factory=list)
    left_out: int = 0


class Arranger:
    """Applies one mapping to the batches of one file, in order: some formats tell a thing once for several rows."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._carried_key = ""
        self._carried: dict[str, str] = {}
        self._lines: dict[str, int] = {}

    def arrange(self, batch: Batch) -> Arranged:
        """The batch's rows as fields. Call it for each batch of a file in the file's order."""
        columns = dict(batch.columns)
        if self._mapping.carry_down_key:
            self._carry_down(columns)
        if self._mapping.number_lines_within:
            columns[LINE_NUMBER] = self._number_lines(columns.get(self._mapping.number_lines_within, ()))
        numbers, columns, left_out = self._leave_out(batch.numbers, columns)
        return Arranged(numbers, self._fields(columns, len(numbers)), batch.unreadable, left_out)

    def _fields(self, columns: dict[str, Sequence[str]], count: int) -> dict[str, Sequence[str]]:
        fields: dict[str, Sequence[str]] = {}
        for name, wanted in self._mapping.columns.items():
            there = [columns[column] for column in wanted if column in columns]
            if there:
                fields[name] = self._translated(name, _first_filled(there))
        for name, constant in self._mapping.constants.items():
            fields[name] = (constant,) * count
        return fields

    def _translated(self, name: str, values: Sequence[str]) -> Sequence[str]:
        ours = self._mapping.values.get(name)
        if ours is None:
            return values
        return [ours.get(value.strip(), value) for value in values]

    def _carry_down(self, columns: dict[str, Sequence[str]]) -> None:
        """Shopify tells an order's own columns on its first line only: later lines take them from there."""
        keys = columns.get(self._mapping.carry_down_key, ())
        carried = {name: list(columns[name]) for name in self._mapping.carry_down_columns if name in columns}
        for at, key in enumerate(keys):
            if key != self._carried_key or not key:
                self._carried_key = key
                self._carried = {name: column[at] for name, column in carried.items()}
                continue
            for name, column in carried.items():
                if not column[at]:
                    column[at] = self._carried.get(name, "")
        columns.update(carried)

    def _number_lines(self, keys: Sequence[str]) -> list[str]:
        numbered = []
        for key in keys:
            self._lines[key] = self._lines.get(key, 0) + 1
            numbered.append(str(self._lines[key]))
        return numbered

    def _leave_out(
        self, numbers: list[int], columns: dict[str, Sequence[str]]
    ) -> tuple[list[int], dict[str, Sequence[str]], int]:
        out: set[int] = set()
        for name, unwanted in self._mapping.leave_out.items():
            out |= {at for at, value in enumerate(columns.get(name, ())) if value.strip() in unwanted}
        if not out:
            return numbers, columns, 0
        kept = [at for at in range(len(numbers)) if at not in out]
        return [numbers[at] for at in kept], {n: [c[at] for at in kept] for n, c in columns.items()}, len(out)


def _first_filled(columns: list[Sequence[str]]) -> Sequence[str]:
    if len(columns) == 1:
        return columns[0]
    return [next((value for value in values if value), "") for values in zip(*columns, strict=True)]
