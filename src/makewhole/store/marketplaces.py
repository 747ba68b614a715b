"""Opening a marketplace, and changing what of it may change. Start at open_marketplace()."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction

from makewhole.domain.money import MINOR_DIGITS
from makewhole.domain.refusal import Refused
from makewhole.store.models import Marketplace, PolicyVersion
from makewhole.store.policies import SHIPPED, freeze_holidays, publish, shipped

YEARS_AHEAD = 3
_CODE = re.compile(r"[A-Za-z0-9-]{1,20}")
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class MarketplaceTold:
    """What somebody says of a marketplace that it opens."""

    code: str
    name: str
    country: str
    currency: str
    zone: str
    legal_entity: str
    policy: str


def open_marketplace(told: MarketplaceTold, *, by: str, at: datetime) -> int:
    """Opens it, with its holidays (how many); a shipped policy that nobody has published yet is published with it.

    Refuses `marketplace_code_not_usable`, `marketplace_known`, `unknown_country`, `unknown_currency`, `unknown_zone`,
    `text_missing`, `text_too_long`, `policy_not_published`, `no_holidays`.
    """
    _check(told)
    with transaction.atomic():
        if not PolicyVersion.objects.filter(policy=told.policy).exists():
            if told.policy not in SHIPPED:
                raise Refused("policy_not_published", policy=told.policy[:40])
            publish(shipped(told.policy), where=f"{told.policy}.toml", at=at, by=by)
        try:
            with transaction.atomic():
                Marketplace.objects.create(
                    code=told.code, name=told.name.strip(), country=told.country, currency=told.currency,
                    zone=told.zone, legal_entity=told.legal_entity.strip(), policy=told.policy,
                )  # fmt: skip
        except IntegrityError:
            raise Refused("marketplace_known", marketplace=told.code) from None
        return freeze(told.code, at=at)


def rename(code: str, *, name: str, legal_entity: str) -> Marketplace:
    """Other words for it, in what is written from now on. Its currency, zone and policy stay: claims were decided by
    them. Refuses `unknown_marketplace`, `text_missing`, `text_too_long`."""
    _check_words(name, legal_entity)
    if not Marketplace.objects.filter(code=code).update(name=name.strip(), legal_entity=legal_entity.strip()):
        raise Refused("unknown_marketplace", marketplace=code[:40])
    return Marketplace.objects.get(code=code)


def freeze(code: str, *, at: datetime) -> int:
    """The public holidays of this year and the next three; days that are there stay as they are. How many there are.

    Refuses `unknown_marketplace`, `no_holidays`.
    """
    country = Marketplace.objects.filter(code=code).values_list("country", flat=True).first()
    if country is None:
        raise Refused("unknown_marketplace", marketplace=code[:40])
    try:
        return freeze_holidays(code, country, range(at.year, at.year + YEARS_AHEAD + 1))
    except NotImplementedError:
        raise Refused("no_holidays", country=country) from None


def _check(told: MarketplaceTold) -> None:
    if _CODE.fullmatch(told.code) is None:
        raise Refused("marketplace_code_not_usable")
    if Marketplace.objects.filter(code=told.code).exists():
        raise Refused("marketplace_known", marketplace=told.code)
    if _COUNTRY.fullmatch(told.country) is None:
        raise Refused("unknown_country", country=told.country[:10])
    if told.currency not in MINOR_DIGITS:
        raise Refused("unknown_currency", currency=told.currency[:10])
    if told.zone not in available_timezones():
        raise Refused("unknown_zone", zone=told.zone[:40])
    _check_words(told.name, told.legal_entity)


def _check_words(name: str, legal_entity: str) -> None:
    for field, words, longest in (("name", name, 100), ("legal_entity", legal_entity, 200)):
        if not words.strip():
            raise Refused("text_missing", field=field)
        if len(words) > longest:
            raise Refused("text_too_long", field=field, length=len(words), longest=longest)
        if "\x00" in words:
            raise Refused("text_has_null_bytes", field=field)
