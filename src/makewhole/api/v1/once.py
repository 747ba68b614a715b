"""One key, one effect, for what is no act on a claim: files, policies, batches. (Claims have it in the write door.)"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection, transaction

from makewhole import asks
from makewhole.api.v1.answers import as_json
from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.store.models import IdempotencyKey

Told = dict[str, Any]  # an answer as plain values, each endpoint with its own fields


def once(
    subject: str, key: str | None, *, by: Actor, at: datetime, content: object, effect: Callable[[], Told]
) -> tuple[Told, bool]:
    """The effect's answer, and whether it is the one from an earlier request with this key.

    `subject` parts the keys of files from those of policies. Effect and key are written together or not at all.
    Refuses `key_used_for_other_content`.
    """
    known = asks.idempotency(by, key, content)
    if known is None:
        return effect(), False
    asker = f"{by.name} {subject}"
    with transaction.atomic():
        _take_turns(f"key:{asker}:{known.key}")
        earlier = IdempotencyKey.objects.filter(asker=asker, key=known.key).values("request_hash", "answer").first()
        if earlier is not None:
            if bytes(earlier["request_hash"]) != known.request_hash:
                raise Refused("key_used_for_other_content", key=known.key)
            return msgspec.json.decode(earlier["answer"]), True
        told = effect()
        IdempotencyKey.objects.create(
            asker=asker, key=known.key, request_hash=known.request_hash, answer=as_json(told).decode(), created_at=at
        )
    return told, False


def _take_turns(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
