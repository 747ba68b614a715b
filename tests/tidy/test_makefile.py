"""`make help` names every command that the README and this project promise."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

TOP = Path(__file__).parents[2]
INTERNAL = {"python", "venv", "dev"}


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text(), flags=re.MULTILINE))


def helped() -> dict[str, str]:
    told = subprocess.run(["make", "--no-print-directory", "help"], cwd=TOP, check=True, capture_output=True, text=True)
    return dict(re.findall(r"^make (\w+) +(\S.+)$", told.stdout, flags=re.MULTILINE))


def test_help_says_what_each_command_does() -> None:
    assert helped().keys() == targets() - INTERNAL


def test_the_promised_commands_are_there() -> None:
    assert {"run", "test", "check", "bench", "lock", "help"} <= targets()


def test_every_make_command_in_the_readme_exists() -> None:
    named = set(re.findall(r"make (\w+)", "\n".join(re.findall(r"`[^`]+`|^make .+$", readme(), flags=re.MULTILINE))))
    assert {"run", "test"} <= named <= targets()


def test_the_continuous_integration_calls_what_the_readme_calls() -> None:
    assert "\nmake test\n" in (TOP / ".ci" / "run").read_text()


def readme() -> str:
    return (TOP / "README.md").read_text()
