"""A request that is too large for a form is answered with a page that says so, before anything reads it.

Middleware, in front of whatever looks into a form. The API has a limit and an answer of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LARGEST_BYTES = 100 * 1024 * 1024  # some phone photos at once; one alone has a limit of its own (store/evidence.py)
# A browser shows no answer to a body that nobody took off the wire: up to here it is read and let go.
_READ_BYTES = 4 * LARGEST_BYTES
_PIECE = 1024 * 1024


def bounded(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def with_limit(request: HttpRequest) -> HttpResponse:
        size = _size(request)
        if size <= LARGEST_BYTES or request.path.startswith("/api/"):
            return answer(request)
        _let_go(request, min(size, _READ_BYTES))
        return _too_large(request, size)

    return with_limit


def _size(request: HttpRequest) -> int:
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if told.isdecimal() else 0


def _let_go(request: HttpRequest, size: int) -> None:
    left = size
    while left > 0:
        piece = request.read(min(_PIECE, left))
        if not piece:
            break
        left -= len(piece)


def _too_large(request: HttpRequest, size: int) -> HttpResponse:
    context = {
        "size": -(-size // 1024**2),
        "most": LARGEST_BYTES // 1024**2,
        "back": request.path if request.path.startswith("/filing/") else "",
    }
    return render(request, "portals/too_large.html", context, status=413)
