"""What is known while the events of a file are gone through: the claim so far, the rules of its days, its clauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from makewhole.domain.calendar import Calendar
from makewhole.domain.claim.events import Clause, Recorded
from makewhole.domain.claim.state import Claim
from makewhole.domain.policy.rules import PolicyDates, Row, Rules, rules_on
from makewhole.domain.policy.shapes import PolicyDocument
from makewhole.proof.findings import Check, Checks, held

BETWEEN = " · "  # as Rules.clause writes it
EITHER = (True, False)


class Unknown(Exception):
    """The file does not have what is asked for."""


@dataclass(frozen=True, slots=True)
class Known:
    """A policy version of the file whose text is the one that it says."""

    document: PolicyDocument
    published_at: datetime


class Walk:
    """`events` by version, None where one is withheld; `claim` as it stands after the event that is looked at."""

    def __init__(
        self,
        claim_id: UUID,
        events: Mapping[int, Recorded | None],
        policies: Mapping[str, Known],
        calendar: Calendar,
    ) -> None:
        self.claim_id = claim_id
        self.events = events
        self.policies = policies
        self.calendar = calendar
        self.claim: Claim | None = None
        self.total_minor = 0  # of the incident, as last assessed
        self.concerns_shown = False
        self.withheld = False  # an event so far was
        self.cited: set[Clause] = set()  # clauses that were told before

    @property
    def now(self) -> Claim:
        if self.claim is None:
            raise Unknown("the claim is not filed yet")
        return self.claim

    def rules(self, version: str, at: datetime) -> Rules:
        """That version as it is seen from the claim's dates, and the day of the act."""
        known = self.policies.get(version)
        if known is None:
            raise Unknown(f"names the policy {version!r}, which the file does not have")
        filed, notice = self.now.filed, self.calendar.day_of(self.now.filed_at)
        dates = PolicyDates(incident=min(filed.loss_date, notice), notice=notice, decision=self.calendar.day_of(at))
        return rules_on(known.document, dates, version=version)

    def same(self, place: str, clause: Clause, possible: Sequence[Row]) -> Check:
        """Whether a recorded clause is (one of) what the policy gives: the row, its outcome and its sentence."""
        self.cited.add(clause)
        told = (clause.clause, clause.outcome, clause.because)
        holds = any(told == (row.clause, row.outcome, row.because) for row in possible)
        tried = " (possible, with what is not in the file)" if holds and len(possible) > 1 else ""
        return held(holds, place, f"{clause.clause}: {clause.outcome}{tried}",
                    f"says {clause.clause}: {clause.outcome}; the policy gives {either(possible)}")  # fmt: skip

    def cited_before(self, place: str, clause: Clause) -> Checks:
        """A clause whose facts do not stand beside it: an event before it was decided by it, or nobody can tell."""
        if clause in self.cited:
            yield Check("ok", place, f"{clause.clause}, as an event before it")
        else:
            yield self.exists(place, clause.clause, "its facts are not in the log, and it was not asked again")

    def exists(self, place: str, clause: str, says: str) -> Check:
        """What cannot be computed may still cite only a clause that is there."""
        name, _, rule = clause.partition(BETWEEN)
        known = self.policies.get(name)
        if known is None or not rule:
            return Check("note", place, f"{clause!r} is no clause of the policies in this file")
        document, (table, _, row) = known.document, rule.partition(".")
        if row:
            series = document.tables.get(table)
            found = series is not None and any(each.id == row for entry in series.entries for each in entry.what.rows)
        else:
            found = table in document.values or table in document.clocks or table in document.tables
        return Check("note", place, f"{clause}: {says}") if found else Check("failed", place, f"there is no {clause!r}")


def at(version: int, field: str = "") -> str:
    """The place of an event, or of a field of it."""
    return f"event {version}, {field}" if field else f"event {version}"


def table_of(clause: str) -> str:
    return clause.partition(BETWEEN)[2].partition(".")[0]


def either(rows: Sequence[Row]) -> str:
    """The rows that are possible, each once."""
    return " or ".join(dict.fromkeys(f"{row.clause}: {row.outcome}" for row in rows)) or "nothing"
