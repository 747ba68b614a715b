"""How decisions went: by clause, with what came of disputes; and the list of them, by person, clause and day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from makewhole.domain.actors import Actor
from makewhole.people.access import named
from makewhole.portals.frame import words
from makewhole.portals.frame.who import only
from makewhole.portals.owner.programme import looked_at
from makewhole.portals.owner.shown import percent
from makewhole.reads.decisions import Asked, Listed, deciders, decisions
from makewhole.reads.figures import Cited, cited, today_of
from makewhole.reads.overturns import Overturned, overturns
from makewhole.store.figures import stands_at


@dataclass(frozen=True, slots=True)
class ClauseTold:
    """A clause, how decisions by it went, and what came of disputes of them."""

    cited: Cited
    disputed: int
    overturned: int
    decided: int

    @property
    def rate(self) -> str:
        return percent(self.overturned, self.decided)


@dataclass(frozen=True, slots=True)
class DecisionTold:
    listed: Listed
    people: tuple[str, ...]
    reasons: tuple[str, ...]


@never_cache
@require_GET
@only("programme_owner", "auditor")
def outcomes(request: HttpRequest, by: Actor) -> HttpResponse:
    """Each clause that decisions of the last twelve months cite."""
    looked = looked_at(request, by)
    clauses = cited(looked.places, today=today_of(looked.places))
    disputes = overturns(marketplaces=[each.code for each in looked.places]).by_clause
    told = {
        "by": by,
        "looked": looked,
        "clauses": [_clause(each, disputes) for each in clauses],
        "as_of": stands_at(),
        "refused": sum(each.refused for each in clauses),
    }
    return render(request, "portals/owner/outcomes.html", told)


@never_cache
@require_GET
@only("programme_owner", "auditor")
def taken(request: HttpRequest, by: Actor) -> HttpResponse:
    """Decisions, the newest first: by whom, by which clause, how they went, on which days."""
    looked = looked_at(request, by)
    zone = ZoneInfo(looked.places[0].zone) if looked.places else ZoneInfo("UTC")
    given = request.GET
    try:
        asked = _asked(given, zone)
        seen = Actor(by.name, by.role, marketplaces=frozenset({looked.chosen}) if looked.chosen else by.marketplaces)
        found, next_after = decisions(seen, asked, after=given.get("after", ""))
    except (ValueError, OverflowError, OSError, ValidationError) as error:
        raise Http404 from error
    names = named({who for each in found for who in each.row.deciders})
    told = {
        "by": by,
        "looked": looked,
        "given": given,
        "zone": zone.key,
        "decisions": [_decision(each, names) for each in found],
        "people": deciders(by),
        "clauses": [each.clause for each in cited(looked.places, today=today_of(looked.places))],
        "next_after": next_after,
        "query": _without_place(given),
        "filtered": any(given.get(name) for name in ("by", "clause", "went", "who", "otherwise", "from", "to")),
        "as_of": stands_at(),
    }
    return render(request, "portals/owner/decisions.html", told)


def _clause(each: Cited, disputes: Iterable[Overturned]) -> ClauseTold:
    of_it = [row for row in disputes if row.clause == each.clause]
    return ClauseTold(
        each,
        disputed=sum(row.filed for row in of_it),
        overturned=sum(row.upheld + row.partly for row in of_it),
        decided=sum(row.decided for row in of_it),
    )


def _decision(each: Listed, names: dict[str, str]) -> DecisionTold:
    people = tuple(words.by_whom(who, names) for who in each.row.deciders)
    return DecisionTold(each, people, tuple(words.said(code, words.REASONS) for code in each.row.reasons))


def _asked(given: QueryDict, zone: ZoneInfo) -> Asked:
    """ValueError where a day is none. `to` is the last day, in it."""
    first, last = _day(given.get("from", "")), _day(given.get("to", ""))
    number = given.get("by", "")
    if number and not (number.isdecimal() and len(number) < 18):
        raise ValueError(number)
    return Asked(
        by=int(number) if number else None,
        clause=given.get("clause", "").strip()[:120],
        went=given.get("went", ""),
        who=given.get("who", "") if given.get("who") in ("people", "machine") else "",
        otherwise=given.get("otherwise") == "1",
        since=_begins(first, zone) if first else None,
        until=_begins(last + timedelta(days=1), zone) if last else None,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _without_place(given: QueryDict) -> str:
    kept = given.copy()
    kept.pop("after", None)
    return kept.urlencode()
