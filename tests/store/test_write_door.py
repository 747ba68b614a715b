"""The write door: one claim whatever is retried, doubled, killed or raced; two round trips; nothing half done."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection, connections
from world import AFTER_THE_TENDER, NOW, Shop

from makewhole import asks
from makewhole.asks import LineTold
from makewhole.domain.claim.commands import ConfirmPayment
from makewhole.domain.claim.events import ClaimDecided, PaymentOrdered
from makewhole.domain.claim.state import Closed, Paying
from makewhole.domain.refusal import Refused
from makewhole.handle import apart, handle, handle_all
from makewhole.store.models import Claim, Event, Incident, Outbox, Payment, Posting, VaultItem


def in_threads(calls):
    """Runs these at the same moment, each on a connection of its own; results or exceptions, in order."""
    start = threading.Barrier(len(calls))

    def run(call):
        try:
            start.wait()
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def books(claim_id):
    return {
        account: sum(p.amount_minor for p in Posting.objects.filter(claim_id=claim_id, account=account))
        for account in Posting.objects.filter(claim_id=claim_id).values_list("account", flat=True)
    }


def test_a_small_clean_claim_is_decided_and_ordered_in_the_same_request(shop: Shop):
    done = shop.file()
    assert isinstance(done.claim.stage, Paying)
    row = Claim.objects.get(id=done.claim.claim_id)
    assert (row.stage, row.track, row.approved_minor, row.paid_minor) == ("paying", "direct", 12000, 0)
    assert Payment.objects.get(claim_id=row.id).amount_minor == 12000
    assert books(row.id) == {
        "reserve_change": 0,
        "outstanding_reserves": 0,
        "claims_expense": 12000,
        "claims_payable": 0,
        "payments_in_transit": -12000,
    }
    assert set(Outbox.objects.filter(claim_id=row.id).values_list("template", flat=True)) == {
        "claim_received",
        "claim_about_your_product",
        "claim_decided",
        "claim_decided_seller",
        "payment_ordered",
    }


def test_a_claim_costs_two_round_trips(shop: Shop, short_folder: Path):
    """Counted on the wire: each time the client speaks after the server has answered. One round trip locks and
    loads, one writes and commits."""
    ask = shop.ask(shop.notice(shop.sell()))
    with counted_round_trips(short_folder) as trips:
        shop.file()  # what is kept in memory or prepared once is there
        before = trips()
        handle(ask)
        assert trips() - before == 2


@contextlib.contextmanager
def counted_round_trips(folder: Path) -> Iterator[Callable[[], int]]:
    """Django's connection of this thread, through a proxy that counts turns of the conversation."""
    settings = connection.settings_dict
    real = Path(settings["HOST"]) / f".s.PGSQL.{settings['PORT'] or 5432}"
    turns: list[str] = []
    proxy = socket.socket(socket.AF_UNIX)
    proxy.bind(str(folder / real.name))
    proxy.listen()

    def carry(source: socket.socket, target: socket.socket, who: str) -> None:
        while data := source.recv(65536):
            if not turns or turns[-1] != who:
                turns.append(who)
            target.sendall(data)

    def accept() -> None:
        client, _ = proxy.accept()
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(real))
        threading.Thread(target=carry, args=(client, server, "client"), daemon=True).start()
        threading.Thread(target=carry, args=(server, client, "server"), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    host = settings["HOST"]
    connection.close()
    settings["HOST"] = str(folder)
    try:
        yield lambda: turns.count("client")
    finally:
        settings["HOST"] = host
        connection.close()
        proxy.close()


def test_the_same_incident_sent_from_two_tabs_at_once_is_one_claim(shop: Shop):
    notice = shop.notice(shop.sell())
    answers = in_threads([lambda: shop.file(notice)] * 8)
    filed = {answer.claim.claim_id for answer in answers}
    assert len(filed) == 1
    assert sorted(answer.repeated for answer in answers) == [False] + [True] * 7
    assert Payment.objects.filter(claim_id__in=filed).count() == 1


def test_one_key_has_one_effect_also_when_it_comes_eight_times_at_once(shop: Shop):
    notice = shop.notice(shop.sell())
    answers = in_threads([lambda: shop.file(notice, key="k-1")] * 8)
    first = [answer for answer in answers if not answer.repeated]
    assert len(first) == 1
    assert {answer.claim for answer in answers} == {first[0].claim}, "each has the answer from then"
    assert Event.objects.filter(claim_id=first[0].claim.claim_id, kind="NoticeRepeated").count() == 0


def test_a_key_used_again_with_other_content_is_refused(shop: Shop):
    notice = shop.notice(shop.sell())
    shop.file(notice, key="k-2")
    with pytest.raises(Refused, match="key_used_for_other_content"):
        shop.file(replace(notice, story="Something else."), key="k-2")


def test_the_same_key_of_another_asker_is_another_key(shop: Shop):
    shop.file(shop.notice(shop.sell()), key="k-3")
    other = replace(
        shop.ask(shop.notice(shop.sell()), key="k-3"), key=asks.idempotency(shop.staff("adjuster", 7), "k-3", 1)
    )
    assert not handle(other).repeated


def test_claims_split_over_one_incident_at_once_are_summed(shop: Shop):
    """Two people claim 600.00 each for one incident in the same instant: only one is at or under the limit."""
    line = shop.sell(price="300.00")
    notices = [shop.notice(line, claimed="600.00") for _ in range(2)]
    answers = in_threads([lambda n=n: shop.file(n) for n in notices])
    assert sorted(answer.claim.track for answer in answers) == ["direct", "tendered"]
    assert len({answer.claim.filed.incident_id for answer in answers}) == 1


def test_an_account_named_by_two_new_claimants_at_once_is_seen_by_the_second(shop: Shop):
    notices = [shop.notice(shop.sell()) for _ in range(2)]
    notices = [replace(notice, payout=notices[0].payout) for notice in notices]
    answers = in_threads([lambda n=n: shop.file(n) for n in notices])
    found = [next(c.outcome for c in answer.claim.checks if c.name == "linked_payee") for answer in answers]
    assert sorted(found) == ["pass", "refer"]


def test_a_file_can_prove_only_one_claim(shop: Shop):
    notices = [shop.notice(shop.sell()) for _ in range(2)]
    notices = [replace(notice, evidence=notices[0].evidence) for notice in notices]
    answers = in_threads([lambda n=n: shop.file(n) for n in notices])
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert [refusal.code for refusal in refused] == ["evidence_used_before"]


def test_two_adjusters_who_saw_the_same_page_cannot_both_decide(shop: Shop):
    claim = shop.file_unanswered(shop.notice(shop.sell(), claimed="2500.00")).claim

    def decide(number):
        command, words = asks.decision((LineTold(1, approve="900.00"),), "USD")
        return handle(asks.act(
            command, claim_id=claim.claim_id, by=shop.staff("adjuster", number), at=AFTER_THE_TENDER, words=words,
            seen=claim.version,
        ))  # fmt: skip

    answers = in_threads([lambda: decide(11), lambda: decide(12)])
    stale = [answer for answer in answers if isinstance(answer, Refused)]
    assert [refusal.code for refusal in stale] == ["page_is_stale"]
    assert Event.objects.filter(claim_id=claim.claim_id, kind="ClaimDecided").count() == 1


def test_a_payment_confirmed_many_times_at_once_is_paid_once(shop: Shop):
    claim = shop.file().claim
    payment = claim.payments[0].order.payment_id

    def confirm():
        return handle(asks.act(
            ConfirmPayment(payment, "B-1"), claim_id=claim.claim_id, by=shop.staff("finance", 5), at=NOW
        ))  # fmt: skip

    answers = in_threads([confirm] * 6)
    assert {answer.claim.paid_minor for answer in answers} == {12000}
    assert all(isinstance(answer.claim.stage, Closed) for answer in answers)
    assert Event.objects.filter(claim_id=claim.claim_id, kind="PaymentSettled").count() == 1
    assert books(claim.claim_id)["bank"] == -12000


def test_a_refusal_in_a_batch_leaves_the_others_as_they_are(shop: Shop):
    good, bad = shop.notice(shop.sell()), shop.notice(shop.sell())
    answers = handle_all(
        [
            shop.ask(good),
            shop.ask(replace(bad, order_ref="nobody-knows")),
        ]
    )
    assert [type(answer).__name__ for answer in answers] == ["Done", "Refused"]
    assert answers[1].code == "unknown_order_line"


def test_asks_that_could_see_each_other_come_in_different_calls(shop: Shop):
    line = shop.sell()
    first, second, other = shop.notice(line), shop.notice(line), shop.notice(shop.sell())
    calls = apart([shop.ask(first), shop.ask(second), shop.ask(other)], at_most=10)
    assert [len(call) for call in calls] == [2, 1]


def test_a_batch_decides_as_one_by_one_does(shop: Shop):
    notices = [shop.notice(shop.sell(), claimed=amount) for amount in ("10.00", "1000.00", "1000.01", "5000.00")]
    one_by_one = [shop.file(notice).claim for notice in notices]
    again = [shop.notice(shop.sell(), claimed=amount) for amount in ("10.00", "1000.00", "1000.01", "5000.00")]
    batched = [answer.claim for answer in handle_all([shop.ask(notice) for notice in again])]
    assert [(c.stage, c.track, c.approved_minor) for c in batched] == [
        (c.stage, c.track, c.approved_minor) for c in one_by_one
    ]


def test_a_lost_connection_in_the_middle_of_a_decision_leaves_nothing_and_the_retry_works(shop: Shop):
    notice = shop.notice(shop.sell())
    ask = shop.ask(notice, key="k-lost")
    pid = threading.Event()
    found: list[int] = []

    def decide():
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            found.append(cursor.fetchone()[0])
        pid.set()
        return handle(ask)

    with psycopg.connect(**connection.get_connection_params()) as other:
        # Holds the claim's lock, so that the door has begun and waits when its connection is cut.
        other.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"claim:{ask.claim_id}"])
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(in_threads, [decide])
            pid.wait()
            _wait_until_blocked(other, found[0])
            other.execute("select pg_terminate_backend(%s)", [found[0]])
            error = answer.result()[0]
    assert isinstance(error, (OperationalError, psycopg.OperationalError))
    assert not Claim.objects.filter(id=ask.claim_id).exists()
    assert not VaultItem.objects.filter(claim_id=ask.claim_id).exists()
    assert not shop.file(notice, key="k-lost").repeated


def _wait_until_blocked(other, pid):
    for _ in range(500):
        row = other.execute("select wait_event_type from pg_stat_activity where pid = %s", [pid]).fetchone()
        if row and row[0] == "Lock":
            return
        threading.Event().wait(0.01)
    raise AssertionError("the door never waited")


def test_a_full_disk_in_the_middle_of_a_decision_leaves_nothing(shop: Shop):
    notice = shop.notice(shop.sell())
    with connection.cursor() as cursor:
        # What PostgreSQL says when a table cannot grow, from the last table that a filing writes.
        cursor.execute(
            "create function disk_is_full() returns trigger language plpgsql as "
            "$$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$"
        )
        cursor.execute(
            "create trigger disk_is_full before insert on store_idempotencykey for each row "
            "when (new.key = 'k-full') execute function disk_is_full()"
        )
    try:
        with pytest.raises(psycopg.errors.DiskFull):
            shop.file(notice, key="k-full")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("drop function disk_is_full cascade")
    assert not Claim.objects.filter(marketplace_id=shop.code).exists()
    assert not Incident.objects.filter(marketplace_id=shop.code).exists()
    assert isinstance(shop.file(notice, key="k-full").claim.stage, Paying)


def test_the_claim_names_the_policy_version_it_was_decided_by(shop: Shop):
    done = shop.file()
    decided = next(r.event for r in done.events if isinstance(r.event, ClaimDecided))
    assert decided.policy_version == done.claim.policy_version
    assert decided.policy_version.startswith("us 2021-")
    assert [e for e in done.events if isinstance(e.event, PaymentOrdered)]


def test_an_erased_claimant_cannot_be_read_and_the_chain_stays_whole(shop: Shop):
    from makewhole.store import vault

    claim = shop.file().claim
    handle(asks.act(
        ConfirmPayment(claim.payments[0].order.payment_id, "B-1"),
        claim_id=claim.claim_id, by=shop.staff("finance", 5), at=NOW,
    ))  # fmt: skip
    assert vault.read(claim.claim_id, kinds=["story"])
    vault.erase(claim.filed.claimant_id, NOW + timedelta(days=1))
    assert vault.read(claim.claim_id, kinds=["story", "contact", "payee"]) == {}
    assert vault.contact_of(claim.filed.claimant_id) is None
    assert Event.objects.filter(claim_id=claim.claim_id).count() > 5
