"""Which kinds of notices somebody does without by mail, or a machine by webhook, and in which language its mails are.
Start at choose_mails().

What may be left out stands in domain/notice_kinds.py; the rest is refused here, and by the database once more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from makewhole.domain.notice_kinds import KINDS, kinds_told_to
from makewhole.domain.refusal import Refused
from makewhole.store import webhooks
from makewhole.store.mail_languages import spoken
from makewhole.store.models import Contact, MailChoice, WebhookEndpoint


@dataclass(frozen=True, slots=True)
class MailsChosen:
    """What somebody chose of its mails: kinds that do not come, and the language ("": none was chosen)."""

    left_out: tuple[str, ...] = ()
    language: str = ""


def choose_mails(
    recipient: str,
    contact_id: int | None,
    left_out: Iterable[str],
    *,
    by: str,
    at: datetime,
    language: str | None = None,
) -> None:
    """From the next notice on these kinds are in the inbox alone, and the others are written in this language.

    `contact_id`: a contact of that party; without one, the one address that a recipient without contacts has.
    `language`: "" is the country's, None leaves it as it was. Refuses `unknown_notice_kind`, `notice_kind_required`,
    `unknown_language`, and `unknown_contact`, also for one of another party.
    """
    chosen = {"inbox_only": _checked(recipient, left_out), "chosen_at": at, "chosen_by": by}
    if language is not None:
        chosen["language"] = spoken(language)
    if contact_id is None:
        MailChoice.objects.update_or_create(recipient=recipient, defaults=chosen)
    elif not Contact.objects.filter(party=recipient, id=contact_id).update(**chosen):
        raise Refused("unknown_contact", contact=contact_id)


def mails_chosen(recipient: str, contact_id: int | None = None) -> MailsChosen:
    """What was chosen so far. Refuses `unknown_contact`, also for one of another party, or one that was removed."""
    if contact_id is None:
        found = MailChoice.objects.filter(recipient=recipient).values_list("inbox_only", "language").first()
    else:
        own = Contact.objects.filter(party=recipient, id=contact_id, active=True)
        found = own.values_list("inbox_only", "language").first()
        if found is None:
            raise Refused("unknown_contact", contact=contact_id)
    return MailsChosen(tuple(found[0]), found[1]) if found else MailsChosen()


def choose_webhooks(
    party: str, endpoint_id: UUID, left_out: Iterable[str], *, by: str, at: datetime
) -> WebhookEndpoint:
    """These kinds are not posted there any more: any, for people are told by mail beside it.

    Refuses `unknown_notice_kind`, and `unknown_webhook`, also for one of another party.
    """
    endpoint = webhooks.find(party, endpoint_id)
    endpoint.not_told = _known(left_out)
    endpoint.chosen_at, endpoint.chosen_by = at, by
    endpoint.save(update_fields=["not_told", "chosen_at", "chosen_by"])
    return endpoint


def _checked(recipient: str, left_out: Iterable[str]) -> list[str]:
    chosen = _known(left_out)
    told = {kind.name for kind in kinds_told_to(recipient)}
    for name in chosen:
        if not KINDS[name].optional:
            raise Refused("notice_kind_required", kind=KINDS[name].title, why=KINDS[name].why)
        if name not in told:
            raise Refused("unknown_notice_kind", kind=name, known=", ".join(sorted(told)))
    return chosen


def _known(left_out: Iterable[str]) -> list[str]:
    chosen = sorted(set(left_out))
    for name in chosen:
        if name not in KINDS:
            raise Refused("unknown_notice_kind", kind=name[:40], known=", ".join(KINDS))
    return chosen
