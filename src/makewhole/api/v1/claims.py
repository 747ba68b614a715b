"""Claims: file one, read it, its timeline and its log; lists, and what waits for a role. Acts stand in acts.py."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from makewhole import asks
from makewhole.api.v1 import pages, said, shapes
from makewhole.api.v1.answers import answer
from makewhole.api.v1.asking import HIT, already, currency_of, etag, key_in
from makewhole.api.v1.notices import notice_of
from makewhole.api.v1.shown import claim_shown, file_shown, row_shown, step_shown
from makewhole.api.v1.tokens import Token, by, now, role_in
from makewhole.domain.actors import RoleName
from makewhole.domain.refusal import Refused
from makewhole.handle import handle
from makewhole.people.links import ORDER_LINK_VALID_FOR, OrderNamed, order_link
from makewhole.reads import worklist as waiting
from makewhole.reads.export import export_of
from makewhole.reads.views import claim_view, find_claim
from makewhole.store.models import Event, OrderLine

READS_LOG: frozenset[RoleName] = frozenset({"auditor", "adjuster", "reviewer", "programme_owner"})
MAKES_LINKS: frozenset[RoleName] = frozenset({"marketplace"})

router = Router(tags=["claims"])


class OfMyOwn(pages.Paging):
    mine: Annotated[bool, Field(description="Only what is assigned to you.")] = False


@router.post("/claims", auth=Token("claims:write"), response={201: shapes.ClaimShape}, summary="File a claim")
def file_claim(request: HttpRequest, told: said.Notice) -> HttpResponse:
    """Files a first notice of loss. The answer is the claim, decided where it could be.

    The same incident sent again gives the claim from then, with the header `Same-Incident: true`.
    """
    actor = by(request)
    currency = currency_of(told.marketplace, actor)
    ask = asks.file_claim(
        notice_of(told, currency),
        by=actor,
        at=now(),
        channel="api" if actor.role == "marketplace" else "agent",
        key=key_in(request),
        buyer_ref=told.buyer_ref,
    )
    outcome = handle(ask)
    headers = etag(outcome.claim.version) | {"Location": f"/api/v1/claims/{outcome.claim.filed.reference}"}
    if already(outcome):
        headers |= HIT
    elif outcome.repeated:
        headers |= {"Same-Incident": "true"}
    return answer(claim_shown(outcome.claim, actor), status=201, headers=headers)


@router.get("/claims", auth=Token("claims:read"), response=shapes.Claims, summary="List claims")
def list_claims(request: HttpRequest, wanted: Query[pages.Paging]) -> HttpResponse:
    """All claims that you may see, the newest first."""
    after = pages.place(wanted.cursor, pages.BY_INSTANT)
    rows, following = waiting.claims_of(by(request), after=after, size=wanted.limit)
    return answer(pages.page([row_shown(row) for row in rows], following))


@router.get("/worklist", auth=Token("claims:read"), response=shapes.Worklist, summary="What waits for your role")
def worklist(request: HttpRequest, wanted: Query[OfMyOwn]) -> HttpResponse:
    """Claims that need somebody in your role, the nearest clock first."""
    after = pages.place(wanted.cursor, pages.BY_DUE)
    found = waiting.worklist(by(request), now=now(), mine=wanted.mine, after=after, size=wanted.limit)
    page = pages.page([row_shown(row) for row in found.claims], found.next_after)
    return answer({**page, "total": found.total, "late": found.late})


@router.get("/claims/{name}", auth=Token("claims:read"), response=shapes.ClaimWithFile, summary="A claim with its file")
def show_claim(request: HttpRequest, name: str) -> HttpResponse:
    """A claim by its reference or id. Its ETag is its version: send it back as If-Match with an act."""
    actor = by(request)
    view = claim_view(find_claim(name, actor), actor)
    return answer(file_shown(view, actor), headers=etag(view.claim.version))


@router.get("/claims/{name}/timeline", auth=Token("claims:read"), response=shapes.Timeline, summary="What happened")
def timeline(request: HttpRequest, name: str, wanted: Query[pages.Paging]) -> HttpResponse:
    """What happened to a claim, step by step, as you may see it."""
    actor = by(request)
    after = int(pages.place(wanted.cursor, pages.BY_NUMBER) or 0)
    view = claim_view(find_claim(name, actor), actor)
    steps = [step for step in view.timeline if step.version > after]
    page = steps[: wanted.limit]
    items = [step_shown(step, view.claim.currency, actor) for step in page]
    return answer(pages.page(items, page[-1].version if len(steps) > wanted.limit else None))


@router.get("/claims/{name}/export", auth=Token("claims:read"), response=shapes.ClaimExport,
            summary="A claim as a file that anybody can check")  # fmt: skip
def export(request: HttpRequest, name: str) -> HttpResponse:
    """The claim as one signed file, for `makewhole verify`. What you may not see is withheld, and its digest stands in
    its place. Keep the bytes as they come: written another way, the file is no longer the one that was signed."""
    actor = by(request)
    file = export_of(find_claim(name, actor), actor, at=now())
    response = HttpResponse(file.content, content_type="application/json")
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


@router.get("/claims/{name}/log", auth=Token("log:read"), response=shapes.Log, summary="The log with its digests")
def log(request: HttpRequest, name: str, wanted: Query[pages.Paging]) -> HttpResponse:
    """The events as stored. With them anybody can check the chain: each digest is SHA-256 over prior and over the
    SHA-256 of the body."""
    actor = role_in(request, READS_LOG, "ReadLog")
    after = int(pages.place(wanted.cursor, pages.BY_NUMBER) or 0)
    claim_id = find_claim(name, actor)
    events = list(Event.objects.filter(claim_id=claim_id, version__gt=after).order_by("version")[: wanted.limit + 1])
    page = events[: wanted.limit]
    items = [
        {
            "version": event.version,
            "kind": event.kind,
            "at": event.at,
            "body": event.body,
            "prior": bytes(event.prior).hex(),
            "digest": bytes(event.digest).hex(),
        }
        for event in page
    ]
    return answer(pages.page(items, page[-1].version if len(events) > wanted.limit else None))


@router.post("/claim-links", auth=Token("claims:write"), response={201: shapes.ClaimLink}, summary="A link for a buyer")
def claim_link(request: HttpRequest, told: said.LinkFor) -> HttpResponse:
    """A link under which the buyer of this order line files a claim in the web form, and for nothing else."""
    actor = role_in(request, MAKES_LINKS, "MakeClaimLink")
    currency_of(told.marketplace, actor)
    named = (told.marketplace, told.order_ref, told.line_ref)
    line = OrderLine.objects.filter(marketplace_id=named[0], order_ref=named[1], line_ref=named[2]).first()
    if line is None:
        raise Refused("unknown_order_line")
    url = order_link(OrderNamed(*named, line.buyer_ref))
    return answer({"buyer_ref": line.buyer_ref, "url": url, "valid_days": ORDER_LINK_VALID_FOR.days}, status=201)
