"""The seller is heard over the API: every answer, on both sides of its last instant, and what is refused leaves the
books as they were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import jsonschema
import pytest
from api.machines import Clock, Hire, Machine
from api.saying import refused, usd
from api.test_acts import BODIES, do
from api.test_description import schema
from owing import owing, payout, tendered
from world import NOW, Shop, a_photo

from makewhole.domain.claim.state import Claim
from makewhole.store.models import (
    Coverage,
    Disbursement,
    Event,
    Insurer,
    Posting,
    Recovery,
    Withholding,
)

SECOND = timedelta(seconds=1)


def said(claim: Claim) -> dict[str, str]:
    return {"reference": claim.filed.reference}


@contextmanager
def untouched(claim: Claim) -> Iterator[None]:
    """Log, books and what is withheld are afterwards as they were before."""

    def now() -> list[Any]:
        of = {"claim_id": claim.claim_id}
        return [
            Event.objects.filter(**of).count(),
            list(Posting.objects.filter(**of).order_by("version", "leg").values_list("account", "amount_minor")),
            list(Recovery.objects.filter(**of).values()),
            list(Withholding.objects.filter(**of).values()),
            list(Disbursement.objects.filter(seller=claim.filed.seller_id).order_by("id").values()),
        ]

    before = now()
    yield
    assert now() == before


def due(claim: Claim, name: str = "seller_answers") -> datetime:
    clock = claim.running(name)
    assert clock is not None
    return clock.due_at


@pytest.fixture
def seller(shop: Shop, hire: Hire) -> Machine:
    return hire("seller", seller=shop.uninsured.pk)


# On time, once, and by the right one ----------------------------------------------------------------------------

ANSWERS = ["accept", "handle", "reject", "more-time", "name-producer", "offer"]


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_counts_until_the_last_instant_and_not_at_it(
    shop: Shop, seller: Machine, clock: type[Clock], answer: str
):
    late, timely = tendered(shop), tendered(shop)
    clock.stands_at = due(late)
    with untouched(late):
        told = refused(do(seller, said(late), answer, BODIES[answer]), 422, "answer_too_late")
    assert "The time to answer ended" in told["detail"]
    clock.stands_at = due(late) + SECOND
    with untouched(late):
        refused(do(seller, said(late), answer, BODIES[answer]), 422, "answer_too_late")
    clock.stands_at = due(timely) - SECOND
    assert do(seller, said(timely), answer, BODIES[answer]).status_code == 200


@pytest.mark.parametrize("answer", ["accept", "handle", "reject", "name-producer", "offer"])
def test_an_answer_given_twice_is_refused_the_second_time_unless_it_has_the_same_key(
    shop: Shop, seller: Machine, answer: str
):
    claim = tendered(shop)
    first = do(seller, said(claim), answer, BODIES[answer], idempotency_key="a")
    assert first.status_code == 200
    with untouched(claim):
        again = do(seller, said(claim), answer, BODIES[answer], idempotency_key="a")
        assert (again.status_code, again.headers["Idempotency-Hit"]) == (200, "true")
        other = do(seller, said(claim), answer, BODIES[answer])
        assert other.status_code == 422
        told = other.json()["code"]
        known = ("no_tender_waits", "tender_is_not_yours", "offer_waits_for_the_other_side", "producer_named_before")
        assert told in known, told


@pytest.mark.parametrize("answer", [*ANSWERS, "report-settlement", "proof-of-insurance", "recovery/contest"])
def test_another_sellers_account_finds_no_such_claim(shop: Shop, hire: Hire, answer: str):
    claim = owing(shop) if answer.startswith(("proof", "recovery")) else tendered(shop)
    other = hire("seller", seller=shop.insured.pk)
    with untouched(claim):
        theirs = do(other, said(claim), answer, BODIES[answer])
        refused(theirs, 404, "unknown_claim")
        assert theirs.content == do(other, {"reference": "MW-00000-00000"}, answer, BODIES[answer]).content


@pytest.mark.parametrize("answer", [*ANSWERS, "recovery/contest"])
def test_a_revoked_token_answers_nothing(shop: Shop, seller: Machine, answer: str):
    from makewhole.people import tokens

    claim = owing(shop) if answer.startswith("recovery") else tendered(shop)
    tokens.revoke(seller.token_id, at=NOW)
    with untouched(claim):
        refused(do(seller, said(claim), answer, BODIES[answer]), 401, "token_revoked")


def test_no_act_opens_without_its_scope(shop: Shop, hire: Hire):
    claim = tendered(shop)
    reader = hire("seller", seller=shop.uninsured.pk, scopes=("claims:read", "recoveries:read", "log:read"))
    for act, body in BODIES.items():
        refused(do(reader, said(claim), act, body), 403, "scope_missing")


# Offers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "code"),
    [("2500.01", "offer_above_claim"), ("0.00", "offer_not_positive"), ("-1.00", "request_not_valid")],
)
def test_an_offer_lies_above_zero_and_at_most_at_the_claim(shop: Shop, seller: Machine, amount: str, code: str):
    claim = tendered(shop, claimed="2500.00")
    with untouched(claim):
        told = refused(do(seller, said(claim), "offer", {"amount": usd(amount)}), 422, code)
    if code == "request_not_valid":
        assert told["errors"][0]["code"] == "amount_negative"
    with untouched(claim):
        euros = {"amount": {"amount": "5.00", "currency": "EUR"}}
        refused(do(seller, said(claim), "offer", euros), 422, "other_currency")
    assert do(seller, said(claim), "offer", {"amount": usd("2500.00")}).status_code == 200


def test_two_sides_agree_on_an_amount_and_the_platform_pays_it(shop: Shop, seller: Machine, backend: Machine):
    claim = tendered(shop, claimed="2500.00")
    shown = do(seller, said(claim), "offer", {"amount": usd("1000.00"), "words": "Half of the worktop."}).json()
    assert (shown["turn"], shown["answer_by"]["who"]) == ("claimant", "claimant")
    refused(do(seller, shown, "offer", {"amount": usd("1100.00")}), 422, "offer_waits_for_the_other_side")
    refused(do(seller, shown, "accept-offer"), 422, "offer_waits_for_the_other_side")
    shown = do(backend, shown, "offer", {"amount": usd("1600.00")}).json()
    assert [(each["by"], each["amount"]["amount"]) for each in shown["offers"]] == [
        ("seller", "1000.00"), ("claimant", "1600.00"),
    ]  # fmt: skip
    shown = do(seller, shown, "accept-offer").json()
    assert (shown["approved"], shown["waived"]) == (usd("1600.00"), usd("900.00"))
    assert shown["tenders"][0]["answer"] == "accepted" and shown["stepped_in"] is None


def test_a_refused_offer_brings_the_claim_back(shop: Shop, seller: Machine, backend: Machine):
    claim = tendered(shop)
    shown = do(seller, said(claim), "offer", {"amount": usd("1.00")}).json()
    shown = do(backend, shown, "refuse-offer", {"words": "That pays nothing."}).json()
    assert shown["stepped_in"] == "offer_refused" and shown["answer_by"] is None


# The seller settles itself ----------------------------------------------------------------------------------------


def test_the_seller_settles_and_the_claimant_confirms_it(shop: Shop, seller: Machine, backend: Machine):
    claim = tendered(shop)
    shown = do(seller, said(claim), "handle", {}).json()
    assert (shown["stage"], shown["answer_by"]["clock"]) == ("seller_settles", "seller_handles")
    receipt = seller.upload("receipt.jpg", a_photo(), "receipt").json()
    refused(do(seller, shown, "report-settlement", {"amount": usd("2500.01")}), 422, "offer_above_claim")
    told = {"amount": usd("2400.00"), "evidence": [{"id": receipt["id"], "exposure": 1}], "words": "By bank."}
    shown = do(seller, shown, "report-settlement", told).json()
    assert (shown["stage"], shown["turn"]) == ("awaiting_confirmation", "claimant")
    refused(do(backend, shown, "confirm-settlement", {"settled": True}), 422, "words_needed")
    shown = do(backend, shown, "confirm-settlement", {"settled": True, "words": "She said so by telephone."}).json()
    assert (shown["outcome"], shown["settled"], shown["paid"]) == ("settled", usd("2400.00"), usd("0.00"))
    with untouched(claim):
        refused(do(backend, shown, "confirm-settlement", {"settled": False}), 422, "nothing_to_confirm")


def test_an_adjuster_says_why_a_settlement_counts(shop: Shop, seller: Machine, hire: Hire):
    claim = tendered(shop)
    do(seller, said(claim), "handle", {})
    do(seller, said(claim), "report-settlement", {"amount": usd("2500.00")})
    bo = hire("adjuster")
    refused(do(bo, said(claim), "confirm-settlement", {"settled": True}), 422, "words_needed")
    shown = do(bo, said(claim), "confirm-settlement", {"settled": False, "words": "The receipt is another's."}).json()
    assert shown["stepped_in"] == "not_settled"


# Rejection, and step-in by two people -------------------------------------------------------------------------------


def test_a_rejection_is_answered_reason_by_reason_and_a_second_person_agrees(shop: Shop, seller: Machine, hire: Hire):
    claim = tendered(shop, claimed="2500.00")
    refused(do(seller, said(claim), "reject", BODIES["reject"] | {"reasons": ["the_moon"]}), 422, "unknown_reason")
    paper = seller.upload("laboratory.jpg", a_photo(), "other").json()
    told = {"reasons": ["no_defect", "misuse"], "words": "Our laboratory looked.", "evidence": [{"id": paper["id"]}]}
    shown = do(seller, said(claim), "reject", told).json()
    assert (shown["turn"], shown["tenders"][0]["reasons"]) == ("adjuster", ["no_defect", "misuse"])
    bo, rita = hire("adjuster"), hire("reviewer")
    lines = [{"exposure": 1, "approve": usd("2500.00")}]
    refused(do(bo, shown, "decision", {"lines": lines}), 422, "answer_the_rejection")
    one = [{"code": "no_defect", "words": "The base is known to melt."}]
    told = refused(do(bo, shown, "step-in", {"lines": lines, "answers": one}), 422, "answer_the_rejection")
    assert told["facts"]["missing"] == "misuse"
    both = [*one, {"code": "misuse", "words": "The manual allows it."}]
    shown = do(bo, shown, "step-in", {"lines": lines, "answers": both}).json()
    assert shown["stage"] == "awaiting_second"
    timeline = seller.get(f"/claims/{claim.filed.reference}/timeline").json()["items"]
    assert "RejectionAnswered" not in [step["kind"] for step in timeline]
    refused(do(bo, shown, "decision/confirm"), 403, "second_person_needed")
    shown = do(rita, shown, "decision/confirm").json()
    assert shown["stepped_in"] == "rejected"
    timeline = seller.get(f"/claims/{claim.filed.reference}/timeline").json()["items"]
    answered = next(step for step in timeline if step["kind"] == "RejectionAnswered")
    assert answered["words"] == "The base is known to melt.\nThe manual allows it."


@pytest.mark.parametrize("answer", ["accept", "handle", "more-time", "name-producer", "offer"])
def test_every_answer_takes_files_and_nobody_elses(shop: Shop, seller: Machine, hire: Hire, answer: str):
    claim = tendered(shop)
    paper = seller.upload("laboratory.jpg", a_photo(), "other").json()
    stranger = hire("seller", seller=shop.insured.pk).upload("other.jpg", a_photo(), "other").json()
    with untouched(claim):
        told = BODIES[answer] | {"evidence": [{"id": stranger["id"]}]}
        refused(do(seller, said(claim), answer, told), 422, "unknown_evidence")
    shown = do(seller, said(claim), answer, BODIES[answer] | {"evidence": [{"id": paper["id"]}]})
    assert shown.status_code == 200
    kinds = [step["kind"] for step in seller.get(f"/claims/{claim.filed.reference}/timeline").json()["items"]]
    assert kinds.count("FilesEnclosed") == 1


def test_more_time_is_given_once_and_counted_from_the_start(shop: Shop, seller: Machine, clock: type[Clock]):
    claim = tendered(shop)
    clock.stands_at = due(claim) - SECOND
    shown = do(seller, said(claim), "more-time", BODIES["more-time"]).json()
    assert shown["answer_by"]["due_at"] > due(claim).strftime("%Y-%m-%dT%H:%M:%SZ")
    refused(do(seller, shown, "more-time", BODIES["more-time"]), 422, "extension_already_given")


def test_the_producer_is_named_in_the_vault_and_only_staff_and_seller_read_who(
    shop: Shop, seller: Machine, backend: Machine, hire: Hire
):
    claim = tendered(shop)
    odd = BODIES["name-producer"] | {"email": "nobody"}  # type: ignore[operator]
    refused(do(seller, said(claim), "name-producer", odd), 422, "email_not_usable")
    shown = do(seller, said(claim), "name-producer", BODIES["name-producer"]).json()
    assert [(each["to"], each["answer"]) for each in shown["tenders"]] == [("seller", "passed_on"), ("producer", "")]
    assert shown["turn"] == "producer"
    path = f"/claims/{claim.filed.reference}"
    for machine in (seller, hire("adjuster")):
        assert machine.get(path).json()["file"]["producer"] == {"name": "Base Works", "email": "claims@base.example"}
    for machine in (backend, hire("finance"), hire("auditor")):
        assert machine.get(path).json()["file"]["producer"] is None
    bodies = "".join(Event.objects.filter(claim_id=claim.claim_id).values_list("body", flat=True))
    assert "Base Works" not in bodies and "base.example" not in bodies


def test_an_adjuster_tenders_what_the_machine_referred(shop: Shop, hire: Hire):
    filed = shop.file(shop.notice(shop.sell(seller=shop.uninsured), claimed="2500.00")).claim
    bo = hire("adjuster")
    yes = {"lines": [{"exposure": 1, "approve": usd("2500.00")}]}
    refused(do(bo, said(filed), "decision", yes), 422, "seller_not_heard")
    shown = do(bo, said(filed), "tender").json()
    assert (shown["turn"], shown["answer_by"]["clock"]) == ("seller", "seller_answers")
    refused(do(bo, said(filed), "tender"), 422, "not_under_review")


# Insurance ----------------------------------------------------------------------------------------------------------


def insured(shop: Shop, *, names_the_platform: bool = False) -> Insurer:
    insurer = Insurer.objects.create(name=f"Harbour {shop.code}", email="claims@harbour.example")
    Coverage.objects.filter(seller=shop.insured).update(
        insurer_account=insurer, limit_minor=1_000_000_00, deductible_minor=500_00,
        platform_is_insured=names_the_platform,
    )  # fmt: skip
    return insurer


def test_an_insurer_sees_and_answers_its_own_claims_only(shop: Shop, hire: Hire, backend: Machine):
    insurer = insured(shop)
    claim, uninsureds = tendered(shop, seller=shop.insured), tendered(shop)
    clerk = hire("insurer", insurer=insurer.pk)
    stranger = hire("insurer", insurer=Insurer.objects.create(name=f"Other {shop.code}").pk)
    assert [row["reference"] for row in clerk.get("/claims").json()["items"]] == [claim.filed.reference]
    assert [row["reference"] for row in clerk.get("/worklist").json()["items"]] == [claim.filed.reference]
    refused(clerk.get(f"/claims/{uninsureds.filed.reference}"), 404, "unknown_claim")
    assert stranger.get("/claims").json()["items"] == []
    refused(do(stranger, said(claim), "insurer-answer", BODIES["insurer-answer"]), 404, "unknown_claim")
    file = clerk.get(f"/claims/{claim.filed.reference}").json()
    assert file["file"]["contact"] is None and file["file"]["payee"] is None and file["file"]["story"]
    assert file["insurer"]["deductible"] == usd("500.00")
    assert backend.get(f"/claims/{claim.filed.reference}").json()["insurer"] is None
    no = {"answer": "denies", "words": "Not a product of the insured."}
    refused(do(clerk, said(claim), "insurer-answer", no), 422, "clause_needed")
    refused(do(clerk, said(claim), "insurer-answer", {"answer": "asks"}), 422, "words_needed")
    asked = do(clerk, said(claim), "insurer-answer", {"answer": "asks", "words": "Which batch?"}).json()
    assert asked["insurer"]["answer"] == "asks"
    bo = hire("adjuster")
    assert claim.filed.reference in [row["reference"] for row in bo.get("/worklist").json()["items"]]
    shown = do(clerk, said(claim), "insurer-answer", no | {"clause": "2.f"}).json()
    assert (shown["insurer"]["answer"], shown["insurer"]["clause"]) == ("denies", "2.f")
    with untouched(claim):
        refused(do(clerk, said(claim), "insurer-answer", {"answer": "accepts"}), 422, "insurer_answered_before")
    assert clerk.get("/worklist").json()["items"] == []


def test_an_insurer_is_late_at_its_last_instant(shop: Shop, hire: Hire, clock: type[Clock]):
    insurer = insured(shop)
    claim = tendered(shop, seller=shop.insured)
    clerk = hire("insurer", insurer=insurer.pk)
    clock.stands_at = due(claim, "insurer_answers")
    with untouched(claim):
        refused(do(clerk, said(claim), "insurer-answer", {"answer": "accepts"}), 422, "answer_too_late")
    clock.stands_at -= SECOND
    assert do(clerk, said(claim), "insurer-answer", {"answer": "accepts"}).status_code == 200


def test_money_is_asked_of_an_insurer_of_the_platform_only_after_the_check(shop: Shop, hire: Hire):
    from owing import paid, run_out

    insured(shop, names_the_platform=True)
    claim = paid(run_out(tendered(shop, seller=shop.insured, claimed="2500.00"), "seller_answers"))
    fin = hire("finance")
    path = f"/claims/{claim.filed.reference}"
    assert fin.get(path).json()["recoveries"] == []
    assert claim.filed.reference in [row["reference"] for row in fin.get("/worklist").json()["items"]]
    shown = do(fin, said(claim), "subrogation-check", {"clear": True, "words": "Counsel agrees."}).json()
    [recovery] = shown["recoveries"]
    assert {debt["debtor"]: debt["owed"] for debt in recovery["debts"]} == {
        "seller": usd("500.00"), "insurer": usd("2000.00"),
    }  # fmt: skip
    refused(do(fin, said(claim), "subrogation-check", {"clear": True, "words": "Again."}), 422, "no_such_task")


# What the answer looks like -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["tendered", "owing"])
def test_each_reader_gets_the_described_shape_and_its_share(shop: Shop, seller: Machine, hire: Hire, stage: str):
    claim = tendered(shop) if stage == "tendered" else owing(shop)
    if stage == "owing":
        payout(shop, 100)
    described = schema()
    operation = described["paths"]["/api/v1/claims/{name}"]["get"]
    shape = operation["responses"]["200"]["content"]["application/json"]["schema"]
    for machine in (hire("auditor"), hire("finance"), seller, hire("marketplace")):
        shown = machine.get(f"/claims/{claim.filed.reference}").json()
        jsonschema.validate(shown, {**shape, "components": described["components"]})
    outsider = hire("marketplace").get(f"/claims/{claim.filed.reference}").json()
    assert outsider["recoveries"] == [] and outsider["bearer"] is None and outsider["tenders"][0]["amount"] is None
    mine = seller.get(f"/claims/{claim.filed.reference}").json()
    assert mine["tenders"][0]["amount"] == usd("2500.00")
    if stage == "owing":
        assert mine["bearer"]["clause"].endswith("bearer.large_not_accepted")
        assert mine["recoveries"][0]["debts"][0]["outstanding"] == usd("2500.00")
        timeline = f"/claims/{claim.filed.reference}/timeline"
        kinds = [step["kind"] for step in hire("marketplace").get(timeline).json()["items"]]
        assert "RecoveryOpened" not in kinds and "SteppedIn" in kinds
        [opened] = [step for step in seller.get(timeline).json()["items"] if step["kind"] == "RecoveryOpened"]
        assert opened["facts"]["paid"] == usd("2500.00") and opened["facts"]["clause"]["because"]


# Who waits for whom ---------------------------------------------------------------------------------------------------


def test_a_seller_finds_what_waits_for_it(shop: Shop, hire: Hire):
    claim = tendered(shop, seller=shop.insured)
    told, other = hire("seller", seller=shop.insured.pk), hire("seller", seller=shop.uninsured.pk)
    assert [row["reference"] for row in told.get("/worklist").json()["items"]] == [claim.filed.reference]
    assert other.get("/worklist").json()["items"] == []
    do(told, said(claim), "reject", BODIES["reject"])
    assert told.get("/worklist").json()["items"] == []
    asked = tendered(shop)  # not insured, and so asked for proof of it
    do(other, said(asked), "reject", BODIES["reject"])
    assert [row["reference"] for row in other.get("/worklist").json()["items"]] == [asked.filed.reference]


def test_step_ins_come_before_everything_else_page_by_page(shop: Shop, seller: Machine, backend: Machine, hire: Hire):
    from api.saying import notice

    old = [
        backend.post("/claims", notice(shop, claimed="900.00", injury=True, hazards=["fire"])).json() for _ in range(3)
    ]
    rejected = [tendered(shop) for _ in range(3)]
    for claim in rejected:
        do(seller, said(claim), "reject", BODIES["reject"])
    bo = hire("adjuster")
    found, cursor = [], ""
    while cursor is not None:
        page = bo.get(f"/worklist?limit=2&cursor={cursor}").json()
        found += [row["reference"] for row in page["items"]]
        cursor = page["next"]
    assert sorted(found[:3]) == sorted(claim.filed.reference for claim in rejected)
    assert sorted(found[3:]) == sorted(claim["reference"] for claim in old) and len(found) == 6
