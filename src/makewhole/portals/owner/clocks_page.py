"""Clocks kept and missed: by name and month; those that were missed, with their claims; and what runs out next."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
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
from makewhole.portals.owner.programme import looked_at
from makewhole.portals.owner.shown import number
from makewhole.reads.clocks_kept import Timed, missed, running_out
from makewhole.reads.figures import programme, today_of


@never_cache
@require_GET
@only("programme_owner", "auditor")
def clocks(request: HttpRequest, by: Actor) -> HttpResponse:
    """Our promises of time, and whether they were kept."""
    looked, now = looked_at(request, by), timezone.now()
    found = programme(looked.places, today=today_of(looked.places))
    seen = Actor(by.name, by.role, marketplaces=frozenset({looked.chosen}) if looked.chosen else by.marketplaces)
    try:
        late, next_after = missed(seen, after=request.GET.get("after", ""))
    except (ValueError, OverflowError, OSError, ValidationError) as error:
        raise Http404 from error
    soon = running_out(seen, now=now)
    told = {
        "by": by,
        "looked": looked,
        "figures": found,
        "headline": _headline(soon, now),
        "plots": [charts.our_clocks(found), charts.clocks_by_month(found), charts.their_clocks(found)],
        "soon": [_told(each) for each in soon],
        "missed": [_told(each) for each in late],
        "next_after": next_after,
        "now": now,
    }
    return render(request, "portals/owner/clocks.html", told)


def _told(timed: Timed) -> tuple[Timed, str]:
    return timed, str(charts.CLOCK_WORDS[timed.clock.name])


def _headline(soon: list[Timed], now: datetime) -> str:
    over = sum(1 for each in soon if each.clock.due_at < now)
    if over:
        told = ngettext(
            "{number} clock of ours is over and runs on.", "{number} clocks of ours are over and run on.", over
        )
        return told.format(number=number(over))
    if not soon:
        return _("No clock of ours runs out in the next two weeks.")
    return _("No clock of ours is late.")
