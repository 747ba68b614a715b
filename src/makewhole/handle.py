"""The write door: load, decide, append; one transaction. Everything that changes a claim passes here.

Read handle_all(): it does for hundreds what handle() does for one, with the same statements. One claim costs
two round trips to the database: one to lock and load, one to write and commit.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection as django_connection
from psycopg.pq import TransactionStatus

from makewhole.domain.actors import Actor
from makewhole.domain.calendar import Calendar
from makewhole.domain.claim.commands import ClaimCommand, FileClaim
from makewhole.domain.claim.decide import drafted
from makewhole.domain.claim.draft import Case, Draft
from makewhole.domain.claim.events import EvidenceItem, Recorded
from makewhole.domain.claim.filing import repeated
from makewhole.domain.claim.state import Claim, fold
from makewhole.domain.policy.rules import Rules
from makewhole.domain.recovery.commands import WithholdFunds
from makewhole.domain.refusal import Refused
from makewhole.store import facts as known_facts
from makewhole.store import policies
from makewhole.store.append import Change, append
from makewhole.store.facts import Known, Question
from makewhole.store.vault import Personal

logger = logging.getLogger(__name__)

ATTEMPTS = 5
# What two writers in the same instant may cause; the loser looks again.
RACES = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected, psycopg.errors.UniqueViolation)


@dataclass(frozen=True, slots=True)
class FiledFor:
    """What a filing says beside its command: which order line, who claims, from where. Digests, no clear text."""

    marketplace: str
    order_ref: str
    line_ref: str
    email_digest: bytes
    payee_digest: bytes | None = None
    contacts: tuple[tuple[str, bytes], ...] = ()
    buyer_ref: str | None = None  # given where the asker vouches for one buyer only


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key: who asks, the key, and a hash of the request's content."""

    asker: str
    key: str
    request_hash: bytes


@dataclass(frozen=True, slots=True)
class Ask:
    """One command on its way in: who, when, on which claim, with what for the vault."""

    command: ClaimCommand
    by: Actor
    at: datetime
    claim_id: UUID
    filed_for: FiledFor | None = None
    personal: tuple[Personal, ...] = ()
    digests: tuple[tuple[str, bytes], ...] = ()
    key: Key | None = None
    expected_version: int | None = None  # the version that the asker saw; another one is refused as stale


@dataclass(frozen=True, slots=True)
class Done:
    """The claim as it now is, and what this command made happen. `repeated`: it had been done before (the same
    key, or the same incident), and the claim is the one from then."""

    claim: Claim
    events: tuple[Recorded, ...]
    repeated: bool = False


def handle(ask: Ask) -> Done:
    """Does one command, wholly or not at all. Raises Refused where the rules say no."""
    answer = handle_all([ask])[0]
    if isinstance(answer, Refused):
        raise answer
    return answer


def handle_all(asks: list[Ask]) -> list[Done | Refused]:
    """Does many commands in one transaction, and answers each in order: done, or refused by the rules.

    A refusal of one leaves the others as they are. Commands that could see each other (the same claim, order
    line, claimant or account) must not share a call: `apart()` sorts them into calls.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _once(asks)
        except RACES as race:
            if attempt == ATTEMPTS:
                raise
            logger.info("written at the same time (%s); looking again, attempt %d", type(race).__name__, attempt)
    raise AssertionError("unreachable")


def foresee(asks: list[Ask]) -> list[tuple[Recorded, ...] | Refused]:
    """What handle_all() would make happen now, each by itself, and nothing of it done: no row, no key, no lock stays.

    A preview: what others do in between may change the answer.
    """
    connection = _connection()
    begin, _, undo = _WITHIN_ANOTHER if django_connection.in_atomic_block else _OF_ITS_OWN
    changes: list[Change] = []
    answers: list[tuple[Recorded, ...] | Refused] = []
    connection.execute(begin)
    try:
        with connection.pipeline():
            known = _load(connection, asks)
        for ask, told in zip(asks, known, strict=True):
            before = len(changes)
            try:
                _one(connection, ask, told, changes)
            except Refused as refusal:
                answers.append(refusal)
            else:
                answers.append(tuple(changes[before].events) if len(changes) > before else ())
    finally:
        if connection.info.transaction_status != TransactionStatus.IDLE:
            connection.execute(undo)
    return answers


def apart(asks: list[Ask], *, at_most: int) -> list[list[Ask]]:
    """The same asks in calls in which no two could see each other, keeping the order among those that could."""
    calls: list[list[Ask]] = []
    latest: dict[str, int] = {}
    for ask in asks:
        names = set(_locks(ask))
        first = max((latest[name] + 1 for name in names if name in latest), default=0)
        place = next((n for n in range(first, len(calls)) if len(calls[n]) < at_most), len(calls))
        if place == len(calls):
            calls.append([])
        calls[place].append(ask)
        latest.update(dict.fromkeys(names, place))
    return calls


def _once(asks: list[Ask]) -> list[Done | Refused]:
    connection = _connection()
    with _one_transaction(connection):
        known = _load(connection, asks)
        changes: list[Change] = []
        answers: list[Callable[[], Done] | Refused] = []
        for ask, told in zip(asks, known, strict=True):
            try:
                answers.append(_one(connection, ask, told, changes))
            except Refused as refusal:
                answers.append(refusal)
        if changes:
            append(connection, changes)
    return [answer if isinstance(answer, Refused) else answer() for answer in answers]


@contextlib.contextmanager
def _one_transaction(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """All or nothing, in one pipeline: BEGIN travels with the first question, COMMIT with the last row.

    psycopg's own transaction() would wait for an answer at either end. Within somebody's transaction (a demo that
    loads as a whole), it is a part of that one.
    """
    begin, commit, undo = _WITHIN_ANOTHER if django_connection.in_atomic_block else _OF_ITS_OWN
    try:
        with connection.pipeline():
            connection.execute(begin)
            yield
            connection.execute(commit)
    except BaseException:
        if connection.closed:
            django_connection.close()  # so that this thread's next request opens another
        elif connection.info.transaction_status != TransactionStatus.IDLE:
            connection.execute(undo)
        raise


_OF_ITS_OWN = (b"begin", b"commit", b"rollback")
_WITHIN_ANOTHER = (b"savepoint door", b"release savepoint door", b"rollback to savepoint door")


def _connection() -> psycopg.Connection[Any]:
    """Django's own connection, used directly: pipelines are counted here, not hidden."""
    django_connection.ensure_connection()
    raw = django_connection.connection
    assert isinstance(raw, psycopg.Connection)
    return raw


# Load --------------------------------------------------------------------------------------------------


def _load(connection: psycopg.Connection[Any], asks: list[Ask]) -> list[Known]:
    questions = [_question(n, ask) for n, ask in enumerate(asks)]
    locks = sorted({name for ask in asks for name in _locks(ask)})
    return known_facts.load(connection, questions, locks)


def _locks(ask: Ask) -> list[str]:
    names = [f"claim:{ask.claim_id}"]
    if ask.key:
        names.append(f"key:{ask.key.asker}:{ask.key.key}")
    if filed := ask.filed_for:
        names.append(f"order:{filed.marketplace}:{filed.order_ref}:{filed.line_ref}")
        names.append(f"person:{filed.email_digest.hex()}")
        names += [f"{kind}:{digest.hex()}" for kind, digest in filed.contacts]
        if filed.payee_digest:
            names.append(f"payee:{filed.payee_digest.hex()}")
    names += [f"payee:{digest.hex()}" for kind, digest in ask.digests if kind == "payee"]
    if isinstance(ask.command, WithholdFunds):
        names.append(f"disbursement:{ask.command.disbursement_id}")
    names += [f"file:{item.evidence_id}" for item in _files(ask.command)]
    return names


def _question(n: int, ask: Ask) -> Question:
    filed, key = ask.filed_for, ask.key
    return Question(
        n=n,
        claim_id=ask.claim_id,
        at=ask.at,
        filing=filed is not None,
        marketplace=filed.marketplace if filed else "",
        order_ref=filed.order_ref if filed else "",
        line_ref=filed.line_ref if filed else "",
        email_digest=_hex(filed.email_digest) if filed else None,
        payee_digest=_hex(filed.payee_digest) if filed and filed.payee_digest else None,
        contact_kinds=tuple(kind for kind, _ in filed.contacts) if filed else (),
        contact_digests=tuple(_hex(digest) for _, digest in filed.contacts) if filed else (),
        loss_date=ask.command.loss_date if isinstance(ask.command, FileClaim) else None,
        evidence=tuple(item.evidence_id for item in _files(ask.command)),
        disbursement_id=ask.command.disbursement_id if isinstance(ask.command, WithholdFunds) else None,
        asker=key.asker if key else "",
        key=key.key if key else "",
    )


def _hex(digest: bytes) -> str:
    return "\\x" + digest.hex()


def _files(command: ClaimCommand) -> tuple[EvidenceItem, ...]:
    return getattr(command, "evidence", ())


# Decide ------------------------------------------------------------------------------------------------


def _one(connection: psycopg.Connection[Any], ask: Ask, known: Known, changes: list[Change]) -> Callable[[], Done]:
    """Decides one command; its change joins the batch. Answers once the batch is written."""
    if ask.key and known.earlier:
        done = _answered_before(connection, ask.key, known)
        return lambda: done
    claim = fold(ask.claim_id, known.history)
    if isinstance(ask.command, FileClaim):
        return _file(connection, ask, known, claim, changes)
    if claim is None:
        raise Refused("unknown_claim")
    if ask.expected_version is not None and ask.expected_version != claim.version:
        raise Refused("page_is_stale", seen=ask.expected_version, now=claim.version)
    if known.wrapped_key is None and ask.personal:
        raise Refused("claimant_erased")
    command = _with_files(ask.command, ask, known)
    draft = drafted(command, ask.claim_id, claim, _case(ask, known, claim))
    return _change(ask, known, claim, draft, command, changes)


def _file(
    connection: psycopg.Connection[Any], ask: Ask, known: Known, claim: Claim | None, changes: list[Change]
) -> Callable[[], Done]:
    assert isinstance(ask.command, FileClaim) and ask.filed_for is not None and claim is None
    _refuse_strange_buyer(ask.filed_for, known)
    command = replace(ask.command, claimant_id=known.claimant_id or ask.command.claimant_id)
    case = _case(ask, known, None)
    earlier = repeated(command, known.facts, case.rules.whole("same_incident_days"))
    if earlier is not None:
        return _repeat(connection, replace(ask, command=command), earlier.claim_id, known, changes)
    filed = _with_files(command, ask, known)
    draft = drafted(filed, ask.claim_id, None, case)
    return _change(ask, known, None, draft, filed, changes)


def _repeat(
    connection: psycopg.Connection[Any], ask: Ask, claim_id: UUID, known: Known, changes: list[Change]
) -> Callable[[], Done]:
    """The same incident was sent before: the claim from then, and a line in its log."""
    past, head = known_facts.histories(connection, [claim_id])[claim_id]
    claim = fold(claim_id, past)
    assert claim is not None
    draft = drafted(ask.command, claim_id, claim, _case(ask, known, claim))
    change = Change(
        claim_id, claim, head, draft.events, draft.claims, claim.filed.claimant_id, known.wrapped_key,
        personal=tuple(item for item in ask.personal if item.kind == "story"),
        key=(ask.key.asker, ask.key.key, ask.key.request_hash) if ask.key else None,
    )  # fmt: skip
    changes.append(change)
    return lambda: Done(change.after, tuple(draft.events), repeated=True)


def _refuse_strange_buyer(filed: FiledFor, known: Known) -> None:
    """Somebody else's order looks like no order at all."""
    if filed.buyer_ref is not None and known.facts.order_line is not None and filed.buyer_ref != known.buyer_ref:
        raise Refused("unknown_order_line")


def _answered_before(connection: psycopg.Connection[Any], key: Key, known: Known) -> Done:
    """The answer from then, as the log has it. The same key with other content is an error."""
    earlier = known.earlier
    assert earlier is not None and earlier.claim_id is not None
    if bytes.fromhex(earlier.request_hash) != key.request_hash:
        raise Refused("key_used_for_other_content", key=key.key)
    past, _ = known_facts.histories(connection, [earlier.claim_id])[earlier.claim_id]
    claim = fold(earlier.claim_id, past[: int(earlier.answer)])
    assert claim is not None
    return Done(claim, (), repeated=True)


def _change(
    ask: Ask, known: Known, claim: Claim | None, draft: Draft, command: ClaimCommand, changes: list[Change]
) -> Callable[[], Done]:
    claimant_id = claim.filed.claimant_id if claim else getattr(command, "claimant_id", None)
    assert isinstance(claimant_id, UUID)
    if not draft.events:
        assert claim is not None
        return lambda: Done(claim, (), repeated=True)
    filed = ask.filed_for
    change = Change(
        claim_id=ask.claim_id,
        before=claim,
        head=known.head,
        events=draft.events,
        claims=draft.claims,
        claimant_id=claimant_id,
        wrapped_key=known.wrapped_key,
        email_digest=filed.email_digest if filed else None,
        personal=ask.personal,
        digests=_digests(ask),
        evidence=tuple(item.evidence_id for item in _files(command)),
        key=(ask.key.asker, ask.key.key, ask.key.request_hash) if ask.key else None,
        opens_incident=isinstance(command, FileClaim) and draft.claim.filed.incident_id == command.incident_id,
    )
    changes.append(change)
    return lambda: Done(change.after, tuple(draft.events))


def _digests(ask: Ask) -> tuple[tuple[str, bytes], ...]:
    filed = ask.filed_for
    if filed is None:
        return ask.digests
    payee = (("payee", filed.payee_digest),) if filed.payee_digest else ()
    return filed.contacts + payee


def _with_files(command: Any, ask: Ask, known: Known) -> Any:
    """The command with its files as the store knows them (kind, content). Any: each command has its own fields.

    Refuses a file that nobody sent, that somebody else sent, or that another claim has.
    """
    items = _files(command)
    if not items:
        return command
    return replace(command, evidence=tuple(_file_item(item, ask, known) for item in items))


def _file_item(item: EvidenceItem, ask: Ask, known: Known) -> EvidenceItem:
    file = known.files.get(item.evidence_id)
    if file is None or file.uploaded_by != ask.by.name:
        raise Refused("unknown_evidence", evidence=item.evidence_id)
    if file.claim_id is not None:
        raise Refused("evidence_used_before", evidence=item.evidence_id)
    return replace(item, kind=file.kind, sha256=file.sha256)


def _case(ask: Ask, known: Known, claim: Claim | None) -> Case:
    rules, calendar = _rules(ask, known, claim)
    return Case(ask.by, ask.at, rules, calendar, known.facts)


def _rules(ask: Ask, known: Known, claim: Claim | None) -> tuple[Rules, Calendar]:
    """The policy version in force at this instant, seen at the claim's dates, and the marketplace's days."""
    if known.facts.order_line is None:
        raise Refused("unknown_order_line")
    if known.policy_version is None:
        raise Refused("no_policy", marketplace=known.marketplace)
    calendar = policies.calendar_of(known.marketplace)
    today = calendar.day_of(ask.at)
    if claim is not None:
        incident, notice = claim.filed.loss_date, calendar.day_of(claim.filed_at)
    else:
        assert isinstance(ask.command, FileClaim)
        incident, notice = min(ask.command.loss_date, today), today
    return policies.rules_of(known.policy_version, incident, notice, today), calendar
