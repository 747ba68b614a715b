"""Nobody sees another party's claim, and a claim that one may not see looks like one that does not exist."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from api.machines import Hire, Machine
from api.saying import notice, refused, usd
from django.db import connections
from world import Shop, a_photo

from makewhole.store.models import Evidence

NOBODYS = "MW-00000-00000"


def stranger(shop: Shop, hire: Hire, who: str) -> Machine:
    if who == "another seller":
        return hire("seller", seller=shop.uninsured.pk)
    role = "marketplace" if who == "another marketplace" else "adjuster"
    return hire(role, marketplace="elsewhere")


@pytest.mark.parametrize("who", ["another seller", "another marketplace", "an adjuster from elsewhere"])
def test_the_claim_of_others_is_as_unknown_as_none(shop: Shop, backend: Machine, hire: Hire, who: str):
    claim = backend.post("/claims", notice(shop)).json()
    machine = stranger(shop, hire, who)
    for path in ("", "/timeline"):
        theirs = machine.get(f"/claims/{claim['reference']}{path}")
        refused(theirs, 404, "unknown_claim")
        assert theirs.content == machine.get(f"/claims/{NOBODYS}{path}").content
        assert theirs.content == machine.get(f"/claims/{claim['id']}{path}").content
    for act, body in (("withdraw", {}), ("resume", None), ("decision", {"lines": []})):
        theirs = machine.post(f"/claims/{claim['reference']}/acts/{act}", body)
        refused(theirs, 404, "unknown_claim")
        assert theirs.content == machine.post(f"/claims/{NOBODYS}/acts/{act}", body).content
    assert machine.get("/claims").json() == {"items": [], "next": None}


def test_a_seller_hears_of_a_claim_only_after_screening(shop: Shop, backend: Machine, hire: Hire):
    seller = hire("seller", seller=shop.insured.pk)
    early = backend.post("/claims", notice(shop, complete=False)).json()
    refused(seller.get(f"/claims/{early['reference']}"), 404, "unknown_claim")
    screened = backend.post("/claims", notice(shop)).json()
    seen = seller.get(f"/claims/{screened['reference']}").json()
    assert seen["file"]["contact"] is None and seen["file"]["payee"] is None
    assert [row["reference"] for row in seller.get("/claims").json()["items"]] == [screened["reference"]]


def test_only_those_who_work_on_the_claim_read_screening_reserves_and_all_facts(
    shop: Shop, backend: Machine, hire: Hire
):
    claim = backend.post("/claims", notice(shop)).json()
    path, auditor = f"/claims/{claim['reference']}", hire("auditor")
    assert auditor.get(path).json()["file"]["checks"] and not backend.get(path).json()["file"]["checks"]
    assert auditor.get(path).json()["exposures"][0]["reserve"] == usd("0.00")
    assert backend.get(path).json()["exposures"][0]["reserve"] is None
    inner = {step["kind"] for step in auditor.get(f"{path}/timeline").json()["items"]}
    outer = {step["kind"] for step in backend.get(f"{path}/timeline").json()["items"]}
    assert "ClaimScreened" in inner and "ClaimScreened" not in outer
    filed = backend.get(f"{path}/timeline").json()["items"][0]
    assert filed["facts"] == {"reference": claim["reference"], "channel": "api"}


def test_the_log_is_read_by_auditors_and_its_chain_can_be_checked(shop: Shop, backend: Machine, hire: Hire):
    from hashlib import sha256

    claim = backend.post("/claims", notice(shop)).json()
    path = f"/claims/{claim['reference']}/log"
    refused(backend.get(path), 403, "role_may_not")
    prior, cursor, seen = "", "", 0
    auditor = hire("auditor")
    while cursor is not None:
        page = auditor.get(f"{path}?limit=3&cursor={cursor}").json()
        for entry in page["items"]:
            assert entry["prior"] == prior
            prior = sha256(bytes.fromhex(prior) + sha256(entry["body"].encode()).digest()).hexdigest()
            assert entry["digest"] == prior
            seen += 1
        cursor = page["next"]
    assert seen == claim["version"]


# Files -------------------------------------------------------------------------------------------------------


def test_a_file_goes_in_and_comes_out_as_a_download_that_nothing_runs(shop: Shop, backend: Machine, hire: Hire):
    sent = backend.upload("worktop.jpg", a_photo(), "photo")
    assert sent.status_code == 201 and sent.json()["media_type"] == "image/jpeg"
    path = f"/evidence/{sent.json()['id']}"
    shown = backend.get(path)
    assert shown.status_code == 200 and shown.content.startswith(b"\xff\xd8")
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert backend.get(f"{path}?variant=thumbnail").status_code == 200
    refused(backend.get(f"{path}?variant=original"), 403, "role_may_not")
    refused(backend.get(f"{path}?variant=poster"), 422, "request_not_valid")


def test_a_file_that_no_claim_has_yet_is_its_senders_alone(shop: Shop, backend: Machine, hire: Hire):
    path = f"/evidence/{backend.upload('a.jpg', a_photo()).json()['id']}"
    refused(hire("adjuster").get(path), 404, "unknown_evidence")
    refused(hire("marketplace").get(path), 404, "unknown_evidence")


@pytest.mark.parametrize("who", ["another seller", "another marketplace", "an adjuster from elsewhere"])
def test_the_files_of_others_are_as_unknown_as_none(shop: Shop, backend: Machine, hire: Hire, who: str):
    claim = backend.post("/claims", notice(shop)).json()
    [first, _] = backend.get(f"/claims/{claim['reference']}").json()["file"]["evidence"]
    assert hire("adjuster").get(f"/evidence/{first['id']}").status_code == 200
    assert hire("adjuster").get(f"/evidence/{first['id']}?variant=original").status_code == 200
    refused(stranger(shop, hire, who).get(f"/evidence/{first['id']}"), 404, "unknown_evidence")


def test_health_papers_are_for_those_who_decide(shop: Shop, backend: Machine, hire: Hire):
    bill = backend.upload("bill.jpg", a_photo(), "medical_bill").json()
    files = [{"id": bill["id"], "exposure": 1, "amount": usd("80.00")}]
    exposures = [{"head": "medical_expense", "amount": usd("80.00")}]
    claim = backend.post("/claims", notice(shop, injury=True, exposures=exposures, evidence=files)).json()
    path = f"/evidence/{bill['id']}"
    assert hire("adjuster").get(path).status_code == 200
    for role in ("finance", "auditor", "safety_officer", "marketplace"):
        refused(hire(role).get(path), 403, "role_may_not")
    [paper] = hire("finance").get(f"/claims/{claim['reference']}").json()["file"]["evidence"]
    assert (paper["hidden"], paper["href"]) == (True, "")


def test_one_key_keeps_one_file(shop: Shop, backend: Machine):
    photo = a_photo()
    first = backend.upload("a.jpg", photo, idempotency_key="f")
    again = backend.upload("a.jpg", photo, idempotency_key="f")
    assert (again.content, again.headers["Idempotency-Hit"]) == (first.content, "true")
    refused(backend.upload("a.jpg", a_photo(), idempotency_key="f"), 409, "key_used_for_other_content")
    assert backend.upload("a.jpg", photo).json()["id"] != first.json()["id"]
    # Keys of files and of claims do not meet.
    assert backend.post("/claims", notice(shop), idempotency_key="f").status_code == 201


def test_one_key_in_four_parallel_uploads_keeps_one_file(shop: Shop, backend: Machine):
    photo, start = a_photo(), threading.Barrier(4)

    def once(_: int):
        start.wait()
        try:
            return backend.upload("a.jpg", photo, idempotency_key="p-4")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(once, range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Evidence.objects.filter(uploaded_by=f"marketplace:{backend.account_id}").count() == 1


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("photo.jpg", b"PK\x03\x04" + b"\x00" * 200, 415, "evidence_type_not_allowed"),
        ("bill.pdf", b"%PDF-1.7\n1 0 obj\n<<", 422, "evidence_truncated"),
        ("empty.jpg", b"", 422, "evidence_empty"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 30_000_000, 413, "body_too_large"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * (20 * 1024 * 1024), 413, "evidence_too_large"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    backend: Machine, name: str, content: bytes, status: int, code: str
):
    refused(backend.upload(name, content), status, code)


def test_an_upload_that_is_no_form_is_refused(backend: Machine):
    assert backend.post("/evidence", {"kind": "photo"}).status_code == 422
    told = refused(backend.upload("a.jpg", a_photo(), "selfie"), 422, "request_not_valid")
    assert told["errors"][0]["where"] == "form.kind"
