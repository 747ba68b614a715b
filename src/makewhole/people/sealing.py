"""Words that only this installation can read, sealed with a key of their purpose: typing that waits to be sent, and
what a phone computes its codes from. Start at `sealed` and `opened`.

Not the vault: that has a key for each person, and keeps what a claim needs. These are let go soon, or with an account.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12


class CannotOpen(Exception):
    """Changed, cut off, of another purpose, or sealed with another key."""


def sealed(purpose: str, words: str) -> str:
    """In letters, as a column of text may hold them."""
    nonce = os.urandom(_NONCE_BYTES)
    return base64.urlsafe_b64encode(nonce + _cipher(purpose).encrypt(nonce, words.encode(), None)).decode()


def opened(purpose: str, text: str) -> str:
    """The words again, or CannotOpen."""
    try:
        raw = base64.urlsafe_b64decode(text.encode())
        return _cipher(purpose).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], None).decode()
    except (InvalidTag, binascii.Error, ValueError):
        raise CannotOpen(purpose) from None


def _cipher(purpose: str) -> AESGCM:
    return AESGCM(hmac.digest(settings.MAKEWHOLE_MASTER_KEY, f"sealed for {purpose}".encode(), "sha256"))
