"""The write door of standing: reports, disputes, restrictions. Beside handle.py, which is the door of claims.

Each act is one transaction, one at a time for each seller, and written with its notices or not at all. Facts of claims
are not written here: they are read from the claims (store/standing.py). A restriction is a person's act, rests on
clauses that the seller's standing meets today, and produces its statement of reasons in the same transaction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

import msgspec
from django.db import connection, transaction

from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.refusal import Refused
from makewhole.domain.standing.restricting import (
    KINDS,
    RestrictionKind,
    RestrictionStatement,
    SellerNamed,
    restriction_statement,
)
from makewhole.handle import Key
from makewhole.store import policies
from makewhole.store.ids import new_id
from makewhole.store.models import (
    Claim,
    Event,
    Evidence,
    IdempotencyKey,
    Marketplace,
    Outbox,
    Restriction,
    Seller,
    SellerReport,
    StandingDispute,
)
from makewhole.store.standing import StandingKnown, restrictions_that_bind, standing_known

REPORTS: frozenset[RoleName] = frozenset({"marketplace", "administrator"})
DISPUTES: frozenset[RoleName] = frozenset({"seller"})
RESOLVES: frozenset[RoleName] = frozenset({"reviewer", "programme_owner"})
RESTRICTS: frozenset[RoleName] = frozenset({"programme_owner", "administrator"})

LONGEST_WORDS = 20_000
MOST_FILES = 20
# Nobody plans further; and a typing error in a year is found here.
FURTHEST_AHEAD = timedelta(days=3650)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._,:;/()-]{0,59}")


@dataclass(frozen=True, slots=True)
class Acted:
    """What an act made, by its id. `repeated`: it had been done before, and nothing was done now."""

    id: str
    repeated: bool = False


# Reports of the marketplace ---------------------------------------------------------------------------


def report_violation(
    seller_id: int, *, ref: str, code: str, on: date, by: Actor, at: datetime, key: Key | None = None
) -> Acted:
    """The marketplace says that the seller broke a rule of its, on that day. `ref` is its own key of it: told again
    with the same content it is the same report. The seller is told, and can dispute it."""
    _refuse_others(by, REPORTS, "ReportViolation")
    if not _CODE.fullmatch(code) or not 1 <= len(ref) <= 100 or not ref.isprintable():
        raise Refused("report_not_usable")

    def effect(seller: Seller) -> Acted:
        calendar = policies.calendar_of(seller.marketplace_id)
        if on > calendar.day_of(at):
            raise Refused("violation_in_future", on=on, today=calendar.day_of(at))
        happened_at = calendar.instant(on, time(0))
        known = SellerReport.objects.filter(seller=seller, report_ref=ref).first()
        if known is not None:
            if (known.code, known.at) != (code, happened_at):
                raise Refused("report_ref_used_for_other_content", ref=ref)
            return Acted(str(known.pk), repeated=True)
        report = SellerReport.objects.create(
            seller=seller, kind="policy_violation", code=code, report_ref=ref, at=happened_at, reported_at=at,
            reported_by=by.name,
        )  # fmt: skip
        _tell_seller(seller, "standing_violation_reported", f"report:{report.pk}", at, report=report.pk)
        return Acted(str(report.pk))

    return _done(seller_id, by, at, key, effect)


# Disputes ---------------------------------------------------------------------------------------------


def dispute(
    seller_id: int,
    about: str,
    words: str,
    *,
    evidence: Sequence[UUID] = (),
    by: Actor,
    at: datetime,
    key: Key | None = None,
) -> Acted:
    """The seller says that a fact (by its key) or a restriction ("restriction:<id>") is wrong.

    Refuses what speaks for the seller, what is disputed already, and what was struck.
    """
    _refuse_others(by, DISPUTES, "DisputeStanding")
    said = _words(words)

    def effect(seller: Seller) -> Acted:
        known = standing_known(seller, at)
        _refuse_undisputable(about, known)
        _refuse_strange_files(evidence, by)
        made = StandingDispute.objects.create(
            id=new_id(), seller=seller, about=about, words=said, evidence=list(evidence), filed_by=by.name, filed_at=at
        )
        _tell_seller(seller, "standing_dispute_received", f"dispute:{made.pk}", at, dispute=str(made.pk))
        _tell(_judges(about), seller, "standing_dispute_filed", f"dispute:{made.pk}:staff", at, dispute=str(made.pk))
        return Acted(str(made.pk))

    return _done(seller_id, by, at, key, effect)


def resolve(
    seller_id: int, dispute_id: UUID, *, strike: bool, words: str, by: Actor, at: datetime, key: Key | None = None
) -> Acted:
    """A person who took no part decides a dispute, with reasons: the fact is struck and counts no more, or it stands.

    A restriction that is struck is lifted by that. Where a restriction rests on a fact that is struck, the programme
    owner is asked to look at it again.
    """
    _refuse_others(by, RESOLVES | RESTRICTS, "ResolveDispute")
    said = _words(words)

    def effect(seller: Seller) -> Acted:
        waiting = StandingDispute.objects.filter(seller=seller, id=dispute_id).first()
        if waiting is None:
            raise Refused("unknown_dispute")
        if waiting.outcome:
            raise Refused("dispute_decided_already", outcome=waiting.outcome)
        _refuse_who_took_part(waiting, seller, by)
        waiting.outcome, waiting.reasons = "struck" if strike else "stands", said
        waiting.decided_by, waiting.decided_at = by.name, at
        waiting.save(update_fields=["outcome", "reasons", "decided_by", "decided_at"])
        _tell_seller(seller, "standing_dispute_decided", f"dispute:{waiting.pk}:decided", at, dispute=str(waiting.pk))
        if strike:
            _after_striking(waiting, seller, by, at)
        return Acted(str(waiting.pk))

    return _done(seller_id, by, at, key, effect)


def _after_striking(struck: StandingDispute, seller: Seller, by: Actor, at: datetime) -> None:
    for restriction in restrictions_that_bind(seller, at):
        if struck.about == f"restriction:{restriction.pk}":
            _lift(restriction, seller, struck.reasons, by, at)
        elif struck.about in restriction.facts:
            told = {"restriction": str(restriction.pk), "dispute": str(struck.pk)}
            _tell("role:programme_owner", seller, "standing_restriction_shaken", f"shaken:{struck.pk}:{restriction.pk}",
                  at, **told)  # fmt: skip


def _refuse_undisputable(about: str, known: StandingKnown) -> None:
    outcomes = {each.outcome for each in known.disputes if each.about == about}
    if "" in outcomes:
        raise Refused("disputed_already")
    if "struck" in outcomes:
        raise Refused("struck_already")
    kind, _, name = about.partition(":")
    if kind == "restriction":
        restriction = next((each for each in known.restrictions if str(each.pk) == name), None)
        if restriction is None:
            raise Refused("unknown_restriction")
        if restriction.lifted_at is not None:
            raise Refused("restriction_lifted_already")
        return
    fact = known.fact(about)
    if fact is None:
        raise Refused("unknown_fact", about=about[:120])
    if not fact.can_be_disputed:
        raise Refused("fact_not_disputable", about=about)


def _refuse_strange_files(evidence: Sequence[UUID], by: Actor) -> None:
    if len(evidence) > MOST_FILES or len(set(evidence)) < len(evidence):
        raise Refused("evidence_named_twice" if len(evidence) <= MOST_FILES else "too_many_files", most=MOST_FILES)
    own = Evidence.objects.filter(id__in=evidence, uploaded_by=by.name).values_list("id", "claim_id")
    claims = dict(own)
    for each in evidence:
        if each not in claims:
            raise Refused("unknown_evidence", evidence=each)
        if claims[each] is not None or StandingDispute.objects.filter(evidence__contains=[each]).exists():
            raise Refused("evidence_used_before", evidence=each)


def _judges(about: str) -> str:
    return "role:programme_owner" if about.startswith("restriction:") else "role:reviewer"


def _refuse_who_took_part(waiting: StandingDispute, seller: Seller, by: Actor) -> None:
    """Who decided what is disputed does not hear the dispute of it; and a restriction is lifted by who may restrict."""
    kind, _, name = waiting.about.partition(":")
    if kind == "restriction":
        _refuse_others(by, RESTRICTS, "LiftRestriction")
        took_part = Restriction.objects.filter(id=name, decided_by=by.name).exists()
    else:
        _refuse_others(by, RESOLVES, "ResolveDispute")
        took_part = (
            Restriction.objects.filter(seller=seller, facts__contains=[waiting.about], decided_by=by.name).exists()
            or (kind == "policy_violation"
                and SellerReport.objects.filter(seller=seller, id=int(name), reported_by=by.name).exists())
            or _acted_on_the_claim(name.rpartition(":")[0], by)
        )  # fmt: skip
    if took_part:
        raise Refused("took_part_before")


def _acted_on_the_claim(reference: str, by: Actor) -> bool:
    claim_id = Claim.objects.filter(reference=reference).values_list("id", flat=True).first()
    if claim_id is None:
        return False
    # The log's own bytes: it is the one place that names everybody who acted.
    bodies = Event.objects.filter(claim_id=claim_id).values_list("body", flat=True)
    return any(msgspec.json.decode(body, type=_By).by == by.name for body in bodies)


class _By(msgspec.Struct):
    by: str


# Restrictions -----------------------------------------------------------------------------------------


def restrict(
    seller_id: int,
    kind: RestrictionKind,
    *,
    takes_effect_at: datetime,
    words: str,
    clauses: Sequence[str] = (),
    ends_at: datetime | None = None,
    by: Actor,
    at: datetime,
    key: Key | None = None,
) -> Acted:
    """A person restricts a seller's listings or payouts. `clauses`: those of today's standing that it rests on; none
    named means all that allow it.

    Refuses, among others, `restriction_needs_reasons` (the standing allows none) and `effect_before_notice`.
    """
    _refuse_others(by, RESTRICTS, "RestrictSeller")
    if kind not in KINDS:
        raise Refused("unknown_restriction_kind", kind=str(kind)[:20], known=", ".join(KINDS))
    said = _words(words)
    if max(takes_effect_at, ends_at or takes_effect_at) > at + FURTHEST_AHEAD:
        raise Refused("restriction_too_far_ahead", days=FURTHEST_AHEAD.days)

    def effect(seller: Seller) -> Acted:
        if any(each.kind == kind for each in restrictions_that_bind(seller, at)):
            raise Refused("restricted_already", kind=kind)
        known = standing_known(seller, at)
        statement = restriction_statement(
            kind, known.standing, known.facts, of=_named(seller), clauses=clauses, words=said, decided_at=at,
            takes_effect_at=takes_effect_at, ends_at=ends_at,
        )  # fmt: skip
        return _restricted(seller, statement, by, at)

    return _done(seller_id, by, at, key, effect)


def _restricted(seller: Seller, statement: RestrictionStatement, by: Actor, at: datetime) -> Acted:
    made = Restriction.objects.create(
        id=new_id(),
        seller=seller,
        kind=statement.kind,
        decided_at=statement.decided_at,
        takes_effect_at=statement.takes_effect_at,
        ends_at=statement.ends_at,
        clauses=[clause.clause for clause in statement.clauses],
        policy_version=statement.clauses[0].policy_version,
        facts=[fact.key for fact in statement.facts],
        decided_by=by.name,
        machine=statement.machine,
        statement=msgspec.to_builtins(statement),
    )
    # The name by which the database finds the notice that it asks for.
    _tell_seller(seller, "standing_restricted", f"restriction:{made.pk}", at, restriction=str(made.pk))
    return Acted(str(made.pk))


def lift(seller_id: int, restriction_id: UUID, words: str, *, by: Actor, at: datetime, key: Key | None = None) -> Acted:
    """A person lifts a restriction, with reasons."""
    _refuse_others(by, RESTRICTS, "LiftRestriction")
    said = _words(words)

    def effect(seller: Seller) -> Acted:
        restriction = Restriction.objects.filter(seller=seller, id=restriction_id).first()
        if restriction is None:
            raise Refused("unknown_restriction")
        if restriction.lifted_at is not None:
            raise Refused("restriction_lifted_already")
        _lift(restriction, seller, said, by, at)
        return Acted(str(restriction.pk))

    return _done(seller_id, by, at, key, effect)


def _lift(restriction: Restriction, seller: Seller, words: str, by: Actor, at: datetime) -> None:
    restriction.lifted_at, restriction.lifted_by, restriction.lifted_because = at, by.name, words
    restriction.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    told = {"restriction": str(restriction.pk)}
    _tell_seller(seller, "standing_restriction_lifted", f"restriction:{restriction.pk}:lifted", at, **told)


def _named(seller: Seller) -> SellerNamed:
    market = Marketplace.objects.get(code=seller.marketplace_id)
    scope = f"the marketplace {market.name} ({market.country}), and no other"
    return SellerNamed(market.legal_entity, seller.seller_ref, market.code, scope)


# What all acts have in common --------------------------------------------------------------------------


def _refuse_others(by: Actor, roles: frozenset[RoleName], act: str) -> None:
    """A marketplace's back-end and a seller's account may act; of the operator's side, people only."""
    if by.role not in roles:
        raise Refused("role_may_not", role=by.role, act=act)
    if by.role not in ("marketplace", "seller") and not by.is_person:
        raise Refused("only_a_person_may", act=act)


def _words(told: str) -> str:
    words = told.strip()
    if not words:
        raise Refused("words_needed")
    if "\x00" in words:
        raise Refused("text_has_null_bytes", field="words")
    if len(words) > LONGEST_WORDS:
        raise Refused("text_too_long", field="words", length=len(words), longest=LONGEST_WORDS)
    return words


def _done(seller_id: int, by: Actor, at: datetime, key: Key | None, effect: Callable[[Seller], Acted]) -> Acted:
    """One act in one transaction, one at a time for each seller; with a key, once."""
    with _in_turn(f"seller:{seller_id}", *([f"key:{key.asker} standing:{key.key}"] if key else [])):
        seller = _seller(seller_id, by)
        if key is None:
            return effect(seller)
        asker = f"{key.asker} standing"
        earlier = IdempotencyKey.objects.filter(asker=asker, key=key.key).values("request_hash", "answer").first()
        if earlier is not None:
            if bytes(earlier["request_hash"]) != key.request_hash:
                raise Refused("key_used_for_other_content", key=key.key)
            return Acted(earlier["answer"], repeated=True)
        acted = effect(seller)
        IdempotencyKey.objects.create(
            asker=asker, key=key.key, request_hash=key.request_hash, answer=acted.id, created_at=at
        )
    return acted


@contextmanager
def _in_turn(*names: str) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        yield


def _seller(seller_id: int, by: Actor) -> Seller:
    """A seller of another marketplace, or another seller, looks like none at all."""
    seller = Seller.objects.filter(id=seller_id).first()
    if seller is None or not by.works_in(seller.marketplace_id):
        raise Refused("unknown_seller")
    if by.role == "seller" and by.seller_id != seller.pk:
        raise Refused("unknown_seller")
    return seller


def _tell_seller(seller: Seller, template: str, dedupe: str, at: datetime, **facts: object) -> None:
    _tell(f"seller:{seller.pk}", seller, template, dedupe, at, **facts)


def _tell(recipient: str, seller: Seller, template: str, dedupe: str, at: datetime, **facts: object) -> None:
    """A notice that belongs to no claim: its facts name the seller and what it is about, and no words of anybody."""
    told = {"seller": seller.pk, **facts}
    Outbox.objects.create(
        dedupe=dedupe, recipient=recipient, template=template, facts=told, created_at=at, send_after=at
    )
