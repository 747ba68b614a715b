"""Who takes part. A person may hold several roles; each act is done in one of them."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    CLAIMANT = "claimant"
    SELLER = "seller"
    MARKETPLACE = "marketplace"  # a marketplace's back-end, or its agent on the customer's behalf
    ADJUSTER = "adjuster"
    REVIEWER = "reviewer"
    FINANCE = "finance"
    SAFETY_OFFICER = "safety_officer"
    PROGRAMME_OWNER = "programme_owner"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    INSURER = "insurer"  # somebody at a seller's insurer
    PRODUCER = "producer"  # who made or imported what a reseller sold


# They need no account: each comes with a link that names it and one claim.
BY_LINK = frozenset({Role.CLAIMANT, Role.PRODUCER})
