"""Finding an order without a link: its number and the buyer's e-mail, and a link comes by mail. Start at `find`.

The page answers the same whether there is such an order or not, and does the same work: a worker looks, and writes to
nobody but the buyer.
"""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from makewhole.portals.frame.asking_links import ask_for_link
from makewhole.portals.frame.fields import text_input


class Address(forms.Form):
    """Where a link is to be mailed."""

    email = forms.EmailField(
        label=_("Your e-mail"), widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "email"}),
        error_messages={
            "required": _("Please give an e-mail address."), "invalid": _("That is not an e-mail address."),
        },
    )  # fmt: skip


class OrderAndAddress(Address):
    order = forms.CharField(
        label=_("Order number"), max_length=100, widget=text_input(autocomplete="off"),
        help_text=_("It stands in the mail that confirmed your order, like 113-88."),
        error_messages={"required": _("Please give the order number.")},
    )  # fmt: skip

    field_order = ("order", "email")


@never_cache
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Asks for the number and the address; then says the same to everybody."""
    form = OrderAndAddress(request.POST or None, auto_id="%s", label_suffix="")
    if request.method == "GET" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "portals/claimant/find.html", {"form": form}, status=status)
    told = form.cleaned_data
    if not ask_for_link(request, "order", told["email"], told["order"].strip()):
        return render(request, "429.html", status=429)
    return render(request, "portals/claimant/found.html", {"email": told["email"], "minutes": 5})
