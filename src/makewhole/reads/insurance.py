"""A seller's insurance as it stands: the policies on file, what is missing, what the published rules make of it.

Start at insurance_of(). Nothing is decided here: the tables `bearer` and `standing` are asked what they would say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from makewhole.domain.actors import Actor
from makewhole.domain.policy.rules import Rules
from makewhole.reads.clauses import ClauseTold, clause_told
from makewhole.reads.outlook import who_bears
from makewhole.store import policies
from makewhole.store.models import Claim, Clock, Coverage, Marketplace, Seller

State = Literal["in_force", "to_come", "ended"]


@dataclass(frozen=True, slots=True)
class CoverTold:
    """A policy on file. It holds from `starts_on` until the day before `ends_on`."""

    row: Coverage
    state: State
    days_left: int  # of one that is in force or to come
    left_minor: int  # of its limit


@dataclass(frozen=True, slots=True)
class Case:
    """Who bears the cost of a claim, with cover and without it: what the rule says, and which one."""

    small: bool
    with_cover: ClauseTold | None
    with_because: str
    without: ClauseTold | None
    without_because: str


@dataclass(frozen=True, slots=True)
class ProofAsked:
    """A claim on which proof of insurance is asked of the seller, until then."""

    reference: str
    product: str
    until: datetime


@dataclass(frozen=True, slots=True)
class InsuranceView:
    seller: Seller
    marketplace: Marketplace
    covers: tuple[CoverTold, ...]
    until: date | None  # cover without a gap from today until that day, which is not in it
    requested_on: date | None
    within_days: int
    last_day: date | None  # to have a policy, after it was asked for
    direct_limit_minor: int
    standing: ClauseTold | None  # what missing insurance does to the standing
    standing_because: str
    cases: tuple[Case, ...]
    asked: tuple[ProofAsked, ...]
    today: date

    @property
    def insured(self) -> bool:
        return self.until is not None

    @property
    def days_left(self) -> int:
        return (self.until - self.today).days if self.until else 0


def insurance_of(by: Actor, at: datetime) -> InsuranceView:
    """Of the seller that reads."""
    assert by.seller_id is not None
    seller = Seller.objects.select_related("marketplace").get(pk=by.seller_id)
    calendar = policies.calendar_of(seller.marketplace_id)
    today = calendar.day_of(at)
    version = policies.version_in_force(seller.marketplace_id, at)
    rules = policies.rules_of(version, today, today, today)
    found = Coverage.objects.filter(seller=seller).select_related("insurer_account").order_by("-ends_on", "id")
    covers = tuple(_cover(row, today) for row in found)
    requested = calendar.day_of(seller.insurance_requested_at) if seller.insurance_requested_at else None
    within = rules.days("standing_insured_within_days")
    standing = rules.decide("standing", standing_subject="insurance", standing_faults=1, standing_kept=0)
    return InsuranceView(
        seller=seller,
        marketplace=seller.marketplace,
        covers=covers,
        until=_covered_until([cover.row for cover in covers], today),
        requested_on=requested,
        within_days=within,
        last_day=requested + timedelta(days=within) if requested else None,
        direct_limit_minor=rules.amount("small_claim_limit"),
        standing=clause_told(standing.clause, rules.dates),
        standing_because=standing.because,
        cases=tuple(_case(rules, seller, small=small) for small in (True, False)),
        asked=tuple(_asked(seller)),
        today=today,
    )


def _cover(row: Coverage, today: date) -> CoverTold:
    state: State = "ended" if row.ends_on <= today else "to_come" if row.starts_on > today else "in_force"
    return CoverTold(row, state, max(0, (row.ends_on - today).days), row.limit_minor - row.eroded_minor)


def _covered_until(covers: list[Coverage], today: date) -> date | None:
    """The first day without cover, from today on; None where there is none today."""
    until = today
    for cover in sorted(covers, key=lambda each: each.starts_on):
        if cover.starts_on <= until < cover.ends_on:
            until = cover.ends_on
    return until if until > today else None


def _case(rules: Rules, seller: Seller, *, small: bool) -> Case:
    """Of a small claim, on which the seller shows no proof where it has none; of a larger one, which it accepts."""
    requested = seller.insurance_requested_at is not None
    rows = [
        who_bears(
            rules, answer="silent" if small else "accepted", at_or_under_limit=small, seller_insured=insured,
            good_standing=seller.good_standing, insurance_required_or_requested=requested,
        )
        for insured in (True, False)
    ]  # fmt: skip
    told = [clause_told(row.clause, rules.dates) for row in rows]
    return Case(small, told[0], rows[0].because, told[1], rows[1].because)


def _asked(seller: Seller) -> list[ProofAsked]:
    running = Clock.objects.filter(
        name="seller_proof_of_insurance", state="running", claim_id__in=Claim.objects.filter(seller=seller).values("id")
    ).order_by("due_at", "claim_id")[:50]
    until = {clock.claim_id: clock.due_at for clock in running}
    claims = Claim.objects.filter(id__in=until).select_related("order_line")
    found = [ProofAsked(each.reference, each.order_line.product_title, until[each.id]) for each in claims]
    return sorted(found, key=lambda each: (each.until, each.reference))
