"""How claimants and sellers behave: what they file, and when and how they answer. Start at notice() and reactions().

A reaction is planned when its reason arises, and done only if that reason still stands then.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from makewhole import asks
from makewhole.asks import Contact, EvidenceTold, ExposureTold, NoticeTold
from makewhole.domain.actors import Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim.events import EvidenceKind
from makewhole.domain.claim.paying import release_digest
from makewhole.domain.claim.state import (
    AwaitingAnswer,
    AwaitingPayee,
    AwaitingProof,
    AwaitingRelease,
    AwaitingSeller,
    Claim,
    Closed,
)
from makewhole.domain.claim.tender_commands import AcceptTender, RejectTender
from makewhole.handle import Ask
from makewhole.rehearsal import files
from makewhole.rehearsal.drawing import ZONE, File, Luck, daytime
from makewhole.rehearsal.people import Scene, act, claimant_of, major, payout, seller_of, send
from makewhole.store import evidence
from makewhole.store.ids import new_id

ANSWERS_PROOF, ANSWERS_LATE = 0.75, 0.3  # the second: of those who let the time pass
WANTS_MORE_TIME = 0.08
ANSWERS_CONCERN, SENDS_A_FILE = 0.6, 0.6
NAMES_ACCOUNT, SIGNS, SIGNS_LATE = 0.7, 0.88, 0.5
WITHDRAWS, APPEALS, SELLER_SPEAKS = 0.02, 0.18, 0.08
SELLER_ACCEPTS, SELLER_REJECTS = 0.2, 0.15  # the others let the time to answer pass

Kind = Literal["proof", "more_time", "answer", "payee", "release", "withdraw", "appeal", "seller", "tender"]
PAPER_FOR: dict[str, EvidenceKind] = {
    "photo": "photo", "receipt_or_estimate": "receipt", "receipt": "receipt", "bill": "medical_bill",
    "wage_statement": "wage_statement", "repair_estimate": "repair_estimate",
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Planned:
    """Something that a party will do; `since`: the instant of the stage that it answers, None for any stage."""

    at: datetime
    number: str
    kind: Kind
    claim_id: UUID
    since: datetime | None = None


# Filing --------------------------------------------------------------------------------------------------


def notice(file: File, scene: Scene, *, code: str, again: bool = False) -> Ask:
    """The first notice, or the same incident sent again by a second channel."""
    luck, number = scene.luck, file.number
    at = file.again_at if again and file.again_at else file.noticed_at
    adjuster = scene.pick(scene.cast.adjusters, number, "agent")
    by = adjuster if file.channel == "agent" else scene.cast.backend
    parts = file.parts
    told = NoticeTold(
        marketplace=code,
        order_ref=file.line.order_ref,
        line_ref=file.line.line_ref,
        loss_date=file.loss_date,
        story=file.report.story or file.report.product,
        exposures=tuple(
            ExposureTold(part.head, major(part.claimed_minor + (100 if again and file.again_differs else 0)))
            for part in parts
        ),
        contact=Contact(file.person.name, file.person.email, file.person.phone, file.person.address),
        payout=payout(file, file.account),
        evidence=() if again else _papers(file, luck, by, at),
        injury=file.report.injury,
        health=f"{file.report.care}: {file.report.story[:200]}" if file.report.injury else "",
        claimant_is_minor=file.report.by_a_minor,
        hazards=file.report.hazards,
    )
    key = f"{number}{'/again' if again else ''}"
    return asks.file_claim(told, by=by, at=at, channel="import" if again else file.channel, key=key)


def _papers(file: File, luck: Luck, by: Actor, at: datetime) -> tuple[EvidenceTold, ...]:
    sent = []
    for n, paper in enumerate(file.papers):
        if paper.kind == "photo":
            # The very bytes of the other claim's photo where it is used again.
            content = files.photo(luck.of(paper.like or file.number, "photo"))
            kept = evidence.keep("photo.jpg", content, "photo", by=by.name, at=at)
            sent.append(EvidenceTold(kept.id, paper.exposure))
        else:
            rng = luck.of(file.number, f"paper {n}")
            sent.append(
                send(paper.kind, file.number, rng, by=by, at=at, exposure=paper.exposure, shows_minor=paper.shows_minor)
            )
    return tuple(sent)


# Reactions -----------------------------------------------------------------------------------------------


def reactions(before: Claim | None, claim: Claim, file: File, scene: Scene) -> list[Planned]:
    """What the parties will do about how the claim stands now."""
    found: list[Planned] = []
    if before is None and scene.luck.happens(WITHDRAWS, file.number, "withdraws"):
        found.append(_plan("withdraw", 1, 20, claim, file, scene, any_stage=True))
    hears_of_it = claim.seller_notified and not (before and before.seller_notified)
    if hears_of_it and scene.luck.happens(SELLER_SPEAKS, file.number, "seller speaks"):
        found.append(_plan("seller", 1, 6, claim, file, scene, any_stage=True))
    if before is None or before.stage != claim.stage or before.stage_since != claim.stage_since:
        found += _about_stage(claim, file, scene)
    return found


def _about_stage(claim: Claim, file: File, scene: Scene) -> list[Planned]:
    drawn = scene.again(file.number, type(claim.stage).__name__).random()
    match claim.stage:
        case AwaitingProof():
            return _about_proof(drawn, claim, file, scene)
        case AwaitingAnswer() if drawn < ANSWERS_CONCERN:
            return [_plan("answer", 1, 28, claim, file, scene)]
        case AwaitingPayee() if drawn < NAMES_ACCOUNT:
            return [_plan("payee", 1, 14, claim, file, scene)]
        case AwaitingRelease(release) if release.self_service and drawn < SIGNS:
            return [_plan("release", 1, 20, claim, file, scene)]
        case AwaitingRelease(release) if release.self_service and drawn < SIGNS + (1 - SIGNS) * SIGNS_LATE:
            return [_plan("release", 31, 80, claim, file, scene)]
        case AwaitingSeller() if drawn < SELLER_ACCEPTS + SELLER_REJECTS:
            return [_plan("tender", 1, 6, claim, file, scene)]
        case Closed(for_good=False) if claim.refused_minor and not claim.appeals and drawn < APPEALS:
            return [_plan("appeal", 3, 150, claim, file, scene)]
        case _:
            return []


def _about_proof(drawn: float, claim: Claim, file: File, scene: Scene) -> list[Planned]:
    if drawn < ANSWERS_PROOF:
        return [_plan("proof", 1, 28, claim, file, scene)]
    silent = (drawn - ANSWERS_PROOF) / (1 - ANSWERS_PROOF)
    if silent < WANTS_MORE_TIME:
        return [_plan("more_time", 15, 25, claim, file, scene), _plan("proof", 33, 42, claim, file, scene)]
    if silent < WANTS_MORE_TIME + ANSWERS_LATE:
        return [_plan("proof", 36, 90, claim, file, scene, any_stage=True)]
    return []


def _plan(
    kind: Kind, first: int, last: int, claim: Claim, file: File, scene: Scene, *, any_stage: bool = False
) -> Planned:
    rng = scene.again(file.number, f"{kind} when")
    day = claim.stage_since.astimezone(ZONE).date() + timedelta(days=rng.randint(first, last))
    since = None if any_stage else claim.stage_since
    return Planned(daytime(day, rng), file.number, kind, claim.claim_id, since)


# What they do when the day comes ---------------------------------------------------------------------------


def do_planned(planned: Planned, claim: Claim, file: File, scene: Scene) -> Ask | None:
    """The ask, or None where it has become pointless."""
    if planned.since is not None and planned.since != claim.stage_since:
        return None
    rng, by, at = scene.again(file.number, planned.kind), claimant_of(claim), planned.at
    match planned.kind:
        case "proof":
            return _proof(claim, file, scene, by, at)
        case "more_time":
            adjuster = scene.pick(scene.cast.adjusters, file.number, "answers the telephone")
            words = asks.say("The hospital's billing office needs two more weeks.")
            assert words.sealed is not None
            return act(do.ExtendClock("claimant_answers", 15, words.sealed), claim, adjuster, at, (words,))
        case "answer":
            sent = (send("other", file.number, rng, by=by, at=at),) if rng.random() < SENDS_A_FILE else ()
            words = asks.say("It happened as I told it, and I can show more of it.")
            items = asks.evidence_items(sent, claim.currency)
            return act(do.AnswerConcern(items, words.sealed), claim, by, at, (words,))
        case "payee":
            account = f"US{rng.randrange(10**15, 10**16)}"
            ask = act(do.ChangePayee(claim.payee), claim, by, at)
            return asks.other_payee(asks.PayoutTold("bank_transfer", account, file.person.name), ask)
        case "release":
            words = asks.say(file.person.name, kind="signature")
            assert words.sealed is not None
            return act(do.SignRelease(release_digest(claim), words.sealed, new_id()), claim, by, at, (words,))
        case "withdraw":
            if isinstance(claim.stage, Closed) or claim.payment_under_way:
                return None
            words = asks.say("The seller has replaced it; please close my claim.")
            return act(do.WithdrawClaim(words.sealed), claim, by, at, (words,))
        case "appeal":
            sent = (send("photo", file.number, rng, by=by, at=at),) if rng.random() < SENDS_A_FILE else ()
            words = asks.say("Please let somebody else look at this again.")
            assert words.sealed is not None
            return act(do.Appeal(words.sealed, asks.evidence_items(sent, claim.currency)), claim, by, at, (words,))
        case "seller":
            seller = seller_of(claim)
            sent = (send("other", file.number, rng, by=seller, at=at),)
            words = asks.say("This product passed its tests; the manual warns of exactly this.")
            flags = ("amount_against_price",) if rng.random() < 0.3 else ()
            command = do.AddSellerEvidence(asks.evidence_items(sent, claim.currency), words.sealed, flags)
            return act(command, claim, seller, at, (words,))
        case "tender":
            return _answer_to_tender(claim, file, rng, at)


def _answer_to_tender(claim: Claim, file: File, rng: random.Random, at: datetime) -> Ask:
    """The seller lets the platform pay, or rejects with a document. Whoever is silent is not asked here."""
    seller = seller_of(claim)
    if rng.random() < SELLER_ACCEPTS / (SELLER_ACCEPTS + SELLER_REJECTS):
        words = asks.say("Please pay the customer; we bear it.")
        return act(AcceptTender("platform", new_id(), words.sealed), claim, seller, at, (words,))
    words = asks.say("The product was used against its manual; see the test report.")
    assert words.sealed is not None
    sent = asks.evidence_items((send("other", file.number, rng, by=seller, at=at),), claim.currency)
    return act(RejectTender((rng.choice(("misuse", "no_defect")),), words.sealed, sent), claim, seller, at, (words,))


def _proof(claim: Claim, file: File, scene: Scene, by: Actor, at: datetime) -> Ask | None:
    """Everything that was asked for; on a claim closed for want of it, everything that it can be about."""
    if isinstance(claim.stage, AwaitingProof):
        wanted = [(missing.exposure_no, missing.what) for missing in claim.stage.missing]
    elif isinstance(claim.stage, Closed) and claim.stage.outcome == "unanswered":
        wanted = [(exposure.no, what) for exposure in claim.exposures for what in _EVERYTHING.get(exposure.head, ())]
    else:
        return None
    sent = []
    for no, what in wanted:
        exposure = claim.exposure(no)
        assert exposure is not None
        rng = scene.again(file.number, f"proof {no} {what}")
        kind = PAPER_FOR[what]
        shows = 0 if kind == "photo" else exposure.claimed_minor
        sent.append(send(kind, file.number, rng, by=by, at=at, exposure=no, shows_minor=shows))
    return act(asks.proof(tuple(sent), claim.currency), claim, by, at)


_EVERYTHING = {
    "property_damage": ("photo", "receipt"),
    "medical_expense": ("bill",),
    "lost_wages": ("wage_statement",),
}
