"""Templates: what the frame works out for itself never hides what a page was given."""

from __future__ import annotations

import re
from pathlib import Path

import makewhole.portals

TEMPLATES = Path(makewhole.portals.__path__[0]) / "templates"
OF_EVERY_PAGE = {"me", "language"}  # who reads, and in what language: no page says otherwise


def names_set_by(template: str) -> set[str]:
    """`{% tag … as name %}` puts the name into the page's own context."""
    return set(re.findall(r"\{%[^%]*\bas (\w+) %\}", template))


def test_the_frame_keeps_its_own_names_apart_from_a_pages() -> None:
    names = names_set_by((TEMPLATES / "portals" / "frame.html").read_text())
    assert names > OF_EVERY_PAGE
    assert {name for name in names - OF_EVERY_PAGE if not name.startswith("frame_")} == set()
    assert names_set_by("{% typing_waits as waits %}{% if waits %}") == {"waits"}
