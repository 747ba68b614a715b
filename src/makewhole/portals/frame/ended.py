"""What a form gets that met an ended session, or came with an old token: the typing is kept, and the reader led back.

Start at `to_sign_in`. Who was here is known from people/who_was_here.py; nothing is kept for somebody unknown.
"""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from makewhole.people import kept_typing, who_was_here
from makewhole.portals.account.typed_words import shown

TYPING = "/account/typing"


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Of a page for people who are signed in: to the sign-in, and back. A form is kept for whoever was here."""
    if request.method in ("GET", "HEAD"):
        return _led(request, redirect_to_login(request.get_full_path())["Location"])
    if kept_typing.keep_for_account(request, who_was_here.account_of(request)):
        return _led(request, redirect_to_login(TYPING)["Location"])
    messages.warning(request, _("You were signed out before this could be sent. Nothing was sent."))
    return _led(request, redirect_to_login(_page_of(request))["Location"])


def to_new_link(request: HttpRequest, reference: str, *, claim_id: UUID | None, known_as: str) -> HttpResponse:
    """Of an act on a claim by who had come by a link: to a new link, and the typing waits for it."""
    if claim_id is not None:
        kept_typing.keep_for_guest(request, claim_id, known_as)
    return _led(request, f"/new-link?{urlencode({'claim': reference})}")


@never_cache
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is no longer good: most often one that was open while its reader signed in anew elsewhere.
    What was typed is shown at once, to be sent with a good token; never where the form came from another site."""
    if request.method == "POST" and _from_here(request) and not _of_signing_in(request):
        typed = kept_typing.typed_in(request)
        if typed is not None:
            return render(request, "account/typing.html", {"typed": shown(request, typed), "old": True}, status=403)
    again = request.path if _of_signing_in(request) and _from_here(request) else "/"
    return render(request, "403_csrf.html", {"again": again}, status=403)


def _led(request: HttpRequest, address: str) -> HttpResponse:
    """By a redirect, or, where htmx asked for a part of a page, as a whole page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _page_of(request: HttpRequest) -> str:
    """The page that the form stood on, where it is one of ours."""
    told = urlsplit(request.headers.get("Referer", ""))
    ours = told.netloc == request.get_host()
    return f"{told.path}?{told.query}" if ours and told.query else told.path if ours else "/"


def _from_here(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return bool(origin) and urlsplit(origin).netloc == request.get_host()


def _of_signing_in(request: HttpRequest) -> bool:
    return request.path.startswith((settings.LOGIN_URL, "/sign-out", "/account/", "/new-link", "/appearance"))
