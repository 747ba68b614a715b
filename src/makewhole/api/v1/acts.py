"""Acts on a claim, one endpoint each: parse, one ask, show the claim. Who may do what stands in the rules (ALLOWED).
While the seller is heard: acts_tender.py; what is asked back: acts_recovery.py.

Every act takes Idempotency-Key and If-Match; the answer is the claim as it now is.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from makewhole import asks
from makewhole.api.v1 import said
from makewhole.api.v1.asking import (
    act_on,
    ask_for,
    content,
    currency_in,
    done,
    evidence_told,
    lines_told,
    same_currency,
)
from makewhole.api.v1.problems import Problem
from makewhole.api.v1.tokens import by
from makewhole.asks import PayoutTold
from makewhole.domain.actors import STAFF
from makewhole.domain.claim import commands as do
from makewhole.domain.claim.events import EvidenceItem, Payee
from makewhole.domain.money import parse_money
from makewhole.handle import Ask
from makewhole.people.models import RoleAssignment
from makewhole.store.ids import new_id
from makewhole.store.models import Claim

router = Router(tags=["acts on a claim"])
act = act_on(router)


# The claimant's side --------------------------------------------------------------------------------------


@act("proof", "Add proof")
def add_proof(request: HttpRequest, name: str, told: said.Proof) -> HttpResponse:
    """More proof: files sent before, and which earlier ones they replace."""
    _, currency = currency_in(name, by(request))
    command = asks.proof(evidence_told(told.evidence, currency), currency, tuple(told.supersedes))
    return done(ask_for(request, name, command, content(told)))


@act("answer", "Answer a concern")
def answer_concern(request: HttpRequest, name: str, told: said.Answer) -> HttpResponse:
    """The claimant's answer to a concern that it was shown: files, words, or both."""
    words = asks.say(told.words, required=False)
    command = do.AnswerConcern(_items(request, name, told.evidence), words.sealed)
    return done(ask_for(request, name, command, content(told), words=(words,)))


@act("payee", "Name another account")
def change_payee(request: HttpRequest, name: str, told: said.PayoutSaid) -> HttpResponse:
    """Another account for what will be paid. Approvals that are not ordered yet become open again."""
    nobody = do.ChangePayee(Payee(new_id(), "credit"))  # other_payee() puts the one that was told in its place
    ask = ask_for(request, name, nobody, content(told))
    return done(asks.other_payee(PayoutTold(told.method, told.account, told.holder), ask))


@act("release", "Sign the release")
def sign_release(request: HttpRequest, name: str, told: said.Release) -> HttpResponse:
    """Signs the very text that the claim shows as `release_text`."""
    words = asks.say(told.signature, kind="signature")
    assert words.sealed is not None
    command = do.SignRelease(told.text_sha256, words.sealed, new_id())
    return done(ask_for(request, name, command, content(told), words=(words,)))


@act("withdraw", "Withdraw the claim")
def withdraw(request: HttpRequest, name: str, told: said.PerhapsInWords) -> HttpResponse:
    """The claimant gives up the claim."""
    words = asks.say(told.words, required=False)
    return done(ask_for(request, name, do.WithdrawClaim(words.sealed), content(told), words=(words,)))


@act("appeal", "Appeal")
def appeal(request: HttpRequest, name: str, told: said.AppealSaid) -> HttpResponse:
    """An appeal against a refusal or reduction, heard by somebody who had no part in it."""
    words = asks.say(told.words)
    assert words.sealed is not None
    command = do.Appeal(words.sealed, _items(request, name, told.evidence))
    return done(ask_for(request, name, command, content(told), words=(words,)))


# The seller -------------------------------------------------------------------------------------------------


@act("seller-evidence", "Send the seller's evidence")
def seller_evidence(request: HttpRequest, name: str, told: said.SellerEvidence) -> HttpResponse:
    """What the seller has to say: files, words, and checks that it asks us to look at."""
    words = asks.say(told.words, required=False)
    command = do.AddSellerEvidence(_items(request, name, told.evidence), words.sealed, tuple(told.flags))
    return done(ask_for(request, name, command, content(told), words=(words,)))


# Those who decide -------------------------------------------------------------------------------------------


@act("request-proof", "Ask for proof")
def request_proof(request: HttpRequest, name: str, told: said.ProofRequest) -> HttpResponse:
    """Asks the claimant for everything that is missing, at once."""
    note = asks.say(told.note, required=False)
    command = do.RequestProof(tuple((thing.exposure, thing.what) for thing in told.missing), note.sealed)
    return done(ask_for(request, name, command, content(told), words=(note,)))


@act("concern", "Show the claimant a concern")
def raise_concern(request: HttpRequest, name: str, told: said.ConcernSaid) -> HttpResponse:
    """Before a refusal or reduction: the claimant reads this, and may answer."""
    command, words = asks.concern(tuple(told.exposures), told.code, told.clause, told.words)
    return done(ask_for(request, name, command, content(told), words=words))


@act("decision", "Decide")
def decide(request: HttpRequest, name: str, told: said.Decision) -> HttpResponse:
    """Decides parts, wholly or partly. What is above your authority waits for a second person."""
    _, currency = currency_in(name, by(request))
    command, words = asks.decision(lines_told(told.lines, currency), currency)
    return done(ask_for(request, name, command, content(told), words=words))


@act("decision/confirm", "Agree to a proposed decision")
def confirm_decision(request: HttpRequest, name: str) -> HttpResponse:
    """The second person agrees."""
    return done(ask_for(request, name, do.ConfirmDecision(new_id()), None))


@act("decision/return", "Send a proposed decision back")
def return_decision(request: HttpRequest, name: str, told: said.InWords) -> HttpResponse:
    """The second person does not agree, and says why."""
    words = asks.say(told.words)
    assert words.sealed is not None
    return done(ask_for(request, name, do.ReturnDecision(words.sealed), content(told), words=(words,)))


@act("reserve", "Set a reserve")
def set_reserve(request: HttpRequest, name: str, told: said.Reserve) -> HttpResponse:
    """Another reserve for one part than the rules set by themselves."""
    words = asks.say(told.words)
    assert words.sealed is not None
    _, currency = currency_in(name, by(request))
    same_currency([("amount", told.amount)], currency)
    command = do.SetReserve(told.exposure, parse_money(told.amount.amount, currency).minor, words.sealed)
    return done(ask_for(request, name, command, content(told), words=(words,)))


@act("assign", "Assign the claim")
def assign(request: HttpRequest, name: str, told: said.Assignment) -> HttpResponse:
    """Gives the claim to somebody who may decide it."""
    ask = ask_for(request, name, do.AssignClaim(told.to), content(told))
    _may_work_on(told.to, ask)
    return done(ask)


@act("quality-review", "Record a quality review")
def quality_review(request: HttpRequest, name: str, told: said.QualityReview) -> HttpResponse:
    """A look afterwards at an automatic approval that was drawn for it."""
    words = asks.say(told.words, required=False)
    command = do.ReviewQuality(told.agrees, words.sealed)
    return done(ask_for(request, name, command, content(told), words=(words,)))


@act("safety-review", "Record a safety review")
def safety_review(request: HttpRequest, name: str, told: said.SafetyReview) -> HttpResponse:
    """What the safety officer found."""
    words = asks.say(told.words)
    assert words.sealed is not None
    command = do.ReviewSafety(told.finding, words.sealed)
    return done(ask_for(request, name, command, content(told), words=(words,)))


@act("task", "Finish a task")
def task(request: HttpRequest, name: str, told: said.FinishedTask) -> HttpResponse:
    """A second notice, a seller's file or a missed deadline was looked at."""
    words = asks.say(told.words)
    assert words.sealed is not None
    return done(ask_for(request, name, do.FinishTask(told.task, words.sealed), content(told), words=(words,)))


@act("reopen", "Reopen the claim")
def reopen(request: HttpRequest, name: str, told: said.InWords) -> HttpResponse:
    """Opens a closed claim again, with the reason."""
    words = asks.say(told.words)
    assert words.sealed is not None
    return done(ask_for(request, name, do.ReopenClaim(words.sealed), content(told), words=(words,)))


@act("extend", "Give more time")
def extend(request: HttpRequest, name: str, told: said.Extension) -> HttpResponse:
    """More days for a clock of the claimant's, counted from its original start."""
    words = asks.say(told.words)
    assert words.sealed is not None
    command = do.ExtendClock(told.clock, told.days, words.sealed)
    return done(ask_for(request, name, command, content(told), words=(words,)))


@act("pause", "Pause clocks")
def pause(request: HttpRequest, name: str, told: said.Pause) -> HttpResponse:
    """Stops clocks until they are resumed; their ends move by as long as that takes."""
    words = asks.say(told.words)
    assert words.sealed is not None
    command = do.PauseClocks(tuple(told.clocks), words.sealed)
    return done(ask_for(request, name, command, content(told), words=(words,)))


@act("resume", "Resume clocks")
def resume(request: HttpRequest, name: str) -> HttpResponse:
    """Every paused clock runs on."""
    return done(ask_for(request, name, do.ResumeClocks(), None))


# The bank ---------------------------------------------------------------------------------------------------


@act("payments/{payment_id}/confirm", "The bank has paid")
def confirm_payment(request: HttpRequest, name: str, payment_id: Path[said.Id], told: said.BankSaid) -> HttpResponse:
    """The bank made the payment. Said twice, it is the same once."""
    command = do.ConfirmPayment(payment_id, told.bank_ref)
    return done(ask_for(request, name, command, (payment_id, content(told))))


@act("payments/{payment_id}/return", "The bank sent it back")
def return_payment(request: HttpRequest, name: str, payment_id: Path[said.Id], told: said.BankReturned) -> HttpResponse:
    """The payment came back: the claimant is asked for another account."""
    command = do.ReturnPayment(payment_id, told.bank_ref, told.why)
    return done(ask_for(request, name, command, (payment_id, content(told))))


# Parts --------------------------------------------------------------------------------------------------------


def _items(request: HttpRequest, name: str, told: list[said.EvidenceSaid]) -> tuple[EvidenceItem, ...]:
    if not told:
        return ()
    _, currency = currency_in(name, by(request))
    return asks.evidence_items(evidence_told(told, currency), currency)


def _may_work_on(name: str, ask: Ask) -> None:
    marketplace = Claim.objects.values_list("marketplace_id", flat=True).get(id=ask.claim_id)
    found = RoleAssignment.objects.filter(
        account_id=int(name.removeprefix("person:")),
        account__is_active=True,
        role__in=STAFF | {"finance", "safety_officer"},
        marketplace__in=("", marketplace),
    )
    if not found.exists():
        raise Problem("unknown_assignee", to=name)
