"""Who is told, and where: a seller's or insurer's contacts, its webhooks, and what was delivered to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.portals.frame.choices import chosen
from makewhole.portals.frame.fields import choice, text_input
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.who import only
from makewhole.reads.showing import language
from makewhole.store import contacts, webhooks
from makewhole.store.parties import own_party

SHOWN = 100  # of a webhook's deliveries


class NewContact(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=contacts.LONGEST_NAME, required=False, widget=text_input()
    )
    email = forms.CharField(
        label=gettext_lazy("E-mail"),
        max_length=contacts.LONGEST_EMAIL,
        widget=text_input(inputmode="email", autocomplete="off"),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the mails"),
        choices=settings.LANGUAGES,
        widget=choice(),
    )


class NewWebhook(forms.Form):
    url = forms.CharField(
        label=gettext_lazy("Address"), max_length=500,
        help_text=gettext_lazy("It begins with https:// and can be reached from outside."),
        widget=text_input(inputmode="url", autocomplete="off"),
    )  # fmt: skip


@never_cache
@require_GET
@only("seller", "insurer")
def told(request: HttpRequest, by: Actor) -> HttpResponse:
    """Contacts and webhooks, and how to add one."""
    return _page(request, by)


@never_cache
@require_POST
@only("seller", "insurer")
def add_contact(request: HttpRequest, by: Actor) -> HttpResponse:
    """Somebody more who gets every mail."""
    form = NewContact(request.POST, auto_id="contact_%s", label_suffix="")
    if not form.is_valid():
        return _page(request, by, contact=form, status=422)
    try:
        made = contacts.add(
            own_party(by), name=form.cleaned_data["name"], email=form.cleaned_data["email"],
            language=form.cleaned_data["language"], by=by.name, at=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error("email" if refusal.code.startswith("email") else None, sentence(refusal))
        return _page(request, by, contact=form, status=422)
    messages.success(request, _("%(email)s gets our mails from now on.") % {"email": made.email})
    return redirect("told")


@require_POST
@only("seller", "insurer")
def remove_contact(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    gone = _or_404(lambda: contacts.remove(own_party(by), number, at=timezone.now()))
    messages.success(request, _("%(email)s gets no mail any more.") % {"email": gone.email})
    return redirect("told")


@never_cache
@require_POST
@only("seller", "insurer")
def add_webhook(request: HttpRequest, by: Actor) -> HttpResponse:
    """A new endpoint. Its secret is on the page that answers, and on no other."""
    form = NewWebhook(request.POST, auto_id="webhook_%s", label_suffix="")
    if not form.is_valid():
        return _page(request, by, webhook=form, status=422)
    try:
        made, secret = webhooks.add(
            own_party(by), form.cleaned_data["url"], by=by.name, at=timezone.now(),
            to_loopback=settings.MAKEWHOLE_WEBHOOKS_TO_LOOPBACK,
        )  # fmt: skip
    except Refused as refusal:
        form.add_error("url", sentence(refusal))
        return _page(request, by, webhook=form, status=422)
    return _page(request, by, secret=(made.url, secret))


@never_cache
@require_POST
@only("seller", "insurer")
def rotate(request: HttpRequest, by: Actor, webhook_id: UUID) -> HttpResponse:
    """A new secret, shown as the first one was."""
    try:
        made, secret = _or_404(lambda: webhooks.rotate(own_party(by), webhook_id, at=timezone.now()))
    except Refused as refusal:
        messages.error(request, sentence(refusal))
        return redirect("told")
    return _page(request, by, secret=(made.url, secret))


@require_POST
@only("seller", "insurer")
def remove_webhook(request: HttpRequest, by: Actor, webhook_id: UUID) -> HttpResponse:
    gone = _or_404(lambda: webhooks.remove(own_party(by), webhook_id, at=timezone.now()))
    messages.success(request, _("Nothing is delivered to %(url)s any more.") % {"url": gone.url})
    return redirect("told")


@never_cache
@require_GET
@only("seller", "insurer")
def deliveries(request: HttpRequest, by: Actor, webhook_id: UUID) -> HttpResponse:
    """What was delivered to an endpoint, each attempt with its status."""
    endpoint = _or_404(lambda: webhooks.find(own_party(by), webhook_id))
    found = webhooks.deliveries_of(endpoint, size=SHOWN)
    return render(
        request, "portals/deliveries.html", {"by": by, "endpoint": endpoint, "deliveries": found, "most": SHOWN}
    )


@require_POST
@only("seller", "insurer")
def replay(request: HttpRequest, by: Actor, delivery_id: UUID) -> HttpResponse:
    try:
        again = _or_404(lambda: webhooks.replay(own_party(by), delivery_id, at=timezone.now()))
    except Refused as refusal:
        messages.error(request, sentence(refusal))
        return redirect("told")
    messages.success(request, _("It is delivered again within seconds, under the same webhook-id."))
    return redirect("deliveries", webhook_id=again.endpoint_id)


def _or_404(ask: Callable[[], Any]) -> Any:  # whatever it answers
    """What is of another party is not there."""
    try:
        return ask()
    except Refused as refusal:
        if refusal.code.startswith("unknown_"):
            raise Http404 from refusal
        raise


def _page(
    request: HttpRequest,
    by: Actor,
    *,
    contact: NewContact | None = None,
    webhook: NewWebhook | None = None,
    secret: tuple[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    party = own_party(by)
    names, found = dict(settings.LANGUAGES), contacts.contacts_of(party)
    context = {
        "by": by,
        "contacts": list(zip(found, map(names.get, contacts.languages_of(party, found)), strict=True)),
        "endpoints": [endpoint for endpoint in webhooks.endpoints_of(party) if endpoint.active],
        "contact_form": contact or NewContact(auto_id="contact_%s", label_suffix="", initial={"language": language()}),
        "webhook_form": webhook or NewWebhook(auto_id="webhook_%s", label_suffix=""),
        "secret": secret,
        "kinds": chosen(party, ()),
        "now": timezone.now(),
    }
    return render(request, "portals/told.html", context, status=status)
