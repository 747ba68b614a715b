"""The demo operator: four marketplaces with sellers, orders, people, payouts, and claims in every stage.

Start at load(). All is drawn from one fixed seed, so it is always the same, except for dates: those are counted
back from the day of loading, so that there are recent orders to claim for. Loading twice changes nothing.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from makewhole.demo import market, payouts, people, stories
from makewhole.demo.people import SignIn, sign_ins
from makewhole.store import figures

__all__ = ["SignIn", "load", "sign_ins"]


def load(at: datetime | None = None) -> None:
    """Loads everything, as of `at` (now). Doing it again, also after a load that was cut off, ends at the same."""
    now = at or timezone.now()
    market.load(now, stories.SHOWN)
    people.load(now)
    stories.load(now)
    payouts.load(now)
    _count(now)


def _count(now: datetime) -> None:
    """The programme's figures are there at once. The stories are told under earlier dates, so a worker that runs
    already would find them only when it next looks at all claims."""
    while figures.sweep(now, whole=True):
        pass
