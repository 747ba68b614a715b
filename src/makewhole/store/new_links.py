"""A fresh link for a claimant who asks for one: a notice in the outbox, to the address on file and to no other."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from makewhole.store import envelope, vault
from makewhole.store.models import Claim, Marketplace, Outbox, Subject

MOST_CLAIMS = 5
# Who presses the button again gets no second mail so soon.
MINUTES = 5


def ask_for_link(email: str, reference: str, *, at: datetime) -> int:
    """Links to the claims that belong to this address: to the one named, or to the newest. How many; the caller must
    not tell whoever asked."""
    claimants = _claimants(email)
    claims = Claim.objects.filter(claimant_id__in=claimants)
    if reference:
        claims = claims.filter(reference=reference.upper())
    found = list(claims.order_by("-noticed_at", "-id")[:MOST_CLAIMS])
    slot = int(at.timestamp()) // (60 * MINUTES)
    notices = [
        Outbox(
            claim_id=claim.id,
            version=1,  # the mail tells what was claimed, and nothing that came later
            dedupe=f"new_link:{claim.id.hex}:{slot}",
            recipient=f"claimant:{claim.claimant_id}",
            template="new_link",
            facts={},
            created_at=at,
            send_after=at,
            spread_at=at,  # nobody else is told: it is about a mail, not about the claim
        )
        for claim in found
    ]
    Outbox.objects.bulk_create(notices, ignore_conflicts=True)
    return len(notices)


def _claimants(email: str) -> list[UUID]:
    """One for each marketplace at most."""
    markets = list(Marketplace.objects.values_list("code", flat=True))
    digest = vault.match_digest("claimant", envelope.normal_email(email))
    return list(Subject.objects.filter(marketplace_id__in=markets, email_digest=digest).values_list("id", flat=True))
