"""What may be said while the seller is heard, and of a recovery: the bodies of those acts. See said.py."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool

from makewhole.api.v1.said import (
    Code,
    Day,
    EvidenceSaid,
    Id,
    Line,
    LineSaid,
    Money,
    Said,
    Words,
)
from makewhole.domain.claim.tender_commands import REJECTION_REASONS
from makewhole.domain.claim.tender_events import InsurerAnswer, Payer
from makewhole.domain.recovery.commands import CONTEST_REASONS, WRITE_OFF_REASONS
from makewhole.domain.recovery.events import ContestOutcome, Debtor

Files = Annotated[list[EvidenceSaid], Field(max_length=50)]
# What another house calls a payment or a payout: one line, no code of ours.
Ref = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[!-~]([ -~]*[!-~])?$", examples=["B-2026-11-22-17"])]


class Acceptance(Said):
    """`seller`: you pay the claimant yourself. `platform`: we pay now, and you owe it."""

    payer: Payer
    words: Words = ""
    evidence: Files = []


class AnswerInWords(Said):
    """Words and files, where you like to send some."""

    words: Words = ""
    evidence: Files = []


class MoreTime(Said):
    """What you need it for."""

    words: Words
    evidence: Files = []


class Rejection(Said):
    reasons: Annotated[
        list[Code], Field(min_length=1, max_length=20, description=f"By code: {', '.join(REJECTION_REASONS)}.")
    ]
    words: Words
    evidence: Files = []


class Producer(Said):
    """Who made or imported the product, or its insurer: the tender passes on, once."""

    name: Line
    email: Line
    words: Words = ""
    evidence: Files = []


class Offer(Said):
    """An amount in full settlement."""

    amount: Money
    words: Words = ""
    evidence: Files = []


class Settlement(Said):
    """What you paid or agreed, with what proves it."""

    amount: Money
    evidence: Files = []
    words: Words = ""


class Settled(Said):
    settled: StrictBool
    words: Words = ""


class AnswerToReason(Said):
    """The answer to one reason of the rejection; the seller reads `words` as they stand."""

    code: Code
    words: Words
    clause: Code | Literal[""] = ""
    evidence: Annotated[list[Id], Field(max_length=50)] = []


class SteppingIn(Said):
    lines: Annotated[list[LineSaid], Field(max_length=20)]
    answers: Annotated[list[AnswerToReason], Field(max_length=20)]


class NoDefect(Said):
    code: Code
    clause: Code
    evidence: Annotated[list[Id], Field(max_length=50)] = []
    words: Words


# Insurance ------------------------------------------------------------------------------------------------------


class InsurersAnswer(Said):
    """`clause`: of your own policy; a denial has one. What you ask is said in `words`."""

    answer: InsurerAnswer
    clause: Annotated[str, Field(max_length=80, pattern=r"^[A-Za-z0-9 ._,:;/()§-]*$")] = ""
    evidence: Files = []
    words: Words = ""


class SubrogationCheck(Said):
    """Whether money may be asked of an insurer whose policy names the platform too."""

    clear: StrictBool
    words: Words


class ProofOfInsurance(Said):
    evidence: Files
    words: Words = ""


class ProofCheck(Said):
    proves: StrictBool
    words: Words = ""


# Recovery -------------------------------------------------------------------------------------------------------


class Withhold(Said):
    """Without an amount: as much as is owed and there."""

    disbursement_ref: Annotated[Line, Field(min_length=1)]
    amount: Money | None = None


class Receipt(Said):
    """`ref`: the bank's own name of it. The same one of the same debtor is one receipt, however often it is told."""

    debtor: Debtor
    amount: Money
    ref: Ref


class Contest(Said):
    reasons: Annotated[
        list[Code], Field(min_length=1, max_length=20, description=f"By code: {', '.join(CONTEST_REASONS)}.")
    ]
    words: Words
    evidence: Files = []


class ContestDecision(Said):
    """`off`: by how much less is owed, where the contest is upheld in part."""

    outcome: ContestOutcome
    off: Money | None = None
    code: Code
    clause: Code
    evidence: Annotated[list[Id], Field(max_length=50)] = []
    words: Words


class InstalmentSaid(Said):
    due_on: Day
    amount: Money


class Instalments(Said):
    """They add up to what is owed and not held; no interest."""

    instalments: Annotated[list[InstalmentSaid], Field(min_length=1, max_length=60)]


class ObstacleSaid(Said):
    """Why nothing can be withheld; empty where there is no such reason any more."""

    obstacle: Literal["", "account_gone", "bankruptcy"]
    words: Words = ""


class WriteOffSaid(Said):
    debtor: Debtor
    amount: Money
    reason: Annotated[Code, Field(description=f"By code: {', '.join(WRITE_OFF_REASONS)}.")]
    words: Words = ""


class Repayment(Said):
    amount: Money
    ref: Ref


# What is asked to be read ---------------------------------------------------------------------------------------

Marketplace = Annotated[str, Field(max_length=20)]


class RecoveriesAsked(BaseModel):
    """Which recoveries: all that you may see, or those at a stage, or of a seller."""

    stage: Literal["", "demanded", "contested", "stands", "closed"] = ""
    seller: Annotated[str, Field(max_length=100, description="The marketplace's own key of it.")] = ""
    marketplace: Marketplace = ""


class DaysAsked(BaseModel):
    """From one day to another, both in it, as days of the marketplace."""

    model_config = ConfigDict(populate_by_name=True)

    marketplace: Marketplace = ""
    from_day: Annotated[Day | None, Field(alias="from")] = None
    to_day: Annotated[Day | None, Field(alias="to")] = None


class ReleasesAsked(BaseModel):
    """`since`: an instant with its zone. Ask again from a little before the last one that you saw."""

    since: AwareDatetime | None = None
