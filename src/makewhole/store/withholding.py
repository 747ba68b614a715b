"""Which payouts may still be held back for which recoveries, as rows. The write door does it: recovering.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from makewhole.store.sqls import sql


@dataclass(frozen=True, slots=True)
class Withholdable:
    """Something may be held back of this payout for the open recovery of this claim: at most `room_minor`."""

    disbursement_id: int
    claim_id: UUID
    room_minor: int


def withholdable(at: datetime, *, payouts: Sequence[int] | None = None) -> list[Withholdable]:
    """In the order in which to ask: payouts as they are paid out, for each the oldest recovery first. One query.

    `payouts`: only of these; without them, of every payout that is known and not paid yet.
    """
    told = {"at": at, "payouts": None if payouts is None else list(payouts)}
    with connection.cursor() as cursor:
        cursor.execute(sql("withholdable"), told)
        return [Withholdable(*row) for row in cursor.fetchall()]
