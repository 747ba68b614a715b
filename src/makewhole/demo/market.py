"""The demo's market: marketplaces with their rules and holidays, sellers with and without insurance, orders."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from makewhole.imports.pseudonyms import pseudonyms
from makewhole.store import policies
from makewhole.store.models import Coverage, Insurer, Marketplace, OrderLine, PayingAccount, Seller

SEED = 20210901
PROGRAMME_START = datetime(2021, 9, 1, tzinfo=UTC)
SHOWN_SELLER = "S-US-001"  # the one whose account can sign in
# Nothing can be withheld of these two: one has closed its account, the other is bankrupt. Neither is insured.
GONE_SELLER = "S-US-006"
INSOLVENT_SELLER = "S-US-007"
# The two that the operator knows, and can notify; the first insures the shown seller, and has an account.
INSURERS = {"Granite Mutual": "claims@granite.example", "Lakeside Insurance": "claims@lakeside.example"}
SHOWN_INSURER = "Granite Mutual"
ORDERS_BACK_DAYS = 120


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    name: str
    country: str
    currency: str
    zone: str
    entity: str
    policy: str
    sellers: int
    orders: int
    price_factor: float


PLACES = (
    Place("us", "Harbour US", "US", "USD", "America/New_York", "Harbour Marketplace Inc.", "us", 120, 2_200, 1.0),
    Place("uk", "Harbour UK", "GB", "GBP", "Europe/London", "Harbour Marketplace Ltd", "uk", 70, 1_100, 0.8),
    Place("de", "Harbour DE", "DE", "EUR", "Europe/Berlin", "Harbour Marktplatz GmbH", "eu", 70, 1_100, 0.9),
    Place("ca", "Harbour CA", "CA", "CAD", "America/Toronto", "Harbour Marketplace Canada Inc.", "ca", 40, 600, 1.35),
)


# From where each pays: accounts as examples have them, at banks that there are not.
_PAYS_FROM = {
    "us": ("4412345678", "HRBRUS00"),
    "uk": ("GB29NWBK60161331926819", "HRBRGB00"),
    "de": ("DE89370400440532013000", "HRBRDE00"),
    "ca": ("7712345678", "HRBRCA00"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An order line that a story tells of. `delivered_days`: days before the day of loading."""

    order_ref: str
    place: str
    seller: int
    title: str
    category: str
    price_minor: int
    delivered_days: int
    buyer_email: str
    physical: bool = True


_ADJECTIVES = (
    "North",
    "Blue",
    "Silver",
    "Bright",
    "Old Town",
    "River",
    "Oak",
    "Summit",
    "Golden",
    "Harbor",
    "Pine",
    "Red Barn",
)
_TRADES = ("Home", "Kitchen", "Tools", "Outdoor", "Toys", "Electronics", "Garden", "Sports", "Baby", "Living")
_SHOPS = ("Store", "Supply", "Goods", "Direct", "Works")
_ENDINGS = {"us": "LLC", "uk": "Ltd", "de": "GmbH", "ca": "Inc."}
_INSURERS = ("Granite Mutual", "Continental Specialty", "Seaboard Casualty", "Lakeside Insurance", "Albion General")
# (deductible, limit) in minor units
_TERMS = ((0, 100_000_000), (50_000, 100_000_000), (250_000, 200_000_000), (100_000, 50_000_000))
# (category, title, price in minor units of the US store from, to)
_PRODUCTS = (
    ("kitchen", "Electric kettle 1.7 l, stainless steel", 2_499, 5_999),
    ("kitchen", "Pressure cooker 6 l with locking lid", 5_999, 12_999),
    ("kitchen", "Air fryer 5.5 l, digital", 6_999, 14_999),
    ("kitchen", "Immersion blender set, 800 W", 2_999, 7_999),
    ("kitchen", "Ceramic knife set, 5 pieces", 1_999, 4_999),
    ("electronics", "Power bank 20,000 mAh, USB-C", 1_999, 5_499),
    ("electronics", "Fast charger 65 W, three ports", 1_499, 3_999),
    ("electronics", "LED desk lamp, dimmable", 1_999, 4_999),
    ("electronics", "Bluetooth speaker, waterproof", 2_499, 8_999),
    ("mobility", "Electric scooter battery 36 V 10 Ah", 12_999, 24_999),
    ("mobility", "Self-balancing board with lights", 14_999, 27_999),
    ("mobility", "Bicycle phone mount, aluminium", 1_299, 2_999),
    ("home", "Space heater 1,500 W with thermostat", 3_499, 8_999),
    ("home", "Extension lead, 6 sockets, 3 m", 1_299, 3_499),
    ("home", "Electric blanket, queen size", 3_999, 8_999),
    ("home", "Step ladder, 3 steps, aluminium", 3_499, 7_999),
    ("toys", "Magnetic building tiles, 100 pieces", 2_999, 5_999),
    ("toys", "Ride-on car for children, 12 V", 9_999, 19_999),
    ("toys", "Wooden train set, 60 pieces", 2_499, 4_999),
    ("garden", "Pressure washer 1,800 W", 8_999, 17_999),
    ("garden", "Cordless hedge trimmer, 18 V", 5_999, 12_999),
    ("garden", "Gas grill lighter and regulator set", 1_499, 3_499),
    ("baby", "Bottle warmer and steriliser", 2_999, 5_999),
    ("baby", "Foldable high chair", 4_999, 9_999),
    ("beauty", "Hair dryer 2,200 W, ionic", 2_499, 6_999),
    ("beauty", "Hair straightener, ceramic", 1_999, 5_999),
    ("sports", "Resistance bands with door anchor", 1_299, 2_999),
    ("sports", "Folding treadmill, 2 HP", 19_999, 39_999),
    ("tools", "Cordless drill 20 V with two batteries", 5_999, 12_999),
    ("tools", "Angle grinder 850 W", 3_999, 8_999),
)


@transaction.atomic
def load(now: datetime, shown: Iterable[Shown]) -> None:
    """Marketplaces, rules, holidays, insurers, sellers and orders, with the orders that stories tell of; what is there
    stays."""
    for place in PLACES:
        _open(place, now)
    for name, email in INSURERS.items():
        Insurer.objects.get_or_create(name=name, defaults={"email": email})
    if OrderLine.objects.filter(order_ref="114-00000", marketplace="us").exists():
        return
    draw = random.Random(SEED)
    sellers = {place.code: _sellers(place, draw, now) for place in PLACES}
    lines = [line for place in PLACES for line in _orders(place, sellers[place.code], draw, now)]
    lines += [_shown(each, sellers[each.place], now) for each in shown]
    OrderLine.objects.bulk_create(lines, batch_size=1_000, ignore_conflicts=True)


def _open(place: Place, now: datetime) -> None:
    Marketplace.objects.get_or_create(
        code=place.code,
        defaults={
            "name": place.name,
            "country": place.country,
            "currency": place.currency,
            "zone": place.zone,
            "legal_entity": place.entity,
            "policy": place.policy,
        },
    )
    account, bic = _PAYS_FROM[place.code]
    PayingAccount.objects.get_or_create(
        marketplace_id=place.code,
        currency=place.currency,
        defaults={
            "holder": place.entity, "account": account, "bic": bic, "set_by": "machine:demo", "set_at": now,
        },
    )  # fmt: skip
    policies.publish(
        policies.shipped(place.policy), where=f"{place.policy}.toml", at=PROGRAMME_START, by="machine:demo"
    )
    policies.freeze_holidays(place.code, place.country, range(2021, now.year + 3))


def _sellers(place: Place, draw: random.Random, now: datetime) -> list[Seller]:
    """The first of each place is insured and in good standing, the second is not insured; the rest by the draw."""
    made = []
    for number in range(1, place.sellers + 1):
        seller_ref = f"S-{place.code.upper()}-{number:03}"
        name = f"{draw.choice(_ADJECTIVES)} {draw.choice(_TRADES)} {draw.choice(_SHOPS)}"
        made.append(
            Seller(
                marketplace_id=place.code,
                seller_ref=seller_ref,
                name=name,
                legal_name=f"{name} {_ENDINGS[place.code]}",
                email=f"seller{number:03}.{place.code}@demo.example",
                country=place.country,
                good_standing=number <= 2 or draw.random() < 0.93,
                closed_at=now - timedelta(days=20) if seller_ref == GONE_SELLER else None,
                insolvent_since=now.date() - timedelta(days=30) if seller_ref == INSOLVENT_SELLER else None,
            )
        )
    Seller.objects.bulk_create(made, ignore_conflicts=True)
    sellers = list(Seller.objects.filter(marketplace=place.code, seller_ref__startswith="S-").order_by("seller_ref"))
    insured = [seller for n, seller in enumerate(sellers) if n == 0 or (n != 1 and draw.random() < 0.6)]
    accounts = {each.name: each for each in Insurer.objects.filter(name__in=INSURERS)}
    coverages = [_coverage(seller, accounts, draw, now.date()) for seller in insured]
    bare = (GONE_SELLER, INSOLVENT_SELLER)
    Coverage.objects.bulk_create(
        [each for each in coverages if each.seller.seller_ref not in bare], ignore_conflicts=True
    )
    return sellers


def _coverage(seller: Seller, accounts: dict[str, Insurer], draw: random.Random, today: date) -> Coverage:
    starts_on = date(today.year - 1, draw.randint(1, 12), 1)
    insurer = draw.choice(_INSURERS)
    if seller.seller_ref == SHOWN_SELLER:
        insurer = SHOWN_INSURER
    number = int(seller.seller_ref[-3:])
    deductible, limit = _TERMS[number % len(_TERMS)]
    return Coverage(
        seller=seller,
        insurer=insurer,
        insurer_account=accounts.get(insurer),
        policy_number=f"GL-{draw.randint(100_000, 999_999)}",
        starts_on=starts_on,
        ends_on=starts_on.replace(year=starts_on.year + 3),
        verified_at=PROGRAMME_START,
        deductible_minor=deductible,
        limit_minor=limit,
        platform_is_insured=number % 2 == 0,
    )


def _orders(place: Place, sellers: list[Seller], draw: random.Random, now: datetime) -> list[OrderLine]:
    return [_order(place, sellers, draw, now, number) for number in range(place.orders)]


def _order(place: Place, sellers: list[Seller], draw: random.Random, now: datetime, number: int) -> OrderLine:
    category, title, low, high = draw.choice(_PRODUCTS)
    price = int(draw.randint(low, high) * place.price_factor) // 100 * 100 + 99
    ordered_at = now - timedelta(days=draw.randint(1, ORDERS_BACK_DAYS), seconds=draw.randint(0, 86_399))
    delivered_at = ordered_at + timedelta(days=draw.randint(1, 6))
    return OrderLine(
        marketplace_id=place.code,
        order_ref=f"114-{number:05}",
        line_ref="1",
        seller=draw.choice(sellers),
        buyer_ref=f"b-{draw.randint(1, 3_000):05}",
        product_ref=f"{category[:3].upper()}-{draw.randint(100, 999)}",
        product_title=title,
        category=category,
        quantity=2 if draw.random() < 0.08 else 1,
        price_minor=price,
        currency=place.currency,
        ordered_at=ordered_at,
        delivered_at=delivered_at if delivered_at < now else None,
        channel="platform" if draw.random() < 0.6 else "seller",
    )


def _shown(each: Shown, sellers: list[Seller], now: datetime) -> OrderLine:
    delivered_at = now - timedelta(days=each.delivered_days)
    (buyer_ref,) = pseudonyms([each.buyer_email])
    return OrderLine(
        marketplace_id=each.place,
        order_ref=each.order_ref,
        line_ref="1",
        seller=sellers[each.seller - 1],
        buyer_ref=buyer_ref,
        product_ref=each.order_ref.replace("113", "P"),
        product_title=each.title,
        category=each.category,
        quantity=1,
        price_minor=each.price_minor,
        currency=next(place.currency for place in PLACES if place.code == each.place),
        ordered_at=delivered_at - timedelta(days=4),
        delivered_at=delivered_at,
        physical=each.physical,
    )
