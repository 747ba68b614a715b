"""How allauth signs people in here. What differs from its own ways, and why:

* Nobody signs up. An administrator makes accounts and answers for their addresses, so an address counts as verified
  from the start (`people/noting.py` keeps allauth's table of addresses in step), and no provider makes an account.
* A provider's e-mail counts where the provider says, in so many words, that it verified it.
* Mail that cannot leave is logged; it ends no sign-in.
"""

from __future__ import annotations

import logging
import smtplib
import time
from typing import Any
from urllib.parse import quote

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makewhole.people import second_factor
from makewhole.people.models import Account
from makewhole.people.noting import note_failure
from makewhole.people.sealing import opened, sealed

logger = logging.getLogger(__name__)

_TOTP_SECRETS = "second factors"


def name_of(account: Account) -> str:
    return account.name


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("The e-mail and the password do not fit together."),
        "too_many_login_attempts": gettext_lazy(
            "Too many attempts. Wait five minutes, or have a new password sent to you."
        ),
        "incorrect_code": gettext_lazy("This code is not right. Codes last a short time: take the newest."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "enter_current_password": gettext_lazy("This is not your present password."),
        "rate_limited": gettext_lazy("Too many attempts in a short time. Wait a minute, and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **given: Any) -> bool:
        """Who signed in a moment ago is not asked again."""
        if not super().is_reauthentication_required(app=app, **given):
            return False
        records = get_authentication_records(self.request, self.request.user)
        newest = max((record["at"] for record in records), default=0)
        return bool(time.time() - newest > account_settings.REAUTHENTICATION_TIMEOUT)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        note_failure(request, "password", email=str(credentials.get("email", "")))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note_failure(request, "too_many", email=str(credentials.get("email", "")))
            raise

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException) as error:
            logger.error("the mail %s could not be sent (%s)", template_prefix, type(error).__name__)
            messages.error(self.request, _("We cannot send mails at this moment. Please try again in a few minutes."))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Under the address that is set, and not under the one by which whoever asked reached us."""
        return f"{settings.PUBLIC_URL}/account/password/new/{quote(key)}"

    def send_notification_mail(self, *given: Any, **named: Any) -> None:
        try:
            super().send_notification_mail(*given, **named)
        except PermissionDenied:
            logger.error("a mail about a changed sign-in could not be written: whoever asked has no address")


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is not right. Wait for the next one, or use a recovery code."),
        "cannot_delete_authenticator": gettext_lazy(
            "Your role needs a second factor, and this is your last one. Add another first."
        ),
    }

    def encrypt(self, text: str) -> str:
        return sealed(_TOTP_SECRETS, text)

    def decrypt(self, encrypted_text: str) -> str:
        return opened(_TOTP_SECRETS, encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not second_factor.is_last_and_needed(authenticator)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey") if number == 1 else _("Passkey %(number)d") % {"number": number}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        assert isinstance(user, Account)
        return {**super().get_public_key_credential_user_entity(user), "display_name": user.name}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Makewhole"}


class OidcAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        note_failure(request, "oidc", email=next((each.email for each in sociallogin.email_addresses), ""))
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> Any:  # as allauth declares it
        # Some providers write the word "false", which is as true as any word.
        for each in sociallogin.email_addresses:
            each.verified = each.verified is True or str(each.verified).lower() == "true"
        return super().authenticate_by_email(sociallogin)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **told: Any) -> None:
        note_failure(request, "oidc")
        if told.get("exception") is not None:
            logger.warning("signing in by %s failed: %s", provider.name, type(told["exception"]).__name__)
