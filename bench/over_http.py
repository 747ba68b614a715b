"""Full small claims over HTTP: the web server as an operator starts it, and clients that wait for each answer."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psutil

from bench import world

READ = 65_536


@dataclass(frozen=True)
class Run:
    """What the clients saw: seconds of each answer in order, and of the whole run."""

    seconds: list[float]
    took: float

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.took

    def percentile_ms(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@contextlib.contextmanager
def web_server(processes: int) -> Iterator[tuple[int, int]]:
    """`makewhole serve` with so many processes; its port and its process id. Stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "makewhole.cli", "serve", "--port", str(port), "--processes", str(processes)]
    server = subprocess.Popen(command, env=os.environ | {"PYTHONUNBUFFERED": "1"})
    try:
        _wait_for(port, server)
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def file_claims(port: int, token: str, numbers: range, clients: int) -> Run:
    """Each client files its share, one after the other; every answer must be a claim with a payment ordered."""
    requests = [[_request(number, token) for number in numbers[client::clients]] for client in range(clients)]
    seconds: list[list[float]] = [[] for _ in range(clients)]
    faults: list[str] = []
    start = threading.Barrier(clients + 1)

    def client(share: list[bytes], timings: list[float]) -> None:
        with socket.create_connection(("127.0.0.1", port)) as wire:
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            start.wait()
            for request in share:
                began = time.perf_counter()
                wire.sendall(request)
                answer = _answer(wire)
                timings.append(time.perf_counter() - began)
                if not answer.startswith(b"HTTP/1.1 201") or b'"paying"' not in answer:
                    faults.append(answer[:2000].decode(errors="replace"))
                    return

    threads = [threading.Thread(target=client, args=pair) for pair in zip(requests, seconds, strict=True)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    assert not faults, f"an answer was no paid claim: {faults[0]}"
    return Run([timing for timings in seconds for timing in timings], took)


def largest_resident_mb(server_pid: int) -> float:
    """Resident memory of the web process: the largest child of the server that supervises them."""
    children = psutil.Process(server_pid).children(recursive=True)
    return max(child.memory_info().rss for child in children) / 1_000_000


def _request(number: int, token: str) -> bytes:
    told = world.notice(number)
    money = lambda amount: {"amount": amount, "currency": "USD"}  # noqa: E731 - a word of this one body
    body = json.dumps(
        {
            "marketplace": told.marketplace,
            "order_ref": told.order_ref,
            "line_ref": told.line_ref,
            "loss_date": told.loss_date.isoformat(),
            "story": told.story,
            "exposures": [{"head": part.head, "amount": money(part.amount)} for part in told.exposures],
            "contact": {
                "name": told.contact.name,
                "email": told.contact.email,
                "phone": told.contact.phone,
                "address": told.contact.address,
            },
            "payout": {
                "method": told.payout.method,
                "account": told.payout.account,
                "holder": told.payout.holder,
            },
            "evidence": [
                {"id": str(item.evidence_id), "exposure": item.exposure}
                | ({"amount": money(item.amount)} if item.amount else {})
                for item in told.evidence
            ],
        }
    ).encode()
    head = (
        f"POST /api/v1/claims HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        f"Idempotency-Key: bench-{number}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _answer(wire: socket.socket) -> bytes:
    received = wire.recv(READ)
    while b"\r\n\r\n" not in received:
        received += wire.recv(READ)
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += wire.recv(READ)
    return head + b"\r\n\r\n" + body


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit("the web server did not start")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.05)
    raise SystemExit("the web server did not answer in 30 seconds")
