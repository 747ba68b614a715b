"""Payments that came back: why, what is waited for, and until when."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from makewhole.domain.actors import Actor
from makewhole.portals.finance.shown import NO_CURSOR, page
from makewhole.portals.frame.who import only
from makewhole.reads.returns import came_back, returns_of


@never_cache
@require_GET
@only("finance", "auditor")
def returns(request: HttpRequest, by: Actor) -> HttpResponse:
    """The nearest deadline first."""
    try:
        found, next_after = returns_of(by, after=request.GET.get("after", ""))
    except NO_CURSOR as error:
        raise Http404 from error
    number = came_back(by).count()
    told = {
        "returns": found, "next_after": next_after, "now": timezone.now(), "total": number,
        "headline": ngettext("{number} payment came back.", "{number} payments came back.", number).format(
            number=number
        ) if number else _("No payment that came back is open."),
    }  # fmt: skip
    return page(request, by, "returns", told, here="/returns")
