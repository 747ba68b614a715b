"""Files in forms: kept at once, so that a form that comes back with errors still has them.

What was kept travels in the form as signed names, good only for the one who sent the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import EMPTY_VALUES
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makewhole.domain.claim.events import EvidenceKind
from makewhole.domain.refusal import Refused
from makewhole.portals.frame.refusals import sentence
from makewhole.store import evidence

_SALT = "makewhole.portals.kept"
_VALID_SECONDS = 24 * 60 * 60
ACCEPTED = "image/*,application/pdf"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is ours already. `token`: how the form names it when it comes back."""

    evidence_id: UUID
    name: str
    sha256: str
    token: str


class FilesInput(forms.ClearableFileInput):
    """Several files, and those kept before."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[list[UploadedFile], list[str]]:
        return files.getlist(name) if files else [], data.getlist(f"{name}__kept") if hasattr(data, "getlist") else []

    def value_omitted_from_data(self, data: Any, files: Mapping[str, Any], name: str) -> bool:
        return False


class FilesField(forms.Field):
    """A field whose clean value is a list of Kept. `by` sends the files; `kind` says what they are."""

    widget = FilesInput
    empty_values = list(EMPTY_VALUES)

    def __init__(self, *, kind: EvidenceKind, by: str, at: datetime, required: bool = False, **given: Any) -> None:
        super().__init__(required=required, **given)
        self.kind, self.by, self.at = kind, by, at
        self.kept: list[Kept] = []
        self.widget.attrs |= {
            "accept": ACCEPTED,
            "data-largest": evidence.LARGEST_BYTES,
            # js/files.js says it before the file is sent.
            "data-too-large": too_large("[name]", "[size]"),
        }

    def clean(self, value: tuple[list[UploadedFile], list[str]]) -> list[Kept]:
        files, tokens = value
        self.kept = [kept for token in tokens if (kept := _known(token, self.by))]
        faults: list[str] = []
        for file in files:
            try:
                self.kept.append(self._keep(file))
            except Refused as refusal:
                faults.append(not_taken(refusal))
        if faults:
            raise forms.ValidationError(faults)
        if self.required and not self.kept:
            raise forms.ValidationError(_("Please add a file."))
        return self.kept

    def _keep(self, file: UploadedFile) -> Kept:
        name, content = taken_in(file)
        row = evidence.keep(name, content, self.kind, by=self.by, at=self.at)
        sha256 = bytes(row.sha256).hex()
        told = [row.id.hex, name[:100], sha256, self.by]
        return Kept(row.id, name[:100], sha256, signing.dumps(told, salt=_SALT))


def taken_in(file: UploadedFile) -> tuple[str, bytes]:
    """A file's name and bytes. One that is too large is refused before it is read: the store would say the same, with
    all of it in memory."""
    name, size = file.name or "file", file.size or 0
    if size > evidence.LARGEST_BYTES:
        raise Refused("evidence_too_large", name=name, size_bytes=size, limit_bytes=evidence.LARGEST_BYTES)
    return name, file.read()


def not_taken(refusal: Refused) -> str:
    """Why a file was not taken, and what to do, to somebody who has a phone in the hand."""
    if refusal.code != "evidence_too_large":
        return sentence(refusal)
    return too_large(str(refusal.facts["name"]), str(_megabytes(cast(int, refusal.facts["size_bytes"]))))


def too_large(name: str, megabytes: str) -> str:
    """Of a file above the limit: how large it is, how large it may be, and what to do."""
    return _TOO_LARGE % {"name": name, "size": megabytes, "most": _megabytes(evidence.LARGEST_BYTES)}


def _megabytes(size_bytes: int) -> int:
    """Whole megabytes, rounded up: nothing that is too large looks as if it fitted."""
    return -(-size_bytes // 1024**2)


_TOO_LARGE = gettext_lazy(
    "“%(name)s” has %(size)s MB; at most %(most)s MB can be sent. "
    "Take the photo again in a lower resolution, or send a picture of your screen that shows it."
)


def _known(token: str, by: str) -> Kept | None:
    """The file behind a name; a forged, old or strange one is none, and the form says what is missing."""
    try:
        evidence_id, name, sha256, sender = cast(list[str], signing.loads(token, salt=_SALT, max_age=_VALID_SECONDS))
    except (signing.BadSignature, ValueError):
        return None
    return Kept(UUID(hex=evidence_id), name, sha256, token) if sender == by else None
