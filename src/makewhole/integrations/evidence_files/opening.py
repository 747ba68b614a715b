"""Opens the store of evidence that an operator chose."""

from __future__ import annotations

from collections.abc import Mapping

from makewhole.integrations.evidence_files.files import EvidenceFiles


def open_evidence_files(kind: str, settings: Mapping[str, str]) -> EvidenceFiles:
    """The store of that kind ("disk" or "s3"); `settings` are told in its settings.py. Raises ValueError
    with one sentence for a setting that is missing or unknown."""
    if kind == "disk":
        from makewhole.integrations.evidence_files.disk.settings import open_blobs as open_disk

        return EvidenceFiles(open_disk(settings))
    if kind == "s3":
        # boto3 is imported only where it is used: it is large and slow to import.
        from makewhole.integrations.evidence_files.s3.settings import open_blobs as open_s3

        return EvidenceFiles(open_s3(settings))
    raise ValueError(f"evidence can be kept on 'disk' or in 's3', not in {kind!r}")
