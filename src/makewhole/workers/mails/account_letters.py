"""The facts of a mail about an account: its invitation, with the link that is made when the mail is written.

So nothing that opens an account ever lies in the outbox, and one that is sent again brings a link that works again.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from makewhole.people.access import held_by
from makewhole.people.invitations import invitation_link
from makewhole.people.models import Account
from makewhole.store.models import Insurer, Marketplace, Outbox, Seller
from makewhole.workers.mails import plain

_Told = dict[str, object]


def told(notice: Outbox, account: Account) -> _Told:
    asked_by = Account.objects.filter(id=notice.facts["invited_by"]).first() if notice.facts["invited_by"] else None
    valid_until = timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    return {
        "marketplace": _operator(account),
        "invited_by": asked_by.name if asked_by else gettext("The operator"),
        "email": account.email,
        "roles": [_role(each.role, each.marketplace, each.seller_id, each.insurer_id) for each in held_by(account)],
        "link": invitation_link(account),
        "valid_until": plain.deadline(valid_until, settings.TIME_ZONE),
    }


def _operator(account: Account) -> str:
    """Who writes: the one marketplace that the account works in, else the programme."""
    codes = {each.marketplace for each in held_by(account)}
    found = Marketplace.objects.filter(code__in=codes).first() if len(codes) == 1 else None
    return found.name if found else "Makewhole"


def _role(role: str, marketplace: str, seller_id: int | None, insurer_id: int | None) -> str:
    words = role.replace("_", " ")
    if seller_id is not None:
        seller = Seller.objects.filter(id=seller_id).first()
        return f"{words} of {seller.name if seller else seller_id}, in {marketplace}"
    if insurer_id is not None:
        insurer = Insurer.objects.filter(id=insurer_id).first()
        return f"{words}: {insurer.name if insurer else insurer_id}"
    return f"{words} in {marketplace}" if marketplace else f"{words} in every marketplace"
