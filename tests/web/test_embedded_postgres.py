"""The embedded PostgreSQL: who comes first starts it, who leaves last stops it, and a killed run leaves no mess."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from makewhole.web import embedded_postgres
from makewhole.web.failing import CannotStart

# A process that uses the server of a folder until its input ends.
USER = """
import sys
from pathlib import Path
from makewhole.web import embedded_postgres
with embedded_postgres.running(Path(sys.argv[1])):
    print("in", flush=True)
    sys.stdin.read()
"""


def another_user(home: Path) -> subprocess.Popen[str]:
    user = subprocess.Popen(
        [sys.executable, "-c", USER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert user.stdout is not None
    assert user.stdout.readline() == "in\n"
    return user


def ask(address: str, question: str) -> object:
    with psycopg.connect(address) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def leave(user: subprocess.Popen[str]) -> None:
    user.communicate()
    assert user.returncode == 0


def test_it_runs_while_it_is_used_and_no_longer(short_folder: Path) -> None:
    with embedded_postgres.running(short_folder) as address:
        assert ask(address, "select 1") == 1
    assert embedded_postgres.server_pid(short_folder) is None
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)


def test_what_was_committed_is_there_at_the_next_start(short_folder: Path) -> None:
    with embedded_postgres.running(short_folder) as address, psycopg.connect(address) as connection:
        connection.execute("create table kept as select 42 as answer")
    with embedded_postgres.running(short_folder) as address:
        assert ask(address, "select answer from kept") == 42


def test_it_writes_through_to_the_disk_and_listens_on_no_network(short_folder: Path) -> None:
    with embedded_postgres.running(short_folder) as address:
        for option in ("fsync", "full_page_writes", "synchronous_commit"):
            assert ask(address, f"show {option}") == "on"
        assert ask(address, "show listen_addresses") == ""
        assert ask(address, "select usesuper from pg_user where usename = current_user") is False
        socket_folder = (short_folder / "postgres" / "socket").stat()
        assert socket_folder.st_mode & 0o077 == 0


def test_the_last_one_out_stops_it_whoever_started_it(short_folder: Path) -> None:
    first = another_user(short_folder)
    second = another_user(short_folder)
    leave(first)
    assert ask(embedded_postgres.address(short_folder), "select 1") == 1
    leave(second)
    assert embedded_postgres.server_pid(short_folder) is None


def test_a_killed_user_leaves_a_server_that_the_next_one_uses_and_stops(short_folder: Path) -> None:
    killed = another_user(short_folder)
    left_behind = embedded_postgres.server_pid(short_folder)
    killed.kill()
    killed.communicate()
    with embedded_postgres.running(short_folder) as address:
        assert ask(address, "select 1") == 1
        assert embedded_postgres.server_pid(short_folder) == left_behind
    assert embedded_postgres.server_pid(short_folder) is None


def test_a_killed_server_recovers_at_the_next_start(short_folder: Path) -> None:
    killed = another_user(short_folder)
    with psycopg.connect(embedded_postgres.address(short_folder)) as connection:
        connection.execute("create table kept as select 42 as answer")
    server = embedded_postgres.server_pid(short_folder)
    assert server is not None
    killed.kill()
    os.kill(server, signal.SIGKILL)
    killed.communicate()
    with embedded_postgres.running(short_folder) as address:
        assert ask(address, "select answer from kept") == 42


def test_a_pid_file_whose_number_a_stranger_has_by_now_does_not_bar_the_start(short_folder: Path) -> None:
    with embedded_postgres.running(short_folder):
        pid_file = short_folder / "postgres" / "data" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert embedded_postgres.server_pid(short_folder) is None
        with embedded_postgres.running(short_folder) as address:
            assert ask(address, "select 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_start_broken_off_while_the_folder_was_made_begins_again(short_folder: Path) -> None:
    half = short_folder / "postgres" / "data.draft"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with embedded_postgres.running(short_folder) as address:
        assert ask(address, "select 1") == 1


def test_two_folders_have_two_servers_side_by_side(short_folder: Path) -> None:
    one, other = short_folder / "one", short_folder / "other"
    with embedded_postgres.running(one) as here, embedded_postgres.running(other) as there:
        with psycopg.connect(here) as connection:
            connection.execute("create table only_here (x int)")
        assert ask(there, "select to_regclass('only_here')") is None


def test_a_folder_whose_path_is_too_long_for_a_socket_works_too(short_folder: Path) -> None:
    deep = short_folder / ("d" * 60) / ("e" * 60)
    with embedded_postgres.running(deep) as address:
        assert ask(address, "select 1") == 1


def test_a_socket_folder_that_belongs_to_somebody_else_is_refused(short_folder: Path) -> None:
    deep = short_folder / ("d" * 60) / ("e" * 60)
    taken = embedded_postgres._socket_folder(deep)
    taken.symlink_to(short_folder)
    try:
        with pytest.raises(CannotStart, match="belongs to somebody else"), embedded_postgres.running(deep):
            pass
    finally:
        taken.unlink()


def test_a_cluster_of_another_version_is_named_and_left_alone(short_folder: Path) -> None:
    data = short_folder / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("15\n")
    with pytest.raises(CannotStart, match="made by PostgreSQL 15"), embedded_postgres.running(short_folder):
        pass
    assert (data / "PG_VERSION").read_text() == "15\n"


def test_a_server_that_cannot_start_says_why(short_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(embedded_postgres.OPTIONS, "max_connections", "none")
    began = time.monotonic()
    with pytest.raises(CannotStart, match="max_connections"), embedded_postgres.running(short_folder):
        pass
    assert time.monotonic() - began < embedded_postgres.START_SECONDS
