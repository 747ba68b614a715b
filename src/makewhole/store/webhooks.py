"""Where a party's machine is told, and what was delivered there. Secrets are wrapped by the master key.

A secret is shown once, when it is made or rotated. After a rotation the one before signs beside it for a day, so
that a receiver can change over without losing a message.
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from makewhole.domain.refusal import Refused
from makewhole.integrations.webhooks.addresses import check_url
from makewhole.store import vault
from makewhole.store.envelope import new_data_key
from makewhole.store.ids import new_id
from makewhole.store.models import Delivery, WebhookAttempt, WebhookEndpoint

OLD_SECRET_SIGNS_FOR = timedelta(hours=24)
PREFIX = "whsec_"
MOST = 10


def add(party: str, url: str, *, by: str, at: datetime, to_loopback: bool) -> tuple[WebhookEndpoint, str]:
    """A new endpoint, and its secret, which nobody can be shown again.

    Refuses `webhook_url_not_usable`, `webhook_not_https`, `webhook_address_private`, `webhook_known`,
    `too_many_webhooks`.
    """
    url = url.strip()
    check_url(url, to_loopback=to_loopback)
    if WebhookEndpoint.objects.filter(party=party, active=True).count() >= MOST:
        raise Refused("too_many_webhooks", most=MOST)
    endpoint_id, secret = new_id(), new_data_key()
    try:
        with transaction.atomic():
            endpoint = WebhookEndpoint.objects.create(
                id=endpoint_id, party=party, url=url, secret=_wrapped(endpoint_id, secret), added_at=at, added_by=by
            )
    except IntegrityError:
        raise Refused("webhook_known") from None
    return endpoint, clear(secret)


def rotate(party: str, endpoint_id: UUID, *, at: datetime) -> tuple[WebhookEndpoint, str]:
    """A new secret from now on; the one before signs beside it for a day. Refuses `unknown_webhook`,
    `webhook_removed`."""
    secret = new_data_key()
    with transaction.atomic():
        endpoint = find(party, endpoint_id, for_update=True)
        if not endpoint.active:
            raise Refused("webhook_removed")
        endpoint.old_secret, endpoint.old_secret_until = endpoint.secret, at + OLD_SECRET_SIGNS_FOR
        endpoint.secret = _wrapped(endpoint_id, secret)
        endpoint.save(update_fields=["secret", "old_secret", "old_secret_until"])
    return endpoint, clear(secret)


def remove(party: str, endpoint_id: UUID, *, at: datetime, why: str = "") -> WebhookEndpoint:
    """Nothing is delivered there any more, and its secrets are gone. Twice is once. Refuses `unknown_webhook`."""
    endpoint = find(party, endpoint_id)
    WebhookEndpoint.objects.filter(id=endpoint_id, active=True).update(
        active=False, removed_at=at, removed_why=why, old_secret=None, old_secret_until=None, secret=b""
    )
    endpoint.refresh_from_db()
    return endpoint


def find(party: str, endpoint_id: UUID, *, for_update: bool = False) -> WebhookEndpoint:
    """A party's own endpoint. Refuses `unknown_webhook`, also for one of another party."""
    rows = WebhookEndpoint.objects.select_for_update() if for_update else WebhookEndpoint.objects.all()
    found = rows.filter(party=party, id=endpoint_id).first()
    if found is None:
        raise Refused("unknown_webhook", webhook=str(endpoint_id))
    return found


def endpoints_of(party: str) -> list[WebhookEndpoint]:
    """All of them, also the removed, in the order in which they came."""
    return list(WebhookEndpoint.objects.filter(party=party).order_by("added_at", "id"))


def secrets_of(endpoint: WebhookEndpoint, *, now: datetime) -> list[str]:
    """What a message to it is signed with at `now`: the secret, and for a time the one before."""
    wrapped = [bytes(endpoint.secret)]
    if endpoint.old_secret is not None and endpoint.old_secret_until is not None and now < endpoint.old_secret_until:
        wrapped.append(bytes(endpoint.old_secret))
    return [clear(vault.keyring().unwrap(each, bound_to=_bound_to(endpoint.id))) for each in wrapped]


def clear(secret: bytes) -> str:
    """A secret as Standard Webhooks writes it."""
    return PREFIX + base64.b64encode(secret).decode()


def message_id(delivery: Delivery) -> str:
    """The webhook-id: the same for every attempt and replay; by it a receiver knows what it has already."""
    return f"msg_{delivery.id.hex}"


def deliveries_of(
    endpoint: WebhookEndpoint, *, after: tuple[datetime, UUID] | None = None, size: int = 50
) -> list[Delivery]:
    """Its deliveries with their attempts, the newest first; `after`: instant and id of the last one seen."""
    found = Delivery.objects.filter(endpoint=endpoint).order_by("-created_at", "-id")
    if after is not None:
        at, last = after
        found = found.filter(Q(created_at__lt=at) | Q(created_at=at, id__lt=last))
    return list(found.select_related("notice").prefetch_related("log")[:size])


def replay(party: str, delivery_id: UUID, *, at: datetime) -> Delivery:
    """Delivers it once more from `at` on, with all its attempts, under the same webhook-id.

    Refuses `unknown_delivery`, `webhook_removed`.
    """
    delivery = (
        Delivery.objects.filter(id=delivery_id, endpoint__party=party).select_related("endpoint", "notice").first()
    )
    if delivery is None or delivery.endpoint is None:
        raise Refused("unknown_delivery", delivery=str(delivery_id))
    if not delivery.endpoint.active:
        raise Refused("webhook_removed")
    Delivery.objects.filter(id=delivery_id).update(send_after=at, attempts=0, sent_at=None, failed_at=None, error="")
    delivery.refresh_from_db()
    return delivery


# For the sweep -----------------------------------------------------------------------------------------


def note_attempt(delivery: Delivery, *, at: datetime, status: int | None, error: str) -> None:
    WebhookAttempt.objects.create(delivery=delivery, at=at, status=status, error=error[:300])


def it_answers(endpoint: WebhookEndpoint) -> None:
    """Whatever it said: it does not rest any more."""
    WebhookEndpoint.objects.filter(id=endpoint.id).exclude(silences=0).update(silences=0, rests_until=None)


def let_rest(endpoint: WebhookEndpoint, *, until: datetime) -> None:
    """It did not answer: nothing is tried there before then."""
    WebhookEndpoint.objects.filter(id=endpoint.id).update(silences=endpoint.silences + 1, rests_until=until)


def _wrapped(endpoint_id: UUID, secret: bytes) -> bytes:
    return vault.keyring().wrap(secret, bound_to=_bound_to(endpoint_id))


def _bound_to(endpoint_id: UUID) -> bytes:
    return b"webhook" + endpoint_id.bytes
