"""Do the recorded facts, under the recorded version of the policy, give the recorded outcome?

Start at recomputed(). It folds the events as the system itself does and, at each one that rests on the policy, asks
the policy again. What a withheld event would have told is either not needed, or a yes or no: both are tried, and the
recorded row must be possible. What these checks cannot reach is listed in docs/guides/verifying.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from uuid import UUID

from makewhole.domain.calendar import Calendar, days_between
from makewhole.domain.claim import events as ev
from makewhole.domain.claim.assessment import missing_proof, payable
from makewhole.domain.claim.events import ClaimEvent, Clause, Recorded
from makewhole.domain.claim.paying import release_digest
from makewhole.domain.claim.screening import shown_minor
from makewhole.domain.claim.state import Claim, Exposure, evolve
from makewhole.domain.having import having
from makewhole.domain.policy.recorded import from_recorded
from makewhole.domain.policy.rules import PolicyDates, Row, Rules, rules_on
from makewhole.domain.policy.shapes import PolicyDocument
from makewhole.domain.refusal import Refused
from makewhole.proof.deadlines import Deadlines
from makewhole.proof.findings import Check, Checks, held

BETWEEN = " · "  # as Rules.clause writes it
_EITHER = (True, False)


@dataclass(frozen=True, slots=True)
class Known:
    """A policy version of the file whose text is the one that it says."""

    document: PolicyDocument
    published_at: datetime


def recomputed(
    claim_id: UUID, events: Mapping[int, Recorded | None], policies: Mapping[str, Known], calendar: Calendar
) -> Checks:
    """Every check of what was decided. `events` by version, None where one is withheld."""
    return _Recomputing(claim_id, policies, calendar).checks(events)


class _Recomputing:
    """A walk over the events, with the claim as it stood before each."""

    def __init__(self, claim_id: UUID, policies: Mapping[str, Known], calendar: Calendar) -> None:
        self.claim_id = claim_id
        self.policies = policies
        self.calendar = calendar
        self.claim: Claim | None = None
        self.total_minor = 0  # of the incident, as last assessed
        self.concerns_shown = False
        self.withheld = False  # an event so far was
        self.cited: set[Clause] = set()  # clauses that were asked again, or told with an event before
        self.deadlines = Deadlines(self.rules, calendar)
        self.events: Mapping[int, Recorded | None] = {}

    def checks(self, events: Mapping[int, Recorded | None]) -> Checks:
        self.events = events
        for version, recorded in events.items():
            if recorded is None:
                self.withheld = True
                if self.claim is not None:
                    self.claim = having(self.claim, version=version)
                continue
            before = self.claim
            faults = [*self._fold(version, recorded)]
            yield from faults
            if faults:
                yield Check("note", _at(version), "what follows is not recomputed: it rests on this event")
                return
            yield from self._told(version, recorded, before)

    def _fold(self, version: int, recorded: Recorded) -> Checks:
        try:
            self.claim = evolve(self.claim, recorded, self.claim_id)
        except Exception as fault:  # whatever stands there: it is no history that the rules can make
            kind = type(recorded.event).__name__
            yield Check(
                "failed", _at(version), f"{kind} cannot follow what came before: {fault or 'against the rules'}"
            )

    def _told(self, version: int, recorded: Recorded, before: Claim | None) -> Checks:
        """The checks of one event; a fault of the file inside them is a failed check with its place."""
        try:
            yield from self._policy_was_published(version, recorded)
            yield from self._questions(version, recorded, before)
            yield from self.deadlines.checks(_at(version), recorded)
        except Unknown as unknown:
            yield Check("failed", _at(version), str(unknown))
        except Refused as refusal:
            yield Check("failed", _at(version), f"the policy has no answer for these days: {refusal}")
        except (AssertionError, ValueError, KeyError, TypeError, OverflowError, ArithmeticError) as fault:
            yield Check("failed", _at(version), f"cannot be asked again: {fault}")

    def _questions(self, version: int, recorded: Recorded, before: Claim | None) -> Checks:
        event, at = recorded.event, recorded.at
        match event:
            case ev.ClaimFiled():
                yield from self._filed(version, event, at)
            case ev.ProofRequested() if before is not None and recorded.by == "machine:screening":
                yield self._proof(version, before, at, event.missing)
            case ev.ProofCompleted() if before is not None:
                yield self._proof(version, before, at, ())
            case ev.ClaimScreened():
                yield self._screened(version, event, at)
            case ev.ConcernRaised():
                self.concerns_shown = True
                if recorded.by == "machine:screening":
                    yield self._concern(version, event, at)
            case ev.ClaimAssessed() if before is not None:
                yield from self._assessed(version, event, before, at)
            case ev.ClaimReferred() if before is not None and recorded.by == "machine:decision":
                yield from self._referred(version, event, before, at)
            case ev.ClaimDecided() if before is not None:
                yield from self._decided(version, event, before, at)
            case ev.ReleaseRequested() if before is not None:
                same = event.text_sha256 == release_digest(before)
                yield held(same, _at(version, "text_sha256"), "the release says what was decided and no more",
                           "the release is not the text that this decision has")  # fmt: skip
            case ev.PaymentOrdered():
                same = sum(line.amount_minor for line in event.lines) == event.amount_minor
                yield held(same, _at(version, "amount_minor"), "the payment is the sum of its parts",
                           "the payment is not the sum of its parts")  # fmt: skip
            case _:
                pass  # rests on no table by itself; what it records of one is asked below
        if not isinstance(event, ev.ClaimAssessed | ev.ClaimDecided):
            yield from self._recorded(version, event, at)

    # The rules -------------------------------------------------------------------------------------------

    def rules(self, version: str, at: datetime) -> Rules:
        """That version as it is seen from the claim's dates, and the day of the act."""
        known = self.policies.get(version)
        if known is None:
            raise Unknown(f"names the policy {version!r}, which the file does not have")
        claim = self.claim
        assert claim is not None, "the claim is not filed yet"
        notice = self.calendar.day_of(claim.filed_at)
        dates = PolicyDates(
            incident=min(claim.filed.loss_date, notice), notice=notice, decision=self.calendar.day_of(at)
        )
        return rules_on(known.document, dates, version=version)

    def _policy_was_published(self, version: int, recorded: Recorded) -> Checks:
        named = getattr(recorded.event, "policy_version", "")
        if not named:
            return
        known = self.policies.get(named)
        if known is None:
            raise Unknown(f"names the policy {named!r}, which the file does not have")
        if known.published_at > recorded.at:
            yield Check("failed", _at(version, "policy_version"), f"{named} was published only after this")

    # Filing and screening ----------------------------------------------------------------------------------

    def _filed(self, version: int, event: ev.ClaimFiled, at: datetime) -> Checks:
        cap = self.rules(event.policy_version, at).amount("claim_cap")
        yield held(event.incident_cap_minor == cap, _at(version, "incident_cap_minor"),
                   f"the cap is that of {event.policy_version}",
                   f"the cap by {event.policy_version} is {cap}")  # fmt: skip

        if not any(self._out_of_scope(after, at) for after in self.events.values()):
            row = self._scope(self.rules(event.policy_version, at), self._now(), physical=True)
            yield held(row.outcome == "in_scope", _at(version, "loss_date"), f"{row.clause}: {row.outcome}",
                       f"was taken in as in scope; the policy gives {row.clause}")  # fmt: skip

    def _out_of_scope(self, recorded: Recorded | None, filed_at: datetime) -> bool:
        """Whether that is the machine's concern about the scope, shown when the claim was filed."""
        if recorded is None or recorded.at != filed_at or not isinstance(recorded.event, ev.ConcernRaised):
            return False
        return recorded.by == "machine:screening" and _table_of(recorded.event.reason.clause) == "in_scope"

    def _scope(self, rules: Rules, claim: Claim, *, physical: bool) -> Row:
        days = days_between(claim.filed.loss_date, self.calendar.day_of(claim.filed_at))
        return rules.decide("in_scope", physical=physical, bought_here=True, days_since_incident=days)

    def _proof(self, version: int, before: Claim, at: datetime, missing: tuple[ev.MissingProof, ...]) -> Check:
        """The event names no version: one that was published by then must ask for exactly this."""
        said = "everything that the policy asks for was there" if not missing else "asked for what was missing"
        names = [name for name, known in self.policies.items() if known.published_at <= at]
        holds = any(missing_proof(before, self.rules(name, at)) == missing for name in names)
        return held(holds, _at(version, "proof"), said, "the policy asks for other proof than this event says")

    def _screened(self, version: int, event: ev.ClaimScreened, at: datetime) -> Check:
        rules = self.rules(event.policy_version, at)
        weights = all(check.weight == rules.whole(f"weight_{check.name}") for check in event.checks)
        score = sum(check.weight for check in event.checks if check.outcome != "pass")
        return held(weights and score == event.score, _at(version, "score"),
                    f"{len(event.checks)} checks, weighed as {event.policy_version} says",
                    "the weights or their sum are not those of the policy")  # fmt: skip

    def _concern(self, version: int, event: ev.ConcernRaised, at: datetime) -> Check:
        """Whether the product is a thing is the order's and not in the log: both are tried."""
        claim, rules = self._now(), self.rules(event.policy_version, at)
        table = _table_of(event.reason.clause)
        if table == "payable_heads":
            possible = [
                payable(exposure, rules)
                for exposure in claim.exposures
                if exposure.no == min(event.exposures, default=0)
            ]
        elif table == "in_scope":
            possible = [self._scope(rules, claim, physical=physical) for physical in _EITHER]
        else:
            raise Unknown(f"a machine shows no concern by {event.reason.clause!r}")
        told = {(row.outcome, row.clause) for row in possible}
        return held((event.reason.code, event.reason.clause) in told, _at(version, "reason"),
                    event.reason.clause, f"the policy gives {_either(possible)}")  # fmt: skip

    # Assessment and the machine's decision -----------------------------------------------------------------

    def _assessed(self, version: int, event: ev.ClaimAssessed, before: Claim, at: datetime) -> Checks:
        rules = self.rules(event.policy_version, at)
        self.total_minor = event.incident_total_minor
        row = rules.decide("route", incident_allowed=event.incident_total_minor)
        yield self._same(version, "clause", event.clause, [row])
        track = "direct" if row.outcome == "direct" else "tendered"
        if event.track != track:
            yield Check("failed", _at(version, "track"), f"is {event.track}; by the policy {track}")
        expected = tuple(_assessed_line(exposure, before, rules) for exposure in before.exposures)
        told = tuple((line.no, line.claimed_minor, line.supported_minor) for line in event.lines)
        yield held(told == expected, _at(version, "lines"), "what the papers support, part by part",
                   f"the papers support {expected}, as (part, claimed, supported)")  # fmt: skip
        here = sum(line.claimed_minor for line in event.lines if not line.basis.startswith("not payable"))
        if event.incident_total_minor < here:
            yield Check("failed", _at(version, "incident_total_minor"), f"is less than this claim's own {here}")

    def _referred(self, version: int, event: ev.ClaimReferred, before: Claim, at: datetime) -> Checks:
        """Only staff read this one. The event names no version, so the one of the assessment before it counts."""
        named = [reason.removeprefix("rule:") for reason in event.reasons if reason.startswith("rule:")]
        if named:
            supported = sum(exposure.expected_minor for exposure in before.exposures)
            rows = self._approvals(before, before.policy_version, at, supported)
            yield held(named[0] in {row.id for row in rows}, _at(version, "reasons"),
                       rows[0].clause, f"the policy gives {_either(rows)}")  # fmt: skip

    def _decided(self, version: int, event: ev.ClaimDecided, before: Claim, at: datetime) -> Checks:
        if event.deciders[0].startswith("machine:"):
            yield from self._decided_by_machine(version, event, before, at)
        else:
            yield from self._decided_by_people(version, event, before, at)

    def _decided_by_machine(self, version: int, event: ev.ClaimDecided, before: Claim, at: datetime) -> Checks:
        for clause in event.clauses:
            if _table_of(clause.clause) != "machine_approval":
                yield from self._cited_before(version, "clauses", clause, at)
                continue
            approved = sum(line.approved_minor for line in event.lines)
            yield self._same(version, "clauses", clause, self._approvals(before, event.policy_version, at, approved))
            expected = {part.no: part.expected_minor for part in before.exposures if part.expected_minor > 0}
            told = {line.no: line.approved_minor for line in event.lines}
            yield held(told == expected, _at(version, "lines"), "approved what the papers support",
                       f"the papers support {expected}, by part")  # fmt: skip

    def _approvals(self, before: Claim, policy_version: str, at: datetime, approved_minor: int) -> list[Row]:
        """The rows that are possible: the checks, and whether a concern was heard, may stand in withheld events."""
        rules = self.rules(policy_version, at)
        passed = all(check.outcome == "pass" for check in before.checks)
        disputed = bool(before.appeals or before.concerns)
        rows = [
            rules.decide(
                "machine_approval",
                all_checks_passed=all_passed,
                injury=before.filed.injury,
                in_full=approved_minor == before.open_minor,
                track=before.track or "tendered",
                amount=self.total_minor,
                proof_complete=before.proof_complete,
                open_dispute=open_dispute,
            )
            for all_passed, open_dispute in product(
                _EITHER if self.withheld else (passed,),
                _EITHER if self.withheld and self.concerns_shown and not before.appeals else (disputed,),
            )
        ]
        return list(dict.fromkeys(rows))

    # People's decisions --------------------------------------------------------------------------------------

    def _decided_by_people(self, version: int, event: ev.ClaimDecided, before: Claim, at: datetime) -> Checks:
        rules = self.rules(event.policy_version, at)
        total_minor = before.approved_minor + sum(line.approved_minor for line in event.lines)
        limit = rules.amount("four_eyes_above")
        if total_minor > limit:
            yield held(len(set(event.deciders)) > 1, _at(version, "deciders"), "two people decided, as above the limit",
                       f"one person alone decided {total_minor}, above {limit} (minor units)")  # fmt: skip
        cap = before.filed.incident_cap_minor
        if total_minor > cap:
            yield Check("failed", _at(version, "lines"), f"{total_minor} is approved in all, above the cap of {cap}")
        for line in event.lines:
            if line.refused_minor and line.reason is not None:
                yield self._exists(version, f"lines, part {line.no}", line.reason.clause)
        if not any(line.refused_minor for line in event.lines):
            yield Check(
                "ok", _at(version, "lines"), f"approved by people under {event.policy_version}; nothing refused"
            )

    def _exists(self, version: int, field: str, clause: str) -> Check:
        """A person's reason is a judgement and cannot be computed; that its clause is in the policy can be told."""
        name, _, rule = clause.partition(BETWEEN)
        known = self.policies.get(name)
        table, _, row = rule.partition(".")
        if known is None or not rule:
            return Check("note", _at(version, field), f"{clause!r} is no clause of the policies in this file")
        document = known.document
        if row:
            series = document.tables.get(table)
            found = series is not None and any(each.id == row for entry in series.entries for each in entry.what.rows)
        else:
            found = table in document.values or table in document.clocks or table in document.tables
        return held(found, _at(version, field), f"a person's judgement, by {clause}", f"the policy has no {clause!r}")

    # Decisions that record their facts -------------------------------------------------------------------------

    def _recorded(self, version: int, event: ClaimEvent, at: datetime) -> Checks:
        """Whatever kind it is: each clause of a table is asked again with the facts that stand beside it."""
        clauses = {name: getattr(event, name) for name in event.__dataclass_fields__}
        clauses = {name: clause for name, clause in clauses.items() if isinstance(clause, Clause)}
        told: tuple[ev.Fact, ...] | None = getattr(event, "facts", None)
        for name, clause in clauses.items():
            if not told:
                yield from self._cited_before(version, name, clause, at)
                continue
            policy, table = clause.clause.partition(BETWEEN)[0], _table_of(clause.clause)
            if policy != getattr(event, "policy_version", policy):
                yield Check("failed", _at(version, name), f"{clause.clause} is not of the version that the event names")
                continue
            rules = self.rules(policy, at)
            facts = from_recorded([(fact.name, fact.value) for fact in told], rules.document.facts)
            row = rules.decide(table, **facts)
            yield self._same(version, name, clause, [row])
            yield from self._outcome(version, name, event, row)

    def _outcome(self, version: int, name: str, event: ClaimEvent, row: Row) -> Checks:
        if isinstance(event, ev.BearerDecided) and name == "clause" and event.bearer != row.outcome:
            yield Check("failed", _at(version, "bearer"), f"is {event.bearer}; by the policy {row.outcome}")

    def _cited_before(self, version: int, field: str, clause: Clause, at: datetime) -> Checks:
        if clause in self.cited:
            yield Check("ok", _at(version, field), f"{clause.clause}, as an event before it was decided")
            return
        # A route is what a tender rests on: its one fact is that of the assessment.
        if _table_of(clause.clause) == "route" and self.total_minor:
            rules = self.rules(clause.clause.partition(BETWEEN)[0], at)
            yield self._same(version, field, clause, [rules.decide("route", incident_allowed=self.total_minor)])
            return
        yield Check(
            "note", _at(version, field), f"{clause.clause}: its facts are not in the log, and it was not asked again"
        )

    def _same(self, version: int, field: str, clause: Clause, rows: list[Row]) -> Check:
        self.cited.add(clause)
        holds = any((clause.clause, clause.outcome, clause.because) == (r.clause, r.outcome, r.because) for r in rows)
        tried = " (possible, with what is withheld)" if holds and len(rows) > 1 else ""
        return held(holds, _at(version, field), f"{clause.clause}: {clause.outcome}{tried}",
                    f"says {clause.clause}: {clause.outcome}; the policy gives {_either(rows)}")  # fmt: skip

    def _now(self) -> Claim:
        assert self.claim is not None, "the claim is not filed yet"
        return self.claim


class Unknown(Exception):
    """The file does not have what is asked for."""


def _at(version: int, field: str = "") -> str:
    return f"event {version}, {field}" if field else f"event {version}"


def _table_of(clause: str) -> str:
    return clause.partition(BETWEEN)[2].partition(".")[0]


def _either(rows: list[Row]) -> str:
    return " or ".join(f"{row.clause}: {row.outcome}" for row in rows) or "nothing"


def _assessed_line(exposure: Exposure, claim: Claim, rules: Rules) -> tuple[int, int, int]:
    """(part, claimed, supported), as the assessment computes it."""
    if payable(exposure, rules).outcome != "payable":
        shown = 0
    elif exposure.head == "purchase_price":
        shown = claim.filed.price_minor * claim.filed.quantity
    else:
        shown = shown_minor(claim, exposure, rules)
    return exposure.no, exposure.claimed_minor, min(shown, exposure.claimed_minor)


def versions_named(recorded: Iterator[Recorded]) -> set[str]:
    """The policy versions that these events name, in a field of their own or in a clause."""
    found: set[str] = set()
    for each in recorded:
        found |= {name for name in _named_in(each.event) if name}
    return found


def _named_in(value: object) -> Iterator[str]:
    if isinstance(value, tuple):
        for part in value:
            yield from _named_in(part)
        return
    for name in getattr(value, "__dataclass_fields__", ()):
        field = getattr(value, name)
        if name == "policy_version":
            yield field
        elif name in ("clause", "rule") and isinstance(field, str):
            yield field.partition(BETWEEN)[0] if BETWEEN in field else ""
        else:
            yield from _named_in(field)
