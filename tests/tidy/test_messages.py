"""The catalogues hold what the source says, and leave nothing of the claimant's way in English (make messages)."""

from __future__ import annotations

import io
import re
import string
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from babel.messages.catalog import Message

ROOT = Path(__file__).parents[2]
LANGUAGES = ("de", "fr", "es")


@cache
def _tool() -> ModuleType:
    sys.path.insert(0, str(ROOT / "tools"))
    import messages

    return messages


@cache
def _said() -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = _tool().messages()
    return found


def _entries(language: str) -> Iterator[tuple[Message, list[str], list[str]]]:
    """(entry, its texts, its translations) of everything that is translated."""
    for message in _tool().read(language):
        ids = list(message.id) if isinstance(message.id, tuple | list) else [message.id]
        told = list(message.string) if isinstance(message.string, tuple | list) else [message.string]
        if message.id and any(told):
            yield message, ids, told


def test_the_tool_finds_what_is_said_everywhere() -> None:
    said = {one for one, _context in _said()}
    assert {
        "Skip to the content",  # a template
        "{number} days",  # a plural is not a string of its own
    } & said == {"Skip to the content"}
    assert "We approved {approved}." in said  # a rule's statement
    assert "The claim is still open." in said  # a refusal
    assert "We have your claim {{ reference }}" in said  # a mail's subject
    assert "the seller did not answer in its time" in said  # a word of the rules
    assert _said()["{number} day", ""].many == "{number} days"


def test_the_tool_knows_every_name_under_which_the_source_marks_its_strings() -> None:
    named = re.compile(r"^from django\.utils\.translation import \w*gettext\w* as (\w+)$", re.MULTILINE)
    names = {name for file in (ROOT / "src").rglob("*.py") for name in named.findall(file.read_text("utf-8"))}
    assert "lazily" in names and names <= set(_tool()._GETTEXT)
    assert ("Accept the offer", "") in _said()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_every_string_and_no_other(language: str) -> None:
    catalog = _tool().read(language)
    kept = {(message.id[0] if isinstance(message.id, tuple) else message.id, message.context or "")
            for message in catalog if message.id}  # fmt: skip
    assert sorted(set(_said()) - kept) == [], "make messages"
    assert sorted(kept - set(_said())) == [], "make messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_runs_is_what_was_written(language: str) -> None:
    """The compiled catalogue says exactly what the text says."""
    from babel.messages.mofile import read_mo

    path = _tool().po_of(language)
    compiled = read_mo(io.BytesIO(path.with_suffix(".mo").read_bytes()))
    written = {tuple(ids): tuple(told) for _, ids, told in _entries(language)}
    runs = {}
    for message in compiled:
        if message.id:
            ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
            runs[tuple(ids)] = tuple(message.string) if isinstance(message.string, tuple | list) else (message.string,)
    assert runs == written


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fuzzy_and_no_plural_form_is_missing(language: str) -> None:
    catalog = _tool().read(language)
    assert [message.id for message in catalog if message.id and message.fuzzy] == []
    assert [
        message.id
        for message, ids, told in _entries(language)
        if not all(told) or (len(ids) > 1 and len(told) != catalog.num_plurals)
    ] == []


def _named(text: str) -> list[str]:
    """What a text names: {amount}, %(amount)s, {{ amount }}, {% if amount %}, <strong>."""
    tags = re.findall(r"{[{%]\s*.*?\s*[%}]}|%\(\w+\)[sd]|</?\w+>", text)
    rest = re.sub(r"{[{%].*?[%}]}", "", text)
    try:
        braces = ["{" + name + "}" for _, name, _, _ in string.Formatter().parse(rest) if name]
    except ValueError:
        braces = []
    return sorted([*tags, *braces])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_names_what_its_text_names(language: str) -> None:
    wrong = [
        (ids[-1], each)
        for _, ids, told in _entries(language)
        for each in told
        if _named(each) not in (_named(ids[-1]), _named(ids[0]))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_begins_and_ends_as_its_text_does(language: str) -> None:
    """A space in front joins it to the word before; a lost line break would swallow a list of a mail."""
    wrong = [
        each
        for _, ids, told in _entries(language)
        for each in told
        if each[:1].isspace() != ids[0][:1].isspace() or each[-1:].isspace() != ids[0][-1:].isspace()
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_claimants_way_is_said_in_every_language(language: str) -> None:
    wanted = _tool().journey(_said())
    assert len(wanted) > 1_000
    told = {(ids[0], message.context or "") for message, ids, _ in _entries(language)}
    assert sorted(one for one, context in wanted - told) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("part", "at_least"), [("a seller's pages", 400), ("mails to others", 100)])
def test_a_sellers_way_and_every_mail_are_said_in_every_language(language: str, part: str, at_least: int) -> None:
    wanted = _tool().parts(_said())[part]
    assert len(wanted) > at_least
    told = {(ids[0], message.context or "") for message, ids, _ in _entries(language)}
    assert sorted(one for one, context in wanted - told) == []


@pytest.mark.parametrize("language", ("en", *LANGUAGES))
def test_the_words_of_every_mail_are_a_template_in_every_language(language: str) -> None:
    """Tags that a translation has turned around would be found when the mail is written, and not before."""
    from django.utils import translation

    from makewhole.workers.mails import letters, texts

    names = {file.removesuffix(".txt") for file, _paragraph in texts.paragraphs() if not file.startswith("_")}
    assert len(names) > 60
    with translation.override(language):
        for name in sorted(names):
            assert letters._template(name, language), name


def test_each_string_counts_in_one_part_of_what_is_said() -> None:
    parts = _tool().parts(_said())
    assert sum(map(len, parts.values())) == len(_said()) and all(parts.values())


def test_what_a_claimant_may_meet_are_refusals_that_there_are() -> None:
    from makewhole.domain.sentences import SENTENCES

    assert _tool()._REFUSALS - SENTENCES.keys() == set()


def test_pages_take_their_refusals_in_the_readers_language() -> None:
    portals = ROOT / "src" / "makewhole" / "portals"
    english = [
        str(path.relative_to(ROOT))
        for path in portals.rglob("*.py")
        if re.search(r"from makewhole\.domain\.sentences import .*\bsentence\b", path.read_text("utf-8"))
    ]
    assert english == []
