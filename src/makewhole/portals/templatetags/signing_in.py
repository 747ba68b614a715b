"""For the pages of signing in: fields of allauth's forms in our look, words of the sign-in log, kept typing."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BoundField
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makewhole.people import kept_typing
from makewhole.people.models import SignIn
from makewhole.portals.frame.showing import instant as _instant

register = template.Library()

_WHAT = {
    SignIn.What.SIGNED_IN: gettext_lazy("Signed in"),
    SignIn.What.FAILED: gettext_lazy("Attempt failed"),
    SignIn.What.SIGNED_OUT: gettext_lazy("Signed out"),
    SignIn.What.ENDED: gettext_lazy("Session ended from elsewhere"),
    SignIn.What.PASSWORD_CHANGED: gettext_lazy("Password changed"),
    SignIn.What.FACTOR_ADDED: gettext_lazy("Added"),
    SignIn.What.FACTOR_REMOVED: gettext_lazy("Removed"),
    SignIn.What.CODES_MADE: gettext_lazy("New recovery codes made"),
}
_HOW = {
    "password": gettext_lazy("password"),
    "passkey": gettext_lazy("passkey"),
    "totp": gettext_lazy("code from the phone"),
    "recovery_code": gettext_lazy("recovery code"),
    "mail_code": gettext_lazy("code by mail"),
    "oidc": gettext_lazy("your organisation's sign-in"),
    "too_many": gettext_lazy("too many attempts"),
}


@register.simple_tag
def control(field: BoundField, hint: str = "", autocomplete: str = "") -> SafeString:
    """The field as one of ours: with a border, no words in it that vanish when one types, and tied to its hint."""
    attrs: dict[str, Any] = {"class": "form-control", "placeholder": False}
    if autocomplete:
        attrs["autocomplete"] = autocomplete
    about = [f"{field.auto_id}_{part}" for part, there in (("error", field.errors), ("hint", hint)) if there]
    attrs["aria-describedby"] = " ".join(about) or False
    field.help_text = ""  # allauth's own is not shown
    return field.as_widget(attrs=attrs)


@register.filter
def as_json(told: object) -> str:
    """For an attribute that a script reads; nothing runs from the page itself."""
    return json.dumps(told, cls=DjangoJSONEncoder)


@register.filter
def happened(what: str) -> str:
    return str(_WHAT.get(SignIn.What(what), what))


@register.filter
def hows(how: tuple[str, ...]) -> str:
    """By what: "password, code from the phone"."""
    return ", ".join(str(_HOW.get(each, each)) for each in how)


@register.filter
def device(row: Any) -> str:  # a line of the log, or an open session
    """ "Firefox on Linux"."""
    if row.browser and row.system:
        return _("%(browser)s on %(system)s") % {"browser": row.browser, "system": row.system}
    return row.browser or row.system or _("a browser that we do not know")


@register.filter
def utc(at: Any) -> str:  # an instant
    """No claim, and so no marketplace, says whose day it is."""
    return _instant(at, "UTC")


@register.simple_tag(takes_context=True)
def typing_waits(context: dict[str, Any]) -> bool:
    """Whether this browser has something that a session's end kept from being sent."""
    request = context.get("request")
    return isinstance(request, HttpRequest) and hasattr(request, "session") and kept_typing.is_waiting(request)


@register.simple_tag
def public_address(path: str) -> str:
    """For a mail: the whole address of one of our pages."""
    return f"{settings.PUBLIC_URL}{path}"
