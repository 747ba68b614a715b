"""A small real world for tests against PostgreSQL: a marketplace of its own for each test, with real commits.

No test cleans up: the log refuses it, as it should. Each opens a marketplace under a name of its own, and checks
that span everything (chains, books) hold for what other tests left as well.
"""

from __future__ import annotations

import io
import secrets
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from PIL import Image, ImageDraw

from makewhole import asks
from makewhole.asks import Contact, EvidenceTold, ExposureTold, NoticeTold, PayoutTold
from makewhole.domain.actors import CLOCK, Actor
from makewhole.domain.claim.commands import RunOutClock
from makewhole.domain.claim.tender_commands import TenderClaim
from makewhole.handle import Ask, Done, handle
from makewhole.integrations.mail.sending import Mail
from makewhole.store import evidence, policies
from makewhole.store.models import Coverage, Marketplace, OrderLine, Outbox, Seller

# A Saturday noon in New York: no test depends on the day on which it runs.
NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
AFTER_THE_TENDER = NOW + timedelta(days=10)
PROGRAMME_START = datetime(2021, 9, 1, tzinfo=UTC)


@dataclass
class Shop:
    """A marketplace with one insured and one uninsured seller, under the shipped US policy."""

    code: str
    insured: Seller
    uninsured: Seller
    lines: int = 0
    backend: Actor = field(init=False)

    def __post_init__(self) -> None:
        self.backend = Actor(f"marketplace:{self.code}", "marketplace", marketplaces=frozenset({self.code}))

    def sell(
        self,
        *,
        price: str = "49.99",
        seller: Seller | None = None,
        ordered_at: datetime = NOW - timedelta(days=40),
        delivered_at: datetime | None = NOW - timedelta(days=35),
        physical: bool = True,
    ) -> OrderLine:
        self.lines += 1
        return OrderLine.objects.create(
            marketplace_id=self.code,
            order_ref=f"{self.code}-{self.lines}",
            line_ref="1",
            seller=seller or self.insured,
            buyer_ref=f"buyer-{self.lines}",
            product_ref="KX-2",
            product_title="Kettle KX-2",
            category="kitchen",
            quantity=1,
            price_minor=int(Decimal(price) * 100),
            currency="USD",
            ordered_at=ordered_at,
            delivered_at=delivered_at,
            physical=physical,
        )

    def send(
        self, kind: str, *, by: Actor | None = None, at: datetime = NOW, content: bytes | None = None
    ) -> EvidenceTold:
        """A real file through the evidence store: a photo of its own each time, unless its bytes are given."""
        kept = evidence.keep(
            "photo.jpg",
            content or a_photo(),
            kind,
            by=(by or self.backend).name,
            at=at,  # type: ignore[arg-type]
        )
        return EvidenceTold(kept.id)

    def notice(self, line: OrderLine, *, claimed: str = "120.00", complete: bool = True, **told: object) -> NoticeTold:
        """A small clean claim: a worktop burned by a kettle, with photo and receipt; every person a new one."""
        who = secrets.token_hex(6)
        files: tuple[EvidenceTold, ...] = ()
        if complete:
            files = (self.send("photo"), replace(self.send("receipt"), exposure=1, amount=claimed))
        said = NoticeTold(
            marketplace=self.code,
            order_ref=line.order_ref,
            line_ref=line.line_ref,
            loss_date=date(2026, 11, 18),
            story="The kettle's base melted and burned our worktop.",
            exposures=(ExposureTold("property_damage", claimed),),
            contact=Contact(name="Ana Rivera", email=f"ana.{who}@example.com", phone="", address=f"{who} Elm Street"),
            payout=PayoutTold("bank_transfer", account=f"US{who}", holder="Ana Rivera"),
            evidence=files,
        )
        return replace(said, **told)  # type: ignore[arg-type]

    def ask(self, notice: NoticeTold, *, at: datetime = NOW, key: str | None = None) -> Ask:
        return asks.file_claim(notice, by=self.backend, at=at, channel="api", key=key)

    def file(self, notice: NoticeTold | None = None, *, at: datetime = NOW, key: str | None = None) -> Done:
        return handle(self.ask(notice or self.notice(self.sell()), at=at, key=key))

    def file_unanswered(self, notice: NoticeTold) -> Done:
        """A claim over the limit whose seller was silent: its time is over at AFTER_THE_TENDER, and staff decide."""
        filed = self.file(notice)
        if not filed.claim.tenders:  # a check referred it: an adjuster looked, and tenders it
            adjuster = self.staff("adjuster", 10)
            filed = handle(asks.act(TenderClaim(), claim_id=filed.claim.claim_id, by=adjuster, at=NOW))
        clock = filed.claim.held("seller_answers")
        assert clock is not None and clock.due_at <= AFTER_THE_TENDER
        return handle(Ask(RunOutClock(clock.name, clock.turn), CLOCK, AFTER_THE_TENDER, filed.claim.claim_id))

    def staff(self, role: str, number: int) -> Actor:
        return Actor(f"person:{number}", role, marketplaces=frozenset({self.code}))  # type: ignore[arg-type]


def open_shop() -> Shop:
    code = f"t{secrets.token_hex(5)}"
    Marketplace.objects.create(
        code=code, name="Test shop", country="US", currency="USD", zone="America/New_York",
        legal_entity="Test Shop Inc.", policy="us",
    )  # fmt: skip
    policies.freeze_holidays(code, "US", range(2026, 2029))
    policies.publish(policies.shipped("us"), where="us.toml", at=PROGRAMME_START, by="person:1")
    insured = Seller.objects.create(
        marketplace_id=code, seller_ref="kettle-co", name="Kettle Co", email="k@example.com"
    )
    Coverage.objects.create(
        seller=insured, insurer="Harbour Mutual", policy_number="HM-1",
        starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1),
    )  # fmt: skip
    uninsured = Seller.objects.create(
        marketplace_id=code, seller_ref="lamp-shop", name="Lamp Shop", email="l@example.com"
    )
    return Shop(code, insured, uninsured)


def a_photo() -> bytes:
    """A JPEG that looks like no other: random blocks, so that fingerprints lie far apart."""
    picture = Image.new("RGB", (64, 64))
    draw = ImageDraw.Draw(picture)
    for x in range(0, 64, 4):
        for y in range(0, 64, 4):
            draw.rectangle((x, y, x + 3, y + 3), fill=tuple(secrets.token_bytes(3)))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def links_mailed() -> list[Mail]:
    """The mails with links that were asked for and are not out yet, as a worker writes them; then they are out."""
    from makewhole.store import outbox
    from makewhole.workers.mails.letters import letter
    from makewhole.workers.mails.link_letters import NothingToSend

    written = []
    for notice in Outbox.objects.filter(recipient__startswith="asked:", sent_at=None).order_by("id"):
        with suppress(NothingToSend):
            written.append(letter(notice))
        outbox.mark_sent(notice, at=notice.created_at, message_id="")
    return written
