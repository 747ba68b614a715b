"""What an uploaded file really is: told by its bytes, never by its name or the browser's word.

Start at `sniff`: it answers with the kind of a whole, readable file of an allowed kind, or refuses with
the reason. Nothing is stored before it has answered. `decoded` opens a photo's pixels for `photos.py`,
with the same refusals. A PDF is opened by a process of its own (decision 0014).
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

import filetype  # type: ignore[import-untyped]
from pi_heif import register_heif_opener
from PIL import Image

from makewhole.domain.refusal import Refused
from makewhole.integrations.pdf_pages import asking as pdf

T = TypeVar("T")

LARGEST_BYTES = 20 * 1024 * 1024

# Phones take 50 megapixels, some 64. A picture opens to four bytes a pixel: a few kilobytes of PNG could
# otherwise ask for gigabytes of memory.
LARGEST_PIXELS = 80_000_000

# Thumbnails inside a HEIC are ignored: they may show something else than the picture.
register_heif_opener(thumbnails=False)


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file that may be evidence. `active`: the PDF runs scripts, starts programs or carries
    files; bank and insurance forms do, so it is not refused, but a person is warned before opening it."""

    media_type: str
    extension: str
    active: bool = False

    @property
    def is_photo(self) -> bool:
        return self.media_type.startswith("image/")


JPEG = FileKind("image/jpeg", "jpg")
PNG = FileKind("image/png", "png")
WEBP = FileKind("image/webp", "webp")
HEIC = FileKind("image/heic", "heic")
PDF = FileKind("application/pdf", "pdf")

ALLOWED = ("JPEG", "PNG", "WebP", "HEIC", "PDF")

# Pillow may try these readers and no other, whatever else is installed.
_READERS = {JPEG: ("JPEG", "MPO"), PNG: ("PNG",), WEBP: ("WEBP",), HEIC: ("HEIF",)}

# ISO 23008-12: brands of pictures coded in HEVC. `mif1` alone may hold any coding, AVIF too.
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis"}

_PNG_END = b"IEND\xaeB`\x82"

# How far from the end of a PDF its end mark may stand: what Acrobat accepts.
_PDF_TAIL_BYTES = 1024


def sniff(
    name: str,
    content: bytes | BinaryIO,
    *,
    largest_bytes: int = LARGEST_BYTES,
    largest_pixels: int = LARGEST_PIXELS,
) -> FileKind:
    """The kind of a file, once it is known to be whole and readable.

    A stream must be seekable and stands at its start again afterwards; of one that is too large nothing
    is read. `name` only serves to say which file was refused. Refuses: `evidence_empty`,
    `evidence_too_large`, `evidence_type_not_allowed`, `evidence_truncated` (cut off or damaged),
    `image_too_many_pixels`, `pdf_needs_password`, `pdf_not_checked` (it takes more than there is to look through it),
    `pdf_checks_busy`.
    """
    name = shown_name(name)
    whole = _within_size(name, content, largest_bytes)
    kind = _kind_of(whole)
    if kind is None:
        raise Refused("evidence_type_not_allowed", name=name, found=_found(whole), allowed=ALLOWED)
    if kind == PDF:
        return _checked_pdf(name, whole)
    # Pillow is content once it has the pixels, though the file was cut before its end.
    if kind == PNG and _PNG_END not in whole:
        raise _truncated(name, kind)
    # An eighth of the size still reads every byte of a JPEG, in a fraction of the time and memory.
    decoded(name, whole, kind, least_edge=1, largest_pixels=largest_pixels)
    return kind


def decoded(
    name: str, content: bytes, kind: FileKind, *, least_edge: int, largest_pixels: int = LARGEST_PIXELS
) -> Image.Image:
    """A photo's pixels. A JPEG larger than `least_edge` may come at a half, quarter or eighth of its size,
    never smaller than that edge. Refuses like `sniff`."""

    def image() -> Image.Image:
        opened = Image.open(io.BytesIO(content), formats=_READERS[kind])
        if opened.width * opened.height > largest_pixels:
            raise Image.DecompressionBombError
        opened.draft("", (least_edge, least_edge))
        opened.load()
        return opened

    try:
        return _readable(name, kind, image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("image_too_many_pixels", name=name, limit_pixels=largest_pixels) from None


def shown_name(name: str) -> str:
    """A file's name as a person may see it and the database can keep it: the last part of the path,
    printable characters only, at most 100 of them."""
    last = re.split(r"[/\\]", name)[-1]
    printable = "".join(letter for letter in last if letter.isprintable()).strip()
    return printable[-100:] or "unnamed"


def _within_size(name: str, content: bytes | BinaryIO, largest_bytes: int) -> bytes:
    size = len(content) if isinstance(content, bytes) else content.seek(0, io.SEEK_END)
    if size == 0:
        raise Refused("evidence_empty", name=name)
    if size > largest_bytes:
        raise Refused("evidence_too_large", name=name, limit_bytes=largest_bytes, size_bytes=size)
    if isinstance(content, bytes):
        return content
    content.seek(0)
    whole = content.read()
    content.seek(0)
    assert len(whole) == size, f"a stream of {size} bytes gave {len(whole)}"
    return whole


def _kind_of(content: bytes) -> FileKind | None:
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if _brands(content) & _HEIC_BRANDS:
        return HEIC
    if content[:64].lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-"):
        return PDF
    return None


def _brands(content: bytes) -> set[bytes]:
    """The brands an ISO media file (HEIC, AVIF, MP4) claims in its first box; none for other files."""
    if content[4:8] != b"ftyp":
        return set()
    box = content[: min(int.from_bytes(content[:4], "big"), 512)]
    return {box[8:12]} | {box[at : at + 4] for at in range(16, len(box) - 3, 4)}


def _found(content: bytes) -> str:
    """What a file that is not allowed seems to be, in a word for its sender: "zip", "gif", "text"."""
    guess = filetype.guess(content)
    if guess is not None:
        return str(guess.extension)
    head = content[:4096]
    if re.match(rb"[\s\xef\xbb\xbf]*<", head):
        return "svg" if b"<svg" in head.lower() else "html"
    return "text" if _is_text(head) else "unknown"


def _is_text(head: bytes) -> bool:
    try:
        # Incremental, as the head may end inside a letter.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return b"\0" not in head


def _checked_pdf(name: str, content: bytes) -> FileKind:
    # A reader mends a file that lost its end, as viewers do; but pages would be missing. So the end first.
    if not re.search(rb"startxref\s+\d+\s+%%EOF", content[-_PDF_TAIL_BYTES:]):
        raise _truncated(name, PDF)
    checked = pdf.check(content)
    match checked.state:
        case "whole":
            return FileKind(PDF.media_type, PDF.extension, checked.active)
        case "locked":
            raise Refused("pdf_needs_password", name=name)
        case "broken":
            raise _truncated(name, PDF)
        case "unfinished":
            raise Refused("pdf_not_checked", name=name)
        case "busy":
            raise Refused("pdf_checks_busy", name=name)


def _readable(name: str, kind: FileKind, read: Callable[[], T]) -> T:
    """What `read` gives. A stranger's bytes can bring a decoder to nearly any exception; each means the
    same to the sender: this file does not open."""
    try:
        return read()
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise
    except Exception as problem:
        raise _truncated(name, kind) from problem


def _truncated(name: str, kind: FileKind) -> Refused:
    return Refused("evidence_truncated", name=name, kind=kind.extension)
