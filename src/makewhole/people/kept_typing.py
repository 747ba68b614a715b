"""A form that met an ended session: what was typed is kept for whoever typed it. Start at `keep`.

Kept sealed, for half a day, and named in the session that is new by then; shown only once the same account has signed
in again in this browser, or the same party's link opened the same claim. Never kept: files, passwords, codes, and
numbers of accounts; the page that shows the rest asks for them again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.conf import settings
from django.http import HttpRequest, RawPostDataException, UnreadablePostError
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from makewhole.people.models import Account, KeptTyping
from makewhole.people.sealing import CannotOpen, opened, sealed

KEPT_FOR = timedelta(hours=12)
MOST_LETTERS = 200_000
_PURPOSE = "typing that waits"
SENT_AGAIN = "kept_typing"  # the field of a form that was kept and is sent now
_NAMED = "kept_typing"  # in the session: the row's id
# Not even sealed. A file's token names something that the ended session's owner had sent: it is sent again instead.
_SECRET = re.compile(r"pass(word|wd)|^code$|credential|secret|token|account|iban|holder|__kept$", re.IGNORECASE)
_OF_THE_FORM = frozenset({"csrfmiddlewaretoken", SENT_AGAIN})


class Typed(msgspec.Struct, frozen=True):
    """One form as it was sent: where to, every field in its order, and the names of what was not kept."""

    address: str
    came_from: str
    fields: list[tuple[str, str]]
    again: list[str]  # secret fields that had something in them
    files: list[tuple[str, str]]  # a field of files, and the name that a file had


@dataclass(frozen=True, slots=True)
class Waiting:
    """Kept typing, and when."""

    typed: Typed
    kept_at: datetime


def keep_for_account(request: HttpRequest, account_id: int | None) -> bool:
    """Keeps this POST for the account; False where nobody knows whose it is, or there is nothing to keep."""
    return account_id is not None and _keep(request, f"account:{account_id}")


def keep_for_guest(request: HttpRequest, claim_id: UUID, known_as: str) -> bool:
    """The same for who came by a link ("claimant:<id>") to this claim."""
    return bool(known_as) and _keep(request, f"claim:{claim_id.hex} {known_as}")


def waiting_for(request: HttpRequest, owners: list[str]) -> Waiting | None:
    """What waits for whoever is here now; typing of somebody else is let go, unseen."""
    row = _row(request)
    if row is None:
        return None
    if row.owner not in owners:
        if request.user.is_authenticated:
            discard(request)
        return None
    try:
        return Waiting(msgspec.json.decode(opened(_PURPOSE, row.sealed), type=Typed), row.kept_at)
    except (CannotOpen, msgspec.MsgspecError):
        discard(request)
        return None


def owner_of(account: Account) -> str:
    return f"account:{account.pk}"


def guest_of(claim_hex: str, known_as: str) -> str:
    return f"claim:{claim_hex} {known_as}"


def is_waiting(request: HttpRequest) -> bool:
    """Whether the session names something kept; asks no database."""
    return _NAMED in request.session


def sent(request: HttpRequest) -> None:
    """What was kept has been taken by the page that it was meant for."""
    if request.POST.get(SENT_AGAIN) and is_waiting(request):
        discard(request)


def settle(request: HttpRequest, account: Account) -> None:
    """Somebody signed in: typing of another account is let go at once."""
    row = _row(request)
    if row is not None and row.owner.startswith("account:") and row.owner != owner_of(account):
        discard(request)


def discard(request: HttpRequest) -> None:
    named = request.session.pop(_NAMED, None)
    if named:
        KeptTyping.objects.filter(id=named).delete()


def _keep(request: HttpRequest, owner: str) -> bool:
    now = timezone.now()
    typed = typed_in(request)
    if typed is None:
        return False
    KeptTyping.objects.filter(expires_at__lt=now).delete()
    discard(request)
    words = msgspec.json.encode(typed).decode()
    row = KeptTyping.objects.create(owner=owner, sealed=sealed(_PURPOSE, words), kept_at=now, expires_at=now + KEPT_FOR)
    request.session[_NAMED] = str(row.id)
    return True


def typed_in(request: HttpRequest) -> Typed | None:
    """What this POST says, without its secrets; None where there is nothing in it, or far too much."""
    try:
        posted, files = request.POST, request.FILES
    except (UnreadablePostError, RawPostDataException):
        return None
    sent = [(name, value) for name, values in posted.lists() for value in values if name not in _OF_THE_FORM]
    fields = [(name, value) for name, value in sent if not _SECRET.search(name)]
    if sum(len(value) for _, value in fields) > MOST_LETTERS:
        return None
    secrets = dict.fromkeys(
        name for name, value in sent if _SECRET.search(name) and value and not name.endswith("__kept")
    )
    named = [(name, str(each.name)) for name, many in files.lists() for each in many]
    if not any(value.strip() for _, value in fields) and not secrets and not named:
        return None
    return Typed(request.get_full_path(), _came_from(request), fields, list(secrets), named)


def _came_from(request: HttpRequest) -> str:
    """The page with the form, to go back to; only one of ours."""
    referer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()})
    return referer if ours and not referer.startswith(settings.LOGIN_URL) else ""


def _row(request: HttpRequest) -> KeptTyping | None:
    named = request.session.get(_NAMED)
    if not named:
        return None
    row = KeptTyping.objects.filter(id=named, expires_at__gt=timezone.now()).first()
    if row is None:
        del request.session[_NAMED]
    return row
