"""Every word that a template says is marked for translators, and every day that it shows is written by our own filters.

Start at unmarked(): what stands in text and in the attributes that people read, outside {% translate %} and
{% blocktranslate %}, and words among the arguments of tags and filters.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import makewhole.portals

TEMPLATES = Path(makewhole.portals.__path__[0]) / "templates"
PAGES = sorted(path for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt"))
SAID = {"title", "aria-label", "aria-description", "aria-valuetext", "placeholder", "alt", "data-label", "label"}
# The same in every language.
NAMES = {
    "Makewhole": "our name",
    "UTC": "the zone's own name",
    "PDF": "a file's kind",
    ".toml": "the end of a file's name",
    "MW": "how a claim's reference begins",
}
OF_CODE = {"code", "kbd", "script", "style"}  # typed as it stands, or read by no one
OF_CLASSES = re.compile(r"\{% block (?:width|span) %\}.*?\{% endblock %\}", re.DOTALL)
FOR_A_FIELD = re.compile(r"""(value|href|datetime)="[^"]*\{\{[^}]*\|date:"Y-m(-d)?"|\?month=\{\{[^}]*\|date:"Y-m\"""")
IN_THE_LOG = '{{ link.at|date:"Y-m-d H:i:s" }}'  # as the exported log writes it, to be compared by eye


class _Page(HTMLParser):
    """What can be read of a page that has no tags of templates any more."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.code += tag in OF_CODE
        self.said += [value for name, value in attrs if name in SAID and value]

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag in OF_CODE

    def handle_data(self, data: str) -> None:
        if not self.code:
            self.said.append(data)


def unmarked(template: str) -> list[str]:
    from django.template.base import Lexer, TokenType

    html, arguments, marked = [], [], False
    for token in Lexer(OF_CLASSES.sub("", template)).tokenize():
        tag = token.contents.split(maxsplit=1)[0] if token.contents.strip() else ""
        if token.token_type == TokenType.BLOCK and tag in ("blocktranslate", "comment"):
            marked = True
        elif token.token_type == TokenType.BLOCK and tag in ("endblocktranslate", "endcomment"):
            marked = False
        elif token.token_type == TokenType.TEXT and not marked:
            html.append(token.contents)
        elif token.token_type == TokenType.VAR or tag in ("include", "with", "firstof", "cycle"):
            arguments += _arguments(token.contents)
        if token.token_type != TokenType.TEXT:
            html.append(" ")
    page = _Page()
    page.feed("".join(html))
    page.close()
    return [" ".join(said.split()) for said in [*page.said, *arguments] if _has_words(said)]


def _arguments(tag: str) -> list[str]:
    """Strings given to filters and names that look like words: {{ name|default:"Nobody yet" }}."""
    given = re.findall(r'(?<!_\()(?:default|default_if_none|yesno|add|join):"([^"]*)"|\w+="([^"]*)"', tag)
    return [one for pair in given for one in pair if re.search(r"[A-Z ]", one)]


def _has_words(said: str) -> bool:
    for name in NAMES:
        said = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "", said)
    return re.search(r"[A-Za-z]{2,}", said) is not None


@pytest.mark.parametrize("template", PAGES, ids=[str(path.relative_to(TEMPLATES)) for path in PAGES])
def test_no_word_of_a_template_stands_outside_what_is_translated(template: Path) -> None:
    assert unmarked(template.read_text("utf-8")) == [], "{% translate %}, or {% blocktranslate trimmed %}"


@pytest.mark.parametrize("template", PAGES, ids=[str(path.relative_to(TEMPLATES)) for path in PAGES])
def test_days_that_are_shown_are_written_in_the_readers_language(template: Path) -> None:
    text = FOR_A_FIELD.sub("", template.read_text("utf-8")).replace(IN_THE_LOG, "")
    assert re.findall(r"\|(?:date|time|floatformat|intcomma):?[^|}\s]*", text) == [], "|day, |minute, |instant, |money"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>Pay now</p>", ["Pay now"]),
        ("<p>{% translate 'Pay' %} now</p>", ["now"]),
        ('<li{% if old %} class="old"{% endif %}>{{ name }}</li>', []),
        ('<input placeholder="Your name">', ["Your name"]),
        ('<td data-label="{% translate "Paid" %}">{{ sum }} UTC</td>', []),
        ('<img alt="A kettle">', ["A kettle"]),
        ("{% blocktranslate count n=n %}{{ n }} file{% plural %}{{ n }} files{% endblocktranslate %}", []),
        ('{{ name|default:"Nobody yet" }}{{ name|default:_("Nobody yet") }}', ["Nobody yet"]),
        ('{% include "a.html" with title="Your claims" %}', ["Your claims"]),
        ('{% if kind in "photo payee" %}<code>verify FILE</code>{% endif %}', []),
        ("<p>account &nbsp; &middot;</p>", ["account ·"]),
        ("{% block width %}container-xl reading{% endblock %}", []),
        ("<title>Makewhole</title>", []),
        ("<title>Makewholeness</title>", ["Makewholeness"]),
    ],
)
def test_what_is_not_marked_is_found(template: str, words: list[str]) -> None:
    assert unmarked(template) == words


def test_the_exceptions_are_needed() -> None:
    said = "".join(path.read_text("utf-8") for path in PAGES)
    assert {name for name in NAMES if name not in said} == set() and IN_THE_LOG in said
