"""What finance opens its day with: what waits for its signature, what came back, what does not reconcile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery, Sum

from makewhole.batches import ready
from makewhole.domain.actors import Actor
from makewhole.reads.approvals import batches_to_sign, claims_to_sign
from makewhole.reads.bank import open_lines
from makewhole.reads.reconciliation import silent_batches
from makewhole.reads.returns import came_back
from makewhole.reads.sums import Pile, pile_of
from makewhole.store.models import Payment, Posting


@dataclass(frozen=True, slots=True)
class Start:
    to_sign: Pile  # batches that somebody else made
    own: Pile  # batches that this reader made: somebody else signs
    unbatched: Pile  # orders by bank transfer in no batch
    repayments: Pile
    checks: Pile  # may an insurer be asked
    returned: Pile
    misfits: Pile  # what the bank said and the books do not
    silent: Pile  # batches that the bank did not answer

    @property
    def signatures(self) -> Pile:
        return self.to_sign + self.repayments + self.checks

    @property
    def differences(self) -> Pile:
        return self.misfits + self.silent


def start_of(by: Actor, now: datetime) -> Start:
    batches = batches_to_sign(by)
    claims = claims_to_sign(by)
    silent = silent_batches(by, now)
    return Start(
        to_sign=_pile(batches.exclude(made_by=by.name), "total_minor", "made_at"),
        own=_pile(batches.filter(made_by=by.name), "total_minor", "made_at"),
        unbatched=_pile(ready(by.marketplaces), "amount_minor", "ordered_at"),
        repayments=_repayments(by),
        checks=_pile(claims.filter(tasks__contains=["subrogation_check"]), "approved_minor", "stage_since"),
        returned=_returned(by),
        misfits=_pile(open_lines(by), "amount_minor", "file__read_at"),
        silent=pile_of((each.row.currency, 1, each.row.total_minor, each.row.signed_at) for each in silent),
    )


def _pile(found: QuerySet, amount: str, since: str) -> Pile:  # of whatever table
    rows = found.order_by("currency").values("currency").annotate(
        number=Count("pk"), total=Sum(amount), oldest=Min(since)
    )  # fmt: skip
    return pile_of((row["currency"], row["number"], row["total"] or 0, row["oldest"]) for row in rows)


def _repayments(by: Actor) -> Pile:
    """What is to go back, as the books have it: the claims' own account for it."""
    claims = claims_to_sign(by).filter(tasks__contains=["repayment"])
    owed = Posting.objects.filter(claim_id=OuterRef("id"), account="repayments_payable").order_by()
    due = owed.values("claim_id").annotate(left=-Sum("amount_minor")).values("left")
    rows = (
        claims.annotate(left=Subquery(due)).values("currency")
        .annotate(number=Count("id"), total=Sum("left"), oldest=Min("stage_since")).order_by("currency")
    )  # fmt: skip
    return pile_of((row["currency"], row["number"], row["total"] or 0, row["oldest"]) for row in rows)


def _returned(by: Actor) -> Pile:
    """By the newest payment of each claim that came back."""
    newest = Payment.objects.filter(claim_id=OuterRef("id"), state="returned").order_by("-seq")
    rows = (
        came_back(by).annotate(back=Subquery(newest.values("amount_minor")[:1]),
                               back_at=Subquery(newest.values("ended_at")[:1]))
        .values("currency").annotate(number=Count("id"), total=Sum("back"), oldest=Min(F("back_at")))
        .order_by("currency")
    )  # fmt: skip
    return pile_of((row["currency"], row["number"], row["total"] or 0, row["oldest"]) for row in rows)
