"""From an event to its journal entry: the only way into the books. Debits positive, credits negative.

The books are a function of the log. A correction is a new event with reversing entries, never an edit.
"""

from __future__ import annotations

from dataclasses import dataclass

from makewhole.domain.claim.events import (
    ApprovalVoided,
    ClaimDecided,
    ClaimEvent,
    PaymentOrdered,
    PaymentReturned,
    PaymentSettled,
)
from makewhole.domain.claim.state import Claim
from makewhole.domain.ledger.accounts import PAID_FROM, Account
from makewhole.domain.recovery import events as rv


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of an entry, in minor units of the claim's currency."""

    account: Account
    amount_minor: int


def entry(event: ClaimEvent, before: Claim | None, after: Claim) -> tuple[Leg, ...]:
    """The legs that an event posts, summing to zero; none where no money and no reserve moves."""
    moved = _reserve(after.reserve_minor - (before.reserve_minor if before else 0))
    legs = moved + _money(event, after)
    assert sum(leg.amount_minor for leg in legs) == 0, f"{type(event).__name__} does not balance"
    return legs


def _money(event: ClaimEvent, after: Claim) -> tuple[Leg, ...]:
    match event:
        case ClaimDecided(lines=lines):
            return _transfer("claims_expense", "claims_payable", sum(line.approved_minor for line in lines))
        case ApprovalVoided(lines=lines):
            return _transfer("claims_payable", "claims_expense", sum(line.amount_minor for line in lines))
        case PaymentOrdered(amount_minor=amount_minor):
            return _transfer("claims_payable", "payments_in_transit", amount_minor)
        case PaymentReturned(payment_id=payment_id):
            return _transfer("payments_in_transit", "claims_payable", _ordered_minor(after, payment_id))
        case PaymentSettled(payment_id=payment_id):
            payment = after.payment(payment_id)
            assert payment is not None
            source = PAID_FROM[payment.order.payee.method]
            return _transfer("payments_in_transit", source, payment.order.amount_minor)
        case _:
            return _recovered(event)


def _recovered(event: ClaimEvent) -> tuple[Leg, ...]:
    """What a recovery moves: the debt, the money held of it, and what comes and goes back."""
    match event:
        case rv.RecoveryOpened(shares=shares):
            return tuple(leg for share in shares for leg in _owed(share.debtor, share.amount_minor))
        case rv.RecoveryRaised(share=share):
            return _owed(share.debtor, share.amount_minor)
        case rv.DebtShifted(from_debtor=from_debtor, to_debtor=to_debtor, amount_minor=amount_minor):
            return _transfer(RECEIVABLE[to_debtor], RECEIVABLE[from_debtor], amount_minor)
        case rv.DebtReduced(debtor=debtor, amount_minor=amount_minor):
            return _transfer("claims_recovered", RECEIVABLE[debtor], amount_minor)
        case rv.FundsWithheld(amount_minor=amount_minor):
            return _transfer("withheld_funds", "withheld_owed", amount_minor)
        case rv.FundsReleased(lines=lines):
            return _transfer("withheld_owed", "withheld_funds", sum(line.amount_minor for line in lines))
        case rv.FundsApplied(lines=lines):
            return _transfer("withheld_owed", "recoveries_receivable", sum(line.amount_minor for line in lines))
        case rv.RecoveryReceived(debtor=debtor, amount_minor=amount_minor):
            return _transfer("recoveries_bank", RECEIVABLE[debtor], amount_minor)
        case rv.RepaymentOrdered(debtor=debtor, amount_minor=amount_minor):
            return _transfer(RECEIVABLE[debtor], "repayments_payable", amount_minor)
        case rv.RepaymentMade(amount_minor=amount_minor):
            return _transfer("repayments_payable", "recoveries_bank", amount_minor)
        case rv.RecoveryWrittenOff(debtor=debtor, amount_minor=amount_minor):
            return _transfer("write_offs", RECEIVABLE[debtor], amount_minor)
        case _:
            return ()  # no money moves: every other event is about words, files and time


RECEIVABLE: dict[rv.Debtor, Account] = {
    "seller": "recoveries_receivable",
    "producer": "recoveries_receivable",
    "insurer": "insurer_receivables",
}


def _owed(debtor: rv.Debtor, amount_minor: int) -> tuple[Leg, ...]:
    return _transfer(RECEIVABLE[debtor], "claims_recovered", amount_minor)


def _transfer(debit: Account, credit: Account, amount_minor: int) -> tuple[Leg, ...]:
    assert amount_minor >= 0
    return (Leg(debit, amount_minor), Leg(credit, -amount_minor)) if amount_minor else ()


def _reserve(delta_minor: int) -> tuple[Leg, ...]:
    if delta_minor == 0:
        return ()
    return (Leg("reserve_change", delta_minor), Leg("outstanding_reserves", -delta_minor))


def _ordered_minor(after: Claim, payment_id: object) -> int:
    return next(p.order.amount_minor for p in after.payments if p.order.payment_id == payment_id)
