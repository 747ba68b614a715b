"""POST /claims: decided within the request, three round trips, once for one key, and every bad field told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from api.machines import Hire, Machine
from api.saying import notice, refused, usd
from django.db import connections
from world import Shop

from makewhole.handle import handle
from makewhole.store.models import Claim, Event, Payment


def test_a_small_clean_claim_is_decided_and_its_payment_ordered_in_the_answer(shop: Shop, backend: Machine):
    response = backend.post("/claims", notice(shop))
    claim = response.json()
    assert (response.status_code, claim["stage"], claim["approved"]) == (201, "paying", usd("120.00"))
    assert claim["payments"][0]["amount"] == usd("120.00")
    assert response.headers["ETag"] == f'"{claim["version"]}"'
    assert response.headers["Location"] == claim["links"]["self"]
    assert claim["filed_at"] == "2026-11-21T17:00:00Z"


def test_the_claim_read_later_is_the_claim_that_filing_answered_and_its_file(shop: Shop, backend: Machine):
    filed = backend.post("/claims", notice(shop)).json()
    read = backend.get(f"/claims/{filed['reference']}").json()
    file = read.pop("file")
    assert read == filed
    assert file["order_ref"] == f"{shop.code}-1" and len(file["evidence"]) == 2
    assert backend.get(f"/claims/{filed['id']}").json()["reference"] == filed["reference"]


def test_what_is_missing_is_told_at_once(shop: Shop, backend: Machine):
    claim = backend.post("/claims", notice(shop, complete=False)).json()
    assert claim["stage"] == "awaiting_proof" and len(claim["missing"]) >= 2


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every time that psycopg waits for PostgreSQL: a pipeline's end, and each statement outside of one."""
    trips: list[str] = []
    execute, command, leave = psycopg.Cursor.execute, psycopg.Connection._exec_command, psycopg.Pipeline.__exit__

    def one(cursor, query, *args, **given):
        if cursor.connection._pipeline is None:
            trips.append(str(query)[:60])
        return execute(cursor, query, *args, **given)

    def another(self, query, *args, **given):
        if self._pipeline is None:
            trips.append(str(query)[:60])
        return command(self, query, *args, **given)

    def last(pipeline, *error):
        if pipeline.level == 1:
            trips.append("pipeline")
        return leave(pipeline, *error)

    with monkeypatch.context() as patched:
        patched.setattr(psycopg.Cursor, "execute", one)
        patched.setattr(psycopg.Connection, "_exec_command", another)
        patched.setattr(psycopg.Pipeline, "__exit__", last)
        yield trips


def test_filing_by_api_costs_one_round_trip_more_than_the_write_door(
    shop: Shop, backend: Machine, monkeypatch: pytest.MonkeyPatch
):
    backend.post("/claims", notice(shop))  # what is kept in memory once (policy, calendar, currency) is there
    ask = shop.ask(shop.notice(shop.sell()), key="door")
    with counted(monkeypatch) as door:
        handle(ask)
    body = notice(shop)
    with counted(monkeypatch) as trips:
        response = backend.post("/claims", body, idempotency_key="api")
    assert response.status_code == 201
    assert (trips[0].startswith("-- Who calls"), trips[1:]) == (True, door)


# Once ------------------------------------------------------------------------------------------------------


def test_a_repeated_key_gives_the_same_answer_and_says_so(shop: Shop, backend: Machine):
    body = notice(shop)
    first = backend.post("/claims", body, idempotency_key="k-1")
    again = backend.post("/claims", body, idempotency_key="k-1")
    assert (again.status_code, again.content) == (201, first.content)
    assert "Idempotency-Hit" not in first.headers and again.headers["Idempotency-Hit"] == "true"
    assert Claim.objects.filter(marketplace_id=shop.code).count() == 1


def test_a_key_used_again_with_other_content_is_refused(shop: Shop, backend: Machine):
    body = notice(shop)
    backend.post("/claims", body, idempotency_key="k-1")
    other = backend.post("/claims", body | {"story": "Another story altogether."}, idempotency_key="k-1")
    assert refused(other, 409, "key_used_for_other_content")["facts"] == {"key": "k-1"}


def test_one_key_in_eight_parallel_requests_has_one_effect(shop: Shop, backend: Machine):
    body, start = notice(shop), threading.Barrier(8)

    def once(_: int):
        start.wait()
        try:
            return backend.post("/claims", body, idempotency_key="k-8")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(once, range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Hit" in answer.headers for answer in answers) == 7
    assert Payment.objects.filter(claim__marketplace_id=shop.code).count() == 1


@pytest.mark.parametrize("key", ["", "k" * 101, "tab\there"])
def test_a_key_that_nobody_can_keep_is_refused(shop: Shop, backend: Machine, key: str):
    refused(backend.post("/claims", notice(shop), idempotency_key=key), 400, "key_not_usable")


def test_the_same_incident_without_a_key_is_the_claim_from_then(shop: Shop, backend: Machine):
    body = notice(shop)
    first, again = backend.post("/claims", body), backend.post("/claims", body)
    assert again.json()["reference"] == first.json()["reference"]
    assert again.headers["Same-Incident"] == "true" and "Idempotency-Hit" not in again.headers


# Bad input ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("NaN", "not_an_amount"),
        ("Infinity", "not_an_amount"),
        ("twelve", "not_an_amount"),
        ("1.234", "too_many_decimals"),
        ("1e2", "not_an_amount"),
        ("1e-9999999", "not_an_amount"),
        ("1_000", "not_an_amount"),
        ("-5.00", "amount_negative"),
        ("1" + 30 * "0", "amount_too_large"),
        ("1e30", "not_an_amount"),
        (184.2, "string_type"),
    ],
)
def test_an_amount_that_cannot_be_meant_is_told_with_its_place(shop: Shop, backend: Machine, amount, code: str):
    body = notice(shop, exposures=[{"head": "property_damage", "amount": {"amount": amount, "currency": "USD"}}])
    told = refused(backend.post("/claims", body), 422, "request_not_valid")
    [error] = told["errors"]
    assert error["code"] == code and error["where"].startswith("body.exposures.0.amount")
    assert not Claim.objects.filter(marketplace_id=shop.code).exists()


def test_amount_zero_is_refused_and_the_smallest_amount_is_not(shop: Shop, backend: Machine):
    def claimed(amount: str) -> dict[str, object]:
        return notice(shop, exposures=[{"head": "property_damage", "amount": usd(amount)}])

    refused(backend.post("/claims", claimed("0.00")), 422, "amount_not_positive")
    assert backend.post("/claims", claimed("0.01")).status_code == 201


def test_another_currency_is_refused_wherever_it_stands(shop: Shop, backend: Machine):
    euros = {"amount": "5.00", "currency": "EUR"}
    body = notice(shop, exposures=[{"head": head, "amount": euros} for head in ("property_damage", "lost_wages")])
    told = refused(backend.post("/claims", body), 422, "other_currency")
    assert [error["where"] for error in told["errors"]] == [
        "body.exposures.0.amount.currency",
        "body.exposures.1.amount.currency",
    ]
    nobodys = notice(shop, exposures=[{"head": "property_damage", "amount": {"amount": "5", "currency": "XYZ"}}])
    told = refused(backend.post("/claims", nobodys), 422, "request_not_valid")
    assert told["errors"][0]["code"] == "unknown_currency"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("loss_date", "2026-11-22", "loss_date_in_future"),
        ("loss_date", "2026-10-11", "loss_date_before_order"),
        ("order_ref", "nobody's", "unknown_order_line"),
        ("exposures", [], "nothing_claimed"),
        ("exposures", [{"head": "lost_temper", "amount": usd("5.00")}], "unknown_head"),
        ("exposures", [{"head": "property_damage", "amount": usd("5.00")}] * 2, "same_head_twice"),
        ("payout", {"method": "cash"}, "unknown_payout"),
        ("payout", {"method": "bank_transfer", "account": "1", "holder": "Ana"}, "account_not_usable"),
        ("payout", {"method": "bank_transfer"}, "text_missing"),
        ("contact", {"name": "Ana", "email": "ana"}, "email_not_usable"),
        ("hazards", ["boredom"], "unknown_hazard"),
        ("evidence", [{"id": str(uuid4())}], "unknown_evidence"),
        ("marketplace", "atlantis", "unknown_marketplace"),
        ("story", "  ", "text_missing"),
    ],
)
def test_what_the_rules_refuse_is_said_by_name_and_nothing_is_kept(
    shop: Shop, backend: Machine, field: str, value: object, code: str
):
    refused(backend.post("/claims", notice(shop, **{field: value})), 422, code)
    assert not Claim.objects.filter(marketplace_id=shop.code).exists()


def test_the_last_possible_days_of_an_incident_are_taken(shop: Shop, backend: Machine):
    assert backend.post("/claims", notice(shop, loss_date="2026-11-21")).status_code == 201
    assert backend.post("/claims", notice(shop, loss_date="2026-10-12")).status_code == 201


def test_every_faulty_field_is_told_at_once_and_nothing_personal_is_repeated(shop: Shop, backend: Machine):
    body = notice(
        shop,
        story="It burned\x00",
        loss_date="yesterday",
        injury="yes",
        exposures=[{"head": "property_damage", "amount": usd("NaN")}, {"head": "lost_wages", "amount": usd("1.234")}],
        evidence=[{"id": "photo"}],
        favourite_colour="green",
    )
    response = backend.post("/claims", body)
    told = refused(response, 422, "request_not_valid")
    assert {error["where"]: error["code"] for error in told["errors"]} == {
        "body.story": "text_has_null_bytes",
        "body.loss_date": "not_a_day",
        "body.injury": "bool_type",
        "body.exposures.0.amount": "not_an_amount",
        "body.exposures.1.amount": "too_many_decimals",
        "body.evidence.0.id": "not_an_id",
        "body.favourite_colour": "extra_forbidden",
    }
    assert b"It burned" not in response.content


def test_a_story_of_a_megabyte_is_too_long_and_one_that_just_fits_is_not(shop: Shop, backend: Machine):
    told = refused(backend.post("/claims", notice(shop, story="x" * 1_000_000)), 422, "request_not_valid")
    assert told["errors"][0]["where"] == "body.story" and told["errors"][0]["code"] == "string_too_long"
    assert backend.post("/claims", notice(shop, story="x" * 20_000)).status_code == 201
    refused(backend.post("/claims", notice(shop, story="x" * 20_001)), 422, "request_not_valid")


@pytest.mark.parametrize(
    "content",
    [b"{", b'{"story": NaN}', b'{"amount": Infinity}', b'{"story": "\xff"}', b"[" * 100_000, b'{"a": 1} and more'],
)
def test_what_is_not_json_is_refused_as_such(backend: Machine, content: bytes):
    refused(backend.send("post", "/claims", content), 400, "not_json")


def test_a_body_that_is_too_large_is_refused_before_it_is_read(shop: Shop, backend: Machine):
    body = json.dumps(notice(shop, story="x" * 3_000_000)).encode()
    told = refused(backend.send("post", "/claims", body), 413, "body_too_large")
    assert told["facts"]["size_bytes"] == len(body)


def test_a_claim_in_a_marketplace_that_is_not_yours_looks_like_one_that_does_not_exist(
    shop: Shop, backend: Machine, hire: Hire
):
    stranger = hire("marketplace", marketplace="elsewhere")
    told = refused(stranger.post("/claims", notice(shop)), 422, "unknown_marketplace")
    nowhere = refused(stranger.post("/claims", notice(shop, marketplace="atlantis")), 422, "unknown_marketplace")
    assert told.keys() == nowhere.keys() and told["title"] == nowhere["title"]


def test_somebody_elses_order_looks_like_none_where_the_marketplace_vouches_for_one_buyer(shop: Shop, backend: Machine):
    refused(backend.post("/claims", notice(shop, buyer_ref="another")), 422, "unknown_order_line")
    body = notice(shop)
    assert backend.post("/claims", body | {"buyer_ref": f"buyer-{shop.lines}"}).status_code == 201


def test_a_role_that_files_no_claims_is_told_so(shop: Shop, backend: Machine, hire: Hire):
    refused(hire("finance").post("/claims", notice(shop, complete=False)), 403, "role_may_not")


def test_a_link_for_a_buyer_opens_the_form_for_this_order_line(shop: Shop, backend: Machine):
    from urllib.parse import urlsplit

    from makewhole.people.links import order_named

    line = shop.sell()
    told = {"marketplace": shop.code, "order_ref": line.order_ref, "line_ref": "1"}
    link = backend.post("/claim-links", told).json()
    named = order_named(urlsplit(link["url"]).path.rpartition("/")[2])
    assert (named.order_ref, named.line_ref, named.buyer_ref) == (line.order_ref, "1", line.buyer_ref)
    refused(backend.post("/claim-links", told | {"order_ref": "none"}), 422, "unknown_order_line")


def test_the_log_names_the_account_that_filed(shop: Shop, backend: Machine):
    claim = backend.post("/claims", notice(shop)).json()
    body = json.loads(Event.objects.get(claim_id=claim["id"], version=1).body)
    assert (body["by"], body["event"]["channel"]) == (f"marketplace:{backend.account_id}", "api")


@pytest.mark.parametrize(("said", "stored"), [("de", "de"), ("en-GB", "en-gb"), ("", ""), (None, "")])
def test_the_language_of_the_claimant_is_kept_with_its_contact(
    shop: Shop, backend: Machine, said: str | None, stored: str
):
    from makewhole.store import vault

    body = notice(shop)
    if said is not None:
        body["contact"]["language"] = said
    filed = backend.post("/claims", body).json()
    contact = vault.contact_of(Claim.objects.get(id=filed["id"]).claimant_id)
    assert contact is not None and contact["language"] == stored


def test_a_language_that_cannot_be_one_is_named_by_its_field(shop: Shop, backend: Machine):
    body = notice(shop)
    body["contact"]["language"] = "Deutsch"
    told = refused(backend.post("/claims", body), 422, "request_not_valid")
    assert [fault["where"] for fault in told["errors"]] == ["body.contact.language"], told
