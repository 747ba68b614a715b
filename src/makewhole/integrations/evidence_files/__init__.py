"""Where the bytes of evidence lie: on disk, or in S3 by a setting. Start at `files.py`.

`files.py` says how evidence is addressed, sealed and verified; `disk/` and `s3/` only keep bytes under a
path, each in the same two files: `blobs.py` (keeping) and `settings.py` (what an operator sets).
"""

from makewhole.integrations.evidence_files.files import EvidenceDamaged, EvidenceFiles, EvidenceMissing
from makewhole.integrations.evidence_files.opening import open_evidence_files

__all__ = ["EvidenceDamaged", "EvidenceFiles", "EvidenceMissing", "open_evidence_files"]
