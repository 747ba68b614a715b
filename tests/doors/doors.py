"""Every address of the portals, and for whom it opens: what test_every_door.py walks through, role by role.

Each portal has a file of_<portal>.py with its DOORS. A door says who may come in, what the others get, and what
somebody of the same role gets who is a party of something else (another seller, another insurer, staff of another
marketplace, the claimant of another claim): that is the test against ids changed in addresses and in forms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from django.test import Client
    from world import Shop

    from makewhole.domain.claim.state import Claim
    from makewhole.store.models import BankFile, Insurer, PaymentBatch

# Roles of accounts; then who comes without one: the claimant of `Premises.claim`, let in by the link of a mail.
ACCOUNTS = (
    "claimant", "seller", "marketplace", "adjuster", "reviewer", "finance", "safety_officer", "programme_owner",
    "administrator", "auditor", "insurer",
)  # fmt: skip
GUEST, NOBODY = "guest", "nobody"
EVERYBODY = frozenset({*ACCOUNTS, GUEST, NOBODY})
STAFF = frozenset({"adjuster", "reviewer", "finance", "safety_officer", "programme_owner", "auditor"})


@dataclass
class Premises:
    """What addresses may name: a shop with a small claim that is being paid, and a tendered one. Add what your doors
    need, as a cached property."""

    shop: Shop

    @cached_property
    def claim(self) -> Claim:
        """A small clean claim about the insured seller's product, with a photo and a receipt that is a PDF."""
        from papers import written

        receipt = replace(self.shop.send("receipt", content=written("120.00")), exposure=1, amount="120.00")
        files = (self.shop.send("photo"), receipt)
        return self.shop.file(self.shop.notice(self.shop.sell(), claimed="120.00", evidence=files)).claim

    @cached_property
    def tendered(self) -> Claim:
        """A claim over the limit, tendered to the insured seller, whose insurer was notified."""
        from world import NOW

        from makewhole import asks
        from makewhole.domain.claim.tender_commands import TenderClaim
        from makewhole.handle import handle

        assert self.insurer
        claim = self.shop.file(self.shop.notice(self.shop.sell(price="1900.00"), claimed="1850.00")).claim
        if not claim.tenders:  # a check referred it: an adjuster looked, and tenders it
            adjuster = self.shop.staff("adjuster", 10)
            claim = handle(asks.act(TenderClaim(), claim_id=claim.claim_id, by=adjuster, at=NOW)).claim
        return claim

    @cached_property
    def insurer(self) -> Insurer:
        from makewhole.store.models import Coverage, Insurer

        insurer = Insurer.objects.create(name=f"Mutual {self.shop.code}", email=f"{self.shop.code}@mutual.example")
        Coverage.objects.filter(seller=self.shop.insured).update(insurer_account=insurer, deductible_minor=500_00)
        return insurer

    @cached_property
    def paper(self) -> UUID:
        return next(item.evidence_id for item in self.claim.evidence if item.kind == "receipt")

    @cached_property
    def photo(self) -> UUID:
        return next(item.evidence_id for item in self.claim.evidence if item.kind == "photo")

    # what the insured seller was told, and who of its people is told

    @cached_property
    def party(self) -> str:
        return f"seller:{self.shop.insured.pk}"

    @cached_property
    def notice(self) -> int:
        """The number of a notice to the insured seller."""
        from makewhole.store.models import Outbox

        assert self.claim
        return Outbox.objects.filter(recipient=self.party).values_list("id", flat=True)[0]

    @cached_property
    def contact(self) -> int:
        from world import NOW

        from makewhole.store import contacts

        return contacts.add(self.party, name="Kim", email="kim@kettle.example", by=self.party, at=NOW).pk

    @cached_property
    def webhook(self) -> UUID:
        from world import NOW

        from makewhole.store import webhooks

        url = "https://kettle.example/hook"
        return webhooks.add(self.party, url, by=self.party, at=NOW, to_loopback=False)[0].id

    @cached_property
    def delivery(self) -> UUID:
        """One of the claim's notice to the webhook, as the outbox spreads it."""
        from world import NOW

        from makewhole.store import outbox
        from makewhole.store.models import Delivery

        assert self.webhook and self.claim
        while outbox.spread(NOW):  # whatever waits before it comes first
            pass
        return Delivery.objects.filter(endpoint=self.webhook).values_list("id", flat=True)[0]

    # payments on their way to the bank

    @cached_property
    def batch(self) -> PaymentBatch:
        """Made by somebody, signed by nobody."""
        from bank.paying import made

        assert self.claim
        return made(self.shop)

    @cached_property
    def bank_file(self) -> BankFile:
        """With one answer that does not fit: a cent too little."""
        from bank.messages import table
        from bank.paying import bank_ref, maker, reference
        from world import NOW

        from makewhole import bank_answers

        row = (reference(self.claim), "paid", "119.99", "USD", bank_ref(), "")
        return bank_answers.take_in("bank.csv", table(row), by=maker(self.shop), at=NOW).file

    # the insured seller's standing

    @cached_property
    def restriction(self) -> str:
        from world import NOW

        from makewhole import standing

        owner, effect = self.shop.staff("programme_owner", 31), NOW + timedelta(days=3)
        for n in range(3):  # one more than is allowed
            standing.report_violation(
                self.shop.insured.pk, ref=f"v{n}", code="late shipping", on=NOW.date(), by=self.shop.backend, at=NOW
            )
        return standing.restrict(
            self.shop.insured.pk, "listings", takes_effect_at=effect, words="Three in a week.", by=owner, at=NOW
        ).id


Address = Callable[[Premises], str]
Sent = Callable[[Premises], Mapping[str, Any]]


@dataclass(frozen=True)
class Door:
    """One route and method. `opens` is what those get for whom it is open; `shut` what signed-in others get; `nobody`
    what somebody without an account gets (302 is the way to the sign-in)."""

    route: str
    open_to: frozenset[str]
    at: Address
    method: str = "GET"
    sent: Sent = field(default=lambda place: {})
    opens: frozenset[int] = frozenset({200})
    shut: int = 403
    nobody: int = 302
    others: Mapping[str, int] = field(default_factory=dict)  # who gets something else than `shut`
    strangers: int | None = (
        None  # what the same role gets as a party of something else; None: nothing here is anybody's
    )
    many: bool = False  # a page of rows: it asks the database as often with few of them as with many

    def __str__(self) -> str:
        return f"{self.method} {self.route}"


def come(who: str, place: Premises, *, stranger: bool = False) -> Client:
    """A browser without scripts, of somebody in this role; a stranger is of the same role, and a party elsewhere."""
    from django.test import Client
    from journeys.visitors import hired

    client = Client()
    if who == GUEST:
        from makewhole.people.links import claimant_key

        claim = place.shop.file().claim if stranger else place.claim
        key = claimant_key(claim.claim_id, claim.filed.claimant_id)
        assert client.get(f"/claims/{claim.filed.reference}", {"key": key}).status_code == 302
    elif who != NOBODY:
        client.force_login(
            hired(
                who,
                "elsewhere" if stranger and who not in ("seller", "insurer") else place.shop.code,
                seller_id=_seller(place, stranger) if who == "seller" else None,
                insurer_id=_insurer(place, stranger) if who == "insurer" else None,
            )
        )
    return client


def _seller(place: Premises, stranger: bool) -> int:
    return (place.shop.uninsured if stranger else place.shop.insured).pk


def _insurer(place: Premises, stranger: bool) -> int:
    return place.insurer.pk + 1_000_000 if stranger else place.insurer.pk
