"""What finance's pages have in common: their own navigation, downloads as CSV, and forms with one clear sentence."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from makewhole.domain.actors import Actor

Tab = tuple[str, str]  # address, title


def tabs_of(by: Actor) -> list[Tab]:
    """Where this role may go from here."""
    own = [("/finance", _("Today")), ("/approvals", _("Approvals"))]
    shared = [
        ("/batches", _("Batches")),
        ("/bank-answers", _("Bank answers")),
        ("/returns", _("Returns")),
        ("/reconciliation", _("Reconciliation")),
    ]
    books = [("/books", _("Books"))]
    if by.role == "finance":
        return [*own, *shared, *books]
    return [*shared, *books] if by.role == "auditor" else books


def page(
    request: HttpRequest, by: Actor, name: str, told: dict[str, Any], *, here: str, status: int = 200
) -> HttpResponse:
    """A page under templates/portals/finance/."""
    context = {"by": by, "tabs": tabs_of(by), "here": here, **told}
    return render(request, f"portals/finance/{name}.html", context, status=status)


def cursor(request: HttpRequest, name: str = "after") -> int:
    """A whole number in the address; anything else is no page."""
    told = request.GET.get(name, "")
    if not told:
        return 0
    if not (told.isascii() and told.isdecimal() and len(told) <= 18):
        raise Http404
    return int(told)


# What a cursor that is none may raise on its way to the database.
NO_CURSOR = (ValueError, OverflowError, OSError, ValidationError)


def as_id(told: str) -> UUID | None:
    try:
        return UUID(told)
    except ValueError:
        return None


def as_csv(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """A table to take along; row by row, so that a long one costs no memory."""
    response = StreamingHttpResponse(_lines(head, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    for row in chain([head], rows):
        out = io.StringIO()
        csv.writer(out).writerow([_cell(cell) for cell in row])
        yield out.getvalue()


def _cell(told: object) -> object:
    """Words that a spreadsheet would take for a formula are marked as words. Numbers stay numbers."""
    return f"'{told}" if isinstance(told, str) and told[:1] in ("=", "+", "-", "@", "\t", "\r") else told
