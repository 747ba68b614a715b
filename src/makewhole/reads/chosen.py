"""Claims that somebody chose by their numbers, as far as it may see them: what the same act for all of them needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from makewhole.domain.actors import Actor
from makewhole.reads.worklist import visible
from makewhole.store.models import Exposure


@dataclass(frozen=True, slots=True)
class OpenPart:
    no: int
    head: str


@dataclass(frozen=True, slots=True)
class Chosen:
    claim_id: UUID
    reference: str
    marketplace: str
    product: str
    seller: str
    stage: str
    assigned_to: str
    version: int
    open_parts: tuple[OpenPart, ...]


def chosen_claims(references: Sequence[str], by: Actor) -> list[Chosen]:
    """In the order in which they were chosen; numbers of claims that are not there for this reader are left out."""
    names = [name.upper()[:20] for name in references]
    rows = {
        row.reference: row
        for row in visible(by).filter(reference__in=names).select_related("order_line", "seller")
    }  # fmt: skip
    parts: dict[UUID, list[OpenPart]] = {row.pk: [] for row in rows.values()}
    left = F("approved_minor") + F("refused_minor") + F("waived_minor")
    open_ = Exposure.objects.filter(claim_id__in=parts, claimed_minor__gt=left).order_by("claim_id", "no")
    for claim_id, no, head in open_.values_list("claim_id", "no", "head"):
        parts[claim_id].append(OpenPart(no, head))
    return [
        Chosen(
            row.pk, row.reference, row.marketplace_id, row.order_line.product_title, row.seller.name, row.stage,
            row.assigned_to, row.version, tuple(parts[row.pk]),
        )
        for name in names
        if (row := rows.get(name))
    ]  # fmt: skip
