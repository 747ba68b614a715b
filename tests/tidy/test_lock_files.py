"""The lock files: every package in one version, with its hashes, from wherever the installing machine gets packages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def entries(lock: str) -> dict[str, str]:
    """Each package's whole entry, by name; comments left out."""
    lines = [line for line in (TOP / lock).read_text().splitlines() if line and not line.lstrip().startswith("#")]
    found: dict[str, str] = {}
    for entry in "\n".join(lines).replace("\\\n", " ").splitlines():
        found[entry.partition("==")[0]] = entry
    return found


def version(entry: str) -> str:
    return entry.split()[0].partition("==")[2]


def declared(extra: str | None = None) -> set[str]:
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + (project["optional-dependencies"][extra] if extra else [])
    return {re.split(r"[\[<>=!~ ;]", one)[0].lower() for one in wanted}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes_and_nothing_else_is_said(lock: str) -> None:
    for name, entry in entries(lock).items():
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+(\s+--hash=sha256:[0-9a-f]{64})+", entry), name


def test_everything_declared_is_pinned() -> None:
    assert declared() <= entries("requirements.lock").keys()
    assert declared("dev") <= entries("requirements-dev.lock").keys()


def test_what_is_tested_is_what_runs() -> None:
    tested = entries("requirements-dev.lock")
    for name, entry in entries("requirements.lock").items():
        assert version(tested[name]) == version(entry), name


def test_what_builds_the_project_is_pinned_too() -> None:
    """So that installing the project itself fetches nothing that has no hash."""
    assert "setuptools" in entries("requirements.lock")
