"""The inbox of a seller or insurer: what it was told, and what waits for its answer. A mail may not have arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.portals.frame.showing import money
from makewhole.portals.frame.who import only
from makewhole.reads import inbox as reads

SHOWN = 20  # of what waits; the nearest deadlines
SOON = timedelta(days=3)
MOST_DIGITS = 18  # of a row's number


@dataclass(frozen=True, slots=True)
class Group:
    """What waits, by how soon: {title: "Late", "In the next 3 days", "Later"}."""

    title: str
    late: bool
    waiting: list[reads.Asked]


@never_cache
@require_GET
@only("seller", "insurer")
def inbox(request: HttpRequest, by: Actor) -> HttpResponse:
    """The newest first; above them the claims whose clock runs for this reader."""
    before = request.GET.get("before", "")
    if before and not _is_number(before):
        raise Http404
    return shown(request, by, before=int(before) if before else None)


def shown(request: HttpRequest, by: Actor, *, before: int | None = None) -> HttpResponse:
    """The page itself: also where a seller starts."""
    found, now = reads.inbox(by, before=before), timezone.now()
    context = {
        "by": by,
        "inbox": found,
        "groups": _groups(found.waiting[:SHOWN], now),
        "more": len(found.waiting) - SHOWN,
        "at_stake": _at_stake(found.waiting),
        "next": next((each for each in found.waiting if each.answer_by >= now), None),
        "now": now,
        "first": before is None,
    }
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
    told = ngettext("%(number)s notice marked as read.", "%(number)s notices marked as read.", number)
    messages.success(request, told % {"number": number})
    return redirect("inbox")


def _groups(waiting: Sequence[reads.Asked], now: datetime) -> list[Group]:
    late = [each for each in waiting if each.answer_by < now]
    soon = [each for each in waiting if now <= each.answer_by < now + SOON]
    later = [each for each in waiting if each.answer_by >= now + SOON]
    groups = [Group(_("Late"), True, late), Group(_("In the next three days"), False, soon),
              Group(_("Later"), False, later)]  # fmt: skip
    return [group for group in groups if group.waiting]


def _at_stake(waiting: Sequence[reads.Asked]) -> str:
    """In all, by currency. A claim on which two of its times run is counted once, with the larger amount."""
    of_claim: dict[tuple[str, str], int] = {}
    for each in waiting:
        name = (each.currency, each.reference)
        of_claim[name] = max(of_claim.get(name, 0), each.at_stake_minor)
    sums: dict[str, int] = {}
    for (currency, _reference), minor in of_claim.items():
        sums[currency] = sums.get(currency, 0) + minor
    return _(" and ").join(money(minor, currency) for currency, minor in sorted(sums.items()))


def _is_number(told: str) -> bool:
    return told.isascii() and told.isdecimal() and len(told) <= MOST_DIGITS
