"""Decisions as a list: when, who, by which clauses, how they went. For those who answer for them and those who audit.

Made from the log with the figures (store/figures.py), and as late as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from makewhole.domain.actors import Actor
from makewhole.people.models import Account, RoleAssignment
from makewhole.reads.places import instant_of, stamp
from makewhole.store.models import Claim, DecisionTaken, Marketplace
from makewhole.store.sqls import sql

PAGE = 50
WENT = ("approved", "reduced", "refused")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which decisions: all of these hold. `by`: an account's number. `until` is not in it."""

    by: int | None = None
    clause: str = ""
    went: str = ""
    who: str = ""  # people, machine
    otherwise: bool = False
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    row: DecisionTaken
    reference: str


def decisions(by: Actor, asked: Asked, *, after: str = "", size: int = PAGE) -> tuple[list[Listed], str]:
    """The newest first, with the cursor of the next page. Four queries, however many there are."""
    codes = Marketplace.objects.order_by("code")
    if by.marketplaces:
        codes = codes.filter(code__in=by.marketplaces)
    told = _mark(asked) | _place(after) | {"size": size + 1, "marketplaces": list(codes.values_list("code", flat=True))}
    with connection.cursor() as cursor:
        cursor.execute(sql("decisions_listed"), told)
        keys = [tuple(row) for row in cursor.fetchall()]
    more, keys = len(keys) > size, keys[:size]
    claims = {claim_id for claim_id, _ in keys}
    rows = {(row.claim_id, row.version): row for row in DecisionTaken.objects.filter(claim_id__in=claims)}
    references = dict(Claim.objects.filter(id__in=claims).values_list("id", "reference"))
    last = rows[keys[-1]] if more else None
    place = f"{stamp(last.at)}_{last.claim_id}_{last.version}" if last else ""
    return [Listed(rows[key], references[key[0]]) for key in keys], place


def deciders(by: Actor) -> list[tuple[int, str]]:
    """Staff who may decide in this reader's marketplaces, by name."""
    held = RoleAssignment.objects.filter(role__in=("adjuster", "reviewer", "programme_owner"))
    if by.marketplaces:
        held = held.filter(marketplace__in=[*by.marketplaces, ""])
    staff = Account.objects.filter(pk__in=held.values("account_id"))
    return list(staff.order_by("name", "pk").values_list("pk", "name"))


def _mark(asked: Asked) -> dict[str, Any]:  # the parameters of the statement
    """The mark that finds fewest, and what else must hold of what it finds."""
    told: dict[str, Any] = {
        "clause": asked.clause or None,
        "went": asked.went if asked.went in WENT else None,
        "by_machine": {"people": False, "machine": True}.get(asked.who),
        "otherwise": asked.otherwise,
        "since": asked.since or _BEGINNING,
        "until": asked.until or _END,
    }
    if asked.by is not None:
        return told | {"what": f"person:{asked.by}"}
    if asked.clause:
        return told | {"what": asked.clause, "clause": None}
    if asked.otherwise:
        return told | {"what": "otherwise", "otherwise": False}
    if asked.went in ("reduced", "refused"):
        return told | {"what": f"went:{asked.went}", "went": None}
    return told | {"what": "people", "by_machine": None} if asked.who == "people" else told | {"what": ""}


def _place(after: str) -> dict[str, Any]:
    """ValueError where that is no cursor."""
    if not after:
        return {"after_at": None, "after_claim": None, "after_version": None}
    at, claim_id, version = after.split("_")
    return {"after_at": instant_of(at), "after_claim": UUID(claim_id), "after_version": int(version)}


_BEGINNING, _END = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
