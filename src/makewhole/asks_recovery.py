"""From plain words to a command on a recovery: withhold, receive, contest, decide, instalments, obstacle, write off.

As in asks.py: each function gives the command with the words that go into the vault. Amounts come as text in the
claim's currency.
"""

from __future__ import annotations

from datetime import date
from typing import cast, get_args
from uuid import UUID, uuid5

from makewhole.asks import EvidenceTold, Words, evidence_items, minor, say, text
from makewhole.domain.claim.words import Reason
from makewhole.domain.recovery import commands as rd
from makewhole.domain.recovery.events import ContestOutcome, Debtor, Instalment, Obstacle
from makewhole.domain.refusal import Refused
from makewhole.store.models import Claim, Disbursement

LONGEST_REF = 60
_RECEIPTS = UUID("5f0c6c52-7a0e-5d0f-9f6b-3a1f5d8b0c11")

Spoken = tuple[Words, ...]


# Money ------------------------------------------------------------------------------------------------------


def withhold_funds(claim_id: UUID, disbursement_ref: str, currency: str, amount: str | None = None) -> rd.WithholdFunds:
    """Of the payout that the marketplace knows by this reference; without an amount, as much as is owed and there."""
    marketplaces = Claim.objects.filter(id=claim_id).values("marketplace_id")
    found = Disbursement.objects.filter(marketplace_id__in=marketplaces, disbursement_ref=disbursement_ref)
    # No payout has the number 0: the rules refuse it, once they know that the asker may ask.
    disbursement_id = found.values_list("id", flat=True).first() or 0
    return rd.WithholdFunds(disbursement_id, None if amount is None else minor(amount, currency))


def receive_recovery(claim_id: UUID, debtor: str, amount: str, currency: str, ref: str) -> rd.ReceiveRecovery:
    """A debtor paid. The receipt is named by the bank's own reference: told twice for a claim, it is one."""
    ref = text(ref, "ref", longest=LONGEST_REF)
    receipt_id = uuid5(_RECEIPTS, f"{claim_id} {debtor} {ref}")
    return rd.ReceiveRecovery(receipt_id, _debtor(debtor), minor(amount, currency), ref)


def confirm_repayment(amount: str, currency: str, ref: str) -> rd.ConfirmRepayment:
    return rd.ConfirmRepayment(minor(amount, currency), text(ref, "ref", longest=LONGEST_REF))


def write_off(debtor: str, amount: str, currency: str, code: str, words: str = "") -> tuple[rd.WriteOff, Spoken]:
    said = say(words, required=False)
    return rd.WriteOff(_debtor(debtor), minor(amount, currency), Reason(code, "", (), said.sealed)), (said,)


# Contest ----------------------------------------------------------------------------------------------------


def contest_recovery(
    reasons: tuple[str, ...], words: str, evidence: tuple[EvidenceTold, ...], currency: str
) -> tuple[rd.ContestRecovery, Spoken]:
    said = say(words)
    assert said.sealed is not None
    codes = tuple(dict.fromkeys(reasons))
    return rd.ContestRecovery(codes, said.sealed, evidence_items(evidence, currency)), (said,)


def decide_contest(
    outcome: str, code: str, clause: str, evidence: tuple[UUID, ...], words: str, currency: str, off: str | None = None
) -> tuple[rd.DecideContest, Spoken]:
    """`off`: by how much less is owed, where it is upheld in part. The words are the reasons that both sides read."""
    if outcome not in get_args(ContestOutcome):
        raise Refused("unknown_outcome", outcome=outcome[:20], known=", ".join(get_args(ContestOutcome)))
    if not code or not clause:
        raise Refused("reason_needed")
    said = say(words)
    reason = Reason(code, clause, evidence, said.sealed)
    return rd.DecideContest(cast(ContestOutcome, outcome), reason, minor(off or "0", currency)), (said,)


# Instalments and obstacles ----------------------------------------------------------------------------------


def agree_instalments(parts: tuple[tuple[date, str], ...], currency: str) -> rd.AgreeInstalments:
    """Each with its day and its amount."""
    return rd.AgreeInstalments(tuple(Instalment(day, minor(amount, currency)) for day, amount in parts))


def note_obstacle(obstacle: str, words: str = "") -> tuple[rd.NoteObstacle, Spoken]:
    """`obstacle`: account_gone, bankruptcy, or "" where there is none any more."""
    if obstacle not in get_args(Obstacle):
        known = ", ".join(each for each in get_args(Obstacle) if each)
        raise Refused("unknown_obstacle", obstacle=obstacle[:20], known=known)
    said = say(words, required=False)
    return rd.NoteObstacle(cast(Obstacle, obstacle), said.sealed), (said,)


def _debtor(told: str) -> Debtor:
    if told not in get_args(Debtor):
        raise Refused("unknown_debtor", debtor=told[:20], known=", ".join(get_args(Debtor)))
    return cast(Debtor, told)
