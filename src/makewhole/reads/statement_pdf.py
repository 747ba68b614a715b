"""A statement of reasons on paper, A4 or Letter, its text to be selected. The same statement gives the same bytes.

Start at pdf(). The font (Noto Sans, under the Open Font License) comes with a package and is embedded as far as it is
used: Latin, Greek and Cyrillic letters with all their marks, and Devanagari. Chinese, Japanese and Korean signs name
the fonts that every PDF reader brings for them; signs that neither has show as \ufffd.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from itertools import groupby
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from makewhole.domain.statement import StatementOfReasons
from makewhole.reads import statement_lines as lines
from makewhole.reads.showing import instant, language

FONT = "Makewhole"
_SIZES = {"a4": A4, "letter": LETTER}
_MARGIN, _TOP, _FOOT = 22 * mm, 24 * mm, 22 * mm
_INK, _QUIET, _LINE = HexColor(0x1B2733), HexColor(0x566472), HexColor(0xD9DFE5)
# Which signs belong to which font that readers bring along; kana and hangul before the signs that all three share.
_BROUGHT = (
    ("HeiseiMin-W3", ((0x3040, 0x30FF), (0x31F0, 0x31FF))),
    ("HYSMyeongJo-Medium", ((0x1100, 0x11FF), (0xAC00, 0xD7AF))),
    ("STSong-Light", ((0x2E80, 0x303F), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF))),
)
_UNKNOWN = "\ufffd"


def pdf(statement: StatementOfReasons, *, paper: str = "a4") -> bytes:
    """The whole statement. `paper`: a4 or letter."""
    _fonts()
    total = _built(statement, paper, total=0)[1]
    return _built(statement, paper, total=total)[0]


def _built(statement: StatementOfReasons, paper: str, *, total: int) -> tuple[bytes, int]:
    """The document, and how many pages it has; `total` is what it says itself of that."""
    out = io.BytesIO()
    width, height = _SIZES[paper]
    document = BaseDocTemplate(
        out,
        pagesize=(width, height),
        title=f"{statement.reference}: {lines.title(statement)}",
        author=statement.issuer,
        subject=_("Statement of reasons"),
        creator="Makewhole",
        producer="Makewhole",
        lang=language(),
        invariant=1,  # no date and no id of this run in it
    )
    frame = Frame(
        _MARGIN, _FOOT, width - 2 * _MARGIN, height - _TOP - _FOOT, leftPadding=0, rightPadding=0, topPadding=0,
        bottomPadding=0,
    )  # fmt: skip

    def around(canvas: Canvas, document: BaseDocTemplate) -> None:
        _around(canvas, statement, (width, height), document.page, total)

    document.addPageTemplates([PageTemplate(frames=[frame], onPage=around)])
    document.build(list(_story(statement, width - 2 * _MARGIN)))
    return out.getvalue(), document.page


# The pages ----------------------------------------------------------------------------------------------------


def _around(canvas: Canvas, statement: StatementOfReasons, size: tuple[float, float], page: int, total: int) -> None:
    """What stands on every page: who issued it above, what it is and which page this is below."""
    width, height = size
    canvas.saveState()
    canvas.setStrokeColor(_LINE)
    canvas.setLineWidth(0.6)
    for at in (height - 18 * mm, 17 * mm):
        canvas.line(_MARGIN, at, width - _MARGIN, at)
    above = (_line(f"{statement.issuer} · {statement.marketplace}"), _line(_("Statement of reasons")))
    below = (_line(f"{statement.reference} · {instant(statement.issued_at, statement.zone)}"),)
    for told, y in (
        (above, height - 16 * mm),
        ((*below, _line(_("Page {page} of {total}").format(page=page, total=total))), 12.5 * mm),
    ):
        for text, style in zip(told, (_SMALL, _SMALL_RIGHT), strict=True):
            one = Paragraph(text, style)
            one.wrap(width - 2 * _MARGIN, 20)
            one.drawOn(canvas, _MARGIN, y)
    canvas.restoreState()


def _story(statement: StatementOfReasons, width: float) -> Iterator[Flowable]:
    yield Strong(_line(lines.title(statement)), _TITLE)
    yield Paragraph(_line(lines.addressed(statement)), _META)
    yield from (Paragraph(f"{_line(name)}: {_line(value)}", _META) for name, value in lines.about(statement))
    yield Spacer(0, 4 * mm)
    for part in lines.sections(statement):
        body = list(_amounts(statement, width)) if part.name == "amounts" else list(_lines(part))
        # A heading never stands alone at the foot of a page.
        yield KeepTogether([Strong(_line(part.heading), _HEADING), body[0]])
        yield from body[1:]


def _lines(part: lines.Section) -> Iterator[Flowable]:
    for line in part.lines:
        yield Paragraph(_text(line), _ITEM if part.listed else _BODY, bulletText="–" if part.listed else None)


def _amounts(statement: StatementOfReasons, width: float) -> Iterator[Flowable]:
    rows = [
        [
            Paragraph(_text(lines.write(line.what, statement)), _CELL),
            Paragraph(_text(lines.phrase(line.way, statement)), _WAY),
            Paragraph(_text(lines.money(line)), _SUM),
        ]
        for line in statement.amounts
    ]
    table = Table(rows, colWidths=[width * 0.36, width * 0.38, width * 0.26], hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEABOVE", (0, 0), (-1, -1), 0.4, _LINE),
                ("LINEBELOW", (0, -1), (-1, -1), 0.4, _LINE),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 3.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 4.5),
            ]
        )
    )
    yield table


class Strong(Paragraph):
    """A paragraph whose letters are also outlined: the font comes in one weight."""

    def draw(self) -> None:
        canvas = self.canv
        canvas.saveState()
        canvas.setStrokeColor(self.style.textColor)
        canvas.setLineWidth(self.style.fontSize / 45)
        outlined = canvas.beginText()
        outlined.setTextRenderMode(2)
        canvas.drawText(outlined)
        super().draw()
        canvas.restoreState()


# Styles -------------------------------------------------------------------------------------------------------


def _style(
    name: str, size: float, *, above: float = 0, below: float = 0, color: Color = _INK, **more: object
) -> ParagraphStyle:
    return ParagraphStyle(
        name, fontName=FONT, bulletFontName=FONT, fontSize=size, leading=size * 1.42, spaceBefore=above,
        spaceAfter=below, textColor=color, bulletColor=_QUIET, splitLongWords=1, **more,
    )  # fmt: skip


_TITLE = _style("title", 17, above=2 * mm, below=4 * mm)
_META = _style("meta", 9, below=0.6 * mm, color=_QUIET)
_HEADING = _style("heading", 11, above=5 * mm, below=1.6 * mm)
_BODY = _style("body", 10, below=1.4 * mm)
_ITEM = _style("item", 10, below=1.2 * mm, leftIndent=4.5 * mm, bulletIndent=0)
_CELL = _style("cell", 10)
_WAY = _style("way", 10, color=_QUIET)
_SUM = _style("sum", 10, alignment=TA_RIGHT)
_SMALL = _style("small", 8, color=_QUIET)
_SMALL_RIGHT = _style("small right", 8, color=_QUIET, alignment=TA_RIGHT)


# Letters ------------------------------------------------------------------------------------------------------


def _text(told: str) -> str:
    """Words as a paragraph takes them; line breaks stay."""
    return "<br/>".join(_line(line) for line in told.splitlines())


def _line(told: str) -> str:
    """One line: nothing in it is markup, and each sign names a font that has it."""
    runs = groupby((_shown(sign) for sign in told), key=lambda shown: shown[0])
    return "".join(_run(font, "".join(sign for _, sign in signs)) for font, signs in runs)


def _run(font: str, signs: str) -> str:
    return escape(signs) if font == FONT else f'<font name="{font}">{escape(signs)}</font>'


def _shown(sign: str) -> tuple[str, str]:
    """The font that shows it, and the sign that is shown."""
    code = ord(sign)
    if code in _embedded().face.charToGlyph:
        return FONT, sign
    for font, ranges in _BROUGHT:
        if any(first <= code <= last for first, last in ranges):
            return font, sign
    return (FONT, " ") if sign.isspace() else (FONT, _UNKNOWN)


@cache
def _embedded() -> TTFont:
    with as_file(files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf") as path:
        return TTFont(FONT, str(path))


@cache
def _fonts() -> None:
    pdfmetrics.registerFont(_embedded())
    for font, _ranges in _BROUGHT:
        pdfmetrics.registerFont(UnicodeCIDFont(font))
