"""The demo's claims: each filed and moved on through the write door, so that every stage can be seen.

Read STORIES from the top: what was bought, what happened, and how far the claim has come.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from makewhole import asks
from makewhole.demo import pictures
from makewhole.demo.market import PLACES, Shown
from makewhole.demo.people import CLAIMANT_EMAIL, account_of
from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.claim import commands as do
from makewhole.domain.claim.commands import ClaimCommand, FileClaim
from makewhole.domain.claim.events import EvidenceKind
from makewhole.domain.claim.state import Claim as Folded
from makewhole.handle import Ask, handle
from makewhole.people.roles import Role
from makewhole.store import evidence
from makewhole.store.ids import new_id, reference_of
from makewhole.store.models import Claim, OrderLine

_IDS = UUID("5b0c1f7e-9a44-4d2c-8a51-6d616b657768")  # where the demo's ids are drawn from


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the loss in major units; `proof`: (kind, the amount on it; empty for a photo)."""

    head: str
    amount: str
    proof: tuple[tuple[EvidenceKind, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A claim. `filed_days`: days before loading; `loss_days`: days before that. `then` moves it on."""

    bought: Shown
    who: str
    account: str
    told: str
    filed_days: int
    loss_days: int
    parts: tuple[Part, ...]
    hazards: tuple[str, ...] = ()
    health: str = ""
    then: tuple[Callable[[Telling], None], ...] = ()


@dataclass
class Telling:
    """A claim while its story is told: as it stands, and what time it is."""

    story: Story
    claim: Folded
    at: datetime

    def act(self, role: Role | None, command: ClaimCommand, *said: asks.Words, hours: int = 6) -> None:
        """One act by a demo person (None: the claimant), some hours later."""
        self.at += timedelta(hours=hours)
        by = _staff(role) if role else _claimant(self.claim.filed.claimant_id)
        self.claim = handle(asks.act(command, claim_id=self.claim.claim_id, by=by, at=self.at, words=said)).claim


@transaction.atomic
def load(now: datetime) -> None:
    """Tells every story that was not told yet, the oldest first."""
    told = set(Claim.objects.values_list("id", flat=True))
    for story in sorted(STORIES, key=lambda each: -each.filed_days):
        if _claim_id(story) in told:
            continue
        filed_at = now - timedelta(days=story.filed_days, hours=2)
        telling = Telling(story, _file(story, filed_at), filed_at)
        for step in story.then:
            step(telling)


def _file(story: Story, at: datetime) -> Folded:
    name = story.bought.order_ref
    line = OrderLine.objects.get(marketplace=story.bought.place, order_ref=name)
    claimant_id = uuid5(_IDS, f"claimant {story.bought.buyer_email}")
    by = _claimant(claimant_id)
    told = asks.NoticeTold(
        marketplace=story.bought.place,
        order_ref=name,
        line_ref="1",
        loss_date=(at - timedelta(days=story.loss_days)).date(),
        story=story.told,
        exposures=tuple(asks.ExposureTold(part.head, part.amount) for part in story.parts),
        contact=asks.Contact(story.who, story.bought.buyer_email),
        payout=asks.PayoutTold("bank_transfer", story.account, story.who)
        if story.account
        else asks.PayoutTold("refund"),
        evidence=tuple(_evidence(story, by, at)),
        injury=bool(story.health),
        health=story.health,
        hazards=story.hazards,
    )
    ask = asks.file_claim(told, by=by, at=at, channel="web", buyer_ref=line.buyer_ref)
    return handle(_steady(ask, story, claimant_id)).claim


def _claim_id(story: Story) -> UUID:
    return uuid5(_IDS, f"claim {story.bought.order_ref}")


def _steady(ask: Ask, story: Story, claimant_id: UUID) -> Ask:
    """The same ids on every load."""
    assert isinstance(ask.command, FileClaim)
    name, claim_id = story.bought.order_ref, _claim_id(story)
    command = replace(
        ask.command,
        claim_id=claim_id,
        reference=reference_of(claim_id),
        incident_id=uuid5(_IDS, f"incident {name}"),
        payment_id=uuid5(_IDS, f"payment {name}"),
        claimant_id=claimant_id,
    )
    return replace(ask, command=command, claim_id=claim_id)


def _evidence(story: Story, by: Actor, at: datetime) -> list[asks.EvidenceTold]:
    return [
        asks.EvidenceTold(_kept(story, f"{no}-{n}", kind, amount, by, at), no, amount)
        for no, part in enumerate(story.parts, start=1)
        for n, (kind, amount) in enumerate(part.proof)
    ]


def _kept(story: Story, name: str, kind: EvidenceKind, amount: str, by: Actor, at: datetime) -> UUID:
    seed = f"{story.bought.order_ref} {name}"
    if kind == "photo":
        content = pictures.photo(seed)
    else:
        currency = next(place.currency for place in PLACES if place.code == story.bought.place)
        what = kind.replace("_", " ").capitalize()
        content = pictures.paper(
            seed, what, [(f"No. {story.bought.order_ref}", ""), (story.who, "")], f"{currency} {amount}"
        )
    return evidence.keep(f"{kind}-{name}.jpg", content, kind, by=by.name, at=at).id


def _staff(role: Role) -> Actor:
    names: dict[Role, RoleName] = {
        Role.ADJUSTER: "adjuster", Role.REVIEWER: "reviewer", Role.FINANCE: "finance",
    }  # fmt: skip
    return Actor(f"person:{account_of(role).pk}", names[role])


def _claimant(claimant_id: UUID) -> Actor:
    return Actor(f"claimant:{claimant_id}", "claimant", claimant_id=claimant_id)


# What may happen to a claim ---------------------------------------------------------------------------------


def bank_pays(telling: Telling) -> None:
    payment = telling.claim.payments[-1].order
    command = do.ConfirmPayment(payment.payment_id, f"BK{payment.payment_id.hex[:8].upper()}")
    telling.act(Role.FINANCE, command, hours=20)


def bank_returns(telling: Telling) -> None:
    payment = telling.claim.payments[-1].order
    telling.act(Role.FINANCE, do.ReturnPayment(payment.payment_id, "R7719", "account closed"), hours=20)


def adjuster_takes_it(telling: Telling) -> None:
    telling.act(Role.ADJUSTER, do.AssignClaim(_staff(Role.ADJUSTER).name), hours=1)


def concern(no: int, code: str, clause: str, words: str) -> Callable[[Telling], None]:
    def shown(telling: Telling) -> None:
        cited = f"{telling.claim.policy_version} · {clause}"
        command, said = asks.concern((no,), code, cited, words)
        telling.act(Role.ADJUSTER, command, *said)

    return shown


def answer(words: str) -> Callable[[Telling], None]:
    def given(telling: Telling) -> None:
        said = asks.say(words)
        telling.act(None, do.AnswerConcern((), said.sealed), said)

    return given


def approve_all(telling: Telling) -> None:
    """The adjuster approves what is open; above its limit a second person is needed."""
    lines = tuple(
        asks.LineTold(part.no, approve=_major(part.open_minor)) for part in telling.claim.exposures if part.open_minor
    )
    command, said = asks.decision(lines, telling.claim.currency)
    telling.act(Role.ADJUSTER, command, *said)


def reduce(no: int, *, approve: str, refuse: str, code: str, clause: str, words: str) -> Callable[[Telling], None]:
    def decided(telling: Telling) -> None:
        cited = f"{telling.claim.policy_version} · {clause}"
        line = asks.LineTold(no, approve=approve, refuse=refuse, code=code, clause=cited, words=words)
        command, said = asks.decision((line,), telling.claim.currency)
        telling.act(Role.ADJUSTER, command, *said)

    return decided


def second_person_agrees(telling: Telling) -> None:
    telling.act(Role.REVIEWER, do.ConfirmDecision(new_id()))


def withdraw(telling: Telling) -> None:
    said = asks.say("The seller sent me a new one and paid for the table.")
    telling.act(None, do.WithdrawClaim(said.sealed), said)


def appeal(words: str) -> Callable[[Telling], None]:
    def filed(telling: Telling) -> None:
        said = asks.say(words)
        assert said.sealed is not None
        telling.act(None, do.Appeal(said.sealed), said, hours=30)

    return filed


def _major(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


# The stories ------------------------------------------------------------------------------------------------

_PROOF = "proof_required.property"
STORIES = (
    Story(
        Shown("113-10001", "us", 1, "Electric kettle KX-2, 1.7 l", "kitchen", 3999, 30, CLAIMANT_EMAIL),
        "Ana Rivera", "US64000111222333",
        "I put the kettle on as always. The base got so hot that it melted and burned the worktop beside the stove.",
        4, 2, (Part("property_damage", "184.20", (("photo", ""), ("receipt", "184.20"))),), then=(bank_pays,),
    ),
    Story(
        Shown("113-10002", "us", 2, "Power bank 20,000 mAh, USB-C", "electronics", 2999, 20, CLAIMANT_EMAIL),
        "Ana Rivera", "US64000111222333",
        "It swelled up while charging and left a scorched mark on my desk. I switched it off in time.",
        1, 5, (Part("property_damage", "230.00", (("photo", ""),)), Part("purchase_price", "29.99")),
    ),
    Story(
        Shown("113-10003", "us", 2, "Self-balancing board with lights", "mobility", 24999, 45, "ben@demo.example"),
        "Ben Okafor", "US64000444555666",
        "The board caught fire in the hallway while it charged. The floor and two doors burned before it was out.",
        3, 4, (Part("property_damage", "4850.00", (("photo", ""), ("photo", ""), ("repair_estimate", "4850.00"))),),
        hazards=("fire",), then=(adjuster_takes_it,),
    ),
    Story(
        Shown("113-10004", "us", 1, "Ceramic knife set, 5 pieces", "kitchen", 4499, 25, "chloe@demo.example"),
        "Chloe Martin", "US64000777888999",
        "The blade broke while I cut bread, and a piece of it cut my hand.",
        2, 6,
        (Part("medical_expense", "640.00", (("medical_bill", "420.00"),)), Part("purchase_price", "44.99")),
        hazards=("laceration",), health="A cut in the left palm, four stitches at the emergency room.",
    ),
    Story(
        Shown("113-10005", "us", 1, "Space heater 1,500 W with thermostat", "home", 6999, 60, "dev@demo.example"),
        "Dev Patel", "US64000121212121",
        "The heater fell over by itself and scorched the carpet and a curtain.",
        6, 5, (Part("property_damage", "1450.00", (("photo", ""), ("receipt", "610.00"))),),
        then=(
            adjuster_takes_it,
            concern(1, "not_supported", _PROOF, "The receipt shows 610.00, for the carpet. What did the curtain cost?"),
        ),
    ),
    Story(
        Shown("113-10006", "uk", 1, "Pressure cooker 6 l with locking lid", "kitchen", 7999, 70, "emma@demo.example"),
        "Emma Hughes", "GB33BUKB20201555555555",
        "The lid came off under pressure. The hob cracked and the ceiling needs paint.",
        15, 8, (Part("property_damage", "900.00", (("photo", ""), ("receipt", "520.00"))),),
        then=(
            concern(1, "worth_less", _PROOF, "The hob was nine years old; the receipt shows 520.00 when it was new."),
            answer("It worked without fault until that day. A new one costs 900."),
            reduce(
                1, approve="520.00", refuse="380.00", code="worth_less", clause=_PROOF,
                words="No paper shows more than 520.00. What the receipt shows is paid in full.",
            ),
            bank_pays, appeal("The painter has now sent his bill, 380 for the ceiling. Please look again."),
        ),
    ),
    Story(
        Shown("113-10007", "de", 1, "LED desk lamp, dimmable", "electronics", 3499, 40, "frank@demo.example"),
        "Frank Weber", "DE89370400440532013000",
        "The lamp got hot and left a dark ring on the table.",
        9, 3, (Part("property_damage", "150.00", (("photo", ""),)),), then=(withdraw,),
    ),
    Story(
        Shown("113-10008", "us", 3, "Electric blanket, queen size", "home", 6999, 55, "grace@demo.example"),
        "Grace Lin", "US64000343434343",
        "The blanket burned through the mattress at the foot of the bed.",
        5, 3, (Part("property_damage", "2300.00", (("photo", ""), ("receipt", "2300.00"))),),
        then=(adjuster_takes_it, approve_all),
    ),
    Story(
        Shown("113-10009", "ca", 1, "Hair straightener, ceramic", "beauty", 5999, 35, "hugo@demo.example"),
        "Hugo Tremblay", "CA000300012345678",
        "The cable melted and burned the shelf in the bathroom.",
        7, 4, (Part("property_damage", "310.00", (("photo", ""), ("receipt", "310.00"))),), then=(bank_returns,),
    ),
    Story(
        Shown("113-10010", "us", 4, "Step ladder, 3 steps, aluminium", "home", 5499, 118, "iris@demo.example"),
        "Iris Nowak", "US64000565656565",
        "A step gave way in summer and the ladder fell into a glass door. I only now hear of the guarantee.",
        2, 95, (Part("property_damage", "480.00", (("photo", ""), ("receipt", "480.00"))),),
    ),
    Story(
        Shown("113-10011", "us", 1, "Pressure washer 1,800 W", "garden", 14999, 50, "jonas@demo.example"),
        "Jonas Keller", "US64000787878787",
        "The hose burst and the water came through the cellar window, over the washing machine.",
        8, 4, (Part("property_damage", "1450.00", (("photo", ""), ("receipt", "1450.00"))),),
        then=(adjuster_takes_it, approve_all, second_person_agrees),
    ),
    Story(
        Shown("113-10012", "uk", 1, "Extension lead, 6 sockets, 3 m", "home", 2499, 30, "kate@demo.example"),
        "Kate Doyle", "GB94BARC10201530093459",
        "One socket sparked and the wallpaper behind it is black.",
        1, 2, (Part("property_damage", "120.00", (("photo", ""), ("receipt", "120.00"))),),
    ),
    Story(
        Shown("113-10013", "de", 1, "Bottle warmer and steriliser", "baby", 4999, 30, "lena@demo.example"),
        "Lena Braun", "DE02120300000000202051",
        "It leaked, and the wooden shelf under it has swollen.",
        1, 2,
        (
            Part("property_damage", "210.00", (("photo", ""), ("repair_estimate", "210.00"))),
            Part("pain_and_suffering", "300.00"),
        ),
    ),
)  # fmt: skip
# Orders of the demo's claimant that nothing has happened with yet: to file a claim for.
UNCLAIMED = (
    Shown("113-10020", "us", 1, "Air fryer 5.5 l, digital", "kitchen", 9999, 14, CLAIMANT_EMAIL),
    Shown("113-10021", "us", 2, "Fast charger 65 W, three ports", "electronics", 2999, 9, CLAIMANT_EMAIL),
    Shown("113-10022", "us", 3, "Cordless drill 20 V with two batteries", "tools", 8999, 21, CLAIMANT_EMAIL),
    Shown("113-10023", "us", 1, "Hair dryer 2,200 W, ionic", "beauty", 4499, 33, CLAIMANT_EMAIL),
    Shown("113-10024", "us", 5, "Bluetooth speaker, waterproof", "electronics", 5999, 5, CLAIMANT_EMAIL),
)
SHOWN = (*(story.bought for story in STORIES), *UNCLAIMED)
