"""Small real files for the rehearsal's evidence: JPEGs that look like no other, and one-page PDFs."""

from __future__ import annotations

import io
import random

from PIL import Image

EDGE = 8


def photo(rng: random.Random) -> bytes:
    """Soft random shades: two of them lie some 32 of 64 bits apart, far from the policy's 6."""
    shades = Image.frombytes("L", (EDGE, EDGE), rng.randbytes(EDGE * EDGE))
    out = io.BytesIO()
    shades.resize((160, 120), Image.Resampling.BICUBIC).save(out, "JPEG", quality=70)
    return out.getvalue()


def paper(text: str) -> bytes:
    """A PDF of one page with one line of text (ASCII, without brackets)."""
    assert text.isascii() and not set(text) & set("()\\"), text
    words = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(words), words),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % table
    return bytes(out)
