"""From plain words to a command while the seller is heard: answers, offers, settlement, step-in, insurance.

As in asks.py: each function takes what a person or a machine said, and gives the command with the words that go into
the vault, for asks.act(). Amounts come as text in the claim's currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast, get_args
from uuid import UUID

from makewhole.asks import EvidenceTold, LineTold, Words, decided_lines, evidence_items, mail_address, minor, say, text
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim.tender_events import InsurerAnswer, Payer
from makewhole.domain.claim.words import Reason
from makewhole.domain.refusal import Refused
from makewhole.store import vault
from makewhole.store.ids import new_id

LONGEST_CLAUSE = 80

Spoken = tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class AnswerTold:
    """The platform's answer to one reason of a rejection: in words, with the clause and the files that it rests on."""

    code: str
    words: str
    clause: str = ""
    evidence: tuple[UUID, ...] = ()


# Answers ----------------------------------------------------------------------------------------------------


Files = tuple[EvidenceTold, ...]


def accept_tender(
    payer: str, words: str = "", evidence: Files = (), currency: str = ""
) -> tuple[td.AcceptTender, Spoken]:
    """Accepted in full: `payer` is the seller itself, or the platform."""
    if payer not in get_args(Payer):
        raise Refused("unknown_payer", payer=payer[:20], known=", ".join(get_args(Payer)))
    said = say(words, required=False)
    items = evidence_items(evidence, currency)
    return td.AcceptTender(cast(Payer, payer), new_id(), said.sealed, items), (said,)


def handle_claim(words: str = "", evidence: Files = (), currency: str = "") -> tuple[td.HandleClaim, Spoken]:
    said = say(words, required=False)
    return td.HandleClaim(said.sealed, evidence_items(evidence, currency)), (said,)


def reject_tender(
    reasons: tuple[str, ...], words: str, evidence: tuple[EvidenceTold, ...], currency: str
) -> tuple[td.RejectTender, Spoken]:
    """Rejected, with reasons by code, in words, and with documents."""
    said = say(words)
    assert said.sealed is not None
    return td.RejectTender(_once_each(reasons), said.sealed, evidence_items(evidence, currency)), (said,)


def ask_more_time(words: str, evidence: Files = (), currency: str = "") -> tuple[td.AskMoreTime, Spoken]:
    said = say(words)
    assert said.sealed is not None
    return td.AskMoreTime(said.sealed, evidence_items(evidence, currency)), (said,)


def name_producer(
    name: str, email: str, words: str = "", evidence: Files = (), currency: str = ""
) -> tuple[td.NameProducer, Spoken]:
    """The producer, importer or its insurer: name and mail go into the vault, as one item that names it."""
    who = vault.personal("producer", {"name": text(name, "name"), "email": mail_address(email)})
    said = say(words, required=False)
    items = evidence_items(evidence, currency)
    return td.NameProducer(who.sealed, said.sealed, items), (Words((who,)), said)


# Between seller and claimant ----------------------------------------------------------------------------------


def make_offer(amount: str, currency: str, words: str = "", evidence: Files = ()) -> tuple[td.MakeOffer, Spoken]:
    said = say(words, required=False)
    return td.MakeOffer(minor(amount, currency), said.sealed, evidence_items(evidence, currency)), (said,)


def accept_offer(evidence: Files = (), currency: str = "") -> td.AcceptOffer:
    return td.AcceptOffer(new_id(), evidence_items(evidence, currency))


def refuse_offer(words: str = "", evidence: Files = (), currency: str = "") -> tuple[td.RefuseOffer, Spoken]:
    said = say(words, required=False)
    return td.RefuseOffer(new_id(), said.sealed, evidence_items(evidence, currency)), (said,)


def report_settlement(
    amount: str, evidence: tuple[EvidenceTold, ...], currency: str, words: str = ""
) -> tuple[td.ReportSettlement, Spoken]:
    said = say(words, required=False)
    items = evidence_items(evidence, currency)
    return td.ReportSettlement(minor(amount, currency), items, said.sealed), (said,)


def confirm_settlement(settled: bool, words: str = "") -> tuple[td.ConfirmSettlement, Spoken]:
    said = say(words, required=False)
    return td.ConfirmSettlement(settled, new_id(), said.sealed), (said,)


# Those who decide -----------------------------------------------------------------------------------------------


def step_in(lines: tuple[LineTold, ...], answers: tuple[AnswerTold, ...], currency: str) -> tuple[td.StepIn, Spoken]:
    """What the platform would pay, and its answer to each of the seller's reasons."""
    decided, spoken = decided_lines(lines, currency)
    reasons = []
    for answer in answers:
        said = say(answer.words)
        reasons.append(Reason(answer.code, answer.clause, answer.evidence, said.sealed))
        spoken.append(said)
    return td.StepIn(tuple(decided), tuple(reasons)), tuple(spoken)


def find_no_defect(code: str, clause: str, evidence: tuple[UUID, ...], words: str) -> tuple[td.FindNoDefect, Spoken]:
    said = say(words)
    return td.FindNoDefect(Reason(code, clause, evidence, said.sealed)), (said,)


# Insurance ------------------------------------------------------------------------------------------------------


def answer_as_insurer(
    answer: str, clause: str, evidence: tuple[EvidenceTold, ...], currency: str, words: str = ""
) -> tuple[td.AnswerAsInsurer, Spoken]:
    """`clause`: of the insurer's own policy; a denial has one."""
    if answer not in get_args(InsurerAnswer):
        raise Refused("unknown_answer", answer=answer[:20], known=", ".join(get_args(InsurerAnswer)))
    said = say(words, required=False)
    clause = text(clause, "clause", longest=LONGEST_CLAUSE) if clause.strip() else ""
    items = evidence_items(evidence, currency)
    if answer == "denies" and not clause:
        raise Refused("clause_needed")
    return td.AnswerAsInsurer(cast(InsurerAnswer, answer), clause, items, said.sealed), (said,)


def check_subrogation(clear: bool, words: str) -> tuple[td.CheckSubrogation, Spoken]:
    said = say(words)
    assert said.sealed is not None
    return td.CheckSubrogation(clear, said.sealed), (said,)


def send_proof_of_insurance(
    evidence: tuple[EvidenceTold, ...], currency: str, words: str = ""
) -> tuple[td.SendProofOfInsurance, Spoken]:
    said = say(words, required=False)
    return td.SendProofOfInsurance(evidence_items(evidence, currency), said.sealed), (said,)


def check_proof_of_insurance(proves: bool, words: str = "") -> tuple[td.CheckProofOfInsurance, Spoken]:
    said = say(words, required=False)
    return td.CheckProofOfInsurance(proves, said.sealed), (said,)


def _once_each(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))
