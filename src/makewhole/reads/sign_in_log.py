"""The sign-in log of everybody, for administrators and auditors. Start at sign_in_log().

Each reads of the accounts that work in its marketplaces, and nothing of others; attempts with an address that nobody
has are of no marketplace, and shown to those who look after all.
"""

from __future__ import annotations

from django.db.models import QuerySet

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.people.models import Account
from makewhole.people.sign_ins import PAGE, Page, sign_ins_of_all
from makewhole.reads.roles_held import accounts_read_by
from makewhole.store.accounts import seen_by


def sign_in_log(by: Actor, *, email: str = "", what: str = "", before: int | None = None, size: int = PAGE) -> Page:
    """The newest first. Refuses `unknown_account` where nobody whom this reader looks after has the address."""
    among = _among(by)
    account_id = None
    if email:
        account_id = among.filter(email=email.strip().lower()).values_list("id", flat=True).first()
        if account_id is None:
            raise Refused("unknown_account")
    return sign_ins_of_all(
        by.role, among=among if by.marketplaces else None, account_id=account_id, what=what, before=before, size=size
    )


def _among(by: Actor) -> QuerySet[Account]:
    return seen_by(by) if by.role == "administrator" else accounts_read_by(by)
