"""What the machine and its PostgreSQL can do: pgbench's TPC-B on the same server, in the same run."""

from __future__ import annotations

import re
import subprocess

import psycopg

from makewhole.web import embedded_postgres

SCALE = 10


def tpc_b_per_second(conninfo: str, *, clients: int, seconds: int) -> float:
    """Transactions per second of `pgbench -M prepared`, fsync as the server has it."""
    pgbench = str(embedded_postgres.binary("pgbench"))
    with psycopg.connect(conninfo, autocommit=True) as connection:
        if not connection.execute("select to_regclass('pgbench_accounts')").fetchone()[0]:  # type: ignore[index]
            subprocess.run([pgbench, "-i", "-q", "-s", str(SCALE), conninfo], check=True, capture_output=True)
    command = [pgbench, "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds), conninfo]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([0-9.]+)", told)
    assert found, told
    return float(found[1])
