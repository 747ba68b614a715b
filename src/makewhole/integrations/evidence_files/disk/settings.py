"""What an operator sets to keep evidence on disk: `folder`, made if it is not there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from makewhole.integrations.evidence_files.disk.blobs import DiskBlobs


def open_blobs(settings: Mapping[str, str]) -> DiskBlobs:
    unknown = set(settings) - {"folder"}
    if unknown or not settings.get("folder"):
        raise ValueError(f"evidence on disk needs the setting 'folder' and no other; given: {sorted(settings)}")
    return DiskBlobs(Path(settings["folder"]))
