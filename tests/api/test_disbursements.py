"""Payouts to sellers go in by API, and come back with what is withheld of each; so do insurers and coverages."""

from __future__ import annotations

import secrets

import pytest
from api.machines import Hire, Machine
from api.saying import notice, refused, usd
from world import NOW, Shop, open_shop

from makewhole.store.models import Coverage, Disbursement, Insurer, Seller, Withholding


def payout(number: int = 1, **told: object) -> dict[str, object]:
    return {
        "disbursement_ref": f"D-{number}", "seller_ref": "kettle-co", "net_amount": "184.20", "pays_on": "2026-11-24",
    } | told  # fmt: skip


def hold(shop: Shop, backend: Machine, ref: str, amount_minor: int) -> str:
    claim = backend.post("/claims", notice(shop)).json()
    disbursement = Disbursement.objects.get(marketplace=shop.code, disbursement_ref=ref)
    Withholding.objects.create(
        claim_id=claim["id"], no=1, seq=1, disbursement=disbursement, amount_minor=amount_minor, released_minor=0,
        applied_minor=0, withheld_at=NOW,
    )  # fmt: skip
    disbursement.withheld_minor += amount_minor
    disbursement.save()
    return str(claim["reference"])


def batch(shop: Shop, *rows: dict[str, object]) -> dict[str, object]:
    return {"marketplace": shop.code, "rows": list(rows)}


# Payouts -----------------------------------------------------------------------------------------------------


def test_payouts_go_in_and_what_is_withheld_of_known_ones_is_told(shop: Shop, backend: Machine):
    first = backend.put("/disbursements", batch(shop, payout(1))).json()
    assert (first["new"], first["withheld"]) == (1, [])
    reference = hold(shop, backend, "D-1", 5_000)
    told = backend.put("/disbursements", batch(shop, payout(1), payout(2), payout(3, net_amount="-1"))).json()
    assert (told["new"], told["unchanged"], told["bad"]) == (1, 1, 1)
    assert told["withheld"] == [{"disbursement_ref": "D-1", "claim": reference, "amount": usd("50.00")}]
    [[reason]] = [bad["reasons"] for bad in told["bad_rows"]]
    assert (reason["field"], reason["code"]) == ("net_amount", "negative")


def test_payouts_come_back_newest_first_with_what_is_left_to_pay(shop: Shop, backend: Machine):
    backend.put("/disbursements", batch(shop, payout(1), payout(2, net_amount="10.00"), payout(3)))
    one, other = hold(shop, backend, "D-1", 5_000), hold(shop, backend, "D-1", 1)
    items = backend.get("/disbursements").json()["items"]
    assert [item["disbursement_ref"] for item in items] == ["D-3", "D-2", "D-1"]
    assert items[1]["to_withhold"] == usd("0.00") and items[1]["to_pay"] == usd("10.00") and items[1]["withheld"] == []
    last = items[2]
    assert (last["net"], last["to_withhold"], last["to_pay"]) == (usd("184.20"), usd("50.01"), usd("134.19"))
    assert {(each["claim"], each["amount"]["amount"]) for each in last["withheld"]} == {(one, "50.00"), (other, "0.01")}
    assert (last["pays_on"], last["seller_ref"], last["marketplace"]) == ("2026-11-24", "kettle-co", shop.code)


def test_pages_hold_each_payout_once(shop: Shop, backend: Machine):
    backend.put("/disbursements", batch(shop, *(payout(n) for n in range(5))))
    found, cursor = [], ""
    while cursor is not None:
        page = backend.get(f"/disbursements?limit=2&cursor={cursor}").json()
        found += [item["disbursement_ref"] for item in page["items"]]
        cursor = page["next"]
    assert found == ["D-4", "D-3", "D-2", "D-1", "D-0"]
    refused(backend.get("/disbursements?cursor=zzz"), 400, "cursor_not_usable")


def test_payouts_are_asked_for_by_seller_day_and_reference(shop: Shop, backend: Machine):
    rows = [payout(1), payout(2, seller_ref="lamp-shop"), payout(3, pays_on="2026-11-25")]
    backend.put("/disbursements", batch(shop, *rows))

    def asked(query: str) -> list[str]:
        return [item["disbursement_ref"] for item in backend.get(f"/disbursements?{query}").json()["items"]]

    assert asked("seller_ref=lamp-shop") == ["D-2"]
    assert asked("pays_on=2026-11-24") == ["D-2", "D-1"]
    assert asked("disbursement_ref=D-3") == ["D-3"]
    assert asked("seller_ref=kettle-co&pays_on=2026-11-25") == ["D-3"]
    assert asked("seller_ref=%00") == []
    refused(backend.get("/disbursements?pays_on=soon"), 422, "request_not_valid")


def test_a_payout_told_with_another_amount_is_refused_and_stays(shop: Shop, backend: Machine):
    backend.put("/disbursements", batch(shop, payout()))
    told = backend.put("/disbursements", batch(shop, payout(net_amount="999.00"))).json()
    [bad] = told["bad_rows"]
    assert [(why["field"], why["code"]) for why in bad["reasons"]] == [("disbursement_ref", "told_differently")]
    assert backend.get("/disbursements").json()["items"][0]["net"] == usd("184.20")


def test_a_repeated_key_gives_the_first_answer_again(shop: Shop, backend: Machine):
    first = backend.put("/disbursements", batch(shop, payout()), idempotency_key="d")
    again = backend.put("/disbursements", batch(shop, payout()), idempotency_key="d")
    assert (again.content, again.headers["Idempotency-Hit"]) == (first.content, "true")
    other = backend.put("/disbursements", batch(shop, payout(2)), idempotency_key="d")
    refused(other, 409, "key_used_for_other_content")
    assert Disbursement.objects.filter(marketplace=shop.code).count() == 1


def test_payouts_go_only_where_one_works_and_a_seller_sees_its_own(shop: Shop, backend: Machine, hire: Hire):
    backend.put("/disbursements", batch(shop, payout(1), payout(2, seller_ref="lamp-shop")))
    refused(hire("marketplace", marketplace="elsewhere").put("/disbursements", batch(shop, payout(3))),
            422, "unknown_marketplace")  # fmt: skip
    for role in ("adjuster", "auditor", "finance"):
        refused(hire(role).put("/disbursements", batch(shop, payout(3))), 403, "role_may_not")
    seller = hire("seller", seller=shop.uninsured.pk)
    assert [item["disbursement_ref"] for item in seller.get("/disbursements").json()["items"]] == ["D-2"]
    assert seller.get("/disbursements?seller_ref=kettle-co").json()["items"] == []
    refused(seller.put("/disbursements", batch(shop, payout(3))), 403, "role_may_not")
    refused(hire("adjuster").get("/disbursements"), 403, "role_may_not")
    assert len(hire("finance").get("/disbursements").json()["items"]) == 2
    refused(hire("finance", marketplace="elsewhere").get(f"/disbursements?marketplace={shop.code}"),
            422, "unknown_marketplace")  # fmt: skip


# Insurers and coverages --------------------------------------------------------------------------------------


@pytest.fixture
def insurer(shop: Shop) -> Insurer:
    return Insurer.objects.create(name=f"Cliff Mutual {secrets.token_hex(4)}", email="claims@cliff.example")


def policy(by: Insurer, **told: object) -> dict[str, object]:
    return {
        "seller_ref": "lamp-shop", "insurer": by.name, "policy_number": "CM-7", "starts_on": "2026-01-01",
        "ends_on": "2027-01-01", "limit": "1000000", "deductible": "500.00", "verified": True,
    } | told  # fmt: skip


def test_insurers_go_in_by_an_administrator_of_all_marketplaces_and_come_back(shop: Shop, hire: Hire):
    name = f"Dale {secrets.token_hex(4)}"
    rows = {"rows": [{"name": name, "email": "claims@dale.example"}, {"name": "", "email": "x"}]}
    refused(hire("administrator").put("/insurers", rows), 403, "insurers_of_others")
    refused(hire("marketplace", marketplace="").put("/insurers", rows), 403, "role_may_not")
    assert not Insurer.objects.filter(name=name).exists()
    everywhere = hire("administrator", marketplace="")
    report = everywhere.put("/insurers", rows).json()
    assert (report["new"], report["bad"]) == (1, 1)
    assert everywhere.put("/insurers", rows).json()["unchanged"] == 1
    found, cursor = [], ""
    while cursor is not None:
        page = everywhere.get(f"/insurers?limit=200&cursor={cursor}").json()
        found += page["items"]
        cursor = page["next"]
    [kept] = [each for each in found if each["name"] == name]
    assert kept["email"] == "claims@dale.example"
    told = refused(everywhere.put("/insurers", {"marketplace": shop.code, **rows}), 422, "request_not_valid")
    assert told["errors"][0]["where"] == "body.marketplace"


def test_coverages_go_in_and_come_back(shop: Shop, backend: Machine, insurer: Insurer):
    report = backend.put("/coverages", batch(shop, policy(insurer), policy(insurer, insurer="Nobody"))).json()
    assert (report["new"], report["bad"]) == (1, 1)
    assert report["bad_rows"][0]["reasons"][0]["code"] == "unknown_insurer"
    [shown] = backend.get("/coverages?seller_ref=lamp-shop").json()["items"]
    assert shown == {
        "marketplace": shop.code, "seller_ref": "lamp-shop", "insurer": insurer.name, "insurer_id": insurer.pk,
        "policy_number": "CM-7", "starts_on": "2026-01-01", "ends_on": "2027-01-01", "limit": usd("1000000.00"),
        "paid": usd("0.00"), "deductible": usd("500.00"), "platform_is_insured": False,
        "verified_at": "2026-11-21T17:00:00Z",
    }  # fmt: skip


def test_a_limit_below_what_was_paid_is_refused_in_words(shop: Shop, backend: Machine, insurer: Insurer):
    backend.put("/coverages", batch(shop, policy(insurer)))
    Coverage.objects.filter(insurer_account=insurer).update(eroded_minor=100_00)
    [bad] = backend.put("/coverages", batch(shop, policy(insurer, limit="99.99"))).json()["bad_rows"]
    assert bad["reasons"][0]["what"] == "limit USD 99.99 lies below the USD 100.00 that was paid under it already"
    assert backend.put("/coverages", batch(shop, policy(insurer, limit="100.00"))).json()["changed"] == 1


def test_a_seller_and_an_insurer_see_their_own_coverages(shop: Shop, backend: Machine, hire: Hire, insurer: Insurer):
    other = open_shop()
    backend.put("/coverages", batch(shop, policy(insurer)))
    Coverage.objects.create(
        seller=Seller.objects.get(marketplace=other.code, seller_ref="lamp-shop"), insurer=insurer.name,
        insurer_account=insurer, policy_number="CM-8", starts_on="2026-01-01", ends_on="2027-01-01",
    )  # fmt: skip

    def numbers(machine: Machine) -> list[str]:
        return [item["policy_number"] for item in machine.get("/coverages").json()["items"]]

    assert numbers(hire("insurer", insurer=insurer.pk, marketplace="")) == ["CM-7", "CM-8"]
    assert numbers(hire("insurer", insurer=insurer.pk)) == ["CM-7"]
    assert numbers(hire("insurer", insurer=insurer.pk + 1_000_000, marketplace="")) == []
    assert numbers(hire("seller", seller=shop.uninsured.pk)) == ["CM-7"]
    assert numbers(hire("seller", seller=shop.insured.pk)) == ["HM-1"]
    refused(hire("insurer", insurer=insurer.pk).put("/coverages", batch(shop, policy(insurer))), 403, "role_may_not")
    refused(hire("safety_officer").get("/coverages"), 403, "role_may_not")
