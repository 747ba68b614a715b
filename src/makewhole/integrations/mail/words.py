"""A mail's words, written once as plain text, and the same as simple HTML.

Paragraphs are set apart by empty lines; a paragraph whose lines begin with "- " is a list; an address becomes a
link. Nothing else is markup, so that a name with a star in it stays a name with a star in it.
"""

from __future__ import annotations

import re
from html import escape

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_PAGE = """\
<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>
<body style="margin:0;padding:24px;background:#ffffff;color:#1f2328;\
font:16px/1.6 system-ui,-apple-system,'Segoe UI',sans-serif">
<div style="max-width:38em;margin:0 auto">
{body}
</div></body></html>
"""


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, without the empty lines that set them apart."""
    return [part.strip("\n") for part in re.split(r"\n[ \t]*\n", text.strip()) if part.strip()]


def tidy(text: str) -> str:
    """The text with one empty line between paragraphs, and none of the space that a template leaves."""
    lines = [[line.rstrip() for line in part.split("\n") if line.strip()] for part in paragraphs(text)]
    return "\n\n".join("\n".join(part) for part in lines) + "\n"


def as_html(text: str, *, title: str, language: str = "en") -> str:
    """The same words as a page that any mail reader shows."""
    return _PAGE.format(
        language=escape(language), title=escape(title), body="\n".join(_paragraph(part) for part in paragraphs(text))
    )


def _paragraph(text: str) -> str:
    lines = text.split("\n")
    if all(line.startswith("- ") for line in lines):
        return "<ul>" + "".join(f"<li>{_linked(line[2:])}</li>" for line in lines) + "</ul>"
    return "<p>" + "<br>".join(_linked(line) for line in lines) + "</p>"


def _linked(line: str) -> str:
    parts, at = [], 0
    for found in _ADDRESS.finditer(line):
        address = found.group().rstrip(".,;:)")
        parts += [escape(line[at : found.start()]), f'<a href="{escape(address)}">{escape(address)}</a>']
        at = found.start() + len(address)
    return "".join([*parts, escape(line[at:])])
