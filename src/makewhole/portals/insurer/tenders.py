"""An insurer's worklist: what needs its answer with the time left, what it answered, what is closed."""

from __future__ import annotations

from typing import cast

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
from makewhole.reads.sums import Pile
from makewhole.reads.tenders import Which, number_waiting, tenders_of


@never_cache
@require_GET
@only("insurer")
def tenders(request: HttpRequest, by: Actor) -> HttpResponse:
    """By where they stand; what waits comes first."""
    asked = request.GET.get("which", "waiting")
    if asked not in ("waiting", "answered", "closed"):
        raise Http404
    which = cast(Which, asked)
    try:
        found, next_after = tenders_of(by, which, after=request.GET.get("after", ""))
    except (ValueError, OverflowError, OSError, ValidationError) as error:
        raise Http404 from error
    waiting = number_waiting(by)
    told = {
        "by": by, "tenders": found, "next_after": next_after, "which": which, "waiting": waiting,
        "now": timezone.now(), "headline": _headline(waiting),
        "tabs": [("waiting", _("Waits for you")), ("answered", _("Answered")), ("closed", _("Closed"))],
    }  # fmt: skip
    return render(request, "portals/insurer/tenders.html", told)


def _headline(waiting: Pile) -> str:
    if not waiting.number:
        return _("No claim waits for your answer.")
    return ngettext(
        "{number} claim waits for your answer.", "{number} claims wait for your answer.", waiting.number
    ).format(number=waiting.number)
