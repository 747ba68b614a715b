"""The second step of signing in, stricter than allauth's: a code counts once for as long as it could be used."""

from __future__ import annotations

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from django.core.cache import cache


class SecondFactorForm(AuthenticateForm):
    def clean_code(self) -> str:
        code = super().clean_code()
        # With a tolerance of a step to either side a code is good for three steps; allauth remembers one.
        good_for = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
        key = f"makewhole.code_used:{self.user.pk}:{''.join(code.split())}"
        if self.authenticator.type == Authenticator.Type.TOTP and not cache.add(key, 1, timeout=good_for):
            raise get_adapter().validation_error("incorrect_code")
        return str(code)
