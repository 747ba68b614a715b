"""How claimants, sellers, insurers and producers behave. Start at plans_of(): what each event makes them plan.

A plan is carried out by the function of its name in ACTS, which looks whether its reason still stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.events import EvidenceItem, EvidenceKind, Payee, Recorded, Sealed
from makewhole.domain.claim.paying import release_digest
from makewhole.domain.claim.state import (
    AwaitingAnswer,
    AwaitingConfirmation,
    AwaitingOffer,
    AwaitingPayee,
    AwaitingProof,
    AwaitingRelease,
    AwaitingSeller,
    Claim,
    Closed,
    SellerSettles,
)
from makewhole.domain.recovery import commands as rd
from makewhole.domain.recovery import events as rv
from makewhole.domain.recovery.state import Contested, Recovery
from makewhole.simulation.losses import PAPERS
from makewhole.simulation.lots import pick
from makewhole.simulation.mind import Act, Mind, Plan
from makewhole.simulation.people import BACKEND, FINANCE, WORDS, claimant_of, insurer_of, producer_of, seller_of
from makewhole.simulation.sellers import HABITS

# Claimants
SENDS_PROOF, SENDS_LATE, ANSWERS_CONCERN = 0.88, 0.25, 0.65
SIGNS, SIGNS_LATE, NAMES_ACCOUNT = 0.975, 0.5, 0.95
CONFIRMS, ANSWERS_OFFER = 0.92, 0.9
CONTENT_WITH, TALKS_FROM = 0.8, 0.5  # the share of what is open that is accepted, or answered with another amount
WITHDRAWS, APPEALS, APPEALS_WITH_PAPERS = 0.015, 0.18, 0.4
# Sellers
ANSWERS_LATE = 0.04
PAYS_AFTER_ACCEPTING, REPORTS_SETTLEMENT, SETTLED_TRULY = 0.85, 0.8, 0.93
SELLER_ANSWERS_OFFER, SELLER_TAKES_COUNTER = 0.8, 0.6
SPEAKS_ON_SMALL = 0.05  # sends evidence on a claim that the platform pays itself
SENDS_WHAT_PROVES_NOTHING = 0.06
CONTESTS_WITH_GROUND, CONTESTS_WITHOUT = 0.45, 0.1
KEEPS_INSTALMENT, PAYS_AS_IT_DOES = 0.85, 0.9
# Insurers and producers
INSURER_ASKS, INSURER_CONTESTS, RESERVED_THEN_ACCEPTS = 0.06, 0.06, 0.6
PRODUCER_ANSWERS, PRODUCER_ACCEPTS, PRODUCER_PAYS, PRODUCER_CONTESTS = 0.75, 0.6, 0.8, 0.08

PAPER_FOR: dict[str, EvidenceKind] = {
    "photo": "photo", "receipt_or_estimate": "repair_estimate", "bill": "medical_bill",
    "wage_statement": "wage_statement",
}  # fmt: skip


def notice(mind: Mind) -> Act:
    """The first notice of a loss."""
    loss = mind.loss
    parts = tuple(ev.ExposureClaimed(no, head, minor) for no, (head, minor) in enumerate(loss.parts, start=1))
    return do.FileClaim(
        claim_id=mind.shop.claim_id(loss.number),
        reference=f"MW-{loss.number}",
        incident_id=mind.new_id(),
        payment_id=mind.new_id(),
        claimant_id=mind.new_id(),
        channel="api",
        loss_date=loss.loss_date,
        exposures=parts,
        evidence=tuple(mind.file(kind, no, shows) for no, kind, shows in loss.papers),
        story=WORDS,
        payee=Payee(mind.new_id(), loss.method),
        injury=loss.injury,
        hazards=(loss.hazard,) if loss.hazard else (),
    ), BACKEND  # fmt: skip


def plans_of(recorded: Recorded, claim: Claim, mind: Mind) -> Iterator[Plan]:
    """What the parties plan because of this event."""
    at, event = recorded.at, recorded.event

    def plan(what: str, first: float, last: float, detail: object = None) -> Plan:
        return Plan(at + mind.days(first, last), what, detail)

    match event:
        case ev.ClaimFiled() if mind.happens(WITHDRAWS):
            yield plan("withdraws", 1, 20)
        case ev.ProofRequested() if mind.happens(SENDS_PROOF):
            yield plan("sends_proof", 0.5, 25)
        case ev.ConcernRaised() if mind.happens(ANSWERS_CONCERN):
            yield plan("answers_concern", 0.5, 25)
        case ev.ReleaseRequested() if mind.happens(SIGNS):
            yield plan("signs", 0.1, 6)
        case ev.ReleaseRequested() if mind.happens(SIGNS_LATE):
            yield plan("signs", 31, 60)
        case ev.PaymentReturned() if mind.happens(NAMES_ACCOUNT):
            yield plan("names_account", 0.5, 10)
        case ev.ClaimClosed(outcome="unanswered") if mind.happens(SENDS_LATE):
            yield plan("sends_proof", 5, 40)
        case ev.ClaimClosed() if claim.refused_minor and not claim.appeals and mind.happens(APPEALS):
            yield plan("appeals", 3, 150)
        case ev.SellerNotified(proof_asked=asked):
            if claim.track == "direct" and mind.happens(SPEAKS_ON_SMALL):
                yield plan("sends_evidence", 1, 20)
            if asked:
                yield from _shows_cover(plan, mind)
        case tv.ProofOfInsuranceAsked():
            yield from _shows_cover(plan, mind)
        case tv.ClaimTendered(to="seller"):
            yield from _answers_tender(plan, mind)
        case tv.ClaimTendered() if mind.happens(PRODUCER_ANSWERS):
            yield plan("producer_answers", 0.5, 6.5)
        case tv.TenderAccepted(payer="seller") if mind.happens(PAYS_AFTER_ACCEPTING):
            mind.settled_truly = True
            yield plan("reports_settlement", 0.5, 6)
        case tv.SellerHandles() if mind.happens(REPORTS_SETTLEMENT):
            mind.settled_truly = mind.happens(SETTLED_TRULY)
            yield plan("reports_settlement", 2, 28)
        case tv.SettlementReported() if mind.happens(CONFIRMS):
            yield plan("confirms_settlement", 0.2, 8)
        case tv.OfferMade(by="seller") if mind.happens(ANSWERS_OFFER):
            yield plan("claimant_answers_offer", 0.3, 10)
        case tv.OfferMade(by="claimant") if mind.happens(SELLER_ANSWERS_OFFER):
            yield plan("seller_answers_offer", 0.3, 6)
        case tv.InsurerNotified():
            yield from _insurer_answers(plan, mind)
        case rv.RecoveryOpened(shares=shares):
            for share in shares:
                yield from _debtor(plan, share.debtor, mind, contests=True)
        case rv.RecoveryRaised(share=share):
            yield from _debtor(plan, share.debtor, mind, contests=False)
        case rv.DebtShifted(to_debtor=debtor):
            yield from _debtor(plan, debtor, mind, contests=True)
        case rv.ContestDecided(outcome="partly" | "dismissed"):
            assert claim.recovery is not None
            yield from _debtor(plan, claim.recovery.contests[-1].by, mind, contests=False)
        case _:
            pass


Planner = Callable[..., Plan]


def _shows_cover(plan: Planner, mind: Mind) -> Iterator[Plan]:
    match mind.seller.cover:
        case "shown_in_time":
            yield plan("shows_cover", 0.5, 6)
        case "shown_late":
            yield plan("shows_cover", 9, 60)
        case "none" if mind.happens(SENDS_WHAT_PROVES_NOTHING):
            yield plan("shows_cover", 0.5, 6)
        case _:
            pass


def _answers_tender(plan: Planner, mind: Mind) -> Iterator[Plan]:
    if mind.answer == "silent":
        return
    if mind.answer == "asks_time":
        yield plan("asks_time", 3, 6.5)
        mind.answer = pick({name: share for name, share in HABITS.items() if name != "asks_time"}, mind.rng)
        if mind.answer != "silent":
            yield plan("answers_tender", 7.5, 13)
    elif mind.happens(ANSWERS_LATE):
        yield plan("answers_tender", 8, 12, "late")
    else:
        yield plan("answers_tender", 0.3, 6.8)


def _insurer_answers(plan: Planner, mind: Mind) -> Iterator[Plan]:
    habit = mind.seller.insurer_habit
    if habit == "silent":
        return
    if habit == "reserves_rights":
        yield plan("insurer_answers", 2, 10, "reserves_rights")
        yield plan("insurer_answers", 12, 27, "accepts" if mind.happens(RESERVED_THEN_ACCEPTS) else "denies")
        return
    if mind.happens(INSURER_ASKS):
        yield plan("insurer_answers", 1, 5, "asks")
    yield plan("insurer_answers", 6, 26, habit)


def _debtor(plan: Planner, debtor: rv.Debtor, mind: Mind, *, contests: bool) -> Iterator[Plan]:
    """Whoever owes contests, pays, asks for instalments, or lets it be withheld."""
    if debtor == "seller":
        share = CONTESTS_WITHOUT if mind.loss.founded else CONTESTS_WITH_GROUND
        if contests and mind.happens(share):
            yield plan("contests", 2, 28, debtor)
        if mind.seller.repays == "pays" and mind.happens(PAYS_AS_IT_DOES):
            yield plan("pays_debt", 5, 45, debtor)
        elif mind.seller.repays == "in_instalments":
            yield plan("agrees_instalments", 3, 12)
    elif debtor == "insurer":
        if contests and mind.happens(INSURER_CONTESTS):
            yield plan("contests", 2, 28, debtor)
        yield plan("pays_debt", 20, 60, debtor)
    else:
        if contests and mind.happens(PRODUCER_CONTESTS):
            yield plan("contests", 2, 28, debtor)
        if mind.happens(PRODUCER_PAYS):
            yield plan("pays_debt", 10, 50, debtor)


# Claimants -----------------------------------------------------------------------------------------------


def _withdraws(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    if isinstance(claim.stage, Closed) or claim.payment_under_way:
        return None
    return do.WithdrawClaim(WORDS), claimant_of(claim)


def _sends_proof(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    """Everything that was asked for; on a claim closed for want of it, everything that it can be about."""
    sent: list[EvidenceItem] = []
    if isinstance(claim.stage, AwaitingProof):
        for missing in claim.stage.missing:
            exposure, kind = claim.exposure(missing.exposure_no), PAPER_FOR[missing.what]
            assert exposure is not None
            sent.append(mind.file(kind, exposure.no, 0 if kind == "photo" else exposure.claimed_minor))
    elif isinstance(claim.stage, Closed) and claim.stage.outcome == "unanswered":
        for exposure in claim.exposures:
            for kind in PAPERS.get(exposure.head, ()):
                sent.append(mind.file(kind, exposure.no, 0 if kind == "photo" else exposure.claimed_minor))
    return (do.AddProof(tuple(sent), mind.new_id()), claimant_of(claim)) if sent else None


def _answers_concern(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    if not isinstance(claim.stage, AwaitingAnswer):
        return None
    return do.AnswerConcern((), WORDS), claimant_of(claim)


def _signs(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    if not isinstance(claim.stage, AwaitingRelease):
        return None
    return do.SignRelease(release_digest(claim), WORDS, mind.new_id()), claimant_of(claim)


def _names_account(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    if not isinstance(claim.stage, AwaitingPayee):
        return None
    return do.ChangePayee(Payee(mind.new_id(), "bank_transfer")), claimant_of(claim)


def _appeals(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    if not isinstance(claim.stage, Closed) or not claim.refused_minor:
        return None
    sent: tuple[EvidenceItem, ...] = ()
    if mind.happens(APPEALS_WITH_PAPERS):
        sent = tuple(
            mind.file(kind, exposure.no, 0 if kind == "photo" else exposure.claimed_minor)
            for exposure in claim.exposures
            if exposure.refused_minor
            for kind in PAPERS.get(exposure.head, ())
        )
    return do.Appeal(WORDS, sent), claimant_of(claim)


def _confirms_settlement(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    if not isinstance(claim.stage, AwaitingConfirmation):
        return None
    return td.ConfirmSettlement(mind.settled_truly, mind.new_id(), WORDS), claimant_of(claim)


def _claimant_answers_offer(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    if not isinstance(claim.stage, AwaitingOffer) or claim.stage.offer.by != "seller":
        return None
    offered = claim.stage.offer.amount_minor
    if offered >= CONTENT_WITH * claim.open_minor:
        return td.AcceptOffer(mind.new_id()), claimant_of(claim)
    if offered >= TALKS_FROM * claim.open_minor and len(claim.offers) < 4:
        return td.MakeOffer(round(0.9 * claim.open_minor), WORDS), claimant_of(claim)
    return td.RefuseOffer(mind.new_id(), WORDS), claimant_of(claim)


# Sellers -------------------------------------------------------------------------------------------------


def _answers(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    """By what this seller does with its tenders. One that is gone answers nothing."""
    stage, seller = claim.stage, seller_of(claim)
    if detail == "late" and not mind.shop.gone(at):
        return td.AcceptTender("platform", mind.new_id(), WORDS), seller
    if not isinstance(stage, AwaitingSeller) or stage.to != "seller" or mind.shop.gone(at):
        return None
    match mind.answer:
        case "lets_platform_pay":
            return td.AcceptTender("platform", mind.new_id(), WORDS), seller
        case "pays":
            return td.AcceptTender("seller", mind.new_id(), WORDS), seller
        case "handles":
            return td.HandleClaim(WORDS), seller
        case "offers":
            amount_minor = max(1, round(claim.open_minor * mind.rng.uniform(0.4, 1.0)))
            return td.MakeOffer(amount_minor, WORDS), seller
        case "rejects":
            without = ("misuse", "amount_too_high", "not_delivered_by_us")
            reasons = (mind.rng.choice(without),) if mind.loss.founded else ("no_defect",)
            return td.RejectTender(reasons, WORDS, (mind.file("other"),)), seller
        case "names_producer":
            return td.NameProducer(Sealed(mind.new_id(), "producer"), WORDS), seller
        case _:
            return None


def _asks_time(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    waits = isinstance(claim.stage, AwaitingSeller) and not mind.shop.gone(at)
    return (td.AskMoreTime(WORDS), seller_of(claim)) if waits else None


def _reports_settlement(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    if not isinstance(claim.stage, SellerSettles) or mind.shop.gone(at):
        return None
    return td.ReportSettlement(claim.stage.amount_minor, (mind.file("receipt"),), WORDS), seller_of(claim)


def _seller_answers_offer(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    if not isinstance(claim.stage, AwaitingOffer) or claim.stage.offer.by != "claimant" or mind.shop.gone(at):
        return None
    if mind.happens(SELLER_TAKES_COUNTER):
        return td.AcceptOffer(mind.new_id()), seller_of(claim)
    if mind.happens(0.5):
        return td.MakeOffer(round(0.82 * claim.stage.offer.amount_minor), WORDS), seller_of(claim)
    return td.RefuseOffer(mind.new_id(), WORDS), seller_of(claim)


def _sends_evidence(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    return do.AddSellerEvidence((mind.file("other"),), WORDS), seller_of(claim)


def _shows(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    over = claim.recovery is not None and not claim.recovery.is_open
    if over or not claim.proof_asked or "proof_of_insurance" in claim.tasks:
        return None
    return td.SendProofOfInsurance((mind.file("other"),), WORDS), seller_of(claim)


# Insurers and producers ----------------------------------------------------------------------------------


def _producer_answers(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    if not isinstance(claim.stage, AwaitingSeller) or claim.stage.to != "producer":
        return None
    if mind.loss.founded and mind.happens(PRODUCER_ACCEPTS):
        return td.AcceptTender("platform", mind.new_id(), WORDS), producer_of(claim)
    return td.RejectTender(("no_defect",), WORDS, (mind.file("other"),)), producer_of(claim)


def _answers_as_insurer(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    insurer = claim.insurer
    if insurer is None or claim.held("insurer_answers") is None or insurer.answer in ("accepts", "denies", "silent"):
        return None
    clause = "exclusion j, damage to your product" if detail == "denies" else ""
    return td.AnswerAsInsurer(detail, clause, (), WORDS), insurer_of(claim)  # type: ignore[arg-type]


# Who owes ------------------------------------------------------------------------------------------------


def _contests(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    recovery = _running(claim)
    who: rv.Debtor = detail  # type: ignore[assignment]
    if recovery is None or not recovery.outstanding_minor(who) or any(each.by == who for each in recovery.contests):
        return None
    if isinstance(recovery.stage, Contested) or claim.held("seller_contests") is None:
        return None
    if who == "seller" and mind.shop.gone(at):
        return None
    if who == "insurer":
        return rd.ContestRecovery(("not_covered",), WORDS), insurer_of(claim)
    by = seller_of(claim) if who == "seller" else producer_of(claim)
    without = mind.rng.choice(("amount", "misuse", "not_heard"))
    reasons = (without if mind.loss.founded else "no_defect",)
    return rd.ContestRecovery(reasons, WORDS, (mind.file("other"),)), by


def _pays_debt(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    """All that is still to pay, beyond what is held; nobody pays what it contests."""
    recovery = _running(claim)
    who: rv.Debtor = detail  # type: ignore[assignment]
    if recovery is None or isinstance(recovery.stage, Contested) or (who == "seller" and mind.shop.gone(at)):
        return None
    if who == "insurer" and (claim.insurer is None or claim.insurer.answer != "accepts"):
        return None
    owed = recovery.outstanding_minor(who) - (recovery.held_minor if who == "seller" else 0)
    return (rd.ReceiveRecovery(mind.new_id(), who, owed, "transfer"), FINANCE) if owed > 0 else None


def _agrees_instalments(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    """Three months, in equal parts but for the cents."""
    recovery = _running(claim)
    if recovery is None or claim.held("instalment") or isinstance(recovery.stage, Contested) or mind.shop.gone(at):
        return None
    owed = recovery.outstanding_minor("seller") - recovery.held_minor
    if owed < 300:
        return None
    today = mind.shop.market.calendar.day_of(at)
    days = [today + timedelta(days=30 * month) for month in (1, 2, 3)]
    amounts = [owed // 3, owed // 3, owed - 2 * (owed // 3)]
    instalments = tuple(rv.Instalment(day, amount) for day, amount in zip(days, amounts, strict=True))
    for each in instalments:
        if not mind.happens(KEEPS_INSTALMENT):
            break
        mind.later.append(Plan(_morning(each.due_on, mind), "pays_instalment", each.amount_minor))
    return rd.AgreeInstalments(instalments), FINANCE


def _pays_instalment(claim: Claim, mind: Mind, at: datetime, detail: object) -> Act | None:
    recovery = _running(claim)
    if recovery is None or not claim.held("instalment") or mind.shop.gone(at):
        return None
    assert isinstance(detail, int)
    amount_minor = min(detail, recovery.outstanding_minor("seller") - recovery.held_minor)
    if amount_minor <= 0:
        return None
    return rd.ReceiveRecovery(mind.new_id(), "seller", amount_minor, "instalment"), FINANCE


def _running(claim: Claim) -> Recovery | None:
    return claim.recovery if claim.recovery is not None and claim.recovery.is_open else None


def _morning(day: date, mind: Mind) -> datetime:
    return mind.shop.market.calendar.instant(day, time(10))


ACTS: dict[str, Callable[[Claim, Mind, datetime, object], Act | None]] = {
    "withdraws": _withdraws,
    "sends_proof": _sends_proof,
    "answers_concern": _answers_concern,
    "signs": _signs,
    "names_account": _names_account,
    "appeals": _appeals,
    "confirms_settlement": _confirms_settlement,
    "claimant_answers_offer": _claimant_answers_offer,
    "answers_tender": _answers,
    "asks_time": _asks_time,
    "reports_settlement": _reports_settlement,
    "seller_answers_offer": _seller_answers_offer,
    "sends_evidence": _sends_evidence,
    "shows_cover": _shows,
    "producer_answers": _producer_answers,
    "insurer_answers": _answers_as_insurer,
    "contests": _contests,
    "pays_debt": _pays_debt,
    "agrees_instalments": _agrees_instalments,
    "pays_instalment": _pays_instalment,
}
