"""Who must have a second factor: a passkey, or a phone that computes codes. Start at `set_up_first`.

Which roles, and whether at all, are settings (SECOND_FACTOR, SECOND_FACTOR_ROLES). Whoever must and has none is led
to the page that sets one up, and can do nothing else until it did.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode

from makewhole.people.models import Account, RoleAssignment

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SET_UP = "/account/second-factor"
# What one needs on the way there, and to leave.
OPEN_TO_ALL = (
    SET_UP, "/account/confirm", "/account/password", "/sign-out", "/appearance", "/static/", "/healthz", "/api/",
)  # fmt: skip
LOOK_EVERY = timedelta(minutes=5)
_HAS_ONE, _ASKED_AT = "second_factor", "second_factor_asked_at"


def set_up_first(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, after the one that knows who asks."""

    def sets_up_first(request: HttpRequest) -> HttpResponse:
        if settings.SECOND_FACTOR != "required" or request.path.startswith(OPEN_TO_ALL) or not _to_do(request):
            return answer(request)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": SET_UP})
        there = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
        return redirect(SET_UP + there)

    return sets_up_first


def must_have_one(account: Account) -> bool:
    """Whether one of its roles needs a second factor here."""
    if settings.SECOND_FACTOR != "required":
        return False
    return RoleAssignment.objects.filter(account=account, role__in=settings.SECOND_FACTOR_ROLES).exists()


def has_one(account: Account) -> bool:
    return Authenticator.objects.filter(user_id=account.pk, type__in=FACTORS).exists()


def is_last_and_needed(authenticator: Authenticator) -> bool:
    """Whether removing it would leave somebody without, whose role needs one."""
    if authenticator.type not in FACTORS or not must_have_one(authenticator.user):
        return False
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
    return not others.exclude(pk=authenticator.pk).exists()


def _to_do(request: HttpRequest) -> bool:
    """Asked of the database once in five minutes for those who need none, and never again of those who have one."""
    session = request.session
    if SESSION_KEY not in session or session.get(_HAS_ONE):
        return False
    now = int(timezone.now().timestamp())
    if now - session.get(_ASKED_AT, 0) < LOOK_EVERY.total_seconds():
        return False
    account = request.user
    if not isinstance(account, Account):
        return False
    if has_one(account) or _provider_asked(request, account):
        session[_HAS_ONE] = True
    elif not must_have_one(account):
        session[_ASKED_AT] = now
    else:
        return True
    return False


def _provider_asked(request: HttpRequest, account: Account) -> bool:
    """Where the organisation's provider asks for a second factor itself, having come by it is enough."""
    came_by = {record.get("method") for record in get_authentication_records(request, account)}
    return settings.OIDC_IS_SECOND_FACTOR and "socialaccount" in came_by


def take_away(request: HttpRequest, account: Account) -> int:
    """An administrator takes every second factor from an account whose owner lost them; how many they were. Its
    sessions end, the owner is told by mail, the log keeps it, and where its role needs one, the next sign-in asks for
    a new one."""
    from makewhole.people.sign_ins import end_all_sessions  # which leads here itself

    found = list(Authenticator.objects.filter(user_id=account.pk))
    for authenticator in found:
        authenticator.delete()
        authenticator_removed.send(sender=Authenticator, request=request, user=account, authenticator=authenticator)
    if found:
        end_all_sessions(request, account)
        get_adapter(request).send_notification_mail("mfa/email/factors_taken_away", account)
    return len(found)
