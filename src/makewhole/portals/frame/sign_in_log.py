"""The sign-in log of everybody, by kind and account: a page of administrators, and one of auditors."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.people.models import SignIn
from makewhole.people.sign_ins import Page
from makewhole.portals.frame.refusals import sentence
from makewhole.reads.sign_in_log import sign_in_log

MOST_DIGITS = 18  # of a row's number


def shown(request: HttpRequest, by: Actor, template: str) -> HttpResponse:
    what, before = request.GET.get("what", ""), request.GET.get("before", "")
    email = request.GET.get("account", "").replace("\x00", "").strip()
    if (what and what not in SignIn.What.values) or (before and not _is_number(before)):
        raise Http404
    refused = ""
    try:
        log = sign_in_log(by, email=email, what=what, before=int(before) if before else None)
    except Refused as refusal:
        log, refused = Page([], None), sentence(refusal)
    asked = {name: told for name, told in (("what", what), ("account", email)) if told}
    told = {
        "by": by, "log": log, "refused": refused, "what": what, "email": email, "kinds": SignIn.What.values,
        "filtered": bool(asked), "first": not before, "query": urlencode({**asked, "before": log.next_before or ""}),
    }  # fmt: skip
    return render(request, template, told, status=404 if refused else 200)


def _is_number(told: str) -> bool:
    return told.isascii() and told.isdecimal() and len(told) <= MOST_DIGITS
