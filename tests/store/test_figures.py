"""The figures are the log, summed: held against counts made another way, from raw events and current rows."""

from __future__ import annotations

import json
import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

pytestmark = pytest.mark.usefixtures("emptied")
NEW_YORK = ZoneInfo("America/New_York")
OURS = {"decision", "pay", "whole_claim", "safety_review", "step_in", "contest_decision"}


@pytest.fixture
def lives() -> dict[str, Any]:
    """One life of each kind that a claim over the limit can have, and some small ones."""
    from store.claims_given import FILED_AT, filed, market
    from store.tender_given import tell_all

    seller = market()
    told = tell_all()
    for hours in (0, 30):
        small = filed(seller, at=FILED_AT + timedelta(hours=hours)).claim
        _settles(small, FILED_AT + timedelta(hours=hours + 3 + hours))
    filed(seller, at=FILED_AT, proof=False)
    return told


def _settles(claim: Any, at: datetime) -> None:
    from store.claims_given import BANK

    from makewhole.domain.claim.commands import ConfirmPayment
    from makewhole.handle import Ask, handle

    handle(Ask(ConfirmPayment(claim.payments[0].order.payment_id, "B-1"), BANK, at, claim.claim_id))


def _figures() -> dict[tuple[Any, ...], tuple[int, int]]:
    from makewhole.store.models import Figure

    rows = Figure.objects.values_list(
        "name", "grain", "since", "marketplace", "currency", "of", "value", "number", "amount_minor"
    )
    return {row[:7]: row[7:] for row in rows if row[7:] != (0, 0)}


def _events() -> list[tuple[str, str, datetime, dict[str, Any]]]:
    """(claim, kind, instant, event) of the whole log, read as plain JSON: none of our own code says what they mean."""
    from makewhole.store.models import Event

    found = []
    for body in Event.objects.order_by("claim_id", "version").values_list("body", flat=True):
        told = json.loads(body)
        found.append((told["claim"], told["kind"], datetime.fromisoformat(told["at"]), told["event"]))
    return found


def _month(at: datetime) -> date:
    return at.astimezone(NEW_YORK).date().replace(day=1)


def _of(name: str, figures: dict[tuple[Any, ...], tuple[int, int]]) -> dict[tuple[Any, ...], tuple[int, int]]:
    """By month, what it is of, and hours: a figure's sums."""
    return {(key[2], key[5], key[6]): sums for key, sums in figures.items() if key[0] == name and key[1] == "m"}


def _hours(seconds: float) -> int:
    """Whole hours; whole days, in hours, where it was two days or more."""
    hours = int(seconds // 3600)
    return hours if seconds < 2 * 86_400 else int(seconds // 86_400) * 24


def _swept(at: datetime = datetime(2027, 6, 1, tzinfo=UTC), at_once: int = 500) -> int:
    from makewhole.store.figures import sweep

    done = 0
    while taken := sweep(at, at_once=at_once, whole=True):
        done += taken
    return done


def test_what_is_filed_decided_and_closed_is_what_the_log_says(lives: dict[str, Any]) -> None:
    _swept()
    figures, events = _figures(), _events()
    filed = Counter(_month(at) for _, kind, at, _ in events if kind == "ClaimFiled")
    assert {key[0]: sums[0] for key, sums in _of("filed", figures).items()} == filed
    closed = Counter((_month(at), event["outcome"]) for _, kind, at, event in events if kind == "ClaimClosed")
    assert {key[:2]: sums[0] for key, sums in _of("closed", figures).items()} == closed
    first: dict[str, date] = {}
    for claim, kind, at, _ in events:
        if kind == "ClaimDecided":
            first.setdefault(claim, _month(at))
    decided: Counter[date] = Counter()
    for (month, _, _), (number, _) in _of("decided", figures).items():
        decided[month] += number
    assert decided == Counter(first.values())


def test_what_is_open_is_what_was_filed_and_opened_again_and_not_closed(lives: dict[str, Any]) -> None:
    from makewhole.reads.figures import programme
    from makewhole.store.models import Claim, Marketplace

    _swept()
    told = programme(list(Marketplace.objects.all()), today=date(2026, 12, 1))
    assert told.open_now == Claim.objects.exclude(stage="closed").count() > 0


def test_hours_to_money_are_those_of_the_first_money_in_the_log(lives: dict[str, Any]) -> None:
    from makewhole.store.models import Claim

    _swept()
    track = {str(claim.id): claim.track for claim in Claim.objects.all()}
    filed: dict[str, datetime] = {}
    first: dict[str, datetime] = {}
    for claim, kind, at, _ in _events():
        if kind == "ClaimFiled":
            filed[claim] = at
        if kind in ("PaymentSettled", "SettlementConfirmed"):
            first.setdefault(claim, at)
    naive = Counter(
        (_month(at), track[claim], _hours((at - filed[claim]).total_seconds())) for claim, at in first.items()
    )
    assert {key: sums[0] for key, sums in _of("hours_to_money", _figures()).items()} == naive
    assert len(naive) > 5


def test_who_bears_the_money_adds_up_to_what_claimants_have_and_to_what_recoveries_brought(
    lives: dict[str, Any],
) -> None:
    from django.db.models import F, Sum

    from makewhole.store.models import Claim, Recovery

    _swept()
    borne: Counter[str] = Counter()
    for (_, bearer, _), (_, amount) in _of("borne", _figures()).items():
        borne[bearer] += amount
    rows = Claim.objects.aggregate(paid=Sum("paid_minor"), settled=Sum("settled_minor"))
    back = Recovery.objects.aggregate(
        came=Sum(F("applied_minor") + F("received_minor") - F("repaid_minor")),
        asked=Sum(
            F("owed_by_seller_minor") + F("owed_by_others_minor") - F("written_off_minor") - F("applied_minor")
            - F("received_minor") + F("repaid_minor")
        ),
    )  # fmt: skip
    assert sum(borne.values()) == rows["paid"] + rows["settled"]
    assert borne["asked"] == back["asked"]
    assert borne["seller"] + borne["insurer"] + borne["producer"] == back["came"] + rows["settled"]
    assert all(borne[bearer] > 0 for bearer in ("platform", "seller", "insurer", "producer"))


def test_clocks_kept_and_missed_are_those_of_the_rows(lives: dict[str, Any]) -> None:
    from django.db.models import F

    from makewhole.store.models import Clock

    _swept()
    figures = _figures()
    for name, ended in (
        ("clock_kept", Clock.objects.filter(ended_at__lt=F("due_at"))),
        ("clock_missed", Clock.objects.filter(ended_at__gte=F("due_at"))),
    ):
        counted = Counter(ended.values_list("name", flat=True))
        told: Counter[str] = Counter()
        for (_, clock, _), (number, _) in _of(name, figures).items():
            told[clock] += number
        assert told == {clock: counted[clock] for clock in counted if clock in told}
        assert OURS & counted.keys() <= told.keys()
    assert not [key for key in figures if "reminder" in key[5] or key[5] in ("appeal", "delay_letter")]


def test_a_clock_that_ends_at_its_instant_is_missed_and_a_moment_before_is_kept() -> None:
    from dataclasses import replace

    from store.claims_given import FILED_AT, filed, market

    from makewhole.domain import figures
    from makewhole.domain.figures import Key, _clocks, _Counted

    claim = filed(market(), at=FILED_AT).claim
    due = FILED_AT + timedelta(days=40)
    for ended, name in ((due - timedelta(microseconds=1), "clock_kept"), (due, "clock_missed")):
        clock = replace(claim.clocks[0], name="decision", state="stopped", due_at=due, ended_at=ended)
        counted = _Counted()
        _clocks(counted, replace(claim, clocks=(clock,)), NEW_YORK)
        assert counted.sums() == {Key(ended.astimezone(NEW_YORK).date(), name, "decision"): figures.Sum(1)}


def test_a_day_is_the_marketplaces_own() -> None:
    from store.claims_given import filed, market

    seller = market()
    for at in (datetime(2026, 4, 1, 3, 59, 59, tzinfo=UTC), datetime(2026, 4, 1, 4, 0, tzinfo=UTC)):
        filed(seller, at=at, proof=False)  # midnight in New York is 4:00 UTC
    _swept()
    assert {key[1:3]: sums[0] for key, sums in _figures().items() if key[0] == "filed"} == {
        ("d", date(2026, 3, 31)): 1,
        ("m", date(2026, 3, 1)): 1,
        ("d", date(2026, 4, 1)): 1,
        ("m", date(2026, 4, 1)): 1,
    }


def test_every_decision_of_the_log_is_listed_with_who_and_why(lives: dict[str, Any]) -> None:
    from makewhole.store.models import DecisionTaken

    _swept()
    naive = Counter(
        (claim, tuple(event["deciders"]), sum(line["approved_minor"] for line in event["lines"]))
        for claim, kind, _, event in _events()
        if kind == "ClaimDecided"
    )
    told = Counter((str(row.claim_id), tuple(row.deciders), row.approved_minor) for row in DecisionTaken.objects.all())
    assert told == naive
    cited: Counter[str] = Counter()
    for _, kind, _, event in _events():
        if kind == "ClaimDecided":
            clauses = {clause["clause"] for clause in event["clauses"]}
            clauses |= {line["reason"]["clause"] for line in event["lines"] if line["reason"] and line["refused_minor"]}
            cited.update(clauses - {""})
    figures = _figures()
    counted: Counter[str] = Counter()
    for name in ("cited_approved", "cited_reduced", "cited_refused"):
        for (_, clause, _), (number, _) in _of(name, figures).items():
            counted[clause] += number
    assert counted == cited and cited


def test_taken_in_event_by_event_or_at_once_or_rebuilt_it_is_the_same() -> None:
    """The figures move with each event of a life; what they come to does not depend on when they were looked at."""
    from store.claims_given import market
    from store.tender_given import Told, tell_all

    from makewhole.store.figures import rebuild
    from makewhole.store.models import DecisionTaken

    market()
    steps = 0
    does, waits = Told.does, Told.waits_for

    def and_counts(act: Any) -> Any:
        def done(self: Told, *given: Any, **named: Any) -> Told:
            nonlocal steps
            told = act(self, *given, **named)
            steps += _swept(at_once=1)
            return told

        return done

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Told, "does", and_counts(does))
        patch.setattr(Told, "waits_for", and_counts(waits))
        tell_all()
    _swept()
    moved, decisions = _figures(), DecisionTaken.objects.count()
    assert steps > 60
    claims = rebuild(datetime(2027, 6, 1, tzinfo=UTC))
    assert claims > 10 and _figures() == moved and DecisionTaken.objects.count() == decisions
    assert _swept() == 0, "a rebuild has taken in everything"


def test_an_event_dated_long_ago_is_counted_within_the_hour_and_one_of_now_at_once() -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store.figures import sweep

    seller, now = market(), FILED_AT + timedelta(minutes=1)
    filed(seller, at=FILED_AT)
    assert sweep(now) == 1
    filed(seller, at=FILED_AT - timedelta(days=200))
    filed(seller, at=now)
    assert sweep(now + timedelta(minutes=1)) == 1
    assert sweep(now + timedelta(minutes=59)) == 0
    assert sweep(now + timedelta(minutes=60)) == 1
    assert len(_of("filed", _figures())) == 2


def test_workers_that_sweep_at_once_count_each_event_once(lives: dict[str, Any]) -> None:
    from django.db import connection

    from makewhole.store.figures import rebuild, sweep

    faults: list[BaseException] = []

    def works() -> None:
        try:
            for _ in range(40):
                sweep(datetime(2027, 6, 1, tzinfo=UTC), at_once=1, whole=True)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    workers = [threading.Thread(target=works) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    _swept()
    at_once = _figures()
    rebuild(datetime(2027, 6, 1, tzinfo=UTC))
    assert _figures() == at_once


def test_the_page_says_as_of_when_only_once_all_is_taken_in(lives: dict[str, Any]) -> None:
    from makewhole.store.figures import stands_at, sweep

    at = datetime(2027, 6, 1, tzinfo=UTC)
    assert stands_at() is None
    sweep(at, at_once=2, whole=True)
    assert stands_at() is None, "there is more to take in"
    _swept(at)
    assert stands_at() == at


def test_percentiles_are_those_of_the_sorted_list() -> None:
    import random

    from makewhole.reads.figures import Waits

    draw = random.Random(7)
    for number in (1, 2, 3, 19, 20, 21, 100, 997):
        hours = sorted(draw.randrange(0, 2_000) for _ in range(number))
        waits = Waits(Counter(hours))
        for percent in (50, 95, 100):
            rank = -(-number * percent // 100)  # nearest rank
            assert waits.percentile(percent) == hours[rank - 1]
            assert sum(1 for each in hours if each <= hours[rank - 1]) * 100 >= percent * number
    assert Waits(Counter()).percentile(50) is None
