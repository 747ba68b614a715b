"""The programme owner: figures, which the auditor reads too, and drafts of the next rules, which nobody else sees."""

from __future__ import annotations

from uuid import UUID

from doors.doors import Door, Premises

READS = frozenset({"programme_owner", "auditor"})
OWNER = frozenset({"programme_owner"})
REDIRECTED = frozenset({302})


def _draft(place: Premises) -> UUID:
    """A draft of a policy that holds for this shop and no other."""
    from world import NOW

    from makewhole.domain.actors import Actor
    from makewhole.store import policies, policy_drafts
    from makewhole.store.models import Marketplace, PolicyDraft

    kept = PolicyDraft.objects.filter(policy=place.shop.code).first()
    if kept is not None:
        return kept.id
    assert place.claim  # filed under the rules that there are
    Marketplace.objects.filter(code=place.shop.code).update(policy=place.shop.code)
    text = policies.shipped("us").replace('name = "us"', f'name = "{place.shop.code}"')
    owner = Actor("person:31", "programme_owner", marketplaces=frozenset({place.shop.code}))
    return policy_drafts.start(text, note="", by=owner, at=NOW).id


def _of(page: str) -> object:
    return lambda place: f"/drafts/{_draft(place)}{page}"


DOORS = [
    Door("programme", READS, lambda place: "/programme", many=True),
    Door("plot-file", READS, lambda place: "/programme/claims.csv"),
    Door("clocks", READS, lambda place: "/clocks", many=True),
    Door("outcomes", READS, lambda place: "/outcomes", many=True),
    Door("decisions", READS, lambda place: "/decisions", many=True),
    Door("drafts", OWNER, lambda place: "/drafts"),
    Door("start-draft", OWNER, lambda place: "/drafts/start", "POST", opens=frozenset({422})),
    Door("draft", OWNER, _of(""), strangers=404),
    Door("draft", OWNER, _of(""), "POST", lambda place: {"text": "", "seen": "1"}, opens=frozenset({409}),
         strangers=404),
    Door("publish-draft", OWNER, _of("/publish"), strangers=404),
    Door("publish-draft", OWNER, _of("/publish"), "POST", opens=frozenset({422}), strangers=404),
    Door("drop-draft", OWNER, _of("/drop"), "POST", opens=REDIRECTED, strangers=404),
]  # fmt: skip
