"""The list of commands tells the truth: each one loads, and help needs none of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from makewhole.cli.commands import COMMANDS, Command
from makewhole.cli.group import load


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_listed_command_loads_under_its_name(command: Command) -> None:
    assert load(command).name == command.name


def test_no_name_stands_twice() -> None:
    names = [command.name for command in COMMANDS]
    assert len(names) == len(set(names))


def test_help_loads_neither_django_nor_a_command() -> None:
    script = "import sys; from makewhole.cli import main; main(['--help'], standalone_mode=False); print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    loaded = told.splitlines()[-1].split()
    assert "click" in loaded
    assert not {"django", "psycopg", "makewhole.cli.start"} & set(loaded)
    for command in COMMANDS:
        assert command.says in told
