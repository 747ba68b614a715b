"""A party's contacts: who at a seller or insurer is told by mail. Each gets every notice, each for itself.

Where no contact is active, the address on the party's own row is the one that is told.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from makewhole.domain.refusal import Refused
from makewhole.store.mail_languages import spoken, written_in
from makewhole.store.models import Contact, MailChoice
from makewhole.store.parties import address_on_file, has_contacts

LONGEST_NAME = 200
LONGEST_EMAIL = 254
# More would make a notice a mailing list.
MOST = 20


def add(party: str, *, name: str, email: str, by: str, at: datetime, language: str = "") -> Contact:
    """Somebody more who is told. One that is there already stays as it is; one that was removed is told again.

    `language`: of its mails; without one, its country's. Refuses `email_not_usable`, `text_too_long`,
    `party_without_contacts`, `too_many_contacts`, `unknown_language`.
    """
    has_contacts(party)
    name, email = name.strip(), email.strip()
    _check(name, email)
    language = spoken(language)
    known = Contact.objects.filter(party=party, email__iexact=email).first()
    if known is not None and known.active:
        return known
    if Contact.objects.filter(party=party, active=True).count() >= MOST:
        raise Refused("too_many_contacts", most=MOST)
    if known is not None:
        known.active, known.removed_at, known.name, known.language = True, None, name, language
        known.save(update_fields=["active", "removed_at", "name", "language"])
        return known
    try:
        with transaction.atomic():
            return Contact.objects.create(
                party=party, name=name, email=email, language=language, added_at=at, added_by=by
            )
    except IntegrityError:  # somebody else added it in this instant
        return Contact.objects.get(party=party, email__iexact=email)


def remove(party: str, contact_id: int, *, at: datetime) -> Contact:
    """Nobody is told there any more. Twice is once. Refuses `unknown_contact`, also for one of another party."""
    contact = Contact.objects.filter(party=party, id=contact_id).first()
    if contact is None:
        raise Refused("unknown_contact", contact=contact_id)
    Contact.objects.filter(id=contact_id, active=True).update(active=False, removed_at=at)
    contact.refresh_from_db()
    return contact


def contacts_of(party: str) -> list[Contact]:
    """Who is told: the active contacts; without any, the address on file as a contact without a number, if it has
    one."""
    found = list(Contact.objects.filter(party=party, active=True).order_by("id"))
    if found or party.startswith("marketplace:"):
        return found
    name, email = address_on_file(party)
    if not email:
        return []
    on_file = Contact(party=party, name=name, email=email)
    if chosen := MailChoice.objects.filter(recipient=party).first():
        on_file.inbox_only, on_file.language = chosen.inbox_only, chosen.language
    return [on_file]


def languages_of(party: str, found: list[Contact]) -> list[str]:
    """In which each of these is written to; the party's country is looked up once."""
    unchosen = written_in(party, "")
    return [each.language or unchosen for each in found]


def _check(name: str, email: str) -> None:
    for field, told, longest in (("name", name, LONGEST_NAME), ("email", email, LONGEST_EMAIL)):
        if "\x00" in told:
            raise Refused("text_has_null_bytes", field=field)
        if len(told) > longest:
            raise Refused("text_too_long", field=field, length=len(told), longest=longest)
    try:
        validate_email(email)
    except ValidationError:
        raise Refused("email_not_usable") from None
    if any(not sign.isprintable() for sign in name):
        raise Refused("name_not_printable")
