"""Words without whom they name: what a respondent reads of what others wrote. Start at hiding().

A record says how the person wrote it; whoever writes of the person writes it otherwise: an address in one line and
without the town, an account in groups of four, a telephone number without the country. Rather too much is left out
than too little.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations

import msgspec
from django.utils.translation import gettext as _

_NEVER_HIDDEN = frozenset({"language"})
_SHORTENED = (
    ("street", "st"), ("road", "rd"), ("avenue", "ave", "av"), ("boulevard", "blvd"), ("drive", "dr"), ("lane", "ln"),
    ("court", "ct"), ("place", "pl"), ("square", "sq"), ("highway", "hwy"), ("parkway", "pkwy"), ("terrace", "ter"),
    ("apartment", "apt"), ("suite", "ste"), ("floor", "fl"), ("north", "n"), ("south", "s"), ("east", "e"),
    ("west", "w"),
)  # fmt: skip
_COMPOUND = re.compile(r"(?<=\w)(?:straße|strasse|str)$", re.I)
_PHONE_DIGITS = 7  # the shortest number that is somebody's
_CODE_DIGITS = 4  # fewer are a house, a page, an amount
_MOST_LINES = 8  # of an address; every run of them is a pattern


def hiding(records: list[str]) -> Callable[[str], str]:
    """A function that leaves out of words whatever the records tell of a person: names, addresses, accounts.

    `records`: JSON objects of texts as the vault keeps them (contact and payee).
    """
    names: set[str] = set()
    others: set[str] = set()
    for record in records:
        for key, value in msgspec.json.decode(record, type=dict[str, str]).items():
            if key in ("name", "holder"):
                names |= set(_ways_of_a_name(value))
            elif key == "address":
                others |= set(_ways_of_an_address(value))
            elif key == "phone":
                others |= set(_ways_of_a_phone(value))
            elif key not in _NEVER_HIDDEN:
                others |= set(_ways_of_a_number(value))
    return lambda words: _without(_without(words, others, _("[left out]")), names, _("the customer"))


def _ways_of_a_name(name: str) -> Iterator[str]:
    """Patterns of the whole name and of each of its parts."""
    parts = [part for part in re.split(r"[\s,]+", name) if part]
    yield r"[\s,]+".join(map(re.escape, parts))
    yield from (re.escape(part) for part in parts if len(part) > 1)


def _ways_of_an_address(address: str) -> Iterator[str]:
    """Patterns of the whole, of lines that follow each other, of what stands between commas, and of the postal code.

    A town or a region alone says too little to be hidden, and is too often a word of another meaning ("Reading", "OR").
    """
    lines = address.splitlines()[:_MOST_LINES]
    runs = [" ".join(lines[first:last]) for first, last in combinations(range(len(lines) + 1), 2)]
    for piece in (*runs, *re.split(r"[,\n]", address)):
        if any(letter.isdigit() for letter in piece) and len(re.findall(r"\w", piece)) >= _CODE_DIGITS:
            yield _in_one_line(piece)
    yield _in_one_line(address)
    yield from (code for code in re.findall(r"\w+", address) if len(re.findall(r"\d", code)) >= _CODE_DIGITS)


def _in_one_line(piece: str) -> str:
    return r"[\W_]{1,4}".join(_ways_of_a_word(word) for word in re.findall(r"[^\W_]+", piece))


def _ways_of_a_word(word: str) -> str:
    for words in _SHORTENED:
        if word.casefold() in words:
            return f"(?:{'|'.join(words)})"
    stem = _COMPOUND.sub("", word)
    return re.escape(word) if stem == word else re.escape(stem) + "(?:straße|strasse|str)"


def _ways_of_a_phone(phone: str) -> Iterator[str]:
    """Patterns of the number, with its country code and without (ITU-T E.164: one to three digits)."""
    yield from _ways_of_a_number(phone)
    digits = re.sub(r"\D", "", phone.replace("(0)", ""))
    for code in range(4 if phone.strip().startswith("+") else 1):
        if len(digits) - code >= _PHONE_DIGITS:
            yield rf"[(+]*0?{_spaced(digits[code:])}"


def _ways_of_a_number(number: str) -> Iterator[str]:
    """Patterns of an account, a telephone number or a mail address: as it stands, and however it is spaced."""
    yield re.escape(number.strip())
    if "@" not in number and len(letters := re.sub(r"[\W_]", "", number)) >= _CODE_DIGITS:
        yield _spaced(letters)


def _spaced(letters: str) -> str:
    return r"[\W_]{0,3}".join(letters)


def _without(words: str, ways: set[str], instead: str) -> str:
    """`words` with `instead` wherever one of these patterns is; the longest one is tried first."""
    longest_first = sorted(filter(None, ways), key=lambda way: (-len(way), way))
    if not longest_first:
        return words
    return re.sub(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", instead, words, flags=re.I)
