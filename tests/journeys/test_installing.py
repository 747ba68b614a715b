"""What `make` does before anything runs: .venv and its packages, or one sentence on what is in the way."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "pyproject.toml")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with what installing reads, and no packages in its locks."""
    (tmp_path / "tools").mkdir()
    shutil.copy(TOP / "tools" / "bootstrap.py", tmp_path / "tools")
    for name in LOCKS:
        (tmp_path / name).write_text("# nothing\n")
    return tmp_path


def bootstrap(checkout: Path, *, before: str = "pass", **environment: str) -> subprocess.CompletedProcess[str]:
    script = f"import runpy, sys; {before}; runpy.run_path('tools/bootstrap.py', run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=checkout,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )


def already_installed(checkout: Path) -> None:
    programs = checkout / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").symlink_to(sys.executable)
    stamp = {name: hashlib.sha256((checkout / name).read_bytes()).hexdigest() for name in LOCKS}
    (checkout / ".venv" / "installed.json").write_text(json.dumps(stamp))


def is_one_sentence(told: str) -> bool:
    return told.count("\n") == 1 and "Traceback" not in told


def test_an_old_python_is_told_which_one_is_needed(checkout: Path) -> None:
    done = bootstrap(checkout, before="sys.version_info = (3, 10, 13, 'final', 0)", PATH="")
    assert done.returncode == 2
    assert is_one_sentence(done.stderr)
    assert "needs Python 3.11 or newer, and this is 3.10" in done.stderr


def test_an_old_python_goes_on_with_a_newer_one_that_is_there(checkout: Path) -> None:
    already_installed(checkout)
    programs = checkout / "programs"
    programs.mkdir()
    (programs / f"python3.{sys.version_info.minor}").symlink_to(sys.executable)
    done = bootstrap(checkout, before="sys.version_info = (3, 10, 13, 'final', 0)", PATH=str(programs))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_missing_venv_module_is_told_with_the_command_that_mends_it(checkout: Path) -> None:
    done = bootstrap(checkout, before="sys.modules['ensurepip'] = None")
    assert done.returncode == 2
    assert is_one_sentence(done.stderr)
    assert "apt-get install -y python3-venv" in done.stderr
    assert not (checkout / ".venv").exists()


def test_with_unchanged_locks_nothing_is_installed_again(checkout: Path) -> None:
    already_installed(checkout)
    done = bootstrap(checkout)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_changed_lock_is_installed_and_a_failure_is_told_and_not_taken_for_done(checkout: Path) -> None:
    already_installed(checkout)
    (checkout / "requirements.lock").write_text(f"no-such-package==1 --hash=sha256:{'0' * 64}\n")
    for _attempt in range(2):
        done = bootstrap(checkout, PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull, PIP_FIND_LINKS="")
        assert done.returncode == 2
        assert "The packages in requirements.lock could not be installed; is there a network?" in done.stderr
        assert "Traceback" not in done.stderr
