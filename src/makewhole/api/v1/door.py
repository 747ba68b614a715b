"""The API as one thing: its endpoints, its parser, its errors, its description, and an index for people."""

from __future__ import annotations

import functools
from collections.abc import Callable
from html import escape
from typing import Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from makewhole.api.v1 import (
    acts,
    acts_recovery,
    acts_tender,
    claims,
    contacts,
    disbursements,
    evidence,
    insurance,
    market,
    policies,
    recoveries,
    standing,
    statements,
    webhooks,
)
from makewhole.api.v1.answers import answer
from makewhole.api.v1.description import Schema, described
from makewhole.api.v1.problems import Problem, handler, problem
from makewhole.domain.chain import fingerprint
from makewhole.store import checkpoints

ROUTERS = (
    claims.router,
    acts.router,
    acts_tender.router,
    acts_recovery.router,
    evidence.router,
    market.router,
    disbursements.router,
    recoveries.router,
    insurance.router,
    standing.router,
    statements.router,
    policies.router,
    contacts.router,
    webhooks.router,
)
View = Callable[..., HttpResponse]


class StrictParser(Parser):
    """JSON as its standard says: no NaN, no Infinity, no lone halves of signs, and UTF-8."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            return msgspec.json.decode(request.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
            raise Problem("not_json", why=str(wrong)) from None


class Api(NinjaAPI):
    """Everything under /api/v1. Also what ninja itself refuses is told as a problem."""

    def __init__(self, **given: Any) -> None:  # what NinjaAPI takes
        super().__init__(docs_url=None, openapi_url=None, parser=StrictParser(), **given)
        for expected in (Exception, ValidationError, HttpError, Http404):  # ninja has its own for the last three
            self.add_exception_handler(expected, handler)
        for router in ROUTERS:
            self.add_router("", router)
        self.add_router("", _beside(self))

    def get_openapi_schema(self, **given: Any) -> Any:  # as NinjaAPI's
        return described(self, super().get_openapi_schema(**given))

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        found = super()._get_urls()
        for pattern in found:
            if isinstance(pattern, URLPattern):
                pattern.callback = _told_as_problem(pattern.callback)
        return found


def _told_as_problem(view: View) -> View:
    """What happens before an endpoint is found, or outside of ninja's own care, looks like everything else."""

    @functools.wraps(view)
    def told(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        try:
            response = view(request, *args, **given)
        except Exception as error:
            return problem(error)
        if response.status_code == 405:
            allowed = response.headers.get("Allow", "")
            return problem(
                Problem("method_not_allowed", headers={"Allow": allowed}, method=request.method, allowed=allowed)
            )
        return response

    return told


def _beside(api: Api) -> Router:
    """What is no endpoint of the API: its description, an index for people, the key that checkpoints are signed by, and
    everything else (404)."""
    router = Router()

    @router.get("/openapi.json", auth=None, include_in_schema=False)
    def openapi(request: HttpRequest) -> HttpResponse:
        return answer(_schema(api), headers={"Cache-Control": "public, max-age=300"})

    @router.get("/checkpoint-key", auth=None, include_in_schema=False)
    def checkpoint_key(request: HttpRequest) -> HttpResponse:
        """For whoever checks an exported claim: open to everybody, like the rules."""
        keys = [
            {
                "public_key": key.public_key.hex(),
                "fingerprint": fingerprint(key.public_key),
                "first_checkpoint_at": key.first_at,
                "last_checkpoint_at": key.last_at,
            }
            for key in checkpoints.published_keys()
        ]
        return answer({"algorithm": "Ed25519", **keys[0], "earlier": keys[1:]})

    @router.get("/", auth=None, include_in_schema=False)
    def index(request: HttpRequest) -> HttpResponse:
        return HttpResponse(_index(_schema(api)))

    @router.api_operation(
        ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"], "/{path:rest}", auth=None, include_in_schema=False
    )
    def nothing(request: HttpRequest, rest: str) -> HttpResponse:
        raise Problem("no_such_address")

    return router


@functools.cache
def _schema(api: Api) -> Schema:
    found: Schema = api.get_openapi_schema(path_prefix="/api/v1/")
    return found


def _index(schema: Schema) -> str:
    """A plain list, without a script: our pages load nothing from elsewhere."""
    rows = "\n".join(
        f"<tr><td>{method.upper()}</td><td><code>{escape(path)}</code></td><td>{escape(operation['summary'])}</td>"
        f"<td><code>{escape(operation['security'][0]['token'][0])}</code></td></tr>"
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    )
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Makewhole API v1</title>"
        "<main><h1>Makewhole API v1</h1>"
        '<p>The whole of it for machines: <a href="/api/v1/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>'
        "<table><thead><tr><th>Method<th>Address<th>What it does<th>Scope</thead><tbody>"
        f"{rows}</tbody></table></main></html>"
    )
