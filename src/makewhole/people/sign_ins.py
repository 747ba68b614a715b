"""The sign-in log and the open sessions, to read; and to end a session. Start at `sign_ins` and `sessions_of`.

A person reads its own; administrators and auditors read everybody's (`role` is the one in which the reader acts).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from makewhole.domain.refusal import Refused
from makewhole.people.browsers import browser_and_system
from makewhole.people.models import Account, OpenSession, SignIn
from makewhole.people.noting import note

PAGE = 50
MAY_READ_ALL = frozenset({"administrator", "auditor"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log."""

    number: int
    at: datetime
    what: str
    how: tuple[str, ...]
    address: str
    browser: str
    system: str
    account_id: int | None
    who: str  # name and e-mail of an account; a masked address where nobody has it
    email: str


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[Line]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class Open:
    """A browser in which somebody is signed in."""

    number: int
    started_at: datetime
    seen_at: datetime
    how: tuple[str, ...]
    address: str
    browser: str
    system: str
    this_one: bool


def sign_ins(account: Account, *, before: int | None = None, size: int = PAGE) -> Page:
    """Somebody's own, the newest first."""
    return _page(SignIn.objects.filter(account=account), "", before, size)


def sign_ins_of_all(
    role: str, *, among: QuerySet[Account] | None = None, account_id: int | None = None, what: str = "",
    before: int | None = None, size: int = PAGE,
) -> Page:  # fmt: skip
    """Everybody's, for an administrator or an auditor; of one account, or of one kind, where it is named. `among`:
    where the reader looks after some accounts only, these, and nobody who is unknown.

    Refuses `role_not_held` to everybody else.
    """
    if role not in MAY_READ_ALL:
        raise Refused("role_not_held", role="administrator", held=role)
    rows = SignIn.objects.all()
    if among is not None:
        rows = rows.filter(account__in=among.values("id"))
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    return _page(rows, what, before, size)


def sessions_of(account: Account, *, this_key: str | None = None) -> list[Open]:
    """Where an account is signed in now, this browser first."""
    rows = list(OpenSession.objects.filter(account=account).order_by("-seen_at", "-id"))
    now = timezone.now()
    keys = [row.session_key for row in rows]
    alive = set(Session.objects.filter(session_key__in=keys, expire_date__gt=now).values_list("session_key", flat=True))
    gone = [row.pk for row in rows if row.session_key not in alive]
    if gone:
        OpenSession.objects.filter(pk__in=gone).delete()
    found = [_open(row, this_key) for row in rows if row.session_key in alive]
    return sorted(found, key=lambda each: not each.this_one)


def end_session(request: HttpRequest, account: Account, number: int) -> bool:
    """Ends one of its sessions; False where it has no such session."""
    return _end(request, account, list(OpenSession.objects.filter(account=account, pk=number))) == 1


def end_other_sessions(request: HttpRequest, account: Account) -> int:
    """Ends all but the one that asks; how many they were."""
    others = OpenSession.objects.filter(account=account).exclude(session_key=request.session.session_key)
    return _end(request, account, list(others))


def end_all_sessions(request: HttpRequest, account: Account) -> int:
    """Ends every session of an account: for an administrator who closes it, or whom its owner called."""
    return _end(request, account, list(OpenSession.objects.filter(account=account)))


@transaction.atomic
def _end(request: HttpRequest, account: Account, rows: list[OpenSession]) -> int:
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    OpenSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for _ in rows:
        note(request, SignIn.What.ENDED, account)
    return len(rows)


def _page(rows: QuerySet[SignIn], what: str, before: int | None, size: int) -> Page:
    rows = rows.select_related("account").order_by("-id")
    if what in SignIn.What.values:
        rows = rows.filter(what=what)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: size + 1])
    return Page([_line(row) for row in found[:size]], found[size - 1].pk if len(found) > size else None)


def _line(row: SignIn) -> Line:
    browser, system = browser_and_system(row.browser)
    who, email = (row.account.name, row.account.email) if row.account else (row.named, "")
    how = tuple(row.how.split())
    return Line(row.pk, row.at, row.what, how, row.address or "", browser, system, row.account_id, who, email)


def _open(row: OpenSession, this_key: str | None) -> Open:
    browser, system = browser_and_system(row.browser)
    this_one = row.session_key == this_key
    how = tuple(row.how.split())
    return Open(row.pk, row.started_at, row.seen_at, how, row.address or "", browser, system, this_one)
