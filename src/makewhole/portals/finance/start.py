"""Finance's day: what waits for a signature, what came back, what does not reconcile."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from makewhole.domain.actors import Actor
from makewhole.portals.finance.shown import page
from makewhole.portals.frame.who import only
from makewhole.reads.finance import Start, start_of


@never_cache
@require_GET
@only("finance")
def start(request: HttpRequest, by: Actor) -> HttpResponse:
    """Three blocks, each with how many, how much, since when, and a way to it."""
    now = timezone.now()
    found = start_of(by, now)
    return page(request, by, "start", {"start": found, "headline": _headline(found), "now": now}, here="/finance")


def _headline(found: Start) -> str:
    number = found.signatures.number
    if number:
        return ngettext(
            "{number} thing waits for your signature.", "{number} things wait for your signature.", number
        ).format(number=number)
    if found.differences.number or found.returned.number:
        return _("Nothing waits for your signature. Something came back or does not fit.")
    return _("Nothing waits for your signature, and everything agrees.")
