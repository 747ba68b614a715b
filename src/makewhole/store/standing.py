"""What is known of a seller's standing: its facts with their disputes, what the policy makes of them, restrictions.

Start at standing_known(). Facts of claims are read where they are (tenders, clocks, the log), never copied; only what
a marketplace reports has a table of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Literal, cast

from django.db import connection
from django.db.models import Q

from makewhole.domain.calendar import Calendar
from makewhole.domain.policy.rules import Rules
from makewhole.domain.standing.counting import Standing, counts, counts_until, oldest_day, refuse_silent, standing
from makewhole.domain.standing.facts import Cover, FactKind, Source, StandingFact, insurance_fact
from makewhole.store import policies
from makewhole.store.models import Coverage, Restriction, Seller, StandingDispute
from makewhole.store.sqls import sql

RestrictionState = Literal["announced", "in_force", "ended", "lifted"]


@dataclass(frozen=True, slots=True)
class StandingKnown:
    """A seller's standing on the day of `at`. `facts` are those that count or could, the newest first."""

    seller: Seller
    at: datetime
    calendar: Calendar
    rules: Rules
    standing: Standing
    facts: tuple[StandingFact, ...]
    disputes: tuple[StandingDispute, ...]
    restrictions: tuple[Restriction, ...]

    def fact(self, key: str) -> StandingFact | None:
        return next((fact for fact in self.facts if fact.key == key), None)

    def counts(self, fact: StandingFact) -> bool:
        return counts(fact, self.rules, self.standing.on)

    def counts_until(self, fact: StandingFact) -> date | None:
        return counts_until(fact, self.rules)

    def latest_dispute(self, about: str) -> StandingDispute | None:
        return next((dispute for dispute in self.disputes if dispute.about == about), None)


def standing_known(seller: Seller, at: datetime) -> StandingKnown:
    """Refuses `no_policy`, and `no_standing_rules` where the policy in force does not speak of it."""
    calendar = policies.calendar_of(seller.marketplace_id)
    today = calendar.day_of(at)
    version = policies.version_in_force(seller.marketplace_id, at)
    rules = policies.rules_of(version, today, today, today)
    refuse_silent(rules)
    disputes = tuple(StandingDispute.objects.filter(seller=seller, filed_at__lte=at).order_by("-filed_at", "-id"))
    told = [*_of_log_and_reports(seller, at, calendar, rules, today), *_of_records(seller, at, calendar, rules, today)]
    facts = sorted((_with_dispute(fact, disputes) for fact in told), key=lambda fact: (fact.on, fact.key), reverse=True)
    restrictions = tuple(
        Restriction.objects.filter(seller=seller, decided_at__lte=at).order_by("-takes_effect_at", "-id")
    )
    return StandingKnown(
        seller, at, calendar, rules, standing(facts, rules, today), tuple(facts), disputes, restrictions
    )


def restriction_state(restriction: Restriction, at: datetime) -> RestrictionState:
    if restriction.lifted_at is not None and restriction.lifted_at <= at:
        return "lifted"
    if at < restriction.takes_effect_at:
        return "announced"
    return "ended" if restriction.ends_at is not None and restriction.ends_at <= at else "in_force"


def restrictions_that_bind(seller: Seller, at: datetime) -> Iterable[Restriction]:
    """Those announced or in force."""
    not_over = Q(ends_at=None) | Q(ends_at__gt=at)
    return Restriction.objects.filter(not_over, seller=seller, lifted_at=None).order_by("takes_effect_at", "id")


# Where facts come from ---------------------------------------------------------------------------------


def _of_log_and_reports(
    seller: Seller, at: datetime, calendar: Calendar, rules: Rules, today: date
) -> Iterator[StandingFact]:
    since = calendar.instant(oldest_day(rules, today), time(0))
    with connection.cursor() as cursor:
        cursor.execute(sql("standing_facts"), {"seller": seller.pk, "at": at, "since": since})
        rows: list[tuple[Any, ...]] = cursor.fetchall()  # a row as the statement selects it
    reported = {kind for kind, *_ in rows}
    for kind, reference, no, happened_at, code, contested in rows:
        yield StandingFact(
            key=f"{kind}:{reference}:{no}" if reference else f"{kind}:{no}",
            kind=cast(FactKind, kind),
            on=calendar.day_of(happened_at),
            source="claim" if reference else "marketplace",
            at=happened_at,
            claim=reference,
            code=code,
            state="disputed" if contested else "stands",
        )
    if not seller.good_standing and not reported & {"good_standing_lost", "good_standing_regained"}:
        # Known before changes were dated: the day of the record has to do.
        yield _of_account("good_standing_lost", seller.imported_at, calendar, source="marketplace")


def _of_records(seller: Seller, at: datetime, calendar: Calendar, rules: Rules, today: date) -> Iterator[StandingFact]:
    asked = seller.insurance_requested_at
    covers = [
        Cover(row.policy_number, row.starts_on, row.ends_on)
        for row in Coverage.objects.filter(seller=seller).order_by("starts_on", "id")
    ]
    fact = insurance_fact(
        covers,
        asked_on=calendar.day_of(asked) if asked is not None and asked <= at else None,
        within_days=rules.days("standing_insured_within_days"),
        today=today,
    )
    if fact is not None:
        yield fact
    if seller.closed_at is not None and seller.closed_at <= at:
        yield _of_account("account_closed", seller.closed_at, calendar)
    if seller.insolvent_since is not None and seller.insolvent_since <= today:
        yield StandingFact(f"insolvent:{seller.insolvent_since}", "insolvent", seller.insolvent_since, "account")


def _of_account(kind: FactKind, at: datetime, calendar: Calendar, source: Source = "account") -> StandingFact:
    on = calendar.day_of(at)
    return StandingFact(f"{kind}:{on}", kind, on, source, at)


def _with_dispute(fact: StandingFact, disputes: tuple[StandingDispute, ...]) -> StandingFact:
    outcomes = {dispute.outcome for dispute in disputes if dispute.about == fact.key}
    if "struck" in outcomes:
        return replace(fact, state="struck")
    if "" in outcomes:
        return replace(fact, state="disputed", found_to_stand="stands" in outcomes)
    return replace(fact, found_to_stand="stands" in outcomes)
