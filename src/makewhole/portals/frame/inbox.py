"""The inbox of a seller or insurer: what it was told, and what waits for its answer. A mail may not have arrived."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.portals.frame.who import only
from makewhole.reads import inbox as reads

MOST_DIGITS = 18  # of a row's number


@never_cache
@require_GET
@only("seller", "insurer")
def inbox(request: HttpRequest, by: Actor) -> HttpResponse:
    """The newest first; above them the claims whose clock runs for this reader."""
    before = request.GET.get("before", "")
    if before and not _is_number(before):
        raise Http404
    found = reads.inbox(by, before=int(before) if before else None)
    context = {"by": by, "inbox": found, "now": timezone.now(), "first": not before}
    return render(request, "portals/inbox.html", context)


@never_cache
@require_GET
@only("seller", "insurer")
def notice(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """Opens what a notice is about: a claim, or the seller's standing. From then on it is read; reading is no act, and
    so a link may do it."""
    try:
        reference = reads.open_notice(by, number, at=timezone.now())
    except Refused as refusal:
        raise Http404 from refusal
    return redirect("claim", name=reference) if reference else redirect("standing")


@require_POST
@only("seller", "insurer")
def read(request: HttpRequest, by: Actor) -> HttpResponse:
    """Everything that the reader saw counts as read; what came since does not."""
    until = request.POST.get("until", "")
    if not _is_number(until):
        raise Http404
    number = reads.mark_all_read(by, at=timezone.now(), until=int(until))
    told = ngettext("{number} notice marked as read.", "{number} notices marked as read.", number)
    messages.success(request, told.format(number=number))
    return redirect("inbox")


def _is_number(told: str) -> bool:
    return told.isascii() and told.isdecimal() and len(told) <= MOST_DIGITS
