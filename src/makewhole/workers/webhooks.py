"""The sweep of webhooks: each notice to each endpoint, signed, at least once and under the same webhook-id.

Start at deliver_waiting(). Messages of a batch go out at the same time, so that an endpoint that hangs costs one
timeout and not one each; an endpoint that did not answer at all then rests, and what waits for it waits with it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import Min

from makewhole.domain.claim.clocks import REMINDER
from makewhole.domain.money import Money
from makewhole.domain.notice_kinds import kind_of
from makewhole.integrations.webhooks.sending import TIMEOUT_SECONDS, NoAnswer, post
from makewhole.integrations.webhooks.signing import signed
from makewhole.store import outbox, webhooks
from makewhole.store.models import Claim, Clock, Delivery, Outbox, Seller, WebhookEndpoint
from makewhole.workers.faults import database_is_away

logger = logging.getLogger(__name__)

# Longer than a batch can take, with a margin for names that are looked up slowly.
LEASE = timedelta(minutes=5)
# After the first attempt, as Standard Webhooks proposes; then it is given up: three days in all.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
ATTEMPTS = len(WAITS) + 1
LONGEST_REST = timedelta(hours=1)
GONE = 410  # "do not come back", in the words of Standard Webhooks


@dataclass(frozen=True, slots=True)
class _Message:
    """All that is needed to send it, without asking the database."""

    delivery: Delivery
    endpoint: WebhookEndpoint
    body: bytes
    headers: Mapping[str, str]


def deliver_waiting(now: datetime, *, batch: int = 16) -> int:
    """Delivers at most so many messages that wait at `now`; how many were leased."""
    outbox.spread(now)
    leased = outbox.lease_webhooks(now, batch=batch, lease_until=now + LEASE)
    messages = [message for delivery in leased if (message := _written(delivery, now)) is not None]
    for message, answer in zip(messages, _posted(messages), strict=True):
        _answered(message, answer, now)
    return len(leased)


def event_of(notice: Outbox) -> dict[str, Any]:  # JSON
    """What an endpoint is told: the notice's own facts, which are nobody's personal data."""
    if notice.claim_id is None:
        return _of_standing(notice)
    claim = Claim.objects.select_related("order_line__seller").get(id=notice.claim_id)
    told, line = notice.recipient.partition(":")[0], claim.order_line
    return {
        "type": notice.template,
        "timestamp": notice.created_at,
        "data": {
            "kind": kind_of(notice.template).name,
            "reference": claim.reference,
            "claim_id": claim.id,
            "claim_version": notice.version,
            "marketplace": claim.marketplace_id,
            "order_ref": line.order_ref,
            "line_ref": line.line_ref,
            "seller_ref": line.seller.seller_ref,
            "told": told,
            "answer_by": _answer_by(claim.id, told, notice.created_at),
            "link": f"{settings.PUBLIC_URL}/claims/{claim.reference}",
            "facts": _shown(notice.facts, claim.currency),
        },
    }


def _of_standing(notice: Outbox) -> dict[str, Any]:  # JSON
    """A notice about a seller's standing belongs to no claim."""
    seller = Seller.objects.get(id=notice.facts["seller"])
    return {
        "type": notice.template,
        "timestamp": notice.created_at,
        "data": {
            "kind": kind_of(notice.template).name,
            "marketplace": seller.marketplace_id,
            "seller_ref": seller.seller_ref,
            "told": notice.recipient.partition(":")[0],
            "link": f"{settings.PUBLIC_URL}/standing",
            "facts": {name: told for name, told in notice.facts.items() if name != "seller"},
        },
    }


def _answer_by(claim_id: UUID, told: str, at: datetime) -> datetime | None:
    """When the time ends that whoever is told has, as it stands now; None where none runs."""
    own = Clock.objects.filter(claim_id=claim_id, state="running", name__startswith=f"{told}_", started_at__lte=at)
    found: datetime | None = own.exclude(name__contains=REMINDER).aggregate(at=Min("due_at"))["at"]
    return found


def _shown(facts: Any, currency: str) -> Any:  # JSON in, JSON out
    """The facts, with amounts as the API writes them."""
    if isinstance(facts, list):
        return [_shown(each, currency) for each in facts]
    if not isinstance(facts, dict):
        return facts
    return {
        name.removesuffix("_minor"): {"amount": str(Money(told, currency).decimal), "currency": currency}
        if name.endswith("_minor") and isinstance(told, int)
        else _shown(told, currency)
        for name, told in facts.items()
    }


def _written(delivery: Delivery, now: datetime) -> _Message | None:
    """The message; None where it goes to nobody any more, or cannot be written, which is then noted."""
    endpoint = delivery.endpoint
    assert endpoint is not None, f"delivery {delivery.id} is no webhook"
    if not endpoint.active:
        outbox.give_up(delivery, at=now, error="the webhook was removed")
        return None
    try:
        body = msgspec.json.encode(event_of(delivery.notice))
        headers = signed(webhooks.message_id(delivery), body, webhooks.secrets_of(endpoint, now=now), at=now)
    except Exception as error:
        if database_is_away(error):
            raise
        logger.exception("webhook %s could not be written; it is tried again", delivery.id)
        _later(delivery, now, f"{type(error).__name__}: {error}")
        return None
    return _Message(delivery, endpoint, body, {**headers, **_HEADERS})


_HEADERS = {"Content-Type": "application/json", "User-Agent": "Makewhole-Webhooks/1"}


def _posted(messages: Sequence[_Message]) -> list[int | NoAnswer]:
    if not messages:
        return []
    with ThreadPoolExecutor(len(messages)) as pool:
        return list(pool.map(_answer, messages))


def _answer(message: _Message) -> int | NoAnswer:
    """In a thread of its own: nothing here may ask the database."""
    to_loopback = settings.MAKEWHOLE_WEBHOOKS_TO_LOOPBACK
    try:
        return post(
            message.endpoint.url, message.body, message.headers, to_loopback=to_loopback, timeout=TIMEOUT_SECONDS
        )
    except NoAnswer as none:
        return none


def _answered(message: _Message, answer: int | NoAnswer, now: datetime) -> None:
    delivery, endpoint = message.delivery, message.endpoint
    status = answer if isinstance(answer, int) else None
    error = _wrong(answer)
    webhooks.note_attempt(delivery, at=now, status=status, error=error)
    if status is None:
        _let_rest(endpoint, now)
    else:
        webhooks.it_answers(endpoint)
    if not error:
        outbox.mark_sent(delivery, at=now, message_id=webhooks.message_id(delivery))
    elif status == GONE:
        outbox.give_up(delivery, at=now, error=error)
        webhooks.remove(endpoint.party, endpoint.id, at=now, why="it answered 410 Gone")
    else:
        _later(delivery, now, error)


def _wrong(answer: int | NoAnswer) -> str:
    """Why this is no delivery; empty where it is one."""
    if isinstance(answer, NoAnswer):
        return str(answer)
    if 200 <= answer < 300:
        return ""
    return f"it answered {answer}" + (", a redirect, which we do not follow" if 300 <= answer < 400 else "")


def _let_rest(endpoint: WebhookEndpoint, now: datetime) -> None:
    rest = min(timedelta(minutes=2 ** min(endpoint.silences, 10)), LONGEST_REST)
    webhooks.let_rest(endpoint, until=now + rest)


def _later(delivery: Delivery, now: datetime, error: str) -> None:
    if delivery.attempts >= ATTEMPTS:
        logger.error("webhook %s was given up after %d attempts", delivery.id, delivery.attempts)
        outbox.give_up(delivery, at=now, error=error)
        return
    outbox.try_again(delivery, send_after=now + WAITS[delivery.attempts - 1], error=error)
