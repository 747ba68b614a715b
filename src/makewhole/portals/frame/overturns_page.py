"""How often decisions are overturned, published by the system itself: sums only, nobody is named. Open to everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from makewhole.reads.overturns import overturns
from makewhole.store.models import Marketplace


@require_GET
def overturned(request: HttpRequest) -> HttpResponse:
    """Contests and appeals since the beginning, per marketplace and per clause."""
    found = overturns()
    names = dict(Marketplace.objects.values_list("code", "name"))
    shown = {
        "by_marketplace": [(each, names.get(each.marketplace, "")) for each in found.by_marketplace],
        "by_clause": [(each, names.get(each.marketplace, "")) for each in found.by_clause],
    }
    return render(request, "portals/overturns.html", shown)
