"""Who calls: the bearer token of each request, the role it acts in, and the scope that an endpoint asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from makewhole.api.v1.problems import Problem
from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.refusal import Refused
from makewhole.people import access
from makewhole.people.access import Caller
from makewhole.store.evidence import LARGEST_BYTES

# A file, and the few fields and separators around it.
LARGEST_UPLOAD = LARGEST_BYTES + 64 * 1024


class Token(HttpBearer):
    """What an endpoint asks of the token: one scope. Gives the Caller, found in `request.auth`."""

    def __init__(self, scope: str, *, upload: bool = False) -> None:
        super().__init__()
        self.scope = scope
        self.upload = upload

    def __call__(self, request: HttpRequest) -> Caller:
        _refuse_large(request, upload=self.upload)
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Problem("token_missing")
        return self.authenticate(request, token.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        caller = access.admit(token, role=request.headers.get("Makewhole-Role", "").strip(), now=now())
        if self.scope not in caller.scopes:
            raise Problem("scope_missing", scope=self.scope)
        return caller


def now() -> datetime:
    """The instant of a request: the one place where the API reads the clock."""
    return timezone.now()


def by(request: HttpRequest) -> Actor:
    """Who asks."""
    return cast(Caller, cast(Any, request).auth).actor  # Any: ninja adds `auth` to the request


def role_in(request: HttpRequest, roles: frozenset[RoleName], act: str) -> Actor:
    """Who asks, where what is asked is no act on a claim (those have their roles in the rules)."""
    actor = by(request)
    if actor.role not in roles:
        raise Refused("role_may_not", role=actor.role, act=act)
    return actor


def _refuse_large(request: HttpRequest, *, upload: bool) -> None:
    """Before a byte of it is read. Without a length there is no body: the server has put chunks together."""
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    limit = LARGEST_UPLOAD if upload else int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
    if size > limit:
        raise Problem("body_too_large", size_bytes=size, limit_bytes=limit)
