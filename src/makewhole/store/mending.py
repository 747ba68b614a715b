"""The buttons on what failed: each does one sensible thing, once, and leaves a line of who pressed it and what came.

Pressing twice is pressing once: the second time nothing is left to do, and that is what it says.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.store import checkpoints, contacts, job_faults, outbox
from makewhole.store.models import AdminAct, Clock, Delivery, ImportRun, JobFault, Outbox
from makewhole.store.withholding import Withholdable, withholdable

NOTHING_LEFT = "nothing_left"  # it was done before, or worked by itself meanwhile


def note(by: Actor, act: str, about: str, came_of_it: str = "", *, at: datetime) -> None:
    """Who pressed what, and what came of it."""
    AdminAct.objects.create(at=at, by=by.name, act=act[:40], about=about[:160], came_of_it=came_of_it[:300])


@transaction.atomic
def send_again(outgoing: Outbox | Delivery, *, by: Actor, at: datetime) -> str:
    """A mail or webhook that was given up, with all its attempts."""
    came = "queued" if outbox.send_again(outgoing, at=at) else NOTHING_LEFT
    note(by, "send_again", _named(outgoing), came, at=at)
    return came


@transaction.atomic
def let_be(outgoing: Outbox | Delivery, *, by: Actor, at: datetime) -> str:
    """It stays given up; the inbox and the claim's page have it all the same."""
    came = "let_be" if outbox.let_be(outgoing, at=at) else NOTHING_LEFT
    note(by, "let_be", _named(outgoing), came, at=at)
    return came


@transaction.atomic
def correct(outgoing: Outbox | Delivery, email: str, *, by: Actor, at: datetime) -> str:
    """Another address of the same party is told from now on, and is sent this mail; the one that failed is removed.

    Refuses `email_not_usable`, `too_many_contacts`, `party_without_contacts`.
    """
    notice = outgoing.notice if isinstance(outgoing, Delivery) else outgoing
    made = contacts.add(notice.recipient, name="", email=email, by=by.name, at=at)
    if isinstance(outgoing, Delivery):
        done = outbox.send_instead(outgoing, made.pk, at=at)
        if done and outgoing.contact_id is not None and outgoing.contact_id != made.pk:
            contacts.remove(notice.recipient, outgoing.contact_id, at=at)
    else:
        done = outbox.send_again(outgoing, at=at)
    came = "corrected" if done else NOTHING_LEFT
    note(by, "correct_address", _named(outgoing), came, at=at)
    return came


@transaction.atomic
def run_clock(key: str, *, by: Actor, at: datetime) -> str:
    """The next turn of a worker looks at it again, without the wait that a fault brought."""
    claim_id, name, turn = job_faults.clock_of(key)
    rows = Clock.objects.filter(claim_id=claim_id, name=name, turn=turn, state="running", due_at__lte=at)
    came = "queued" if rows.update(retry_at=at) else NOTHING_LEFT
    note(by, "run_clock", key, came, at=at)
    return came


def withhold_again(
    disbursement_id: int, withhold: Callable[[list[Withholdable], datetime], int], *, by: Actor, at: datetime
) -> str:
    """What may be held back of a payout is asked of the write door now. What breaks it is the answer, and noted."""
    key = str(disbursement_id)
    try:
        withhold(withholdable(at, payouts=[disbursement_id]), at)
    except Exception as error:
        job_faults.note(job_faults.PAYOUT, key, error, at=at)
        came = "failed_again"
    else:
        known = JobFault.objects.filter(job=job_faults.PAYOUT, key=key).exists()
        job_faults.worked(job_faults.PAYOUT, [key])
        came = "worked" if known else NOTHING_LEFT
    note(by, "withhold_again", f"payout {key}", came, at=at)
    return came


def make_checkpoint(*, by: Actor, at: datetime) -> str:
    made = checkpoints.hourly(at)
    came = "worked" if made is not None else NOTHING_LEFT
    note(by, "make_checkpoint", f"checkpoint {made.seq}" if made else "checkpoint", came, at=at)
    return came


@transaction.atomic
def forget_worker(worker_id: UUID, *, by: Actor, at: datetime) -> str:
    came = "forgotten" if job_faults.forget_worker(worker_id) else NOTHING_LEFT
    note(by, "forget_worker", str(worker_id), came, at=at)
    return came


@transaction.atomic
def see_to_import(run_id: int, *, by: Actor, at: datetime) -> str:
    """The rows were mended where they come from, and sent again; or they need not be."""
    run = ImportRun.objects.filter(id=run_id).first()
    if run is None:
        raise Refused("unknown_import")
    came = "let_be" if ImportRun.objects.filter(id=run_id, let_be_at=None).update(let_be_at=at) else NOTHING_LEFT
    note(by, "see_to_import", f"{run.subject} from {run.source}", came, at=at)
    return came


def _named(outgoing: Outbox | Delivery) -> str:
    if isinstance(outgoing, Outbox):
        return f"mail {outgoing.id} ({outgoing.template})"
    return f"{'webhook' if outgoing.endpoint_id else 'mail'} {outgoing.id} ({outgoing.notice.template})"
