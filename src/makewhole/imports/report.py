"""What an import did: rows new, changed, unchanged; bad rows with every reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from makewhole.integrations.order_files.rows import Reason


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not loaded: its number in the file (a line; in Parquet and batches counted from 1), and why."""

    row: int
    reasons: tuple[Reason, ...]

    def __str__(self) -> str:
        return f"row {self.row}: " + "; ".join(reason.sentence for reason in self.reasons)


@dataclass(slots=True)
class ImportReport:
    """The outcome of one import. `bad_rows` keeps at most `keep` of them; `on_bad` is given every one."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: int = 0  # the same row again in the same file, with the same content
    left_out: int = 0  # rows that the mapping does not want, such as cancelled orders
    bad: int = 0
    sellers_created: int = 0  # named by order lines, and known by nothing but that
    bad_rows: list[BadRow] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    unused_columns: tuple[str, ...] = ()
    keep: int | None = None
    on_bad: Callable[[BadRow], None] | None = None
    # Given the ids of the rows that stand as told, new ones and known ones, once their batch is in. For what follows
    # from them: a run after one that was cut off brings the ids again.
    on_stored: Callable[[list[int]], None] | None = None

    @property
    def good(self) -> int:
        """Rows that are in the database now as the file tells them."""
        return self.new + self.changed + self.unchanged + self.repeated

    @property
    def rows(self) -> int:
        """Every row that was read."""
        return self.good + self.left_out + self.bad

    def note_bad(self, number: int, reasons: list[Reason]) -> None:
        """A row is bad, for these reasons (all of them)."""
        bad = BadRow(number, tuple(reasons))
        self.bad += 1
        self.reasons.update({reason.code for reason in reasons})
        if self.keep is None or len(self.bad_rows) < self.keep:
            self.bad_rows.append(bad)
        if self.on_bad is not None:
            self.on_bad(bad)
