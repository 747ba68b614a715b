"""Orders as their buyers see them: the lines of one buyer, and one order by its number."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from makewhole.store.models import Claim, Marketplace, OrderLine

SHOWN = 50


def order_line(marketplace: str, order_ref: str, line_ref: str, buyer_ref: str) -> OrderLine | None:
    """The line that a link names, where it is that buyer's."""
    lines = OrderLine.objects.select_related("marketplace", "seller")
    return lines.filter(
        marketplace=marketplace, order_ref=order_ref, line_ref=line_ref, buyer_ref=buyer_ref
    ).first()  # fmt: skip


def line_with_id(order_line_id: int) -> OrderLine:
    return OrderLine.objects.select_related("marketplace", "seller").get(id=order_line_id)


def orders_of(buyer_ref: str, marketplaces: Iterable[str]) -> list[OrderLine]:
    """What this buyer bought in these marketplaces, the newest first."""
    lines = OrderLine.objects.filter(buyer_ref=buyer_ref, marketplace__in=list(marketplaces))
    return list(lines.select_related("seller", "marketplace").order_by("-ordered_at", "-id")[:SHOWN])


def orders_called(order_ref: str, buyer_ref: str) -> list[OrderLine]:
    """The lines of the order with this number, of this buyer, wherever it was placed."""
    if not buyer_ref:
        return []
    anywhere = list(Marketplace.objects.values_list("code", flat=True))  # so that the index of buyers is used
    lines = OrderLine.objects.filter(marketplace__in=anywhere, buyer_ref=buyer_ref, order_ref=order_ref)
    return list(lines.order_by("-ordered_at", "id")[:SHOWN])


def claims_on(order_line_ids: Iterable[int], *, claimant_id: UUID | None, among: Iterable[UUID] = ()) -> list[Claim]:
    """Claims about these order lines that are this claimant's, or among these; the newest first."""
    whose = Q(id__in=list(among))
    if claimant_id is not None:
        whose |= Q(claimant_id=claimant_id)
    return list(Claim.objects.filter(whose, order_line_id__in=list(order_line_ids)).order_by("-noticed_at", "-id"))


def owns_a_claim(claimant_id: UUID | None, order_line_id: int) -> bool:
    """Whether this claimant has a claim about this order line."""
    mine = Claim.objects.filter(order_line_id=order_line_id)
    return claimant_id is not None and mine.filter(claimant_id=claimant_id).exists()


def claim_with_id(claim_id: UUID) -> Claim:
    return Claim.objects.get(id=claim_id)
