"""Decisions as a list: when, who, by which clauses, how they went. For those who answer for them and those who audit.

Made from the log with the figures (store/figures.py), and as late as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from makewhole.domain.actors import Actor
from makewhole.people.models import Account, RoleAssignment
from makewhole.reads.places import instant_of, stamp
from makewhole.store.models import Claim, DecisionTaken

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
    """The newest first, with the cursor of the next page. Two queries, however many there are."""
    found = _asked(by, asked).order_by("-at", "claim_id", "version")
    if after:
        at, claim_id, version = after.split("_")
        instant, claim, number = instant_of(at), UUID(claim_id), int(version)
        found = found.filter(
            Q(at__lt=instant) | Q(at=instant, claim_id__gt=claim) | Q(at=instant, claim_id=claim, version__gt=number)
        )
    page = list(found[: size + 1])
    more = len(page) > size
    page = page[:size]
    references = dict(Claim.objects.filter(id__in={row.claim_id for row in page}).values_list("id", "reference"))
    last = page[-1] if more else None
    place = f"{stamp(last.at)}_{last.claim_id}_{last.version}" if last else ""
    return [Listed(row, references[row.claim_id]) for row in page], place


def names_of(people: Iterable[str]) -> dict[str, str]:
    """The names of accounts, by how the log calls them ("person:12")."""
    parts = (who.partition(":") for who in people)
    numbers = {int(number) for kind, _, number in parts if kind == "person" and number.isdecimal()}
    return {f"person:{pk}": name for pk, name in Account.objects.filter(pk__in=numbers).values_list("pk", "name")}


def deciders(by: Actor) -> list[tuple[int, str]]:
    """Staff who may decide in this reader's marketplaces, by name."""
    held = RoleAssignment.objects.filter(role__in=("adjuster", "reviewer", "programme_owner"))
    if by.marketplaces:
        held = held.filter(marketplace__in=[*by.marketplaces, ""])
    staff = Account.objects.filter(pk__in=held.values("account_id"))
    return list(staff.order_by("name", "pk").values_list("pk", "name"))


def _asked(by: Actor, asked: Asked) -> QuerySet[DecisionTaken]:
    found = DecisionTaken.objects.all()
    if by.marketplaces:
        found = found.filter(marketplace__in=by.marketplaces)
    if asked.by is not None:
        found = found.filter(deciders__contains=[f"person:{asked.by}"])
    if asked.clause:
        found = found.filter(clauses__contains=[asked.clause])
    if asked.went in WENT:
        found = found.filter(went=asked.went)
    if asked.who:
        found = found.filter(by_machine=asked.who == "machine")
    if asked.otherwise:
        found = found.filter(otherwise=True, by_machine=False)
    if asked.since is not None:
        found = found.filter(at__gte=asked.since)
    if asked.until is not None:
        found = found.filter(at__lt=asked.until)
    return found
