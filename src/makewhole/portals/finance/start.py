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
    signatures = found.signatures.number
    if signatures:
        return ngettext(
            "{number} thing waits for your signature.", "{number} things wait for your signature.", signatures
        ).format(number=signatures)
    if found.returned.number:
        return ngettext(
            "Nothing waits for your signature; {number} payment came back.",
            "Nothing waits for your signature; {number} payments came back.",
            found.returned.number,
        ).format(number=found.returned.number)
    if found.differences.number:
        return ngettext(
            "Nothing waits for your signature; {number} thing does not reconcile.",
            "Nothing waits for your signature; {number} things do not reconcile.",
            found.differences.number,
        ).format(number=found.differences.number)
    return _("Nothing waits for your signature, and everything agrees.")
