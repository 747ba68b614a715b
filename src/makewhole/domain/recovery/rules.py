"""What may be done with a recovery: withhold, receive, contest, decide, instalments, write off. One rule an act.

Whether one is opened, and whom it asks, stands in bearing.py; where money goes, in money.py.
"""

from __future__ import annotations

from datetime import time

from makewhole.domain.claim import clocks
from makewhole.domain.claim.draft import Draft
from makewhole.domain.claim.events import EvidenceItem, StartedClock
from makewhole.domain.claim.state import Claim
from makewhole.domain.recovery import bearing, money
from makewhole.domain.recovery.commands import (
    CONTEST_REASONS,
    WRITE_OFF_REASONS,
    AgreeInstalments,
    ConfirmRepayment,
    ContestRecovery,
    DecideContest,
    NoteObstacle,
    ReceiveRecovery,
    WithholdFunds,
    WriteOff,
)
from makewhole.domain.recovery.events import (
    ContestDecided,
    Debtor,
    DebtShifted,
    FundsWithheld,
    Instalment,
    InstalmentMissed,
    InstalmentsAgreed,
    ObstacleNoted,
    RecoveryContested,
    RecoveryReceived,
    RecoveryWrittenOff,
    RepaymentMade,
)
from makewhole.domain.recovery.state import Contested, Demanded, Ended, Recovery
from makewhole.domain.refusal import Refused

INSTALMENT_HOUR = time(16)


# Withholding -----------------------------------------------------------------------------------------------


def withhold_funds(command: WithholdFunds, draft: Draft) -> None:
    """Holds back of a payout what the seller owes: at most what is documented, at most what is owed, once a payout."""
    recovery = _running(draft.claim)
    payout = draft.case.facts.disbursement
    if payout is None or payout.seller_id != draft.claim.filed.seller_id:
        raise Refused("unknown_disbursement")
    if payout.currency != draft.claim.currency:
        raise Refused("disbursement_in_other_currency", currency=payout.currency, needed=draft.claim.currency)
    if any(one.disbursement_id == payout.disbursement_id for one in recovery.withholdings):
        return  # the same payout told again
    bearing.settle_bearer(draft)  # cover may have come on file: then nothing is withheld, not even for a moment
    if draft.claim.recovery is None or not draft.claim.recovery.is_open:
        return
    recovery = draft.claim.recovery
    _may_withhold(draft, recovery)
    owed = recovery.outstanding_minor("seller") - recovery.held_minor
    if command.amount_minor is not None:
        if command.amount_minor <= 0:
            raise Refused("amount_not_above_zero")
        if command.amount_minor > payout.room_minor:
            raise Refused("above_the_payout", room_minor=payout.room_minor, currency=draft.claim.currency)
        if command.amount_minor > owed:
            raise Refused("more_than_owed", owed_minor=owed, currency=draft.claim.currency)
    amount_minor = min(owed, payout.room_minor) if command.amount_minor is None else command.amount_minor
    if amount_minor <= 0:
        return
    draft.add(FundsWithheld(recovery.no, payout.disbursement_id, payout.net_minor, amount_minor))
    money.settle(draft, "withheld")


def _may_withhold(draft: Draft, recovery: Recovery) -> None:
    claim, gone = draft.claim, recovery.obstacle or draft.case.facts.seller_gone
    if isinstance(recovery.stage, Contested):
        raise Refused("contest_is_open")
    if "proof_of_insurance" in claim.tasks:
        raise Refused("proof_is_looked_at")
    if gone:
        raise Refused("nothing_can_be_withheld", obstacle=gone)
    if recovery.instalments and claim.held("instalment"):
        raise Refused("instalments_run")


# Money that comes, and that goes back -------------------------------------------------------------------------


def receive_recovery(command: ReceiveRecovery, draft: Draft) -> None:
    """A debtor paid. Told twice, it is the same once; what is held beyond the rest goes back at once."""
    claim = draft.claim
    for earlier in (receipt for recovery in claim.recoveries for receipt in recovery.receipts):
        if earlier.receipt_id == command.receipt_id:
            if (earlier.debtor, earlier.amount_minor) != (command.debtor, command.amount_minor):
                told = {"ref": earlier.ref, "amount_minor": earlier.amount_minor, "currency": claim.currency}
                raise Refused("receipt_told_differently", **told)
            return
    recovery = _running(claim)
    if command.amount_minor <= 0:
        raise Refused("amount_not_above_zero")
    owed = recovery.outstanding_minor(command.debtor)
    if command.amount_minor > owed:
        raise Refused("more_than_owed", owed_minor=owed, currency=claim.currency)
    cover, insurer = draft.case.facts.coverage, claim.insurer
    same = cover is not None and insurer is not None and cover.coverage_id == insurer.told.coverage_id
    if command.debtor == "insurer" and same and cover and command.amount_minor > cover.limit_left_minor:
        raise Refused("above_the_policy_limit", limit_left_minor=cover.limit_left_minor, currency=claim.currency)
    draft.add(RecoveryReceived(recovery.no, command.receipt_id, command.debtor, command.amount_minor, command.ref))
    money.settle(draft, "paid")


def confirm_repayment(command: ConfirmRepayment, draft: Draft) -> None:
    """What was to go back to a debtor has gone: of the first recovery first, where several of the claim owe it."""
    recoveries = draft.claim.recoveries
    due = sum(recovery.repayment_due_minor for recovery in recoveries)
    if not 0 < command.amount_minor <= due:
        raise Refused("no_repayment_due", due_minor=due, currency=draft.claim.currency)
    left = command.amount_minor
    for recovery in recoveries:
        if part := min(left, recovery.repayment_due_minor):
            draft.add(RepaymentMade(recovery.no, part, command.ref))
            left -= part


def write_off(command: WriteOff, draft: Draft) -> None:
    """Gives up a debt, or a part of it, with a reason. What is held covers its part, and is not given up."""
    recovery = _running(draft.claim)
    if command.reason.code not in WRITE_OFF_REASONS:
        raise Refused("unknown_reason", reason=command.reason.code[:40], known=", ".join(WRITE_OFF_REASONS))
    if isinstance(recovery.stage, Contested):
        raise Refused("contest_is_open")
    held = recovery.held_minor if command.debtor == "seller" else 0
    left = recovery.outstanding_minor(command.debtor) - held
    if not 0 < command.amount_minor <= left:
        raise Refused("more_than_owed", owed_minor=left, currency=draft.claim.currency)
    draft.add(RecoveryWrittenOff(recovery.no, command.debtor, command.amount_minor, command.reason))
    recovery = money.running(draft)
    if not any(recovery.outstanding_minor(debt.debtor) for debt in recovery.debts):
        money.stand(draft)  # nothing is left to contest
    else:
        money.settle(draft, "written_off")


# Contest -----------------------------------------------------------------------------------------------------


def contest_recovery(command: ContestRecovery, draft: Draft) -> None:
    """Within its days; a person who took no part decides, and nothing more is withheld until then."""
    claim, by = draft.claim, draft.case.by
    recovery = _running(claim)
    who: Debtor = "insurer" if by.role == "insurer" else "producer" if by.role == "producer" else "seller"
    if not recovery.debt(who).owed_minor:
        raise Refused("you_owe_nothing")
    if recovery.debt(who).contested:
        raise Refused("contested_before")
    if isinstance(recovery.stage, Contested):
        raise Refused("contest_is_open")
    clock = claim.held("seller_contests")
    if clock is None or (clock.state == "running" and draft.case.at >= clock.due_at):
        raise Refused("contest_too_late")
    _known(command.reasons, CONTEST_REASONS)
    _for_exposures(command.evidence, claim)
    draft.add(RecoveryContested(recovery.no, who, command.reasons, command.evidence, command.words))
    draft.stop_clocks("seller_contests")
    draft.start_clock("contest_decision")


def decide_contest(command: DecideContest, draft: Draft) -> None:
    """Upheld, upheld in part, or dismissed, with reasons, by a person who took no part in anything before."""
    claim, by = draft.claim, draft.case.by
    recovery = _running(claim)
    if not isinstance(recovery.stage, Contested):
        raise Refused("nothing_contested")
    if not by.is_person or by.name in claim.taken_part or by.name in (claim.filed_by, recovery.demanded_by):
        raise Refused("took_part_before")
    if command.reason.words is None:
        raise Refused("words_needed")
    contest = recovery.contests[-1]
    owed = recovery.debt(contest.by).owed_minor - recovery.debt(contest.by).written_off_minor
    off_minor = {"upheld": owed, "dismissed": 0}.get(command.outcome, command.off_minor)
    if command.outcome == "partly" and not 0 < off_minor < owed:
        raise Refused("off_out_of_range", owed_minor=owed, currency=claim.currency)
    draft.add(ContestDecided(recovery.no, command.outcome, off_minor, command.reason, draft.case.rules.version))
    draft.stop_clocks("contest_decision")
    if contest.by == "insurer":
        # What the insurer need not pay, or gets back, the seller owes by its agreement, and may contest anew.
        money.shift(draft, DebtShifted(recovery.no, "insurer", "seller", off_minor, "contest_won"))
    elif off_minor == owed and not _others_owe(recovery, contest.by):
        money.end_owing_nothing(draft, "contest_won")
        return
    else:
        money.reduce(draft, contest.by, off_minor, "contest_won")
    _after_a_contest(draft)


def _others_owe(recovery: Recovery, but: Debtor) -> bool:
    return any(debt.debtor != but and debt.owed_minor > debt.written_off_minor for debt in recovery.debts)


def _after_a_contest(draft: Draft) -> None:
    """The demand stands, unless another debtor, whose time stood still meanwhile, may still contest its own part."""
    recovery = money.running(draft)
    if any(not debt.contested and recovery.outstanding_minor(debt.debtor) > 0 for debt in recovery.debts):
        draft.restart_clock("seller_contests")
        money.settle(draft, "contest_won")
    else:
        money.stand(draft)


def contest_time_is_over(draft: Draft) -> None:
    """Nobody contested in time."""
    recovery = draft.claim.recovery
    if recovery is not None and isinstance(recovery.stage, Demanded):
        money.stand(draft)


# Instalments and obstacles -------------------------------------------------------------------------------------


def agree_instalments(command: AgreeInstalments, draft: Draft) -> None:
    """Days and amounts that add up to what the seller owes; while they are kept, nothing is withheld. No interest."""
    claim = draft.claim
    recovery = _running(claim)
    if isinstance(recovery.stage, Contested):
        raise Refused("contest_is_open")
    owed = recovery.outstanding_minor("seller") - recovery.held_minor
    days = [each.due_on for each in command.instalments]
    today = draft.case.calendar.day_of(draft.case.at)
    if not days or days != sorted(set(days)) or days[0] <= today:
        raise Refused("instalments_not_in_order")
    if any(each.amount_minor <= 0 for each in command.instalments):
        raise Refused("amount_not_above_zero")
    if sum(each.amount_minor for each in command.instalments) != owed:
        raise Refused("instalments_do_not_add_up", owed_minor=owed, currency=claim.currency)
    draft.add(InstalmentsAgreed(recovery.no, command.instalments))
    draft.stop_clocks("instalment")
    _await(command.instalments[0], draft)


def instalment_is_due(draft: Draft) -> None:
    """An instalment's day and its grace are over: kept, the next one is awaited; missed, withholding goes on."""
    recovery = draft.claim.recovery
    if recovery is None or not recovery.is_open or not recovery.instalments:
        return
    today = draft.case.calendar.day_of(draft.case.at)
    due = sum(each.amount_minor for each in recovery.instalments if each.due_on < today)
    received = recovery.put_up_minor - recovery.instalments_from_minor
    if received < due and recovery.outstanding_minor("seller") > recovery.held_minor:
        draft.add(InstalmentMissed(recovery.no, due, received), by="machine:clock")
        return
    following = next((each for each in recovery.instalments if each.due_on >= today), None)
    if following is not None:
        _await(following, draft)


def _await(instalment: Instalment, draft: Draft) -> None:
    """The grace counts from the instalment's own day."""
    on_its_day = draft.case.calendar.instant(instalment.due_on, INSTALMENT_HOUR)
    for clock in clocks.start("instalment", on_its_day, draft.case.rules, draft.case.calendar):
        draft.start_given(StartedClock(clock.name, draft.case.at, clock.due_at, clock.rule))


def note_obstacle(command: NoteObstacle, draft: Draft) -> None:
    """The seller's account is gone or bankrupt, or is there again. It owes no less, but nothing can be withheld."""
    recovery = _running(draft.claim)
    if recovery.obstacle != command.obstacle:
        draft.add(ObstacleNoted(recovery.no, command.obstacle, command.words))


# Parts ---------------------------------------------------------------------------------------------------------


def _running(claim: Claim) -> Recovery:
    recovery = claim.recovery
    if recovery is None:
        raise Refused("no_recovery")
    if isinstance(recovery.stage, Ended):
        raise Refused("recovery_is_closed", outcome=recovery.stage.outcome)
    return recovery


def _known(reasons: tuple[str, ...], known: tuple[str, ...]) -> None:
    if not reasons:
        raise Refused("reason_needed")
    for code in reasons:
        if code not in known:
            raise Refused("unknown_reason", reason=code[:40], known=", ".join(known))


def _for_exposures(evidence: tuple[EvidenceItem, ...], claim: Claim) -> None:
    for item in evidence:
        if item.exposure_no and claim.exposure(item.exposure_no) is None:
            raise Refused("evidence_for_no_exposure", evidence=item.evidence_id)
