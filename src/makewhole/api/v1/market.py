"""Orders and sellers: in batches as an import takes them, and back one at a time."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from makewhole.api.v1 import said, shapes
from makewhole.api.v1.answers import answer
from makewhole.api.v1.asking import HIT, currency_of, key_in
from makewhole.api.v1.once import Told, once
from makewhole.api.v1.problems import Problem
from makewhole.api.v1.tokens import Token, now, role_in
from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.money import Money
from makewhole.imports import orders, sellers
from makewhole.imports.report import ImportReport
from makewhole.integrations.order_files.rows import Unreadable
from makewhole.store.models import Marketplace, OrderLine, Seller

SENDS: frozenset[RoleName] = frozenset({"marketplace", "administrator"})
READS: frozenset[RoleName] = frozenset(
    {"marketplace", "administrator", "adjuster", "reviewer", "programme_owner", "safety_officer", "auditor"}
)

Load = Callable[..., ImportReport]
router = Router(tags=["orders and sellers"])


@router.put("/orders", auth=Token("orders:write"), response=shapes.BatchReport, summary="Send order lines")
def put_orders(request: HttpRequest, told: said.Batch) -> HttpResponse:
    """At most 5,000 order lines. Good rows are in, each bad one is told with every reason; again changes nothing."""
    return _batch(request, told, "orders", orders.load_rows)


@router.put("/sellers", auth=Token("sellers:write"), response=shapes.BatchReport, summary="Send sellers")
def put_sellers(request: HttpRequest, told: said.Batch) -> HttpResponse:
    """At most 5,000 sellers; see orders."""
    return _batch(request, told, "sellers", sellers.load_rows)


@router.get("/orders/{order_ref}", auth=Token("orders:read"), response=shapes.OrderShape, summary="An order")
def show_order(request: HttpRequest, order_ref: str, marketplace: Query[str] = "") -> HttpResponse:
    """The lines of an order by the marketplace's own number. Who works in one marketplace need not name it."""
    actor = role_in(request, READS, "ReadOrder")
    code = _marketplace(marketplace, actor)
    lines = OrderLine.objects.filter(marketplace_id=code, order_ref=_ref(order_ref)).select_related("seller")
    shown = [_line(line) for line in lines.order_by("id")]
    if not shown:
        raise Problem("unknown_order")
    return answer({"marketplace": code, "order_ref": order_ref, "lines": shown})


@router.get("/sellers/{seller_ref}", auth=Token("orders:read"), response=shapes.SellerShape, summary="A seller")
def show_seller(request: HttpRequest, seller_ref: str, marketplace: Query[str] = "") -> HttpResponse:
    """A seller by the marketplace's own key."""
    actor = role_in(request, READS, "ReadSeller")
    seller = Seller.objects.filter(marketplace_id=_marketplace(marketplace, actor), seller_ref=_ref(seller_ref)).first()
    if seller is None:
        raise Problem("unknown_seller")
    return answer(
        {
            "marketplace": seller.marketplace_id,
            "seller_ref": seller.seller_ref,
            "name": seller.name,
            "legal_name": seller.legal_name,
            "country": seller.country,
            "good_standing": seller.good_standing,
            "closed_at": seller.closed_at,
        }
    )


def _batch(request: HttpRequest, told: said.Batch, subject: str, load_rows: Load) -> HttpResponse:
    actor, at = role_in(request, SENDS, f"Send{subject.capitalize()}"), now()
    _only_own_marketplaces(told, actor)

    def effect() -> Told:
        try:
            return _reported(load_rows(told.marketplace, told.rows, now=at))
        except Unreadable as wrong:
            raise Problem("rows_unreadable", why=str(wrong)) from None

    content = told.model_dump(mode="json")
    report, hit = once(subject, key_in(request), by=actor, at=at, content=content, effect=effect)
    return answer(report, headers=HIT if hit else {})


def _only_own_marketplaces(told: said.Batch, actor: Actor) -> None:
    named = {told.marketplace} if told.marketplace else {str(row.get("marketplace", "")) for row in told.rows}
    for code in sorted(named - {""}):
        currency_of(code, actor)


def _reported(report: ImportReport) -> Told:
    return {
        "rows": report.rows,
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "repeated": report.repeated,
        "bad": report.bad,
        "sellers_created": report.sellers_created,
        "bad_rows": [
            {
                "row": bad.row,
                "reasons": [{"field": why.field, "code": why.code, "what": why.sentence} for why in bad.reasons],
            }
            for bad in report.bad_rows
        ],
    }


def _marketplace(told: str, actor: Actor) -> str:
    if told:
        currency_of(_ref(told), actor)
        return told
    known = sorted(actor.marketplaces) or list(Marketplace.objects.order_by("code").values_list("code", flat=True))
    if len(known) != 1:
        raise Problem("which_marketplace", known=", ".join(known))
    return known[0]


def _ref(told: str) -> str:
    # PostgreSQL takes no null bytes; nothing here has a name with one.
    return told.replace("\x00", "\ufffd")


def _line(line: OrderLine) -> dict[str, object]:
    return {
        "line_ref": line.line_ref,
        "seller_ref": line.seller.seller_ref,
        "buyer_ref": line.buyer_ref,
        "product_ref": line.product_ref,
        "product_title": line.product_title,
        "category": line.category,
        "quantity": line.quantity,
        "price": {"amount": str(Money(line.price_minor, line.currency).decimal), "currency": line.currency},
        "ordered_at": line.ordered_at,
        "delivered_at": line.delivered_at,
        "channel": line.channel,
        "physical": line.physical,
    }
