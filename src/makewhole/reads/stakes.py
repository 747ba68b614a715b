"""How much is at stake for a seller or an insurer on claims that wait for its answer, in three questions for them all.

Of a tender the amount that was tendered, of a debt what is still owed of it; before either, what is claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from makewhole.domain.actors import Actor
from makewhole.reads.recovery_sums import outstanding_minor
from makewhole.store.models import Claim, Coverage, Recovery, Tender

_OF_A_DEBT = frozenset({"seller_contests", "instalment"})


def stakes_of(by: Actor, waiting: Sequence[tuple[Claim, str]]) -> dict[tuple[UUID, str], int]:
    """In minor units of each claim's currency, by claim and clock."""
    claims = [claim for claim, _ in waiting]
    ids = [claim.id for claim in claims]
    tendered = {row.claim_id: row.amount_minor for row in Tender.objects.filter(claim_id__in=ids).order_by("no")}
    owed = {row.claim_id: row for row in Recovery.objects.filter(claim_id__in=ids).order_by("no")}
    covers = _covers(by, claims)
    found = {}
    for claim, clock in waiting:
        amount = tendered.get(claim.id, claim.paid_minor or claim.claimed_minor)
        if clock in _OF_A_DEBT and claim.id in owed:
            amount = min(outstanding_minor(owed[claim.id]), owed[claim.id].owed_by_seller_minor)
        elif clock == "insurer_answers":
            amount = _covered(covers, claim, amount)
        found[claim.id, clock] = max(0, amount)
    return found


def _covers(by: Actor, claims: Sequence[Claim]) -> list[Coverage]:
    """An insurer's policies of the sellers of these claims, the fullest limit first, as a notice of loss picks one."""
    if by.role != "insurer":
        return []
    found = Coverage.objects.filter(insurer_account=by.insurer_id, seller__in={claim.seller_id for claim in claims})
    return sorted(found, key=lambda cover: (cover.eroded_minor - cover.limit_minor, cover.pk))


def _covered(covers: list[Coverage], claim: Claim, amount_minor: int) -> int:
    """Its part: above the deductible, within what is left of the limit."""
    for cover in covers:
        if cover.seller_id == claim.seller_id and cover.starts_on <= claim.loss_date < cover.ends_on:
            return min(max(0, amount_minor - cover.deductible_minor), cover.limit_minor - cover.eroded_minor)
    return amount_minor
