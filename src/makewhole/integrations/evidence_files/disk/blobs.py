"""Bytes under a path on disk, whole or not at all. Start at `DiskBlobs.write`."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from makewhole.domain.refusal import Refused

# A file being written lies here, on the same file system, and is moved into place when it is whole.
_INCOMING = "incoming"

# No write takes this long: what is older was left by a process that was killed.
_ABANDONED_SECONDS = 24 * 3600

_FULL = (errno.ENOSPC, errno.EDQUOT)


class DiskBlobs:
    """A folder of files, readable by its owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        with _full_disk_refused():
            _make_folder(self._folder / _INCOMING)
        self._sweep_incoming()

    def write(self, path: str, content: bytes) -> None:
        incoming = self._folder / _INCOMING / uuid.uuid4().hex
        target = self._folder / path
        try:
            with _full_disk_refused():
                _write_through(incoming, content)
                _make_folder(target.parent)
                incoming.replace(target)
                _sync_folder(target.parent)
        finally:
            incoming.unlink(missing_ok=True)

    def read(self, path: str) -> bytes | None:
        try:
            return (self._folder / path).read_bytes()
        except FileNotFoundError:
            return None

    def exists(self, path: str) -> bool:
        return (self._folder / path).is_file()

    def delete(self, path: str) -> None:
        target = self._folder / path
        with contextlib.suppress(FileNotFoundError):
            target.unlink()
            _sync_folder(target.parent)

    def delete_folder(self, path: str) -> None:
        target = self._folder / path
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(target)
            _sync_folder(target.parent)

    def _sweep_incoming(self) -> None:
        for left in (self._folder / _INCOMING).iterdir():
            with contextlib.suppress(FileNotFoundError):  # another process sweeps too, or finished writing
                if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
                    left.unlink()


def _write_through(file: Path, content: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _make_folder(folder: Path) -> None:
    """A folder that survives a power cut: its name is written through in the folder above it."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _full_disk_refused() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if problem.errno in _FULL:
            raise Refused("evidence_store_full") from problem
        raise
