"""Who was signed in with this browser last: kept beside the session, and longer than it.

A session that has ended says nothing of whose it was. Typing that met its end (kept_typing.py) must come back to the
same person and nobody else, so a signed cookie of its own remembers the account, and the claims that a link opened.
It lets nobody in. Signing out clears it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from makewhole.people import kept_typing
from makewhole.people.models import OpenSession

COOKIE = "was_here"
LET_IN = "claims_let_in"  # in the session: the claims that a link opened
KEPT_FOR = timedelta(days=30)
LOOK_EVERY = timedelta(minutes=5)
MOST_CLAIMS = 10
_FORGET = "_who_was_here_forgotten"
_SALT = "makewhole.who_was_here"
_ACCOUNT, _CLAIMS = "account", "claims"
_SEEN = "seen"  # the second at which the row of the session was last brought up to date


def remembered(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: sets the cookie with the answer, and notes now and then that a session is still in use."""

    def remembers(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if request.method == "POST" and response.status_code in (302, 303):
            kept_typing.sent(request)
        if request.session.accessed:
            _settle(request, response)
        return response

    return remembers


def account_of(request: HttpRequest) -> int | None:
    """The account that was signed in here last, if it did not sign out."""
    account = _read(request).get(_ACCOUNT)
    return account if isinstance(account, int) else None


def parties(request: HttpRequest) -> dict[str, str]:
    """By claim (its id in hex), as whom a link let this browser in ("claimant:<id>")."""
    told = _read(request).get(_CLAIMS, {})
    return {str(claim): str(known_as) for claim, known_as in told.items()} if isinstance(told, dict) else {}


def forget(request: HttpRequest) -> None:
    """Whoever signs out leaves nothing behind."""
    setattr(request, _FORGET, True)


def _settle(request: HttpRequest, response: HttpResponse) -> None:
    told = _read(request)
    now: dict[str, Any] = {}
    account = request.session.get(SESSION_KEY)
    signed_out = getattr(request, _FORGET, False)
    if account is not None:
        now |= {_ACCOUNT: int(account), _SEEN: _seen(request, told)}
    elif _ACCOUNT in told and not signed_out:
        now[_ACCOUNT] = told[_ACCOUNT]
    claims = {**told.get(_CLAIMS, {}), **request.session.get(LET_IN, {})}
    if claims and not signed_out:
        now[_CLAIMS] = dict(list(claims.items())[-MOST_CLAIMS:])
    if now == told:
        return
    if not now:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    response.set_cookie(
        COOKIE, signing.dumps(now, salt=_SALT), max_age=int(KEPT_FOR.total_seconds()), httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        told = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return {}
    return told if isinstance(told, dict) else {}


def _seen(request: HttpRequest, told: dict[str, Any]) -> int:
    """Notes now and then that the session is in use: here, since writing it into the session would prolong that."""
    now, before = timezone.now(), told.get(_SEEN, 0)
    if told.get(_ACCOUNT) == int(request.session[SESSION_KEY]) and 0 <= now.timestamp() - before < LOOK_EVERY.seconds:
        return int(before)
    OpenSession.objects.filter(session_key=request.session.session_key).update(seen_at=now)
    return int(now.timestamp())
