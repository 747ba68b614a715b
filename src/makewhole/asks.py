"""From plain words to an Ask: what pages, API, imports and rehearsals have in common when they ask for something.

Each function takes what a person or a machine said, seals what is personal, draws the ids, and gives back an
Ask for handle(). Amounts come as text in major units and are parsed here, once. Refuses with a named reason
what cannot be meant: an amount, a text that is too long or has null bytes, a payout without an account.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import cast, get_args
from uuid import UUID

import msgspec

from makewhole.domain.actors import Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim.commands import ClaimCommand, FileClaim
from makewhole.domain.claim.events import (
    Channel,
    DecidedLine,
    EvidenceItem,
    ExposureClaimed,
    Head,
    Method,
    Payee,
    Reason,
    Sealed,
)
from makewhole.domain.money import parse_money
from makewhole.domain.refusal import Refused
from makewhole.handle import Ask, FiledFor, Key
from makewhole.store import envelope, vault
from makewhole.store.ids import new_id, reference_of
from makewhole.store.models import Marketplace
from makewhole.store.vault import Personal

LONGEST_TEXT = 20_000
LONGEST_FIELD = 300
HAZARDS = ("death", "grave_injury", "fire", "shock", "burn", "choking", "laceration", "chemical", "fall", "other")


# What was said ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ExposureTold:
    """One part of the loss: `amount` in major units as text or Decimal ("184.20")."""

    head: str
    amount: str


@dataclass(frozen=True, slots=True)
class EvidenceTold:
    """An uploaded file; `exposure` counts the parts from 1 (0: for all), `amount` is what the paper shows."""

    evidence_id: UUID
    exposure: int = 0
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    email: str
    phone: str = ""
    address: str = ""
    language: str = ""  # in which it spoke to us ("de", "en-gb"): its mails are written in it where we can


@dataclass(frozen=True, slots=True)
class PayoutTold:
    """bank_transfer needs an account (and who holds it); refund and credit go back to the order's buyer."""

    method: str
    account: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True)
class NoticeTold:
    """A first notice of loss as a form or a machine tells it."""

    marketplace: str
    order_ref: str
    line_ref: str
    loss_date: date
    story: str
    exposures: tuple[ExposureTold, ...]
    contact: Contact
    payout: PayoutTold
    evidence: tuple[EvidenceTold, ...] = ()
    injury: bool = False
    health: str = ""
    claimant_is_minor: bool = False
    hazards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineTold:
    """A person's decision of one exposure. `refuse` needs a reason code and its clause."""

    exposure: int
    approve: str = "0"
    refuse: str = "0"
    code: str = ""
    clause: str = ""
    evidence: tuple[UUID, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Free text on its way into the vault; None where nothing was said."""

    items: tuple[Personal, ...] = field(default=())

    @property
    def sealed(self) -> Sealed | None:
        return self.items[0].sealed if self.items else None


# Filing -------------------------------------------------------------------------------------------------


def file_claim(
    told: NoticeTold, *, by: Actor, at: datetime, channel: Channel, key: str | None = None, buyer_ref: str | None = None
) -> Ask:
    """A first notice of loss. `buyer_ref`: the one buyer whose orders the asker may claim for; None where the
    asker is the marketplace itself. `key`: an idempotency key."""
    marketplace = _marketplace(told.marketplace)
    claim_id = new_id()
    story = vault.personal("story", text(told.story, "story", longest=LONGEST_TEXT))
    contact = vault.personal("contact", _contact(told.contact))
    payee, payee_items, payee_digest = _payee(told.payout)
    health = (vault.personal("health", text(told.health, "health", longest=LONGEST_TEXT)),) if told.health else ()
    command = FileClaim(
        claim_id=claim_id,
        reference=reference_of(claim_id),
        incident_id=new_id(),
        payment_id=new_id(),
        claimant_id=new_id(),
        channel=channel,
        loss_date=told.loss_date,
        exposures=_exposures(told.exposures, marketplace.currency),
        evidence=_evidence(told.evidence, marketplace.currency),
        story=story.sealed,
        payee=payee,
        injury=told.injury or bool(told.health),
        claimant_is_minor=told.claimant_is_minor,
        hazards=_hazards(told.hazards),
    )
    return Ask(
        command,
        by,
        at,
        claim_id,
        filed_for=FiledFor(
            marketplace=marketplace.code,
            order_ref=text(told.order_ref, "order_ref"),
            line_ref=text(told.line_ref, "line_ref"),
            email_digest=vault.match_digest("claimant", envelope.normal_email(told.contact.email)),
            payee_digest=payee_digest,
            contacts=_contact_digests(told.contact, marketplace.country),
            buyer_ref=buyer_ref,
        ),
        personal=(story, contact, *payee_items, *health),
        key=idempotency(by, key, told),
    )


def idempotency(by: Actor, key: str | None, told: object) -> Key | None:
    """The key with a hash of what was asked: the same key with other content is an error."""
    if key is None:
        return None
    if not 1 <= len(key) <= 100 or not key.isprintable():
        raise Refused("key_not_usable", longest=100)
    return Key(by.name, key, hashlib.sha256(msgspec.json.encode(told, order="deterministic")).digest())


# Everything after filing ---------------------------------------------------------------------------------


def act(
    command: ClaimCommand,
    *,
    claim_id: UUID,
    by: Actor,
    at: datetime,
    words: tuple[Words, ...] = (),
    key: Key | None = None,
    seen: int | None = None,
) -> Ask:
    """A command on a claim that exists. `seen`: the version that the asker looked at."""
    items = tuple(item for said in words for item in said.items)
    return Ask(command, by, at, claim_id, personal=items, key=key, expected_version=seen)


def say(spoken: str, *, kind: str = "note", required: bool = True) -> Words:
    """Free text for the vault; refuses an empty one where words are required."""
    if not spoken.strip():
        if required:
            raise Refused("words_needed")
        return Words()
    return Words((vault.personal(kind, text(spoken, "words", longest=LONGEST_TEXT)),))


def decision(lines: tuple[LineTold, ...], currency: str) -> tuple[do.Decide, tuple[Words, ...]]:
    """A person's decision, line by line, with each reason's words."""
    decided, spoken = decided_lines(lines, currency)
    return do.Decide(tuple(decided), new_id()), tuple(spoken)


def decided_lines(lines: tuple[LineTold, ...], currency: str) -> tuple[list[DecidedLine], list[Words]]:
    """What is decided of each exposure, and the words of the reasons."""
    decided, spoken = [], []
    for line in lines:
        said = say(line.words, required=False)
        reason = Reason(line.code, line.clause, line.evidence, said.sealed) if line.code else None
        refused = minor(line.refuse, currency)
        if refused and reason is None:
            raise Refused("reason_needed", exposure=line.exposure)
        decided.append(DecidedLine(line.exposure, minor(line.approve, currency), refused, reason))
        spoken.append(said)
    return decided, spoken


def concern(
    exposures: tuple[int, ...], code: str, clause: str, words: str
) -> tuple[do.RaiseConcern, tuple[Words, ...]]:
    """A concern with its exact words: the claimant reads them."""
    if not code or not clause:
        raise Refused("reason_needed")
    said = say(words)
    return do.RaiseConcern(exposures, Reason(code, clause, (), said.sealed)), (said,)


def proof(evidence: tuple[EvidenceTold, ...], currency: str, supersedes: tuple[UUID, ...] = ()) -> do.AddProof:
    return do.AddProof(_evidence(evidence, currency), new_id(), supersedes)


def other_payee(payout: PayoutTold, ask: Ask) -> Ask:
    """The same ask with another account: its command names it, the vault keeps it, later claims can match it."""
    payee, items, digest = _payee(payout)
    return replace(
        ask,
        command=do.ChangePayee(payee),
        personal=(*ask.personal, *items),
        digests=(("payee", digest),) if digest else (),
    )


def evidence_items(evidence: tuple[EvidenceTold, ...], currency: str) -> tuple[EvidenceItem, ...]:
    return _evidence(evidence, currency)


def text(said: str, name: str, *, longest: int = LONGEST_FIELD) -> str:
    """Words as they may be stored: no null bytes, not too long, not only blanks."""
    if "\x00" in said:
        raise Refused("text_has_null_bytes", field=name)
    if len(said) > longest:
        raise Refused("text_too_long", field=name, longest=longest, length=len(said))
    if not said.strip():
        raise Refused("text_missing", field=name)
    return said.strip()


def minor(amount: str, currency: str) -> int:
    """An amount in major units as whole minor ones; refuses what is none, and what is below zero."""
    parsed = parse_money(amount, currency).minor
    if parsed < 0:
        raise Refused("amount_negative", given=str(amount)[:40])
    return parsed


def account_number(told: str) -> str:
    """An account as it is stored and compared: letters and digits. Refuses what cannot be one."""
    account = envelope.normal_account(text(told, "account"))
    if not 4 <= len(account) <= 40 or not account.isalnum():
        raise Refused("account_not_usable")
    return account


def mail_address(told: str) -> str:
    """An address that mail can be sent to, as far as its form tells."""
    if told.count("@") != 1 or told.startswith("@") or told.endswith("@"):
        raise Refused("email_not_usable")
    return text(told, "email")


# Parts ----------------------------------------------------------------------------------------------------


def _marketplace(code: str) -> Marketplace:
    marketplace = _MARKETPLACES.get(code) or Marketplace.objects.filter(code=code).first()
    if marketplace is None:
        raise Refused("unknown_marketplace", marketplace=code[:20])
    _MARKETPLACES[code] = marketplace
    return marketplace


# A marketplace's currency and country never change once it trades; kept in memory after the first look.
_MARKETPLACES: dict[str, Marketplace] = {}


def forget() -> None:
    """Drops what is kept in memory: for tests."""
    _MARKETPLACES.clear()


def _exposures(told: tuple[ExposureTold, ...], currency: str) -> tuple[ExposureClaimed, ...]:
    heads = get_args(Head)
    for exposure in told:
        if exposure.head not in heads:
            raise Refused("unknown_head", head=exposure.head[:40], known=", ".join(heads))
    return tuple(
        ExposureClaimed(no, cast(Head, exposure.head), minor(exposure.amount, currency))
        for no, exposure in enumerate(told, start=1)
    )


def _evidence(told: tuple[EvidenceTold, ...], currency: str) -> tuple[EvidenceItem, ...]:
    if len({item.evidence_id for item in told}) != len(told):
        raise Refused("evidence_named_twice")
    # Kind and content come from the store, when the write door loads them.
    return tuple(
        EvidenceItem(item.evidence_id, "other", "", item.exposure, minor(item.amount or "0", currency)) for item in told
    )


def _hazards(told: tuple[str, ...]) -> tuple[str, ...]:
    for hazard in told:
        if hazard not in HAZARDS:
            raise Refused("unknown_hazard", hazard=hazard[:40], known=", ".join(HAZARDS))
    return tuple(sorted(set(told)))


def _contact(told: Contact) -> dict[str, object]:
    return {
        "name": text(told.name, "name"),
        "email": mail_address(told.email),
        "phone": text(told.phone, "phone") if told.phone.strip() else "",
        "address": text(told.address, "address") if told.address.strip() else "",
        "language": told.language.lower()[:5],
    }


def _contact_digests(told: Contact, country: str) -> tuple[tuple[str, bytes], ...]:
    """What other claims may share with this one."""
    values = [("email", envelope.linked_email(told.email))]
    if phone := envelope.normal_phone(told.phone, country) if told.phone.strip() else "":
        values.append(("phone", phone))
    if address := envelope.normal_address(told.address):
        values.append(("address", address))
    return tuple((kind, vault.match_digest(kind, value)) for kind, value in values)


def _payee(told: PayoutTold) -> tuple[Payee, tuple[Personal, ...], bytes | None]:
    if told.method not in get_args(Method):
        raise Refused("unknown_payout", method=told.method[:20], known=", ".join(get_args(Method)))
    method = cast(Method, told.method)
    if method != "bank_transfer":
        return Payee(new_id(), method), (), None
    account = account_number(told.account)
    item = vault.personal("payee", {"account": account, "holder": text(told.holder, "holder")})
    return Payee(item.item_id, method), (item,), vault.match_digest("payee", account)
