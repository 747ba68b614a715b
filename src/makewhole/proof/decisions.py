"""What a claim asks of the policy, asked again: scope, proof, screening, assessment, decisions. Start at checks()."""

from __future__ import annotations

from datetime import datetime
from itertools import product

from makewhole.domain.calendar import days_between
from makewhole.domain.claim import events as ev
from makewhole.domain.claim.assessment import missing_proof, payable
from makewhole.domain.claim.events import Recorded
from makewhole.domain.claim.paying import release_digest
from makewhole.domain.claim.screening import shown_minor
from makewhole.domain.claim.state import Claim, Exposure
from makewhole.domain.policy.rules import Row, Rules
from makewhole.proof import tenders
from makewhole.proof.findings import Check, Checks, held
from makewhole.proof.walk import EITHER, Unknown, Walk, at, either, table_of


def checks(walk: Walk, version: int, recorded: Recorded, before: Claim | None) -> Checks:
    """The checks of one event; of one that rests on nothing of this, none."""
    event = recorded.event
    if isinstance(event, ev.ClaimFiled):
        yield from _filed(walk, version, event, recorded)
        return
    assert before is not None, "the claim is not filed yet"
    match event:
        case ev.ProofRequested(missing=missing) if recorded.by == "machine:screening":
            yield _proof(walk, version, before, recorded.at, missing)
        case ev.ProofCompleted():
            yield _proof(walk, version, before, recorded.at, ())
        case ev.ClaimScreened():
            yield _screened(walk, version, event, recorded.at)
        case ev.ConcernRaised():
            walk.concerns_shown = True
            if recorded.by.startswith("machine:"):
                yield _concern(walk, version, event, recorded.at)
        case ev.ClaimAssessed():
            yield from _assessed(walk, version, event, before, recorded.at)
        case ev.ClaimReferred() if recorded.by == "machine:decision":
            yield from _referred(walk, version, event, before, recorded.at)
        case ev.ClaimDecided():
            yield from _decided(walk, version, event, before, recorded.at)
        case ev.ReleaseRequested():
            same = event.text_sha256 == release_digest(before)
            yield held(same, at(version, "text_sha256"), "the release is of what was decided, and no more",
                       "the release is not the text that this decision has")  # fmt: skip
        case ev.PaymentOrdered():
            same = sum(line.amount_minor for line in event.lines) == event.amount_minor
            yield held(same, at(version, "amount_minor"), "the payment is the sum of its parts",
                       "the payment is not the sum of its parts")  # fmt: skip
        case _:
            pass  # rests on no rule of the policy, or stands in tenders.py


# Filing and screening --------------------------------------------------------------------------------


def _filed(walk: Walk, version: int, event: ev.ClaimFiled, recorded: Recorded) -> Checks:
    rules = walk.rules(event.policy_version, recorded.at)
    cap_minor = rules.amount("claim_cap")
    yield held(event.incident_cap_minor == cap_minor, at(version, "incident_cap_minor"),
               f"as in {event.policy_version}", f"is not that of {event.policy_version}, {cap_minor}")  # fmt: skip
    if not any(_out_of_scope(after, recorded.at) for after in walk.events.values()):
        row = _scope(walk, rules, physical=True)
        yield held(row.outcome == "in_scope", at(version, "loss_date"), f"{row.clause}: {row.outcome}",
                   f"was taken in as in scope; the policy gives {row.clause}")  # fmt: skip


def _out_of_scope(recorded: Recorded | None, filed_at: datetime) -> bool:
    """Whether that is the machine's concern about the scope, shown when the claim was filed."""
    if recorded is None or recorded.at != filed_at or not isinstance(recorded.event, ev.ConcernRaised):
        return False
    return recorded.by == "machine:screening" and table_of(recorded.event.reason.clause) == "in_scope"


def _scope(walk: Walk, rules: Rules, *, physical: bool) -> Row:
    filed, notice = walk.now.filed, walk.calendar.day_of(walk.now.filed_at)
    days = days_between(filed.loss_date, notice)
    return rules.decide("in_scope", physical=physical, bought_here=True, days_since_incident=days)


def _proof(walk: Walk, version: int, before: Claim, when: datetime, missing: tuple[ev.MissingProof, ...]) -> Check:
    """The event names no version of the policy: one that was published by then must ask for exactly this."""
    names = [name for name, known in walk.policies.items() if known.published_at <= when]
    holds = any(missing_proof(before, walk.rules(name, when)) == missing for name in names)
    said = "asked for all that was missing" if missing else "all that the policy asks for was there"
    return held(holds, at(version, "proof"), said, "the policy asks for other proof than this event says")


def _screened(walk: Walk, version: int, event: ev.ClaimScreened, when: datetime) -> Check:
    rules = walk.rules(event.policy_version, when)
    weighed = all(check.weight == rules.whole(f"weight_{check.name}") for check in event.checks)
    score = sum(check.weight for check in event.checks if check.outcome != "pass")
    return held(weighed and score == event.score, at(version, "score"),
                f"{len(event.checks)} checks, weighed as {event.policy_version} says",
                "the weights or their sum are not those of the policy")  # fmt: skip


def _concern(walk: Walk, version: int, event: ev.ConcernRaised, when: datetime) -> Check:
    """Whether the product is a thing is told by the order and not by the log: both are tried."""
    rules, table = walk.rules(event.policy_version, when), table_of(event.reason.clause)
    if table == "payable_heads":
        first = walk.now.exposure(min(event.exposures, default=0))
        possible = [payable(first, rules)] if first else []
    elif table == "in_scope":
        possible = [_scope(walk, rules, physical=physical) for physical in EITHER]
    else:
        raise Unknown(f"a machine shows no concern by {event.reason.clause!r}")
    told = {(row.outcome, row.clause) for row in possible}
    return held((event.reason.code, event.reason.clause) in told, at(version, "reason"),
                event.reason.clause, f"the policy gives {either(possible)}")  # fmt: skip


# Assessment, and the machine's decision --------------------------------------------------------------


def _assessed(walk: Walk, version: int, event: ev.ClaimAssessed, before: Claim, when: datetime) -> Checks:
    rules = walk.rules(event.policy_version, when)
    walk.total_minor = event.incident_total_minor
    row = rules.decide("route", incident_allowed=event.incident_total_minor)
    yield walk.same(at(version, "clause"), event.clause, [row])
    track = "direct" if row.outcome == "direct" else "tendered"
    if event.track != track:
        yield Check("failed", at(version, "track"), f"is {event.track}; by the policy it is {track}")
    expected = tuple(_line(exposure, before, rules) for exposure in before.exposures)
    told = tuple((line.no, line.claimed_minor, line.supported_minor) for line in event.lines)
    yield held(told == expected, at(version, "lines"), "what the papers support, part by part",
               f"the papers support {expected}, as (part, claimed, supported)")  # fmt: skip
    here = sum(part.claimed_minor for part in before.exposures if payable(part, rules).outcome == "payable")
    if event.incident_total_minor < here:
        yield Check("failed", at(version, "incident_total_minor"), f"is less than the {here} of this claim alone")


def _line(exposure: Exposure, claim: Claim, rules: Rules) -> tuple[int, int, int]:
    """(part, claimed, supported), as the assessment computes it."""
    if payable(exposure, rules).outcome != "payable":
        shown = 0
    elif exposure.head == "purchase_price":
        shown = claim.filed.price_minor * claim.filed.quantity
    else:
        shown = shown_minor(claim, exposure, rules)
    return exposure.no, exposure.claimed_minor, min(shown, exposure.claimed_minor)


def _referred(walk: Walk, version: int, event: ev.ClaimReferred, before: Claim, when: datetime) -> Checks:
    """Only staff read this one. It names no version: the one of the event before it counts."""
    named = next((reason.removeprefix("rule:") for reason in event.reasons if reason.startswith("rule:")), "")
    if not named:
        return
    approved_minor = sum(exposure.expected_minor for exposure in before.exposures)
    rules = walk.rules(before.policy_version, when)
    if before.seller_heard:
        # After offers, what was agreed and not what is supported was to be paid.
        agreed = before.offers[-1].amount_minor if before.offers else approved_minor
        amounts = {approved_minor, agreed}
        rows = [row for amount in amounts for row in tenders.possible_after_tender(walk, before, rules, amount)]
    else:
        rows = _approvals(walk, before, rules, approved_minor)
    yield held(named in {row.id for row in rows}, at(version, "reasons"),
               f"{table_of(rows[0].clause)}.{named}: a person", f"the policy gives {either(rows)}")  # fmt: skip


def _decided(walk: Walk, version: int, event: ev.ClaimDecided, before: Claim, when: datetime) -> Checks:
    if event.deciders[0].startswith("machine:"):
        yield from _decided_by_machine(walk, version, event, before, when)
    else:
        yield from _decided_by_people(walk, version, event, before, when)


def _decided_by_machine(walk: Walk, version: int, event: ev.ClaimDecided, before: Claim, when: datetime) -> Checks:
    rules = walk.rules(event.policy_version, when)
    approved_minor = sum(line.approved_minor for line in event.lines)
    for clause in event.clauses:
        table = table_of(clause.clause)
        if table == "machine_approval":
            rows = _approvals(walk, before, rules, approved_minor)
        elif table == "after_tender":
            rows = tenders.possible_after_tender(walk, before, rules, approved_minor)
        else:
            raise Unknown(f"a machine decides nothing by {clause.clause!r}")
        yield walk.same(at(version, "clauses"), clause, rows)
        if clause.outcome == "person":
            yield Check("failed", at(version, "clauses"), "a person was to decide this, and a machine did")
    agreed = before.offers[-1].amount_minor if before.offers else None
    if agreed is not None and approved_minor == agreed:
        yield Check("ok", at(version, "lines"), "approved what both sides had agreed on")
        return
    expected = {part.no: part.expected_minor for part in before.exposures if part.expected_minor > 0}
    told = {line.no: line.approved_minor for line in event.lines}
    yield held(told == expected, at(version, "lines"), "approved what the papers support",
               f"the papers support {expected}, by part")  # fmt: skip


def _approvals(walk: Walk, before: Claim, rules: Rules, approved_minor: int) -> list[Row]:
    """The rows that are possible: the checks, and whether a concern was heard, may stand in withheld events."""
    passed = all(check.outcome == "pass" for check in before.checks)
    disputed = bool(before.appeals or before.concerns)
    unsure = walk.withheld and walk.concerns_shown and not before.appeals
    rows = [
        rules.decide(
            "machine_approval",
            all_checks_passed=all_passed,
            injury=before.filed.injury,
            in_full=approved_minor == before.open_minor,
            track=before.track or "tendered",
            amount=walk.total_minor,
            proof_complete=before.proof_complete,
            open_dispute=open_dispute,
        )
        for all_passed, open_dispute in product(
            EITHER if walk.withheld else (passed,), EITHER if unsure else (disputed,)
        )
    ]
    return list(dict.fromkeys(rows))


# People's decisions ----------------------------------------------------------------------------------


def _decided_by_people(walk: Walk, version: int, event: ev.ClaimDecided, before: Claim, when: datetime) -> Checks:
    """Their judgement cannot be computed; that there were two of them, and what they cited, can be looked at."""
    rules = walk.rules(event.policy_version, when)
    total_minor = before.approved_minor + sum(line.approved_minor for line in event.lines)
    limit_minor, cap_minor = rules.amount("four_eyes_above"), before.filed.incident_cap_minor
    if total_minor > limit_minor:
        yield held(len(set(event.deciders)) > 1, at(version, "deciders"), "two people, as above the limit",
                   f"one person alone approved {total_minor}, above {limit_minor} (minor units)")  # fmt: skip
    if total_minor > cap_minor:
        yield Check("failed", at(version, "lines"), f"{total_minor} is approved in all, above the cap of {cap_minor}")
    for line in event.lines:
        if line.refused_minor and line.reason is not None:
            yield walk.exists(at(version, f"lines, part {line.no}"), line.reason.clause, "a person's judgement")
    for clause in event.clauses:
        if not any(line.refused_minor for line in event.lines):
            yield walk.exists(at(version, "clauses"), clause.clause, "a person's judgement")
