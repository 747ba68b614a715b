"""What a recovery is, given what happened. Read Recovery, its stages, then evolve(): one event at a time.

A debt is what one debtor owes of what was paid: it falls by payment, by withheld money that is applied, by write-off
and by decisions. `held` money is withheld and may still go back; only `applied` money has paid a debt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from makewhole.domain.having import having
from makewhole.domain.recovery import events as ev
from makewhole.domain.recovery.events import Debtor, RecoveryEvent

# Stages -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Demanded:
    """The time to contest runs. What is withheld is held, not applied."""


@dataclass(frozen=True, slots=True)
class Contested:
    """A person who took no part decides; nothing more is withheld meanwhile."""


@dataclass(frozen=True, slots=True)
class Stands:
    """Nobody contested in time, or in vain: what is withheld pays the debt."""


@dataclass(frozen=True, slots=True)
class Ended:
    outcome: ev.RecoveryOutcome


Stage = Demanded | Contested | Stands | Ended

# Parts ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Debt:
    """One debtor's share, in minor units. `owed_minor` is what it owes in all, after every decision."""

    debtor: Debtor
    owed_minor: int
    received_minor: int = 0
    repaid_minor: int = 0  # of what was received or applied: ordered to go back
    written_off_minor: int = 0
    contested: bool = False  # by the debtor, and no more was asked of it since


@dataclass(frozen=True)
class Withholding:
    """Held back of one disbursement: held until it is released or applied, each at most once over."""

    seq: int
    disbursement_id: int
    amount_minor: int
    withheld_at: datetime
    released_minor: int = 0
    applied_minor: int = 0
    ended_at: datetime | None = None

    @property
    def held_minor(self) -> int:
        return self.amount_minor - self.released_minor - self.applied_minor


@dataclass(frozen=True)
class Contest:
    """A debtor's dispute of the demand; without an outcome while nobody has decided it."""

    no: int
    by: Debtor
    reasons: tuple[str, ...]
    filed_at: datetime
    outcome: ev.ContestOutcome | None = None
    decided_at: datetime | None = None
    decided_by: str = ""


@dataclass(frozen=True)
class Recovery:
    """One demand for what was paid on a claim, from `opened` to its end. Sums are in minor units."""

    no: int
    opened: ev.RecoveryOpened
    opened_at: datetime
    demanded_by: str
    stage: Stage
    paid_minor: int
    debts: tuple[Debt, ...]
    obstacle: ev.Obstacle
    withholdings: tuple[Withholding, ...] = ()
    contests: tuple[Contest, ...] = ()
    instalments: tuple[ev.Instalment, ...] = ()
    instalments_from_minor: int = 0  # what the seller had put up when they were agreed
    receipts: tuple[ev.RecoveryReceived, ...] = ()
    repayments_made_minor: int = 0
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return not isinstance(self.stage, Ended)

    def debt(self, debtor: Debtor) -> Debt:
        """What this debtor owes; an empty debt where it owes nothing."""
        return next((debt for debt in self.debts if debt.debtor == debtor), Debt(debtor, 0))

    @property
    def held_minor(self) -> int:
        return sum(each.held_minor for each in self.withholdings)

    @property
    def applied_minor(self) -> int:
        return sum(each.applied_minor for each in self.withholdings)

    @property
    def released_minor(self) -> int:
        return sum(each.released_minor for each in self.withholdings)

    @property
    def owed_minor(self) -> int:
        return sum(debt.owed_minor for debt in self.debts)

    @property
    def received_minor(self) -> int:
        return sum(debt.received_minor for debt in self.debts)

    @property
    def repaid_minor(self) -> int:
        """Ordered to go back; `repayments_made_minor` of it has gone."""
        return sum(debt.repaid_minor for debt in self.debts)

    @property
    def written_off_minor(self) -> int:
        return sum(debt.written_off_minor for debt in self.debts)

    @property
    def repayment_due_minor(self) -> int:
        """Ordered to go back, and not gone yet."""
        return self.repaid_minor - self.repayments_made_minor

    def settled_minor(self, debtor: Debtor) -> int:
        """What this debtor has borne so far: paid or applied, less what goes back to it."""
        debt = self.debt(debtor)
        applied = self.applied_minor if debtor == "seller" else 0
        return debt.received_minor + applied - debt.repaid_minor

    def outstanding_minor(self, debtor: Debtor) -> int:
        """What this debtor still has to pay. Held money does not count: it may go back."""
        debt = self.debt(debtor)
        return debt.owed_minor - debt.written_off_minor - self.settled_minor(debtor)

    @property
    def put_up_minor(self) -> int:
        """What the seller has paid, and what is held of its payouts: held money that is applied is no new payment."""
        return self.settled_minor("seller") + self.held_minor

    @property
    def recovered_minor(self) -> int:
        """What stays with the platform of what it paid."""
        return self.applied_minor + self.received_minor - self.repaid_minor


# How events change it ---------------------------------------------------------------------------------


def opened(event: ev.RecoveryOpened, at: datetime, by: str) -> Recovery:
    assert sum(share.amount_minor for share in event.shares) <= event.paid_minor, "never more than was paid"
    return Recovery(
        no=event.no,
        opened=event,
        opened_at=at,
        demanded_by=by,
        stage=Demanded(),
        paid_minor=event.paid_minor,
        debts=tuple(Debt(share.debtor, share.amount_minor) for share in event.shares),
        obstacle=event.obstacle,
    )


def evolve(recovery: Recovery, event: RecoveryEvent, at: datetime, by: str) -> Recovery:
    """The recovery after one more event. An event that cannot follow is a fault (AssertionError)."""
    assert event.no == recovery.no, f"{type(event).__name__} of recovery {event.no}, but {recovery.no} is the last"
    match event:
        case ev.RecoveryOpened():
            raise AssertionError("a recovery is opened once")
        case ev.RecoveryRaised(paid_minor=paid_minor, share=share):
            raised = having(recovery, paid_minor=recovery.paid_minor + paid_minor)
            return _demanded_anew(_owing(raised, share.debtor, share.amount_minor), share.debtor)
        case ev.DebtShifted(from_debtor=from_debtor, to_debtor=to_debtor, amount_minor=amount_minor):
            shifted = _owing(_owing(recovery, from_debtor, -amount_minor), to_debtor, amount_minor)
            return _demanded_anew(shifted, to_debtor)
        case ev.FundsWithheld(disbursement_id=disbursement_id, amount_minor=amount_minor):
            one = Withholding(len(recovery.withholdings) + 1, disbursement_id, amount_minor, at)
            return having(recovery, withholdings=(*recovery.withholdings, one))
        case ev.FundsReleased(lines=lines):
            return _ended(recovery, lines, at, "released_minor")
        case ev.FundsApplied(lines=lines):
            return _ended(recovery, lines, at, "applied_minor")
        case ev.RecoveryReceived(debtor=debtor, amount_minor=amount_minor):
            debt = recovery.debt(debtor)
            paid = having(debt, received_minor=debt.received_minor + amount_minor)
            return having(_with(recovery, paid), receipts=(*recovery.receipts, event))
        case ev.DebtReduced(debtor=debtor, amount_minor=amount_minor):
            return _owing(recovery, debtor, -amount_minor)
        case ev.RepaymentOrdered(debtor=debtor, amount_minor=amount_minor):
            debt = recovery.debt(debtor)
            return _with(recovery, having(debt, repaid_minor=debt.repaid_minor + amount_minor))
        case ev.RepaymentMade(amount_minor=amount_minor):
            made = recovery.repayments_made_minor + amount_minor
            assert made <= recovery.repaid_minor, "repaid beyond what was ordered"
            return having(recovery, repayments_made_minor=made)
        case ev.InstalmentsAgreed(instalments=instalments):
            return having(recovery, instalments=instalments, instalments_from_minor=recovery.put_up_minor)
        case ev.InstalmentMissed():
            return having(recovery, instalments=())
        case ev.ObstacleNoted(obstacle=obstacle):
            return having(recovery, obstacle=obstacle)
        case ev.RecoveryWrittenOff(debtor=debtor, amount_minor=amount_minor):
            debt = recovery.debt(debtor)
            return _with(recovery, having(debt, written_off_minor=debt.written_off_minor + amount_minor))
        case ev.RecoveryContested(by=who, reasons=reasons):
            contest = Contest(len(recovery.contests) + 1, who, reasons, at)
            disputed = _with(recovery, having(recovery.debt(who), contested=True))
            return having(disputed, stage=Contested(), contests=(*recovery.contests, contest))
        case ev.ContestDecided(outcome=outcome):
            decided = having(recovery.contests[-1], outcome=outcome, decided_at=at, decided_by=by)
            return having(recovery, stage=Demanded(), contests=(*recovery.contests[:-1], decided))
        case ev.RecoveryStands():
            return having(recovery, stage=Stands())
        case ev.RecoveryClosed(outcome=outcome):
            assert not recovery.held_minor, "closed with money still held"
            return having(recovery, stage=Ended(outcome), closed_at=at, instalments=())
        case _:
            assert_never(event)


def _demanded_anew(recovery: Recovery, debtor: Debtor) -> Recovery:
    """More is asked of a debtor, who has a time to contest it. A contest that is open stays open."""
    raised = _with(recovery, having(recovery.debt(debtor), contested=False))
    return raised if isinstance(recovery.stage, Contested) else having(raised, stage=Demanded())


def _owing(recovery: Recovery, debtor: Debtor, change_minor: int) -> Recovery:
    debt = recovery.debt(debtor)
    changed = having(debt, owed_minor=debt.owed_minor + change_minor)
    assert changed.owed_minor >= 0, f"{debtor} cannot owe less than nothing"
    after = _with(recovery, changed)
    assert after.owed_minor <= after.paid_minor, "never more than was paid"
    return after


def _with(recovery: Recovery, debt: Debt) -> Recovery:
    known = {each.debtor: each for each in recovery.debts} | {debt.debtor: debt}
    return having(recovery, debts=tuple(known.values()))


def _ended(recovery: Recovery, lines: tuple[ev.WithheldLine, ...], at: datetime, how: str) -> Recovery:
    """Part or all of what is held of these disbursements is released or applied."""
    amounts = {line.disbursement_id: line.amount_minor for line in lines}

    def end(one: Withholding) -> Withholding:
        amount = amounts.get(one.disbursement_id, 0)
        assert amount <= one.held_minor, "more than is held"
        ended = having(one, **{how: getattr(one, how) + amount})
        return having(ended, ended_at=at) if amount and not ended.held_minor else ended

    return having(recovery, withholdings=tuple(end(one) for one in recovery.withholdings))
