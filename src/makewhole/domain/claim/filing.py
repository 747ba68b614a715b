"""From first notice to a decision by machine, or to a person. Start at file_claim(), then go_on().

Read it as the order of a claim's life: take it in; is it in scope; is proof complete; screen; assess and
route; tell the seller; approve what may be approved; refer the rest.
"""

from __future__ import annotations

from uuid import UUID

from makewhole.domain.calendar import days_between
from makewhole.domain.claim.assessment import assess, clause_of, missing_proof, payable
from makewhole.domain.claim.commands import EarlierClaim, Facts, FileClaim, OrderLineFacts
from makewhole.domain.claim.draft import Draft
from makewhole.domain.claim.events import (
    ClaimAssessed,
    ClaimDecided,
    ClaimFiled,
    ClaimReferred,
    ConcernRaised,
    DecidedLine,
    MissingProof,
    NoticeRepeated,
    ProofCompleted,
    ProofRequested,
    QualityReviewAsked,
    Reason,
    SafetyReviewAsked,
    SellerNotified,
)
from makewhole.domain.claim.paying import pay_what_is_approved
from makewhole.domain.claim.screening import GRAVE, screen
from makewhole.domain.claim.state import Claim
from makewhole.domain.claim.tendering import must_tender, tender_by_machine
from makewhole.domain.policy.rules import Row
from makewhole.domain.refusal import Refused


def file_claim(command: FileClaim, draft: Draft) -> None:
    """Takes in a first notice of loss and carries it as far as a machine may.

    Refuses only what cannot be a claim at all: an unknown order line, amounts and days that cannot be, a head named
    twice, a file for a part that is not there. Missing proof and a claim out of scope are no refusals: the claim is
    opened, and the claimant told. The same incident again does not come here, see repeated().
    """
    case = draft.case
    line = case.facts.order_line
    if line is None or not case.by.works_in(line.marketplace):
        raise Refused("unknown_order_line")
    _refuse_impossible(command, draft, line)
    draft.add(_filed(command, draft, line))
    draft.start_clock("whole_claim")
    if grave := tuple(sorted(GRAVE.intersection(command.hazards))):
        draft.add(SafetyReviewAsked(grave), by="machine:screening")
        draft.start_clock("safety_review")
    scope = _scope(command, draft, line)
    if scope.outcome != "in_scope":
        _raise_concern(draft, tuple(told.no for told in command.exposures), scope)
        return
    go_on(draft, command.payment_id)


def repeated(command: FileClaim, facts: Facts, same_incident_days: int) -> EarlierClaim | None:
    """The claim that already exists for this notice: same claimant, order line, and (nearly) the same day.

    A withdrawn claim may be made again; any other is answered with the claim that is there, also a closed one
    (it has an appeal, and reopens with proof).
    """
    for earlier in facts.same_line:
        near = abs(days_between(earlier.loss_date, command.loss_date)) <= same_incident_days
        if earlier.claimant_id == command.claimant_id and near and earlier.outcome != "withdrawn":
            return earlier
    return None


def repeat_notice(command: FileClaim, draft: Draft) -> None:
    """The same incident again: one claim. Told apart only in the log; a difference is a task for a person."""
    before = {(told.head, told.claimed_minor) for told in draft.claim.filed.exposures}
    same = {(told.head, told.claimed_minor) for told in command.exposures} == before
    draft.add(NoticeRepeated(command.channel, same, command.exposures, None if same else command.story))


def go_on(draft: Draft, payment_id: UUID) -> None:
    """As far as a machine may: to the decision and the payment order, or to whoever must act first."""
    missing = missing_proof(draft.claim, draft.case.rules)
    if missing:
        _ask_for_proof(draft, missing)
        return
    draft.stop_clocks("claimant_answers")
    draft.add(ProofCompleted(), by="machine:screening")
    draft.start_clock("decision")
    screen(draft)
    assessed = assess(draft)
    _notify_seller(draft)
    if must_tender(draft.claim) and tender_by_machine(draft):
        return
    _decide_by_machine(draft, assessed, payment_id)


def screen_for_a_person(draft: Draft) -> None:
    """A claim that stopped at the door (out of scope) is screened, assessed and told to the seller like any other
    before a person decides it; one that went the usual way was, and is left alone."""
    draft.start_decision_clock()
    if draft.claim.checks:
        return
    screen(draft)
    assess(draft)
    _notify_seller(draft)


# Intake ----------------------------------------------------------------------------------------------


def _refuse_impossible(command: FileClaim, draft: Draft, line: OrderLineFacts) -> None:
    today = draft.case.calendar.day_of(draft.case.at)
    if command.loss_date > today:
        raise Refused("loss_date_in_future", loss_date=command.loss_date, today=today)
    ordered_on = draft.case.calendar.day_of(line.ordered_at)
    if command.loss_date < ordered_on:
        raise Refused("loss_date_before_order", loss_date=command.loss_date, ordered_on=ordered_on)
    if not command.exposures:
        raise Refused("nothing_claimed")
    for told in command.exposures:
        if told.claimed_minor <= 0:
            raise Refused("amount_not_positive", exposure=told.no)
    if len({told.head for told in command.exposures}) != len(command.exposures):
        raise Refused("same_head_twice")
    assert len({told.no for told in command.exposures} - {0}) == len(command.exposures), "parts are numbered from 1"
    numbers = {told.no for told in command.exposures} | {0}
    for item in command.evidence:
        if item.exposure_no not in numbers:
            raise Refused("evidence_for_no_exposure", evidence=item.evidence_id)


def _filed(command: FileClaim, draft: Draft, line: OrderLineFacts) -> ClaimFiled:
    rules = draft.case.rules
    return ClaimFiled(
        reference=command.reference,
        marketplace=line.marketplace,
        currency=line.currency,
        order_line_id=line.order_line_id,
        seller_id=line.seller_id,
        price_minor=line.price_minor,
        quantity=line.quantity,
        incident_id=_incident(command, draft.case.facts, rules.whole("same_incident_days")),
        incident_cap_minor=rules.amount("claim_cap"),
        claimant_id=command.claimant_id,
        channel=command.channel,
        loss_date=command.loss_date,
        injury=command.injury or any(told.head == "medical_expense" for told in command.exposures),
        claimant_is_minor=command.claimant_is_minor,
        hazards=command.hazards,
        exposures=command.exposures,
        evidence=command.evidence,
        story=command.story,
        payee=command.payee,
        policy_version=rules.version,
    )


def _incident(command: FileClaim, facts: Facts, same_incident_days: int) -> UUID:
    """One incident for all claims on an order line about (nearly) the same day, whoever claims."""
    for earlier in facts.same_line:
        if abs(days_between(earlier.loss_date, command.loss_date)) <= same_incident_days:
            return earlier.incident_id
    return command.incident_id


def _scope(command: FileClaim, draft: Draft, line: OrderLineFacts) -> Row:
    case = draft.case
    return case.rules.decide(
        "in_scope",
        physical=line.physical,
        bought_here=True,
        days_since_incident=days_between(command.loss_date, case.calendar.day_of(case.at)),
    )


# Proof and concerns -----------------------------------------------------------------------------------


def _ask_for_proof(draft: Draft, missing: tuple[MissingProof, ...]) -> None:
    draft.add(ProofRequested(missing, None), by="machine:screening")
    draft.start_clock("claimant_answers")


def _raise_concern(draft: Draft, exposures: tuple[int, ...], row: Row) -> None:
    """The machine shows the claimant what stands against it, at once; whether it is refused, a person says."""
    reason = Reason(code=row.outcome, clause=row.clause)
    draft.add(ConcernRaised(exposures, reason, draft.case.rules.version), by="machine:screening")
    draft.start_clock("claimant_answers")


def _notify_seller(draft: Draft) -> None:
    """After screening, once. An uninsured seller is asked for proof of insurance, and its days run."""
    if draft.claim.seller_notified:
        return
    insured = draft.case.facts.seller_insured
    draft.add(SellerNotified(insured=insured, proof_asked=not insured), by="machine:assessment")
    if not insured:
        draft.start_clock("seller_proof_of_insurance")


# The machine's decision ---------------------------------------------------------------------------------


def _decide_by_machine(draft: Draft, assessed: ClaimAssessed, payment_id: UUID) -> None:
    claim, rules = draft.claim, draft.case.rules
    unpayable = tuple(
        exposure
        for exposure in claim.exposures
        if exposure.open_minor and payable(exposure, rules).outcome != "payable"
    )
    lines = _supported_lines(claim)
    row = rules.decide(
        "machine_approval",
        all_checks_passed=all(check.outcome == "pass" for check in claim.checks),
        injury=claim.filed.injury,
        in_full=sum(line.approved_minor for line in lines) == claim.open_minor,
        track=assessed.track,
        amount=assessed.incident_total_minor,
        proof_complete=claim.proof_complete,
        open_dispute=bool(claim.appeals or claim.concerns),
    )
    if row.outcome == "person" or not lines:
        _refer(draft, _why_a_person(claim, row))
    else:
        _approve(draft, lines, row, payment_id)
    if unpayable:
        _raise_concern(draft, tuple(exposure.no for exposure in unpayable), payable(unpayable[0], rules))
    elif draft.claim.open_minor and row.outcome != "person":
        _refer(draft, ("amount_not_supported",))


def _supported_lines(claim: Claim) -> tuple[DecidedLine, ...]:
    return tuple(
        DecidedLine(exposure.no, approved_minor=exposure.expected_minor, refused_minor=0)
        for exposure in claim.exposures
        if exposure.expected_minor > 0
    )


def _approve(draft: Draft, lines: tuple[DecidedLine, ...], row: Row, payment_id: UUID) -> None:
    _stay_within_cap(draft, lines)
    clauses = (clause_of(row),)
    draft.add(ClaimDecided(lines, ("machine:decision",), clauses, draft.case.rules.version), by="machine:decision")
    _sample_for_quality(draft)
    pay_what_is_approved(draft, payment_id)


def _stay_within_cap(draft: Draft, lines: tuple[DecidedLine, ...]) -> None:
    claim = draft.claim
    others = draft.case.facts.same_incident(claim.claim_id, claim.filed.incident_id)
    approved = sum(line.approved_minor for line in lines) + sum(earlier.approved_minor for earlier in others)
    assert approved <= claim.filed.incident_cap_minor, "a direct claim lies far below the cap"


def _sample_for_quality(draft: Draft) -> None:
    """The first automatic approval of a seller always, others by a draw; nothing waits for it."""
    rules, facts = draft.case.rules, draft.case.facts
    if rules.yes("sample_first_approval") and not facts.seller_had_automatic_approval:
        draft.add(QualityReviewAsked("sample_first_approval", facts.draw), by="machine:quality")
    elif facts.draw < rules.basis_points("sample_basis_points"):
        draft.add(QualityReviewAsked("sample_basis_points", facts.draw), by="machine:quality")


def _refer(draft: Draft, reasons: tuple[str, ...]) -> None:
    draft.add(ClaimReferred(reasons), by="machine:decision")


def _why_a_person(claim: Claim, row: Row) -> tuple[str, ...]:
    checks = tuple(f"check:{check.name}" for check in claim.checks if check.outcome != "pass")
    return (f"rule:{row.id}", *checks)
