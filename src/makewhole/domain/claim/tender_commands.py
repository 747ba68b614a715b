"""What may be asked while the seller is heard: answers, offers, settlement, step-in, insurance. See commands.py.

Every answer may come with files (`evidence`): photos, a test report, a receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from makewhole.domain.claim.tender_events import InsurerAnswer, Payer
from makewhole.domain.claim.words import DecidedLine, EvidenceItem, Reason, Sealed

# Why a seller rejects. A person answers each of them before the platform steps in.
REJECTION_REASONS = (
    "no_defect", "misuse", "not_our_product", "not_delivered_by_us", "amount_too_high", "settled_before",
    "proof_not_genuine", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TenderClaim:
    """An adjuster hands the claim to the seller, where the machine did not."""


@dataclass(frozen=True, slots=True)
class AcceptTender:
    """The seller accepts in full: it pays the claimant itself, or lets the platform pay."""

    payer: Payer
    payment_id: UUID
    words: Sealed | None = None
    evidence: tuple[EvidenceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class HandleClaim:
    """The seller settles with the claimant itself."""

    words: Sealed | None = None
    evidence: tuple[EvidenceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportSettlement:
    """The seller says that it paid so much, with what proves it."""

    amount_minor: int
    evidence: tuple[EvidenceItem, ...] = ()
    words: Sealed | None = None


@dataclass(frozen=True, slots=True)
class ConfirmSettlement:
    """The claimant (or an adjuster, by the evidence) says whether it was settled."""

    settled: bool
    payment_id: UUID
    words: Sealed | None = None


@dataclass(frozen=True, slots=True)
class MakeOffer:
    """An amount in full settlement: the seller's offer, or the claimant's counter-offer."""

    amount_minor: int
    words: Sealed | None = None
    evidence: tuple[EvidenceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class AcceptOffer:
    payment_id: UUID
    evidence: tuple[EvidenceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class RefuseOffer:
    payment_id: UUID
    words: Sealed | None = None
    evidence: tuple[EvidenceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class RejectTender:
    reasons: tuple[str, ...]
    words: Sealed
    evidence: tuple[EvidenceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class AskMoreTime:
    """Once, counted from the original start."""

    words: Sealed
    evidence: tuple[EvidenceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class NameProducer:
    """A reseller names the producer, importer or their insurer: `producer` is its name and mail, sealed."""

    producer: Sealed
    words: Sealed | None = None
    evidence: tuple[EvidenceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class StepIn:
    """The platform pays although the seller rejected: with an answer to each of its reasons. A second person agrees."""

    lines: tuple[DecidedLine, ...]
    answers: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class FindNoDefect:
    """An adjuster finds, by the seller's evidence, that the product had no defect."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class AnswerAsInsurer:
    answer: InsurerAnswer
    clause: str = ""
    evidence: tuple[EvidenceItem, ...] = ()
    words: Sealed | None = None


@dataclass(frozen=True, slots=True)
class CheckSubrogation:
    clear: bool
    words: Sealed


@dataclass(frozen=True, slots=True)
class SendProofOfInsurance:
    evidence: tuple[EvidenceItem, ...]
    words: Sealed | None = None


@dataclass(frozen=True, slots=True)
class CheckProofOfInsurance:
    """Whether what the seller sent proves cover on the day of the incident; the cover must be on file."""

    proves: bool
    words: Sealed | None = None


TenderCommand = (
    TenderClaim
    | AcceptTender
    | HandleClaim
    | ReportSettlement
    | ConfirmSettlement
    | MakeOffer
    | AcceptOffer
    | RefuseOffer
    | RejectTender
    | AskMoreTime
    | NameProducer
    | StepIn
    | FindNoDefect
    | AnswerAsInsurer
    | CheckSubrogation
    | SendProofOfInsurance
    | CheckProofOfInsurance
)
