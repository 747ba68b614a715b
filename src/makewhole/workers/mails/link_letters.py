"""A mail with links that somebody asked for: whose they are is found here, when the mail is written. Start at told().

The links go to the address on file, or to the one by which an order is its buyer's; never to one that only looks like
it. Where nothing is found, nothing is sent, and nobody is told so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from makewhole.imports.pseudonyms import pseudonyms
from makewhole.people.links import VALID_FOR, OrderNamed, claimant_link, draft_link, order_link
from makewhole.reads.orders import line_with_id, orders_called
from makewhole.store import drafts, envelope, vault
from makewhole.store.asked_links import Asked, asked_in
from makewhole.store.models import Claim, Marketplace, Outbox, Subject

MOST_CLAIMS = 5
_Told = dict[str, object]
_Found = tuple[str, _Told, list[dict[str, str]]]  # the address, the facts, and the links with their words


class NothingToSend(Exception):
    """No link is to be had for what was asked: no fault of anybody's."""


def told(notice: Outbox) -> tuple[str, _Told, list[str]]:
    """Whom to write to, the facts of the mail, and its links. NothingToSend where there is nothing to link to."""
    asked = asked_in(notice)
    match asked.to:
        case "claims":
            to, facts, links = _to_claims(asked)
        case "order":
            to, facts, links = _to_order(asked)
        case "draft":
            to, facts, links = _to_draft(asked, timezone.now())
    return to, {"name": "", "links": links, **facts}, [link["address"] for link in links]


def _to_claims(asked: Asked) -> _Found:
    claimants = _claimants(asked.email)
    claims = Claim.objects.filter(claimant_id__in=claimants).select_related("order_line")
    if asked.named:
        claims = claims.filter(reference=asked.named.upper())
    found = list(claims.order_by("-noticed_at", "-id")[:MOST_CLAIMS])
    if not found:
        raise NothingToSend
    first, several = found[0], len(found) > 1
    links = [
        _link(
            f"{claim.reference}, {_product(claim)}" if several else _("Open your claim"),
            claimant_link(claim.id, claim.claimant_id, reference=claim.reference),
        )
        for claim in found
    ]
    facts: _Told = {
        "marketplace": _sender(claim.marketplace_id for claim in found),
        "reference": "" if several else first.reference,
        "product": _product(first),
        "order": first.order_line.order_ref,
    }
    return claimants[first.claimant_id], facts, links


def _to_order(asked: Asked) -> _Found:
    # As it was matched: an address that only looks like the buyer's is written to as the buyer's.
    email = asked.email.strip().casefold()
    (buyer_ref,) = pseudonyms([email])
    lines = orders_called(asked.named, buyer_ref)
    if not lines:
        raise NothingToSend
    links = [
        _link(
            line.product_title or line.product_ref,
            order_link(OrderNamed(line.marketplace_id, line.order_ref, line.line_ref, line.buyer_ref)),
        )
        for line in lines
    ]
    return email, {"marketplace": _sender(line.marketplace_id for line in lines), "order": asked.named}, links


def _to_draft(asked: Asked, now: datetime) -> _Found:
    """Its own holder asked, and so the address is taken as it is."""
    draft = drafts.find(UUID(asked.named), now)
    if draft is None or draft.claim_id is not None:
        raise NothingToSend
    facts: _Told = {
        "marketplace": line_with_id(draft.order_line_id).marketplace.name,
        "days": min(VALID_FOR, drafts.KEPT).days,
    }
    return asked.email, facts, [_link(_("Go on with your claim"), draft_link(draft.id))]


def _claimants(email: str) -> dict[UUID, str]:
    """Who has this address, one for each marketplace at most, with the address as it is on file."""
    markets = list(Marketplace.objects.values_list("code", flat=True))
    digest = vault.match_digest("claimant", envelope.normal_email(email))
    found = Subject.objects.filter(marketplace_id__in=markets, email_digest=digest).values_list("id", flat=True)
    contacts = {claimant_id: vault.contact_of(claimant_id) or {} for claimant_id in found}
    return {claimant_id: contact["email"] for claimant_id, contact in contacts.items() if contact.get("email")}


def _product(claim: Claim) -> str:
    return claim.order_line.product_title or claim.order_line.product_ref


def _sender(marketplaces: Iterable[str]) -> str:
    """Who writes: the one marketplace that the links are of, else the programme."""
    codes = set(marketplaces)
    return Marketplace.objects.get(code=codes.pop()).name if len(codes) == 1 else "Makewhole"


def _link(words: str, address: str) -> dict[str, str]:
    return {"words": words, "address": address}
