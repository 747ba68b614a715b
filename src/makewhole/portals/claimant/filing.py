"""Filing a claim: from an order link to the decision in one request. Start at `file`.

The form carries a signed key. It names the order, is the idempotency key, and stands for a sender who has
no claimant id yet; so a form that is sent twice is one claim, and files that were kept stay this form's.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from makewhole import asks
from makewhole.domain.actors import Actor
from makewhole.domain.claim.commands import FileClaim
from makewhole.domain.refusal import Refused
from makewhole.handle import Ask, handle
from makewhole.imports.pseudonyms import pseudonyms
from makewhole.people.links import OrderNamed, order_key, order_named
from makewhole.people.models import Account
from makewhole.portals.claimant.form import NoticeForm, field_of
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.showing import typed
from makewhole.portals.frame.who import acting, claimant_actor, claimant_called, let_in, only
from makewhole.store.ids import new_id
from makewhole.store.models import Claim, OrderLine

_SALT = "makewhole.portals.form"
_FORM_VALID_SECONDS = 24 * 60 * 60
_OLD_FORM = "This form is a day old. Your typing is still here: please look at it and send it again."
_OTHER_CONTENT = (
    "You sent this form before, with other content. Your claim is there already: open it, and send there what is new."
)


@never_cache
@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, key: str) -> HttpResponse:
    """The form for one order line, and what comes of it."""
    try:
        order = order_named(key)
    except Refused:
        told = "This link is no longer good. Go to your order on the marketplace and start again from there."
        return render(request, "portals/old_link.html", {"told": told}, status=410)
    line = OrderLine.objects.select_related("marketplace", "seller").filter(
        marketplace=order.marketplace, order_ref=order.order_ref, line_ref=order.line_ref, buyer_ref=order.buyer_ref
    ).first()  # fmt: skip
    if line is None:
        raise Http404
    now = timezone.now()
    if request.method == "POST":
        return _filed(request, order, line, now)
    form_key = new_id()
    form = NoticeForm(line=line, by=_sender(request, form_key), at=now, initial=_known(request, line))
    return _page(request, form, line, form_key)


@never_cache
@require_GET
@only("claimant")
def orders(request: HttpRequest, by: Actor) -> HttpResponse:
    """The orders of this account, each with the way to a claim, and the claims that exist."""
    assert isinstance(request.user, Account) and by.claimant_id is not None
    (buyer_ref,) = pseudonyms([request.user.email])
    lines = OrderLine.objects.filter(buyer_ref=buyer_ref, marketplace__in=by.marketplaces or ()).select_related(
        "seller", "marketplace"
    )
    named = [
        (line, order_key(OrderNamed(line.marketplace_id, line.order_ref, line.line_ref, buyer_ref)))
        for line in lines.order_by("-ordered_at", "-id")[:50]
    ]
    claimed = {
        each.order_line_id: each for each in Claim.objects.filter(claimant_id=by.claimant_id).order_by("noticed_at")
    }
    shown = [(line, key, claimed.get(line.id)) for line, key in named]
    return render(request, "portals/claimant/orders.html", {"by": by, "orders": shown})


# The request ----------------------------------------------------------------------------------------------


def _filed(request: HttpRequest, order: OrderNamed, line: OrderLine, now: datetime) -> HttpResponse:
    form_key = _form_key(request.POST.get("form", ""), line)
    sender = _sender(request, form_key or new_id())
    form = NoticeForm(line=line, by=sender, at=now, data=request.POST, files=request.FILES)
    if not form.is_valid():
        return _page(request, form, line, form_key or new_id(), status=422)
    if form_key is None:
        form.add_error(None, _OLD_FORM)
        return _page(request, form, line, new_id(), status=422)
    try:
        done = handle(_ask(form, order, sender, form_key, now))
    except Refused as refusal:
        if (
            refusal.code == "unknown_claim"
        ):  # there is one for this incident, and we cannot tell that it is this sender's
            return render(request, "portals/claimant/known.html")
        told = _OTHER_CONTENT if refusal.code == "key_used_for_other_content" else sentence(refusal)
        form.add_error(field_of(refusal), told)
        return _page(request, form, line, form_key, status=422)
    reference = done.claim.filed.reference
    if acting(request) is None:
        let_in(request, done.claim.claim_id, claimant_actor(done.claim.filed.claimant_id))
    told = (
        "You sent this before: here is the claim. Nothing was filed twice." if done.repeated else _received(reference)
    )
    messages.success(request, told)
    return redirect("claim", name=reference)


def _ask(form: NoticeForm, order: OrderNamed, sender: Actor, form_key: UUID, now: datetime) -> Ask:
    told = form.told(order)
    ask = asks.file_claim(told, by=sender, at=now, channel="web", buyer_ref=order.buyer_ref)
    assert isinstance(ask.command, FileClaim)
    # Files are compared by content: the same photo sent twice is two uploads, and the same form.
    content = (replace(told, evidence=()), form.files_told())
    key = asks.idempotency(Actor("form:claim", "claimant"), str(form_key), content)
    command = replace(ask.command, claimant_id=claimant_called(order.marketplace, told.contact.email) or form_key)
    return replace(ask, command=command, key=key)


def _sender(request: HttpRequest, form_key: UUID) -> Actor:
    """The signed-in claimant; else whoever holds this form."""
    by = acting(request)
    if by is not None and by.claimant_id is not None and Claim.objects.filter(claimant_id=by.claimant_id).exists():
        return by
    return claimant_actor(form_key)


def _received(reference: str) -> str:
    return f"We have your claim: {reference}. Keep this number; it also comes to you by mail."


# The form's key -------------------------------------------------------------------------------------------


def _form_key(token: str, line: OrderLine) -> UUID | None:
    try:
        key, line_id = signing.loads(token, salt=_SALT, max_age=_FORM_VALID_SECONDS)
        return UUID(hex=key) if line_id == line.pk else None
    except (signing.BadSignature, ValueError, TypeError):
        return None


def _page(
    request: HttpRequest, form: NoticeForm, line: OrderLine, form_key: UUID, *, status: int = 200
) -> HttpResponse:
    token = signing.dumps([form_key.hex, line.pk], salt=_SALT)
    return render(request, "portals/claimant/file.html", {"form": form, "line": line, "token": token}, status=status)


def _known(request: HttpRequest, line: OrderLine) -> dict[str, object]:
    known: dict[str, object] = {"method": "bank_transfer"}
    known["amount_hint"] = typed(line.price_minor * line.quantity, line.currency)
    if isinstance(request.user, Account) and (by := acting(request)) and by.role == "claimant":
        known |= {"email": request.user.email, "name": request.user.name}
    return known
