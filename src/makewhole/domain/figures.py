"""What one claim adds to the figures of the programme: how many, how soon, at whose cost. Start at figures_of().

Pure: from a claim's log to sums by day, name and what they are of. The figures of everything are the sum over all
claims, and what one more event changes is the difference of two such answers; nothing else is ever counted.
docs/guides/figures.md says what each name means.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from makewhole.domain.claim.events import ClaimDecided, Recorded
from makewhole.domain.claim.state import Claim, Closed, evolve
from makewhole.domain.recovery.events import Debtor

# Clocks that are promises of ours, and those by which somebody else was to answer. Reminders, letters, and times in
# which somebody may do something (appeal, contest) are neither: letting them pass breaks nothing.
OUR_CLOCKS = ("decision", "pay", "whole_claim", "safety_review", "step_in", "contest_decision")
THEIR_CLOCKS = (
    "claimant_answers", "seller_answers", "producer_answers", "seller_handles", "seller_pays", "insurer_answers",
    "seller_proof_of_insurance",
)  # fmt: skip
BEARERS = ("platform", "seller", "insurer", "producer", "asked")
DEBTORS: tuple[Debtor, ...] = ("seller", "insurer", "producer")
HOUR = timedelta(hours=1)

Went = Literal["approved", "reduced", "refused"]


@dataclass(frozen=True, slots=True)
class Key:
    """On which day (of the marketplace), what is counted, of what; `value`: hours, where times are counted."""

    day: date
    name: str
    of: str = ""
    value: int = 0


@dataclass(frozen=True, slots=True)
class Sum:
    number: int = 0
    amount_minor: int = 0

    def __sub__(self, other: Sum) -> Sum:
        return Sum(self.number - other.number, self.amount_minor - other.amount_minor)


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as lists of decisions need it. `otherwise`: people decided another sum than the papers support."""

    version: int
    at: datetime
    went: Went
    approved_minor: int
    refused_minor: int
    deciders: tuple[str, ...]
    clauses: tuple[str, ...]
    reasons: tuple[str, ...]
    otherwise: bool

    @property
    def by_machine(self) -> bool:
        return self.deciders[0].startswith("machine:")

    @property
    def marks(self) -> tuple[str, ...]:
        """By what lists find it; "" finds each. What most have (a machine, an approval) finds nothing faster."""
        people = [who for who in self.deciders if who.startswith("person:")]
        traits = [
            f"went:{self.went}" if self.went != "approved" else "",
            "otherwise" if self.otherwise else "",
            "people" if people else "",
        ]
        return tuple(dict.fromkeys(["", *people, *self.clauses, *filter(None, traits)]))


@dataclass(slots=True)
class Figured:
    """All that one claim adds, up to an event."""

    claim: Claim
    sums: dict[Key, Sum]
    decisions: list[Decision]


def figures_of(claim_id: UUID, history: Sequence[Recorded], zone: str) -> Figured:
    """What a claim adds to the figures, by its log so far; days are those of the marketplace's zone."""
    here, counted, decisions = ZoneInfo(zone), _Counted(), list[Decision]()
    claim: Claim | None = None
    money_at: datetime | None = None
    for recorded in history:
        before, claim = claim, evolve(claim, recorded, claim_id)
        day = recorded.at.astimezone(here).date()
        if before is None:
            counted.add(Key(day, "filed"))
        else:
            _opened_or_closed(counted, day, before, claim)
            if isinstance(recorded.event, ClaimDecided):
                decisions.append(_decision(recorded.event, recorded.at, before, claim))
        if money_at is None and _reached_minor(claim):
            money_at = recorded.at
    assert claim is not None, f"claim {claim_id} has no events"
    _decided(counted, decisions, here)
    _clocks(counted, claim, here)
    if money_at is not None:
        _money(counted, claim, money_at, here)
    return Figured(claim, counted.sums(), decisions)


def our_share(claim: Claim) -> dict[str, int]:
    """Who bears what the claimant has, as it stands: paid by each, and what is still asked of somebody."""
    borne: dict[str, int] = {
        debtor: sum(recovery.settled_minor(debtor) for recovery in claim.recoveries) for debtor in DEBTORS
    }
    asked = sum(recovery.outstanding_minor(debtor) for recovery in claim.recoveries for debtor in DEBTORS)
    platform = claim.paid_minor - sum(borne.values()) - asked
    borne["seller"] += claim.settled_minor  # paid by it to the claimant, past us
    return {"platform": platform, **borne, "asked": asked}


def whole_hours(waited: timedelta) -> int:
    """Whole hours that passed; from two days on, the hours of the whole days that passed."""
    hours = waited // HOUR
    return hours if hours < 48 else hours // 24 * 24


class _Counted:
    def __init__(self) -> None:
        self._numbers: dict[Key, int] = defaultdict(int)
        self._amounts: dict[Key, int] = defaultdict(int)

    def add(self, key: Key, number: int = 1, amount_minor: int = 0) -> None:
        self._numbers[key] += number
        self._amounts[key] += amount_minor

    def sums(self) -> dict[Key, Sum]:
        return {key: Sum(number, self._amounts[key]) for key, number in self._numbers.items()}


def _opened_or_closed(counted: _Counted, day: date, before: Claim, after: Claim) -> None:
    was, now = isinstance(before.stage, Closed), after.stage
    if isinstance(now, Closed) and not was:
        counted.add(Key(day, "closed", now.outcome))
    elif was and not isinstance(now, Closed):
        counted.add(Key(day, "reopened"))


def _decision(event: ClaimDecided, at: datetime, before: Claim, after: Claim) -> Decision:
    approved = sum(line.approved_minor for line in event.lines)
    refused = sum(line.refused_minor for line in event.lines)
    expected = {exposure.no: exposure.expected_minor for exposure in before.exposures}
    otherwise = any(line.approved_minor != expected[line.no] for line in event.lines)
    cited = [clause.clause for clause in event.clauses]
    cited += [line.reason.clause for line in event.lines if line.reason and line.refused_minor]
    return Decision(
        version=after.version,
        at=at,
        went="approved" if not refused else "reduced" if approved else "refused",
        approved_minor=approved,
        refused_minor=refused,
        deciders=event.deciders,
        clauses=tuple(dict.fromkeys(clause for clause in cited if clause)),
        reasons=tuple(dict.fromkeys(line.reason.code for line in event.lines if line.reason)),
        otherwise=otherwise and event.deciders[0].startswith("person:"),
    )


def _decided(counted: _Counted, decisions: list[Decision], here: ZoneInfo) -> None:
    for number, decision in enumerate(decisions):
        day = decision.at.astimezone(here).date()
        if number == 0:
            counted.add(Key(day, "decided", decision.went))
        for clause in decision.clauses:
            counted.add(Key(day, f"cited_{decision.went}", clause))


def _clocks(counted: _Counted, claim: Claim, here: ZoneInfo) -> None:
    """A clock is kept where what it waited for came before its instant: a time is half-open, [start, end)."""
    for clock in claim.clocks:
        if clock.ended_at is not None and clock.name in (*OUR_CLOCKS, *THEIR_CLOCKS):
            name = "clock_kept" if clock.ended_at < clock.due_at else "clock_missed"
            counted.add(Key(clock.ended_at.astimezone(here).date(), name, clock.name))


def _reached_minor(claim: Claim) -> int:
    """What has reached the claimant, from whomever."""
    return claim.paid_minor + claim.settled_minor


def _money(counted: _Counted, claim: Claim, money_at: datetime, here: ZoneInfo) -> None:
    """Dated by the first money that reached the claimant, so that a month's money can be followed to its bearers."""
    day = money_at.astimezone(here).date()
    counted.add(Key(day, "hours_to_money", claim.track or "", whole_hours(money_at - claim.filed_at)))
    for bearer, amount_minor in our_share(claim).items():
        if amount_minor:
            counted.add(Key(day, "borne", bearer), amount_minor=amount_minor)
