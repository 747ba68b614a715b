"""How staff act on what waits for them: adjusters, reviewers, the programme owner, the safety officer, finance.

Start at next_step(): what the person whose turn it is does now, as one ask; None where it waits on purpose. The
behaviour is rule-shaped: it approves what papers show, raises a concern before it reduces, and refuses only what
the claimant has seen. Where people differ, a draw decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from makewhole import asks
from makewhole.asks import LineTold
from makewhole.domain.actors import Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim.events import Reason
from makewhole.domain.claim.paying import release_digest
from makewhole.domain.claim.screening import PAPERS
from makewhole.domain.claim.state import (
    AwaitingPayee,
    AwaitingRelease,
    AwaitingSecond,
    Claim,
    Exposure,
    UnderReview,
)
from makewhole.domain.claim.tender_commands import StepIn, TenderClaim
from makewhole.domain.claim.tendering import expected_minor, must_tender
from makewhole.handle import Ask
from makewhole.rehearsal.drawing import File
from makewhole.rehearsal.people import Scene, act, major
from makewhole.store.ids import new_id

REVIEWER_AUTHORITY = 50_000_00
PAYABLE = frozenset({"purchase_price", "medical_expense", "lost_wages", "property_damage"})
# What an adjuster makes of a check that did not pass: the concern's code, and how often it is raised at all.
SUSPICIONS = {
    "reused_photo": ("not_as_told", 0.8),
    "incident_before_delivery": ("not_as_told", 0.8),
    "duplicate_order_line": ("paid_elsewhere", 0.5),
    "same_day_elsewhere": ("paid_elsewhere", 0.5),
    "linked_payee": ("not_as_told", 0.5),
}
DAMAGED_BEFORE_IS_RAISED = 0.7
BELIEVED_AFTER_ANSWER = 0.65
ASKS_FOR_PAPER = 0.5
SENDS_BACK = 0.04
OVERTURNS = 0.35
AGREES_WITH_MACHINE = 0.97
SAFETY_IS_LATE = 0.05
REACHES_BY_PHONE = 0.5
RETURNED = 0.01
# Outcomes of the policy that no answer of a claimant's changes.
FINAL = frozenset({"too_late", "digital", "not_bought_here", "not_payable"})
PAPER_OF_HEAD = {"medical_expense": "bill", "lost_wages": "wage_statement", "property_damage": "receipt_or_estimate"}
CLAUSES = {
    "not_supported": "proof_required",
    "not_as_told": "machine_approval.checks",
    "paid_elsewhere": "machine_approval.checks",
    "not_caused": "payable_heads.payable",
    "not_payable": "payable_heads",
}
WORDS = {
    "not_supported": "The papers that we have show less than you claim.",
    "not_as_told": "What we see in the file does not fit what we were told.",
    "paid_elsewhere": "It seems that this loss is part of another claim.",
    "not_caused": "The report says that the product was damaged before it happened.",
    "not_payable": "The guarantee does not pay this kind of loss.",
}
ANSWER_TO_SELLER = "The papers in the file show the loss and its cause; what you sent does not stand against them."


def next_step(claim: Claim, file: File, scene: Scene, now: datetime) -> Ask | None:
    """What the person whose turn it is does next on this claim."""
    match claim.stage:
        case UnderReview(appeal=True):
            return _hear_appeal(claim, file, scene, now)
        case UnderReview():
            return _review(claim, file, scene, now)
        case AwaitingSecond():
            return _second_look(claim, file, scene, now)
        case AwaitingRelease(release) if not release.self_service:
            return _sign_with_minor(claim, file, scene, now)
        case AwaitingPayee() if "missed_claimant_answers" in claim.tasks:
            return _call_claimant(claim, file, scene, now)
        case _:
            return None


# The adjuster ----------------------------------------------------------------------------------------------


def _review(claim: Claim, file: File, scene: Scene, now: datetime) -> Ask | None:
    adjuster = _adjuster(claim, file, scene)
    if claim.assigned_to != adjuster.name:
        return act(do.AssignClaim(adjuster.name), claim, adjuster, now)
    views = [_look(exposure, claim, file, scene) for exposure in claim.exposures if exposure.open_minor]
    agreed = [view for view in views if not view.concern and not view.ask_paper]
    wanting = tuple((view.no, PAPER_OF_HEAD[view.exposure.head]) for view in views if view.ask_paper)
    if wanting:
        return act(do.RequestProof(wanting), claim, adjuster, now)
    if must_tender(claim) and expected_minor(claim) and any(view.approve_minor for view in agreed):
        return act(TenderClaim(), claim, adjuster, now)
    rejected = claim.tender is not None and claim.tender.answer == "rejected" and not claim.rejection_answered
    if views and len(agreed) == len(views):
        pays = any(view.approve_minor for view in agreed)
        return (_step_in if rejected and pays else _decide)(claim, agreed, adjuster, now)
    if agreed and not rejected and any(view.approve_minor for view in agreed):
        # What is undisputed is paid at once; the rest waits for the claimant's answer.
        return _decide(claim, [view for view in agreed if view.approve_minor], adjuster, now)
    return _raise_concern(claim, views, adjuster, now)


def _adjuster(claim: Claim, file: File, scene: Scene) -> Actor:
    """Whoever has it, else one by lot; never who filed it for the customer or changed where the money goes."""
    barred = {claim.filed_by, claim.payee_changed_by}
    free = tuple(actor for actor in scene.cast.adjusters if actor.name not in barred)
    if not free:
        return scene.pick(scene.cast.reviewers, file.number, "reviewer as adjuster")
    mine = next((actor for actor in free if actor.name == claim.assigned_to), None)
    return mine or scene.pick(free, file.number, "adjuster")


@dataclass(frozen=True, slots=True)
class _View:
    """What an adjuster makes of one exposure: a concern to raise, a paper to ask for, or what to approve."""

    exposure: Exposure
    approve_minor: int = 0
    code: str = ""  # why the rest is refused: a concern that the claimant was shown
    concern: str = ""
    ask_paper: bool = False

    @property
    def no(self) -> int:
        return self.exposure.no

    @property
    def line(self) -> LineTold:
        refused = self.exposure.open_minor - self.approve_minor
        code = self.code if refused else ""
        return LineTold(self.no, approve=major(self.approve_minor), refuse=major(refused), code=code)


def _look(exposure: Exposure, claim: Claim, file: File, scene: Scene) -> _View:
    shown = _shown_minor(exposure, claim)
    heard = [concern.code for concern in claim.concerns if concern.heard and exposure.no in concern.exposures]
    if heard:
        return _after_concern(exposure, heard[-1], shown, claim, file, scene)
    if exposure.head not in PAYABLE:
        return _View(exposure, concern="not_payable")
    suspicion = _suspicion(claim, file, scene)
    if suspicion:
        return _View(exposure, concern=suspicion)
    if shown < exposure.open_minor:
        asks_paper = exposure.head in PAPER_OF_HEAD and not claim.person_asked
        if asks_paper and scene.luck.happens(ASKS_FOR_PAPER, file.number, f"asks for paper {exposure.no}"):
            return _View(exposure, ask_paper=True)
        return _View(exposure, concern="not_supported")
    return _View(exposure, approve_minor=exposure.open_minor)


def _after_concern(exposure: Exposure, code: str, shown: int, claim: Claim, file: File, scene: Scene) -> _View:
    if code in FINAL:
        return _View(exposure, code=code)
    if code == "not_supported":
        return _View(exposure, approve_minor=shown, code=code)
    answered = isinstance(claim.stage, UnderReview) and "concern_answered" in claim.stage.reasons
    believed = answered and scene.luck.happens(BELIEVED_AFTER_ANSWER, file.number, f"believed {code}")
    return _View(exposure, approve_minor=shown if believed else 0, code=code)


def _shown_minor(exposure: Exposure, claim: Claim) -> int:
    """What papers show now, also those that came after the assessment; at most what is open."""
    if exposure.head not in PAYABLE:
        return 0
    if exposure.head == "purchase_price":
        shown = claim.filed.price_minor * claim.filed.quantity
    else:
        shown = sum(
            item.documented_minor
            for item in claim.current_evidence
            if item.kind in PAPERS and item.exposure_no == exposure.no
        )
    return max(0, min(shown - exposure.approved_minor, exposure.open_minor))


def _suspicion(claim: Claim, file: File, scene: Scene) -> str:
    for check in claim.checks:
        code, share = SUSPICIONS.get(check.name, ("", 0.0))
        if code and check.outcome == "refer" and scene.luck.happens(share, file.number, f"raises {check.name}"):
            return code
    raised = file.report.damaged_before and scene.luck.happens(DAMAGED_BEFORE_IS_RAISED, file.number, "damaged before")
    return "not_caused" if raised else ""


def _decide(claim: Claim, views: list[_View], by: Actor, now: datetime) -> Ask:
    command, words = asks.decision(_lines(claim, views), claim.currency)
    return act(command, claim, by, now, words)


def _lines(claim: Claim, views: list[_View]) -> tuple[LineTold, ...]:
    return tuple(
        view.line if not view.code else _with_reason(view.line, claim) for view in views if view.exposure.open_minor
    )


def _step_in(claim: Claim, views: list[_View], by: Actor, now: datetime) -> Ask:
    """The platform would pay although the seller rejected: each of its reasons is answered, and a second agrees."""
    assert claim.tender is not None
    decision, words = asks.decision(_lines(claim, views), claim.currency)
    spoken = [(code, asks.say(ANSWER_TO_SELLER)) for code in claim.tender.reasons]
    clause = f"{claim.policy_version} · after_tender.rejected"
    answers = tuple(Reason(code, clause, (), said.sealed) for code, said in spoken)
    return act(StepIn(decision.lines, answers), claim, by, now, (*words, *(said for _, said in spoken)))


def _with_reason(line: LineTold, claim: Claim) -> LineTold:
    if not line.code:
        return line
    return LineTold(
        line.exposure, line.approve, line.refuse, line.code, _clause(line.code, claim), words=WORDS.get(line.code, "")
    )


def _clause(code: str, claim: Claim) -> str:
    return f"{claim.policy_version} · {CLAUSES.get(code, 'in_scope.' + code)}"


def _raise_concern(claim: Claim, views: list[_View], by: Actor, now: datetime) -> Ask:
    code = next(view.concern for view in views if view.concern)
    about = tuple(view.no for view in views if view.concern == code)
    command, words = asks.concern(about, code, _clause(code, claim), WORDS[code])
    return act(command, claim, by, now, words)


# A second person, an appeal --------------------------------------------------------------------------------


def _second_look(claim: Claim, file: File, scene: Scene, now: datetime) -> Ask | None:
    assert isinstance(claim.stage, AwaitingSecond)
    barred = {claim.stage.proposed_by, claim.filed_by, claim.payee_changed_by}
    second = _somebody_else(claim, file, scene, barred, claim.stage.proposal.total_minor)
    first_time = not scene.times[file.number, "second look"]
    if first_time and scene.again(file.number, "second look").random() < SENDS_BACK:
        words = asks.say("Please look at the papers once more.")
        assert words.sealed is not None
        return act(do.ReturnDecision(words.sealed), claim, second, now, (words,))
    return act(do.ConfirmDecision(new_id()), claim, second, now)


def _somebody_else(claim: Claim, file: File, scene: Scene, barred: set[str], total_minor: int) -> Actor:
    if claim.appeals:
        barred = barred | claim.taken_part
    free = tuple(actor for actor in scene.cast.reviewers if actor.name not in barred)
    if not free or total_minor > REVIEWER_AUTHORITY:
        return scene.cast.owner
    return scene.pick(free, file.number, "second person")


def _hear_appeal(claim: Claim, file: File, scene: Scene, now: datetime) -> Ask | None:
    judge = _somebody_else(claim, file, scene, {claim.filed_by, claim.payee_changed_by}, claim.open_minor)
    if claim.assigned_to != judge.name:
        return act(do.AssignClaim(judge.name), claim, judge, now)
    views = []
    for exposure in claim.exposures:
        if not exposure.open_minor:
            continue
        code = [concern.code for concern in claim.concerns if exposure.no in concern.exposures][-1]
        overturned = code not in FINAL and scene.luck.happens(OVERTURNS, file.number, "appeal succeeds")
        views.append(_View(exposure, approve_minor=exposure.open_minor if overturned else 0, code=code))
    if must_tender(claim) and expected_minor(claim) and any(view.approve_minor for view in views):
        # It had been refused before the seller was heard.
        return act(TenderClaim(), claim, judge, now)
    return _decide(claim, views, judge, now)


# Release, payee --------------------------------------------------------------------------------------------


def _sign_with_minor(claim: Claim, file: File, scene: Scene, now: datetime) -> Ask:
    """A minor's release is signed in the adjuster's presence, with a parent."""
    adjuster = _adjuster(claim, file, scene)
    words = asks.say(f"parent of {file.person.name}", kind="signature")
    assert words.sealed is not None
    return act(do.SignRelease(release_digest(claim), words.sealed, new_id()), claim, adjuster, now, (words,))


def _call_claimant(claim: Claim, file: File, scene: Scene, now: datetime) -> Ask | None:
    """The claimant let the time pass: somebody takes the claim on, and may reach the claimant by telephone."""
    adjuster = _adjuster(claim, file, scene)
    if not claim.assigned_to:
        return act(do.AssignClaim(adjuster.name), claim, adjuster, now)
    if scene.times[file.number, "telephone"]:
        return None
    rng = scene.again(file.number, "telephone")
    if rng.random() >= REACHES_BY_PHONE:
        return None
    told = asks.PayoutTold("bank_transfer", f"US{rng.randrange(10**15, 10**16)}", file.person.name)
    return asks.other_payee(told, act(do.ChangePayee(claim.payee), claim, adjuster, now))


# Beside the main path: quality, safety, the bank -------------------------------------------------------------


def quality_step(claim: Claim, file: File, scene: Scene, now: datetime) -> Ask | None:
    if "quality_review" not in claim.tasks:
        return None
    agrees = scene.luck.happens(AGREES_WITH_MACHINE, file.number, "quality")
    words = asks.say("" if agrees else "I would have asked for one more photo.", required=False)
    return act(do.ReviewQuality(agrees, words.sealed), claim, scene.cast.reviewers[0], now, (words,))


def safety_step(claim: Claim, file: File, scene: Scene, now: datetime) -> Ask | None:
    """Within the day; one in twenty lies over for two days, past its clock."""
    if "safety_review" not in claim.tasks:
        return None
    if scene.luck.happens(SAFETY_IS_LATE, file.number, "safety") and now < claim.filed_at + timedelta(days=2):
        return None
    words = asks.say("Looked for other reports about this product; told the marketplace's product safety team.")
    assert words.sealed is not None
    return act(do.ReviewSafety("reported", words.sealed), claim, scene.cast.safety, now, (words,))


def bank_step(claim: Claim, file: File, scene: Scene, now: datetime) -> Ask | None:
    """The bank answers on the day after the order; one transfer in a hundred comes back."""
    for payment in claim.payments:
        if payment.state != "ordered" or now < payment.ordered_at + timedelta(days=1):
            continue
        order = payment.order
        ref = f"B{scene.luck.of(file.number, f'bank {order.seq}').randrange(10**9):09d}"
        transfer = order.payee.method == "bank_transfer"
        if transfer and scene.luck.happens(RETURNED, file.number, f"returned {order.seq}"):
            return act(do.ReturnPayment(order.payment_id, ref, "account_closed"), claim, scene.cast.finance, now)
        return act(do.ConfirmPayment(order.payment_id, ref), claim, scene.cast.finance, now)
    return None


Step = Callable[[Claim, File, Scene, datetime], Ask | None]
