"""The API as OpenAPI 3.1 describes it: what ninja knows of the endpoints, and what holds for all of them.

Headers, scopes and errors are alike everywhere, so they are written here once and not into each endpoint.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from ninja import NinjaAPI
from pydantic.json_schema import models_json_schema

from makewhole.api.v1 import shapes
from makewhole.api.v1.problems import STATUS
from makewhole.api.v1.tokens import Token
from makewhole.people.tokens import SCOPES

Schema = dict[str, Any]  # OpenAPI is JSON
METHODS = ("get", "put", "post")
ABOUT = """\
Claims, evidence, orders, sellers, disbursements, insurance and policies, for machines.
Send `Authorization: Bearer mwk_…`.

Amounts are `{"amount": "184.20", "currency": "USD"}`, instants are ISO 8601 in UTC, days ISO 8601.
Every error is `application/problem+json`. Give each POST a key of your own in `Idempotency-Key`: sent again, it gives
the same answer with `Idempotency-Hit: true` and changes nothing; with other content it is refused.
Lists are pages: take `next` as `cursor` of the next one, until it is null.

Scopes: """
WORDS = {
    400: "The request cannot be read.",
    401: "No token, or one that does not count.",
    403: "The token's scopes or role do not allow it.",
    404: "There is no such thing, or none that you may see.",
    409: "It was overtaken, or the key was used for other content.",
    410: "It was erased.",
    413: "Too large.",
    415: "Not a kind of file that we take.",
    422: "Understood, and not possible; `code` says why, `errors` where.",
    429: "Too many requests in this minute; see Retry-After.",
    500: "A fault of ours.",
    503: "Ask again after Retry-After; nothing was changed.",
    507: "We cannot store anything now; nothing was changed.",
}


def described(api: NinjaAPI, schema: Schema) -> Schema:
    """The finished description."""
    schema["info"]["description"] = ABOUT + "; ".join(f"`{scope}` to {says}" for scope, says in SCOPES.items()) + "."
    schema["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "Made with `makewhole token create`."}
    }
    schema["components"]["schemas"].update(_problem_schemas())
    schema["components"]["responses"] = {f"Problem{status}": _response(status) for status in WORDS}
    scopes = _scopes(api)
    for path, method, operation in _operations(schema):
        scope = scopes[operation["operationId"]]
        operation["security"] = [{"token": [scope]}]
        operation["description"] = f"{operation.get('description', '').strip()}\n\nScope: `{scope}`."
        operation.setdefault("parameters", []).extend(_headers(path, method))
        operation["responses"].update(
            {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in _errors(path, method)}
        )
    _show_bytes(schema)
    return schema


def _operations(schema: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield path, method, operation


def _scopes(api: NinjaAPI) -> dict[str, str]:
    return {
        api.get_openapi_operation_id(operation): cast(Token, operation.auth_callbacks[0]).scope
        for router in api._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
        if operation.include_in_schema
    }


def _headers(path: str, method: str) -> list[Schema]:
    role = "The role to act in, where the account has several."
    headers = [_header("Makewhole-Role", role, "[a-z_]{1,30}(:[0-9]+)?")]
    changes_nothing = path.endswith(("/policies/check", "/claim-links"))
    if method in ("post", "put") and not changes_nothing:
        headers.append(_header("Idempotency-Key", "A key of your own: one key, one effect.", "[!-~]{1,100}"))
    if "/acts/" in path:
        headers.append(_header("If-Match", "The version that you saw, as the claim's ETag.", '"[0-9]{1,9}"'))
    return headers


def _header(name: str, says: str, pattern: str) -> Schema:
    return {
        "in": "header",
        "name": name,
        "required": False,
        "description": says,
        "schema": {"type": "string", "pattern": f"^{pattern}$"},
    }


def _errors(path: str, method: str) -> list[int]:
    always = {400, 401, 403, 404, 413, 422, 429, 500, 503, 507}
    if method in ("post", "put"):
        always |= {409}
    if path.endswith("/evidence") or "/evidence/" in path:
        always |= {410, 415}
    return sorted(always)


def _response(status: int) -> Schema:
    codes = sorted(code for code, of in STATUS.items() if of == status)
    told = f" Codes: {', '.join(codes)}." if codes else ""
    return {
        "description": WORDS[status] + told,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemShape"}}},
    }


def _problem_schemas() -> Schema:
    _, told = models_json_schema([(shapes.ProblemShape, "serialization")], ref_template="#/components/schemas/{model}")
    found: Schema = told["$defs"]
    return found


def _show_bytes(schema: Schema) -> None:
    paper = next(path for path in schema["paths"] if path.endswith("/statements/{version}.pdf"))
    schema["paths"][paper]["get"]["responses"][200]["content"] = {"application/pdf": {}}
    path = next(path for path in schema["paths"] if path.endswith("/evidence/{evidence_id}"))
    schema["paths"][path]["get"]["responses"][200]["content"] = {
        kind: {} for kind in ("image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf", "text/plain")
    }
