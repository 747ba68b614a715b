"""The write door of payment batches: make, take out, sign, withdraw, and the file for the bank. Beside handle.py.

A batch holds payment orders of one marketplace, currency and day. One person makes it and another signs it, who had no
hand in a claim of it: neither decided one nor changed where its money goes. Only what is signed can be downloaded, and
what is with the bank stays in its batch until the bank says that it did not carry it out: nothing is sent twice. What
the bank answers comes in by bank_answers.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.money import Money
from makewhole.domain.refusal import Refused
from makewhole.integrations.bank.iso20022 import pain001
from makewhole.integrations.bank.words import Order, Payer, Run, account_fits, reference_of
from makewhole.reads.decided import decided_of
from makewhole.store import policies
from makewhole.store.bulk_payees import accounts_of
from makewhole.store.ids import new_id
from makewhole.store.models import (
    BankLine,
    BatchedPayment,
    Marketplace,
    PayingAccount,
    Payment,
    PaymentBatch,
)

PAYS: frozenset[RoleName] = frozenset({"finance"})
MOST_PAYMENTS = 1_000
LONGEST_BECAUSE = 300
_BICS = (8, 11)


@dataclass(frozen=True, slots=True)
class Left:
    """A payment that no file can carry, and why."""

    payment_id: UUID
    why: str  # erased, account_form


@dataclass(frozen=True, slots=True)
class Made:
    batch: PaymentBatch
    left: tuple[Left, ...] = ()
    repeated: bool = False


# Making -------------------------------------------------------------------------------------------------


def ready(marketplaces: frozenset[str] = frozenset()) -> QuerySet[Payment]:
    """Orders by bank transfer that wait for the bank and are in no batch."""
    batched = BatchedPayment.objects.filter(payment_id=OuterRef("id"), out_at__isnull=True)
    found = Payment.objects.filter(~Exists(batched), state="ordered", method="bank_transfer")
    return found.filter(claim__marketplace_id__in=marketplaces) if marketplaces else found


def make_batch(marketplace: str, currency: str, day: date, *, by: Actor, at: datetime) -> Made:
    """Everything of that day that waits, up to MOST_PAYMENTS, in the order in which it was ordered.

    Refuses `nothing_to_batch`. What no file can carry is left out and told.
    """
    _refuse_others(by, marketplace, "MakeBatch")
    with transaction.atomic():
        # One maker at a time, so that two batches never reach for the same orders.
        if not Marketplace.objects.select_for_update(no_key=True).filter(code=marketplace).exists():
            raise Refused("unknown_marketplace", marketplace=marketplace[:20])
        calendar = policies.calendar_of(marketplace)
        since, until = calendar.instant(day, time()), calendar.instant(day + timedelta(days=1), time())
        waiting = ready().filter(
            claim__marketplace_id=marketplace, currency=currency, ordered_at__gte=since, ordered_at__lt=until
        )
        orders = list(waiting.order_by("ordered_at", "id")[:MOST_PAYMENTS])
        left = _left(orders)
        names = {each.payment_id for each in left}
        orders = [order for order in orders if order.pk not in names]
        if not orders:
            raise Refused("nothing_to_batch", day=day, left=len(left))
        earlier = PaymentBatch.objects.filter(marketplace_id=marketplace, currency=currency, day=day)
        batch = PaymentBatch.objects.create(
            id=new_id(), marketplace_id=marketplace, currency=currency, day=day,
            seq=(earlier.aggregate(last=Max("seq"))["last"] or 0) + 1, number=len(orders),
            total_minor=sum(order.amount_minor for order in orders), made_by=by.name, made_at=at,
        )  # fmt: skip
        BatchedPayment.objects.bulk_create(
            BatchedPayment(batch=batch, payment=order, no=no) for no, order in enumerate(orders, start=1)
        )
    return Made(batch, tuple(left))


def _left(orders: Sequence[Payment]) -> list[Left]:
    accounts = accounts_of(order.payee_id for order in orders)
    found = []
    for order in orders:
        account = accounts.get(order.payee_id)
        if account is None:
            found.append(Left(order.pk, "erased"))
        elif not account_fits(account.account):
            found.append(Left(order.pk, "account_form"))
    return found


# Taking out and withdrawing -----------------------------------------------------------------------------


def take_out(batch_id: UUID, payment_id: UUID, because: str, *, by: Actor, at: datetime) -> Made:
    """One payment leaves its batch: before it is signed, or once the bank said that it did not carry it out."""
    because = _because(because)
    with transaction.atomic():
        batch = _locked(batch_id, by, "TakeOut")
        item = batch.items.filter(payment_id=payment_id).order_by("-id").select_related("payment").first()
        if item is None:
            raise Refused("not_in_this_batch")
        if item.out_at is not None:
            return Made(batch, repeated=True)
        if batch.signed_at is not None and not _rejected(batch, payment_id):
            raise Refused("batch_is_with_the_bank")
        _out(batch, [item], because, by, at)
    return Made(batch)


def withdraw(batch_id: UUID, *, by: Actor, at: datetime) -> Made:
    """The whole batch is given up before it was signed; its payments can go into another."""
    with transaction.atomic():
        batch = _locked(batch_id, by, "WithdrawBatch")
        if batch.withdrawn_at is not None:
            return Made(batch, repeated=True)
        if batch.signed_at is not None:
            raise Refused("batch_is_signed")
        _out(batch, list(batch.items.filter(out_at__isnull=True)), "the batch was withdrawn", by, at)
        batch.withdrawn_by, batch.withdrawn_at = by.name, at
        batch.save(update_fields=["withdrawn_by", "withdrawn_at"])
    return Made(batch)


def free(batch_id: UUID, because: str, *, by: Actor, at: datetime) -> Made:
    """The bank took none of a signed batch: what still waits can go into another. Refuses unless the bank said so."""
    because = _because(because)
    with transaction.atomic():
        batch = _locked(batch_id, by, "FreeBatch")
        if batch.signed_at is None or not _rejected(batch, None):
            raise Refused("batch_is_with_the_bank")
        waiting = list(batch.items.filter(out_at__isnull=True, payment__state="ordered"))
        if not waiting:
            return Made(batch, repeated=True)
        _out(batch, waiting, because, by, at)
    return Made(batch)


def _out(batch: PaymentBatch, items: list[BatchedPayment], because: str, by: Actor, at: datetime) -> None:
    for item in items:
        item.out_at, item.out_by, item.out_because = at, by.name, because
    BatchedPayment.objects.bulk_update(items, ["out_at", "out_by", "out_because"])
    if batch.signed_at is None:
        left = batch.items.filter(out_at__isnull=True).values_list("payment__amount_minor", flat=True)
        batch.number, batch.total_minor = len(left), sum(left)
        batch.save(update_fields=["number", "total_minor"])


def _rejected(batch: PaymentBatch, payment_id: UUID | None) -> bool:
    """Whether the bank said that it did not carry out the whole batch, or this payment of it."""
    assert batch.signed_at is not None
    told = BankLine.objects.filter(says="rejected", file__read_at__gte=batch.signed_at)
    whole = Q(reference=reference_of(batch.pk), payment__isnull=True)
    return told.filter(whole | Q(payment_id=payment_id) if payment_id else whole).exists()


# Signing ------------------------------------------------------------------------------------------------


def sign(batch_id: UUID, seen: str, *, by: Actor, at: datetime) -> Made:
    """A second person puts their name to it. `seen`: the mark of what was shown (`mark_of`).

    Refuses one's own batch, a batch in which the signer had a hand in a claim, one that changed since it was looked at,
    one with a payment that waits no longer, and where no account to pay from is known.
    """
    with transaction.atomic():
        batch = _locked(batch_id, by, "SignBatch")
        if batch.signed_at is not None:
            if batch.signed_by == by.name:
                return Made(batch, repeated=True)
            raise Refused("batch_is_signed")
        if batch.withdrawn_at is not None:
            raise Refused("batch_is_withdrawn")
        if batch.made_by == by.name:
            raise Refused("made_it_oneself")
        items = items_of(batch)
        if not items:
            raise Refused("batch_is_empty")
        if mark_of(items) != seen:
            raise Refused("batch_changed")
        if gone := [item for item in items if item.payment.state != "ordered"]:
            raise Refused("payments_wait_no_longer", number=len(gone))
        if own := hands_in(items, by.name):
            named = [item.payment.claim.reference for item in items if item.payment.claim_id in own]
            raise Refused("decided_it_oneself", claims=", ".join(named[:5]))
        payer = _payer(batch)
        batch.signed_by, batch.signed_at = by.name, at
        batch.paid_from = {name: getattr(payer, name) for name in Payer.__slots__}
        batch.content_sha256 = hashlib.sha256(_written(batch, items)).digest()
        batch.save(update_fields=["signed_by", "signed_at", "paid_from", "content_sha256"])
    return Made(batch)


def mark_of(items: Sequence[BatchedPayment]) -> str:
    """A mark of what is in a batch: another one once a payment left it."""
    told = "\n".join(f"{item.payment_id} {item.payment.amount_minor}" for item in items)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def items_of(batch: PaymentBatch) -> list[BatchedPayment]:
    """What is in it, in its order."""
    return list(_in_order(batch.items.filter(out_at__isnull=True)))


def hands_in(items: Sequence[BatchedPayment], name: str) -> set[UUID]:
    """The claims among these that this person decided, proposed, or changed the payee of."""
    decided = decided_of({item.payment.claim_id for item in items})
    return {claim_id for claim_id, told in decided.items() if name in told.hands}


def file_of(batch_id: UUID, *, by: Actor, at: datetime) -> tuple[str, bytes]:
    """The signed batch as pain.001: its name and bytes, the same each time. The first download is noted.

    Refuses `batch_is_not_signed`; `batch_cannot_be_made_again` once a payee of it was erased.
    """
    with transaction.atomic():
        batch = _locked(batch_id, by, "FetchBatch")
        if batch.signed_at is None or batch.content_sha256 is None:
            raise Refused("batch_is_not_signed")
        items = list(_in_order(batch.items.filter(Q(out_at__isnull=True) | Q(out_at__gte=batch.signed_at))))
        if len(accounts_of(item.payment.payee_id for item in items)) < len({item.payment.payee_id for item in items}):
            raise Refused("batch_cannot_be_made_again")
        content = _written(batch, items)
        assert hashlib.sha256(content).digest() == bytes(batch.content_sha256), f"batch {batch.pk} is another file"
        if batch.fetched_at is None:
            batch.fetched_by, batch.fetched_at = by.name, at
            batch.save(update_fields=["fetched_by", "fetched_at"])
    return f"{name_of(batch)}.xml", content


def name_of(batch: PaymentBatch) -> str:
    """How people name a batch: US-USD-2026-11-25-1."""
    return f"{batch.marketplace_id.upper()}-{batch.currency}-{batch.day:%Y-%m-%d}-{batch.seq}"


def _written(batch: PaymentBatch, items: Sequence[BatchedPayment]) -> bytes:
    accounts = accounts_of(item.payment.payee_id for item in items)
    assert batch.signed_at is not None and batch.paid_from is not None
    run = Run(
        reference=reference_of(batch.pk),
        made_at=batch.signed_at,
        pay_on=policies.calendar_of(batch.marketplace_id).day_of(batch.signed_at),
        payer=Payer(**batch.paid_from),
        orders=tuple(
            Order(
                reference=reference_of(item.payment_id),
                holder=accounts[item.payment.payee_id].holder,
                account=accounts[item.payment.payee_id].account,
                amount=Money(item.payment.amount_minor, item.payment.currency),
                note=f"Claim {item.payment.claim.reference}",
            )
            for item in items
        ),
    )
    return pain001.write(run)


# The account to pay from --------------------------------------------------------------------------------


def set_paying_account(marketplace: str, currency: str, payer: Payer, *, by: Actor, at: datetime) -> PayingAccount:
    """From where a marketplace pays in a currency. What is signed keeps the account that it was signed with."""
    _refuse_others(by, marketplace, "SetPayingAccount")
    place = Marketplace.objects.filter(code=marketplace).first()
    if place is None:
        raise Refused("unknown_marketplace", marketplace=marketplace[:20])
    if not payer.holder.strip() or len(payer.holder) > 140 or not payer.holder.isprintable():
        raise Refused("text_missing", field="holder")
    if not account_fits(payer.account):
        raise Refused("account_not_usable")
    if payer.bic and (len(payer.bic) not in _BICS or not payer.bic.isascii() or not payer.bic.isalnum()):
        raise Refused("bic_not_usable")
    if not payer.bic and not (payer.clearing_system and payer.clearing_member):
        raise Refused("bank_not_named")
    if len(payer.clearing_system) > 5 or len(payer.clearing_member) > 35:
        raise Refused("bank_not_named")
    told, _ = PayingAccount.objects.update_or_create(
        marketplace=place, currency=currency,
        defaults={**{name: getattr(payer, name) for name in Payer.__slots__}, "set_by": by.name, "set_at": at},
    )  # fmt: skip
    return told


def _payer(batch: PaymentBatch) -> Payer:
    found = PayingAccount.objects.filter(marketplace_id=batch.marketplace_id, currency=batch.currency).first()
    if found is None:
        raise Refused("no_paying_account", marketplace=batch.marketplace_id, currency=batch.currency)
    return Payer(found.holder, found.account, found.bic, found.clearing_system, found.clearing_member)


# Parts --------------------------------------------------------------------------------------------------


def _refuse_others(by: Actor, marketplace: str, act: str) -> None:
    if by.role not in PAYS:
        raise Refused("role_may_not", role=by.role, act=act)
    if not by.works_in(marketplace):
        raise Refused("unknown_marketplace", marketplace=marketplace[:20])


def _locked(batch_id: UUID, by: Actor, act: str) -> PaymentBatch:
    assert connection.in_atomic_block
    if by.role not in PAYS:
        raise Refused("role_may_not", role=by.role, act=act)
    batch = PaymentBatch.objects.select_for_update().filter(id=batch_id).first()
    if batch is None or not by.works_in(batch.marketplace_id):
        raise Refused("unknown_batch")
    return batch


def _in_order(items: QuerySet[BatchedPayment]) -> QuerySet[BatchedPayment]:
    return items.select_related("payment", "payment__claim").order_by(F("no"))


def _because(because: str) -> str:
    said = because.strip()
    if not said:
        raise Refused("words_needed")
    if len(said) > LONGEST_BECAUSE or "\x00" in said:
        raise Refused("text_too_long", field="because", longest=LONGEST_BECAUSE, length=len(said))
    return said
