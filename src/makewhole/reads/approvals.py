"""What waits for finance's signature: batches, repayments to make, and whether an insurer may be asked at all.

Start at approvals_of(). Each item has what a person looks at before signing, and says beforehand whether this reader
may sign it. Nothing is decided here: the doors (handle.py, batches.py) look again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Q, QuerySet

from makewhole.batches import hands_in, mark_of
from makewhole.domain.actors import Actor
from makewhole.domain.claim.state import Claim, fold
from makewhole.domain.money import Money
from makewhole.reads.batches import BatchTold, seen_by, told_of
from makewhole.store.codec import decode
from makewhole.store.models import BatchedPayment, Event, PaymentBatch
from makewhole.store.models import Claim as ClaimRow

Kind = Literal["batch", "repayment", "subrogation"]
PAGE = 25
TASK_OF: dict[str, Kind] = {"repayment": "repayment", "subrogation_check": "subrogation"}


@dataclass(frozen=True, slots=True)
class Approval:
    """One thing to sign. `key` names it in forms; `mark` is what was seen (a version, or the mark of a batch)."""

    kind: Kind
    key: str
    mark: str
    amount: Money
    marketplace: str
    since: datetime
    by: str  # who made or decided it
    why_not: str = ""  # a refusal's code, where this reader may not sign it
    claims: str = ""  # of `decided_it_oneself`: which
    reference: str = ""
    seller: str = ""
    to: str = ""  # of a repayment: to which debtor it goes back
    approved: Money | None = None  # what the customer was paid, where `amount` is a part of it
    due_at: datetime | None = None
    batch: BatchTold | None = None
    claim: Claim | None = None

    @property
    def may_sign(self) -> bool:
        return not self.why_not


def claims_to_sign(by: Actor) -> QuerySet[ClaimRow]:
    """The claims with a task that finance signs. Two partial indexes find them."""
    found = ClaimRow.objects.filter(Q(tasks__contains=["repayment"]) | Q(tasks__contains=["subrogation_check"]))
    return found.filter(marketplace_id__in=by.marketplaces) if by.marketplaces else found


def batches_to_sign(by: Actor) -> QuerySet[PaymentBatch]:
    return seen_by(by).filter(signed_at__isnull=True, withdrawn_at__isnull=True)


def approvals_of(by: Actor, *, size: int = PAGE) -> list[Approval]:
    """The oldest first: at most `size` batches and as many claims; signed ones make room for the rest."""
    batches = list(batches_to_sign(by).order_by("made_at", "id")[:size])
    claims = list(claims_to_sign(by).select_related("seller").order_by("due_at", "id")[:size])
    found = [*_of_batches(batches, by, closely=False), *_of_claims(claims)]
    return sorted(found, key=lambda each: (each.since, each.key))


def approvals_named(keys: Sequence[str], by: Actor) -> list[Approval]:
    """Those of these that are still there for this reader, in the order of the list."""
    ids = [key.partition(":") for key in keys]
    batches = [known for kind, _, told in ids if kind == "batch" and (known := _id(told))]
    claims = [known for kind, _, told in ids if kind in ("repayment", "subrogation") and (known := _id(told))]
    found = [
        *_of_batches(list(batches_to_sign(by).filter(id__in=batches).order_by("made_at", "id")), by, closely=True),
        *_of_claims(list(claims_to_sign(by).filter(id__in=claims).select_related("seller").order_by("due_at", "id"))),
    ]
    return [each for each in sorted(found, key=lambda each: (each.since, each.key)) if each.key in set(keys)]


def _of_batches(rows: list[PaymentBatch], by: Actor, *, closely: bool) -> list[Approval]:
    """`closely`: with the mark of what is in each, and whether the reader had a hand in a claim of it; two questions
    for all of them."""
    items: dict[UUID, list[BatchedPayment]] = {row.pk: [] for row in rows}
    if closely:
        inside = BatchedPayment.objects.filter(batch__in=items, out_at__isnull=True).order_by("batch_id", "no")
        for item in inside.select_related("payment__claim"):
            items[item.batch_id].append(item)
    own = hands_in([item for each in items.values() for item in each], by.name)
    found = []
    for told in told_of(rows):
        row = told.row
        of_own = [item.payment.claim.reference for item in items[row.pk] if item.payment.claim_id in own]
        why_not = "made_it_oneself" if row.made_by == by.name else "decided_it_oneself" if of_own else ""
        found.append(
            Approval(
                kind="batch", key=f"batch:{row.pk}", mark=mark_of(items[row.pk]) if closely else "",
                amount=Money(row.total_minor, row.currency), marketplace=row.marketplace_id, since=row.made_at,
                by=row.made_by, why_not=why_not, claims=", ".join(of_own[:5]), batch=told,
            )
        )  # fmt: skip
    return found


def _of_claims(rows: list[ClaimRow]) -> list[Approval]:
    claims = folded([row.id for row in rows])
    found = []
    for row in rows:
        claim = claims[row.id]
        found += [
            _of_claim(TASK_OF[task], row, claim) for task in ("repayment", "subrogation_check") if task in row.tasks
        ]
    return found


def _of_claim(kind: Kind, row: ClaimRow, claim: Claim) -> Approval:
    amount, approved, to = Money(row.approved_minor, row.currency), None, ""
    if kind == "repayment":
        due = sum(each.repaid_minor - each.repayments_made_minor for each in claim.recoveries)
        amount = Money(due, row.currency)
        to = ", ".join(sorted({debt.debtor for each in claim.recoveries for debt in each.debts if debt.repaid_minor}))
    elif claim.insurer is not None:
        approved, amount = amount, Money(claim.insurer.covered_minor(claim.insurer.told.amount_minor), row.currency)
    return Approval(
        kind=kind, key=f"{kind}:{row.id}", mark=str(row.version), amount=amount, marketplace=row.marketplace_id,
        since=row.stage_since, by=claim.first_decider or "machine:decision", reference=row.reference,
        seller=row.seller.name, to=to, approved=approved, due_at=row.due_at, claim=claim,
    )  # fmt: skip


def folded(claims: Sequence[UUID]) -> dict[UUID, Claim]:
    """These claims as they stand, from the log: one question for all."""
    histories: dict[UUID, list[str]] = {claim_id: [] for claim_id in claims}
    rows = Event.objects.filter(claim_id__in=claims).order_by("claim_id", "version").values_list("claim_id", "body")
    for claim_id, body in rows:
        histories[claim_id].append(body)
    found = {}
    for claim_id, bodies in histories.items():
        claim = fold(claim_id, [decode(body)[1] for body in bodies])
        assert claim is not None
        found[claim_id] = claim
    return found


def _id(told: str) -> UUID | None:
    try:
        return UUID(told)
    except ValueError:
        return None
