"""The rules say no. One exception, with a name and its facts, for every expected refusal."""

from __future__ import annotations


class Refused(Exception):
    """A rule does not allow what was asked. Expected, named, and explained; nothing has changed.

    `code` is the rule's name in snake case (stable: the API, tests and pages rely on it), `facts` the
    figures a person needs to understand it. The sentence for people is made in `domain/sentences.py`.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        if not self.facts:
            return self.code
        told = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({told})"
