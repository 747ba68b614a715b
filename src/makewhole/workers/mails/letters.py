"""A notice as a mail: whose address, which facts, which words. Start at letter(); letter_to() is the same for one
contact of a party.

Facts come from the log (the claim as it was after the event that asked for the notice), ends of clocks from the
claim as it is now: a mail that was late tells the day that counts. Names and addresses come from the vault, here
and only here. A template is rendered once; its text and its HTML (html.py) are two forms of the same words.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import Q
from django.template import Context, Engine, Template
from django.utils import translation

from makewhole.domain.claim import events as ev
from makewhole.domain.claim.events import Recorded
from makewhole.domain.claim.state import Claim, fold
from makewhole.domain.notice_kinds import kind_of
from makewhole.integrations.mail.sending import Mail
from makewhole.integrations.mail.words import tidy
from makewhole.people.links import claimant_link, mails_link, producer_link
from makewhole.people.models import Account
from makewhole.reads.showing import language
from makewhole.reads.statement_lines import text as text_of
from makewhole.reads.statements import PARTIES, statement_to
from makewhole.store import vault
from makewhole.store.asked_links import is_asked
from makewhole.store.choices import mails_chosen
from makewhole.store.codec import decode
from makewhole.store.explained import explained
from makewhole.store.mail_languages import written_in
from makewhole.store.models import Contact, Delivery, Event, Marketplace, OrderLine, Outbox, Seller
from makewhole.store.outbox import message_name
from makewhole.store.parties import address_on_file
from makewhole.workers.mails import account_letters, link_letters, plain, standing_letters, tender_words, texts
from makewhole.workers.mails.html import as_html
from makewhole.workers.mails.marks import Reasons, unmarked, with_marks

_MISSING = "⟪missing⟫"  # what a template shows where it names a fact that nobody told
_Told = dict[str, object]


class NoAddress(Exception):
    """There is nobody to send this to, and trying again would not change that."""


def letter(notice: Outbox) -> Mail:
    """The mail that this notice asks for. NoAddress where its recipient cannot be reached by mail, NothingToSend where
    it asked for a link to what is not there."""
    return _written(notice)


def letter_to(delivery: Delivery) -> Mail:
    """The same notice for one contact of the party that it is for. NoAddress once the contact was removed."""
    contact = delivery.contact
    assert contact is not None, f"delivery {delivery.id} is no mail"
    if not contact.active:
        raise NoAddress("the contact was removed")
    return _written(delivery.notice, contact)


def _written(notice: Outbox, contact: Contact | None = None) -> Mail:
    with translation.override(_language(notice, contact)):
        return _in_its_language(notice, contact)


def _language(notice: Outbox, contact: Contact | None) -> str:
    """Chosen for these mails, or for the link that was asked for; else what is known of its reader."""
    if is_asked(notice):
        chosen = notice.facts.get("language", "")
    else:
        chosen = contact.language if contact else mails_chosen(notice.recipient).language
    return written_in(notice.recipient, chosen)


def _in_its_language(notice: Outbox, contact: Contact | None) -> Mail:
    claim_id, version = notice.claim_id, notice.version
    if claim_id is None:
        return _of_no_claim(notice, contact)
    assert version is not None, f"notice {notice.id} belongs to no event"
    history = _history(claim_id)
    then, now = fold(claim_id, history[:version]), fold(claim_id, history)
    assert then is not None and now is not None
    market = then.filed.marketplace
    to, name = ((contact.email,), contact.name) if contact else _recipient(notice.recipient, market, claim_id)
    told = _told(notice, then, now, history) | {"name": name}
    return _mail(notice, to, told, contact)


def _of_no_claim(notice: Outbox, contact: Contact | None) -> Mail:
    """A notice about an account, a link that was asked for, or a seller's standing: its facts name what it is about."""
    if is_asked(notice):
        email, told, links = link_letters.told(notice)
        return _mail(notice, (email,), told, None, links=links)
    if notice.recipient.startswith("account:"):
        account = Account.objects.filter(id=int(notice.recipient.partition(":")[2]), is_active=True).first()
        if account is None:
            raise NoAddress("the account is gone, or closed")
        return _mail(notice, (account.email,), account_letters.told(notice, account) | {"name": account.name}, None)
    seller = Seller.objects.get(id=notice.facts["seller"])
    to, name = ((contact.email,), contact.name) if contact else _recipient(notice.recipient, seller.marketplace_id)
    return _mail(notice, to, standing_letters.told(notice, seller) | {"name": name}, contact)


def _mail(
    notice: Outbox, to: tuple[str, ...], told: _Told, contact: Contact | None, *, links: Collection[str] = ()
) -> Mail:
    """`links`: where its buttons lead; one button, to `link`, where nothing else is said."""
    choices = _choices(notice, contact)
    told |= {"to_claimant": notice.recipient.startswith("claimant:"), **choices}
    subject, marked = rendered(notice.template, told)
    html = as_html(
        marked,
        subject=subject,
        sender=str(told["marketplace"]),
        links=links or (str(told["link"]),),
        ours=settings.PUBLIC_URL,
        lang=language(),
    )
    message_id = message_name(notice, contact.id if contact else None)
    named = f"{message_id}@{urlsplit(settings.PUBLIC_URL).hostname}"
    headers = _unsubscribing(notice, choices["choices"])
    return Mail(to, subject, unmarked(marked), html, named, headers, language=language())


def _choices(notice: Outbox, contact: Contact | None) -> dict[str, str]:
    """Where whoever gets this says which mails it wants, and whether this one is among those that it may do without.

    A claimant or a producer is told of it only there: the mails that it cannot be without say what they are.
    """
    kind = kind_of(notice.template)
    who = notice.recipient.partition(":")[0]
    may_choose = who in ("seller", "insurer") or (kind.optional and who in ("claimant", "producer"))
    address = mails_link(notice.recipient, contact.id if contact else None) if may_choose else ""
    return {"choices": address, "kind": translation.gettext(kind.title), "kind_why": translation.gettext(kind.why)}


def _unsubscribing(notice: Outbox, choices: str) -> dict[str, str]:
    """One click in the mail program (RFC 8058), only for what may be switched off, and only where it is https."""
    kind = kind_of(notice.template)
    if not (choices.startswith("https://") and kind.optional):
        return {}
    return {
        "List-Unsubscribe": f"<{choices}/stop/{kind.name}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _history(claim_id: UUID) -> list[Recorded]:
    bodies = Event.objects.filter(claim_id=claim_id).order_by("version").values_list("body", flat=True)
    return [decode(body)[1] for body in bodies]


# Whose address ---------------------------------------------------------------------------------------


def _recipient(recipient: str, marketplace: str, claim_id: UUID | None = None) -> tuple[tuple[str, ...], str]:
    """The addresses, and the name to greet by where there is one. A party with contacts is told by letter_to()."""
    kind, _, key = recipient.partition(":")
    match kind:
        case "claimant":
            contact = vault.contact_of(UUID(key))
            if contact is None:
                raise NoAddress("the claimant was erased, or left no contact")
            if not contact.get("email"):
                raise NoAddress("the claimant left no mail address")
            return (contact["email"],), contact.get("name", "")
        case "seller" | "insurer":
            name, email = address_on_file(recipient)
            if not email:
                raise NoAddress(f"the {kind} has no mail address on file")
            return (email,), name
        case "producer":
            assert claim_id is not None, "a producer is named on a claim"
            return _producer(UUID(key), claim_id)
        case "role":
            holders = _holders(key, marketplace)
            if not holders:
                raise NoAddress(f"no active account holds the role {key} in {marketplace}")
            return holders, ""
        case _:
            raise NoAddress(f"{recipient!r} is no recipient that we know")


def _producer(item_id: UUID, claim_id: UUID) -> tuple[tuple[str, ...], str]:
    """Whom the seller named; its words lie in the vault under the claimant, and are forgotten with them."""
    _, words = vault.read(claim_id, kinds=("producer",)).get(item_id, ("", ""))
    if not words:
        raise NoAddress("who the producer is was erased")
    told = msgspec.json.decode(words, type=dict[str, str])
    if not told.get("email"):
        raise NoAddress("no mail address of the producer was told")
    return (told["email"],), told.get("name", "")


def _holders(role: str, marketplace: str) -> tuple[str, ...]:
    """Everybody in that role here, in one mail: they answer for it together."""
    here = Q(assignments__marketplace="") | Q(assignments__marketplace=marketplace)
    found = Account.objects.filter(here, assignments__role=role, is_active=True).distinct().order_by("email")
    return tuple(found.values_list("email", flat=True))


# Which facts -----------------------------------------------------------------------------------------


def _told(notice: Outbox, then: Claim, now: Claim, history: list[Recorded]) -> _Told:
    filed = then.filed
    line = OrderLine.objects.get(id=filed.order_line_id)
    market = Marketplace.objects.get(code=filed.marketplace)
    return {
        "reference": filed.reference,
        "link": _link(notice, then),
        "product": line.product_title or line.product_ref,
        "order": line.order_ref,
        "marketplace": market.name,
        "claimed": plain.amount(then.claimed_minor, then.currency),
        "injury": filed.injury,
        "parts": [_part(exposure.no, then) for exposure in then.exposures],
        "policy_version": then.policy_version,
        "event_at": plain.instant(notice.created_at, market.zone),
        "may_appeal": now.refused_minor > 0,
        **_ends(notice, now, market.zone),
        **_own_facts(notice, then, market.zone),
        **_of_event(history, then, notice),
        **_statement(notice, then),
    }


def _link(notice: Outbox, claim: Claim) -> str:
    if notice.recipient.startswith("claimant:"):
        return claimant_link(claim.claim_id, claim.filed.claimant_id, reference=claim.filed.reference)
    if notice.recipient.startswith("producer:"):
        named = UUID(notice.recipient.partition(":")[2])
        return producer_link(claim.claim_id, named, reference=claim.filed.reference)
    return f"{settings.PUBLIC_URL}/claims/{claim.filed.reference}"


def _part(no: int, claim: Claim) -> _Told:
    exposure = claim.exposure(no)
    assert exposure is not None
    return {
        "what": plain.said(plain.HEADS, exposure.head),
        "claimed": plain.amount(exposure.claimed_minor, claim.currency),
        "open": plain.amount(exposure.open_minor, claim.currency) if exposure.open_minor else "",
    }


def _ends(notice: Outbox, now: Claim, zone: str) -> _Told:
    """By name of the clock, when it ends: the one that ran when the notice was asked for, as it stands now."""
    ends: _Told = {f"{name}_by": "" for name in plain.CLOCKS}
    for clock in sorted(now.clocks, key=lambda clock: clock.turn):
        if clock.started_at <= notice.created_at:
            ends[f"{clock.name}_by"] = plain.deadline(clock.due_at, zone)
    return ends


def _ends_of(name: str, claim: Claim, zone: str) -> str:
    clock = claim.held(name)
    return plain.deadline(clock.due_at, zone) if clock else translation.gettext("its end")


def _own_facts(notice: Outbox, claim: Claim, zone: str) -> _Told:
    """The facts that stand in the row, in words."""
    facts = dict(notice.facts)
    told: _Told = {
        name.removesuffix("_minor"): plain.amount(minor, claim.currency) if minor else ""
        for name, minor in facts.items()
        if name.endswith("_minor")
    }
    if "missing" in facts:
        told["missing"] = [
            {"what": plain.said(plain.PROOF, proof["what"]), "part": _part(proof["exposure"], claim)["what"]}
            for proof in facts["missing"]
        ]
    if "method" in facts:
        told["method"] = plain.said(plain.METHODS, facts["method"])
    if "hazards" in facts:
        told["hazards"] = ", ".join(plain.said(plain.HAZARDS, hazard) for hazard in facts["hazards"])
    if "clock" in facts:
        told["clock"] = plain.said(plain.CLOCKS, facts["clock"])
        told["clock_name"] = facts["clock"]
        told["ends"] = _ends_of(facts["clock"], claim, zone)
    if "due_at" in facts:
        told["due_at"] = plain.deadline(datetime.fromisoformat(facts["due_at"]), zone)
    told |= tender_words.own_facts(facts)
    plainly_told = ("insured", "proof_asked", "self_service", "letter", "why", "proves", "outcome")
    return told | {name: facts[name] for name in plainly_told if name in facts}


def _of_event(history: list[Recorded], then: Claim, notice: Outbox) -> _Told:
    """What the event itself says, where the row's facts only point at it: reasons and their clauses."""
    event = history[then.version - 1].event
    match event:
        case ev.ConcernRaised(exposures, reason, version):
            return {
                "concerning": [_part(no, then)["what"] for no in exposures],
                "reason": Reasons(_reason(reason, history[: then.version], then)),
                "clause": reason.clause,
                "policy_version": version,
            }
        case _:
            return tender_words.of_event(event, then, notice)


def _statement(notice: Outbox, then: Claim) -> _Told:
    """The whole statement of reasons, where the event has one for this recipient."""
    kind = notice.recipient.partition(":")[0]
    party = next((party for party in PARTIES if party == kind), None)
    told = statement_to(then.claim_id, then.version, party) if party else None
    return {"statement": Reasons(text_of(told)) if told else ""}


def _reason(reason: ev.Reason, past: list[Recorded], claim: Claim) -> str:
    """The policy's own sentence where the reason is a row of it, with the figures of this claim; else our words."""
    for asked in explained(claim.claim_id, past):
        if asked.clause == reason.clause:
            return next(row.because for row in asked.rows if row.held)
    words = plain.said(plain.REASONS, reason.code)
    return words[:1].upper() + words[1:] + "."


# Which words -----------------------------------------------------------------------------------------


def rendered(template: str, told: _Told) -> tuple[str, str]:
    """Subject (the first line), and the text with its marks."""
    text = _template(template, language()).render(Context({"statement": "", **with_marks(told)}, autoescape=False))
    assert _MISSING not in text, f"the mail {template} names a fact that nobody told: {text}"
    subject, _, body = tidy(text).partition("\n")
    return unmarked(subject).removeprefix("Subject: "), body.lstrip("\n")


@cache
def _template(name: str, in_language: str) -> Template:
    """The mail in the active language; `in_language` is that one's name, for what is kept."""
    subject, _newline, body = _said(name).partition("\n")
    about = name.partition("_")[0]
    ending = _said(f"_{about}_ending" if about in ("standing", "account", "link") else "_ending")
    parts = (subject, _said("_greeting"), body, "{{ statement }}", ending, _said("_choices"))
    return _engine().from_string("\n\n".join(parts))


def _said(name: str) -> str:
    return texts.translated(_file(name), translation.gettext)


def _file(name: str) -> str:
    return files("makewhole.workers.mails").joinpath(f"{name}.txt").read_text("utf-8")


@cache
def _engine() -> Engine:
    return Engine(autoescape=False, string_if_invalid=_MISSING)
