"""What a failure looks like on a terminal: one sentence and an exit code, for everything that is not our own bug.

1: the rules say no. 2: the call, the settings or the machine are wrong. A bug keeps its traceback.
"""

from __future__ import annotations

from makewhole.domain.refusal import Refused

RULES_SAY_NO = 1
CANNOT_DO = 2


def exit_code_and_sentence(error: Exception) -> tuple[int, str] | None:
    """None: this is no failure that we expect; let it be seen in full."""
    if isinstance(error, Refused):
        return RULES_SAY_NO, str(error)
    if type(error).__module__.partition(".")[0] in ("makewhole", "django", "psycopg"):
        return _of_the_machinery(error)
    if isinstance(error, OSError) and error.filename is not None:
        return CANNOT_DO, f"{error.filename}: {error.strerror}"
    return None


def _of_the_machinery(error: Exception) -> tuple[int, str] | None:
    # Imported once such an error exists: by then the package is loaded anyhow.
    from django.core.exceptions import ImproperlyConfigured
    from django.db import InterfaceError, OperationalError, ProgrammingError
    from psycopg import OperationalError as LostConnection
    from psycopg.errors import UndefinedColumn, UndefinedTable

    from makewhole.web.failing import CannotStart

    if isinstance(error, (CannotStart, ImproperlyConfigured)):
        return CANNOT_DO, str(error)
    if isinstance(error, ProgrammingError) and isinstance(error.__cause__, (UndefinedTable, UndefinedColumn)):
        # Ours alone where the tables are up to date, and then `makewhole migrate` says so.
        reason = str(error).partition("\n")[0]
        return CANNOT_DO, f"the database's tables are not those of this version ({reason}): run makewhole migrate."
    if isinstance(error, (OperationalError, InterfaceError, LostConnection)):
        reason = " ".join(str(error).split())
        return CANNOT_DO, f"the database did not answer, and nothing is half done: {reason}"
    return None
