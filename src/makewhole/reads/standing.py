"""What a seller's standing looks like to somebody: the same values for the page, the API and the command line.

standing_view() is the one place that decides who sees what of it: the seller and staff read all, the marketplace's
back-end reads facts and restrictions without the words of a dispute; another seller finds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.refusal import Refused
from makewhole.domain.standing.counting import Standing, StandingReason
from makewhole.domain.standing.facts import StandingFact
from makewhole.domain.standing.restricting import RestrictionStatement
from makewhole.domain.standing.statements import statement_of
from makewhole.domain.standing.words import RESTRICTED, fact_told, source_told
from makewhole.domain.statement import StatementOfReasons
from makewhole.reads.statements import Paper, paper_of
from makewhole.standing import RESOLVES, RESTRICTS
from makewhole.store.models import Evidence, Marketplace, Restriction, Seller, StandingDispute
from makewhole.store.standing import RestrictionState, StandingKnown, restriction_state, standing_known

SEES: frozenset[RoleName] = frozenset(
    {
        "seller", "marketplace", "adjuster", "reviewer", "finance", "safety_officer", "programme_owner",
        "administrator", "auditor",
    }
)  # fmt: skip
HEARS: frozenset[RoleName] = frozenset({"seller", "reviewer", "programme_owner", "administrator", "auditor"})


@dataclass(frozen=True, slots=True)
class DisputeView:
    """`words` and `files` are empty for who does not hear disputes; `decided_by` is told to staff only."""

    id: UUID
    about: str
    about_told: str
    filed_at: datetime
    words: str
    files: tuple[UUID, ...]
    outcome: str
    reasons: str
    decided_at: datetime | None
    decided_by: str
    to_decide: bool  # by this reader's role; the door still refuses who took part


@dataclass(frozen=True, slots=True)
class FactView:
    fact: StandingFact
    told: str
    source: str
    counts: bool
    counts_until: date | None
    against: bool  # what counts against the seller: among the facts of a reason
    dispute: DisputeView | None  # the latest
    can_be_disputed: bool


@dataclass(frozen=True, slots=True)
class RestrictionView:
    id: UUID
    kind: str
    state: RestrictionState
    decided_at: datetime
    takes_effect_at: datetime
    ends_at: datetime | None
    lifted_at: datetime | None
    lifted_because: str
    policy_version: str
    statement: StatementOfReasons
    facts: tuple[str, ...]  # the keys of those that it rests on
    decided_by: str  # told to staff only
    dispute: DisputeView | None
    can_be_disputed: bool
    can_be_lifted: bool
    shaken: bool  # a fact that it rests on was struck


@dataclass(frozen=True, slots=True)
class StandingView:
    seller: Seller
    marketplace: Marketplace
    at: datetime
    standing: Standing
    facts: tuple[FactView, ...]
    restrictions: tuple[RestrictionView, ...]
    restrictable: tuple[StandingReason, ...]  # what a restriction may rest on, for who may restrict

    @property
    def reasons(self) -> tuple[StandingReason, ...]:
        return self.standing.reasons


def find_seller(by: Actor, *, seller_id: int | None = None, seller_ref: str = "", marketplace: str = "") -> Seller:
    """A seller by its id, or by the marketplace's key of it. One whose standing this reader may not see looks like
    none (`unknown_seller`)."""
    named = {"id": seller_id} if seller_id is not None else {"marketplace_id": marketplace, "seller_ref": seller_ref}
    seller = Seller.objects.filter(**named).first()
    if seller is None or by.role not in SEES or not by.works_in(seller.marketplace_id):
        raise Refused("unknown_seller")
    if by.role == "seller" and by.seller_id != seller.pk:
        raise Refused("unknown_seller")
    return seller


def standing_view(seller: Seller, by: Actor, at: datetime) -> StandingView:
    """The standing of a seller that find_seller() gave to this reader."""
    known = standing_known(seller, at)
    against = {key for reason in known.standing.reasons for key in reason.facts}
    return StandingView(
        seller=seller,
        marketplace=Marketplace.objects.get(code=seller.marketplace_id),
        at=at,
        standing=known.standing,
        facts=tuple(_fact(fact, known, by, against) for fact in known.facts),
        restrictions=tuple(_restriction(each, known, by) for each in known.restrictions),
        restrictable=known.standing.allowing if by.role in RESTRICTS else (),
    )


def _fact(fact: StandingFact, known: StandingKnown, by: Actor, against: set[str]) -> FactView:
    return FactView(
        fact=fact,
        told=fact_told(fact, _),
        source=source_told(fact, _),
        counts=known.counts(fact),
        counts_until=known.counts_until(fact),
        against=fact.key in against,
        dispute=_dispute(known.latest_dispute(fact.key), fact_told(fact, _), by),
        can_be_disputed=by.role == "seller" and fact.can_be_disputed,
    )


def _restriction(row: Restriction, known: StandingKnown, by: Actor) -> RestrictionView:
    about = f"restriction:{row.pk}"
    disputes = [dispute.outcome for dispute in known.disputes if dispute.about == about]
    state = restriction_state(row, known.at)
    return RestrictionView(
        id=row.pk,
        kind=row.kind,
        state=state,
        decided_at=row.decided_at,
        takes_effect_at=row.takes_effect_at,
        ends_at=row.ends_at,
        lifted_at=row.lifted_at,
        lifted_because=row.lifted_because,
        policy_version=row.policy_version,
        statement=_stated(row, by),
        facts=tuple(row.facts),
        decided_by=_decided_by(row, by),
        dispute=_dispute(known.latest_dispute(about), _restriction_told(row), by),
        can_be_disputed=by.role == "seller" and row.lifted_at is None and "" not in disputes,
        can_be_lifted=by.role in RESTRICTS and row.lifted_at is None,
        shaken=any(d.outcome == "struck" and d.about in row.facts for d in known.disputes),
    )


def disputed_told(row: StandingDispute) -> str:
    """What a dispute is about, in a sentence in the reader's language: as the page says it."""
    kind, _colon, key = row.about.partition(":")
    if kind == "restriction":
        return _restriction_told(Restriction.objects.get(id=key))
    known = standing_known(row.seller, row.filed_at)
    return next((fact_told(fact, _) for fact in known.facts if fact.key == row.about), row.about)


def _restriction_told(row: Restriction) -> str:
    return _("The restriction of {kind}.").format(kind=_(RESTRICTED[row.kind]))


def _dispute(row: StandingDispute | None, about_told: str, by: Actor) -> DisputeView | None:
    if row is None:
        return None
    hears = by.role in HEARS
    judges = RESTRICTS if row.about.startswith("restriction:") else RESOLVES
    return DisputeView(
        id=row.pk,
        about=row.about,
        about_told=about_told,
        filed_at=row.filed_at,
        words=row.words if hears else "",
        files=tuple(row.evidence) if hears else (),
        outcome=row.outcome,
        reasons=row.reasons if hears else "",
        decided_at=row.decided_at,
        decided_by=row.decided_by if hears and by.role != "seller" else "",
        to_decide=not row.outcome and by.role in judges,
    )


# Statements of reasons ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RestrictionStated:
    seller: Seller
    statement: StatementOfReasons
    paper: Paper


def restriction_stated(restriction_id: UUID, by: Actor) -> RestrictionStated:
    """The statement of a restriction; `unknown_restriction` for whoever may not see the standing of its seller."""
    row = Restriction.objects.filter(id=restriction_id).first()
    try:
        seller = find_seller(by, seller_id=row.seller_id if row else 0)
    except Refused as refusal:
        raise Refused("unknown_restriction") from refusal
    assert row is not None
    paper = paper_of(Marketplace.objects.get(code=seller.marketplace_id).country)
    return RestrictionStated(seller, _stated(row, by), paper)


def statement_to_seller(row: Restriction) -> StatementOfReasons:
    """The statement as its seller reads it: in the mail, too."""
    return _stated(row, None)


def _stated(row: Restriction, by: Actor | None) -> StatementOfReasons:
    """As it was made; only whom it names depends on the reader."""
    seller = Seller.objects.get(id=row.seller_id)
    market = Marketplace.objects.get(code=seller.marketplace_id)
    named = _decided_by(row, by) if by else ""
    return statement_of(
        msgspec.convert(row.statement, RestrictionStatement),
        reference=f"restriction:{row.pk}",
        to_name=seller.legal_name or seller.name,
        marketplace=market.name,
        zone=market.zone,
        by=(named,) if named else (),
    )


def _decided_by(row: Restriction, by: Actor) -> str:
    """Staff know who of us decided."""
    return "" if by.role in ("seller", "marketplace") else row.decided_by


# What waits, for staff -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StandingsWaiting:
    """Sellers with a dispute that nobody decided, the oldest first; and those that are restricted or will be."""

    disputes: tuple[StandingDispute, ...]
    restrictions: tuple[tuple[Restriction, RestrictionState], ...]


def standings_waiting(by: Actor, at: datetime, *, size: int = 100) -> StandingsWaiting:
    here = {"seller__marketplace_id__in": by.marketplaces} if by.marketplaces else {}
    disputes = StandingDispute.objects.filter(outcome="", **here).select_related("seller").order_by("filed_at", "id")
    bound = Restriction.objects.filter(lifted_at=None, **here).exclude(ends_at__lte=at).select_related("seller")
    restrictions = [(each, restriction_state(each, at)) for each in bound.order_by("-takes_effect_at", "-id")[:size]]
    return StandingsWaiting(tuple(disputes[:size]), tuple(restrictions))


def sellers_called(by: Actor, seller_ref: str) -> list[Seller]:
    """Sellers with this key in the marketplaces where this reader works."""
    here = {"marketplace_id__in": by.marketplaces} if by.marketplaces else {}
    named = seller_ref.replace("\x00", "")
    return list(Seller.objects.filter(seller_ref=named, **here).order_by("marketplace_id"))


def find_file(seller: Seller, evidence_id: UUID, by: Actor) -> Evidence:
    """A file of a dispute, for who hears disputes of this seller."""
    named = StandingDispute.objects.filter(seller=seller, evidence__contains=[evidence_id])
    file = Evidence.objects.filter(id=evidence_id).first()
    if by.role not in HEARS or file is None or not named.exists():
        raise Refused("unknown_evidence", evidence=evidence_id)
    return file
