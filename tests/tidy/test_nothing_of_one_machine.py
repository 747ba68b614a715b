"""The repository speaks of no developer's machine and of no package index: it works alike wherever it is cloned."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]

# Written in pieces, so that this file does not find itself.
OF_ONE_MACHINE = {
    "a home or work folder": re.compile(r"(?<![\w.:/])/" + r"(?:home|root|Users|work|opt|mnt)/[\w.-]+"),
    "a package index": re.compile("py" + r"pi\.|pythonhosted" + r"\.org|--(?:extra-)?index" + "-url|--find" + "-links"),
}
# Told to pip-compile and to env, to keep addresses out; each is a whole line's beginning or a flag.
ALLOWED = ("--no-emit-index-url", "--no-emit-find-links")


def tracked_files() -> list[Path]:
    """What git has, and what it would have: new files count before they are committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(command, cwd=TOP, check=True, capture_output=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [TOP / name for name in names if name and (TOP / name).is_file()]


def text_of(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


@pytest.mark.parametrize("what", OF_ONE_MACHINE)
def test_no_file_names(what: str) -> None:
    found = []
    for file in tracked_files():
        for number, line in enumerate((text_of(file) or "").splitlines(), start=1):
            for flag in ALLOWED:
                line = line.replace(flag, "")
            if OF_ONE_MACHINE[what].search(line):
                found.append(f"{file.relative_to(TOP)}:{number}: {line.strip()[:120]}")
    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a home or work folder", "cd /ho" + "me/ann/makewhole"),
        ("a home or work folder", 'path = "/Us' + 'ers/ann"'),
        ("a package index", "https://py" + "pi.org/simple"),
        ("a package index", "--extra-index" + "-url https://packages.example"),
    ],
)
def test_the_search_would_find(what: str, line: str) -> None:
    assert OF_ONE_MACHINE[what].search(line)


@pytest.mark.parametrize("line", ["/usr/bin/env bash", "https://example.com/work/orders", "src/home/page.html"])
def test_the_search_leaves_alone(line: str) -> None:
    assert not any(pattern.search(line) for pattern in OF_ONE_MACHINE.values())
