"""What a person must have to restrict a seller's listings or payouts, and the statement of reasons that it produces.

The statement is made before anything takes effect, and is the same data for the page, the mail and the API. Its shape
follows Regulation (EU) 2022/2065, Art. 17 (3), and Regulation (EU) 2019/1150, Art. 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from makewhole.domain.refusal import Refused
from makewhole.domain.standing.counting import Standing, StandingReason
from makewhole.domain.standing.facts import StandingFact
from makewhole.domain.standing.words import fact_told, source_told

RestrictionKind = Literal["listings", "payouts"]
KINDS: tuple[RestrictionKind, ...] = ("listings", "payouts")

MACHINE = (
    "A machine gathered the facts from the records named beside them, counted them and applied the policy's table. "
    "A person decided to restrict."
)
CONTEST = (
    "Each fact can be disputed, and so can this restriction, on the page of your standing, free of charge and at any "
    "time. A person who took no part decides, with reasons. A fact that is struck counts no more. Courts and certified "
    "bodies for the settlement of disputes stay open to you."
)


@dataclass(frozen=True, slots=True)
class FactStated:
    key: str
    on: date
    what: str
    source: str


@dataclass(frozen=True, slots=True)
class ClauseStated:
    """A clause with the version of the policy it stands in, and its sentence with the figures of this seller."""

    clause: str
    policy_version: str
    because: str


@dataclass(frozen=True, slots=True)
class EvidenceStated:
    what: str
    reference: str


@dataclass(frozen=True, slots=True)
class RestrictionStatement:
    """Why something is restricted. `by`: a person always; `amounts` stays empty: no money is decided here."""

    title: str
    kind: RestrictionKind
    issuer: str
    seller: str
    marketplace: str
    scope: str
    decided_at: datetime
    takes_effect_at: datetime
    ends_at: datetime | None
    duration: str
    words: str
    facts: tuple[FactStated, ...]
    clauses: tuple[ClauseStated, ...]
    evidence: tuple[EvidenceStated, ...]
    by: Literal["person"]
    machine: str
    contest: str
    amounts: tuple[()] = ()


@dataclass(frozen=True, slots=True)
class SellerNamed:
    """Whom it is about, and `issuer`, the legal entity that answers for it."""

    issuer: str
    seller: str
    marketplace: str
    scope: str  # where it holds, in words


def restriction_statement(
    kind: RestrictionKind,
    standing: Standing,
    facts: Sequence[StandingFact],
    *,
    of: SellerNamed,
    clauses: Sequence[str],
    words: str,
    decided_at: datetime,
    takes_effect_at: datetime,
    ends_at: datetime | None,
) -> RestrictionStatement:
    """The statement of a restriction that rests on these clauses of the standing (none named: on all that allow it).

    Refuses `restriction_needs_reasons`, `words_needed`, `effect_before_notice` and `restriction_ends_before_effect`.
    """
    if takes_effect_at < decided_at:
        raise Refused("effect_before_notice", takes_effect_at=takes_effect_at, notice_at=decided_at)
    if ends_at is not None and ends_at <= takes_effect_at:
        raise Refused("restriction_ends_before_effect", ends_at=ends_at, takes_effect_at=takes_effect_at)
    if not words.strip():
        raise Refused("words_needed")
    reasons = _reasons(standing, clauses)
    resting_on = {key for reason in reasons for key in reason.facts}
    stated = sorted((fact for fact in facts if fact.key in resting_on), key=lambda fact: (fact.on, fact.key))
    assert stated, f"{reasons} rest on facts that were not told"
    return RestrictionStatement(
        title=f"Restriction of {kind}",
        kind=kind,
        issuer=of.issuer,
        seller=of.seller,
        marketplace=of.marketplace,
        scope=of.scope,
        decided_at=decided_at,
        takes_effect_at=takes_effect_at,
        ends_at=ends_at,
        duration="until the instant named"
        if ends_at
        else "until it is lifted by a person, which you may ask for at any time",
        words=words.strip(),
        facts=tuple(FactStated(fact.key, fact.on, fact_told(fact), source_told(fact)) for fact in stated),
        clauses=tuple(ClauseStated(reason.clause, standing.policy_version, reason.because) for reason in reasons),
        evidence=tuple(_evidence(stated)),
        by="person",
        machine=MACHINE,
        contest=CONTEST,
    )


def _reasons(standing: Standing, clauses: Sequence[str]) -> list[StandingReason]:
    allowing = standing.allowing
    if not allowing:
        raise Refused("restriction_needs_reasons", level=standing.level)
    unknown = [clause for clause in clauses if clause not in {reason.clause for reason in allowing}]
    if unknown:
        raise Refused("clause_allows_no_restriction", clause=unknown[0])
    return [reason for reason in allowing if not clauses or reason.clause in clauses]


def _evidence(stated: Sequence[StandingFact]) -> list[EvidenceStated]:
    """Where each fact can be checked: the log of a claim (which the seller can verify), or our record."""
    claims = dict.fromkeys(fact.claim for fact in stated if fact.claim)
    others = dict.fromkeys((source_told(fact), fact.key) for fact in stated if not fact.claim)
    return [EvidenceStated("the log of the claim", claim) for claim in claims] + [
        EvidenceStated(source, key) for source, key in others
    ]
