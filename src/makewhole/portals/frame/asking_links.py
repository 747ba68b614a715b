"""Asking for a link by mail, from whichever page: counted by address and by where it comes from, in the reader's
language, and the same to everybody."""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from makewhole.store import asked_links
from makewhole.store.asked_links import LinkTo


def ask_for_link(request: HttpRequest, to: LinkTo, email: str, named: str) -> bool:
    """False where this address, or whoever asks, asked too often lately: then nothing is sent, and the page says so."""
    if not ratelimit.consume(request, action="asked_link", key=email.strip().lower()):
        return False
    asked_links.ask(to, email, named, language=get_language() or "", at=timezone.now())
    return True
