"""The seller's insurance on one claim: proof of it, and what its insurer says. Debts follow in bearing.py."""

from __future__ import annotations

from makewhole.domain.claim.draft import Draft
from makewhole.domain.claim.state import Closed
from makewhole.domain.claim.tender_commands import (
    AnswerAsInsurer,
    CheckProofOfInsurance,
    CheckSubrogation,
    FindNoDefect,
    SendProofOfInsurance,
)
from makewhole.domain.claim.tender_events import (
    InsurerAnswered,
    InsurerSilent,
    NoDefectFound,
    ProofOfInsuranceChecked,
    ProofOfInsuranceSent,
    SubrogationChecked,
)
from makewhole.domain.claim.tendering import for_exposures, notify_insurer
from makewhole.domain.refusal import Refused

FINAL = ("accepts", "denies", "silent")


def send_proof(command: SendProofOfInsurance, draft: Draft) -> None:
    """Proof of insurance. Sent in time it stops the clock; late, it is looked at as long as a recovery runs."""
    claim = draft.claim
    if not command.evidence:
        raise Refused("nothing_sent")
    if "proof_of_insurance" in claim.tasks:
        raise Refused("proof_is_looked_at")
    recovery = claim.recovery
    if recovery is not None and not recovery.is_open:
        raise Refused("recovery_is_closed", outcome=getattr(recovery.stage, "outcome", ""))
    if not claim.proof_asked:
        raise Refused("no_proof_asked")
    for_exposures(command.evidence, claim)
    clock = claim.held("seller_proof_of_insurance")
    in_time = clock is not None and (clock.state == "paused" or draft.case.at < clock.due_at)
    draft.add(ProofOfInsuranceSent(command.evidence, command.words, in_time))
    draft.stop_clocks("seller_proof_of_insurance")


def check_proof(command: CheckProofOfInsurance, draft: Draft) -> None:
    """A person looked. Proved is only a cover that is on file for the day of the incident."""
    if "proof_of_insurance" not in draft.claim.tasks:
        raise Refused("no_such_task", task="proof_of_insurance")
    cover = draft.case.facts.coverage
    if command.proves and cover is None:
        raise Refused("no_cover_on_file")
    if not command.proves and command.words is None:
        raise Refused("words_needed")
    proved = cover.coverage_id if command.proves and cover else None
    draft.add(ProofOfInsuranceChecked(proved, command.words))
    tender = draft.claim.tender
    if proved and tender is not None and not isinstance(draft.claim.stage, Closed):
        notify_insurer(draft, tender.amount_minor)


def answer_as_insurer(command: AnswerAsInsurer, draft: Draft) -> None:
    """Accepts, reserves its rights, asks, or denies with the clause of its policy. Accepting and denying are final."""
    insurer = draft.claim.insurer
    if insurer is None:
        raise Refused("no_tender_waits", turn=draft.claim.whose_turn() or "nobody's")
    if insurer.answer in FINAL:
        raise Refused("insurer_answered_before", answer=insurer.answer)
    clock = draft.claim.held("insurer_answers")
    if clock is None or (clock.state == "running" and draft.case.at >= clock.due_at):
        raise Refused("answer_too_late", due_at=str(clock.due_at)[:16] if clock else "before")
    if command.answer == "denies" and not command.clause.strip():
        raise Refused("clause_needed")
    if command.answer == "asks" and command.words is None:
        raise Refused("words_needed")
    for_exposures(command.evidence, draft.claim)
    told = insurer.told
    draft.add(InsurerAnswered(told.coverage_id, command.answer, command.clause, command.evidence, command.words))
    if command.answer in FINAL:
        draft.stop_clocks("insurer_answers")


def insurer_was_silent(draft: Draft) -> None:
    """Its time is over: what it would have owed is asked of the seller."""
    insurer = draft.claim.insurer
    if insurer is not None and insurer.answer not in FINAL:
        draft.add(InsurerSilent(insurer.told.coverage_id), by="machine:clock")


def check_subrogation(command: CheckSubrogation, draft: Draft) -> None:
    """May money be asked of an insurer that insures the platform too? A person says, once."""
    insurer = draft.claim.insurer
    if insurer is None or not insurer.to_be_checked:
        raise Refused("no_such_task", task="subrogation_check")
    draft.add(SubrogationChecked(insurer.told.coverage_id, command.clear, command.words))


def find_no_defect(command: FindNoDefect, draft: Draft) -> None:
    """By the seller's evidence the product had no defect. The claimant keeps the money; the seller owes nothing."""
    claim = draft.claim
    if claim.no_defect:
        raise Refused("no_defect_found_before")
    if not claim.paid_minor:
        raise Refused("nothing_paid_yet")
    if claim.recovery is not None and not claim.recovery.is_open:
        raise Refused("recovery_is_closed", outcome=getattr(claim.recovery.stage, "outcome", ""))
    if command.reason.words is None:
        raise Refused("words_needed")
    draft.add(NoDefectFound(command.reason, draft.case.rules.version))
