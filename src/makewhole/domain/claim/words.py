"""The small shared words of events: what a claim, a tender and a recovery all speak of.

Amounts are whole minor units of the claim's one currency. None of these holds personal data or free text: those lie
in the vault, and a `Sealed` commitment stands for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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
Outcome = Literal["paid", "refused", "unanswered", "withdrawn", "out_of_scope", "settled"]
EvidenceKind = Literal[
    "photo", "receipt", "repair_estimate", "medical_bill", "wage_statement", "message", "release", "other"
]


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


@dataclass(frozen=True, slots=True)
class PaidLine:
    """An amount of one exposure."""

    no: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as a table of the policy was told it: with it, anybody can ask the table again."""

    name: str
    value: str
