"""From an approval to the bank's answer: release, payment order, settlement, return, another payee."""

from __future__ import annotations

import hashlib
from uuid import UUID

from makewhole.domain.claim.commands import ChangePayee, ConfirmPayment, ReturnPayment, SignRelease
from makewhole.domain.claim.draft import Draft
from makewhole.domain.claim.events import (
    ApprovalVoided,
    ClaimClosed,
    Outcome,
    PaidLine,
    PayeeChanged,
    PaymentOrdered,
    PaymentReturned,
    PaymentSettled,
    ProposalReturned,
    ReleaseRequested,
    ReleaseSigned,
)
from makewhole.domain.claim.state import (
    Approved,
    AwaitingPayee,
    AwaitingRelease,
    AwaitingSecond,
    Claim,
    Closed,
    Paying,
    Payment,
    UnderReview,
)
from makewhole.domain.money import Money
from makewhole.domain.refusal import Refused

RELEASE_TEXT = (
    "Claim {reference}. I accept {amount} for the loss of {loss_date} on this order. With this payment the claims "
    "that it pays for are settled, and no others. It is limited to what is paid."
)
# Clocks that run on when a claim is closed: they are about safety, or about who bears the cost.
KEPT_AFTER_CLOSING = (
    "safety_review", "seller_proof_of_insurance", "seller_contests", "contest_decision", "insurer_answers",
    "instalment",
)  # fmt: skip
# Reasons that say "this is outside the guarantee" rather than "this part is not owed".
OUT_OF_SCOPE = frozenset({"digital", "not_bought_here", "too_late"})


def pay_what_is_approved(draft: Draft, payment_id: UUID) -> None:
    """Orders what is approved and not yet ordered; asks for a release first where policy wants one.

    A part payment (something is still open) needs no release. Where nothing is to be paid, ends the claim.
    """
    claim = draft.claim
    lines = _unordered(claim)
    if not lines:
        _close_if_ended(draft)
        return
    draft.start_clock("pay")
    all_decided = claim.open_minor == 0
    if all_decided and _needs_release(claim, draft):
        draft.add(
            ReleaseRequested(
                amount_minor=claim.approved_minor,
                text_sha256=release_digest(claim),
                self_service=not claim.filed.claimant_is_minor,
            ),
            by="machine:decision",
        )
        if not claim.filed.claimant_is_minor:
            draft.start_clock("claimant_answers")
        return
    _order(draft, lines, payment_id)


def release_text(claim: Claim) -> str:
    """The very text that the claimant signs."""
    return RELEASE_TEXT.format(
        reference=claim.filed.reference,
        amount=Money(claim.approved_minor, claim.currency),
        loss_date=claim.filed.loss_date,
    )


def release_digest(claim: Claim) -> str:
    return hashlib.sha256(release_text(claim).encode()).hexdigest()


def sign_release(command: SignRelease, draft: Draft) -> None:
    """The claimant signs the text that was shown; a minor's release is signed with an adjuster, not alone."""
    stage = draft.claim.stage
    if not isinstance(stage, AwaitingRelease):
        raise Refused("no_release_asked")
    if command.text_sha256 != stage.release.text_sha256:
        raise Refused("release_text_changed")
    if draft.case.by.role == "claimant" and not stage.release.self_service:
        raise Refused("release_needs_adjuster")
    draft.add(ReleaseSigned(command.text_sha256, command.signature))
    _order(draft, _unordered(draft.claim), command.payment_id)


def confirm_payment(command: ConfirmPayment, draft: Draft) -> None:
    """The bank paid. Said twice, it is the same once; said of a payment that came back, it is refused."""
    payment = _known(draft.claim, command.payment_id)
    if payment.state == "settled":
        return
    if payment.state == "returned":
        raise Refused("payment_was_returned", bank_ref=payment.bank_ref)
    draft.add(PaymentSettled(command.payment_id, command.bank_ref))
    if not draft.claim.payment_under_way:
        draft.stop_clocks("pay")
    _close_if_ended(draft)


def return_payment(command: ReturnPayment, draft: Draft) -> None:
    """The bank sent it back: the claimant is asked for another account."""
    payment = _known(draft.claim, command.payment_id)
    if payment.state == "returned":
        return
    if payment.state == "settled":
        raise Refused("payment_is_settled", bank_ref=payment.bank_ref)
    draft.add(PaymentReturned(command.payment_id, command.bank_ref, command.why))
    if isinstance(draft.claim.stage, AwaitingPayee):
        draft.start_clock("claimant_answers")


def change_payee(command: ChangePayee, draft: Draft) -> None:
    """Another account voids every approval that is not ordered yet, and a proposal that waits."""
    claim = draft.claim
    if isinstance(claim.stage, Closed):
        raise Refused("claim_is_closed", outcome=claim.stage.outcome)
    if claim.payment_under_way:
        raise Refused("payment_under_way")
    draft.add(PayeeChanged(command.payee))
    if isinstance(claim.stage, AwaitingPayee | AwaitingRelease):
        draft.stop_clocks("claimant_answers")
    if isinstance(claim.stage, AwaitingSecond):
        draft.add(ProposalReturned("payee_changed", None), by="machine:decision")
    void_unordered(draft, "payee_changed")
    if isinstance(draft.claim.stage, UnderReview):
        draft.start_decision_clock()


def void_unordered(draft: Draft, why: str) -> None:
    """What is approved and not ordered becomes open again."""
    if lines := _unordered(draft.claim):
        draft.add(ApprovalVoided(lines, why), by="machine:decision")
        draft.stop_clocks("pay")


def _order(draft: Draft, lines: tuple[PaidLine, ...], payment_id: UUID) -> None:
    claim = draft.claim
    draft.add(
        PaymentOrdered(
            payment_id=payment_id,
            seq=len(claim.payments) + 1,
            payee=claim.payee,
            lines=lines,
            amount_minor=sum(line.amount_minor for line in lines),
        ),
        by="machine:payment",
    )
    if claim.open_minor == 0:
        draft.stop_clocks("decision", "delay_letter", "claimant_answers", "step_in")


def _unordered(claim: Claim) -> tuple[PaidLine, ...]:
    return tuple(
        PaidLine(exposure.no, exposure.approved_minor - exposure.ordered_minor)
        for exposure in claim.exposures
        if exposure.approved_minor > exposure.ordered_minor
    )


def _needs_release(claim: Claim, draft: Draft) -> bool:
    limit = draft.case.rules.amount("release_above")
    return claim.approved_minor > limit and claim.release_signed_minor < claim.approved_minor


def _known(claim: Claim, payment_id: UUID) -> Payment:
    payment = claim.payment(payment_id)
    if payment is None:
        raise Refused("unknown_payment", payment=payment_id)
    return payment


def _close_if_ended(draft: Draft) -> None:
    """All decided and nothing under way: the claim ends, and the time for an appeal starts where it has one."""
    claim = draft.claim
    if claim.open_minor or claim.payment_under_way or _unordered(claim):
        return
    if not isinstance(claim.stage, Approved | Paying):
        return
    draft.add(ClaimClosed(_outcome(claim)), by="machine:decision")
    draft.stop_all_clocks(but=KEPT_AFTER_CLOSING)
    if claim.refused_minor:
        draft.start_clock("appeal")


def _outcome(claim: Claim) -> Outcome:
    if claim.paid_minor:
        return "paid"
    codes = {exposure.reason_code for exposure in claim.exposures}
    return "out_of_scope" if codes <= OUT_OF_SCOPE else "refused"
