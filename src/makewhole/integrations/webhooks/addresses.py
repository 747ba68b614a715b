"""Which addresses a webhook may have, and whether the machines behind a name may be spoken to.

Whoever names an address makes us send a request from inside our network: so only public addresses, looked at when
the message goes out and not when the name was told, and that very address is the one connected to.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import SplitResult, urlsplit

from makewhole.domain.refusal import Refused

LONGEST = 500
_SIGNS = re.compile(r"[!-~]+")  # no spaces, nothing that would break a request's first line
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotReachable(Exception):
    """The name leads nowhere, or where we do not go."""


def check_url(url: str, *, to_loopback: bool) -> SplitResult:
    """The parts of an address that a webhook may have; http only to our own machine, and only where that is allowed.

    Refuses `webhook_url_not_usable`, `webhook_not_https`, `webhook_address_private`.
    """
    if len(url) > LONGEST or not _SIGNS.fullmatch(url):
        raise Refused("webhook_url_not_usable", longest=LONGEST)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("webhook_url_not_usable", longest=LONGEST) from None
    host = parts.hostname
    if not host or port == 0 or parts.fragment or "@" in parts.netloc:
        raise Refused("webhook_url_not_usable", longest=LONGEST)
    here = to_loopback and _is_loopback_name(host)
    if parts.scheme != "https" and not (here and parts.scheme == "http"):
        raise Refused("webhook_not_https")
    literal = _literal(host)
    if (literal is not None and not _may(literal, to_loopback=to_loopback)) or (host == "localhost" and not here):
        raise Refused("webhook_address_private")
    return parts


def reached(host: str, port: int, *, to_loopback: bool) -> list[str]:
    """The addresses of a name, all of them ours to speak to. NotReachable where one is not, or there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as unknown:
        raise NotReachable("the name of the host is not known") from unknown
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    for address in addresses:
        if not _may(ipaddress.ip_address(address), to_loopback=to_loopback):
            raise NotReachable("the host is in a private network")
    if not addresses:
        raise NotReachable("the name of the host is not known")
    return addresses


def _may(address: Address, *, to_loopback: bool) -> bool:
    inner = _inside(address)
    if inner.is_loopback:
        return to_loopback
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def _inside(address: Address) -> Address:
    """The IPv4 address that an IPv6 one carries, where it does: those lead to the same machine."""
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_loopback_name(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" or (literal is not None and _inside(literal).is_loopback)
