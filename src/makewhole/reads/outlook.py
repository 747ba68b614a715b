"""What would follow for the seller if it gave this or that answer today: by the same table that will decide it.

Start at Outlook.of(). Nothing is decided here: the table `bearer` is asked with the facts of today, and the amount is
split as a recovery would split it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from django.db.models import Exists, OuterRef

from makewhole.domain.claim.state import Claim
from makewhole.domain.policy.rules import Row, Rules
from makewhole.domain.recovery.bearing import shares_of
from makewhole.store.models import Coverage, Seller

Answer = Literal["accepted", "rejected", "silent"]
# Nobody is asked for money by these answers of the table.
_NOBODY_OWES = ("platform", "seller_asked_7_days")


@dataclass(frozen=True, slots=True)
class Borne:
    """Who would bear an amount, and the row of the policy that says so."""

    row: Row
    clause: str
    by_seller_minor: int
    by_insurer_minor: int


class Outlook:
    """One claim as it stands, under the rules of an instant: what each answer would lead to. The seller is looked up
    once."""

    def __init__(self, claim: Claim, rules: Rules) -> None:
        self.claim, self.rules = claim, rules

    def of(self, answer: Answer, amount_minor: int) -> Borne:
        """Who would bear this amount, were it paid to the customer after that answer."""
        row = who_bears(self.rules, answer=answer, at_or_under_limit=self.claim.track == "direct", **self._seller)
        nobody = row.outcome in _NOBODY_OWES
        shares = {} if nobody else {each.debtor: each.amount_minor for each in shares_of(self.claim, row, amount_minor)}
        return Borne(row, row.clause, shares.get("seller", 0), shares.get("insurer", 0))

    @cached_property
    def _seller(self) -> Mapping[str, bool]:
        return seller_facts(self.claim.filed.seller_id, self.claim.filed.loss_date)


def who_bears(
    rules: Rules,
    *,
    answer: str,
    at_or_under_limit: bool,
    seller_insured: bool,
    good_standing: bool,
    insurance_required_or_requested: bool,
) -> Row:
    """The row of the table `bearer` that would hold for a seller that is there, after that answer."""
    return rules.decide(
        "bearer",
        seller_insured=seller_insured,
        proof_late=False,
        good_standing=good_standing,
        at_or_under_limit=at_or_under_limit,
        insurance_required_or_requested=insurance_required_or_requested,
        seller_answer=answer,
        seller_gone=False,
        no_defect=False,
        producer_accepted=False,
    )


def seller_facts(seller_id: int, loss_date: date) -> Mapping[str, bool]:
    """What the table asks of a seller, for an incident of that day."""
    insured = Coverage.objects.filter(seller=OuterRef("pk"), starts_on__lte=loss_date, ends_on__gt=loss_date)
    seller = Seller.objects.annotate(insured=Exists(insured)).get(pk=seller_id)
    return {
        "seller_insured": seller.insured,
        "good_standing": seller.good_standing,
        "insurance_required_or_requested": seller.insurance_requested_at is not None,
    }
