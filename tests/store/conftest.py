"""A database that a test may write and commit to, also from threads and processes of its own, and that holds
nothing else: for what reads the whole log.

Django's usual cleaning truncates, which the log and the books refuse. Here the owner of the tables switches their
triggers off for as long as it takes.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from store.mailbox import Mailbox


@pytest.fixture(scope="session")
def _test_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django makes a test database only where a test is marked for it; here, where none was."""
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    if connection.settings_dict["NAME"].startswith("test_"):
        yield
        return
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def emptied(_test_database: None, django_db_blocker: Any) -> Iterator[None]:
    """Nothing in any table, before the test and after it."""
    from django.db import connections

    from makewhole.store import policies

    with django_db_blocker.unblock():
        _empty_every_table()
        policies.forget()
        yield
        connections.close_all()
        _empty_every_table()
        policies.forget()
        connections.close_all()


@pytest.fixture
def tampering(emptied: None) -> Any:
    """Runs a statement that changes one row, as the owner of the tables can, with their triggers switched off."""

    def tamper(statement: str, *parameters: object) -> None:
        with _without_triggers() as cursor:
            cursor.execute(statement, parameters)
            assert cursor.rowcount == 1

    return tamper


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A mail server that answers, and the settings that lead to it."""
    from aiosmtpd.controller import Controller
    from store.mailbox import Mailbox

    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:  # the controller cannot be given port 0
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 5
    settings.PUBLIC_URL = "https://claims.example.com"
    yield box
    server.stop()


def _empty_every_table() -> None:
    with _without_triggers() as cursor:
        cursor.execute(f"truncate {', '.join(_tables(cursor))} restart identity")


@contextmanager
def _without_triggers() -> Iterator[Any]:
    from django.db import connection, transaction

    assert connection.settings_dict["NAME"].startswith("test_")
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _tables(cursor):
            cursor.execute(f"alter table {table} disable trigger user")
        yield cursor
        cursor.execute("set constraints all immediate")  # what waits for the commit would hold up the next line
        for table in _tables(cursor):
            cursor.execute(f"alter table {table} enable trigger user")


def _tables(cursor: Any) -> list[str]:
    ours = "^(store|people|account|mfa|socialaccount)_"
    cursor.execute("select tablename from pg_tables where tablename ~ %s order by tablename", [ours])
    return [row[0] for row in cursor.fetchall()]
