"""Lists of claims: all that a reader may see (`claims`), and what waits for a role (`queue`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from makewhole.domain.actors import Actor
from makewhole.portals.frame.who import only
from makewhole.reads.worklist import claims_of, worklist

T = TypeVar("T")


@never_cache
@require_GET
@only(
    "claimant", "seller", "insurer", "adjuster", "reviewer", "programme_owner", "finance", "safety_officer", "auditor"
)  # fmt: skip
def claims(request: HttpRequest, by: Actor) -> HttpResponse:
    """Every claim that this reader may see."""
    found, next_after = _page(lambda after: claims_of(by, after=after), request)
    return render(request, "portals/claims.html", {"by": by, "claims": found, "next_after": next_after})


@never_cache
@require_GET
@only("adjuster", "reviewer", "programme_owner", "finance", "safety_officer")
def queue(request: HttpRequest, by: Actor) -> HttpResponse:
    """What waits for this role, or only what is assigned to this person."""
    now, mine = timezone.now(), request.GET.get("whose") == "mine"
    waiting = _page(lambda after: worklist(by, now=now, mine=mine, after=after), request)
    return render(request, "portals/queue.html", {"by": by, "waiting": waiting, "mine": mine, "now": now})


def _page(read: Callable[[str], T], request: HttpRequest) -> T:
    """A page from the cursor in the address. One that is no cursor is no page."""
    try:
        return read(request.GET.get("after", ""))
    except (ValueError, OverflowError, OSError, ValidationError) as error:
        raise Http404 from error
