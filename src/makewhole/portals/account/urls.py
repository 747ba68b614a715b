"""Addresses of signing in. The names are allauth's, which finds its own pages by them; the addresses are ours, and only
those that we use are here: nobody signs up, and addresses of mails are the administrator's to change."""

from __future__ import annotations

from allauth.account import views as signing_in
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as providers
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.urls import path, re_path
from django.views.generic.base import RedirectView

from makewhole.portals.account import factors as ours
from makewhole.portals.account import new_link, provider, sign_ins_page, typing_page

urlpatterns = [
    path("sign-in", signing_in.login, name="sign-in"),
    path("sign-in", signing_in.login, name="account_login"),
    path("sign-out", signing_in.logout, name="sign-out"),
    path("sign-out", signing_in.logout, name="account_logout"),
    path("new-link", new_link.new_link, name="new-link"),
    # other ways in
    path("account/code", signing_in.request_login_code, name="account_request_login_code"),
    path("account/code/enter", signing_in.confirm_login_code, name="account_confirm_login_code"),
    path("account/passkey", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("account/second-step", factors.authenticate, name="mfa_authenticate"),
    path("account/oidc/<str:provider_id>/go", provider.go, name="openid_connect_login"),
    path("account/oidc/<str:provider_id>/back", oidc.callback, name="openid_connect_callback"),
    path("account/oidc/cancelled", providers.login_cancelled, name="socialaccount_login_cancelled"),
    path("account/oidc/failed", providers.login_error, name="socialaccount_login_error"),
    path("account/new", signing_in.signup, name="account_signup"),
    path("account/closed", signing_in.account_inactive, name="account_inactive"),
    # "is it still you?"
    path("account/confirm", signing_in.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code", factors.reauthenticate, name="mfa_reauthenticate"),
    path("account/confirm/passkey", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    # the password
    path("account/password", signing_in.password_change, name="account_change_password"),
    path("account/password/set", signing_in.password_set, name="account_set_password"),
    path("account/password/forgotten", signing_in.password_reset, name="account_reset_password"),
    path("account/password/forgotten/sent", signing_in.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)$",
        signing_in.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/new/done",
        signing_in.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # passkeys, codes from a phone, recovery codes
    path("account/second-factor", ours.index, name="mfa_index"),
    path("account/second-factor", ours.index, name="mfa_list_webauthn"),
    path("account/second-factor/passkeys/add", ours.add_passkey, name="mfa_add_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/rename", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/remove", ours.remove_passkey, name="mfa_remove_webauthn"),
    path("account/second-factor/phone", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/phone/remove", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-factor/codes", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-factor/codes/new", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "account/connections",
        RedirectView.as_view(pattern_name="mfa_index"),
        name="socialaccount_connections",
    ),
    # where one is signed in, and was
    path("account/sign-ins", sign_ins_page.sign_ins, name="sign-ins"),
    path("account/sign-ins/end-others", sign_ins_page.end_others, name="end-other-sessions"),
    path("account/sign-ins/<int:number>/end", sign_ins_page.end, name="end-session"),
    # what was typed when a session ended
    path("account/typing", typing_page.typing, name="typing"),
    path("account/typing/discard", typing_page.discard, name="discard-typing"),
]
