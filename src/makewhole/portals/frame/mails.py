"""The demo's mailbox: mails that went to a folder instead of a mail server. Only on a machine that shows
itself to nobody else: where mails leave for real, or others can reach us, there is no such page."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

MOST = 200
_BETWEEN = "\n" + "-" * 79 + "\n"  # as Django's folder backend writes it
_LINK = re.compile(r"https?://[^\s<>&]+(?:&amp;[^\s<>&]+)*")


@dataclass(frozen=True, slots=True)
class Mail:
    name: str
    sent_at: datetime
    to: str
    subject: str
    body: SafeString
    html: str


# The HTML of a mail is shown by itself, in a document that may run, load and send nothing and is of no origin of ours.
ALONE = "; ".join(
    ("default-src 'none'", "style-src 'unsafe-inline'", "form-action 'none'", "frame-ancestors 'none'", "sandbox")
)


@never_cache
@require_GET
def mails(request: HttpRequest) -> HttpResponse:
    """The newest mails."""
    found = sorted(_mails(_folder()), key=lambda mail: mail.sent_at, reverse=True)
    return render(request, "portals/mails.html", {"mails": found[:MOST], "total": len(found)})


@never_cache
@require_GET
def html(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as a mail program would show it."""
    found = next((mail for mail in _mails(_folder()) if mail.name == name and mail.html), None)
    if found is None:
        raise Http404
    return HttpResponse(found.html, headers={"Content-Security-Policy": ALONE})


def shown_here() -> bool:
    """Whether mails go to a folder, on a machine that only itself can reach."""
    to_folder = settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")
    return to_folder and urlsplit(settings.PUBLIC_URL).hostname in ("localhost", "127.0.0.1", "::1")


def _folder() -> Path:
    if not shown_here():
        raise Http404
    return Path(getattr(settings, "EMAIL_FILE_PATH"))  # noqa: B009 - there only with this backend


def _mails(folder: Path) -> list[Mail]:
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)[:MOST]
    return [
        _mail(f"{file.stem}-{n}", text, file)
        for file in files
        for n, text in enumerate(file.read_text("utf-8", errors="replace").split(_BETWEEN))
        if text.strip()
    ]


def _mail(name: str, text: str, file: Path) -> Mail:
    parsed = email.message_from_string(text.lstrip(), _class=EmailMessage, policy=email.policy.default)
    part = parsed.get_body(preferencelist=("plain",))
    body = part.get_content() if part is not None else ""
    sent = parsed["Date"].datetime if parsed["Date"] else None
    at = sent or datetime.fromtimestamp(file.stat().st_mtime, UTC)
    page = parsed.get_body(preferencelist=("html",))
    return Mail(
        name,
        at if at.tzinfo else at.replace(tzinfo=UTC),
        str(parsed["To"]),
        str(parsed["Subject"]),
        _linked(body),
        page.get_content() if page is not None else "",
    )


def _linked(body: str) -> SafeString:
    """The text, escaped, with our own addresses as links."""
    return mark_safe(_LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(body)))
