"""Many tenders that expire in the same instant: nobody answered, and the platform steps in by itself.

`python -m bench.tenders` measures this part alone, on a server of its own, with the reference before and after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.figures import Figure
    from makewhole.domain.actors import Actor

LONGEST_SECONDS = 90
REMINDERS = 2
# What each claim must have once, and once only, when its tender has expired. Over the limit the policy asks for a
# signed release before the payment is ordered: that is what the claim then waits for.
ENDS_WITH = ("TenderUnanswered", "SteppedIn", "ClaimDecided", "ReleaseRequested")


@dataclass(frozen=True)
class Expired:
    tenders: int
    seconds: float
    twice: int

    def figure(self) -> Figure:
        from bench.figures import Figure

        return Figure(
            f"{self.tenders:,} tenders that expire at once ({self.twice} twice)", self.seconds, "s", "", None,
            f"< {LONGEST_SECONDS} s, none twice", self.seconds < LONGEST_SECONDS and self.twice == 0,
        )  # fmt: skip


def expire_at_once(numbers: range, by: Actor) -> Expired:
    """Files a claim over the limit on each line, which is tendered; then the time of all sellers is over at once."""
    from bench import bulk
    from bench.clocks import due_at_once
    from makewhole.store.models import Clock

    bulk.file_in_bulk(numbers, by, over_the_limit=True)
    waiting = Clock.objects.filter(name="seller_answers", state="running")
    assert waiting.count() == len(numbers), f"{waiting.count()} of {len(numbers)} claims were tendered"
    due_at = max(waiting.values_list("due_at", flat=True))
    # The reminders of the days before are not what is measured.
    due_at_once(due_at - timedelta(hours=1), REMINDERS * len(numbers))
    seconds, twice = due_at_once(due_at, len(numbers))
    return Expired(len(numbers), seconds, twice + _beyond_once(len(numbers)))


def _beyond_once(claims: int) -> int:
    """How many events of a step-in came beyond one for each of these claims; each must have its own."""
    from django.db import connection

    beyond = 0
    with connection.cursor() as cursor:
        for kind in ENDS_WITH:
            cursor.execute(
                "select count(*), count(distinct claim_id) from store_event"
                " where kind = %s and claim_id in (select claim_id from store_tender)",
                [kind],
            )
            events, found = cursor.fetchone()
            assert found == claims, f"{found} of {claims} claims have {kind}"
            beyond += events - found
    return beyond


def main() -> None:
    from bench import __main__ as whole
    from bench import figures, reference

    with whole.own_server() as conninfo:
        from bench import world

        by, _ = world.open_marketplace()
        whole.say(f"{figures.machine()}; reference: pgbench, {whole.SECONDS} s with {whole.CLIENTS} clients")
        before = reference.tpc_b_per_second(conninfo, clients=whole.CLIENTS, seconds=whole.SECONDS)
        numbers = whole.Numbers().take(whole.TENDERS, by.name, price_minor=world.DEAR_MINOR)
        expired = expire_at_once(numbers, by)
        after = reference.tpc_b_per_second(conninfo, clients=whole.CLIENTS, seconds=whole.SECONDS)
        whole.say(f"pgbench {before:,.0f} transactions a second before, {after:,.0f} after")
        print(figures.table([expired.figure()]))


if __name__ == "__main__":
    main()
