"""What a claim looks like to somebody: plain values for pages, API and CLI, redacted for the reader's role.

claim_view() is the one place that decides who sees what of a claim: staff and auditors see everything but
sealed words they do not need; claimants see their own, without the screening and without what is asked back of
others; respondents (seller, its insurer, the producer) see the file they may have to answer for, without names,
contacts, accounts and health.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

import msgspec
from django.db.models import Q

from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.calendar import Calendar
from makewhole.domain.claim import events as ev
from makewhole.domain.claim import tender_events as tender
from makewhole.domain.claim.decide import sees
from makewhole.domain.claim.events import Recorded
from makewhole.domain.claim.paying import release_text
from makewhole.domain.claim.state import (
    AwaitingAnswer,
    AwaitingProof,
    AwaitingRelease,
    AwaitingSecond,
    Claim,
    Clock,
    Exposure,
    UnderReview,
    fold,
)
from makewhole.domain.policy.rules import Rules
from makewhole.domain.recovery import events as rv
from makewhole.domain.recovery.events import RecoveryEvent
from makewhole.domain.refusal import Refused
from makewhole.reads.hiding import hiding
from makewhole.store import policies, vault
from makewhole.store.codec import decode
from makewhole.store.models import Claim as ClaimRow
from makewhole.store.models import Event, Evidence, OrderLine, VaultItem
from makewhole.store.rows import stage_name

# Who reads what beyond the bare file.
SEES_SCREENING: frozenset[RoleName] = frozenset(
    {"adjuster", "reviewer", "programme_owner", "finance", "auditor", "safety_officer"}
)
SEES_PERSON: frozenset[RoleName] = frozenset({"claimant", "adjuster", "reviewer", "programme_owner", "safety_officer"})
SEES_HEALTH: frozenset[RoleName] = frozenset({"claimant", "adjuster", "reviewer", "programme_owner"})
SEES_PAYEE: frozenset[RoleName] = frozenset({"claimant", "finance"})
SEES_PRODUCER: frozenset[RoleName] = frozenset({"seller", "adjuster", "reviewer", "programme_owner"})
# Steps that a party reads in its timeline; staff read all.
_INNER = (
    ev.ClaimScreened,
    ev.ClaimReferred,
    ev.QualityReviewAsked,
    ev.QualityReviewed,
    ev.ReserveSet,
    ev.ClaimAssigned,
    ev.DecisionProposed,
    ev.ProposalReturned,
)


# What is between the platform, the seller and its insurer: no business of the claimant's side.
_BETWEEN_OTHERS = (
    *get_args(RecoveryEvent),
    tender.InsurerNotified,
    tender.InsurerAnswered,
    tender.InsurerSilent,
    tender.SubrogationChecked,
    tender.ProofOfInsuranceAsked,
    tender.ProofOfInsuranceSent,
    tender.ProofOfInsuranceChecked,
    tender.BearerDecided,
)


def may_read(event: ev.ClaimEvent, by: Actor) -> bool:
    """Whether a reader may know of this event at all, in its timeline and in an export."""
    if by.role in SEES_SCREENING:
        return True
    if by.role in ("claimant", "marketplace") and isinstance(event, _BETWEEN_OTHERS):
        return False
    return not isinstance(event, _INNER)


# What a respondent reads in full: its own words, and those that are addressed to it.
_SAID_TO_RESPONDENTS = (
    ev.SellerEvidenceAdded,
    tender.TenderAccepted,
    tender.SellerHandles,
    tender.SettlementReported,
    tender.SettlementConfirmed,
    tender.SettlementDenied,
    tender.OfferMade,
    tender.OfferRefused,
    tender.TenderRejected,
    tender.TenderPassedOn,
    tender.RejectionAnswered,
    tender.NoDefectFound,
    tender.InsurerAnswered,
    tender.ProofOfInsuranceSent,
    tender.ProofOfInsuranceChecked,
    rv.RecoveryContested,
    rv.ContestDecided,
)


@dataclass(frozen=True, slots=True)
class EvidenceView:
    evidence_id: UUID
    kind: str
    exposure: int
    documented_minor: int
    media_type: str
    size_bytes: int
    uploaded_at: datetime
    sent_by: str  # claimant, seller, insurer, producer or staff
    is_photo: bool
    active: bool
    superseded: bool
    hidden: bool  # known of, and not to be opened by this reader


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One event. `facts` are plain values for the page or the API; `words` are opened only for who may read."""

    version: int
    kind: str
    at: datetime
    by: str
    event: ev.ClaimEvent
    words: str


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim as one reader may see it."""

    claim: Claim
    marketplace: str
    order_ref: str
    line_ref: str
    product_title: str
    seller_name: str
    stage: str
    turn: str
    outcome: str
    exposures: tuple[Exposure, ...]
    missing: tuple[ev.MissingProof, ...]
    concern: tuple[ev.ConcernRaised, str] | None  # the newest one shown, with its words
    reasons: tuple[str, ...]  # why a person is asked; for staff
    proposal: ev.DecisionProposed | None
    release_text: str
    checks: tuple[ev.Check, ...]
    clocks: tuple[Clock, ...]
    zone: str
    calendar: Calendar
    evidence: tuple[EvidenceView, ...]
    timeline: tuple[TimelineStep, ...]
    contact: dict[str, Any] | None
    story: str
    health: str
    payee: dict[str, Any] | None
    producer: dict[str, Any] | None  # whom the seller named: name and mail
    # Our people's names by how the log calls them, for a page that only staff read; empty where nobody looked them up.
    staff: Mapping[str, str] = field(default_factory=dict)
    _versions: dict[datetime, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def loss_date(self) -> date:
        return self.claim.filed.loss_date

    def version_at(self, at: datetime) -> str:
        """The version of the marketplace's rules that an act at that instant would be decided by; looked up once."""
        if at not in self._versions:
            self._versions[at] = policies.version_in_force(self.marketplace, at)
        return self._versions[at]

    def rules_at(self, at: datetime) -> Rules:
        """The rules of that version for this claim, as an act at that instant would find them."""
        day_of = self.calendar.day_of
        return policies.rules_of(self.version_at(at), self.loss_date, day_of(self.claim.filed_at), day_of(at))


def find_claim(name: str, by: Actor) -> UUID:
    """The id of a claim by its reference or id, where this reader may see it; refuses `unknown_claim`."""
    try:
        which = Q(id=UUID(name))
    except ValueError:
        which = Q(reference=name.upper())
    columns = ("id", "marketplace_id", "claimant_id", "seller_id", "insurer_id")
    row = ClaimRow.objects.filter(which).values(*columns).first()
    if row is None or not by.works_in(row["marketplace_id"]):
        raise Refused("unknown_claim")
    if by.role == "claimant" and row["claimant_id"] != by.claimant_id:
        raise Refused("unknown_claim")
    if by.role == "seller" and row["seller_id"] != by.seller_id:
        raise Refused("unknown_claim")
    if by.role == "insurer" and (by.insurer_id is None or row["insurer_id"] != by.insurer_id):
        raise Refused("unknown_claim")
    if by.role == "producer" and not _names_producer(row["id"], by):
        raise Refused("unknown_claim")
    found: UUID = row["id"]
    return found


def _names_producer(claim_id: UUID, by: Actor) -> bool:
    """Whether this claim was passed on to that producer: the vault's item that names it is the claim's."""
    assert by.producer_id is not None
    return VaultItem.objects.filter(id=by.producer_id, claim_id=claim_id, kind="producer").exists()


def claim_view(claim_id: UUID, by: Actor) -> ClaimView:
    """The claim as this reader may see it; refuses `unknown_claim` to everybody else."""
    history = history_of(claim_id)
    claim = fold(claim_id, history)
    if claim is None or not sees(by, claim):
        raise Refused("unknown_claim")
    line = OrderLine.objects.select_related("seller").get(id=claim.filed.order_line_id)
    opened = _opened(claim_id, by)
    calendar = policies.calendar_of(claim.filed.marketplace)
    staff = by.role in SEES_SCREENING
    stage = claim.stage
    return ClaimView(
        claim=claim,
        marketplace=claim.filed.marketplace,
        order_ref=line.order_ref,
        line_ref=line.line_ref,
        product_title=line.product_title,
        seller_name=line.seller.name,
        stage=stage_name(claim),
        turn=claim.whose_turn(),
        outcome=getattr(stage, "outcome", ""),
        exposures=claim.exposures,
        missing=stage.missing if isinstance(stage, AwaitingProof) else (),
        concern=_concern(history, opened) if isinstance(stage, AwaitingAnswer) and not by.is_respondent else None,
        reasons=stage.reasons if isinstance(stage, UnderReview) and staff else (),
        proposal=stage.proposal if isinstance(stage, AwaitingSecond) and staff else None,
        release_text=release_text(claim) if isinstance(stage, AwaitingRelease) else "",
        checks=claim.checks if staff else (),
        clocks=claim.clocks,
        zone=calendar.zone,
        calendar=calendar,
        evidence=_evidence(claim, by),
        timeline=_timeline(history, opened, by),
        contact=_record(opened, "contact") if by.role in SEES_PERSON else None,
        story=_last(opened, "story"),
        health=_last(opened, "health") if by.role in SEES_HEALTH else "",
        payee=_record(opened, "payee") if by.role in SEES_PAYEE else None,
        producer=_record(opened, "producer") if by.role in SEES_PRODUCER else None,
    )


def history_of(claim_id: UUID) -> list[Recorded]:
    """All that happened to a claim, from the log."""
    bodies = Event.objects.filter(claim_id=claim_id).order_by("version").values_list("body", flat=True)
    return [decode(body)[1] for body in bodies]


def _opened(claim_id: UUID, by: Actor) -> dict[UUID, tuple[str, str]]:
    kinds = {"story", "note"}
    if by.role in SEES_PERSON:
        kinds |= {"contact"}
    if by.role in SEES_HEALTH:
        kinds |= {"health"}
    if by.role in SEES_PAYEE:
        kinds |= {"payee"}
    if by.role in SEES_PRODUCER:
        kinds |= {"producer"}
    if by.is_respondent:
        return _without_the_claimant(vault.read(claim_id, kinds=kinds | {"contact", "payee"}))
    return vault.read(claim_id, kinds=kinds)


def _without_the_claimant(opened: dict[UUID, tuple[str, str]]) -> dict[UUID, tuple[str, str]]:
    """Whatever the vault knows of the claimant's name, address and account is left out of what others wrote."""
    hide = hiding([words for kind, words in opened.values() if kind in ("contact", "payee")])
    told = {item: (kind, words) for item, (kind, words) in opened.items() if kind not in ("contact", "payee")}
    return {item: (kind, words if kind == "producer" else hide(words)) for item, (kind, words) in told.items()}


def _last(opened: dict[UUID, tuple[str, str]], kind: str) -> str:
    return next((words for of_kind, words in reversed(opened.values()) if of_kind == kind), "")


def _record(opened: dict[UUID, tuple[str, str]], kind: str) -> dict[str, Any] | None:
    words = _last(opened, kind)
    record: dict[str, Any] | None = msgspec.json.decode(words) if words else None
    return record


def _concern(history: list[Recorded], opened: dict[UUID, tuple[str, str]]) -> tuple[ev.ConcernRaised, str] | None:
    for recorded in reversed(history):
        if isinstance(recorded.event, ev.ConcernRaised):
            words = recorded.event.reason.words
            return recorded.event, opened.get(words.item_id, ("", ""))[1] if words else ""
    return None


def _evidence(claim: Claim, by: Actor) -> tuple[EvidenceView, ...]:
    rows = {row.id: row for row in Evidence.objects.filter(claim_id=claim.claim_id)}
    return tuple(
        EvidenceView(
            evidence_id=item.evidence_id,
            kind=item.kind,
            exposure=item.exposure_no,
            documented_minor=item.documented_minor,
            media_type=rows[item.evidence_id].media_type,
            size_bytes=rows[item.evidence_id].size_bytes,
            uploaded_at=rows[item.evidence_id].uploaded_at,
            sent_by=_side(rows[item.evidence_id].uploaded_by),
            is_photo=rows[item.evidence_id].display_sha256 is not None,
            active=rows[item.evidence_id].active,
            superseded=item.evidence_id in claim.superseded,
            hidden=not may_open(rows[item.evidence_id], by),
        )
        for item in claim.evidence
        if item.evidence_id in rows
    )


def may_open(file: Evidence, by: Actor) -> bool:
    """Health papers are for those who decide. A respondent opens photos of the damage and its own files: other papers
    carry names."""
    if file.health and by.role not in SEES_HEALTH:
        return False
    if not by.is_respondent:
        return True
    return file.uploaded_by == by.name or (file.kind == "photo" and file.display_sha256 is not None)


# Which side an actor's name is of; a marketplace's back-end speaks for the claimant.
_SIDES = {
    "seller": "seller",
    "insurer": "insurer",
    "producer": "producer",
    "person": "staff",
    "machine": "machine",
    "claimant": "claimant",
    "marketplace": "claimant",
}


def _side(name: str) -> str:
    return _SIDES.get(name.partition(":")[0], "staff")


def _timeline(history: list[Recorded], opened: dict[UUID, tuple[str, str]], by: Actor) -> tuple[TimelineStep, ...]:
    insider = by.role in SEES_SCREENING
    return tuple(
        TimelineStep(
            version=version,
            kind=type(recorded.event).__name__,
            at=recorded.at,
            by=recorded.by if insider else _side(recorded.by),
            event=recorded.event,
            words=_words(recorded.event, opened) if _may_hear(recorded.event, by) else "",
        )
        for version, recorded in enumerate(history, start=1)
        if may_read(recorded.event, by) and (insider or not _is_a_draft(recorded.event, history[version:], by))
    )


def _may_hear(event: ev.ClaimEvent, by: Actor) -> bool:
    return not by.is_respondent or isinstance(event, _SAID_TO_RESPONDENTS)


def _is_a_draft(event: ev.ClaimEvent, later: list[Recorded], by: Actor) -> bool:
    """The answer to a rejection is the platform's once a second person agreed, and the seller's to read then."""
    if not isinstance(event, tender.RejectionAnswered):
        return False
    return not by.is_respondent or not any(isinstance(each.event, tender.SteppedIn) for each in later)


def _words(event: ev.ClaimEvent, opened: dict[UUID, tuple[str, str]]) -> str:
    """What a person said with an act, opened; of a decision, the words of each of its reasons."""
    reasons = [line.reason for line in event.lines if line.reason] if isinstance(event, ev.ClaimDecided) else []
    if isinstance(event, ev.ConcernRaised | tender.NoDefectFound | rv.ContestDecided | rv.RecoveryWrittenOff):
        reasons.append(event.reason)
    if isinstance(event, tender.RejectionAnswered):
        reasons += event.answers
    said = [reason.words for reason in reasons]
    said += [getattr(event, "words", None), getattr(event, "note", None)]
    return "\n".join(opened[each.item_id][1] for each in said if each is not None and each.item_id in opened)
