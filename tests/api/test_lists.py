"""Lists come in pages without a gap or a double; orders, sellers and policies go in and come back."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest
from api.machines import Hire, Machine
from api.saying import notice, refused, usd
from world import Shop

from makewhole.store import policies


def pages(machine: Machine, path: str, limit: int) -> list[list[dict]]:
    found, cursor = [], ""
    while cursor is not None:
        page = machine.get(f"{path}?limit={limit}&cursor={cursor}").json()
        found.append(page["items"])
        cursor = page["next"]
    return found


def test_pages_of_claims_hold_each_claim_once_the_newest_first(shop: Shop, backend: Machine):
    filed = [backend.post("/claims", notice(shop, complete=False)).json()["reference"] for _ in range(5)]
    found = pages(backend, "/claims", 2)
    assert [len(page) for page in found] == [2, 2, 1]
    assert sorted(row["reference"] for page in found for row in page) == sorted(filed)
    assert [len(page) for page in pages(backend, "/claims", 5)] == [5]


def test_the_worklist_of_a_role_comes_in_pages_with_its_total(shop: Shop, backend: Machine, hire: Hire):
    for _ in range(3):
        backend.post("/claims", notice(shop, claimed="1500.00"))
    backend.post("/claims", notice(shop))
    bo = hire("adjuster")
    assert [len(page) for page in pages(bo, "/worklist", 2)] == [2, 1]
    assert bo.get("/worklist").json()["total"] == 3
    assert bo.get("/worklist?mine=true").json()["items"] == []


@pytest.mark.parametrize("path", ["/claims", "/worklist", "/policies", "/claims/MW-00000-00000/timeline"])
@pytest.mark.parametrize(
    "cursor", ["zzz", "%00", "é", urlsafe_b64encode(b"99999999999999999999_x").decode(), "bm9uZV8x"]
)
def test_a_cursor_that_is_none_of_ours_is_refused(shop: Shop, backend: Machine, path: str, cursor: str):
    refused(backend.get(f"{path}?cursor={cursor}"), 400, "cursor_not_usable")


@pytest.mark.parametrize(("limit", "good"), [("0", False), ("1", True), ("200", True), ("201", False), ("x", False)])
def test_a_page_has_at_least_one_item_and_at_most_two_hundred(shop: Shop, backend: Machine, limit: str, good: bool):
    assert (backend.get(f"/claims?limit={limit}").status_code == 200) == good


def test_a_timeline_in_pages_is_the_whole_timeline(shop: Shop, backend: Machine):
    claim = backend.post("/claims", notice(shop)).json()
    path = f"/claims/{claim['reference']}/timeline"
    assert [step for page in pages(backend, path, 2) for step in page] == backend.get(path).json()["items"]


# Orders and sellers ------------------------------------------------------------------------------------------


def row(number: int, **told: object) -> dict[str, object]:
    return {
        "order_ref": f"o-{number}", "line_ref": "1", "seller_ref": "kettle-co", "buyer_ref": "b-1",
        "product_ref": "KX-2", "quantity": 1, "price": "49.99", "currency": "USD", "ordered_at": "2026-10-01T12:00:00Z",
        "delivered_at": "2026-10-05T12:00:00Z",
    } | told  # fmt: skip


def test_a_batch_half_broken_loads_its_good_half_and_tells_every_reason(shop: Shop, backend: Machine):
    rows = [row(1), row(2, price="NaN", quantity=0), row(3), row(4, price="1.234")]
    report = backend.put("/orders", {"marketplace": shop.code, "rows": rows}).json()
    assert (report["rows"], report["new"], report["bad"]) == (4, 2, 2)
    assert [bad["row"] for bad in report["bad_rows"]] == [2, 4]
    assert {reason["field"] for reason in report["bad_rows"][0]["reasons"]} == {"price", "quantity"}
    again = backend.put("/orders", {"marketplace": shop.code, "rows": rows}).json()
    assert (again["new"], again["unchanged"], again["bad"]) == (0, 2, 2)
    order = backend.get("/orders/o-1").json()
    assert order["lines"][0]["price"] == usd("49.99") and order["marketplace"] == shop.code
    refused(backend.get("/orders/o-2"), 404, "unknown_order")
    body = notice(shop, order_ref="o-1", line_ref="1", loss_date="2026-11-01")
    assert backend.post("/claims", body).status_code == 201


def test_a_repeated_key_gives_the_first_report_again(shop: Shop, backend: Machine):
    batch = {"marketplace": shop.code, "rows": [row(1)]}
    first = backend.put("/orders", batch, idempotency_key="b")
    again = backend.put("/orders", batch, idempotency_key="b")
    assert (again.content, again.headers["Idempotency-Hit"]) == (first.content, "true")
    refused(backend.put("/orders", {**batch, "rows": [row(2)]}, idempotency_key="b"), 409, "key_used_for_other_content")


@pytest.mark.parametrize("rows", [[], [row(n) for n in range(5001)]])
def test_a_batch_has_at_least_one_row_and_at_most_five_thousand(shop: Shop, backend: Machine, rows: list):
    told = refused(backend.put("/orders", {"marketplace": shop.code, "rows": rows}), 422, "request_not_valid")
    assert told["errors"][0]["where"] == "body.rows"


def test_orders_go_only_where_one_works(shop: Shop, backend: Machine, hire: Hire):
    other = hire("marketplace", marketplace="elsewhere")
    for batch in ({"marketplace": shop.code, "rows": [row(1)]}, {"rows": [row(1, marketplace=shop.code)]}):
        refused(other.put("/orders", batch), 422, "unknown_marketplace")
    [bad] = backend.put("/orders", {"rows": [row(1)]}).json()["bad_rows"]
    assert [reason["field"] for reason in bad["reasons"]] == ["marketplace"]
    refused(hire("adjuster").put("/orders", {"marketplace": shop.code, "rows": [row(1)]}), 403, "role_may_not")
    refused(other.get(f"/orders/o-1?marketplace={shop.code}"), 422, "unknown_marketplace")
    refused(hire("adjuster", also=(("adjuster", "elsewhere", None),)).get("/orders/o-1"), 422, "which_marketplace")
    refused(hire("seller", seller=shop.insured.pk).get("/orders/o-1"), 403, "role_may_not")


def test_sellers_go_in_and_come_back(shop: Shop, backend: Machine):
    rows = [{"seller_ref": "pan-co", "name": "Pan Co", "email": "p@example.com", "country": "US"}]
    assert backend.put("/sellers", {"marketplace": shop.code, "rows": rows}).json()["new"] == 1
    assert backend.get("/sellers/pan-co").json()["name"] == "Pan Co"
    refused(backend.get("/sellers/nobody"), 404, "unknown_seller")


# Policies ----------------------------------------------------------------------------------------------------


def test_a_policy_is_listed_shown_and_read_on_a_day(shop: Shop, backend: Machine):
    listed = [version for page in pages(backend, "/policies", 1) for version in page]
    assert len({version["version"] for version in listed}) == len(listed)
    us = next(version for version in listed if version["policy"] == "us")
    text = backend.get(f"/policies/versions/{us['version']}").json()["text"]
    assert text == policies.shipped("us")
    rules = backend.get("/policies/us/on/2026-11-21").json()["rules"]
    limit = next(rule for rule in rules if rule["name"] == "small_claim_limit")
    assert "1,000" in limit["told"] and limit["source"]
    assert backend.get("/policies/us/on/1999-01-01").json()["rules"] == []
    refused(backend.get("/policies/versions/us 1999-1"), 404, "unknown_policy_version")
    refused(backend.get("/policies/mars/on/2026-11-21"), 404, "unknown_policy")
    refused(backend.get("/policies/us/on/yesterday"), 422, "request_not_valid")


def test_a_policy_with_faults_is_told_all_of_them_and_is_not_published(shop: Shop, backend: Machine, hire: Hire):
    text = policies.shipped("us").replace("source =", "sauce =").replace('kind = "money"', 'kind = "honey"')
    findings = backend.post("/policies/check", {"text": text}).json()["findings"]
    assert len(findings) >= 12
    told = refused(hire("programme_owner", marketplace="").post("/policies", {"text": text}), 422, "policy_faulty")
    assert [error["what"] for error in told["errors"]] == [finding["what"] for finding in findings]
    assert backend.post("/policies/check", {"text": policies.shipped("us")}).json() == {"findings": []}


def test_the_same_policy_again_is_the_version_it_was_and_only_its_owner_publishes(
    shop: Shop, backend: Machine, hire: Hire
):
    text = {"text": policies.shipped("us")}
    owner = hire("programme_owner", marketplace="")
    first = owner.post("/policies", text)
    assert first.status_code == 201 and first.json()["policy"] == "us"
    assert owner.post("/policies", text).json() == first.json()
    refused(hire("adjuster").post("/policies", text), 403, "role_may_not")
    refused(hire("programme_owner", marketplace="elsewhere").post("/policies", text), 403, "policy_of_others")
