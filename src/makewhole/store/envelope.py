"""Sealing personal data, a key to each subject, so that destroying the key erases the data.

Start at `Keyring`: the master keys wrap a subject's data key, and the wrapped key is what is stored.
`seal` and `open_sealed` use the data key on one item, bound to the place where it belongs, so that it
cannot be moved to another. `digest` finds equal values without opening anything; `commitment` lets the
log vouch for data that lie outside it. Everything here is AES-256-GCM and HMAC-SHA256.

Layout: wrapped key = version 1 | master's id 8 | nonce 12 | sealed key 48;
        sealed item = version 1 | nonce 12 | sealed bytes as long as the item | tag 16.
Random nonces of 96 bits are safe for 2**32 items under one key (NIST SP 800-38D, 8.3).
"""

from __future__ import annotations

import hmac
import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32

_VERSION = b"\x01"
_ID_BYTES = 8
_NONCE_BYTES = 12
_TAG_BYTES = 16


class CannotOpen(Exception):
    """These bytes do not open: changed, cut off, of another place, or sealed with another key.

    Never says which, nor anything of the content: authenticated encryption cannot tell them apart.
    """


class Keyring:
    """The master keys. The first wraps; all unwrap, so that masters rotate: put the new one first, `rewrap`
    what is not `is_current`, then drop the old one."""

    def __init__(self, master_keys: Sequence[bytes]) -> None:
        if not master_keys:
            raise ValueError("a keyring needs at least one master key")
        if any(len(key) != KEY_BYTES for key in master_keys):
            raise ValueError(f"a master key has exactly {KEY_BYTES} bytes")
        self._masters = {_key_id(key): AESGCM(key) for key in master_keys}
        self._current = _key_id(master_keys[0])
        if len(self._masters) != len(master_keys):
            raise ValueError("a master key is given twice")

    def wrap(self, data_key: bytes, *, bound_to: bytes) -> bytes:
        """A data key as it may be stored; `bound_to` names its subject."""
        assert len(data_key) == KEY_BYTES, "a data key has 32 bytes"
        head = _VERSION + self._current
        nonce = os.urandom(_NONCE_BYTES)
        return head + nonce + self._masters[self._current].encrypt(nonce, data_key, head + bound_to)

    def unwrap(self, wrapped: bytes, *, bound_to: bytes) -> bytes:
        """The data key again. Raises CannotOpen, also for a master key that is no longer on the ring."""
        head, sealed = wrapped[: 1 + _ID_BYTES], wrapped[1 + _ID_BYTES :]
        master = self._masters.get(head[1:])
        if head[:1] != _VERSION or master is None:
            raise CannotOpen("no master key on the ring wrapped this key")
        return _opened(master, sealed, head + bound_to)

    def rewrap(self, wrapped: bytes, *, bound_to: bytes) -> bytes:
        """The same data key under the current master; what it sealed stays as it is."""
        return self.wrap(self.unwrap(wrapped, bound_to=bound_to), bound_to=bound_to)

    def is_current(self, wrapped: bytes) -> bool:
        return wrapped[: 1 + _ID_BYTES] == _VERSION + self._current


def new_data_key() -> bytes:
    """A fresh key for one subject."""
    return os.urandom(KEY_BYTES)


def seal(data_key: bytes, plain: bytes, *, bound_to: bytes) -> bytes:
    """An item as it may be stored. `bound_to` names its place (subject and field); it is not stored, so
    whoever opens the item must name the same place."""
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(data_key).encrypt(nonce, plain, _VERSION + bound_to)


def open_sealed(data_key: bytes, sealed: bytes, *, bound_to: bytes) -> bytes:
    """The item again, or CannotOpen."""
    if sealed[:1] != _VERSION:
        raise CannotOpen("not a sealed item of a version we know")
    return _opened(AESGCM(data_key), sealed[1:], _VERSION + bound_to)


@dataclass(frozen=True, slots=True)
class Lock:
    """A data key as the evidence files take it; it does not show its key when printed."""

    data_key: bytes = field(repr=False)

    def seal(self, plain: bytes, *, bound_to: bytes) -> bytes:
        return seal(self.data_key, plain, bound_to=bound_to)

    def open(self, sealed: bytes, *, bound_to: bytes) -> bytes:
        """The plain bytes, or CannotOpen."""
        return open_sealed(self.data_key, sealed, bound_to=bound_to)


def digest(secret: bytes, kind: str, value: str) -> bytes:
    """Equal values of a kind have equal digests, and without the secret nobody can try values out.
    The value comes normalised by one of the functions below; a kind keeps a phone from matching an account."""
    assert len(secret) >= KEY_BYTES, "a match secret has at least 32 bytes"
    assert kind and "\0" not in kind, f"not a kind: {kind!r}"
    assert value, f"an empty {kind} would match every other empty one"
    return hmac.digest(secret, f"{kind}\0{value}".encode(), "sha256")


def commitment(salt: bytes, content: bytes) -> bytes:
    """What the log keeps of content that lies outside it: proves it while its salt exists (which is kept
    beside the content and erased with it), and afterwards says nothing, however few values were possible."""
    assert len(salt) >= 16, "a salt has at least 16 random bytes"
    return hmac.digest(salt, content, "sha256")


def normal_email(text: str) -> str:
    """An address by which we know a person: trimmed, in lower case. "" if nothing is left."""
    return _folded(text).strip()


def linked_email(text: str) -> str:
    """An address by which we link people: without a "+tag", and without Gmail's dots, which reach the same
    mailbox. Never used to tell who somebody is: elsewhere a dot or a tag may be another person."""
    local, at, domain = normal_email(text).rpartition("@")
    if domain == "googlemail.com":
        domain = "gmail.com"
    local = local.partition("+")[0] or local
    if domain == "gmail.com":
        local = local.replace(".", "") or local
    return local + at + domain


# Country code, and the digit put before a number inside the country (ITU-T E.164, national plans).
_DIALLING = {
    "US": ("1", "1"), "CA": ("1", "1"), "GB": ("44", "0"), "IE": ("353", "0"), "DE": ("49", "0"),
    "AT": ("43", "0"), "CH": ("41", "0"), "FR": ("33", "0"), "NL": ("31", "0"), "BE": ("32", "0"),
    "SE": ("46", "0"), "AU": ("61", "0"), "JP": ("81", "0"), "BR": ("55", "0"), "IT": ("39", ""),
    "ES": ("34", ""), "PT": ("351", ""), "PL": ("48", ""), "DK": ("45", ""), "NO": ("47", ""), "MX": ("52", ""),
}  # fmt: skip

# Dialled before a country code where it is not the usual 00.
_ABROAD = {"US": "011", "CA": "011", "AU": "0011", "JP": "010"}


def normal_phone(text: str, country: str) -> str:
    """A number as digits with its country code ("+44 (0)20 7946 0958" is 442079460958). `country` (ISO 3166)
    is where a number without a code is dialled; of a country not listed above, the digits stand as given."""
    spoken = re.split(r"(?:ext|x|#)\.?\s*\d+\s*$", _folded(text), maxsplit=1)[0].strip()
    digits = _digits(spoken.replace("(0)", ""))
    code, trunk = _DIALLING.get(country, ("", ""))
    if spoken.startswith("+"):
        return digits
    for abroad in (_ABROAD.get(country, "00"), "00"):
        if code and digits.startswith(abroad):
            return digits.removeprefix(abroad)
    if trunk and trunk != code and not digits.startswith(trunk) and digits.startswith(code) and len(digits) > 10:
        return digits  # written with the code, but without its "+"
    national = digits if code == "1" and len(digits) <= 10 else digits.removeprefix(trunk)
    return code + national if national else ""


def normal_address(text: str) -> str:
    """A postal address without case, accents, punctuation and spacing. Abbreviations stay: "St" may be a
    saint or a street."""
    letters = unicodedata.normalize("NFKD", _folded(text))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter) and letter not in "'’`")
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


def normal_account(text: str) -> str:
    """An IBAN or account number: letters and digits only, in upper case."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).upper()


def _opened(cipher: AESGCM, sealed: bytes, bound_to: bytes) -> bytes:
    if len(sealed) < _NONCE_BYTES + _TAG_BYTES:
        raise CannotOpen("cut off")
    try:
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)
    except InvalidTag:
        raise CannotOpen("changed, of another place, or sealed with another key") from None


def _key_id(master_key: bytes) -> bytes:
    return hmac.digest(master_key, b"id of a master key", "sha256")[:_ID_BYTES]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(letter)) for letter in text if letter.isdecimal())
