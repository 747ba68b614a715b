"""Asks about a PDF in a process of its own, which is alone with the file and is ended when its time is over.

check() tells whether a file that was sent is a whole PDF; read() how many pages there are, their sizes and their text;
draw() gives one page as a picture. Whatever the file does to the one that opens it, here it is an answer or a refusal:
`pdf_not_readable`, `no_such_page`, `pdf_page_not_drawn`, `pdf_pages_busy`.
"""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import BoundedSemaphore, Timer
from typing import Literal

from makewhole.domain.refusal import Refused

logger = logging.getLogger(__name__)

# -I: nothing from the environment, the working folder or a person's own packages.
COMMAND = (sys.executable, "-I", str(Path(__file__).with_name("child.py")))
SECONDS = 8  # by the clock on the wall; the child's own limits are of computing
MOST_BYTES = 16 * 1024 * 1024  # of an answer

# A web process has few threads, and each question holds one of them: two at once, and the others do not wait long.
AT_ONCE = BoundedSemaphore(2)
WAIT_SECONDS = 4
# Who sends a file waits longer than who looks at one: it would have to be sent again.
CHECKED_AT_ONCE = BoundedSemaphore(2)
CHECK_WAIT_SECONDS = 20

# How the child ends, beside 0: there is no such page; it is no PDF that opens; it is locked.
NO_PDF, NO_PAGE, LOCKED = 3, 4, 6
_EXPECTED = (0, NO_PDF, NO_PAGE, LOCKED)


@dataclass(frozen=True, slots=True)
class PdfPage:
    """Width and height in points. No text: a scan, or one that could not be read."""

    width: float
    height: float
    text: str


@dataclass(frozen=True, slots=True)
class PdfPages:
    """The first pages of a PDF that has `total` of them. `cut`: some text was left out."""

    pages: tuple[PdfPage, ...]
    total: int
    cut: bool


@dataclass(frozen=True, slots=True)
class PdfChecked:
    """`whole`: it opens, without a password, and has a page. `broken`: it does not. `unfinished`: within its time and
    memory nobody can tell. `busy`: others are being checked. `active`: it runs scripts, starts programs or carries
    files."""

    state: Literal["whole", "locked", "broken", "unfinished", "busy"]
    active: bool = False


def check(content: bytes) -> PdfChecked:
    try:
        answer, ended = _ask(content, "check", at_once=CHECKED_AT_ONCE, wait_seconds=CHECK_WAIT_SECONDS)
    except Refused:
        return PdfChecked("busy")
    if ended == 0 and answer.endswith(b"\n"):
        return PdfChecked("whole", active=bool(json.loads(answer)["active"]))
    return PdfChecked("locked" if ended == LOCKED else "broken" if ended == NO_PDF else "unfinished")


def read(content: bytes, *, most_pages: int, most_signs: int) -> PdfPages:
    answer, ended = _ask(content, "read", most_pages, most_signs)
    head, *texts = [json.loads(line) for line in answer.splitlines(keepends=True) if line.endswith(b"\n")] or [None]
    if head is None or not head["total"]:
        raise Refused("pdf_not_readable")
    # It may have died on the text of a page: the others are there, and this one can perhaps be looked at.
    texts += [""] * (len(head["sizes"]) - len(texts))
    pages = tuple(PdfPage(w, h, text) for (w, h), text in zip(head["sizes"], texts, strict=True))
    return PdfPages(pages, head["total"], cut=ended != 0 or sum(map(len, texts)) >= most_signs)


def draw(content: bytes, number: int, *, longest_side: int) -> bytes:
    """That page, from 1, as a JPEG whose longer side has at most so many pixels."""
    answer, ended = _ask(content, "draw", number, longest_side)
    if ended == NO_PAGE:
        raise Refused("no_such_page", page=number)
    whole = answer.startswith(b"\xff\xd8\xff") and answer.endswith(b"\xff\xd9")
    if ended != 0 or not whole:
        raise Refused("pdf_page_not_drawn", page=number)
    return answer


def _ask(
    content: bytes, *question: object, at_once: BoundedSemaphore = AT_ONCE, wait_seconds: float = WAIT_SECONDS
) -> tuple[bytes, int]:
    """What the child answered, and how it ended: 0, its own number, or less than 0 for the signal that ended it."""
    if not at_once.acquire(timeout=wait_seconds):
        raise Refused("pdf_pages_busy")
    try:
        # No variables: it needs none, and ours hold passwords and keys.
        child = Popen((*COMMAND, *map(str, question)), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}, cwd="/")
        over = Timer(SECONDS, child.kill)
        over.start()
        try:
            return _talk(child, content)
        finally:
            over.cancel()
            child.kill()
            child.wait()
    finally:
        at_once.release()


def _talk(child: Popen[bytes], content: bytes) -> tuple[bytes, int]:
    assert child.stdin and child.stdout
    with child.stdin, child.stdout:
        try:
            # All of it first: it answers nothing before it has read to the end.
            child.stdin.write(content)
            child.stdin.close()
        except BrokenPipeError:  # gone already; what it said, if anything, stands below
            pass
        answer = child.stdout.read(MOST_BYTES + 1)
        if len(answer) > MOST_BYTES:
            child.kill()
    ended = child.wait()
    if ended not in _EXPECTED:
        logger.warning(
            "A PDF of %s bytes could not be opened or drawn: the one that tried ended %s", len(content), ended
        )
    return answer[:MOST_BYTES], ended
