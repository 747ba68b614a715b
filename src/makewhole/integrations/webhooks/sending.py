"""Posts one message and brings back the status it was answered with. Start at post().

It connects to the very address that was looked at, so that a name cannot lead elsewhere a moment later; follows no
redirect; reads no more of the answer than its status; and is done in `timeout` seconds whatever the other side does.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import time
from collections.abc import Mapping
from urllib.parse import SplitResult

from makewhole.domain.refusal import Refused
from makewhole.integrations.webhooks.addresses import NotReachable, check_url, reached

TIMEOUT_SECONDS = 10.0
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9])[ \r]")
_LONGEST_STATUS_LINE = 1000


class NoAnswer(Exception):
    """Nothing came back that is an answer. The words say why, and hold nothing that the other side sent."""


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, to_loopback: bool = False, timeout: float = TIMEOUT_SECONDS
) -> int:
    """The status of the answer. NoAnswer where there is none, or the address is none that we go to."""
    deadline = time.monotonic() + timeout
    try:
        parts = check_url(url, to_loopback=to_loopback)
        connection = _Pinned(parts, deadline, to_loopback=to_loopback)
    except (Refused, NotReachable) as closed:
        raise NoAnswer(str(closed)) from closed
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body, {**headers, "Connection": "close"})
        return _status(connection.sock, deadline)
    except ssl.SSLCertVerificationError as unproven:
        raise NoAnswer(f"its certificate is not valid: {unproven.verify_message}") from unproven
    except TimeoutError as slow:
        raise NoAnswer(f"no answer within {timeout:g} seconds") from slow
    except (OSError, http.client.HTTPException) as lost:
        raise NoAnswer(f"no connection: {type(lost).__name__}") from lost
    finally:
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to addresses that were looked at; its certificate must be of the name all the same."""

    def __init__(self, parts: SplitResult, deadline: float, *, to_loopback: bool) -> None:
        self.name = parts.hostname or ""
        self.over_tls = parts.scheme == "https"
        self.deadline = deadline
        number = parts.port or (443 if self.over_tls else 80)
        self.addresses = reached(self.name, number, to_loopback=to_loopback)
        self.default_port = 443 if self.over_tls else 80  # so that the Host header names no usual port
        super().__init__(self.name, number)

    def connect(self) -> None:
        sock = self._connected()
        try:
            sock.settimeout(_left(self.deadline))
            if self.over_tls:
                sock = ssl.create_default_context().wrap_socket(sock, server_hostname=self.name)
                sock.settimeout(_left(self.deadline))
        except BaseException:
            sock.close()
            raise
        self.sock = sock

    def _connected(self) -> socket.socket:
        lost: OSError = ConnectionError("no address")
        for address in self.addresses:
            try:
                return socket.create_connection((address, self.port), timeout=_left(self.deadline))
            except TimeoutError:
                raise
            except OSError as error:
                lost = error
        raise lost


def _status(sock: socket.socket, deadline: float) -> int:
    """Read by hand: a library's timeout counts from byte to byte, and one that drips would hold us for ever."""
    told = b""
    while b"\n" not in told and len(told) < _LONGEST_STATUS_LINE:
        sock.settimeout(_left(deadline))
        more = sock.recv(_LONGEST_STATUS_LINE)
        if not more:
            break
        told += more
    found = _STATUS_LINE.match(told)
    if found is None:
        raise http.client.BadStatusLine("not HTTP")
    return int(found[1])


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
