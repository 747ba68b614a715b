"""One loop for every import: read a batch, arrange it, check it, drop repeated rows, merge it, count.

Start at `Subject.load_file`. What is particular to orders, sellers and their siblings stands in modules of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import blake2b
from pathlib import Path
from zoneinfo import ZoneInfo

from makewhole.imports.ahead import ahead
from makewhole.imports.checks import Faults
from makewhole.imports.report import ImportReport
from makewhole.imports.runs import recorded
from makewhole.imports.staging import Merged, copy_lines
from makewhole.integrations.order_files.arrange import Arranged, Arranger
from makewhole.integrations.order_files.mapping import Mapping, load_mapping
from makewhole.integrations.order_files.rows import Batch, Progress, Reason, Unreadable, batches_of
from makewhole.integrations.order_files.tables import OpenedFile, open_table
from makewhole.store.models import Marketplace

Fields = dict[str, Sequence[str]]
Checked = dict[str, Sequence[object]]
# Stands for a marketplace where rows belong to none. It has no currency: such rows have no amounts.
EVERYWHERE = Marketplace(code="", zone="UTC")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a check needs to know beside the rows."""

    marketplace: Marketplace
    mapping: Mapping
    zone: ZoneInfo
    now: datetime

    @property
    def today(self) -> date:
        """The day that it is where the rows' times are told."""
        return self.now.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is imported: its key, its checks, and how its good rows are merged.

    `of_marketplace`: whether each row belongs to one; what does not (insurers) is everybody's.
    """

    name: str
    key: tuple[str, ...]
    check: Callable[[Fields, Terms, Faults], Checked]
    merge: Callable[[Terms, Sequence[str], Sequence[str]], Merged]
    of_marketplace: bool = True

    def load_file(
        self,
        path: Path,
        *,
        mapping: Mapping,
        marketplace: str | None = None,
        now: datetime | None = None,
        progress: Progress = lambda done, total: None,
        report: ImportReport | None = None,
    ) -> ImportReport:
        """All of a file. Without `marketplace`, a column of the file names each row's.

        The next batch is read and checked while the database stores this one. Raises Unreadable, with one sentence and
        nothing loaded, where the file or the mapping as a whole is wrong.
        """
        opened = open_table(path, mapping)
        loading = Loading(self, mapping, marketplace=marketplace, report=report or ImportReport(), now=now)
        loading.expect(opened)
        loading.report.unused_columns = opened.unused_columns
        with loading.recorded(opened.path.name):
            for prepared in ahead(map(loading.prepare, opened.batches(progress))):
                loading.store(prepared)
        return loading.report

    def load_rows(
        self,
        marketplace: str | None,
        rows: Iterable[dict[str, object]],
        *,
        mapping: Mapping | None = None,
        now: datetime | None = None,
        report: ImportReport | None = None,
    ) -> ImportReport:
        """Rows as an API call brings them, in Makewhole's own format unless another mapping is given."""
        mapping = mapping or load_mapping("makewhole", subject=self.name)
        loading = Loading(self, mapping, marketplace=marketplace, report=report or ImportReport(), now=now)
        with loading.recorded("API"):
            for batch in batches_of(rows):
                loading.store(loading.prepare(batch))
        return loading.report


@dataclass(frozen=True, slots=True)
class Part:
    """A batch's good rows of one marketplace, as lines for COPY; `numbers` are theirs in the file."""

    terms: Terms
    columns: tuple[str, ...]
    numbers: list[int]
    lines: list[str]


@dataclass(slots=True)
class Prepared:
    """A batch between its checks and the database."""

    parts: list[Part] = field(default_factory=list)
    bad: dict[int, list[Reason]] = field(default_factory=lambda: defaultdict(list))
    left_out: int = 0
    repeated: int = 0


class Loading:
    """One import on its way: what must be remembered between the batches of a file."""

    def __init__(
        self, subject: Subject, mapping: Mapping, *, marketplace: str | None, report: ImportReport, now: datetime | None
    ) -> None:
        self.report = report
        self._subject = subject
        self._mapping = mapping
        self._arranger = Arranger(mapping)
        self._now = now or datetime.now(UTC)
        self._marketplaces = {each.code: each for each in Marketplace.objects.all()}
        self._only = marketplace
        self._seen: dict[bytes, tuple[int, int]] = {}
        if marketplace is not None and marketplace not in self._marketplaces:
            known = ", ".join(sorted(self._marketplaces)) or "none"
            raise Unreadable(f"There is no marketplace {marketplace!r}; known: {known}.")
        if subject.of_marketplace and marketplace is None and "marketplace" not in mapping.fields:
            raise _no_marketplace()

    def recorded(self, source: str) -> AbstractContextManager[None]:
        """Its row among the imports."""
        return recorded(self._subject.name, self._only, source, self.report)

    def expect(self, opened: OpenedFile) -> None:
        """Refuses a file that cannot say which marketplace its rows belong to, where nobody else does."""
        if self._subject.of_marketplace and self._only is None and not opened.gives("marketplace"):
            raise _no_marketplace()

    def prepare(self, batch: Batch) -> Prepared:
        """A batch's good rows, ready to be stored, and its bad ones with every reason. Asks no database, so that it
        can run in a thread; the batches of a file must come in the file's order."""
        arranged = self._arranger.arrange(batch)
        prepared = Prepared(left_out=arranged.left_out)
        for number, reason in arranged.unreadable:
            prepared.bad[number].append(reason)
        for marketplace, part in self._by_marketplace(arranged, prepared.bad):
            self._prepare_part(marketplace, part, prepared)
        return prepared

    def store(self, prepared: Prepared) -> None:
        """Stores the good rows, in a transaction for each marketplace, and reports them and the bad ones."""
        for part in prepared.parts:
            merged = self._subject.merge(part.terms, part.columns, part.lines)
            self.report.new += merged.new
            self.report.changed += merged.changed
            self.report.unchanged += len(part.lines) - len(merged.refused) - merged.new - merged.changed
            self.report.sellers_created += merged.sellers_created
            for place, reasons in merged.refused.items():
                prepared.bad[part.numbers[place]] += reasons
            if self.report.on_stored is not None and merged.ids:
                self.report.on_stored(merged.ids)
        self.report.left_out += prepared.left_out
        self.report.repeated += prepared.repeated
        for number in sorted(prepared.bad):
            self.report.note_bad(number, prepared.bad[number])

    def _prepare_part(self, marketplace: Marketplace, part: Arranged, prepared: Prepared) -> None:
        faults = Faults()
        zone = ZoneInfo(self._mapping.zone or marketplace.zone)
        terms = Terms(marketplace, self._mapping, zone, self._now)
        checked = self._subject.check(part.fields, terms, faults)
        for at, reasons in faults.of_row.items():
            prepared.bad[part.numbers[at]] += reasons
        numbers = part.numbers
        if faults.of_row:
            good = [at for at in range(len(numbers)) if at not in faults.of_row]
            numbers = [numbers[at] for at in good]
            checked = {name: [column[at] for at in good] for name, column in checked.items()}
        kept, lines = self._drop_repeated(marketplace, checked, numbers, prepared)
        if lines:
            prepared.parts.append(Part(terms, tuple(checked), kept, lines))

    def _drop_repeated(
        self, marketplace: Marketplace, checked: Checked, numbers: list[int], prepared: Prepared
    ) -> tuple[list[int], list[str]]:
        """The numbers and lines of rows whose key was not there before. The same key with other content is bad:
        which one would be right?"""
        keys = zip(*(checked[name] for name in self._subject.key), strict=True)
        kept, first = [], []
        for number, key, line in zip(numbers, keys, copy_lines(checked.values()), strict=True):
            # Sixteen bytes for each row, not its texts: a file may have millions.
            digest = blake2b("\0".join((marketplace.code, *map(str, key))).encode(), digest_size=16).digest()
            content = hash(line)
            before = self._seen.setdefault(digest, (number, content))
            if before[0] == number:
                kept.append(number)
                first.append(line)
            elif before[1] == content:
                prepared.repeated += 1
            else:
                prepared.bad[number].append(_repeated(self._subject, before[0], number))
        return kept, first

    def _by_marketplace(self, arranged: Arranged, bad: dict[int, list[Reason]]) -> list[tuple[Marketplace, Arranged]]:
        if not self._subject.of_marketplace:
            return [(EVERYWHERE, arranged)]
        codes = arranged.fields.pop("marketplace", None)
        if codes is None:
            if self._only is None:
                for number in arranged.numbers:
                    bad[number].append(Reason("marketplace", "missing", "marketplace is missing"))
                return []
            return [(self._marketplaces[self._only], arranged)]
        places: dict[str, list[int]] = defaultdict(list)
        for at, code in enumerate(codes):
            places[code.strip() or self._only or ""].append(at)
        parts = []
        for code, there in places.items():
            reason = self._not_ours(code)
            if reason is None:
                parts.append((self._marketplaces[code], _part(arranged, there)))
            else:
                for at in there:
                    bad[arranged.numbers[at]].append(reason)
        return parts

    def _not_ours(self, code: str) -> Reason | None:
        if not code:
            return Reason("marketplace", "missing", "marketplace is missing")
        if code not in self._marketplaces:
            return Reason("marketplace", "unknown_marketplace", f"there is no marketplace {code[:40]!r}")
        if self._only is not None and code != self._only:
            return Reason("marketplace", "other_marketplace", f"the row is of {code}, the import of {self._only}")
        return None


def unknown_seller(seller_ref: str, terms: Terms) -> Reason:
    """Where a row is about a seller, and makes no sense of one that nobody knows."""
    return Reason("seller_ref", "unknown_seller", f"there is no seller {seller_ref!r} in {terms.marketplace.code}")


def _no_marketplace() -> Unreadable:
    return Unreadable("Say which marketplace the rows belong to: --marketplace CODE, or a column marketplace.")


def _part(arranged: Arranged, places: list[int]) -> Arranged:
    if len(places) == len(arranged.numbers):
        return arranged
    return Arranged(
        [arranged.numbers[at] for at in places],
        {name: [column[at] for at in places] for name, column in arranged.fields.items()},
    )


def _repeated(subject: Subject, first: int, again: int) -> Reason:
    key = " and ".join(subject.key)
    return Reason(
        subject.key[-1], "repeated_differently", f"row {again} has the {key} of row {first}, with other content"
    )
