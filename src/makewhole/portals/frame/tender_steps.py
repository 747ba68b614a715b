"""What happened while the seller was heard and while money was asked back, one sentence an event, for the timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makewhole.domain.claim import tender_events as tv
from makewhole.domain.recovery import events as rv
from makewhole.portals.frame import words
from makewhole.portals.frame.showing import day, money
from makewhole.reads.views import ClaimView


def _sum(minor: int, view: ClaimView) -> str:
    return money(minor, view.claim.currency)


def _with(told: str, items: tuple[object, ...]) -> str:
    """The sentence, and how many files came with it."""
    if not items:
        return told
    files = words.files(len(items))
    return _("{sentence}, with {files}.").format(sentence=told.removesuffix("."), files=files)


def _disputed(codes: Iterable[str]) -> str:
    return words.listed(words.said(code, words.DISPUTES) for code in codes)


def _debtor(code: str) -> str:
    return words.side(code)


def _tendered(event: tv.ClaimTendered, view: ClaimView) -> str:
    told = _("Handed to {who} to answer: {amount}, as far as papers show.")
    return told.format(who=words.side(event.to), amount=_sum(event.amount_minor, view))


def _accepted(event: tv.TenderAccepted, view: ClaimView) -> str:
    if event.payer == "seller":
        told = _("Accepted in full, {amount}, and pays the customer itself.")
    else:
        told = _("Accepted in full, {amount}, and lets the platform pay.")
    return told.format(amount=_sum(event.amount_minor, view))


def _settled(event: tv.SettlementConfirmed, view: ClaimView) -> str:
    if event.by_claimant:
        told = _("Settled at {amount}: confirmed by the customer.")
    else:
        told = _("Settled at {amount}: confirmed by the evidence.")
    return told.format(amount=_sum(event.amount_minor, view))


def _offered(event: tv.OfferMade, view: ClaimView) -> str:
    told = _("The seller offered {amount}.") if event.by == "seller" else _("The customer asked for {amount}.")
    return told.format(amount=_sum(event.amount_minor, view))


def _insurer_answered(event: tv.InsurerAnswered, view: ClaimView) -> str:
    clause = f" ({event.clause})" if event.clause else ""
    told = _("The insurer {answer}{clause}.")
    return _with(told.format(answer=words.said(event.answer, words.INSURER_ANSWERS), clause=clause), event.evidence)


def _proof_sent(event: tv.ProofOfInsuranceSent, view: ClaimView) -> str:
    told = _("Proof of insurance sent.") if event.in_time else _("Proof of insurance sent, after its time.")
    return _with(told, event.evidence)


def _bearer(event: tv.BearerDecided, view: ClaimView) -> str:
    return _("Who bears it: {because}").format(because=event.clause.because)


def _opened(event: rv.RecoveryOpened, view: ClaimView) -> str:
    shares = [
        _("{amount} of {debtor}").format(amount=_sum(share.amount_minor, view), debtor=_debtor(share.debtor))
        for share in event.shares
    ]
    return _("Asked back: {shares}.").format(shares=words.listed(shares))


def _lines(lines: tuple[rv.WithheldLine, ...], view: ClaimView) -> str:
    return _sum(sum(line.amount_minor for line in lines), view)


def _released(event: rv.FundsReleased, view: ClaimView) -> str:
    told = _("{amount} released to the seller: {why}.")
    return told.format(amount=_lines(event.lines, view), why=words.said(event.why, words.RELEASED))


def _instalments(event: rv.InstalmentsAgreed, view: ClaimView) -> str:
    number = len(event.instalments)
    told = ngettext(
        "Instalments agreed: {number} payment, the last on {day}.",
        "Instalments agreed: {number} payments, the last on {day}.",
        number,
    )
    return told.format(number=number, day=day(event.instalments[-1].due_on))


def _obstacle(event: rv.ObstacleNoted, view: ClaimView) -> str:
    if not event.obstacle:
        return _("The seller's account is there again.")
    told = _("{obstacle}: nothing can be withheld; what is owed stays owed.")
    return told.format(obstacle=words.said(event.obstacle, words.OBSTACLES))


def _contest_decided(event: rv.ContestDecided, view: ClaimView) -> str:
    if event.outcome == "dismissed":
        return _("The contest was dismissed: the demand stands.")
    if event.outcome == "upheld":
        told = _("The contest was upheld: {amount} less is owed.")
    else:
        told = _("The contest was upheld in part: {amount} less is owed.")
    return told.format(amount=_sum(event.off_minor, view))


# Any: each function takes the event of its key.
STEPS: dict[type, Callable[[Any, ClaimView], str]] = {
    tv.ClaimTendered: _tendered,
    tv.FilesEnclosed: lambda e, v: _("Sent with the answer: {files}.").format(files=words.files(len(e.evidence))),
    tv.TenderAccepted: _accepted,
    tv.SellerHandles: lambda e, v: _("The seller settles it with the customer itself."),
    tv.SettlementReported: lambda e, v: _with(
        _("The seller says it settled at {amount}.").format(amount=_sum(e.amount_minor, v)), e.evidence
    ),
    tv.SettlementConfirmed: _settled,
    tv.SettlementDenied: lambda e, v: _("Nothing was settled: the claim comes back to the platform."),
    tv.OfferMade: _offered,
    tv.OfferRefused: lambda e, v: _("The offer was refused."),
    tv.OfferAccepted: lambda e, v: _("Both sides agreed on {amount}.").format(amount=_sum(e.amount_minor, v)),
    tv.TenderRejected: lambda e, v: _with(_("Rejected: {reasons}.").format(reasons=_disputed(e.reasons)), e.evidence),
    tv.TenderPassedOn: lambda e, v: _("The seller named the producer; the claim passes on to it."),
    tv.TenderUnanswered: lambda e, v: _("No answer came in the time for it."),
    tv.TenderReturned: lambda e, v: _("Back to the platform: {reason}.").format(reason=words.referral(e.why)),
    tv.RejectionAnswered: lambda e, v: _("The platform answered the rejection: {reasons}.").format(
        reasons=_disputed(r.code for r in e.answers)
    ),
    tv.SteppedIn: lambda e, v: _("The platform steps in and pays {amount}: {why}.").format(
        amount=_sum(e.amount_minor, v), why=words.said(e.why, words.STEP_IN)
    ),
    tv.NoDefectFound: lambda e, v: _("A person found no defect of the product; the customer keeps what was paid."),
    tv.InsurerNotified: lambda e, v: _("The seller's insurer was notified; the deductible is {amount}.").format(
        amount=_sum(e.deductible_minor, v)
    ),
    tv.InsurerAnswered: _insurer_answered,
    tv.InsurerSilent: lambda e, v: _("The insurer did not answer in its time; its part is asked of the seller."),
    tv.SubrogationChecked: lambda e, v: (
        _("Anti-subrogation check: the insurer may be asked.")
        if e.clear
        else _("Anti-subrogation check: the insurer may not be asked.")
    ),
    tv.ProofOfInsuranceAsked: lambda e, v: _("The seller was asked for proof of insurance."),
    tv.ProofOfInsuranceSent: _proof_sent,
    tv.ProofOfInsuranceChecked: lambda e, v: (
        _("The proof of insurance proves cover on the day of the incident.")
        if e.coverage_id
        else _("The proof of insurance does not prove cover.")
    ),
    tv.BearerDecided: _bearer,
    rv.RecoveryOpened: _opened,
    rv.RecoveryRaised: lambda e, v: _("More was paid: {amount} more is asked of {debtor}.").format(
        amount=_sum(e.share.amount_minor, v), debtor=_debtor(e.share.debtor)
    ),
    rv.DebtShifted: lambda e, v: _("{amount} is asked of {taker} now, not of {giver}.").format(
        amount=_sum(e.amount_minor, v), taker=_debtor(e.to_debtor), giver=_debtor(e.from_debtor)
    ),
    rv.FundsWithheld: lambda e, v: _("{amount} withheld of a payout of {net}.").format(
        amount=_sum(e.amount_minor, v), net=_sum(e.disbursement_net_minor, v)
    ),
    rv.FundsReleased: _released,
    rv.FundsApplied: lambda e, v: _("{amount} that was withheld now pays the debt.").format(amount=_lines(e.lines, v)),
    rv.RecoveryReceived: lambda e, v: _("{amount} received from {debtor} ({reference}).").format(
        amount=_sum(e.amount_minor, v), debtor=_debtor(e.debtor), reference=e.ref
    ),
    rv.DebtReduced: lambda e, v: capfirst(
        _("{debtor} owes {amount} less.").format(debtor=_debtor(e.debtor), amount=_sum(e.amount_minor, v))
    ),
    rv.RepaymentOrdered: lambda e, v: _("{amount} goes back to {debtor}.").format(
        amount=_sum(e.amount_minor, v), debtor=_debtor(e.debtor)
    ),
    rv.RepaymentMade: lambda e, v: _("{amount} was repaid ({reference}).").format(
        amount=_sum(e.amount_minor, v), reference=e.ref
    ),
    rv.InstalmentsAgreed: _instalments,
    rv.InstalmentMissed: lambda e, v: _("An instalment did not come: {received} of {due} due.").format(
        received=_sum(e.received_minor, v), due=_sum(e.due_minor, v)
    ),
    rv.ObstacleNoted: _obstacle,
    rv.RecoveryWrittenOff: lambda e, v: _("{amount} written off for {debtor}: {why}.").format(
        amount=_sum(e.amount_minor, v), debtor=_debtor(e.debtor), why=words.said(e.reason.code, words.WRITE_OFFS)
    ),
    rv.RecoveryContested: lambda e, v: _with(
        capfirst(_("{debtor} contests it: {reasons}.").format(debtor=_debtor(e.by), reasons=_disputed(e.reasons))),
        e.evidence,
    ),
    rv.ContestDecided: _contest_decided,
    rv.RecoveryStands: lambda e, v: _("The demand stands."),
    rv.RecoveryClosed: lambda e, v: _("The demand is closed: {why}.").format(why=words.said(e.outcome, words.ENDS)),
}
# What a party does itself: its own timeline names the side that the log names.
OF_PARTIES = (
    tv.FilesEnclosed, tv.TenderAccepted, tv.SellerHandles, tv.SettlementReported, tv.SettlementConfirmed,
    tv.SettlementDenied, tv.OfferMade, tv.OfferRefused, tv.OfferAccepted, tv.TenderRejected, tv.TenderPassedOn,
    tv.InsurerAnswered, tv.ProofOfInsuranceSent, rv.RecoveryContested,
)  # fmt: skip
