"""The web server: granian in front of our WSGI application."""

from __future__ import annotations

import os
import socket

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from makewhole.web.failing import CannotStart
from makewhole.web.with_parent import stop_with_parent

MOST_PROCESSES = 4


def serve(*, host: str, port: int, processes: int | None = None, threads: int = 4) -> None:
    """Answer requests until SIGINT or SIGTERM. CannotStart where something else listens there already."""
    refuse_port_in_use(host, port)
    stop_with_parent()
    Server(
        "makewhole.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes or min(MOST_PROCESSES, os.cpu_count() or 1),
        blocking_threads=threads,
        # A thread keeps its database connection; let it live through a quiet spell.
        blocking_threads_idle_timeout=600,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


def refuse_port_in_use(host: str, port: int) -> None:
    """Ask before we listen: the server shares a port with others that share it, and two would take turns."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        # Connections that have just ended do not count as use.
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} on {host} cannot be used ({error.strerror}); set PORT to another."
            ) from error
