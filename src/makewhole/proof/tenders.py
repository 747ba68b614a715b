"""What a tender, a step-in and a recovery ask of the policy, asked again with the facts that they recorded.

Start at checks(). Any event that has clauses and facts is asked again, whatever its kind; and where the log itself
knows a fact, the recorded one must be the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import product

from makewhole.domain.claim import events as ev
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.events import ClaimEvent, Clause, Fact, Recorded
from makewhole.domain.claim.settling import spread
from makewhole.domain.claim.state import Claim, Closed
from makewhole.domain.claim.tendering import expected_minor, seller_answer
from makewhole.domain.policy.recorded import from_recorded
from makewhole.domain.policy.rules import Row, Rules
from makewhole.domain.recovery import events as rv
from makewhole.proof.findings import Check, Checks, held
from makewhole.proof.walk import BETWEEN, EITHER, Walk, at, table_of


def checks(walk: Walk, version: int, recorded: Recorded, before: Claim | None) -> Checks:
    """The checks of one event; of one that rests on nothing of this, none."""
    if before is None or isinstance(recorded.event, ev.ClaimAssessed):  # asked in decisions.py
        return
    yield from _clauses(walk, version, recorded.event, before, recorded.at)
    yield from _amounts(version, recorded.event, before)


def possible_after_tender(walk: Walk, before: Claim, rules: Rules, amount_minor: int) -> list[Row]:
    """Who pays once the seller was heard: what is withheld, and other claims of the incident, may be either way."""
    passed = all(check.outcome == "pass" for check in before.checks)
    rows = [
        rules.decide(
            "after_tender",
            seller_answer="accepted" if before.accepted_by else seller_answer(before, gone=gone),
            all_checks_passed=all_passed,
            injury=before.filed.injury,
            in_full=in_full,
            amount=amount_minor,
            within_cap=within_cap,
        )
        for gone, all_passed, in_full, within_cap in product(
            EITHER if not before.tenders else (False,),
            EITHER if walk.withheld else (passed,),
            (amount_minor == before.open_minor,),
            EITHER,
        )
    ]
    return list(dict.fromkeys(rows))


# Clauses with their facts ----------------------------------------------------------------------------


def _clauses(walk: Walk, version: int, event: ClaimEvent, before: Claim, when: datetime) -> Checks:
    told: tuple[Fact, ...] = getattr(event, "facts", ())
    for name in event.__dataclass_fields__:
        clause = getattr(event, name)
        if not isinstance(clause, Clause):
            continue
        place = at(version, name)
        policy, table = clause.clause.partition(BETWEEN)[0], table_of(clause.clause)
        if policy != getattr(event, "policy_version", policy):
            yield Check("failed", place, f"{clause.clause} is not of the version that the event names")
        elif isinstance(event, rv.RecoveryOpened) and name == "made_whole":
            yield walk.same(place, clause, [_made_whole(walk, walk.rules(policy, when), version, event, before)])
            yield held(clause.outcome == "proceed", place, "nothing has to wait", "it had to wait, and was asked back")
        elif not told:
            yield from walk.cited_before(place, clause)
        else:
            rules = walk.rules(policy, when)
            facts = from_recorded([(fact.name, fact.value) for fact in told], rules.document.facts)
            row = rules.decide(table, **facts)
            yield walk.same(place, clause, [row])
            yield from _facts(version, facts, _known(walk, event, before))
            yield from _outcome(version, event, row)


def _known(walk: Walk, event: ClaimEvent, before: Claim) -> Mapping[str, object]:
    """The facts that the log knows by itself."""
    known: dict[str, object] = {"injury": before.filed.injury, "at_or_under_limit": before.track == "direct"}
    if not walk.withheld:
        known["all_checks_passed"] = all(check.outcome == "pass" for check in before.checks)
    if isinstance(event, tv.SteppedIn):
        known |= {"amount": event.amount_minor, "in_full": event.amount_minor == before.open_minor}
    else:
        known |= {
            "proof_late": before.proof_late,
            "no_defect": before.no_defect,
            "producer_accepted": before.accepted_by == "producer",
        }
    if before.track == "tendered" and before.tenders:
        known["seller_answer"] = seller_answer(before, gone=False)
    return known


def _facts(version: int, told: Mapping[str, object], known: Mapping[str, object]) -> Checks:
    for name, value in known.items():
        if name in told and told[name] != value:
            yield Check("failed", at(version, f"facts, {name}"), f"is {told[name]}; by the events before it is {value}")


def _outcome(version: int, event: ClaimEvent, row: Row) -> Checks:
    if isinstance(event, tv.BearerDecided) and event.bearer != row.outcome:
        yield Check("failed", at(version, "bearer"), f"is {event.bearer}; by the policy it is {row.outcome}")


def _made_whole(walk: Walk, rules: Rules, version: int, event: rv.RecoveryOpened, before: Claim) -> Row:
    """Its facts are those of the claim, and of the clocks that start and stop in the very act."""
    return rules.decide(
        "made_whole",
        basis=event.basis,
        claim_open=not isinstance(before.stage, Closed) or before.payment_under_way,
        refused=bool(before.refused_minor),
        appeal_possible=_will_run("appeal", walk, version, before),
    )


def _will_run(name: str, walk: Walk, version: int, before: Claim) -> bool:
    """As draft.will_run() told it. A recovery is the last thing that an act does; its clocks follow, the stopped ones
    first, and no event of them is withheld from anybody who may read of a recovery."""
    after = walk.events.get(version + 1)
    stopped: tuple[str, ...] = ()
    if after is not None and isinstance(after.event, ev.ClocksStopped):
        stopped, after = after.event.names, walk.events.get(version + 2)
    if (
        after is not None
        and isinstance(after.event, ev.ClocksStarted)
        and any(c.name == name for c in after.event.clocks)
    ):
        return True
    return before.held(name) is not None and name not in stopped


# Amounts ---------------------------------------------------------------------------------------------


def _amounts(version: int, event: ClaimEvent, before: Claim) -> Checks:
    match event:
        case tv.ClaimTendered(amount_minor=amount_minor):
            supported = expected_minor(before)
            yield held(amount_minor == supported, at(version, "amount_minor"), "what the papers support",
                       f"is {amount_minor}; the papers support {supported}")  # fmt: skip
        case tv.OfferAccepted(amount_minor=amount_minor, lines=lines):
            holds = lines == spread(amount_minor, before)
            yield held(holds, at(version, "lines"), "the agreed amount, in proportion", "is not the agreed amount")
        case rv.RecoveryOpened(paid_minor=paid_minor):
            yield _never_more_than_paid(version, "paid_minor", paid_minor, before)
        case rv.RecoveryRaised(paid_minor=paid_minor):
            yield _never_more_than_paid(version, "paid_minor", paid_minor, before)
        case rv.FundsWithheld(amount_minor=amount_minor, disbursement_net_minor=net_minor):
            yield held(amount_minor <= net_minor, at(version, "amount_minor"), "within what was to be paid out",
                       f"is {amount_minor}, more than the {net_minor} that were to be paid out")  # fmt: skip
        case _:
            pass


def _never_more_than_paid(version: int, field: str, asked_minor: int, before: Claim) -> Check:
    asked_before = sum(recovery.paid_minor for recovery in before.recoveries)
    return held(asked_minor + asked_before <= before.paid_minor, at(version, field),
                "no more than was paid to the claimant",
                f"{asked_minor + asked_before} is asked back, and {before.paid_minor} was paid")  # fmt: skip
