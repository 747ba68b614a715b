"""What is withheld of the marketplace's payouts to sellers, and for which claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Sum

from makewhole.domain.money import Money
from makewhole.store.models import Withholding


@dataclass(frozen=True, slots=True)
class Withheld:
    """So much less is paid out with this disbursement, for this claim."""

    disbursement_id: int
    disbursement_ref: str
    claim_reference: str
    amount: Money


def withheld_of(disbursement_ids: Sequence[int]) -> list[Withheld]:
    """What is held back of these disbursements today, or was and now pays a debt; what was released is not in it."""
    found = (
        Withholding.objects.filter(disbursement_id__in=disbursement_ids, amount_minor__gt=F("released_minor"))
        .values("disbursement_id", "disbursement__disbursement_ref", "disbursement__currency", "claim__reference")
        .annotate(minor=Sum(F("amount_minor") - F("released_minor")))
        .order_by("disbursement_id", "claim__reference")
    )
    return [
        Withheld(
            row["disbursement_id"],
            row["disbursement__disbursement_ref"],
            row["claim__reference"],
            Money(row["minor"], row["disbursement__currency"]),
        )
        for row in found
    ]
