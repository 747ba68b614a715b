"""Invitations: a link by which somebody who was given an account chooses its password. It works once, for some days.

Django's token is a function of the account as it is: once a password was chosen, or somebody signed in, the link is
over; nothing is stored that could leak.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from makewhole.people.models import Account


class _Invitation(PasswordResetTokenGenerator):
    key_salt = "makewhole.invitation"  # no link for a forgotten password can be read as one


_TOKENS = _Invitation()


def invitation_link(account: Account) -> str:
    """Where the invited chooses a password."""
    return f"{settings.PUBLIC_URL}/invitation/{invitation_key(account)}"


def invitation_key(account: Account) -> str:
    return f"{urlsafe_base64_encode(str(account.pk).encode())}/{_TOKENS.make_token(account)}"


def invited(number: str, token: str) -> Account | None:
    """Whose invitation this is; None where it is over, or is none."""
    try:
        pk = int(force_str(urlsafe_base64_decode(number)))
    except (ValueError, OverflowError):
        return None
    account = Account.objects.filter(pk=pk, is_active=True).first() if 0 < pk < 2**63 else None
    return account if account is not None and _TOKENS.check_token(account, token) else None
