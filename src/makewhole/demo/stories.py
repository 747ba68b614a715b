"""The demo's claims: each filed and moved on through the write door, so that every stage can be seen.

Read STORIES from the top: what was bought, what happened, and how far the claim has come.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from makewhole import asks, asks_recovery, asks_tender
from makewhole.demo import pictures
from makewhole.demo.market import PLACES, Shown
from makewhole.demo.people import CLAIMANT_EMAIL, account_of
from makewhole.domain.actors import CLOCK, Actor, RoleName
from makewhole.domain.claim import commands as do
from makewhole.domain.claim.commands import ClaimCommand, FileClaim
from makewhole.domain.claim.events import EvidenceKind
from makewhole.domain.claim.paying import release_digest
from makewhole.domain.claim.state import Claim as Folded
from makewhole.domain.claim.state import Clock
from makewhole.domain.claim.tender_commands import TenderClaim
from makewhole.handle import Ask, handle
from makewhole.people.roles import Role
from makewhole.store import evidence, vault
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
        self.passes_until(self.at + timedelta(hours=hours))
        by = self.actor(role)
        self.claim = handle(asks.act(command, claim_id=self.claim.claim_id, by=by, at=self.at, words=said)).claim

    def actor(self, role: Role | None) -> Actor:
        if role is None:
            return _claimant(self.claim.filed.claimant_id)
        return _seller(self.claim.filed.seller_id) if role == Role.SELLER else _staff(role)

    def passes_until(self, at: datetime) -> None:
        """Time passes: every clock that is due by then runs out at its own instant, as the sweep would do it."""
        while due := [clock for clock in self.claim.clocks if clock.state == "running" and clock.due_at <= at]:
            self._runs_out(min(due, key=lambda clock: (clock.due_at, clock.name)))
        self.at = max(self.at, at)

    def _runs_out(self, clock: Clock) -> None:
        command = do.RunOutClock(clock.name, clock.turn, new_id())
        self.claim = handle(Ask(command, CLOCK, clock.due_at, self.claim.claim_id)).claim


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
        assert telling.at <= now, f"{story.bought.order_ref} is told into the future"
        telling.passes_until(now)


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


def _seller(seller_id: int) -> Actor:
    return Actor(f"seller:{seller_id}", "seller", seller_id=seller_id)


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


def reduce(no: int, *, approve: str, refuse: str, code: str, clause: str, words: str) -> Callable[[Telling], None]:
    def decided(telling: Telling) -> None:
        cited = f"{telling.claim.policy_version} · {clause}"
        line = asks.LineTold(no, approve=approve, refuse=refuse, code=code, clause=cited, words=words)
        command, said = asks.decision((line,), telling.claim.currency)
        telling.act(Role.ADJUSTER, command, *said)

    return decided


def claimant_signs(telling: Telling) -> None:
    signature = vault.personal("signature", telling.story.who)
    command = do.SignRelease(release_digest(telling.claim), signature.sealed, new_id())
    telling.act(None, command, asks.Words((signature,)), hours=20)


# The seller is heard: what it answers, and what follows.


def tendered(telling: Telling) -> None:
    """By the machine where every check passed; else an adjuster looked, and tenders it."""
    if not telling.claim.tenders:
        telling.act(Role.ADJUSTER, TenderClaim(), hours=3)


def seller_accepts(telling: Telling) -> None:
    command, said = asks_tender.accept_tender("platform", "We know of this batch. Please pay the customer.")
    telling.act(Role.SELLER, command, *said, hours=40)


def seller_settles_itself(telling: Telling) -> None:
    command, said = asks_tender.handle_claim("We send a new one, and a craftsman for the wall.")
    telling.act(Role.SELLER, command, *said, hours=30)


def seller_says_it_is_settled(telling: Telling) -> None:
    """With a message of the customer as its evidence."""
    seller, at = telling.actor(Role.SELLER), telling.at + timedelta(hours=60)
    amount = _major(telling.claim.open_minor)
    file = asks.EvidenceTold(_kept(telling.story, "settlement", "message", amount, seller, at))
    command, said = asks_tender.report_settlement(
        amount, (file,), telling.claim.currency, "We paid by bank transfer on Tuesday."
    )
    telling.act(Role.SELLER, command, *said, hours=60)


def seller_offers(amount: str, words: str) -> Callable[[Telling], None]:
    def offered(telling: Telling) -> None:
        command, said = asks_tender.make_offer(amount, telling.claim.currency, words)
        telling.act(Role.SELLER, command, *said, hours=30)

    return offered


def seller_rejects(reasons: tuple[str, ...], words: str) -> Callable[[Telling], None]:
    """With a paper of the seller's own."""

    def rejected(telling: Telling) -> None:
        seller, at = telling.actor(Role.SELLER), telling.at + timedelta(hours=30)
        file = asks.EvidenceTold(_kept(telling.story, "rejection", "other", "0.00", seller, at))
        command, said = asks_tender.reject_tender(reasons, words, (file,), telling.claim.currency)
        telling.act(Role.SELLER, command, *said, hours=30)

    return rejected


def seller_is_silent(telling: Telling) -> None:
    clock = telling.claim.held("seller_answers")
    assert clock is not None, "a tender waits for the seller"
    telling.passes_until(clock.due_at)


def adjuster_would_step_in(answers: dict[str, str]) -> Callable[[Telling], None]:
    """An answer to each reason of the rejection; a second person agrees or not."""

    def proposed(telling: Telling) -> None:
        clause = f"{telling.claim.policy_version} · payable_heads.payable"
        lines = tuple(asks.LineTold(part.no, approve=_major(part.open_minor)) for part in telling.claim.exposures)
        told = tuple(asks_tender.AnswerTold(code, words, clause) for code, words in answers.items())
        command, said = asks_tender.step_in(lines, told, telling.claim.currency)
        telling.act(Role.ADJUSTER, command, *said, hours=18)

    return proposed


def seller_contests(reasons: tuple[str, ...], words: str) -> Callable[[Telling], None]:
    def contested(telling: Telling) -> None:
        seller, at = telling.actor(Role.SELLER), telling.at + timedelta(hours=50)
        file = asks.EvidenceTold(_kept(telling.story, "contest", "other", "0.00", seller, at))
        command, said = asks_recovery.contest_recovery(reasons, words, (file,), telling.claim.currency)
        telling.act(Role.SELLER, command, *said, hours=50)

    return contested


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
        then=(
            tendered,
            seller_rejects(
                ("misuse", "amount_too_high"),
                "The blanket lay folded under the mattress; the manual forbids that. And no mattress costs so much.",
            ),
            adjuster_takes_it,
            adjuster_would_step_in({
                "misuse": "The photos show it flat on the mattress; the burn follows the heating wire at its joint.",
                "amount_too_high": "The receipt of the mattress, five months old, shows 2,300.00.",
            }),
        ),
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
        then=(tendered, seller_accepts),
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
    # While the seller is heard, and after it.
    Story(
        Shown("113-10014", "us", 1, "Electric kettle KX-2, 1.7 l", "kitchen", 3999, 40, "mia@demo.example"),
        "Mia Torres", "US64000131313131",
        "The kettle's base melted while it boiled. The worktop and the drawer below it are burned through.",
        3, 4, (Part("property_damage", "1850.00", (("photo", ""), ("photo", ""), ("repair_estimate", "1850.00"))),),
        then=(tendered,),
    ),
    Story(
        Shown("113-10015", "us", 1, "Air fryer 5.5 l, digital", "kitchen", 9999, 42, CLAIMANT_EMAIL),
        "Ana Rivera", "US64000111222333",
        "The fryer did not switch off. The wall cupboard above it is scorched, and the cooker hood does not work.",
        6, 20, (Part("property_damage", "1320.00", (("photo", ""), ("repair_estimate", "1320.00"))),),
        then=(
            tendered,
            seller_offers("1100.00", "The hood was older than the cupboard. We offer 1,100.00 for both, at once."),
        ),
    ),
    Story(
        Shown("113-10016", "us", 1, "Pressure washer 1,800 W", "garden", 14999, 48, "noah@demo.example"),
        "Noah Fischer", "US64000151515151",
        "The lance broke off under pressure and went through the glass of the terrace door.",
        3, 5, (Part("property_damage", "1240.00", (("photo", ""), ("receipt", "1240.00"))),),
        then=(
            tendered,
            seller_rejects(
                ("no_defect", "misuse"),
                "We tested the lance of this batch: it holds three times the pressure. It was dropped; see the report.",
            ),
        ),
    ),
    Story(
        Shown("113-10017", "us", 2, "Electric scooter battery 36 V 10 Ah", "mobility", 15999, 60, "olga@demo.example"),
        "Olga Lindt", "US64000171717171",
        "The battery smoked while it charged. The sideboard and the carpet below it have to be replaced.",
        18, 4, (Part("property_damage", "1680.00", (("photo", ""), ("receipt", "1680.00"))),),
        then=(tendered, seller_is_silent, claimant_signs, bank_pays),
    ),
    Story(
        Shown("113-10018", "us", 1, "Bluetooth speaker, waterproof", "electronics", 10999, 70, "paul@demo.example"),
        "Paul Meyer", "US64000181818181",
        "Its battery burst on the shelf. The shelf and the record player beside it are ruined.",
        22, 4, (Part("property_damage", "1960.00", (("photo", ""), ("receipt", "1960.00"))),),
        then=(
            tendered, seller_is_silent, claimant_signs, bank_pays,
            seller_contests(
                ("no_defect", "not_heard"),
                "Our mail server was down in the week of the tender. The speaker was left in the sun; see the report.",
            ),
        ),
    ),
    Story(
        Shown("113-10019", "us", 1, "Folding treadmill, 2 HP", "sports", 29999, 55, "quinn@demo.example"),
        "Quinn Adams", "US64000191919191",
        "The motor overheated under the mat and burned a hole in the parquet.",
        12, 3, (Part("property_damage", "1460.00", (("photo", ""), ("repair_estimate", "1460.00"))),),
        then=(tendered, seller_accepts, claimant_signs, bank_pays),
    ),
    Story(
        Shown("113-10025", "uk", 1, "Angle grinder 850 W", "tools", 7999, 40, "rose@demo.example"),
        "Rose Taylor", "GB29NWBK60161331926819",
        "The guard came off while I cut, and the disc went into the plaster wall and a radiator.",
        5, 4, (Part("property_damage", "1380.00", (("photo", ""), ("receipt", "1380.00"))),),
        then=(tendered, seller_settles_itself),
    ),
    Story(
        Shown("113-10026", "de", 1, "Hair dryer 2,200 W, ionic", "beauty", 5999, 40, "stefan@demo.example"),
        "Stefan Koch", "DE75512108001245126199",
        "It went on burning after I had put it down. The bathroom cabinet is gone.",
        8, 3, (Part("property_damage", "1150.00", (("photo", ""), ("receipt", "1150.00"))),),
        then=(tendered, seller_settles_itself, seller_says_it_is_settled),
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
