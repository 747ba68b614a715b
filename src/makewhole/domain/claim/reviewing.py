"""What people decide: proof, concerns, decisions, a second person, quality, safety, reserves, reopening.

Only a person reduces or refuses, after the claimant saw the concern. Nobody decides own work: not the one who
filed the claim for the customer, not the one who changed the payee, not (on an appeal) anybody who took part.
"""

from __future__ import annotations

from uuid import UUID

from makewhole.domain.actors import AUTHORITY, STAFF, Actor
from makewhole.domain.claim.assessment import PROOF_GROUPS
from makewhole.domain.claim.commands import (
    AssignClaim,
    ConfirmDecision,
    Decide,
    FinishTask,
    RaiseConcern,
    ReopenClaim,
    RequestProof,
    ReturnDecision,
    ReviewQuality,
    ReviewSafety,
    SetReserve,
)
from makewhole.domain.claim.draft import Draft
from makewhole.domain.claim.events import (
    ClaimAssigned,
    ClaimDecided,
    ClaimReopened,
    Clause,
    ConcernRaised,
    DecidedLine,
    DecisionProposed,
    MissingProof,
    ProofRequested,
    ProposalReturned,
    QualityReviewed,
    ReserveSet,
    SafetyReviewed,
    TaskFinished,
)
from makewhole.domain.claim.filing import screen_for_a_person
from makewhole.domain.claim.paying import pay_what_is_approved
from makewhole.domain.claim.state import AwaitingAnswer, AwaitingSecond, Claim, Closed, Exposure, UnderReview
from makewhole.domain.claim.tender_commands import StepIn, TenderClaim
from makewhole.domain.claim.tendering import (
    pays_past_a_rejection,
    propose_step_in,
    refuse_unheard,
    step_in,
    tender_claim,
)
from makewhole.domain.policy.rules import Rules
from makewhole.domain.refusal import Refused

ASKABLE = frozenset(what for groups in PROOF_GROUPS.values() for what, _ in groups) | {
    "receipt", "repair_estimate", "more_photos", "product_kept", "proof_of_cause",
}  # fmt: skip

# These tasks end with their own act, which asks for a finding, or moves money.
REVIEWS = frozenset(
    {"quality_review", "safety_review", "proof_of_insurance", "subrogation_check", "contest", "repayment"}
)


def request_proof(command: RequestProof, draft: Draft) -> None:
    """Asks the claimant for everything that is missing; its days run from now."""
    _must_be_under_review(draft.claim)
    if not command.missing:
        raise Refused("nothing_asked")
    for no, what in command.missing:
        _exposure_exists(draft.claim, no)
        if what not in ASKABLE:
            raise Refused("unknown_proof", what=what, known=", ".join(sorted(ASKABLE)))
    missing = tuple(MissingProof(no, what) for no, what in command.missing)
    draft.add(ProofRequested(missing, command.note))
    draft.restart_clock("claimant_answers")


def raise_concern(command: RaiseConcern, draft: Draft) -> None:
    """Shows the claimant the exact concern before anything is refused or reduced."""
    _must_be_under_review(draft.claim)
    if not command.exposures:
        raise Refused("nothing_asked")
    for no in command.exposures:
        if not _exposure_exists(draft.claim, no).open_minor:
            raise Refused("exposure_decided", exposure=no)
    draft.add(ConcernRaised(command.exposures, command.reason, draft.case.rules.version))
    draft.restart_clock("claimant_answers")


def decide_claim(command: Decide, draft: Draft) -> None:
    """A person's decision. Above its own authority, or above the four-eyes limit, it waits for a second person."""
    claim, case = draft.claim, draft.case
    if not isinstance(claim.stage, UnderReview | AwaitingAnswer):
        _must_be_under_review(claim)
    may_decide(case.by, claim)
    _check_lines(command.lines, draft)
    if isinstance(claim.stage, AwaitingAnswer) and any(line.refused_minor for line in command.lines):
        raise Refused("claimant_may_still_answer")
    total_minor = claim.approved_minor + sum(line.approved_minor for line in command.lines)
    if total_minor:
        screen_for_a_person(draft)
    refuse_unheard(command.lines, draft, answered=False)  # what stopped at the door has its track only now
    needs = needs_of(case.by, total_minor, case.rules)
    if "second_person" not in needs and pays_past_a_rejection(command.lines, claim):
        needs = (*needs, "second_person")
    if needs:
        draft.add(DecisionProposed(command.lines, total_minor, needs, case.rules.version))
        return
    _decided(draft, command.lines, (case.by.name,), command.payment_id)


def tender_to_seller(command: TenderClaim, draft: Draft) -> None:
    """An adjuster hands the claim to the seller; what stopped at the door is screened and assessed first."""
    _must_be_under_review(draft.claim)
    screen_for_a_person(draft)
    tender_claim(command, draft)


def step_in_after_rejection(command: StepIn, draft: Draft) -> None:
    """The platform would pay although the seller rejected: an answer to each of its reasons, and a second person."""
    _must_be_under_review(draft.claim)
    may_decide(draft.case.by, draft.claim)
    _check_lines(command.lines, draft)
    propose_step_in(command, draft)


def confirm_decision(command: ConfirmDecision, draft: Draft) -> None:
    """A second person agrees: another one than the first, with authority for the whole sum."""
    claim, case = draft.claim, draft.case
    if not isinstance(claim.stage, AwaitingSecond):
        raise Refused("nothing_proposed")
    if case.by.name == claim.stage.proposed_by:
        raise Refused("second_person_needed")
    may_decide(case.by, claim)
    if claim.stage.proposal.total_minor > authority_minor(case.by, case.rules):
        raise Refused("above_authority", authority_minor=authority_minor(case.by, case.rules), currency=claim.currency)
    proposal = claim.stage.proposal
    _check_lines(proposal.lines, draft)
    refuse_unheard(proposal.lines, draft, answered=False)  # the seller may be there again since it was proposed
    _decided(draft, proposal.lines, (claim.stage.proposed_by, case.by.name), command.payment_id)


def return_decision(command: ReturnDecision, draft: Draft) -> None:
    """The second person does not agree; the file goes back."""
    if not isinstance(draft.claim.stage, AwaitingSecond):
        raise Refused("nothing_proposed")
    if draft.case.by.name == draft.claim.stage.proposed_by:
        raise Refused("second_person_needed")
    if draft.case.by.name in draft.claim.barred:
        raise Refused("took_part_before")
    draft.add(ProposalReturned("second_person_disagrees", command.words))


def assign_claim(command: AssignClaim, draft: Draft) -> None:
    if isinstance(draft.claim.stage, Closed) and not draft.claim.tasks:
        raise Refused("claim_is_closed", outcome=draft.claim.stage.outcome)
    if draft.claim.assigned_to != command.to:
        draft.add(ClaimAssigned(command.to))


def set_reserve(command: SetReserve, draft: Draft) -> None:
    """Another sum than the rules reserve, at most what is still open of the exposure."""
    exposure = _exposure_exists(draft.claim, command.no)
    if isinstance(draft.claim.stage, Closed):
        raise Refused("claim_is_closed", outcome=draft.claim.stage.outcome)
    if not 0 <= command.reserve_minor <= exposure.open_minor:
        raise Refused("reserve_out_of_range", open_minor=exposure.open_minor, currency=draft.claim.currency)
    draft.add(ReserveSet(command.no, command.reserve_minor, command.words))


def review_quality(command: ReviewQuality, draft: Draft) -> None:
    """The look afterwards at an automatic approval. It changes no money; disagreement is counted."""
    if "quality_review" not in draft.claim.tasks:
        raise Refused("no_quality_review_asked")
    draft.add(QualityReviewed(command.agrees, command.words))


def review_safety(command: ReviewSafety, draft: Draft) -> None:
    if "safety_review" not in draft.claim.tasks:
        raise Refused("no_safety_review_asked")
    draft.add(SafetyReviewed(command.finding, command.words))
    draft.stop_clocks("safety_review")


def finish_task(command: FinishTask, draft: Draft) -> None:
    """A second notice, a seller's file or a missed deadline was looked at, and what came of it is said."""
    if command.task in REVIEWS or command.task not in draft.claim.tasks:
        raise Refused("no_such_task", task=command.task)
    draft.add(TaskFinished(command.task, command.words))


def reopen_claim(command: ReopenClaim, draft: Draft) -> None:
    """A person opens a closed claim again, where something is left to decide. What was paid stays paid."""
    claim, stage = draft.claim, draft.claim.stage
    if not isinstance(stage, Closed):
        raise Refused("claim_is_open")
    if stage.outcome == "settled":
        raise Refused("settled_with_the_seller")
    if not claim.open_minor and not claim.refused_minor and claim.approved_minor == claim.ordered_minor:
        raise Refused("nothing_to_appeal", outcome=stage.outcome)
    draft.stop_clocks("appeal")
    draft.add(ClaimReopened("reopened_by_person", command.words))
    draft.start_clock("decision")


# Who may, and what a line must be ---------------------------------------------------------------------


def may_decide(by: Actor, claim: Claim) -> None:
    """Refuses who must leave this claim to somebody else."""
    if by.role not in STAFF or not by.is_person:
        raise Refused("role_decides_nothing", role=by.role)
    if by.name == claim.filed_by:
        raise Refused("own_work")
    if by.name == claim.payee_changed_by:
        raise Refused("payee_changer_may_not_approve")
    if by.name in claim.barred:
        raise Refused("took_part_before")


def _check_lines(lines: tuple[DecidedLine, ...], draft: Draft) -> None:
    claim = draft.claim
    if not lines:
        raise Refused("nothing_decided")
    if len({line.no for line in lines}) != len(lines):
        raise Refused("exposure_twice")
    for line in lines:
        _check_line(line, claim)
    approved = claim.approved_minor + sum(line.approved_minor for line in lines)
    others = draft.case.facts.same_incident(claim.claim_id, claim.filed.incident_id)
    room = claim.filed.incident_cap_minor - sum(earlier.approved_minor for earlier in others)
    if approved > room:
        raise Refused("above_cap", room_minor=max(0, room), currency=claim.currency)


def _check_line(line: DecidedLine, claim: Claim) -> None:
    exposure = _exposure_exists(claim, line.no)
    if line.approved_minor < 0 or line.refused_minor < 0 or line.approved_minor + line.refused_minor == 0:
        raise Refused("nothing_decided", exposure=line.no)
    if line.approved_minor + line.refused_minor > exposure.open_minor:
        raise Refused("more_than_open", exposure=line.no, open_minor=exposure.open_minor, currency=claim.currency)
    if not line.refused_minor:
        return
    assert line.reason is not None
    heard = [concern for concern in claim.concerns if line.no in concern.exposures and concern.code == line.reason.code]
    if not heard:
        raise Refused("concern_not_shown", exposure=line.no, reason=line.reason.code)
    if not any(concern.heard for concern in heard):
        raise Refused("claimant_may_still_answer", exposure=line.no)


def needs_of(by: Actor, total_minor: int, rules: Rules) -> tuple[str, ...]:
    """What a decision by this person needs beside it, where so much is approved of the claim in all."""
    needs = []
    if total_minor > authority_minor(by, rules):
        needs.append("authority")
    if total_minor > rules.amount("four_eyes_above"):
        needs.append("second_person")
    return tuple(needs)


def authority_minor(by: Actor, rules: Rules) -> int:
    """Up to how much of a claim this role approves alone."""
    value = AUTHORITY.get(by.role)
    return rules.amount(value) if value else 0


def _decided(draft: Draft, lines: tuple[DecidedLine, ...], deciders: tuple[str, ...], payment_id: UUID) -> None:
    rules = draft.case.rules
    clauses = tuple(
        Clause(line.reason.clause, "refused" if not line.approved_minor else "reduced", line.reason.code)
        for line in lines
        if line.refused_minor and line.reason is not None
    ) or (Clause(rules.clause("payable_heads"), "approved", "assessed by a person"),)
    step_in(draft, lines)
    draft.add(ClaimDecided(lines, deciders, clauses, rules.version))
    draft.stop_clocks("step_in")
    if draft.claim.open_minor == 0:
        draft.stop_clocks("decision", "delay_letter", "claimant_answers")
    pay_what_is_approved(draft, payment_id)


def _must_be_under_review(claim: Claim) -> None:
    if isinstance(claim.stage, Closed):
        raise Refused("claim_is_closed", outcome=claim.stage.outcome)
    if not isinstance(claim.stage, UnderReview):
        raise Refused("not_under_review", turn=claim.whose_turn())


def _exposure_exists(claim: Claim, no: int) -> Exposure:
    exposure = claim.exposure(no)
    if exposure is None:
        raise Refused("unknown_exposure", exposure=no)
    return exposure
