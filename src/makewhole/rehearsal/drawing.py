"""What neither a report nor an order says: who claims, how much, when, with which papers. One seed, stated figures.

Start at draw_files(). Each draw has a generator of its own, named by seed, report and subject, so that changing
one figure moves nothing else. Sums are lognormal: `median` dollars, `sigma` of the logarithm, and a cap.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from makewhole.domain.claim.events import EvidenceKind, Head, Method
from makewhole.rehearsal.incidents import Report
from makewhole.rehearsal.orders import Line

ZONE = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True)
class Sum:
    """How often a head of loss is claimed, and how much."""

    share: float
    median: float
    sigma: float
    cap: float


# By care received, from incidents.CARE.
MEDICAL = {
    "death": Sum(1.0, 14_000, 0.8, 120_000),
    "hospital": Sum(1.0, 6_500, 0.9, 90_000),
    "emergency": Sum(1.0, 950, 0.8, 20_000),
    "doctor": Sum(1.0, 190, 0.7, 5_000),
    "not_known": Sum(0.5, 150, 0.8, 5_000),
    "first_aid": Sum(0.4, 22, 0.6, 200),
}
WAGES = {
    "hospital": Sum(0.5, 1_100, 0.6, 12_000),
    "emergency": Sum(0.25, 320, 0.5, 4_000),
    "doctor": Sum(0.1, 180, 0.5, 2_000),
}
PROPERTY_FIRE = Sum(0.9, 1_300, 1.0, 60_000)
PROPERTY_TOLD = Sum(0.8, 210, 0.9, 8_000)  # the narrative names something else that was damaged, or a burn
PROPERTY_OTHER = Sum(0.2, 90, 0.8, 3_000)  # an incident without injury, and nothing named
PURCHASE_SHARE = 0.85
PURCHASE_TOO_HIGH = 0.06  # claims 1.2 to 1.6 times the price
NOT_PAYABLE_SHARE = 0.05
NOT_PAYABLE = {True: Sum(1.0, 900, 0.8, 20_000), False: Sum(1.0, 250, 0.8, 5_000)}

PAPER_MISSING = 0.12  # each paper, each photo that proof asks for
PAPER_SHOWS_LESS = 0.12  # 40 to 95 percent of what is claimed
PRODUCT_PHOTO = 0.3

BEFORE_DELIVERY = 0.025
DAYS_TO_LOSS, LONGEST_TO_LOSS = 30.0, 200  # exponential, mean
DAYS_TO_NOTICE, IN_TIME = 12.0, 89
ON_DAY_90, ON_DAY_91, LATER = 0.01, 0.01, 0.035

BY_AGENT = 0.05
METHODS: tuple[tuple[Method, float], ...] = (("bank_transfer", 0.7), ("refund", 0.2), ("credit", 0.1))
SAME_LINE = 0.02  # another person claims on the order line of an earlier report
SAME_PERSON = 0.03  # the person of an earlier report claims again
SAME_ACCOUNT = 0.015
SAME_PHONE = 0.015
SAME_PHOTO = 0.02
FILED_TWICE = 0.04
OTHER_CONTENT_SHARE = 0.4  # of those filed twice


@dataclass(frozen=True, slots=True)
class Paper:
    """A file sent with the notice. `like`: the report whose photo this is again; "" for one of its own."""

    kind: EvidenceKind
    exposure: int
    shows_minor: int = 0
    like: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    head: Head
    claimed_minor: int


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class File:
    """One claim to be: a report, an order line, and all that was drawn for it."""

    report: Report
    line: Line
    loss_date: date
    noticed_at: datetime
    parts: tuple[Part, ...]
    papers: tuple[Paper, ...]
    person: Person
    method: Method
    account: str
    channel: Literal["api", "agent"]
    again_at: datetime | None = None
    again_differs: bool = False

    @property
    def number(self) -> str:
        return self.report.number


@dataclass(frozen=True, slots=True)
class Luck:
    """Generators named by seed, report and subject."""

    seed: int

    def of(self, number: str, subject: str) -> random.Random:
        return random.Random(f"{self.seed}/{number}/{subject}")

    def happens(self, share: float, number: str, subject: str) -> bool:
        return self.of(number, subject).random() < share


def draw_files(reports: Sequence[Report], lines: Sequence[Line], seed: int) -> list[File]:
    """A file for each report, ordered by the instant of its notice."""
    luck = Luck(seed)
    assert len(lines) >= len(reports), f"{len(lines)} delivered order lines for {len(reports)} reports"
    own_lines = random.Random(f"{seed}/order lines").sample(lines, len(reports))
    files: list[File] = []
    for report, line in zip(reports, own_lines, strict=True):
        files.append(_draw(report, line, files, luck))
    return _share(sorted(files, key=lambda file: (file.noticed_at, file.number)), luck)


def _draw(report: Report, line: Line, before: list[File], luck: Luck) -> File:
    number = report.number
    same_line = bool(before) and luck.happens(SAME_LINE, number, "same line")
    if same_line:
        other = luck.of(number, "whose line").choice(before)
        line, loss_date = other.line, _near(other, luck.of(number, "near"))
    else:
        loss_date = _loss_date(line, luck.of(number, "loss date"))
    parts = _parts(report, line, luck)
    return File(
        report=report,
        line=line,
        loss_date=loss_date,
        noticed_at=_noticed_at(loss_date, luck.of(number, "notice")),
        parts=parts,
        papers=_papers(number, parts, luck),
        person=_person(number, luck),
        method=_method(luck.of(number, "payout").random()),
        account=f"US{luck.of(number, 'account').randrange(10**15, 10**16)}",
        channel="agent" if luck.happens(BY_AGENT, number, "agent") else "api",
    )


# What was lost --------------------------------------------------------------------------------------------


def _parts(report: Report, line: Line, luck: Luck) -> tuple[Part, ...]:
    found: list[Part] = []
    wanted: list[tuple[Head, Sum | None]] = [
        ("medical_expense", MEDICAL.get(report.care)),
        ("lost_wages", WAGES.get(report.care)),
        ("property_damage", _property(report)),
    ]
    for head, drawn in wanted:
        if drawn is not None and luck.happens(drawn.share, report.number, head):
            found.append(Part(head, _minor(drawn, luck.of(report.number, f"{head} amount"))))
    if not found or luck.happens(PURCHASE_SHARE, report.number, "purchase_price"):
        found.append(Part("purchase_price", _price(line, report.number, luck)))
    if luck.happens(NOT_PAYABLE_SHARE, report.number, "not payable"):
        head = "pain_and_suffering" if report.injury else "consequential"
        found.append(Part(head, _minor(NOT_PAYABLE[report.injury], luck.of(report.number, "not payable amount"))))
    return tuple(found)


def _property(report: Report) -> Sum | None:
    if "fire" in report.hazards:
        return PROPERTY_FIRE
    if report.tells_of_damage or ("burn" in report.hazards and not report.injury):
        return PROPERTY_TOLD
    return PROPERTY_OTHER if report.care == "damage" else None


def _minor(drawn: Sum, rng: random.Random) -> int:
    return max(100, round(100 * min(drawn.cap, rng.lognormvariate(math.log(drawn.median), drawn.sigma))))


def _price(line: Line, number: str, luck: Luck) -> int:
    if luck.happens(PURCHASE_TOO_HIGH, number, "price too high"):
        return round(line.paid_minor * luck.of(number, "how much too high").uniform(1.2, 1.6))
    return line.paid_minor


def _papers(number: str, parts: tuple[Part, ...], luck: Luck) -> tuple[Paper, ...]:
    found: list[Paper] = []
    for no, part in enumerate(parts, start=1):
        rng = luck.of(number, f"papers {part.head}")
        kinds: tuple[EvidenceKind, ...] = ()
        if part.head == "medical_expense":
            kinds = ("medical_bill",)
        elif part.head == "lost_wages":
            kinds = ("wage_statement",)
        elif part.head == "property_damage":
            kinds = ("photo", rng.choice(("receipt", "repair_estimate")))
        for kind in kinds:
            shows = rng.uniform(0.4, 0.95) if rng.random() < PAPER_SHOWS_LESS else 1.0
            if rng.random() >= PAPER_MISSING:
                found.append(Paper(kind, no, 0 if kind == "photo" else round(part.claimed_minor * shows)))
    if not any(paper.kind == "photo" for paper in found) and luck.happens(PRODUCT_PHOTO, number, "product photo"):
        found.append(Paper("photo", 0))
    return tuple(found)


# When ----------------------------------------------------------------------------------------------------


def _loss_date(line: Line, rng: random.Random) -> date:
    delivered_on, ordered_on = _day(line.delivered_at), _day(line.ordered_at)
    if rng.random() < BEFORE_DELIVERY:
        return max(ordered_on, delivered_on - timedelta(days=rng.randint(2, 6)))
    return delivered_on + timedelta(days=1 + min(LONGEST_TO_LOSS, int(rng.expovariate(1 / DAYS_TO_LOSS))))


def _near(other: File, rng: random.Random) -> date:
    """The other person's day in four of five cases (one incident), else some weeks later."""
    days = rng.randint(0, 1) if rng.random() < 0.8 else rng.randint(14, 60)
    return other.loss_date + timedelta(days=days)


def _noticed_at(loss_date: date, rng: random.Random) -> datetime:
    which = rng.random()
    if which < ON_DAY_90:
        days = 90
    elif which < ON_DAY_90 + ON_DAY_91:
        days = 91
    elif which < ON_DAY_90 + ON_DAY_91 + LATER:
        days = rng.randint(92, 160)
    else:
        days = min(IN_TIME, int(rng.expovariate(1 / DAYS_TO_NOTICE)))
    return daytime(loss_date + timedelta(days=days), rng)


def daytime(day: date, rng: random.Random) -> datetime:
    """Some second of that day between eight in the morning and ten at night, in New York."""
    seconds = rng.randrange(8 * 3600, 22 * 3600)
    return (datetime.combine(day, time(), ZONE) + timedelta(seconds=seconds)).astimezone(UTC)


def _day(instant: datetime) -> date:
    return instant.astimezone(ZONE).date()


# Who -----------------------------------------------------------------------------------------------------

GIVEN = ("Ana", "Bram", "Chidi", "Dalia", "Emre", "Farah", "Goran", "Hana", "Idris", "Jun", "Kaya", "Lena", "Milo")
FAMILY = ("Abernethy", "Bisset", "Castellane", "Drummond", "Ellingworth", "Fairweather", "Greenhalgh", "Hollister")


def _person(number: str, luck: Luck) -> Person:
    rng = luck.of(number, "person")
    name = f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}"
    return Person(
        name=name,
        email=f"{name.lower().replace(' ', '.')}.{number.lower()}@customers.example",
        phone=f"+1 {rng.randrange(201, 990)} 555 {rng.randrange(10_000):04d} {rng.randrange(100):02d}",
        address=f"{rng.randrange(1, 9999)} Rehearsal Street {number}",
    )


def _method(drawn: float) -> Method:
    for method, share in METHODS:
        if drawn < share:
            return method
        drawn -= share
    return METHODS[-1][0]


def _share(files: list[File], luck: Luck) -> list[File]:
    """Some share a person, an account, a phone or a photo with a file before them; some are filed twice."""
    done: list[File] = []
    for file in files:
        done.append(_with_shared(file, done, luck) if done else file)
    return done


def _with_shared(file: File, before: list[File], luck: Luck) -> File:
    number = file.number
    if luck.happens(SAME_PERSON, number, "same person"):
        other = luck.of(number, "whose person").choice(before)
        keeps_account = luck.happens(0.7, number, "keeps account")
        file = replace(file, person=other.person, account=other.account if keeps_account else file.account)
    if luck.happens(SAME_ACCOUNT, number, "same account"):
        file = replace(file, account=luck.of(number, "whose account").choice(before).account)
    if luck.happens(SAME_PHONE, number, "same phone"):
        phone = luck.of(number, "whose phone").choice(before).person.phone
        file = replace(file, person=replace(file.person, phone=phone))
    if luck.happens(SAME_PHOTO, number, "same photo"):
        file = _with_photo_of_another(file, before, luck)
    if luck.happens(FILED_TWICE, number, "filed twice"):
        rng = luck.of(number, "again")
        again_on = _day(file.noticed_at) + timedelta(days=rng.randint(1, 9))
        file = replace(file, again_at=daytime(again_on, rng), again_differs=rng.random() < OTHER_CONTENT_SHARE)
    return file


def _with_photo_of_another(file: File, before: list[File], luck: Luck) -> File:
    with_photos = [
        other.number
        for other in before
        if other.person.email != file.person.email and any(p.kind == "photo" and not p.like for p in other.papers)
    ]
    if not with_photos:
        return file
    like = luck.of(file.number, "whose photo").choice(with_photos)
    others = tuple(paper for paper in file.papers if paper.kind != "photo")
    photos = [paper for paper in file.papers if paper.kind == "photo"] or [Paper("photo", 0)]
    return replace(file, papers=(*others, replace(photos[0], like=like)))
