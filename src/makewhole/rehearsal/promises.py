"""What must hold when the rehearsal is over, asked of the database and of the library. Start at check().

A promise that is broken names what breaks it. Each looks at everything that is there, not at a sample.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from makewhole.rehearsal.asking import asked
from makewhole.rehearsal.drawing import File
from makewhole.store import books, checkpoints
from makewhole.store.log import verify
from makewhole.store.models import Claim, Clock, Event, Exposure, Outbox, Recovery
from makewhole.store.replay import replay

SHOWN = 5
# Every four words that follow each other in a narrative: no event has them by chance, and no part of it slips through.
STORY_RUN = re.compile(r"\b(?=([A-Za-z]+(?: [A-Za-z]+){3})\b)")


@dataclass(frozen=True, slots=True)
class Promise:
    says: str
    looked_at: str
    broken_by: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.broken_by

    def __str__(self) -> str:
        if self.holds:
            return f"holds: {self.says} ({self.looked_at})"
        more = f", and {len(self.broken_by) - SHOWN} more" if len(self.broken_by) > SHOWN else ""
        return f"BROKEN: {self.says}: {'; '.join(self.broken_by[:SHOWN])}{more}"


def check(file_of: Mapping[UUID, File], now: datetime) -> list[Promise]:
    """Every promise, held or broken. `now` is where the virtual clock stands."""
    return [
        _named_person(),
        _sums(),
        _recoveries(),
        _refusals(),
        _clocks(now),
        _books(),
        _log(now),
        _replay(),
        no_personal_data(file_of),
    ]


def _named_person() -> Promise:
    broken = tuple(" ".join(map(str, row)) for row in asked("unnamed"))
    waiting = Claim.objects.exclude(stage="closed").count()
    total = Claim.objects.count()
    says = "every claim ended or waits for a named person"
    return Promise(says, f"{total - waiting:,} ended, {waiting:,} wait", broken)


def _sums() -> Promise:
    says = "paid is within ordered, approved and cap, per exposure and incident, and nothing is paid twice"
    return Promise(says, f"{Exposure.objects.count():,} exposures", _lines("sums"))


def _recoveries() -> Promise:
    says = "recovered and withheld are within what was paid, and an insured seller owes nothing for a small claim"
    return Promise(says, f"{Recovery.objects.count():,} recoveries", _lines("recoveries"))


def _refusals() -> Promise:
    refused = Exposure.objects.filter(refused_minor__gt=0).count()
    says = "nothing is refused without people, a reason, and a concern shown before"
    return Promise(says, f"{refused:,} exposures refused or reduced", _lines("refusals"))


def _clocks(now: datetime) -> Promise:
    ran_out = Clock.objects.filter(state="ran_out").count()
    says = "each clock's effect happened once, and not before its instant"
    return Promise(says, f"{ran_out:,} clocks ran out", _lines("clock_effects", now))


def _books() -> Promise:
    broken: list[str] = []
    checked = books.check(broken.append)
    return Promise("the books balance and say what the log says", f"{checked.claims:,} claims", tuple(broken))


def _log(now: datetime) -> Promise:
    checkpoints.make(now)
    broken: list[str] = []
    seen = verify(lambda fault: broken.append(str(fault)))
    looked_at = f"{seen.events:,} events, {seen.checkpoints} checkpoint"
    return Promise("the log is chained, and its checkpoint signed", looked_at, tuple(broken))


def _replay() -> Promise:
    broken: list[str] = []
    done = replay(lambda difference: broken.append(str(difference)))
    return Promise("replaying the log gives the current rows", f"{done.events:,} events", tuple(broken))


def no_personal_data(file_of: Mapping[UUID, File]) -> Promise:
    """Of each claim its person's name, addresses and account, and runs of words of its narrative."""
    texts: dict[UUID, list[str]] = {}
    for claim_id, body in Event.objects.values_list("claim_id", "body").iterator():
        texts.setdefault(claim_id, []).append(body)
    for about, facts in Outbox.objects.values_list("claim_id", "facts").iterator():
        if about is not None:
            texts.setdefault(about, []).append(json.dumps(facts))
    broken: list[str] = []
    words = 0
    for claim_id, told in texts.items():
        whole = "\n".join(told)
        for secret in _secrets(file_of[claim_id]) if claim_id in file_of else ():
            words += 1
            if secret in whole:
                broken.append(f"{claim_id}: {secret!r}")
        if "@" in whole:
            broken.append(f"{claim_id}: a mail address")
    looked_at = f"{words:,} names, addresses, accounts and runs of words looked for"
    return Promise("no personal data stands in events or notices", looked_at, tuple(broken))


def _secrets(file: File) -> Iterator[str]:
    person = file.person
    yield from (person.name, person.email, person.phone, person.address, file.account)
    yield from STORY_RUN.findall(file.report.story)


def _lines(name: str, *given: datetime) -> tuple[str, ...]:
    return tuple(str(row[0]) for row in asked(name, *given))
