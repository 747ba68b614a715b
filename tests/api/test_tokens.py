"""Tokens: what each scope opens, when one no longer counts, in which role it acts, and how often it may ask."""

from __future__ import annotations

from datetime import timedelta

import pytest
from api.machines import Clock, Hire, Machine
from api.saying import notice, refused
from world import NOW, Shop

from makewhole.domain.refusal import Refused
from makewhole.people import tokens
from makewhole.people.access import actor_of
from makewhole.people.models import Account, ApiToken, RoleAssignment

# Every endpoint that is no act on a claim, with the scope that it asks for. The acts all ask for one: claims:act.
ENDPOINTS = [
    ("post", "/claims", "claims:write"),
    ("get", "/claims", "claims:read"),
    ("get", "/worklist", "claims:read"),
    ("get", "/claims/MW-00000-00000", "claims:read"),
    ("get", "/claims/MW-00000-00000/timeline", "claims:read"),
    ("get", "/claims/MW-00000-00000/log", "log:read"),
    ("post", "/claim-links", "claims:write"),
    ("post", "/evidence", "evidence:write"),
    ("get", "/evidence/01a1fdad-8fce-7533-88ff-7ac0823e768e", "claims:read"),
    ("put", "/orders", "orders:write"),
    ("get", "/orders/1", "orders:read"),
    ("put", "/sellers", "sellers:write"),
    ("get", "/sellers/1", "orders:read"),
    ("put", "/disbursements", "disbursements:write"),
    ("get", "/disbursements", "disbursements:read"),
    ("put", "/insurers", "insurers:write"),
    ("get", "/insurers", "insurers:read"),
    ("put", "/coverages", "coverages:write"),
    ("get", "/coverages", "coverages:read"),
    ("get", "/recoveries", "recoveries:read"),
    ("get", "/releases", "recoveries:read"),
    ("get", "/sellers/1/statement", "recoveries:read"),
    ("get", "/overturns", "claims:read"),
    ("get", "/sellers/1/standing", "standing:read"),
    ("put", "/sellers/1/violations/1", "standing:act"),
    ("post", "/sellers/1/standing/disputes", "standing:act"),
    ("post", "/sellers/1/standing/disputes/01a1fdad-8fce-7533-88ff-7ac0823e768e/resolution", "standing:act"),
    ("post", "/sellers/1/standing/restrictions", "standing:act"),
    ("post", "/sellers/1/standing/restrictions/01a1fdad-8fce-7533-88ff-7ac0823e768e/lift", "standing:act"),
    ("get", "/contacts", "notices:read"),
    ("post", "/contacts", "notices:write"),
    ("post", "/contacts/1/remove", "notices:write"),
    ("get", "/webhooks", "notices:read"),
    ("post", "/webhooks", "notices:write"),
    ("post", "/webhooks/01a1fdad-8fce-7533-88ff-7ac0823e768e/rotate", "notices:write"),
    ("post", "/webhooks/01a1fdad-8fce-7533-88ff-7ac0823e768e/remove", "notices:write"),
    ("get", "/webhooks/01a1fdad-8fce-7533-88ff-7ac0823e768e/deliveries", "notices:read"),
    ("post", "/webhooks/deliveries/01a1fdad-8fce-7533-88ff-7ac0823e768e/replay", "notices:write"),
    ("get", "/policies", "policies:read"),
    ("get", "/policies/versions/us 2021-1", "policies:read"),
    ("get", "/policies/us/on/2026-11-21", "policies:read"),
    ("post", "/policies/check", "policies:read"),
    ("post", "/policies", "policies:write"),
    ("post", "/claims/MW-00000-00000/acts/resume", "claims:act"),
]


def asks(machine: Machine, method: str, path: str):
    return machine.get(path) if method == "get" else machine.send(method, path, b"{}")


@pytest.fixture
def one_of_each(shop: Shop, hire: Hire) -> dict[str, Machine]:
    return {scope: hire("marketplace", scopes=(scope,)) for scope in tokens.SCOPES}


def test_every_endpoint_opens_for_its_scope_and_for_no_other(one_of_each: dict[str, Machine]):
    for method, path, scope in ENDPOINTS:
        for held, machine in one_of_each.items():
            response = asks(machine, method, path)
            code = response.json().get("code") if response.status_code >= 400 else ""
            assert (code == "scope_missing") == (held != scope), (method, path, held, response.status_code, code)


def test_the_table_of_scopes_names_every_endpoint():
    from makewhole.api.v1 import api
    from makewhole.api.v1.door import _schema

    described = {
        (method, operation["security"][0]["token"][0])
        for path, methods in _schema(api)["paths"].items()
        for method, operation in methods.items()
        if "/acts/" not in path
    }
    assert described == {(method, scope) for method, _, scope in ENDPOINTS if scope != "claims:act"}
    acts = [path for path in _schema(api)["paths"] if "/acts/" in path]
    assert all(_schema(api)["paths"][path]["post"]["security"] == [{"token": ["claims:act"]}] for path in acts)


def test_without_a_token_nothing_opens(client, shop: Shop, clock: type[Clock]):
    for method, path, _ in ENDPOINTS:
        response = getattr(client, method)(f"/api/v1{path}", headers={"host": "localhost"})
        refused(response, 401, "token_missing")
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("told", ["mwk_" + "x" * 43, "mwk_short", "secret", "mwk_" + "\xe9" * 43])
def test_a_token_that_nobody_made_is_unknown(shop: Shop, clock: type[Clock], told: str):
    refused(Machine(told, 0, 0).get("/claims"), 401, "token_unknown")


def test_a_revoked_token_no_longer_counts_and_a_second_revocation_changes_nothing(backend: Machine):
    assert backend.get("/claims").status_code == 200
    tokens.revoke(backend.token_id, at=NOW)
    assert tokens.revoke(backend.token_id, at=NOW + timedelta(days=1)).revoked_at == NOW
    refused(backend.get("/claims"), 401, "token_revoked")


def test_a_token_counts_until_its_instant_and_not_at_it(hire: Hire, clock: type[Clock]):
    machine = hire(valid_for=timedelta(hours=1))
    clock.stands_at = NOW + timedelta(minutes=59, seconds=59)
    assert machine.get("/claims").status_code == 200
    clock.stands_at = NOW + timedelta(hours=1)
    refused(machine.get("/claims"), 401, "token_expired")


def test_the_tokens_of_a_closed_account_do_not_count(backend: Machine):
    Account.objects.filter(id=backend.account_id).update(is_active=False)
    refused(backend.get("/claims"), 401, "account_closed")


def test_only_the_digest_of_a_token_is_stored(backend: Machine):
    row = ApiToken.objects.filter(id=backend.token_id).values().get()
    assert bytes(row["digest"]) == tokens.digest(backend.token)
    assert backend.token not in str(row) and len(backend.token) == 47


@pytest.mark.parametrize(
    ("scopes", "per_minute", "code"),
    [(["claims:fly"], 1, "unknown_scope"), ([], 1, "no_scope"), (["claims:read"], 0, "rate_out_of_range")],
)
def test_a_token_that_makes_no_sense_is_not_made(backend: Machine, scopes: list[str], per_minute: int, code: str):
    account = Account.objects.get(id=backend.account_id)
    with pytest.raises(Refused, match=code):
        tokens.make(account, name="odd", scopes=scopes, requests_per_minute=per_minute)


# Roles -------------------------------------------------------------------------------------------------------


def test_who_holds_several_roles_names_one(shop: Shop, hire: Hire):
    machine = hire("adjuster", also=(("finance", shop.code, None),))
    told = refused(machine.get("/claims"), 400, "which_role")
    assert told["facts"]["held"] == "adjuster, finance"
    assert machine.get("/claims", makewhole_role="finance").status_code == 200
    refused(machine.get("/claims", makewhole_role="reviewer"), 403, "role_not_held")


def test_a_role_in_two_marketplaces_is_one_actor_that_works_in_both(shop: Shop, hire: Hire):
    machine = hire("marketplace", also=(("marketplace", "elsewhere", None),))
    response = machine.post("/claims", notice(shop, complete=False))
    assert response.status_code == 201


def test_who_works_for_two_insurers_says_for_which(shop: Shop, hire: Hire):
    machine = hire("insurer", insurer=4)
    assert machine.get("/claims").json() == {"items": [], "next": None}
    assert machine.get("/claims", makewhole_role="insurer:4").status_code == 200
    refused(machine.get("/claims", makewhole_role="insurer:5"), 403, "role_not_held")
    RoleAssignment.objects.create(account_id=machine.account_id, role="insurer", insurer_id=5)
    told = refused(machine.get("/claims"), 400, "which_role")
    assert told["facts"]["held"] == "insurer:4, insurer:5"
    assert machine.get("/claims", makewhole_role="insurer:5").status_code == 200
    actor = actor_of(Account.objects.get(pk=machine.account_id), "insurer:5")
    assert (actor.name, actor.role, actor.insurer_id, actor.marketplaces) == ("insurer:5", "insurer", 5, frozenset())


def test_an_account_without_a_role_may_do_nothing(shop: Shop, hire: Hire):
    refused(hire("claimant").get("/claims"), 403, "no_role")


# How often ---------------------------------------------------------------------------------------------------


def test_the_last_request_that_a_minute_has_room_for_is_answered_and_the_next_is_not(hire: Hire, clock: type[Clock]):
    machine = hire(per_minute=3)
    clock.stands_at = NOW + timedelta(seconds=48)
    assert [machine.get("/claims").status_code for _ in range(3)] == [200, 200, 200]
    response = machine.get("/claims")
    told = refused(response, 429, "too_many_requests")
    assert (told["facts"], response.headers["Retry-After"]) == ({"limit": 3, "wait_seconds": 12}, "12")
    clock.stands_at = NOW + timedelta(seconds=60)
    assert machine.get("/claims").status_code == 200


def test_what_earlier_minutes_counted_is_swept(hire: Hire, clock: type[Clock]):
    from django.db import connection

    machine = hire(per_minute=3)
    for minute in range(3):
        clock.stands_at = NOW + timedelta(minutes=minute)
        machine.get("/claims")
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from people_ratewindow where token_id = %s", [machine.token_id])
        assert cursor.fetchone() == (1,)


def test_a_refused_token_is_not_counted(hire: Hire, clock: type[Clock]):
    from django.db import connection

    machine = hire()
    tokens.revoke(machine.token_id, at=NOW)
    machine.get("/claims")
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from people_ratewindow where token_id = %s", [machine.token_id])
        assert cursor.fetchone() == (0,)
