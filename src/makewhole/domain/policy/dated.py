"""Entries that hold from a day on: which one is in force, and whether they follow each other without gap or overlap."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Literal, TypeVar, get_args

# The date of a claim that picks the entry: of the loss, of first notice, or of the act itself.
SelectedBy = Literal["incident", "notice", "decision"]
SELECTORS: tuple[SelectedBy, ...] = get_args(SelectedBy)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """What holds in [from_day, until). No `until` means until the next entry begins, or still running."""

    what: T
    from_day: date
    until: date | None
    selected_by: SelectedBy
    source: str
    checked: date


class Dated(Generic[T]):
    """All entries under one name, in order of their days."""

    __slots__ = ("_starts", "entries", "name", "selected_by")

    def __init__(self, name: str, entries: Sequence[Entry[T]]) -> None:
        assert entries, f"{name} has no entries"
        self.name = name
        self.entries = tuple(sorted(entries, key=lambda entry: entry.from_day))
        self.selected_by = self.entries[0].selected_by
        self._starts = [entry.from_day for entry in self.entries]

    def on(self, day: date) -> Entry[T] | None:
        """What is in force on that day; None before the first entry and after an end."""
        at = bisect_right(self._starts, day) - 1
        if at < 0:
            return None
        entry = self.entries[at]
        return entry if entry.until is None or day < entry.until else None

    @property
    def begins(self) -> date:
        return self._starts[0]

    def faults(self) -> list[str]:
        """Gaps, overlaps, periods without a day, an end after which nothing holds, and mixed selectors."""
        told = [
            f"the entry from {entry.from_day} ends on {entry.until}, before it began"
            for entry in self.entries
            if entry.until is not None and entry.until <= entry.from_day
        ]
        for entry, following in zip(self.entries, self.entries[1:], strict=False):
            if entry.from_day == following.from_day:
                told.append(f"overlap: two entries begin on {entry.from_day}")
            elif entry.until is not None and entry.until < following.from_day:
                told.append(f"gap: nothing is in force from {entry.until} until {following.from_day}")
            elif entry.until is not None and entry.until > following.from_day:
                told.append(f"overlap: two entries are in force from {following.from_day} until {entry.until}")
        if self.entries[-1].until is not None:
            told.append(f"gap: nothing is in force from {self.entries[-1].until} on")
        if len({entry.selected_by for entry in self.entries}) > 1:
            told.append("the entries are selected by different dates: one name, one selected_by")
        return told
