"""A statement of reasons: one type of document for everything that somebody must be able to check and to contest.

Read StatementOfReasons first. It speaks of no claim: a decision on a claim, money held back, a restriction of a
seller's account are all told in the same parts. Sentences keep their values apart and typed (`Said`): how money, days
and instants are written is the edge's business, and is the same on a page, in a mail and on paper.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from makewhole.domain.money import Money

Party = Literal["claimant", "seller", "insurer", "producer"]
Who = Literal["platform", "claimant", "seller", "insurer", "producer", ""]
# "alone": no person took part. "prepared": it screened or added up, and people decided.
MachinesPart = Literal["alone", "prepared", "none"]


class Ours(str):
    """Words of ours among the values of a sentence, which are said in the reader's language: "the price of the
    product". A plain text is somebody's own, and stays as it is."""

    __slots__ = ()


# A tuple: each of them, with semicolons between.
Value = str | int | Money | datetime | date | tuple[Ours, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, with its values in braces kept apart: the text is the same for everybody, and so can be said in any
    language. Whoever shows it gives it a capital at its head."""

    text: str
    values: tuple[tuple[str, Value], ...] = ()


def say(text: str, /, **values: Value) -> Said:
    """`say("We approved {amount}.", amount=...)`. What people wrote goes in as a value, never as the text. The text is
    written out where it is said, or marked by sentence(): translators are given what stands there."""
    named = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    assert named == values.keys(), f"{text!r} names {sorted(named)}, and was given {sorted(values)}"
    return Said(text, tuple(values.items()))


def sentence(text: str) -> str:
    """Marks words of ours that are said somewhere else than they are written."""
    return text


@dataclass(frozen=True, slots=True)
class AmountLine:
    """Money, whose it is and which way it goes: `way` says so in words, `payer` and `payee` for machines."""

    what: Said
    amount: Money
    way: Said
    payer: Who = ""
    payee: Who = ""


@dataclass(frozen=True, slots=True)
class CitedClause:
    """A clause of a policy version ("us 2026-1 · route.direct") and its sentence; empty where it has none."""

    clause: str
    says: str


@dataclass(frozen=True, slots=True)
class CitedEvidence:
    """A file, by its fingerprint: whoever has the file can check that it is this one. `about`: the part of the loss."""

    evidence_id: UUID | None  # None where it is no file of ours
    kind: str
    sha256: str
    about: str
    sent_by: str


@dataclass(frozen=True, slots=True)
class Decided:
    """Who decided, in a sentence that says the machine's part plainly. `by`: names, only for who may read them."""

    machine: MachinesPart
    people: int
    says: Said
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contest:
    """How to contest: `to` whom, `until` when. Without an end where none runs (yet)."""

    how: tuple[Said, ...]
    to: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class StatementOfReasons:
    """What was decided and why, to one party. `title` is the answer, in a sentence.

    `issuer` is the legal entity that answers for it, in its `marketplace`; `zone` is where its hours count. `reference`
    names what it is about as both sides do, `about` says more of that. `wrote` is what the deciders wrote, opened.
    """

    kind: str
    reference: str
    issued_at: datetime
    issuer: str
    marketplace: str
    zone: str
    to: Party
    to_name: str
    title: Said
    about: tuple[tuple[str, str], ...]
    facts: tuple[Said, ...]
    amounts: tuple[AmountLine, ...]
    policy_version: str
    clauses: tuple[CitedClause, ...]
    evidence: tuple[CitedEvidence, ...]
    decided: Decided
    then: tuple[Said, ...]
    contest: Contest
    others_see: tuple[Said, ...]
    wrote: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        assert self.title.text and self.facts and self.contest.how, f"{self.kind}: a statement without its reasons"
        assert self.clauses and self.policy_version, f"{self.kind}: a statement names the clause of a policy version"

    def sentences(self) -> Iterator[Said]:
        """Every sentence in it, in order."""
        yield self.title
        yield from self.facts
        yield self.decided.says
        yield from self.then
        yield from self.contest.how
        yield from self.others_see


def by_machine(says: str = sentence("A machine decided this, by these rules alone.")) -> Decided:
    return Decided("alone", 0, say(says))


def by_people(people: int, *, prepared: bool, by: tuple[str, ...] = ()) -> Decided:
    """One or two people; `prepared` where a machine had screened and added up before them."""
    match people, prepared:
        case 1, True:
            says = say("A person decided this. Before that, a machine screened the claim and added up its papers.")
        case 1, False:
            says = say("A person decided this. No machine took part.")
        case _, True:
            says = say(
                "Two people decided this, one after the other. Before that, a machine screened the claim and added up "
                "its papers."
            )
        case _:
            says = say("Two people decided this, one after the other. No machine took part.")
    return Decided("prepared" if prepared else "none", people, says, by)
