"""Who takes part in a rehearsal: staff with accounts of their own, the marketplace's machine, claimants, sellers.

How they behave stands in `claimants` and `office`; here is who they are, and how a file of theirs is sent.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from makewhole import asks
from makewhole.asks import EvidenceTold, PayoutTold
from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.claim.commands import ClaimCommand
from makewhole.domain.claim.events import EvidenceKind
from makewhole.domain.claim.state import Claim
from makewhole.handle import Ask
from makewhole.people.models import Account, RoleAssignment
from makewhole.rehearsal import files
from makewhole.rehearsal.drawing import File, Luck
from makewhole.store import evidence


@dataclass(frozen=True, slots=True)
class Cast:
    """Two adjusters, two reviewers, and one of each other role."""

    adjusters: tuple[Actor, ...]
    reviewers: tuple[Actor, ...]
    owner: Actor
    finance: Actor
    safety: Actor
    backend: Actor

    def named(self, name: str) -> Actor:
        return next(actor for actor in (*self.adjusters, *self.reviewers, self.owner) if actor.name == name)


def hire(marketplace: str) -> Cast:
    """Accounts with one role each in this marketplace."""

    def one(name: str, role: RoleName, kind: str = "person") -> Actor:
        account = Account.objects.create(email=f"{name}@{marketplace}.example", name=name)
        RoleAssignment.objects.create(account=account, role=role, marketplace=marketplace)
        return Actor(f"{kind}:{account.pk}", role, marketplaces=frozenset({marketplace}))

    return Cast(
        adjusters=(one("adjuster-one", "adjuster"), one("adjuster-two", "adjuster")),
        reviewers=(one("reviewer-one", "reviewer"), one("reviewer-two", "reviewer")),
        owner=one("owner", "programme_owner"),
        finance=one("finance", "finance"),
        safety=one("safety", "safety_officer"),
        backend=one("backend", "marketplace", kind="marketplace"),
    )


def claimant_of(claim: Claim) -> Actor:
    claimant_id = claim.filed.claimant_id
    return Actor(f"claimant:{claimant_id}", "claimant", claimant_id=claimant_id)


def seller_of(claim: Claim) -> Actor:
    return Actor(f"seller:{claim.filed.seller_id}", "seller", seller_id=claim.filed.seller_id)


@dataclass(slots=True)
class Scene:
    """What everybody's behaviour is drawn from. `times` counts how often something was drawn on one file: the
    second answer of a claimant is another draw than the first."""

    luck: Luck
    cast: Cast
    times: Counter[tuple[str, str]] = field(default_factory=Counter)

    def again(self, number: str, subject: str) -> random.Random:
        """A new draw each time it is asked, by its how-many-eth time and nothing else."""
        self.times[number, subject] += 1
        return self.luck.of(number, f"{subject} {self.times[number, subject]}")

    def pick(self, actors: tuple[Actor, ...], number: str, subject: str) -> Actor:
        return self.luck.of(number, subject).choice(actors)


def act(command: ClaimCommand, claim: Claim, by: Actor, at: datetime, words: tuple[asks.Words, ...] = ()) -> Ask:
    return asks.act(command, claim_id=claim.claim_id, by=by, at=at, words=words)


def send(
    kind: EvidenceKind, name: str, rng: random.Random, *, by: Actor, at: datetime,
    exposure: int = 0, shows_minor: int = 0,
) -> EvidenceTold:  # fmt: skip
    """A file of its own, kept as any sender's is."""
    content = files.photo(rng) if kind == "photo" else files.paper(f"{kind} {name} {rng.randrange(10**9)}")
    suffix = "jpg" if kind == "photo" else "pdf"
    kept = evidence.keep(f"{kind}.{suffix}", content, kind, by=by.name, at=at)
    return EvidenceTold(kept.id, exposure, major(shows_minor) if shows_minor else "")


def payout(file: File, account: str) -> PayoutTold:
    if file.method != "bank_transfer":
        return PayoutTold(file.method)
    return PayoutTold("bank_transfer", account=account, holder=file.person.name)


def major(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
