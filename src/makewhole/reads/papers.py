"""The text that a PDF has in it, page by page: to read, search and copy beside the file itself. Pictures have none."""

from __future__ import annotations

import io
from dataclasses import dataclass
from uuid import UUID

from pypdf import PdfReader

from makewhole.store import evidence

MOST_PAGES = 30
MOST_SIGNS = 60_000


@dataclass(frozen=True, slots=True)
class PaperText:
    """`pages` in order; `more`: there is more than is shown. Not `readable`: the file opens in no reader of ours."""

    pages: tuple[str, ...]
    more: bool
    readable: bool = True

    @property
    def empty(self) -> bool:
        return not any(self.pages)


def text_of(evidence_id: UUID) -> PaperText:
    """Refuses as evidence.show() does. Who may see the file, the caller has asked already."""
    content, media_type = evidence.show(evidence_id, "original")
    if media_type != "application/pdf":
        return PaperText((), more=False)
    try:
        return _read(content)
    except Exception:  # a stranger's PDF can bring a reader to nearly any of them: the file is there, its text is not
        return PaperText((), more=False, readable=False)


def _read(content: bytes) -> PaperText:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        reader.decrypt("")  # locked against changes only: sniff() let nothing else in
    pages: list[str] = []
    left = MOST_SIGNS
    for page in reader.pages[:MOST_PAGES]:
        text = page.extract_text().replace("\x00", "").strip()
        pages.append(text[:left])
        left -= len(pages[-1])
        if left <= 0:
            break
    return PaperText(tuple(pages), more=left <= 0 or len(reader.pages) > len(pages))
