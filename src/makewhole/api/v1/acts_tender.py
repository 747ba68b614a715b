"""Acts while the seller is heard: tender, its answers, settlement, step-in, insurance. As in acts.py."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from makewhole import asks_tender as asks
from makewhole.api.v1 import said, said_tender
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
from makewhole.api.v1.tokens import by
from makewhole.asks_tender import AnswerTold
from makewhole.domain.claim import tender_commands as td

router = Router(tags=["the seller is heard"])
act = act_on(router)


@act("tender", "Tender the claim to the seller")
def tender(request: HttpRequest, name: str) -> HttpResponse:
    """An adjuster hands the claim to the seller, where the machine did not; its time to answer starts."""
    return done(ask_for(request, name, td.TenderClaim(), None))


# Answers ------------------------------------------------------------------------------------------------------


@act("accept", "Accept the tender")
def accept(request: HttpRequest, name: str, told: said_tender.Acceptance) -> HttpResponse:
    """Accepts the claim in full."""
    files, currency = _files(request, name, told.evidence)
    command, words = asks.accept_tender(told.payer, told.words, files, currency)
    return done(ask_for(request, name, command, content(told), words=words))


@act("handle", "Handle the claim yourself")
def handle(request: HttpRequest, name: str, told: said_tender.AnswerInWords) -> HttpResponse:
    """You settle with the claimant yourself, and report it in time; else the claim comes back to us."""
    files, currency = _files(request, name, told.evidence)
    command, words = asks.handle_claim(told.words, files, currency)
    return done(ask_for(request, name, command, content(told), words=words))


@act("reject", "Reject the tender")
def reject(request: HttpRequest, name: str, told: said_tender.Rejection) -> HttpResponse:
    """Rejects the claim. A person answers each of your reasons before anything is paid all the same."""
    _, currency = currency_in(name, by(request))
    files = evidence_told(told.evidence, currency)
    command, words = asks.reject_tender(tuple(told.reasons), told.words, files, currency)
    return done(ask_for(request, name, command, content(told), words=words))


@act("more-time", "Ask for more time to answer")
def more_time(request: HttpRequest, name: str, told: said_tender.MoreTime) -> HttpResponse:
    """Once, counted from the original start."""
    files, currency = _files(request, name, told.evidence)
    command, words = asks.ask_more_time(told.words, files, currency)
    return done(ask_for(request, name, command, content(told), words=words))


@act("name-producer", "Name the producer")
def name_producer(request: HttpRequest, name: str, told: said_tender.Producer) -> HttpResponse:
    """A reseller names the producer or importer: the tender passes on, once, with a clock of its own."""
    files, currency = _files(request, name, told.evidence)
    command, words = asks.name_producer(told.name, told.email, told.words, files, currency)
    return done(ask_for(request, name, command, content(told), words=words))


# Between seller and claimant ------------------------------------------------------------------------------------


@act("offer", "Offer an amount")
def offer(request: HttpRequest, name: str, told: said_tender.Offer) -> HttpResponse:
    """The seller's offer, or the claimant's counter-offer. The other side answers it."""
    _, currency = currency_in(name, by(request))
    same_currency([("amount", told.amount)], currency)
    files = evidence_told(told.evidence, currency)
    command, words = asks.make_offer(told.amount.amount, currency, told.words, files)
    return done(ask_for(request, name, command, content(told), words=words))


@act("accept-offer", "Accept the offer")
def accept_offer(request: HttpRequest, name: str) -> HttpResponse:
    """Both sides agree: so much is owed, and the rest is waived."""
    return done(ask_for(request, name, asks.accept_offer(), None))


@act("refuse-offer", "Refuse the offer")
def refuse_offer(request: HttpRequest, name: str, told: said_tender.AnswerInWords) -> HttpResponse:
    """No agreement: the platform decides."""
    files, currency = _files(request, name, told.evidence)
    command, words = asks.refuse_offer(told.words, files, currency)
    return done(ask_for(request, name, command, content(told), words=words))


@act("report-settlement", "Report a settlement")
def report_settlement(request: HttpRequest, name: str, told: said_tender.Settlement) -> HttpResponse:
    """What you paid the claimant, with what proves it; the claimant is asked whether that is so."""
    _, currency = currency_in(name, by(request))
    same_currency([("amount", told.amount)], currency)
    files = evidence_told(told.evidence, currency)
    command, words = asks.report_settlement(told.amount.amount, files, currency, told.words)
    return done(ask_for(request, name, command, content(told), words=words))


@act("confirm-settlement", "Confirm or deny a settlement")
def confirm_settlement(request: HttpRequest, name: str, told: said_tender.Settled) -> HttpResponse:
    """The claimant, or an adjuster by the evidence, says whether it was settled."""
    command, words = asks.confirm_settlement(told.settled, told.words)
    return done(ask_for(request, name, command, content(told), words=words))


# Those who decide -----------------------------------------------------------------------------------------------


@act("step-in", "Propose to step in after a rejection")
def step_in(request: HttpRequest, name: str, told: said_tender.SteppingIn) -> HttpResponse:
    """What the platform would pay although the seller rejected, with an answer to each of its reasons. A second person
    agrees (decision/confirm) or sends it back."""
    _, currency = currency_in(name, by(request))
    answers = tuple(AnswerTold(each.code, each.words, each.clause, tuple(each.evidence)) for each in told.answers)
    command, words = asks.step_in(lines_told(told.lines, currency), answers, currency)
    return done(ask_for(request, name, command, content(told), words=words))


@act("no-defect", "Find that there was no defect")
def no_defect(request: HttpRequest, name: str, told: said_tender.NoDefect) -> HttpResponse:
    """By the seller's evidence, also late: the claimant keeps what was paid, and the seller owes nothing."""
    command, words = asks.find_no_defect(told.code, told.clause, tuple(told.evidence), told.words)
    return done(ask_for(request, name, command, content(told), words=words))


# Insurance ------------------------------------------------------------------------------------------------------


@act("insurer-answer", "Answer as the insurer")
def insurer_answer(request: HttpRequest, name: str, told: said_tender.InsurersAnswer) -> HttpResponse:
    """Accepts, reserves its rights, asks, or denies with the clause of its policy."""
    _, currency = currency_in(name, by(request))
    files = evidence_told(told.evidence, currency)
    command, words = asks.answer_as_insurer(told.answer, told.clause, files, currency, told.words)
    return done(ask_for(request, name, command, content(told), words=words))


@act("subrogation-check", "Record the anti-subrogation check")
def subrogation_check(request: HttpRequest, name: str, told: said_tender.SubrogationCheck) -> HttpResponse:
    """Before money is asked of an insurer whose policy names the platform as an insured."""
    command, words = asks.check_subrogation(told.clear, told.words)
    return done(ask_for(request, name, command, content(told), words=words))


@act("proof-of-insurance", "Send proof of insurance")
def proof_of_insurance(request: HttpRequest, name: str, told: said_tender.ProofOfInsurance) -> HttpResponse:
    """Nothing is withheld while it is looked at."""
    _, currency = currency_in(name, by(request))
    files = evidence_told(told.evidence, currency)
    command, words = asks.send_proof_of_insurance(files, currency, told.words)
    return done(ask_for(request, name, command, content(told), words=words))


@act("proof-of-insurance/check", "Record what proof of insurance proves")
def proof_of_insurance_check(request: HttpRequest, name: str, told: said_tender.ProofCheck) -> HttpResponse:
    """A person looked. Only cover that is on file for the day of the incident is proved."""
    command, words = asks.check_proof_of_insurance(told.proves, told.words)
    return done(ask_for(request, name, command, content(told), words=words))


# Parts ----------------------------------------------------------------------------------------------------------


def _files(request: HttpRequest, name: str, evidence: list[said.EvidenceSaid]) -> tuple[asks.Files, str]:
    """The files that come with an answer, and the claim's currency."""
    _, currency = currency_in(name, by(request))
    return evidence_told(evidence, currency), currency
