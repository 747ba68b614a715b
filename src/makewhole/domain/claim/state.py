"""What a claim is, given what happened. Read Claim, its stages, then evolve(): one event at a time.

A stage is a type with what that stage surely has. evolve() accepts only events that can happen at that
point: anything else is a fault of ours, and is said as one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, assert_never
from uuid import UUID

from makewhole.domain.claim import events as ev
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.events import ClaimEvent, Recorded
from makewhole.domain.having import having
from makewhole.domain.recovery import events as rv
from makewhole.domain.recovery import state as recovering
from makewhole.domain.recovery.state import Recovery

ClockState = Literal["running", "paused", "stopped", "ran_out"]
PaymentState = Literal["ordered", "settled", "returned"]
# What somebody still has to do when a claim is closed; every other task ends with it.
TASKS_AFTER_CLOSING = frozenset(
    {
        "quality_review", "safety_review", "missed_safety_review", "seller_evidence", "payment_returned",
        "proof_of_insurance", "subrogation_check", "contest", "missed_contest_decision", "repayment", "insurer_asks",
        "instalment_missed",
    }
)  # fmt: skip


# Stages: whose turn it is, and what is waited for -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class AwaitingProof:
    """The claimant was told all that is missing."""

    missing: tuple[ev.MissingProof, ...]


@dataclass(frozen=True, slots=True)
class UnderReview:
    """A person looks and decides what is open."""

    reasons: tuple[str, ...]
    appeal: bool = False


@dataclass(frozen=True, slots=True)
class AwaitingAnswer:
    """The claimant was shown a concern and may add proof."""

    exposures: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AwaitingSecond:
    """One person decided; a second one must agree."""

    proposal: ev.DecisionProposed
    proposed_by: str


@dataclass(frozen=True, slots=True)
class AwaitingRelease:
    release: ev.ReleaseRequested


@dataclass(frozen=True, slots=True)
class Approved:
    """Everything is decided and something is to be paid; a payment order follows."""


@dataclass(frozen=True, slots=True)
class Paying:
    """All is decided and ordered; the bank has it."""


@dataclass(frozen=True, slots=True)
class AwaitingPayee:
    """A payment came back: the claimant names another account."""

    payment_id: UUID


@dataclass(frozen=True, slots=True)
class AwaitingSeller:
    """The claim is tendered; the seller (or the producer that it named) has a time to answer."""

    tender_no: int
    to: tv.TenderedTo


@dataclass(frozen=True, slots=True)
class SellerSettles:
    """The seller settles with the claimant itself, or (`pays`) has accepted and pays it."""

    amount_minor: int
    pays: bool


@dataclass(frozen=True, slots=True)
class AwaitingConfirmation:
    """The seller says that it settled; the claimant says whether that is so."""

    amount_minor: int


@dataclass(frozen=True, slots=True)
class AwaitingOffer:
    """An offer waits for the other side's answer."""

    offer: tv.OfferMade


@dataclass(frozen=True)
class Closed:
    outcome: ev.Outcome
    for_good: bool = False


Stage = (
    AwaitingProof
    | UnderReview
    | AwaitingAnswer
    | AwaitingSecond
    | AwaitingRelease
    | Approved
    | Paying
    | AwaitingPayee
    | AwaitingSeller
    | SellerSettles
    | AwaitingConfirmation
    | AwaitingOffer
    | Closed
)


# Parts -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Exposure:
    """One payable part, in minor units. What is neither approved nor refused nor waived is open."""

    no: int
    head: ev.Head
    claimed_minor: int
    supported_minor: int | None = None
    approved_minor: int = 0
    refused_minor: int = 0
    waived_minor: int = 0  # given up by agreement
    ordered_minor: int = 0
    paid_minor: int = 0
    reserve_minor: int = 0
    refused_by: str = ""
    reason_code: str = ""
    decided_under: str = ""

    @property
    def open_minor(self) -> int:
        return self.claimed_minor - self.approved_minor - self.refused_minor - self.waived_minor

    @property
    def expected_minor(self) -> int:
        """What the rules reserve by themselves: what the papers support of what is still open."""
        supported = self.claimed_minor if self.supported_minor is None else self.supported_minor
        return max(0, min(supported - self.approved_minor, self.open_minor))


@dataclass(frozen=True)
class Payment:
    order: ev.PaymentOrdered
    ordered_at: datetime
    state: PaymentState = "ordered"
    ended_at: datetime | None = None
    bank_ref: str = ""


@dataclass(frozen=True)
class Concern:
    """What the claimant was shown; `heard` once answered, or once the time to answer is over."""

    exposures: tuple[int, ...]
    code: str
    heard: bool = False


@dataclass(frozen=True)
class Clock:
    """`turn` counts the clocks of one name on this claim. `paused_at` while a pause blocks its outcome."""

    name: str
    turn: int
    started_at: datetime
    due_at: datetime
    rule: str
    state: ClockState = "running"
    ended_at: datetime | None = None
    paused_for: timedelta = timedelta()
    extended: bool = False

    @property
    def held(self) -> bool:
        """Not over yet: it runs, or a pause holds it."""
        return self.state in ("running", "paused")


@dataclass(frozen=True)
class Tender:
    """The claim handed over once: to whom, since when, and what came of it (`ended_at` once it is over)."""

    no: int
    to: tv.TenderedTo
    amount_minor: int
    tendered_at: datetime
    producer: ev.Sealed | None = None
    answer: Literal["", "accepted", "handles", "offered", "rejected", "passed_on", "silent"] = ""
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class InsurerTender:
    """The seller's insurer and what it said. `owes`: it may still be asked for its part."""

    told: tv.InsurerNotified
    answer: Literal["", "accepts", "reserves_rights", "asks", "denies", "silent"] = ""
    clause: str = ""
    subrogation: Literal["", "clear", "barred"] = ""

    @property
    def owes(self) -> bool:
        return self.answer not in ("denies", "silent") and self.subrogation != "barred"

    @property
    def to_be_checked(self) -> bool:
        """The anti-subrogation check: before money is asked of an insurer that insures the platform too."""
        return self.told.platform_is_insured and not self.subrogation

    def covered_minor(self, amount_minor: int) -> int:
        """Its part of an amount: above the deductible, within what is left of the limit."""
        return min(max(0, amount_minor - self.told.deductible_minor), self.told.limit_left_minor)


@dataclass(frozen=True)
class AppealHeard:
    """An appeal and what came of it: upheld where all that was refused was then approved."""

    clause: str
    first_decider: str
    refused_minor: int
    filed_at: datetime
    outcome: Literal["", "upheld", "partly", "dismissed"] = ""
    decided_at: datetime | None = None
    decided_by: str = ""


@dataclass(frozen=True)
class Claim:
    """A filed claim. `taken_part`: everybody who had a say in a decision. `barred`: those of them who had it before
    the appeal, and so may not hear it."""

    claim_id: UUID
    filed: ev.ClaimFiled
    filed_by: str
    filed_at: datetime
    stage: Stage
    stage_since: datetime
    exposures: tuple[Exposure, ...]
    evidence: tuple[ev.EvidenceItem, ...]
    payee: ev.Payee
    version: int
    payee_changed_by: str = ""
    superseded: frozenset[UUID] = frozenset()
    proof_complete: bool = False
    person_asked: bool = False  # a person asked for something: a person, not a machine, goes on
    checks: tuple[ev.Check, ...] = ()
    score: int = 0
    track: ev.Track | None = None
    seller_notified: bool = False
    concerns: tuple[Concern, ...] = ()
    payments: tuple[Payment, ...] = ()
    clocks: tuple[Clock, ...] = ()
    paused_at: datetime | None = None
    tasks: frozenset[str] = frozenset()
    assigned_to: str = ""
    taken_part: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()
    release_signed_minor: int = 0
    letters: int = 0
    appeals: int = 0
    machine_decided: bool = False
    policy_version: str = ""
    decided_at: datetime | None = field(default=None)
    tenders: tuple[Tender, ...] = ()
    offers: tuple[tv.OfferMade, ...] = ()
    rejection_answered: bool = False
    stepped_in: tv.StepInWhy | None = None
    settled_minor: int = 0  # paid to the claimant by the seller itself
    no_defect: bool = False
    insurer: InsurerTender | None = None
    proof_asked: bool = False
    proof_late: bool = False  # cover was shown after the time for it
    bearer: tv.Bearer | None = None
    bearer_clause: str = ""
    first_decider: str = ""
    refusing_clause: str = ""  # the last clause by which something was refused
    appeals_heard: tuple[AppealHeard, ...] = ()
    recoveries: tuple[Recovery, ...] = ()

    @property
    def currency(self) -> str:
        return self.filed.currency

    def exposure(self, no: int) -> Exposure | None:
        return next((exposure for exposure in self.exposures if exposure.no == no), None)

    def payment(self, payment_id: UUID) -> Payment | None:
        return next((payment for payment in self.payments if payment.order.payment_id == payment_id), None)

    def running(self, name: str) -> Clock | None:
        return next((clock for clock in self.clocks if clock.name == name and clock.state == "running"), None)

    def held(self, name: str) -> Clock | None:
        """The clock of that name that is not over: running, or paused."""
        return next((clock for clock in self.clocks if clock.name == name and clock.held), None)

    @property
    def tender(self) -> Tender | None:
        """The last tender."""
        return self.tenders[-1] if self.tenders else None

    @property
    def seller_heard(self) -> bool:
        """A tender came to its end: answered, or its time is over."""
        return any(tender.ended_at for tender in self.tenders)

    @property
    def accepted_by(self) -> tv.TenderedTo | None:
        return next((tender.to for tender in self.tenders if tender.answer == "accepted" and tender.ended_at), None)

    @property
    def recovery(self) -> Recovery | None:
        """The last recovery, open or ended."""
        return self.recoveries[-1] if self.recoveries else None

    @property
    def unheard(self) -> tuple[int, ...]:
        """The exposures with a concern that the claimant may still answer."""
        if self.held("claimant_answers") is None:
            return ()
        return tuple(sorted({no for concern in self.concerns if not concern.heard for no in concern.exposures}))

    @property
    def current_evidence(self) -> tuple[ev.EvidenceItem, ...]:
        return tuple(item for item in self.evidence if item.evidence_id not in self.superseded)

    @property
    def claimed_minor(self) -> int:
        return sum(exposure.claimed_minor for exposure in self.exposures)

    @property
    def approved_minor(self) -> int:
        return sum(exposure.approved_minor for exposure in self.exposures)

    @property
    def refused_minor(self) -> int:
        return sum(exposure.refused_minor for exposure in self.exposures)

    @property
    def waived_minor(self) -> int:
        return sum(exposure.waived_minor for exposure in self.exposures)

    @property
    def ordered_minor(self) -> int:
        return sum(exposure.ordered_minor for exposure in self.exposures)

    @property
    def paid_minor(self) -> int:
        return sum(exposure.paid_minor for exposure in self.exposures)

    @property
    def reserve_minor(self) -> int:
        return sum(exposure.reserve_minor for exposure in self.exposures)

    @property
    def open_minor(self) -> int:
        return sum(exposure.open_minor for exposure in self.exposures)

    @property
    def payment_under_way(self) -> bool:
        return any(payment.state == "ordered" for payment in self.payments)

    def whose_turn(self) -> str:
        """The role that must act next; nobody's once closed."""
        match self.stage:
            case AwaitingProof() | AwaitingAnswer() | AwaitingPayee() | AwaitingConfirmation():
                return "claimant"
            case AwaitingSeller(to=to):
                return to
            case SellerSettles():
                return "seller"
            case AwaitingOffer(offer):
                return "claimant" if offer.by == "seller" else "seller"
            case AwaitingRelease(release):
                return "claimant" if release.self_service else "adjuster"
            case UnderReview(appeal=appeal):
                return "reviewer" if appeal else "adjuster"
            case AwaitingSecond():
                return "reviewer"
            case Approved() | Paying():
                return "finance"
            case Closed():
                return ""
            case _:
                assert_never(self.stage)


# How events change it ---------------------------------------------------------------------------------


def fold(claim_id: UUID, history: tuple[Recorded, ...] | list[Recorded]) -> Claim | None:
    """The claim after all that happened; None where nothing did."""
    claim: Claim | None = None
    for recorded in history:
        claim = evolve(claim, recorded, claim_id)
    return claim


def evolve(claim: Claim | None, recorded: Recorded, claim_id: UUID) -> Claim:
    """The claim after one more event. An event that cannot follow is a fault (AssertionError)."""
    if isinstance(recorded.event, ev.ClaimFiled):
        assert claim is None, "a claim is filed once"
        return _filed(recorded.event, recorded, claim_id)
    assert claim is not None, f"{type(recorded.event).__name__} before the claim was filed"
    after = _apply(claim, recorded.event, recorded)
    stage_since = claim.stage_since if after.stage == claim.stage else recorded.at
    return having(after, version=claim.version + 1, stage_since=stage_since)


def _filed(event: ev.ClaimFiled, recorded: Recorded, claim_id: UUID) -> Claim:
    return Claim(
        claim_id=claim_id,
        filed=event,
        filed_by=recorded.by,
        filed_at=recorded.at,
        stage=UnderReview(reasons=("new",)),
        stage_since=recorded.at,
        exposures=tuple(
            Exposure(told.no, told.head, told.claimed_minor, reserve_minor=told.claimed_minor)
            for told in event.exposures
        ),
        evidence=event.evidence,
        payee=event.payee,
        version=1,
        policy_version=event.policy_version,
    )


def _apply(claim: Claim, event: ClaimEvent, recorded: Recorded) -> Claim:
    match event:
        case ev.ClaimFiled():
            raise AssertionError("a claim is filed once")
        case ev.NoticeRepeated(same_content=same):
            return claim if same else having(claim, tasks=claim.tasks | {"repeated_notice"})
        case ev.ProofRequested(missing):
            asked = claim.person_asked or recorded.by.startswith("person:")
            return having(claim, stage=AwaitingProof(missing), proof_complete=False, person_asked=asked)
        case ev.ProofAdded(evidence, answers):
            return having(claim, evidence=claim.evidence + evidence, superseded=claim.superseded | frozenset(answers))
        case ev.ProofCompleted():
            return having(claim, proof_complete=True, stage=UnderReview(("proof_complete",)))
        case ev.ClaimScreened(checks, score, version):
            return having(claim, checks=checks, score=score, policy_version=version)
        case ev.ClaimAssessed(lines=lines, track=track, policy_version=version):
            return _assessed(having(claim, track=track, policy_version=version), lines)
        case ev.ClaimReferred(reasons):
            return having(claim, stage=UnderReview(reasons, appeal=_on_appeal(claim)))
        case ev.SellerNotified(proof_asked=asked):
            return having(claim, seller_notified=True, proof_asked=claim.proof_asked or asked)
        case ev.SellerEvidenceAdded(evidence=evidence):
            tasks = claim.tasks if claim.open_minor else claim.tasks | {"seller_evidence"}
            return having(claim, evidence=claim.evidence + evidence, tasks=tasks)
        case ev.ConcernRaised(exposures, reason, version):
            shown = having(
                claim,
                stage=AwaitingAnswer(exposures),
                concerns=(*claim.concerns, Concern(exposures, reason.code)),
                policy_version=version,
            )
            return _took_part(shown, recorded.by)
        case ev.ConcernAnswered(evidence=evidence):
            heard = having(claim, concerns=_heard(claim), evidence=claim.evidence + evidence)
            if isinstance(claim.stage, AwaitingSecond):
                return heard
            return having(heard, stage=UnderReview(("concern_answered",), appeal=_on_appeal(claim)))
        case ev.DecisionProposed(policy_version=version):
            proposed = having(claim, stage=AwaitingSecond(event, recorded.by), policy_version=version)
            return _took_part(proposed, recorded.by)
        case ev.ProposalReturned(why=why):
            return _took_part(having(claim, stage=_review(claim, why)), recorded.by)
        case ev.ClaimDecided():
            return _decided(claim, event, recorded)
        case ev.QualityReviewAsked():
            return having(claim, tasks=claim.tasks | {"quality_review"})
        case ev.QualityReviewed():
            return having(claim, tasks=claim.tasks - {"quality_review"})
        case ev.ReleaseRequested():
            return having(claim, stage=AwaitingRelease(event))
        case ev.ReleaseSigned():
            assert isinstance(claim.stage, AwaitingRelease)
            return having(claim, stage=Approved(), release_signed_minor=claim.stage.release.amount_minor)
        case ev.PaymentOrdered():
            return _ordered(claim, event, recorded)
        case ev.PaymentSettled(payment_id, bank_ref):
            return _settled(claim, payment_id, bank_ref, recorded.at)
        case ev.PaymentReturned(payment_id, bank_ref):
            return _returned(claim, payment_id, bank_ref, recorded.at)
        case ev.PayeeChanged(payee):
            return having(claim, payee=payee, payee_changed_by=recorded.by)
        case ev.ApprovalVoided(lines, why):
            return _voided(claim, lines, why)
        case ev.ReserveSet(no, reserve_minor):
            return _with_exposure(claim, no, lambda exposure: having(exposure, reserve_minor=reserve_minor))
        case ev.ClaimAssigned(to):
            return having(claim, assigned_to=to)
        case ev.SafetyReviewAsked():
            return having(claim, tasks=claim.tasks | {"safety_review"})
        case ev.SafetyReviewed():
            return having(claim, tasks=claim.tasks - {"safety_review", "missed_safety_review"})
        case ev.TaskFinished(task):
            return having(claim, tasks=claim.tasks - {task})
        case ev.ClaimWithdrawn():
            return _given_up(claim)
        case ev.AppealFiled(evidence=evidence):
            return having(
                _reopened(claim),
                evidence=claim.evidence + evidence,
                appeals=claim.appeals + 1,
                appeals_heard=(
                    *claim.appeals_heard,
                    AppealHeard(claim.refusing_clause, claim.first_decider, claim.refused_minor, recorded.at),
                ),
                barred=claim.taken_part,
                assigned_to="",
                stage=UnderReview(("appeal",), appeal=True),
            )
        case ev.ClaimReopened(why=why):
            return having(_reopened(claim), stage=UnderReview((why,)))
        case ev.ClaimClosed(outcome):
            ends_open = outcome in ("unanswered", "withdrawn", "settled")
            closed = _without_unheard(_given_up(claim) if ends_open else claim)
            return having(closed, stage=Closed(outcome), assigned_to="", tasks=closed.tasks & TASKS_AFTER_CLOSING)
        case ev.ClosedForGood():
            assert isinstance(claim.stage, Closed)
            return having(claim, stage=having(claim.stage, for_good=True))
        case ev.ClocksStarted(clocks):
            return _clocks_started(claim, clocks)
        case ev.ClocksStopped(names):
            return _clocks_ended(claim, frozenset(names), "stopped", recorded.at)
        case ev.ClockRanOut(name=name):
            ended = _clocks_ended(claim, frozenset({name}), "ran_out", recorded.at)
            return _unheard_no_more(ended) if name == "claimant_answers" else ended
        case ev.ClockExtended(name, due_at):
            return _clock_extended(claim, name, due_at)
        case ev.ClocksPaused(names):
            return having(
                claim,
                paused_at=recorded.at,
                clocks=tuple(
                    having(clock, state="paused") if clock.name in names and clock.state == "running" else clock
                    for clock in claim.clocks
                ),
            )
        case ev.ClocksResumed(clocks):
            return _clocks_resumed(claim, clocks)
        case ev.DelayExplained(letter):
            return having(claim, letters=letter)
        case ev.DeadlineMissed(clock):
            return having(claim, tasks=claim.tasks | {f"missed_{clock}"})
        case ev.Reminded():
            return claim
        case rv.RecoveryOpened():
            recovery = recovering.opened(event, recorded.at, recorded.by)
            return having(claim, recoveries=(*claim.recoveries, recovery))
        case (
            rv.RecoveryRaised() | rv.DebtShifted() | rv.FundsWithheld() | rv.FundsReleased() | rv.FundsApplied()
            | rv.RecoveryReceived() | rv.DebtReduced() | rv.RepaymentOrdered() | rv.RepaymentMade()
            | rv.InstalmentsAgreed() | rv.InstalmentMissed() | rv.ObstacleNoted() | rv.RecoveryWrittenOff()
            | rv.RecoveryContested() | rv.ContestDecided() | rv.RecoveryStands() | rv.RecoveryClosed()
        ):  # fmt: skip
            return _recovery_moved(claim, event, recorded)
        case _:
            return _tender_moved(claim, event, recorded)


def _recovery_moved(claim: Claim, event: rv.RecoveryEvent, recorded: Recorded) -> Claim:
    assert claim.recoveries, f"{type(event).__name__} before a recovery was opened"
    # Only a repayment may still be made on an earlier recovery than the last.
    at = event.no - 1 if isinstance(event, rv.RepaymentMade) else len(claim.recoveries) - 1
    after = recovering.evolve(claim.recoveries[at], event, recorded.at, recorded.by)
    moved = having(claim, recoveries=(*claim.recoveries[:at], after, *claim.recoveries[at + 1 :]))
    match event:
        case rv.RecoveryContested(evidence=evidence):
            return having(moved, evidence=claim.evidence + evidence, tasks=claim.tasks | {"contest"})
        case rv.ContestDecided():
            return _took_part(having(moved, tasks=claim.tasks - {"contest", "missed_contest_decision"}), recorded.by)
        case rv.RecoveryClosed():
            return having(moved, tasks=claim.tasks - {"contest", "missed_contest_decision", "instalment_missed"})
        case rv.RepaymentOrdered():
            return having(moved, tasks=claim.tasks | {"repayment"})
        case rv.RepaymentMade() if not any(recovery.repayment_due_minor for recovery in moved.recoveries):
            return having(moved, tasks=claim.tasks - {"repayment"})
        case rv.InstalmentMissed():
            return having(moved, tasks=claim.tasks | {"instalment_missed"})
        case _:
            return moved


def _tender_moved(claim: Claim, event: tv.TenderEvent, recorded: Recorded) -> Claim:
    match event:
        case tv.ClaimTendered(no=no, to=to, amount_minor=amount_minor, producer=producer):
            tender = Tender(no, to, amount_minor, recorded.at, producer)
            return having(claim, tenders=(*claim.tenders, tender), stage=AwaitingSeller(no, to))
        case tv.FilesEnclosed(evidence=evidence):
            return having(claim, evidence=claim.evidence + evidence)
        case tv.TenderAccepted(payer="platform"):
            return having(_answered(claim, "accepted", recorded, ends=True), stage=UnderReview(("tender_accepted",)))
        case tv.TenderAccepted(amount_minor=amount_minor):
            return having(_answered(claim, "accepted", recorded), stage=SellerSettles(amount_minor, pays=True))
        case tv.SellerHandles():
            assert claim.tender is not None
            return having(
                _answered(claim, "handles", recorded), stage=SellerSettles(claim.tender.amount_minor, pays=False)
            )
        case tv.SettlementReported(amount_minor=amount_minor, evidence=evidence):
            return having(claim, stage=AwaitingConfirmation(amount_minor), evidence=claim.evidence + evidence)
        case tv.SettlementConfirmed(amount_minor=amount_minor):
            return having(_tender_over(claim, recorded), settled_minor=claim.settled_minor + amount_minor)
        case tv.SettlementDenied():
            return _took_part(claim, recorded.by)
        case tv.OfferMade():
            answered = _answered(claim, "offered", recorded) if event.by == "seller" else claim
            return having(answered, offers=(*claim.offers, event), stage=AwaitingOffer(event))
        case tv.OfferRefused():
            return claim
        case tv.OfferAccepted(lines=lines):
            return _agreed(claim, lines, recorded)
        case tv.TenderRejected(reasons=reasons, evidence=evidence):
            rejected = _answered(claim, "rejected", recorded, ends=True, reasons=reasons)
            return having(
                rejected,
                evidence=claim.evidence + evidence,
                rejection_answered=False,
                stage=UnderReview(("tender_rejected",)),
            )
        case tv.TenderPassedOn():
            return _answered(claim, "passed_on", recorded, ends=True)
        case tv.TenderUnanswered():
            silent = _answered(claim, "silent", recorded, ends=True)
            return having(silent, stage=UnderReview(("seller_silent",)))
        case tv.TenderReturned(why=why):
            return having(_tender_over(claim, recorded), stage=UnderReview((why,)))
        case tv.RejectionAnswered():
            return _took_part(having(claim, rejection_answered=True), recorded.by)
        case tv.SteppedIn(why=why):
            return having(claim, stepped_in=why)
        case tv.NoDefectFound():
            return _took_part(having(claim, no_defect=True, tasks=claim.tasks - {"seller_evidence"}), recorded.by)
        case tv.InsurerNotified():
            checked_first = {"subrogation_check"} if event.platform_is_insured else set()
            return having(claim, insurer=InsurerTender(event), tasks=claim.tasks | checked_first)
        case tv.InsurerAnswered(answer=answer, clause=clause, evidence=evidence):
            assert claim.insurer is not None
            tasks = claim.tasks | {"insurer_asks"} if answer == "asks" else claim.tasks - {"insurer_asks"}
            answered_by_insurer = having(claim.insurer, answer=answer, clause=clause)
            return having(claim, insurer=answered_by_insurer, evidence=claim.evidence + evidence, tasks=tasks)
        case tv.InsurerSilent():
            assert claim.insurer is not None
            return having(claim, insurer=having(claim.insurer, answer="silent"))
        case tv.SubrogationChecked(clear=clear):
            assert claim.insurer is not None
            checked = having(claim.insurer, subrogation="clear" if clear else "barred")
            return _took_part(having(claim, insurer=checked, tasks=claim.tasks - {"subrogation_check"}), recorded.by)
        case tv.ProofOfInsuranceAsked():
            return having(claim, proof_asked=True)
        case tv.ProofOfInsuranceSent(evidence=evidence, in_time=in_time):
            return having(
                claim,
                evidence=claim.evidence + evidence,
                tasks=claim.tasks | {"proof_of_insurance"},
                proof_late=not in_time,
            )
        case tv.ProofOfInsuranceChecked():
            return _took_part(having(claim, tasks=claim.tasks - {"proof_of_insurance"}), recorded.by)
        case tv.BearerDecided(bearer=bearer, clause=clause):
            return having(claim, bearer=bearer, bearer_clause=clause.clause)
        case _:
            assert_never(event)


def _answered(
    claim: Claim, answer: str, recorded: Recorded, *, ends: bool = False, reasons: tuple[str, ...] = ()
) -> Claim:
    tender = claim.tender
    assert tender is not None and tender.ended_at is None, "no tender waits"
    answered = having(
        tender,
        answer=answer,
        answered_at=tender.answered_at or recorded.at,
        ended_at=recorded.at if ends else None,
        reasons=reasons,
    )
    return having(claim, tenders=(*claim.tenders[:-1], answered))


def _tender_over(claim: Claim, recorded: Recorded) -> Claim:
    tender = claim.tender
    assert tender is not None
    return having(claim, tenders=(*claim.tenders[:-1], having(tender, ended_at=tender.ended_at or recorded.at)))


def _agreed(claim: Claim, lines: tuple[ev.PaidLine, ...], recorded: Recorded) -> Claim:
    """An accepted offer: of each exposure so much is owed, the rest of what was open is waived."""
    agreed = {line.no: line.amount_minor for line in lines}

    def settle(exposure: Exposure) -> Exposure:
        amount = agreed.get(exposure.no, 0)
        settled = having(
            exposure,
            waived_minor=exposure.waived_minor + exposure.open_minor - amount,
            supported_minor=exposure.approved_minor + amount,
        )
        assert settled.open_minor == amount, f"exposure {exposure.no} agreed beyond what is open"
        return _reserved(settled)

    over = _tender_over(_answered(claim, "accepted", recorded), recorded)
    settled = having(over, exposures=tuple(settle(exposure) for exposure in claim.exposures))
    return having(settled, stage=UnderReview(("offer_accepted",)))


def _assessed(claim: Claim, lines: tuple[ev.AssessedLine, ...]) -> Claim:
    supported = {line.no: line.supported_minor for line in lines}
    return having(
        claim,
        exposures=tuple(
            _reserved(having(exposure, supported_minor=supported.get(exposure.no, exposure.supported_minor)))
            for exposure in claim.exposures
        ),
    )


def _reserved(exposure: Exposure) -> Exposure:
    return having(exposure, reserve_minor=exposure.expected_minor)


def _decided(claim: Claim, event: ev.ClaimDecided, recorded: Recorded) -> Claim:
    lines = {line.no: line for line in event.lines}
    by = event.deciders[0]

    def decide(exposure: Exposure) -> Exposure:
        line = lines.get(exposure.no)
        if line is None:
            return exposure
        decided = having(
            exposure,
            approved_minor=exposure.approved_minor + line.approved_minor,
            refused_minor=exposure.refused_minor + line.refused_minor,
            refused_by=by if line.refused_minor else exposure.refused_by,
            reason_code=line.reason.code if line.refused_minor and line.reason else exposure.reason_code,
            decided_under=event.policy_version,
        )
        assert decided.open_minor >= 0, f"exposure {exposure.no} decided beyond what is claimed"
        return _reserved(decided)

    exposures = tuple(decide(exposure) for exposure in claim.exposures)
    after = having(
        claim,
        exposures=exposures,
        taken_part=claim.taken_part | frozenset(event.deciders),
        machine_decided=claim.machine_decided or event.deciders[0].startswith("machine:"),
        policy_version=event.policy_version,
        decided_at=recorded.at,
        first_decider=claim.first_decider or event.deciders[0],
        refusing_clause=next((line.reason.clause for line in event.lines if line.reason), claim.refusing_clause),
    )
    if after.open_minor == 0:
        after = _appeal_heard(after, event.deciders[0], recorded.at)
    if after.open_minor == 0:
        return having(_without_unheard(after), stage=Approved(), tasks=after.tasks - {"missed_decision"})
    return having(after, stage=_review(after, "rest_open"))


def _appeal_heard(claim: Claim, by: str, at: datetime) -> Claim:
    """All is decided again: an appeal that waited for that has its outcome."""
    waiting = claim.appeals_heard[-1] if claim.appeals_heard else None
    if waiting is None or waiting.outcome:
        return claim
    still = claim.refused_minor
    outcome: Literal["upheld", "partly", "dismissed"] = (
        "upheld" if not still else "dismissed" if still >= waiting.refused_minor else "partly"
    )
    heard = having(waiting, outcome=outcome, decided_at=at, decided_by=by)
    return having(claim, appeals_heard=(*claim.appeals_heard[:-1], heard))


def _ordered(claim: Claim, event: ev.PaymentOrdered, recorded: Recorded) -> Claim:
    paid = {line.no: line.amount_minor for line in event.lines}
    exposures = tuple(
        having(exposure, ordered_minor=exposure.ordered_minor + paid.get(exposure.no, 0))
        for exposure in claim.exposures
    )
    assert all(exposure.ordered_minor <= exposure.approved_minor for exposure in exposures), "ordered beyond approval"
    stage: Stage = Paying() if isinstance(claim.stage, Approved | AwaitingPayee | Paying) else claim.stage
    return having(
        claim,
        exposures=exposures,
        stage=stage,
        payments=(*claim.payments, Payment(event, recorded.at)),
        tasks=claim.tasks - {"payment_returned"},
    )


def _settled(claim: Claim, payment_id: UUID, bank_ref: str, at: datetime) -> Claim:
    order = _order(claim, payment_id)
    paid = {line.no: line.amount_minor for line in order.lines}
    return having(
        claim,
        exposures=tuple(
            having(exposure, paid_minor=exposure.paid_minor + paid.get(exposure.no, 0)) for exposure in claim.exposures
        ),
        payments=_ended(claim, payment_id, "settled", bank_ref, at),
        tasks=claim.tasks - {"missed_pay"},
    )


def _returned(claim: Claim, payment_id: UUID, bank_ref: str, at: datetime) -> Claim:
    order = _order(claim, payment_id)
    back = {line.no: line.amount_minor for line in order.lines}
    all_decided = isinstance(claim.stage, Approved | Paying)
    return having(
        claim,
        exposures=tuple(
            having(exposure, ordered_minor=exposure.ordered_minor - back.get(exposure.no, 0))
            for exposure in claim.exposures
        ),
        payments=_ended(claim, payment_id, "returned", bank_ref, at),
        stage=AwaitingPayee(payment_id) if all_decided else claim.stage,
        tasks=claim.tasks if all_decided else claim.tasks | {"payment_returned"},
    )


def _order(claim: Claim, payment_id: UUID) -> ev.PaymentOrdered:
    payment = claim.payment(payment_id)
    assert payment is not None and payment.state == "ordered", f"payment {payment_id} is not under way"
    return payment.order


def _ended(claim: Claim, payment_id: UUID, state: PaymentState, bank_ref: str, at: datetime) -> tuple[Payment, ...]:
    return tuple(
        having(payment, state=state, bank_ref=bank_ref, ended_at=at)
        if payment.order.payment_id == payment_id
        else payment
        for payment in claim.payments
    )


def _voided(claim: Claim, lines: tuple[ev.PaidLine, ...], why: str) -> Claim:
    back = {line.no: line.amount_minor for line in lines}
    exposures = tuple(
        _reserved(having(exposure, approved_minor=exposure.approved_minor - back.get(exposure.no, 0)))
        for exposure in claim.exposures
    )
    assert all(exposure.ordered_minor <= exposure.approved_minor for exposure in exposures), "voided what was ordered"
    stage = claim.stage if isinstance(claim.stage, AwaitingProof) else _review(claim, why)
    return having(claim, exposures=exposures, stage=stage)


def _review(claim: Claim, why: str) -> Stage:
    """Back to a person; but a claimant who was shown a concern keeps the whole time to answer it."""
    return AwaitingAnswer(claim.unheard) if claim.unheard else UnderReview((why,), appeal=_on_appeal(claim))


def _took_part(claim: Claim, by: str) -> Claim:
    return having(claim, taken_part=claim.taken_part | {by}) if by.startswith("person:") else claim


def _given_up(claim: Claim) -> Claim:
    """Nothing more is expected to be paid."""
    return having(claim, exposures=tuple(having(exposure, reserve_minor=0) for exposure in claim.exposures))


def _reopened(claim: Claim) -> Claim:
    """What was refused is open again, and reserved; what was approved and paid stays so."""

    def again(exposure: Exposure) -> Exposure:
        return _reserved(having(exposure, refused_minor=0, refused_by="", reason_code=""))

    return having(claim, exposures=tuple(again(exposure) for exposure in claim.exposures))


def _heard(claim: Claim) -> tuple[Concern, ...]:
    return tuple(having(concern, heard=True) for concern in claim.concerns)


def _without_unheard(claim: Claim) -> Claim:
    """A concern that came to nothing before the claimant was heard: shown again, should it be needed again."""
    return having(claim, concerns=tuple(concern for concern in claim.concerns if concern.heard))


def _unheard_no_more(claim: Claim) -> Claim:
    return having(claim, concerns=_heard(claim)) if isinstance(claim.stage, AwaitingAnswer | AwaitingSecond) else claim


def _on_appeal(claim: Claim) -> bool:
    """An appeal lasts until it is decided: every later look at the claim is by somebody who took no part."""
    return claim.appeals > 0


def _with_exposure(claim: Claim, no: int, change: object) -> Claim:
    assert callable(change) and claim.exposure(no) is not None, f"no exposure {no}"
    return having(
        claim,
        exposures=tuple(change(exposure) if exposure.no == no else exposure for exposure in claim.exposures),
    )


def _clocks_started(claim: Claim, started: tuple[ev.StartedClock, ...]) -> Claim:
    clocks = list(claim.clocks)
    for clock in started:
        turn = 1 + sum(1 for earlier in clocks if earlier.name == clock.name)
        clocks.append(Clock(clock.name, turn, clock.started_at, clock.due_at, clock.rule))
    return having(claim, clocks=tuple(clocks))


def _clock_extended(claim: Claim, name: str, due_at: datetime) -> Claim:
    def longer(clock: Clock) -> Clock:
        runs = clock.name == name and clock.state == "running"
        return having(clock, due_at=due_at, extended=True) if runs else clock

    return having(claim, clocks=tuple(longer(clock) for clock in claim.clocks))


def _clocks_ended(claim: Claim, names: frozenset[str], state: ClockState, at: datetime) -> Claim:
    clocks = tuple(
        having(clock, state=state, ended_at=at) if clock.name in names and clock.held else clock
        for clock in claim.clocks
    )
    # A pause of which nothing is left is over.
    paused_at = claim.paused_at if any(clock.state == "paused" for clock in clocks) else None
    return having(claim, clocks=clocks, paused_at=paused_at)


def _clocks_resumed(claim: Claim, resumed: tuple[ev.StartedClock, ...]) -> Claim:
    due = {clock.name: clock.due_at for clock in resumed}
    return having(
        claim,
        paused_at=None,
        clocks=tuple(
            having(
                clock,
                state="running",
                due_at=due[clock.name],
                paused_for=clock.paused_for + (due[clock.name] - clock.due_at),
            )
            if clock.state == "paused" and clock.name in due
            else clock
            for clock in claim.clocks
        ),
    )
