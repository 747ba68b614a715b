"""Do the recorded facts, under the recorded version of the policy, give the recorded outcome?

Start at recomputed(). It folds the events as the system itself does and, at each one that rests on the policy, asks
the policy again: what a claim asks stands in decisions.py, what a tender and a recovery ask in tenders.py, clocks in
deadlines.py. What a withheld event would have told is either not needed, or a yes or no: both are tried, and the
recorded row must be possible. What these checks cannot reach is listed in docs/guides/verifying.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from makewhole.domain.calendar import Calendar
from makewhole.domain.claim.events import Recorded
from makewhole.domain.claim.state import Claim, evolve
from makewhole.domain.having import having
from makewhole.domain.refusal import Refused
from makewhole.proof import decisions, tenders
from makewhole.proof.deadlines import Deadlines
from makewhole.proof.findings import Check, Checks
from makewhole.proof.walk import BETWEEN, Known, Unknown, Walk, at


def recomputed(
    claim_id: UUID, events: Mapping[int, Recorded | None], policies: Mapping[str, Known], calendar: Calendar
) -> Checks:
    """Every check of what was decided, event by event. `events` by version, None where one is withheld."""
    walk = Walk(claim_id, events, policies, calendar)
    deadlines = Deadlines(walk.rules, calendar)
    for version, recorded in events.items():
        if recorded is None:
            walk.withheld = True
            walk.claim = having(walk.now, version=version)
            continue
        before = walk.claim
        fault = _fold(walk, recorded)
        if fault:
            yield Check(
                "failed", at(version), f"{type(recorded.event).__name__} cannot follow what came before: {fault}"
            )
            yield Check("note", at(version), "what comes after is not recomputed: it rests on this event")
            return
        yield from _asked(walk, version, recorded, before, deadlines)


def _fold(walk: Walk, recorded: Recorded) -> str:
    """Takes one more event; says why it cannot be taken."""
    try:
        walk.claim = evolve(walk.claim, recorded, walk.claim_id)
    except Exception as fault:  # whatever stands there: it is no history that the rules can make
        return str(fault) or "against the rules"
    return ""


def _asked(walk: Walk, version: int, recorded: Recorded, before: Claim | None, deadlines: Deadlines) -> Checks:
    """The checks of one event; what the file makes impossible to ask is a failed check with its place."""
    try:
        yield from _published_by_then(walk, version, recorded)
        yield from decisions.checks(walk, version, recorded, before)
        yield from tenders.checks(walk, version, recorded, before)
        yield from deadlines.checks(at(version), recorded)
    except Unknown as unknown:
        yield Check("failed", at(version), str(unknown))
    except Refused as refusal:
        yield Check("failed", at(version), f"the policy has no answer for these days: {refusal}")
    except (AssertionError, ValueError, LookupError, ArithmeticError) as fault:
        yield Check("failed", at(version), f"cannot be asked again: {fault}")


def _published_by_then(walk: Walk, version: int, recorded: Recorded) -> Checks:
    named = getattr(recorded.event, "policy_version", "")
    if named and named not in walk.policies:
        raise Unknown(f"names the policy {named!r}, which the file does not have")
    if named and walk.policies[named].published_at > recorded.at:
        yield Check("failed", at(version, "policy_version"), f"{named} was published only after this")


# Which versions a file needs ---------------------------------------------------------------------------------


def versions_named(history: Iterable[Recorded]) -> set[str]:
    """The policy versions that these events name, in a field of their own or in a clause."""
    return {name for recorded in history for name in _named_in(recorded.event)}


def _named_in(value: object) -> Iterator[str]:
    if isinstance(value, tuple):
        for part in value:
            yield from _named_in(part)
        return
    for name in getattr(value, "__dataclass_fields__", ()):
        field = getattr(value, name)
        if name == "policy_version":
            yield field
        elif isinstance(field, str) and BETWEEN in field:
            yield field.partition(BETWEEN)[0]
        else:
            yield from _named_in(field)
