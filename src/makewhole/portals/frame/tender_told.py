"""What a claim's page shows of a tender and of a recovery, ready for its templates: tender.html and recovery.html.

What each reader sees: the tender and how its amount came about is for everybody who takes part; what is asked back is
for those of whom it is asked, and for staff; never for the claimant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makewhole.domain.actors import Actor
from makewhole.domain.claim import events as ev
from makewhole.domain.claim import in_words
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.events import Clause, Fact
from makewhole.domain.claim.state import Exposure, Tender
from makewhole.domain.recovery import events as rv
from makewhole.domain.recovery.state import Recovery, Withholding
from makewhole.portals.frame import words
from makewhole.portals.frame.owing import insured_part_minor
from makewhole.reads.payouts import Payout, payouts
from makewhole.reads.views import ClaimView, EvidenceView, TimelineStep

# The clock of a recovery that a debtor waits for, or that waits for it.
_WAITS = ("seller_contests", "contest_decision", "instalment")


# The tender -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PartTold:
    """How the amount of one part came about."""

    part: Exposure
    tendered_minor: int
    why: str


@dataclass(frozen=True, slots=True)
class TenderTold:
    tender: Tender
    clause: Clause
    parts: tuple[PartTold, ...]
    insurer: str  # what it said, or that it was asked; "" where there is none
    insured_minor: int  # its part of the amount
    own_minor: int  # the rest
    producer: str
    reasons: tuple[str, ...]  # of a rejection, with what was said and sent with it
    said: str
    files: tuple[EvidenceView, ...]
    offers: tuple[tv.OfferMade, ...]


def tender_of(view: ClaimView, by: Actor) -> TenderTold | None:
    """The last tender with how its amount came about; None before the first, and for those whom it does not concern."""
    tendered = next((step.event for step in reversed(view.timeline) if isinstance(step.event, tv.ClaimTendered)), None)
    claim = view.claim
    rejected = next((step for step in reversed(view.timeline) if isinstance(step.event, tv.TenderRejected)), None)
    if tendered is None or claim.tender is None:
        return None
    insured = insured_part_minor(claim, claim.tender.amount_minor)
    shows_insurer = by.role != "claimant" and claim.insurer is not None
    return TenderTold(
        tender=claim.tender,
        clause=tendered.clause,
        parts=_parts(view),
        insurer=words.said(claim.insurer.answer, words.INSURER_ANSWERS) if shows_insurer and claim.insurer else "",
        insured_minor=insured if shows_insurer else 0,
        own_minor=claim.tender.amount_minor - insured,
        producer=str(view.producer["name"]) if view.producer else "",
        reasons=tuple(words.said(code, words.DISPUTES) for code in claim.tender.reasons),
        said=rejected.words if rejected else "",
        files=_files_of(rejected, view),
        offers=claim.offers,
    )


def _files_of(rejected: TimelineStep | None, view: ClaimView) -> tuple[EvidenceView, ...]:
    sent = {item.evidence_id for item in getattr(rejected.event, "evidence", ())} if rejected else set()
    return tuple(item for item in view.evidence if item.evidence_id in sent)


def _parts(view: ClaimView) -> tuple[PartTold, ...]:
    """Each part as it was assessed: what is shown of it, and by what."""
    assessed = next((step.event for step in reversed(view.timeline) if isinstance(step.event, ev.ClaimAssessed)), None)
    lines = {line.no: line for line in assessed.lines} if assessed else {}
    return tuple(
        PartTold(part, lines[part.no].supported_minor, _shown_by(lines[part.no].basis))
        for part in view.exposures
        if part.no in lines
    )


def _shown_by(basis: str) -> str:
    """What the assessment says of a part: "2 papers", "the price on the order", "not payable"."""
    number, _space, what = basis.partition(" ")
    if basis.startswith("not payable"):
        return _("the guarantee does not pay this kind of loss")
    if number.isdecimal() and what == "papers":
        return ngettext("{number} paper shows it", "{number} papers show it", int(number)).format(number=number)
    return _("the price on the order shows it")


# What is asked back -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DebtTold:
    debtor: str
    owed_minor: int
    settled_minor: int
    written_off_minor: int
    outstanding_minor: int


@dataclass(frozen=True, slots=True)
class WithheldTold:
    ref: str
    pays_on: date | None
    net_minor: int
    one: Withholding


@dataclass(frozen=True, slots=True)
class InstalmentTold:
    due_on: date
    amount_minor: int
    paid: bool


@dataclass(frozen=True, slots=True)
class ContestTold:
    """A contest with both sides beside each other."""

    by: str
    reasons: tuple[str, ...]
    words: str
    at: datetime
    theirs: tuple[EvidenceView, ...]
    ours: tuple[EvidenceView, ...]
    outcome: str
    answer: str  # the reasons of whoever decided
    clause: str


@dataclass(frozen=True, slots=True)
class RecoveryTold:
    recovery: Recovery
    stage: str
    basis: str
    facts: tuple[str, ...]
    debts: tuple[DebtTold, ...]
    withheld: tuple[WithheldTold, ...]
    instalments: tuple[InstalmentTold, ...]
    receipts: tuple[rv.RecoveryReceived, ...]
    contests: tuple[ContestTold, ...]
    waits: str  # what runs
    until: datetime | None
    obstacle: str
    to_repay_minor: int


def recovery_of(view: ClaimView, by: Actor) -> RecoveryTold | None:
    """The last recovery as this reader may see it; None where there is none, or none of the reader's business."""
    recovery = view.claim.recovery
    if recovery is None or by.role in ("claimant", "marketplace"):
        return None
    seller_side = by.role not in ("insurer", "producer")
    clock = next((each for each in view.clocks if each.name in _WAITS and each.state == "running"), None)
    refs = payouts([one.disbursement_id for one in recovery.withholdings])
    return RecoveryTold(
        recovery=recovery,
        stage=_stage(recovery),
        basis=words.said(recovery.opened.basis, words.BASES),
        facts=tuple(fact for fact in map(_fact, recovery.opened.facts) if fact),
        debts=tuple(_debts(recovery, by)),
        withheld=tuple(_withheld(one, refs) for one in recovery.withholdings) if seller_side else (),
        instalments=_instalments(recovery) if seller_side else (),
        receipts=tuple(each for each in recovery.receipts if seller_side or each.debtor == by.role),
        contests=tuple(_contests(view, recovery)),
        waits=clock.name if clock else "",
        until=clock.due_at if clock else None,
        obstacle=words.said(recovery.obstacle, words.WHILE_OBSTACLE) if recovery.obstacle else "",
        to_repay_minor=recovery.repaid_minor - recovery.repayments_made_minor,
    )


def _stage(recovery: Recovery) -> str:
    outcome = getattr(recovery.stage, "outcome", "")
    if outcome:
        return words.said(outcome, words.RECOVERY_OUTCOMES)
    return words.said(type(recovery.stage).__name__.lower(), words.RECOVERY_STAGES)


def _debts(recovery: Recovery, by: Actor) -> list[DebtTold]:
    return [
        DebtTold(
            words.said(debt.debtor, words.DEBTORS) if debt.debtor != by.role else _("You"),
            debt.owed_minor,
            recovery.settled_minor(debt.debtor),
            debt.written_off_minor,
            max(0, recovery.outstanding_minor(debt.debtor)),
        )
        for debt in recovery.debts
        if by.role in ("seller", debt.debtor) or not by.is_respondent
    ]


def _withheld(one: Withholding, refs: dict[int, Payout]) -> WithheldTold:
    payout = refs.get(one.disbursement_id)
    if payout is None:
        return WithheldTold(_("payout {number}").format(number=one.disbursement_id), None, 0, one)
    return WithheldTold(payout.ref, payout.pays_on, payout.net_minor, one)


def _instalments(recovery: Recovery) -> tuple[InstalmentTold, ...]:
    paid = recovery.settled_minor("seller") - recovery.instalments_from_minor
    found = []
    for each in recovery.instalments:
        paid -= each.amount_minor
        found.append(InstalmentTold(each.due_on, each.amount_minor, paid >= 0))
    return tuple(found)


def _contests(view: ClaimView, recovery: Recovery) -> list[ContestTold]:
    """Every contest of this recovery, the newest first."""
    steps = [step for step in view.timeline if getattr(step.event, "no", None) == recovery.no]
    filed = [step for step in steps if isinstance(step.event, rv.RecoveryContested)]
    decided = [step for step in steps if isinstance(step.event, rv.ContestDecided)]
    found = []
    for number, step in enumerate(filed):
        event = cast(rv.RecoveryContested, step.event)
        answer = decided[number] if number < len(decided) else None
        sides = (event.by, "seller")
        found.append(
            ContestTold(
                by=event.by,
                reasons=tuple(words.said(code, words.DISPUTES) for code in event.reasons),
                words=step.words,
                at=step.at,
                theirs=tuple(item for item in view.evidence if item.sent_by in sides),
                ours=tuple(item for item in view.evidence if item.sent_by not in sides),
                outcome=getattr(answer.event, "outcome", "") if answer else "",
                answer=answer.words if answer else "",
                clause=answer.event.reason.clause if answer and isinstance(answer.event, rv.ContestDecided) else "",
            )
        )
    return found[::-1]


def _fact(fact: Fact) -> str:
    """A fact that the policy's table was told, as a sentence; "" where it says nothing."""
    if fact.name in in_words.FACTS:
        when_so, when_not = in_words.FACTS[fact.name]
        told = when_so if fact.value == "true" else when_not
        return _(told)
    return _(in_words.ONE_OF.get(fact.name, {}).get(fact.value, ""))
