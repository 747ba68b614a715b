"""PDFs as people send them: written, scanned, filled in, locked, and made to do harm."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
)
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

A4 = (595.0, 842.0)


def written(*pages: str, size: tuple[float, float] = A4) -> bytes:
    """A page for each text, with its lines from the top."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size)
    for text in pages:
        for n, line in enumerate(text.splitlines(), start=1):
            canvas.drawString(40, size[1] - 40 - 18 * n, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def scanned(*, pages: int = 1, size: tuple[float, float] = (227.0, 600.0)) -> bytes:
    """A till receipt that went through a scanner: a picture, and no letter of text."""
    picture = Image.new("L", (454, 1200), 250)
    draw = ImageDraw.Draw(picture)
    draw.text((60, 60), "WORKTOP REPAIR", fill=20, font_size=36)
    for n in range(14):
        draw.line((50, 180 + 60 * n, 404, 180 + 60 * n), fill=60 + 8 * n, width=6)
    draw.text((60, 1080), "TOTAL  520.00", fill=20, font_size=42)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size)
    for _ in range(pages):
        canvas.drawImage(ImageReader(picture), 0, 0, *size)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def form(value: str) -> bytes:
    """An estimate as a form, with the one amount in a field."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 200))
    canvas.drawString(20, 150, "Estimate")
    canvas.acroForm.textfield(name="amount", value=value, x=20, y=80, width=200, height=40, fontSize=24)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def locked(content: bytes, *, user: str, owner: str = "owner") -> bytes:
    """Locked against changes, and against reading too where `user` is not empty."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(user_password=user, owner_password=owner, algorithm="AES-256")
    return _bytes_of(writer)


def bomb(*, levels: int = 8, times: int = 12) -> bytes:
    """A page of a few kilobytes that draws a drawing of drawings: 12 to the 9th power of them."""
    writer = PdfWriter()
    page = writer.add_blank_page(300, 200)
    drawn = _drawing(writer, b"0 0 m 300 200 l S\n" * 100)
    for _ in range(levels):
        drawn = _drawing(writer, b"/X Do\n" * times, drawn)
    page[NameObject("/Resources")] = _uses(drawn)
    content = DecodedStreamObject()
    content.set_data(b"/X Do\n" * times)
    page[NameObject("/Contents")] = writer._add_object(content)
    return _bytes_of(writer)


def entangled(times: int) -> bytes:
    """A page with so many links that are one, which belongs to so many fields that are one: whoever follows each of
    them every time has `times` times `times` to follow, for twelve bytes each."""
    writer = PdfWriter()
    page = writer.add_blank_page(300, 200)
    fields = writer._add_object(ArrayObject([writer._add_object(DictionaryObject())] * times))
    link = writer._add_object(
        DictionaryObject({NameObject("/Subtype"): NameObject("/Widget"), NameObject("/Parent"): fields})
    )
    page[NameObject("/Annots")] = ArrayObject([link] * times)
    return _bytes_of(writer)


def linked(times: int) -> bytes:
    """A page with so many links, each of which does the same `times` things."""
    writer = PdfWriter()
    page = writer.add_blank_page(300, 200)
    does = writer._add_object(ArrayObject([writer._add_object(DictionaryObject())] * times))
    page[NameObject("/Annots")] = ArrayObject(
        writer._add_object(DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): does}))
        for _ in range(times)
    )
    return _bytes_of(writer)


def sized(sides: Sequence[float], *, rotate: int = 0) -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(*sides)
    if rotate:
        page.rotate(rotate)
    return _bytes_of(writer)


def _drawing(writer: PdfWriter, content: bytes, uses: IndirectObject | None = None) -> IndirectObject:
    drawing = DecodedStreamObject()
    drawing.set_data(content)
    told: dict[PdfObject, PdfObject] = {
        NameObject("/Type"): NameObject("/XObject"),
        NameObject("/Subtype"): NameObject("/Form"),
        NameObject("/BBox"): ArrayObject([NumberObject(side) for side in (0, 0, 300, 200)]),
    }
    drawing.update(told)
    if uses is not None:
        drawing[NameObject("/Resources")] = _uses(uses)
    return writer._add_object(drawing)


def _uses(drawing: IndirectObject) -> DictionaryObject:
    return DictionaryObject({NameObject("/XObject"): DictionaryObject({NameObject("/X"): drawing})})


def _bytes_of(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
