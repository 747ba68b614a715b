"""Links by which somebody without an account comes to its claim: a claimant, or a producer. Signed, for a limited time.

`claimant_link` and `producer_link` make the addresses that stand in mails; `opened` reads the key that comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.core import signing

from makewhole.domain.refusal import Refused

# Each mail brings a new one; a month covers the time that a claimant, or a producer, has to answer.
VALID_FOR = timedelta(days=35)
Party = Literal["claimant", "producer"]
# One for each, so that no key can be read as another party's.
_SALTS: dict[Party, str] = {"claimant": "makewhole.claimant_link", "producer": "makewhole.producer_link"}


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """Who comes, as what, and to which claim. A producer is named by the vault's item that says who it is."""

    claim_id: UUID
    party: Party
    party_id: UUID


def claimant_link(claim_id: UUID, claimant_id: UUID, *, reference: str) -> str:
    """The address of this claim's page, with a key that stands for this claimant and opens this claim only."""
    return f"{settings.PUBLIC_URL}/claims/{reference}?key={claimant_key(claim_id, claimant_id)}"


def producer_link(claim_id: UUID, producer_id: UUID, *, reference: str) -> str:
    """The address of this claim's page for the producer to whom it was passed on."""
    return f"{settings.PUBLIC_URL}/claims/{reference}?key={producer_key(claim_id, producer_id)}"


def claimant_key(claim_id: UUID, claimant_id: UUID) -> str:
    """Two ids and the time, signed. It names nobody: ids are random."""
    return _key("claimant", claim_id, claimant_id)


def producer_key(claim_id: UUID, producer_id: UUID) -> str:
    """As a claimant's; it opens nothing as a claimant."""
    return _key("producer", claim_id, producer_id)


def opened(key: str) -> OpenedLink:
    """Whom a key stands for. Refuses (`link_expired`, `link_not_valid`); the page then offers a new one by mail."""
    for party in _SALTS:
        try:
            claim_id, party_id = signing.loads(key, salt=_SALTS[party], max_age=VALID_FOR)
            return OpenedLink(UUID(hex=claim_id), party, UUID(hex=party_id))
        except signing.SignatureExpired:
            raise Refused("link_expired", valid_days=VALID_FOR.days) from None
        except signing.BadSignature:
            continue  # perhaps another party's
        except (ValueError, TypeError, AttributeError):
            break
    raise Refused("link_not_valid")


def _key(party: Party, claim_id: UUID, party_id: UUID) -> str:
    return signing.dumps([claim_id.hex, party_id.hex], salt=_SALTS[party])


# To a claim that is not sent yet ----------------------------------------------------------------------

_DRAFT_SALT = "makewhole.draft_link"


def draft_link(draft_id: UUID) -> str:
    """The address at which a draft goes on, on whatever device its mail is read."""
    return f"{settings.PUBLIC_URL}/filing/{draft_id}?key={draft_key(draft_id)}"


def draft_key(draft_id: UUID) -> str:
    return signing.dumps(draft_id.hex, salt=_DRAFT_SALT)


def opens_draft(key: str, draft_id: UUID) -> bool:
    """Whether this key is that draft's, and still good."""
    try:
        return bool(signing.loads(key, salt=_DRAFT_SALT, max_age=VALID_FOR) == draft_id.hex)
    except signing.BadSignature:
        return False


# From the marketplace to us: "is something wrong with this order?" ------------------------------------

ORDER_LINK_VALID_FOR = timedelta(days=365)
_ORDER_SALT = "makewhole.order_link"


@dataclass(frozen=True, slots=True)
class OrderNamed:
    """The order line that a link was made for, and the buyer whom the marketplace vouches for."""

    marketplace: str
    order_ref: str
    line_ref: str
    buyer_ref: str


def order_link(order: OrderNamed) -> str:
    """The address at which this buyer claims for this order line; a marketplace puts it beside the order."""
    return f"{settings.PUBLIC_URL}/file/{order_key(order)}"


def order_key(order: OrderNamed) -> str:
    return signing.dumps([order.marketplace, order.order_ref, order.line_ref, order.buyer_ref], salt=_ORDER_SALT)


def order_named(key: str) -> OrderNamed:
    """Which order a link was made for. Refuses (`link_expired`, `link_not_valid`)."""
    try:
        marketplace, order_ref, line_ref, buyer_ref = signing.loads(key, salt=_ORDER_SALT, max_age=ORDER_LINK_VALID_FOR)
        return OrderNamed(marketplace, order_ref, line_ref, buyer_ref)
    except signing.SignatureExpired:
        raise Refused("link_expired", valid_days=ORDER_LINK_VALID_FOR.days) from None
    except (signing.BadSignature, ValueError, TypeError):
        raise Refused("link_not_valid") from None


# From us to whoever is told by mail: "which mails do you want?" -----------------------------------------

MAILS_LINK_VALID_FOR = timedelta(days=365)
_MAILS_SALT = "makewhole.mails_link"


@dataclass(frozen=True, slots=True)
class MailsNamed:
    """Whose mails a link is about: a notice's recipient, and its contact where it has one of its own."""

    recipient: str
    contact_id: int | None


def mails_link(recipient: str, contact_id: int | None) -> str:
    """Where whoever gets a mail chooses which others it gets. It opens nothing else, and so needs no sign-in."""
    return f"{settings.PUBLIC_URL}/mails/{mails_key(recipient, contact_id)}"


def mails_key(recipient: str, contact_id: int | None) -> str:
    return signing.dumps([recipient, contact_id], salt=_MAILS_SALT)


def mails_named(key: str) -> MailsNamed:
    """Whose mails a key is about. Refuses (`link_expired`, `link_not_valid`)."""
    try:
        recipient, contact_id = signing.loads(key, salt=_MAILS_SALT, max_age=MAILS_LINK_VALID_FOR)
        return MailsNamed(recipient, contact_id)
    except signing.SignatureExpired:
        raise Refused("link_expired", valid_days=MAILS_LINK_VALID_FOR.days) from None
    except (signing.BadSignature, ValueError, TypeError):
        raise Refused("link_not_valid") from None
