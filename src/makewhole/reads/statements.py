"""The statements of reasons of a claim, as somebody may read them. Start at statements_of().

Each is made anew from the log, as the claim stood when what it tells was recorded: it never changes afterwards, but
for what was erased. A party reads those that are addressed to it, everybody else who sees the claim reads all, and
exactly as the parties got them: what a seller may not know stands in no statement to a seller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

import msgspec

from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.claim import events as ev
from makewhole.domain.claim.decide import sees
from makewhole.domain.claim.events import Recorded
from makewhole.domain.claim.state import Claim, evolve
from makewhole.domain.claim.statements import addressees, statement_of
from makewhole.domain.claim.telling import Cover, Known
from makewhole.domain.claim.tender_events import InsurerNotified, TenderPassedOn
from makewhole.domain.recovery.events import FundsReleased, FundsWithheld
from makewhole.domain.refusal import Refused
from makewhole.domain.statement import Party, StatementOfReasons
from makewhole.reads.hiding import hiding
from makewhole.reads.views import SEES_PERSON, SEES_SCREENING, history_of
from makewhole.store import policies, vault
from makewhole.store.explained import Asked, explained
from makewhole.store.models import Coverage, Disbursement, Marketplace, OrderLine

PARTIES: tuple[Party, ...] = ("claimant", "seller", "insurer", "producer")
Paper = Literal["a4", "letter"]
_LETTER = frozenset({"US", "CA", "MX"})


@dataclass(frozen=True, slots=True)
class Issued:
    """A statement and where it stands: `version` is its event's in the claim's log. `paper`: how the country prints."""

    version: int
    statement: StatementOfReasons
    paper: Paper


def statements_of(claim_id: UUID, by: Actor) -> list[Issued]:
    """Every statement on the claim that this reader may see, the oldest first; refuses `unknown_claim`."""
    desk = _desk(claim_id, by)
    return [issued for version in range(1, len(desk.history) + 1) for issued in desk.issued(version)]


def statement_at(claim_id: UUID, version: int, by: Actor, *, to: str = "") -> Issued:
    """The statement of one event; where several parties got one, that `to` this party, or the first.

    Refuses `unknown_claim`, and `unknown_statement` where this event has none that this reader may see.
    """
    desk = _desk(claim_id, by)
    if 1 <= version <= len(desk.history):
        for issued in desk.issued(version):
            if to in ("", issued.statement.to):
                return issued
    raise Refused("unknown_statement", version=version)


def statement_to(claim_id: UUID, version: int, party: Party) -> StatementOfReasons | None:
    """The statement of one event to this party, as it may read it itself; None where it gets none."""
    history = history_of(claim_id)
    filed = history[0].event
    assert isinstance(filed, ev.ClaimFiled)
    reader = _Reader(party, frozenset({party}), names=False, person=party == "claimant")
    found = _Desk(claim_id, history, filed, reader).issued(version)
    return found[0].statement if found else None


def paper_of(country: str) -> Paper:
    """How that country prints."""
    return "letter" if country in _LETTER else "a4"


# Who reads ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reader:
    """`parties`: whose statements it reads. `names`: it knows who of us decided. `person`: it knows the claimant."""

    role: RoleName
    parties: frozenset[Party]
    names: bool
    person: bool


def _desk(claim_id: UUID, by: Actor) -> _Desk:
    history = history_of(claim_id)
    claim: Claim | None = None
    for recorded in history:
        claim = evolve(claim, recorded, claim_id)
    if claim is None or not sees(by, claim):
        raise Refused("unknown_claim")
    reader = _Reader(by.role, _parties(by, history), by.role in SEES_SCREENING, by.role in SEES_PERSON)
    return _Desk(claim_id, history, claim.filed, reader)


def _parties(by: Actor, history: Sequence[Recorded]) -> frozenset[Party]:
    """A party reads its own; an insurer and a producer only where it is they whom the claim went to."""
    events = [recorded.event for recorded in history]
    match by.role:
        case "claimant" | "seller":
            return frozenset({by.role})
        case "insurer":
            told = [event.insurer_id for event in events if isinstance(event, InsurerNotified)]
            return frozenset({"insurer"}) if told[-1:] == [by.insurer_id] else frozenset()
        case "producer":
            named = [event.producer.item_id for event in events if isinstance(event, TenderPassedOn)]
            return frozenset({"producer"}) if by.producer_id is not None and by.producer_id in named else frozenset()
        case _:
            return frozenset(PARTIES)


# What they read -----------------------------------------------------------------------------------------------


class _Desk:
    """One claim's log, and what its statements need beside it, looked up once and only where it is needed."""

    def __init__(self, claim_id: UUID, history: list[Recorded], filed: ev.ClaimFiled, reader: _Reader) -> None:
        self.claim_id, self.history, self.filed, self.reader = claim_id, history, filed, reader
        self._states: list[Claim] = []
        self._asked: list[Asked] | None = None
        self._known: Known | None = None
        self._paper: Paper = "a4"
        self._opened: dict[UUID, tuple[str, str]] | None = None

    def issued(self, version: int) -> list[Issued]:
        """The statements of one event, the one to whom it concerns most first."""
        recorded, past = self.history[version - 1], self.history[: version - 1]
        parties = [party for party in addressees(recorded, past) if party in self.reader.parties]
        if not parties or version == 1:
            return []
        before, after = self._state(version - 1), self._state(self._end_of(version))
        told = [
            statement_of(recorded, before, after, to=party, past=past, known=self._known_to(party, recorded))
            for party in parties
        ]
        return [Issued(version, statement, self._paper) for statement in told if statement is not None]

    def _end_of(self, version: int) -> int:
        """The last event of the same command: all of them have its instant."""
        at = self.history[version - 1].at
        while version < len(self.history) and self.history[version].at == at:
            version += 1
        return version

    def _state(self, version: int) -> Claim:
        while len(self._states) < version:
            before = self._states[-1] if self._states else None
            self._states.append(evolve(before, self.history[len(self._states)], self.claim_id))
        return self._states[version - 1]

    def _known_to(self, party: Party, recorded: Recorded) -> Known:
        return replace(
            self._all_known(),
            to_name=self._name_of(party),
            words=self._words(party, recorded),
            says=self._sentence_at(recorded),
            names_of_deciders=self.reader.names,
        )

    def _all_known(self) -> Known:
        if self._known is None:
            line = OrderLine.objects.select_related("seller").get(id=self.filed.order_line_id)
            market = Marketplace.objects.get(code=self.filed.marketplace)
            self._paper = paper_of(market.country)
            self._seller = line.seller.legal_name or line.seller.name
            self._known = Known(
                issuer=market.legal_entity,
                marketplace=market.name,
                zone=market.zone,
                product=line.product_title or line.product_ref,
                order_ref=line.order_ref,
                covers=_covers(self.history),
                payouts=_payouts(self.history),
            )
        return self._known

    def _name_of(self, party: Party) -> str:
        known = self._all_known()
        match party:
            case "seller":
                return self._seller
            case "insurer":
                told = [each.event.coverage_id for each in self.history if isinstance(each.event, InsurerNotified)]
                return next((known.covers[id_].insurer for id_ in reversed(told) if id_ in known.covers), "")
            case "claimant":
                return _contact(self._vault()).get("name", "") if self.reader.person else ""
            case _:
                return ""

    def _words(self, party: Party, recorded: Recorded) -> dict[UUID, str]:
        """What was said under seal with this decision. What is said to the claimant is for nobody but the claimant
        and us; what answers the others goes to them without whatever names the claimant."""
        if party != "claimant" and isinstance(recorded.event, ev.ClaimDecided):
            return {}
        opened = self._vault()
        notes = {item_id: words for item_id, (kind, words) in opened.items() if kind == "note"}
        if party == "claimant":
            return notes
        hide = hiding([words for kind, words in opened.values() if kind in ("contact", "payee")])
        return {item_id: hide(words) for item_id, words in notes.items()}

    def _vault(self) -> dict[UUID, tuple[str, str]]:
        if self._opened is None:
            self._opened = vault.read(self.claim_id, kinds={"note", "contact", "payee"})
        return self._opened

    def _sentence_at(self, recorded: Recorded) -> Callable[[str], str]:
        """The policy's own sentence of a clause: with this claim's figures where it was asked, else as it stands."""

        def says(clause: str) -> str:
            if self._asked is None:
                self._asked = explained(self.claim_id, self.history)
            for asked in self._asked:
                if asked.clause == clause and asked.at <= recorded.at:
                    return next(row.because for row in asked.rows if row.held)
            return _sentence_of(clause)

        return says


def _covers(history: list[Recorded]) -> dict[int, Cover]:
    ids = [each.event.coverage_id for each in history if isinstance(each.event, InsurerNotified)]
    return {
        row.id: Cover(row.insurer, row.policy_number, row.starts_on, row.ends_on)
        for row in (Coverage.objects.filter(id__in=ids) if ids else ())
    }


def _payouts(history: list[Recorded]) -> dict[int, str]:
    ids = {each.event.disbursement_id for each in history if isinstance(each.event, FundsWithheld)}
    ids |= {
        line.disbursement_id for each in history if isinstance(each.event, FundsReleased) for line in each.event.lines
    }
    rows = Disbursement.objects.filter(id__in=ids).values_list("id", "disbursement_ref") if ids else ()
    return dict(rows)


# A version and a row of a table, as Rules.clause writes them.
_ROW = re.compile(r"(?P<version>[^·]+) · (?P<table>\w+)\.(?P<row>\w+)")


def _sentence_of(clause: str) -> str:
    """A row's sentence where it names no figures; empty where the clause is no such row, or the version unknown."""
    found = _ROW.fullmatch(clause)
    if found is None:
        return ""
    try:
        tables = policies.document_of(found["version"]).tables
    except Refused:
        return ""
    entries = tables[found["table"]].entries if found["table"] in tables else ()
    rows = [row for entry in entries for row in entry.what.rows if row.id == found["row"]]
    return rows[-1].because.text if rows and not rows[-1].because.names else ""


# What is hidden -----------------------------------------------------------------------------------------------


def _contact(opened: dict[UUID, tuple[str, str]]) -> dict[str, str]:
    records = [words for kind, words in opened.values() if kind == "contact"]
    contact: dict[str, str] = msgspec.json.decode(records[-1], type=dict[str, str]) if records else {}
    return contact
