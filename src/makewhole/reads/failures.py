"""What failed and waits for an administrator: one list of all that workers could not do. Start at failures().

Nobody's address is in it: a recipient is the party, or the claim it is about, with its address masked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import Max, Q

from makewhole.domain.actors import Actor
from makewhole.store import checkpoints, job_faults
from makewhole.store.models import (
    Checkpoint,
    Claim,
    Clock,
    Delivery,
    Disbursement,
    Event,
    ImportRun,
    Insurer,
    JobFault,
    Outbox,
    Seller,
    Worker,
)

MOST = 100  # of each sort: whoever has more mends the cause, not each of them
Sort = Literal["mail", "contact-mail", "webhook", "import", "clock", "payout", "sweep", "checkpoint", "worker"]
# A full hour, what it takes until it is settled, and the sweep's own rest.
CHECKPOINT_LATE_AFTER = timedelta(hours=1, minutes=20)


@dataclass(frozen=True, slots=True)
class Failure:
    """`key` names it among those of its sort; `what`: a notice's template, an import's subject, a clock's name."""

    sort: Sort
    key: str
    since: datetime
    error: str
    what: str = ""
    whom: str = ""
    party: str = ""  # whose contacts could be mended
    reference: str = ""
    marketplace: str = ""
    times: int = 0
    lines: tuple[str, ...] = ()
    may_correct: bool = False


@dataclass(frozen=True, slots=True)
class Health:
    """Whether workers turn: each that is not known to have ended, the newest beat first."""

    workers: list[Worker]
    late: list[Worker]
    turned_at: datetime | None

    @property
    def none_turns(self) -> bool:
        return len(self.late) == len(self.workers)


@dataclass(frozen=True, slots=True)
class Failures:
    """Everything, the newest first within each sort; and the workers."""

    health: Health
    all: list[Failure] = field(default_factory=list)

    @property
    def number(self) -> int:
        return len(self.all)


def failures(by: Actor, now: datetime) -> Failures:
    """What this administrator looks after: all, or what belongs to its marketplaces. A fixed number of queries."""
    found: list[Failure] = []
    health = health_of_workers(now)
    if not by.marketplaces:
        found += _workers(health, now)
        found += _sweeps()
        found += _checkpoint(now)
    found += [*_clocks(by), *_payouts(by), *_mails(by), *_webhooks(by), *_imports(by)]
    return Failures(health, found)


def health_of_workers(now: datetime) -> Health:
    workers = list(Worker.objects.filter(stopped_at=None).order_by("-turned_at", "id"))
    late = [worker for worker in workers if now - worker.turned_at > job_faults.LATE_AFTER]
    return Health(workers, late, workers[0].turned_at if workers else None)


def masked(email: str) -> str:
    """ "k…@kettles.example": enough to know it again, and not to write to it."""
    name, at, host = email.rpartition("@")
    return f"{name[:1]}…@{host}" if at else ""


# Sorts -----------------------------------------------------------------------------------------------


def _workers(health: Health, now: datetime) -> list[Failure]:
    if not health.workers:
        return [Failure("worker", "none", now, "")]
    return [
        Failure("worker", str(worker.id), worker.turned_at, "", whom=f"{worker.host}, {worker.process}")
        for worker in health.late
    ]


def _sweeps() -> list[Failure]:
    faults = JobFault.objects.filter(job=job_faults.SWEEP).order_by("since", "key")[:MOST]
    return [Failure("sweep", each.key, each.since, each.error, what=each.key, times=each.times) for each in faults]


def _checkpoint(now: datetime) -> list[Failure]:
    newest = Checkpoint.objects.aggregate(at=Max("at"))["at"]
    settled = (now - checkpoints.SETTLED_AFTER).replace(minute=0, second=0, microsecond=0)
    if newest is not None and now - newest <= CHECKPOINT_LATE_AFTER:
        return []
    moved = Event.objects.filter(at__lte=settled)
    if not (moved.filter(at__gt=newest) if newest else moved).exists():
        return []  # nothing happened since: there is nothing to sign
    return [Failure("checkpoint", "newest", newest or settled, "")]


def _clocks(by: Actor) -> list[Failure]:
    faults = list(JobFault.objects.filter(job=job_faults.CLOCK).order_by("since", "key")[:MOST])
    known = {each.key: job_faults.clock_of(each.key) for each in faults}
    claims = _claims(by, {claim_id for claim_id, _, _ in known.values()})
    running = {
        job_faults.clock_key(*row)
        for row in Clock.objects.filter(claim_id__in=claims, state="running").values_list("claim_id", "name", "turn")
    }
    return [
        Failure(
            "clock", each.key, each.since, each.error, what=known[each.key][1], times=each.times,
            reference=claims[known[each.key][0]].reference,
        )
        for each in faults
        if known[each.key][0] in claims and each.key in running
    ]  # fmt: skip


def _payouts(by: Actor) -> list[Failure]:
    faults = list(JobFault.objects.filter(job=job_faults.PAYOUT).order_by("since", "key")[:MOST])
    payouts = Disbursement.objects.select_related("seller").in_bulk([int(each.key) for each in faults])
    return [
        Failure(
            "payout", each.key, each.since, each.error, what=payouts[int(each.key)].disbursement_ref,
            whom=payouts[int(each.key)].seller.name, marketplace=payouts[int(each.key)].marketplace_id,
            times=each.times,
        )
        for each in faults
        if int(each.key) in payouts and by.works_in(payouts[int(each.key)].marketplace_id)
    ]  # fmt: skip


def _mails(by: Actor) -> list[Failure]:
    waiting = Q(failed_at__isnull=False, let_be_at__isnull=True)
    notices = list(Outbox.objects.filter(waiting, sent_at=None).order_by("-failed_at", "-id")[:MOST])
    mails = list(
        Delivery.objects.filter(waiting, sent_at=None, endpoint=None)
        .select_related("notice", "contact")
        .order_by("-failed_at", "-id")[:MOST]
    )
    of_all = [*notices, *(mail.notice for mail in mails)]
    claims = _claims(by, {notice.claim_id for notice in of_all if notice.claim_id})
    names = _names({notice.recipient for notice in of_all})
    found = [
        Failure(
            "mail", str(notice.id), notice.failed_at or notice.created_at, notice.error, times=notice.attempts,
            what=notice.template, whom=names.get(notice.recipient, ""),
            party=_party(notice.recipient), reference=_reference(notice, claims),
            may_correct=notice.recipient.startswith(("seller:", "insurer:")),
        )
        for notice in notices
        if _is_seen(notice, claims, by)
    ]  # fmt: skip
    for mail in mails:
        assert mail.contact is not None, "mails go to contacts"
        if _is_seen(mail.notice, claims, by):
            whom = f"{names.get(mail.notice.recipient, '')} ({masked(mail.contact.email)})"
            found.append(
                Failure(
                    "contact-mail", str(mail.id), mail.failed_at or mail.created_at, mail.error, times=mail.attempts,
                    what=mail.notice.template, whom=whom, party=mail.notice.recipient,
                    reference=_reference(mail.notice, claims), may_correct=True,
                )
            )  # fmt: skip
    return found


def _webhooks(by: Actor) -> list[Failure]:
    waiting = Delivery.objects.filter(failed_at__isnull=False, let_be_at__isnull=True, sent_at=None, contact=None)
    posts = list(waiting.select_related("notice", "endpoint").order_by("-failed_at", "-id")[:MOST])
    claims = _claims(by, {each.notice.claim_id for each in posts if each.notice.claim_id})
    return [
        Failure(
            "webhook", str(each.id), each.failed_at or each.created_at, each.error, times=each.attempts,
            what=each.notice.template, whom=each.endpoint.url, party=each.endpoint.party,
            reference=_reference(each.notice, claims),
        )
        for each in posts
        if each.endpoint is not None and _is_seen(each.notice, claims, by)
    ]  # fmt: skip


def _imports(by: Actor) -> list[Failure]:
    runs = ImportRun.objects.filter(Q(bad__gt=0) | ~Q(error=""), let_be_at=None)
    if by.marketplaces:
        runs = runs.filter(marketplace__in=by.marketplaces)
    return [
        Failure(
            "import", str(run.id), run.began_at, run.error, what=run.subject, whom=run.source,
            marketplace=run.marketplace, times=run.bad, lines=tuple(line for _, line in run.bad_rows),
        )
        for run in runs.order_by("-id")[:MOST]
    ]  # fmt: skip


# Parts -----------------------------------------------------------------------------------------------


def _claims(by: Actor, ids: Iterable[UUID | None]) -> dict[UUID, Claim]:
    found = Claim.objects.filter(id__in=[each for each in ids if each]).only("id", "reference", "marketplace_id")
    return {claim.id: claim for claim in found if by.works_in(claim.marketplace_id)}


def _is_seen(notice: Outbox, claims: dict[UUID, Claim], by: Actor) -> bool:
    """What belongs to no claim is the concern of who looks after everything."""
    return notice.claim_id in claims if notice.claim_id else not by.marketplaces


def _reference(notice: Outbox, claims: dict[UUID, Claim]) -> str:
    return claims[notice.claim_id].reference if notice.claim_id in claims else ""


def _party(recipient: str) -> str:
    return recipient if recipient.startswith(("seller:", "insurer:")) else ""


def _names(recipients: set[str]) -> dict[str, str]:
    """Who it was for, in a word: a seller's or an insurer's name. Of people nothing is told."""
    ids: dict[str, list[int]] = {"seller": [], "insurer": []}
    for recipient in recipients:
        kind, _, key = recipient.partition(":")
        if kind in ids:
            ids[kind].append(int(key))
    sellers, insurers = Seller.objects.in_bulk(ids["seller"]), Insurer.objects.in_bulk(ids["insurer"])
    told = {f"seller:{each.pk}": each for each in sellers.values()} | {
        f"insurer:{each.pk}": each for each in insurers.values()
    }
    return {name: row.name for name, row in told.items()}
