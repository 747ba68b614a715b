"""Claims whose money is on its way, and people who send it: for tests of batches and of the bank's answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from secrets import token_hex

from world import NOW, Shop

from makewhole import batches
from makewhole.asks import PayoutTold
from makewhole.domain.actors import Actor
from makewhole.domain.claim.state import Claim
from makewhole.integrations.bank import Payer
from makewhole.store.models import PaymentBatch

TODAY = date(2026, 11, 21)
PAYER = Payer("Test Shop Inc.", "4412345678", "CXMCUSI0", "USABA", "021000021")


def paying(shop: Shop, amount: str = "120.00", *, method: str = "bank_transfer", at: datetime = NOW) -> Claim:
    """A small claim that the machine approved: its payment is ordered."""
    notice = shop.notice(shop.sell(), claimed=amount)
    if method != "bank_transfer":
        notice = replace(notice, payout=PayoutTold(method))
    claim = shop.file(notice, at=at).claim
    assert claim.payment_under_way, claim.stage
    return claim


def maker(shop: Shop) -> Actor:
    return shop.staff("finance", 501)


def signer(shop: Shop) -> Actor:
    return shop.staff("finance", 502)


def pays_from(shop: Shop, currency: str = "USD") -> None:
    batches.set_paying_account(shop.code, currency, PAYER, by=maker(shop), at=NOW)


def made(shop: Shop, day: date = TODAY) -> PaymentBatch:
    return batches.make_batch(shop.code, "USD", day, by=maker(shop), at=NOW).batch


def signed(shop: Shop, day: date = TODAY) -> PaymentBatch:
    pays_from(shop)
    batch = made(shop, day)
    return batches.sign(batch.pk, mark(batch), by=signer(shop), at=NOW).batch


def mark(batch: PaymentBatch) -> str:
    """What somebody saw who looked at it now."""
    return batches.mark_of(batches.items_of(batch))


def reference(claim: Claim) -> str:
    """How the bank names a claim's newest payment."""
    return claim.payments[-1].order.payment_id.hex


def bank_ref() -> str:
    return f"B-{token_hex(4)}"
