"""Tokens of machines: made and shown once, listed with what they may and when they were last used, revoked for good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.people import tokens as machines
from makewhole.people.models import ApiToken
from makewhole.portals.frame.fields import text_input
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.who import only
from makewhole.reads import administration as reads
from makewhole.store import mending
from makewhole.store.accounts import LONGEST_EMAIL, wholly_within

LONGEST_DAYS = 3650


class NewToken(forms.Form):
    email = forms.CharField(
        label=gettext_lazy("E-mail of its account"), max_length=LONGEST_EMAIL,
        widget=text_input(inputmode="email", autocomplete="off"),
        help_text=gettext_lazy("A token may do what its account's roles may, and of that what you tick below."),
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("What it is for"), max_length=100, widget=text_input(autocomplete="off"))
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"), widget=forms.CheckboxSelectMultiple,
        choices=[(scope, gettext_lazy(says)) for scope, says in machines.SCOPES.items()],
    )  # fmt: skip
    per_minute = forms.IntegerField(
        label=gettext_lazy("Requests a minute, at most"), min_value=1, max_value=machines.MOST_PER_MINUTE, initial=600,
        widget=forms.NumberInput(attrs={"class": "form-control short"}),
    )  # fmt: skip
    days = forms.IntegerField(
        label=gettext_lazy("Ends after so many days"), required=False, min_value=1, max_value=LONGEST_DAYS,
        widget=forms.NumberInput(attrs={"class": "form-control short"}),
        help_text=gettext_lazy("Left empty, it holds until it is revoked."),
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="token_%s", label_suffix="")


@never_cache
@require_http_methods(["GET", "POST"])
@only("administrator")
def tokens(request: HttpRequest, by: Actor) -> HttpResponse:
    """All of them; a new one's clear text is on the page that answers, and on no other."""
    if request.method != "POST":
        return _page(request, by, NewToken())
    form = NewToken(request.POST)
    if not form.is_valid():
        return _page(request, by, form, status=422)
    told, now = form.cleaned_data, timezone.now()
    expires_at = now + timedelta(days=told["days"]) if told["days"] else None
    try:
        account = reads.may_have_token(told["email"].replace("\x00", ""), by)
        made, clear = machines.make(
            account, name=told["name"], scopes=told["scopes"], requests_per_minute=told["per_minute"],
            expires_at=expires_at,
        )  # fmt: skip
    except Refused as refusal:
        form.add_error("email" if refusal.code == "unknown_account" else None, sentence(refusal))
        return _page(request, by, form, status=422)
    mending.note(by, "make_token", f"token {made.pk} of {account.email}", ", ".join(made.scopes), at=now)
    return _page(request, by, NewToken(), made=(made, account, clear))


@require_POST
@only("administrator")
def revoke(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """Ends a token for good. Twice is once."""
    theirs = wholly_within(by).values("id")
    found = ApiToken.objects.filter(id=number, account__in=theirs).first()
    if found is None:
        raise Http404
    now = timezone.now()
    ended = machines.revoke(number, at=now)
    if found.revoked_at is None:
        mending.note(by, "revoke_token", f"token {number} of {ended.account.email}", at=now)
    messages.success(request, _("The token “%(name)s” opens nothing any more.") % {"name": ended.name})
    return redirect("admin-tokens")


def _page(request: HttpRequest, by: Actor, form: NewToken, *, made: Any = None, status: int = 200) -> HttpResponse:
    after = request.GET.get("after", "")
    if after and not (after.isascii() and after.isdecimal() and len(after) <= 18):
        raise Http404
    found, next_after = reads.tokens(by, after=int(after) if after else None)
    told = {
        "by": by, "tokens": found, "next_after": next_after, "form": form, "made": made, "scopes": machines.SCOPES,
        "now": timezone.now(),
    }  # fmt: skip
    return render(request, "portals/admin/tokens.html", told, status=status)
