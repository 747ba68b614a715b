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
from makewhole.domain.claim.events import ClaimEvent, Recorded
from makewhole.domain.having import having

ClockState = Literal["running", "paused", "stopped", "ran_out"]
PaymentState = Literal["ordered", "settled", "returned"]
# What somebody still has to do when a claim is closed; every other task ends with it.
TASKS_AFTER_CLOSING = frozenset(
    {"quality_review", "safety_review", "missed_safety_review", "seller_evidence", "payment_returned"}
)


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
    | Closed
)


# Parts -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Exposure:
    """One payable part, in minor units. What is neither approved nor refused is open."""

    no: int
    head: ev.Head
    claimed_minor: int
    supported_minor: int | None = None
    approved_minor: int = 0
    refused_minor: int = 0
    ordered_minor: int = 0
    paid_minor: int = 0
    reserve_minor: int = 0
    refused_by: str = ""
    reason_code: str = ""
    decided_under: str = ""

    @property
    def open_minor(self) -> int:
        return self.claimed_minor - self.approved_minor - self.refused_minor

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

    @property
    def held(self) -> bool:
        """Not over yet: it runs, or a pause holds it."""
        return self.state in ("running", "paused")


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
            case AwaitingProof() | AwaitingAnswer() | AwaitingPayee():
                return "claimant"
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
        case ev.SellerNotified():
            return having(claim, seller_notified=True)
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
                barred=claim.taken_part,
                assigned_to="",
                stage=UnderReview(("appeal",), appeal=True),
            )
        case ev.ClaimReopened(why=why):
            return having(_reopened(claim), stage=UnderReview((why,)))
        case ev.ClaimClosed(outcome):
            closed = _without_unheard(_given_up(claim) if outcome in ("unanswered", "withdrawn") else claim)
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
            return having(
                claim,
                clocks=tuple(
                    having(clock, due_at=due_at) if clock.name == name and clock.state == "running" else clock
                    for clock in claim.clocks
                ),
            )
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
        case _:
            assert_never(event)


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
    )
    if after.open_minor == 0:
        return having(_without_unheard(after), stage=Approved(), tasks=after.tasks - {"missed_decision"})
    return having(after, stage=_review(after, "rest_open"))


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
