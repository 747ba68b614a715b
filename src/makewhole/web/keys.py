"""Keys that an installation makes for itself on its first start, unless the environment brings them.

Losing `master.key` is losing every name and bank account in the vault, so in production both keys come
from the environment, out of the operator's own safe. Here they lie in files that only the owner may read.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from makewhole.web.failing import CannotStart

KEY_BYTES = 32


def key(variable: str, path: Path) -> bytes:
    """32 secret bytes: from the environment variable (base64), else from the file, which the first start makes.

    The same 32 bytes serve as an AES-256 key and as the seed of an Ed25519 key.
    """
    given = os.environ.get(variable)
    text, where = (given, variable) if given else (text_kept_in(path, made=_new_key), str(path))
    try:
        found = base64.b64decode(text, validate=True)
    except binascii.Error:
        found = b""
    if len(found) != KEY_BYTES:
        raise CannotStart(f"{where} must hold a key of {KEY_BYTES} bytes in base64; it holds something else.")
    return found


def text_kept_in(path: Path, *, made: Callable[[], str] = secrets.token_urlsafe) -> str:
    """A secret text from its file; where there is none, a new one is made, readable by its owner alone."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return _kept(path, made())


def _kept(path: Path, text: str) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link fails where the name exists: of two processes that start at once, both keep the first one's key.
        os.link(draft, path)
    except FileExistsError:
        return path.read_text().strip()
    finally:
        draft.unlink()
    return text


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
