"""Seller and claimant settle between themselves: offers, settlement, confirmation.

Party statements with guards (openIMIS and the English claims service taught them): no two offers in a row from one
side, only the other side answers, a bounded number, and every wait has an end.
"""

from __future__ import annotations

from uuid import UUID

from makewhole.domain.claim.draft import Draft
from makewhole.domain.claim.events import ClaimClosed, DeadlineMissed, PaidLine
from makewhole.domain.claim.paying import KEPT_AFTER_CLOSING
from makewhole.domain.claim.state import (
    AwaitingConfirmation,
    AwaitingOffer,
    AwaitingSeller,
    Claim,
    Closed,
    SellerSettles,
)
from makewhole.domain.claim.tender_commands import (
    AcceptOffer,
    ConfirmSettlement,
    MakeOffer,
    RefuseOffer,
    ReportSettlement,
)
from makewhole.domain.claim.tender_events import (
    OfferAccepted,
    OfferedBy,
    OfferMade,
    OfferRefused,
    SettlementConfirmed,
    SettlementDenied,
    SettlementReported,
    StepInWhy,
)
from makewhole.domain.claim.tendering import after_tender, awaited_tender, back_to_platform, enclose, for_exposures
from makewhole.domain.refusal import Refused


def make_offer(command: MakeOffer, draft: Draft) -> None:
    """An offer of the seller, or the other side's counter-offer. The other side has a time to answer it."""
    claim = draft.claim
    side = _may_offer(draft)
    if command.amount_minor <= 0:
        raise Refused("offer_not_positive")
    if command.amount_minor > claim.open_minor:
        raise Refused("offer_above_claim", open_minor=claim.open_minor, currency=claim.currency)
    if len(claim.offers) >= draft.case.rules.whole("offers_at_most"):
        raise Refused("offers_exhausted", most=draft.case.rules.whole("offers_at_most"))
    enclose(command.evidence, draft)
    draft.add(OfferMade(len(claim.offers) + 1, side, command.amount_minor, command.words))
    draft.stop_clocks("seller_answers", "claimant_answers")
    draft.start_clock("claimant_answers" if side == "seller" else "seller_answers")


def accept_offer(command: AcceptOffer, draft: Draft) -> None:
    """Both sides agree: so much is owed, the rest is waived, and the platform pays it at once where it may."""
    offer = _to_answer(draft)
    lines = spread(offer.amount_minor, draft.claim)
    enclose(command.evidence, draft)
    draft.add(OfferAccepted(offer.no, offer.amount_minor, lines, draft.case.rules.version))
    draft.stop_clocks("seller_answers", "claimant_answers")
    after_tender(draft, "accepted", command.payment_id)


def refuse_offer(command: RefuseOffer, draft: Draft) -> None:
    """No agreement: the platform decides."""
    offer = _to_answer(draft)
    enclose(command.evidence, draft)
    draft.add(OfferRefused(offer.no, command.words))
    back_to_platform(draft, "offer_refused", command.payment_id)


def offer_lapsed(draft: Draft, payment_id: UUID | None) -> None:
    """Nobody answered the last offer in time."""
    if isinstance(draft.claim.stage, AwaitingOffer):
        back_to_platform(draft, "offer_refused", payment_id)


def spread(amount_minor: int, claim: Claim) -> tuple[PaidLine, ...]:
    """An agreed amount over what is open of each exposure, in proportion; the cents that are left over go to the
    largest remainders, in the order of the exposures (Hamilton's method)."""
    open_parts = [exposure for exposure in claim.exposures if exposure.open_minor]
    total = sum(exposure.open_minor for exposure in open_parts)
    assert 0 < amount_minor <= total
    shares = {exposure.no: divmod(amount_minor * exposure.open_minor, total) for exposure in open_parts}
    left = amount_minor - sum(whole for whole, _ in shares.values())
    first = sorted(shares, key=lambda no: (-shares[no][1], no))[:left]
    return tuple(PaidLine(no, whole + (no in first)) for no, (whole, _) in shares.items() if whole + (no in first))


# The seller pays or settles itself -----------------------------------------------------------------------------


def report_settlement(command: ReportSettlement, draft: Draft) -> None:
    """The seller says that it paid; the claimant is asked whether that is so."""
    claim = draft.claim
    stage = claim.stage
    if not isinstance(stage, SellerSettles):
        raise Refused("nothing_to_settle", turn=claim.whose_turn() or "nobody's")
    clock = claim.running("seller_pays" if stage.pays else "seller_handles")
    if clock is not None and draft.case.at >= clock.due_at:
        raise Refused("answer_too_late", due_at=str(clock.due_at)[:16])
    if command.amount_minor <= 0 or command.amount_minor > claim.open_minor:
        raise Refused("offer_above_claim", open_minor=claim.open_minor, currency=claim.currency)
    if stage.pays and command.amount_minor != stage.amount_minor:
        raise Refused("accepted_another_amount", amount_minor=stage.amount_minor, currency=claim.currency)
    for_exposures(command.evidence, claim)
    draft.add(SettlementReported(command.amount_minor, command.evidence, command.words))
    draft.stop_clocks("seller_pays", "seller_handles")
    draft.start_clock("claimant_answers")


def confirm_settlement(command: ConfirmSettlement, draft: Draft) -> None:
    """The claimant (or an adjuster, by the evidence) says whether it was settled: the claim ends, or comes back."""
    claim, by = draft.claim, draft.case.by
    stage = claim.stage
    settles_unreported = isinstance(stage, SellerSettles) and by.role == "claimant" and command.settled
    if not isinstance(stage, AwaitingConfirmation) and not settles_unreported:
        raise Refused("nothing_to_confirm", turn=claim.whose_turn() or "nobody's")
    assert isinstance(stage, AwaitingConfirmation | SellerSettles)
    if by.role != "claimant" and command.words is None:
        raise Refused("words_needed")
    if not command.settled:
        draft.add(SettlementDenied(command.words))
        # One says that it paid, the other that it did not: a person judges, before money goes a second time.
        disputed = by.role != "adjuster"
        back_to_platform(draft, _unkept(claim), None if disputed else command.payment_id)
        return
    if by.role == "adjuster" and claim.held("claimant_answers"):
        raise Refused("claimant_may_still_confirm")
    draft.add(SettlementConfirmed(stage.amount_minor, by.role == "claimant", command.words))
    draft.add(ClaimClosed("settled"), by="machine:decision")
    draft.stop_all_clocks(but=KEPT_AFTER_CLOSING)
    draft.stop_clocks("seller_proof_of_insurance", "insurer_answers")


def not_settled_in_time(draft: Draft, payment_id: UUID | None) -> None:
    """The seller's days to settle or to pay are over: the claim is the platform's again."""
    if isinstance(draft.claim.stage, SellerSettles):
        back_to_platform(draft, _unkept(draft.claim), payment_id)


def confirmation_never_came(draft: Draft) -> None:
    """The claimant was silent about a settlement: an adjuster judges the seller's evidence of it."""
    draft.add(DeadlineMissed("claimant_answers", "adjuster"))
    draft.start_clock("step_in")


# Parts --------------------------------------------------------------------------------------------------------


def _unkept(claim: Claim) -> StepInWhy:
    return "not_paid" if claim.tender and claim.tender.answer == "accepted" else "not_settled"


def _may_offer(draft: Draft) -> OfferedBy:
    claim, role = draft.claim, draft.case.by.role
    side: OfferedBy = "seller" if role == "seller" else "claimant"
    stage = claim.stage
    if isinstance(stage, Closed):
        raise Refused("claim_is_closed", outcome=stage.outcome)
    if isinstance(stage, AwaitingOffer):
        if stage.offer.by == side:
            raise Refused("offer_waits_for_the_other_side")
        _in_time(draft, stage)
        return side
    if side == "claimant" or not isinstance(stage, AwaitingSeller):
        raise Refused("no_offer_waits", turn=claim.whose_turn() or "nobody's")
    awaited_tender(draft)
    return side


def _to_answer(draft: Draft) -> OfferMade:
    claim, role = draft.claim, draft.case.by.role
    stage = claim.stage
    if not isinstance(stage, AwaitingOffer):
        raise Refused("no_offer_waits", turn=claim.whose_turn() or "nobody's")
    if stage.offer.by == ("seller" if role == "seller" else "claimant"):
        raise Refused("offer_waits_for_the_other_side")
    _in_time(draft, stage)
    return stage.offer


def _in_time(draft: Draft, stage: AwaitingOffer) -> None:
    clock = draft.claim.running("claimant_answers" if stage.offer.by == "seller" else "seller_answers")
    if clock is not None and draft.case.at >= clock.due_at:
        raise Refused("answer_too_late", due_at=str(clock.due_at)[:16])
