"""Claims that are exported, and what is done to their files afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from store.claims_given import ADJUSTER, BANK, FILED_AT, filed, market

from makewhole.domain.actors import CLOCK, Actor
from makewhole.domain.chain import body_digest, event_digest
from makewhole.domain.claim import commands as do
from makewhole.domain.claim.events import DecidedLine, Reason, Sealed
from makewhole.domain.claim.state import Claim
from makewhole.handle import Ask, handle
from makewhole.proof import document as doc
from makewhole.proof.checking import verify
from makewhole.reads.export import export_of
from makewhole.store import ids, vault
from makewhole.store.checkpoints import SETTLED_AFTER, hourly

Sign = Callable[[bytes], bytes]
REVIEWER = Actor("person:8", "reviewer")
AUDITOR = Actor("person:12", "auditor")
CLAUSE = "us 2021-1 · payable_heads.payable"


def settle(at: datetime) -> None:
    """The checkpoint of the hour in which that lies."""
    assert hourly(at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1) + SETTLED_AFTER) is not None


def act(claim: Claim, command: Any, by: Actor, at: datetime, *personal: Any) -> Claim:  # any command; its words
    return handle(Ask(command, by, at, claim.claim_id, personal=personal)).claim


def spoken(claim: Claim, command: Callable[[Sealed], Any], by: Actor, at: datetime) -> Claim:
    """An act with words of somebody, which lie in the vault."""
    note = vault.personal("note", "so it was")
    return act(claim, command(note.sealed), by, at, note)


def seller_of(claim: Claim) -> Actor:
    return Actor("seller:1", "seller", seller_id=claim.filed.seller_id)


def claimant_of(claim: Claim) -> Actor:
    return Actor(f"claimant:{claim.filed.claimant_id}", "claimant", claimant_id=claim.filed.claimant_id)


def paid_small_claim() -> Claim:
    """Filed and approved by machine, paid a day later; the first of the two hours has its checkpoint."""
    claim = filed(market()).claim
    other = filed(_seller(claim)).claim  # so that the hour has other heads too
    filed(_seller(claim))
    assert other.claim_id != claim.claim_id
    settle(FILED_AT)
    payment = do.ConfirmPayment(claim.payments[0].order.payment_id, "B-1")
    return act(claim, payment, BANK, FILED_AT + timedelta(days=1))


def claim_with_an_appeal() -> Claim:
    """In part refused after a concern that the claimant answered, paid, appealed, and decided by somebody else."""
    claim = filed(market(), amount_minor=50_000, shows_minor=40_000).claim
    ana, refuse = claimant_of(claim), Reason("amount_not_supported", CLAUSE)
    claim = spoken(claim, lambda words: do.SetReserve(1, 45_000, words), ADJUSTER, day(1))
    claim = act(claim, do.RaiseConcern((1,), refuse), ADJUSTER, day(2))
    claim = spoken(claim, lambda words: do.ExtendClock("claimant_answers", 10, words), ADJUSTER, day(3))
    claim = spoken(claim, lambda words: do.PauseClocks(("claimant_answers",), words), ADJUSTER, day(4))
    claim = act(claim, do.ResumeClocks(), ADJUSTER, day(6))
    claim = spoken(claim, lambda words: do.AnswerConcern((), words), ana, day(7))
    claim = act(claim, do.Decide((DecidedLine(1, 40_000, 10_000, refuse),), ids.new_id()), ADJUSTER, day(8))
    claim = _paid(claim, day(9))
    claim = spoken(claim, lambda words: do.Appeal(words), ana, day(20))
    claim = act(claim, do.Decide((DecidedLine(1, 10_000, 0),), ids.new_id()), REVIEWER, day(21))
    claim = _paid(claim, day(22))
    settle(day(22))
    return claim


def claim_of_a_silent_seller() -> Claim:
    """Over the limit, tendered, never answered: the platform stepped in, paid, and asks the seller for it."""
    claim = filed(market(insured=False), amount_minor=200_000, price_minor=40_000).claim
    assert claim.running("seller_answers") is not None
    for clock in ("seller_answers.reminder_3", "seller_answers.reminder_1", "seller_answers"):
        running = claim.running(clock)
        assert running is not None
        claim = act(claim, do.RunOutClock(clock, 1, ids.new_id()), CLOCK, running.due_at)
    text = claim.stage.release.text_sha256  # type: ignore[union-attr]
    claim = spoken(claim, lambda name: do.SignRelease(text, name, ids.new_id()), claimant_of(claim), day(10))
    claim = _paid(claim, day(11))
    settle(day(11))
    assert claim.recovery is not None
    return claim


def day(n: int) -> datetime:
    return FILED_AT + timedelta(days=n)


def exported(claim: Claim, by: Actor, *, at: datetime = FILED_AT + timedelta(days=40)) -> bytes:
    return export_of(claim.claim_id, by, at=at).content


def faults(content: bytes, *, keys: frozenset[bytes] = frozenset()) -> list[str]:
    return [f"{check.place}: {check.says}" for check in verify(content, keys=keys).checks if check.state == "failed"]


def notes(content: bytes) -> list[str]:
    return [f"{check.place}: {check.says}" for check in verify(content).checks if check.state == "note"]


# What somebody does to a file ------------------------------------------------------------------------------


def changed(content: bytes, *, sign: Sign | None = None, **sections: Any) -> bytes:
    """The file with other sections; `sign`: with digests and a signature made anew, as whoever has that key can."""
    export = msgspec.structs.replace(doc.from_bytes(content), **sections)
    if sign is not None:
        parts = doc.parts_of(
            export.about, export.claim, export.calendar, export.policies, export.events, export.checkpoint
        )
        export = msgspec.structs.replace(export, parts=parts, signature=sign(doc.signed_content(parts)).hex())
    return doc.to_bytes(export)


def retold(content: bytes, kind: str, old: str, new: str, *, sign: Sign) -> bytes:
    """The file with one word of the first event of that kind changed, and everything over it made good again, as only
    the operator could: the chain, and the signature. The checkpoint is left out, as if the hour were not over."""
    events, prior, done = [], "", False
    for event in doc.from_bytes(content).events:
        body = event.body
        if not done and body is not None and f'"kind":"{kind}"' in body:
            assert old in body, body
            body, done = body.replace(old, new, 1), True
        own = bytes.fromhex(event.body_sha256) if event.body_sha256 else body_digest((body or "").encode())
        digest = event_digest(bytes.fromhex(prior), own).hex()
        events.append(msgspec.structs.replace(event, body=body, prior=prior, digest=digest))
        prior = digest
    assert done, f"no {kind} in the file"
    return changed(content, sign=sign, events=tuple(events), checkpoint=None)


def _seller(claim: Claim) -> Any:  # the row
    from makewhole.store.models import Seller

    return Seller.objects.get(id=claim.filed.seller_id)


def _paid(claim: Claim, at: datetime) -> Claim:
    payment = next(each for each in claim.payments if each.state == "ordered")
    return act(claim, do.ConfirmPayment(payment.order.payment_id, "B-2"), BANK, at)
