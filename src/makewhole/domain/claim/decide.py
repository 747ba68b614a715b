"""The rules of a claim. decide() only dispatches: each rule below answers one command.

Read filing.py for the main path, then tendering.py and settling.py (the seller), reviewing.py (people), hearing.py
(parties), paying.py, running_out.py; then recovery/bearing.py: who bears the cost is asked after every act.
Who may ask what stands in ALLOWED, and nowhere else.
"""

from __future__ import annotations

from typing import assert_never
from uuid import UUID

from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import filing, hearing, paying, reviewing, running_out, settling, tendering
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim.commands import ClaimCommand, FileClaim
from makewhole.domain.claim.draft import Case, Draft
from makewhole.domain.claim.events import Recorded
from makewhole.domain.claim.state import Claim
from makewhole.domain.recovery import bearing, insurance
from makewhole.domain.recovery import commands as rd
from makewhole.domain.recovery import rules as recovering
from makewhole.domain.refusal import Refused

_STAFF: frozenset[RoleName] = frozenset({"adjuster", "reviewer", "programme_owner"})
_CLAIMANT_SIDE: frozenset[RoleName] = frozenset({"claimant", "marketplace"})
_BANK_SIDE: frozenset[RoleName] = frozenset({"finance", "machine"})
_SELLER: frozenset[RoleName] = frozenset({"seller"})
_LIABLE: frozenset[RoleName] = frozenset({"seller", "producer"})
_DEBTORS: frozenset[RoleName] = frozenset({"seller", "insurer", "producer"})

ALLOWED: dict[type[ClaimCommand], frozenset[RoleName]] = {
    do.FileClaim: _CLAIMANT_SIDE | {"adjuster"},
    do.AddProof: _CLAIMANT_SIDE | {"adjuster"},
    do.AnswerConcern: _CLAIMANT_SIDE | {"adjuster"},
    do.AddSellerEvidence: frozenset({"seller"}),
    do.RequestProof: _STAFF,
    do.RaiseConcern: _STAFF,
    do.Decide: _STAFF,
    do.ConfirmDecision: _STAFF,
    do.ReturnDecision: _STAFF,
    do.ChangePayee: _CLAIMANT_SIDE | {"adjuster"},
    do.SignRelease: frozenset({"claimant", "adjuster"}),
    do.ConfirmPayment: _BANK_SIDE,
    do.ReturnPayment: _BANK_SIDE,
    do.SetReserve: _STAFF,
    do.AssignClaim: _STAFF,
    do.ReviewQuality: frozenset({"reviewer", "programme_owner"}),
    do.ReviewSafety: frozenset({"safety_officer"}),
    do.FinishTask: _STAFF | {"finance", "safety_officer"},
    do.WithdrawClaim: _CLAIMANT_SIDE,
    do.Appeal: _CLAIMANT_SIDE,
    do.ReopenClaim: frozenset({"reviewer", "programme_owner"}),
    do.ExtendClock: _STAFF,
    do.PauseClocks: _STAFF,
    do.ResumeClocks: _STAFF,
    do.RunOutClock: frozenset({"machine"}),
    td.TenderClaim: _STAFF,
    td.AcceptTender: _LIABLE,
    td.HandleClaim: _SELLER,
    td.ReportSettlement: _SELLER,
    td.ConfirmSettlement: _CLAIMANT_SIDE | {"adjuster"},
    td.MakeOffer: _CLAIMANT_SIDE | _SELLER,
    td.AcceptOffer: _CLAIMANT_SIDE | _SELLER,
    td.RefuseOffer: _CLAIMANT_SIDE | _SELLER,
    td.RejectTender: _LIABLE,
    td.AskMoreTime: _LIABLE,
    td.NameProducer: _SELLER,
    td.StepIn: _STAFF,
    td.FindNoDefect: _STAFF,
    td.AnswerAsInsurer: frozenset({"insurer"}),
    td.CheckSubrogation: _STAFF | {"finance"},
    td.SendProofOfInsurance: _SELLER,
    td.CheckProofOfInsurance: _STAFF,
    rd.WithholdFunds: frozenset({"machine", "finance"}),
    rd.ReceiveRecovery: _BANK_SIDE,
    rd.ContestRecovery: _DEBTORS,
    rd.DecideContest: frozenset({"reviewer", "programme_owner"}),
    rd.AgreeInstalments: frozenset({"finance"}),
    rd.NoteObstacle: frozenset({"finance", "machine"}),
    rd.WriteOff: frozenset({"finance", "programme_owner"}),
    rd.ConfirmRepayment: _BANK_SIDE,
}


def decide(command: ClaimCommand, claim_id: UUID, claim: Claim | None, case: Case) -> list[Recorded]:
    """What a command makes happen: events in order, none where nothing changes.

    Refuses (`Refused`) what the rules do not allow; nothing has happened then.
    """
    return drafted(command, claim_id, claim, case).events


def drafted(command: ClaimCommand, claim_id: UUID, claim: Claim | None, case: Case) -> Draft:
    """As decide(), with the claim as it stands after each event."""
    may(case.by, command, claim)
    draft = Draft(claim_id, claim, case)
    if isinstance(command, FileClaim):
        _file(command, draft, claim)
    elif claim is None:
        raise Refused("unknown_claim")
    else:
        _act(command, draft)
    bearing.follow(draft)
    return draft.finish()


def may(by: Actor, command: ClaimCommand, claim: Claim | None) -> None:
    """Whether this actor may ask this at all, of this claim: by role, by party, by marketplace."""
    if by.role not in ALLOWED[type(command)]:
        raise Refused("role_may_not", role=by.role, act=type(command).__name__)
    if claim is None:
        return
    if not sees(by, claim):
        raise Refused("unknown_claim")


def sees(by: Actor, claim: Claim) -> bool:
    """Whether this actor may see this claim at all. A seller hears of it only after screening, an insurer and a
    producer once they are told; an administrator keeps people and machines in order, and has no business there."""
    if by.role == "administrator" or not by.works_in(claim.filed.marketplace):
        return False
    if by.role == "claimant":
        return by.claimant_id == claim.filed.claimant_id
    if by.role == "seller":
        return by.seller_id == claim.filed.seller_id and claim.seller_notified
    if by.role == "insurer":
        return claim.insurer is not None and by.insurer_id == claim.insurer.told.insurer_id
    if by.role == "producer":
        return any(tender.producer and tender.producer.item_id == by.producer_id for tender in claim.tenders)
    return True


def _file(command: FileClaim, draft: Draft, claim: Claim | None) -> None:
    if claim is None:
        filing.file_claim(command, draft)
    else:
        filing.repeat_notice(command, draft)


def _act(command: ClaimCommand, draft: Draft) -> None:
    match command:
        case do.FileClaim():
            raise AssertionError("filed elsewhere")
        case do.AddProof():
            hearing.add_proof(command, draft)
        case do.AnswerConcern():
            hearing.answer_concern(command, draft)
        case do.AddSellerEvidence():
            hearing.add_seller_evidence(command, draft)
        case do.RequestProof():
            reviewing.request_proof(command, draft)
        case do.RaiseConcern():
            reviewing.raise_concern(command, draft)
        case do.Decide():
            reviewing.decide_claim(command, draft)
        case do.ConfirmDecision():
            reviewing.confirm_decision(command, draft)
        case do.ReturnDecision():
            reviewing.return_decision(command, draft)
        case do.ChangePayee():
            paying.change_payee(command, draft)
        case do.SignRelease():
            paying.sign_release(command, draft)
        case do.ConfirmPayment():
            paying.confirm_payment(command, draft)
        case do.ReturnPayment():
            paying.return_payment(command, draft)
        case do.SetReserve():
            reviewing.set_reserve(command, draft)
        case do.AssignClaim():
            reviewing.assign_claim(command, draft)
        case do.ReviewQuality():
            reviewing.review_quality(command, draft)
        case do.ReviewSafety():
            reviewing.review_safety(command, draft)
        case do.FinishTask():
            reviewing.finish_task(command, draft)
        case do.WithdrawClaim():
            hearing.withdraw_claim(command, draft)
        case do.Appeal():
            hearing.appeal(command, draft)
        case do.ReopenClaim():
            reviewing.reopen_claim(command, draft)
        case do.ExtendClock():
            running_out.extend_clock(command, draft)
        case do.PauseClocks():
            running_out.pause_clocks(command, draft)
        case do.ResumeClocks():
            running_out.resume_clocks(command, draft)
        case do.RunOutClock():
            running_out.run_out(command, draft)
        case td.TenderClaim():
            reviewing.tender_to_seller(command, draft)
        case td.AcceptTender():
            tendering.accept_tender(command, draft)
        case td.HandleClaim():
            tendering.handle_claim(command, draft)
        case td.ReportSettlement():
            settling.report_settlement(command, draft)
        case td.ConfirmSettlement():
            settling.confirm_settlement(command, draft)
        case td.MakeOffer():
            settling.make_offer(command, draft)
        case td.AcceptOffer():
            settling.accept_offer(command, draft)
        case td.RefuseOffer():
            settling.refuse_offer(command, draft)
        case td.RejectTender():
            tendering.reject_tender(command, draft)
        case td.AskMoreTime():
            tendering.ask_more_time(command, draft)
        case td.NameProducer():
            tendering.name_producer(command, draft)
        case td.StepIn():
            reviewing.step_in_after_rejection(command, draft)
        case td.FindNoDefect():
            insurance.find_no_defect(command, draft)
        case td.AnswerAsInsurer():
            insurance.answer_as_insurer(command, draft)
        case td.CheckSubrogation():
            insurance.check_subrogation(command, draft)
        case td.SendProofOfInsurance():
            insurance.send_proof(command, draft)
        case td.CheckProofOfInsurance():
            insurance.check_proof(command, draft)
        case rd.WithholdFunds():
            recovering.withhold_funds(command, draft)
        case rd.ReceiveRecovery():
            recovering.receive_recovery(command, draft)
        case rd.ContestRecovery():
            recovering.contest_recovery(command, draft)
        case rd.DecideContest():
            recovering.decide_contest(command, draft)
        case rd.AgreeInstalments():
            recovering.agree_instalments(command, draft)
        case rd.NoteObstacle():
            recovering.note_obstacle(command, draft)
        case rd.WriteOff():
            recovering.write_off(command, draft)
        case rd.ConfirmRepayment():
            recovering.confirm_repayment(command, draft)
        case _:
            assert_never(command)
