"""`make run` as its user meets it: it starts, keeps what was there, stops when told, and says what is in its way."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
import pytest

from makewhole.web import embedded_postgres

PARTS = ("makewhole.demo", "makewhole.api.v1", "makewhole.portals.urls", "makewhole.workers.run")
needs_all_parts = pytest.mark.skipif(
    any(find_spec(part) is None for part in PARTS), reason="the web server, the worker and the demo must be there"
)
LONGEST_WAIT_SECONDS = 120


def makewhole(*arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "makewhole.cli", *arguments],
        env=clean_environment(home) | environment,
        capture_output=True,
        text=True,
        timeout=LONGEST_WAIT_SECONDS,
    )


def clean_environment(home: Path) -> dict[str, str]:
    # Without the server of the tests' own database: each of these journeys has one in its own folder.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_URL")}
    return kept | {"MAKEWHOLE_HOME": str(home), "PYTHONUNBUFFERED": "1"}


@contextlib.contextmanager
def started(home: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`makewhole run`, and all that it printed up to the sign-ins. Killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "makewhole.cli", "run"],
        env=clean_environment(home) | {"PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process, until_sign_ins(process)
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=LONGEST_WAIT_SECONDS)


def until_sign_ins(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        # A blank line closes the list of sign-ins.
        if line == "\n" and "adjuster" in told:
            return told
    raise AssertionError(f"it ended before it was ready: {told}")


def free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return int(attempt.getsockname()[1])


def is_free(port: int) -> bool:
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            attempt.bind(("127.0.0.1", port))
            return True
    return False


def gone(processes: list[psutil.Process]) -> bool:
    """All of them, within the time that a gentle end may take. A dead process that nobody reaped is gone too."""
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while time.monotonic() < until:
        if not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes):
            return True
        time.sleep(0.1)
    return False


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    itself = psutil.Process(process.pid)
    return [itself, *itself.children(recursive=True)]


def one(home: Path, question: str) -> object:
    with psycopg.connect(embedded_postgres.address(home)) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def is_one_sentence(told: str) -> bool:
    return told.startswith("makewhole: ") and told.count("\n") == 1


# --- what is in its way


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("mysql://ann:hunter2@localhost/claims", "is not the address of a PostgreSQL database"),
        ("postgresql://ann:hunter2@127.0.0.1:1/claims", "claims on 127.0.0.1) cannot be reached"),
        ("postgresql://ann:hunter2@no-such-host.invalid/claims", "no-such-host.invalid"),
    ],
)
@pytest.mark.parametrize("command", ["run", "serve", "worker", "migrate"])
def test_a_wrong_database_address_is_one_sentence(command: str, address: str, reason: str, short_folder: Path) -> None:
    done = makewhole(command, home=short_folder, DATABASE_URL=address, PORT=str(free_port()))
    assert done.returncode == 2
    assert is_one_sentence(done.stderr)
    assert reason in done.stderr
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_port_in_use_is_one_sentence(command: str, short_folder: Path) -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        port = somebody.getsockname()[1]
        done = makewhole(command, home=short_folder, PORT=str(port))
    assert done.returncode == 2
    assert is_one_sentence(done.stderr)
    assert f"Port {port} on 127.0.0.1 cannot be used" in done.stderr


@pytest.mark.parametrize("port", ["0", "65536", "eighty"])
def test_what_is_no_port_is_told(port: str, short_folder: Path) -> None:
    done = makewhole("run", home=short_folder, PORT=port)
    assert done.returncode == 2
    assert "Invalid value" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_data_folder_that_is_a_file_is_one_sentence(short_folder: Path) -> None:
    (short_folder / "file").touch()
    done = makewhole("migrate", home=short_folder / "file")
    assert done.returncode == 2
    assert is_one_sentence(done.stderr)
    assert "cannot be used as the folder for data" in done.stderr


def test_migrating_twice_does_nothing_the_second_time(short_folder: Path) -> None:
    first = makewhole("migrate", home=short_folder)
    assert re.fullmatch(r"Applied \d+ migrations\.\n", first.stdout), first.stderr
    second = makewhole("migrate", home=short_folder)
    assert second.stdout == "Nothing to do: the tables are up to date.\n"
    assert embedded_postgres.server_pid(short_folder) is None


# --- starting and stopping


@needs_all_parts
def test_it_starts_answers_and_stops_with_all_that_it_started(short_folder: Path) -> None:
    port = free_port()
    with started(short_folder, port) as (process, told):
        assert f"http://localhost:{port}/" in told
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            assert answer.read() == b"ok\n"
        everything = family(process)
        assert len(everything) > 3
        process.send_signal(signal.SIGINT)
        assert process.wait(LONGEST_WAIT_SECONDS) == 0
    assert gone(everything)
    assert embedded_postgres.server_pid(short_folder) is None
    assert is_free(port)


@needs_all_parts
def test_a_second_start_keeps_what_was_there(short_folder: Path) -> None:
    with started(short_folder, free_port()) as (process, first):
        assert "Loading the demo operator" in first
        with psycopg.connect(embedded_postgres.address(short_folder)) as connection:
            connection.execute("create table kept as select 42 as answer")
        marketplaces = one(short_folder, "select count(*) from store_marketplace")
        process.terminate()
    with started(short_folder, free_port()) as (_process, second):
        assert "Loading the demo operator" not in second
        assert one(short_folder, "select answer from kept") == 42
        assert one(short_folder, "select count(*) from store_marketplace") == marketplaces


@needs_all_parts
def test_a_second_run_on_the_same_folder_is_refused_and_disturbs_nobody(short_folder: Path) -> None:
    with started(short_folder, free_port()) as (process, _told):
        done = makewhole("run", home=short_folder, PORT=str(free_port()))
        assert done.returncode == 2
        assert is_one_sentence(done.stderr)
        assert f"already runs on {short_folder} (process {process.pid})" in done.stderr
        assert process.poll() is None
        assert one(short_folder, "select 1") == 1


@needs_all_parts
def test_a_killed_run_leaves_nothing_behind_and_starts_again(short_folder: Path) -> None:
    port = free_port()
    with started(short_folder, port) as (process, _told):
        everything = family(process)
        process.kill()
        process.wait()
        assert gone(everything)
    with started(short_folder, port) as (process, _told):
        assert one(short_folder, "select 1") == 1


@needs_all_parts
@pytest.mark.parametrize("part", ["serve", "worker"])
def test_a_part_that_dies_ends_the_run_with_a_sentence(part: str, short_folder: Path) -> None:
    with started(short_folder, free_port()) as (process, _told):
        everything = family(process)
        next(child for child in everything if part in child.cmdline()).kill()
        assert process.wait(LONGEST_WAIT_SECONDS) == 2
        assert process.stdout is not None
        assert "ended by itself" in process.stdout.read()
    assert gone(everything)
    assert embedded_postgres.server_pid(short_folder) is None
