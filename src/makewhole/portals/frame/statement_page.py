"""Statements of reasons as pages and as PDF: the same lines as in the mails, the clauses linked to their policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from makewhole.domain.refusal import Refused
from makewhole.domain.statement import CitedClause, StatementOfReasons
from makewhole.portals.frame.who import who_sees
from makewhole.reads import statement_lines as lines
from makewhole.reads.showing import instant
from makewhole.reads.statement_lines import Section
from makewhole.reads.statement_pdf import pdf
from makewhole.reads.statements import Issued, statement_at


@dataclass(frozen=True, slots=True)
class AmountTold:
    """An amount in words: for what, whose it is and which way it goes."""

    what: str
    way: str
    amount: str


@dataclass(frozen=True, slots=True)
class StatementTold:
    """A statement ready for portals/statement.html. `address` is its page; its PDF is at `pdf_address`."""

    title: str
    addressed: str
    issued: str
    to: str
    about: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    amounts: tuple[AmountTold, ...]
    clauses: tuple[CitedClause, ...]
    address: str
    pdf_address: str


def told(statement: StatementOfReasons, address: str, query: str = "") -> StatementTold:
    """Any statement, whatever it is about; `address` without its ending."""
    return StatementTold(
        title=lines.title(statement),
        addressed=lines.addressed(statement),
        issued=instant(statement.issued_at, statement.zone),
        to=lines.to(statement),
        about=tuple(lines.about(statement)),
        sections=tuple(lines.sections(statement)),
        amounts=tuple(
            AmountTold(lines.write(line.what, statement), lines.phrase(line.way, statement), lines.money(line))
            for line in statement.amounts
        ),
        clauses=statement.clauses,
        address=f"{address}{query}",
        pdf_address=f"{address}.pdf{query}",
    )


def told_of_claim(issued: Sequence[Issued], reference: str) -> list[StatementTold]:
    """The statements of a claim for its page, the newest first."""
    return [_told(each, reference) for each in reversed(issued)]


@never_cache
@require_GET
def statement(request: HttpRequest, name: str, version: int) -> HttpResponse:
    """One statement; to `?to=` where several parties got one of the same decision."""
    issued = _seen(request, name, version)
    reference = issued.statement.reference
    context = {"told": _told(issued, reference), "reference": reference}
    return render(request, "portals/claim/statement.html", context)


@never_cache
@require_GET
def paper(request: HttpRequest, name: str, version: int) -> HttpResponse:
    """The same as a PDF."""
    issued = _seen(request, name, version)
    return pdf_answer(issued.statement, issued.paper, f"{issued.statement.reference}-{version}-{issued.statement.to}")


def pdf_answer(statement: StatementOfReasons, paper: str, name: str) -> HttpResponse:
    """The PDF of any statement, under that file name, as the browser shows it."""
    response = HttpResponse(pdf(statement, paper=paper), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _seen(request: HttpRequest, name: str, version: int) -> Issued:
    try:
        by, claim_id = who_sees(request, name)
        return statement_at(claim_id, version, by, to=request.GET.get("to", ""))
    except Refused as refusal:
        raise Http404 from refusal


def _told(issued: Issued, reference: str) -> StatementTold:
    party = issued.statement.to
    return told(issued.statement, f"/claims/{reference}/statements/{issued.version}", f"?to={party}")
