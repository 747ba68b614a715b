"""Whole journeys through the acts, and who may do which: from missing proof to payment, from concern to appeal."""

from __future__ import annotations

from uuid import uuid4

import pytest
from api.machines import Hire, Machine
from api.saying import notice, refused, usd
from world import Shop, a_photo

from makewhole.domain.claim.commands import FileClaim, RunOutClock
from makewhole.domain.claim.decide import ALLOWED

# Every act with a body that can be read: who may not do it is told so before anything else about it.
BODIES: dict[str, object] = {
    "proof": {"evidence": []},
    "answer": {"words": "It was new."},
    "payee": {"method": "credit"},
    "release": {"text_sha256": "0" * 64, "signature": "Ana Rivera"},
    "withdraw": {},
    "appeal": {"words": "Please look again."},
    "seller-evidence": {"words": "We sold no such kettle."},
    "request-proof": {"missing": [{"exposure": 1, "what": "receipt"}]},
    "concern": {"exposures": [1], "code": "not_supported", "clause": "heads", "words": "The photo shows a lamp."},
    "decision": {"lines": [{"exposure": 1, "approve": usd("5.00")}]},
    "decision/confirm": None,
    "decision/return": {"words": "Look at the receipt."},
    "reserve": {"exposure": 1, "amount": usd("5.00"), "words": "It will be less."},
    "assign": None,
    "quality-review": {"agrees": True},
    "safety-review": {"finding": "no_defect", "words": "Nothing found."},
    "task": {"task": "seller_evidence", "words": "Nothing new in it."},
    "reopen": {"words": "New facts."},
    "extend": {"clock": "claimant_answers", "days": 3, "words": "She is ill."},
    "pause": {"clocks": ["decision"], "words": "The court asked."},
    "resume": None,
    "tender": None,
    "accept": {"payer": "platform"},
    "handle": {},
    "report-settlement": {"amount": usd("5.00")},
    "confirm-settlement": {"settled": True},
    "offer": {"amount": usd("5.00")},
    "accept-offer": None,
    "refuse-offer": {},
    "reject": {"reasons": ["no_defect"], "words": "It was not ours."},
    "more-time": {"words": "The laboratory needs a week."},
    "name-producer": {"name": "Base Works", "email": "claims@base.example"},
    "step-in": {"lines": [{"exposure": 1, "approve": usd("5.00")}], "answers": [{"code": "no_defect", "words": "No."}]},
    "no-defect": {"code": "no_defect", "clause": "bearer.no_defect", "words": "The laboratory found none."},
    "insurer-answer": {"answer": "accepts"},
    "subrogation-check": {"clear": True, "words": "Counsel looked."},
    "proof-of-insurance": {"evidence": []},
    "proof-of-insurance/check": {"proves": True},
    "recovery/withhold": {"disbursement_ref": "D-1"},
    "recovery/receive": {"debtor": "seller", "amount": usd("5.00"), "ref": "B-9"},
    "recovery/contest": {"reasons": ["no_defect"], "words": "It was not ours."},
    "recovery/contest/decide": {"outcome": "dismissed", "code": "heard", "clause": "bearer.x", "words": "No."},
    "recovery/instalments": {"instalments": [{"due_on": "2027-01-01", "amount": usd("5.00")}]},
    "recovery/obstacle": {"obstacle": "bankruptcy"},
    "recovery/write-off": {"debtor": "seller", "amount": usd("5.00"), "reason": "goodwill"},
    "recovery/repayment": {"amount": usd("5.00"), "ref": "B-10"},
    f"payments/{uuid4()}/confirm": {"bank_ref": "B-1"},
    f"payments/{uuid4()}/return": {"bank_ref": "B-1", "why": "AC04"},
}


def do(machine: Machine, claim: dict, act: str, body: object = None, **headers: str):
    return machine.post(f"/claims/{claim['reference']}/acts/{act}", body, **headers)


def test_there_is_an_endpoint_for_every_command_that_somebody_may_ask(shop: Shop):
    machines_only = {FileClaim, RunOutClock}
    assert len(BODIES) == len(set(ALLOWED) - machines_only)


def test_an_auditor_may_do_none_of_the_acts(shop: Shop, backend: Machine, hire: Hire):
    claim = backend.post("/claims", notice(shop, complete=False)).json()
    auditor, adjuster = hire("auditor"), hire("adjuster")
    bodies = BODIES | {"assign": {"to": f"person:{adjuster.account_id}"}}
    for act, body in bodies.items():
        refused(do(auditor, claim, act, body), 403, "role_may_not")


def test_from_missing_proof_to_the_payment_that_closes_the_claim(shop: Shop, backend: Machine, hire: Hire):
    claim = backend.post("/claims", notice(shop, complete=False)).json()
    photo = backend.upload("worktop.jpg", a_photo(), "photo").json()
    paper = backend.upload("receipt.jpg", a_photo(), "repair_estimate").json()
    files = [{"id": photo["id"], "exposure": 1}, {"id": paper["id"], "exposure": 1, "amount": usd("120.00")}]
    claim = do(backend, claim, "proof", {"evidence": files}, idempotency_key="p").json()
    assert (claim["stage"], claim["missing"]) == ("paying", [])
    assert do(backend, claim, "proof", {"evidence": files}, idempotency_key="p").headers["Idempotency-Hit"] == "true"
    bank = hire("finance")
    payment = f"payments/{claim['payments'][0]['id']}"
    refused(do(bank, claim, f"payments/{uuid4()}/confirm", {"bank_ref": "B-1"}), 404, "unknown_payment")
    refused(do(backend, claim, "payee", {"method": "credit"}), 409, "payment_under_way")
    claim = do(bank, claim, f"{payment}/confirm", {"bank_ref": "B-1"}).json()
    assert (claim["stage"], claim["outcome"], claim["paid"]) == ("closed", "paid", usd("120.00"))
    assert do(bank, claim, f"{payment}/confirm", {"bank_ref": "B-1"}).status_code == 200
    refused(do(bank, claim, f"{payment}/return", {"bank_ref": "B-1", "why": "AC04"}), 422, "payment_is_settled")


def test_a_returned_payment_waits_for_another_account(shop: Shop, backend: Machine, hire: Hire):
    claim = backend.post("/claims", notice(shop)).json()
    payment = f"payments/{claim['payments'][0]['id']}"
    claim = do(hire("finance"), claim, f"{payment}/return", {"bank_ref": "B-1", "why": "AC04"}).json()
    assert claim["stage"] == "awaiting_payee"
    told = {"method": "bank_transfer", "account": "US99 0000 1234", "holder": "Ana Rivera"}
    refused(do(backend, claim, "payee", told | {"account": "1"}), 422, "account_not_usable")
    assert do(backend, claim, "payee", told).status_code == 200


def review(shop: Shop, backend: Machine) -> dict:
    """A claim that is dangerous: no machine decides it."""
    body = notice(shop, claimed="900.00", injury=True, hazards=["fire"], health="A burned hand.")
    return backend.post("/claims", body).json()


def test_a_concern_is_shown_and_heard_before_a_refusal_and_the_refusal_appealed(
    shop: Shop, backend: Machine, hire: Hire
):
    claim = review(shop, backend)
    assert (claim["stage"], claim["turn"]) == ("under_review", "adjuster")
    bo, rita, owner = hire("adjuster"), hire("reviewer"), hire("programme_owner")
    assert do(bo, claim, "assign", {"to": f"person:{bo.account_id}"}).status_code == 200
    refused(do(bo, claim, "assign", {"to": "person:999999999"}), 422, "unknown_assignee")
    refused(do(bo, claim, "assign", {"to": f"person:{backend.account_id}"}), 422, "unknown_assignee")
    assert do(bo, claim, "reserve", BODIES["reserve"]).status_code == 200
    reason = {"code": "not_supported", "clause": "payable_heads", "words": "The photo shows a lamp."}
    no = {"lines": [{"exposure": 1, "refuse": usd("900.00"), "reason": reason}]}
    refused(do(bo, claim, "decision", no), 422, "concern_not_shown")
    without = {"lines": [{"exposure": 1, "refuse": usd("900.00")}]}
    refused(do(bo, claim, "decision", without), 422, "reason_needed")
    claim = do(bo, claim, "concern", BODIES["concern"]).json()
    assert (claim["stage"], claim["turn"]) == ("awaiting_answer", "claimant")
    shown = backend.get(claim["links"]["self"].removeprefix("/api/v1")).json()["file"]["concern"]
    assert shown["words"] == "The photo shows a lamp."
    claim = do(backend, claim, "answer", BODIES["answer"]).json()
    claim = do(bo, claim, "decision", no).json()
    if claim["stage"] == "awaiting_second":
        refused(do(bo, claim, "decision/confirm"), 403, "second_person_needed")
        claim = do(rita, claim, "decision/confirm").json()
    assert (claim["stage"], claim["outcome"], claim["refused"]) == ("closed", "refused", usd("900.00"))
    claim = do(backend, claim, "appeal", BODIES["appeal"]).json()
    assert (claim["stage"], claim["turn"]) == ("under_review", "reviewer")
    yes = {"lines": [{"exposure": 1, "approve": usd("900.00")}]}
    refused(do(bo, claim, "decision", yes), 403, "took_part_before")
    assert do(owner, claim, "decision", yes).status_code == 200


def test_proof_asked_more_time_and_a_pause(shop: Shop, backend: Machine, hire: Hire):
    claim, bo = review(shop, backend), hire("adjuster")
    odd = {"missing": [{"exposure": 1, "what": "a_poem"}]}
    refused(do(bo, claim, "request-proof", odd), 422, "unknown_proof")
    claim = do(bo, claim, "request-proof", BODIES["request-proof"]).json()
    assert claim["missing"] == [{"exposure": 1, "what": "receipt"}]
    due = {clock["name"]: clock["due_at"] for clock in claim["clocks"] if clock["state"] == "running"}
    assert do(bo, claim, "extend", BODIES["extend"] | {"clock": "pay"}).json()["code"] == "clock_not_running"
    name = next(name for name in due if name.startswith("claimant"))
    longer = do(bo, claim, "extend", {"clock": name, "days": 60, "words": "She is ill."}).json()
    assert next(clock["due_at"] for clock in longer["clocks"] if clock["name"] == name) > due[name]
    paused = do(bo, claim, "pause", {"clocks": [name], "words": "The court asked."}).json()
    assert {clock["state"] for clock in paused["clocks"] if clock["name"] == name} == {"paused"}
    refused(do(bo, claim, "pause", {"clocks": [name], "words": "Again."}), 422, "already_paused")
    assert do(bo, claim, "resume").status_code == 200
    refused(do(bo, claim, "resume"), 422, "not_paused")


def test_the_seller_is_heard_once_it_has_been_told(shop: Shop, backend: Machine, hire: Hire):
    claim = backend.post("/claims", notice(shop)).json()
    seller = hire("seller", seller=shop.insured.pk)
    claim = do(seller, claim, "seller-evidence", {"words": "We changed the base.", "flags": []}).json()
    assert claim["reference"]
    refused(do(seller, claim, "seller-evidence", {"flags": ["the_moon"], "words": "?"}), 422, "unknown_flag")


def test_a_safety_officer_reviews_what_was_asked_of_it(shop: Shop, backend: Machine, hire: Hire):
    claim, sam = review(shop, backend), hire("safety_officer")
    assert do(sam, claim, "safety-review", BODIES["safety-review"]).status_code == 200
    refused(do(sam, claim, "safety-review", BODIES["safety-review"]), 422, "no_safety_review_asked")


@pytest.mark.parametrize("role", ["adjuster", "finance"])
def test_the_key_of_one_act_does_not_answer_for_another(shop: Shop, backend: Machine, hire: Hire, role: str):
    claim = backend.post("/claims", notice(shop, complete=False)).json()
    assert do(backend, claim, "withdraw", {}, idempotency_key="w").status_code == 200
    other = do(backend, claim, "appeal", {"words": "Please."}, idempotency_key="w")
    refused(other, 409, "key_used_for_other_content")
