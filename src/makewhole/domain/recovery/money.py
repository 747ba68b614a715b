"""Where recovered money goes: withheld, released, applied, repaid. Read settle() first, then finish().

After each of these acts settle() restores the rule: a debtor has never borne more than it owes. What is held beyond
that is released at once; what was paid beyond that goes back. What is held is applied, and what is over ends, only in
finish(): after bearing.follow() has asked once more who bears it.
"""

from __future__ import annotations

from makewhole.domain.claim.draft import Draft
from makewhole.domain.recovery.events import (
    DebtReduced,
    DebtShifted,
    FundsApplied,
    FundsReleased,
    RecoveryClosed,
    RecoveryOutcome,
    RecoveryStands,
    RepaymentOrdered,
    WithheldLine,
)
from makewhole.domain.recovery.state import Recovery, Stands

CLOCKS = ("seller_contests", "contest_decision", "instalment", "insurer_answers")


def settle(draft: Draft, why: str) -> None:
    """Releases what is held, and repays what was paid, beyond what is owed."""
    recovery = running(draft)
    excess = recovery.held_minor - max(0, recovery.outstanding_minor("seller"))
    if excess > 0:
        release(draft, min(excess, recovery.held_minor), why)
    for debt in running(draft).debts:
        over = -running(draft).outstanding_minor(debt.debtor)
        if over > 0:
            draft.add(RepaymentOrdered(recovery.no, debt.debtor, over, why), by="machine:recovery")


def finish(draft: Draft) -> None:
    """Where the demand stands, what is held pays it; what is over ends."""
    recovery = draft.claim.recovery
    if recovery is not None and isinstance(recovery.stage, Stands):
        _apply(draft)
        _close_if_over(draft)


def release(draft: Draft, amount_minor: int, why: str) -> None:
    """So much goes back to the seller, the newest withholding first."""
    recovery, lines, left = running(draft), [], amount_minor
    for one in reversed(recovery.withholdings):
        part = min(left, one.held_minor)
        if part:
            lines.append(WithheldLine(one.disbursement_id, part))
            left -= part
    assert left == 0, "more to be released than is held"
    draft.add(FundsReleased(recovery.no, tuple(lines), why), by="machine:recovery")


def shift(draft: Draft, shifted: DebtShifted) -> None:
    """A debt becomes another debtor's, whose time to contest starts anew."""
    if not shifted.amount_minor:
        return
    draft.add(shifted, by="machine:recovery")
    draft.restart_clock("seller_contests")
    settle(draft, shifted.why)


def reduce(draft: Draft, debtor: str, amount_minor: int, why: str) -> None:
    if amount_minor:
        draft.add(DebtReduced(running(draft).no, debtor, amount_minor, why), by="machine:recovery")  # type: ignore[arg-type]


def end_owing_nothing(draft: Draft, outcome: RecoveryOutcome) -> None:
    """Nobody owes anything: what is held is released, what was paid goes back, the recovery ends."""
    for debt in running(draft).debts:
        reduce(draft, debt.debtor, debt.owed_minor - debt.written_off_minor, outcome)
    recovery = running(draft)
    if recovery.held_minor:
        release(draft, recovery.held_minor, outcome)
    for debt in running(draft).debts:
        over = -running(draft).outstanding_minor(debt.debtor)
        if over > 0:
            draft.add(RepaymentOrdered(recovery.no, debt.debtor, over, outcome), by="machine:recovery")
    _close(draft, outcome)


def stand(draft: Draft) -> None:
    """The demand stands: what is held pays the debt from now on, see finish()."""
    draft.add(RecoveryStands(running(draft).no), by="machine:recovery")
    draft.stop_clocks("seller_contests")
    settle(draft, "stands")


def running(draft: Draft) -> Recovery:
    recovery = draft.claim.recovery
    assert recovery is not None and recovery.is_open, "no recovery runs"
    return recovery


def _apply(draft: Draft) -> None:
    recovery = running(draft)
    if not recovery.held_minor:
        return
    lines = tuple(WithheldLine(one.disbursement_id, one.held_minor) for one in recovery.withholdings if one.held_minor)
    draft.add(FundsApplied(recovery.no, lines), by="machine:recovery")


def _close_if_over(draft: Draft) -> None:
    recovery = running(draft)
    if any(recovery.outstanding_minor(debt.debtor) for debt in recovery.debts):
        return
    if recovery.recovered_minor:
        outcome: RecoveryOutcome = "recovered"
    else:
        outcome = "written_off" if recovery.written_off_minor else "contest_won"
    _close(draft, outcome)


def _close(draft: Draft, outcome: RecoveryOutcome) -> None:
    draft.add(RecoveryClosed(running(draft).no, outcome), by="machine:recovery")
    draft.stop_clocks(*CLOCKS)
