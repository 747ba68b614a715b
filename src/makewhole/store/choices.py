"""Which kinds of notices somebody does without by mail, or a machine by webhook. Start at choose_mails().

What may be left out stands in domain/notice_kinds.py; the rest is refused here, and by the database once more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from makewhole.domain.notice_kinds import KINDS, kinds_told_to
from makewhole.domain.refusal import Refused
from makewhole.store import webhooks
from makewhole.store.models import Contact, MailChoice, WebhookEndpoint


def choose_mails(
    recipient: str, contact_id: int | None, left_out: Iterable[str], *, by: str, at: datetime
) -> tuple[str, ...]:
    """From the next notice on these kinds are in the inbox alone; what is left out now.

    `contact_id`: a contact of that party; without one, the one address that a recipient without contacts has.
    Refuses `unknown_notice_kind`, `notice_kind_required`, and `unknown_contact`, also for one of another party.
    """
    chosen = _checked(recipient, left_out)
    if contact_id is None:
        MailChoice.objects.update_or_create(
            recipient=recipient, defaults={"inbox_only": chosen, "chosen_at": at, "chosen_by": by}
        )
    elif not Contact.objects.filter(party=recipient, id=contact_id).update(
        inbox_only=chosen, chosen_at=at, chosen_by=by
    ):
        raise Refused("unknown_contact", contact=contact_id)
    return tuple(chosen)


def mails_left_out(recipient: str, contact_id: int | None = None) -> tuple[str, ...]:
    """What was chosen so far. Refuses `unknown_contact`, also for one of another party, or one that was removed."""
    if contact_id is None:
        chosen = MailChoice.objects.filter(recipient=recipient).values_list("inbox_only", flat=True).first()
        return tuple(chosen or ())
    found = Contact.objects.filter(party=recipient, id=contact_id, active=True).values_list("inbox_only", flat=True)
    if not found:
        raise Refused("unknown_contact", contact=contact_id)
    return tuple(found[0])


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
