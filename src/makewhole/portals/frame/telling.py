"""What a claim page says, in sentences: the answer on top, clocks, money, the timeline.

Start at `answer`. All of it is a function of the view that this reader was given, and of the instant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from makewhole.domain.actors import RESPONDENTS, Actor
from makewhole.domain.claim import clocks as clock_names
from makewhole.domain.claim import events as ev
from makewhole.domain.claim.state import (
    AwaitingAnswer,
    AwaitingPayee,
    AwaitingProof,
    AwaitingRelease,
    AwaitingSecond,
    Claim,
    Clock,
    Closed,
    UnderReview,
)
from makewhole.portals.frame import tender_telling, words
from makewhole.portals.frame.showing import instant, left, money, on_day
from makewhole.portals.frame.tender_steps import OF_PARTIES, STEPS
from makewhole.reads.views import ClaimView, TimelineStep

# Clocks that a party need not watch: they are ours.
_OURS = frozenset({"safety_review", "delay_letter", "acknowledge", "step_in"})
# No answer to what staff must do now, nor to what a claimant waits for.
_OTHERS = frozenset({"seller_proof_of_insurance", "whole_claim", "insurer_answers", "seller_contests", "instalment"})
_NOT_THE_CLAIMANTS = _OURS | _OTHERS - {"whole_claim"} | {"contest_decision"}
_OF_A_DEBT = frozenset({"seller_contests", "contest_decision", "instalment"})
_RESPONDENTS: dict[str, frozenset[str]] = {
    "seller": frozenset(
        {
            "seller_proof_of_insurance", "decision", "whole_claim", "seller_answers", "producer_answers",
            "seller_handles", "seller_pays", "insurer_answers",
        }
    ) | _OF_A_DEBT,
    "insurer": frozenset({"insurer_answers", "decision", "whole_claim"}) | _OF_A_DEBT - {"instalment"},
    "producer": frozenset({"producer_answers", "decision", "whole_claim"}) | _OF_A_DEBT - {"instalment"},
}  # fmt: skip


# The answer ---------------------------------------------------------------------------------------------


def answer(view: ClaimView, by: Actor, now: datetime) -> str:
    """The one sentence that this reader came for."""
    if by.role == "claimant":
        return tender_telling.to_claimant(view, now) or _to_claimant(view, now)
    if by.is_respondent:
        return tender_telling.to_respondent(view, by, now) or _to_respondent(view, by, now)
    return _to_staff(view, now)


def _to_claimant(view: ClaimView, now: datetime) -> str:
    claim, zone = view.claim, view.zone
    match claim.stage:
        case AwaitingProof(missing):
            asked = words.listed(list(dict.fromkeys(words.proof(each.what) for each in missing)))
            return (
                f"Please send us {asked}{_until(view, 'claimant_answers')}. "
                "If nothing comes, we close the claim; it opens again when it comes."
            )
        case AwaitingAnswer():
            return (
                "Something stands against a part of your claim. "
                f"Please read it and answer{_until(view, 'claimant_answers')}. "
                "If nothing comes, a person decides with what is there."
            )
        case AwaitingRelease(release):
            sum_ = money(release.amount_minor, claim.currency)
            if not release.self_service:
                return f"We approved {sum_}. One of us calls you: the release is signed together."
            return f"We approved {sum_}. Please sign the release below; then we pay."
        case AwaitingPayee():
            return f"The bank sent your payment back. Please name another account{_until(view, 'claimant_answers')}."
        case Closed(outcome):
            return _closed(view, outcome, now)
        case AwaitingSecond():
            return "A person has decided; because of the sum, a second person checks it. You hear from us at once."
        case UnderReview(appeal=appeal):
            who = "Somebody who took no part in the first decision" if appeal else "A person"
            paid = f" We have already paid {money(claim.paid_minor, claim.currency)}." if claim.paid_minor else ""
            ordered = claim.ordered_minor - claim.paid_minor
            under_way = f" {money(ordered, claim.currency)} is on its way to you." if ordered else ""
            return f"{who} looks at your claim. You hear from us{_until(view, 'decision') or ' soon'}.{paid}{under_way}"
        case _:
            on_its_way = money(claim.ordered_minor - claim.paid_minor, claim.currency)
            payments = [payment.ordered_at for payment in claim.payments if payment.state == "ordered"]
            when = on_day(max(payments), now, zone) if payments else "today"
            return f"We approved your claim and sent {on_its_way} on its way {when}. {_arrives(claim)}"


def _closed(view: ClaimView, outcome: str, now: datetime) -> str:
    claim, zone = view.claim, view.zone
    if outcome == "paid":
        ended = [payment.ended_at for payment in claim.payments if payment.ended_at and payment.state == "settled"]
        when = on_day(max(ended), now, zone) if ended else ""
        paid = f"We paid you {money(claim.paid_minor, claim.currency)} {when}."
        if not claim.refused_minor:
            return paid
        refused = money(claim.refused_minor, claim.currency)
        return f"{paid} We did not pay {refused}; the reasons stand below.{_appeal(view)}"
    return {
        "unanswered": "We closed the claim, because no answer came. It opens again when you send what was asked for.",
        "withdrawn": "You withdrew this claim. It is closed.",
        "refused": f"We did not pay this claim; the reasons stand below.{_appeal(view)}",
        "out_of_scope": f"The guarantee does not cover this; the reasons, and other ways, stand below.{_appeal(view)}",
        "settled": f"The seller settled your claim at {money(claim.settled_minor, claim.currency)}. It is closed.",
    }[outcome]


def _appeal(view: ClaimView) -> str:
    until = _until(view, "appeal")
    return f" You may appeal{until}." if until else ""


def _arrives(claim: Claim) -> str:
    if claim.payee.method == "bank_transfer":
        return "Banks take one to three working days."
    return "It shows in your account with the marketplace."


def _to_respondent(view: ClaimView, by: Actor, now: datetime) -> str:
    claim = view.claim
    owes = f"You owe {money(0, claim.currency)} today"
    proof = next(
        (each for each in view.clocks if each.name == "seller_proof_of_insurance" and each.state == "running"), None
    )
    if proof and by.role == "seller":
        until = instant(proof.due_at, view.zone)
        return f"{owes}. Please show proof of insurance by {until}; without it, the cost may be recovered from you."
    if isinstance(claim.stage, Closed):
        return f"{owes}. The claim is closed: {words.said(claim.stage.outcome, words.OUTCOMES).lower()}."
    return f"{owes}: the marketplace bears this so far. You may send evidence at any time."


def _to_staff(view: ClaimView, now: datetime) -> str:
    claim = view.claim
    if isinstance(claim.stage, Closed):
        paid = f", {money(claim.paid_minor, claim.currency)} paid" if claim.paid_minor else ""
        also = _tasks(claim)
        outcome = words.said(claim.stage.outcome, words.OUTCOMES).lower()
        back = tender_telling.asked_back(view)
        return f"Closed: {outcome}{paid}.{back}{f' Still asked for: {also}.' if also else ''}"
    turn = words.said(view.turn, words.ROLES).lower()
    why = words.listed([words.referral(reason) for reason in view.reasons])
    due = next(
        (each for each in running(view, "staff") if each.clock.state == "running" and each.clock.name not in _OTHERS),
        None,
    )
    until = _due(due, view, now) if due else ""
    return f"This claim waits for the {turn}{f': {why}' if why else ''}.{until}"


def _due(told: ClockTold, view: ClaimView, now: datetime) -> str:
    at = told.clock.due_at
    if at < now:
        return f" {told.title} was due by {instant(at, view.zone)}: {left(at, now)}."
    return f" {told.title} is due by {instant(at, view.zone)}, {left(at, now)}."


def _tasks(claim: Claim) -> str:
    return words.listed(sorted(words.task(task) for task in claim.tasks))


def _until(view: ClaimView, name: str) -> str:
    clock = next((each for each in view.clocks if each.name == name and each.state == "running"), None)
    return f" by {instant(clock.due_at, view.zone)}" if clock else ""


# Clocks ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClockTold:
    clock: Clock
    title: str
    then: str


def running(view: ClaimView, role: str) -> list[ClockTold]:
    """The clocks that run or are paused and concern this role, the nearest first."""
    shown = [
        clock
        for clock in view.clocks
        if clock.state in ("running", "paused") and not clock_names.is_reminder(clock.name) and _concerns(clock, role)
    ]
    return [
        ClockTold(clock, *_clock_words(clock.name, role, view.stage))
        for clock in sorted(shown, key=lambda each: (each.due_at, each.name))
    ]


def _concerns(clock: Clock, role: str) -> bool:
    if role == "claimant":
        return clock.name not in _NOT_THE_CLAIMANTS
    if role in RESPONDENTS:
        return clock.name in _RESPONDENTS[role] or clock.name == "claimant_answers"
    return True


def _clock_words(name: str, role: str, stage: str) -> tuple[str, str]:
    if role in RESPONDENTS and name.startswith(f"{role}_") and name in words.OWN_CLOCKS:
        return words.OWN_CLOCKS[name]
    title, then = words.CLOCKS.get(name, (words.said(name, {}), ""))
    if name == "claimant_answers":
        title, then = words.CLAIMANTS_TIME.get(stage, (title, then))
    if role == "claimant":
        return title.replace("The claimant's", "Your"), then
    return title.replace("Your appeal", "The claimant's appeal"), then


# Money ----------------------------------------------------------------------------------------------------


def bearer(view: ClaimView, by: Actor) -> str:
    """Who bears the cost as far as the log says, to this reader."""
    return tender_telling.bearer(view, by)


# The timeline ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepTold:
    step: TimelineStep
    text: str
    by: str


# Steps that only say how the machinery runs; the clocks have a place of their own on the page.
_MACHINERY = (ev.ClocksStarted, ev.ClocksStopped, ev.ProofCompleted, ev.ClaimScreened, ev.ClaimAssessed)


# What only the claimant's side does.
_CLAIMANTS = (
    ev.ClaimFiled, ev.NoticeRepeated, ev.ProofAdded, ev.ConcernAnswered, ev.ReleaseSigned, ev.PayeeChanged,
    ev.ClaimWithdrawn, ev.AppealFiled,
)  # fmt: skip


def timeline(view: ClaimView, by: Actor) -> list[StepTold]:
    """What happened, oldest first. The whole log, machinery too, is one page further."""
    return [
        StepTold(step, told, _by(step, by))
        for step in view.timeline
        if not isinstance(step.event, _MACHINERY) and (told := sentence_of(step.event, view))
    ]


def _by(step: TimelineStep, by: Actor) -> str:
    """Who did it. Parties are told the side: who of us it was, and which machine, is for the log of staff."""
    if by.role != "claimant" and not by.is_respondent:
        return words.by_whom(step.by)
    if isinstance(step.event, ev.SellerEvidenceAdded):
        side = "seller"
    elif isinstance(step.event, OF_PARTIES):
        side = step.by if step.by in ("claimant", *RESPONDENTS) else "us"
    else:
        side = "claimant" if isinstance(step.event, _CLAIMANTS) else "us"
    return "you" if side == by.role else side if side == "us" else f"the {side}"


def sentence_of(event: ev.ClaimEvent, view: ClaimView) -> str:
    """One event in a sentence."""
    return _STEPS[type(event)](event, view)


def _sum(minor: int, view: ClaimView) -> str:
    return money(minor, view.claim.currency)


def _decided(event: ev.ClaimDecided, view: ClaimView) -> str:
    approved = sum(line.approved_minor for line in event.lines)
    refused = sum(line.refused_minor for line in event.lines)
    parts = [f"{_sum(approved, view)} approved"] if approved else []
    parts += [f"{_sum(refused, view)} refused"] if refused else []
    return f"Decided: {words.listed(parts)}."


def _each(told: Iterable[str]) -> str:
    """Each of them once, as a list in words."""
    return words.listed(list(dict.fromkeys(told)))


def _method(event: ev.PaymentOrdered | ev.PayeeChanged) -> str:
    return words.METHODS[event.payee.method].lower()


def _hazards(event: ev.SafetyReviewAsked) -> str:
    return _each(words.said(hazard, words.HAZARDS).lower() for hazard in event.hazards)


def _clock(name: str) -> str:
    return words.CLOCKS.get(name, (words.said(name, {}), ""))[0].lower()


def _passed(event: ev.ClaimScreened) -> int:
    return sum(check.outcome == "pass" for check in event.checks)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


# Any: each function takes the event of its key.
_STEPS: dict[type, Callable[[Any, ClaimView], str]] = {
    ev.ClaimFiled: lambda e, v: f"Claim filed for {_sum(sum(part.claimed_minor for part in e.exposures), v)}.",
    ev.NoticeRepeated: lambda e, v: f"The same notice came again{'' if e.same_content else ', with other content'}.",
    ev.ProofRequested: lambda e, v: f"Asked for {_each(words.proof(each.what) for each in e.missing)}.",
    ev.ProofAdded: lambda e, v: f"Proof sent: {_files(len(e.evidence))}.",
    ev.ClaimReferred: lambda e, v: f"A person is asked to look: {_each(map(words.referral, e.reasons))}.",
    ev.SellerNotified: lambda e, v: "The seller was told."
    + (" It was asked for proof of insurance." if e.proof_asked else " Its insurance for that day is on file."),
    ev.SellerEvidenceAdded: lambda e, v: f"The seller sent {_files(len(e.evidence)) if e.evidence else 'a statement'}.",
    ev.ConcernRaised: lambda e, v: f"Concern shown: {words.said(e.reason.code, words.REASONS).lower()}.",
    ev.ConcernAnswered: lambda e, v: f"The concern was answered{', with files' if e.evidence else ''}.",
    ev.DecisionProposed: lambda e, v: f"Decision proposed, {_sum(e.total_minor, v)} in all; a second person looks.",
    ev.ProposalReturned: lambda e, v: f"The proposal went back: {words.referral(e.why)}.",
    ev.ClaimDecided: _decided,
    ev.QualityReviewAsked: lambda e, v: "Drawn for a quality review; nothing waits for it.",
    ev.QualityReviewed: lambda e, v: f"Quality review: {'agrees' if e.agrees else 'disagrees'}.",
    ev.ReleaseRequested: lambda e, v: f"Asked to sign a release of {_sum(e.amount_minor, v)}.",
    ev.ReleaseSigned: lambda e, v: "The release was signed.",
    ev.PaymentOrdered: lambda e, v: f"Payment of {_sum(e.amount_minor, v)} ordered, {_method(e)}.",
    ev.PaymentSettled: lambda e, v: f"The bank paid ({e.bank_ref}).",
    ev.PaymentReturned: lambda e, v: f"The bank sent the payment back: {e.why}.",
    ev.PayeeChanged: lambda e, v: f"Another account was named ({_method(e)}).",
    ev.ApprovalVoided: lambda e, v: f"What was approved and not yet ordered is open again: {words.referral(e.why)}.",
    ev.ReserveSet: lambda e, v: f"Reserve of part {e.no} set to {_sum(e.reserve_minor, v)}.",
    ev.ClaimAssigned: lambda e, v: f"Assigned to {words.by_whom(e.to)}." if e.to else "Given back to the queue.",
    ev.SafetyReviewAsked: lambda e, v: f"A safety officer is asked to look: {_hazards(e)}.",
    ev.SafetyReviewed: lambda e, v: f"Safety review: {e.finding}.",
    ev.TaskFinished: lambda e, v: f"Looked at: {e.task.replace('_', ' ')}.",
    ev.ClaimWithdrawn: lambda e, v: "The claim was withdrawn.",
    ev.AppealFiled: lambda e, v: "The claimant appealed; somebody who took no part decides.",
    ev.ClaimReopened: lambda e, v: f"The claim was opened again: {words.referral(e.why)}.",
    ev.ClaimClosed: lambda e, v: f"Closed: {words.said(e.outcome, words.OUTCOMES).lower()}.",
    ev.ClosedForGood: lambda e, v: "The time for an appeal is over.",
    ev.ClockRanOut: lambda e, v: f"Time is over: {_clock(e.name)}."
    if not clock_names.is_reminder(e.name)
    else "",
    ev.ClockExtended: lambda e, v: f"More time was given, until {instant(e.due_at, v.zone)}.",
    ev.ClocksPaused: lambda e, v: "The clocks were paused.",
    ev.ClocksResumed: lambda e, v: "The clocks run again.",
    ev.Reminded: lambda e, v: f"Reminder sent, {_days(e.days_left)} before the end.",
    ev.DelayExplained: lambda e, v: "We wrote why there is no decision yet.",
    ev.DeadlineMissed: lambda e, v: f"We missed a deadline ({_clock(e.clock)}); it is recorded.",
    ev.ClocksStarted: lambda e, v: f"Clocks started: {_each(each.name.replace('_', ' ') for each in e.clocks)}.",
    ev.ClocksStopped: lambda e, v: f"Clocks stopped: {_each(name.replace('_', ' ') for name in e.names)}.",
    ev.ProofCompleted: lambda e, v: "The proof is complete.",
    ev.ClaimScreened: lambda e, v: f"Screened: {_passed(e)} of {len(e.checks)} checks passed.",
    ev.ClaimAssessed: lambda e, v: f"Assessed: {e.clause.because}",
    **STEPS,
}  # fmt: skip


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"
