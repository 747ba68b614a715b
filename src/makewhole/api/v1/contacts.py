"""Who at a seller or insurer is told by mail: the party itself says so, or an administrator."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from makewhole.api.v1 import pages, said, shapes
from makewhole.api.v1.answers import answer
from makewhole.api.v1.asking import HIT, key_in
from makewhole.api.v1.once import Told, once
from makewhole.api.v1.tokens import Token, by, now
from makewhole.domain.actors import Actor
from makewhole.domain.notice_kinds import KIND_OF, KINDS
from makewhole.domain.refusal import Refused
from makewhole.store import choices, contacts
from makewhole.store.models import Contact
from makewhole.store.parties import has_contacts, party_for

Number = Annotated[int, Path(ge=1, le=2**53)]
router = Router(tags=["contacts and webhooks"])


@router.get("/contacts", auth=Token("notices:read"), response=shapes.Contacts, summary="Who is told by mail")
def list_contacts(request: HttpRequest, party: Query[str] = "") -> HttpResponse:
    """The active contacts of a seller or insurer; without any, the address on its own row. Each gets every notice,
    but for the kinds that it chose to find in the inbox alone."""
    of = has_contacts(party_for(by(request), party, act="ReadContacts"))
    return answer(pages.page(_all_shown(of, contacts.contacts_of(of)), None))


@router.post("/contacts", auth=Token("notices:write"), response={201: shapes.ContactShape}, summary="Add a contact")
def add_contact(request: HttpRequest, told: said.NewContact) -> HttpResponse:
    """Somebody more who is told from the next notice on. One that is there already stays as it is."""
    actor, at = by(request), now()
    party = party_for(actor, told.party, act="ChangeContacts")

    def effect() -> Told:
        return _shown(
            contacts.add(party, name=told.name, email=told.email, language=told.language, by=actor.name, at=at)
        )

    content = ("add", party, told.model_dump())
    shown, hit = once("contacts", key_in(request), by=actor, at=at, content=content, effect=effect)
    return answer(shown, status=201, headers=HIT if hit else {})


@router.post("/contacts/{contact_id}/remove", auth=Token("notices:write"), response=shapes.ContactShape,
             summary="Remove a contact")  # fmt: skip
def remove_contact(request: HttpRequest, contact_id: Number) -> HttpResponse:
    """Nobody is told there any more. Twice is once."""
    actor, at = by(request), now()
    party = _party_of(contact_id, actor)

    def effect() -> Told:
        return _shown(contacts.remove(party, contact_id, at=at))

    content = ("remove", contact_id)
    shown, hit = once("contacts", key_in(request), by=actor, at=at, content=content, effect=effect)
    return answer(shown, headers=HIT if hit else {})


@router.post("/contacts/{contact_id}/choose", auth=Token("notices:write"), response=shapes.ContactShape,
             summary="Choose the mails of a contact")  # fmt: skip
def choose_mails(request: HttpRequest, contact_id: Number, told: said.MailsChosen) -> HttpResponse:
    """These kinds are in the inbox alone from the next notice on; all others come by mail, in the language that is
    chosen. What the law or the guarantee says must be told by mail is refused (`notice_kind_required`): see
    `GET /notice-kinds`."""
    actor, at = by(request), now()
    party = _party_of(contact_id, actor)

    def effect() -> Told:
        choices.choose_mails(party, contact_id, told.inbox_only, language=told.language, by=actor.name, at=at)
        return _shown(Contact.objects.get(id=contact_id))

    content = ("choose", contact_id, told.model_dump())
    shown, hit = once("contacts", key_in(request), by=actor, at=at, content=content, effect=effect)
    return answer(shown, headers=HIT if hit else {})


@router.get("/notice-kinds", auth=Token("notices:read"), response=shapes.NoticeKinds, summary="Kinds of notices")
def list_kinds(request: HttpRequest) -> HttpResponse:
    """Every kind, the notices that are of it, whether its mail may be left out, and otherwise why not."""
    by(request)
    shown: list[Told] = [
        {
            "kind": kind.name,
            "title": kind.title,
            "optional": kind.optional,
            "why": kind.why,
            "source": kind.source,
            "notices": [template for template, of in KIND_OF.items() if of == kind.name],
        }
        for kind in KINDS.values()
    ]
    return answer(pages.page(shown, None))


def _party_of(contact_id: int, actor: Actor) -> str:
    """Whose contact this is, where the asker speaks for that party; to everybody else there is no such contact."""
    party = Contact.objects.filter(id=contact_id).values_list("party", flat=True).first()
    try:
        return party_for(actor, party or "?", act="ChangeContacts")
    except Refused as refusal:
        if refusal.code != "unknown_party":
            raise
        raise Refused("unknown_contact", contact=contact_id) from None


def _shown(contact: Contact) -> Told:
    [told] = _all_shown(contact.party, [contact])
    return told


def _all_shown(party: str, found: list[Contact]) -> list[Told]:
    return [
        {
            "id": contact.pk,
            "party": contact.party,
            "name": contact.name,
            "email": contact.email,
            "active": contact.active,
            "inbox_only": contact.inbox_only,
            "language": language,
        }
        for contact, language in zip(found, contacts.languages_of(party, found), strict=True)
    ]
