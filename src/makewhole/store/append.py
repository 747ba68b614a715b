"""Writes what was decided: events, current rows, books, clocks, outbox, vault and keys, in one pipelined batch.

Start at append(). It writes for one claim or for hundreds with the same statements: each takes its rows as one
JSON document. The caller holds the transaction and the locks.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from makewhole.domain.chain import body_digest, event_digest
from makewhole.domain.claim.events import Recorded
from makewhole.domain.claim.notices import notices
from makewhole.domain.claim.state import Claim
from makewhole.store import rows, vault
from makewhole.store.codec import encode
from makewhole.store.envelope import new_data_key
from makewhole.store.rows import Row
from makewhole.store.sqls import run
from makewhole.store.vault import Personal

_ENCODER = msgspec.json.Encoder()


@dataclass(slots=True)
class Change:
    """What one command makes of one claim. `head`: the digest of its last event before."""

    claim_id: UUID
    before: Claim | None
    head: bytes
    events: list[Recorded]
    claims: list[Claim]  # the claim after each event
    claimant_id: UUID
    wrapped_key: bytes | None = None
    email_digest: bytes | None = None
    personal: tuple[Personal, ...] = ()
    digests: tuple[tuple[str, bytes], ...] = ()
    evidence: tuple[UUID, ...] = ()
    key: tuple[str, str, bytes] | None = None  # asker, key, hash of the request
    opens_incident: bool = False

    @property
    def after(self) -> Claim:
        return self.claims[-1]

    @property
    def at(self) -> datetime:
        return self.events[0].at


def append(connection: psycopg.Connection[Any], changes: list[Change]) -> None:
    """Sends the changes of different claims into the caller's pipeline; answers come with its end.

    What must not be is refused by the database: a version that exists, a file that another claim has, a sum
    above its bound.
    """
    tables = _Tables()
    for change in changes:
        _collect(change, tables)
    told = {name: _ENCODER.encode(rows_of_table).decode() for name, rows_of_table in tables.parameters().items()}
    run(connection, "append", told)


class _Tables:
    """Rows by table, as append.sql names them."""

    def __init__(self) -> None:
        self.subjects: dict[UUID, Row] = {}
        self.new_incidents: list[Row] = []
        self.incident_sums: dict[UUID, Row] = {}
        self.claims: list[Row] = []
        self.exposures: list[Row] = []
        self.payments: list[Row] = []
        self.clocks: list[Row] = []
        self.events: list[Row] = []
        self.postings: list[Row] = []
        self.tenders: list[Row] = []
        self.recoveries: list[Row] = []
        self.withholdings: list[Row] = []
        self.contests: list[Row] = []
        self.disbursement_sums: dict[int, Row] = {}
        self.coverage_sums: dict[int, Row] = {}
        self.outbox: list[Row] = []
        self.vault: list[Row] = []
        self.digests: list[Row] = []
        self.evidence: list[Row] = []
        self.keys: list[Row] = []

    def parameters(self) -> dict[str, list[Row]]:
        by_id: dict[str, dict[Any, Row]] = {  # by whatever id each table has
            "subjects": self.subjects,
            "incident_sums": self.incident_sums,
            "disbursement_sums": self.disbursement_sums,
            "coverage_sums": self.coverage_sums,
        }
        return vars(self) | {name: list(told.values()) for name, told in by_id.items()}


def _collect(change: Change, tables: _Tables) -> None:
    head = _walk(change, tables)
    before, claim = change.before, change.after
    tables.claims.append(rows.claim_row(claim, head))
    tables.exposures += _changed(rows.exposure_rows, before, claim)
    tables.payments += _changed(rows.payment_rows, before, claim)
    tables.clocks += _changed(rows.clock_rows, before, claim)
    _add_incident(rows.incident_row(claim, before), change, tables)
    if claim.tenders or claim.recoveries or claim.appeals_heard:
        _collect_recovery(before, claim, tables)
    _collect_personal(change, claim, tables)
    tables.evidence += [
        {"id": evidence_id, "claim_id": change.claim_id, "subject_id": change.claimant_id}
        for evidence_id in change.evidence
    ]
    if change.key:
        tables.keys.append(_key_row(change, claim))


def _collect_recovery(before: Claim | None, claim: Claim, tables: _Tables) -> None:
    """What most claims never have: tenders, recoveries, and what is withheld for them."""
    tables.tenders += _changed(rows.tender_rows, before, claim)
    tables.recoveries += _changed(rows.recovery_rows, before, claim)
    tables.withholdings += _changed(rows.withholding_rows, before, claim)
    tables.contests += _changed(rows.contest_rows, before, claim)
    for disbursement_id, minor in rows.disbursement_sums(claim, before).items():
        _add_up(tables.disbursement_sums, disbursement_id, "withheld_minor", minor)
    eroded = rows.eroded_minor(claim) - (rows.eroded_minor(before) if before else 0)
    if eroded and claim.insurer:
        _add_up(tables.coverage_sums, claim.insurer.told.coverage_id, "eroded_minor", eroded)


def _add_up(sums: dict[int, Row], key: int, column: str, minor: int) -> None:
    earlier = sums.get(key, {column: 0})
    sums[key] = {"id": key, column: earlier[column] + minor}


def _walk(change: Change, tables: _Tables) -> bytes:
    """Each event in turn: its row in the log, its entry in the books, its notices."""
    before, head = change.before, change.head
    for recorded, claim in zip(change.events, change.claims, strict=True):
        version = claim.version
        body = encode(change.claim_id, version, recorded, salt=secrets.token_hex(16))
        digest = event_digest(head, body_digest(body))
        tables.events.append(_event_row(change.claim_id, version, recorded, body, head, digest))
        tables.postings += rows.posting_rows(before, recorded, claim)
        tables.outbox += [
            {
                "claim_id": change.claim_id,
                "version": version,
                "dedupe": f"{change.claim_id}:{version}:{notice.recipient}:{notice.template}"[:120],
                "recipient": notice.recipient,
                "template": notice.template,
                "facts": notice.facts,
                "created_at": recorded.at,
                "send_after": recorded.at,
            }
            for notice in notices(recorded, claim)
        ]
        before, head = claim, digest
    return head


def _event_row(claim_id: UUID, version: int, recorded: Recorded, body: bytes, prior: bytes, digest: bytes) -> Row:
    return {
        "claim_id": claim_id,
        "version": version,
        "kind": type(recorded.event).__name__,
        "at": recorded.at,
        "body": body.decode(),
        "prior": "\\x" + prior.hex(),
        "digest": "\\x" + digest.hex(),
    }


def _changed(make: Any, before: Claim | None, after: Claim) -> list[Row]:
    return rows.changed(make(before) if before else [], make(after))


def _add_incident(row: Row, change: Change, tables: _Tables) -> None:
    if change.opens_incident:
        tables.new_incidents.append(row)
        return
    sums = ("approved_minor", "ordered_minor", "paid_minor")
    if not any(row[name] for name in sums):
        return
    other = tables.incident_sums.get(row["id"])
    if other is not None:
        row = {**row, **{name: row[name] + other[name] for name in sums}}
    tables.incident_sums[row["id"]] = row


def _collect_personal(change: Change, claim: Claim, tables: _Tables) -> None:
    if not change.personal and not change.digests:
        return
    wrapped = change.wrapped_key
    if wrapped is None:
        data_key = new_data_key()
        tables.subjects[change.claimant_id] = {
            "id": change.claimant_id,
            "marketplace_id": claim.filed.marketplace,
            "email_digest": "\\x" + change.email_digest.hex() if change.email_digest else None,
            "wrapped_key": "\\x" + vault.wrap(change.claimant_id, data_key).hex(),
        }
    else:
        data_key = vault.unwrap(change.claimant_id, wrapped)
    tables.vault += [
        {
            "id": item.item_id,
            "subject_id": change.claimant_id,
            "claim_id": change.claim_id,
            "kind": item.kind,
            "sealed": "\\x" + vault.seal_for(change.claimant_id, data_key, item).hex(),
        }
        for item in change.personal
    ]
    tables.digests += [
        {
            "kind": kind,
            "digest": "\\x" + digest.hex(),
            "claim_id": change.claim_id,
            "claimant_id": change.claimant_id,
            "at": change.at,
        }
        for kind, digest in change.digests
    ]


def _key_row(change: Change, claim: Claim) -> Row:
    assert change.key is not None
    asker, key, request_hash = change.key
    return {
        "asker": asker,
        "key": key,
        "request_hash": "\\x" + request_hash.hex(),
        "claim_id": change.claim_id,
        "answer": str(claim.version),
        "created_at": change.at,
    }
