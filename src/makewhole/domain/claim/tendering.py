"""The seller is heard: tender, its answers, silence, step-in. Start at tender_or_refer(), then after_tender().

The customer never waits for a silent seller, and nobody pays what it could not answer: a claim over the limit is paid
only after a tender came to its end.
"""

from __future__ import annotations

from uuid import UUID

from makewhole.domain.claim import clocks
from makewhole.domain.claim.assessment import assess, clause_of, papers_changed, payable
from makewhole.domain.claim.commands import EarlierClaim
from makewhole.domain.claim.draft import Draft
from makewhole.domain.claim.events import (
    ClaimDecided,
    ClaimReferred,
    ClockExtended,
    DecidedLine,
    DecisionProposed,
    Fact,
    StartedClock,
)
from makewhole.domain.claim.paying import pay_what_is_approved
from makewhole.domain.claim.state import (
    AwaitingSeller,
    Claim,
    Closed,
    Tender,
)
from makewhole.domain.claim.tender_commands import (
    REJECTION_REASONS,
    AcceptTender,
    AskMoreTime,
    HandleClaim,
    NameProducer,
    RejectTender,
    StepIn,
    TenderClaim,
)
from makewhole.domain.claim.tender_events import (
    ClaimTendered,
    FilesEnclosed,
    InsurerNotified,
    RejectionAnswered,
    SellerHandles,
    StepInWhy,
    SteppedIn,
    TenderAccepted,
    TenderedTo,
    TenderPassedOn,
    TenderRejected,
    TenderReturned,
    TenderUnanswered,
)
from makewhole.domain.claim.words import EvidenceItem, Sealed
from makewhole.domain.policy.recorded import as_recorded
from makewhole.domain.policy.rules import Row
from makewhole.domain.refusal import Refused

ANSWER_CLOCK: dict[TenderedTo, str] = {"seller": "seller_answers", "producer": "producer_answers"}


# Tendering --------------------------------------------------------------------------------------------------


def must_tender(claim: Claim) -> bool:
    """Whether the seller must be heard before anything of this claim is approved."""
    return claim.track == "tendered" and not claim.seller_heard


def tender_by_machine(draft: Draft) -> bool:
    """Tenders at once what passed every check and is payable as claimed; else a person looks first."""
    claim = draft.claim
    clean = all(check.outcome == "pass" for check in claim.checks)
    pays = all(payable(each, draft.case.rules).outcome == "payable" for each in claim.exposures if each.open_minor)
    if not (clean and pays) or draft.case.facts.seller_gone or not expected_minor(claim):
        return False
    tender(draft, by="machine:tender")
    return True


def tender_claim(command: TenderClaim, draft: Draft) -> None:
    """An adjuster tenders what the machine referred."""
    claim = draft.claim
    if claim.track != "tendered":
        raise Refused("nothing_to_tender", why="it is within the limit for direct payment")
    if claim.seller_heard:
        raise Refused("seller_heard_before")
    if draft.case.facts.seller_gone:
        raise Refused("seller_is_gone")
    if papers_changed(claim, draft.case.rules):
        assess(draft)
        if draft.claim.track != "tendered":
            return  # within the limit by now, since less is claimed on the incident: nobody need be heard first
    if not expected_minor(draft.claim):
        raise Refused("nothing_to_tender", why="no paper supports an amount")
    tender(draft)


def tender(draft: Draft, *, by: str | None = None, to: TenderedTo = "seller", producer: Sealed | None = None) -> None:
    """Hands the claim over, with the amount that the papers support, and starts the time to answer."""
    claim, rules = draft.claim, draft.case.rules
    amount_minor = expected_minor(claim)
    here = sum(each.claimed_minor for each in claim.exposures if payable(each, rules).outcome == "payable")
    row = rules.decide("route", incident_allowed=here + sum(each.incident_minor for each in _others(draft)))
    no = len(claim.tenders) + 1
    draft.add(ClaimTendered(no, to, amount_minor, clause_of(row), rules.version, producer), by=by)
    draft.restart_clock(ANSWER_CLOCK[to])
    notify_insurer(draft, amount_minor)


def notify_insurer(draft: Draft, amount_minor: int) -> None:
    """Notice of loss to the insurer of the day of the incident, once: a late notice is a ground to deny."""
    cover = draft.case.facts.coverage
    if draft.claim.insurer is not None or cover is None or cover.insurer_id is None:
        return
    draft.add(
        InsurerNotified(
            coverage_id=cover.coverage_id,
            insurer_id=cover.insurer_id,
            amount_minor=amount_minor,
            deductible_minor=cover.deductible_minor,
            limit_left_minor=cover.limit_left_minor,
            platform_is_insured=cover.platform_is_insured,
        ),
        by="machine:tender",
    )
    draft.start_clock("insurer_answers")


def expected_minor(claim: Claim) -> int:
    """What the papers support of what is open: the amount of a tender."""
    return sum(exposure.expected_minor for exposure in claim.exposures)


# Answers ----------------------------------------------------------------------------------------------------


def accept_tender(command: AcceptTender, draft: Draft) -> None:
    """Accepted in full. The seller pays within its days, or the platform pays now and the seller owes it."""
    tender = awaited_tender(draft)
    if command.payer == "seller" and tender.to == "producer":
        raise Refused("producer_lets_the_platform_pay")
    enclose(command.evidence, draft)
    draft.add(TenderAccepted(tender.no, tender.amount_minor, command.payer, command.words))
    draft.stop_clocks(ANSWER_CLOCK[tender.to])
    if command.payer == "seller":
        draft.start_clock("seller_pays")
    else:
        after_tender(draft, "accepted", command.payment_id)


def handle_claim(command: HandleClaim, draft: Draft) -> None:
    """The seller settles with the claimant itself; its days run, and then the claim comes back."""
    tender = awaited_tender(draft)
    if tender.to == "producer":
        raise Refused("producer_lets_the_platform_pay")
    enclose(command.evidence, draft)
    draft.add(SellerHandles(tender.no, command.words))
    draft.stop_clocks("seller_answers")
    draft.start_clock("seller_handles")


def reject_tender(command: RejectTender, draft: Draft) -> None:
    """Rejected with reasons: a person looks, and answers a producer's as it answers a seller's."""
    tender = awaited_tender(draft)
    if not command.reasons:
        raise Refused("reason_needed")
    for code in command.reasons:
        if code not in REJECTION_REASONS:
            raise Refused("unknown_reason", reason=code[:40], known=", ".join(REJECTION_REASONS))
    for_exposures(command.evidence, draft.claim)
    draft.add(TenderRejected(tender.no, command.reasons, command.evidence, command.words))
    draft.stop_clocks(ANSWER_CLOCK[tender.to])
    _to_a_person(draft, ("tender_rejected",))


def name_producer(command: NameProducer, draft: Draft) -> None:
    """A reseller names the producer: the tender passes on, once, with a clock of its own."""
    if any(each.to == "producer" for each in draft.claim.tenders):
        raise Refused("producer_named_before")
    waiting = awaited_tender(draft)
    enclose(command.evidence, draft)
    draft.add(TenderPassedOn(waiting.no, command.producer, command.words))
    draft.stop_clocks("seller_answers")
    tender(draft, to="producer", producer=command.producer, by="machine:tender")


def ask_more_time(command: AskMoreTime, draft: Draft) -> None:
    """More days for the answer, once, counted from the original start."""
    waiting = awaited_tender(draft)
    name = ANSWER_CLOCK[waiting.to]
    clock = draft.claim.running(name)
    if clock is None:
        raise Refused("clock_not_running", clock=name)
    if any(item.name == name and item.extended for item in draft.claim.clocks):
        raise Refused("extension_already_given", clock=name)
    started = StartedClock(clock.name, clock.started_at, clock.due_at, clock.rule)
    days = draft.case.rules.days("seller_extension_days")
    due_at = clocks.extend(started, days, draft.case.rules, draft.case.calendar) + clock.paused_for
    enclose(command.evidence, draft)
    draft.add(ClockExtended(name, due_at, command.words))
    draft.move_reminders(StartedClock(clock.name, clock.started_at, due_at, clock.rule))


def seller_was_silent(draft: Draft, payment_id: UUID | None) -> None:
    """Silence is an answer: the platform steps in, by itself where the policy lets a machine approve."""
    stage = draft.claim.stage
    if not isinstance(stage, AwaitingSeller):
        return  # answered in the same instant: whoever came first is right
    draft.add(TenderUnanswered(stage.tender_no), by="machine:clock")
    after_tender(draft, "silent", payment_id)


def back_to_platform(draft: Draft, why: StepInWhy, payment_id: UUID | None) -> None:
    """What was to be settled or paid by the seller, or agreed, was not."""
    tender = draft.claim.tender
    assert tender is not None
    draft.add(TenderReturned(tender.no, why))
    draft.stop_clocks("seller_handles", "seller_pays", "seller_answers", "claimant_answers")
    after_tender(draft, why, payment_id)


# After the tender ---------------------------------------------------------------------------------------------


def after_tender(draft: Draft, why: StepInWhy, payment_id: UUID | None) -> None:
    """Pays what was assessed where the policy lets a machine do it; else a person decides, first in the queue."""
    claim = draft.claim
    lines = tuple(
        DecidedLine(exposure.no, approved_minor=exposure.expected_minor, refused_minor=0)
        for exposure in claim.exposures
        if exposure.expected_minor > 0
    )
    row, _ = _ask_after_tender(draft, lines)
    if row.outcome == "person" or not lines or payment_id is None:
        _to_a_person(draft, (_why_reviewed(why), f"rule:{row.id}"))
        return
    step_in(draft, lines, why)
    decided = ClaimDecided(lines, ("machine:decision",), (clause_of(row),), draft.case.rules.version)
    draft.add(decided, by="machine:decision")
    if draft.claim.open_minor == 0:
        draft.stop_clocks("decision", "delay_letter", "claimant_answers", "step_in")
    pay_what_is_approved(draft, payment_id)


def step_in(draft: Draft, lines: tuple[DecidedLine, ...], why: StepInWhy | None = None) -> None:
    """Says, before a decision that pays, that the platform pays although nobody liable does; nothing where one does."""
    claim = draft.claim
    amount_minor = sum(line.approved_minor for line in lines)
    if claim.track != "tendered" or claim.stepped_in or claim.accepted_by or not amount_minor:
        return
    row, facts = _ask_after_tender(draft, lines)
    because = why or _why_of(claim)
    draft.add(SteppedIn(because, amount_minor, clause_of(row), facts, draft.case.rules.version))


def propose_step_in(command: StepIn, draft: Draft) -> None:
    """The platform's answer to each reason of a rejection, and what it would pay: a second person agrees or not."""
    claim = draft.claim
    rejected = claim.tender
    if rejected is None or rejected.answer != "rejected":
        raise Refused("nothing_rejected")
    missing = [code for code in rejected.reasons if not _is_answered(code, command)]
    if missing:
        raise Refused("answer_the_rejection", missing=", ".join(missing))
    draft.add(RejectionAnswered(command.answers))
    total_minor = claim.approved_minor + sum(line.approved_minor for line in command.lines)
    needs = ("second_person", "step_in")
    draft.add(DecisionProposed(command.lines, total_minor, needs, draft.case.rules.version))
    draft.stop_clocks("step_in")


def refuse_unheard(lines: tuple[DecidedLine, ...], draft: Draft, *, answered: bool) -> None:
    """Nothing of a tendered claim is approved before the seller was heard, nor past a rejection without an answer."""
    claim = draft.claim
    if not any(line.approved_minor for line in lines) or claim.track != "tendered":
        return
    if must_tender(claim) and not draft.case.facts.seller_gone:
        raise Refused("seller_not_heard")
    if pays_past_a_rejection(lines, claim) and not claim.rejection_answered and not answered:
        raise Refused("answer_the_rejection", missing=", ".join(claim.tender.reasons if claim.tender else ()))


def pays_past_a_rejection(lines: tuple[DecidedLine, ...], claim: Claim) -> bool:
    """Whether this pays what was rejected: two people always agree to that, however small the part."""
    rejected = claim.tender is not None and claim.tender.answer == "rejected"
    return rejected and any(line.approved_minor for line in lines)


# Parts --------------------------------------------------------------------------------------------------------


def awaited_tender(draft: Draft) -> Tender:
    """The tender that the asker may answer now; refuses who is late, another party, or no tender at all."""
    claim, by = draft.claim, draft.case.by
    stage = claim.stage
    if isinstance(stage, Closed):
        raise Refused("claim_is_closed", outcome=stage.outcome)
    tender = claim.tender
    if not isinstance(stage, AwaitingSeller) or tender is None:
        raise Refused("no_tender_waits", turn=claim.whose_turn() or "nobody's")
    if tender.to != by.role:
        raise Refused("tender_is_not_yours", to=tender.to)
    clock = claim.held(ANSWER_CLOCK[tender.to])
    if clock is None or (clock.state == "running" and draft.case.at >= clock.due_at):
        raise Refused("answer_too_late", due_at=_told(clock.due_at if clock else draft.case.at))
    return tender


def for_exposures(evidence: tuple[EvidenceItem, ...], claim: Claim) -> None:
    """Refuses a file for a part that the claim does not have."""
    for item in evidence:
        if item.exposure_no and claim.exposure(item.exposure_no) is None:
            raise Refused("evidence_for_no_exposure", evidence=item.evidence_id)


def enclose(evidence: tuple[EvidenceItem, ...], draft: Draft) -> None:
    """Files that came with an answer stand in the log before it; nothing where none came."""
    for_exposures(evidence, draft.claim)
    if evidence:
        draft.add(FilesEnclosed(evidence))


def seller_answer(claim: Claim, *, gone: bool) -> str:
    """The seller's last answer in the words of the policy's tables."""
    if claim.accepted_by == "seller":
        return "accepted"
    if not claim.seller_heard:
        return "gone" if gone or claim.stepped_in else "none_yet"
    last = next(tender for tender in reversed(claim.tenders) if tender.to == "seller")
    return "rejected" if last.answer == "rejected" else "silent"


def _ask_after_tender(draft: Draft, lines: tuple[DecidedLine, ...]) -> tuple[Row, tuple[Fact, ...]]:
    claim, facts = draft.claim, draft.case.facts
    amount_minor = sum(line.approved_minor for line in lines)
    approved = claim.approved_minor + amount_minor + sum(each.approved_minor for each in _others(draft))
    answer = "accepted" if claim.accepted_by else seller_answer(claim, gone=bool(facts.seller_gone))
    told: dict[str, object] = {
        "seller_answer": answer,
        "all_checks_passed": all(check.outcome == "pass" for check in claim.checks),
        "injury": claim.filed.injury,
        "in_full": amount_minor == claim.open_minor,
        "amount": amount_minor,
        "within_cap": approved <= claim.filed.incident_cap_minor,
    }
    return draft.case.rules.decide("after_tender", **told), facts_told(told)


def facts_told(told: dict[str, object]) -> tuple[Fact, ...]:
    """The facts as a table was told them, for the log: whoever reads them can ask the table again."""
    return tuple(Fact(name, value) for name, value in as_recorded(told))


def _others(draft: Draft) -> list[EarlierClaim]:
    claim = draft.claim
    return draft.case.facts.same_incident(claim.claim_id, claim.filed.incident_id)


def _to_a_person(draft: Draft, reasons: tuple[str, ...]) -> None:
    draft.add(ClaimReferred(reasons), by="machine:decision")
    draft.start_clock("step_in")
    draft.start_decision_clock()


def _why_reviewed(why: StepInWhy) -> str:
    return {"accepted": "tender_accepted", "rejected": "tender_rejected", "silent": "seller_silent"}.get(why, why)


def _why_of(claim: Claim) -> StepInWhy:
    """Why the platform pays, from how the tender went."""
    tender = claim.tender
    if tender is None or not claim.seller_heard:
        return "seller_gone"
    if tender.answer == "rejected":
        return "rejected"
    return {"offered": "offer_refused", "handles": "not_settled"}.get(tender.answer, "silent")  # type: ignore[return-value]


def _is_answered(code: str, command: StepIn) -> bool:
    return any(answer.code == code and answer.words is not None for answer in command.answers)


def _told(instant: object) -> str:
    return str(instant)[:16]
