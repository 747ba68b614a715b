"""What is counted of a simulation: whole numbers by name, which add up over sellers in whatever order they come.

Start at count_claim(). A key begins with what it counts and the currency; days are counted in tenths, by value, so that
medians need no list of a hundred thousand claims.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from makewhole.domain.claim.state import Claim, Closed, UnderReview
from makewhole.simulation.mind import Mind
from makewhole.simulation.shop import Shop

Key = tuple[str, ...]
TENTH = timedelta(hours=2.4)


@dataclass(slots=True)
class Figures:
    counts: Counter[Key] = field(default_factory=Counter)
    days: dict[Key, Counter[int]] = field(default_factory=dict)
    broken: Counter[str] = field(default_factory=Counter)

    def add(self, other: Figures) -> None:
        self.counts.update(other.counts)
        self.broken.update(other.broken)
        for key, found in other.days.items():
            self.days.setdefault(key, Counter()).update(found)

    def count(self, *key: str, by: int = 1) -> None:
        if by:
            self.counts[key] += by

    def day(self, *key: str, took: timedelta) -> None:
        self.days.setdefault(key, Counter())[took // TENTH] += 1

    def percentile(self, key: Key, share: float) -> float | None:
        """The smallest number of days within which that share of them lies."""
        found = self.days.get(key)
        if not found:
            return None
        wanted, seen = share * sum(found.values()), 0
        for tenths in sorted(found):
            seen += found[tenths]
            if seen >= wanted:
                return tenths / 10
        raise AssertionError("a share is at most one")


def count_claim(claim: Claim, mind: Mind, shop: Shop, figures: Figures) -> None:
    """A claim that has come to rest."""
    currency, track = claim.currency, claim.track or "not routed"
    ended = claim.stage.outcome if isinstance(claim.stage, Closed) else f"open: {type(claim.stage).__name__}"
    for name, amount in (
        ("claims", 1), ("claimed", claim.claimed_minor), ("approved", claim.approved_minor),
        ("paid", claim.paid_minor), ("settled", claim.settled_minor),
    ):  # fmt: skip
        figures.count(name, currency, track, ended, by=amount)
    did = _did(claim, mind)
    figures.count("did", currency, track, did)
    figures.count("did stepped in", currency, track, did, by=int(claim.stepped_in is not None))
    figures.count("did customer's", currency, track, did, by=claim.paid_minor + claim.settled_minor)
    if mind.money_at is not None:
        took = mind.money_at - claim.filed_at
        figures.day(currency, track, took=took)
        figures.day(currency, track, did, took=took)
    _count_bearing(claim, track, did, figures)
    _count_disputes(claim, figures)
    for clock in claim.clocks:
        figures.count("clocks", clock.state)
    figures.count("open tasks", *sorted(claim.tasks), by=int(bool(claim.tasks)))
    if not isinstance(claim.stage, Closed):
        why = claim.stage.reasons if isinstance(claim.stage, UnderReview) else ()
        figures.count("waits", type(claim.stage).__name__, *why)


def _count_bearing(claim: Claim, track: str, did: str, figures: Figures) -> None:
    currency, borne = claim.currency, Counter[str]()
    for recovery in claim.recoveries:
        seller = recovery.debt("seller")
        direct = max(0, seller.received_minor - seller.repaid_minor)
        borne["seller, withheld"] += recovery.settled_minor("seller") - direct
        borne["seller, paid to the platform"] += direct
        borne["insurer"] += recovery.settled_minor("insurer")
        borne["producer"] += recovery.settled_minor("producer")
        borne["platform, written off"] += recovery.written_off_minor
        borne["still owed"] += sum(recovery.outstanding_minor(debt.debtor) for debt in recovery.debts)
        figures.count("recoveries", currency, track, getattr(recovery.stage, "outcome", "open"))
        figures.count("demanded", currency, track, by=recovery.paid_minor)
        figures.count("recovered", currency, track, by=recovery.recovered_minor)
        figures.count("withheld and released", currency, track, by=recovery.released_minor)
        figures.count("payouts withheld of", currency, track, by=len(recovery.withholdings))
    borne["platform, by the rules"] = claim.paid_minor - sum(borne.values())
    borne["seller, paid to the customer"] = claim.settled_minor
    for who, amount in borne.items():
        figures.count("bore", currency, track, who, by=amount)
    figures.count("did recovered", currency, track, did, by=sum(each.recovered_minor for each in claim.recoveries))


def _count_disputes(claim: Claim, figures: Figures) -> None:
    for recovery in claim.recoveries:
        clause = recovery.opened.clause.clause.partition(" · ")[2]
        for contest in recovery.contests:
            figures.count("contest", claim.currency, f"{clause}, by the {contest.by}", contest.outcome or "undecided")
    for appeal in claim.appeals_heard:
        clause = appeal.clause.partition(" · ")[2]
        figures.count("appeal", claim.currency, clause, appeal.outcome or "undecided")


def _did(claim: Claim, mind: Mind) -> str:
    """What the seller did about it: its answer to the tender, or, on a small claim, its insurance."""
    if claim.track == "tendered":
        return mind.did or "was never asked: gone, or refused before"
    if claim.track is None:
        return "never heard of it"
    seller = mind.seller
    if seller.coverage is None:
        return "not insured, asked before" if seller.asked_before else "not insured, never asked before"
    return {"on_file": "insured", "shown_in_time": "showed its insurance in time"}.get(
        seller.cover, "showed its insurance late"
    )
