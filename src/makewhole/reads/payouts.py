"""Payouts of the marketplace to a seller, as pages name them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from makewhole.store.models import Disbursement


@dataclass(frozen=True, slots=True)
class Payout:
    """`room_minor`: what can still be withheld of it."""

    disbursement_id: int
    ref: str
    pays_on: date
    net_minor: int
    room_minor: int


def withholdable_payouts(seller_id: int, currency: str, today: date) -> list[Payout]:
    """The seller's payouts in this currency that are not paid yet and of which something is free, the next first."""
    found = Disbursement.objects.filter(
        seller_id=seller_id, currency=currency, pays_on__gte=today, withheld_minor__lt=F("net_minor")
    )
    return [_payout(each) for each in found.order_by("pays_on", "id")]


def payouts(ids: Collection[int]) -> dict[int, Payout]:
    """These payouts by their id."""
    return {each.pk: _payout(each) for each in Disbursement.objects.filter(id__in=ids)}


def _payout(row: Disbursement) -> Payout:
    return Payout(row.pk, row.disbursement_ref, row.pays_on, row.net_minor, row.net_minor - row.withheld_minor)
