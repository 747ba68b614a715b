"""A policy document: one marketplace's dated values, clocks and decision tables, read from TOML text.

Start at `read_policy`. Either all of a document is good, or every finding is told. What stands where in
the text is read by `reading.py`; the shapes that come out are in `shapes.py`.
"""

from __future__ import annotations

from makewhole.domain.policy.findings import Finding, PolicyFaulty
from makewhole.domain.policy.reading import read_document
from makewhole.domain.policy.shapes import PolicyDocument, canonical, digest_of

__all__ = ["PolicyDocument", "canonical", "check_policy", "digest_of", "read_policy"]


def read_policy(text: str, *, where: str) -> PolicyDocument:
    """The document in this text. Raises PolicyFaulty with all findings where there are any."""
    document, findings = read_document(canonical(text), where)
    if document is None:
        raise PolicyFaulty(findings)
    return document


def check_policy(text: str, *, where: str) -> list[Finding]:
    """Everything that is wrong with this text, at once; nothing when it is good."""
    return read_document(canonical(text), where)[1]
