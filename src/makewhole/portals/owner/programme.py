"""Is the guarantee kept, how soon do people have their money, and whose is it: the programme owner's first page.

Every plot of it is also a table and a download, from the same read (charts.py). The auditor reads it too.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from makewhole.domain.actors import Actor
from makewhole.portals.frame.who import only
from makewhole.portals.owner import charts
from makewhole.portals.owner.shown import number, percent, waited
from makewhole.reads.figures import Place, Programme, daily, marketplaces_of, programme, today_of
from makewhole.reads.overturns import overturns
from makewhole.store import policy_drafts
from makewhole.store.models import Marketplace


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure that is looked at first, and where it leads."""

    figure: str
    says: str
    address: str = ""
    harm: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """What this reader looks at: all marketplaces that it answers for, or one of them."""

    every: list[Marketplace]
    places: list[Marketplace]
    chosen: str

    @property
    def query(self) -> str:
        return f"?marketplace={self.chosen}" if self.chosen else ""


@never_cache
@require_GET
@only("programme_owner", "auditor")
def overview(request: HttpRequest, by: Actor) -> HttpResponse:
    """The last twelve months in figures and plots."""
    looked = looked_at(request, by)
    found = programme(looked.places, today=today_of(looked.places))
    plots = charts.charts_of(found)
    by_day = request.GET.get("by") == "day"
    if by_day:
        plots[0] = _by_day(looked)
    told = {
        "by": by,
        "looked": looked,
        "figures": found,
        "headline": _headline(found),
        "tiles": _tiles(found, looked, by),
        "plots": plots,
        "by_day": by_day,
        "other_way": _other_way(looked, by_day),
        "places": [_place(place) for place in found.places],
    }
    return render(request, "portals/owner/programme.html", told)


@never_cache
@require_GET
@only("programme_owner", "auditor")
def plot_file(request: HttpRequest, by: Actor, name: str) -> HttpResponse:
    """The numbers of one plot, as CSV."""
    looked = looked_at(request, by)
    found = programme(looked.places, today=today_of(looked.places))
    told = [*charts.charts_of(found), charts.their_clocks(found), charts.clocks_by_month(found), _by_day(looked)]
    plot = next((each for each in told if each.chart.name == name), None)
    if plot is None:
        raise Http404
    return charts.download(plot, f"{name}-{looked.chosen}" if looked.chosen else name)


def looked_at(request: HttpRequest, by: Actor) -> Looked:
    """The marketplaces that the address asks for, of those that this reader answers for; others are no page."""
    every, chosen = marketplaces_of(by), request.GET.get("marketplace", "")
    places = [each for each in every if chosen in ("", each.code)]
    if chosen and not places:
        raise Http404
    return Looked(every, places, chosen)


def _other_way(looked: Looked, by_day: bool) -> tuple[str, str]:
    """Where the claims are drawn the other way: by day, or by month."""
    if by_day:
        return f"/programme{looked.query}#claims", _("Month by month")
    place = f"&marketplace={looked.chosen}" if looked.chosen else ""
    return f"/programme?by=day{place}#claims-by-day", _("Day by day, the last thirteen weeks")


def _by_day(looked: Looked) -> charts.Told:
    return charts.claims_by_day(*daily(looked.places, today=today_of(looked.places, timezone.now())))


def _headline(found: Programme) -> str:
    every = found.all_waits
    if not found.ours.ended and not every.number:
        return _("Nothing has happened yet that could be counted.")
    money = (
        _("half of the customers had money within {median}").format(median=waited(every.percentile(50)))
        if every.number
        else _("nobody had money yet")
    )
    if not found.ours.ended:
        return f"{money[:1].upper()}{money[1:]}."
    kept = percent(found.ours.kept, found.ours.ended)
    return _("{kept} of our clocks were kept; {money}.").format(kept=kept, money=money)


def _tiles(found: Programme, looked: Looked, by: Actor) -> list[Tile]:
    every = found.all_waits
    tiles = [
        Tile(number(found.open_now), ngettext("claim is open", "claims are open", found.open_now)),
        Tile(
            number(found.ours.missed), _("of {ended} clocks were missed").format(ended=number(found.ours.ended)),
            f"/clocks{looked.query}", harm=bool(found.ours.missed),
        ),
        Tile(waited(every.percentile(50)), _("to the money, in the middle")),
        Tile(waited(every.percentile(95)), _("to the money, for 95 of 100")),
        *_overturned(looked),
    ]  # fmt: skip
    if by.role == "programme_owner":
        waiting = len(policy_drafts.waiting(policy_drafts.policies_of(by)))
        told = ngettext("draft of new rules waits", "drafts of new rules wait", waiting)
        tiles.append(Tile(number(waiting), told, "/drafts"))
    return tiles


def _overturned(looked: Looked) -> list[Tile]:
    """Of all times, as the public page has it: disputes take longer than a year. None while none was decided."""
    rows = overturns(marketplaces=[each.code for each in looked.places]).by_marketplace
    decided = sum(row.decided for row in rows)
    if not decided:
        return []
    share = percent(sum(row.upheld + row.partly for row in rows), decided)
    told = ngettext("of {number} disputed decision overturned", "of {number} disputed decisions overturned", decided)
    return [Tile(share, told.format(number=number(decided)), f"/outcomes{looked.query}")]


@dataclass(frozen=True, slots=True)
class PlaceTold:
    """A marketplace in one line, in words."""

    place: Place
    filed: str
    decided: str
    closed: str
    kept: str
    median: str
    p95: str
    platform: str


def _place(place: Place) -> PlaceTold:
    return PlaceTold(
        place=place,
        filed=number(place.filed),
        decided=number(place.decided),
        closed=number(place.closed),
        kept=percent(place.ours.kept, place.ours.ended),
        median=waited(place.waits.percentile(50)),
        p95=waited(place.waits.percentile(95)),
        platform=percent(place.borne.get("platform", 0), sum(place.borne.values())),
    )
