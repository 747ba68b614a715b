"""Evidence: files that parties send, kept under their content's address and sealed with a key of their own.

keep() takes a file in before it belongs to a claim; the write door attaches it. show() gives bytes back:
photos only re-encoded, without the place where they were taken. Nothing is changed, only superseded.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Literal, cast
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction

from makewhole.domain.claim.events import EvidenceKind
from makewhole.domain.refusal import Refused
from makewhole.integrations.evidence_files.files import EvidenceFiles
from makewhole.integrations.evidence_files.opening import open_evidence_files
from makewhole.store import photos, vault
from makewhole.store.envelope import Lock, new_data_key
from makewhole.store.ids import new_id
from makewhole.store.models import Evidence, PhotoBand
from makewhole.store.sniffing import sniff

Variant = Literal["original", "display", "thumbnail"]
LARGEST_BYTES = 20 * 1024 * 1024
LARGEST_PIXELS = 50_000_000  # decoding costs memory in the web process for a moment, several bytes a pixel
BANDS = 4
HEALTH_KINDS = frozenset({"medical_bill"})


@cache
def evidence_files() -> EvidenceFiles:
    """The store that the settings name: a folder, or a bucket."""
    if settings.EVIDENCE_STORE == "disk":
        return open_evidence_files("disk", {"folder": settings.EVIDENCE_DIR})
    place = urlsplit(settings.EVIDENCE_STORE)
    wanted = {"bucket": place.netloc, "prefix": place.path.strip("/"), "endpoint": settings.MAKEWHOLE_S3_ENDPOINT}
    return open_evidence_files("s3", {name: value for name, value in wanted.items() if value})


def keep(name: str, content: bytes, kind: EvidenceKind, *, by: str, at: datetime, health: bool = False) -> Evidence:
    """Takes a file in: looks at its bytes, re-encodes a photo for display, seals and stores all of it.

    Refuses what sniff() refuses, and `evidence_store_full`; nothing is half kept then.
    """
    found = sniff(name, content, largest_bytes=LARGEST_BYTES, largest_pixels=LARGEST_PIXELS)
    evidence_id, data_key = new_id(), new_data_key()
    folder, lock, files = str(evidence_id), Lock(data_key), evidence_files()
    photo = photos.prepare(name, content, found) if found.is_photo else None
    sha256 = files.put(folder, content, lock=lock)
    display = files.put(folder, photo.display, lock=lock) if photo else None
    thumbnail = files.put(folder, photo.thumbnail, lock=lock) if photo else None
    with transaction.atomic():
        evidence = Evidence.objects.create(
            id=evidence_id,
            uploaded_by=by,
            kind=kind,
            sha256=bytes.fromhex(sha256),
            size_bytes=len(content),
            media_type=found.media_type,
            folder=folder,
            photo_hash=photo.fingerprint if photo else None,
            display_sha256=bytes.fromhex(display) if display else None,
            thumbnail_sha256=bytes.fromhex(thumbnail) if thumbnail else None,
            health=health or kind in HEALTH_KINDS,
            active=found.active,
            uploaded_at=at,
            wrapped_key=vault.wrap(evidence_id, data_key),
        )
        if photo and photo.fingerprint is not None:
            PhotoBand.objects.bulk_create(_bands(evidence_id, photo.fingerprint))
    return evidence


def show(evidence_id: UUID, variant: Variant) -> tuple[bytes, str]:
    """A file's bytes, verified, and their media type. Who may see it, the caller has asked already.

    Refuses `unknown_evidence`, `evidence_erased`, and `no_such_variant` (a PDF has no display picture).
    """
    evidence = Evidence.objects.filter(id=evidence_id).first()
    if evidence is None:
        raise Refused("unknown_evidence", evidence=evidence_id)
    if evidence.wrapped_key is None:
        raise Refused("evidence_erased", evidence=evidence_id)
    wanted = {
        "original": evidence.sha256,
        "display": evidence.display_sha256,
        "thumbnail": evidence.thumbnail_sha256,
    }[variant]
    if wanted is None:
        raise Refused("no_such_variant", variant=variant)
    lock = Lock(vault.unwrap(evidence.id, bytes(evidence.wrapped_key)))
    content = evidence_files().get(evidence.folder, bytes(wanted).hex(), lock=lock)
    return content, evidence.media_type if variant == "original" else "image/jpeg"


def kind_of(evidence_id: UUID) -> EvidenceKind:
    """What a file was sent as."""
    return cast(EvidenceKind, Evidence.objects.values_list("kind", flat=True).get(id=evidence_id))


def erase_loose(ids: list[UUID], at: datetime) -> list[str]:
    """Erases those of these files that belong to no claim; the folders to remove once that is committed."""
    loose = Evidence.objects.filter(id__in=ids, claim_id=None, erased_at=None)
    folders = list(loose.values_list("folder", flat=True))
    PhotoBand.objects.filter(evidence__in=loose).delete()
    loose.update(erased_at=at, photo_hash=None, wrapped_key=None)
    return folders


def remove_folders(folders: list[str]) -> None:
    """The files behind erased evidence."""
    for folder in folders:
        evidence_files().erase(folder)


def _bands(evidence_id: UUID, fingerprint: int) -> list[PhotoBand]:
    bits = fingerprint & (2**64 - 1)
    return [PhotoBand(evidence_id=evidence_id, band=band, bits=bits >> (16 * band) & 0xFFFF) for band in range(BANDS)]
