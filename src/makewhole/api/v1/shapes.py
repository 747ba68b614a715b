"""The shapes of answers, for OpenAPI only: answers are made in shown.py, and tests hold the two together."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from makewhole.domain.claim.events import CheckOutcome, EvidenceKind, Head, Method
from makewhole.domain.claim.tender_events import Bearer, OfferedBy, StepInWhy, TenderedTo
from makewhole.domain.ledger.accounts import Account
from makewhole.domain.recovery.events import Basis, ContestOutcome, Debtor, Obstacle

RecoveryStage = Literal["demanded", "contested", "stands", "closed"]
Facts = dict[str, Any]  # each kind of event has its own


class Amount(BaseModel):
    amount: Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["184.20"])]
    currency: Annotated[str, Field(examples=["USD"])]


class Missing(BaseModel):
    exposure: int
    what: str


class ExposureShape(BaseModel):
    no: int
    head: Head
    claimed: Amount
    approved: Amount
    refused: Amount
    open: Amount
    paid: Amount
    reason_code: str
    supported: Amount | None
    reserve: Amount | None


class ReleaseShape(BaseModel):
    text_sha256: str
    amount: Amount


class PaymentShape(BaseModel):
    id: UUID
    method: Method
    amount: Amount
    state: Literal["ordered", "settled", "returned"]
    ordered_at: datetime
    ended_at: datetime | None
    bank_ref: str


class ClockShape(BaseModel):
    name: str
    turn: int
    due_at: datetime
    state: Literal["running", "paused", "stopped", "ran_out"]
    rule: Annotated[str, Field(description="The clause of the policy version that it was computed by.")]


class AnswerBy(BaseModel):
    """Who must answer, by which clock; when it is over, silence has the consequence that the policy says."""

    who: str
    clock: str
    due_at: datetime


class TenderShape(BaseModel):
    """The claim handed over once. `amount`: what its papers support; to those who may have to pay."""

    no: int
    to: TenderedTo
    amount: Amount | None
    tendered_at: datetime
    answer: Literal["", "accepted", "handles", "offered", "rejected", "passed_on", "silent"]
    reasons: list[str]
    answered_at: datetime | None
    ended_at: datetime | None


class OfferShape(BaseModel):
    no: int
    by: OfferedBy
    amount: Amount


class InsurerTenderShape(BaseModel):
    """The seller's insurer and what it said. `to_be_checked`: an anti-subrogation check comes first."""

    insurer_id: int
    answer: Literal["", "accepts", "reserves_rights", "asks", "denies", "silent"]
    clause: Annotated[str, Field(description="Of the insurer's own policy.")]
    answer_by: datetime | None
    deductible: Amount
    limit_left: Amount
    to_be_checked: bool
    owes: bool


class BearerShape(BaseModel):
    outcome: Bearer
    clause: str


class DebtShape(BaseModel):
    """What one debtor owes of what was paid. What is held of its payouts does not count yet: it may go back."""

    debtor: Debtor
    owed: Amount
    received: Amount
    to_go_back: Amount
    written_off: Amount
    outstanding: Amount


class WithholdingShape(BaseModel):
    """Held back of one payout: `released` of it went back, `applied` of it has paid the debt, the rest is held."""

    disbursement_id: int
    amount: Amount
    released: Amount
    applied: Amount
    withheld_at: datetime
    ended_at: datetime | None


class ContestOfRecovery(BaseModel):
    no: int
    by: Debtor
    reasons: list[str]
    filed_at: datetime
    outcome: ContestOutcome | None
    decided_at: datetime | None


class InstalmentShape(BaseModel):
    due_on: date
    amount: Amount


class RecoveryShape(BaseModel):
    """What is asked back of a claim: never more than was `paid`."""

    no: int
    stage: RecoveryStage
    outcome: str
    basis: Basis
    clause: str
    obstacle: Obstacle
    opened_at: datetime
    closed_at: datetime | None
    contest_by: datetime | None
    paid: Amount
    debts: list[DebtShape]
    held: Amount
    applied: Amount
    released: Amount
    repayments_due: Amount
    withheld: list[WithholdingShape]
    contests: list[ContestOfRecovery]
    instalments: list[InstalmentShape]


class Links(BaseModel):
    self: str
    timeline: str
    acts: str


class ClaimShape(BaseModel):
    """A claim. `turn` is the role that must act next; nobody's once closed."""

    reference: Annotated[str, Field(examples=["MW-7Q2KD-0M4XA"])]
    id: UUID
    version: int
    marketplace: str
    stage: str
    turn: str
    outcome: str
    filed_at: datetime
    loss_date: date
    injury: bool
    policy_version: str
    claimed: Amount
    approved: Amount
    refused: Amount
    paid: Amount
    exposures: list[ExposureShape]
    missing: list[Missing]
    release: ReleaseShape | None
    payments: list[PaymentShape]
    clocks: list[ClockShape]
    answer_by: AnswerBy | None
    tenders: list[TenderShape]
    offers: list[OfferShape]
    waived: Annotated[Amount, Field(description="Given up by an offer that was accepted.")]
    settled: Annotated[Amount, Field(description="Paid to the claimant by the seller itself.")]
    stepped_in: Annotated[StepInWhy | None, Field(description="Why the platform paid although nobody liable did.")]
    insurer: Annotated[InsurerTenderShape | None, Field(description="Not to the claimant's side.")]
    bearer: Annotated[BearerShape | None, Field(description="Who bears the cost; not to the claimant's side.")]
    recoveries: Annotated[list[RecoveryShape], Field(description="What is asked back; not to the claimant's side.")]
    links: Links


class EvidenceShape(BaseModel):
    id: UUID
    kind: EvidenceKind
    exposure: int
    amount: Amount
    media_type: str
    size_bytes: int
    uploaded_at: datetime
    sent_by: Literal["claimant", "seller", "insurer", "producer", "staff", "machine"]
    is_photo: bool
    active: Annotated[bool, Field(description="A PDF that would do something when opened.")]
    superseded: bool
    hidden: Annotated[bool, Field(description="Health papers, to readers who do not decide.")]
    href: str


class ConcernShape(BaseModel):
    exposures: list[int]
    code: str
    clause: str
    words: str


class CheckShape(BaseModel):
    name: str
    outcome: CheckOutcome
    found: str
    weight: int


class FileShape(BaseModel):
    """What stands in the claim's file. Empty where this reader does not see it."""

    order_ref: str
    line_ref: str
    product_title: str
    seller_name: str
    zone: str
    story: str
    health: str
    contact: Facts | None
    payee: Facts | None
    producer: Annotated[Facts | None, Field(description="Whom the seller named: name and mail.")]
    evidence: list[EvidenceShape]
    concern: ConcernShape | None
    release_text: str
    checks: list[CheckShape]
    reasons: list[str]
    proposal: Facts | None
    tasks: list[str]
    assigned_to: str


class ClaimWithFile(ClaimShape):
    file: FileShape


class ClaimRowShape(BaseModel):
    reference: str
    id: UUID
    version: int
    marketplace: str
    order_ref: str
    line_ref: str
    stage: str
    turn: str
    outcome: str
    filed_at: datetime
    loss_date: date
    due_at: datetime | None
    claimed: Amount
    approved: Amount
    paid: Amount
    links: Links


class Page(BaseModel):
    next: Annotated[str | None, Field(description="Give it as `cursor` for the next page; null after the last.")]


class Claims(Page):
    items: list[ClaimRowShape]


class Worklist(Page):
    items: list[ClaimRowShape]
    total: int
    late: int


class Step(BaseModel):
    version: int
    kind: str
    at: datetime
    by: str
    facts: Facts
    words: str


class Timeline(Page):
    items: list[Step]


class LogEntry(BaseModel):
    """One event as stored: `digest` is SHA-256 over the bytes of `prior` and then of the SHA-256 of `body`."""

    version: int
    kind: str
    at: datetime
    body: str
    prior: str
    digest: str


class Log(Page):
    items: list[LogEntry]


class AmountTold(BaseModel):
    """Money, and in words whose it is and which way it goes; `payer` and `payee` are empty where it does not move."""

    what: str
    amount: Amount
    way: str
    payer: Literal["platform", "claimant", "seller", "insurer", "producer", ""]
    payee: Literal["platform", "claimant", "seller", "insurer", "producer", ""]


class NameAndValue(BaseModel):
    name: str
    value: str


class ClauseCited(BaseModel):
    clause: Annotated[str, Field(examples=["us 2026-1 · route.direct"])]
    sentence: str


class EvidenceCited(BaseModel):
    id: UUID | None
    kind: str
    sha256: str
    about: str
    sent_by: str


class DecidedBy(BaseModel):
    machine: Annotated[Literal["alone", "prepared", "none"], Field(description="The machine's part.")]
    people: int
    sentence: str
    by: Annotated[list[str], Field(description="Only for those who work on claims.")]


class ContestShape(BaseModel):
    how: list[str]
    to: str
    until: datetime | None


class StatementLinks(BaseModel):
    self: str
    pdf: str


class ReasonsShape(BaseModel):
    """A statement of reasons, whatever it is about, as it was issued to one party. `text` is all of it, in lines."""

    kind: Annotated[str, Field(examples=["claim_decided", "seller_restricted"])]
    reference: str
    issued_at: datetime
    issuer: str
    marketplace: str
    to: Literal["claimant", "seller", "insurer", "producer"]
    to_name: str
    title: str
    about: list[NameAndValue]
    facts: list[str]
    amounts: list[AmountTold]
    wrote: Annotated[list[str], Field(description="What the deciders wrote, where you may read it.")]
    policy_version: str
    clauses: list[ClauseCited]
    evidence: list[EvidenceCited]
    decided: DecidedBy
    then: list[str]
    contest: ContestShape
    others_see: list[str]
    text: str


class StatementShape(ReasonsShape):
    """A statement of reasons on a claim. `version` is its entry of the claim's log."""

    version: int
    links: StatementLinks


class Statements(Page):
    items: list[StatementShape]


class ExportedEvent(BaseModel):
    """An event with its body; or, withheld, with the SHA-256 of its body."""

    version: int
    prior: str
    digest: str
    body: str | None = None
    withheld: bool = False
    body_sha256: str | None = None


class ClaimExport(BaseModel):
    """What `makewhole verify` reads; docs/guides/verifying.md says what each section is and what it proves."""

    format: Literal["makewhole claim export 1"]
    about: Facts
    claim: Facts
    calendar: Facts
    policies: list[Facts]
    events: list[ExportedEvent]
    checkpoint: Facts | None
    parts: dict[str, str]
    signature: Annotated[str, Field(pattern="^[0-9a-f]{128}$")]


class EvidenceKept(BaseModel):
    id: UUID
    kind: EvidenceKind
    media_type: str
    size_bytes: int
    sha256: str


class RowReason(BaseModel):
    field: str
    code: str
    what: str


class BadRowShape(BaseModel):
    row: Annotated[int, Field(description="Counted from 1.")]
    reasons: list[RowReason]


class BatchReport(BaseModel):
    rows: int
    new: int
    changed: int
    unchanged: int
    repeated: int
    bad: int
    sellers_created: int
    bad_rows: list[BadRowShape]


class OrderLineShape(BaseModel):
    line_ref: str
    seller_ref: str
    buyer_ref: str
    product_ref: str
    product_title: str
    category: str
    quantity: int
    price: Amount
    ordered_at: datetime
    delivered_at: datetime | None
    channel: str
    physical: bool


class OrderShape(BaseModel):
    marketplace: str
    order_ref: str
    lines: list[OrderLineShape]


class SellerShape(BaseModel):
    marketplace: str
    seller_ref: str
    name: str
    legal_name: str
    country: str
    good_standing: bool
    closed_at: datetime | None
    insolvent_since: date | None


class WithheldShape(BaseModel):
    """So much less is paid out with this disbursement, for this claim."""

    disbursement_ref: str
    claim: Annotated[str, Field(examples=["MW-7Q2KD-0M4XA"])]
    amount: Amount


class DisbursementsReport(BatchReport):
    withheld: Annotated[
        list[WithheldShape], Field(description="By how much each of these disbursements is to be less.")
    ]


class DisbursementShape(BaseModel):
    """`net` less `to_withhold` is `to_pay`."""

    marketplace: str
    disbursement_ref: str
    seller_ref: str
    net: Amount
    pays_on: date
    told_at: datetime
    to_withhold: Amount
    to_pay: Amount
    withheld: list[WithheldShape]


class Disbursements(Page):
    items: list[DisbursementShape]


class InsurerShape(BaseModel):
    id: int
    name: str
    email: str


class Insurers(Page):
    items: list[InsurerShape]


class CoverageShape(BaseModel):
    """In force from `starts_on` until the day before `ends_on`. `insurer_id` is null where nobody can be notified."""

    marketplace: str
    seller_ref: str
    insurer: str
    insurer_id: int | None
    policy_number: str
    starts_on: date
    ends_on: date
    limit: Amount
    paid: Amount
    deductible: Amount
    platform_is_insured: bool
    verified_at: datetime | None


class Coverages(Page):
    items: list[CoverageShape]


class RecoveryRowShape(BaseModel):
    """A line of the list of recoveries. The whole of one stands in its claim."""

    claim: Annotated[str, Field(examples=["MW-7Q2KD-0M4XA"])]
    no: int
    marketplace: str
    seller_ref: str
    stage: RecoveryStage
    outcome: str
    obstacle: Obstacle
    basis: Basis
    clause: str
    paid: Amount
    owed_by_seller: Amount
    owed_by_others: Amount
    held: Amount
    applied: Amount
    released: Amount
    received: Amount
    to_go_back: Amount
    written_off: Amount
    opened_at: datetime
    closed_at: datetime | None
    links: Links


class Recoveries(Page):
    items: list[RecoveryRowShape]


class ReleasedLine(BaseModel):
    disbursement_ref: str
    amount: Amount


class FundsReleasedShape(BaseModel):
    """Goes back to the seller, once. `id` names it: told twice, it is the same."""

    id: str
    claim: str
    marketplace: str
    seller_ref: str
    at: datetime
    why: str
    amount: Amount
    lines: list[ReleasedLine]


class Releases(Page):
    items: list[FundsReleasedShape]


class PostingShape(BaseModel):
    at: datetime
    claim: str
    kind: Annotated[str, Field(description="The event that moved the money.")]
    amount: Amount


class AccountShape(BaseModel):
    """One account in one currency. Debits are above zero, credits below."""

    account: Account
    opening: Amount
    lines: list[PostingShape]
    closing: Amount


class DifferenceShape(BaseModel):
    account: str
    booked: Amount
    by_row: Amount


class AccountsShape(BaseModel):
    """`reconciles`: today the books say to the cent what the claims and recoveries say; else `differences`."""

    seller_ref: str
    marketplace: str
    from_day: date | None
    to_day: date | None
    accounts: list[AccountShape]
    reconciles: bool
    differences: list[DifferenceShape]


class OverturnedShape(BaseModel):
    """`overturned_percent`: upheld wholly or in part, of what was decided; null before anything is."""

    kind: Literal["contest", "appeal"]
    marketplace: str
    clause: str
    first_decider: str
    filed: int
    open: int
    decided: int
    upheld: int
    partly: int
    dismissed: int
    overturned_percent: str | None


class OverturnsShape(BaseModel):
    """Who decided first is told to reviewers, programme owners and auditors only."""

    from_day: date | None
    to_day: date | None
    by_marketplace: list[OverturnedShape]
    by_clause: list[OverturnedShape]
    by_first_decider: list[OverturnedShape]


class DisputeShape(BaseModel):
    id: UUID
    about: str
    filed_at: datetime
    words: str
    evidence: list[UUID]
    outcome: Annotated[Literal["", "struck", "stands"], Field(description="Empty while nobody has decided.")]
    reasons: str
    decided_at: datetime | None


class StandingFactShape(BaseModel):
    key: Annotated[str, Field(examples=["tender_unanswered:MW-7Q2KD-0M4XA:1"])]
    kind: str
    on: date
    told: str
    source: Literal["claim", "marketplace", "coverage", "account"]
    claim: str
    code: str
    state: Literal["stands", "disputed", "struck"]
    counts: bool
    counts_until: Annotated[date | None, Field(description="Null for what counts as long as it is so.")]
    dispute: DisputeShape | None


class StandingReasonShape(BaseModel):
    subject: str
    level: Literal["at_risk", "may_be_restricted", "not_assessed"]
    clause: str
    because: str
    facts: list[str]


class PaperLink(BaseModel):
    pdf: str


class RestrictionShape(BaseModel):
    id: UUID
    kind: Literal["listings", "payouts"]
    state: Literal["announced", "in_force", "ended", "lifted"]
    decided_at: datetime
    takes_effect_at: datetime
    ends_at: datetime | None
    lifted_at: datetime | None
    lifted_because: str
    policy_version: str
    facts: Annotated[list[str], Field(description="The keys of the facts that it rests on.")]
    statement: ReasonsShape
    links: PaperLink
    dispute: DisputeShape | None


class StandingShape(BaseModel):
    marketplace: str
    seller_ref: str
    level: Literal["good", "at_risk", "may_be_restricted", "not_assessed"]
    on: date
    policy_version: str
    reasons: list[StandingReasonShape]
    facts: list[StandingFactShape]
    restrictions: list[RestrictionShape]


class ClaimLink(BaseModel):
    buyer_ref: str
    url: str
    valid_days: int


class PolicyVersionShape(BaseModel):
    version: Annotated[str, Field(examples=["us 2026-1"])]
    policy: str
    digest: str
    published_at: datetime
    published_by: str


class PolicyVersionText(PolicyVersionShape):
    text: str


class PolicyVersions(Page):
    items: list[PolicyVersionShape]


class RuleInForce(BaseModel):
    part: str
    name: str
    told: str
    selected_by: str
    from_day: date
    until: date | None
    source: str
    checked: date


class PolicyOnDay(BaseModel):
    policy: str
    version: str
    day: date
    rules: list[RuleInForce]


class FindingShape(BaseModel):
    where: str
    what: str


class PolicyCheck(BaseModel):
    findings: list[FindingShape]


class FieldFault(BaseModel):
    where: Annotated[str, Field(examples=["body.exposures.0.amount"])]
    code: str
    what: str


class ProblemShape(BaseModel):
    """RFC 9457. `code` names the rule and stays; `detail` is a sentence for people."""

    type: Annotated[str, Field(examples=["/problems/page_is_stale"])]
    title: str
    status: int
    detail: str
    code: str
    facts: Facts
    errors: list[FieldFault]


class ContactShape(BaseModel):
    """Somebody who is told by mail; without an id, the address on the party's own row, told while there is no other."""

    id: int | None
    party: Annotated[str, Field(examples=["seller:55"])]
    name: str
    email: str
    active: bool
    inbox_only: Annotated[list[str], Field(description="Kinds of notices that do not come by mail.")]
    language: Annotated[
        str,
        Field(description="In which its mails are written: what was chosen, else its country's.", examples=["en-gb"]),
    ]


class Contacts(Page):
    items: list[ContactShape]


class NoticeKindShape(BaseModel):
    """`optional`: its mail may be left out; else `why` not, and the `source` of that."""

    kind: Annotated[str, Field(examples=["owed"])]
    title: str
    optional: bool
    why: str
    source: str
    notices: list[str]


class NoticeKinds(Page):
    items: list[NoticeKindShape]


class WebhookShape(BaseModel):
    """`rests_until`: it did not answer, and is not asked before then. A secret signs beside its successor for a day."""

    id: UUID
    party: str
    url: str
    active: bool
    added_at: datetime
    removed_at: datetime | None
    removed_why: str
    rests_until: datetime | None
    old_secret_until: datetime | None
    not_told: Annotated[list[str], Field(description="Kinds of notices that are not posted there.")]


class WebhookWithSecret(WebhookShape):
    """`secret` is shown in the first answer only, and null where the same key is sent again."""

    secret: Annotated[str | None, Field(examples=["whsec_…"])]


class Webhooks(Page):
    items: list[WebhookShape]


class WebhookAttemptShape(BaseModel):
    at: datetime
    status: Annotated[int | None, Field(description="The status of the answer; null where none came.")]
    error: str


class DeliveryShape(BaseModel):
    id: UUID
    webhook_id: Annotated[str, Field(description="As in the message's header: the same for each attempt.")]
    type: str
    created_at: datetime
    state: Literal["waiting", "delivered", "given_up"]
    next_attempt_at: datetime | None
    attempts: list[WebhookAttemptShape]


class Deliveries(Page):
    items: list[DeliveryShape]
