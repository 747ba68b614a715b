"""A draft becomes a claim. Start at send()."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from makewhole import asks
from makewhole.domain.actors import Actor
from makewhole.domain.claim.commands import FileClaim
from makewhole.domain.claim.state import Claim
from makewhole.domain.refusal import Refused
from makewhole.handle import Ask, Done, handle
from makewhole.portals.claimant.notice import content, evidence_of, notice
from makewhole.portals.claimant.steps import claimed
from makewhole.portals.frame.who import acting, claimant_actor, claimant_called, let_in
from makewhole.reads.orders import claim_with_id, has_claims
from makewhole.store import drafts, evidence
from makewhole.store.drafts import Draft
from makewhole.store.models import OrderLine


def send(request: HttpRequest, draft: Draft, line: OrderLine, *, at: datetime) -> HttpResponse:
    """Files the claim that the draft tells, and goes to its page. Refuses what the write door refuses.

    The draft's id is the idempotency key: sent twice it is one claim. A notice of an incident that this claimant
    told before goes to the claim that is there, with the new files.
    """
    sender = _sender(request, draft.id)
    _hand_files_to(sender, draft)
    try:
        done = handle(_ask(draft, line, sender, at))
    except Refused as refusal:
        if refusal.code == "unknown_claim":
            # There is one for this incident, and we cannot tell that it is this sender's.
            return render(request, "portals/claimant/known.html", {"line": line})
        raise
    claim = done.claim
    if acting(request) is None or sender.claimant_id == draft.id:
        let_in(request, claim.claim_id, claimant_actor(claim.filed.claimant_id))
    added = _add_files(draft, claim, sender, at) if done.repeated and done.events else True
    drafts.sent(draft.id, claim.claim_id, at)
    messages.success(request, _received(done, added))
    return redirect("claim", name=claim.filed.reference)


def let_back_in(request: HttpRequest, claim_id: UUID) -> None:
    """Who may open a draft that was sent may open what came of it."""
    claim = claim_with_id(claim_id)
    let_in(request, claim.pk, claimant_actor(claim.claimant_id))


def _ask(draft: Draft, line: OrderLine, sender: Actor, at: datetime) -> Ask:
    told = notice(draft.told, line, language=get_language() or "")
    ask = asks.file_claim(told, by=sender, at=at, channel="web", buyer_ref=line.buyer_ref)
    assert isinstance(ask.command, FileClaim)
    # Files are compared by content, and the language is no content: switching it between two presses is no other claim.
    said = replace(told, evidence=(), contact=replace(told.contact, language=""))
    key = asks.idempotency(Actor("form:claim", "claimant"), str(draft.id), (said, content(draft.told)))
    claimant_id = claimant_called(line.marketplace_id, told.contact.email) or draft.id
    return replace(ask, command=replace(ask.command, claimant_id=claimant_id), key=key)


def _sender(request: HttpRequest, draft_id: UUID) -> Actor:
    """The signed-in claimant; else whoever holds this draft."""
    by = acting(request)
    if by is not None and by.role == "claimant" and by.claimant_id is not None and has_claims(by.claimant_id):
        return by
    return claimant_actor(draft_id)


def _hand_files_to(sender: Actor, draft: Draft) -> None:
    """Files were sent by the draft's holder; where that is known to be somebody, they are theirs."""
    held_by = claimant_actor(draft.id).name
    if sender.name != held_by:
        ids = [UUID(each["id"]) for each in draft.told.get("files", [])]
        evidence.hand_over(ids, from_=held_by, to=sender.name)


def _add_files(draft: Draft, claim: Claim, sender: Actor, at: datetime) -> bool:
    """The files of a notice that came again go to the claim that is there, for the same parts. False where it takes
    none now; its page says what to do."""
    heads: list[str] = [part.head for part in claim.exposures]
    told_heads = claimed(draft.told)
    files = tuple(
        replace(file, exposure=heads.index(told_heads[file.exposure - 1]) + 1)
        if file.exposure and told_heads[file.exposure - 1] in heads
        else replace(file, exposure=0)
        for file in evidence_of(draft.told)
    )
    if not files:
        return True
    try:
        proof = asks.proof(files, claim.filed.currency)
        handle(asks.act(proof, claim_id=claim.claim_id, by=sender, at=at))
    except Refused:
        return False
    return True


def _received(done: Done, files_added: bool) -> str:
    if not done.repeated:
        told = _("We have your claim: %(reference)s. Keep this number; it also comes to you by mail.")
    elif not done.events:
        told = _("You sent this before: here is the claim, %(reference)s. Nothing was filed twice.")
    elif files_added:
        told = _("We knew of this incident already: this is its claim, %(reference)s. What you sent was added to it.")
    else:
        told = _(
            "We knew of this incident already: this is its claim, %(reference)s. What you wrote was added to it; "
            "your files were not. Send them here if they are new."
        )
    return told % {"reference": done.claim.filed.reference}
