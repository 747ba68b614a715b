"""Sends mails one by one, over one connection to the mail server. Start at Postman.

    with Postman() as postman:      # MailServerAway where nobody answers
        postman.send(mail)          # NotAccepted: never; NotNow: later; MailServerAway: the connection is lost

Which server, or which folder instead, say Django's mail settings.
"""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail ready to go: the same words as text and as HTML. `message_id` without its angle brackets; the same for
    each attempt."""

    to: tuple[str, ...]
    subject: str
    text: str
    html: str
    message_id: str
    headers: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"


class MailServerAway(Exception):
    """The server cannot be spoken to at all: no fault of any mail."""


class NotNow(Exception):
    """This mail was not taken, and may be later."""


class NotAccepted(Exception):
    """This mail will not be taken, however often it is tried."""


class Postman:
    """One connection, kept from mail to mail. Files get one each: a folder is read by people."""

    def __init__(self) -> None:
        self._over_smtp = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
        self._connection: Any = None  # Django's backends share no type that says open() and close()

    def __enter__(self) -> Postman:
        if self._over_smtp:
            self._open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()

    def send(self, mail: Mail) -> None:
        """Hands the mail over: once this returns, the server has it."""
        if self._connection is None or not self._over_smtp:
            self._open()
        try:
            message = _message(mail, self._connection)
            message.send()
        except smtplib.SMTPRecipientsRefused as refused:
            raise _of_recipients(refused) from refused
        except smtplib.SMTPServerDisconnected as lost:
            self._close()
            raise MailServerAway(str(lost)) from lost
        except smtplib.SMTPResponseException as refused:
            # The server may be in the middle of this mail: the next one begins anew.
            self._close()
            raise NotNow(_said(refused.smtp_code, refused.smtp_error)) from refused
        except smtplib.SMTPException as wrong:
            self._close()
            raise NotNow(str(wrong)) from wrong
        except OSError as lost:
            self._close()
            raise MailServerAway(str(lost)) from lost
        except ValueError as unwritable:  # a line break in an address, or no address at all
            raise NotAccepted("no mail can be written to this address") from unwritable

    def _open(self) -> None:
        into_files = settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")
        self._connection = get_connection("makewhole.integrations.mail.folder.EmailBackend" if into_files else None)
        try:
            self._connection.open()
        except (OSError, smtplib.SMTPException) as error:  # SMTPException is an OSError; said for the reader
            self._connection = None
            raise MailServerAway(str(error) or type(error).__name__) from error

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _message(mail: Mail, connection: Any) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=list(mail.to),
        connection=connection,
        headers={
            "Message-ID": f"<{mail.message_id}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": mail.language,
            **mail.headers,
        },
    )
    message.attach_alternative(mail.html, "text/html")
    return message


def _of_recipients(refused: smtplib.SMTPRecipientsRefused) -> NotAccepted | NotNow:
    answers = list(refused.recipients.values())
    told = "; ".join(_said(code, text) for code, text in answers)
    return NotAccepted(told) if all(code >= 500 for code, _ in answers) else NotNow(told)


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"the mail server said {code} {words}"
