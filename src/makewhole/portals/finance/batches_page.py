"""Batches: what waits to go into one, all of them with where each stands, and one with its payments and its file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from makewhole import batches as door
from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.integrations.bank import Payer
from makewhole.portals.finance.shown import NO_CURSOR, as_id, cursor, page
from makewhole.portals.finance.words import BATCH_STATES, LEFT
from makewhole.portals.frame.fields import choice, text_input
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.showing import money
from makewhole.portals.frame.who import only
from makewhole.reads import batches as reads
from makewhole.reads.batches import BatchTold

_HERE = "/batches"


# The list, and making -----------------------------------------------------------------------------------


@never_cache
@require_GET
@only("finance", "auditor")
def batches(request: HttpRequest, by: Actor) -> HttpResponse:
    """What waits to be batched, and every batch, the newest first."""
    state, after = request.GET.get("state", ""), request.GET.get("after", "")
    try:
        found, next_after = reads.batches_of(by, state=state, after=after)
    except NO_CURSOR as error:
        raise Http404 from error
    waits = reads.waits_of(door.ready(by.marketplaces)) if not after else []
    told = {
        "waits": waits, "batches": found, "state": state, "states": _states(), "next_after": next_after,
        "headline": _headline(sum(each.number for each in waits)), "no_account": _without_account(waits, by),
    }  # fmt: skip
    return page(request, by, "batches", told, here=_HERE)


@require_POST
@only("finance")
def make(request: HttpRequest, by: Actor) -> HttpResponse:
    """One batch of what waits of one marketplace, currency and day."""
    marketplace, currency, day = (request.POST.get(name, "") for name in ("marketplace", "currency", "day"))
    try:
        of_day = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    try:
        made = door.make_batch(marketplace, currency[:3], of_day, by=by, at=timezone.now())
    except Refused as refusal:
        if refusal.code == "unknown_marketplace":
            raise Http404 from refusal
        messages.error(request, sentence(refusal))
        return redirect("batches")
    for left in made.left:
        messages.warning(
            request,
            _("Payment {payment} was left out: {why}.").format(payment=left.payment_id, why=LEFT[left.why]),
        )
    messages.success(request, _("The batch is made. Somebody else looks at it and signs it."))
    return redirect("batch", batch_id=made.batch.pk)


# One batch ----------------------------------------------------------------------------------------------


@never_cache
@require_GET
@only("finance", "auditor")
def batch(request: HttpRequest, by: Actor, batch_id: UUID) -> HttpResponse:
    """A batch, page by page of its payments, with what may be done with it."""
    return _batch(request, by, batch_id)


@require_POST
@only("finance")
def withdraw(request: HttpRequest, by: Actor, batch_id: UUID) -> HttpResponse:
    told = _("The batch is withdrawn. Its payments can go into another.")
    return _act(request, by, batch_id, lambda: door.withdraw(batch_id, by=by, at=timezone.now()), told)


@require_POST
@only("finance")
def take_out(request: HttpRequest, by: Actor, batch_id: UUID) -> HttpResponse:
    payment = as_id(request.POST.get("payment", ""))
    if payment is None:
        raise Http404
    because = request.POST.get("because", "")
    told = _("Taken out. It can go into another batch.")
    return _act(
        request, by, batch_id, lambda: door.take_out(batch_id, payment, because, by=by, at=timezone.now()), told
    )


@require_POST
@only("finance")
def free(request: HttpRequest, by: Actor, batch_id: UUID) -> HttpResponse:
    because = request.POST.get("because", "")
    told = _("What still waits can go into another batch.")
    return _act(request, by, batch_id, lambda: door.free(batch_id, because, by=by, at=timezone.now()), told)


@never_cache
@require_POST
@only("finance")
def file(request: HttpRequest, by: Actor, batch_id: UUID) -> HttpResponse:
    """The signed batch as a file for the bank. A post, since the first download is noted."""
    try:
        name, content = door.file_of(batch_id, by=by, at=timezone.now())
    except Refused as refusal:
        return _refused(request, by, batch_id, refusal)
    response = HttpResponse(content, content_type="application/xml")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# From which account we pay ------------------------------------------------------------------------------


class AccountForm(forms.Form):
    """Our own account at our bank."""

    def __init__(self, by: Actor, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="account_%s", label_suffix="")
        places = [(each.code, f"{each.name} ({each.code})") for each in reads.places_of(by)]
        self.fields["marketplace"].choices = places  # type: ignore[attr-defined]

    marketplace = forms.ChoiceField(label=gettext_lazy("Marketplace"), widget=choice())
    currency = forms.RegexField("^[A-Z]{3}$", label=gettext_lazy("Currency"), widget=text_input(maxlength=3),
        error_messages={"invalid": gettext_lazy("Three capital letters, like EUR.")})  # fmt: skip
    holder = forms.CharField(label=gettext_lazy("Who holds the account"), max_length=140, widget=text_input())
    account = forms.CharField(label=gettext_lazy("Account number or IBAN"), max_length=60,
        widget=text_input(autocomplete="off"))  # fmt: skip
    bic = forms.CharField(label=gettext_lazy("BIC of the bank"), max_length=11, required=False, widget=text_input())
    clearing_system = forms.CharField(
        label=gettext_lazy("Clearing system"), max_length=5, required=False, widget=text_input(),
        help_text=gettext_lazy("Where the bank is named by it: USABA, GBDSC, CACPA."),
    )  # fmt: skip
    clearing_member = forms.CharField(
        label=gettext_lazy("The bank's number there"), max_length=35, required=False, widget=text_input()
    )


@never_cache
@require_http_methods(["GET", "POST"])
@only("finance")
def accounts(request: HttpRequest, by: Actor) -> HttpResponse:
    """From where each marketplace pays, and another one."""
    form = AccountForm(by, request.POST if request.method == "POST" else None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        payer = Payer(
            told["holder"].strip(), "".join(told["account"].split()).upper(), told["bic"].strip().upper(),
            told["clearing_system"].strip().upper(), told["clearing_member"].strip(),
        )  # fmt: skip
        try:
            door.set_paying_account(told["marketplace"], told["currency"], payer, by=by, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, _("Recorded. Batches that are signed from now on are paid from it."))
            return redirect("paying-accounts")
    status = 422 if form.is_bound and form.errors else 200
    told = {"form": form, "accounts": reads.paying_accounts(by)}
    return page(request, by, "accounts", told, here=_HERE, status=status)


# Parts --------------------------------------------------------------------------------------------------


def _batch(request: HttpRequest, by: Actor, batch_id: UUID, *, refused: str = "", status: int = 200) -> HttpResponse:
    try:
        row = reads.find_batch(batch_id, by)
    except Refused as refusal:
        raise Http404 from refusal
    after = cursor(request)
    (told,) = reads.told_of([row])
    payments, next_after = reads.payments_of(row, by, after=after)
    taken, _more = reads.payments_of(row, by, out=True)
    rejections = reads.rejections_of(row) if row.signed_at else []
    context = {
        "batch": told, "row": row, "payments": payments, "next_after": next_after, "taken": taken,
        "rejections": rejections, "rejected": {line.payment_id for line in rejections if line.payment_id},
        "whole": any(line.payment_id is None for line in rejections),
        "headline": _said(told), "refused": refused, "may_act": by.role == "finance",
        "own_batch": row.made_by == by.name, "has_account": _has_account(told, by),
    }  # fmt: skip
    return page(request, by, "batch", context, here=_HERE, status=status)


def _act(request: HttpRequest, by: Actor, batch_id: UUID, act: Callable[[], door.Made], told: str) -> HttpResponse:
    try:
        done = act()
    except Refused as refusal:
        return _refused(request, by, batch_id, refusal)
    messages.success(request, _("This was done before; nothing was done twice.") if done.repeated else told)
    return redirect("batch", batch_id=batch_id)


def _refused(request: HttpRequest, by: Actor, batch_id: UUID, refusal: Refused) -> HttpResponse:
    return _batch(request, by, batch_id, refused=sentence(refusal), status=422)


def _headline(waiting: int) -> str:
    if not waiting:
        return _("No payment waits to go into a batch.")
    return ngettext(
        "{number} payment waits to go into a batch.", "{number} payments wait to go into a batch.", waiting
    ).format(number=waiting)


def _said(told: BatchTold) -> str:
    """The batch in one sentence."""
    row = told.row
    total = money(row.total_minor, row.currency)
    if told.state == "withdrawn":
        return _("This batch was withdrawn.")
    if told.state == "to_sign":
        return ngettext(
            "{number} payment, {total}: waits for a second person's signature.",
            "{number} payments, {total}: wait for a second person's signature.",
            row.number,
        ).format(number=row.number, total=total)
    if told.state == "signed":
        return _("{total} is signed. Download the file, and send it to the bank.").format(total=total)
    if told.state == "with_bank":
        return ngettext(
            "The bank has not answered {number} payment of {total} yet.",
            "The bank has not answered {number} payments of {total} yet.",
            told.waiting,
        ).format(number=told.waiting, total=total)
    return _("The bank answered everything in this batch of {total}.").format(total=total)


def _states() -> list[tuple[str, Any]]:
    return [(state, BATCH_STATES[state]) for state in ("to_sign", "signed", "with_bank", "withdrawn")]


def _without_account(waits: list[reads.Waits], by: Actor) -> list[tuple[str, str]]:
    known = {(each.marketplace_id, each.currency) for each in reads.paying_accounts(by)} if waits else set()
    return sorted({(each.marketplace, each.currency) for each in waits} - known)


def _has_account(told: BatchTold, by: Actor) -> bool:
    row = told.row
    if row.signed_at is not None:
        return True
    return (row.marketplace_id, row.currency) in {
        (each.marketplace_id, each.currency) for each in reads.paying_accounts(by)
    }
