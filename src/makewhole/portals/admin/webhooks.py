"""Webhooks of all parties: which fail, what was delivered, and once more."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.told import SHOWN
from makewhole.portals.frame.who import only
from makewhole.reads import administration as reads
from makewhole.store import mending
from makewhole.store import webhooks as store
from makewhole.store.models import Delivery, WebhookEndpoint
from makewhole.store.parties import party_for


@never_cache
@require_GET
@only("administrator")
def webhooks(request: HttpRequest, by: Actor) -> HttpResponse:
    """Those that are told, or only those that fail."""
    failing, now = request.GET.get("which") == "failing", timezone.now()
    try:
        found, next_after = reads.endpoints(by, now, failing=failing, after=request.GET.get("after", ""))
    except ValueError as error:
        raise Http404 from error
    told = {"by": by, "endpoints": found, "next_after": next_after, "failing": failing, "now": now}
    return render(request, "portals/admin/webhooks.html", told)


@never_cache
@require_GET
@only("administrator")
def webhook(request: HttpRequest, by: Actor, webhook_id: UUID) -> HttpResponse:
    """What was delivered to one of them, each attempt with its status."""
    endpoint = _endpoint(by, webhook_id)
    found = store.deliveries_of(endpoint, size=SHOWN)
    names = reads.party_names([endpoint.party])
    told = {
        "by": by, "endpoint": endpoint, "deliveries": found, "most": SHOWN,
        "whose": names.get(endpoint.party, endpoint.party), "now": timezone.now(),
    }  # fmt: skip
    return render(request, "portals/admin/webhook.html", told)


@require_POST
@only("administrator")
def replay(request: HttpRequest, by: Actor, delivery_id: UUID) -> HttpResponse:
    """The same message once more, under the same webhook-id."""
    delivery = Delivery.objects.select_related("endpoint").filter(id=delivery_id).first()
    if delivery is None or delivery.endpoint is None:
        raise Http404
    endpoint, now = _endpoint(by, delivery.endpoint.id), timezone.now()
    try:
        store.replay(endpoint.party, delivery_id, at=now)
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        mending.note(by, "replay_webhook", f"webhook {delivery_id} to {endpoint.url}", "queued", at=now)
        messages.success(request, _("It is delivered again within seconds, under the same webhook-id."))
    return redirect("admin-webhook", webhook_id=endpoint.id)


def _endpoint(by: Actor, webhook_id: UUID) -> WebhookEndpoint:
    """One of a party that this administrator looks after."""
    found = WebhookEndpoint.objects.filter(id=webhook_id).first()
    try:
        if found is not None and party_for(by, found.party, act="ReadWebhooks"):
            return found
    except Refused as refusal:
        raise Http404 from refusal
    raise Http404
