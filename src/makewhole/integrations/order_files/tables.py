"""Opening the file that somebody names: a CSV, JSON Lines or Parquet file, or a folder of tables to be joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from makewhole.integrations.order_files.csv_file import CsvTable
from makewhole.integrations.order_files.jsonl_file import JsonLinesTable
from makewhole.integrations.order_files.mapping import Join, Mapping
from makewhole.integrations.order_files.parquet_file import ParquetTable
from makewhole.integrations.order_files.rows import Batch, Progress, Reason, Unreadable

TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
JSON_SUFFIXES = (".jsonl", ".ndjson")
PARQUET_SUFFIXES = (".parquet",)


class Table(Protocol):
    """What every reader offers: the columns at once, then the rows."""

    path: Path
    columns: list[str]

    def batches(self, progress: Progress) -> Iterator[Batch]: ...


class OpenedFile:
    """A main table with the tables joined to it, checked against its mapping. Nothing is loaded yet."""

    def __init__(self, main: Table, joined: list[JoinedTable], mapping: Mapping) -> None:
        self.path = main.path
        # A misspelt column of an optional field would otherwise go unnoticed.
        self.unused_columns = tuple(column for column in main.columns if column not in mapping.all_columns())
        self._mapping = mapping
        self._main = main
        self._joined = joined

    def gives(self, field: str) -> bool:
        """Does this file, or a constant, give that field a value?"""
        columns = self._mapping.columns.get(field, ())
        return field in self._mapping.constants or any(
            column in self._main.columns or self._mapping.is_made(column) for column in columns
        )

    def batches(self, progress: Progress) -> Iterator[Batch]:
        """The main table's rows, each with the columns of its partners."""
        for batch in self._main.batches(progress):
            for joined in self._joined:
                batch = joined.join(batch)
            yield batch


def open_table(path: Path, mapping: Mapping) -> OpenedFile:
    """The file (or folder) as the mapping reads it; raises Unreadable before anything is loaded."""
    if mapping.missing_fields():
        raise Unreadable(
            f"The mapping {mapping.name} says nothing about {', '.join(mapping.missing_fields())}: "
            "give a column or a constant (--set field=value)."
        )
    main_path = _main_file(path, mapping)
    main = _open(main_path, mapping)
    _check_columns(main, mapping)
    return OpenedFile(main, [JoinedTable(join, mapping, main_path.parent) for join in mapping.joins], mapping)


class JoinedTable:
    """A table held in memory, by its key, with just the columns that the mapping asks for."""

    def __init__(self, join: Join, mapping: Mapping, folder: Path) -> None:
        self._join = join
        path = _first_there(folder, join.files)
        if path is None:
            raise Unreadable(
                f"{folder.name or folder} has no {' or '.join(join.files)}, which the mapping {mapping.name} joins."
            )
        table = _open(path, mapping)
        self._file = path.name
        self._columns = _columns_of(join, mapping)
        lacking = [column for column in (join.key, *self._columns) if column not in table.columns]
        if lacking:
            raise Unreadable(_lacking(path.name, lacking, table.columns))
        self._rows: dict[str, tuple[str, ...]] = {}
        for batch in table.batches(lambda done, total: None):
            self._keep(batch)

    def join(self, batch: Batch) -> Batch:
        """The batch with this table's columns beside its own; a row without a partner that needs one is bad."""
        wanted = batch.columns[self._join.on]
        nothing = ("",) * len(self._columns)
        found = [self._rows.get(key.strip()) for key in wanted]
        if self._join.required and None in found:
            batch, found = self._set_aside(batch, found)
        rows = [row if row is not None else nothing for row in found]
        columns: list[Sequence[str]] = list(zip(*rows, strict=True)) if rows else [[] for _ in self._columns]
        names = [f"{self._join.name}.{column}" for column in self._columns]
        return Batch(batch.numbers, {**batch.columns, **dict(zip(names, columns, strict=True))}, batch.unreadable)

    def _set_aside(
        self, batch: Batch, found: list[tuple[str, ...] | None]
    ) -> tuple[Batch, list[tuple[str, ...] | None]]:
        alone = [
            (batch.numbers[at], self._alone(batch.columns[self._join.on][at]))
            for at, row in enumerate(found)
            if row is None
        ]
        kept = [at for at, row in enumerate(found) if row is not None]
        columns = {name: [column[at] for at in kept] for name, column in batch.columns.items()}
        numbers = [batch.numbers[at] for at in kept]
        return Batch(numbers, columns, batch.unreadable + alone), [found[at] for at in kept]

    def _alone(self, key: str) -> Reason:
        return Reason(
            self._join.on, "not_in_joined_table", f"{self._file} has no readable row with {self._join.key} {key[:80]!r}"
        )

    def _keep(self, batch: Batch) -> None:
        rows = zip(*(batch.columns[column] for column in self._columns), strict=True)
        for number, key, row in zip(batch.numbers, batch.columns[self._join.key], rows, strict=True):
            if self._rows.setdefault(key.strip(), row) != row:
                raise Unreadable(
                    f"{self._file}, row {number}: {self._join.key} {key[:80]!r} stands there again, with other content."
                )


def _columns_of(join: Join, mapping: Mapping) -> list[str]:
    """The columns of a joined table that any field, or any other join, asks for."""
    asked = [column for columns in mapping.columns.values() for column in columns]
    asked += [other.on for other in mapping.joins] + list(mapping.leave_out)
    start = f"{join.name}."
    return list(dict.fromkeys(column.removeprefix(start) for column in asked if column.startswith(start)))


def _main_file(path: Path, mapping: Mapping) -> Path:
    if path.is_dir():
        main = _first_there(path, mapping.files)
        if main is None:
            wanted = " or ".join(mapping.files) or "a single file: name it"
            raise Unreadable(f"{path} is a folder; the mapping {mapping.name} expects {wanted}.")
        return main
    if not path.is_file():
        raise Unreadable(f"There is no file {path}.")
    if mapping.joins and mapping.files and path.name not in mapping.files:
        # Any of the tables may be named: the main one stands beside it.
        beside = _first_there(path.parent, mapping.files)
        if beside is not None and any(path.name in join.files for join in mapping.joins):
            return beside
    return path


def _first_there(folder: Path, names: tuple[str, ...]) -> Path | None:
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _open(path: Path, mapping: Mapping) -> Table:
    suffix = path.suffix.lower()
    if suffix in TEXT_SUFFIXES:
        return CsvTable(path, separator=mapping.separator, quoted=mapping.quoted, encoding=mapping.encoding)
    if suffix in JSON_SUFFIXES:
        return JsonLinesTable(path, encoding=mapping.encoding)
    if suffix in PARQUET_SUFFIXES:
        return ParquetTable(path)
    known = ", ".join(TEXT_SUFFIXES + JSON_SUFFIXES + PARQUET_SUFFIXES)
    raise Unreadable(f"{path.name} is of no kind that can be imported: its name should end in {known}.")


def _check_columns(table: Table, mapping: Mapping) -> None:
    lacking = sorted(mapping.main_columns() - set(table.columns))
    if lacking:
        raise Unreadable(_lacking(table.path.name, lacking, table.columns) + f" (mapping {mapping.name})")


def _lacking(name: str, lacking: list[str], having: list[str]) -> str:
    shown = ", ".join(having[:30]) + (", ..." if len(having) > 30 else "")
    return f"{name} has no column {', '.join(lacking)}; its columns are {shown}"[:1000]
