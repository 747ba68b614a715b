"""Who is told of what while the seller is heard and money is asked back. See notices.py, which asks here.

A party that is not told cannot be heard: every step that changes what somebody owes, or has to do, tells it so.
"""

from __future__ import annotations

from typing import Literal

from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.events import ClaimEvent, ClockExtended, Reminded
from makewhole.domain.claim.state import Claim
from makewhole.domain.recovery import events as rv
from makewhole.domain.recovery.state import Recovery

Who = Literal["claimant", "seller", "insurer", "producer", "role:adjuster", "role:reviewer", "role:finance"]
Told = tuple[Who, str, dict[str, object]]
# Whose time it is that a clock counts; every other clock is the claimant's.
_WHOSE: dict[str, Who] = {
    "seller_answers": "seller", "seller_handles": "seller", "seller_pays": "seller", "producer_answers": "producer",
    "seller_proof_of_insurance": "seller", "seller_contests": "seller", "insurer_answers": "insurer",
}  # fmt: skip


def whose_clock(name: str) -> Who:
    return _WHOSE.get(name, "claimant")


def told_of_tender(event: ClaimEvent, claim: Claim) -> list[Told]:
    """What to tell whom of a step between the parties; nothing of any other event."""
    currency = claim.currency
    match event:
        case tv.ClaimTendered(to="seller", amount_minor=amount_minor):
            told = _sum(amount_minor, currency)
            return [("seller", "tender_to_seller", told), ("claimant", "seller_is_asked", told)]
        case tv.ClaimTendered(amount_minor=amount_minor):
            told = _sum(amount_minor, currency)
            return [("producer", "tender_to_producer", told), ("seller", "tender_passed_on", told)]
        case tv.TenderAccepted(amount_minor=amount_minor, payer="seller"):
            told = _sum(amount_minor, currency)
            return [("seller", "you_pay_the_claimant", told), ("claimant", "seller_pays_you", told)]
        case tv.TenderAccepted(amount_minor=amount_minor):
            return [(_answered_by(claim), "tender_accepted", _sum(amount_minor, currency))]
        case tv.SellerHandles():
            return [("seller", "you_settle_it", {}), ("claimant", "seller_settles_with_you", {})]
        case tv.SettlementReported(amount_minor=amount_minor):
            return [("claimant", "settlement_reported", _sum(amount_minor, currency))]
        case tv.SettlementConfirmed(amount_minor=amount_minor):
            told = _sum(amount_minor, currency)
            return [("claimant", "settlement_confirmed", told), ("seller", "settlement_confirmed_seller", told)]
        case tv.OfferMade(by="seller", amount_minor=amount_minor):
            return [("claimant", "offer_made", _sum(amount_minor, currency))]
        case tv.OfferMade(amount_minor=amount_minor):
            return [("seller", "counter_offer_made", _sum(amount_minor, currency))]
        case tv.OfferRefused():
            return [("claimant", "offer_refused", {}), ("seller", "offer_refused_seller", {})]
        case tv.OfferAccepted(amount_minor=amount_minor):
            told = _sum(amount_minor, currency)
            return [("claimant", "offer_accepted", told), ("seller", "offer_accepted_seller", told)]
        case tv.TenderRejected():
            return [(_answered_by(claim), "rejection_received", {}), ("claimant", "seller_rejected", {})]
        case tv.TenderUnanswered():
            return [(_answered_by(claim), "tender_unanswered", {})]
        case tv.TenderReturned(why=why):
            return [("seller", "tender_returned", {"why": why}), ("claimant", "claim_is_ours_again", {"why": why})]
        case tv.SteppedIn(amount_minor=amount_minor, why=why):
            return [("seller", "stepped_in", {**_sum(amount_minor, currency), "why": why})]
        case ClockExtended(name="seller_answers" | "producer_answers" as name, due_at=due_at):
            longer: dict[str, object] = {"due_at": due_at.isoformat()}
            return [(whose_clock(name), "tender_more_time", longer), ("claimant", "seller_has_more_time", longer)]
        case Reminded(clock, days_left) if whose_clock(clock) != "claimant":
            return [(whose_clock(clock), "party_reminder", {"clock": clock, "days_left": days_left})]
        case _:
            return _of_insurance(event) or _of_recovery(event, claim)


def _of_insurance(event: ClaimEvent) -> list[Told]:
    match event:
        case tv.InsurerNotified():
            return [("insurer", "tender_to_insurer", {})]
        case tv.InsurerAnswered(answer="asks"):
            return [("role:adjuster", "insurer_asks", {})]
        case tv.InsurerAnswered(answer=answer):
            return [("seller", "insurer_answered", {"answer": answer})]
        case tv.InsurerSilent():
            return [("insurer", "insurer_time_over", {}), ("seller", "insurer_was_silent", {})]
        case tv.ProofOfInsuranceAsked():
            return [("seller", "proof_of_insurance_asked", {})]
        case tv.ProofOfInsuranceSent():
            return [("seller", "proof_of_insurance_received", {})]
        case tv.ProofOfInsuranceChecked(coverage_id=coverage_id):
            return [("seller", "proof_of_insurance_checked", {"proves": coverage_id is not None})]
        case tv.NoDefectFound():
            return [("seller", "no_defect_found", {})]
        case _:
            return []


def _of_recovery(event: ClaimEvent, claim: Claim) -> list[Told]:
    currency, recovery = claim.currency, claim.recovery
    if recovery is None:
        return []
    match event:
        case rv.RecoveryOpened(shares=shares, paid_minor=paid_minor):
            return [
                (share.debtor, "recovery_demanded", {**_sum(share.amount_minor, currency), "paid_minor": paid_minor})
                for share in shares
            ]
        case rv.RecoveryRaised(share=share):
            return [(share.debtor, "recovery_raised", _owed(recovery, share.debtor, currency))]
        case rv.DebtShifted(from_debtor=from_debtor, to_debtor=to_debtor):
            return [(who, "debt_shifted", _owed(recovery, who, currency)) for who in (from_debtor, to_debtor)]
        case rv.FundsWithheld(amount_minor=amount_minor, disbursement_net_minor=net_minor):
            return [("seller", "funds_withheld", {**_sum(amount_minor, currency), "net_minor": net_minor})]
        case rv.FundsReleased(lines=lines, why=why):
            released = sum(line.amount_minor for line in lines)
            return [("seller", "funds_released", {**_sum(released, currency), "why": why})]
        case rv.RecoveryReceived(debtor=debtor, amount_minor=amount_minor):
            left = recovery.outstanding_minor(debtor)
            return [(debtor, "recovery_payment_received", {**_sum(amount_minor, currency), "left_minor": left})]
        case rv.RepaymentOrdered(debtor=debtor, amount_minor=amount_minor, why=why):
            return [
                (debtor, "repayment_ordered", {**_sum(amount_minor, currency), "why": why}),
                ("role:finance", "repayment_to_make", _sum(amount_minor, currency)),
            ]
        case rv.InstalmentsAgreed():
            return [("seller", "instalments_agreed", _owed(recovery, "seller", currency))]
        case rv.InstalmentMissed(due_minor=due_minor, received_minor=received_minor):
            return [("seller", "instalment_missed", {**_sum(due_minor - received_minor, currency)})]
        case rv.RecoveryContested(by=debtor):
            return [(debtor, "contest_received", {}), ("role:reviewer", "contest_to_decide", {})]
        case rv.ContestDecided(outcome=outcome, off_minor=off_minor):
            who = recovery.contests[-1].by
            return [(who, "contest_decided", {**_sum(off_minor, currency), "outcome": outcome})]
        case rv.RecoveryWrittenOff(debtor=debtor, amount_minor=amount_minor):
            return [(debtor, "debt_written_off", _sum(amount_minor, currency))]
        case rv.RecoveryStands():
            return [("seller", "recovery_stands", _owed(recovery, "seller", currency))]
        case rv.RecoveryClosed(outcome=outcome):
            return [("seller", "recovery_closed", {"outcome": outcome})]
        case _:
            return []


def _sum(amount_minor: int, currency: str) -> dict[str, object]:
    return {"amount_minor": amount_minor, "currency": currency}


def _owed(recovery: Recovery, debtor: rv.Debtor, currency: str) -> dict[str, object]:
    return _sum(max(0, recovery.outstanding_minor(debtor)), currency)


def _answered_by(claim: Claim) -> Who:
    """Who was asked last."""
    return claim.tender.to if claim.tender else "seller"
