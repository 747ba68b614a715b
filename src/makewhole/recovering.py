"""Recoveries get on by what the market tells: a disbursement is known, so that something may be withheld of it.

Start at withhold_from(); the import and the API call it once disbursements are in.
"""

from __future__ import annotations

from datetime import datetime

from makewhole.reads.withheld import Withheld, withheld_of

__all__ = ["Withheld", "withhold_from"]


def withhold_from(disbursement_ids: list[int], at: datetime) -> list[Withheld]:
    """Withholds of these disbursements what their sellers owe, and returns what is withheld of them in all.

    `disbursement_ids`: of any marketplaces, in the order in which they were told; some may be known from before.
    Never more than the documented net amount of each, never more than is owed. Twice is once: what was withheld before
    is told again, not withheld again. An account that is gone or bankrupt is left alone, as is a recovery that is
    contested or paid by instalments.
    """
    # The lead fills this: here the open recoveries of the sellers are asked for, and the write door withholds.
    return withheld_of(disbursement_ids)
