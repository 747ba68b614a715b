"""Orders against the bank against the books, day by day; and one by one what does not agree."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from makewhole.domain.actors import Actor
from makewhole.domain.money import Money
from makewhole.portals.finance.shown import NO_CURSOR, as_csv, cursor, page
from makewhole.portals.finance.words import NEXT_STEPS
from makewhole.portals.frame.fields import choice, day_input
from makewhole.portals.frame.who import only
from makewhole.reads import bank
from makewhole.reads.batches import places_of
from makewhole.reads.books import today_in
from makewhole.reads.reconciliation import MOST_DAYS, checks_now, payments_on, reconciled, silent_batches
from makewhole.store.models import Marketplace

_HERE = "/reconciliation"
_DAYS = 3  # today and the two before; longer periods are asked for
_PAGE = 50


class PeriodForm(forms.Form):
    """Which marketplace, from which day to which."""

    def __init__(self, places: list[Marketplace], data: Any) -> None:
        super().__init__(data, auto_id="period_%s", label_suffix="")
        self.fields["marketplace"].choices = [(each.code, each.name) for each in places]  # type: ignore[attr-defined]

    marketplace = forms.ChoiceField(label=gettext_lazy("Marketplace"), widget=choice())
    from_day = forms.DateField(label=gettext_lazy("From"), widget=day_input())
    to_day = forms.DateField(label=gettext_lazy("To"), widget=day_input())

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        since, until = told.get("from_day"), told.get("to_day")
        if since and until and since > until:
            raise forms.ValidationError(_("The period ends before it begins."))
        if since and until and (until - since).days >= MOST_DAYS:
            raise forms.ValidationError(_("At most {days} days at once.").format(days=MOST_DAYS))
        return told


@never_cache
@require_GET
@only("finance", "auditor")
def reconciliation(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """The last days of one marketplace, or the period that was asked for."""
    places = places_of(by)
    now = timezone.now()
    if not places:
        raise Http404
    form = _form(request, places)
    asked = form.cleaned_data if form.is_valid() else None
    place = asked["marketplace"] if asked else places[0].code
    days = reconciled(place, asked["from_day"], asked["to_day"]) if asked else []
    if asked and request.GET.get("format") == "csv":
        return as_csv(f"reconciliation-{place}-{asked['from_day']}-{asked['to_day']}.csv", _HEAD, map(_row, days))
    misfits, next_after = bank.misfits_of(by, after=cursor(request))
    silent = silent_batches(by, now)
    checks = checks_now(place, now)
    off = sum(1 for day in days if day.difference_minor) + sum(1 for check in checks if check.off_minor)
    told = {
        "form": form, "days": days, "checks": checks, "misfits": misfits, "silent": silent, "place": place,
        "next_after": next_after, "now": now, "steps": NEXT_STEPS, "may_act": by.role == "finance",
        "headline": _headline(off, len(misfits), len(silent), more=bool(next_after)),
        "query": f"marketplace={place}&from_day={asked['from_day']}&to_day={asked['to_day']}" if asked else "",
    }  # fmt: skip
    return page(request, by, "reconciliation", told, here=_HERE, status=200 if asked else 422)


@never_cache
@require_GET
@only("finance", "auditor")
def day(request: HttpRequest, by: Actor, marketplace: str, currency: str, on: str) -> HttpResponse:
    """The orders of one day in one currency, each with how it stands and what the bank's file said."""
    if marketplace not in {each.code for each in places_of(by)}:
        raise Http404
    try:
        of_day = date.fromisoformat(on)
    except ValueError as error:
        raise Http404 from error
    state = request.GET.get("state", "")
    found = payments_on(marketplace, currency, of_day, state).select_related("claim").order_by("id")
    if after := request.GET.get("after", ""):
        try:
            found = found.filter(id__gt=after)
        except NO_CURSOR as error:
            raise Http404 from error
    payments = list(found[: _PAGE + 1])
    more, payments = len(payments) > _PAGE, payments[:_PAGE]
    answers = bank.answered_by([payment.pk for payment in payments])
    told = {
        "rows": [(payment, answers.get(payment.pk)) for payment in payments], "of_day": of_day,
        "currency": currency, "place": marketplace, "state": state, "next_after": payments[-1].pk if more else "",
        "states": _states(),
    }  # fmt: skip
    return page(request, by, "reconciliation_day", told, here=_HERE)


def _states() -> list[tuple[str, str]]:
    return [("ordered", _("Open")), ("settled", _("Confirmed")), ("returned", _("Came back"))]


_HEAD = (
    "day", "currency", "orders", "ordered", "in batches", "confirmed", "returned", "open", "told by bank files",
    "booked", "difference",
)  # fmt: skip


def _row(each: Any) -> tuple[object, ...]:
    def major(minor: int) -> object:
        return Money(minor, each.currency).decimal

    return (
        each.day, each.currency, each.number, major(each.ordered_minor), major(each.in_batches_minor),
        major(each.confirmed_minor), major(each.returned_minor), major(each.open_minor),
        major(each.by_bank_file_minor), major(each.booked_minor), major(each.difference_minor),
    )  # fmt: skip


def _form(request: HttpRequest, places: list[Marketplace]) -> PeriodForm:
    place = request.GET.get("marketplace") or places[0].code
    known = place if place in {each.code for each in places} else places[0].code
    today = today_in(known, timezone.now())
    return PeriodForm(
        places,
        {
            "marketplace": place,
            "from_day": request.GET.get("from_day") or today - timedelta(days=_DAYS - 1),
            "to_day": request.GET.get("to_day") or today,
        },
    )


def _headline(off: int, misfits: int, silent: int, *, more: bool) -> str:
    parts = []
    if off:
        parts.append(
            ngettext(
                "{number} figure of the books is not that of the orders",
                "{number} figures of the books are not those of the orders",
                off,
            ).format(number=off)
        )
    if misfits:
        number = f"{misfits}+" if more else str(misfits)
        told = ngettext("{number} answer of the bank does not fit", "{number} answers of the bank do not fit", misfits)
        parts.append(told.format(number=number))
    if silent:
        told = ngettext("{number} batch waits for the bank", "{number} batches wait for the bank", silent)
        parts.append(told.format(number=silent))
    return f"{'; '.join(parts)}." if parts else _("Orders, bank and books agree.")
