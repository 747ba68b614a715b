"""A PDF as people look at it: its pages, each a picture and the text in it, to read, search and copy beside it.

The file is opened in a process of its own (integrations/pdf_pages), never in this one: it is a stranger's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from makewhole.domain.refusal import Refused
from makewhole.integrations.pdf_pages import asking
from makewhole.store import evidence

PageVariant = Literal["display", "thumbnail"]

MOST_PAGES = 30
MOST_SIGNS = 60_000
LONGEST_SIDES: dict[PageVariant, int] = {"display": 1600, "thumbnail": 400}


@dataclass(frozen=True, slots=True)
class PaperPage:
    """`width` to `height` as the picture of it will be. No `text`: a scan, perhaps."""

    number: int
    width: int
    height: int
    text: str


@dataclass(frozen=True, slots=True)
class Paper:
    """`pages` in order, of `total`. `cut`: not all the text is there. Not `readable`: the file opens in no reader of
    ours."""

    pages: tuple[PaperPage, ...] = ()
    total: int = 0
    cut: bool = False

    @property
    def readable(self) -> bool:
        return bool(self.pages)

    @property
    def has_text(self) -> bool:
        return any(page.text for page in self.pages)

    @property
    def more(self) -> bool:
        return self.total > len(self.pages)


def paper_of(evidence_id: UUID) -> Paper:
    """Refuses as evidence.show() does. Who may see the file, the caller has asked already."""
    content = _pdf(evidence_id)
    if content is None:
        return Paper()
    try:
        found = asking.read(content, most_pages=MOST_PAGES, most_signs=MOST_SIGNS)
    except Refused:
        return Paper()
    pages = (PaperPage(n, *_pixels(each), each.text) for n, each in enumerate(found.pages, start=1))
    return Paper(tuple(pages), found.total, found.cut)


def page_of(evidence_id: UUID, number: int, variant: PageVariant) -> bytes:
    """One page as a JPEG. Refuses as evidence.show() does, `no_such_page`, and what asking.draw() refuses."""
    content = _pdf(evidence_id) if 1 <= number <= MOST_PAGES else None
    if content is None:
        raise Refused("no_such_page", page=number)
    return asking.draw(content, number, longest_side=LONGEST_SIDES[variant])


def _pdf(evidence_id: UUID) -> bytes | None:
    content, media_type = evidence.show(evidence_id, "original")
    return content if media_type == "application/pdf" else None


def _pixels(page: asking.PdfPage) -> tuple[int, int]:
    scale = LONGEST_SIDES["display"] / max(page.width, page.height)
    return max(1, round(page.width * scale)), max(1, round(page.height * scale))
