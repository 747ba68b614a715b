"""The seller's, the insurer's and the recovery's words of a worked case: what they do, and what is expected of it.

DOES is the vocabulary; `now` says how things stand, in the same words. playing.py reads both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cast import (
    ACME,
    FIN,
    HARBOUR_ID,
    WORDS,
    cover,
    open_accounts,
    paper,
    pay_id,
    receipt,
    repaid,
)  # fmt: skip

from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim.commands import AddSellerEvidence
from makewhole.domain.claim.events import Reason
from makewhole.domain.claim.state import Claim
from makewhole.domain.recovery import commands as rd
from makewhole.domain.recovery.events import Debtor, Instalment
from makewhole.domain.recovery.state import Ended, Recovery

if TYPE_CHECKING:
    from cases.playing import Play

Told = dict[str, Any]  # a table of the file: the words of a handler
DEBTORS: dict[str, Debtor] = {"Kettle Co": "seller", "Harbour Mutual": "insurer", "Acme": "producer"}
COVER_KEYS = {"insurer", "deductible", "limit", "insures_us"}
STEP_KEYS = {"amount", "because", "answers", "clause", "payout", "from", "result", "off", "instalments", "of", "cover"}
OUTCOME_KEYS = {
    "who_bears", "stepped_in", "settled_by_seller", "given_up_by_claimant", "insurer_said", "recovery", "basis",
    "demanded", "still_owed", "withheld", "recovered", "given_back", "written_off", "borne_by", "books",
}  # fmt: skip


def cover_of(play: Play, told: Told) -> Any:
    """The seller's policy of the day of the incident, as a case tells it. (Any: of the world's facts.)"""
    return cover(
        insurer=HARBOUR_ID if told.get("insurer") == "Harbour Mutual" else None,
        deductible=play.minor(told.get("deductible", "0.00")),
        limit=play.minor(told.get("limit", "1000000.00")),
        ours=told.get("insures_us", False),
    )


# The seller answers ---------------------------------------------------------------------------------------------


def tenders(play: Play, told: Told) -> None:
    play.do(told, td.TenderClaim())


def accepts_and_pays(play: Play, told: Told) -> None:
    play.do(told, td.AcceptTender("seller", pay_id()))


def accepts(play: Play, told: Told) -> None:
    play.do(told, td.AcceptTender("platform", pay_id()))


def handles_it(play: Play, told: Told) -> None:
    play.do(told, td.HandleClaim())


def says_it_paid(play: Play, told: Told) -> None:
    sent = (paper(61, "receipt", 0, play.minor(told["amount"])),) if told.get("papers") == "all" else ()
    play.do(told, td.ReportSettlement(play.minor(told["amount"]), sent))


def confirms(play: Play, told: Told) -> None:
    play.do(told, td.ConfirmSettlement(True, pay_id(), WORDS))


def denies(play: Play, told: Told) -> None:
    play.do(told, td.ConfirmSettlement(False, pay_id(), WORDS))


def offers(play: Play, told: Told) -> None:
    play.do(told, td.MakeOffer(play.minor(told["amount"])))


def accepts_the_offer(play: Play, told: Told) -> None:
    play.do(told, td.AcceptOffer(pay_id()))


def refuses_the_offer(play: Play, told: Told) -> None:
    play.do(told, td.RefuseOffer(pay_id()))


def rejects(play: Play, told: Told) -> None:
    sent = (paper(62, "other", 0),) if told.get("papers") == "all" else ()
    play.do(told, td.RejectTender(tuple(told["because"]), WORDS, sent))


def asks_for_more_time(play: Play, told: Told) -> None:
    play.do(told, td.AskMoreTime(WORDS))


def names_the_producer(play: Play, told: Told) -> None:
    play.do(told, td.NameProducer(ACME))


def proposes_to_step_in(play: Play, told: Told) -> None:
    clause = f"{play.world.policies[-1][2]} · after_tender.rejected"
    answers = tuple(Reason(code, clause, (), WORDS) for code in told.get("answers", ()))
    play.do(told, td.StepIn(play.lines(told), answers))


def finds_no_defect(play: Play, told: Told) -> None:
    play.do(told, td.FindNoDefect(_reason(play, "no_defect")))


def sends_evidence(play: Play, told: Told) -> None:
    play.do(told, AddSellerEvidence((paper(65, "other", 0),), WORDS))


# Insurance --------------------------------------------------------------------------------------------------------


def sends_proof_of_insurance(play: Play, told: Told) -> None:
    play.do(told, td.SendProofOfInsurance((paper(63, "other", 0),)))


def enters_cover(play: Play, told: Told) -> None:
    """The marketplace's record of the seller's policy, which comes before a proof of it is accepted."""
    play.world.facts |= {"seller_insured": True, "coverage": cover_of(play, told.get("cover", {}))}


def accepts_the_proof(play: Play, told: Told) -> None:
    play.do(told, td.CheckProofOfInsurance(True, WORDS))


def turns_the_proof_down(play: Play, told: Told) -> None:
    play.do(told, td.CheckProofOfInsurance(False, WORDS))


def accepts_cover(play: Play, told: Told) -> None:
    play.do(told, td.AnswerAsInsurer("accepts"))


def reserves_its_rights(play: Play, told: Told) -> None:
    play.do(told, td.AnswerAsInsurer("reserves_rights"))


def asks_a_question(play: Play, told: Told) -> None:
    play.do(told, td.AnswerAsInsurer("asks", words=WORDS))


def denies_cover(play: Play, told: Told) -> None:
    play.do(told, td.AnswerAsInsurer("denies", told.get("clause", "")))


def lets_the_insurer_be_asked(play: Play, told: Told) -> None:
    play.do(told, td.CheckSubrogation(True, WORDS))


def bars_the_insurer(play: Play, told: Told) -> None:
    play.do(told, td.CheckSubrogation(False, WORDS))


# Recovery ---------------------------------------------------------------------------------------------------------


def withholds(play: Play, told: Told) -> None:
    amount = play.minor(told["amount"]) if "amount" in told else None
    play.do(told, rd.WithholdFunds(told.get("payout", 1), amount))


def receives(play: Play, told: Told) -> None:
    debtor = DEBTORS[play.one_of(told.get("from", ""), DEBTORS, "from")]
    play.do(told, receipt(play.minor(told["amount"]), debtor), by=FIN)


def repays(play: Play, told: Told) -> None:
    play.do(told, repaid(play.minor(told["amount"])), by=FIN)


def contests(play: Play, told: Told) -> None:
    play.do(told, rd.ContestRecovery(tuple(told["because"]), WORDS, (paper(64, "other", 0),)))


def decides_the_contest(play: Play, told: Told) -> None:
    off = play.minor(told.get("off", "0.00"))
    play.do(told, rd.DecideContest(told["result"], _reason(play, "contest"), off))


def agrees_instalments(play: Play, told: Told) -> None:
    agreed = tuple(Instalment(each["due"], play.minor(each["amount"])) for each in told["instalments"])
    play.do(told, rd.AgreeInstalments(agreed))


def writes_off(play: Play, told: Told) -> None:
    debtor = DEBTORS[play.one_of(told.get("of", "Kettle Co"), DEBTORS, "of")]
    play.do(told, rd.WriteOff(debtor, play.minor(told["amount"]), _reason(play, told["reason"])))


def account_is_gone(play: Play, told: Told) -> None:
    play.world.facts |= {"seller_gone": "account_gone"}
    if play.claim_of(told).recovery is not None:
        play.do(told, rd.NoteObstacle("account_gone"), by=FIN)


def _reason(play: Play, code: str) -> Reason:
    return Reason(code, f"{play.world.policies[-1][2]} · bearer", (), WORDS)


DOES: dict[str, Callable[[Any, Told], None]] = {
    "tenders the claim": tenders,
    "accepts and pays": accepts_and_pays,
    "accepts and lets the platform pay": accepts,
    "handles it itself": handles_it,
    "says that it paid": says_it_paid,
    "confirms the settlement": confirms,
    "denies the settlement": denies,
    "offers": offers,
    "accepts the offer": accepts_the_offer,
    "refuses the offer": refuses_the_offer,
    "rejects": rejects,
    "asks for more time": asks_for_more_time,
    "names the producer": names_the_producer,
    "proposes to step in": proposes_to_step_in,
    "sends evidence": sends_evidence,
    "finds no defect": finds_no_defect,
    "sends proof of insurance": sends_proof_of_insurance,
    "enters the cover": enters_cover,
    "accepts the proof": accepts_the_proof,
    "turns the proof down": turns_the_proof_down,
    "accepts cover": accepts_cover,
    "reserves its rights": reserves_its_rights,
    "asks a question": asks_a_question,
    "denies cover": denies_cover,
    "lets the insurer be asked": lets_the_insurer_be_asked,
    "bars asking the insurer": bars_the_insurer,
    "withholds": withholds,
    "receives": receives,
    "pays back": repays,
    "contests": contests,
    "decides the contest": decides_the_contest,
    "agrees instalments": agrees_instalments,
    "writes off": writes_off,
    "says that the seller is gone": account_is_gone,
}


# How it stands ----------------------------------------------------------------------------------------------------


def now(play: Play, claim: Claim) -> Told:
    """How the seller's half of a claim stands, in the words of an outcome. Tables name debtors as the case does."""
    recoveries = claim.recoveries
    insurer = claim.insurer
    return {
        "who_bears": claim.bearer or "nobody yet",
        "stepped_in": claim.stepped_in or "no",
        "settled_by_seller": play.shown(claim.settled_minor),
        "given_up_by_claimant": play.shown(claim.waived_minor),
        "insurer_said": "not told" if insurer is None else insurer.answer or "nothing yet",
        "recovery": _state(claim.recovery),
        "basis": claim.recovery.opened.basis if claim.recovery else "none",
        "demanded": _by_debtor(play, recoveries, lambda recovery, debtor: recovery.debt(debtor).owed_minor),
        "still_owed": _by_debtor(play, recoveries, Recovery.outstanding_minor),
        "withheld": play.shown(sum(recovery.held_minor for recovery in recoveries)),
        "recovered": play.shown(sum(recovery.recovered_minor for recovery in recoveries)),
        "given_back": play.shown(sum(recovery.released_minor + recovery.repaid_minor for recovery in recoveries)),
        "written_off": play.shown(sum(recovery.written_off_minor for recovery in recoveries)),
        "borne_by": _borne_by(play, claim),
        "books": {
            account: play.shown(minor) for account, minor in open_accounts(play.world.books[claim.claim_id]).items()
        },
    }


def _state(recovery: Recovery | None) -> str:
    if recovery is None:
        return "none"
    return recovery.stage.outcome if isinstance(recovery.stage, Ended) else type(recovery.stage).__name__.lower()


def _by_debtor(play: Play, recoveries: tuple[Recovery, ...], amount: Callable[[Recovery, Debtor], int]) -> Told:
    sums = {name: sum(amount(each, debtor) for each in recoveries) for name, debtor in DEBTORS.items()}
    return {name: play.shown(minor) for name, minor in sums.items() if minor}


def _borne_by(play: Play, claim: Claim) -> Told:
    """Who has borne how much of what the claimant got: the platform what nobody paid back to it."""
    borne = {
        name: sum(recovery.settled_minor(debtor) for recovery in claim.recoveries) for name, debtor in DEBTORS.items()
    }
    borne["Kettle Co"] += claim.settled_minor
    borne["the platform"] = claim.paid_minor + claim.settled_minor - sum(borne.values())
    return {name: play.shown(minor) for name, minor in borne.items() if minor}


def with_cover(facts: Told, play: Play, told: Told) -> Told:
    """The facts of a case that tells the seller's policy from the start."""
    return facts | {"coverage": cover_of(play, told)} if told else facts


def payouts(play: Play, told: list[Told]) -> None:
    """The marketplace's disbursements to the seller, numbered from 1 as they are told."""
    for each in told:
        number = play.world.pays_out(play.minor(each["net"]), seller=each.get("seller", 55))
        if "currency" in each:
            play.world.payouts[number] = replace(play.world.payouts[number], currency=each["currency"])
