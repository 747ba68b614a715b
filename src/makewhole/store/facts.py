"""All that a decision may ask, in one round trip: locks, histories and facts of one claim or of hundreds.

Start at load(). It must run inside the transaction that writes what is decided: the locks that it takes hold
until then, so that two people, a clock and a retry that mean the same claim come one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
import psycopg

from makewhole.domain.claim.commands import (
    ClaimantClaim,
    CoverageFacts,
    DisbursementFacts,
    EarlierClaim,
    Facts,
    OrderLineFacts,
)
from makewhole.domain.claim.events import EvidenceKind, Recorded
from makewhole.store.codec import decode
from makewhole.store.ids import draw_of
from makewhole.store.sqls import run


class Question(msgspec.Struct, frozen=True):
    """What is asked of the database for one command. A filing names its order line, claimant, account and
    files; for a claim that exists these come from its row. Digests are hex with PostgreSQL's prefix."""

    n: int
    claim_id: UUID
    at: datetime
    filing: bool
    marketplace: str = ""
    order_ref: str = ""
    line_ref: str = ""
    email_digest: str | None = None
    payee_digest: str | None = None
    contact_kinds: tuple[str, ...] = ()
    contact_digests: tuple[str, ...] = ()
    loss_date: date | None = None
    evidence: tuple[UUID, ...] = ()
    asker: str = ""
    key: str = ""
    disbursement_id: int | None = None


class FileFacts(msgspec.Struct, frozen=True):
    evidence_id: UUID
    kind: EvidenceKind
    sha256: str
    uploaded_by: str
    claim_id: UUID | None
    subject_id: UUID | None


class EarlierAnswer(msgspec.Struct, frozen=True):
    request_hash: str
    claim_id: UUID | None
    answer: str


class _Line(msgspec.Struct, frozen=True):
    order_line_id: int
    marketplace: str
    seller_id: int
    currency: str
    price_minor: int
    quantity: int
    ordered_at: datetime
    delivered_at: datetime | None
    physical: bool
    buyer_ref: str


class _Seller(msgspec.Struct, frozen=True):
    good_standing: bool
    requested: bool
    insured: bool
    had_automatic: bool
    gone: Literal["", "account_gone", "bankruptcy"]
    coverage: CoverageFacts | None


class _Told(msgspec.Struct, frozen=True):
    """The JSON row of facts.sql."""

    claimant_id: UUID | None
    wrapped_key: str | None
    version: str | None
    line: _Line | None
    seller: _Seller | None
    disbursement: DisbursementFacts | None
    same_line: tuple[EarlierClaim, ...]
    claimant_claims: tuple[ClaimantClaim, ...]
    linked_claimants: int
    link_kinds: int
    payee_of_others: int
    payee_named_at: tuple[datetime, ...]
    payee_orders: tuple[tuple[datetime, int], ...]
    other_payee_open: bool
    files: tuple[FileFacts, ...]
    reused: tuple[tuple[UUID, str, int], ...]
    earlier: EarlierAnswer | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knows for one question. `head`: the digest of the claim's last event, empty before."""

    history: tuple[Recorded, ...]
    head: bytes
    facts: Facts
    claimant_id: UUID | None
    wrapped_key: bytes | None
    policy_version: str | None
    marketplace: str
    buyer_ref: str
    files: dict[UUID, FileFacts]
    earlier: EarlierAnswer | None


_TOLD = msgspec.json.Decoder(_Told)
_ENCODER = msgspec.json.Encoder()


def load(connection: psycopg.Connection[Any], questions: list[Question], locks: list[str]) -> list[Known]:
    """Takes the locks, then answers each question in order. One round trip, in the caller's pipeline."""
    claims = [question.claim_id for question in questions if not question.filing]
    run(connection, "go_by_indexes", {})
    run(connection, "take_turns", {"locks": locks, "claims": claims})
    told = run(connection, "facts", {"asks": _ENCODER.encode(questions).decode()})
    past = run(connection, "history", {"claims": claims})
    answers = [_TOLD.decode(row[1]) for row in told.fetchall()]
    histories = _histories(past.fetchall())
    return [
        _known(question, answer, histories.get(question.claim_id, ([], b"")))
        for question, answer in zip(questions, answers, strict=True)
    ]


def histories(connection: psycopg.Connection[Any], claims: list[UUID]) -> dict[UUID, tuple[list[Recorded], bytes]]:
    """What happened to these claims, and the digest of each one's last event."""
    return _histories(run(connection, "history", {"claims": claims}).fetchall())


def _histories(rows: list[Any]) -> dict[UUID, tuple[list[Recorded], bytes]]:
    found: dict[UUID, tuple[list[Recorded], bytes]] = {}
    for claim_id, body, digest in rows:
        past, _ = found.get(claim_id, ([], b""))
        past.append(decode(body)[1])
        found[claim_id] = (past, bytes(digest))
    return found


def _known(question: Question, told: _Told, past: tuple[list[Recorded], bytes]) -> Known:
    line, seller = told.line, told.seller
    return Known(
        history=tuple(past[0]),
        head=past[1],
        facts=Facts(
            order_line=_order_line(line),
            seller_insured=bool(seller and seller.insured),
            coverage=seller.coverage if seller else None,
            seller_gone=seller.gone if seller else "",
            disbursement=told.disbursement,
            seller_good_standing=bool(seller and seller.good_standing),
            insurance_requested=bool(seller and seller.requested),
            seller_had_automatic_approval=bool(seller and seller.had_automatic),
            same_line=told.same_line,
            claimant_claims=told.claimant_claims,
            linked_claimants=told.linked_claimants,
            link_kinds=told.link_kinds,
            payee_of_others=told.payee_of_others,
            payee_named_at=told.payee_named_at,
            payee_orders=told.payee_orders,
            other_payee_open=told.other_payee_open,
            reused_evidence=told.reused,
            draw=draw_of(question.claim_id),
        ),
        claimant_id=told.claimant_id,
        wrapped_key=bytes.fromhex(told.wrapped_key) if told.wrapped_key else None,
        policy_version=told.version,
        marketplace=line.marketplace if line else question.marketplace,
        buyer_ref=line.buyer_ref if line else "",
        files={file.evidence_id: file for file in told.files},
        earlier=told.earlier,
    )


def _order_line(line: _Line | None) -> OrderLineFacts | None:
    if line is None:
        return None
    return OrderLineFacts(
        order_line_id=line.order_line_id,
        marketplace=line.marketplace,
        seller_id=line.seller_id,
        currency=line.currency,
        price_minor=line.price_minor,
        quantity=line.quantity,
        ordered_at=line.ordered_at,
        delivered_at=line.delivered_at,
        physical=line.physical,
    )
