"""What somebody wants to see of a worklist: filters as they stand in an address, and how each picks claims.

One description of each filter (FILTERS) makes the condition, and the value that claims are counted by; so that the
figure beside a value is always the number of claims that choosing it shows. Start at `Wanted.of`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from makewhole.domain.actors import Actor
from makewhole.domain.money import MINOR_DIGITS
from makewhole.store.models import Claim

LONGEST = 60  # of one value; no code of ours is longer
# Bounds of the bands of amounts, in whole units of the claim's own currency.
_BANDS = {"to_100": (0, 100), "to_1000": (100, 1_000), "to_5000": (1_000, 5_000), "over_5000": (5_000, None)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The chosen value of each filter; empty where none is chosen. `find` looks for a number instead."""

    chosen: tuple[tuple[str, str], ...] = ()
    find: str = ""

    @classmethod
    def of(cls, address: Mapping[str, str]) -> Wanted:
        """From the parameters of an address. What is no filter is left out, and so is what cannot be a value."""
        chosen = tuple(
            (name, value)
            for name in FILTERS
            if (value := address.get(name, "").strip()) and len(value) <= LONGEST and value.isprintable()
        )
        find = address.get("find", "").strip()
        return cls(chosen, find if len(find) <= LONGEST and find.isprintable() else "")

    def value(self, name: str) -> str:
        """What is chosen of one filter; empty where nothing is. (No `[]`: a template would take it for everything.)"""
        return dict(self.chosen).get(name, "")

    def __bool__(self) -> bool:
        return bool(self.chosen or self.find)

    @property
    def address(self) -> str:
        """As it stands in an address, always in the same order: two views with the same filters have the same."""
        return urlencode([*self.chosen, *([("find", self.find)] if self.find else [])])

    def with_(self, name: str, value: str) -> Wanted:
        """The same with another value of one filter; with none, for an empty one."""
        chosen = dict(self.chosen) | {name: value}
        return Wanted(tuple((each, chosen[each]) for each in FILTERS if chosen.get(each)))


@dataclass(frozen=True, slots=True)
class Filter:
    """`value`: what a claim has of it, to count by. `picks`: the condition, where it is not that this is equal."""

    value: Callable[[Actor, datetime], Combinable]
    picks: Callable[[str], Q] | None = None
    listed: bool = False  # a claim has several values: a list of them


def pick(found: QuerySet[Claim], wanted: Wanted, by: Actor, now: datetime, *, but: str = "") -> QuerySet[Claim]:
    """The claims that the filters want; `but` the filter of that name."""
    for name, value in wanted.chosen:
        filter_ = FILTERS[name]
        if name == but:
            continue
        if filter_.picks:
            found = found.filter(filter_.picks(value))
        else:
            found = found.alias(**{f"of_{name}": filter_.value(by, now)}).filter(**{f"of_{name}": value})
    return found


def _due(_: Actor, now: datetime) -> Combinable:
    return Case(
        When(due_at=None, then=Value("none")),
        When(due_at__lt=now, then=Value("late")),
        When(due_at__lt=now + timedelta(days=1), then=Value("day")),
        When(due_at__lt=now + timedelta(days=7), then=Value("week")),
        default=Value("later"),
    )


def _whose(by: Actor, _: datetime) -> Combinable:
    return Case(
        When(assigned_to=by.name, then=Value("me")), When(assigned_to="", then=Value("nobody")), default=Value("others")
    )


def _amount(_: Actor, __: datetime) -> Combinable:
    return Case(
        *(When(_up_to(top), then=Value(name)) for name, (_, top) in _BANDS.items() if top),
        default=Value("over_5000"),
    )


def _up_to(top: int) -> Q:
    """Up to so many whole units: most currencies have hundredths, some none."""
    others = [currency for currency, digits in MINOR_DIGITS.items() if digits != 2]
    found = Q(claimed_minor__lte=top * 100) & ~Q(currency__in=others)
    for currency in others:
        found |= Q(currency=currency, claimed_minor__lte=top * 10 ** MINOR_DIGITS[currency])
    return found


def _score(_: Actor, __: datetime) -> Combinable:
    return Case(
        When(score=0, then=Value("none")),
        When(score__lt=50, then=Value("below_50")),
        When(score__lt=100, then=Value("below_100")),
        default=Value("from_100"),
    )


def _injury(_: Actor, __: datetime) -> Combinable:
    return Case(When(injury=True, then=Value("yes")), default=Value("no"))


def _track(_: Actor, __: datetime) -> Combinable:
    return Case(When(track="", then=Value("none")), default=F("track"))


def _seller(value: str) -> Q:
    return Q(seller=int(value)) if value.isdecimal() and len(value) < 18 else Q(pk=None)


# In the order in which they stand on the page.
FILTERS: dict[str, Filter] = {
    "due": Filter(_due),
    "whose": Filter(_whose),
    "turn": Filter(lambda _, __: F("turn")),
    "task": Filter(lambda _, __: F("tasks"), lambda value: Q(tasks__contains=[value]) & ~Q(tasks=[]), listed=True),
    "why": Filter(lambda _, __: F("waits_for"), lambda value: Q(waits_for__contains=[value]), listed=True),
    "stage": Filter(lambda _, __: F("stage")),
    "track": Filter(_track),
    "injury": Filter(_injury),
    "amount": Filter(_amount),
    "score": Filter(_score),
    "market": Filter(lambda _, __: F("marketplace")),
    "seller": Filter(lambda _, __: F("seller"), _seller),
}
