"""What every test may ask for: a database of its own worker on a real PostgreSQL, and a data folder of this run.

Without DATABASE_URL_TEST or DATABASE_URL the server is the embedded one, with the options it has in use; the
first test that needs it starts it, and the last worker to leave stops it. Tests of pure rules start nothing.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

if TYPE_CHECKING:
    from world import Shop

# In the one process that pytest-xdist starts workers from; the workers inherit what it sets.
IS_FIRST_PROCESS = "PYTEST_XDIST_WORKER" not in os.environ

if IS_FIRST_PROCESS:
    # Short, and not pytest's own base: a socket's path has some hundred bytes.
    os.environ["MAKEWHOLE_HOME"] = tempfile.mkdtemp(prefix="makewhole-test-")
    for name in ("EMAIL_URL", "EVIDENCE_STORE", "EVIDENCE_DIR", "MAKEWHOLE_PUBLIC_URL", "PORT"):
        os.environ.pop(name, None)
    if "DATABASE_URL_TEST" in os.environ:
        os.environ["DATABASE_URL"] = os.environ["DATABASE_URL_TEST"]
os.environ["DJANGO_SETTINGS_MODULE"] = "makewhole.web.settings"

HOME = Path(os.environ["MAKEWHOLE_HOME"])


def pytest_configure() -> None:
    # Loaded, they count as configured, and pytest-django then sets Django up; before this file ran it could not.
    assert settings.INSTALLED_APPS


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if IS_FIRST_PROCESS:
        shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def database_server() -> Iterator[None]:
    """A PostgreSQL server that answers, for as long as this worker runs."""
    from makewhole.web import embedded_postgres

    with contextlib.ExitStack() as on_leaving:
        if not os.environ.get("DATABASE_URL"):
            on_leaving.enter_context(embedded_postgres.running(HOME))
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_server: None, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """pytest-django's hook before it makes the test database: here, the server first (its own part is kept)."""


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, django_db_modify_db_settings: None
) -> Iterator[None]:
    """The test database, migrated; also where the only tests that need it commit for real (pytest-django's own
    makes one only for tests with its mark)."""
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
        yield
        teardown_databases(made, verbosity=0)


@pytest.fixture
def kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database with real commits and no cleaning: what the log holds stays, and so each test makes a
    marketplace of its own (tests/world.py)."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def shop(kept: None) -> Shop:
    """A marketplace of this test's own."""
    from world import open_shop

    return open_shop()


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The clock of pages and API stands at the tests' noon; called with another instant, it stands there."""
    from django.utils import timezone
    from world import NOW

    def stands_at(instant: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: instant)

    stands_at(NOW)
    return stands_at


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder with a short path, for what puts a socket into it."""
    folder = Path(tempfile.mkdtemp(prefix="mw-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def no_language_of_another_test() -> Iterator[None]:
    """A request in German leaves German active in this thread; the next test begins in English again."""
    from django.utils import translation

    yield
    translation.deactivate()
