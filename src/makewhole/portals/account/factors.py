"""Passkeys, codes from a phone and recovery codes: allauth's steps, where ours differ.

A passkey here always signs in alone, so it is always made with the device's own check of who holds it.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from makewhole.people import second_factor
from makewhole.people.adapters import SecondFactorAdapter
from makewhole.people.models import Account


class _Index(IndexView):
    """All of them on one page."""

    def get_context_data(self, **given: Any) -> dict[str, Any]:  # as Django's views have it
        account = self.request.user
        assert isinstance(account, Account)
        found: dict[str, Any] = super().get_context_data(**given)
        needed = second_factor.must_have_one(account) and not second_factor.has_one(account)
        return found | {"needed": needed, "has_password": account.has_usable_password()}


class _AddPasskey(AddWebAuthnView):
    def get_context_data(self, **given: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**given)
        return found | {"options": auth.begin_registration(self.request.user, True)}


class _RemovePasskey(RemoveWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        authenticator: Authenticator = self.get_object()
        if second_factor.is_last_and_needed(authenticator):
            told = SecondFactorAdapter.error_messages["cannot_delete_authenticator"]
            messages.error(self.request, str(told))
            return redirect("mfa_index")
        answer: HttpResponse = super().form_valid(form)
        return answer


index = method_decorator(never_cache, name="dispatch")(_Index).as_view()
add_passkey = method_decorator(never_cache, name="dispatch")(_AddPasskey).as_view()
remove_passkey = _RemovePasskey.as_view()
