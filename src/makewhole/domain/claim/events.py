"""What happened to a claim, in the order in which it can happen. Past tense; never edited once stored.

Amounts are whole minor units of the claim's one currency (`ClaimFiled.currency`). Events hold no personal
data and no free text: those lie in the vault, and the event keeps a `Sealed` commitment to them. Every event
that used the policy names its version, so that replaying the log never consults a policy.

Shared words (Sealed, Payee, Reason, ...) stand in words.py; what happens between the seller, its insurer and the
platform in tender_events.py; what happens to the money that is asked back in recovery/events.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from makewhole.domain.claim.tender_events import TenderEvent
from makewhole.domain.claim.words import AssessedLine as AssessedLine
from makewhole.domain.claim.words import Channel as Channel
from makewhole.domain.claim.words import Check as Check
from makewhole.domain.claim.words import CheckOutcome as CheckOutcome
from makewhole.domain.claim.words import Clause as Clause
from makewhole.domain.claim.words import DecidedLine as DecidedLine
from makewhole.domain.claim.words import EvidenceItem as EvidenceItem
from makewhole.domain.claim.words import EvidenceKind as EvidenceKind
from makewhole.domain.claim.words import ExposureClaimed as ExposureClaimed
from makewhole.domain.claim.words import Fact as Fact
from makewhole.domain.claim.words import Head as Head
from makewhole.domain.claim.words import Method as Method
from makewhole.domain.claim.words import MissingProof as MissingProof
from makewhole.domain.claim.words import Outcome as Outcome
from makewhole.domain.claim.words import PaidLine as PaidLine
from makewhole.domain.claim.words import Payee as Payee
from makewhole.domain.claim.words import Reason as Reason
from makewhole.domain.claim.words import Sealed as Sealed
from makewhole.domain.claim.words import StartedClock as StartedClock
from makewhole.domain.claim.words import Track as Track
from makewhole.domain.recovery.events import RecoveryEvent

# The life, step by step ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClaimFiled:
    """First notice of loss. It acknowledges itself: the reference goes back in the same answer."""

    reference: str
    marketplace: str
    currency: str
    order_line_id: int
    seller_id: int
    price_minor: int
    quantity: int
    incident_id: UUID
    incident_cap_minor: int
    claimant_id: UUID
    channel: Channel
    loss_date: date
    injury: bool
    claimant_is_minor: bool
    hazards: tuple[str, ...]
    exposures: tuple[ExposureClaimed, ...]
    evidence: tuple[EvidenceItem, ...]
    story: Sealed
    payee: Payee
    policy_version: str


@dataclass(frozen=True, slots=True)
class NoticeRepeated:
    """The same incident was sent again (retry, second channel, two tabs): told apart only by this event."""

    channel: Channel
    same_content: bool
    exposures: tuple[ExposureClaimed, ...]
    story: Sealed | None


@dataclass(frozen=True, slots=True)
class ProofRequested:
    """All that is missing, said at once."""

    missing: tuple[MissingProof, ...]
    note: Sealed | None


@dataclass(frozen=True, slots=True)
class ProofAdded:
    evidence: tuple[EvidenceItem, ...]
    answers: tuple[UUID, ...]  # evidence that these supersede


@dataclass(frozen=True, slots=True)
class ProofCompleted:
    """Nothing that the policy asks for is missing: the decision clock runs from here."""


@dataclass(frozen=True, slots=True)
class ClaimScreened:
    checks: tuple[Check, ...]
    score: int
    policy_version: str


@dataclass(frozen=True, slots=True)
class ClaimAssessed:
    lines: tuple[AssessedLine, ...]
    incident_total_minor: int
    track: Track
    clause: Clause
    policy_version: str


@dataclass(frozen=True, slots=True)
class ClaimReferred:
    """A person is asked to look, and told why."""

    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SellerNotified:
    """The seller hears of the claim, after screening. `insured`: what is on file for the incident date."""

    insured: bool
    proof_asked: bool


@dataclass(frozen=True, slots=True)
class SellerEvidenceAdded:
    evidence: tuple[EvidenceItem, ...]
    words: Sealed | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConcernRaised:
    """Before a refusal or a reduction the claimant sees the exact concern, and may add proof."""

    exposures: tuple[int, ...]
    reason: Reason
    policy_version: str


@dataclass(frozen=True, slots=True)
class ConcernAnswered:
    evidence: tuple[EvidenceItem, ...]
    words: Sealed | None


@dataclass(frozen=True, slots=True)
class DecisionProposed:
    """Decided by one person, and more than that person may decide alone."""

    lines: tuple[DecidedLine, ...]
    total_minor: int
    needs: tuple[str, ...]  # second_person, authority
    policy_version: str


@dataclass(frozen=True, slots=True)
class ProposalReturned:
    """A second person sent the proposal back, or a changed payee voided it."""

    why: str
    words: Sealed | None


@dataclass(frozen=True, slots=True)
class ClaimDecided:
    """Per exposure: how much is approved, how much refused and why. `deciders`: one machine, or one or two people."""

    lines: tuple[DecidedLine, ...]
    deciders: tuple[str, ...]
    clauses: tuple[Clause, ...]
    policy_version: str

    def __post_init__(self) -> None:
        assert self.deciders and self.policy_version, "a decision names its decider and its policy version"
        if any(line.refused_minor for line in self.lines):
            assert all(name.startswith("person:") for name in self.deciders), "only a person reduces or refuses"


@dataclass(frozen=True, slots=True)
class QualityReviewAsked:
    """An automatic approval drawn for a look afterwards; it holds nothing up."""

    rule: str
    draw: int


@dataclass(frozen=True, slots=True)
class QualityReviewed:
    agrees: bool
    words: Sealed | None


@dataclass(frozen=True, slots=True)
class ReleaseRequested:
    """A release limited to what is paid. Not self-service where the claimant is a minor."""

    amount_minor: int
    text_sha256: str
    self_service: bool


@dataclass(frozen=True, slots=True)
class ReleaseSigned:
    text_sha256: str
    signature: Sealed


@dataclass(frozen=True, slots=True)
class PaymentOrdered:
    payment_id: UUID
    seq: int
    payee: Payee
    lines: tuple[PaidLine, ...]
    amount_minor: int


@dataclass(frozen=True, slots=True)
class PaymentSettled:
    payment_id: UUID
    bank_ref: str


@dataclass(frozen=True, slots=True)
class PaymentReturned:
    payment_id: UUID
    bank_ref: str
    why: str


@dataclass(frozen=True, slots=True)
class PayeeChanged:
    payee: Payee


@dataclass(frozen=True, slots=True)
class ApprovalVoided:
    """What was approved and not yet ordered is open again: the payee changed, or the claimant withdrew."""

    lines: tuple[PaidLine, ...]
    why: str


@dataclass(frozen=True, slots=True)
class ReserveSet:
    """A person expects another sum to be paid than the rules reserve by themselves."""

    no: int
    reserve_minor: int
    words: Sealed


@dataclass(frozen=True, slots=True)
class ClaimAssigned:
    to: str


@dataclass(frozen=True, slots=True)
class SafetyReviewAsked:
    hazards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SafetyReviewed:
    finding: str
    words: Sealed


@dataclass(frozen=True, slots=True)
class TaskFinished:
    """Somebody looked at what waited beside the main path (a second notice, a seller's file, a missed deadline)."""

    task: str
    words: Sealed


@dataclass(frozen=True, slots=True)
class ClaimWithdrawn:
    words: Sealed | None


@dataclass(frozen=True, slots=True)
class AppealFiled:
    words: Sealed
    evidence: tuple[EvidenceItem, ...]


@dataclass(frozen=True, slots=True)
class ClaimReopened:
    why: str
    words: Sealed | None


@dataclass(frozen=True, slots=True)
class ClaimClosed:
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ClosedForGood:
    """The time for an appeal is over."""


# Clocks ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClocksStarted:
    clocks: tuple[StartedClock, ...]


@dataclass(frozen=True, slots=True)
class ClocksStopped:
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClockRanOut:
    """Its instant has passed. What follows from that stands in the events after this one."""

    name: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ClockExtended:
    """More time, counted from the original start."""

    name: str
    due_at: datetime
    words: Sealed


@dataclass(frozen=True, slots=True)
class ClocksPaused:
    names: tuple[str, ...]
    words: Sealed


@dataclass(frozen=True, slots=True)
class ClocksResumed:
    """The paused clocks run on; each end moves by as long as the pause took."""

    clocks: tuple[StartedClock, ...]


@dataclass(frozen=True, slots=True)
class Reminded:
    """The claimant was reminded of a running clock, so many days before its end."""

    clock: str
    days_left: int


@dataclass(frozen=True, slots=True)
class DelayExplained:
    """The letter that says why there is no decision yet; another follows while there is none."""

    letter: int


@dataclass(frozen=True, slots=True)
class DeadlineMissed:
    """A clock of ours was broken: recorded, and escalated to a role that answers for it."""

    clock: str
    escalated_to: str


ClaimEvent = (
    ClaimFiled
    | NoticeRepeated
    | ProofRequested
    | ProofAdded
    | ProofCompleted
    | ClaimScreened
    | ClaimAssessed
    | ClaimReferred
    | SellerNotified
    | SellerEvidenceAdded
    | ConcernRaised
    | ConcernAnswered
    | DecisionProposed
    | ProposalReturned
    | ClaimDecided
    | QualityReviewAsked
    | QualityReviewed
    | ReleaseRequested
    | ReleaseSigned
    | PaymentOrdered
    | PaymentSettled
    | PaymentReturned
    | PayeeChanged
    | ApprovalVoided
    | ReserveSet
    | ClaimAssigned
    | SafetyReviewAsked
    | SafetyReviewed
    | TaskFinished
    | ClaimWithdrawn
    | AppealFiled
    | ClaimReopened
    | ClaimClosed
    | ClosedForGood
    | ClocksStarted
    | ClocksStopped
    | ClockRanOut
    | ClockExtended
    | ClocksPaused
    | ClocksResumed
    | Reminded
    | DelayExplained
    | DeadlineMissed
    | TenderEvent
    | RecoveryEvent
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with when it happened and who did it: what the log keeps and `evolve` folds."""

    event: ClaimEvent
    at: datetime
    by: str
