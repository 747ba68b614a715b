"""What happened while the seller was heard and while money was asked back, one sentence an event, for the timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from makewhole.domain.claim import in_words
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.in_words import said
from makewhole.domain.recovery import events as rv
from makewhole.portals.frame import words
from makewhole.portals.frame.showing import day, money
from makewhole.reads.views import ClaimView


def _sum(minor: int, view: ClaimView) -> str:
    return money(minor, view.claim.currency)


def _files(items: tuple[object, ...]) -> str:
    return f", with {len(items)} file{'' if len(items) == 1 else 's'}" if items else ""


def _number(items: tuple[object, ...]) -> str:
    return f"{len(items)} file{'' if len(items) == 1 else 's'}"


def _disputed(codes: Iterable[str]) -> str:
    return words.listed([said(in_words.DISPUTES, code) for code in codes])


def _tendered(event: tv.ClaimTendered, view: ClaimView) -> str:
    return f"Handed to the {event.to} to answer: {_sum(event.amount_minor, view)}, as far as papers show."


def _accepted(event: tv.TenderAccepted, view: ClaimView) -> str:
    how = "and pays the customer itself" if event.payer == "seller" else "and lets the platform pay"
    return f"Accepted in full, {_sum(event.amount_minor, view)}, {how}."


def _insurer_answered(event: tv.InsurerAnswered, view: ClaimView) -> str:
    clause = f" ({event.clause})" if event.clause else ""
    return f"The insurer {words.said(event.answer, words.INSURER_ANSWERS)}{clause}{_files(event.evidence)}."


def _bearer(event: tv.BearerDecided, view: ClaimView) -> str:
    return f"Who bears it: {event.clause.because}"


def _opened(event: rv.RecoveryOpened, view: ClaimView) -> str:
    shares = [f"{_sum(share.amount_minor, view)} of the {share.debtor}" for share in event.shares]
    return f"Asked back: {words.listed(shares)}."


def _lines(lines: tuple[rv.WithheldLine, ...], view: ClaimView) -> str:
    return _sum(sum(line.amount_minor for line in lines), view)


def _released(event: rv.FundsReleased) -> str:
    return said(in_words.RELEASES, event.why).replace("your ", "the ")


def _instalments(event: rv.InstalmentsAgreed, view: ClaimView) -> str:
    last = event.instalments[-1].due_on
    number = len(event.instalments)
    return f"Instalments agreed: {number} payment{'' if number == 1 else 's'}, the last on {day(last)}."


def _obstacle(event: rv.ObstacleNoted, view: ClaimView) -> str:
    if not event.obstacle:
        return "The seller's account is there again."
    return f"{words.said(event.obstacle, words.OBSTACLES)}: nothing can be withheld; what is owed stays owed."


def _contest_decided(event: rv.ContestDecided, view: ClaimView) -> str:
    if event.outcome == "dismissed":
        return "The contest was dismissed: the demand stands."
    how = "upheld" if event.outcome == "upheld" else "upheld in part"
    return f"The contest was {how}: {_sum(event.off_minor, view)} less is owed."


# Any: each function takes the event of its key.
STEPS: dict[type, Callable[[Any, ClaimView], str]] = {
    tv.ClaimTendered: _tendered,
    tv.FilesEnclosed: lambda e, v: f"Sent with the answer: {_number(e.evidence)}.",
    tv.TenderAccepted: _accepted,
    tv.SellerHandles: lambda e, v: "The seller settles it with the customer itself.",
    tv.SettlementReported: lambda e, v: f"The seller says it settled at {_sum(e.amount_minor, v)}{_files(e.evidence)}.",
    tv.SettlementConfirmed: lambda e, v: (
        f"Settled at {_sum(e.amount_minor, v)}: confirmed "
        + ("by the customer." if e.by_claimant else "by the evidence.")
    ),
    tv.SettlementDenied: lambda e, v: "Nothing was settled: the claim comes back to the platform.",
    tv.OfferMade: lambda e, v: (
        f"The {'seller offered' if e.by == 'seller' else 'customer asked for'} {_sum(e.amount_minor, v)}."
    ),
    tv.OfferRefused: lambda e, v: "The offer was refused.",
    tv.OfferAccepted: lambda e, v: f"Both sides agreed on {_sum(e.amount_minor, v)}.",
    tv.TenderRejected: lambda e, v: f"Rejected: {_disputed(e.reasons)}{_files(e.evidence)}.",
    tv.TenderPassedOn: lambda e, v: "The seller named the producer; the claim passes on to it.",
    tv.TenderUnanswered: lambda e, v: "No answer came in the time for it.",
    tv.TenderReturned: lambda e, v: f"Back to the platform: {words.referral(e.why)}.",
    tv.RejectionAnswered: lambda e, v: f"The platform answered the rejection: {_disputed(r.code for r in e.answers)}.",
    tv.SteppedIn: lambda e, v: (
        f"The platform steps in and pays {_sum(e.amount_minor, v)}: {in_words.STEP_IN[e.why][1]}."
    ),
    tv.NoDefectFound: lambda e, v: "A person found no defect of the product; the customer keeps what was paid.",
    tv.InsurerNotified: lambda e, v: (
        f"The seller's insurer was notified; the deductible is {_sum(e.deductible_minor, v)}."
    ),
    tv.InsurerAnswered: _insurer_answered,
    tv.InsurerSilent: lambda e, v: "The insurer did not answer in its time; its part is asked of the seller.",
    tv.SubrogationChecked: lambda e, v: (
        "Anti-subrogation check: the insurer " + ("may be asked." if e.clear else "may not be asked.")
    ),
    tv.ProofOfInsuranceAsked: lambda e, v: "The seller was asked for proof of insurance.",
    tv.ProofOfInsuranceSent: lambda e, v: (
        "Proof of insurance sent" + ("" if e.in_time else ", after its time") + f"{_files(e.evidence)}."
    ),
    tv.ProofOfInsuranceChecked: lambda e, v: (
        "The proof of insurance "
        + ("proves cover on the day of the incident." if e.coverage_id else "does not prove cover.")
    ),
    tv.BearerDecided: _bearer,
    rv.RecoveryOpened: _opened,
    rv.RecoveryRaised: lambda e, v: (
        f"More was paid: {_sum(e.share.amount_minor, v)} more is asked of the {e.share.debtor}."
    ),
    rv.DebtShifted: lambda e, v: (
        f"{_sum(e.amount_minor, v)} is asked of the {e.to_debtor} now, not of the {e.from_debtor}."
    ),
    rv.FundsWithheld: lambda e, v: (
        f"{_sum(e.amount_minor, v)} withheld of a payout of {_sum(e.disbursement_net_minor, v)}."
    ),
    rv.FundsReleased: lambda e, v: f"{_lines(e.lines, v)} released to the seller: {_released(e)}.",
    rv.FundsApplied: lambda e, v: f"{_lines(e.lines, v)} that was withheld now pays the debt.",
    rv.RecoveryReceived: lambda e, v: f"{_sum(e.amount_minor, v)} received from the {e.debtor} ({e.ref}).",
    rv.DebtReduced: lambda e, v: f"The {e.debtor} owes {_sum(e.amount_minor, v)} less.",
    rv.RepaymentOrdered: lambda e, v: f"{_sum(e.amount_minor, v)} goes back to the {e.debtor}.",
    rv.RepaymentMade: lambda e, v: f"{_sum(e.amount_minor, v)} was repaid ({e.ref}).",
    rv.InstalmentsAgreed: _instalments,
    rv.InstalmentMissed: lambda e, v: (
        f"An instalment did not come: {_sum(e.received_minor, v)} of {_sum(e.due_minor, v)} due."
    ),
    rv.ObstacleNoted: _obstacle,
    rv.RecoveryWrittenOff: lambda e, v: (
        f"{_sum(e.amount_minor, v)} written off for the {e.debtor}: {said(in_words.WRITE_OFFS, e.reason.code)}."
    ),
    rv.RecoveryContested: lambda e, v: f"The {e.by} contests it: {_disputed(e.reasons)}{_files(e.evidence)}.",
    rv.ContestDecided: _contest_decided,
    rv.RecoveryStands: lambda e, v: "The demand stands.",
    rv.RecoveryClosed: lambda e, v: f"The demand is closed: {said(in_words.ENDS, e.outcome)}.",
}
# What a party does itself: its own timeline names the side that the log names.
OF_PARTIES = (
    tv.FilesEnclosed, tv.TenderAccepted, tv.SellerHandles, tv.SettlementReported, tv.SettlementConfirmed,
    tv.SettlementDenied, tv.OfferMade, tv.OfferRefused, tv.OfferAccepted, tv.TenderRejected, tv.TenderPassedOn,
    tv.InsurerAnswered, tv.ProofOfInsuranceSent, rv.RecoveryContested,
)  # fmt: skip
