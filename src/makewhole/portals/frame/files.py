"""Evidence as pages show it. A seller sees photos of the damage, and its own files: papers carry names."""

from __future__ import annotations

from textwrap import wrap
from typing import cast, get_args
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from makewhole.domain.refusal import Refused
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.who import who_sees
from makewhole.reads.papers import PageVariant, page_of
from makewhole.reads.views import EvidenceView, claim_view
from makewhole.store import evidence

_ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
}

# How a page that cannot be drawn is answered.
_NOT_DRAWN = {"pdf_page_not_drawn": 422, "pdf_pages_busy": 503}


@require_GET
@cache_control(private=True, max_age=3600, immutable=True)
def file(request: HttpRequest, name: str, evidence_id: UUID, variant: str) -> HttpResponse:
    """A file of a claim. Originals (where a photo was taken is in them) go only to those who see the person."""
    try:
        if variant not in get_args(evidence.Variant):
            raise Http404
        item = _opened(request, name, evidence_id, whole=variant == "original")
        content, media_type = evidence.show(evidence_id, cast(evidence.Variant, variant))
    except Refused as refusal:
        raise Http404 from refusal
    response = HttpResponse(content, content_type=media_type)
    if variant == "original":
        # Downloaded, never shown in our own name: nobody else's file runs here.
        ending = _ENDINGS.get(media_type, "bin")
        response.headers["Content-Disposition"] = f'attachment; filename="{item.kind}-{evidence_id.hex[:8]}.{ending}"'
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_GET
def page(request: HttpRequest, name: str, evidence_id: UUID, number: int, variant: str) -> HttpResponse:
    """A page of a PDF as a picture, for whom the PDF itself is open. One that cannot be drawn is a picture too, of the
    sentence that says so: it stands where the page would, also where no script runs."""
    try:
        if variant not in get_args(PageVariant):
            raise Http404
        _opened(request, name, evidence_id, whole=True)
        content = page_of(evidence_id, number, cast(PageVariant, variant))
    except Refused as refusal:
        if refusal.code not in _NOT_DRAWN:
            raise Http404 from refusal
        lines = wrap(sentence(refusal), 40)
        response = render(
            request, "portals/claim/no_page.svg", {"lines": lines}, "image/svg+xml", _NOT_DRAWN[refusal.code]
        )
        add_never_cache_headers(response)
    else:
        response = HttpResponse(content, content_type="image/jpeg")
        patch_cache_control(response, private=True, max_age=3600, immutable=True)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _opened(request: HttpRequest, name: str, evidence_id: UUID, *, whole: bool) -> EvidenceView:
    """The file, where this reader may open it; `whole`: as it was sent, or what shows all that is in it."""
    by, claim_id = who_sees(request, name)
    item = next((each for each in claim_view(claim_id, by).evidence if each.evidence_id == evidence_id), None)
    if item is None or item.hidden or (whole and by.is_respondent and item.sent_by != by.role):
        raise Http404
    return item
