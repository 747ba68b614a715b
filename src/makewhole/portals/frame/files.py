"""Evidence as pages show it. A seller sees photos of the damage, and its own files: papers carry names."""

from __future__ import annotations

from typing import cast, get_args
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from makewhole.domain.refusal import Refused
from makewhole.portals.frame.who import who_sees
from makewhole.reads.views import claim_view
from makewhole.store import evidence

_ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
}


@require_GET
@cache_control(private=True, max_age=3600, immutable=True)
def file(request: HttpRequest, name: str, evidence_id: UUID, variant: str) -> HttpResponse:
    """A file of a claim. Originals (where a photo was taken is in them) go only to those who see the person."""
    try:
        by, claim_id = who_sees(request, name)
        item = next((each for each in claim_view(claim_id, by).evidence if each.evidence_id == evidence_id), None)
        if item is None or item.hidden or variant not in get_args(evidence.Variant):
            raise Http404
        if variant == "original" and by.is_respondent and item.sent_by != by.role:
            raise Http404
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
