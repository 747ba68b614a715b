"""Statements of reasons: what was decided on a claim and why, for each party; as values, as lines and as PDF."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from makewhole.api.v1 import pages, shapes
from makewhole.api.v1.answers import answer
from makewhole.api.v1.tokens import Token, by
from makewhole.domain.money import Money
from makewhole.domain.statement import Party, StatementOfReasons
from makewhole.reads import statement_lines as lines
from makewhole.reads.statement_pdf import pdf
from makewhole.reads.statements import Issued, Paper, statement_at, statements_of
from makewhole.reads.views import find_claim

router = Router(tags=["statements of reasons"])
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The entry of the log that the statement tells.")]


class Whose(BaseModel):
    to: Annotated[Party | None, Field(description="To whom, where several parties got one; else the first.")] = None


@router.get("/claims/{name}/statements", auth=Token("claims:read"), response=shapes.Statements,
            summary="Every statement of reasons")  # fmt: skip
def list_statements(request: HttpRequest, name: str, wanted: Query[pages.Paging]) -> HttpResponse:
    """What was decided on a claim and why, the oldest first. A party gets those that are addressed to it."""
    actor = by(request)
    after = int(pages.place(wanted.cursor, pages.BY_NUMBER) or 0)
    issued = statements_of(find_claim(name, actor), actor)
    page = issued[after : after + wanted.limit]
    more = after + wanted.limit < len(issued)
    return answer(pages.page([_shown(each) for each in page], after + wanted.limit if more else None))


@router.get("/claims/{name}/statements/{int:version}", auth=Token("claims:read"), response=shapes.StatementShape,
            summary="A statement of reasons")  # fmt: skip
def show_statement(request: HttpRequest, name: str, version: Path[Version], wanted: Query[Whose]) -> HttpResponse:
    """The statement of one entry of the claim's log. It does not change afterwards."""
    return answer(_shown(_found(request, name, version, wanted)))


@router.get("/claims/{name}/statements/{int:version}.pdf", auth=Token("claims:read"), response={200: bytes},
            summary="A statement of reasons as PDF")  # fmt: skip
def statement_as_pdf(request: HttpRequest, name: str, version: Path[Version], wanted: Query[Whose]) -> HttpResponse:
    """The same on paper. The same statement gives the same bytes."""
    issued = _found(request, name, version, wanted)
    return on_paper(issued.statement, issued.paper, f"{issued.statement.reference}-{version}")


def on_paper(statement: StatementOfReasons, paper: Paper, name: str) -> HttpResponse:
    """Any statement as a PDF, under that file name."""
    response = HttpResponse(pdf(statement, paper=paper), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def statement_shown(statement: StatementOfReasons) -> dict[str, Any]:
    """A statement as plain values, whatever it is about: sentences written, amounts and instants as values too."""

    def told(sentences: Any) -> list[str]:  # a tuple of Said
        return [lines.write(each, statement) for each in sentences]

    return {
        "kind": statement.kind,
        "reference": statement.reference,
        "issued_at": statement.issued_at,
        "issuer": statement.issuer,
        "marketplace": statement.marketplace,
        "to": statement.to,
        "to_name": statement.to_name,
        "title": lines.title(statement),
        "about": [{"name": name, "value": value} for name, value in statement.about],
        "facts": told(statement.facts),
        "amounts": [
            {
                "what": lines.phrase(line.what, statement),
                "amount": _money(line.amount),
                "way": lines.phrase(line.way, statement),
                "payer": line.payer,
                "payee": line.payee,
            }
            for line in statement.amounts
        ],
        "wrote": list(statement.wrote),
        "policy_version": statement.policy_version,
        "clauses": [{"clause": cited.clause, "sentence": cited.says} for cited in statement.clauses],
        "evidence": [
            {
                "id": cited.evidence_id,
                "kind": cited.kind,
                "sha256": cited.sha256,
                "about": cited.about,
                "sent_by": cited.sent_by,
            }
            for cited in statement.evidence
        ],
        "decided": {
            "machine": statement.decided.machine,
            "people": statement.decided.people,
            "sentence": lines.write(statement.decided.says, statement),
            "by": list(statement.decided.by),
        },
        "then": told(statement.then),
        "contest": {
            "how": told(statement.contest.how),
            "to": statement.contest.to,
            "until": statement.contest.until,
        },
        "others_see": told(statement.others_see),
        "text": lines.text(statement),
    }


def _found(request: HttpRequest, name: str, version: int, wanted: Whose) -> Issued:
    actor = by(request)
    return statement_at(find_claim(name, actor), version, actor, to=wanted.to or "")


def _shown(issued: Issued) -> dict[str, Any]:
    here = f"/api/v1/claims/{issued.statement.reference}/statements/{issued.version}"
    to = f"?to={issued.statement.to}"
    return {
        "version": issued.version,
        **statement_shown(issued.statement),
        "links": {"self": f"{here}{to}", "pdf": f"{here}.pdf{to}"},
    }


def _money(amount: Money) -> dict[str, str]:
    return {"amount": str(amount.decimal), "currency": amount.currency}
