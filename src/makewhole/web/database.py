"""A database to work with: the one that DATABASE_URL names, else the embedded one, running while it is used."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import django

from makewhole.web import embedded_postgres
from makewhole.web.collector import settle
from makewhole.web.failing import CannotStart
from makewhole.web.home import data_folder

OLDEST_SERVER = 150000  # PostgreSQL 15, as libpq counts


def django_ready() -> None:
    """Django with our settings; twice does nothing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makewhole.web.settings")
    django.setup()
    settle()


@contextlib.contextmanager
def database() -> Iterator[None]:
    """Inside, Django is set up and its database answers. CannotStart, in one sentence, where it does not."""
    with contextlib.ExitStack() as on_leaving:
        if not os.environ.get("DATABASE_URL"):
            on_leaving.enter_context(embedded_postgres.running(data_folder()))
        django_ready()
        _ask_the_server()
        on_leaving.callback(_hang_up)
        yield


def migrate() -> list[str]:
    """Bring the tables up to date; the names of the migrations applied, none where nothing was pending."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with connection.cursor() as cursor:
        # Two machines that start at once must not both change the tables. 'makewhol' as a number.
        cursor.execute("select pg_advisory_lock(7881698906414280556)")
        try:
            executor = MigrationExecutor(connection)
            plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
            if plan:
                call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("select pg_advisory_unlock(7881698906414280556)")
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def _ask_the_server() -> None:
    from django.db import Error, connection

    try:
        connection.ensure_connection()
    except Error as error:
        given = connection.settings_dict
        reason = " ".join(str(error).split()) or "no answer"
        named = f"{given['NAME']} on {given.get('HOST') or 'this machine'}"
        raise CannotStart(f"The database that DATABASE_URL names ({named}) cannot be reached: {reason}") from error
    version = connection.connection.info.server_version
    if version < OLDEST_SERVER:
        raise CannotStart(f"Makewhole needs PostgreSQL 15 or newer; DATABASE_URL leads to {version // 10000}.")


def _hang_up() -> None:
    # Before the server stops, else it has to cut us off.
    from django.db import connections

    connections.close_all()
