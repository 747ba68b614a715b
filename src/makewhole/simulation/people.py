"""Who takes part: staff by name and role, and the actors that parties are."""

from __future__ import annotations

import random
from collections.abc import Collection
from uuid import UUID

from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.claim.state import Claim
from makewhole.domain.claim.words import Sealed

# What somebody says lies in the vault; here nobody reads it.
WORDS = Sealed(UUID(int=7), "simulated")
BACKEND = Actor("marketplace:1", "marketplace")


def _staff(role: RoleName, first: int, count: int) -> tuple[Actor, ...]:
    return tuple(Actor(f"person:{number}", role) for number in range(first, first + count))


ADJUSTERS = _staff("adjuster", 1, 6)
REVIEWERS = _staff("reviewer", 11, 6)
OWNERS = _staff("programme_owner", 21, 3)
FINANCE = Actor("person:31", "finance")
SAFETY = Actor("person:41", "safety_officer")


def claimant_of(claim: Claim) -> Actor:
    claimant_id = claim.filed.claimant_id
    return Actor(f"claimant:{claimant_id}", "claimant", claimant_id=claimant_id)


def seller_of(claim: Claim) -> Actor:
    return Actor(f"seller:{claim.filed.seller_id}", "seller", seller_id=claim.filed.seller_id)


def insurer_of(claim: Claim) -> Actor:
    assert claim.insurer is not None
    insurer_id = claim.insurer.told.insurer_id
    return Actor(f"insurer:{insurer_id}", "insurer", insurer_id=insurer_id)


def producer_of(claim: Claim) -> Actor:
    named = next(tender.producer for tender in claim.tenders if tender.producer)
    return Actor(f"producer:{named.item_id}", "producer", producer_id=named.item_id)


def one_of(actors: Collection[Actor], barred: Collection[str], rng: random.Random) -> Actor:
    """One of them by lot, none who is barred; of the programme's owners where nobody else is left."""
    free = [actor for actor in actors if actor.name not in barred]
    return rng.choice(free or [actor for actor in OWNERS if actor.name not in barred])
