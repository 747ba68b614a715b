"""Parquet files. A row's number counts from 1. Every value becomes the text that a CSV would have held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from makewhole.integrations.order_files.rows import BATCH_ROWS, Batch, Progress, Unreadable, as_text


class ParquetTable:
    """A Parquet file. Its footer is read at once, so that a file cut off is refused before anything loads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = pq.ParquetFile(path)
        except (pa.ArrowException, OSError) as wrong:
            raise Unreadable(f"{path.name} is not a whole Parquet file: {_first_line(wrong)}") from None
        nested = [field.name for field in self._file.schema_arrow if pa.types.is_nested(field.type)]
        self.columns = [name for name in self._file.schema_arrow.names if name not in nested]
        self.size = self._file.metadata.num_rows

    def batches(self, progress: Progress) -> Iterator[Batch]:
        """All rows, in batches."""
        done = 0
        try:
            for table in self._file.iter_batches(BATCH_ROWS, columns=self.columns):
                numbers = list(range(done + 1, done + table.num_rows + 1))
                done += table.num_rows
                progress(done, self.size)
                yield Batch(numbers, {name: _texts(table.column(name)) for name in self.columns})
        except (pa.ArrowException, OSError) as wrong:
            raise Unreadable(f"{self.path.name} cannot be read past row {done:,}: {_first_line(wrong)}") from None


def _texts(column: pa.Array) -> Sequence[str]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.dictionary_decode(), kind.value_type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        # Python's instants end at microseconds.
        column = pc.cast(column, pa.timestamp("us", kind.tz), safe=False)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return [value.decode("utf-8", "surrogateescape") if value is not None else "" for value in column.to_pylist()]
    if pa.types.is_time(kind) or pa.types.is_duration(kind):
        column = pc.cast(column, pa.string())
    return [as_text(value) for value in column.to_pylist()]


def _first_line(wrong: Exception) -> str:
    return str(wrong).split("\n")[0].rstrip(".") + "."
