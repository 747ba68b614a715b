"""A restriction as a statement of reasons: the one type of document that claims and demands have too.

statement_of() tells what restricting.py wrote when a person decided; it adds nothing to it and leaves nothing out.
"""

from __future__ import annotations

from collections.abc import Iterator

from makewhole.domain.standing.restricting import RestrictionStatement
from makewhole.domain.statement import (
    CitedClause,
    CitedEvidence,
    Contest,
    Decided,
    Said,
    StatementOfReasons,
    say,
)


def statement_of(
    told: RestrictionStatement,
    *,
    reference: str,
    to_name: str,
    marketplace: str,
    zone: str,
    by: tuple[str, ...] = (),
) -> StatementOfReasons:
    """The statement to the seller. `reference`: as a dispute of it names it; `by`: who decided, for who may know.

    No money is decided by a restriction, so it has no amounts.
    """
    return StatementOfReasons(
        kind="seller_restricted",
        reference=reference,
        issued_at=told.decided_at,
        issuer=told.issuer,
        marketplace=marketplace,
        zone=zone,
        to="seller",
        to_name=to_name,
        title=say("We restrict your {kind} from {takes_effect_at}.", kind=told.kind,
                  takes_effect_at=told.takes_effect_at),
        about=(("Seller", told.seller), ("Restricted", told.kind), ("Where", told.scope)),
        facts=tuple(
            say("{on}: {what} Source: {source}.", on=fact.on, what=fact.what, source=fact.source)
            for fact in told.facts
        ),
        amounts=(),
        policy_version=told.clauses[0].policy_version,
        clauses=tuple(CitedClause(cited.clause, cited.because) for cited in told.clauses),
        evidence=tuple(CitedEvidence(None, shown.what, "", shown.reference, "our records") for shown in told.evidence),
        decided=Decided("prepared", 1, say("{machine}", machine=told.machine), by),
        then=tuple(_then(told)),
        contest=Contest((say("{contest}", contest=told.contest),), "a person who took no part"),
        others_see=(),
        wrote=(told.words,),
    )  # fmt: skip


def _then(told: RestrictionStatement) -> Iterator[Said]:
    yield say("It holds for {scope}.", scope=told.scope)
    if told.ends_at is None:
        yield say("It lasts {duration}.", duration=told.duration)
    else:
        yield say("It lasts until {ends_at}.", ends_at=told.ends_at)
