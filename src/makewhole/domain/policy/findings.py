"""What is wrong in a policy document: every finding at once, each with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. `where` leads a person to it ("us.toml: tables.route.rows[2].when", counted from 1)."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class PolicyFaulty(Exception):
    """A document cannot become rules. Carries all findings, never only the first."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = list(findings)


class Faults:
    """Collects findings while a document is read, so that reading goes on after the first."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.findings: list[Finding] = []

    def add(self, path: str, what: str) -> None:
        self.findings.append(Finding(f"{self.where}: {path}" if path else self.where, what))
