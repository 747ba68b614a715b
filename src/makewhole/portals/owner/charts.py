"""The programme's plots: each from the figures that its table and its download show too. Start at charts_of()."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makewhole.domain.figures import BEARERS, OUR_CLOCKS, THEIR_CLOCKS
from makewhole.domain.money import Money
from makewhole.portals.frame.plots import Chart, Drawn, Series, bars, columns, lines, shares
from makewhole.portals.frame.showing import money
from makewhole.portals.owner.shown import (
    month,
    number,
    percent,
    short_day,
    short_money,
    short_month,
    short_number,
    waited,
)
from makewhole.reads.figures import TRACKS, Kept, Over, Programme, Waits

Words = Mapping[str, "str | Promise"]
BEARER_WORDS: Words = {
    "platform": gettext_lazy("Platform"),
    "seller": gettext_lazy("Sellers"),
    "insurer": gettext_lazy("Insurers"),
    "producer": gettext_lazy("Producers"),
    "asked": gettext_lazy("Still asked back"),
}
TRACK_WORDS: Words = {
    "direct": gettext_lazy("At or under the limit"),
    "tendered": gettext_lazy("Over the limit"),
}
CLOCK_WORDS: Words = {
    "decision": gettext_lazy("Decision on a claim"),
    "pay": gettext_lazy("Payment"),
    "whole_claim": gettext_lazy("The whole claim"),
    "safety_review": gettext_lazy("Safety review"),
    "step_in": gettext_lazy("Step-in after a tender"),
    "contest_decision": gettext_lazy("Decision on a contest"),
    "claimant_answers": gettext_lazy("Claimant's answer"),
    "seller_answers": gettext_lazy("Seller's answer"),
    "producer_answers": gettext_lazy("Producer's answer"),
    "seller_handles": gettext_lazy("Seller's settlement"),
    "seller_pays": gettext_lazy("Seller's payment"),
    "insurer_answers": gettext_lazy("Insurer's answer"),
    "seller_proof_of_insurance": gettext_lazy("Seller's proof of insurance"),
}
# How long it took until the first money came, in hours: from, and until (not in it).
STEPS: tuple[tuple[int, int | None, str | Promise], ...] = (
    (0, 1, gettext_lazy("under 1 hour")),
    (1, 6, gettext_lazy("1 to 6 hours")),
    (6, 24, gettext_lazy("6 to 24 hours")),
    (24, 48, gettext_lazy("1 to 2 days")),
    (48, 168, gettext_lazy("2 to 7 days")),
    (168, 336, gettext_lazy("7 to 14 days")),
    (336, 720, gettext_lazy("14 to 30 days")),
    (720, 1440, gettext_lazy("30 to 60 days")),
    (1440, None, gettext_lazy("60 days or more")),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A plot with what stands around it. `exact`: how a number of it is written in a download; `sums` is a word for
    each series, where they add up to something."""

    chart: Chart
    drawn: Drawn
    lead: str
    notes: tuple[str, ...] = ()
    exact: Callable[[int], object] = int
    unit: str = ""  # of the numbers in a download
    sums: tuple[str, ...] = ()

    @property
    def legend(self) -> list[tuple[str, str, str]]:
        """Class, name and sum of each series."""
        sums = self.sums or ("",) * len(self.chart.series)
        return [(kind, name, told) for (kind, name), told in zip(self.chart.legend, sums, strict=True)]


def charts_of(found: Programme) -> list[Told]:
    """Claims over time, clocks, days to money, and the money of each currency."""
    return [claims_by_month(found), our_clocks(found), days_to_money(found), *money_by_bearer(found)]


def claims_by_month(found: Programme) -> Told:
    chart = _over(found.over, "claims", _("Claims over time"), _("Month"), found.months, month, short_month)
    return Told(chart, lines(chart), _flow(found.over), unit=_("claims"))


def claims_by_day(days: tuple[date, ...], over: Over) -> Told:
    from makewhole.portals.frame.showing import day

    title = _("Claims day by day")
    chart = _over(over, "claims-by-day", title, _("Day"), days, day, short_day)
    return Told(chart, lines(chart), _flow(over), unit=_("claims"))


def money_by_bearer(found: Programme) -> list[Told]:
    """One plot for each currency: amounts of two are never added."""
    return [_borne(found, currency, parts) for currency, parts in found.borne.items()]


def days_to_money(found: Programme) -> Told:
    waits = [found.waits[track] for track in TRACKS]
    labels = tuple(str(words) for start, until, words in STEPS)
    series = tuple(
        Series(str(TRACK_WORDS[track]), tuple(each.between(start, until) for start, until, words in STEPS))
        for track, each in zip(TRACKS, waits, strict=True)
    )
    every = found.all_waits
    lead = (
        _("Half of the customers had money within {median}, 95 of 100 within {p95}.").format(
            median=waited(every.percentile(50)), p95=waited(every.percentile(95))
        )
        if every.number
        else _("Nobody had money yet.")
    )
    chart = Chart(
        "days-to-money", _("How soon the money came"), lead, _("After the first notice"), labels, series, told=number
    )
    return Told(chart, bars(chart), lead, notes=tuple(map(_wait_told, TRACKS, waits)), unit=_("claims"))


def our_clocks(found: Programme) -> Told:
    return _clocks(
        found, "clocks", _("Our clocks, kept and missed"), OUR_CLOCKS, found.ours,
        _("Of {ended} that ended, {kept} were kept ({share}) and {missed} missed."),
    )  # fmt: skip


def their_clocks(found: Programme) -> Told:
    return _clocks(
        found, "their-clocks", _("Answers that we waited for"), THEIR_CLOCKS, found.theirs,
        _("Of {ended} times to answer, {kept} were used ({share}); in {missed} nothing came."),
        words=(_("Answered"), _("No answer")), missed="s5",
    )  # fmt: skip


def clocks_by_month(found: Programme) -> Told:
    missed = tuple(each.missed for each in found.ours_by_month)
    kept = tuple(each.kept for each in found.ours_by_month)
    chart = Chart(
        "clocks-by-month", _("Our clocks, month by month"), _kept_told(found.ours), _("Month"),
        tuple(map(month, found.months)), (Series(_("Kept"), kept), Series(_("Missed"), missed, "harm")),
        told=number, tick=short_number, short=tuple(map(short_month, found.months)), axis=_("clocks that ended"),
        running=True,
    )  # fmt: skip
    sums = (number(sum(kept)), number(sum(missed)))
    return Told(chart, columns(chart), _kept_told(found.ours), unit=_("clocks"), sums=sums)


def download(told: Told, name: str) -> HttpResponse:
    """The plot's numbers as CSV: the same labels and the same numbers, amounts in units of the currency."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    rows = csv.writer(response)
    rows.writerow([told.chart.of, *(f"{each.name} ({told.unit})" for each in told.chart.series)])
    for label, values in told.chart.table:
        rows.writerow([label, *(told.exact(value) for value in values)])
    return response


def _over(
    over: Over, name: str, title: str, of: str, days: tuple[date, ...], told: Callable[[date], str],
    short: Callable[[date], str],
) -> Chart:  # fmt: skip
    series = (Series(_("Filed"), over.filed), Series(_("Decided"), over.decided), Series(_("Closed"), over.closed))
    return Chart(
        name, title, _flow(over), of, tuple(map(told, days)), series, told=number, tick=short_number,
        short=tuple(map(short, days)), axis=_("claims"), running=True,
    )  # fmt: skip


def _flow(over: Over) -> str:
    return _("{filed} filed, {decided} decided for the first time, {closed} closed.").format(
        filed=number(sum(over.filed)), decided=number(sum(over.decided)), closed=number(sum(over.closed))
    )


def _borne(found: Programme, currency: str, parts: dict[str, tuple[int, ...]]) -> Told:
    told = partial(_money, currency)
    series = tuple(Series(str(BEARER_WORDS[bearer]), parts[bearer]) for bearer in BEARERS)
    whole = sum(map(sum, parts.values()))
    lead = _("Customers had {whole}; the platform bears {share} of it.").format(
        whole=told(whole), share=percent(sum(parts["platform"]), whole)
    )
    chart = Chart(
        f"money-{currency.lower()}", _("Who bears the money, in {currency}").format(currency=currency), lead,
        _("Month of the first money"), tuple(map(month, found.months)), series, told=told,
        tick=partial(_short_money, currency), short=tuple(map(short_month, found.months)), axis=currency, running=True,
    )  # fmt: skip
    sums = tuple(told(sum(parts[bearer])) for bearer in BEARERS)
    return Told(chart, columns(chart), lead, exact=partial(_exact, currency), unit=currency, sums=sums)


def _clocks(
    found: Programme, name: str, title: str, clocks: tuple[str, ...], all_of_them: Kept, says: str, *,
    words: tuple[str, str] = ("", ""), missed: str = "harm",
) -> Told:  # fmt: skip
    each = [(clock, found.clocks.get(clock, Kept())) for clock in clocks]
    ended = [(clock, kept) for clock, kept in each if kept.ended]
    lead = (
        says.format(
            ended=number(all_of_them.ended), kept=number(all_of_them.kept), missed=number(all_of_them.missed),
            share=percent(all_of_them.kept, all_of_them.ended),
        )
        if ended
        else _("None ended in this time.")
    )  # fmt: skip
    series = (
        Series(words[0] or _("Kept"), tuple(kept.kept for clock, kept in ended)),
        Series(words[1] or _("Missed"), tuple(kept.missed for clock, kept in ended), missed),
    )
    labels = tuple(str(CLOCK_WORDS[clock]) for clock, kept in ended)
    chart = Chart(name, title, lead, _("Clock"), labels, series, told=number)
    return Told(chart, shares(chart), lead, unit=_("clocks"))


def _kept_told(kept: Kept) -> str:
    return _("{kept} of {ended} kept ({share}).").format(
        kept=number(kept.kept), ended=number(kept.ended), share=percent(kept.kept, kept.ended)
    )


def _wait_told(track: str, waits: Waits) -> str:
    if not waits.number:
        return _("{track}: nobody yet.").format(track=TRACK_WORDS[track])
    return _("{track}: median {median}, 95th percentile {p95}, {number} claims.").format(
        track=TRACK_WORDS[track], median=waited(waits.percentile(50)), p95=waited(waits.percentile(95)),
        number=number(waits.number),
    )  # fmt: skip


def _money(currency: str, minor: int) -> str:
    return money(minor, currency)


def _short_money(currency: str, minor: int) -> str:
    return short_money(minor, currency)


def _exact(currency: str, minor: int) -> object:
    return Money(minor, currency).decimal
