"""Who may do what: every account and the roles that it holds, for the auditor."""

from __future__ import annotations

from dataclasses import dataclass

from makewhole.domain.actors import Actor
from makewhole.people.models import Account, RoleAssignment
from makewhole.store.models import Insurer, Seller

PAGE = 100


@dataclass(frozen=True, slots=True)
class RoleTold:
    """A role of an account. `of`: the seller or insurer that it names; an empty marketplace is every one."""

    role: str
    marketplace: str
    of: str


@dataclass(frozen=True, slots=True)
class Holder:
    account: Account
    roles: tuple[RoleTold, ...]


def holders(by: Actor, *, after: int = 0, size: int = PAGE) -> tuple[list[Holder], int]:
    """Accounts with their roles in the marketplaces of this reader, in order of their numbers; the number of the last
    one where there are more. Four queries."""
    held = RoleAssignment.objects.all()
    if by.marketplaces:
        held = held.filter(marketplace__in=[*by.marketplaces, ""])
    accounts = list(Account.objects.filter(pk__gt=after, pk__in=held.values("account_id")).order_by("pk")[: size + 1])
    more = len(accounts) > size
    accounts = accounts[:size]
    roles = list(held.filter(account__in=accounts).order_by("account_id", "id"))
    sellers = dict(Seller.objects.filter(id__in={each.seller_id for each in roles}).values_list("id", "name"))
    insurers = dict(Insurer.objects.filter(id__in={each.insurer_id for each in roles}).values_list("id", "name"))

    def told(each: RoleAssignment) -> RoleTold:
        of = sellers.get(each.seller_id or 0) or insurers.get(each.insurer_id or 0) or ""
        return RoleTold(each.role, each.marketplace, of)

    found = [
        Holder(account, tuple(told(each) for each in roles if each.account_id == account.pk)) for account in accounts
    ]
    return found, accounts[-1].pk if more else 0
