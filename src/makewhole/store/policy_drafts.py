"""Drafts of policies: a next version while it is written, by whom, and what stands in its way. Start at start().

A draft decides nothing. publish() hands its text to the one door (store/policies.py) and remembers which version it
became; from then on nobody changes it. Two people on one draft: each save names the revision that it saw.
"""

from __future__ import annotations

import tomllib
from datetime import datetime
from uuid import UUID

from django.db import transaction

from makewhole.domain.actors import Actor
from makewhole.domain.policy.comparing import Change, changes
from makewhole.domain.policy.document import check_policy, read_policy
from makewhole.domain.policy.findings import Finding, PolicyFaulty
from makewhole.domain.policy.needs import missing_from
from makewhole.domain.policy.rules import published_change_findings
from makewhole.domain.policy.shapes import PolicyDocument, canonical
from makewhole.domain.refusal import Refused
from makewhole.store import policies
from makewhole.store.ids import new_id
from makewhole.store.models import Marketplace, PolicyDraft, PolicyVersion

LONGEST = 400_000  # signs; the shipped ones have about 60,000
LONGEST_NOTE = 200


def policies_of(by: Actor) -> frozenset[str] | None:
    """The policies whose drafts somebody may write and publish: None for all of them. Who owns the programme of some
    marketplaces changes only what holds for those and no others."""
    if not by.marketplaces:
        return None
    places: dict[str, set[str]] = {}
    for code, policy in Marketplace.objects.values_list("code", "policy"):
        places.setdefault(policy, set()).add(code)
    return frozenset(policy for policy, codes in places.items() if codes <= by.marketplaces)


def waiting(mine: frozenset[str] | None) -> list[PolicyDraft]:
    """Drafts that are neither published nor dropped, the last saved first. One that names no policy is everybody's
    whose policies are not bounded."""
    found = PolicyDraft.objects.filter(published_as=None, dropped_at=None).order_by("-saved_at")
    return list((found if mine is None else found.filter(policy__in=mine)).defer("text"))


def start(text: str, *, note: str, by: Actor, at: datetime) -> PolicyDraft:
    """A new draft. It may be faulty; of whose policy it is must be readable for an owner of some marketplaces.

    Refuses `policy_of_others`, `draft_names_no_policy`, `text_too_long`, `text_missing`, `text_has_null_bytes`.
    """
    text = _usable(text, note)
    policy = _policy_named(text)
    _may(policy, by)
    return PolicyDraft.objects.create(
        id=new_id(), policy=policy, text=text, note=note, started_by=by.name, started_at=at, saved_by=by.name,
        saved_at=at,
    )  # fmt: skip


def find(draft_id: UUID, by: Actor) -> PolicyDraft:
    """A draft that this reader may see. Refuses `unknown_draft`, also for one of somebody else's policy."""
    draft = PolicyDraft.objects.select_related("published_as").filter(id=draft_id).first()
    mine = policies_of(by)
    if draft is None or (mine is not None and draft.policy not in mine):
        raise Refused("unknown_draft")
    return draft


@transaction.atomic
def save(draft_id: UUID, text: str, *, note: str, seen: int, by: Actor, at: datetime) -> PolicyDraft:
    """The text as it is now. Refuses `draft_moved_on` where somebody saved since the revision that was seen, and
    `draft_is_over` once it is published or dropped."""
    draft = _held(draft_id, by, seen)
    text = _usable(text, note)
    policy = _policy_named(text) or draft.policy
    _may(policy, by)
    if (draft.text, draft.note) != (text, note):
        draft.policy, draft.text, draft.note = policy, text, note
        draft.saved_by, draft.saved_at, draft.revision = by.name, at, draft.revision + 1
        draft.save()
    return draft


@transaction.atomic
def drop(draft_id: UUID, *, by: Actor, at: datetime) -> None:
    """Nobody wants it any more. It stays as it is, and is shown no more. Twice is once."""
    draft = find(draft_id, by)
    if draft.published_as is not None:
        raise Refused("draft_is_over")
    PolicyDraft.objects.filter(id=draft.id, dropped_at=None).update(dropped_at=at)


@transaction.atomic
def publish(draft_id: UUID, *, seen: int, by: Actor, at: datetime) -> PolicyVersion:
    """The draft, as the revision that was seen, becomes the next version of its policy. Raises FaultyPolicy with every
    finding; refuses what save() refuses."""
    draft = _held(draft_id, by, seen)
    if not by.is_person:
        raise Refused("only_a_person_may", act="PublishPolicy")
    version = policies.publish(draft.text, where=where(draft), at=at, by=by.name)
    _may(version.policy, by)
    draft.published_as = version
    draft.save(update_fields=["published_as"])
    return version


def findings(draft: PolicyDraft, at: datetime) -> list[Finding]:
    """Everything for which it would not be published at that instant."""
    named = where(draft)
    found = check_policy(draft.text, where=named)
    if found:
        return found
    try:
        document = read_policy(draft.text, where=named)
    except PolicyFaulty as faulty:
        return faulty.findings
    found = missing_from(document, where=named)
    before = in_force(document.name)
    if before is not None:
        found += published_change_findings(before, document, published_on=at.date())
        earlier = PolicyVersion.objects.filter(policy=document.name, digest=document.digest).first()
        if earlier is not None:
            found.append(Finding(named, f"this is the text of {earlier.version}: nothing would change"))
    return found


def would_change(draft: PolicyDraft) -> list[Change]:
    """Rule by rule, against the newest version; nothing where the draft cannot be read, or is the first version."""
    try:
        document = read_policy(draft.text, where=where(draft))
    except PolicyFaulty:
        return []
    before = in_force(document.name)
    return changes(before, document) if before is not None else []


def in_force(policy: str) -> PolicyDocument | None:
    """The newest version of that policy."""
    newest = PolicyVersion.objects.filter(policy=policy).order_by("-seq").values_list("version", flat=True).first()
    return policies.document_of(newest) if newest else None


def where(draft: PolicyDraft) -> str:
    return f"{draft.policy or 'draft'}.toml"


def _held(draft_id: UUID, by: Actor, seen: int) -> PolicyDraft:
    find(draft_id, by)
    draft = PolicyDraft.objects.select_for_update().get(id=draft_id)
    if draft.published_as_id is not None or draft.dropped_at is not None:
        raise Refused("draft_is_over")
    if draft.revision != seen:
        raise Refused("draft_moved_on")
    return draft


def _usable(text: str, note: str) -> str:
    if "\0" in text:
        raise Refused("text_has_null_bytes", field="text")
    for field, given, longest in (("text", text, LONGEST), ("note", note, LONGEST_NOTE)):
        if len(given) > longest:
            raise Refused("text_too_long", field=field, length=len(given), longest=longest)
    if not text.strip():
        raise Refused("text_missing", field="text")
    return canonical(text)


def _policy_named(text: str) -> str:
    """As `[policy] name` says; "" where that cannot be read."""
    try:
        told = tomllib.loads(text).get("policy")
    except tomllib.TOMLDecodeError:
        return ""
    name = told.get("name") if isinstance(told, dict) else None
    return name if isinstance(name, str) and len(name) <= 20 else ""


def _may(policy: str, by: Actor) -> None:
    mine = policies_of(by)
    if mine is not None and not policy:
        raise Refused("draft_names_no_policy")
    if mine is not None and policy not in mine:
        raise Refused("policy_of_others", policy=policy)
