"""The rules of a claim. decide() only dispatches: each rule below answers one command.

Read filing.py for the main path, then reviewing.py (people), hearing.py (parties), paying.py, running_out.py.
Who may ask what stands in ALLOWED, and nowhere else.
"""

from __future__ import annotations

from typing import assert_never
from uuid import UUID

from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import filing, hearing, paying, reviewing, running_out
from makewhole.domain.claim.commands import ClaimCommand, FileClaim
from makewhole.domain.claim.draft import Case, Draft
from makewhole.domain.claim.events import Recorded
from makewhole.domain.claim.state import Claim
from makewhole.domain.refusal import Refused

_STAFF: frozenset[RoleName] = frozenset({"adjuster", "reviewer", "programme_owner"})
_CLAIMANT_SIDE: frozenset[RoleName] = frozenset({"claimant", "marketplace"})
_BANK_SIDE: frozenset[RoleName] = frozenset({"finance", "machine"})

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
    """Whether this actor may see this claim at all. A seller hears of it only after screening; an administrator
    keeps people and machines in order, and has no business in the files."""
    if by.role == "administrator" or not by.works_in(claim.filed.marketplace):
        return False
    if by.role == "claimant":
        return by.claimant_id == claim.filed.claimant_id
    if by.role == "seller":
        return by.seller_id == claim.filed.seller_id and claim.seller_notified
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
        case _:
            assert_never(command)
