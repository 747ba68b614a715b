"""A party that is told: "seller:55", "insurer:4", "marketplace:us". Start at party_for().

It is named as the recipient of its notices is, so that contacts, webhooks and inbox find each other by one name.
"""

from __future__ import annotations

from django.db.models import QuerySet

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.store.models import Insurer, Marketplace, Seller

# Who looks after what it is told itself; administrators do so for everybody.
PARTIES = ("seller", "insurer", "marketplace")
HAVE_CONTACTS = ("seller", "insurer")


def party_for(by: Actor, named: str = "", *, act: str) -> str:
    """The party that this actor speaks for: its own, or for an administrator the one that it names.

    Refuses `role_may_not`, `which_party` where it must be named, and `unknown_party`, also for one of others.
    """
    match by.role:
        case "seller" | "insurer":
            own = [own_party(by)]
        case "marketplace":
            codes = sorted(by.marketplaces) or list(Marketplace.objects.order_by("code").values_list("code", flat=True))
            own = [f"marketplace:{code}" for code in codes]
        case "administrator":
            return _of_everybody(by, named)
        case _:
            raise Refused("role_may_not", role=by.role, act=act)
    if not named and len(own) != 1:
        raise Refused("which_party", known=", ".join(own))
    if named and named not in own:
        raise Refused("unknown_party", party=named[:60])
    return named or own[0]


def own_party(by: Actor) -> str:
    """The party that a seller's or an insurer's actor is of."""
    number = by.seller_id if by.role == "seller" else by.insurer_id
    assert by.role in HAVE_CONTACTS and number is not None, f"{by.name} is of no party with an inbox"
    return f"{by.role}:{number}"


def known_party(named: str) -> str:
    """The same, where there is such a party; refuses `unknown_party`."""
    kind, _, key = named.partition(":")
    if kind == "marketplace" and Marketplace.objects.filter(code=key.replace("\x00", "")).exists():
        return named
    if kind in HAVE_CONTACTS and _number(key) is not None and _rows(kind, key).exists():
        return named
    raise Refused("unknown_party", party=named[:60])


def has_contacts(party: str) -> str:
    """The same, where it is a party that has contacts; refuses `party_without_contacts`."""
    if party.partition(":")[0] not in HAVE_CONTACTS:
        raise Refused("party_without_contacts", party=party)
    return party


def address_on_file(party: str) -> tuple[str, str]:
    """Name and mail address that the seller's or insurer's own row has; either may be empty."""
    kind, _, key = party.partition(":")
    found = _rows(kind, key).values_list("name", "email").first()
    return found or ("", "")


def _of_everybody(by: Actor, named: str) -> str:
    if not named:
        raise Refused("which_party", known="seller:…, insurer:…, marketplace:…")
    party = known_party(named)
    kind, _, key = party.partition(":")
    if kind == "seller":
        here = by.works_in(Seller.objects.values_list("marketplace_id", flat=True).get(id=int(key)))
    elif kind == "marketplace":
        here = by.works_in(key)
    else:
        here = not by.marketplaces  # an insurer is one for all marketplaces
    if not here:
        raise Refused("unknown_party", party=named[:60])
    return party


def _rows(kind: str, key: str) -> QuerySet[Seller] | QuerySet[Insurer]:
    return (Seller if kind == "seller" else Insurer).objects.filter(id=int(key))


def _number(key: str) -> int | None:
    return int(key) if key.isascii() and key.isdecimal() and len(key) <= 18 else None
