"""What goes wrong around a request: addresses, methods, a lost database, a full disk; each told, nothing half done."""

from __future__ import annotations

import errno
import logging

import psycopg
import pytest
from api.machines import Machine
from api.saying import notice, refused
from django.db import connection
from world import Shop

from makewhole.api.v1.problems import SENTENCES_OF_THE_API, STATUS, problem
from makewhole.domain.sentences import SENTENCES
from makewhole.store.models import Claim, Event


def test_an_address_with_nothing_behind_it_is_told_as_a_problem(backend: Machine):
    refused(backend.get("/nothing/here"), 404, "no_such_address")
    refused(backend.post("/claims/MW-00000-00000/acts/shred"), 404, "no_such_address")


def test_a_method_that_an_address_does_not_take_is_told_with_those_that_it_takes(backend: Machine):
    response = backend.put("/worklist", {})
    told = refused(response, 405, "method_not_allowed")
    assert told["facts"]["allowed"] == response.headers["Allow"] == "GET"


def terminate_own_connection() -> None:
    mine = connection.connection.info.backend_pid
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", [mine])


def test_a_connection_that_died_between_two_requests_is_replaced_unnoticed(backend: Machine):
    assert backend.get("/claims").status_code == 200
    terminate_own_connection()
    assert backend.get("/claims").status_code == 200


def test_a_connection_lost_in_the_middle_of_a_decision_leaves_nothing_and_the_same_key_goes_through(
    shop: Shop, backend: Machine, monkeypatch: pytest.MonkeyPatch
):
    from makewhole import handle

    body, append = notice(shop), handle.append
    with monkeypatch.context() as patched:
        patched.setattr(handle, "append", lambda *args: (terminate_own_connection(), append(*args)))
        response = backend.post("/claims", body, idempotency_key="lost")
    refused(response, 503, "database_away")
    assert response.headers["Retry-After"] == "5"
    assert not Claim.objects.filter(marketplace_id=shop.code).exists()
    again = backend.post("/claims", body, idempotency_key="lost")
    assert again.status_code == 201 and "Idempotency-Hit" not in again.headers


def test_a_database_that_cannot_be_reached_is_503(backend: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path):
    with monkeypatch.context() as patched:
        connection.close()
        patched.setitem(connection.settings_dict, "HOST", str(tmp_path))
        refused(backend.get("/claims"), 503, "database_away")
    assert backend.get("/claims").status_code == 200


def test_a_full_disk_is_507_and_the_same_request_goes_through_later(
    shop: Shop, backend: Machine, monkeypatch: pytest.MonkeyPatch
):
    from makewhole import handle

    def full(*args: object) -> None:
        raise psycopg.errors.DiskFull("could not extend file: No space left on device")

    body = notice(shop)
    with monkeypatch.context() as patched:
        patched.setattr(handle, "append", full)
        refused(backend.post("/claims", body, idempotency_key="full"), 507, "disk_full")
    assert not Claim.objects.filter(marketplace_id=shop.code).exists()
    assert backend.post("/claims", body, idempotency_key="full").status_code == 201


def test_a_full_disk_of_ours_is_507_and_another_fault_of_a_file_is_not(caplog: pytest.LogCaptureFixture):
    assert problem(OSError(errno.ENOSPC, "No space left on device")).status_code == 507
    assert problem(OSError(errno.EACCES, "Permission denied")).status_code == 500


def test_a_fault_of_ours_shows_no_traceback_and_is_logged_once(
    backend: Machine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    from makewhole.api.v1 import claims

    monkeypatch.setattr(claims.waiting, "claims_of", lambda *a, **k: 1 / 0)
    with caplog.at_level(logging.WARNING):
        response = backend.get("/claims")
    refused(response, 500, "fault_of_ours")
    assert b"ZeroDivision" not in response.content and b"Traceback" not in response.content
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ZeroDivisionError]
    assert len(caplog.records) == 1


def test_what_a_machine_does_wrong_is_not_logged(backend: Machine, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING):
        backend.get("/nothing")
        backend.post("/claims", {})
    assert caplog.records == []


def test_every_code_with_a_status_has_a_sentence():
    told = SENTENCES | SENTENCES_OF_THE_API
    assert [code for code in STATUS if code not in told] == []


@pytest.mark.parametrize("seen", ["7", '"seven"', '"7', "*, 7", '"12345678901"'])
def test_an_if_match_that_is_no_version_is_refused(shop: Shop, backend: Machine, seen: str):
    claim = backend.post("/claims", notice(shop)).json()
    path = f"/claims/{claim['reference']}/acts/withdraw"
    refused(backend.post(path, {}, if_match=seen), 400, "version_not_usable")


def test_a_stale_page_is_409_and_the_version_seen_is_taken(shop: Shop, backend: Machine):
    filed = backend.post("/claims", notice(shop, complete=False))
    claim, path = filed.json(), f"/claims/{filed.json()['reference']}/acts/withdraw"
    told = refused(backend.post(path, {}, if_match=f'"{claim["version"] - 1}"'), 409, "page_is_stale")
    assert told["facts"] == {"seen": claim["version"] - 1, "now": claim["version"]}
    before = Event.objects.filter(claim_id=claim["id"]).count()
    done = backend.post(path, {}, if_match=filed.headers["ETag"])
    assert (done.status_code, done.json()["outcome"]) == (200, "withdrawn")
    assert Event.objects.filter(claim_id=claim["id"]).count() > before
    # The very same page, submitted twice.
    refused(backend.post(path, {}, if_match=filed.headers["ETag"]), 409, "page_is_stale")
