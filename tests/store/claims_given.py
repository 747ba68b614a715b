"""A small market, and claims filed in it through the write door, for tests of what works on them."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from makewhole.domain.actors import Actor
from makewhole.domain.claim.commands import FileClaim
from makewhole.domain.claim.events import EvidenceItem, ExposureClaimed, Payee
from makewhole.handle import Ask, Done, FiledFor, handle
from makewhole.store import ids, policies, vault
from makewhole.store.models import Coverage, Evidence, Marketplace, OrderLine, Seller

FILED_AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # a Monday
MACHINE_OF_THE_SHOP = Actor("marketplace:1", "marketplace")
ADJUSTER = Actor("person:7", "adjuster")
BANK = Actor("person:9", "finance")
_number = count(1)


def market(*, insured: bool = True, seller_email: str = "kettles@example.com") -> Seller:
    """The marketplace `us` under the shipped policy, with one seller."""
    Marketplace.objects.create(
        code="us", name="Demo US", country="US", currency="USD", zone="America/New_York",
        legal_entity="Demo Inc", policy="us",
    )  # fmt: skip
    policies.freeze_holidays("us", "US", range(2025, 2029))
    policies.publish(policies.shipped("us"), where="us.toml", at=datetime(2021, 9, 1, tzinfo=UTC), by="person:1")
    seller = Seller.objects.create(marketplace_id="us", seller_ref="S1", name="Kettle Co", email=seller_email)
    if insured:
        Coverage.objects.create(
            seller=seller, insurer="Northern", policy_number="P1", starts_on=date(2024, 1, 1), ends_on=date(2029, 1, 1)
        )
    return seller


def filing(
    seller: Seller,
    *,
    at: datetime = FILED_AT,
    amount_minor: int = 15_000,
    shows_minor: int | None = None,
    price_minor: int = 4_999,
    proof: bool = True,
    email: str | None = None,
    name: str = "Ana",
    language: str = "",
    **more: Any,  # other fields of FileClaim
) -> Ask:
    """A first notice on a new order line: a burnt worktop, with photo and receipt unless told otherwise.

    `shows_minor`: what the receipt shows, where it is not what is claimed.
    """
    n = next(_number)
    email = f"ana{n}@example.com" if email is None else email
    line = OrderLine.objects.create(
        marketplace_id="us", order_ref=f"113-{n}", line_ref="1", seller=seller, buyer_ref=f"B{n}", product_ref="KX2",
        product_title="Kettle KX-2", quantity=1, price_minor=price_minor, currency="USD",
        ordered_at=at - timedelta(days=40), delivered_at=at - timedelta(days=35),
    )  # fmt: skip
    story = vault.personal("story", "It burned my worktop.")
    contact = vault.personal("contact", {"email": email, "name": name, "language": language})
    claim_id = ids.new_id()
    shown = amount_minor if shows_minor is None else shows_minor
    told: dict[str, Any] = {
        "exposures": (ExposureClaimed(1, "property_damage", amount_minor),),
        "evidence": (_file("photo", at, 0), _file("receipt", at, shown)) if proof else (),
    }
    command = FileClaim(
        claim_id=claim_id, reference=ids.reference_of(claim_id), incident_id=ids.new_id(), payment_id=ids.new_id(),
        claimant_id=ids.new_id(), channel="api", loss_date=(at - timedelta(days=3)).date(), story=story.sealed,
        payee=Payee(ids.new_id(), "bank_transfer"), **{**told, **more},
    )  # fmt: skip
    digest = vault.match_digest("email", email or f"nobody{n}")
    filed_for = FiledFor(
        "us", line.order_ref, "1", digest, vault.match_digest("payee", f"account {n}"), (("email", digest),)
    )
    return Ask(command, MACHINE_OF_THE_SHOP, at, claim_id, filed_for, personal=(story, contact))


def filed(seller: Seller, **more: Any) -> Done:  # as filing()
    return handle(filing(seller, **more))


def _file(kind: Any, at: datetime, shows_minor: int) -> EvidenceItem:  # a kind of evidence
    evidence_id = ids.new_id()
    Evidence.objects.create(
        id=evidence_id, uploaded_by=MACHINE_OF_THE_SHOP.name, kind=kind, sha256=os.urandom(32), size_bytes=3,
        media_type="image/jpeg", folder="x", uploaded_at=at,
    )  # fmt: skip
    return EvidenceItem(evidence_id, kind, "", 1, shows_minor)
