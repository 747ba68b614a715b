"""Words without whom they name: what a respondent reads of what others wrote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec
from django.utils.translation import gettext as _


def hiding(records: list[str]) -> Callable[[str], str]:
    """A function that leaves out of words whatever the records tell of a person: names, addresses, accounts."""
    names: set[str] = set()
    others: set[str] = set()
    for record in records:
        for key, value in msgspec.json.decode(record, type=dict[str, str]).items():
            if key in ("name", "holder"):
                names |= set(_with_parts(value))
            elif key != "language" and value:
                others.add(value)
    return lambda words: _without(_without(words, others, _("[left out]")), names, _("the customer"))


def _with_parts(name: str) -> Iterator[str]:
    yield name
    yield from (part for part in re.split(r"[\s,]+", name) if len(part) > 1)


def _without(words: str, hidden: set[str], instead: str) -> str:
    if not hidden:
        return words
    longest_first = sorted((value for value in hidden if value.strip()), key=len, reverse=True)
    return re.sub(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", instead, words, flags=re.I)
