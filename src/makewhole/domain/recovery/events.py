"""What happens to money that is asked back: demand, withholding, receipts, contest, release, write-off.

A recovery lives beside its claim and in the claim's log, so that what is recovered can never pass what was paid.
Amounts are whole minor units of the claim's currency. No interest is ever asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from makewhole.domain.claim.words import Clause, EvidenceItem, Fact, Reason, Sealed

Debtor = Literal["seller", "insurer", "producer"]
Basis = Literal["contract", "accepted_tender", "assignment"]
# Why nothing can be withheld: a state, not an exception.
Obstacle = Literal["", "account_gone", "bankruptcy"]
ContestOutcome = Literal["upheld", "partly", "dismissed"]
RecoveryOutcome = Literal["recovered", "insured", "contest_won", "no_defect", "written_off"]


@dataclass(frozen=True, slots=True)
class Share:
    """What one debtor owes."""

    debtor: Debtor
    amount_minor: int


@dataclass(frozen=True, slots=True)
class WithheldLine:
    """What is held back of one disbursement."""

    disbursement_id: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Instalment:
    due_on: date
    amount_minor: int


@dataclass(frozen=True, slots=True)
class RecoveryOpened:
    """The demand, itemised by its claim: what was paid, who owes which share of it, and on which basis.

    `made_whole`: the row of the policy by which the claimant's full compensation does not stand against it.
    """

    no: int
    basis: Basis
    paid_minor: int
    shares: tuple[Share, ...]
    obstacle: Obstacle
    clause: Clause
    made_whole: Clause
    facts: tuple[Fact, ...]
    policy_version: str


@dataclass(frozen=True, slots=True)
class RecoveryRaised:
    """More was paid to the claimant on the same claim."""

    no: int
    paid_minor: int
    share: Share
    policy_version: str


@dataclass(frozen=True, slots=True)
class DebtShifted:
    """What one debtor does not owe after all, another does (the insurer denied, or cover was found)."""

    no: int
    from_debtor: Debtor
    to_debtor: Debtor
    amount_minor: int
    why: str


@dataclass(frozen=True, slots=True)
class FundsWithheld:
    """Held back of a disbursement to the seller: at most its documented net amount, at most what is owed."""

    no: int
    disbursement_id: int
    disbursement_net_minor: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class FundsReleased:
    """Goes back to the seller, once."""

    no: int
    lines: tuple[WithheldLine, ...]
    why: str


@dataclass(frozen=True, slots=True)
class FundsApplied:
    """What was withheld now pays the debt: the time to contest is over, or the contest was dismissed."""

    no: int
    lines: tuple[WithheldLine, ...]


@dataclass(frozen=True, slots=True)
class RecoveryReceived:
    """A debtor paid. `receipt_id` makes it one receipt, however often it is told."""

    no: int
    receipt_id: UUID
    debtor: Debtor
    amount_minor: int
    ref: str


@dataclass(frozen=True, slots=True)
class DebtReduced:
    """A debtor owes less, or nothing: reversing entries take it out of the books."""

    no: int
    debtor: Debtor
    amount_minor: int
    why: str


@dataclass(frozen=True, slots=True)
class RepaymentOrdered:
    """What a debtor had paid beyond what it owes goes back to it."""

    no: int
    debtor: Debtor
    amount_minor: int
    why: str


@dataclass(frozen=True, slots=True)
class RepaymentMade:
    no: int
    amount_minor: int
    ref: str


@dataclass(frozen=True, slots=True)
class InstalmentsAgreed:
    """While they are kept, nothing is withheld. They add up to what is owed; no interest."""

    no: int
    instalments: tuple[Instalment, ...]


@dataclass(frozen=True, slots=True)
class InstalmentMissed:
    no: int
    due_minor: int
    received_minor: int


@dataclass(frozen=True, slots=True)
class ObstacleNoted:
    """The account is gone or bankrupt (or, with "", no longer): what may be done changes, what is owed does not."""

    no: int
    obstacle: Obstacle
    words: Sealed | None


@dataclass(frozen=True, slots=True)
class RecoveryWrittenOff:
    no: int
    debtor: Debtor
    amount_minor: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class RecoveryContested:
    """The seller or its insurer disputes it. Until a person who took no part decides, nothing more is withheld."""

    no: int
    by: Debtor
    reasons: tuple[str, ...]
    evidence: tuple[EvidenceItem, ...]
    words: Sealed


@dataclass(frozen=True, slots=True)
class ContestDecided:
    """`off_minor`: how much less is owed. The reason cites the clause that was contested."""

    no: int
    outcome: ContestOutcome
    off_minor: int
    reason: Reason
    policy_version: str


@dataclass(frozen=True, slots=True)
class RecoveryStands:
    """No contest came in its time, or it was dismissed."""

    no: int


@dataclass(frozen=True, slots=True)
class RecoveryClosed:
    no: int
    outcome: RecoveryOutcome


RecoveryEvent = (
    RecoveryOpened
    | RecoveryRaised
    | DebtShifted
    | FundsWithheld
    | FundsReleased
    | FundsApplied
    | RecoveryReceived
    | DebtReduced
    | RepaymentOrdered
    | RepaymentMade
    | InstalmentsAgreed
    | InstalmentMissed
    | ObstacleNoted
    | RecoveryWrittenOff
    | RecoveryContested
    | ContestDecided
    | RecoveryStands
    | RecoveryClosed
)
