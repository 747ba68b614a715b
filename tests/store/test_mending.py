"""What workers cannot do is noted until it works, an administrator's button does it once, and who pressed is kept."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction

from makewhole.domain.actors import Actor

pytestmark = pytest.mark.usefixtures("emptied")
AT = datetime.fromisoformat("2026-03-02T15:00:00+00:00")
ADMIN = Actor("person:41", "administrator")
OF_DE = Actor("person:42", "administrator", marketplaces=frozenset({"de"}))


def _failures(by: Actor = ADMIN, now: datetime = AT) -> list[Any]:
    from makewhole.reads.failures import failures

    return [each for each in failures(by, now).all if each.sort not in ("worker", "checkpoint")]


def test_a_sweep_that_fails_is_noted_once_and_gone_when_it_works_also_by_another_worker() -> None:
    from makewhole.store.models import JobFault
    from makewhole.workers.run import Sweep, one_turn

    works: list[bool] = [False, False, True]

    def run(now: datetime) -> int:
        if not works.pop(0):
            raise RuntimeError("mail to ana@example.com refused")
        return 0

    stop, now = threading.Event(), AT
    for _ in range(2):
        sweep = Sweep("outbox", run)  # each time by a worker that was just started
        one_turn([sweep], now, stop, noted=True)
        now += timedelta(minutes=1)
    fault = JobFault.objects.get()
    assert (fault.key, fault.since, fault.last_at, fault.times) == ("outbox", AT, AT + timedelta(minutes=1), 2)
    assert fault.error == "RuntimeError: mail to (address) refused"
    assert [(each.sort, each.what) for each in _failures()] == [("sweep", "outbox")]
    assert _failures(OF_DE) == []  # the machinery is the concern of who looks after everything
    one_turn([Sweep("outbox", run)], now, stop, noted=True)
    assert not JobFault.objects.exists()


def test_a_clock_that_breaks_waits_and_is_run_at_once_when_somebody_presses(monkeypatch: pytest.MonkeyPatch) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store import mending
    from makewhole.store.models import AdminAct, Clock
    from makewhole.workers import clocks

    filed(market(), proof=False)
    due = Clock.objects.filter(state="running").order_by("due_at").first()
    assert due is not None
    now = due.due_at + timedelta(minutes=30)
    with monkeypatch.context() as broken:

        def breaks(asks: Any) -> Any:
            raise ZeroDivisionError("a rule of ours")

        broken.setattr(clocks, "handle_all", breaks)
        clocks.run_out_batch(now, batch=10)
    told = _failures(now=now)
    assert [(each.sort, each.what, each.error) for each in told] == [
        ("clock", due.name, "ZeroDivisionError: a rule of ours")
    ]
    assert clocks.run_out_batch(now, batch=10) == (0, 0)  # pushed on
    assert mending.run_clock(told[0].key, by=ADMIN, at=now) == "queued"
    assert clocks.run_out_batch(now, batch=10) == (1, 1)
    assert _failures(now=now) == []
    assert mending.run_clock(told[0].key, by=ADMIN, at=now) == mending.NOTHING_LEFT
    acts = AdminAct.objects.order_by("id").values_list("by", "act", "about", "came_of_it")
    assert list(acts) == [
        (ADMIN.name, "run_clock", told[0].key, "queued"), (ADMIN.name, "run_clock", told[0].key, "nothing_left"),
    ]  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        AdminAct.objects.update(by="nobody")
    assert now > FILED_AT


def test_a_payout_that_breaks_is_asked_again_by_the_button_and_what_breaks_it_again_is_its_answer() -> None:
    from store.claims_given import market

    from makewhole.store import job_faults, mending
    from makewhole.store.models import Disbursement, JobFault

    payout = Disbursement.objects.create(
        marketplace_id="us", seller=market(), disbursement_ref="P-1", currency="USD", net_minor=9_000,
        pays_on=AT.date(), told_at=AT,
    )  # fmt: skip
    job_faults.note("payout", str(payout.pk), ZeroDivisionError("x"), at=AT)
    [told] = _failures()
    assert (told.sort, told.what, told.whom) == ("payout", "P-1", "Kettle Co")
    assert _failures(OF_DE) == []

    def breaks(pairs: Any, at: datetime) -> int:
        raise RuntimeError("still")

    assert mending.withhold_again(payout.pk, breaks, by=ADMIN, at=AT) == "failed_again"
    assert JobFault.objects.get().error == "RuntimeError: still"
    assert mending.withhold_again(payout.pk, lambda pairs, at: 0, by=ADMIN, at=AT) == "worked"
    assert mending.withhold_again(payout.pk, lambda pairs, at: 0, by=ADMIN, at=AT) == mending.NOTHING_LEFT
    assert _failures() == []


def test_faults_that_nobody_notes_any_more_are_forgotten_and_no_sooner() -> None:
    from makewhole.store import job_faults
    from makewhole.store.models import JobFault

    clock = job_faults.clock_key(uuid4(), "decision", 1)
    for job, key in (("sweep", "outbox"), ("payout", "7"), ("clock", clock)):
        job_faults.note(job, key, "x", at=AT)
    assert job_faults.forget_old_faults(AT + timedelta(minutes=10)) == 0
    assert job_faults.forget_old_faults(AT + timedelta(minutes=10, seconds=1)) == 2
    assert job_faults.clock_of(JobFault.objects.get().key)[1] == "decision"
    assert job_faults.forget_old_faults(AT + timedelta(hours=7)) == 0
    assert job_faults.forget_old_faults(AT + timedelta(hours=7, seconds=1)) == 1


def test_a_worker_says_that_it_turns_and_a_late_one_is_told_of() -> None:
    from makewhole.reads.failures import failures, health_of_workers
    from makewhole.store import job_faults, mending
    from makewhole.store.models import Worker

    assert health_of_workers(AT).none_turns
    assert [each.key for each in failures(ADMIN, AT).all] == ["none"]
    heart, other = job_faults.Heart(), job_faults.Heart()
    heart.beat(AT)
    heart.beat(AT + timedelta(seconds=4))  # too soon to write
    other.beat(AT)
    assert set(Worker.objects.values_list("turned_at", flat=True)) == {AT}
    heart.beat(AT + timedelta(seconds=5))
    late = AT + job_faults.LATE_AFTER
    assert not health_of_workers(late).late
    health = health_of_workers(late + timedelta(seconds=1))
    assert len(health.workers) == 2 and len(health.late) == 1 and not health.none_turns
    heart.stop(late)
    assert health_of_workers(late + timedelta(seconds=1)).none_turns
    [row] = failures(ADMIN, late + timedelta(seconds=1)).all
    assert mending.forget_worker(UUID(row.key), by=ADMIN, at=late) == "forgotten"
    other.beat(late + timedelta(seconds=9))  # it runs after all
    assert not health_of_workers(late + timedelta(seconds=9)).none_turns


def test_a_checkpoint_is_overdue_only_where_something_happened_since() -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.reads.failures import failures
    from makewhole.store import mending

    def overdue(at: datetime) -> bool:
        return any(each.sort == "checkpoint" for each in failures(ADMIN, at).all)

    assert not overdue(FILED_AT)
    filed(market())
    assert not overdue(FILED_AT + timedelta(minutes=3))  # its hour is not settled
    later = FILED_AT + timedelta(hours=1, minutes=30)
    assert overdue(later)
    assert mending.make_checkpoint(by=ADMIN, at=later) == "worked"
    assert mending.make_checkpoint(by=ADMIN, at=later) == mending.NOTHING_LEFT
    assert not overdue(later) and not overdue(later + timedelta(days=3))  # nothing moved since


def test_each_import_leaves_a_row_and_one_with_bad_rows_waits_until_somebody_saw_to_it() -> None:
    from store.claims_given import market

    from makewhole.imports import sellers
    from makewhole.store import housekeeping, mending
    from makewhole.store.models import ImportRun

    market()
    sellers.load_rows("us", [{"seller_ref": "S2", "name": "Lamps"}])
    assert _failures() == []
    sellers.load_rows("us", [{"seller_ref": "S3", "name": "Pans"}, {"seller_ref": "", "name": "Nobody"}])
    [told] = _failures()
    assert (told.sort, told.what, told.whom, told.marketplace, told.times) == ("import", "sellers", "API", "us", 1)
    assert told.lines and told.lines[0].startswith("row 2: ")
    assert _failures(OF_DE) == []
    run = ImportRun.objects.latest("id")
    assert (run.rows, run.new, run.bad) == (2, 1, 1) and run.ended_at is not None
    after = run.began_at + timedelta(days=91)
    assert housekeeping.forget_old_imports(after) == 1  # the one that went well; this one nobody saw to
    assert mending.see_to_import(run.pk, by=ADMIN, at=AT) == "let_be"
    assert mending.see_to_import(run.pk, by=ADMIN, at=AT) == mending.NOTHING_LEFT
    assert _failures() == []
    assert housekeeping.forget_old_imports(after) == 0  # the newest of its feed stays


def test_a_mail_to_nobody_goes_out_once_somebody_names_an_address(mailbox: Any) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store import mending
    from makewhole.store.models import Outbox
    from makewhole.workers.outbox import send_waiting

    seller = market(seller_email="")
    filed(seller)
    while send_waiting(FILED_AT):
        pass
    lost = Outbox.objects.filter(recipient=f"seller:{seller.pk}").order_by("id")[0]
    assert lost.failed_at is not None
    assert [each.may_correct for each in _failures(now=FILED_AT) if each.key == str(lost.id)] == [True]
    assert mending.correct(lost, "claims@kettles.example", by=ADMIN, at=FILED_AT) == "corrected"
    assert mending.correct(lost, "claims@kettles.example", by=ADMIN, at=FILED_AT) == mending.NOTHING_LEFT
    while send_waiting(FILED_AT):
        pass
    assert len(mailbox.to("claims@kettles.example")) == 1
    assert str(lost.id) not in [each.key for each in _failures(now=FILED_AT)]


def test_the_last_use_of_a_token_outlives_the_minutes_that_are_counted() -> None:
    from store.claims_given import market

    from makewhole.people import tokens
    from makewhole.people.access import admit
    from makewhole.people.models import Account, RoleAssignment
    from makewhole.reads import administration
    from makewhole.store import housekeeping

    market()
    account = Account.objects.create_user("m@example.com", name="M")
    RoleAssignment.objects.create(account=account, role="marketplace", marketplace="us")
    _, clear = tokens.make(account, name="t", scopes=["claims:read"])
    assert administration.tokens(ADMIN)[0][0].last_used_at is None
    used = AT.replace(second=0)
    admit(clear, role="", now=AT)
    assert administration.tokens(ADMIN)[0][0].last_used_at == used
    assert housekeeping.forget_old_rate_windows(AT + timedelta(hours=2)) == 1
    assert administration.tokens(ADMIN)[0][0].last_used_at == used
    assert administration.tokens(OF_DE)[0] == []
