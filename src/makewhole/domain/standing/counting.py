"""A seller's standing, computed: which facts count, what the policy's table says of each subject, the worst of it.

Start at standing(). The table `standing` is asked once for each subject, so that each reason has a clause of its own
and the facts that it rests on. Nothing here restricts anybody: a person does (makewhole/standing.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast

from makewhole.domain.policy.rules import Rules
from makewhole.domain.refusal import Refused
from makewhole.domain.standing.facts import FactKind, StandingFact

Level = Literal["good", "at_risk", "may_be_restricted", "not_assessed"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What the table is asked about: the facts that went wrong, those that were as they should be, and how many days
    back they count (None: it is so today, however long ago it began)."""

    name: str
    wrong: tuple[FactKind, ...]
    kept: tuple[FactKind, ...] = ()
    window: str | None = None


SUBJECTS = (
    Subject("tenders", ("tender_unanswered",), ("tender_answered",), "standing_tenders_window_days"),
    Subject("rejections", ("rejection_unfounded",), (), "standing_rejections_window_days"),
    Subject("proofs_late", ("proof_late",), ("proof_in_time",), "standing_proofs_window_days"),
    Subject("proofs_missing", ("proof_missing",), ("proof_in_time",), "standing_proofs_window_days"),
    Subject("violations", ("policy_violation",), (), "standing_violations_window_days"),
    Subject("insurance", ("insurance_missing",), ("insurance_in_force",)),
    Subject("marketplace", ("good_standing_lost",), ("good_standing_regained",)),
    Subject("account", ("account_closed", "insolvent")),
)
_WINDOW: dict[FactKind, str] = {
    kind: subject.window for subject in SUBJECTS if subject.window for kind in (*subject.wrong, *subject.kept)
}
_WORST_FIRST: tuple[Level, ...] = ("not_assessed", "may_be_restricted", "at_risk", "good")


@dataclass(frozen=True, slots=True)
class StandingReason:
    """Why the level is what it is: the policy's sentence, its clause, and the keys of the facts it counted."""

    subject: str
    level: Level
    clause: str
    because: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """`reasons` are those that speak against the seller, the worst first; none where it is good."""

    level: Level
    on: date
    policy_version: str
    reasons: tuple[StandingReason, ...]
    counted: frozenset[str]

    @property
    def allowing(self) -> tuple[StandingReason, ...]:
        """The reasons that a restriction may rest on."""
        return tuple(reason for reason in self.reasons if reason.level == "may_be_restricted")


def standing(facts: Iterable[StandingFact], rules: Rules, today: date) -> Standing:
    """The standing on that day (of the marketplace's zone) under the rules in force on it.

    Refuses `no_standing_rules` where the published policy does not speak of it.
    """
    refuse_silent(rules)
    counting = [fact for fact in facts if counts(fact, rules, today)]
    reasons = [_asked(subject, counting, rules) for subject in SUBJECTS]
    level = next(level for level in _WORST_FIRST if any(reason.level == level for reason in reasons))
    against = [reason for reason in reasons if reason.level != "good"]
    told = [reason for reason in against if reason.level == level or level != "not_assessed"]
    told.sort(key=lambda reason: _WORST_FIRST.index(reason.level))
    return Standing(level, today, rules.version, tuple(told), frozenset(fact.key for fact in counting))


def refuse_silent(rules: Rules) -> None:
    """A version that was published before the standing had rules says nothing of it."""
    if "standing" not in rules.document.tables:
        raise Refused("no_standing_rules", version=rules.version)


def counts(fact: StandingFact, rules: Rules, today: date) -> bool:
    """Whether a fact counts on that day: it has come, its window is not over, and nothing speaks against it."""
    if fact.state == "struck" or (fact.state == "disputed" and not _counts_while_disputed(fact, rules)):
        return False
    last = counts_until(fact, rules)
    return fact.on <= today and (last is None or today <= last)


def counts_until(fact: StandingFact, rules: Rules) -> date | None:
    """The last day on which it counts; None for what counts as long as it is so."""
    window = _WINDOW.get(fact.kind)
    return fact.on + timedelta(days=rules.days(window)) if window else None


def oldest_day(rules: Rules, today: date) -> date:
    """No fact with a window counts that lies before this day."""
    return today - timedelta(days=max(rules.days(window) for window in _WINDOW.values()))


def _counts_while_disputed(fact: StandingFact, rules: Rules) -> bool:
    # Disputed again after a person found it to stand, it goes on counting: else a dispute a day would clear a record.
    return fact.found_to_stand or rules.yes("standing_disputed_facts_count")


def _asked(subject: Subject, counting: list[StandingFact], rules: Rules) -> StandingReason:
    wrong = [fact for fact in counting if fact.kind in subject.wrong]
    kept = [fact for fact in counting if fact.kind in subject.kept]
    if subject.name == "marketplace":
        wrong = _latest(wrong, kept)
    row = rules.decide("standing", standing_subject=subject.name, standing_faults=len(wrong), standing_kept=len(kept))
    keys = tuple(fact.key for fact in sorted(wrong, key=lambda fact: (fact.on, fact.key)))
    return StandingReason(subject.name, cast(Level, row.outcome), row.clause, row.because, keys)


def _latest(lost: list[StandingFact], regained: list[StandingFact]) -> list[StandingFact]:
    """The marketplace's word is its last one: lost and regained is regained."""
    newest = max([*lost, *regained], key=lambda fact: (fact.on, fact.at is not None, fact.at, fact.key), default=None)
    return [newest] if newest is not None and newest in lost else []
