"""What happened to a claim, in the order in which it can happen. Past tense; never edited once stored.

Amounts are whole minor units of the claim's one currency (`ClaimFiled.currency`). Events hold no personal
data and no free text: those lie in the vault, and the event keeps a `Sealed` commitment to them. Every event
that used the policy names its version, so that replaying the log never consults a policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

Head = Literal[
    "purchase_price",
    "medical_expense",
    "lost_wages",
    "property_damage",
    "pain_and_suffering",
    "commercial",
    "consequential",
    "incidental",
    "punitive",
    "attorney_fees",
]
Channel = Literal["web", "agent", "api", "import"]
Track = Literal["direct", "tendered"]
Method = Literal["bank_transfer", "refund", "credit"]
CheckOutcome = Literal["pass", "refer", "no_data"]
Outcome = Literal["paid", "refused", "unanswered", "withdrawn", "out_of_scope"]
EvidenceKind = Literal[
    "photo", "receipt", "repair_estimate", "medical_bill", "wage_statement", "message", "release", "other"
]

# Small shared words ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sealed:
    """Words kept in the vault: its item, and a salted commitment that proves they were not exchanged."""

    item_id: UUID
    commitment: str


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A file as the log knows it. `documented_minor`: the amount the sender says this paper shows."""

    evidence_id: UUID
    kind: EvidenceKind
    sha256: str
    exposure_no: int
    documented_minor: int


@dataclass(frozen=True, slots=True)
class ExposureClaimed:
    no: int
    head: Head
    claimed_minor: int


@dataclass(frozen=True, slots=True)
class Payee:
    """Where money goes. The account itself lies in the vault under `payee_id`."""

    payee_id: UUID
    method: Method


@dataclass(frozen=True, slots=True)
class MissingProof:
    exposure_no: int
    what: str


@dataclass(frozen=True, slots=True)
class Check:
    """One screening check, with what it found and how much it weighs for a person who looks."""

    name: str
    outcome: CheckOutcome
    found: str
    weight: int


@dataclass(frozen=True, slots=True)
class AssessedLine:
    """What the papers support of an exposure: `supported_minor` of what was claimed, and why not more."""

    no: int
    claimed_minor: int
    supported_minor: int
    basis: str


@dataclass(frozen=True, slots=True)
class Clause:
    """The row of the policy that a decision rests on: which clause of which version, and its sentence."""

    clause: str
    outcome: str
    because: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A structured reason: code, clause of the policy version, evidence, and the decider's words (sealed)."""

    code: str
    clause: str
    evidence: tuple[UUID, ...] = ()
    words: Sealed | None = None


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """What was decided of an exposure. What is neither approved nor refused stays open."""

    no: int
    approved_minor: int
    refused_minor: int
    reason: Reason | None = None

    def __post_init__(self) -> None:
        assert self.refused_minor == 0 or self.reason is not None, "no reduction without a reason"


@dataclass(frozen=True, slots=True)
class StartedClock:
    """A deadline as computed then: it ends at `due_at`, by `rule`, a clause of the policy version."""

    name: str
    started_at: datetime
    due_at: datetime
    rule: str


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
class PaidLine:
    no: int
    amount_minor: int


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
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with when it happened and who did it: what the log keeps and `evolve` folds."""

    event: ClaimEvent
    at: datetime
    by: str
