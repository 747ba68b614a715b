"""What a claim page says, in sentences: the answer on top, clocks, money, the timeline.

Start at `answer`. All of it is a function of the view that this reader was given, and of the instant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
from makewhole.portals.frame.showing import by_instant, instant, left, money, on_day
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
            return _(
                "Please send us {proofs}{by}. If nothing comes, we close the claim; it opens again when it comes."
            ).format(proofs=_each(words.proof(each.what) for each in missing), by=_until(view, "claimant_answers"))
        case AwaitingAnswer():
            return _(
                "Something stands against a part of your claim. Please read it and answer{by}. "
                "If nothing comes, a person decides with what is there."
            ).format(by=_until(view, "claimant_answers"))
        case AwaitingRelease(release):
            sum_ = money(release.amount_minor, claim.currency)
            if not release.self_service:
                told = _("We approved {amount}. One of us calls you: the release is signed together.")
            else:
                told = _("We approved {amount}. Please sign the release below; then we pay.")
            return told.format(amount=sum_)
        case AwaitingPayee():
            told = _("The bank sent your payment back. Please name another account{by}.")
            return told.format(by=_until(view, "claimant_answers"))
        case Closed(outcome):
            return _closed(view, outcome, now)
        case AwaitingSecond():
            return _("A person has decided; because of the sum, a second person checks it. You hear from us at once.")
        case UnderReview(appeal=appeal):
            return _looked_at(view, appeal)
        case _:
            on_its_way = money(claim.ordered_minor - claim.paid_minor, claim.currency)
            payments = [payment.ordered_at for payment in claim.payments if payment.state == "ordered"]
            when = on_day(max(payments), now, zone) if payments else _("today")
            told = _("We approved your claim and sent {amount} on its way {day}.").format(amount=on_its_way, day=when)
            return f"{told} {_arrives(claim)}"


def _looked_at(view: ClaimView, appeal: bool) -> str:
    claim = view.claim
    when = _until(view, "decision") or _(" soon")
    if appeal:
        told = _("Somebody who took no part in the first decision looks at your claim. You hear from us{by}.")
    else:
        told = _("A person looks at your claim. You hear from us{by}.")
    sentences = [told.format(by=when)]
    if claim.paid_minor:
        paid = money(claim.paid_minor, claim.currency)
        sentences.append(_("We have already paid {amount}.").format(amount=paid))
    if ordered := claim.ordered_minor - claim.paid_minor:
        sentences.append(_("{amount} is on its way to you.").format(amount=money(ordered, claim.currency)))
    return " ".join(sentences)


def _closed(view: ClaimView, outcome: str, now: datetime) -> str:
    claim, zone = view.claim, view.zone
    match outcome:
        case "paid":
            ended = [payment.ended_at for payment in claim.payments if payment.ended_at and payment.state == "settled"]
            when = on_day(max(ended), now, zone) if ended else ""
            paid = _("We paid you {amount} {day}.").format(amount=money(claim.paid_minor, claim.currency), day=when)
            if not claim.refused_minor:
                return paid
            refused = money(claim.refused_minor, claim.currency)
            told = _("We did not pay {amount}; the reasons stand below.").format(amount=refused)
            return f"{paid} {told}{_appeal(view)}"
        case "unanswered":
            return _("We closed the claim, because no answer came. It opens again when you send what was asked for.")
        case "withdrawn":
            return _("You withdrew this claim. It is closed.")
        case "refused":
            return _("We did not pay this claim; the reasons stand below.") + _appeal(view)
        case "out_of_scope":
            told = _("The guarantee does not cover this; the reasons, and other ways, stand below.")
            return told + _appeal(view)
        case _:
            settled = money(claim.settled_minor, claim.currency)
            return _("The seller settled your claim at {amount}. It is closed.").format(amount=settled)


def _appeal(view: ClaimView) -> str:
    until = _until(view, "appeal")
    return " " + _("You may appeal{by}.").format(by=until) if until else ""


def _arrives(claim: Claim) -> str:
    if claim.payee.method == "bank_transfer":
        return _("Banks take one to three working days.")
    return _("It shows in your account with the marketplace.")


def _to_respondent(view: ClaimView, by: Actor, now: datetime) -> str:
    claim = view.claim
    nothing = money(0, claim.currency)
    proof = next(
        (each for each in view.clocks if each.name == "seller_proof_of_insurance" and each.state == "running"), None
    )
    if proof and by.role == "seller":
        return _(
            "You owe {nothing} today. Please show proof of insurance by {instant}; without it, the cost may be "
            "recovered from you."
        ).format(nothing=nothing, instant=instant(proof.due_at, view.zone))
    if isinstance(claim.stage, Closed):
        outcome = words.within(words.said(claim.stage.outcome, words.OUTCOMES))
        return _("You owe {nothing} today. The claim is closed: {outcome}.").format(nothing=nothing, outcome=outcome)
    return _("You owe {nothing} today: the marketplace bears this so far. You may send evidence at any time.").format(
        nothing=nothing
    )


def _to_staff(view: ClaimView, now: datetime) -> str:
    claim = view.claim
    if isinstance(claim.stage, Closed):
        outcome = words.within(words.said(claim.stage.outcome, words.OUTCOMES))
        if claim.paid_minor:
            paid = money(claim.paid_minor, claim.currency)
            told = _("Closed: {outcome}, {amount} paid.").format(outcome=outcome, amount=paid)
        else:
            told = _("Closed: {outcome}.").format(outcome=outcome)
        also = _tasks(claim)
        asked = " " + _("Still asked for: {tasks}.").format(tasks=also) if also else ""
        return f"{told}{tender_telling.asked_back(view)}{asked}"
    turn = words.within(words.said(view.turn, words.ROLES))
    why = words.listed([words.referral(reason) for reason in view.reasons])
    due = next(
        (each for each in running(view, "staff") if each.clock.state == "running" and each.clock.name not in _OTHERS),
        None,
    )
    until = _due(due, view, now) if due else ""
    if why:
        return _("This claim waits for the {role}: {reasons}.").format(role=turn, reasons=why) + until
    return _("This claim waits for the {role}.").format(role=turn) + until


def _due(told: ClockTold, view: ClaimView, now: datetime) -> str:
    at = told.clock.due_at
    if at < now:
        sentence = _("{clock} was due by {instant}: {left}.")
    else:
        sentence = _("{clock} is due by {instant}, {left}.")
    return " " + sentence.format(clock=told.title, instant=instant(at, view.zone), left=left(at, now))


def _tasks(claim: Claim) -> str:
    return words.listed(sorted(words.task(task) for task in claim.tasks))


def _until(view: ClaimView, name: str) -> str:
    clock = next((each for each in view.clocks if each.name == name and each.state == "running"), None)
    return by_instant(clock.due_at, view.zone) if clock else ""


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
            return words.YOUR_CLOCKS.get(stage, words.YOUR_CLOCKS["awaiting_answer"]), then
    if name == "appeal" and role != "claimant":
        return _("The claimant's appeal"), then
    return title, then


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
        StepTold(step, told, _by(step, view, by))
        for step in view.timeline
        if not isinstance(step.event, _MACHINERY) and (told := sentence_of(step.event, view))
    ]


def _by(step: TimelineStep, view: ClaimView, by: Actor) -> str:
    """Who did it. Parties are told the side: who of us it was, and which machine, is for the log of staff."""
    if by.role != "claimant" and not by.is_respondent:
        return words.by_whom(step.by, view.staff)
    if isinstance(step.event, ev.SellerEvidenceAdded):
        side = "seller"
    elif isinstance(step.event, OF_PARTIES):
        side = step.by if step.by in ("claimant", *RESPONDENTS) else "us"
    else:
        side = "claimant" if isinstance(step.event, _CLAIMANTS) else "us"
    return _("you") if side == by.role else words.side(side)


def sentence_of(event: ev.ClaimEvent, view: ClaimView) -> str:
    """One event in a sentence."""
    return _STEPS[type(event)](event, view)


def _sum(minor: int, view: ClaimView) -> str:
    return money(minor, view.claim.currency)


def _decided(event: ev.ClaimDecided, view: ClaimView) -> str:
    approved = sum(line.approved_minor for line in event.lines)
    refused = sum(line.refused_minor for line in event.lines)
    sums = {"approved": _sum(approved, view), "refused": _sum(refused, view)}
    if approved and refused:
        return _("Decided: {approved} approved and {refused} refused.").format(**sums)
    told = _("Decided: {approved} approved.") if approved else _("Decided: {refused} refused.")
    return told.format(**sums)


def _each(told: Iterable[str]) -> str:
    """Each of them once, as a list in words."""
    return words.listed(dict.fromkeys(told))


def _method(event: ev.PaymentOrdered | ev.PayeeChanged) -> str:
    return words.within(words.said(event.payee.method, words.METHODS))


def _hazards(event: ev.SafetyReviewAsked) -> str:
    return _each(words.within(words.said(hazard, words.HAZARDS)) for hazard in event.hazards)


def _passed(event: ev.ClaimScreened) -> int:
    return sum(check.outcome == "pass" for check in event.checks)


def _told_to_seller(event: ev.SellerNotified, view: ClaimView) -> str:
    if event.proof_asked:
        return _("The seller was told. It was asked for proof of insurance.")
    return _("The seller was told. Its insurance for that day is on file.")


def _sent_by_seller(event: ev.SellerEvidenceAdded, view: ClaimView) -> str:
    if not event.evidence:
        return _("The seller sent a statement.")
    return _("The seller sent {files}.").format(files=words.files(len(event.evidence)))


def _reminded(event: ev.Reminded, view: ClaimView) -> str:
    told = ngettext(
        "Reminder sent, {number} day before the end.", "Reminder sent, {number} days before the end.", event.days_left
    )
    return told.format(number=event.days_left)


# Any: each function takes the event of its key.
_STEPS: dict[type, Callable[[Any, ClaimView], str]] = {
    ev.ClaimFiled: lambda e, v: _("Claim filed for {amount}.").format(
        amount=_sum(sum(part.claimed_minor for part in e.exposures), v)
    ),
    ev.NoticeRepeated: lambda e, v: (
        _("The same notice came again.") if e.same_content else _("The same notice came again, with other content.")
    ),
    ev.ProofRequested: lambda e, v: _("Asked for {proofs}.").format(
        proofs=_each(words.proof(each.what) for each in e.missing)
    ),
    ev.ProofAdded: lambda e, v: _("Proof sent: {files}.").format(files=words.files(len(e.evidence))),
    ev.ClaimReferred: lambda e, v: _("A person is asked to look: {reasons}.").format(
        reasons=_each(map(words.referral, e.reasons))
    ),
    ev.SellerNotified: _told_to_seller,
    ev.SellerEvidenceAdded: _sent_by_seller,
    ev.ConcernRaised: lambda e, v: _("Concern shown: {reason}.").format(
        reason=words.within(words.said(e.reason.code, words.REASONS))
    ),
    ev.ConcernAnswered: lambda e, v: (
        _("The concern was answered, with files.") if e.evidence else _("The concern was answered.")
    ),
    ev.DecisionProposed: lambda e, v: _("Decision proposed, {amount} in all; a second person looks.").format(
        amount=_sum(e.total_minor, v)
    ),
    ev.ProposalReturned: lambda e, v: _("The proposal went back: {reason}.").format(reason=words.referral(e.why)),
    ev.ClaimDecided: _decided,
    ev.QualityReviewAsked: lambda e, v: _("Drawn for a quality review; nothing waits for it."),
    ev.QualityReviewed: lambda e, v: _("Quality review: agrees.") if e.agrees else _("Quality review: disagrees."),
    ev.ReleaseRequested: lambda e, v: _("Asked to sign a release of {amount}.").format(amount=_sum(e.amount_minor, v)),
    ev.ReleaseSigned: lambda e, v: _("The release was signed."),
    ev.PaymentOrdered: lambda e, v: _("Payment of {amount} ordered, {method}.").format(
        amount=_sum(e.amount_minor, v), method=_method(e)
    ),
    ev.PaymentSettled: lambda e, v: _("The bank paid ({reference}).").format(reference=e.bank_ref),
    ev.PaymentReturned: lambda e, v: _("The bank sent the payment back: {why}.").format(why=e.why),
    ev.PayeeChanged: lambda e, v: _("Another account was named ({method}).").format(method=_method(e)),
    ev.ApprovalVoided: lambda e, v: _("What was approved and not yet ordered is open again: {reason}.").format(
        reason=words.referral(e.why)
    ),
    ev.ReserveSet: lambda e, v: _("Reserve of part {part} set to {amount}.").format(
        part=e.no, amount=_sum(e.reserve_minor, v)
    ),
    ev.ClaimAssigned: lambda e, v: (
        _("Assigned to {who}.").format(who=words.by_whom(e.to, v.staff)) if e.to else _("Given back to the queue.")
    ),
    ev.SafetyReviewAsked: lambda e, v: _("A safety officer is asked to look: {hazards}.").format(hazards=_hazards(e)),
    ev.SafetyReviewed: lambda e, v: _("Safety review: {finding}.").format(finding=e.finding),
    ev.TaskFinished: lambda e, v: _("Looked at: {task}.").format(task=words.task(e.task)),
    ev.ClaimWithdrawn: lambda e, v: _("The claim was withdrawn."),
    ev.AppealFiled: lambda e, v: _("The claimant appealed; somebody who took no part decides."),
    ev.ClaimReopened: lambda e, v: _("The claim was opened again: {reason}.").format(reason=words.referral(e.why)),
    ev.ClaimClosed: lambda e, v: _("Closed: {outcome}.").format(
        outcome=words.within(words.said(e.outcome, words.OUTCOMES))
    ),
    ev.ClosedForGood: lambda e, v: _("The time for an appeal is over."),
    ev.ClockRanOut: lambda e, v: (
        "" if clock_names.is_reminder(e.name) else _("Time is over: {clock}.").format(clock=words.clock_name(e.name))
    ),
    ev.ClockExtended: lambda e, v: _("More time was given, until {instant}.").format(instant=instant(e.due_at, v.zone)),
    ev.ClocksPaused: lambda e, v: _("The clocks were paused."),
    ev.ClocksResumed: lambda e, v: _("The clocks run again."),
    ev.Reminded: _reminded,
    ev.DelayExplained: lambda e, v: _("We wrote why there is no decision yet."),
    ev.DeadlineMissed: lambda e, v: _("We missed a deadline ({clock}); it is recorded.").format(
        clock=words.clock_name(e.clock)
    ),
    ev.ClocksStarted: lambda e, v: _("Clocks started: {clocks}.").format(
        clocks=_clocks(each.name for each in e.clocks)
    ),
    ev.ClocksStopped: lambda e, v: _("Clocks stopped: {clocks}.").format(clocks=_clocks(e.names)),
    ev.ProofCompleted: lambda e, v: _("The proof is complete."),
    ev.ClaimScreened: lambda e, v: _("Screened: {passed} of {number} checks passed.").format(
        passed=_passed(e), number=len(e.checks)
    ),
    ev.ClaimAssessed: lambda e, v: _("Assessed: {because}").format(because=e.clause.because),
    **STEPS,
}


def _clocks(names: Iterable[str]) -> str:
    return _each(name.replace("_", " ") for name in names)
