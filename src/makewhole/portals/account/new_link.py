"""A new link by mail, for a claimant whose link is old or whose mails are lost. The answer is the same to everybody."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from makewhole.people import kept_typing
from makewhole.portals.frame.asking_links import ask_for_link
from makewhole.portals.frame.fields import text_input

REFERENCE_LETTERS = 40


class NewLinkForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        help_text=_("The one that you gave with your claim."),
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "email"}),
        error_messages={
            "required": _("Please give the e-mail that you gave with your claim."),
            "invalid": _("That is not an e-mail address."),
        },
    )
    reference = forms.CharField(
        label=_("Claim number, if you have it"),
        required=False,
        max_length=REFERENCE_LETTERS,
        help_text=_("It begins with MW- and stands in every mail. Without it we send links to your newest claims."),
        widget=text_input(autocomplete="off"),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def new_link(request: HttpRequest) -> HttpResponse:
    """Asks for the address, and says that a mail is on its way, whether or not one is."""
    if request.method == "GET":
        form = NewLinkForm(initial={"reference": request.GET.get("claim", "")[:REFERENCE_LETTERS]}, label_suffix="")
        return _page(request, form)
    form = NewLinkForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _page(request, form, status=422)
    email = form.cleaned_data["email"].strip().lower()
    if not ask_for_link(request, "claims", email, form.cleaned_data["reference"].strip()):
        return render(request, "429.html", status=429)
    return render(request, "account/new_link_sent.html", {"email": email, "kept": kept_typing.is_waiting(request)})


def _page(request: HttpRequest, form: NewLinkForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "kept": kept_typing.is_waiting(request)}
    return render(request, "account/new_link.html", context, status=status)
