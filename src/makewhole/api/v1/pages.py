"""Pages: {"items": [...], "next": cursor or null}. A cursor is the place after the last item."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, Field

from makewhole.api.v1.problems import Problem

PAGE = 50
LARGEST_PAGE = 200


class Paging(BaseModel):
    """Which page: the query of every list."""

    cursor: Annotated[str, Field(max_length=200, description="`next` of the page before.")] = ""
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = PAGE


_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# Microseconds since 1970, sixteen digits at most: the year 2286.
BY_INSTANT = re.compile(rf"[0-9]{{1,16}}_{_UUID}")
BY_DUE = re.compile(rf"(?:s?[0-9]{{1,16}}|none)_{_UUID}")
BY_EVENT = re.compile(rf"[0-9]{{1,16}}_{_UUID}_[0-9]{{1,9}}")
BY_RECOVERY = re.compile(rf"[0-9]{{1,16}}_{_UUID}_[0-9]{{1,4}}")
BY_ID = re.compile("[0-9]{1,18}")
BY_NUMBER = re.compile("[0-9]{1,9}")
BY_NAME_AND_NUMBER = re.compile("[a-z][a-z0-9_-]{0,19} [0-9]{1,9}")


def page(items: Sequence[object], after: str | int | None) -> dict[str, object]:
    """A page, and where the next one begins; nothing (or an empty text) after the last."""
    return {"items": items, "next": urlsafe_b64encode(str(after).encode()).decode().rstrip("=") if after else None}


def place(cursor: str, form: re.Pattern[str]) -> str:
    """The place that a cursor names, empty for the first page. Refuses (`cursor_not_usable`) what we did not make."""
    if not cursor:
        return ""
    try:
        told = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError:
        raise Problem("cursor_not_usable") from None
    if not form.fullmatch(told):
        raise Problem("cursor_not_usable")
    return told
