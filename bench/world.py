"""The marketplace that is measured: sellers with insurance, and as many sold lines with sent files as are asked for.

Lines and files are written by SQL, as an import and earlier uploads would have left them; files' bytes are not
stored, because nothing on the measured path reads them. Claims are only ever made through the write door.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import md5
from uuid import UUID

from django.db import connection

from makewhole import asks
from makewhole.asks import Contact, EvidenceTold, ExposureTold, NoticeTold, PayoutTold
from makewhole.domain.actors import Actor
from makewhole.handle import Ask
from makewhole.people.models import Account, RoleAssignment
from makewhole.people.roles import Role
from makewhole.people.tokens import make
from makewhole.store import policies
from makewhole.store.models import Coverage, Marketplace, Seller

CODE = "bench"
SELLERS = 2_000
# A claim of twenty times the price is looked at by a person: what is tendered by the machine needs a dearer thing.
DEAR, DEAR_MINOR = "99.99", 9_999
STORY = "The base of the kettle melted while it boiled, and burned the worktop beside it. " * 4


def open_marketplace() -> tuple[Actor, str]:
    """The marketplace's back-end as an actor, and its token in clear."""
    Marketplace.objects.create(
        code=CODE, name="Bench", country="US", currency="USD", zone="America/New_York",
        legal_entity="Bench Inc.", policy="us",
    )  # fmt: skip
    policies.freeze_holidays(CODE, "US", range(2021, 2030))
    policies.publish(policies.shipped("us"), where="us.toml", at=datetime(2021, 9, 1, tzinfo=UTC), by="person:1")
    sellers = Seller.objects.bulk_create(
        Seller(marketplace_id=CODE, seller_ref=f"S{n}", name=f"Seller {n}", email=f"s{n}@example.com")
        for n in range(SELLERS)
    )
    today = datetime.now(UTC).date()
    Coverage.objects.bulk_create(
        Coverage(
            seller=seller,
            insurer="Harbour Mutual",
            policy_number=f"HM-{n}",
            starts_on=today - timedelta(days=300),
            ends_on=today + timedelta(days=300),
        )
        for n, seller in enumerate(sellers)
    )
    account = Account.objects.create_user("bench@example.com", name="Bench back-end")
    RoleAssignment.objects.create(account=account, role=Role.MARKETPLACE, marketplace=CODE)
    _, clear = make(account, name="bench", scopes=["claims:write", "claims:read"], requests_per_minute=1_000_000)
    return Actor(f"marketplace:{account.id}", "marketplace", marketplaces=frozenset({CODE})), clear


def sell(first: int, count: int, by: str, *, price_minor: int = 4999) -> None:
    """Order lines numbered from `first`, and a photo and a receipt sent beforehand for each."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into store_orderline (marketplace_id, order_ref, line_ref, seller_id, buyer_ref, product_ref,
                product_title, category, quantity, price_minor, currency, ordered_at, delivered_at, channel, physical)
            select %s, 'O' || n, '1', low + n %% %s, 'B' || n, 'P' || n %% 5000, 'Kettle KX-2', 'kitchen', 1, %s,
                   'USD', now() - interval '40 days', now() - interval '35 days', 'seller', true
              from generate_series(%s::int, %s) n, (select min(id) as low from store_seller) s
            """,
            [CODE, SELLERS, price_minor, first, first + count - 1],
        )
        cursor.execute(
            """
            insert into store_evidence (id, uploaded_by, kind, sha256, size_bytes, media_type, folder, health, active,
                                        uploaded_at)
            select md5(kind || n)::uuid, %s, kind, sha256((kind || n)::bytea), 200000, 'image/jpeg', kind || n, false,
                   false, now()
              from generate_series(%s::int, %s) n, (values ('photo'), ('receipt')) kinds (kind)
            """,
            [by, first, first + count - 1],
        )
        cursor.execute("analyze store_orderline, store_evidence")


def notice(number: int, *, claimed: str = "120.00", price: str = "49.99", complete: bool = True) -> NoticeTold:
    """A clean claim on that order line, of a person of its own; a small one unless told otherwise."""
    files = (_file("photo", number), replace(_file("receipt", number), exposure=1, amount=claimed))
    return NoticeTold(
        marketplace=CODE,
        order_ref=f"O{number}",
        line_ref="1",
        loss_date=(datetime.now(UTC) - timedelta(days=4)).date(),
        story=STORY,
        exposures=(ExposureTold("property_damage", claimed), ExposureTold("purchase_price", price)),
        contact=Contact(f"Ana {number}", f"ana.{number}@example.com", f"+1 202 {number:07d}", f"{number} Elm Street"),
        payout=PayoutTold("bank_transfer", f"US{number:012d}", f"Ana {number}"),
        evidence=files if complete else (),
    )


def ask(number: int, by: Actor, *, complete: bool = True, over_the_limit: bool = False) -> Ask:
    """A notice of a small claim, or of one that is tendered; not `complete`: without the files that prove it."""
    amounts = {"claimed": "1200.00", "price": DEAR} if over_the_limit else {}
    told = notice(number, complete=complete, **amounts)
    return asks.file_claim(told, by=by, at=datetime.now(UTC), channel="api")


def _file(kind: str, number: int) -> EvidenceTold:
    return EvidenceTold(UUID(md5(f"{kind}{number}".encode(), usedforsecurity=False).hexdigest()))
