"""The sign-in log of everybody whom an administrator looks after."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from makewhole.domain.actors import Actor
from makewhole.portals.frame import sign_in_log
from makewhole.portals.frame.who import only


@never_cache
@require_GET
@only("administrator")
def sign_ins(request: HttpRequest, by: Actor) -> HttpResponse:
    return sign_in_log.shown(request, by, "portals/admin/sign_ins.html")
