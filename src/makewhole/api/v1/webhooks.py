"""Where a party's machine is told: endpoints, their secrets, and what was delivered. docs/guides/webhooks.md."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from makewhole.api.v1 import pages, said, shapes
from makewhole.api.v1.answers import answer
from makewhole.api.v1.asking import HIT, key_in
from makewhole.api.v1.once import Told, once
from makewhole.api.v1.tokens import Token, by, now
from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.store import choices, webhooks
from makewhole.store.models import Delivery, WebhookEndpoint
from makewhole.store.parties import party_for

router = Router(tags=["contacts and webhooks"])


@router.get("/webhooks", auth=Token("notices:read"), response=shapes.Webhooks, summary="Webhooks")
def list_webhooks(request: HttpRequest, party: Query[str] = "") -> HttpResponse:
    """All endpoints of a seller, insurer or marketplace, also the removed ones; never their secrets."""
    found = webhooks.endpoints_of(party_for(by(request), party, act="ReadWebhooks"))
    return answer(pages.page([_shown(endpoint) for endpoint in found], None))


@router.post("/webhooks", auth=Token("notices:write"), response={201: shapes.WebhookWithSecret},
             summary="Add a webhook")  # fmt: skip
def add_webhook(request: HttpRequest, told: said.NewWebhook) -> HttpResponse:
    """A new endpoint, told from the next notice on. Its secret stands in this answer, and is never shown again."""
    actor, at = by(request), now()
    party = party_for(actor, told.party, act="ChangeWebhooks")
    to_loopback = settings.MAKEWHOLE_WEBHOOKS_TO_LOOPBACK
    return _with_secret(
        request, actor, at, ("add", party, told.url),
        lambda: webhooks.add(party, told.url, by=actor.name, at=at, to_loopback=to_loopback), status=201,
    )  # fmt: skip


@router.post("/webhooks/{webhook_id}/rotate", auth=Token("notices:write"), response=shapes.WebhookWithSecret,
             summary="Rotate a secret")  # fmt: skip
def rotate_secret(request: HttpRequest, webhook_id: Path[said.Id]) -> HttpResponse:
    """A new secret from now on. The one before signs beside it for 24 hours."""
    actor, at = by(request), now()
    party = _party_of(webhook_id, actor, act="ChangeWebhooks")
    return _with_secret(
        request, actor, at, ("rotate", webhook_id), lambda: webhooks.rotate(party, webhook_id, at=at), status=200
    )


@router.post("/webhooks/{webhook_id}/choose", auth=Token("notices:write"), response=shapes.WebhookShape,
             summary="Choose what a webhook is told")  # fmt: skip
def choose_kinds(request: HttpRequest, webhook_id: Path[said.Id], told: said.WebhookChosen) -> HttpResponse:
    """These kinds of notices are not posted there from the next one on; all others are. See `GET /notice-kinds`."""
    actor, at = by(request), now()
    party = _party_of(webhook_id, actor, act="ChangeWebhooks")

    def effect() -> Told:
        return _shown(choices.choose_webhooks(party, webhook_id, told.not_told, by=actor.name, at=at))

    content = ("choose", webhook_id, told.model_dump())
    shown, hit = once("webhooks", key_in(request), by=actor, at=at, content=content, effect=effect)
    return answer(shown, headers=HIT if hit else {})


@router.post("/webhooks/{webhook_id}/remove", auth=Token("notices:write"), response=shapes.WebhookShape,
             summary="Remove a webhook")  # fmt: skip
def remove_webhook(request: HttpRequest, webhook_id: Path[said.Id]) -> HttpResponse:
    """Nothing is delivered there any more, and its secrets are destroyed. Twice is once."""
    actor, at = by(request), now()
    party = _party_of(webhook_id, actor, act="ChangeWebhooks")

    def effect() -> Told:
        return _shown(webhooks.remove(party, webhook_id, at=at))

    content = ("remove", webhook_id)
    shown, hit = once("webhooks", key_in(request), by=actor, at=at, content=content, effect=effect)
    return answer(shown, headers=HIT if hit else {})


@router.get("/webhooks/{webhook_id}/deliveries", auth=Token("notices:read"), response=shapes.Deliveries,
            summary="What was delivered")  # fmt: skip
def list_deliveries(request: HttpRequest, webhook_id: Path[said.Id], wanted: Query[pages.Paging]) -> HttpResponse:
    """The deliveries to an endpoint with each attempt and its status, the newest first."""
    endpoint = webhooks.find(_party_of(webhook_id, by(request), act="ReadWebhooks"), webhook_id)
    after = _place(pages.place(wanted.cursor, pages.BY_INSTANT))
    found = webhooks.deliveries_of(endpoint, after=after, size=wanted.limit + 1)
    page = found[: wanted.limit]
    following = f"{_micros(page[-1].created_at)}_{page[-1].id}" if len(found) > wanted.limit else None
    return answer(pages.page([_delivery(delivery) for delivery in page], following))


@router.post("/webhooks/deliveries/{delivery_id}/replay", auth=Token("notices:write"), response=shapes.DeliveryShape,
             summary="Deliver again")  # fmt: skip
def replay(request: HttpRequest, delivery_id: Path[said.Id]) -> HttpResponse:
    """The same message once more, under the same webhook-id, with all its attempts."""
    actor, at = by(request), now()
    endpoint_id = Delivery.objects.filter(id=delivery_id).values_list("endpoint_id", flat=True).first()
    try:
        party = _party_of(endpoint_id or UUID(int=0), actor, act="ChangeWebhooks")
    except Refused as refusal:
        if refusal.code != "unknown_webhook":
            raise
        raise Refused("unknown_delivery", delivery=str(delivery_id)) from None

    def effect() -> Told:
        return _delivery(webhooks.replay(party, delivery_id, at=at))

    content = ("replay", delivery_id)
    shown, hit = once("webhooks", key_in(request), by=actor, at=at, content=content, effect=effect)
    return answer(shown, headers=HIT if hit else {})


def _with_secret(
    request: HttpRequest,
    actor: Actor,
    at: datetime,
    content: object,
    make: Callable[[], tuple[WebhookEndpoint, str]],
    *,
    status: int,
) -> HttpResponse:
    """What the endpoint now is, and its new secret: that is in the first answer alone, and never stored in clear."""
    secrets: list[str] = []

    def effect() -> Told:
        endpoint, secret = make()
        secrets.append(secret)
        return _shown(endpoint)

    shown, hit = once("webhooks", key_in(request), by=actor, at=at, content=content, effect=effect)
    secret = None if hit else secrets[0]
    return answer({**shown, "secret": secret}, status=status, headers=HIT if hit else {})


def _party_of(webhook_id: UUID, actor: Actor, *, act: str) -> str:
    """Whose endpoint this is, where the asker speaks for that party; to everybody else there is no such webhook."""
    party = WebhookEndpoint.objects.filter(id=webhook_id).values_list("party", flat=True).first()
    try:
        return party_for(actor, party or "?", act=act)
    except Refused as refusal:
        if refusal.code != "unknown_party":
            raise
        raise Refused("unknown_webhook", webhook=str(webhook_id)) from None


def _shown(endpoint: WebhookEndpoint) -> Told:
    return {
        "id": endpoint.id,
        "party": endpoint.party,
        "url": endpoint.url,
        "active": endpoint.active,
        "added_at": endpoint.added_at,
        "removed_at": endpoint.removed_at,
        "removed_why": endpoint.removed_why,
        "rests_until": endpoint.rests_until,
        "old_secret_until": endpoint.old_secret_until,
        "not_told": endpoint.not_told,
    }


def _delivery(delivery: Delivery) -> Told:
    waiting = delivery.sent_at is None and delivery.failed_at is None
    return {
        "id": delivery.id,
        "webhook_id": webhooks.message_id(delivery),
        "type": delivery.notice.template,
        "created_at": delivery.created_at,
        "state": "waiting" if waiting else "delivered" if delivery.sent_at else "given_up",
        "next_attempt_at": delivery.send_after if waiting else None,
        "attempts": [{"at": each.at, "status": each.status, "error": each.error} for each in delivery.log.all()],
    }


def _micros(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)


def _place(place: str) -> tuple[datetime, UUID] | None:
    at, _, last = place.partition("_")
    return (datetime.fromtimestamp(int(at) / 1_000_000, UTC), UUID(last)) if place else None
