"""Batches of payments, as finance and an auditor read them: what waits to be batched, each batch, what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, DateField, DateTimeField, F, Func, Min, Q, QuerySet, Sum
from django.db.models.functions import Cast

from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.refusal import Refused
from makewhole.reads.decided import Decided, decided_of
from makewhole.reads.places import instant_of, stamp
from makewhole.store.bulk_payees import accounts_of
from makewhole.store.models import BankLine, BatchedPayment, Marketplace, PayingAccount, Payment, PaymentBatch

PAGE = 50
SEES_BATCHES: frozenset[RoleName] = frozenset({"finance", "auditor"})
# Who reads the last signs of an account, and who may read whose it is: those who send money there.
SEES_ACCOUNTS: frozenset[RoleName] = frozenset({"finance"})


@dataclass(frozen=True, slots=True)
class Waits:
    """Orders of one marketplace, currency and day that are in no batch yet."""

    marketplace: str
    currency: str
    day: date
    number: int
    total_minor: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class BatchTold:
    """A batch with what became of its payments."""

    row: PaymentBatch
    state: str
    waiting: int
    settled: int
    returned: int

    @property
    def name(self) -> str:
        return f"{self.row.marketplace_id.upper()}-{self.row.currency}-{self.row.day:%Y-%m-%d}-{self.row.seq}"


@dataclass(frozen=True, slots=True)
class PaymentTold:
    """One payment of a batch, with what a person looks at before signing. `account` is masked, and only for finance."""

    item: BatchedPayment
    holder: str
    account: str
    decided: Decided
    own: bool  # the reader had a hand in it

    @property
    def payment(self) -> Payment:
        return self.item.payment


def waits_of(waiting: QuerySet[Payment]) -> list[Waits]:
    """What waits to be batched (of `batches.ready()`), by marketplace, currency and its own day of order."""
    zone = F("claim__marketplace__zone")
    local = Func(zone, F("ordered_at"), function="timezone", output_field=DateTimeField())
    rows = (
        waiting.annotate(day=Cast(local, DateField()), place=F("claim__marketplace_id"))
        .values("place", "currency", "day")
        .annotate(number=Count("id"), total=Sum("amount_minor"), oldest=Min("ordered_at"))
        .order_by("day", "place", "currency")
    )
    return [
        Waits(row["place"], row["currency"], row["day"], row["number"], row["total"], row["oldest"]) for row in rows
    ]


def seen_by(by: Actor) -> QuerySet[PaymentBatch]:
    """The batches that this reader may see."""
    found = PaymentBatch.objects.all()
    return found.filter(marketplace_id__in=by.marketplaces) if by.marketplaces else found


def batches_of(by: Actor, *, state: str = "", after: str = "", size: int = PAGE) -> tuple[list[BatchTold], str]:
    """The newest first, with the cursor of the next page."""
    found = seen_by(by)
    if state == "to_sign":
        found = found.filter(signed_at__isnull=True, withdrawn_at__isnull=True)
    elif state == "signed":
        found = found.filter(signed_at__isnull=False, fetched_at__isnull=True)
    elif state == "with_bank":
        found = found.filter(fetched_at__isnull=False)
    elif state == "withdrawn":
        found = found.filter(withdrawn_at__isnull=False)
    if after:
        at, _, batch_id = after.partition("_")
        instant = instant_of(at)
        found = found.filter(Q(made_at__lt=instant) | Q(made_at=instant, id__lt=UUID(batch_id)))
    page = list(found.order_by("-made_at", "-id")[: size + 1])
    more, page = len(page) > size, page[:size]
    return told_of(page), f"{stamp(page[-1].made_at)}_{page[-1].pk}" if more else ""


def told_of(rows: Sequence[PaymentBatch]) -> list[BatchTold]:
    """Each with how many of its payments wait, were paid, and came back; one question for all."""
    sums: dict[UUID, dict[str, int]] = {}
    counted = (
        BatchedPayment.objects.filter(batch__in=[row.pk for row in rows], out_at__isnull=True)
        .values("batch_id", "payment__state")
        .annotate(number=Count("id"))
    )
    for each in counted:
        sums.setdefault(each["batch_id"], {})[each["payment__state"]] = each["number"]
    return [_told(row, sums.get(row.pk, {})) for row in rows]


def _told(row: PaymentBatch, states: dict[str, int]) -> BatchTold:
    waiting = states.get("ordered", 0)
    return BatchTold(row, _state(row, waiting), waiting, states.get("settled", 0), states.get("returned", 0))


def _state(row: PaymentBatch, waiting: int) -> str:
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.signed_at is None:
        return "to_sign"
    if not waiting:
        return "answered"
    return "with_bank" if row.fetched_at is not None else "signed"


def find_batch(batch_id: UUID, by: Actor) -> PaymentBatch:
    """Refuses `unknown_batch`, also for one of another marketplace."""
    row = seen_by(by).select_related("marketplace").filter(id=batch_id).first()
    if row is None or by.role not in SEES_BATCHES:
        raise Refused("unknown_batch")
    return row


def payments_of(
    batch: PaymentBatch, by: Actor, *, out: bool = False, after: int = 0, size: int = PAGE
) -> tuple[list[PaymentTold], int]:
    """A page of what is in a batch (or was taken out of it), in its order, with the place after it; 0 at the end."""
    found = batch.items.filter(out_at__isnull=not out, no__gt=after).select_related("payment__claim")
    page = list(found.order_by("no")[: size + 1])
    more, page = len(page) > size, page[:size]
    accounts = accounts_of(item.payment.payee_id for item in page) if by.role in SEES_ACCOUNTS else {}
    decided = decided_of({item.payment.claim_id for item in page})
    told = []
    for item in page:
        account = accounts.get(item.payment.payee_id)
        hands = decided[item.payment.claim_id]
        told.append(
            PaymentTold(
                item,
                account.holder if account else "",
                account.masked if account else "",
                hands,
                by.name in hands.hands,
            )
        )
    return told, page[-1].no if more else 0


def rejections_of(batch: PaymentBatch) -> list[BankLine]:
    """What the bank said that it did not carry out of this batch: the whole, or single payments."""
    whole = Q(reference=batch.pk.hex, payment__isnull=True)
    inside = Q(payment__in=batch.items.filter(out_at__isnull=True).values("payment_id"))
    return list(
        BankLine.objects.filter(whole | inside, says="rejected").select_related("file", "payment__claim").order_by("id")
    )


def paying_accounts(by: Actor) -> list[PayingAccount]:
    """From where each marketplace of this reader pays."""
    found = PayingAccount.objects.select_related("marketplace").order_by("marketplace_id", "currency")
    return list(found.filter(marketplace_id__in=by.marketplaces) if by.marketplaces else found)


def places_of(by: Actor) -> list[Marketplace]:
    """The marketplaces in which this reader works."""
    found = Marketplace.objects.order_by("code")
    return list(found.filter(code__in=by.marketplaces) if by.marketplaces else found)
