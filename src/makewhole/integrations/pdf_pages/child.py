"""A process of its own that opens one PDF, answers one question about it, and ends. asking.py starts it.

The file is a stranger's, and so is, in the worst case, what this process does once it reads it. Before the first byte
it therefore gives up what it does not need: it can open no file and no connection, write no file, start nothing, and
has little memory and little time. It is run by its path, with no variable of ours around it: nothing of Makewhole is
imported here.

    child.py read MOST_PAGES MOST_SIGNS   one line of JSON with the number of pages and their sizes, then one per
                                          page with its text
    child.py draw PAGE LONGEST_SIDE       one JPEG
    child.py check                        for each file, its length in eight bytes before it, one line of JSON: how the
                                          copy of this process that opened it ended, and what it said
"""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import importlib
import io
import json
import os
import pkgutil
import resource
import signal
import sys
from typing import TYPE_CHECKING

import pypdfium2_raw as pdfium
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf import PdfReader
    from pypdf.generic import DictionaryObject

SECONDS = 5  # of computing, and twice that by the clock on the wall
MEMORY_BYTES = 1024 * 1024 * 1024
LARGEST_SCALE = 4.0  # 288 dots an inch: a small receipt is enlarged so far, not to a page of blots
SHORTEST_SIDE = 1
# How this process ends, beside 0.
NO_PDF = 3
NO_PAGE = 4
NOT_DRAWN = 5
LOCKED = 6
TOO_MUCH = 7

# Looked for now: later no file can be opened.
Image.preinit()
UTF_16 = codecs.lookup("utf-16-le")
_CODECS = ("ascii", "latin-1", "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252", "charmap", "unicode-escape")


def main(what: str, *numbers: str) -> None:
    if what == "check":
        _check_each()
        return
    _shut_in()
    content = sys.stdin.buffer.read()
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
    if not document:
        sys.exit(NO_PDF)
    if what == "read":
        _read(document, *map(int, numbers))
    else:
        _draw(document, *map(int, numbers))


def _shut_in() -> None:
    limits = {
        resource.RLIMIT_NOFILE: 0,  # what is open stays open; nothing more is, be it a file or a connection
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: SECONDS,
    }
    if sys.platform != "darwin":  # which has a name for it, and refuses to set it
        limits[resource.RLIMIT_AS] = MEMORY_BYTES
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))
    signal.alarm(2 * SECONDS)  # also where whoever asked is gone


def _read(document: pdfium.FPDF_DOCUMENT, most_pages: int, most_signs: int) -> None:
    total = pdfium.FPDF_GetPageCount(document)
    shown = range(min(total, most_pages))
    _tell({"total": total, "sizes": [_size(document, index) for index in shown]})
    for index in shown:
        text = _text(document, index, most_signs)
        most_signs -= len(text)
        _tell(text)


def _tell(line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()  # what is known is known, though the next page may be our end


def _size(document: pdfium.FPDF_DOCUMENT, index: int) -> tuple[float, float]:
    """In points, turned as the file says; an A4 page where the file's word makes no page."""
    size = pdfium.FS_SIZEF()
    found = pdfium.FPDF_GetPageSizeByIndexF(document, index, size)
    if not found or not (0 < size.width < 1e6 and 0 < size.height < 1e6):
        return 595.0, 842.0
    return size.width, size.height


def _text(document: pdfium.FPDF_DOCUMENT, index: int, most_signs: int) -> str:
    page = pdfium.FPDF_LoadPage(document, index)
    words = pdfium.FPDFText_LoadPage(page) if page else None
    signs = min(pdfium.FPDFText_CountChars(words), most_signs) if words else 0
    text = ""
    if signs > 0:
        room = (ctypes.c_ushort * (signs + 1))()
        written = pdfium.FPDFText_GetText(words, 0, signs, room)
        text = bytes(room)[: 2 * max(0, written - 1)].decode(UTF_16.name, "replace")
    if words:
        pdfium.FPDFText_ClosePage(words)
    if page:
        pdfium.FPDF_ClosePage(page)
    text = text.replace("\r\n", "\n").replace("\ufffe", "-")  # a hyphen at a line's end
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t").strip()


def _draw(document: pdfium.FPDF_DOCUMENT, number: int, longest_side: int) -> None:
    if not 1 <= number <= pdfium.FPDF_GetPageCount(document):
        sys.exit(NO_PAGE)
    asked_back = pdfium.FPDF_FORMFILLINFO(version=2)  # nothing; PDFium holds on to it, and so does this name
    fields = pdfium.FPDFDOC_InitFormFillEnvironment(document, asked_back)
    page = pdfium.FPDF_LoadPage(document, number - 1)
    if not page:
        sys.exit(NOT_DRAWN)
    in_points = _size(document, number - 1)
    scale = min(longest_side / max(in_points), LARGEST_SCALE)
    width, height = (max(SHORTEST_SIDE, round(side * scale)) for side in in_points)
    bitmap = pdfium.FPDFBitmap_Create(width, height, 0)
    if not bitmap:
        sys.exit(NOT_DRAWN)
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_ANNOT)
    if fields:  # what somebody filled into a form; no script in it runs, since this PDFium has nothing to run it
        pdfium.FORM_OnAfterLoadPage(page, fields)
        pdfium.FPDF_FFLDraw(fields, bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_ANNOT)
    stride = pdfium.FPDFBitmap_GetStride(bitmap)
    pixels = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
    picture = Image.frombytes("RGB", (width, height), pixels, "raw", "BGRX", stride, 1)
    picture.save(sys.stdout.buffer, "JPEG", quality=85)
    sys.stdout.flush()


# Whether it is whole, and what it would start ----------------------------------------------------------------------


def _check_each() -> None:
    """Reads files and opens none: each is opened by a copy of this process, which ends with it. A copy takes some
    milliseconds, where beginning anew takes two hundred."""
    _make_ready_to_check()
    files = sys.stdin.buffer
    while len(head := files.read(8)) == 8:
        content = files.read(int.from_bytes(head))
        ended, said = _checked_by_a_copy(content)
        _tell({"ended": ended, "said": said})


def _checked_by_a_copy(content: bytes) -> tuple[int, str]:
    """How it ended, less than 0 for the signal that ended it, and what it said."""
    hears, says = os.pipe()
    copy = os.fork()
    if copy == 0:
        ended = TOO_MUCH
        try:
            # Of what this process has open it keeps where it answers: no other file comes by, no other answer goes.
            os.dup2(says, sys.stdout.fileno())
            os.closerange(sys.stderr.fileno() + 1, max(hears, says) + 1)
            os.close(sys.stdin.fileno())
            _shut_in()
            ended = _check(content)
        finally:
            os._exit(ended)  # whatever came: a copy that went on would read the files of others
    os.close(says)
    with open(hears, "rb") as answer:
        said = answer.read(100)
    return os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]), said.decode("ascii", "replace")


def _make_ready_to_check() -> None:
    """All of pypdf, which looks for some of it only once it needs it. Pages are drawn sooner without it."""
    import pypdf

    for module in pkgutil.walk_packages(pypdf.__path__, "pypdf."):
        with contextlib.suppress(ImportError):  # one of several ways to decrypt, which is not installed
            importlib.import_module(module.name)
    for name in _CODECS:
        codecs.lookup(name)


def _check(content: bytes) -> int:
    """How to end; 0 once it is told whether something in it can start by itself."""
    from pypdf import PasswordType, PdfReader

    try:
        reader = PdfReader(io.BytesIO(content))
        # Many statements are locked against changes only: they open with the empty password.
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            return LOCKED
        if not len(reader.pages):
            return NO_PDF
        actions: set[int] = set()
        active = any(_is_active(holder, actions) for holder in _holders_of_actions(reader))
    except (MemoryError, RecursionError):
        return TOO_MUCH
    except Exception:  # a stranger's bytes can bring it to nearly any
        return NO_PDF
    _tell(active)
    return 0


def _holders_of_actions(reader: PdfReader) -> Iterator[DictionaryObject]:
    """The parts of a PDF that can start something: the document, its names, pages, fields and links."""
    catalog = reader.root_object
    seen: set[int] = set()
    yield catalog
    yield from _dictionaries(catalog.get("/Names"), seen)
    for page in reader.pages:
        yield page
        for annotation in _dictionaries(page.get("/Annots"), seen):
            yield annotation
            yield from _dictionaries(annotation.get("/Parent"), seen)


def _is_active(holder: DictionaryObject, seen: set[int]) -> bool:
    """`seen`: actions that were looked at with other holders, and start nothing."""
    if {"/AA", "/JavaScript", "/EmbeddedFiles", "/FS"} & holder.keys():
        return True
    actions = (*_dictionaries(holder.get("/OpenAction"), seen), *_dictionaries(holder.get("/A"), seen))
    return any(action.get("/S") in ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm") for action in actions)


def _dictionaries(value: object, seen: set[int]) -> Iterator[DictionaryObject]:
    """The dictionaries in an entry that may be missing, one, a list of them, or a reference to either; each once,
    however often it is referred to (`seen`: the reader keeps what it has read, so that no number comes again)."""
    from pypdf.generic import ArrayObject, DictionaryObject, PdfObject

    resolved = value.get_object() if isinstance(value, PdfObject) else None
    if resolved is None or id(resolved) in seen:
        return
    seen.add(id(resolved))
    if isinstance(resolved, DictionaryObject):
        yield resolved
    elif isinstance(resolved, ArrayObject):
        for item in resolved:
            part = item.get_object()
            if isinstance(part, DictionaryObject) and id(part) not in seen:
                seen.add(id(part))
                yield part


if __name__ == "__main__":
    main(*sys.argv[1:])
