"""A mail's text file, paragraph by paragraph, in another language. Start at translated().

What is translated is a whole paragraph with its tags ({{ amount }}, {% if %}): a translator sees the sentence as it is
read, and may turn it around. The first line is the subject.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib.resources import files

_SUBJECT = "Subject: "
_BETWEEN = re.compile(r"\n[ \t]*\n")


def translated(text: str, gettext: Callable[[str], str]) -> str:
    """The same file with each of its paragraphs, and its subject, as `gettext` says it."""
    head, told = "", text
    if text.startswith(_SUBJECT):
        subject, _newline, told = text.removeprefix(_SUBJECT).partition("\n")
        head = f"{_SUBJECT}{gettext(subject)}\n"
    parts = [part.strip("\n") for part in _BETWEEN.split(told)]
    return head + "\n\n".join(gettext(part) if part.strip() else part for part in parts) + "\n"


def paragraphs() -> Iterator[tuple[str, str]]:
    """(file, paragraph) of every mail, as translators get them."""
    for file in sorted(files("makewhole.workers.mails").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".txt"):
            for paragraph in _parts(file.read_text("utf-8")):
                yield file.name, paragraph


def _parts(text: str) -> list[str]:
    found: list[str] = []

    def keep(told: str) -> str:
        found.append(told)
        return told

    translated(text, keep)
    return found
