"""A real SMTP server on loopback that keeps the mails it is given."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any


@dataclass
class Mailbox:
    """A mail server that keeps what it is given. `answers`: what it says to an address instead of taking mail."""

    mails: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    hang_up: bool = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.hang_up:
            server.transport.close()
            return "421 closing"
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if address in str(mail["To"])]


def text_of(mail: EmailMessage) -> str:
    """Its plain words, on one line."""
    body = mail.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


class Read(HTMLParser):
    """What an HTML mail shows: its words, where it leads, and which elements and attributes it has."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.links: dict[str, str] = {}
        self.strong: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.elements.append((tag, told))
        hidden = tag in ("style", "title") or "display:none" in (told.get("style") or "")
        if tag not in ("meta", "br"):
            self._open.append((tag, hidden))
        if tag == "a":
            self._address = told["href"] or ""
            self.links[self._address] = ""

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self._open.pop()
        assert opened == tag, f"<{opened}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        if any(hidden for _, hidden in self._open):
            return
        self.words.append(data)
        if any(tag == "a" for tag, _ in self._open):
            self.links[self._address] += data
        if any(tag == "strong" for tag, _ in self._open):
            self.strong.append(data)


def words_in(text: str) -> list[str]:
    return re.findall(r"\w+(?:[.,'’@/:-]\w+)*", text.casefold())
