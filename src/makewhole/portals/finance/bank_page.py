"""What the bank answered: files that were read, what came of each answer, and one by one what does not fit."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from makewhole import bank_answers as door
from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.integrations.bank.answers import LARGEST_BYTES
from makewhole.portals.finance.shown import NO_CURSOR, cursor, page
from makewhole.portals.finance.words import NEXT_STEPS
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.who import only
from makewhole.reads import bank as reads
from makewhole.store.models import BANK_LINE_OPEN, BankFile

_HERE = "/bank-answers"


@never_cache
@require_http_methods(["GET", "POST"])
@only("finance", "auditor")
def files(request: HttpRequest, by: Actor) -> HttpResponse:
    """Every file that was read, the newest first; and another one, by finance."""
    if request.method == "POST":
        if by.role not in door.READS:
            raise PermissionDenied
        return _take_in(request, by)
    return _files(request, by)


@never_cache
@require_GET
@only("finance", "auditor")
def report(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """One file: how many of its answers were done, and each answer with its outcome."""
    try:
        file = reads.find_file(number, by)
    except Refused as refusal:
        raise Http404 from refusal
    outcome = request.GET.get("outcome", "")
    lines, next_after = reads.lines_of(file, by, outcome=outcome, after=cursor(request))
    sums = reads.outcomes_of(file, by)
    told = {
        "file": file, "lines": lines, "sums": sums, "outcome": outcome, "next_after": next_after,
        "headline": _headline(sums), "open": BANK_LINE_OPEN, "steps": NEXT_STEPS,
        "may_act": by.role == "finance",
    }  # fmt: skip
    return page(request, by, "bank_report", told, here=_HERE)


@require_POST
@only("finance")
def explain(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """Why an answer does not fit, in words; it waits no longer."""
    back = "reconciliation" if request.POST.get("from") == "reconciliation" else "bank-answers"
    try:
        said = door.explain(number, request.POST.get("words", ""), by=by, at=timezone.now())
    except Refused as refusal:
        if refusal.code == "unknown_bank_line":
            raise Http404 from refusal
        messages.error(request, sentence(refusal))
        return redirect(back)
    messages.success(request, _("Recorded. It waits no longer.") if said else _("It was explained before; that stays."))
    return redirect(back)


def _take_in(request: HttpRequest, by: Actor) -> HttpResponse:
    sent = request.FILES.get("file")
    if sent is None or not sent.size:
        return _files(request, by, refused=_("Please choose the bank's file."), status=422)
    try:
        if sent.size > LARGEST_BYTES:
            raise Refused("bank_file_too_large", limit=_("{number} bytes").format(number=f"{LARGEST_BYTES:,}"))
        taken = door.take_in(sent.name or "file", sent.read(), by=by, at=timezone.now())
    except Refused as refusal:
        return _files(request, by, refused=sentence(refusal), status=422)
    if taken.repeated:
        messages.warning(request, _("This very file was read before. Nothing was done twice."))
        if not reads.files_seen_by(by).filter(id=taken.file.pk).exists():
            return redirect("bank-answers")
    return redirect("bank-report", number=taken.file.pk)


def _files(request: HttpRequest, by: Actor, *, refused: str = "", status: int = 200) -> HttpResponse:
    try:
        found, next_after = reads.files_of(by, after=request.GET.get("after", ""))
    except NO_CURSOR as error:
        raise Http404 from error
    told = {
        "files": found, "next_after": next_after, "refused": refused, "may_act": by.role == "finance",
        "headline": _said(found),
    }  # fmt: skip
    return page(request, by, "bank_answers", told, here=_HERE, status=status)


def _said(found: list[BankFile]) -> str:
    waiting = sum(file.open_lines for file in found)  # type: ignore[attr-defined]
    if not found:
        return _("No answer of the bank was read yet.")
    if not waiting:
        return _("Every answer of the bank fits.")
    return ngettext(
        "{number} answer of the bank does not fit.", "{number} answers of the bank do not fit.", waiting
    ).format(number=waiting)


def _headline(sums: list[reads.OutcomeSum]) -> str:
    done = sum(each.number for each in sums if each.outcome == "done")
    misfits = sum(each.number for each in sums if each.outcome in BANK_LINE_OPEN)
    told = ngettext("{number} answer was done", "{number} answers were done", done).format(number=done)
    if not misfits:
        return _("{told}, and everything fits.").format(told=told)
    return ngettext(
        "{told}; {number} does not fit, and moved nothing.", "{told}; {number} do not fit, and moved nothing.", misfits
    ).format(told=told, number=misfits)
