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
from makewhole.reads.orders import claim_with_id, owns_a_claim
from makewhole.store import drafts, evidence
from makewhole.store.drafts import Draft
from makewhole.store.models import OrderLine


def send(request: HttpRequest, draft: Draft, line: OrderLine, *, at: datetime) -> HttpResponse:
    """Files the claim that the draft tells, and goes to its page. Refuses what the write door refuses.

    The draft's id is the idempotency key: sent twice it is one claim. A notice of an incident that this claimant
    told before goes to the claim that is there, with the new files.
    """
    try:
        done, added = _filed(request, draft, line, at)
    except Refused as refusal:
        if refusal.code == "unknown_claim":
            # There is one for this incident, and we cannot tell that it is this sender's.
            return render(request, "portals/claimant/known.html", {"line": line})
        raise
    claim = done.claim
    let_in(request, claim.claim_id, claimant_actor(claim.filed.claimant_id))
    drafts.sent(draft.id, claim.claim_id, at)
    messages.success(request, _received(done, added))
    return redirect("claim", name=claim.filed.reference)


def let_back_in(request: HttpRequest, claim_id: UUID) -> None:
    """Who may open a draft that was sent may open what came of it."""
    claim = claim_with_id(claim_id)
    let_in(request, claim.pk, claimant_actor(claim.claimant_id))


def _filed(request: HttpRequest, draft: Draft, line: OrderLine, at: datetime) -> tuple[Done, bool]:
    """The claim, and whether it has the files. The draft alone does not say whose an earlier claim about the same
    incident is; somebody who is signed in may be it."""
    try:
        return handle(_ask(draft, line, claimant_actor(draft.id), at)), True
    except Refused as refusal:
        by = acting(request)
        if refusal.code != "unknown_claim" or by is None or not owns_a_claim(by.claimant_id, line.pk):
            raise
        return _told_again(draft, line, by, at)


def _ask(draft: Draft, line: OrderLine, by: Actor, at: datetime, *, with_files: bool = True) -> Ask:
    told = notice(draft.told, line, language=get_language() or "")
    # Files are compared by content, and the language is no content: switching it between two presses is no other claim.
    said = replace(told, evidence=(), contact=replace(told.contact, language=""))
    key = asks.idempotency(Actor("form:claim", "claimant"), str(draft.id), (said, content(draft.told)))
    if not with_files:
        told = replace(told, evidence=())
    ask = asks.file_claim(told, by=by, at=at, channel="web", buyer_ref=line.buyer_ref)
    assert isinstance(ask.command, FileClaim)
    claimant_id = claimant_called(line.marketplace_id, told.contact.email) or draft.id
    return replace(ask, command=replace(ask.command, claimant_id=claimant_id), key=key)


# The same incident again --------------------------------------------------------------------------------------


def _told_again(draft: Draft, line: OrderLine, by: Actor, at: datetime) -> tuple[Done, bool]:
    """The claim that is there, with what was written now; and whether it took the files too."""
    done = handle(_ask(draft, line, by, at, with_files=False))
    files = _for_the_same_parts(draft, done.claim)
    if not files:
        return done, True
    try:
        # A file stays whose it is, and these are the draft's: the claimant sends them once more.
        sent = tuple(replace(file, evidence_id=_copied(file.evidence_id, by, at)) for file in files)
        proof = asks.proof(sent, done.claim.filed.currency)
        return replace(done, claim=handle(asks.act(proof, claim_id=done.claim.claim_id, by=by, at=at)).claim), True
    except Refused:
        return done, False  # it takes none now; its page says what to do


def _for_the_same_parts(draft: Draft, claim: Claim) -> tuple[asks.EvidenceTold, ...]:
    heads: list[str] = [part.head for part in claim.exposures]
    told_heads = claimed(draft.told)

    def part_of(file: asks.EvidenceTold) -> int:
        head = told_heads[file.exposure - 1] if file.exposure else ""
        return heads.index(head) + 1 if head in heads else 0

    return tuple(replace(file, exposure=part_of(file)) for file in evidence_of(draft.told))


def _copied(evidence_id: UUID, by: Actor, at: datetime) -> UUID:
    content, _media_type = evidence.show(evidence_id, "original")
    return evidence.keep("file", content, evidence.kind_of(evidence_id), by=by.name, at=at).id


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
