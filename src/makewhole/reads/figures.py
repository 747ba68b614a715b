"""The programme in figures: claims over time, who bears the money, how soon it came, clocks kept, clauses cited.

Read from sums that the worker keeps beside the log (store/figures.py); `as_of` says as of when. Nothing here counts
claims, so it costs the same at a million of them. What each figure means: docs/guides/figures.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.utils import timezone

from makewhole.domain.actors import Actor
from makewhole.domain.figures import BEARERS, OUR_CLOCKS, THEIR_CLOCKS
from makewhole.store.figures import stands_at
from makewhole.store.models import Figure, Marketplace

MONTHS = 12
TRACKS = ("direct", "tendered")


@dataclass(frozen=True, slots=True)
class Waits:
    """How many claims waited so many whole hours for the first money."""

    claims: Counter[int]

    @property
    def number(self) -> int:
        return self.claims.total()

    def percentile(self, percent: int) -> int | None:
        """The least number of hours within which that share of the claims had money (nearest rank); None of none."""
        wanted = -(-self.number * percent // 100)  # rounded up: of 3, the 50th is the 2nd
        reached = 0
        for hours in sorted(self.claims):
            reached += self.claims[hours]
            if reached >= wanted:
                return hours
        return None

    def between(self, from_hours: int, until_hours: int | None) -> int:
        """How many waited in [from, until)."""
        return sum(
            number
            for hours, number in self.claims.items()
            if hours >= from_hours and (until_hours is None or hours < until_hours)
        )

    def __add__(self, other: Waits) -> Waits:
        return Waits(self.claims + other.claims)


@dataclass(frozen=True, slots=True)
class Kept:
    """Clocks of one name, or of all of ours, that ended: kept, and missed."""

    kept: int = 0
    missed: int = 0

    @property
    def ended(self) -> int:
        return self.kept + self.missed

    def __add__(self, other: Kept) -> Kept:
        return Kept(self.kept + other.kept, self.missed + other.missed)


@dataclass(frozen=True, slots=True)
class Over:
    """One count over time, one number a month or day."""

    filed: tuple[int, ...]
    decided: tuple[int, ...]
    closed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A marketplace in one line."""

    code: str
    name: str
    currency: str
    filed: int
    decided: int
    closed: int
    ours: Kept
    waits: Waits
    borne: dict[str, int]


@dataclass(frozen=True, slots=True)
class Programme:
    """Everything of the last months that the pages draw. `borne`: by currency, then bearer, a number for each month,
    dated by the month in which a claim's first money reached the claimant."""

    as_of: datetime | None
    months: tuple[date, ...]
    over: Over
    borne: dict[str, dict[str, tuple[int, ...]]]
    waits: dict[str, Waits]
    clocks: dict[str, Kept]
    ours_by_month: tuple[Kept, ...]
    places: tuple[Place, ...]
    open_now: int

    @property
    def ours(self) -> Kept:
        return _sum_kept(self.clocks.get(name, Kept()) for name in OUR_CLOCKS)

    @property
    def theirs(self) -> Kept:
        return _sum_kept(self.clocks.get(name, Kept()) for name in THEIR_CLOCKS)

    @property
    def all_waits(self) -> Waits:
        return sum(self.waits.values(), Waits(Counter()))

    @property
    def paid(self) -> dict[str, int]:
        """What reached claimants, by currency."""
        return {currency: sum(map(sum, parts.values())) for currency, parts in self.borne.items()}


@dataclass(frozen=True, slots=True)
class Cited:
    """How often decisions cited a clause, and how those went."""

    clause: str
    approved: int = 0
    reduced: int = 0
    refused: int = 0

    @property
    def number(self) -> int:
        return self.approved + self.reduced + self.refused


def months_until(day: date, number: int = MONTHS) -> tuple[date, ...]:
    """The first days of so many months, the last one that of `day`."""
    last = day.year * 12 + day.month - 1
    return tuple(date(at // 12, at % 12 + 1, 1) for at in range(last - number + 1, last + 1))


def marketplaces_of(by: Actor) -> list[Marketplace]:
    """Those that this reader answers for, by code."""
    found = Marketplace.objects.order_by("code")
    return list(found.filter(code__in=by.marketplaces) if by.marketplaces else found)


def programme(places: Sequence[Marketplace], *, today: date, number: int = MONTHS) -> Programme:
    """The last so many months of these marketplaces, the running one too. Four queries, however many claims."""
    months = months_until(today, number)
    codes = [each.code for each in places]
    told = _Told(months)
    for row in _sums(_COUNTED, months, codes):
        told.count(*row)
    for code, track, hours, claims in _hours(months, codes):
        told.waits[code, track if track in TRACKS else ""][hours] += claims
    return Programme(
        as_of=stands_at(),
        months=months,
        over=Over(told.over("filed"), told.over("decided"), told.over("closed")),
        borne=told.borne(),
        waits={track: told.waited(track) for track in TRACKS},
        clocks=told.clocks(),
        ours_by_month=told.ours_by_month(),
        places=tuple(told.place(each) for each in places),
        open_now=_open_now(codes),
    )


def daily(places: Sequence[Marketplace], *, today: date, days: int = 91) -> tuple[tuple[date, ...], Over]:
    """Filed, decided and closed on each of the last days, today too."""
    first = today - timedelta(days=days - 1)
    all_days = tuple(first + timedelta(days=at) for at in range(days))
    at = {day: number for number, day in enumerate(all_days)}
    found = {name: [0] * days for name in ("filed", "decided", "closed")}
    rows = Figure.objects.filter(
        name__in=found, grain="d", since__gte=first, since__lte=today, marketplace__in=[each.code for each in places]
    )
    for name, since, number in rows.values_list("name", "since").annotate(sum=Sum("number")):
        found[name][at[since]] += number
    return all_days, Over(*(tuple(found[name]) for name in ("filed", "decided", "closed")))


def cited(places: Sequence[Marketplace], *, today: date, number: int = MONTHS) -> list[Cited]:
    """Each clause that decisions of the last months cited, the most cited first."""
    months = months_until(today, number)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    rows = Figure.objects.filter(
        name__in=[f"cited_{went}" for went in _WENT], grain="m", since__gte=months[0], since__lte=months[-1],
        marketplace__in=[each.code for each in places],
    )  # fmt: skip
    for name, clause, times in rows.values_list("name", "of").annotate(sum=Sum("number")):
        found[clause][name.removeprefix("cited_")] += times
    each = [Cited(clause, **{went: counts[went] for went in _WENT}) for clause, counts in found.items()]
    return sorted((one for one in each if one.number), key=lambda one: (-one.number, one.clause))


def today_of(places: Sequence[Marketplace], now: datetime | None = None) -> date:
    """The newest day among these marketplaces: no figure of today is left out."""
    at = now or timezone.now()
    return max((at.astimezone(ZoneInfo(each.zone)).date() for each in places), default=at.date())


_WENT = ("approved", "reduced", "refused")
_COUNTED = ("filed", "decided", "closed", "borne", "clock_kept", "clock_missed")


def _sums(names: Sequence[str], months: Sequence[date], codes: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    rows = Figure.objects.filter(
        name__in=names, grain="m", since__gte=months[0], since__lte=months[-1], marketplace__in=codes
    )
    return rows.values_list("name", "since", "marketplace", "currency", "of", "number", "amount_minor").iterator()


def _hours(months: Sequence[date], codes: Sequence[str]) -> Iterable[tuple[str, str, int, int]]:
    rows = Figure.objects.filter(
        name="hours_to_money", grain="m", since__gte=months[0], since__lte=months[-1], marketplace__in=codes
    )
    return rows.values_list("marketplace", "of", "value").annotate(claims=Sum("number")).filter(claims__gt=0)


def _open_now(codes: Sequence[str]) -> int:
    """Filed, and not closed, or opened again: of all times."""
    rows = Figure.objects.filter(name__in=("filed", "reopened", "closed"), grain="m", marketplace__in=codes)
    found = dict(rows.values_list("name").annotate(sum=Sum("number")))
    return int(found.get("filed", 0) + found.get("reopened", 0) - found.get("closed", 0))


def _sum_kept(each: Iterable[Kept]) -> Kept:
    return sum(each, Kept())


@dataclass(slots=True)
class _Told:
    """Sums as they come from the table, laid out by month and marketplace."""

    months: tuple[date, ...]
    counts: Counter[tuple[str, str, int]] = field(default_factory=Counter)  # name, marketplace, month
    money: Counter[tuple[str, str, str, int]] = field(default_factory=Counter)  # currency, bearer, marketplace, month
    ended: Counter[tuple[str, str, str, int]] = field(default_factory=Counter)  # name, clock, marketplace, month
    waits: defaultdict[tuple[str, str], Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def count(self, name: str, since: date, code: str, currency: str, of: str, number: int, amount: int) -> None:
        at = (since.year - self.months[0].year) * 12 + since.month - self.months[0].month
        if name == "borne":
            self.money[currency, of, code, at] += amount
        elif name.startswith("clock_"):
            self.ended[name, of, code, at] += number
        else:
            self.counts[name, code, at] += number

    def over(self, name: str) -> tuple[int, ...]:
        found = [0] * len(self.months)
        for (which, _, at), number in self.counts.items():
            if which == name:
                found[at] += number
        return tuple(found)

    def borne(self) -> dict[str, dict[str, tuple[int, ...]]]:
        found: dict[str, dict[str, list[int]]] = {}
        for (currency, bearer, _, at), amount in self.money.items():
            parts = found.setdefault(currency, {each: [0] * len(self.months) for each in BEARERS})
            parts[bearer][at] += amount
        largest_first = sorted(found, key=lambda currency: (-sum(map(sum, found[currency].values())), currency))
        return {
            currency: {bearer: tuple(amounts) for bearer, amounts in found[currency].items()}
            for currency in largest_first
        }

    def waited(self, track: str) -> Waits:
        return sum((Waits(hours) for (_, of), hours in self.waits.items() if of == track), Waits(Counter()))

    def clocks(self) -> dict[str, Kept]:
        found: dict[str, Kept] = {}
        for (name, clock, _, _), number in self.ended.items():
            found[clock] = found.get(clock, Kept()) + _kept(name, number)
        return found

    def ours_by_month(self) -> tuple[Kept, ...]:
        found = [Kept()] * len(self.months)
        for (name, clock, _, at), number in self.ended.items():
            if clock in OUR_CLOCKS:
                found[at] += _kept(name, number)
        return tuple(found)

    def place(self, place: Marketplace) -> Place:
        code = place.code

        def counted(name: str) -> int:
            return sum(number for (which, where, _), number in self.counts.items() if (which, where) == (name, code))

        ours = _sum_kept(
            _kept(name, number)
            for (name, clock, where, _), number in self.ended.items()
            if where == code and clock in OUR_CLOCKS
        )
        waits = sum((Waits(hours) for (where, _), hours in self.waits.items() if where == code), Waits(Counter()))
        borne: Counter[str] = Counter()
        for (_, bearer, where, _), amount in self.money.items():
            if where == code:
                borne[bearer] += amount
        return Place(
            code, place.name, place.currency, counted("filed"), counted("decided"), counted("closed"), ours, waits,
            dict(borne),
        )  # fmt: skip


def _kept(name: str, number: int) -> Kept:
    return Kept(kept=number) if name == "clock_kept" else Kept(missed=number)
