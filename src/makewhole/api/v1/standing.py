"""The standing of a seller: its dated facts, what the policy makes of them, disputes, restrictions.

Every change goes through the write door of standing, and answers with the standing as it is then.
"""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from makewhole import asks
from makewhole import standing as door
from makewhole.api.v1 import said, shapes
from makewhole.api.v1.answers import answer
from makewhole.api.v1.asking import HIT, key_in
from makewhole.api.v1.batches import marketplace_in, storable
from makewhole.api.v1.once import Told
from makewhole.api.v1.statements import on_paper, statement_shown
from makewhole.api.v1.tokens import Token, by, now, role_in
from makewhole.domain.refusal import Refused
from makewhole.handle import Key
from makewhole.reads.standing import (
    SEES,
    DisputeView,
    RestrictionView,
    StandingView,
    find_seller,
    restriction_stated,
    standing_view,
)
from makewhole.standing import Acted
from makewhole.store.models import Seller

router = Router(tags=["standing"])
PLACE = "/sellers/{seller_ref}/standing"


@router.get(PLACE, auth=Token("standing:read"), response=shapes.StandingShape, summary="A seller's standing")
def show_standing(request: HttpRequest, seller_ref: str, marketplace: Query[str] = "") -> HttpResponse:
    """Each dated fact with its source, the reasons with their clauses, and restrictions with their statements."""
    return answer(_shown(request, _seller(request, seller_ref, marketplace)))


@router.put("/sellers/{seller_ref}/violations/{report_ref}", auth=Token("standing:act"),
            response=shapes.StandingShape, summary="Report a violation")  # fmt: skip
def report_violation(
    request: HttpRequest, seller_ref: str, report_ref: str, told: said.ViolationSaid, marketplace: Query[str] = ""
) -> HttpResponse:
    """A rule of the marketplace's that the seller broke, under your own key of it: told again it is the same report.
    The seller hears of it, and can dispute it."""
    seller = _seller(request, seller_ref, marketplace)
    return _done(
        request,
        seller,
        door.report_violation(
            seller.pk, ref=storable(report_ref), code=told.code, on=told.on, by=by(request), at=now(),
            key=_key(request, "report", seller, (report_ref, told)),
        ),
    )  # fmt: skip


@router.post(f"{PLACE}/disputes", auth=Token("standing:act"), response=shapes.StandingShape, summary="Dispute a fact")
def dispute(
    request: HttpRequest, seller_ref: str, told: said.DisputeSaid, marketplace: Query[str] = ""
) -> HttpResponse:
    """For the seller: a fact of its standing, or a restriction, is wrong. A person who took no part decides."""
    seller = _seller(request, seller_ref, marketplace)
    return _done(
        request,
        seller,
        door.dispute(
            seller.pk, told.about, told.words, evidence=told.evidence, by=by(request), at=now(),
            key=_key(request, "dispute", seller, told),
        ),
    )  # fmt: skip


@router.post(f"{PLACE}/disputes/{{dispute_id}}/resolution", auth=Token("standing:act"),
             response=shapes.StandingShape, summary="Decide a dispute")  # fmt: skip
def resolve(
    request: HttpRequest,
    seller_ref: str,
    dispute_id: Path[said.Id],
    told: said.ResolutionSaid,
    marketplace: Query[str] = "",
) -> HttpResponse:
    """For a reviewer or the programme owner who took no part: struck, or it stands, with reasons."""
    seller = _seller(request, seller_ref, marketplace)
    return _done(
        request,
        seller,
        door.resolve(
            seller.pk, dispute_id, strike=told.outcome == "struck", words=told.words, by=by(request), at=now(),
            key=_key(request, "resolve", seller, (dispute_id, told)),
        ),
    )  # fmt: skip


@router.post(f"{PLACE}/restrictions", auth=Token("standing:act"), response=shapes.StandingShape,
             summary="Restrict listings or payouts")  # fmt: skip
def restrict(
    request: HttpRequest, seller_ref: str, told: said.RestrictionSaid, marketplace: Query[str] = ""
) -> HttpResponse:
    """For the programme owner or an administrator. It writes the statement of reasons and tells the seller, at or
    before its effect; without a reason in today's standing it is refused."""
    seller = _seller(request, seller_ref, marketplace)

    return _done(
        request,
        seller,
        door.restrict(
            seller.pk, told.kind, takes_effect_at=told.takes_effect_at, ends_at=told.ends_at, clauses=told.clauses,
            words=told.words, by=by(request), at=now(), key=_key(request, "restrict", seller, told),
        ),
    )  # fmt: skip


@router.post(f"{PLACE}/restrictions/{{restriction_id}}/lift", auth=Token("standing:act"),
             response=shapes.StandingShape, summary="Lift a restriction")  # fmt: skip
def lift(
    request: HttpRequest,
    seller_ref: str,
    restriction_id: Path[said.Id],
    told: said.InWords,
    marketplace: Query[str] = "",
) -> HttpResponse:
    """For the programme owner or an administrator, with reasons."""
    seller = _seller(request, seller_ref, marketplace)
    key = _key(request, "lift", seller, (restriction_id, told))
    acted = door.lift(seller.pk, restriction_id, told.words, by=by(request), at=now(), key=key)
    return _done(request, seller, acted)


@router.get(f"{PLACE}/restrictions/{{uuid:restriction_id}}.pdf", auth=Token("standing:read"), response={200: bytes},
            summary="A restriction's statement of reasons as PDF")  # fmt: skip
def restriction_as_pdf(
    request: HttpRequest, seller_ref: str, restriction_id: UUID, marketplace: Query[str] = ""
) -> HttpResponse:
    """The statement on paper. The same statement gives the same bytes."""
    seller = _seller(request, seller_ref, marketplace)
    stated = restriction_stated(restriction_id, by(request))
    if stated.seller != seller:
        raise Refused("unknown_restriction")
    return on_paper(stated.statement, stated.paper, f"restriction-{restriction_id}")


# Parts ------------------------------------------------------------------------------------------------------


def _seller(request: HttpRequest, seller_ref: str, marketplace: str) -> Seller:
    actor = role_in(request, SEES, "ReadStanding")
    return find_seller(actor, seller_ref=storable(seller_ref), marketplace=marketplace_in(marketplace, actor))


def _key(request: HttpRequest, act: str, seller: Seller, told: object) -> Key | None:
    return asks.idempotency(by(request), key_in(request), (act, seller.pk, _plain(told)))


def _plain(told: object) -> object:
    if isinstance(told, said.Said):
        return told.model_dump(mode="json")
    return [_plain(each) for each in told] if isinstance(told, tuple) else told


def _done(request: HttpRequest, seller: Seller, acted: Acted) -> HttpResponse:
    return answer(_shown(request, seller), headers=HIT if acted.repeated and key_in(request) else {})


def _shown(request: HttpRequest, seller: Seller) -> Told:
    return standing_shown(standing_view(seller, by(request), now()))


def standing_shown(view: StandingView) -> Told:
    """The standing as plain values."""
    return {
        "marketplace": view.seller.marketplace_id,
        "seller_ref": view.seller.seller_ref,
        "level": view.standing.level,
        "on": view.standing.on,
        "policy_version": view.standing.policy_version,
        "reasons": [
            {
                "subject": reason.subject,
                "level": reason.level,
                "clause": reason.clause,
                "because": reason.because,
                "facts": reason.facts,
            }
            for reason in view.reasons
        ],
        "facts": [
            {
                "key": each.fact.key,
                "kind": each.fact.kind,
                "on": each.fact.on,
                "told": each.told,
                "source": each.fact.source,
                "claim": each.fact.claim,
                "code": each.fact.code,
                "state": each.fact.state,
                "counts": each.counts,
                "counts_until": each.counts_until,
                "dispute": _dispute(each.dispute),
            }
            for each in view.facts
        ],
        "restrictions": [_restriction(each, view.seller) for each in view.restrictions],
    }


def _restriction(each: RestrictionView, seller: Seller) -> Told:
    here = f"/api/v1/sellers/{quote(seller.seller_ref, safe='')}/standing/restrictions/{each.id}"
    return {
        "id": each.id,
        "kind": each.kind,
        "state": each.state,
        "decided_at": each.decided_at,
        "takes_effect_at": each.takes_effect_at,
        "ends_at": each.ends_at,
        "lifted_at": each.lifted_at,
        "lifted_because": each.lifted_because,
        "policy_version": each.policy_version,
        "facts": each.facts,
        "statement": statement_shown(each.statement),
        "links": {"pdf": f"{here}.pdf?marketplace={quote(seller.marketplace_id)}"},
        "dispute": _dispute(each.dispute),
    }


def _dispute(each: DisputeView | None) -> Told | None:
    if each is None:
        return None
    return {
        "id": each.id,
        "about": each.about,
        "filed_at": each.filed_at,
        "words": each.words,
        "evidence": list(each.files),
        "outcome": each.outcome,
        "reasons": each.reasons,
        "decided_at": each.decided_at,
    }
