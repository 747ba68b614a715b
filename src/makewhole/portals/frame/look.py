"""How pages look to this reader: the language and the colours, kept in the browser. Start at `appearance`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

THEMES = ("light", "dark")
_COOKIE = "theme"
_YEAR = 365 * 24 * 60 * 60


def look(request: HttpRequest) -> dict[str, Any]:
    """Of every page: the colours asked for ("" is what the device prefers), and the languages there are."""
    theme = request.COOKIES.get(_COOKIE, "")
    return {"theme": theme if theme in THEMES else "", "languages": settings.LANGUAGES}


@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Keeps the language and the colours that were chosen, and goes back to where the reader was."""
    back = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = redirect(back if ours and back.startswith("/") else "/")
    language, theme = request.POST.get("language", ""), request.POST.get("theme", "")
    if language in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    if theme in THEMES:
        _keep(response, _COOKIE, theme)
    else:
        response.delete_cookie(_COOKIE, samesite="Lax")
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
    )
