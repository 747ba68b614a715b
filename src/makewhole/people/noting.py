"""What is written into the sign-in log, and when: as Django and allauth tell of it. Start at `listen`.

Each sign-in also opens a row of its session, so that its owner finds it among "your sign-ins"; and allauth's table of
addresses follows each account's own address, which counts as verified: an administrator answers for it.
"""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa import signals as factor_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_save
from django.http import HttpRequest
from django.utils import timezone

from makewhole.people import kept_typing
from makewhole.people.models import Account, OpenSession, SignIn
from makewhole.people.who_was_here import forget

BROWSER_LETTERS = 200
_FACTORS = {"webauthn": "passkey", "totp": "totp", "recovery_codes": "recovery_code"}
_METHODS = {"password": "password", "code": "mail_code", "socialaccount": "oidc", "password_reset": "password"}


def listen() -> None:
    """Once, when the application starts."""
    post_save.connect(_address_follows, sender=Account)
    user_logged_in.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    account_signals.password_changed.connect(_password_changed)
    account_signals.password_set.connect(_password_changed)
    account_signals.password_reset.connect(_password_changed)
    account_signals.login_code_rejected.connect(_code_rejected)
    factor_signals.authenticator_added.connect(_factor_added)
    factor_signals.authenticator_removed.connect(_factor_removed)
    factor_signals.authenticator_reset.connect(_codes_made)
    factor_signals.authentication_failed.connect(_factor_failed)


def note(request: HttpRequest, what: SignIn.What, account: Account | None, *, how: str = "", named: str = "") -> SignIn:
    """One line of the log."""
    return SignIn.objects.create(
        at=timezone.now(), account=account, what=what, how=how[:60], named=named, **where(request)
    )


def note_failure(request: HttpRequest, how: str, *, email: str = "") -> None:
    """Somebody tried and was not let in."""
    account = Account.objects.filter(email=email.lower()).first() if email else None
    note(request, SignIn.What.FAILED, account, how=how, named="" if account else masked(email))


def masked(email: str) -> str:
    """Enough of an unknown address to see a pattern. People type passwords into the wrong field: never all of it."""
    name, at, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"[:254] if at and name and "." in domain else ""


def where(request: HttpRequest) -> dict[str, Any]:
    """The address and the browser of whoever asks, as far as they are known."""
    agent = request.META.get("HTTP_USER_AGENT", "").replace("\x00", "")
    return {"address": get_client_ip(request), "browser": agent[:BROWSER_LETTERS]}


def how_shown(request: HttpRequest, account: Account) -> str:
    """By what this session showed who it is, in the order in which it did."""
    records = [each for each in get_authentication_records(request, account) if not each.get("reauthenticated")]
    named = [
        _FACTORS.get(each.get("type", ""), "") if each["method"] == "mfa" else _METHODS.get(each["method"], "")
        for each in records
    ]
    return " ".join(dict.fromkeys(filter(None, named)))


def _address_follows(instance: Account, raw: bool = False, **_told: Any) -> None:
    if not raw:
        told = {"email": instance.email.lower(), "verified": True}
        EmailAddress.objects.update_or_create(user=instance, primary=True, defaults=told)


def _signed_in(request: HttpRequest, user: Any, **_told: Any) -> None:
    if not isinstance(user, Account):
        return
    how = how_shown(request, user)
    note(request, SignIn.What.SIGNED_IN, user, how=how)
    kept_typing.settle(request, user)
    key = request.session.session_key
    if key:
        told = {"account": user, "how": how, "started_at": timezone.now(), "seen_at": timezone.now(), **where(request)}
        OpenSession.objects.update_or_create(session_key=key, defaults=told)


def _signed_out(request: HttpRequest, user: Any, **_told: Any) -> None:
    if isinstance(user, Account):
        forget(request)
        note(request, SignIn.What.SIGNED_OUT, user)
        OpenSession.objects.filter(session_key=request.session.session_key).delete()


def _password_changed(request: HttpRequest, user: Account, **_told: Any) -> None:
    """Django ends the other sessions, whose hash no longer fits; their rows go too."""
    note(request, SignIn.What.PASSWORD_CHANGED, user)
    others = OpenSession.objects.filter(account=user)
    if request.user == user:
        # update_session_auth_hash() gave this session another key.
        others = others.exclude(session_key=_moved(request, user))
    others.delete()


def _moved(request: HttpRequest, user: Account) -> str | None:
    key = request.session.session_key
    if key and not OpenSession.objects.filter(session_key=key).exists():
        told = {"account": user, "how": how_shown(request, user), "started_at": timezone.now(), **where(request)}
        OpenSession.objects.create(session_key=key, seen_at=timezone.now(), **told)
    return key


def _code_rejected(request: HttpRequest, user: Account, **_told: Any) -> None:
    note(request, SignIn.What.FAILED, user, how="mail_code")


def _factor_added(request: HttpRequest, user: Account, authenticator: Authenticator, **_told: Any) -> None:
    note(request, SignIn.What.FACTOR_ADDED, user, how=_FACTORS.get(authenticator.type, ""))


def _factor_removed(request: HttpRequest, user: Account, authenticator: Authenticator, **_told: Any) -> None:
    note(request, SignIn.What.FACTOR_REMOVED, user, how=_FACTORS.get(authenticator.type, ""))


def _codes_made(request: HttpRequest, user: Account, **_told: Any) -> None:
    note(request, SignIn.What.CODES_MADE, user, how="recovery_code")


def _factor_failed(request: HttpRequest, user: Account, authenticator: Authenticator, **_told: Any) -> None:
    note(request, SignIn.What.FAILED, user, how=_FACTORS.get(authenticator.type, ""))
