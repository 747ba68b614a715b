"""Insurers, and the coverages by which they insure sellers: they go in, in batches, and come back in pages."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from makewhole.api.v1 import said, shapes
from makewhole.api.v1.answers import answer
from makewhole.api.v1.batches import batch, marketplace_in, reported, rows_in, storable
from makewhole.api.v1.once import Told
from makewhole.api.v1.pages import BY_ID, Paging, page, place
from makewhole.api.v1.problems import Problem
from makewhole.api.v1.tokens import Token, role_in
from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.money import Money
from makewhole.imports import coverages, insurers
from makewhole.store.models import Coverage, Insurer

READS: frozenset[RoleName] = frozenset(
    {"marketplace", "administrator", "adjuster", "reviewer", "programme_owner", "finance", "auditor"}
)
# A seller sees its own coverages, an insurer those that it gave.
READS_COVERAGES: frozenset[RoleName] = frozenset({*READS, "seller", "insurer"})
router = Router(tags=["insurance"])


@router.put("/insurers", auth=Token("insurers:write"), response=shapes.BatchReport, summary="Send insurers")
def put_insurers(request: HttpRequest, told: said.Insurers) -> HttpResponse:
    """At most 5,000 insurers, by their names. Marketplaces share them: an administrator of all of them sends them."""
    actor = role_in(request, frozenset({"administrator"}), "SendInsurers")
    if actor.marketplaces:
        raise Problem("insurers_of_others")
    return rows_in(request, said.Batch(rows=told.rows), "insurers", _load_insurers, by=actor)


@router.get("/insurers", auth=Token("insurers:read"), response=shapes.Insurers, summary="Insurers")
def show_insurers(request: HttpRequest, paging: Query[Paging]) -> HttpResponse:
    """In the order in which they came in."""
    role_in(request, READS, "ReadInsurers")
    found = Insurer.objects.filter(id__gt=int(place(paging.cursor, BY_ID) or 0)).order_by("id")
    rows = list(found[: paging.limit + 1])
    more, rows = len(rows) > paging.limit, rows[: paging.limit]
    items = [{"id": row.pk, "name": row.name, "email": row.email} for row in rows]
    return answer(page(items, rows[-1].pk if more else None))


@router.put("/coverages", auth=Token("coverages:write"), response=shapes.BatchReport, summary="Send coverages")
def put_coverages(request: HttpRequest, told: said.Batch) -> HttpResponse:
    """At most 5,000 coverages of sellers. One is known by seller, insurer, policy number and first day, and updated.

    `ends_on` is the first day that is no longer covered. A limit does not go below what was paid under it.
    """
    return batch(request, told, "coverages", _load_coverages)


@router.get("/coverages", auth=Token("coverages:read"), response=shapes.Coverages, summary="Coverages")
def show_coverages(request: HttpRequest, paging: Query[Paging], asked: Query[said.CoveragesAsked]) -> HttpResponse:
    """In the order in which they came in. A seller sees its own, an insurer those that it gave."""
    actor = role_in(request, READS_COVERAGES, "ReadCoverages")
    found = _asked(asked, actor).filter(id__gt=int(place(paging.cursor, BY_ID) or 0)).order_by("id")
    rows = list(found[: paging.limit + 1])
    more, rows = len(rows) > paging.limit, rows[: paging.limit]
    return answer(page([_shown(row) for row in rows], rows[-1].pk if more else None))


def _load_insurers(told: said.Batch, at: datetime) -> Told:
    return reported(insurers.load_rows(None, told.rows, now=at))


def _load_coverages(told: said.Batch, at: datetime) -> Told:
    return reported(coverages.load_rows(told.marketplace, told.rows, now=at))


def _asked(asked: said.CoveragesAsked, actor: Actor) -> QuerySet[Coverage]:
    found = Coverage.objects.select_related("seller__marketplace")
    if actor.role == "seller":
        assert actor.seller_id is not None
        found = found.filter(seller_id=actor.seller_id)
    elif actor.role == "insurer":
        found = found.filter(insurer_account_id=actor.insurer_id)
        if actor.marketplaces:
            found = found.filter(seller__marketplace_id__in=actor.marketplaces)
    else:
        found = found.filter(seller__marketplace_id=marketplace_in(asked.marketplace, actor))
    return found.filter(seller__seller_ref=storable(asked.seller_ref)) if asked.seller_ref else found


def _shown(row: Coverage) -> dict[str, object]:
    currency = row.seller.marketplace.currency
    return {
        "marketplace": row.seller.marketplace_id,
        "seller_ref": row.seller.seller_ref,
        "insurer": row.insurer,
        "insurer_id": row.insurer_account_id,
        "policy_number": row.policy_number,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "limit": _amount(row.limit_minor, currency),
        "paid": _amount(row.eroded_minor, currency),
        "deductible": _amount(row.deductible_minor, currency),
        "platform_is_insured": row.platform_is_insured,
        "verified_at": row.verified_at,
    }


def _amount(minor: int, currency: str) -> dict[str, str]:
    return {"amount": str(Money(minor, currency).decimal), "currency": currency}
