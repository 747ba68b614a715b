"""The first page, and the role in which somebody acts."""

from __future__ import annotations

from dataclasses import dataclass

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
from makewhole.portals.frame.who import acting, choose
from makewhole.reads.inbox import Inbox, inbox
from makewhole.reads.worklist import TASKS, TURNS, worklist
from makewhole.store.parties import HAVE_CONTACTS


@dataclass(frozen=True, slots=True)
class Way:
    """A place to go to from here."""

    address: str
    title: str
    says: str


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


def ways(by: Actor) -> list[Way]:
    """The pages of a role; the frame's navigation shows the same."""
    found = []
    if by.role == "auditor":
        found.append(
            Way("/audit", _("Audit"), _("The log, who decided what, who may do what, and who changed the rules."))
        )
    if by.role in ("programme_owner", "auditor"):
        found.append(
            Way("/programme", _("Programme"), _("Clocks kept and missed, how soon the money came, who bears it."))
        )
    if by.role in TURNS or by.role in TASKS:
        found.append(Way("/queue", _("What waits"), _("The claims that need you, the nearest deadline first.")))
    if by.role == "administrator":
        found.append(
            Way("/admin", _("Administration"), _("What failed, with a button; people, tokens, marketplaces, webhooks."))
        )
    if by.role == "finance":
        found.append(Way("/finance", _("Money"), _("What waits for your signature, came back, or does not reconcile.")))
    if by.role in ("finance", "programme_owner", "auditor"):
        found.append(
            Way("/recoveries", _("Recoveries"), _("What is asked back, of whom, how much came, and what waits."))
        )
    if by.role == "claimant":
        found.append(
            Way("/orders", _("Your orders"), _("Something broke, burned or hurt somebody? Start from the order."))
        )
        found.append(Way("/claims", _("Your claims"), _("Where each stands, and what is waited for.")))
    elif by.role == "seller":
        found.append(Way("/inbox", _("Inbox"), _("What waits for your answer, and what you were told.")))
        found.append(Way("/claims", _("Claims"), _("Claims about your products, with the file and the reasons.")))
        found.append(Way("/recoveries", _("What you owe"), _("What is asked of you, contests, and your statements.")))
        found.append(Way("/insurance", _("Insurance"), _("Your policies on file, and what a gap would cost.")))
        found.append(Way("/standing", _("Your standing"), _("Each fact that counts, and how to dispute it.")))
    elif by.role == "insurer":
        found.append(Way("/tenders", _("To answer"), _("Claims that wait for your answer, each with your part of it.")))
        found.append(Way("/claims", _("Claims"), _("Claims that you were notified of, with the file and the reasons.")))
        found.append(
            Way("/recoveries", _("What you owe"), _("What is asked of you under your policies, and until when."))
        )
    elif by.role not in ("administrator", "marketplace"):
        found.append(Way("/claims", _("All claims"), _("Every claim that you may see, the newest first.")))
    if by.role in ("programme_owner", "auditor"):
        found.append(Way("/books", _("Books"), _("A trial balance at any day, each account, and each entry.")))
    if by.role in ("reviewer", "programme_owner", "administrator", "auditor"):
        found.append(Way("/standing", _("Standing"), _("Disputes that wait, and sellers that are restricted.")))
    if by.role == "insurer":
        found.append(
            Way("/inbox", _("Inbox"), _("What you were told about each claim, and what waits for your answer."))
        )
    if by.role in HAVE_CONTACTS:
        found.append(
            Way("/contacts", _("Contacts"), _("Who gets our mails, and where your program is told by webhook."))
        )
    if by.role != "seller":  # its navigation is full; the rules stand at the foot of every page
        found.append(Way("/policies", _("The rules"), _("Every published version of the guarantee, with its sources.")))
    return found


def _told(by: Actor | None) -> str:
    if by is not None and by.role in HAVE_CONTACTS:
        return _unread(inbox(by, size=1))
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


def _unread(found: Inbox) -> str:
    if found.waiting:
        number = found.claims_waiting
        told = ngettext("{number} claim waits for your answer.", "{number} claims wait for your answer.", number)
        return told.format(number=number)
    if not found.unread:
        return _("Nothing waits for you.")
    return ngettext(
        "{number} notice is unread; nothing waits for your answer.",
        "{number} notices are unread; nothing waits for your answer.",
        found.unread,
    ).format(number=found.unread)
