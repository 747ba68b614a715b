"""The dated facts that a standing rests on, each with where it comes from and a key by which it can be disputed.

A fact is what happened, not a judgement: whether it counts, and for how long, is the policy's business (counting.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

FactKind = Literal[
    "tender_answered",
    "tender_unanswered",
    "rejection_unfounded",
    "proof_in_time",
    "proof_late",
    "proof_missing",
    "insurance_asked",
    "insurance_in_force",
    "insurance_missing",
    "policy_violation",
    "good_standing_lost",
    "good_standing_regained",
    "account_closed",
    "insolvent",
]
Source = Literal["claim", "marketplace", "coverage", "account"]
# stands: nobody disputes it. disputed: a person has not decided yet, or a contest of the claim runs.
# struck: a person found it wrong, and it does not count.
State = Literal["stands", "disputed", "struck"]


@dataclass(frozen=True, slots=True)
class StandingFact:
    """One dated fact about a seller.

    `key` names it for good ("tender_unanswered:MW-7Q2KD-0M4XA:1"). `on` is its day in the marketplace's zone, `at` its
    instant where there is one. `code`: what the marketplace calls a violation. `found_to_stand`: a person decided an
    earlier dispute of it.
    """

    key: str
    kind: FactKind
    on: date
    source: Source
    at: datetime | None = None
    claim: str = ""  # the reference of the claim it comes from
    code: str = ""
    state: State = "stands"
    found_to_stand: bool = False

    @property
    def can_be_disputed(self) -> bool:
        """What speaks for the seller needs no dispute; what waits for a person or was struck has had one."""
        return self.kind in AGAINST and self.state == "stands"


AGAINST: frozenset[FactKind] = frozenset(
    {
        "tender_unanswered",
        "rejection_unfounded",
        "proof_late",
        "proof_missing",
        "insurance_missing",
        "policy_violation",
        "good_standing_lost",
        "account_closed",
        "insolvent",
    }
)


@dataclass(frozen=True, slots=True)
class Cover:
    """A policy of the seller's, in force on the days [starts_on, ends_on)."""

    number: str
    starts_on: date
    ends_on: date


def insurance_fact(
    covers: Iterable[Cover], *, asked_on: date | None, within_days: int, today: date
) -> StandingFact | None:
    """What the seller's cover of today says: in force; or asked for, and the days run or are over; or nothing.

    It is missing from the first day without cover after its days were over. Day `within_days` after the request is
    still in time.
    """
    covers = list(covers)
    in_force = [cover for cover in covers if cover.starts_on <= today < cover.ends_on]
    if in_force:
        # The one that lasts longest; of equals the one whose number comes first.
        best = min(in_force, key=lambda cover: (-cover.ends_on.toordinal(), cover.number))
        return StandingFact(f"insurance_in_force:{best.number}", "insurance_in_force", best.starts_on, "coverage")
    if asked_on is None:
        return None
    last_day = asked_on + timedelta(days=within_days)
    if today <= last_day:
        return StandingFact(f"insurance_asked:{asked_on}", "insurance_asked", asked_on, "account")
    ended = [cover.ends_on for cover in covers if cover.ends_on <= today]
    since = max([last_day + timedelta(days=1), *ended])
    return StandingFact(f"insurance_missing:{since}", "insurance_missing", since, "coverage")
