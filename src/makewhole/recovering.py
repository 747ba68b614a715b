"""Recoveries get on by what the market tells: a payout is known, so that something may be withheld of it.

Start at withhold_from(); the import and the API call it once disbursements are in. A sweep calls withhold() for payouts
that were told before a recovery was opened.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from makewhole import asks
from makewhole.domain.actors import Actor
from makewhole.domain.recovery.commands import WithholdFunds
from makewhole.domain.recovery.events import FundsWithheld
from makewhole.domain.refusal import Refused
from makewhole.handle import handle
from makewhole.reads.withheld import Withheld, withheld_of
from makewhole.store.withholding import Withholdable, withholdable

__all__ = ["Withheld", "withhold", "withhold_from"]

logger = logging.getLogger(__name__)

DISBURSEMENTS = Actor("machine:disbursements", "machine")


def withhold_from(disbursement_ids: list[int], at: datetime) -> list[Withheld]:
    """Withholds of these disbursements what their sellers owe, and returns what is withheld of them in all.

    `disbursement_ids`: of any marketplaces; some may be known from before. Of each, the seller's open recoveries in its
    currency are served, the oldest first, until nothing is left of it. Never more than the documented net amount, never
    more than is owed. Twice is once: what was withheld before is told again, not withheld again. A recovery that is
    contested, paid by instalments, or whose seller is gone or bankrupt is passed over; of a payout whose day is over
    nothing is withheld.
    """
    if disbursement_ids:
        withhold(withholdable(at, payouts=disbursement_ids), at)
    return withheld_of(disbursement_ids)


def withhold(pairs: Iterable[Withholdable], at: datetime) -> int:
    """Asks the write door for each, in that order, and tells how many brought something."""
    left: dict[int, int] = {}
    withheld = 0
    for pair in pairs:
        room = left.setdefault(pair.disbursement_id, pair.room_minor)
        if room <= 0:
            continue
        minor = _withhold(pair, at)
        left[pair.disbursement_id] = room - minor
        withheld += minor > 0
    return withheld


def _withhold(pair: Withholdable, at: datetime) -> int:
    """How much was held back: as much as is owed and there, as the write door sees it now."""
    command = WithholdFunds(pair.disbursement_id)
    try:
        done = handle(asks.act(command, claim_id=pair.claim_id, by=DISBURSEMENTS, at=at))
    except Refused as refusal:
        # Contested, or gone, since it was looked for: the next recovery may have it.
        logger.info("nothing withheld of payout %d for claim %s: %s", pair.disbursement_id, pair.claim_id, refusal)
        return 0
    return sum(each.event.amount_minor for each in done.events if isinstance(each.event, FundsWithheld))
