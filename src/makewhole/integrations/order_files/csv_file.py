"""CSV and tab-separated files. A row's number is the line on which it starts, as an editor shows it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

from makewhole.integrations.order_files.encoding import check_encoding
from makewhole.integrations.order_files.rows import BATCH_ROWS, Batch, Progress, Reason, Unreadable

if TYPE_CHECKING:
    from _csv import Reader


class CsvTable:
    """A CSV file with a header. `columns` is known at once; `batches` reads on."""

    def __init__(self, path: Path, *, separator: str = ",", quoted: bool = True, encoding: str = "utf-8") -> None:
        self.path = path
        self.size = path.stat().st_size
        self._separator = separator
        self._quoted = quoted
        self._encoding = check_encoding(path, encoding)
        self.columns = self._header()

    def batches(self, progress: Progress) -> Iterator[Batch]:
        """The rows after the header, in batches."""
        width = len(self.columns)
        with self.path.open(encoding=self._encoding, newline="") as file:
            reader = self._reader(file)
            next(reader)
            rows: list[list[str]] = []
            numbers: list[int] = []
            unreadable: list[tuple[int, Reason]] = []
            while True:
                number = reader.line_num + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    break
                except csv.Error as wrong:
                    unreadable.append((number, _broken(wrong)))
                    continue
                if len(cells) == width:
                    rows.append(cells)
                    numbers.append(number)
                elif cells:
                    unreadable.append((number, _wrong_width(len(cells), width)))
                if len(rows) + len(unreadable) >= BATCH_ROWS:
                    progress(cast(BinaryIO, file.buffer).tell(), self.size)
                    yield self._batch(rows, numbers, unreadable)
                    rows, numbers, unreadable = [], [], []
            progress(self.size, self.size)
            if rows or unreadable:
                yield self._batch(rows, numbers, unreadable)

    def _reader(self, file: TextIO) -> Reader:
        if not self._quoted:
            return csv.reader(file, delimiter=self._separator, quoting=csv.QUOTE_NONE, strict=True)
        return csv.reader(file, delimiter=self._separator, strict=True)

    def _batch(self, rows: list[list[str]], numbers: list[int], unreadable: list[tuple[int, Reason]]) -> Batch:
        columns = zip(*rows, strict=True) if rows else ([] for _ in self.columns)
        return Batch(numbers, dict(zip(self.columns, columns, strict=True)), unreadable)

    def _header(self) -> list[str]:
        with self.path.open(encoding=self._encoding, newline="") as file:
            try:
                cells: list[str] = next(self._reader(file), [])
            except csv.Error as wrong:
                raise Unreadable(f"{self.path.name}: the header in line 1 cannot be read ({wrong}).") from None
        names = [cell.strip() for cell in cells]
        if not any(names):
            raise Unreadable(f"{self.path.name} is empty: a first line with the names of its columns is expected.")
        twice = sorted({name for name in names if name and names.count(name) > 1})
        if twice:
            raise Unreadable(f"{self.path.name} has more than one column named {', '.join(twice)}.")
        # Nameless columns (a trailing separator) still count when rows are measured.
        return [name or f"column {place}" for place, name in enumerate(names, start=1)]


def _broken(wrong: csv.Error) -> Reason:
    told = str(wrong)
    if "field larger" in told:
        return Reason("", "too_long", f"a text is longer than {csv.field_size_limit():,} characters")
    if "unexpected end" in told:
        return Reason("", "broken_quotes", "a quote is opened here and never closed: the file may be cut off")
    return Reason("", "broken_quotes", f"the quotes do not match ({told})")


def _wrong_width(cells: int, width: int) -> Reason:
    return Reason("", "wrong_cell_count", f"the row has {cells} cells, the header {width}")
