"""What the parties say after filing: more proof, answers, the seller's evidence, withdrawal, appeal."""

from __future__ import annotations

from makewhole.domain.claim.assessment import assess
from makewhole.domain.claim.commands import AddProof, AddSellerEvidence, AnswerConcern, Appeal, WithdrawClaim
from makewhole.domain.claim.draft import Draft
from makewhole.domain.claim.events import (
    AppealFiled,
    ClaimClosed,
    ClaimReferred,
    ClaimReopened,
    ClaimWithdrawn,
    ConcernAnswered,
    EvidenceItem,
    ProofAdded,
    SellerEvidenceAdded,
)
from makewhole.domain.claim.filing import go_on, screen_for_a_person
from makewhole.domain.claim.paying import KEPT_AFTER_CLOSING, void_unordered
from makewhole.domain.claim.screening import CHECKS
from makewhole.domain.claim.state import AwaitingAnswer, AwaitingProof, AwaitingSecond, Claim, Closed
from makewhole.domain.refusal import Refused


def add_proof(command: AddProof, draft: Draft) -> None:
    """More proof. A claim closed as unanswered opens again; one that waited goes on where it stood."""
    claim = draft.claim
    if not command.evidence:
        raise Refused("nothing_sent")
    _for_exposures(command.evidence, claim)
    if isinstance(claim.stage, Closed) and claim.stage.outcome != "unanswered":
        raise Refused("claim_is_closed", outcome=claim.stage.outcome)
    known = {item.evidence_id for item in claim.evidence}
    for old in command.supersedes:
        if old not in known:
            raise Refused("unknown_evidence", evidence=old)
    draft.add(ProofAdded(command.evidence, command.supersedes))
    if isinstance(claim.stage, Closed):
        draft.add(ClaimReopened("proof_came", None), by="machine:screening")
        draft.start_clock("whole_claim")
        _proof_came(draft, command)
    elif isinstance(claim.stage, AwaitingProof):
        _proof_came(draft, command)


def answer_concern(command: AnswerConcern, draft: Draft) -> None:
    """The claimant's answer to a concern; a person looks at it."""
    claim = draft.claim
    if not isinstance(claim.stage, AwaitingAnswer) and not (isinstance(claim.stage, AwaitingSecond) and claim.unheard):
        raise Refused("no_concern_shown")
    if not command.evidence and command.words is None:
        raise Refused("nothing_sent")
    _for_exposures(command.evidence, claim)
    draft.add(ConcernAnswered(command.evidence, command.words))
    draft.stop_clocks("claimant_answers")
    screen_for_a_person(draft)


def add_seller_evidence(command: AddSellerEvidence, draft: Draft) -> None:
    """The seller may always send evidence and raise flags, also after the claim was paid (the file stays open
    to it; the claimant keeps the money). On a closed claim it becomes a task for a person."""
    claim = draft.claim
    if not claim.seller_notified or draft.case.by.seller_id != claim.filed.seller_id:
        raise Refused("not_your_claim")
    if not (command.evidence or command.words or command.flags):
        raise Refused("nothing_sent")
    for flag in command.flags:
        if flag not in CHECKS:
            raise Refused("unknown_flag", flag=flag, known=", ".join(CHECKS))
    _for_exposures(command.evidence, claim)
    draft.add(SellerEvidenceAdded(command.evidence, command.words, command.flags))


def withdraw_claim(command: WithdrawClaim, draft: Draft) -> None:
    """At any time before the end. What was paid stays; what is under way to the bank cannot be called back."""
    claim = draft.claim
    if isinstance(claim.stage, Closed):
        raise Refused("claim_is_closed", outcome=claim.stage.outcome)
    if claim.payment_under_way:
        raise Refused("payment_under_way")
    draft.add(ClaimWithdrawn(command.words))
    void_unordered(draft, "withdrawn")
    draft.add(ClaimClosed("withdrawn"), by="machine:decision")
    draft.stop_all_clocks(but=KEPT_AFTER_CLOSING)


def appeal(command: Appeal, draft: Draft) -> None:
    """Within the appeal's days, once decided; somebody who took no part hears it."""
    claim = draft.claim
    if not isinstance(claim.stage, Closed):
        raise Refused("claim_is_open")
    if claim.stage.for_good:
        raise Refused("appeal_too_late")
    if not claim.refused_minor:
        raise Refused("nothing_to_appeal", outcome=claim.stage.outcome)
    clock = claim.held("appeal")
    if clock is None or (clock.state == "running" and draft.case.at >= clock.due_at):
        raise Refused("appeal_too_late")
    _for_exposures(command.evidence, claim)
    draft.add(AppealFiled(command.words, command.evidence))
    draft.stop_clocks("appeal")
    draft.start_clock("decision")


def _proof_came(draft: Draft, command: AddProof) -> None:
    """A machine goes on by itself; where a person had asked, that person sees the answer."""
    if not draft.claim.person_asked:
        go_on(draft, command.payment_id)
        return
    draft.stop_clocks("claimant_answers")
    draft.add(ClaimReferred(("proof_came",)), by="machine:screening")
    if draft.claim.checks:
        assess(draft)
    draft.start_decision_clock()


def _for_exposures(evidence: tuple[EvidenceItem, ...], claim: Claim) -> None:
    for item in evidence:
        if item.exposure_no and claim.exposure(item.exposure_no) is None:
            raise Refused("evidence_for_no_exposure", evidence=item.evidence_id)
