"""Evidence: send a file, get an id for a claim or an act; look at the files of a claim that you may see."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Path, Query, Router
from ninja.files import UploadedFile
from pydantic import Field

from makewhole.api.v1 import said, shapes
from makewhole.api.v1.answers import answer
from makewhole.api.v1.asking import HIT, key_in
from makewhole.api.v1.once import Told, once
from makewhole.api.v1.problems import missing
from makewhole.api.v1.tokens import Token, by, now, role_in
from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.claim.decide import sees
from makewhole.domain.claim.events import EvidenceKind
from makewhole.domain.claim.state import fold
from makewhole.domain.refusal import Refused
from makewhole.reads.views import find_claim, history_of, may_open
from makewhole.store import evidence as kept
from makewhole.store.models import Evidence

SENDS_FILES: frozenset[RoleName] = frozenset(
    {"marketplace", "seller", "insurer", "adjuster", "reviewer", "programme_owner"}
)
# A photo as it was sent names the place where it was taken: others see it re-encoded.
SEES_ORIGINAL_PHOTOS: frozenset[RoleName] = frozenset({"adjuster", "reviewer", "programme_owner"})

router = Router(tags=["evidence"])


class FileTold(said.Said):
    kind: EvidenceKind
    health: Annotated[bool, Field(description="It tells of somebody's health.")] = False


@router.post("/evidence", auth=Token("evidence:write", upload=True), response={201: shapes.EvidenceKept},
             summary="Send a file")  # fmt: skip
def send_file(
    request: HttpRequest,
    file: File[UploadedFile],
    told: Form[FileTold],
) -> HttpResponse:
    """Takes a file of at most 20 MB. We look at what it is, whatever its name says."""
    actor, at = role_in(request, SENDS_FILES, "SendEvidence"), now()
    content = file.read()
    name = (file.name or "file").replace("\x00", "")

    def keep() -> Told:
        evidence = kept.keep(name, content, told.kind, by=actor.name, at=at, health=told.health)
        return {
            "id": evidence.id,
            "kind": evidence.kind,
            "media_type": evidence.media_type,
            "size_bytes": evidence.size_bytes,
            "sha256": bytes(evidence.sha256).hex(),
        }

    same = (told.kind, told.health, hashlib.sha256(content).hexdigest())
    shown, hit = once("evidence", key_in(request), by=actor, at=at, content=same, effect=keep)
    return answer(shown, status=201, headers=HIT if hit else {})


@router.get("/evidence/{evidence_id}", auth=Token("claims:read"), response={200: bytes}, summary="Look at a file")
def show_file(
    request: HttpRequest,
    evidence_id: Path[said.Id],
    variant: Query[Literal["original", "display", "thumbnail"] | None] = None,
) -> HttpResponse:
    """The file's bytes. A photo comes re-encoded (`display`, `thumbnail`) unless an adjuster asks for the original."""
    actor = by(request)
    evidence = _seen_by(actor, evidence_id)
    chosen = variant or ("display" if evidence.display_sha256 is not None else "original")
    is_photo = evidence.display_sha256 is not None
    if chosen == "original" and is_photo and actor.role not in SEES_ORIGINAL_PHOTOS:
        raise Refused("role_may_not", role=actor.role, act="SeeOriginalPhoto")
    try:
        content, media_type = kept.show(evidence_id, chosen)
    except Refused as refusal:
        raise refusal if refusal.code == "evidence_erased" else missing(refusal) from None
    response = HttpResponse(content, content_type=media_type)
    # A browser that is led here saves the file and never runs it.
    response["Content-Disposition"] = f'attachment; filename="{evidence_id}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _seen_by(actor: Actor, evidence_id: UUID) -> Evidence:
    """The file, where this reader sees its claim, or sent it and no claim has it yet; else as if there were none."""
    evidence = Evidence.objects.filter(id=evidence_id).first()
    if evidence is None or not _in_sight(actor, evidence):
        raise missing(Refused("unknown_evidence", evidence=evidence_id))
    if evidence.claim_id is not None and not may_open(evidence, actor):
        raise Refused("role_may_not", role=actor.role, act="SeeThisPaper")
    return evidence


def _in_sight(actor: Actor, evidence: Evidence) -> bool:
    if evidence.claim_id is None:
        return evidence.uploaded_by == actor.name
    try:
        find_claim(str(evidence.claim_id), actor)
    except Refused:
        return False
    claim = fold(evidence.claim_id, history_of(evidence.claim_id))
    return claim is not None and sees(actor, claim)
