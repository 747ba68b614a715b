"""`make bench`: every figure of docs/speed.md on this machine, in one run, on a server and data of its own.

BENCH_STORED   how many claims are stored for the last comparison (1,000,000)
BENCH_SECONDS  how long each pgbench run takes (20)
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

# Short, and not on a memory disk: fsync must mean something.
HOME = Path(tempfile.mkdtemp(prefix="mw-bench-", dir=os.environ.get("BENCH_DIR", "/var/tmp")))
os.environ["MAKEWHOLE_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "makewhole.web.settings"
os.environ.pop("DATABASE_URL", None)

STORED = int(os.environ.get("BENCH_STORED", "1000000"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "20"))
CLIENTS = 8
SMALL = 10_000
CLOCKS = 10_000
TENDERS = 10_000
IMPORTED = 200_000
HTTP_CLAIMS = 4_000
ALONE = 1_000


def main() -> None:
    with own_server() as conninfo:
        measure(conninfo)


@contextmanager
def own_server() -> Iterator[str]:
    """A server with empty tables, gone afterwards; how to reach it."""
    from makewhole.web import embedded_postgres
    from makewhole.web.database import django_ready, migrate

    try:
        with embedded_postgres.running(HOME) as conninfo:
            django_ready()
            migrate()
            yield conninfo
    finally:
        shutil.rmtree(HOME, ignore_errors=True)


def measure(conninfo: str) -> None:
    from bench import bulk, figures, importing, over_http, reference, tenders, world
    from bench.clocks import due_at_once
    from bench.figures import Figure

    by, token = world.open_marketplace()
    lines = Numbers()
    say(f"{figures.machine()}; reference: pgbench, {SECONDS} s with {CLIENTS} clients")
    before = reference.tpc_b_per_second(conninfo, clients=CLIENTS, seconds=SECONDS)

    say(f"{IMPORTED:,} order lines from CSV")
    imported = importing.lines_per_second(IMPORTED)
    say(f"  {imported:,.0f} a second")

    say(f"bulk filing of {SMALL:,} claims")
    numbers = lines.take(SMALL, by.name)
    bulk_seconds = bulk.file_in_bulk(numbers, by)
    say(f"  {SMALL / bulk_seconds:,.0f} a second; pgbench {before:,.0f}")

    def over_the_wire(what: str) -> tuple[over_http.Run, over_http.Run]:
        say(f"{HTTP_CLAIMS:,} claims over HTTP by {CLIENTS} clients, then {ALONE:,} by one, {what}")
        warm, many, alone = lines.take(400, by.name), lines.take(HTTP_CLAIMS, by.name), lines.take(ALONE, by.name)
        with over_http.web_server(os.cpu_count() or 1) as (port, _):
            over_http.file_claims(port, token, warm, CLIENTS)
            runs = over_http.file_claims(port, token, many, CLIENTS), over_http.file_claims(port, token, alone, 1)
        say(f"  {runs[0].per_second:,.0f} a second; one client {runs[1].percentile_ms(0.5):.2f} ms")
        return runs

    many_small, alone_small = over_the_wire(f"at {SMALL:,} stored")
    after = reference.tpc_b_per_second(conninfo, clients=CLIENTS, seconds=SECONDS)
    tpc_b = (before + after) / 2

    say("memory of one web process over 10,000 claims")
    numbers = lines.take(10_000, by.name)
    with over_http.web_server(1) as (port, pid):
        over_http.file_claims(port, token, numbers, CLIENTS)
        resident_mb = over_http.largest_resident_mb(pid)

    say(f"{CLOCKS:,} clocks due at once")
    bulk.file_in_bulk(lines.take(CLOCKS, by.name), by, complete=False)
    clock_seconds, twice = due_at_once(datetime.now(UTC) + timedelta(days=24), CLOCKS)

    say(f"{TENDERS:,} tenders that expire at once")
    expired = tenders.expire_at_once(lines.take(TENDERS, by.name, price_minor=world.DEAR_MINOR), by)
    say(f"  {expired.seconds:,.1f} s")

    say(f"filling up to {STORED:,} stored claims")
    left = STORED - lines.taken
    while left > 0:
        part = min(left, 50_000)
        took = bulk.file_in_bulk(lines.take(part, by.name), by)
        left -= part
        say(f"  {lines.taken:,} stored, {part / took:,.0f} a second")
    vacuum()
    many_large, alone_large = over_the_wire(f"at {STORED:,} stored")

    ratio = many_small.per_second / tpc_b
    cost = many_small.per_second / many_large.per_second
    cost_alone = alone_large.percentile_ms(0.5) / alone_small.percentile_ms(0.5)
    against = (
        f"pgbench -M prepared TPC-B, {tpc_b:,.0f} transactions a second (before {before:,.0f}, after {after:,.0f})"
    )
    small = f"the same at {SMALL:,} stored"
    measured = [
        Figure("pgbench -M prepared TPC-B", tpc_b, "transactions/s", "", None, "the reference", True),
        Figure("small claims over HTTP", many_small.per_second, "claims/s", against, ratio, "ratio >= 0.15",
               ratio >= 0.15),
        _median("small claim, one client, median", alone_small.percentile_ms(0.5), 5),
        _median("small claim, one client, p99", alone_small.percentile_ms(0.99), 50),
        Figure(f"cost of a claim at {STORED:,} stored", 1000 / many_large.per_second, "ms of the server", small, cost,
               "ratio <= 1.2", cost <= 1.2),
        Figure(f"median of one client at {STORED:,} stored", alone_large.percentile_ms(0.5), "ms", small, cost_alone,
               "ratio <= 1.2", cost_alone <= 1.2),
        Figure("bulk filing", SMALL / bulk_seconds, "claims/s", against, SMALL / bulk_seconds / tpc_b,
               ">= 1,500 claims/s", SMALL / bulk_seconds >= 1500),
        Figure("order lines imported from CSV", imported, "lines/s", "", None, ">= 20,000 lines/s", imported >= 20_000),
        Figure(f"{CLOCKS:,} clocks due at once ({twice} twice)", clock_seconds, "s", "", None, "< 60 s, none twice",
               clock_seconds < 60 and twice == 0),
        expired.figure(),
        Figure("resident memory of one web process after 10,000 claims", resident_mb, "MB", "", None, "< 200 MB",
               resident_mb < 200),
    ]  # fmt: skip
    figures.keep(measured)
    print(figures.table(measured))


class Numbers:
    """Numbers of order lines, each handed out once, its line sold at that moment."""

    taken = 0

    def take(self, count: int, by: str, **sold: int) -> range:
        from bench import world

        numbers = range(self.taken, self.taken + count)
        world.sell(self.taken, count, by, **sold)
        self.taken += count
        return numbers


def vacuum() -> None:
    """What autovacuum would have done by the time that so many claims have come."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


def _median(what: str, milliseconds: float, bar: float):  # type: ignore[no-untyped-def]
    from bench.figures import Figure

    return Figure(what, milliseconds, "ms", "", None, f"{bar} ms", milliseconds <= bar)


def say(what: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S}  {what}", flush=True)


if __name__ == "__main__":
    main()
