"""Is a text file written in the encoding it should be? Asked once, of the whole file, before anything is loaded."""

from __future__ import annotations

import codecs
from pathlib import Path

from makewhole.integrations.order_files.rows import Unreadable

_STEP = 1 << 20
_OTHER_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def check_encoding(path: Path, encoding: str) -> str:
    """The encoding to open the file with; raises Unreadable with the line where it cannot be right."""
    with path.open("rb") as file:
        start = file.read(4096)
        if encoding == "utf-8":
            _refuse_wide_characters(path, start)
            encoding = "utf-8-sig"  # skips the mark that spreadsheets put first
        decoder = codecs.getincrementaldecoder(encoding)()
        lines = 0
        piece = start
        while piece:
            try:
                decoder.decode(piece)
                following = file.read(_STEP)
                if not following:
                    decoder.decode(b"", final=True)
            except UnicodeDecodeError as wrong:
                # The decoder may have held back a few bytes of the piece before: they hold no line end.
                line = lines + wrong.object[: wrong.start].count(b"\n") + 1
                raise Unreadable(_not_decodable(path, encoding, line, wrong)) from None
            lines += piece.count(b"\n")
            piece = following
    return encoding


def _refuse_wide_characters(path: Path, start: bytes) -> None:
    for mark, name in _OTHER_MARKS.items():
        if start.startswith(mark):
            raise Unreadable(f"{path.name} is written in {name}: save it as UTF-8, then import it again.")
    # Latin letters in UTF-16 without a mark: every second byte is null.
    if len(start) >= 8 and min(start[0:64:2].count(0), start[1:64:2].count(0)) == 0 and start[:64].count(0) >= 16:
        raise Unreadable(f"{path.name} looks like UTF-16: save it as UTF-8, then import it again.")


def _not_decodable(path: Path, encoding: str, line: int, wrong: UnicodeDecodeError) -> str:
    if wrong.reason == "unexpected end of data":
        return f"{path.name} ends in the middle of a character: the file is cut off."
    byte, wanted = wrong.object[wrong.start], encoding.removesuffix("-sig").upper()
    found = f"{path.name}, line {line}: byte 0x{byte:02X} is not {wanted}"
    if encoding != "utf-8-sig":
        return f"{found}, the encoding that the mapping names."
    return (
        f"{found}. The file is probably Latin-1 or Windows-1252: save it as UTF-8, "
        'or write encoding = "cp1252" into the mapping.'
    )
