"""What happens while the seller is heard: the tender, its answers, offers, settlement, step-in, the insurer.

Part of the claim's own log, after the claim was screened. Amounts are whole minor units of the claim's currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from makewhole.domain.claim.words import Clause, EvidenceItem, Fact, PaidLine, Reason, Sealed

TenderedTo = Literal["seller", "producer"]
Payer = Literal["seller", "platform"]
OfferedBy = Literal["seller", "claimant"]
# Why the platform pays although nobody who is liable does.
StepInWhy = Literal["silent", "rejected", "offer_refused", "not_settled", "not_paid", "seller_gone", "accepted"]
InsurerAnswer = Literal["accepts", "reserves_rights", "asks", "denies"]
Bearer = Literal[
    "platform", "seller_asked_7_days", "seller_owes", "seller_or_insurer", "platform_then_recovers", "producer_owes"
]


@dataclass(frozen=True, slots=True)
class ClaimTendered:
    """The claim is handed over, with its file and an answer-by instant (the clock that starts with it).

    `amount_minor`: what the papers support of what is claimed and payable. `producer`: who it is, in the vault.
    """

    no: int
    to: TenderedTo
    amount_minor: int
    clause: Clause
    policy_version: str
    producer: Sealed | None = None


@dataclass(frozen=True, slots=True)
class FilesEnclosed:
    """Files that came with an answer or an offer whose own event has no place for them: it is the next one."""

    evidence: tuple[EvidenceItem, ...]


@dataclass(frozen=True, slots=True)
class TenderAccepted:
    """Accepted in full. `payer`: the seller pays the claimant itself, or lets the platform pay and owes it."""

    no: int
    amount_minor: int
    payer: Payer
    words: Sealed | None


@dataclass(frozen=True, slots=True)
class SellerHandles:
    """The seller settles with the claimant itself; it has a time for that, and else the claim comes back."""

    no: int
    words: Sealed | None


@dataclass(frozen=True, slots=True)
class SettlementReported:
    """The seller says that it paid or settled, with what proves it; the claimant or an adjuster confirms."""

    amount_minor: int
    evidence: tuple[EvidenceItem, ...]
    words: Sealed | None


@dataclass(frozen=True, slots=True)
class SettlementConfirmed:
    """The claimant has what was agreed (`by_claimant`), or an adjuster found the evidence of it good."""

    amount_minor: int
    by_claimant: bool
    words: Sealed | None


@dataclass(frozen=True, slots=True)
class SettlementDenied:
    """The claimant, or an adjuster, says that nothing was settled: the claim comes back."""

    words: Sealed | None


@dataclass(frozen=True, slots=True)
class OfferMade:
    """An amount in full settlement. `no` counts the offers of the claim; only the other side may answer."""

    no: int
    by: OfferedBy
    amount_minor: int
    words: Sealed | None


@dataclass(frozen=True, slots=True)
class OfferRefused:
    no: int
    words: Sealed | None


@dataclass(frozen=True, slots=True)
class OfferAccepted:
    """Both sides agree on an amount: `lines` spread it over the exposures, the rest is waived. No person reduced."""

    no: int
    amount_minor: int
    lines: tuple[PaidLine, ...]
    policy_version: str


@dataclass(frozen=True, slots=True)
class TenderRejected:
    """Rejected, with reasons by code, documents, and words. A second person must answer each before a step-in."""

    no: int
    reasons: tuple[str, ...]
    evidence: tuple[EvidenceItem, ...]
    words: Sealed | None


@dataclass(frozen=True, slots=True)
class TenderPassedOn:
    """A reseller names the producer or importer: the tender passes on with its own clock."""

    no: int
    producer: Sealed
    words: Sealed | None


@dataclass(frozen=True, slots=True)
class TenderUnanswered:
    """The answer-by instant passed."""

    no: int


@dataclass(frozen=True, slots=True)
class TenderReturned:
    """It was to be settled or paid by the seller, or agreed by offers, and was not: back to the platform."""

    no: int
    why: StepInWhy


@dataclass(frozen=True, slots=True)
class RejectionAnswered:
    """The platform's answer to each reason of a rejection, before a second person agrees to the step-in."""

    answers: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class SteppedIn:
    """The platform pays what was assessed, and pursues whoever is liable, who keeps its defence."""

    why: StepInWhy
    amount_minor: int
    clause: Clause
    facts: tuple[Fact, ...]
    policy_version: str


@dataclass(frozen=True, slots=True)
class NoDefectFound:
    """A person found that the product had no defect: it changes who bears the cost, not what the claimant keeps."""

    reason: Reason
    policy_version: str


# Insurance --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InsurerNotified:
    """Notice of loss to the seller's insurer, from the coverage in force on the day of the incident."""

    coverage_id: int
    insurer_id: int
    amount_minor: int
    deductible_minor: int
    limit_left_minor: int
    platform_is_insured: bool


@dataclass(frozen=True, slots=True)
class InsurerAnswered:
    """`clause`: of the insurer's own policy; a denial has one."""

    coverage_id: int
    answer: InsurerAnswer
    clause: str
    evidence: tuple[EvidenceItem, ...]
    words: Sealed | None

    def __post_init__(self) -> None:
        assert self.answer != "denies" or self.clause, "a denial cites the clause of the insurer's policy"


@dataclass(frozen=True, slots=True)
class InsurerSilent:
    """The insurer's time is over: what it would have owed is asked of the seller."""

    coverage_id: int


@dataclass(frozen=True, slots=True)
class SubrogationChecked:
    """Before money is asked of an insurer whose policy names the platform as an insured: may it be?"""

    coverage_id: int
    clear: bool
    words: Sealed


@dataclass(frozen=True, slots=True)
class ProofOfInsuranceAsked:
    """Its days run from here."""


@dataclass(frozen=True, slots=True)
class ProofOfInsuranceSent:
    """Sent in time where this event is; a person looks whether it proves cover."""

    evidence: tuple[EvidenceItem, ...]
    words: Sealed | None
    in_time: bool


@dataclass(frozen=True, slots=True)
class ProofOfInsuranceChecked:
    """`coverage_id`: the cover in force on the day of the incident that it proves; None where it proves none."""

    coverage_id: int | None
    words: Sealed | None


@dataclass(frozen=True, slots=True)
class BearerDecided:
    """Who bears the cost, by the policy's table, with the facts that it was told."""

    bearer: Bearer
    clause: Clause
    facts: tuple[Fact, ...]
    policy_version: str


TenderEvent = (
    ClaimTendered
    | FilesEnclosed
    | TenderAccepted
    | SellerHandles
    | SettlementReported
    | SettlementConfirmed
    | SettlementDenied
    | OfferMade
    | OfferRefused
    | OfferAccepted
    | TenderRejected
    | TenderPassedOn
    | TenderUnanswered
    | TenderReturned
    | RejectionAnswered
    | SteppedIn
    | NoDefectFound
    | InsurerNotified
    | InsurerAnswered
    | InsurerSilent
    | SubrogationChecked
    | ProofOfInsuranceAsked
    | ProofOfInsuranceSent
    | ProofOfInsuranceChecked
    | BearerDecided
)
