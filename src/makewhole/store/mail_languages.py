"""The language in which somebody is written to: the one that was chosen, else the one of its country. Start at
written_in().

A seller's country is its own, where its row has one; a claimant's and a producer's is the marketplace's. An insurer is
one for all marketplaces, and staff read English: both have no country here.
"""

from __future__ import annotations

from functools import cache
from uuid import UUID

from babel.languages import get_official_languages
from django.conf import settings
from django.utils.translation import get_supported_language_variant

from makewhole.domain.refusal import Refused
from makewhole.store import vault
from makewhole.store.models import Seller, Subject


def spoken(language: str) -> str:
    """The same, where our mails are said in it ("de", "en-gb"), and "" for none chosen. Refuses `unknown_language`."""
    if language and language not in dict(settings.LANGUAGES):
        raise Refused("unknown_language", language=language[:20], known=", ".join(dict(settings.LANGUAGES)))
    return language


def written_in(recipient: str, chosen: str) -> str:
    """The language of the mails to this recipient, named as its notices name it ("seller:55"), as the settings name it.

    `chosen`: for its mails, or ""; one in which nothing is said counts as none. A claimant who chose none is written to
    in the language in which it spoke to us.
    """
    return _variant(chosen) or _variant(_spoke(recipient)) or _of_country(_country(recipient)) or settings.LANGUAGE_CODE


def _spoke(recipient: str) -> str:
    kind, _colon, key = recipient.partition(":")
    return (vault.contact_of(UUID(key)) or {}).get("language", "") if kind == "claimant" else ""


def _country(recipient: str) -> str:
    kind, _colon, key = recipient.partition(":")
    match kind:
        case "seller":
            own = Seller.objects.filter(id=int(key)).values_list("country", "marketplace__country").first()
            return next(filter(None, own or ()), "")
        case "claimant":
            subjects = Subject.objects.filter(id=UUID(key))
        case "producer":
            subjects = Subject.objects.filter(vaultitem__id=UUID(key))
        case _:
            return ""
    return subjects.values_list("marketplace__country", flat=True).first() or ""


@cache
def _of_country(country: str) -> str:
    """The first of its languages by CLDR, as it is written there: "DE" is "de", "GB" is "en-gb"; "" where we do not
    speak it."""
    first = get_official_languages(country, de_facto=True)[:1] if country else ()
    return _variant(f"{first[0]}-{country.lower()}") if first else ""


def _variant(language: str) -> str:
    try:
        return get_supported_language_variant(language)
    except LookupError:
        return ""
