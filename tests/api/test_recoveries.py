"""What is asked back, over the API: withheld, received, contested, repaid; a refusal leaves the books as they were."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import jsonschema
import pytest
from api.machines import Clock, Hire, Machine
from api.saying import refused, usd
from api.test_acts import BODIES, do
from api.test_description import schema
from api.test_tender import SECOND, due, said, untouched
from owing import PAID_AT, owing, payout
from world import Shop, a_photo

from makewhole.domain.claim.state import Claim
from makewhole.recovering import withhold_from
from makewhole.store.models import Insurer


@pytest.fixture(autouse=True)
def after_the_payment(clock: type[Clock]) -> None:
    clock.stands_at = PAID_AT + timedelta(hours=2)


@pytest.fixture
def fin(hire: Hire) -> Machine:
    return hire("finance")


@pytest.fixture
def seller(shop: Shop, hire: Hire) -> Machine:
    return hire("seller", seller=shop.uninsured.pk)


def last(shown: dict[str, Any]) -> dict[str, Any]:
    recovery: dict[str, Any] = shown["recoveries"][-1]
    return recovery


def decision(outcome: str, **more: object) -> dict[str, object]:
    return {
        "outcome": outcome, "code": "no_defect", "clause": "bearer.large_not_accepted", "words": "We looked.", **more
    }  # fmt: skip


# Withholding --------------------------------------------------------------------------------------------------


def test_never_more_is_withheld_than_the_payout_has_or_than_is_owed(shop: Shop, fin: Machine):
    claim = owing(shop, claimed="2500.00")
    small, large, euros = payout(shop, 1000), payout(shop, 5000), payout(shop, 5000, currency="EUR")
    others = payout(shop, 1000, seller=shop.insured)
    for payout_, amount, code in [
        (small, "1000.01", "above_the_payout"),
        (large, "2500.01", "more_than_owed"),
        (large, "0.00", "amount_not_above_zero"),
        (euros, "1.00", "disbursement_in_other_currency"),
        (others, "1.00", "unknown_disbursement"),
    ]:
        told = {"disbursement_ref": payout_.disbursement_ref, "amount": usd(amount)}
        with untouched(claim):
            refused(do(fin, said(claim), "recovery/withhold", told), 422, code)
    with untouched(claim):
        refused(do(fin, said(claim), "recovery/withhold", {"disbursement_ref": "none"}), 422, "unknown_disbursement")
    shown = do(fin, said(claim), "recovery/withhold", {"disbursement_ref": small.disbursement_ref}).json()
    assert last(shown)["held"] == usd("1000.00")
    [withheld] = last(shown)["withheld"]
    assert (withheld["disbursement_id"], withheld["amount"]) == (small.pk, usd("1000.00"))
    with untouched(claim):
        assert do(fin, shown, "recovery/withhold", {"disbursement_ref": small.disbursement_ref}).status_code == 200


def test_what_is_withheld_is_told_to_the_seller_and_listed_with_the_payouts(shop: Shop, hire: Hire, seller: Machine):
    claim, one = owing(shop), payout(shop, 700)
    backend = hire("marketplace")
    row = {
        "disbursement_ref": one.disbursement_ref, "seller_ref": "lamp-shop", "net_amount": "700.00", "currency": "USD",
        "pays_on": one.pays_on.isoformat(),
    }  # fmt: skip
    told = backend.put("/disbursements", {"marketplace": shop.code, "rows": [row]}).json()
    assert told["withheld"] == [
        {"disbursement_ref": one.disbursement_ref, "claim": claim.filed.reference, "amount": usd("700.00")}
    ]
    again = backend.put("/disbursements", {"marketplace": shop.code, "rows": [row]}).json()
    assert again["withheld"] == told["withheld"]
    assert last(seller.get(f"/claims/{claim.filed.reference}").json())["held"] == usd("700.00")


# Receipts -----------------------------------------------------------------------------------------------------


def test_a_receipt_counts_once_releases_what_is_held_beyond_the_rest_and_none_comes_after_the_end(
    shop: Shop, fin: Machine, hire: Hire, clock: type[Clock]
):
    claim, one = owing(shop, claimed="2500.00"), payout(shop, 1000)
    withhold_from([one.pk], clock.stands_at)
    told = {"debtor": "seller", "amount": usd("2000.00"), "ref": "B-77"}
    shown = do(fin, said(claim), "recovery/receive", told).json()
    assert (last(shown)["held"], last(shown)["released"]) == (usd("500.00"), usd("500.00"))
    with untouched(claim):
        assert do(fin, shown, "recovery/receive", told).status_code == 200
        refused(do(fin, shown, "recovery/receive", told | {"amount": usd("1.00")}), 409, "receipt_told_differently")
        refused(do(fin, shown, "recovery/receive", told | {"ref": "B-78"}), 422, "more_than_owed")
        nothing = {"debtor": "insurer", "amount": usd("1.00"), "ref": "B-79"}
        refused(do(fin, shown, "recovery/receive", nothing), 422, "more_than_owed")
    feed = hire("marketplace").get("/releases").json()["items"]
    [release] = [each for each in feed if each["claim"] == claim.filed.reference]
    assert (release["amount"], release["why"], release["seller_ref"]) == (usd("500.00"), "paid", "lamp-shop")
    assert release["lines"] == [{"disbursement_ref": one.disbursement_ref, "amount": usd("500.00")}]
    shown = do(fin, shown, "recovery/write-off", {"debtor": "seller", "amount": usd("0.01"), "reason": "goodwill"})
    refused(shown, 422, "more_than_owed")  # what is held covers it


def closed(shop: Shop, fin: Machine, rita: Machine, seller: Machine) -> dict[str, Any]:
    """A recovery that ended: the seller contested it and was right."""
    claim = owing(shop)
    do(seller, said(claim), "recovery/contest", BODIES["recovery/contest"])
    shown: dict[str, Any] = do(rita, said(claim), "recovery/contest/decide", decision("upheld")).json()
    assert (last(shown)["stage"], last(shown)["outcome"]) == ("closed", "contest_won")
    return shown


def test_a_closed_recovery_takes_no_money_no_evidence_and_no_contest(
    shop: Shop, fin: Machine, hire: Hire, seller: Machine
):
    from makewhole.domain.claim.state import fold
    from makewhole.reads.views import history_of

    shown = closed(shop, fin, hire("reviewer"), seller)
    claim = fold(shown["id"], history_of(shown["id"]))
    assert claim is not None
    one, photo = payout(shop, 1000), seller.upload("policy.jpg", a_photo(), "other").json()
    assert withhold_from([one.pk], PAID_AT) == []
    late = {"evidence": [{"id": photo["id"]}]}
    with untouched(claim):
        for machine, act, body in [
            (fin, "recovery/receive", BODIES["recovery/receive"]),
            (fin, "recovery/withhold", {"disbursement_ref": one.disbursement_ref}),
            (fin, "recovery/write-off", BODIES["recovery/write-off"]),
            (fin, "recovery/instalments", BODIES["recovery/instalments"]),
            (fin, "recovery/obstacle", BODIES["recovery/obstacle"]),
            (seller, "recovery/contest", BODIES["recovery/contest"]),
            (seller, "recovery/contest", BODIES["recovery/contest"] | late),  # type: ignore[operator]
            (seller, "proof-of-insurance", late),
            (hire("adjuster"), "no-defect", BODIES["no-defect"]),
        ]:
            told = refused(do(machine, shown, act, body), 422, "recovery_is_closed")
            assert told["detail"] == "This recovery is closed (contest_won)."


# Contest ------------------------------------------------------------------------------------------------------


def test_a_contest_counts_until_its_last_instant_once_and_by_who_owes(
    shop: Shop, seller: Machine, hire: Hire, clock: type[Clock]
):
    claim = owing(shop)
    over = due(claim, "seller_contests")
    clock.stands_at = over
    with untouched(claim):
        refused(do(seller, said(claim), "recovery/contest", BODIES["recovery/contest"]), 422, "contest_too_late")
    clock.stands_at = over - SECOND
    with untouched(claim):
        odd = {"reasons": ["the_moon"], "words": "?"}
        refused(do(seller, said(claim), "recovery/contest", odd), 422, "unknown_reason")
    shown = do(seller, said(claim), "recovery/contest", BODIES["recovery/contest"]).json()
    assert last(shown)["stage"] == "contested"
    with untouched(claim):
        refused(do(seller, said(claim), "recovery/contest", BODIES["recovery/contest"]), 422, "contested_before")
    fin, one = hire("finance"), payout(shop, 100)
    with untouched(claim):
        refused(do(fin, shown, "recovery/withhold", {"disbursement_ref": one.disbursement_ref}), 422, "contest_is_open")
        refused(do(hire("adjuster"), shown, "recovery/contest/decide", decision("upheld")), 403, "role_may_not")


def test_a_contest_won_in_part_gives_back_what_was_taken_and_the_repayment_waits_for_finance(
    shop: Shop, seller: Machine, fin: Machine, hire: Hire, clock: type[Clock]
):
    claim, one = owing(shop, claimed="2500.00"), payout(shop, 1500)
    withhold_from([one.pk], clock.stands_at)
    do(fin, said(claim), "recovery/receive", {"debtor": "seller", "amount": usd("900.00"), "ref": "B-5"})
    do(seller, said(claim), "recovery/contest", BODIES["recovery/contest"])
    rita = hire("reviewer")
    assert claim.filed.reference in [row["reference"] for row in rita.get("/worklist").json()["items"]]
    with untouched(claim):
        refused(
            do(rita, said(claim), "recovery/contest/decide", decision("partly", off=usd("2500.00"))),
            422,
            "off_out_of_range",
        )
    shown = do(rita, said(claim), "recovery/contest/decide", decision("partly", off=usd("1700.00"))).json()
    recovery = last(shown)
    assert recovery["released"] == usd("1500.00") and recovery["repayments_due"] == usd("100.00")
    assert recovery["contests"][0]["outcome"] == "partly"
    decided = next(
        step for step in seller.get(f"/claims/{claim.filed.reference}/timeline").json()["items"]
        if step["kind"] == "ContestDecided"
    )  # fmt: skip
    assert decided["words"] == "We looked." and decided["facts"]["off"] == usd("1700.00")
    assert claim.filed.reference in [row["reference"] for row in fin.get("/worklist").json()["items"]]
    refused(do(fin, shown, "recovery/repayment", {"amount": usd("100.01"), "ref": "B-6"}), 422, "no_repayment_due")
    shown = do(fin, shown, "recovery/repayment", {"amount": usd("100.00"), "ref": "B-6"}).json()
    assert last(shown)["repayments_due"] == usd("0.00")
    assert claim.filed.reference not in [row["reference"] for row in fin.get("/worklist").json()["items"]]


def test_instalments_add_up_and_lie_ahead(shop: Shop, fin: Machine):
    claim = owing(shop, claimed="2500.00")

    def plan(*parts: tuple[str, str]) -> dict[str, object]:
        return {"instalments": [{"due_on": day, "amount": usd(amount)} for day, amount in parts]}

    for parts, code in [
        ([("2026-12-20", "2499.99")], "instalments_do_not_add_up"),
        ([("2026-12-20", "1500.00"), ("2026-12-20", "1000.00")], "instalments_not_in_order"),
        ([("2026-11-30", "2500.00")], "instalments_not_in_order"),
        ([("2026-12-20", "2500.00"), ("2026-12-21", "0.00")], "amount_not_above_zero"),
    ]:
        with untouched(claim):
            refused(do(fin, said(claim), "recovery/instalments", plan(*parts)), 422, code)
    shown = do(
        fin, said(claim), "recovery/instalments", plan(("2026-12-20", "1500.00"), ("2027-01-20", "1000.00"))
    ).json()
    assert [each["due_on"] for each in last(shown)["instalments"]] == ["2026-12-20", "2027-01-20"]


# Lists, statements, overturns ---------------------------------------------------------------------------------


def described(path: str, response: Any) -> dict[str, Any]:
    """The answer, where it has the shape that the description says."""
    told = schema()
    shape = told["paths"][f"/api/v1{path}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert response.status_code == 200, response.content
    jsonschema.validate(response.json(), {**shape, "components": told["components"]})
    shown: dict[str, Any] = response.json()
    return shown


def test_recoveries_come_in_pages_and_each_reader_sees_its_own(shop: Shop, fin: Machine, seller: Machine, hire: Hire):
    claims = [owing(shop) for _ in range(3)]
    found, cursor = [], ""
    while cursor is not None:
        page = described("/recoveries", fin.get(f"/recoveries?limit=2&cursor={cursor}"))
        found += [row["claim"] for row in page["items"]]
        cursor = page["next"]
    assert sorted(found) == sorted(claim.filed.reference for claim in claims)
    assert len(seller.get("/recoveries").json()["items"]) == 3
    assert len(seller.get("/recoveries?stage=demanded&seller=lamp-shop").json()["items"]) == 3
    assert seller.get("/recoveries?stage=closed").json()["items"] == []
    assert hire("seller", seller=shop.insured.pk).get("/recoveries").json()["items"] == []
    assert hire("insurer", insurer=Insurer.objects.create(name=shop.code).pk).get("/recoveries").json()["items"] == []
    assert hire("finance", marketplace="elsewhere").get("/recoveries").json()["items"] == []
    refused(hire("marketplace").get("/recoveries"), 403, "role_may_not")
    refused(fin.get("/recoveries?stage=lost"), 422, "request_not_valid")
    refused(fin.get("/recoveries?cursor=zzz"), 400, "cursor_not_usable")


def test_releases_are_followed_page_by_page_and_from_an_instant(
    shop: Shop, fin: Machine, clock: type[Clock], hire: Hire
):
    claim, payouts = owing(shop, claimed="2500.00"), [payout(shop, 800) for _ in range(3)]
    withhold_from([each.pk for each in payouts], clock.stands_at)
    for n in range(3):
        clock.stands_at += timedelta(hours=1)
        paid = {"debtor": "seller", "amount": usd("500.00"), "ref": f"B-{n}"}
        assert do(fin, said(claim), "recovery/receive", paid).status_code == 200
    backend = hire("marketplace")
    found, cursor = [], ""
    while cursor is not None:
        page = described("/releases", backend.get(f"/releases?limit=1&cursor={cursor}"))
        found += page["items"]
        cursor = page["next"]
    assert [each["amount"]["amount"] for each in found] == ["400.00", "500.00", "500.00"]
    assert len({each["id"] for each in found}) == 3
    # The newest payout goes back first; a release may take of two.
    assert [len(each["lines"]) for each in found] == [1, 2, 1]
    since = found[1]["at"]
    assert backend.get(f"/releases?since={since}").json()["items"] == found[1:]
    assert hire("marketplace", marketplace="elsewhere").get("/releases").json()["items"] == []
    assert hire("seller", seller=shop.insured.pk).get("/releases").json()["items"] == []
    refused(backend.get("/releases?since=yesterday"), 422, "request_not_valid")
    refused(hire("adjuster").get("/releases"), 403, "role_may_not")


def test_a_statement_tells_every_line_and_reconciles(shop: Shop, fin: Machine, seller: Machine, hire: Hire):
    claim, one = owing(shop, claimed="2500.00"), payout(shop, 1000)
    withhold_from([one.pk], PAID_AT + timedelta(hours=1))
    path = "/sellers/lamp-shop/statement"
    whole = described("/sellers/{seller_ref}/statement", fin.get(path))
    accounts = {each["account"]: each for each in whole["accounts"]}
    assert whole["reconciles"] and whole["differences"] == []
    assert accounts["recoveries_receivable"]["closing"] == usd("2500.00")
    assert accounts["withheld_funds"]["lines"] == [
        {
            "at": "2026-11-30T18:00:00Z",
            "claim": claim.filed.reference,
            "kind": "FundsWithheld",
            "amount": usd("1000.00"),
        }
    ]
    assert accounts["withheld_owed"]["closing"] == {"amount": "-1000.00", "currency": "USD"}
    assert seller.get(path).json() == whole
    later = fin.get(f"{path}?from=2026-12-01").json()
    assert {each["account"]: each["opening"] for each in later["accounts"]} == {
        name: each["closing"] for name, each in accounts.items()
    }
    assert all(each["lines"] == [] for each in later["accounts"])
    until = fin.get(f"{path}?to=2026-11-29").json()
    assert "withheld_funds" not in {each["account"] for each in until["accounts"]}
    on_the_day = {each["account"]: each for each in fin.get(f"{path}?from=2026-11-30&to=2026-11-30").json()["accounts"]}
    assert on_the_day["withheld_funds"]["closing"] == usd("1000.00")
    assert on_the_day["outstanding_reserves"]["opening"] == {"amount": "-2500.00", "currency": "USD"}
    assert on_the_day["outstanding_reserves"]["closing"] == usd("0.00")
    for far in ("?to=9999-12-31", "?from=0001-01-01"):
        assert fin.get(path + far).json()["accounts"] == whole["accounts"]
    refused(hire("seller", seller=shop.insured.pk).get(path), 404, "unknown_seller")
    refused(fin.get("/sellers/nobody/statement"), 404, "unknown_seller")
    refused(hire("finance", marketplace="elsewhere").get(f"{path}?marketplace={shop.code}"), 422, "unknown_marketplace")
    refused(hire("marketplace").get(path), 403, "role_may_not")


def test_overturned_decisions_are_counted_and_only_some_read_whose_they_were(
    shop: Shop, fin: Machine, seller: Machine, hire: Hire, clock: type[Clock]
):
    closed(shop, fin, hire("reviewer"), seller)
    for outcome in ("dismissed", None):
        claim: Claim = owing(shop)
        do(seller, said(claim), "recovery/contest", BODIES["recovery/contest"])
        if outcome:
            do(hire("reviewer"), said(claim), "recovery/contest/decide", decision(outcome))
    found = described("/overturns", hire("auditor").get(f"/overturns?marketplace={shop.code}"))
    [one] = found["by_marketplace"]
    counts = {name: one[name] for name in ("filed", "open", "decided", "upheld", "partly", "dismissed")}
    assert counts == {"filed": 3, "open": 1, "decided": 2, "upheld": 1, "partly": 0, "dismissed": 1}
    assert one["overturned_percent"] == "50.0"
    [clause] = found["by_clause"]
    assert clause["clause"].endswith("bearer.large_not_accepted") and clause["filed"] == 3
    assert [each["first_decider"] for each in found["by_first_decider"]] == ["machine:decision"]
    assert seller.get("/overturns").json()["by_first_decider"] == []
    assert seller.get("/overturns").json()["by_marketplace"] == [one]
    day = date(2026, 11, 30)
    for days, filed in [(f"&from={day}&to={day}", 3), (f"&from={day + timedelta(days=1)}", 0), ("&to=2026-11-29", 0)]:
        rows = fin.get(f"/overturns?marketplace={shop.code}{days}").json()["by_marketplace"]
        assert sum(row["filed"] for row in rows) == filed, days
