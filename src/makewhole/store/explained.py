"""Which tables of the policy a claim met, with the facts as its log has them, and why each row held or not.

Start at explained(). It asks no decision anew: it walks the log, rebuilds the facts of each question that the
rules put to the policy, and lets the policy tell every row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from makewhole.domain.calendar import days_between
from makewhole.domain.claim import events as ev
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.events import Recorded
from makewhole.domain.claim.state import Claim, evolve
from makewhole.domain.policy.explain import RowTried, explain
from makewhole.domain.policy.recorded import from_recorded
from makewhole.domain.policy.rules import PolicyDates, Rules, rules_on
from makewhole.store import policies
from makewhole.store.models import OrderLine

_Facts = dict[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to a table: `about` is what part of the claim, `clause` how to cite the row that held."""

    at: datetime
    table: str
    about: str
    policy_version: str
    clause: str
    facts: _Facts
    rows: list[RowTried]


def explained(claim_id: UUID, history: Iterable[Recorded]) -> list[Asked]:
    """Every question of a claim's log to the policy, in order."""
    claim: Claim | None = None
    total_minor = 0
    asked: list[Asked] = []
    for recorded in history:
        before, claim = claim, evolve(claim, recorded, claim_id)
        if isinstance(recorded.event, ev.ClaimAssessed):
            total_minor = recorded.event.incident_total_minor
        if before is not None and _machine_decides(recorded):
            asked.append(_asked(recorded, before, "machine_approval", "the claim", _approval(before, total_minor)))
        for table, about, facts in _questions(recorded, claim):
            asked.append(_asked(recorded, claim, table, about, facts))
    return asked


def _machine_decides(recorded: Recorded) -> bool:
    """The machine asked whether it may approve, and then did, or referred the claim by the row that said no."""
    match recorded.event:
        case ev.ClaimDecided(deciders=deciders, clauses=clauses):
            return deciders == ("machine:decision",) and "· machine_approval." in clauses[0].clause
        case ev.ClaimReferred(reasons):
            # After a tender another table was asked, and says so first.
            return recorded.by == "machine:decision" and reasons[0].startswith("rule:")
        case _:
            return False


def _questions(recorded: Recorded, claim: Claim) -> Iterator[tuple[str, str, _Facts]]:
    match recorded.event:
        case ev.ClaimFiled():
            yield "in_scope", "the claim", _scope(claim)
        case ev.ProofRequested() if not recorded.by.startswith("person:"):
            yield from _proof(claim)
        case ev.ProofCompleted():
            yield from _proof(claim)
        case ev.ClaimAssessed(incident_total_minor=total_minor):
            for exposure in claim.exposures:
                yield "payable_heads", _named(exposure.no, exposure.head), {"head": exposure.head}
            yield "route", "the incident", {"incident_allowed": total_minor}
        case tv.SteppedIn(facts=facts):
            yield "after_tender", "the claim", _recorded(facts, recorded, claim)
        case tv.BearerDecided(facts=facts):
            yield "bearer", "the cost", _recorded(facts, recorded, claim)
        case _:
            pass  # asks the policy for clocks and limits at most, not for a row


def _recorded(facts: tuple[ev.Fact, ...], recorded: Recorded, claim: Claim) -> _Facts:
    declared = _rules(recorded, claim).document.facts
    return from_recorded(((fact.name, fact.value) for fact in facts), declared)


def _scope(claim: Claim) -> _Facts:
    # Physical or not is the order line's, which an import may have corrected since; all else is in the log.
    physical = OrderLine.objects.values_list("physical", flat=True).get(id=claim.filed.order_line_id)
    notice = policies.calendar_of(claim.filed.marketplace).day_of(claim.filed_at)
    return {
        "physical": physical,
        "bought_here": True,
        "days_since_incident": days_between(claim.filed.loss_date, notice),
    }


def _proof(claim: Claim) -> Iterator[tuple[str, str, _Facts]]:
    for exposure in claim.exposures:
        facts: _Facts = {"head": exposure.head, "claimed": exposure.claimed_minor}
        yield "proof_required", _named(exposure.no, exposure.head), facts


def _approval(claim: Claim, total_minor: int) -> _Facts:
    return {
        "all_checks_passed": all(check.outcome == "pass" for check in claim.checks),
        "injury": claim.filed.injury,
        "in_full": sum(exposure.expected_minor for exposure in claim.exposures) == claim.open_minor,
        "track": claim.track,
        "amount": total_minor,
        "proof_complete": claim.proof_complete,
        "open_dispute": bool(claim.appeals or claim.concerns),
    }


def _asked(recorded: Recorded, claim: Claim, table: str, about: str, facts: _Facts) -> Asked:
    rules = _rules(recorded, claim)
    row = rules.decide(table, **facts)
    return Asked(recorded.at, table, about, rules.version, row.clause, facts, explain(rules, table, facts))


def _rules(recorded: Recorded, claim: Claim) -> Rules:
    """As the rules saw the policy then: the version that the event names, else the one in force at its instant."""
    calendar = policies.calendar_of(claim.filed.marketplace)
    named: str | None = getattr(recorded.event, "policy_version", None)
    version = named or policies.version_in_force(claim.filed.marketplace, recorded.at)
    today, notice = calendar.day_of(recorded.at), calendar.day_of(claim.filed_at)
    dates = PolicyDates(incident=min(claim.filed.loss_date, notice), notice=notice, decision=today)
    return rules_on(policies.document_of(version), dates, version=version)


def _named(no: int, head: str) -> str:
    return f"exposure {no} ({head.replace('_', ' ')})"
