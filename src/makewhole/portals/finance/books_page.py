"""The books: a trial balance at a day, an account's days, a day's entries, and the entry itself. Each to take along."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from makewhole.domain.actors import Actor
from makewhole.domain.money import MINOR_DIGITS, Money
from makewhole.domain.refusal import Refused
from makewhole.portals.finance.shown import NO_CURSOR, as_csv, page
from makewhole.portals.finance.words import ACCOUNTS, MEANINGS
from makewhole.portals.frame.fields import choice, day_input
from makewhole.portals.frame.who import only
from makewhole.reads import books as reads
from makewhole.reads.batches import places_of
from makewhole.reads.views import find_claim
from makewhole.store import ledger_days
from makewhole.store.models import Claim, Event, Marketplace, Posting

_HERE = "/books"


class DayForm(forms.Form):
    """Which marketplace, at the end of which day."""

    def __init__(self, places: list[Marketplace], data: Any) -> None:
        super().__init__(data, auto_id="books_%s", label_suffix="")
        self.fields["marketplace"].choices = [(each.code, each.name) for each in places]  # type: ignore[attr-defined]

    marketplace = forms.ChoiceField(label=gettext_lazy("Marketplace"), widget=choice())
    day = forms.DateField(label=gettext_lazy("At the end of"), widget=day_input())


@never_cache
@require_GET
@only("finance", "programme_owner", "auditor")
def trial_balance(request: HttpRequest, by: Actor) -> HttpResponseBase:
    """Every account of one marketplace at the end of a day, by currency."""
    places = places_of(by)
    if not places:
        raise Http404
    asked = request.GET.get("marketplace") or places[0].code
    known = asked if asked in {each.code for each in places} else places[0].code
    today = reads.today_in(known, timezone.now())
    form = DayForm(places, {"marketplace": asked, "day": request.GET.get("day") or today})
    valid = form.is_valid()
    day = form.cleaned_data["day"] if valid else today
    found = reads.trial_balances(known, day) if valid else []
    if valid and request.GET.get("format") == "csv":
        return as_csv(f"trial-balance-{known}-{day}.csv", ("marketplace", "day", "currency", "account", "debit",
                      "credit", "balance"), list(_balance_rows(known, day, found)))  # fmt: skip
    off = [each for each in found if each.off_minor]
    told = {
        "form": form, "balances": found, "day": day, "place": known, "today": today, "accounts": ACCOUNTS,
        "meanings": MEANINGS, "closed_through": ledger_days.closed_through(known),
        "headline": _("The books are off by what is marked below.") if off else _("The books balance."),
    }  # fmt: skip
    return page(request, by, "books", told, here=_HERE, status=200 if valid else 422)


@never_cache
@require_GET
@only("finance", "programme_owner", "auditor")
def account(request: HttpRequest, by: Actor, marketplace: str, currency: str, name: str) -> HttpResponseBase:
    """One account through a month, day by day."""
    place = _place(marketplace, currency, name, by)
    today = reads.today_in(marketplace, timezone.now())
    month = _day(f"{request.GET['month']}-01") if request.GET.get("month") else today
    first, last = reads.month_of(month)
    period = reads.account_days(marketplace, currency, name, first, last)
    if request.GET.get("format") == "csv":
        rows = [
            (each.day, *_majors(currency, each.debit_minor, each.credit_minor, each.balance_minor), each.postings)
            for each in period.days
        ]
        head = ("day", "debit", "credit", "balance", "postings")
        return as_csv(f"{name}-{marketplace}-{currency}-{first:%Y-%m}.csv", head, rows)
    before, after = reads.month_of(first - _ONE_DAY)[0], last + _ONE_DAY
    told = {
        "place": place, "currency": currency, "name": name, "title": ACCOUNTS[name], "meaning": MEANINGS[name],
        "period": period, "first": first, "last": last, "before": before, "after": after if after <= today else None,
    }  # fmt: skip
    return page(request, by, "account", told, here=_HERE)


@never_cache
@require_GET
@only("finance", "programme_owner", "auditor")
def entries(request: HttpRequest, by: Actor, marketplace: str, currency: str, name: str, on: str) -> HttpResponseBase:
    """What an account moved on one day: each leg with its event and its claim, and where the account stood after it."""
    place = _place(marketplace, currency, name, by)
    day = _day(on)
    if request.GET.get("format") == "csv":
        head = ("at", "claim", "version", "event", "debit", "credit", "balance")
        return as_csv(f"{name}-{marketplace}-{currency}-{day}.csv", head, _entry_rows(marketplace, currency, name, day))
    try:
        found, opening, next_after = reads.entries_of(
            marketplace, currency, name, day, after=request.GET.get("after", "")
        )
    except NO_CURSOR as error:
        raise Http404 from error
    told = {
        "place": place, "currency": currency, "name": name, "title": ACCOUNTS[name], "day": day, "entries": found,
        "opening_minor": opening, "next_after": next_after, "first": not request.GET.get("after"),
    }  # fmt: skip
    return page(request, by, "entries", told, here=_HERE)


@never_cache
@require_GET
@only("finance", "programme_owner", "auditor")
def entry(request: HttpRequest, by: Actor, reference: str, version: int) -> HttpResponse:
    """One entry: all its legs, the event that posted it, and the claim."""
    try:
        claim_id = find_claim(reference, by)
    except Refused as refusal:
        raise Http404 from refusal
    event = Event.objects.filter(claim_id=claim_id, version=version).only("claim_id", "version", "kind", "at").first()
    legs = list(Posting.objects.filter(claim_id=claim_id, version=version).order_by("leg"))
    if event is None or not legs:
        raise Http404
    claim = Claim.objects.get(id=claim_id)
    if reference != claim.reference:
        return redirect("book-entry", reference=claim.reference, version=version)
    told = {
        "claim": claim, "event": event, "legs": legs, "accounts": ACCOUNTS,
        "off_minor": sum(leg.amount_minor for leg in legs),
    }  # fmt: skip
    return page(request, by, "entry", told, here=_HERE)


# Parts --------------------------------------------------------------------------------------------------

_ONE_DAY = date.resolution


def _place(marketplace: str, currency: str, name: str, by: Actor) -> Marketplace:
    if name not in ACCOUNTS or currency not in MINOR_DIGITS:
        raise Http404
    try:
        return reads.place_of(marketplace, by)
    except Refused as refusal:
        raise Http404 from refusal


def _day(told: str) -> date:
    try:
        day = date.fromisoformat(told)
    except ValueError as error:
        raise Http404 from error
    if not ledger_days.FIRST_DAY < day < ledger_days.LAST_DAY:
        raise Http404
    return day


def _majors(currency: str, *minors: int) -> tuple[object, ...]:
    return tuple(Money(minor, currency).decimal for minor in minors)


def _balance_rows(place: str, day: date, found: list[reads.TrialBalance]) -> Iterator[tuple[object, ...]]:
    for balance in found:
        for each in balance.accounts:
            majors = _majors(balance.currency, each.debit_minor, each.credit_minor, each.balance_minor)
            yield (place, day, balance.currency, each.account, *majors)


def _entry_rows(place: str, currency: str, name: str, day: date) -> Iterator[tuple[object, ...]]:
    """Page by page, so that a day of any length can be taken along."""
    after = ""
    while True:
        found, _opening, after = reads.entries_of(place, currency, name, day, after=after, size=1_000)
        for told in found:
            each = told.entry
            debit, credit = max(each.amount_minor, 0), max(-each.amount_minor, 0)
            yield (
                _iso(each.at), each.reference, each.version, each.kind,
                *_majors(currency, debit, credit, told.balance_minor),
            )  # fmt: skip
        if not after:
            return


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
