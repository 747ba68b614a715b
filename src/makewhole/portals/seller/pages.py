"""A seller's other pages: what it contests, and how it is insured."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from makewhole.domain.actors import Actor
from makewhole.portals.frame.who import only
from makewhole.reads.contests import contests_of
from makewhole.reads.insurance import insurance_of


@never_cache
@require_GET
@only("seller")
def contests(request: HttpRequest, by: Actor) -> HttpResponse:
    """What it contests and what came of it, and what it may still contest."""
    found, may = contests_of(by)
    context = {
        "by": by,
        "contests": found,
        "open": [each for each in found if not each.outcome],
        "may": may,
        "now": timezone.now(),
    }
    return render(request, "portals/seller/contests.html", context)


@never_cache
@require_GET
@only("seller")
def insurance(request: HttpRequest, by: Actor) -> HttpResponse:
    """The policies on file, what is missing, what that costs, and how proof is sent."""
    now = timezone.now()
    return render(request, "portals/seller/insurance.html", {"by": by, "view": insurance_of(by, now), "now": now})
