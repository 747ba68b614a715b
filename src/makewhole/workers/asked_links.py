"""The sweep of asked links: an order or a draft is looked for, and its link goes to the address that it is of.

Start at mail_asked_links(). Where there is no such order, nothing is sent, and nobody is told so.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from makewhole.imports.pseudonyms import pseudonyms
from makewhole.integrations.mail.sending import Mail, MailServerAway, NotAccepted, NotNow, Postman
from makewhole.people.links import OrderNamed, draft_link, order_link
from makewhole.reads.orders import orders_called
from makewhole.store import asked_links, drafts
from makewhole.store.asked_links import Asked
from makewhole.workers.mails.html import as_html

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
ATTEMPTS = 6


def mail_asked_links(now: datetime, *, batch: int = 20) -> int:
    """Sends at most so many; how many were looked at. MailServerAway where the server cannot be reached."""
    if not asked_links.any_waiting(now):
        return 0
    with Postman() as postman:
        leased = asked_links.lease(now, batch=batch, until=now + LEASE)
        for asked in leased:
            _send(asked, postman, now)
    return len(leased)


def _send(asked: Asked, postman: Postman, now: datetime) -> None:
    mail = _written(asked, now)
    try:
        if mail is not None:
            postman.send(mail)
    except NotAccepted:
        pass  # the address takes no mail; whoever typed it is told nothing either way
    except (NotNow, MailServerAway) as error:
        if asked.attempts < ATTEMPTS:
            asked_links.later(asked.id, now + timedelta(minutes=2**asked.attempts))
            if isinstance(error, MailServerAway):
                raise
            return
        logger.error("an asked link was given up after %d attempts: %s", asked.attempts, error)
    asked_links.done(asked.id, now)


def _written(asked: Asked, now: datetime) -> Mail | None:
    """The mail, in the language in which it was asked for; None where there is nothing to link to."""
    with translation.override(asked.language or settings.LANGUAGE_CODE):
        if asked.draft_id is not None:
            return _to_draft(asked, now)
        return _to_orders(asked)


def _to_draft(asked: Asked, now: datetime) -> Mail | None:
    draft = drafts.find(asked.draft_id, now) if asked.draft_id else None
    if draft is None or draft.claim_id is not None:
        return None
    link = draft_link(draft.id)
    return _mail(
        asked,
        _("Go on with your claim"),
        [
            f"{_('Your claim is saved and not sent yet. Go on with it here, on any device:')}\n{link}",
            _("The link is good for %(days)d days. Whoever has it can read what you told us.")
            % {"days": drafts.KEPT.days},
        ],
        link=link,
    )


def _to_orders(asked: Asked) -> Mail | None:
    (buyer_ref,) = pseudonyms([asked.email])
    found = orders_called(asked.order_ref, buyer_ref)
    if not found:
        return None
    links = "\n\n".join(
        f"{line.product_title}:\n"
        f"{order_link(OrderNamed(line.marketplace_id, line.order_ref, line.line_ref, line.buyer_ref))}"
        for line in found
    )
    return _mail(
        asked,
        _("Claim for your order %(order)s") % {"order": asked.order_ref},
        [
            _("You asked for the way to a claim for this order. Choose the product that did harm:"),
            links,
            _("If you did not ask for this, you need do nothing: the link was sent to you alone."),
        ],
    )


def _mail(asked: Asked, subject: str, parts: list[str], *, link: str = "") -> Mail:
    host = urlsplit(settings.PUBLIC_URL).hostname
    text = "\n\n".join(parts) + "\n"
    language = asked.language or settings.LANGUAGE_CODE
    html = as_html(text, subject=subject, sender="Makewhole", link=link, ours=settings.PUBLIC_URL, lang=language)
    return Mail((asked.email,), subject, text, html, f"asked-link-{asked.id}@{host}")
