"""The rules as published: every version, and one version with a place for each clause. Open to everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from makewhole.domain.policy.dated import Dated
from makewhole.domain.policy.shapes import Table
from makewhole.domain.policy.showing import RuleShown, rules_shown
from makewhole.domain.refusal import Refused
from makewhole.store import policies
from makewhole.store.models import Marketplace, PolicyVersion


@dataclass(frozen=True, slots=True)
class RowTold:
    id: str
    when: str
    outcome: str
    because: str


@dataclass(frozen=True, slots=True)
class RuleTold:
    rule: RuleShown
    rows: tuple[RowTold, ...]


@require_GET
def published(request: HttpRequest) -> HttpResponse:
    """Every version of every policy, the newest first."""
    versions = PolicyVersion.objects.order_by("policy", "-seq")
    used = {each.policy: each.name for each in Marketplace.objects.order_by("code")}
    shown = [(version, *version.version.split(" ", 1), used.get(version.policy, "")) for version in versions]
    return render(request, "portals/policies.html", {"versions": shown})


@require_GET
def version(request: HttpRequest, policy: str, number: str) -> HttpResponse:
    """One version: values, clocks and tables in force today under it, each with its source."""
    name = f"{policy} {number}"
    try:
        document = policies.document_of(name)
    except Refused as refusal:
        raise Http404 from refusal
    row = PolicyVersion.objects.get(version=name)
    today = timezone.localdate()
    told = [RuleTold(rule, _rows(document.tables, rule)) for rule in rules_shown(document, today)]
    parts = [(title, [each for each in told if each.rule.part == part]) for part, title in _PARTS]
    context = {"version": row, "document": document, "parts": parts, "day": today}
    return render(request, "portals/policy.html", context)


_PARTS = (
    ("values", _("Limits and figures")),
    ("clocks", _("Clocks")),
    ("tables", _("Tables: the first row that holds decides")),
)


def _rows(tables: Mapping[str, Dated[Table]], rule: RuleShown) -> tuple[RowTold, ...]:
    entry = tables[rule.name].on(rule.from_day) if rule.part == "tables" else None
    rows = entry.what.rows if entry else ()
    return tuple(RowTold(row.id, " ".join(row.when.split()), row.outcome, row.because.text) for row in rows)
