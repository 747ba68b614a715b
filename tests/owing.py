"""Claims that a seller has to answer for, made through the write door: tendered, paid after its silence, asked back.

Start at owing(): a claim over the limit, a silent seller without insurance, the claimant paid, a recovery opened.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from world import NOW, Shop

from makewhole import asks
from makewhole.domain.actors import CLOCK, Actor
from makewhole.domain.claim.commands import ClaimCommand, ConfirmPayment, RunOutClock, SignRelease
from makewhole.domain.claim.state import AwaitingRelease, Claim
from makewhole.domain.refusal import Refused
from makewhole.handle import Done, handle
from makewhole.store.ids import new_id
from makewhole.store.models import Disbursement, Seller

BANK = Actor("machine:bank", "machine")
FINANCE = Actor("person:901", "finance")
PAID_AT = NOW + timedelta(days=9)
PAYS_ON = date(2026, 12, 10)
LATER = NOW + timedelta(days=60)


def do(command: ClaimCommand, claim: Claim, by: Actor, at: datetime, *said: asks.Words) -> Done:
    return handle(asks.act(command, claim_id=claim.claim_id, by=by, at=at, words=said))


def seller_of(shop: Shop, seller: Seller | None = None) -> Actor:
    seller = seller or shop.uninsured
    return Actor(f"seller:{seller.pk}", "seller", seller_id=seller.pk)


def claimant_of(claim: Claim) -> Actor:
    claimant_id = claim.filed.claimant_id
    return Actor(f"claimant:{claimant_id}", "claimant", claimant_id=claimant_id)


def tendered(shop: Shop, *, claimed: str = "2500.00", seller: Seller | None = None) -> Claim:
    """A claim over the limit: its seller has a time to answer."""
    line = shop.sell(seller=seller or shop.uninsured, price="799.00")  # so dear that the sum is no surprise
    claim = shop.file(shop.notice(line, claimed=claimed)).claim
    assert claim.tenders, claim.stage
    return claim


def run_out(claim: Claim, name: str) -> Claim:
    """The clock of that name, when its time is over."""
    clock = claim.running(name)
    assert clock is not None, [(each.name, each.state) for each in claim.clocks]
    return do(RunOutClock(clock.name, clock.turn, new_id()), claim, CLOCK, clock.due_at).claim


def paid(claim: Claim, at: datetime = PAID_AT) -> Claim:
    """The claimant signs the release, and the bank confirms what is then ordered."""
    if isinstance(claim.stage, AwaitingRelease):
        signature = asks.say("Ana Rivera", kind="signature")
        assert signature.sealed is not None
        signed = SignRelease(claim.stage.release.text_sha256, signature.sealed, new_id())
        claim = do(signed, claim, claimant_of(claim), at, signature).claim
    return do(ConfirmPayment(claim.payments[-1].order.payment_id, "B-1"), claim, BANK, at).claim


def owing(shop: Shop, *, claimed: str = "2500.00", seller: Seller | None = None) -> Claim:
    """A recovery runs: the seller was silent, the platform stepped in and paid, and asks for it."""
    claim = paid(run_out(tendered(shop, claimed=claimed, seller=seller), "seller_answers"))
    assert claim.recovery is not None and claim.recovery.outstanding_minor("seller")
    return claim


def payout(
    shop: Shop,
    net: int,
    *,
    seller: Seller | None = None,
    pays_on: date = PAYS_ON,
    currency: str = "USD",
) -> Disbursement:
    """A payout of the marketplace to a seller, in whole units."""
    return Disbursement.objects.create(
        marketplace_id=shop.code, seller=seller or shop.uninsured, disbursement_ref=f"D-{secrets.token_hex(6)}",
        currency=currency, net_minor=100 * net, pays_on=pays_on, told_at=PAID_AT,
    )  # fmt: skip


def refusal(command: ClaimCommand, claim: Claim, by: Actor, at: datetime, *said: asks.Words) -> str:
    """The code with which the rules say no."""
    try:
        do(command, claim, by, at, *said)
    except Refused as refused:
        return refused.code
    raise AssertionError(f"{type(command).__name__} was not refused")
