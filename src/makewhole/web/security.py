"""Headers on every answer that tell a browser to run our own code and nobody else's; and what no address may hold."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

# 'self' without 'unsafe-inline': a script or style that somebody smuggles into a claim's text stays text.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",  # small pictures inside the style sheet; a photo before it is sent
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
PERMISSIONS_POLICY = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"  # a claimant takes a photo


def headers(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware. A view that must differ sets the header itself, and then keeps its own."""

    def with_headers(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("X-Frame-Options", "DENY")
        return response

    return with_headers


def without_nul(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware. PostgreSQL keeps no NUL in a text, so an address with one names nothing that there is. The API's
    parameters and all forms refuse it by themselves, with a sentence."""

    def answered(request: HttpRequest) -> HttpResponse:
        asks_a_page = not request.path.startswith("/api/")
        if asks_a_page and ("\0" in request.path or "%00" in request.META.get("QUERY_STRING", "")):
            raise Http404
        return answer(request)

    return answered
