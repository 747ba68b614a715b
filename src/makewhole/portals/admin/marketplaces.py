"""Marketplaces: open one, see its feeds, and change what of it may change."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

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
from makewhole.domain.money import MINOR_DIGITS
from makewhole.domain.refusal import Refused
from makewhole.people.links import ORDER_LINK_VALID_FOR
from makewhole.portals.frame.fields import choice, text_input
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.who import only
from makewhole.reads import administration as reads
from makewhole.store import mending
from makewhole.store.marketplaces import MarketplaceTold, freeze, open_marketplace, rename
from makewhole.store.policies import SHIPPED


class Words(forms.Form):
    """What of a marketplace may change: how it is called, and who stands behind it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, widget=text_input(autocomplete="off"))
    legal_entity = forms.CharField(
        label=gettext_lazy("Legal entity"), max_length=200, widget=text_input(autocomplete="off"),
        help_text=gettext_lazy("Who stands behind the guarantee; it issues each statement of reasons."),
    )  # fmt: skip

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, auto_id="market_%s", label_suffix="", **more)


class NewMarketplace(Words):
    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=20, widget=text_input(autocomplete="off"),
        help_text=gettext_lazy("Letters, digits and dashes; it stands in every row, and never changes."),
    )  # fmt: skip
    country = forms.CharField(
        label=gettext_lazy("Country"), max_length=2, widget=text_input(autocomplete="off"),
        help_text=gettext_lazy("Two letters, such as US."),
    )  # fmt: skip
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"), choices=[(code, code) for code in sorted(MINOR_DIGITS)], widget=choice()
    )
    zone = forms.CharField(
        label=gettext_lazy("Zone"), max_length=60, widget=text_input(autocomplete="off"),
        help_text=gettext_lazy("Whose days and hours count, such as America/New_York."),
    )  # fmt: skip
    policy = forms.CharField(
        label=gettext_lazy("Policy"), max_length=20, initial="us", widget=text_input(autocomplete="off"),
        help_text=gettext_lazy("The guarantee policy that it trades under. A shipped one that nobody published yet is "
                               "published with it: %s.") % ", ".join(sorted(SHIPPED)),
    )  # fmt: skip
    field_order = ("code", "name", "legal_entity", "country", "currency", "zone", "policy")

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"].strip()
        if zone not in available_timezones():
            raise forms.ValidationError(_("We do not know the zone “{zone}”.").format(zone=zone))
        return zone


@never_cache
@require_http_methods(["GET", "POST"])
@only("administrator")
def marketplaces(request: HttpRequest, by: Actor) -> HttpResponse:
    """All of them with their feeds; and the form that opens one, for who looks after everything."""
    form = NewMarketplace(request.POST or None)
    if request.method == "POST":
        if by.marketplaces:
            raise Http404
        if form.is_valid():
            told, now = form.cleaned_data, timezone.now()
            told["country"] = told["country"].upper()
            try:
                days = open_marketplace(MarketplaceTold(**told), by=by.name, at=now)
            except Refused as refusal:
                form.add_error(None, sentence(refusal))
            else:
                mending.note(by, "open_marketplace", told["code"], at=now)
                words = _("%(name)s is open, with %(days)s holidays. Give somebody a role in it, and send its orders.")
                messages.success(request, words % {"name": told["name"], "days": days})
                return redirect("admin-marketplace", code=told["code"])
    told = {
        "by": by, "places": reads.places(by, timezone.now()), "insurers": reads.insurers_feed(), "form": form,
        "now": timezone.now(), "opening": request.method == "POST",
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "portals/admin/marketplaces.html", told, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@only("administrator")
def marketplace(request: HttpRequest, by: Actor, code: str) -> HttpResponse:
    """One of them."""
    found = _place(code, by)
    row = found.row
    form = Words(request.POST or None, initial={"name": row.name, "legal_entity": row.legal_entity})
    if request.method == "POST" and form.is_valid():
        try:
            rename(code, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            mending.note(by, "rename_marketplace", code, f"{row.name} / {row.legal_entity}", at=timezone.now())
            messages.success(request, _("Saved. What is written from now on names it so."))
            return redirect("admin-marketplace", code=code)
    told = {
        "by": by, "place": found, "form": form, "link_days": ORDER_LINK_VALID_FOR.days, "now": timezone.now(),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "portals/admin/marketplace.html", told, status=status)


@require_POST
@only("administrator")
def holidays(request: HttpRequest, by: Actor, code: str) -> HttpResponse:
    """Freezes the holidays of the next years. Days that are there stay as they are."""
    _place(code, by)
    try:
        days = freeze(code, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("%(days)s holidays are known.") % {"days": days})
    return redirect("admin-marketplace", code=code)


def _place(code: str, by: Actor) -> reads.Place:
    try:
        return reads.place(code, by, timezone.now())
    except Refused as refusal:
        raise Http404 from refusal
