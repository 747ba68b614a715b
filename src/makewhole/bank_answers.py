"""The bank's answers come in: a file is read as a whole, each answer is matched to its payment, and becomes a command.

Start at take_in(). One transaction: the whole file is recorded with what came of each answer, or nothing is. The same
file is read once (by its content); the same answer in another file is one answer (by payment and the bank's reference).
What does not fit moves no money: it is recorded, and stays open until a person explains it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.claim.commands import ClaimCommand, ConfirmPayment, ReturnPayment
from makewhole.domain.money import Money
from makewhole.domain.refusal import Refused
from makewhole.handle import Ask, Done, Key, apart, handle_all
from makewhole.integrations.bank import Answer, read_answers
from makewhole.integrations.bank.table.csv_answers import why
from makewhole.store.models import BANK_LINE_OPEN, BankFile, BankLine, BatchedPayment, Payment, PaymentBatch

READS: frozenset[RoleName] = frozenset({"finance"})
LONGEST_EXPLANATION = 500
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A file, and whether it had been read before (then nothing was done now)."""

    file: BankFile
    repeated: bool = False


@dataclass(slots=True)
class _Line:
    """An answer with the payment that it is about, on its way to its outcome."""

    answer: Answer
    payment: Payment | None = None
    outcome: str = ""
    refusal: str = ""


def take_in(name: str, content: bytes, *, by: Actor, at: datetime) -> TakenIn:
    """Reads a file of the bank's answers and does what they say. Refuses what cannot be read, wholly."""
    if by.role not in READS:
        raise Refused("role_may_not", role=by.role, act="ReadBankAnswers")
    sha256 = hashlib.sha256(content).digest()
    if known := BankFile.objects.filter(sha256=sha256).first():
        return TakenIn(known, repeated=True)
    told = read_answers(content)
    try:
        with transaction.atomic():
            file = BankFile.objects.create(
                sha256=sha256, name=_printable(name)[:200], kind=told.kind, message_id=told.message_id,
                lines=len(told.answers), read_by=by.name, read_at=at,
            )  # fmt: skip
            lines = _matched(told.answers, by)
            _do(lines, by, at)
            BankLine.objects.bulk_create(_row(file, no, line) for no, line in enumerate(lines, start=1))
    except IntegrityError:  # the same file, in the same instant, from somebody else
        known = BankFile.objects.filter(sha256=sha256).first()
        if known is None:
            raise
        return TakenIn(known, repeated=True)
    return TakenIn(file)


def explain(line_id: int, words: str, *, by: Actor, at: datetime) -> bool:
    """A person says why an answer does not fit, and what was done about it. False: it was said before, and stays."""
    if by.role not in READS:
        raise Refused("role_may_not", role=by.role, act="ExplainBankAnswer")
    said = words.strip()
    if not said:
        raise Refused("words_needed")
    if len(said) > LONGEST_EXPLANATION or "\x00" in said:
        raise Refused("text_too_long", field="words", longest=LONGEST_EXPLANATION, length=len(said))
    with transaction.atomic():
        line = BankLine.objects.select_for_update(of=("self",)).select_related("payment__claim", "file").filter(
            id=line_id, outcome__in=BANK_LINE_OPEN
        ).first()  # fmt: skip
        if line is None or not may_see(line, by):
            raise Refused("unknown_bank_line")
        if line.explained_at is not None:
            return False
        line.explained_by, line.explained_at, line.explanation = by.name, at, said
        line.save(update_fields=["explained_by", "explained_at", "explanation"])
    return True


def may_see(line: BankLine, by: Actor) -> bool:
    """An answer to a payment is for who works in its marketplace; one to no payment that we know, for who read it."""
    if not by.marketplaces:
        return True
    if line.payment is not None:
        return by.works_in(line.payment.claim.marketplace_id)
    return line.file.read_by == by.name


# Matching -----------------------------------------------------------------------------------------------


def _matched(answers: tuple[Answer, ...], by: Actor) -> list[_Line]:
    """Each with its payment. An answer to a whole run becomes one for each payment of it, where the sums agree."""
    runs = {batch.pk: batch for batch in PaymentBatch.objects.filter(id__in=_ids(answers, whole_run=True))}
    items: dict[UUID, list[Payment]] = {}
    for item in BatchedPayment.objects.filter(batch__in=runs, out_at__isnull=True).select_related("payment__claim"):
        items.setdefault(item.batch_id, []).append(item.payment)
    known = Payment.objects.select_related("claim").in_bulk(list(_ids(answers, whole_run=False)))
    lines: list[_Line] = []
    for answer in answers:
        named = _id(answer.reference)
        if not answer.whole_run:
            lines.append(_Line(answer, _of_ours(known.get(named) if named else None, by)))
        elif (run := runs.get(named) if named else None) is None or not by.works_in(run.marketplace_id):
            lines.append(_Line(answer, outcome="noted" if answer.says == "noted" else "unknown"))
        else:
            lines += _of_run(answer, run, items.get(run.pk, []))
    return lines


def _of_run(answer: Answer, run: PaymentBatch, payments: list[Payment]) -> Iterator[_Line]:
    if answer.says != "paid":
        yield _Line(answer, outcome="noted" if answer.says == "noted" else "our_fault")
        return
    total = Money(sum(payment.amount_minor for payment in payments), run.currency)
    if answer.amount is not None and answer.amount.currency != run.currency:
        yield _Line(answer, outcome="wrong_currency")
    elif answer.amount is not None and answer.amount != total:
        yield _Line(answer, outcome="wrong_amount")
    else:
        for payment in payments:
            amount = Money(payment.amount_minor, payment.currency)
            yield _Line(replace(answer, reference=payment.pk.hex, amount=amount, whole_run=False), payment)


def _of_ours(payment: Payment | None, by: Actor) -> Payment | None:
    """A payment of another marketplace looks like none at all."""
    return payment if payment is not None and by.works_in(payment.claim.marketplace_id) else None


def _ids(answers: tuple[Answer, ...], *, whole_run: bool) -> Iterator[UUID]:
    for answer in answers:
        if answer.whole_run == whole_run and (named := _id(answer.reference)):
            yield named


def _id(reference: str) -> UUID | None:
    try:
        return UUID(hex=reference) if len(reference) == 32 else None
    except ValueError:
        return None


# Doing --------------------------------------------------------------------------------------------------


def _do(lines: list[_Line], by: Actor, at: datetime) -> None:
    """The commands of what fits, each claim's in the order of the file; every line has its outcome afterwards."""
    asks: list[Ask] = []
    of_ask: dict[int, _Line] = {}
    for line in lines:
        if line.outcome:
            continue
        line.outcome = _misfit(line)
        if not line.outcome:
            ask = _ask(line, by, at)
            of_ask[id(ask)] = line
            asks.append(ask)
    for call in apart(asks, at_most=_AT_ONCE):
        for ask, done in zip(call, handle_all(call), strict=True):
            line = of_ask[id(ask)]
            if isinstance(done, Done):
                line.outcome = "repeated" if done.repeated else "done"
            else:
                line.outcome, line.refusal = "refused", done.code


def _misfit(line: _Line) -> str:
    """Why an answer leads to no command; empty where it does."""
    answer, payment = line.answer, line.payment
    if answer.says == "noted":
        return "noted"
    if payment is None:
        return "unknown"
    if answer.amount is not None and answer.amount.currency != payment.currency:
        return "wrong_currency"
    if answer.amount is not None and answer.amount.minor != payment.amount_minor:
        return "wrong_amount"
    return "our_fault" if answer.says == "rejected" else ""


def _ask(line: _Line, by: Actor, at: datetime) -> Ask:
    answer, payment = line.answer, line.payment
    assert payment is not None
    command: ClaimCommand = (
        ConfirmPayment(payment.pk, answer.bank_ref)
        if answer.says == "paid"
        else ReturnPayment(payment.pk, answer.bank_ref, why(answer.reason))
    )
    # By the bank's own name, whoever brings it: told again with the same meaning it is one, with another an error.
    told = hashlib.sha256(f"{answer.says} {payment.pk} {answer.bank_ref}".encode()).digest()
    key = Key("bank", f"{payment.pk.hex}:{answer.bank_ref}"[:100], told)
    return Ask(command, by, at, payment.claim_id, key=key)


def _row(file: BankFile, no: int, line: _Line) -> BankLine:
    answer = line.answer
    return BankLine(
        file=file, no=no, reference=answer.reference, payment=line.payment, bank_ref=answer.bank_ref,
        says=answer.says, reason=answer.reason[:60], outcome=line.outcome, refusal=line.refusal,
        amount_minor=answer.amount.minor if answer.amount else None,
        currency=answer.amount.currency if answer.amount else "",
    )  # fmt: skip


def _printable(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable()) or "file"
