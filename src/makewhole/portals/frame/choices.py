"""Which mails somebody gets: chosen on the page of contacts, or by the link in each mail. Start at by_link().

Whoever has the link is whoever got the mail; it shows no claim and no address, and so asks for no sign-in.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from makewhole.domain.actors import Actor
from makewhole.domain.notice_kinds import OPTIONAL, NoticeKind, kinds_told_to
from makewhole.domain.refusal import Refused
from makewhole.people.links import MailsNamed, mails_named
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.who import only
from makewhole.store import choices, contacts, webhooks
from makewhole.store.mail_languages import written_in
from makewhole.store.models import WebhookEndpoint
from makewhole.store.parties import own_party


@dataclass(frozen=True, slots=True)
class Chosen:
    """A kind of notice, and whether it comes."""

    kind: NoticeKind
    comes: bool


def chosen(party: str, left_out: tuple[str, ...] | list[str]) -> list[Chosen]:
    return [Chosen(kind, kind.name not in left_out) for kind in kinds_told_to(party)]


@never_cache
@require_http_methods(["GET", "POST"])
def by_link(request: HttpRequest, key: str) -> HttpResponse:
    """What whoever got a mail gets, and what it may do without."""
    try:
        named = mails_named(key)
        so_far = choices.mails_chosen(named.recipient, named.contact_id)
    except Refused as refusal:
        return _over(request, refusal)
    if request.method == "POST":
        _choose(named, _left_out_of(request, named.recipient), _language_of(request))
        messages.success(request, _("It is as you chose, from the next mail on."))
        return redirect("choose-mails", key=key)
    told = _shown(named.recipient, so_far) | {"claimant": named.recipient.startswith("claimant:")}
    return render(request, "portals/choices_by_link.html", told)


@csrf_exempt
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """One click in a mail program (RFC 8058): it posts without a session. The link is what is needed, and all of it."""
    if request.method == "GET":
        return redirect("choose-mails", key=key)
    try:
        named = mails_named(key)
        so_far = choices.mails_chosen(named.recipient, named.contact_id)
        _choose(named, {*so_far.left_out, kind})
    except Refused as refusal:
        return HttpResponse(sentence(refusal), status=404, content_type="text/plain; charset=utf-8")
    return HttpResponse(_("Mails of this kind do not come any more."), content_type="text/plain; charset=utf-8")


@never_cache
@require_GET
@only("seller", "insurer")
def of_contact(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """The mails of one of the party's own contacts; 0 is the address on file."""
    address, so_far = _contact(by, number)
    told = {"by": by, "address": address, "number": number, **_shown(own_party(by), so_far)}
    return render(request, "portals/choices_of_contact.html", told)


@require_POST
@only("seller", "insurer")
def choose_of_contact(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    address, _so_far = _contact(by, number)
    party = own_party(by)
    choices.choose_mails(
        party, number or None, _left_out_of(request, party), language=_language_of(request), by=by.name,
        at=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("Chosen for %(address)s, from the next notice on.") % {"address": address})
    return redirect("told")


@never_cache
@require_GET
@only("seller", "insurer")
def of_webhook(request: HttpRequest, by: Actor, webhook_id: UUID) -> HttpResponse:
    """What is posted to one of the party's own webhooks."""
    endpoint = _endpoint(by, webhook_id)
    told = {"by": by, "endpoint": endpoint, "kinds": chosen(own_party(by), endpoint.not_told)}
    return render(request, "portals/choices_of_webhook.html", told)


@require_POST
@only("seller", "insurer")
def choose_of_webhook(request: HttpRequest, by: Actor, webhook_id: UUID) -> HttpResponse:
    endpoint, party = _endpoint(by, webhook_id), own_party(by)
    wanted = set(request.POST.getlist("kind"))
    left_out = {kind.name for kind in kinds_told_to(party)} - wanted
    choices.choose_webhooks(party, webhook_id, left_out, by=by.name, at=timezone.now())
    messages.success(request, _("Chosen for %(url)s, from the next notice on.") % {"url": endpoint.url})
    return redirect("told")


def _left_out_of(request: HttpRequest, party: str) -> set[str]:
    """What a form's boxes leave out. Those that are always mailed have no box, and none is asked for."""
    may = {kind.name for kind in kinds_told_to(party) if kind.name in OPTIONAL}
    return may - set(request.POST.getlist("kind"))


def _language_of(request: HttpRequest) -> str | None:
    """The language that a form chose; one that none of its options names is as if nothing was chosen."""
    told = request.POST.get("language")
    return told if told in dict(settings.LANGUAGES) else None


def _choose(named: MailsNamed, left_out: set[str], language: str | None = None) -> None:
    choices.choose_mails(
        named.recipient, named.contact_id, left_out, language=language, by="whoever got the mail", at=timezone.now()
    )


def _contact(by: Actor, number: int) -> tuple[str, choices.MailsChosen]:
    """The address, and what was chosen for it; what is of another party is not there."""
    party = own_party(by)
    for each in contacts.contacts_of(party):
        if (each.pk or 0) == number:
            return each.email, choices.mails_chosen(party, each.pk)
    raise Http404


def _shown(party: str, so_far: choices.MailsChosen) -> dict[str, object]:
    """The kinds with what was chosen, and the language in which its mails are written now."""
    return {"kinds": chosen(party, so_far.left_out), "written_in": written_in(party, so_far.language)}


def _endpoint(by: Actor, webhook_id: UUID) -> WebhookEndpoint:
    try:
        found = webhooks.find(own_party(by), webhook_id)
    except Refused as refusal:
        raise Http404 from refusal
    if not found.active:
        raise Http404
    return found


def _over(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return render(request, "portals/choices_over.html", {"says": sentence(refusal)}, status=404)
