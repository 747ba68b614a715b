"""Your sign-ins: where you are signed in, how to end that, and what the log says."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from makewhole.people import sign_ins as people
from makewhole.people.models import Account

MOST_DIGITS = 18  # of a row's number


@never_cache
@require_GET
@login_required
def sign_ins(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    if before and not (before.isascii() and before.isdecimal() and len(before) <= MOST_DIGITS):
        raise Http404
    account = _account(request)
    context = {
        "sessions": people.sessions_of(account, this_key=request.session.session_key),
        "log": people.sign_ins(account, before=int(before) if before else None),
        "first": not before,
    }
    return render(request, "account/sign_ins.html", context)


@require_POST
@login_required
def end(request: HttpRequest, number: int) -> HttpResponse:
    """One of the reader's own, and no other's."""
    if not people.end_session(request, _account(request), number):
        raise Http404
    messages.success(request, _("That session has ended."))
    return redirect("sign-ins")


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    ended = people.end_other_sessions(request, _account(request))
    told = ngettext("%(number)d other session has ended.", "%(number)d other sessions have ended.", ended)
    messages.success(request, told % {"number": ended})
    return redirect("sign-ins")


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user
