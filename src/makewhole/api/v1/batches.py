"""Batches of rows as an import takes them: the same for orders, sellers, disbursements, insurers and coverages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from makewhole.api.v1 import said
from makewhole.api.v1.answers import answer
from makewhole.api.v1.asking import HIT, currency_of, key_in
from makewhole.api.v1.once import Told, once
from makewhole.api.v1.problems import Problem
from makewhole.api.v1.tokens import now, role_in
from makewhole.domain.actors import Actor, RoleName
from makewhole.imports.report import ImportReport
from makewhole.integrations.order_files.rows import Unreadable
from makewhole.store.models import Marketplace

SENDS: frozenset[RoleName] = frozenset({"marketplace", "administrator"})
# Loads the rows as of that instant, and answers with what there is to say of them.
Load = Callable[[said.Batch, datetime], Told]


def batch(request: HttpRequest, told: said.Batch, subject: str, load: Load) -> HttpResponse:
    """A batch of some marketplace's rows, once under its key."""
    actor = role_in(request, SENDS, f"Send{subject.capitalize()}")
    _only_own_marketplaces(told, actor)
    return rows_in(request, told, subject, load, by=actor)


def rows_in(request: HttpRequest, told: said.Batch, subject: str, load: Load, *, by: Actor) -> HttpResponse:
    """A batch by somebody who may send it, once under its key."""
    at = now()

    def effect() -> Told:
        try:
            return load(told, at)
        except Unreadable as wrong:
            raise Problem("rows_unreadable", why=str(wrong)) from None

    content = told.model_dump(mode="json")
    report, hit = once(subject, key_in(request), by=by, at=at, content=content, effect=effect)
    return answer(report, headers=HIT if hit else {})


def reported(report: ImportReport) -> Told:
    """The outcome of an import as JSON."""
    return {
        "rows": report.rows,
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "repeated": report.repeated,
        "bad": report.bad,
        "sellers_created": report.sellers_created,
        "bad_rows": [
            {
                "row": bad.row,
                "reasons": [{"field": why.field, "code": why.code, "what": why.sentence} for why in bad.reasons],
            }
            for bad in report.bad_rows
        ],
    }


def marketplace_in(told: str, actor: Actor) -> str:
    """The marketplace that is asked about; who works in one only need not name it."""
    if told:
        currency_of(storable(told), actor)
        return told
    known = sorted(actor.marketplaces) or list(Marketplace.objects.order_by("code").values_list("code", flat=True))
    if len(known) != 1:
        raise Problem("which_marketplace", known=", ".join(known))
    return known[0]


def storable(told: str) -> str:
    """A name to look for. PostgreSQL takes no null bytes; nothing here has a name with one."""
    return told.replace("\x00", "\ufffd")


def _only_own_marketplaces(told: said.Batch, actor: Actor) -> None:
    named = {told.marketplace} if told.marketplace else {str(row.get("marketplace", "")) for row in told.rows}
    for code in sorted(named - {""}):
        currency_of(code, actor)
