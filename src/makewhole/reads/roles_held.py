"""Who may do what, and who gave it: every account and the roles that it holds, for the auditor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from makewhole.domain.actors import Actor
from makewhole.people.access import named
from makewhole.people.models import Account, RoleAssignment, RoleChange
from makewhole.store.models import Insurer, Seller

PAGE = 100


@dataclass(frozen=True, slots=True)
class RoleTold:
    """A role of an account. `of`: the seller or insurer that it names; an empty marketplace is every one.

    `given_by` names a person, or is what the log calls a machine or a command; it is empty, and `given_at` None, where
    the role was given before there was a record, or beside it."""

    role: str
    marketplace: str
    of: str
    given_by: str
    given_at: datetime | None


@dataclass(frozen=True, slots=True)
class Holder:
    account: Account
    roles: tuple[RoleTold, ...]


def holders(by: Actor, *, after: int = 0, size: int = PAGE) -> tuple[list[Holder], int]:
    """Accounts with their roles in the marketplaces of this reader, in order of their numbers; the number of the last
    one where there are more. Six queries."""
    held = _held(by)
    accounts = list(Account.objects.filter(pk__gt=after, pk__in=held.values("account_id")).order_by("pk")[: size + 1])
    more = len(accounts) > size
    accounts = accounts[:size]
    roles = list(held.filter(account__in=accounts).order_by("account_id", "id"))
    sellers = dict(Seller.objects.filter(id__in={each.seller_id for each in roles}).values_list("id", "name"))
    insurers = dict(Insurer.objects.filter(id__in={each.insurer_id for each in roles}).values_list("id", "name"))
    given = _given(accounts)
    names = named({each.by for each in given.values()})

    def told(each: RoleAssignment) -> RoleTold:
        of = sellers.get(each.seller_id or 0) or insurers.get(each.insurer_id or 0) or ""
        change = given.get(_which(each))
        if change is None:
            return RoleTold(each.role, each.marketplace, of, "", None)
        return RoleTold(each.role, each.marketplace, of, names.get(change.by, change.by), change.at)

    found = [
        Holder(account, tuple(told(each) for each in roles if each.account_id == account.pk)) for account in accounts
    ]
    return found, accounts[-1].pk if more else 0


def accounts_read_by(by: Actor) -> QuerySet[Account]:
    """Those whose sign-ins an auditor reads: all, or those with a role in one of its marketplaces or everywhere."""
    return Account.objects.filter(pk__in=_held(by).values("account_id")) if by.marketplaces else Account.objects.all()


def _held(by: Actor) -> QuerySet[RoleAssignment]:
    held = RoleAssignment.objects.all()
    return held.filter(marketplace__in=[*by.marketplaces, ""]) if by.marketplaces else held


_Which = tuple[int, str, str, int | None, int | None]


def _given(accounts: Iterable[Account]) -> dict[_Which, RoleChange]:
    """By role of an account, the line that gave it, unless a later one took it."""
    found: dict[_Which, RoleChange] = {}
    for each in RoleChange.objects.filter(account__in=accounts, act__in=("given", "taken")).order_by("id"):
        if each.act == "given":
            found[_which(each)] = each
        else:
            found.pop(_which(each), None)
    return found


def _which(row: RoleAssignment | RoleChange) -> _Which:
    return row.account_id, row.role, row.marketplace, row.seller_id, row.insurer_id
