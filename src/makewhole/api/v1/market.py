"""Orders and sellers: in batches as an import takes them, and back one at a time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from makewhole.api.v1 import said, shapes
from makewhole.api.v1.answers import answer
from makewhole.api.v1.batches import batch, marketplace_in, reported, storable
from makewhole.api.v1.problems import Problem
from makewhole.api.v1.tokens import Token, role_in
from makewhole.domain.actors import RoleName
from makewhole.domain.money import Money
from makewhole.imports import orders, sellers
from makewhole.store.models import OrderLine, Seller

READS: frozenset[RoleName] = frozenset(
    {"marketplace", "administrator", "adjuster", "reviewer", "programme_owner", "safety_officer", "auditor"}
)

router = Router(tags=["orders and sellers"])


@router.put("/orders", auth=Token("orders:write"), response=shapes.BatchReport, summary="Send order lines")
def put_orders(request: HttpRequest, told: said.Batch) -> HttpResponse:
    """At most 5,000 order lines. Good rows are in, each bad one is told with every reason; again changes nothing."""
    return batch(request, told, "orders", lambda of, at: reported(orders.load_rows(of.marketplace, of.rows, now=at)))


@router.put("/sellers", auth=Token("sellers:write"), response=shapes.BatchReport, summary="Send sellers")
def put_sellers(request: HttpRequest, told: said.Batch) -> HttpResponse:
    """At most 5,000 sellers; see orders."""
    return batch(request, told, "sellers", lambda of, at: reported(sellers.load_rows(of.marketplace, of.rows, now=at)))


@router.get("/orders/{order_ref}", auth=Token("orders:read"), response=shapes.OrderShape, summary="An order")
def show_order(request: HttpRequest, order_ref: str, marketplace: Query[str] = "") -> HttpResponse:
    """The lines of an order by the marketplace's own number. Who works in one marketplace need not name it."""
    actor = role_in(request, READS, "ReadOrder")
    code = marketplace_in(marketplace, actor)
    lines = OrderLine.objects.filter(marketplace_id=code, order_ref=storable(order_ref)).select_related("seller")
    shown = [_line(line) for line in lines.order_by("id")]
    if not shown:
        raise Problem("unknown_order")
    return answer({"marketplace": code, "order_ref": order_ref, "lines": shown})


@router.get("/sellers/{seller_ref}", auth=Token("orders:read"), response=shapes.SellerShape, summary="A seller")
def show_seller(request: HttpRequest, seller_ref: str, marketplace: Query[str] = "") -> HttpResponse:
    """A seller by the marketplace's own key."""
    actor = role_in(request, READS, "ReadSeller")
    seller = Seller.objects.filter(
        marketplace_id=marketplace_in(marketplace, actor), seller_ref=storable(seller_ref)
    ).first()
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
            "insolvent_since": seller.insolvent_since,
        }
    )


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
