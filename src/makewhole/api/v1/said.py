"""What may be said to us: the bodies of requests, checked field by field so that every fault is told at once.

The rules check again what is theirs (an amount above zero, a head that exists); here stands what makes a body
readable: texts without null bytes, days that are days, amounts as {"amount": "184.20", "currency": "USD"}.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    model_validator,
)
from pydantic_core import PydanticCustomError

from makewhole import asks
from makewhole.api.v1.problems import sentence
from makewhole.domain.money import MINOR_DIGITS, parse_money
from makewhole.domain.refusal import Refused

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?")  # no 1e3, no 1_000, no figures of other scripts
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


def _refusing(rule: Callable[..., object], *given: object, **named: object) -> None:
    """A rule's refusal as the fault of one field, so that it stands in the list beside the others."""
    try:
        rule(*given, **named)
    except Refused as refusal:
        raise PydanticCustomError(refusal.code, "{told}", {"told": sentence(refusal)}) from None


def _no_null_bytes(told: str) -> str:
    if "\x00" in told:
        raise PydanticCustomError("text_has_null_bytes", "The text has null bytes in it.")
    return told


def _as_day(told: Any) -> Any:  # before pydantic, which would also take seconds since 1970
    if isinstance(told, str) and _DAY.fullmatch(told):
        return told
    raise PydanticCustomError("not_a_day", "This is not a day. Write it like 2026-05-01.")


def _as_id(told: Any) -> Any:  # before pydantic, which would also take other spellings
    if isinstance(told, UUID) or (isinstance(told, str) and _UUID.fullmatch(told)):
        return told
    raise PydanticCustomError("not_an_id", "This is not an id. Write it like 0190a1b2-0000-7000-8000-000000000000.")


Line = Annotated[str, Field(max_length=asks.LONGEST_FIELD), AfterValidator(_no_null_bytes)]
Words = Annotated[str, Field(max_length=asks.LONGEST_TEXT), AfterValidator(_no_null_bytes)]
# What goes into the log is a code or a clause, never free text: that belongs into `words`, and so into the vault.
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._,:;/()§-]{0,59}$")]
Day = Annotated[date, BeforeValidator(_as_day)]
Id = Annotated[UUID, BeforeValidator(_as_id)]
Part = Annotated[StrictInt, Field(ge=0, le=100, description="The number of the part; parts count from 1.")]


class Said(BaseModel):
    """A field that we do not know is a fault: most often a misspelt one that we do."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Money(Said):
    """An amount in major units as text, with at most the currency's decimals. Never a JSON number."""

    amount: Annotated[str, Field(max_length=40, examples=["184.20"])]
    currency: Annotated[str, Field(max_length=3, examples=["USD"], json_schema_extra={"enum": sorted(MINOR_DIGITS)})]

    @model_validator(mode="after")
    def _can_be_meant(self) -> Money:
        _refusing(parse_money, self.amount, self.currency)
        if not _PLAIN.fullmatch(self.amount.strip()):
            _refusing(_refuse, "not_an_amount", given=self.amount)
        if self.amount.lstrip().startswith("-"):
            _refusing(_refuse, "amount_negative", given=self.amount)
        return self


def _refuse(code: str, **facts: object) -> None:
    raise Refused(code, **facts)


class ExposureSaid(Said):
    head: Annotated[Line, Field(examples=["property_damage"])]
    amount: Money


class EvidenceSaid(Said):
    """A file that was sent before; `amount` is what the paper shows."""

    id: Id
    exposure: Part = 0
    amount: Money | None = None


class ContactSaid(Said):
    name: Line
    email: Annotated[Line, Field(examples=["ana@example.com"])]
    phone: Line = ""
    address: Line = ""
    language: Annotated[
        str,
        Field(
            pattern="^([A-Za-z-]{2,5})?$",
            description="In which the mails are written, where we can; empty: the marketplace's.",
            examples=["de"],
        ),
    ] = ""


class PayoutSaid(Said):
    """bank_transfer needs an account and its holder; refund and credit go back to the order's buyer."""

    method: Annotated[Line, Field(examples=["bank_transfer"])]
    account: Line = ""
    holder: Line = ""


class Notice(Said):
    """A first notice of loss."""

    marketplace: Annotated[str, Field(max_length=20, examples=["us"]), AfterValidator(_no_null_bytes)]
    order_ref: Annotated[str, Field(max_length=100), AfterValidator(_no_null_bytes)]
    line_ref: Annotated[str, Field(max_length=100), AfterValidator(_no_null_bytes)]
    loss_date: Day
    story: Words
    exposures: Annotated[list[ExposureSaid], Field(max_length=20)]
    contact: ContactSaid
    payout: PayoutSaid
    evidence: Annotated[list[EvidenceSaid], Field(max_length=50)] = []
    injury: StrictBool = False
    health: Words = ""
    claimant_is_minor: StrictBool = False
    hazards: Annotated[list[Line], Field(max_length=20)] = []
    buyer_ref: Annotated[
        Line | None, Field(description="The one buyer that you vouch for: an order of somebody else is refused.")
    ] = None


class Proof(Said):
    evidence: Annotated[list[EvidenceSaid], Field(max_length=50)]
    supersedes: Annotated[list[Id], Field(max_length=50, description="Earlier files that these replace.")] = []


class Answer(Said):
    evidence: Annotated[list[EvidenceSaid], Field(max_length=50)] = []
    words: Words = ""


class SellerEvidence(Said):
    evidence: Annotated[list[EvidenceSaid], Field(max_length=50)] = []
    words: Words = ""
    flags: Annotated[list[Line], Field(max_length=20, description="Checks that you ask us to look at.")] = []


class MissingSaid(Said):
    exposure: Part
    what: Line


class ProofRequest(Said):
    missing: Annotated[list[MissingSaid], Field(max_length=50)]
    note: Words = ""


class ReasonSaid(Said):
    """Why a part is refused or reduced: the code, the clause of the policy, the files, and your words."""

    code: Code
    clause: Code
    evidence: Annotated[list[Id], Field(max_length=50)] = []
    words: Words = ""


class ConcernSaid(Said):
    """What the claimant is shown before a refusal or reduction: it reads `words` as they stand."""

    exposures: Annotated[list[Part], Field(max_length=20)]
    code: Code
    clause: Code
    words: Words


class LineSaid(Said):
    exposure: Part
    approve: Money | None = None
    refuse: Money | None = None
    reason: ReasonSaid | None = None


class Decision(Said):
    lines: Annotated[list[LineSaid], Field(max_length=20)]


class InWords(Said):
    words: Words


class PerhapsInWords(Said):
    words: Words = ""


class Release(Said):
    """The signature under the very text that the claim shows, named by its digest."""

    text_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    signature: Line


class BankSaid(Said):
    bank_ref: Code


class BankReturned(Said):
    bank_ref: Code
    why: Annotated[Code, Field(examples=["AC04"])]


class Reserve(Said):
    exposure: Part
    amount: Money
    words: Words


class Assignment(Said):
    to: Annotated[str, Field(pattern="^person:[0-9]{1,18}$", examples=["person:12"])]


class QualityReview(Said):
    agrees: StrictBool
    words: Words = ""


class FinishedTask(Said):
    """What waited beside the main path (see `tasks` of the claim) was looked at; your words say what came of it."""

    task: Code
    words: Words


class SafetyReview(Said):
    finding: Code
    words: Words


class AppealSaid(Said):
    words: Words
    evidence: Annotated[list[EvidenceSaid], Field(max_length=50)] = []


class Extension(Said):
    clock: Code
    days: Annotated[StrictInt, Field(ge=1, le=365)]
    words: Words


class Pause(Said):
    clocks: Annotated[list[Code], Field(min_length=1, max_length=20)]
    words: Words


class ViolationSaid(Said):
    """A rule of the marketplace's that a seller broke. `code` is what it is called; no free text."""

    on: Day
    code: Code


class DisputeSaid(Said):
    """What the seller says is wrong: a fact of its standing by its key, or "restriction:<id>"."""

    about: Annotated[Line, Field(examples=["tender_unanswered:MW-7Q2KD-0M4XA:1"])]
    words: Words
    evidence: Annotated[list[Id], Field(max_length=20, description="Files that you sent before.")] = []


class ResolutionSaid(Said):
    """A dispute's end: the fact is struck and counts no more, or it stands; with reasons that the seller reads."""

    outcome: Literal["struck", "stands"]
    words: Words


class RestrictionSaid(Said):
    """Without `clauses` it rests on all that allow it today; without `ends_at` it holds until it is lifted."""

    kind: Literal["listings", "payouts"]
    takes_effect_at: AwareDatetime
    ends_at: AwareDatetime | None = None
    clauses: Annotated[list[Code], Field(max_length=20)] = []
    words: Words


class Batch(Said):
    """Rows of Makewhole's own format; without `marketplace`, a field of each row names it."""

    marketplace: Annotated[str, Field(max_length=20), AfterValidator(_no_null_bytes)] | None = None
    rows: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=5000)]  # each row is checked by itself


class Insurers(Said):
    """Rows of Makewhole's own format: `name`, and `email` where claims are notified to."""

    rows: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=5000)]


class DisbursementsAsked(BaseModel):
    """Which disbursements: all of a marketplace, or those of a seller, of a day, or the one with this reference."""

    marketplace: Annotated[str, Field(max_length=20)] = ""
    seller_ref: Annotated[str, Field(max_length=100)] = ""
    disbursement_ref: Annotated[str, Field(max_length=100)] = ""
    pays_on: Day | None = None


class CoveragesAsked(BaseModel):
    """Which coverages: all of a marketplace, or those of a seller."""

    marketplace: Annotated[str, Field(max_length=20)] = ""
    seller_ref: Annotated[str, Field(max_length=100)] = ""


class PolicyText(Said):
    text: Annotated[
        str, Field(max_length=1_000_000, description="The document, in TOML."), AfterValidator(_no_null_bytes)
    ]


class LinkFor(Said):
    marketplace: Annotated[str, Field(max_length=20), AfterValidator(_no_null_bytes)]
    order_ref: Annotated[str, Field(max_length=100), AfterValidator(_no_null_bytes)]
    line_ref: Annotated[str, Field(max_length=100), AfterValidator(_no_null_bytes)]


# A party is told as "seller:55", "insurer:4" or "marketplace:us".
Party = Annotated[
    str,
    Field(max_length=60, description="Whose it is; may be left out by who speaks for one party only."),
    AfterValidator(_no_null_bytes),
]


class NewContact(Said):
    party: Party = ""
    name: Annotated[str, Field(max_length=200), AfterValidator(_no_null_bytes)] = ""
    email: Annotated[str, Field(max_length=254), AfterValidator(_no_null_bytes)]
    language: Annotated[
        str, Field(max_length=5, description="Of its mails; empty: its country's.", examples=["de"])
    ] = ""


_Kinds = Annotated[
    list[Annotated[str, Field(max_length=20, examples=["confirmations"])]],
    Field(max_length=20, description="Kinds of notices, as GET /notice-kinds names them."),
]


class MailsChosen(Said):
    inbox_only: _Kinds
    language: Annotated[
        str | None, Field(max_length=5, description="Empty: the country's. Left out: as it was.", examples=["de"])
    ] = None


class WebhookChosen(Said):
    not_told: _Kinds


class NewWebhook(Said):
    party: Party = ""
    url: Annotated[str, Field(max_length=500), AfterValidator(_no_null_bytes)]
