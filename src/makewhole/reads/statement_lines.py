"""A statement of reasons in plain lines: the one place that writes its money, days and instants.

A page, a mail, a PDF and the API all show these lines. `sections` keeps them apart for who sets them himself, `text`
is all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from makewhole.domain.claim import in_words
from makewhole.domain.money import Money
from makewhole.domain.statement import AmountLine, CitedClause, CitedEvidence, Said, StatementOfReasons, Value
from makewhole.reads.showing import day, instant

TO = {"claimant": "the claimant", "seller": "the seller", "insurer": "the seller's insurer", "producer": "the producer"}
FINGERPRINT = 16  # so many of the 64 signs: more than anybody could match by chance, and still to be compared by eye


@dataclass(frozen=True, slots=True)
class Section:
    """`name`: which part of the statement it is, for who sets one of them in another way."""

    name: str
    heading: str
    lines: tuple[str, ...]
    listed: bool = False  # each line is an item of its own


def title(statement: StatementOfReasons) -> str:
    return write(statement.title, statement)


def addressed(statement: StatementOfReasons) -> str:
    """To whom, by whom and when, in a line."""
    named = f", {statement.to_name}" if statement.to_name else ""
    at = instant(statement.issued_at, statement.zone)
    return f"To {TO[statement.to]}{named} · Issued {at} by {statement.issuer} for {statement.marketplace}"


def sections(statement: StatementOfReasons) -> list[Section]:
    """Everything below the title, part by part; a part without lines is left out."""
    parts = (
        Section("facts", "Facts", _written(statement.facts, statement), listed=True),
        Section("amounts", "Amounts", tuple(map(_amount, statement.amounts)), listed=True),
        Section("wrote", "In the words of who decided", statement.wrote),
        Section(
            "clauses",
            f"Rules, in their version {statement.policy_version}",
            tuple(map(_clause, statement.clauses)),
            True,
        ),
        Section("evidence", "Evidence", tuple(_evidence(each, statement) for each in statement.evidence), listed=True),
        Section("decided", "Who decided", tuple(_who(statement))),
        Section("then", "What happens next", _written(statement.then, statement), listed=True),
        Section("contest", "How to contest", _written(statement.contest.how, statement)),
        Section("others_see", "What the other side sees", _written(statement.others_see, statement)),
    )
    return [part for part in parts if part.lines]


def text(statement: StatementOfReasons) -> str:
    """The whole statement: paragraphs set apart by empty lines, lists with "- " before each item."""
    paragraphs = [title(statement), addressed(statement)]
    for part in sections(statement):
        paragraphs.append(f"{part.heading}:")
        lines = [" ".join(line.split()) for line in part.lines]
        paragraphs.append("\n".join(f"- {line}" for line in lines) if part.listed else " ".join(lines))
    return "\n\n".join(paragraphs) + "\n"


def write(said: Said, statement: StatementOfReasons) -> str:
    """A sentence with its values as people read them."""
    return said.text.format_map({name: _value(value, statement.zone) for name, value in said.values})


def first_letter(words: str) -> str:
    """The words with a capital at their head; the rest as it is."""
    return words[:1].upper() + words[1:]


def _written(told: tuple[Said, ...], statement: StatementOfReasons) -> tuple[str, ...]:
    return tuple(write(each, statement) for each in told)


def _value(value: Value, zone: str) -> str:
    match value:
        case datetime():
            return instant(value, zone)
        case date():
            return day(value)
        case Money() | int() | str():
            return str(value)


def _amount(line: AmountLine) -> str:
    return f"{first_letter(line.what)}: {line.amount} ({line.way})"


def _clause(cited: CitedClause) -> str:
    return f"{cited.clause}: {cited.says}" if cited.says else cited.clause


def _evidence(cited: CitedEvidence, statement: StatementOfReasons) -> str:
    of = f" for {cited.about}" if cited.about else ""
    whom = "you" if cited.sent_by == TO.get(statement.to) else cited.sent_by
    mark = f", SHA-256 {cited.sha256[:FINGERPRINT]}…" if cited.sha256 else ""
    return f"{first_letter(in_words.said(in_words.EVIDENCE, cited.kind))}{of}, from {whom}{mark}"


def _who(statement: StatementOfReasons) -> Iterator[str]:
    yield write(statement.decided.says, statement)
    if statement.decided.by:
        yield f"By {' and '.join(statement.decided.by)}."
