"""Photos and papers of a draft: each is kept as it comes, or it is said at once why it cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile

from makewhole.domain.refusal import Refused
from makewhole.portals.claimant.steps import Slot
from makewhole.portals.frame.uploads import not_taken, taken_in
from makewhole.portals.frame.who import claimant_actor
from makewhole.store import drafts, evidence
from makewhole.store.drafts import Draft, Told

MOST_FILES = 30


@dataclass(frozen=True, slots=True)
class NotKept:
    """A file that cannot be used, and why."""

    slot: str
    told: str


def keep_files(
    draft: Draft, slot: Slot, came: list[UploadedFile], *, account_id: int | None, at: datetime
) -> tuple[Draft, list[NotKept]]:
    """The draft with these files in this place. What cannot be kept leaves the others as they are."""
    faults: list[NotKept] = []
    for file in came:
        try:
            draft = _keep(draft, slot, file, account_id=account_id, at=at)
        except Refused as refusal:
            faults.append(NotKept(slot.name, not_taken(refusal)))
    return draft, faults


def remove_file(draft: Draft, evidence_id: str, *, at: datetime) -> Draft:
    """The draft without that file, which is erased."""
    gone = [each for each in draft.told.get("files", []) if each["id"] == evidence_id]
    if not gone:
        return draft

    def without(told: Told) -> None:
        told["files"] = [each for each in told.get("files", []) if each["id"] != evidence_id]

    return drafts.save(draft.id, draft.order_line_id, without, account_id=None, at=at)


def _keep(draft: Draft, slot: Slot, file: UploadedFile, *, account_id: int | None, at: datetime) -> Draft:
    files = draft.told.get("files", [])
    if len(files) >= MOST_FILES:
        raise Refused("draft_is_full", name=(file.name or "file")[:100], most=MOST_FILES)
    name, content = taken_in(file)
    row = evidence.keep(name, content, slot.kind, by=claimant_actor(draft.id).name, at=at)
    kept = {
        "id": str(row.id),
        "name": name[:100],
        "sha256": bytes(row.sha256).hex(),
        "slot": slot.name,
        "photo": row.thumbnail_sha256 is not None,
    }

    def with_it(told: Told) -> None:
        told["files"] = [*told.get("files", []), kept]

    return drafts.save(draft.id, draft.order_line_id, with_it, account_id=account_id, at=at)
