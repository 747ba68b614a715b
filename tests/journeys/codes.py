"""What a phone's authenticator app shows: RFC 6238, computed here and not by the library that checks it."""

from __future__ import annotations

import base64
import hmac
import struct
import time


def code_now(secret: str, *, steps_ahead: int = 0) -> str:
    counter = int(time.time()) // 30 + steps_ahead
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), "sha1")
    at = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFF_FFFF
    return f"{number % 1_000_000:06}"
