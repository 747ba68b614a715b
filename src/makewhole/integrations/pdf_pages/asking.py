"""Asks about a PDF in a process of its own, which is alone with the file and is ended when its time is over.

check() tells whether a file that was sent is a whole PDF; read() how many pages there are, their sizes and their text;
draw() gives one page as a picture. Whatever the file does to the one that opens it, here it is an answer or a refusal:
`pdf_not_readable`, `no_such_page`, `pdf_page_not_drawn`, `pdf_pages_busy`.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import BoundedSemaphore, Lock, Timer
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
CHECK_WAIT_SECONDS = 20
CHECK_SECONDS = 12  # the copy that opens it ends by itself after ten

# How the child ends, beside 0: there is no such page; it is no PDF that opens; it is locked.
NO_PDF, NO_PAGE, LOCKED = 3, 4, 6


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
    if not CHECKER.turn.acquire(timeout=CHECK_WAIT_SECONDS):
        return PdfChecked("busy")
    try:
        ended, said = CHECKER.ask(content)
    finally:
        CHECKER.turn.release()
    if ended not in (0, NO_PDF, LOCKED):
        logger.warning("A PDF of %s bytes could not be looked through: who tried ended %s", len(content), ended)
    if ended == 0 and said in _SAID:
        return PdfChecked("whole", active=_SAID[said])
    return PdfChecked("locked" if ended == LOCKED else "broken" if ended == NO_PDF else "unfinished")


_SAID = {"true\n": True, "false\n": False}


class Checker:
    """The process that checks file after file, each in a copy of itself. Started by the first, and anew where it is
    gone; it ends when this process does, since nothing more can come to it."""

    def __init__(self) -> None:
        self.turn = Lock()  # one file after the other: a check takes some milliseconds, and seconds at the most
        self._process: Popen[bytes] | None = None

    def ask(self, content: bytes) -> tuple[int | None, str]:
        """How the copy ended and what it said; None where the process itself is gone, or was ended for its time."""
        process = self._running()
        assert process.stdin and process.stdout
        over = Timer(CHECK_SECONDS, process.kill)
        over.start()
        try:
            process.stdin.write(len(content).to_bytes(8) + content)
            process.stdin.flush()
            told = json.loads(process.stdout.readline(1000))
            return int(told["ended"]), str(told["said"])
        except (OSError, ValueError, KeyError, TypeError):
            self.stop()
            return None, ""
        finally:
            over.cancel()

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):  # of what was not sent yet
                pipe and pipe.close()

    def _running(self) -> Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._process = _started("check")
        return self._process


CHECKER = Checker()
atexit.register(CHECKER.stop)


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


def _started(*question: object) -> Popen[bytes]:
    # No variables: it needs none, and ours hold passwords and keys.
    return Popen((*COMMAND, *map(str, question)), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}, cwd="/")


def _ask(content: bytes, *question: object) -> tuple[bytes, int]:
    """What the child answered, and how it ended: 0, its own number, or less than 0 for the signal that ended it."""
    if not AT_ONCE.acquire(timeout=WAIT_SECONDS):
        raise Refused("pdf_pages_busy")
    try:
        child = _started(*question)
        over = Timer(SECONDS, child.kill)
        over.start()
        try:
            return _talk(child, content)
        finally:
            over.cancel()
            child.kill()
            child.wait()
    finally:
        AT_ONCE.release()


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
    if ended not in (0, NO_PAGE):
        logger.warning(
            "A PDF of %s bytes could not be opened or drawn: the one that tried ended %s", len(content), ended
        )
    return answer[:MOST_BYTES], ended
