"""One file of a claim in full: turned, enlarged, beside another one, and a PDF page by page with the text in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from makewhole.domain.refusal import Refused
from makewhole.portals.adjuster.queue import wanted_from
from makewhole.portals.frame.who import who_sees
from makewhole.reads.papers import Paper, paper_of
from makewhole.reads.views import ClaimView, EvidenceView, claim_view


@dataclass(frozen=True, slots=True)
class Pane:
    """A file in the viewer: its number in the claim, the file, and its pages where it is a PDF that may be opened."""

    number: int
    item: EvidenceView
    paper: Paper | None


@never_cache
@require_GET
def evidence(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """The claim's file of that number (from 1, in the order of the page), beside the one that `with` names."""
    try:
        by, claim_id = who_sees(request, name)
        view = claim_view(claim_id, by)
    except Refused as refusal:
        raise Http404 from refusal
    panes = [_pane(view, number)]
    other = request.GET.get("with", "")
    if other.isdecimal() and len(other) < 5 and int(other) != number and 1 <= int(other) <= len(view.evidence):
        panes.append(_pane(view, int(other)))
    context = {
        "by": by,
        "view": view,
        "claim": view.claim,
        "panes": panes,
        "alone": len(panes) == 1,
        "number": number,
        "others": [(n, each) for n, each in enumerate(view.evidence, start=1) if n != number],
        "beside": panes[1].number if len(panes) > 1 else 0,
        "previous": number - 1,
        "next": number + 1 if number < len(view.evidence) else 0,
        "queue": wanted_from(request.GET.get("queue", "")).address if "queue" in request.GET else None,
    }
    return render(request, "portals/claim/viewer.html", context)


def _pane(view: ClaimView, number: int) -> Pane:
    if not 1 <= number <= len(view.evidence):
        raise Http404
    item = view.evidence[number - 1]
    try:
        paper = paper_of(item.evidence_id) if item.media_type == "application/pdf" and not item.hidden else None
    except Refused:
        paper = Paper()  # erased
    return Pane(number, item, paper)
