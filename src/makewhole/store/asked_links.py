"""Links that somebody asked to be mailed: to the claims of an address, to an order, or to a claim that is not sent
yet. Start at ask().

Whoever asks learns nothing by it: the answer is the same, and so is the work, whether there is such a thing or not. An
ask is a notice in the outbox like any other, so that it is sent, tried again and given up as those are. It belongs to
no claim: which ones an address has, if any, a worker finds when it writes the mail (workers/mails/link_letters.py),
and it writes to nobody but whom they are of. Until then what was typed lies sealed in the notice.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from makewhole.store import envelope, vault
from makewhole.store.ids import new_id
from makewhole.store.models import Outbox

LinkTo = Literal["claims", "order", "draft"]
# Who presses the button again gets no second mail so soon.
MINUTES = 5
# Longer than the outbox tries a mail, so that an administrator still finds one that was given up.
KEPT = timedelta(days=7)
_WHOM = "asked:"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be mailed. `named`: a claim's reference (empty: the newest), an order's number, a draft's id."""

    to: LinkTo
    email: str
    named: str


def ask(to: LinkTo, email: str, named: str, *, language: str, at: datetime) -> None:
    """Keeps what was asked, for the worker. The same again within minutes is one; how often one address may ask is
    counted by the pages."""
    ask_id, data_key = new_id(), envelope.new_data_key()
    words = msgspec.json.encode({"email": email.strip(), "named": named})
    same = vault.match_digest("asked_link", f"{to}\0{envelope.normal_email(email)}\0{named.casefold()}")
    notice = Outbox(
        dedupe=f"link:{same.hex()[:40]}:{int(at.timestamp()) // (60 * MINUTES)}",
        recipient=f"{_WHOM}{ask_id.hex}",
        template=f"link_to_{to}",
        facts={
            "language": language,
            "key": b64encode(vault.wrap(ask_id, data_key)).decode(),
            "sealed": b64encode(envelope.seal(data_key, words, bound_to=ask_id.bytes)).decode(),
        },
        created_at=at,
        send_after=at,
        spread_at=at,  # nobody else is told
    )
    Outbox.objects.bulk_create([notice], ignore_conflicts=True)


def is_asked(notice: Outbox) -> bool:
    return notice.recipient.startswith(_WHOM)


def asked_in(notice: Outbox) -> Asked:
    """What this notice asks for, opened; only as long as its mail is not out."""
    ask_id = UUID(hex=notice.recipient.removeprefix(_WHOM))
    data_key = vault.unwrap(ask_id, b64decode(notice.facts["key"]))
    words = envelope.open_sealed(data_key, b64decode(notice.facts["sealed"]), bound_to=ask_id.bytes)
    told = msgspec.json.decode(words, type=dict[str, str])
    to: LinkTo = notice.template.removeprefix("link_to_")  # type: ignore[assignment]  # ask() wrote it
    return Asked(to, told["email"], told["named"])


def without_words(notice: Outbox) -> dict[str, str]:
    """The facts that stay once the mail is out, or never will be."""
    return {"language": notice.facts["language"]}


def forget_old(now: datetime) -> int:
    """Lets go what was asked long ago, whatever came of it; how many went."""
    return Outbox.objects.filter(recipient__startswith=_WHOM, created_at__lt=now - KEPT).delete()[0]
