"""A command that fails says why in one sentence; our own bugs keep their traceback."""

from __future__ import annotations

import click
import psycopg
import pytest
from django.db import connection

from makewhole.cli.commands import Command
from makewhole.cli.errors import exit_code_and_sentence
from makewhole.cli.group import Listed
from makewhole.domain.refusal import Refused
from makewhole.web.failing import CannotStart


@click.command()
@click.argument("how")
def fail(how: str) -> None:
    """Fail in that way."""
    raise {
        "refused": Refused("not_open", stage="closed"),
        "cannot-start": CannotStart("Port 8000 is taken."),
        "lost": psycopg.OperationalError("server closed the connection\n\tunexpectedly"),
        "bug": AssertionError("we are wrong"),
        "no-file": FileNotFoundError(2, "No such file or directory", "orders.csv"),
    }[how]


@pytest.fixture
def group() -> click.Group:
    return Listed([Command("fail", f"{__name__}:fail", "Fail.", needs_database=False)], name="makewhole")


@pytest.mark.parametrize(
    ("how", "code", "sentence"),
    [
        ("refused", 1, "makewhole: not_open (stage=closed)\n"),
        ("cannot-start", 2, "makewhole: Port 8000 is taken.\n"),
        (
            "lost",
            2,
            "makewhole: the database did not answer, and nothing is half done: "
            "server closed the connection unexpectedly\n",
        ),
        ("no-file", 2, "makewhole: orders.csv: No such file or directory\n"),
    ],
)
def test_what_we_expect_is_one_sentence(
    how: str, code: int, sentence: str, group: click.Group, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        group.main(["fail", how])
    assert ended.value.code == code
    assert capsys.readouterr().err == sentence


def test_a_bug_is_seen_in_full(group: click.Group) -> None:
    with pytest.raises(AssertionError, match="we are wrong"):
        group.main(["fail", "bug"])


@pytest.mark.django_db
def test_tables_of_another_version_are_told_with_the_command_that_mends_them() -> None:
    with pytest.raises(Exception, match="no_such_table") as failed, connection.cursor() as cursor:
        cursor.execute("select * from no_such_table")
    assert isinstance(failed.value, Exception)
    told = exit_code_and_sentence(failed.value)
    assert told is not None
    assert told[0] == 2
    assert "run makewhole migrate" in told[1]
    assert "\n" not in told[1]


@pytest.mark.django_db
def test_a_mistake_in_our_sql_is_a_bug() -> None:
    with pytest.raises(Exception, match="syntax") as failed, connection.cursor() as cursor:
        cursor.execute("selekt 1")
    assert isinstance(failed.value, Exception)
    assert exit_code_and_sentence(failed.value) is None


def test_an_unknown_command_is_told(group: click.Group, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        group.main(["no-such-command"])
    assert ended.value.code == 2
    assert "No such command 'no-such-command'" in capsys.readouterr().err
