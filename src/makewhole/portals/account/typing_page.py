"""What was typed when a session ended: shown to whoever typed it, to be sent with one press, or thrown away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from makewhole.people import kept_typing
from makewhole.people.models import Account
from makewhole.portals.account.typed_words import shown
from makewhole.portals.frame.who import guests_let_in


@never_cache
@require_GET
def typing(request: HttpRequest) -> HttpResponse:
    waiting = kept_typing.waiting_for(request, owners(request))
    if waiting is None:
        messages.info(request, _("Nothing of yours waits to be sent."))
        return redirect("home")
    context = {"typed": shown(request, waiting.typed), "kept_at": waiting.kept_at, "old": False}
    return render(request, "account/typing.html", context)


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    kept_typing.discard(request)
    messages.success(request, _("What you had typed is thrown away. Nothing was sent."))
    return redirect("home")


def owners(request: HttpRequest) -> list[str]:
    """Everybody that this browser is now: its account, and each party that a link let in."""
    account = [kept_typing.owner_of(request.user)] if isinstance(request.user, Account) else []
    return account + [kept_typing.guest_of(claim, known_as) for claim, known_as in guests_let_in(request).items()]
