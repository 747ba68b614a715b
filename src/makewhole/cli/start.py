"""Starting: everything at once (`run`), or each part on its own (`serve`, `worker`, `migrate`)."""

from __future__ import annotations

import signal
import threading

import click

port_option = click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, envvar="PORT", help="Also: PORT."
)


@click.command()
@port_option
def run(port: int) -> None:
    """Start everything on this machine: database, tables, demo operator, web server and worker. Ctrl-C stops it."""
    from makewhole.web.running import run_everything

    run_everything(port)


@click.command()
@port_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--processes", type=click.IntRange(1), default=None, help="Web processes; one per core, at most 4.")
@click.option("--threads", type=click.IntRange(1), default=4, show_default=True, help="Threads in each of them.")
def serve(host: str, port: int, processes: int | None, threads: int) -> None:
    """Start a web server. It keeps no state: start as many as you need."""
    from django.db import connection

    from makewhole.web.serving import serve as listen

    connection.close()  # this process only starts those that answer
    listen(host=host, port=port, processes=processes, threads=threads)


@click.command()
def worker() -> None:
    """Start a worker: due clocks, outbox, checkpoints. Start as many as you need, on any machine."""
    from makewhole.web.with_parent import stop_with_parent
    from makewhole.workers.run import work

    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda _number, _frame: stop.set())
    stop_with_parent()
    work(stop)


@click.command()
def migrate() -> None:
    """Bring the database's tables up to date. Doing it twice does nothing."""
    from makewhole.web.database import migrate as bring_up_to_date

    applied = bring_up_to_date()
    click.echo(f"Applied {len(applied)} migrations." if applied else "Nothing to do: the tables are up to date.")
