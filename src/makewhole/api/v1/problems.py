"""What went wrong, as RFC 9457 tells it: application/problem+json, for every answer that is not what was asked for.

Start at problem(). A rule's refusal keeps its code; `type` is /problems/<code>, and stays. `detail` is the sentence
for people, `facts` its figures, `errors` every faulty field at once with where it stands.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Sequence
from typing import Any, cast

from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja.errors import HttpError, ValidationError
from pydantic_core import ErrorDetails

from makewhole.api.v1.answers import as_json
from makewhole.domain.refusal import Refused
from makewhole.domain.sentences import SENTENCES, facts_told
from makewhole.handle import RACES
from makewhole.people.access import TooMany

logger = logging.getLogger(__name__)

WAIT_SECONDS = 5  # how soon to ask again where the database does not answer

# What only a machine at the API can get wrong; the rules' own sentences stand in domain/sentences.py.
SENTENCES_OF_THE_API: dict[str, str] = {
    "token_missing": "Send your token in the header Authorization: Bearer mwk_….",
    "token_revoked": "This token was revoked.",
    "token_expired": "This token has expired.",
    "account_closed": "The account of this token is closed.",
    "scope_missing": "This needs the scope {scope}, which the token does not have.",
    "too_many_requests": "This token may ask {limit} times a minute. Ask again in {wait_seconds} seconds.",
    "request_not_valid": "{count} of the fields cannot be used; see errors.",
    "not_json": "The body is not JSON: {why}.",
    "not_multipart": "Send the file as multipart/form-data.",
    "body_too_large": "The body has {size_bytes} bytes; at most {limit_bytes} can be sent.",
    "version_not_usable": 'If-Match takes the ETag of a claim, such as "7".',
    "cursor_not_usable": "This cursor is none of ours. Take it from “next” of the page before.",
    "other_currency": "The amounts here are in {currency}; {given} cannot be used.",
    "no_such_address": "There is nothing at this address.",
    "method_not_allowed": "{method} is not for this address. There is: {allowed}.",
    "unknown_order": "We do not find this order.",
    "unknown_policy": "There is no policy “{policy}”.",
    "unknown_assignee": "“{to}” is nobody who may work on this claim. Name a person like person:12.",
    "which_marketplace": "Say which marketplace: {known}.",
    "rows_unreadable": "{why}",
    "policy_faulty": "The policy has {count} faults; see errors.",
    "insurers_of_others": "All marketplaces share the insurers: an administrator of all of them sends them.",
    "written_at_the_same_time": "Others wrote at the same time. Nothing was changed; please ask again.",
    "database_away": "We cannot reach our database at this moment. Nothing was changed; please ask again.",
    "disk_full": "We cannot store anything at this moment. Nothing was changed; please ask again later.",
    "fault_of_ours": "Something went wrong on our side, and we have a note of it.",
}

# Everything else that the rules refuse is 422: understood, and not possible.
STATUS: dict[str, int] = {
    **dict.fromkeys(("not_json", "key_not_usable", "version_not_usable", "cursor_not_usable", "which_role",
                    "which_party"), 400),
    **dict.fromkeys(("token_missing", "token_unknown", "token_revoked", "token_expired", "account_closed"), 401),
    **dict.fromkeys(
        (
            "scope_missing", "no_role", "role_not_held", "role_may_not", "role_decides_nothing", "own_work",
            "payee_changer_may_not_approve", "took_part_before", "second_person_needed", "above_authority",
            "policy_of_others", "insurers_of_others", "only_a_person_may",
        ),
        403,
    ),
    **dict.fromkeys(
        ("no_such_address", "unknown_claim", "not_your_claim", "unknown_payment", "unknown_order", "unknown_seller",
         "unknown_policy", "unknown_policy_version", "unknown_dispute", "unknown_restriction",
         "unknown_party", "unknown_contact", "unknown_webhook",
         "unknown_delivery"),
        404,
    ),
    "unknown_statement": 404,
    "method_not_allowed": 405,
    **dict.fromkeys(("report_ref_used_for_other_content", "receipt_told_differently"), 409),
    **dict.fromkeys(("page_is_stale", "key_used_for_other_content", "payment_under_way", "webhook_known",
                    "webhook_removed"), 409),
    "evidence_erased": 410,
    **dict.fromkeys(("body_too_large", "evidence_too_large"), 413),
    **dict.fromkeys(("not_multipart", "evidence_type_not_allowed"), 415),
    "too_many_requests": 429,
    "fault_of_ours": 500,
    **dict.fromkeys(("written_at_the_same_time", "database_away", "pdf_checks_busy"), 503),
    **dict.fromkeys(("disk_full", "evidence_store_full"), 507),
}  # fmt: skip


class Problem(Refused):
    """A refusal of the API itself; `errors` lists each faulty part as {where, code, what}."""

    def __init__(
        self,
        code: str,
        *,
        http_status: int | None = None,
        errors: Sequence[dict[str, str]] = (),
        headers: dict[str, str] | None = None,
        **facts: object,
    ) -> None:
        super().__init__(code, **facts)
        self.http_status = http_status or status_of(code)
        self.errors = list(errors)
        self.headers = headers or {}


def problem(error: Exception) -> HttpResponse:
    """The answer to any exception that a request ended in."""
    refusal = _refusal(error)
    return _told(refusal if isinstance(refusal, Problem) else _as_problem(refusal))


def missing(refusal: Refused) -> Problem:
    """The same refusal of the very thing that the address names: 404, whatever it is elsewhere."""
    return _as_problem(refusal, 404)


def handler(request: HttpRequest, error: Any) -> HttpResponse:
    """For ninja. Any: one handler for every class of exception."""
    return problem(error)


def sentence(refusal: Refused) -> str:
    template = SENTENCES.get(refusal.code) or SENTENCES_OF_THE_API.get(refusal.code)
    assert template is not None, f"no sentence for {refusal.code}"
    return template.format(**facts_told(refusal))


def status_of(code: str) -> int:
    return STATUS.get(code, 422)


def _as_problem(refusal: Refused, http_status: int | None = None) -> Problem:
    facts = cast(dict[str, Any], refusal.facts)  # none of them has the name of one of Problem's own arguments
    return Problem(refusal.code, http_status=http_status, **facts)


def _told(refusal: Problem) -> HttpResponse:
    status = refusal.http_status
    told: dict[str, object] = {
        "type": f"/problems/{refusal.code}",
        "title": refusal.code.replace("_", " ").capitalize(),
        "status": status,
        "detail": sentence(refusal),
        "code": refusal.code,
        "facts": refusal.facts,
        "errors": refusal.errors,
    }
    response = HttpResponse(as_json(told), status=status, content_type="application/problem+json")
    # Django would log each of them again, and a wrong field is nobody's event here.
    response._has_been_logged = True  # type: ignore[attr-defined]
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="makewhole"'
    if status in (503, 507):
        response["Retry-After"] = str(WAIT_SECONDS)
    for name, value in refusal.headers.items():
        response[name] = value
    return response


def _refusal(error: Exception) -> Refused:
    match error:
        case Refused():
            return error
        case TooMany():
            wait = {"Retry-After": str(error.wait_seconds)}
            return Problem("too_many_requests", headers=wait, limit=error.limit, wait_seconds=error.wait_seconds)
        case ValidationError():
            return fields(error.errors)
        case HttpError():
            # ninja's own words for a body that its parser could not read; ours are in the cause.
            return error.__cause__ if isinstance(error.__cause__, Refused) else Problem("not_json", why=str(error))
        case MultiPartParserError():
            return Problem("not_multipart")
        case Http404():
            return Problem("no_such_address")
    if _disk_is_full(error):
        logger.error("the disk is full: %s", error)
        return Problem("disk_full")
    if isinstance(error, (OperationalError, InterfaceError, *_driver_away())) and not isinstance(error, RACES):
        logger.warning("the database does not answer: %s", " ".join(str(error).split()))
        if not connection.in_atomic_block:
            connection.close()  # the write door's losses go by Django unseen; whoever comes next starts anew
        return Problem("database_away")
    if isinstance(error, RACES):
        logger.warning("gave up on writing at the same time: %s", type(error).__name__)
        return Problem("written_at_the_same_time")
    logger.error("a request failed", exc_info=error)
    return Problem("fault_of_ours")


def _driver_away() -> tuple[type[Exception], ...]:
    # The write door works on psycopg itself, beside Django's wrapping; Django names its classes.
    driver = cast(Any, connection).Database
    return driver.OperationalError, driver.InterfaceError


def _disk_is_full(error: Exception) -> bool:
    """A full disk here, or PostgreSQL's disk_full (53100), wrapped by Django or not."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    told = error if error.__cause__ is None else error.__cause__
    return getattr(told, "sqlstate", None) == "53100" or getattr(error, "sqlstate", None) == "53100"


def fields(errors: Sequence[Any]) -> Problem:
    """Every field that cannot be used. What was sent in it is not repeated: it may be personal."""
    told = [{"where": _where(each), "code": each["type"], "what": _what(each)} for each in errors]
    return Problem("request_not_valid", errors=told, count=len(told))


def _where(error: ErrorDetails) -> str:
    source, *path = error["loc"]
    # ninja puts the name of our own argument between: body.told.exposures.0 is body.exposures.0 to the sender.
    if source in ("body", "form") and path and path[0] in ("told",):
        path = path[1:]
    return ".".join(map(str, (source, *path)))


def _what(error: ErrorDetails) -> str:
    words = error["msg"]
    return words if words.endswith((".", "”")) else f"{words}."
