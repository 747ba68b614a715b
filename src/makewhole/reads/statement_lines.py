"""A statement of reasons in plain lines, in the language that is active: the one place that writes its money, days and
instants, and says its sentences in another language.

A page, a mail, a PDF and the API all show these lines. `sections` keeps them apart for who sets them himself, `text`
is all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from makewhole.domain.claim import in_words
from makewhole.domain.money import Money
from makewhole.domain.statement import AmountLine, CitedClause, CitedEvidence, Ours, Said, StatementOfReasons, Value
from makewhole.reads.showing import amount, day, instant

# As a statement names each side among those who sent files.
_SENT_BY = {"claimant": "the claimant", "seller": "the seller", "insurer": "the insurer", "producer": "the producer"}
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


def to(statement: StatementOfReasons) -> str:
    """To whom it is, in words."""
    match statement.to:
        case "claimant":
            return _("the claimant")
        case "seller":
            return _("the seller")
        case "insurer":
            return _("the seller's insurer")
        case "producer":
            return _("the producer")


def addressed(statement: StatementOfReasons) -> str:
    """To whom, by whom and when, in a line."""
    whom = f"{to(statement)}, {statement.to_name}" if statement.to_name else to(statement)
    return _("To {whom} · Issued {instant} by {issuer} for {marketplace}").format(
        whom=whom,
        instant=instant(statement.issued_at, statement.zone),
        issuer=statement.issuer,
        marketplace=statement.marketplace,
    )


def about(statement: StatementOfReasons) -> list[tuple[str, str]]:
    """What it is about: what each fact is called, and the fact."""
    return [(_(name), value) for name, value in statement.about]


def sections(statement: StatementOfReasons) -> list[Section]:
    """Everything below the title, part by part; a part without lines is left out."""
    parts = (
        Section("facts", _("Facts"), _written(statement.facts, statement), listed=True),
        Section("amounts", _("Amounts"), tuple(_amount(each, statement) for each in statement.amounts), listed=True),
        Section("wrote", _("In the words of who decided"), statement.wrote),
        Section(
            "clauses",
            _("Rules, in their version {version}").format(version=statement.policy_version),
            tuple(map(_clause, statement.clauses)),
            True,
        ),
        Section(
            "evidence", _("Evidence"), tuple(_evidence(each, statement) for each in statement.evidence), listed=True
        ),
        Section("decided", _("Who decided"), tuple(_who(statement))),
        Section("then", _("What happens next"), _written(statement.then, statement), listed=True),
        Section("contest", _("How to contest"), _written(statement.contest.how, statement)),
        Section("others_see", _("What the other side sees"), _written(statement.others_see, statement)),
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
    return first_letter(phrase(said, statement))


def phrase(said: Said, statement: StatementOfReasons) -> str:
    """The same of words that are no sentence of their own."""
    return _(said.text).format_map({name: _value(value, statement.zone) for name, value in said.values})


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
        case Money():
            return amount(value.minor, value.currency)
        case tuple():
            return "; ".join(_(each) for each in value)
        case Ours():
            return _(value)
        case int() | str():
            return str(value)


def money(line: AmountLine) -> str:
    """The amount of a line."""
    return amount(line.amount.minor, line.amount.currency)


def _amount(line: AmountLine, statement: StatementOfReasons) -> str:
    return f"{write(line.what, statement)}: {money(line)} ({phrase(line.way, statement)})"


def _clause(cited: CitedClause) -> str:
    return f"{cited.clause}: {cited.says}" if cited.says else cited.clause


def _evidence(cited: CitedEvidence, statement: StatementOfReasons) -> str:
    kind, about, by = in_words.said(in_words.EVIDENCE, cited.kind), cited.about, cited.sent_by
    given = {
        "kind": _(kind),
        "part": _(about) if isinstance(about, Ours) else about,
        "whom": _("you") if by == _SENT_BY.get(statement.to) else _(by) if isinstance(by, Ours) else by,
    }
    told = _("{kind} for {part}, from {whom}") if about else _("{kind}, from {whom}")
    mark = f", SHA-256 {cited.sha256[:FINGERPRINT]}…" if cited.sha256 else ""
    return first_letter(told.format(**given)) + mark


def _who(statement: StatementOfReasons) -> Iterator[str]:
    yield write(statement.decided.says, statement)
    if statement.decided.by:
        by = statement.decided.by
        if len(by) == 1:
            yield _("By {who}.").format(who=by[0])
        else:
            yield _("By {first} and {second}.").format(first=", ".join(by[:-1]), second=by[-1])
