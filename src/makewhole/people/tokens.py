"""Machines' keys: made once, shown once, kept as a digest, revoked for good. What each scope allows stands in SCOPES.

A token never allows more than its account's role: scopes only narrow.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import datetime

from makewhole.domain.refusal import Refused
from makewhole.people.models import Account, ApiToken

SCOPES: dict[str, str] = {
    "claims:read": "see claims, their timeline and their files",
    "claims:write": "file claims and make links for claimants",
    "claims:act": "do on a claim what the account's role may do",
    "evidence:write": "send files",
    "log:read": "read the log with its digests",
    "orders:read": "see orders",
    "orders:write": "send orders",
    "sellers:write": "send sellers",
    "recoveries:read": "see what is asked back, withheld and released, and the statements of sellers",
    "disbursements:read": "see payouts to sellers, and what is withheld of them",
    "disbursements:write": "send payouts to sellers",
    "insurers:read": "see insurers",
    "insurers:write": "send insurers",
    "coverages:read": "see sellers' insurance",
    "coverages:write": "send sellers' insurance",
    "standing:read": "see the standing of sellers",
    "standing:act": "report violations, dispute, decide, restrict: what the account's role may do",
    "notices:read": "see a party's contacts, webhooks and deliveries",
    "notices:write": "change contacts and webhooks, and deliver again",
    "policies:read": "read and check policies",
    "policies:write": "publish policies",
}
PREFIX = "mwk_"  # so that a scanner of leaked secrets knows one when it sees one
SECRET_BYTES = 32
MOST_PER_MINUTE = 1_000_000
_LOOKS_LIKE_ONE = re.compile(r"mwk_[A-Za-z0-9_-]{43}")


def make(
    account: Account,
    *,
    name: str,
    scopes: Iterable[str],
    requests_per_minute: int = 600,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """A new token, and its clear text, which nobody can be shown again.

    Refuses `unknown_scope`, `no_scope` and `rate_out_of_range`.
    """
    wanted = sorted(set(scopes))
    if not wanted:
        raise Refused("no_scope", known=", ".join(SCOPES))
    for scope in wanted:
        if scope not in SCOPES:
            raise Refused("unknown_scope", scope=scope[:40], known=", ".join(SCOPES))
    if not 1 <= requests_per_minute <= MOST_PER_MINUTE:
        raise Refused("rate_out_of_range", most=MOST_PER_MINUTE)
    clear = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = ApiToken.objects.create(
        digest=digest(clear),
        account=account,
        name=name[:100],
        scopes=wanted,
        requests_per_minute=requests_per_minute,
        expires_at=expires_at,
    )
    return token, clear


def digest(clear: str) -> bytes:
    """What is stored of a token. Its 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(clear.encode()).digest()


def looks_like_one(told: str) -> bool:
    """Whether this can be a token at all; what cannot is refused without asking the database."""
    return _LOOKS_LIKE_ONE.fullmatch(told) is not None


def revoke(token_id: int, *, at: datetime) -> ApiToken:
    """Ends a token now. Twice is once: the first instant stands. Refuses `unknown_token`."""
    token = ApiToken.objects.select_related("account").filter(id=token_id).first()
    if token is None:
        raise Refused("unknown_token", token=token_id)
    ApiToken.objects.filter(id=token_id, revoked_at=None).update(revoked_at=at)
    token.refresh_from_db(fields=["revoked_at"])
    return token
