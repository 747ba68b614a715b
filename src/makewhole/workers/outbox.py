"""The sweep of the outbox: each notice is sent at least once, and normally exactly once, to each who is told.

Start at send_waiting(). A notice is leased, sent, and marked in that order: a worker that dies in between leaves
a lease that runs out, and the notice goes out again under the same Message-ID. To a party with contacts it goes as
a mail to each of them, and each of those is on its way by itself.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from makewhole.integrations.mail.sending import MailServerAway, NotAccepted, NotNow, Postman
from makewhole.store import outbox
from makewhole.store.models import Delivery, Outbox
from makewhole.store.outbox import Outgoing
from makewhole.workers.faults import database_is_away, within
from makewhole.workers.mails.letters import NoAddress, letter, letter_to
from makewhole.workers.mails.link_letters import NothingToSend

logger = logging.getLogger(__name__)

# Longer than a batch takes with every mail at the mail server's timeout (20 seconds).
LEASE = timedelta(minutes=10)
# Waits of 1, 2, 4 ... minutes, then of six hours: about two days in all.
ATTEMPTS = 15


def send_waiting(now: datetime, *, batch: int = 20) -> int:
    """Sends at most so many mails that wait at `now`; how many were leased.

    MailServerAway where the server cannot be reached: no notice has lost an attempt by that.
    """
    outbox.spread(now)
    if not outbox.any_mail_waiting(now):
        return 0
    with Postman() as postman:
        leased: list[Outgoing] = [
            *outbox.lease_waiting(now, batch=batch, lease_until=now + LEASE),
            *outbox.lease_mails(now, batch=batch, lease_until=now + LEASE),
        ]
        for at, outgoing in enumerate(leased):
            try:
                _send(outgoing, postman, now)
            except MailServerAway as lost:
                # It may have been this very mail that ended the connection: it waits, those after it do not.
                _later(outgoing, now, str(lost))
                outbox.give_back(leased[at + 1 :], send_after=now)
                raise
    return len(leased)


def _send(outgoing: Outgoing, postman: Postman, now: datetime) -> None:
    try:
        mail = letter_to(outgoing) if isinstance(outgoing, Delivery) else letter(outgoing)
        postman.send(mail)
    except NothingToSend:
        outbox.mark_sent(outgoing, at=now, message_id="")
    except NoAddress as nobody:
        outbox.give_up(outgoing, at=now, error=str(nobody))
    except NotAccepted as refused:
        _give_up(outgoing, now, str(refused))
    except NotNow as refused:
        _later(outgoing, now, str(refused))
    except MailServerAway:
        raise
    except Exception as error:
        if database_is_away(error):
            raise
        notice = _notice(outgoing)
        logger.exception("notice %d (%s) could not be written; it is tried again", notice.id, notice.template)
        _later(outgoing, now, f"{type(error).__name__}: {error}")
    else:
        outbox.mark_sent(outgoing, at=now, message_id=mail.message_id)


def _later(outgoing: Outgoing, now: datetime, error: str) -> None:
    if outgoing.attempts >= ATTEMPTS:
        _give_up(outgoing, now, error)
        return
    wait = within(timedelta(minutes=2 ** (outgoing.attempts - 1)))
    outbox.try_again(outgoing, send_after=now + wait, error=error)


def _give_up(outgoing: Outgoing, now: datetime, error: str) -> None:
    notice = _notice(outgoing)
    logger.error("notice %d (%s) was given up after %d attempts", notice.id, notice.template, outgoing.attempts)
    outbox.give_up(outgoing, at=now, error=error)


def _notice(outgoing: Outgoing) -> Outbox:
    return outgoing.notice if isinstance(outgoing, Delivery) else outgoing
