"""`makewhole run`: everything on one machine, started in order, watched, and stopped in order.

Start at `run_everything`. The database belongs to this process; the web server and the worker are processes
of their own, in sessions of their own, so that Ctrl-C reaches this one first and it stops them itself.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Collection, Iterator
from pathlib import Path
from types import FrameType

import click

from makewhole.web.database import database, migrate
from makewhole.web.failing import CannotStart
from makewhole.web.home import data_folder
from makewhole.web.serving import refuse_port_in_use
from makewhole.web.with_parent import VARIABLE as STOP_WITH_PARENT

HOST = "127.0.0.1"
READY_SECONDS = 60
STOP_SECONDS = 20


def run_everything(port: int) -> None:
    """Start, tell where, stay until Ctrl-C or SIGTERM; then stop all of it."""
    home = data_folder()
    with _alone(home), _stop_signals_as_interrupt():
        refuse_port_in_use(HOST, port)
        try:
            with database():
                _bring_up_to_date()
                with _parts(port) as parts:
                    _wait_until_ready(port, parts)
                    _tell(port)
                    _watch(parts)
        except KeyboardInterrupt:
            click.echo("Stopped.")


def _bring_up_to_date() -> None:
    from django.apps import apps
    from django.db import connection

    if migrate():
        click.echo("The database's tables are made.")
    if not apps.get_model("store", "Marketplace").objects.exists():
        from makewhole.demo import load

        click.echo("Loading the demo operator ...")
        load()
    connection.close()  # from here on this process only watches


def _tell(port: int) -> None:
    from makewhole.demo import sign_ins as demo_sign_ins

    click.echo(f"\nMakewhole runs at http://localhost:{port}/   (Ctrl-C stops it)\n")
    sign_ins = demo_sign_ins()
    widths = (max(len(one.role) for one in sign_ins), max(len(one.email) for one in sign_ins))
    for one in sign_ins:
        click.echo(f"  {one.role:<{widths[0]}}  {one.email:<{widths[1]}}  {one.password}")
    click.echo("")


# --- the parts


@contextlib.contextmanager
def _parts(port: int) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """The web server and the worker, running; stopped on the way out."""
    parts: dict[str, subprocess.Popen[bytes]] = {}
    try:
        parts["web server"] = _start("serve", "--host", HOST, "--port", str(port))
        parts["worker"] = _start("worker")
        yield parts
    finally:
        _stop(parts.values())


def _start(*command: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {STOP_WITH_PARENT: "1", "MAKEWHOLE_HOME": str(data_folder())}
    return subprocess.Popen(
        [sys.executable, "-m", "makewhole.cli", *command],
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def _stop(parts: Collection[subprocess.Popen[bytes]]) -> None:
    running = [part for part in parts if part.poll() is None]
    for part in running:
        part.terminate()
    until = time.monotonic() + STOP_SECONDS
    for part in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            part.wait(max(0.1, until - time.monotonic()))
    for part in parts:
        # Each leads a session: whatever of it is left, also below it, goes now.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(part.pid, signal.SIGKILL)
        part.wait()


def _wait_until_ready(port: int, parts: dict[str, subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        _refuse_if_one_ended(parts)
        if _answers(f"http://{HOST}:{port}/healthz"):
            return
        time.sleep(0.05)
    raise CannotStart(f"The web server did not answer within {READY_SECONDS} seconds; its reasons stand above.")


def _answers(address: str) -> bool:
    # No proxy, whatever the environment names: it is this machine that we ask.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=5):
            return True
    except (OSError, http.client.HTTPException):
        return False


def _watch(parts: dict[str, subprocess.Popen[bytes]]) -> None:
    while True:
        _refuse_if_one_ended(parts)
        time.sleep(0.5)


def _refuse_if_one_ended(parts: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, part in parts.items():
        if part.poll() is not None:
            raise CannotStart(f"The {name} ended by itself (exit code {part.returncode}); its reasons stand above.")


# --- one at a time, and how it ends


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One `run` per data folder. The kernel drops the lock with the process, however that ends."""
    with open(home / "run.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotStart(
                f"Makewhole already runs on {home} (process {lock.read().strip()}); "
                "stop it, or set MAKEWHOLE_HOME to another folder."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextlib.contextmanager
def _stop_signals_as_interrupt() -> Iterator[None]:
    """SIGTERM and a closed terminal stop us as Ctrl-C does. A second one while we stop changes nothing."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for name in names:
            signal.signal(name, signal.SIG_IGN)
        raise KeyboardInterrupt

    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {name: signal.signal(name, interrupt) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
