"""The key that checkpoints and exported claims are signed by, and the newest checkpoints. Open to everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from makewhole.domain.chain import fingerprint
from makewhole.store import checkpoints as signed
from makewhole.store.models import Checkpoint

SHOWN = 48  # two days


@require_GET
def checkpoints(request: HttpRequest) -> HttpResponse:
    """What somebody needs who checks a claim's file away from here."""
    keys = [(key, key.public_key.hex(), fingerprint(key.public_key)) for key in signed.published_keys()]
    newest = Checkpoint.objects.order_by("-seq").only("seq", "at", "digest")[:SHOWN]
    rows = [(each.seq, each.at, bytes(each.digest).hex()) for each in newest]
    return render(request, "portals/checkpoints.html", {"keys": keys, "rows": rows})
