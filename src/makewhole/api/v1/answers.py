"""Answers as bytes: plain values to JSON, with the headers that every answer of the API has."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpResponse


def _other(value: Any) -> Any:  # whatever JSON has no form for
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value)


_ENCODER = msgspec.json.Encoder(enc_hook=_other)


def as_json(value: object) -> bytes:
    """Instants in UTC with a Z, days as 2026-05-01, ids as text."""
    return _ENCODER.encode(value)


def answer(value: object, *, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """A JSON answer. It may hold a claimant's words: nobody keeps a copy on the way."""
    response = HttpResponse(as_json(value), status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    for name, told in (headers or {}).items():
        response[name] = told
    return response
