"""Drawn photos and receipts, so that the demo's evidence is real files; each seed draws another picture."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

_SURFACES = ((176, 141, 104), (205, 198, 186), (148, 154, 158), (120, 88, 62), (226, 216, 198))


def photo(seed: str) -> bytes:
    """Something burned on a surface, as a JPEG."""
    draw = random.Random(f"photo {seed}")
    surface = draw.choice(_SURFACES)
    image = Image.new("RGB", (960, 720), surface)
    pen = ImageDraw.Draw(image)
    for _ in range(60):
        y, tint = draw.randint(0, 720), draw.randint(-14, 14)
        pen.line(
            (0, y, 960, y + draw.randint(-40, 40)),
            fill=tuple(max(0, min(255, c + tint)) for c in surface),
            width=draw.randint(2, 9),
        )
    x, y = draw.randint(240, 720), draw.randint(200, 520)
    for ring in range(14, 0, -1):
        wide, high = ring * draw.randint(11, 17), ring * draw.randint(8, 13)
        shade = 20 + ring * 7
        pen.ellipse((x - wide, y - high, x + wide, y + high), fill=(shade, int(shade * 0.75), int(shade * 0.6)))
    left, top = draw.randint(20, 500), draw.randint(10, 260)
    body = tuple(draw.randint(60, 220) for _ in range(3))
    pen.rounded_rectangle((left, top, left + draw.randint(140, 320), top + draw.randint(160, 360)), 30, fill=body)
    return _jpeg(image.filter(ImageFilter.GaussianBlur(1.2)).resize((720, 540)))


def paper(seed: str, title: str, lines: list[tuple[str, str]], total: str) -> bytes:
    """A receipt, bill or estimate on a table, photographed from above, as a JPEG."""
    draw = random.Random(f"paper {seed}")
    image = Image.new("RGB", (900, 900), draw.choice(_SURFACES))
    pen = ImageDraw.Draw(image)
    for _ in range(7):  # what else lies there
        x, y, size = draw.randint(-60, 880), draw.randint(-60, 880), draw.randint(60, 240)
        pen.rounded_rectangle((x, y, x + size, y + size), 24, fill=tuple(draw.randint(20, 235) for _ in range(3)))
    sheet = _sheet(title, lines, total).rotate(draw.randint(-14, 14), expand=True, resample=Image.Resampling.BICUBIC)
    place = (draw.randint(0, 900 - min(880, sheet.width)), draw.randint(0, 900 - min(880, sheet.height)))
    image.paste(sheet, place, sheet)
    return _jpeg(image)


def _sheet(title: str, lines: list[tuple[str, str]], total: str) -> Image.Image:
    image = Image.new("RGBA", (480, 560), (250, 249, 245, 255))
    pen = ImageDraw.Draw(image)
    large, plain = ImageFont.load_default(30), ImageFont.load_default(22)
    pen.text((32, 36), title, font=large, fill=(30, 30, 34))
    pen.line((32, 92, 448, 92), fill=(120, 120, 124), width=2)
    y = 124
    for what, amount in lines:
        pen.text((32, y), what, font=plain, fill=(40, 40, 44))
        pen.text((448, y), amount, font=plain, fill=(40, 40, 44), anchor="ra")
        y += 44
    pen.line((32, y + 12, 448, y + 12), fill=(120, 120, 124), width=2)
    pen.text((32, y + 36), "Total", font=large, fill=(30, 30, 34))
    pen.text((448, y + 36), total, font=large, fill=(30, 30, 34), anchor="ra")
    return image


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()
