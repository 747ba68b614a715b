"""What a respondent's claim page shows beside what every claim page shows: the answers on the scales, the clauses in
full, and the evidence by name. Start at context().
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from makewhole.domain.actors import Actor
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.state import AwaitingSeller, Claim
from makewhole.domain.policy.rules import PolicyDates
from makewhole.portals.frame import telling, words
from makewhole.portals.frame.acts import ActForm
from makewhole.portals.seller.answers import Answer
from makewhole.portals.seller.weighing import Weighed, silence
from makewhole.reads.clauses import ClauseTold, clause_told
from makewhole.reads.outlook import Answer as ReadAnswer
from makewhole.reads.outlook import Outlook
from makewhole.reads.views import ClaimView, EvidenceView
from makewhole.store import policies


@dataclass(frozen=True, slots=True)
class Named:
    """A file as the page names it: "Photo 1"."""

    item: EvidenceView
    name: str


@dataclass(frozen=True, slots=True)
class StepWithFiles:
    told: telling.StepTold
    files: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """A row of the policy as published, and what it said of this claim."""

    row: ClauseTold
    because: str


@dataclass(frozen=True, slots=True)
class Followed:
    """What the policy says of one answer: the answer in words, and the row that would hold."""

    answer: str
    cited: Cited


def context(
    view: ClaimView, by: Actor, now: datetime, answers: Sequence[ActForm], steps: Sequence[telling.StepTold]
) -> dict[str, Any]:
    """For of_respondent.html. `steps`: the timeline as this reader is told it."""
    outlook = Outlook(view.claim, view.rules_at(now))
    for each in answers:
        if isinstance(each, Answer):
            each.outlook = outlook
    named = names_of(view.evidence)
    return {
        "named": named,
        "file_count": len(named),
        "steps_with_files": [_with_files(step, named) for step in steps],
        "silence": _silence(outlook, by) if answers else None,
        "clauses": clauses_of(view),
        "follows": _follows(outlook) if answers and by.role == "seller" else (),
        "insurer_reads": by.role == "insurer",
    }


def names_of(evidence: Sequence[EvidenceView]) -> list[Named]:
    """Every file under a name of its own: its kind, and the how-many-eth of that kind it is."""
    found, counted = [], Counter[str]()
    for item in evidence:
        counted[item.kind] += 1
        kind = words.said(item.kind, words.EVIDENCE)
        found.append(Named(item, _("%(kind)s %(number)s") % {"kind": kind, "number": counted[item.kind]}))
    return found


def clauses_of(view: ClaimView) -> tuple[Cited, ...]:
    """The clauses on which what is asked rests, the newest first: their text, as it was published."""
    found: dict[str, Cited] = {}
    for step in reversed(view.timeline):
        event = step.event
        if isinstance(event, tv.ClaimTendered | tv.SteppedIn | tv.BearerDecided) and event.clause.clause not in found:
            told = clause_told(event.clause.clause, _dates(view.claim, view.calendar.day_of(step.at)))
            if told is not None:
                found[told.clause] = Cited(told, event.clause.because)
    return tuple(found.values())


def _dates(claim: Claim, decision: date) -> PolicyDates:
    day_of = policies.calendar_of(claim.filed.marketplace).day_of
    return PolicyDates(claim.filed.loss_date, day_of(claim.filed_at), decision)


def _with_files(step: telling.StepTold, named: list[Named]) -> StepWithFiles:
    sent: set[UUID] = {item.evidence_id for item in getattr(step.step.event, "evidence", ())}
    return StepWithFiles(step, tuple(each for each in named if each.item.evidence_id in sent))


def _silence(outlook: Outlook, by: Actor) -> Weighed | None:
    stage = outlook.claim.stage
    return silence(outlook) if by.role == "seller" and isinstance(stage, AwaitingSeller) else None


def _follows(outlook: Outlook) -> tuple[Followed, ...]:
    """Who bears the cost after each answer, by the policy in force: each row once, with the answers that lead to it."""
    claim = outlook.claim
    if not isinstance(claim.stage, AwaitingSeller) or claim.tender is None:
        return ()
    answers: tuple[tuple[ReadAnswer, str], ...] = (
        ("accepted", _("you accept")), ("rejected", _("you reject")), ("silent", _("no answer comes")),
    )  # fmt: skip
    led: dict[str, list[str]] = {}
    rows: dict[str, Cited] = {}
    for answer, said in answers:
        borne = outlook.of(answer, claim.tender.amount_minor)
        told = clause_told(borne.clause, outlook.rules.dates)
        if told is not None:
            rows[borne.clause] = Cited(told, borne.row.because)
            led.setdefault(borne.clause, []).append(said)
    return tuple(Followed(_(" or ").join(said), rows[clause]) for clause, said in led.items())
