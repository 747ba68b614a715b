"""What happens when a clock of a claim has run out. decide() looks again: a timer that fires early, late or
twice, or at a paused or stopped clock, changes nothing that it should not."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from makewhole.domain.claim import clocks
from makewhole.domain.claim.commands import ExtendClock, PauseClocks, ResumeClocks, RunOutClock
from makewhole.domain.claim.draft import Draft
from makewhole.domain.claim.events import (
    ClaimClosed,
    ClaimReferred,
    ClockExtended,
    ClockRanOut,
    ClocksPaused,
    ClocksResumed,
    ClosedForGood,
    DeadlineMissed,
    DelayExplained,
    Reminded,
    StartedClock,
)
from makewhole.domain.claim.paying import KEPT_AFTER_CLOSING
from makewhole.domain.claim.settling import confirmation_never_came, not_settled_in_time, offer_lapsed
from makewhole.domain.claim.state import (
    AwaitingAnswer,
    AwaitingConfirmation,
    AwaitingOffer,
    AwaitingPayee,
    AwaitingProof,
    AwaitingRelease,
    Claim,
    Clock,
    Closed,
)
from makewhole.domain.claim.tendering import seller_was_silent
from makewhole.domain.recovery.insurance import insurer_was_silent
from makewhole.domain.recovery.rules import contest_time_is_over, instalment_is_due
from makewhole.domain.refusal import Refused

ESCALATED_TO = {
    "decision": "programme_owner",
    "whole_claim": "programme_owner",
    "pay": "finance",
    "safety_review": "safety_officer",
    "step_in": "programme_owner",
    "contest_decision": "programme_owner",
}
EXTENDABLE = frozenset({"claimant_answers"})


def run_out(command: RunOutClock, draft: Draft) -> None:
    """The effect of one clock, once, at or after its instant."""
    clock = _found(draft.claim, command)
    if clock is None or clock.state != "running" or draft.case.at < clock.due_at:
        return
    draft.add(ClockRanOut(clock.name, clock.due_at))
    draft.stop_clocks(clock.name)  # a reminder that comes late, after the end, reminds of nothing
    if clocks.is_reminder(clock.name):
        draft.add(Reminded(*clocks.reminds_of(clock.name)))
    elif clock.name == "claimant_answers":
        _claimant_was_silent(draft, command.payment_id)
    elif clock.name in ("seller_answers", "producer_answers"):
        seller_was_silent(draft, command.payment_id)
        offer_lapsed(draft, command.payment_id)
    elif clock.name in ("seller_handles", "seller_pays"):
        not_settled_in_time(draft, command.payment_id)
    elif clock.name == "insurer_answers":
        insurer_was_silent(draft)
    elif clock.name == "seller_contests":
        contest_time_is_over(draft)
    elif clock.name == "instalment":
        instalment_is_due(draft)
    elif clock.name == "appeal":
        draft.add(ClosedForGood())
    elif clock.name in ("decision", "delay_letter"):
        _explain_delay(draft, clock)
    elif clock.name in ESCALATED_TO:
        draft.add(DeadlineMissed(clock.name, ESCALATED_TO[clock.name]))
    # seller_proof_of_insurance: that it ran out is a fact of who bears the cost (recovery/bearing.py follows).


def extend_clock(command: ExtendClock, draft: Draft) -> None:
    """More time for the claimant, once per clock, counted from the original start."""
    clock = draft.claim.running(command.name)
    if command.name not in EXTENDABLE or clock is None:
        raise Refused("clock_not_running", clock=command.name)
    if draft.case.at >= clock.due_at:
        raise Refused("clock_is_over", clock=command.name)
    if command.days <= 0:
        raise Refused("days_not_positive")
    started = StartedClock(clock.name, clock.started_at, clock.due_at, clock.rule)
    # A pause took no time from the claimant: what it added is added again.
    due_at = clocks.extend(started, command.days, draft.case.rules, draft.case.calendar) + clock.paused_for
    if due_at <= clock.due_at:
        raise Refused("extension_already_given", clock=command.name)
    draft.add(ClockExtended(clock.name, due_at, command.words))
    draft.move_reminders(replace(started, due_at=due_at))


def pause_clocks(command: PauseClocks, draft: Draft) -> None:
    """An explicit pause; it blocks the outcome of these clocks until it is lifted."""
    if draft.claim.paused_at is not None:
        raise Refused("already_paused")
    running = {clock.name for clock in draft.claim.clocks if clock.state == "running"}
    names = {clock for clock in running if clock.partition(clocks.REMINDER)[0] in command.names}
    if not names:
        raise Refused("clock_not_running", clock=", ".join(command.names))
    draft.add(ClocksPaused(tuple(sorted(names)), command.words))


def resume_clocks(command: ResumeClocks, draft: Draft) -> None:
    """Every paused clock runs on, its end moved by as long as the pause took."""
    paused_at = draft.claim.paused_at
    if paused_at is None:
        raise Refused("not_paused")
    pause = draft.case.at - paused_at
    resumed = tuple(
        StartedClock(clock.name, clock.started_at, clock.due_at + pause, clock.rule)
        for clock in draft.claim.clocks
        if clock.state == "paused"
    )
    draft.add(ClocksResumed(resumed))


def _found(claim: Claim, command: RunOutClock) -> Clock | None:
    return next((clock for clock in claim.clocks if (clock.name, clock.turn) == (command.name, command.turn)), None)


def _claimant_was_silent(draft: Draft, payment_id: UUID | None) -> None:
    """Proof that never came closes the claim (it reopens when it comes); after a concern, a person decides."""
    stage = draft.claim.stage
    match stage:
        case AwaitingProof():
            draft.add(ClaimClosed("unanswered"), by="machine:clock")
            draft.stop_all_clocks(but=KEPT_AFTER_CLOSING)
        case AwaitingAnswer():
            draft.add(ClaimReferred(("concern_unanswered",)), by="machine:clock")
            draft.start_decision_clock()
        case AwaitingOffer():
            offer_lapsed(draft, payment_id)
        case AwaitingConfirmation():
            confirmation_never_came(draft)
        case AwaitingPayee() | AwaitingRelease():
            draft.add(DeadlineMissed("claimant_answers", "adjuster"))
        case _:
            pass  # answered in the same instant: whoever came first is right


def _explain_delay(draft: Draft, clock: Clock) -> None:
    """No decision in time: recorded and escalated the first time, and a letter with the reason each time."""
    if isinstance(draft.claim.stage, Closed):
        return
    if clock.name == "decision":
        draft.add(DeadlineMissed("decision", ESCALATED_TO["decision"]))
    draft.add(DelayExplained(draft.claim.letters + 1))
    draft.start_clock("delay_letter")
