"""What may be asked of a claim. Who asks, when, and under which rules comes beside it, in a Case.

Ids (of claims, payments, vault items) are drawn at the edge and come in: the rules draw nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from makewhole.domain.claim.events import (
    Channel,
    DecidedLine,
    EvidenceItem,
    ExposureClaimed,
    Payee,
    Reason,
    Sealed,
)
from makewhole.domain.claim.tender_commands import TenderCommand
from makewhole.domain.recovery.commands import RecoveryCommand


@dataclass(frozen=True, slots=True)
class FileClaim:
    """First notice of loss. `incident_id` and `payment_id` are the ids to use where a new one is needed."""

    claim_id: UUID
    reference: str
    incident_id: UUID
    payment_id: UUID
    claimant_id: UUID
    channel: Channel
    loss_date: date
    exposures: tuple[ExposureClaimed, ...]
    evidence: tuple[EvidenceItem, ...]
    story: Sealed
    payee: Payee
    injury: bool = False
    claimant_is_minor: bool = False
    hazards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AddProof:
    """More proof from the claimant. `supersedes`: earlier evidence that this replaces."""

    evidence: tuple[EvidenceItem, ...]
    payment_id: UUID
    supersedes: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerConcern:
    evidence: tuple[EvidenceItem, ...] = ()
    words: Sealed | None = None


@dataclass(frozen=True, slots=True)
class AddSellerEvidence:
    """What the seller sends, at any time; `flags` name screening checks that it wants looked at."""

    evidence: tuple[EvidenceItem, ...]
    words: Sealed | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestProof:
    """An adjuster asks for proof: (exposure number, what) for each thing, all at once."""

    missing: tuple[tuple[int, str], ...]
    note: Sealed | None = None


@dataclass(frozen=True, slots=True)
class RaiseConcern:
    exposures: tuple[int, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Decide:
    """A person decides exposures, wholly or in part. What a line leaves open stays open."""

    lines: tuple[DecidedLine, ...]
    payment_id: UUID


@dataclass(frozen=True, slots=True)
class ConfirmDecision:
    payment_id: UUID


@dataclass(frozen=True, slots=True)
class ReturnDecision:
    words: Sealed


@dataclass(frozen=True, slots=True)
class ChangePayee:
    payee: Payee


@dataclass(frozen=True, slots=True)
class SignRelease:
    """The claimant signs the very text that was shown (`text_sha256`)."""

    text_sha256: str
    signature: Sealed
    payment_id: UUID


@dataclass(frozen=True, slots=True)
class ConfirmPayment:
    payment_id: UUID
    bank_ref: str


@dataclass(frozen=True, slots=True)
class ReturnPayment:
    payment_id: UUID
    bank_ref: str
    why: str


@dataclass(frozen=True, slots=True)
class SetReserve:
    no: int
    reserve_minor: int
    words: Sealed


@dataclass(frozen=True, slots=True)
class AssignClaim:
    to: str


@dataclass(frozen=True, slots=True)
class ReviewQuality:
    agrees: bool
    words: Sealed | None = None


@dataclass(frozen=True, slots=True)
class ReviewSafety:
    finding: str
    words: Sealed


@dataclass(frozen=True, slots=True)
class FinishTask:
    """What waited beside the main path was looked at; reviews have acts of their own."""

    task: str
    words: Sealed


@dataclass(frozen=True, slots=True)
class WithdrawClaim:
    words: Sealed | None = None


@dataclass(frozen=True, slots=True)
class Appeal:
    words: Sealed
    evidence: tuple[EvidenceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class ReopenClaim:
    words: Sealed


@dataclass(frozen=True, slots=True)
class ExtendClock:
    """More days for a running clock of the claimant's, counted from its original start."""

    name: str
    days: int
    words: Sealed


@dataclass(frozen=True, slots=True)
class PauseClocks:
    names: tuple[str, ...]
    words: Sealed


@dataclass(frozen=True, slots=True)
class ResumeClocks:
    pass


@dataclass(frozen=True, slots=True)
class RunOutClock:
    """The sweep believes that this clock is over. decide() looks again. `payment_id`: to use where it pays."""

    name: str
    turn: int
    payment_id: UUID | None = None


ClaimCommand = (
    FileClaim
    | AddProof
    | AnswerConcern
    | AddSellerEvidence
    | RequestProof
    | RaiseConcern
    | Decide
    | ConfirmDecision
    | ReturnDecision
    | ChangePayee
    | SignRelease
    | ConfirmPayment
    | ReturnPayment
    | SetReserve
    | AssignClaim
    | ReviewQuality
    | ReviewSafety
    | FinishTask
    | WithdrawClaim
    | Appeal
    | ReopenClaim
    | ExtendClock
    | PauseClocks
    | ResumeClocks
    | RunOutClock
    | TenderCommand
    | RecoveryCommand
)


# What the rules may look at beside the claim itself ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrderLineFacts:
    """The order line as imported. `price_minor` is of one piece."""

    order_line_id: int
    marketplace: str
    seller_id: int
    currency: str
    price_minor: int
    quantity: int
    ordered_at: datetime
    delivered_at: datetime | None
    physical: bool


@dataclass(frozen=True, slots=True)
class EarlierClaim:
    """A claim on the same order line, perhaps this one itself."""

    claim_id: UUID
    reference: str
    claimant_id: UUID
    incident_id: UUID
    loss_date: date
    stage: str
    outcome: str
    # What it adds to the incident: what is claimed and not refused; of a given-up claim what is approved.
    incident_minor: int
    approved_minor: int


@dataclass(frozen=True, slots=True)
class ClaimantClaim:
    """Another claim of the same claimant."""

    reference: str
    order_line_id: int
    noticed_at: datetime
    loss_date: date
    outcome: str


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """The seller's policy in force on the day of the incident. `limit_left_minor`: what payments left of its limit."""

    coverage_id: int
    insurer_id: int | None
    deductible_minor: int
    limit_left_minor: int
    platform_is_insured: bool


@dataclass(frozen=True, slots=True)
class DisbursementFacts:
    """A payout of the marketplace to a seller: what may still be held back of its net amount."""

    disbursement_id: int
    marketplace: str
    seller_id: int
    currency: str
    net_minor: int
    room_minor: int


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a decision may ask of the world outside the claim, loaded in one query as of its instant."""

    order_line: OrderLineFacts | None
    seller_insured: bool = False  # a coverage in force on the loss date
    coverage: CoverageFacts | None = None  # that coverage
    seller_gone: Literal["", "account_gone", "bankruptcy"] = ""
    disbursement: DisbursementFacts | None = None  # the one that the command names
    seller_good_standing: bool = True
    insurance_requested: bool = False
    seller_had_automatic_approval: bool = False
    same_line: tuple[EarlierClaim, ...] = ()
    claimant_claims: tuple[ClaimantClaim, ...] = ()  # the newest hundred, without this one
    linked_claimants: int = 0  # other people's claims that share mail, phone or address
    link_kinds: int = 0  # how many kinds of link could be compared at all
    payee_of_others: int = 0  # other people's claims that name the same account
    payee_named_at: tuple[datetime, ...] = ()  # when other claims named the same account
    payee_orders: tuple[tuple[datetime, int], ...] = ()  # newest orders to it: when, minor units
    other_payee_open: bool = False  # the claimant has another payable claim with a different account
    reused_evidence: tuple[tuple[UUID, str, int], ...] = ()  # evidence here, the other claim, bits that differ
    draw: int = 0  # 0..9999, drawn at the edge, for quality sampling

    def same_incident(self, claim_id: UUID, incident_id: UUID) -> list[EarlierClaim]:
        """The other claims of the same incident."""
        return [
            earlier for earlier in self.same_line if earlier.incident_id == incident_id and earlier.claim_id != claim_id
        ]
