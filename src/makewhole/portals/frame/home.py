"""The first page, and the role in which somebody acts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from makewhole.domain.actors import Actor
from makewhole.portals.frame import inbox as inbox_page
from makewhole.portals.frame import words
from makewhole.portals.frame.ways import ways
from makewhole.portals.frame.who import acting, choose
from makewhole.reads.inbox import Counts, counts
from makewhole.reads.worklist import TASKS, TURNS, worklist
from makewhole.store.parties import HAVE_CONTACTS


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What this is, and where to go in this role. A seller starts with what waits for it."""
    by = acting(request)
    if by is not None and by.role == "seller":
        return inbox_page.shown(request, by)
    return render(request, "portals/home.html", {"by": by, "ways": ways(by) if by else [], "told": _told(by)})


@require_POST
def role(request: HttpRequest) -> HttpResponse:
    """Another role of the same account."""
    number = request.POST.get("role", "")
    if number.isdecimal():
        choose(request, int(number))
        by = acting(request)
        if by:
            role = words.within(words.said(by.role, words.ROLES))
            messages.success(request, _("You now act as {role}.").format(role=role))
    return redirect("home")


def _told(by: Actor | None) -> str:
    if by is not None and by.role in HAVE_CONTACTS:
        return _unread(counts(by))
    if by is None or (by.role not in TURNS and by.role not in TASKS):
        return ""
    waiting = worklist(by, now=timezone.now(), size=1)
    if not waiting.total:
        return _("Nothing waits for you.")
    told = ngettext("{number} claim needs you", "{number} claims need you", waiting.total).format(number=waiting.total)
    if not waiting.late:
        return _("{sentence}.").format(sentence=told)
    late = ngettext("{number} is late", "{number} are late", waiting.late).format(number=waiting.late)
    return _("{sentence}; {more}.").format(sentence=told, more=late)


def _unread(found: Counts) -> str:
    if found.more:
        return _("{number} claims or more wait for your answer.").format(number=found.claims)
    if found.claims:
        told = ngettext("{number} claim waits for your answer.", "{number} claims wait for your answer.", found.claims)
        return told.format(number=found.claims)
    if not found.unread:
        return _("Nothing waits for you.")
    return ngettext(
        "{number} notice is unread; nothing waits for your answer.",
        "{number} notices are unread; nothing waits for your answer.",
        found.unread,
    ).format(number=found.unread)
