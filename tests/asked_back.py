"""A small claim that ends with its uninsured seller: paid, asked back, withheld, contested, and decided, for real.

The claimant and what people write of her bear names that stand in no statement to the seller.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from world import NOW, Shop

from makewhole import asks
from makewhole.domain.actors import CLOCK, Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim.commands import ClaimCommand
from makewhole.domain.claim.events import Reason
from makewhole.domain.claim.state import Claim
from makewhole.domain.recovery import commands as rd
from makewhole.handle import handle
from makewhole.store.models import Disbursement, Seller

NAME, ACCOUNT = "Zoë Łukasz-Győri", "US99ZOEACCOUNT"


def phone_of(shop: Shop) -> str:
    """Another for each shop: a phone that two claims share is looked at."""
    return f"+1212{int(shop.code[1:], 16) % 10_000_000:07d}"


def address_of(shop: Shop) -> str:
    """In the lines of a letter, as the page keeps it; whoever writes of it writes otherwise."""
    return f"17 Ferry Lane\nTROY {shop.code}, NY 12180"


def secrets_of(shop: Shop) -> tuple[str, ...]:
    """What no page, paper, mail or answer may tell a seller of the claimant."""
    return ("Zoë", "Łukasz", "Győri", "zoe.lukasz", phone_of(shop), "Ferry", "12180", ACCOUNT)


@dataclass
class AskedBack:
    """The claim so far, and who acts on it; time passes with `at`."""

    shop: Shop
    claim: Claim
    seller: Actor
    at: datetime

    def does(self, command: ClaimCommand, by: Actor, *, words: tuple[asks.Words, ...] = ()) -> AskedBack:
        self.at += timedelta(hours=1)
        self.claim = handle(asks.act(command, claim_id=self.claim.claim_id, by=by, at=self.at, words=words)).claim
        return self

    def runs_out(self, name: str) -> AskedBack:
        clock = self.claim.held(name)
        assert clock is not None, f"{name} does not run"
        self.at = max(self.at, clock.due_at)
        return self.does(do.RunOutClock(name, clock.turn), CLOCK)

    def pays_out(self, ref: str, net_minor: int) -> AskedBack:
        """The marketplace tells of a payout; what is owed is held back of it."""
        payout = Disbursement.objects.create(
            marketplace_id=self.shop.code, seller=self.shop.uninsured, disbursement_ref=ref, currency="USD",
            net_minor=net_minor, pays_on=date(2026, 12, 20), told_at=self.at,
        )  # fmt: skip
        return self.does(rd.WithholdFunds(payout.pk), self.shop.staff("finance", 31))


def demanded(shop: Shop) -> AskedBack:
    """USD 850.00, paid by the machine; the seller showed no insurance in its time."""
    Seller.objects.filter(id=shop.uninsured.pk).update(legal_name="Ångström Łampy & Co. sp. z o.o.")
    line = shop.sell(price="89.99", seller=shop.uninsured)
    notice = shop.notice(line, claimed="850.00")
    contact = replace(
        notice.contact, name=NAME, email=f"zoe.lukasz.{shop.code}@example.com", phone=phone_of(shop),
        address=address_of(shop),
    )  # fmt: skip
    payout = replace(notice.payout, account=f"{ACCOUNT}{shop.code}", holder=NAME)
    claim = shop.file(replace(notice, contact=contact, payout=payout)).claim
    life = AskedBack(shop, claim, Actor(f"seller:{shop.uninsured.pk}", "seller", seller_id=shop.uninsured.pk), NOW)
    order = claim.payments[0].order
    life.does(do.ConfirmPayment(order.payment_id, "bank-1"), shop.staff("finance", 31))
    return life.runs_out("seller_proof_of_insurance")


def contest_decided(shop: Shop) -> AskedBack:
    """All of it held back of two payouts; the seller is right in part, as a person who took no part writes."""
    life = demanded(shop).pays_out("PO-2026-12-1", 600_00).pays_out("PO-2026-12-2", 700_00)
    said = asks.say("The lamp was used outdoors, and Zoë says so.")
    assert said.sealed is not None
    life.does(rd.ContestRecovery(("misuse", "amount"), said.sealed), life.seller, words=(said,))
    home = f"17 Ferry Ln., Troy {shop.code} NY 12180"
    found = asks.say(f"Ms {NAME} ({home}) kept the lamp outdoors; a third of the damage is hers to bear.")
    version = life.claim.policy_version
    reason = Reason("misuse", f"{version} · bearer.small_not_insured", (), found.sealed)
    return life.does(rd.DecideContest("partly", reason, 283_00), shop.staff("reviewer", 32), words=(found,))
