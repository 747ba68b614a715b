"""Who somebody is for the rules: from an account's roles, or from a machine's token, to an Actor.

Start at admit() for machines and actor_of() for people. An act is done in one role: who holds several says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, cast

import msgspec
import psycopg
from django.db import connection

from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.refusal import Refused
from makewhole.people import tokens
from makewhole.people.models import Account
from makewhole.people.roles import BY_LINK, Role

_HELD = msgspec.json.Decoder(list[tuple[str, str, int | None, int | None]])
_WITH_ACCOUNT = frozenset(Role) - BY_LINK


@dataclass(frozen=True, slots=True)
class Held:
    """One assignment of an account: a role, where (empty: everywhere), and for which seller or insurer."""

    role: str
    marketplace: str
    seller_id: int | None
    insurer_id: int | None = None

    @property
    def name(self) -> str:
        """What chooses it among the others of its account."""
        if self.role == Role.SELLER:
            return f"seller:{self.seller_id}"
        return f"insurer:{self.insurer_id}" if self.role == Role.INSURER else self.role


@dataclass(frozen=True, slots=True)
class Caller:
    """A machine that may come in: in which role, and what its token allows."""

    actor: Actor
    account_id: int
    token_id: int
    scopes: frozenset[str]


class TooMany(Exception):
    """This token asked too often in this minute; it may ask again after `wait_seconds`."""

    def __init__(self, limit: int, wait_seconds: int) -> None:
        super().__init__(f"more than {limit} requests in a minute")
        self.limit = limit
        self.wait_seconds = wait_seconds


def admit(token: str, *, role: str, now: datetime) -> Caller:
    """Whose token this is. One round trip, which also counts the request.

    Refuses `token_unknown`, `token_revoked`, `token_expired`, `account_closed`, and what actor_of() refuses;
    raises TooMany above the token's rate.
    """
    if not tokens.looks_like_one(token):
        raise Refused("token_unknown")
    minute = int(now.timestamp()) // 60
    found = _ask({"digest": tokens.digest(token), "now": now, "minute": minute})
    if found is None:
        raise Refused("token_unknown")
    token_id, account_id, scopes, limit, refused, requests, held = found
    if refused:
        raise Refused(refused)
    if requests > limit:
        raise TooMany(limit, 60 - int(now.timestamp()) % 60)
    actor = choose(account_id, (Held(*each) for each in _HELD.decode(held)), role)
    return Caller(actor, account_id, token_id, frozenset(scopes))


def actor_of(account: Account, role: str = "") -> Actor:
    """The actor that a person with an account is, in this role (may be left out by who holds one only)."""
    return choose(account.pk, held_by(account), role)


def held_by(account: Account) -> list[Held]:
    """The roles that an account was given, in that order."""
    rows = account.assignments.order_by("id").values_list("role", "marketplace", "seller_id", "insurer_id")
    return [Held(*row) for row in rows]


def choose(account_id: int, held: Iterable[Held], role: str) -> Actor:
    """The one actor that `role` names ("adjuster", "seller", "seller:55", "insurer:4").

    Refuses `no_role`, `role_not_held`, and `which_role` where several could be meant.
    """
    actors = actors_of(account_id, held)
    if not actors:
        raise Refused("no_role")
    meant = {name: actor for name, actor in actors.items() if not role or role in (name, actor.role)}
    if not meant:
        raise Refused("role_not_held", role=role[:40], held=", ".join(actors))
    if len(meant) > 1:
        raise Refused("which_role", held=", ".join(meant))
    return next(iter(meant.values()))


def actors_of(account_id: int, held: Iterable[Held]) -> dict[str, Actor]:
    """Everybody that an account can be, by the name that chooses it. A role in several places is one actor."""
    places: dict[str, list[Held]] = {}
    for each in held:
        if each.role in _WITH_ACCOUNT:
            places.setdefault(each.name, []).append(each)
    return {name: _actor(account_id, name, there) for name, there in places.items()}


def _actor(account_id: int, name: str, there: list[Held]) -> Actor:
    role = there[0].role
    everywhere = any(not each.marketplace for each in there)
    return Actor(
        name=_log_name(account_id, name, role),
        role=cast(RoleName, role),
        seller_id=there[0].seller_id if role == Role.SELLER else None,
        insurer_id=there[0].insurer_id if role == Role.INSURER else None,
        marketplaces=frozenset() if everywhere else frozenset(each.marketplace for each in there),
    )


def _log_name(account_id: int, name: str, role: str) -> str:
    if role in (Role.SELLER, Role.INSURER):
        return name
    return f"marketplace:{account_id}" if role == Role.MARKETPLACE else f"person:{account_id}"


@cache
def _statement() -> str:
    return files("makewhole.people").joinpath("sql/admit.sql").read_text("utf-8")


def _ask(told: dict[str, object]) -> tuple[Any, ...] | None:  # a row as the statement selects it
    connection.ensure_connection()
    try:
        return _row(told)
    except (psycopg.OperationalError, psycopg.InterfaceError):
        # A connection that died while nobody asked is found out here, at the first statement of a request, and
        # costs no health check on all others. Counting a request twice is harmless.
        if not connection.connection.closed or connection.in_atomic_block:
            raise
        connection.close()
        connection.ensure_connection()
        return _row(told)


def _row(told: dict[str, object]) -> tuple[Any, ...] | None:
    # psycopg's own cursor: Django's binds on the client, and what it sends is planned anew each time.
    cursor: psycopg.Cursor[tuple[Any, ...]] = psycopg.Cursor(connection.connection)
    return cursor.execute(_statement(), told, prepare=True).fetchone()


def colleagues(roles: Iterable[str], marketplaces: frozenset[str]) -> dict[str, str]:
    """Who holds one of these roles in one of these marketplaces (none: in any): names by how the log calls them."""
    held = Account.objects.filter(is_active=True, assignments__role__in=list(roles))
    if marketplaces:
        held = held.filter(assignments__marketplace__in=["", *marketplaces])
    found = held.distinct().order_by("name", "pk").values_list("pk", "name")
    return {f"person:{account_id}": name for account_id, name in found}


def named(names: Iterable[str]) -> dict[str, str]:
    """Our people's names by how the log calls them ("person:12"), for pages that staff read."""
    ids = {int(name.removeprefix("person:")): name for name in names if _PERSON.fullmatch(name)}
    return {ids[account_id]: name for account_id, name in Account.objects.filter(pk__in=ids).values_list("pk", "name")}


_PERSON = re.compile(r"person:[0-9]{1,18}")
