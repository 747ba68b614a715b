"""A mail's words as plain text: paragraphs set apart by empty lines, and lists whose lines begin with "- ".

Nothing else is markup, so that a name with a star in it stays a name with a star in it.
"""

from __future__ import annotations

import re


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, without the empty lines that set them apart."""
    return [part.strip("\n") for part in re.split(r"\n[ \t]*\n", text.strip()) if part.strip()]


def tidy(text: str) -> str:
    """The text with one empty line between paragraphs, and none of the space that a template leaves."""
    lines = [[line.rstrip() for line in part.split("\n") if line.strip()] for part in paragraphs(text)]
    return "\n\n".join("\n".join(part) for part in lines) + "\n"
