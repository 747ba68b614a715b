"""A bank's answers from whatever file they come in. Start at read_answers()."""

from __future__ import annotations

from makewhole.domain.refusal import Refused
from makewhole.integrations.bank.iso20022 import reading
from makewhole.integrations.bank.table import csv_answers
from makewhole.integrations.bank.words import Answers

LARGEST_BYTES = 20_000_000
MOST_ANSWERS = 5_000


def read_answers(content: bytes) -> Answers:
    """The whole file, or nothing of it: refuses `bank_file_not_readable` (with where), `bank_file_too_large`."""
    if len(content) > LARGEST_BYTES:
        raise Refused("bank_file_too_large", limit=f"{LARGEST_BYTES:,} bytes")
    if not content.strip():
        raise Refused("bank_file_not_readable", what="it is empty")
    found = reading.read(content) if reading.looks_like_xml(content) else csv_answers.read(content)
    if not found.answers:
        raise Refused("bank_file_not_readable", what="it answers no payment")
    if len(found.answers) > MOST_ANSWERS:
        raise Refused("bank_file_too_large", limit=f"{MOST_ANSWERS:,} answers")
    return found
