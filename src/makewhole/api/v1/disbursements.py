"""Disbursements: the marketplace's payouts to its sellers go in, and what to withhold of each comes back."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from makewhole.api.v1 import said, shapes
from makewhole.api.v1.answers import answer
from makewhole.api.v1.batches import batch, marketplace_in, reported, storable
from makewhole.api.v1.once import Told
from makewhole.api.v1.pages import BY_ID, Paging, page, place
from makewhole.api.v1.tokens import Token, role_in
from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.money import Money
from makewhole.imports import disbursements
from makewhole.imports.report import ImportReport
from makewhole.reads.withheld import Withheld, withheld_of
from makewhole.recovering import withhold_from
from makewhole.store.models import Disbursement

READS: frozenset[RoleName] = frozenset(
    {"marketplace", "administrator", "finance", "reviewer", "programme_owner", "auditor", "seller"}
)
router = Router(tags=["disbursements"])


@router.put(
    "/disbursements",
    auth=Token("disbursements:write"),
    response=shapes.DisbursementsReport,
    summary="Send disbursements",
)
def put_disbursements(request: HttpRequest, told: said.Batch) -> HttpResponse:
    """At most 5,000 payouts to sellers. `withheld` says by how much each is to be less, and for which claims.

    The same disbursement again changes nothing, and is told with what is withheld of it. One that was told with
    another amount, day or seller is a bad row: what is documented is not changed after the fact.
    """
    return batch(request, told, "disbursements", _load)


@router.get(
    "/disbursements",
    auth=Token("disbursements:read"),
    response=shapes.Disbursements,
    summary="Disbursements, and what is withheld of them",
)
def show_disbursements(
    request: HttpRequest, paging: Query[Paging], asked: Query[said.DisbursementsAsked]
) -> HttpResponse:
    """The newest first. A seller sees its own."""
    actor = role_in(request, READS, "ReadDisbursements")
    found = _asked(asked, actor)
    after = place(paging.cursor, BY_ID)
    if after:
        found = found.filter(id__lt=int(after))
    rows = list(found.order_by("-id")[: paging.limit + 1])
    more, rows = len(rows) > paging.limit, rows[: paging.limit]
    withheld: dict[str, list[Withheld]] = {}
    for each in withheld_of([row.pk for row in rows]):
        withheld.setdefault(each.disbursement_ref, []).append(each)
    items = [_shown(row, withheld.get(row.disbursement_ref, [])) for row in rows]
    return answer(page(items, rows[-1].pk if more else None))


def _load(told: said.Batch, at: datetime) -> Told:
    withheld: list[Withheld] = []
    report = ImportReport(on_stored=lambda ids: withheld.extend(withhold_from(ids, at)))
    disbursements.load_rows(told.marketplace, told.rows, now=at, report=report)
    return {**reported(report), "withheld": [_withheld(each) for each in withheld]}


def _asked(asked: said.DisbursementsAsked, actor: Actor) -> QuerySet[Disbursement]:
    found = Disbursement.objects.select_related("seller")
    if actor.role == "seller":
        assert actor.seller_id is not None
        found = found.filter(seller_id=actor.seller_id)
    else:
        found = found.filter(marketplace_id=marketplace_in(asked.marketplace, actor))
    if asked.seller_ref:
        found = found.filter(seller__seller_ref=storable(asked.seller_ref))
    if asked.disbursement_ref:
        found = found.filter(disbursement_ref=storable(asked.disbursement_ref))
    if asked.pays_on is not None:
        found = found.filter(pays_on=asked.pays_on)
    return found


def _shown(row: Disbursement, withheld: list[Withheld]) -> dict[str, object]:
    net = Money(row.net_minor, row.currency)
    return {
        "marketplace": row.marketplace_id,
        "disbursement_ref": row.disbursement_ref,
        "seller_ref": row.seller.seller_ref,
        "net": _amount(net),
        "pays_on": row.pays_on,
        "told_at": row.told_at,
        "to_withhold": _amount(Money(row.withheld_minor, row.currency)),
        "to_pay": _amount(net - Money(row.withheld_minor, row.currency)),
        "withheld": [_withheld(each) for each in withheld],
    }


def _withheld(each: Withheld) -> dict[str, object]:
    return {
        "disbursement_ref": each.disbursement_ref,
        "claim": each.claim_reference,
        "amount": _amount(each.amount),
    }


def _amount(money: Money) -> dict[str, str]:
    return {"amount": str(money.decimal), "currency": money.currency}
