"""The sweep of withholding: payouts that were told before a recovery was opened, and are still to be paid out.

A payout that comes in is looked at when it comes (recovering.withhold_from). Here the other order: the debt is new, or
is contested no more, and the payout is known. Any number of workers may do it at once: the write door takes turns on
the payout and the claim, and looks again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from makewhole.recovering import withhold
from makewhole.store import job_faults
from makewhole.store.withholding import Withholdable, withholdable
from makewhole.workers.faults import database_is_away

PAYOUTS_AT_ONCE = 100


def sweep_withholding(now: datetime) -> int:
    """Withholds of what is known and not paid out yet; how many times something was. One query where nothing is.

    A fault with one payout leaves the others as they are; it is raised at the end, and the worker logs it.
    """
    done, faults = 0, {}
    for payout in _payouts(withholdable(now)):
        try:
            done += withhold(payout, now)
        except Exception as error:
            if database_is_away(error):
                raise
            faults[str(payout[0].disbursement_id)] = error
            job_faults.note(job_faults.PAYOUT, str(payout[0].disbursement_id), error, at=now)
        if done >= PAYOUTS_AT_ONCE:
            break
    for fault in faults.values():
        raise fault
    return done


def _payouts(pairs: Iterable[Withholdable]) -> Iterator[list[Withholdable]]:
    for _, of_one in groupby(pairs, key=lambda pair: pair.disbursement_id):
        yield list(of_one)
