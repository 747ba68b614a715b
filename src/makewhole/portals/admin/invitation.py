"""Where somebody who was invited chooses a password. The link works once, for some days; it opens nothing by itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from makewhole.people.invitations import invited
from makewhole.people.models import Account


def _password(label: Any, **more: Any) -> forms.CharField:
    attrs = {"class": "form-control", "autocomplete": "new-password"}
    return forms.CharField(label=label, strip=False, max_length=1000, widget=forms.PasswordInput(attrs=attrs), **more)


class NewPassword(forms.Form):
    password = _password(gettext_lazy("Password"))
    again = _password(gettext_lazy("The same again"))

    def __init__(self, account: Account, data: Any = None) -> None:
        super().__init__(data, auto_id="new_%s", label_suffix="")
        self._account = account

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        password, again = told.get("password", ""), told.get("again", "")
        if password and again and password != again:
            self.add_error("again", _("The two are not the same."))
        elif password:
            try:
                validate_password(password, self._account)
            except ValidationError as error:
                self.add_error("password", error)
        return told


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Choosing the first password of an account; then its owner signs in as ever."""
    account = invited(number, token)
    if account is None:
        return render(request, "portals/admin/invitation_over.html", status=404)
    form = NewPassword(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        account.set_password(form.cleaned_data["password"])
        account.save(update_fields=["password"])
        messages.success(request, _("Your password is set. Sign in with it."))
        return redirect("sign-in")
    told = {"account": account, "form": form, "rules": password_validators_help_texts()}
    return render(request, "portals/admin/invitation.html", told, status=422 if request.method == "POST" else 200)
