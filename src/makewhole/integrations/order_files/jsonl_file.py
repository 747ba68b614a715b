"""JSON Lines: one object a line. A row's number is its line. Numbers stay the digits that were written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, cast

from makewhole.integrations.order_files.encoding import check_encoding
from makewhole.integrations.order_files.rows import Batch, Progress, Reason, Unreadable, numbered_batches


class JsonLinesTable:
    """A file of JSON objects. `columns` are the keys met in the first batch."""

    def __init__(self, path: Path, *, encoding: str = "utf-8") -> None:
        self.path = path
        self.size = path.stat().st_size
        self._encoding = check_encoding(path, encoding)
        self._done = 0
        self._batches = numbered_batches(self._rows())
        first = next(self._batches, None)
        if first is None:
            raise Unreadable(f"{path.name} is empty: one JSON object a line is expected.")
        if not first.numbers:
            number, reason = first.unreadable[0]
            raise Unreadable(f"{path.name} is not JSON Lines: line {number}: {reason.sentence}.")
        self.columns = list(first.columns)
        self._batches = chain([first], self._batches)

    def batches(self, progress: Progress) -> Iterator[Batch]:
        """All rows, in batches; can be asked for once."""
        for batch in self._batches:
            progress(self._done, self.size)
            yield batch

    def _rows(self) -> Iterator[tuple[int, dict[str, object] | Reason]]:
        # newline="\n": a text may hold the other signs that Python takes for a line's end.
        with self.path.open(encoding=self._encoding, newline="\n") as file:
            for number, line in enumerate(file, start=1):
                self._done = cast(BinaryIO, file.buffer).tell()
                if line.strip():
                    yield number, _read(line)


def _read(line: str) -> dict[str, object] | Reason:
    try:
        row = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as wrong:
        return Reason("", "not_json", f"the line is not JSON ({wrong})")
    if not isinstance(row, dict):
        return Reason("", "not_json", f"the line holds a {type(row).__name__}, not an object")
    return row
