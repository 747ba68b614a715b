"""The standing of a seller as machines meet it: who sees it, who may report, dispute, decide, restrict and lift."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from api.machines import Hire, Machine
from api.saying import refused
from api.test_description import schema
from world import Shop

VIOLATION = {"on": "2026-11-19", "code": "late shipping"}
RESTRICTION = {"kind": "listings", "takes_effect_at": "2026-11-24T17:00:00Z", "words": "Three violations in a week."}
PLACE = "/sellers/kettle-co/standing"


@pytest.fixture
def reported(backend: Machine) -> list[str]:
    """Three violations: one more than is allowed. The keys of their facts."""
    for n in range(3):
        told = backend.put(f"/sellers/kettle-co/violations/v{n}", VIOLATION)
        assert told.status_code == 200, told.content
    return [fact["key"] for fact in told.json()["facts"] if fact["kind"] == "policy_violation"]


@pytest.fixture
def seller(shop: Shop, hire: Hire) -> Machine:
    return hire("seller", seller=shop.insured.pk)


def test_a_report_is_put_once_and_moves_the_level(shop: Shop, backend: Machine, reported: list[str]):
    shown = backend.get(PLACE).json()
    assert shown["level"] == "may_be_restricted" and shown["policy_version"] == "us 2021-1"
    assert shown["reasons"][0]["clause"] == "us 2021-1 · standing.violations_restrict"
    assert sorted(shown["reasons"][0]["facts"]) == sorted(reported)
    again = backend.put("/sellers/kettle-co/violations/v0", VIOLATION)
    assert again.json() == shown
    other = backend.put("/sellers/kettle-co/violations/v0", {**VIOLATION, "code": "counterfeit"})
    refused(other, 409, "report_ref_used_for_other_content")
    to_come = backend.put("/sellers/kettle-co/violations/v9", {**VIOLATION, "on": "2026-11-22"})
    refused(to_come, 422, "violation_in_future")


def test_the_answer_has_the_described_shape(shop: Shop, hire: Hire, seller: Machine, reported: list[str]):
    seller.post(f"{PLACE}/disputes", {"about": reported[0], "words": "In time."})
    hire("programme_owner").post(f"{PLACE}/restrictions", RESTRICTION)
    described = schema()
    operation = described["paths"][f"/api/v1{PLACE.replace('kettle-co', '{seller_ref}')}"]["get"]
    shape = operation["responses"]["200"]["content"]["application/json"]["schema"]
    for machine in (seller, hire("auditor")):
        jsonschema.validate(machine.get(PLACE).json(), {**shape, "components": described["components"]})


def test_from_dispute_to_restriction_and_back(shop: Shop, hire: Hire, seller: Machine, reported: list[str]):
    owner, reviewer = hire("programme_owner"), hire("reviewer")
    restricted = owner.post(f"{PLACE}/restrictions", RESTRICTION, idempotency_key="r1").json()
    (restriction,) = restricted["restrictions"]
    assert restriction["state"] == "announced" and sorted(restriction["facts"]) == sorted(reported)
    assert restriction["statement"]["decided"]["people"] == 1
    again = owner.post(f"{PLACE}/restrictions", RESTRICTION, idempotency_key="r1")
    assert again.headers["Idempotency-Hit"] == "true" and again.json() == restricted
    refused(owner.post(f"{PLACE}/restrictions", RESTRICTION), 422, "restricted_already")

    about = {"about": reported[0], "words": "The scan shows that it was in time."}
    disputed = seller.post(f"{PLACE}/disputes", about).json()
    (waiting,) = [fact["dispute"] for fact in disputed["facts"] if fact["dispute"]]
    assert disputed["level"] == "at_risk" and waiting["outcome"] == ""
    refused(seller.post(f"{PLACE}/disputes", about), 422, "disputed_already")
    resolution = f"{PLACE}/disputes/{waiting['id']}/resolution"
    answer: dict[str, Any] = {"outcome": "struck", "words": "The carrier's scan shows it."}
    refused(seller.post(resolution, answer), 403, "role_may_not")
    refused(owner.post(resolution, answer), 403, "took_part_before")
    struck = reviewer.post(resolution, answer).json()
    assert [fact["state"] for fact in struck["facts"] if fact["key"] == reported[0]] == ["struck"]

    lift = f"{PLACE}/restrictions/{restriction['id']}/lift"
    refused(reviewer.post(lift, {"words": "Its reason is gone."}), 403, "role_may_not")
    lifted = owner.post(lift, {"words": "Its reason is gone."}).json()
    assert lifted["restrictions"][0]["state"] == "lifted"
    refused(owner.post(lift, {"words": "Its reason is gone."}), 422, "restriction_lifted_already")
    refused(owner.post(f"{PLACE}/restrictions/{waiting['id']}/lift", {"words": "x"}), 404, "unknown_restriction")
    refused(reviewer.post(f"{PLACE}/disputes/{restriction['id']}/resolution", answer), 404, "unknown_dispute")


def test_a_restriction_has_its_statement_in_the_shape_of_every_other(
    shop: Shop, hire: Hire, backend: Machine, seller: Machine, reported: list[str]
):
    from api.test_statements import only_letters, words_of

    from makewhole.store.ids import new_id

    owner = hire("programme_owner")
    owner.post(f"{PLACE}/restrictions", {**RESTRICTION, "ends_at": "2026-12-24T17:00:00Z"})
    [told] = seller.get(PLACE).json()["restrictions"]
    said = told["statement"]
    assert (said["kind"], said["reference"], said["to"]) == ("seller_restricted", f"restriction:{told['id']}", "seller")
    assert said["title"] == "We restrict your listings from Tue 24 Nov 2026, 12:00 (New York)."
    violation = "19 Nov 2026: The marketplace reported a violation of its rules: late shipping."
    assert said["facts"] == [f"{violation} Source: a report of the marketplace."] * 3
    assert [each["clause"] for each in said["clauses"]] == ["us 2021-1 · standing.violations_restrict"]
    assert sorted(each["about"] for each in said["evidence"]) == sorted(reported) and said["amounts"] == []
    assert said["wrote"] == ["Three violations in a week."] and said["contest"]["to"] == "a person who took no part"
    assert said["then"] == [
        "It holds for the marketplace Test shop (US), and no other.",
        "It lasts until Thu 24 Dec 2026, 12:00 (New York).",
    ]
    # Staff know who of us decided; the seller and the marketplace do not.
    assert said["decided"]["machine"] == "prepared" and said["decided"]["by"] == []
    named = [m.get(PLACE).json()["restrictions"][0]["statement"]["decided"]["by"] for m in (backend, hire("auditor"))]
    assert named[0] == [] and len(named[1]) == 1 and named[1][0].startswith("person:")

    path = told["links"]["pdf"].removeprefix("/api/v1")
    first, second = seller.get(path), seller.get(path)
    assert first.headers["Content-Type"] == "application/pdf" and first.content == second.content
    text = only_letters(words_of(first.content))
    for line in (said["title"], *said["facts"], *said["wrote"], *said["then"], *said["contest"]["how"]):
        assert only_letters(line) in text, line
    assert only_letters(said["clauses"][0]["clause"]) in text

    stranger = hire("seller", seller=shop.uninsured.pk)
    refused(stranger.get(path), 404, "unknown_seller")
    refused(stranger.get(path.replace("kettle-co", "lamp-shop")), 404, "unknown_restriction")  # under its own name
    refused(owner.get(path.replace("kettle-co", "lamp-shop")), 404, "unknown_restriction")
    refused(owner.get(path.replace(told["id"], str(new_id()))), 404, "unknown_restriction")


def test_no_restriction_without_reasons_or_with_an_effect_before_its_notice(hire: Hire, reported: list[str]):
    owner = hire("administrator")
    before = {**RESTRICTION, "takes_effect_at": "2026-11-21T16:59:59Z"}
    refused(owner.post(f"{PLACE}/restrictions", before), 422, "effect_before_notice")
    elsewhere = PLACE.replace("kettle-co", "lamp-shop")
    refused(owner.post(f"{elsewhere}/restrictions", RESTRICTION), 422, "restriction_needs_reasons")
    refused(owner.post(f"{PLACE}/restrictions", {**RESTRICTION, "words": " "}), 422, "words_needed")
    no_zone = {**RESTRICTION, "takes_effect_at": "2026-11-24T17:00:00"}
    refused(owner.post(f"{PLACE}/restrictions", no_zone), 422, "request_not_valid")


@pytest.mark.parametrize("who", ["another seller", "another marketplace", "a reviewer from elsewhere"])
def test_the_standing_of_others_is_as_unknown_as_none(shop: Shop, hire: Hire, reported: list[str], who: str):
    machine = {
        "another seller": lambda: hire("seller", seller=shop.uninsured.pk),
        "another marketplace": lambda: hire("marketplace", marketplace="elsewhere"),
        "a reviewer from elsewhere": lambda: hire("reviewer", marketplace="elsewhere"),
    }[who]()
    code = "unknown_seller" if who == "another seller" else "unknown_marketplace"
    status = 404 if who == "another seller" else 422
    for path in (PLACE, "/sellers/nobody/standing"):
        theirs = machine.get(f"{path}?marketplace={shop.code}")
        refused(theirs, status, code)
    about = {"about": reported[0], "words": "Not mine."}
    refused(machine.post(f"{PLACE}/disputes?marketplace={shop.code}", about), status, code)


def test_the_marketplace_reads_no_words_of_a_dispute(backend: Machine, seller: Machine, reported: list[str]):
    seller.post(f"{PLACE}/disputes", {"about": reported[0], "words": "The parcel was in time."})
    told = [fact["dispute"]["words"] for fact in backend.get(PLACE).json()["facts"] if fact["dispute"]]
    assert told == [""]
    mine = [fact["dispute"]["words"] for fact in seller.get(PLACE).json()["facts"] if fact["dispute"]]
    assert mine == ["The parcel was in time."]
