"""The shapes of a policy: what a document has become once it is read and found good."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from makewhole.domain.calendar import ClockRule
from makewhole.domain.policy.compiling import FirstRow
from makewhole.domain.policy.dated import Dated
from makewhole.domain.policy.expression import Expression
from makewhole.domain.policy.kinds import FactType, Figure, ValueKind
from makewhole.domain.policy.sentences import Sentence


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """A figure with its kind. Money is in minor units of the document's currency."""

    kind: ValueKind
    figure: Figure


@dataclass(frozen=True, slots=True)
class PolicyClock:
    """How a clock runs, and how many days before its end reminders go out."""

    rule: ClockRule
    reminders: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TableRow:
    id: str
    when: str
    condition: Expression
    outcome: str
    because: Sentence


@dataclass(frozen=True, slots=True)
class Table:
    """One version of a decision table: the first row that holds decides; the last one always holds.

    `facts` are those its rows ask for; `values` the policy values that they name.
    """

    facts: tuple[str, ...]
    outcomes: tuple[str, ...]
    rows: tuple[TableRow, ...]
    values: tuple[str, ...]
    first_row: FirstRow = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class PolicyDocument:
    """A whole policy, checked. `digest` identifies the text: same digest, same rules."""

    name: str
    title: str
    country: str
    currency: str
    zone: str
    digest: str
    text: str = field(repr=False)
    facts: Mapping[str, FactType] = field(repr=False)
    values: Mapping[str, Dated[PolicyValue]] = field(repr=False)
    clocks: Mapping[str, Dated[PolicyClock]] = field(repr=False)
    tables: Mapping[str, Dated[Table]] = field(repr=False)

    @property
    def begins(self) -> date:
        """The first day on which everything in it is in force: no claim is decided by a day before."""
        values = (series.begins for series in self.values.values())
        clocks = (series.begins for series in self.clocks.values())
        tables = (series.begins for series in self.tables.values())
        return max([*values, *clocks, *tables])


def canonical(text: str) -> str:
    """The text as stored and hashed: no byte-order mark, plain line ends, one newline at the end. A file
    that only passed through another editor or Git setting stays the same policy."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").rstrip("\n")
    return plain + "\n"


def digest_of(text: str) -> str:
    """SHA-256 of the canonical text, in hex."""
    return hashlib.sha256(canonical(text).encode()).hexdigest()
