"""A stranger's PDF is drawn by a process of its own, and whatever the file does to that one ends there."""

from __future__ import annotations

import ast
import errno
import io
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import papers
import pytest
from PIL import Image

from makewhole.domain.refusal import Refused
from makewhole.integrations.pdf_pages import asking

CHILD = Path(asking.__file__).with_name("child.py")


def draw(content: bytes, number: int = 1, longest_side: int = 1600) -> Image.Image:
    picture = Image.open(io.BytesIO(asking.draw(content, number, longest_side=longest_side)), formats=("JPEG",))
    picture.load()
    return picture


def read(content: bytes, *, most_pages: int = 30, most_signs: int = 60_000) -> asking.PdfPages:
    return asking.read(content, most_pages=most_pages, most_signs=most_signs)


def darkest(picture: Image.Image) -> int:
    return int(picture.convert("L").getextrema()[0])  # type: ignore[arg-type]


def child(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Somebody else in the child's place."""
    monkeypatch.setattr(asking, "COMMAND", (sys.executable, "-I", "-c", program))


# whole files


def test_a_page_is_a_picture_within_the_size_asked_for():
    page = draw(papers.written("Repair of a worktop\n520.00", "Page two"), 2)
    assert page.size == (1131, 1600) and page.mode == "RGB"
    assert darkest(page) < 60  # there is writing on it
    assert draw(papers.written("x"), longest_side=400).size == (283, 400)


def test_each_page_has_its_text_in_order_with_its_letters():
    found = read(papers.written("Zürich 520,00 €\nsecond line", "", "Last"))
    assert [page.text for page in found.pages] == ["Zürich 520,00 €\nsecond line", "", "Last"]
    assert found.total == 3 and not found.cut


def test_a_scan_is_drawn_and_has_no_text():
    found = read(papers.scanned())
    assert [page.text for page in found.pages] == [""] and not found.cut
    assert darkest(draw(papers.scanned())) < 60


def test_what_was_filled_into_a_form_is_drawn():
    assert darkest(draw(papers.form("")).crop((100, 350, 700, 450))) > darkest(
        draw(papers.form("520.00")).crop((100, 350, 700, 450))
    )


def test_of_forty_pages_as_many_are_told_as_were_asked_for_and_all_are_counted():
    found = read(papers.written(*(f"Page {n}" for n in range(1, 41))), most_pages=30)
    assert (len(found.pages), found.total) == (30, 40)
    assert found.pages[29].text == "Page 30"
    assert darkest(draw(papers.written(*["x"] * 40), 40)) < 60


@pytest.mark.parametrize("most, left, cut", [(4, ["abcd", "", ""], True), (9, ["abcd", "efgh", "i"], True),
                                             (10, ["abcd", "efgh", "i"], False)])  # fmt: skip
def test_text_ends_where_the_limit_is(most: int, left: list[str], cut: bool):
    found = read(papers.written("abcd", "efgh", "i"), most_signs=most)
    assert [page.text for page in found.pages] == left and found.cut is cut


@pytest.mark.parametrize("number", [0, 3])
def test_a_page_that_is_not_there_is_refused_as_such(number: int):
    with pytest.raises(Refused, match="no_such_page"):
        draw(papers.written("one", "two"), number)


# sizes


def test_a_huge_page_is_made_small_and_a_tiny_one_not_a_page_of_blots():
    assert draw(papers.sized((14400, 7200))).size == (1600, 800)
    assert draw(papers.sized((100, 50))).size == (400, 200)
    assert draw(papers.sized((14400, 1))).size == (1600, 1)


def test_a_page_that_is_turned_in_the_file_is_told_and_drawn_so():
    paper = papers.sized((595, 842), rotate=90)
    assert (read(paper).pages[0].width, read(paper).pages[0].height) == (842, 595)
    assert draw(paper).size == (1600, 1131)


# locked and broken files


def test_a_pdf_locked_only_against_changes_is_drawn_and_read():
    statement = papers.locked(papers.written("520.00"), user="")
    assert read(statement).pages[0].text == "520.00"
    assert darkest(draw(statement)) < 60


@pytest.mark.parametrize("content", [
    b"", b"no pdf at all", b"%PDF-1.7\n%%EOF", papers.written("x")[:300],
    papers.locked(papers.written("x"), user="secret"), b"\x00" * 20 * 1024 * 1024,
], ids=["empty", "other", "hollow", "cut", "locked", "zeros"])  # fmt: skip
def test_a_file_that_does_not_open_is_refused_and_nothing_else_happens(content: bytes):
    with pytest.raises(Refused, match="pdf_not_readable"):
        read(content)
    with pytest.raises(Refused, match="pdf_page_not_drawn"):
        draw(content)


def test_a_page_that_asks_for_endless_drawing_ends_the_child_alone_and_soon():
    began = time.monotonic()
    with pytest.raises(Refused, match="pdf_page_not_drawn"):
        draw(papers.bomb())
    assert time.monotonic() - began < 3 * asking.SECONDS


def test_what_was_known_before_the_child_died_is_kept():
    found = read(papers.bomb())
    assert found.total == 1 and found.pages[0].width == 300
    assert found.pages[0].text == "" and found.cut  # its page can perhaps be looked at; here it cannot


# what is sent


def test_what_is_sent_is_told_apart_as_whole_locked_or_broken():
    assert asking.check(papers.written("x")) == asking.PdfChecked("whole")
    assert asking.check(papers.locked(papers.written("x"), user="")) == asking.PdfChecked("whole")
    assert asking.check(papers.locked(papers.written("x"), user="secret")) == asking.PdfChecked("locked")
    assert asking.check(b"%PDF-1.7 nothing") == asking.PdfChecked("broken")


def test_parts_that_are_referred_to_again_and_again_are_looked_at_once():
    """Two of 250,000,000 would be more than the child has time for."""
    content = papers.entangled(16_000)
    assert len(content) < 400_000
    assert asking.check(content) == asking.PdfChecked("whole")


def test_what_every_link_does_is_looked_at_once() -> None:
    assert asking.check(papers.linked(5_000)) == asking.PdfChecked("whole")


@pytest.fixture
def checker(monkeypatch: pytest.MonkeyPatch) -> Iterator[asking.Checker]:
    """One of this test's own."""
    own = asking.Checker()
    monkeypatch.setattr(asking, "CHECKER", own)
    yield own
    own.stop()


def reader(monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    """In the copy that opens a file called "bad", this is done in the reader's place."""
    program = f"""
import os, pypdf, runpy, socket, sys, time
whole = pypdf.PdfReader
pypdf.PdfReader = lambda file: ({does}) if b"bad" in file.getvalue() else whole(file)
sys.argv = ["child.py", "check"]
runpy.run_path({str(CHILD)!r}, run_name="__main__")
"""
    child(monkeypatch, program)


@pytest.mark.parametrize("program", [
    "import os; os.abort()", "raise SystemExit(7)", "print('no answer')",
    *(f"import sys; sys.stdin.buffer.read(10**6); print('{said}')" for said in ("{}", "[]")),
    "import sys, time; sys.stdin.buffer.read(1); time.sleep(60)",
])  # fmt: skip
def test_a_file_that_nobody_looks_through_is_neither_called_whole_nor_broken(
    monkeypatch: pytest.MonkeyPatch, checker: asking.Checker, program: str
):
    with monkeypatch.context() as somebody_else:
        somebody_else.setattr(asking, "CHECK_SECONDS", 2)
        child(somebody_else, program)
        assert asking.check(papers.written("x") + bytes(10**6)) == asking.PdfChecked("unfinished")
    assert asking.check(papers.written("x")) == asking.PdfChecked("whole")


@pytest.mark.parametrize(
    "does", ["os.abort()", "os._exit(9)", "bytearray(2**31)", "[None for _ in iter(int, 1)]"],
    ids=["aborts", "exits", "too much memory", "too much time"],
)  # fmt: skip
def test_what_a_file_does_to_the_copy_that_opens_it_ends_there(
    monkeypatch: pytest.MonkeyPatch, checker: asking.Checker, does: str
):
    reader(monkeypatch, does)
    assert asking.check(papers.written("x")) == asking.PdfChecked("whole")
    process = checker._process
    assert asking.check(b"bad") == asking.PdfChecked("unfinished")
    assert asking.check(papers.written("x")) == asking.PdfChecked("whole")
    assert checker._process is process  # which opened none of them


@pytest.mark.parametrize("does", ["open('/etc/hostname')", "socket.socket()", "os.read(0, 1)", "os.read(3, 1)"])
def test_the_copy_opens_nothing_else_and_sees_no_other_file(
    monkeypatch: pytest.MonkeyPatch, checker: asking.Checker, does: str
):
    reader(monkeypatch, does)
    assert checker.ask(b"bad") == (asking.NO_PDF, "")  # it came to an error


def test_a_copy_that_says_more_than_it_should_is_not_believed(monkeypatch: pytest.MonkeyPatch, checker: asking.Checker):
    reader(monkeypatch, "(print('true', flush=True), print('true', flush=True), os._exit(0))")
    assert asking.check(b"bad") == asking.PdfChecked("unfinished")


def test_one_file_is_looked_through_after_the_other_and_who_waits_too_long_sends_it_again(
    monkeypatch: pytest.MonkeyPatch, checker: asking.Checker
):
    monkeypatch.setattr(asking, "CHECK_WAIT_SECONDS", 0.05)
    with checker.turn:
        assert asking.check(papers.written("x")) == asking.PdfChecked("busy")
        assert draw(papers.written("x")).size == (1131, 1600)  # who only looks does not wait for them
    assert asking.check(papers.written("x")) == asking.PdfChecked("whole")


def test_the_one_that_checks_ends_when_nothing_more_can_come(checker: asking.Checker):
    assert asking.check(papers.written("x")) == asking.PdfChecked("whole")
    process = checker._process
    assert process is not None and process.stdin is not None and process.poll() is None
    process.stdin.close()
    assert process.wait(5) == 0
    assert asking.check(papers.written("x")) == asking.PdfChecked("whole")  # by another one


# the child itself


def test_a_child_that_hangs_is_ended_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(asking, "SECONDS", 0.5)
    for program in ("import time; time.sleep(60)", "import sys, time; sys.stdin.buffer.read(); time.sleep(60)"):
        child(monkeypatch, program)
        began = time.monotonic()
        with pytest.raises(Refused, match="pdf_page_not_drawn"):
            draw(papers.scanned() * 40)  # more than a pipe holds: also one that reads nothing must not hold us
        assert time.monotonic() - began < 10
    assert _children() == []


@pytest.mark.parametrize("program", [
    "import os; os.abort()", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "raise SystemExit(7)",
    "import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write(b'<script>')",
    r"import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write(b'\xff\xd8\xff cut')",
    r"import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write(b'\xff\xd8\xff' + bytes(64 * 2**20) + b'\xff\xd9')",
], ids=["aborts", "segfault", "exits", "no picture", "half a picture", "endless"])  # fmt: skip
def test_a_child_that_dies_or_answers_nonsense_is_a_page_that_cannot_be_drawn(
    monkeypatch: pytest.MonkeyPatch, program: str
):
    child(monkeypatch, program)
    with pytest.raises(Refused, match="pdf_page_not_drawn"):
        draw(papers.written("x"))
    with pytest.raises(Refused, match="pdf_not_readable"):
        read(papers.written("x"))


def test_two_pages_are_drawn_at_once_and_the_next_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(asking, "WAIT_SECONDS", 0.05)
    with asking.AT_ONCE, asking.AT_ONCE, pytest.raises(Refused, match="pdf_pages_busy"):
        draw(papers.written("x"))
    assert draw(papers.written("x")).size == (1131, 1600)


def test_a_failure_gives_its_place_back(monkeypatch: pytest.MonkeyPatch):
    child(monkeypatch, "raise SystemExit(7)")
    for _ in range(3):
        with pytest.raises(Refused, match="pdf_page_not_drawn"):
            draw(papers.written("x"))
    assert asking.AT_ONCE._value == 2


PROBE = """
import os, runpy, socket, sys, types

def attempt():
    try:
        {attempt}
        print("done")
    except OSError as error:
        print(error.strerror)
    sys.exit()

sys.modules["pypdfium2_raw"] = types.SimpleNamespace(FPDF_InitLibrary=attempt, FPDF_DOCUMENT=None)
sys.argv = ["child.py", "draw", "1", "1600"]
runpy.run_path({child!r}, run_name="__main__")
"""


def _from_within(monkeypatch: pytest.MonkeyPatch, attempt: str) -> tuple[str, int]:
    """What comes of it where PDFium, having been given the file, tries this."""
    child(monkeypatch, PROBE.format(attempt=attempt, child=str(CHILD)))
    answer, ended = asking._ask(papers.written("x"))
    return answer.decode().strip(), ended


@pytest.mark.parametrize("attempt", [
    "open('/etc/hostname')", "open('/tmp/written-by-a-pdf', 'w')", "socket.socket()", "os.pipe()",
    "(os.close(0), open('/etc/hostname'))",
])  # fmt: skip
def test_the_child_opens_no_file_and_no_connection(monkeypatch: pytest.MonkeyPatch, attempt: str):
    assert _from_within(monkeypatch, attempt)[0] == os.strerror(errno.EMFILE)


def test_the_child_has_little_memory(monkeypatch: pytest.MonkeyPatch):
    assert _from_within(monkeypatch, "bytearray(100 * 2**20)") == ("done", 0)
    answer, ended = _from_within(monkeypatch, "bytearray(1100 * 2**20)")
    assert (answer, ended) == ("", 1)  # a MemoryError


def test_the_child_is_ended_by_its_own_limits_where_nobody_waits_for_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(asking, "SECONDS", 60)
    began = time.monotonic()
    assert _from_within(monkeypatch, "while True: pass")[1] in (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGALRM)
    assert _from_within(monkeypatch, "time = __import__('time'); time.sleep(60)")[1] == -signal.SIGALRM
    assert time.monotonic() - began < 40


def test_the_child_knows_none_of_our_variables(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    child(monkeypatch, "import os, sys; sys.stdin.buffer.read(); print('DATABASE_URL' in os.environ)")
    assert asking._ask(b"")[0].strip() == b"False"


def test_the_child_imports_nothing_of_ours_and_ends_as_the_asking_side_expects():
    tree = ast.parse(CHILD.read_text("utf-8"))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not any(name.startswith("makewhole") for name in imported)
    for name in ("NO_PDF", "NO_PAGE", "LOCKED"):
        assert f"\n{name} = {getattr(asking, name)}\n" in CHILD.read_text("utf-8")


def _children() -> list[str]:
    mine = str(os.getpid())
    return [
        (stat.parent / "cmdline").read_text()
        for stat in Path("/proc").glob("[0-9]*/stat")
        if stat.exists() and stat.read_text().rpartition(")")[2].split()[1] == mine
        and "time.sleep(60)" in (stat.parent / "cmdline").read_text()
    ]  # fmt: skip
