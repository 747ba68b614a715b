"""Signing in, and what belongs to it: most doors are allauth's, under its names."""

from __future__ import annotations

from doors.doors import ACCOUNTS, EVERYBODY, Door, Premises

SIGNED_IN = frozenset(ACCOUNTS)
NOBODYS = frozenset[str]()
REDIRECTED = frozenset({302})
NOT_THERE = frozenset({404})
TO_THE_SIGN_IN = dict.fromkeys(ACCOUNTS, "sign in")


def at(path: str) -> object:
    return lambda place: path


def _somebodys_session(place: Premises) -> str:
    """Of an account that none of those who try is."""
    from django.test import Client
    from journeys.visitors import hired

    from makewhole.people.models import OpenSession

    somebody = hired("administrator", place.shop.code)
    Client().force_login(somebody)
    return f"/account/sign-ins/{OpenSession.objects.get(account=somebody).pk}/end"


DOORS = [
    Door("account_login", EVERYBODY, at("/sign-in")),
    Door("account_logout", EVERYBODY, at("/sign-out"), opens=frozenset({200, 302})),
    Door("new-link", EVERYBODY, at("/new-link")),
    # other ways in: without an attempt under way each leads back to its beginning
    Door("account_request_login_code", EVERYBODY, at("/account/code")),
    Door("account_confirm_login_code", EVERYBODY, at("/account/code/enter"), opens=REDIRECTED),
    Door("mfa_login_webauthn", NOBODYS, at("/account/passkey"), others=TO_THE_SIGN_IN),
    Door("mfa_authenticate", SIGNED_IN, at("/account/second-step"), opens=REDIRECTED),
    Door("openid_connect_login", EVERYBODY, at("/account/oidc/work/go"), "POST", opens=NOT_THERE),
    Door("openid_connect_callback", EVERYBODY, at("/account/oidc/work/back"), opens=NOT_THERE),
    Door("socialaccount_login_cancelled", EVERYBODY, at("/account/oidc/cancelled")),
    Door("socialaccount_login_error", EVERYBODY, at("/account/oidc/failed"), opens=frozenset({401})),
    Door("socialaccount_connections", EVERYBODY, at("/account/connections"), opens=REDIRECTED),
    Door("account_signup", EVERYBODY, at("/account/new")),
    Door("account_inactive", EVERYBODY, at("/account/closed")),
    # "is it still you?": whoever has no second factor is asked for the password
    Door("account_reauthenticate", SIGNED_IN, at("/account/confirm")),
    Door("mfa_reauthenticate", SIGNED_IN, at("/account/confirm/code"), opens=REDIRECTED),
    Door("mfa_reauthenticate_webauthn", SIGNED_IN, at("/account/confirm/passkey"), opens=REDIRECTED),
    # the password
    Door("account_change_password", SIGNED_IN, at("/account/password")),
    Door("account_set_password", SIGNED_IN, at("/account/password/set"), opens=REDIRECTED),
    Door("account_reset_password", EVERYBODY, at("/account/password/forgotten")),
    Door("account_reset_password_done", EVERYBODY, at("/account/password/forgotten/sent")),
    Door("account_reset_password_from_key", EVERYBODY, at("/account/password/new/1-forged")),
    Door("account_reset_password_from_key_done", EVERYBODY, at("/account/password/new/done")),
    # a second factor, each one's own: another's passkey is tested in journeys/test_signing_in.py
    Door("mfa_index", SIGNED_IN, at("/account/second-factor")),
    Door("mfa_list_webauthn", SIGNED_IN, at("/account/second-factor")),
    Door("mfa_add_webauthn", SIGNED_IN, at("/account/second-factor/passkeys/add"), opens=REDIRECTED),
    Door("mfa_edit_webauthn", SIGNED_IN, at("/account/second-factor/passkeys/1/rename"), opens=REDIRECTED),
    Door("mfa_remove_webauthn", SIGNED_IN, at("/account/second-factor/passkeys/1/remove"), opens=REDIRECTED),
    Door("mfa_activate_totp", SIGNED_IN, at("/account/second-factor/phone"), opens=REDIRECTED),
    Door("mfa_deactivate_totp", SIGNED_IN, at("/account/second-factor/phone/remove"), opens=NOT_THERE),
    Door("mfa_view_recovery_codes", SIGNED_IN, at("/account/second-factor/codes"), opens=NOT_THERE),
    Door("mfa_generate_recovery_codes", SIGNED_IN, at("/account/second-factor/codes/new"), opens=REDIRECTED),
    # where one is signed in
    Door("sign-ins", SIGNED_IN, at("/account/sign-ins")),
    Door("end-other-sessions", SIGNED_IN, at("/account/sign-ins/end-others"), "POST", opens=REDIRECTED),
    Door("end-session", SIGNED_IN, _somebodys_session, "POST", opens=NOT_THERE, strangers=404),
    # what a session's end kept: each sees its own (journeys/test_typing_is_kept.py)
    Door("typing", EVERYBODY, at("/account/typing"), opens=REDIRECTED),
    Door("discard-typing", EVERYBODY, at("/account/typing/discard"), "POST", opens=REDIRECTED),
]  # fmt: skip
