"""Answers as CSV: reference, result (paid, returned), amount, currency, bank_ref, and why. One row for each payment."""

from __future__ import annotations

import csv
import io
from typing import NoReturn

from makewhole.domain.money import parse_money
from makewhole.domain.refusal import Refused
from makewhole.integrations.bank.iso20022.reading import PAYEES_ACCOUNT
from makewhole.integrations.bank.words import LONGEST_REFERENCE, Answer, Answers, Says

COLUMNS = ("reference", "result", "amount", "currency", "bank_ref", "reason")
_RESULTS: dict[str, Says] = {"paid": "paid", "returned": "returned", "rejected": "rejected"}


def read(content: bytes) -> Answers:
    """Every row. Refuses `bank_file_not_readable` with the line, and then nothing of the file was read."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        _unreadable("it is neither XML nor a table in UTF-8")
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error:
        _unreadable("it is neither XML nor a table")
    head = [name.strip().lower() for name in rows[0]]
    if head != list(COLUMNS):
        _unreadable(f"its first line is not: {', '.join(COLUMNS)}")
    answers = [_answer(no, row) for no, row in enumerate(rows[1:], start=1) if any(cell.strip() for cell in row)]
    return Answers("csv", "", tuple(answers))


def _answer(no: int, row: list[str]) -> Answer:
    line = no + 1
    if len(row) != len(COLUMNS):
        _unreadable(f"line {line} has {len(row)} fields and not {len(COLUMNS)}")
    reference, result, amount, currency, bank_ref, reason = (cell.strip() for cell in row)
    if result not in _RESULTS:
        _unreadable(f"line {line} says “{result[:20]}”: there are {', '.join(_RESULTS)}")
    if not bank_ref or len(bank_ref) > 60 or not bank_ref.isprintable():
        _unreadable(f"line {line} has no usable bank_ref")
    try:
        told = parse_money(amount, currency)
    except Refused:
        _unreadable(f"line {line} has no amount that can be read")
    name = reference.replace("-", "").lower()[:LONGEST_REFERENCE]
    return Answer(no, name, _RESULTS[result], bank_ref, reason[:35], told)


def why(reason: str) -> str:
    """The reason of a return in the words that the rules keep."""
    known = set(PAYEES_ACCOUNT.values())
    return PAYEES_ACCOUNT.get(reason, reason if reason in known else "other")


def _unreadable(what: str) -> NoReturn:
    raise Refused("bank_file_not_readable", what=what)
