"""The administrator's first page: does everything turn, what failed, and a button that does the sensible thing.

Administrators see no claim: a failure names a reference, and whose mail it was, with the address masked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django import forms
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
from makewhole.portals.admin import words
from makewhole.portals.frame.fields import text_input
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.who import only
from makewhole.reads.administration import acts_of_administrators
from makewhole.reads.failures import Failure, Failures, failures
from makewhole.recovering import withhold
from makewhole.store import mending
from makewhole.store.contacts import LONGEST_EMAIL
from makewhole.store.models import Delivery, Outbox

SORTS = (
    ("worker", "sweep", "checkpoint"), ("clock", "payout"), ("mail", "contact-mail"), ("webhook",), ("import",),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Button:
    act: str
    says: words.Words
    does: words.Words


@dataclass(frozen=True, slots=True)
class Told:
    """A failure as it is shown."""

    row: Failure
    says: str
    does: str
    buttons: list[Button]


class Correction(forms.Form):
    """Another address of the party that a mail did not reach."""

    email = forms.CharField(max_length=LONGEST_EMAIL, widget=text_input(inputmode="email", autocomplete="off"))


@never_cache
@require_GET
@only("administrator")
def failed(request: HttpRequest, by: Actor) -> HttpResponse:
    """Everything that waits for an administrator."""
    return _page(request, by)


@require_POST
@only("administrator")
def mend(request: HttpRequest, by: Actor, sort: str, key: str, act: str) -> HttpResponse:
    """One press of one button. What this administrator does not see is not there."""
    now = timezone.now()
    seen = failures(by, now)
    row = next((each for each in seen.all if (each.sort, each.key) == (sort, key)), None)
    if row is None:
        if sort not in words.ACTS_OF:
            raise Http404
        # Pressed twice, or it worked by itself in the meantime.
        messages.success(request, words.came_of(mending.NOTHING_LEFT))
        return redirect("admin")
    try:
        came = _mended(request, row, act, by, now)
    except Refused as refusal:
        messages.error(request, sentence(refusal))
        return redirect("admin")
    messages.success(request, words.came_of(came))
    return redirect("admin")


def _mended(request: HttpRequest, row: Failure, act: str, by: Actor, at: datetime) -> str:
    match row.sort, act:
        case (("mail" | "contact-mail" | "webhook"), "again"):
            return mending.send_again(_outgoing(row), by=by, at=at)
        case (("mail" | "contact-mail" | "webhook"), "let-be"):
            return mending.let_be(_outgoing(row), by=by, at=at)
        case (("mail" | "contact-mail"), "correct") if row.may_correct:
            form = Correction(request.POST)
            if not form.is_valid():
                raise Refused("email_not_usable")
            return mending.correct(_outgoing(row), form.cleaned_data["email"], by=by, at=at)
        case "import", "seen":
            return mending.see_to_import(int(row.key), by=by, at=at)
        case "clock", "now":
            return mending.run_clock(row.key, by=by, at=at)
        case "payout", "now":
            return mending.withhold_again(int(row.key), withhold, by=by, at=at)
        case "checkpoint", "make":
            return mending.make_checkpoint(by=by, at=at)
        case "worker", "forget" if row.key != "none":
            return mending.forget_worker(UUID(row.key), by=by, at=at)
        case _:
            raise Http404


def _outgoing(row: Failure) -> Outbox | Delivery:
    if row.sort == "mail":
        return Outbox.objects.get(id=int(row.key))
    return Delivery.objects.select_related("notice", "contact", "endpoint").get(id=UUID(row.key))


def _page(request: HttpRequest, by: Actor) -> HttpResponse:
    now = timezone.now()
    found = failures(by, now)
    told = {
        "by": by,
        "headline": _headline(found),
        "turns": _turns(found, now),
        "failing": found.health.none_turns,
        "groups": [group for sorts in SORTS if (group := [_told(each) for each in found.all if each.sort in sorts])],
        "number": found.number,
        "acts": acts_of_administrators() if not by.marketplaces else [],
        "now": now,
    }
    return render(request, "portals/admin/failed.html", told)


def _told(row: Failure) -> Told:
    buttons = [Button(act, *words.BUTTONS[act]) for act in words.ACTS_OF[row.sort] if row.key != "none"]
    return Told(row, words.says(row), words.does(row), buttons)


def _headline(found: Failures) -> str:
    if not found.all:
        return _("Nothing failed.")
    return ngettext(
        "%(number)s thing failed and waits for you.", "%(number)s things failed and wait for you.", found.number
    ) % {"number": found.number}


def _turns(found: Failures, now: datetime) -> str:
    """Whether the machinery turns, in a sentence."""
    health = found.health
    if health.turned_at is None:
        return _("No worker turns: deadlines do not run out, and no mail leaves.")
    seconds = max(0, int((now - health.turned_at).total_seconds()))
    if health.none_turns:
        return _("The worker last turned %(span)s ago. That is too long: start one.") % {"span": _span(seconds)}
    running = len(health.workers) - len(health.late)
    return ngettext(
        "The worker last turned %(span)s ago.", "%(running)s workers turn; one did so %(span)s ago.", running
    ) % {"span": _span(seconds), "running": running}


def _span(seconds: int) -> str:
    if seconds < 120:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    if seconds < 7200:
        return ngettext("%(n)s minute", "%(n)s minutes", seconds // 60) % {"n": seconds // 60}
    return ngettext("%(n)s hour", "%(n)s hours", seconds // 3600) % {"n": seconds // 3600}
