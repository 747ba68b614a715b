"""What every statement on a claim shares: whose claim it is, its sums, clocks, clauses and files. See statements.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from makewhole.domain.claim import clocks, in_words
from makewhole.domain.claim import events as ev
from makewhole.domain.claim.events import EvidenceItem, Fact, Recorded, Sealed
from makewhole.domain.claim.state import Claim
from makewhole.domain.money import Money
from makewhole.domain.statement import (
    AmountLine,
    CitedClause,
    CitedEvidence,
    Contest,
    Decided,
    Ours,
    Party,
    Said,
    StatementOfReasons,
    by_machine,
    by_people,
    say,
    sentence,
)

E = TypeVar("E")
_SIDES = {
    "seller": Ours(sentence("the seller")),
    "insurer": Ours(sentence("the insurer")),
    "producer": Ours(sentence("the producer")),
    "person": Ours(sentence("us")),
    "machine": Ours(sentence("us")),
}
_CLAIMANT = Ours(sentence("the claimant"))
_MONEY = frozenset({"amount", "incident_allowed"})  # facts of the policy's tables that are amounts, in minor units


@dataclass(frozen=True, slots=True)
class Cover:
    """A coverage on file, in force from `starts_on` until before `ends_on`."""

    insurer: str
    policy_number: str
    starts_on: date
    ends_on: date


def _no_sentence(clause: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Known:
    """What a statement says and the log does not hold.

    `words`: what was said under seal, opened, and only what the reader may read. `says`: the sentence of a clause.
    `names_of_deciders`: whether the reader may know which of us it was.
    """

    issuer: str
    marketplace: str
    zone: str
    product: str
    order_ref: str
    to_name: str = ""
    words: Mapping[UUID, str] = field(default_factory=dict)
    covers: Mapping[int, Cover] = field(default_factory=dict)
    payouts: Mapping[int, str] = field(default_factory=dict)  # disbursement id to the marketplace's own number of it
    says: Callable[[str], str] = _no_sentence
    names_of_deciders: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """One event on its way into a statement."""

    recorded: Recorded
    before: Claim
    after: Claim
    to: Party
    past: Sequence[Recorded]
    known: Known

    def statement(
        self,
        kind: str,
        title: Said,
        *,
        facts: Iterable[Said],
        amounts: Iterable[AmountLine],
        policy_version: str,
        clauses: Iterable[tuple[str, str]],
        evidence: Iterable[CitedEvidence],
        decided: Decided,
        then: Iterable[Said],
        contest: Contest,
        others_see: Iterable[Said],
        wrote: Iterable[Sealed | None] = (),
    ) -> StatementOfReasons:
        """The statement, with what is the same for all of a claim. A clause is cited once, with its sentence."""
        cited: dict[str, str] = {}
        for clause, because in clauses:
            cited[clause] = cited.get(clause) or because or self.known.says(clause)
        return StatementOfReasons(
            kind=kind,
            reference=self.before.filed.reference,
            issued_at=self.recorded.at,
            issuer=self.known.issuer,
            marketplace=self.known.marketplace,
            zone=self.known.zone,
            to=self.to,
            to_name=self.known.to_name,
            title=title,
            about=(
                ("Claim", self.before.filed.reference),
                ("Product", self.known.product),
                ("Order", self.known.order_ref),
            ),
            facts=tuple(facts),
            amounts=tuple(amounts),
            policy_version=policy_version,
            clauses=tuple(CitedClause(clause, says) for clause, says in cited.items()),
            evidence=tuple(evidence),
            decided=decided,
            then=tuple(then),
            contest=contest,
            others_see=tuple(others_see),
            wrote=tuple(
                dict.fromkeys(
                    self.known.words[each.item_id] for each in wrote if each and each.item_id in self.known.words
                )
            ),
        )

    # Parts of it

    def money(self, minor: int) -> Money:
        return Money(minor, self.before.currency)

    def part(self, no: int) -> Ours:
        """What a part of the claim is for, in words."""
        exposure = self.before.exposure(no)
        return in_words.said(in_words.HEADS, exposure.head) if exposure else Ours(sentence("the whole claim"))

    def until(self, *names: str) -> datetime | None:
        """When the newest running clock of that name ends; of the next name, where there is none."""
        for name in names:
            found = [
                clock
                for clock in self.after.clocks
                if (clock.name == name or clock.name.startswith(f"{name}.")) and not clocks.is_reminder(clock.name)
            ]
            if running := [clock for clock in found if clock.held]:
                return running[-1].due_at
        return None

    def last(self, kind: type[E]) -> E | None:
        """The newest event of that kind before this one."""
        return next((each.event for each in reversed(self.past) if isinstance(each.event, kind)), None)

    def claimed(self) -> tuple[Said, ...]:
        claim, known = self.before, self.known
        mine = sentence("You claimed {claimed} for damage by {product}, which happened on {day}. The order is {order}.")
        other = sentence(
            "A customer claimed {claimed} for damage by {product}, which happened on {day}. The order is {order}."
        )
        return (
            say(
                mine if self.to == "claimant" else other,
                claimed=self.money(claim.claimed_minor),
                product=known.product,
                day=claim.filed.loss_date,
                order=known.order_ref,
            ),
        )

    def facts(self, told: Iterable[Fact]) -> list[Said]:
        """The facts that a table of the policy was told, in sentences."""
        return [fact for each in told if (fact := self._fact(each)) is not None]

    def _fact(self, fact: Fact) -> Said | None:
        value = fact.value.lower()
        if fact.name in in_words.FACTS and value in ("true", "false"):
            text = in_words.FACTS[fact.name][value == "false"]
            return say(self._addressed(text)) if text else None
        if fact.name in in_words.ONE_OF:
            return say(self._addressed(in_words.ONE_OF[fact.name].get(fact.value, in_words.sentence(fact.value))))
        name = in_words.sentence(fact.name.replace("_", " "))[:-1]
        if fact.name in _MONEY and fact.value.lstrip("-").isdigit():
            return say("{name}: {amount}.", name=name, amount=self.money(int(fact.value)))
        return say("{name}: {value}.", name=name, value=fact.value.replace("_", " "))

    def _addressed(self, words: str) -> str:
        return in_words.to_the_seller(words) if self.to == "seller" else words

    def evidence(self, named: Iterable[UUID] = ()) -> list[CitedEvidence]:
        """The files that a reason names; where it names none, all that were on file then."""
        wanted = set(named)
        sent_by = {item.evidence_id: (item, by) for item, by in self._files()}
        current = {item.evidence_id for item in self.before.current_evidence}
        return [
            CitedEvidence(item.evidence_id, item.kind, item.sha256, self._of(item), by)
            for evidence_id, (item, by) in sent_by.items()
            if evidence_id in (wanted or current)
        ]

    def _files(self) -> Iterable[tuple[EvidenceItem, str]]:
        for recorded in self.past:
            side = _SIDES.get(recorded.by.partition(":")[0], _CLAIMANT)
            if isinstance(recorded.event, ev.ClaimFiled | ev.ProofAdded | ev.ConcernAnswered | ev.AppealFiled):
                side = _CLAIMANT  # whoever of us typed it in
            for item in getattr(recorded.event, "evidence", ()):
                yield item, side

    def _of(self, item: EvidenceItem) -> str:
        return self.part(item.exposure_no) if item.exposure_no else ""

    def decided(self, by_a_machine: str, *, prepared: bool = False) -> Decided:
        """By whoever recorded it: a person, or a machine in these words."""
        by = self.recorded.by
        if by.startswith("person:"):
            return by_people(1, prepared=prepared, by=self.names((by,)))
        return by_machine(by_a_machine)

    def names(self, deciders: Iterable[str]) -> tuple[str, ...]:
        return tuple(deciders) if self.known.names_of_deciders else ()

    def clauses_of_tender(self) -> list[tuple[str, str]]:
        """What the claim stands on where the event names no clause itself: how it was routed."""
        assessed = self.last(ev.ClaimAssessed)
        if assessed is None:
            return [(self.after.policy_version, "")]
        return [(assessed.clause.clause, assessed.clause.because)]
