"""What may be asked of a recovery. Who asks, when, and under which rules comes beside it, in the claim's Case."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from makewhole.domain.claim.words import EvidenceItem, Reason, Sealed
from makewhole.domain.recovery.events import ContestOutcome, Debtor, Instalment, Obstacle

# Why a debtor contests.
CONTEST_REASONS = (
    "no_defect", "misuse", "not_our_product", "insured", "amount", "not_heard", "paid_before", "not_covered", "other",
)  # fmt: skip
WRITE_OFF_REASONS = ("uneconomic", "bankruptcy", "account_gone", "time_barred", "settled_for_less", "goodwill")


@dataclass(frozen=True, slots=True)
class WithholdFunds:
    """Hold back of a disbursement what is owed: `amount_minor`, or as much as is owed and there."""

    disbursement_id: int
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class ReceiveRecovery:
    """A debtor paid. The same receipt told twice is one."""

    receipt_id: UUID
    debtor: Debtor
    amount_minor: int
    ref: str


@dataclass(frozen=True, slots=True)
class ContestRecovery:
    reasons: tuple[str, ...]
    words: Sealed
    evidence: tuple[EvidenceItem, ...] = ()


@dataclass(frozen=True, slots=True)
class DecideContest:
    """By a person who took no part. `off_minor`: how much less is owed, where it is upheld in part."""

    outcome: ContestOutcome
    reason: Reason
    off_minor: int = 0


@dataclass(frozen=True, slots=True)
class AgreeInstalments:
    instalments: tuple[Instalment, ...]


@dataclass(frozen=True, slots=True)
class NoteObstacle:
    """The seller's account is gone or bankrupt, or ("") is there again."""

    obstacle: Obstacle
    words: Sealed | None = None


@dataclass(frozen=True, slots=True)
class WriteOff:
    debtor: Debtor
    amount_minor: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class ConfirmRepayment:
    amount_minor: int
    ref: str


RecoveryCommand = (
    WithholdFunds
    | ReceiveRecovery
    | ContestRecovery
    | DecideContest
    | AgreeInstalments
    | NoteObstacle
    | WriteOff
    | ConfirmRepayment
)
