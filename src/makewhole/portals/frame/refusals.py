"""A refusal in the reader's language: the rules' own sentence, translated, with its facts as people read them.

Pages use sentence(); what needs no language (the API, the command line) has the one of domain/sentences.py.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext

from makewhole.domain.money import Money
from makewhole.domain.refusal import Refused
from makewhole.domain.sentences import SENTENCES, facts_told
from makewhole.portals.frame import showing, words

# Which of the words that we have are for a fact of that name.
_CODES: dict[str, dict[str, str]] = {
    "role": words.ROLES,
    "turn": words.TURNS,
    "to": words.ROLES,
    "outcome": words.OUTCOMES | words.RECOVERY_OUTCOMES | words.CONTEST_OUTCOMES,
    "obstacle": words.OBSTACLES,
    "answer": words.INSURER_ANSWERS,
    "level": words.STANDING_LEVELS,
}


def sentence(refusal: Refused) -> str:
    """What we tell a person about a refusal, on a page."""
    template = SENTENCES.get(refusal.code)
    assert template is not None, f"no sentence for {refusal.code}"
    facts = {name: _fact(name, fact) for name, fact in facts_told(refusal).items()}
    return gettext(template).format(**facts)


def _fact(name: str, fact: object) -> object:
    match fact:
        case Money(minor=minor, currency=currency):
            return showing.money(minor, currency)
        case datetime():
            return showing.minute(fact)
        case date():
            return showing.day(fact)
        case str() if name in _CODES and fact in _CODES[name]:
            return words.within(words.said(fact, _CODES[name]))
        case _:
            return fact
