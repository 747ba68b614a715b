"""Evidence as files: addressed by content within its subject, sealed with the subject's key.

Start at `EvidenceFiles`. The address of a file is (subject, SHA-256 of its plain bytes). The subject is part
of it for the sake of erasure: the same photo sent by two people is stored twice, each sealed with its own
sender's key, so that one can be erased wholly (destroy the key, remove the folder) while the other stays, and
nobody can learn from an address that somebody else sent the same file. Within one subject the same content is
stored once; how many rows speak of it is counted by the database, which calls `delete` after the last.

Reading always verifies the content against its address, so what comes back is what was sent.
"""

from __future__ import annotations

import hashlib
import re
from typing import Protocol


class EvidenceMissing(Exception):
    """Nothing is stored at this address."""


class EvidenceDamaged(Exception):
    """What is stored at this address is not what was put there, or was sealed with another key."""


class Lock(Protocol):
    """A subject's key. Opening bytes that were changed, or belong elsewhere, raises an exception."""

    def seal(self, plain: bytes, *, bound_to: bytes) -> bytes: ...
    def open(self, sealed: bytes, *, bound_to: bytes) -> bytes: ...


class Blobs(Protocol):
    """What a place for files must do. A path is parts joined by "/", of letters, digits, "-" and "_"."""

    def write(self, path: str, content: bytes) -> None:
        """Keeps all of it or nothing, and is durable on return. Replaces what was there.
        Refuses with `evidence_store_full`."""

    def read(self, path: str) -> bytes | None: ...
    def exists(self, path: str) -> bool: ...

    def delete(self, path: str) -> None:
        """Removes it for good; nothing there is fine."""

    def delete_folder(self, path: str) -> None:
        """Removes everything below for good; nothing there is fine."""


class EvidenceFiles:
    """The evidence store. Without a lock, bytes are kept as they are: for what is no personal data."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    def put(self, subject: str, content: bytes, *, lock: Lock | None = None) -> str:
        """Keeps content for a subject and answers its SHA-256 in hex. Putting twice is putting once; a stored
        file that was damaged is mended by putting it again."""
        sha256 = hashlib.sha256(content).hexdigest()
        if not self._is_intact(subject, sha256, lock):
            sealed = lock.seal(content, bound_to=_place(subject, sha256)) if lock else content
            self._blobs.write(_path(subject, sha256), sealed)
        return sha256

    def get(self, subject: str, sha256: str, *, lock: Lock | None = None) -> bytes:
        """The content, verified. Raises EvidenceMissing or EvidenceDamaged."""
        stored = self._blobs.read(_path(subject, sha256))
        if stored is None:
            raise EvidenceMissing(f"nothing is stored for {subject}/{sha256}")
        return _verified(stored, subject, sha256, lock)

    def exists(self, subject: str, sha256: str) -> bool:
        return self._blobs.exists(_path(subject, sha256))

    def delete(self, subject: str, sha256: str) -> None:
        """Removes one file for good; deleting twice is deleting once."""
        self._blobs.delete(_path(subject, sha256))

    def erase(self, subject: str) -> None:
        """Removes all that a subject sent. Destroy its key as well: copies in backups end with it."""
        self._blobs.delete_folder(_folder(subject))

    def _is_intact(self, subject: str, sha256: str, lock: Lock | None) -> bool:
        try:
            self.get(subject, sha256, lock=lock)
        except (EvidenceMissing, EvidenceDamaged):
            return False
        return True


def _verified(stored: bytes, subject: str, sha256: str, lock: Lock | None) -> bytes:
    try:
        content = lock.open(stored, bound_to=_place(subject, sha256)) if lock else stored
    except Exception as problem:  # which one is the lock's affair; each means the same here
        raise EvidenceDamaged(f"{subject}/{sha256} does not open: {problem}") from problem
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise EvidenceDamaged(f"{subject}/{sha256} holds {len(content)} bytes with the hash {found}")
    return content


def _place(subject: str, sha256: str) -> bytes:
    return f"evidence/{subject}/{sha256}".encode()


def _path(subject: str, sha256: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise AssertionError(f"not a SHA-256 in hex: {sha256!r}")
    return f"{_folder(subject)}/{sha256}"


def _folder(subject: str) -> str:
    """Fanned out by a hash: subjects' ids may begin with a time, and would all fall into one folder."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", subject):
        raise AssertionError(f"not a subject's id: {subject!r}")
    fan = hashlib.sha256(subject.encode()).hexdigest()
    return f"{fan[:2]}/{fan[2:4]}/{subject}"
