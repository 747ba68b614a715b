"""How staff act: adjusters, reviewers, the programme's owners, finance, the safety officer, the bank. Rule-shaped.

Start at plans_of() and review(). An adjuster approves what papers show, has the seller heard, raises a concern before
it reduces; a second person confirms; contests and appeals go to somebody who took no part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from makewhole.domain.actors import Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.events import DecidedLine, Reason, Recorded
from makewhole.domain.claim.screening import PAPERS
from makewhole.domain.claim.state import AwaitingConfirmation, AwaitingSecond, Claim, Exposure, UnderReview
from makewhole.domain.claim.tendering import expected_minor, must_tender
from makewhole.domain.recovery import commands as rd
from makewhole.domain.recovery import events as rv
from makewhole.domain.recovery.state import Contested
from makewhole.simulation.mind import Act, Mind, Plan
from makewhole.simulation.people import ADJUSTERS, FINANCE, OWNERS, REVIEWERS, SAFETY, WORDS, one_of
from makewhole.simulation.shop import DEBTORS

RETURNED = 0.01
SENDS_BACK = 0.03
BELIEVED, BELIEVED_WRONGLY = 0.7, 0.15  # after the claimant answered a concern
APPEAL_SUCCEEDS, APPEAL_SUCCEEDS_WRONGLY = 0.6, 0.1
AGREES_WITH_MACHINE = 0.97
FINDS_NO_DEFECT = 0.6  # of small claims that a seller has shown to be unfounded
SUBROGATION_CLEAR = 0.6
# A contest with a ground, and one without: upheld, upheld in part; else dismissed.
WITH_GROUND, WITHOUT_GROUND = (0.65, 0.15), (0.03, 0.07)
WRITES_OFF_DAYS, WRITES_OFF_GONE_DAYS = 210, 90


def plans_of(recorded: Recorded, claim: Claim, mind: Mind) -> Iterator[Plan]:
    """What waits for staff because of this event, and when they come to it."""

    def plan(what: str, first: float, last: float, detail: object = None) -> Plan:
        return Plan(mind.at_work(recorded.at + mind.days(first, last)), what, detail)

    match recorded.event:
        case ev.PaymentOrdered(payment_id=payment_id):
            yield plan("bank", 0.8, 2, payment_id)
        case ev.SafetyReviewAsked():
            yield plan("safety", 0.1, 0.9)
        case ev.QualityReviewAsked():
            yield plan("quality", 1, 6)
        case ev.SellerEvidenceAdded():
            yield plan("seller_evidence", 2, 15)
        case ev.DeadlineMissed(clock=clock):
            yield plan("missed", 0.2, 4, f"missed_{clock}")
        case tv.ProofOfInsuranceSent():
            yield plan("proof_of_insurance", 0.5, 4)
        case tv.InsurerNotified(platform_is_insured=True):
            yield plan("subrogation", 0.5, 5)
        case tv.InsurerAnswered(answer="asks"):
            yield plan("finish", 0.5, 3, "insurer_asks")
        case rv.RecoveryContested():
            yield plan("contest", 2, 20)
        case rv.RepaymentOrdered():
            yield plan("repay", 0.5, 5)
        case rv.InstalmentMissed():
            yield plan("finish", 0.5, 3, "instalment_missed")
        case rv.RecoveryOpened(obstacle=obstacle):
            days = WRITES_OFF_GONE_DAYS if obstacle else WRITES_OFF_DAYS
            yield plan("write_off", days, days + 10)
        case rv.ObstacleNoted():
            yield plan("write_off", WRITES_OFF_GONE_DAYS, WRITES_OFF_GONE_DAYS + 10)
        case _:
            pass


# Deciding ------------------------------------------------------------------------------------------------


def review(claim: Claim, mind: Mind, at: datetime) -> Act | None:
    """What the person whose turn it is does next."""
    match claim.stage:
        case AwaitingSecond():
            return _second_look(claim, mind, at)
        case UnderReview(appeal=appeal):
            by = one_of(REVIEWERS, _barred(claim), mind.rng) if appeal else _adjuster(claim, mind)
            return _review(claim, mind, by, at)
        case _:
            return None


@dataclass(frozen=True, slots=True)
class _View:
    """What a person makes of one exposure: a concern to raise, or what to approve and why the rest is refused."""

    exposure: Exposure
    approve_minor: int = 0
    concern: str = ""
    code: str = ""

    def line(self, clause: str) -> DecidedLine:
        refused = self.exposure.open_minor - self.approve_minor
        reason = Reason(self.code, clause, (), WORDS) if refused else None
        return DecidedLine(self.exposure.no, self.approve_minor, refused, reason)


def _review(claim: Claim, mind: Mind, by: Actor, at: datetime) -> Act:
    views = [_look(exposure, claim, mind) for exposure in claim.exposures if exposure.open_minor]
    agreed = [view for view in views if not view.concern]
    pays = any(view.approve_minor for view in agreed)
    if pays and must_tender(claim) and not mind.shop.gone(at) and expected_minor(claim):
        return td.TenderClaim(), by
    clauses = {"not_supported": "proof_required", "not_caused": "payable_heads.payable"}
    lines = tuple(view.line(f"{claim.policy_version} · {clauses.get(view.code, view.code)}") for view in agreed)
    rejected = claim.tender is not None and claim.tender.answer == "rejected" and not claim.rejection_answered
    if len(agreed) == len(views):
        if pays and rejected:
            assert claim.tender is not None
            clause = f"{claim.policy_version} · after_tender.rejected"
            answers = tuple(Reason(code, clause, (), WORDS) for code in claim.tender.reasons)
            return td.StepIn(lines, answers), by
        return do.Decide(lines, mind.new_id()), by
    if pays and not rejected:
        # What is undisputed is paid at once; the rest waits for the claimant's answer.
        return do.Decide(tuple(line for line in lines if line.approved_minor), mind.new_id()), by
    code = next(view.concern for view in views if view.concern)
    about = tuple(view.exposure.no for view in views if view.concern == code)
    reason = Reason(code, f"{claim.policy_version} · {clauses[code]}", (), WORDS)
    return do.RaiseConcern(about, reason), by


def _look(exposure: Exposure, claim: Claim, mind: Mind) -> _View:
    shown = _shown_minor(exposure, claim)
    heard = [concern.code for concern in claim.concerns if concern.heard and exposure.no in concern.exposures]
    if "not_caused" in heard:
        return _View(exposure, approve_minor=shown if _believes(claim, mind) else 0, code="not_caused")
    if mind.suspects(claim) and not claim.appeals:
        return _View(exposure, concern="not_caused")
    if "not_supported" in heard:
        return _View(exposure, approve_minor=shown, code="not_supported")
    return (
        _View(exposure, approve_minor=shown)
        if shown == exposure.open_minor
        else _View(exposure, concern="not_supported")
    )


def _believes(claim: Claim, mind: Mind) -> bool:
    """Drawn once for the claim, and once more for its appeal."""
    if claim.appeals:
        if mind.appeal_succeeds is None:
            mind.appeal_succeeds = mind.happens(APPEAL_SUCCEEDS if mind.loss.founded else APPEAL_SUCCEEDS_WRONGLY)
        return mind.appeal_succeeds
    if mind.believed is None:
        answered = isinstance(claim.stage, UnderReview) and "concern_answered" in claim.stage.reasons
        mind.believed = answered and mind.happens(BELIEVED if mind.loss.founded else BELIEVED_WRONGLY)
    return mind.believed


def _shown_minor(exposure: Exposure, claim: Claim) -> int:
    """What papers show of what is open; an agreed amount is what was agreed."""
    if exposure.waived_minor:
        return exposure.open_minor
    if exposure.head == "purchase_price":
        shown = claim.filed.price_minor * claim.filed.quantity
    else:
        papers = [item for item in claim.current_evidence if item.kind in PAPERS and item.exposure_no == exposure.no]
        shown = sum(item.documented_minor for item in papers)
    return max(0, min(shown - exposure.approved_minor, exposure.open_minor))


def _second_look(claim: Claim, mind: Mind, at: datetime) -> Act:
    assert isinstance(claim.stage, AwaitingSecond)
    proposal = claim.stage.proposal
    limit_minor = mind.shop.rules(mind.loss.number, at).amount("authority_reviewer")
    barred = _barred(claim) | {claim.stage.proposed_by}
    by = one_of(OWNERS if proposal.total_minor > limit_minor else REVIEWERS, barred, mind.rng)
    if not mind.sent_back and mind.happens(SENDS_BACK):
        mind.sent_back = True
        return do.ReturnDecision(WORDS), by
    return do.ConfirmDecision(mind.new_id()), by


def _adjuster(claim: Claim, mind: Mind) -> Actor:
    barred = _barred(claim)
    return mind.adjuster if mind.adjuster.name not in barred else one_of(ADJUSTERS, barred, mind.rng)


def _barred(claim: Claim) -> set[str]:
    return {claim.filed_by, claim.payee_changed_by, *claim.barred}


# Beside the main path ------------------------------------------------------------------------------------


def _bank(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    """One transfer in a hundred comes back, the first time."""
    payment = next((each for each in claim.payments if each.order.payment_id == detail), None)
    if payment is None or payment.state != "ordered":
        return None
    order = payment.order
    if order.payee.method == "bank_transfer" and order.seq == 1 and mind.happens(RETURNED):
        return do.ReturnPayment(order.payment_id, "B", "account_closed"), FINANCE
    return do.ConfirmPayment(order.payment_id, "B"), FINANCE


def _safety(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    return do.ReviewSafety("reported", WORDS), SAFETY


def _quality(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    return do.ReviewQuality(mind.happens(AGREES_WITH_MACHINE), WORDS), one_of(REVIEWERS, (), mind.rng)


def _seller_evidence(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    """Late evidence of no defect changes who bears it; other evidence is read, and that is said."""
    over = claim.recovery is not None and not claim.recovery.is_open
    by = _adjuster(claim, mind)
    if (
        claim.paid_minor
        and not claim.no_defect
        and not over
        and not mind.loss.founded
        and mind.happens(FINDS_NO_DEFECT)
    ):
        clause = f"{claim.policy_version} · bearer.no_defect"
        return td.FindNoDefect(Reason("no_defect", clause, (), WORDS)), by
    return (do.FinishTask("seller_evidence", WORDS), by) if "seller_evidence" in claim.tasks else None


def _missed(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    """A missed deadline is looked at. Where the claimant was silent about a settlement, the evidence of it decides."""
    if isinstance(claim.stage, AwaitingConfirmation) and detail == "missed_claimant_answers":
        return td.ConfirmSettlement(mind.settled_truly, mind.new_id(), WORDS), _adjuster(claim, mind)
    return _finish(claim, mind, at, detail)


def _finish(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    assert isinstance(detail, str)
    return (do.FinishTask(detail, WORDS), one_of(OWNERS, (), mind.rng)) if detail in claim.tasks else None


def _proof_of_insurance(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    """What proves cover is put on file first: it holds for the seller's other claims too."""
    proves = mind.seller.coverage is not None
    mind.shop.cover_on_file |= proves
    return td.CheckProofOfInsurance(proves, WORDS), _adjuster(claim, mind)


def _subrogation(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    if claim.insurer is None or not claim.insurer.to_be_checked:
        return None
    return td.CheckSubrogation(mind.happens(SUBROGATION_CLEAR), WORDS), FINANCE


def _contest(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    recovery = claim.recovery
    if recovery is None or not isinstance(recovery.stage, Contested):
        return None
    barred = claim.taken_part | {claim.filed_by, recovery.demanded_by}
    judge = one_of((*REVIEWERS, *OWNERS), barred, mind.rng)
    contest = recovery.contests[-1]
    grounded = not mind.loss.founded and contest.by != "insurer"
    upheld, partly = WITH_GROUND if grounded else WITHOUT_GROUND
    debt = recovery.debt(contest.by)
    owed = debt.owed_minor - debt.written_off_minor
    drawn = mind.rng.random()
    outcome: rv.ContestOutcome = "upheld" if drawn < upheld else "dismissed"
    if upheld <= drawn < upheld + partly and owed > 1:
        outcome = "partly"
    off_minor = max(1, owed // 3) if outcome == "partly" else 0
    reason = Reason(contest.reasons[0], recovery.opened.clause.clause, (), WORDS)
    return rd.DecideContest(outcome, reason, off_minor), judge


def _repay(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    recovery = claim.recovery
    due = recovery.repaid_minor - recovery.repayments_made_minor if recovery else 0
    return (rd.ConfirmRepayment(due, "repaid"), FINANCE) if due else None


def _write_off(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    """What nobody paid in all that time; not while it is contested or paid by instalments."""
    recovery = claim.recovery
    if recovery is None or not recovery.is_open:
        return None
    if isinstance(recovery.stage, Contested) or claim.held("instalment") or "proof_of_insurance" in claim.tasks:
        mind.later.append(Plan(mind.at_work(at + timedelta(days=30)), "write_off"))
        return None
    for debtor in DEBTORS:
        left = recovery.outstanding_minor(debtor) - (recovery.held_minor if debtor == "seller" else 0)
        if left > 0:
            code = recovery.obstacle or "uneconomic"
            clause = recovery.opened.clause.clause
            mind.later.append(Plan(at + timedelta(hours=1), "write_off"))
            return rd.WriteOff(debtor, left, Reason(code, clause, (), WORDS)), FINANCE
    return None


ACTS: dict[str, Callable[[Claim, Mind, datetime, object], Act | None]] = {
    "bank": _bank,
    "safety": _safety,
    "quality": _quality,
    "seller_evidence": _seller_evidence,
    "missed": _missed,
    "finish": _finish,
    "proof_of_insurance": _proof_of_insurance,
    "subrogation": _subrogation,
    "contest": _contest,
    "repay": _repay,
    "write_off": _write_off,
}
