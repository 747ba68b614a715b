"""Statements of reasons at the door: each reader gets its own, as values and as PDF, and nobody a stranger's."""

from __future__ import annotations

import io
import json
import re

import pytest
from api.machines import Hire, Machine
from api.saying import notice, refused, usd
from asked_back import NAME, AskedBack, contest_decided, secrets_of
from pypdf import PdfReader
from world import Shop


@pytest.fixture
def asked(shop: Shop, backend: Machine) -> AskedBack:
    return contest_decided(shop)


def path_of(asked: AskedBack) -> str:
    return f"/claims/{asked.claim.filed.reference}/statements"


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def seller_of(asked: AskedBack, hire: Hire) -> Machine:
    return hire("seller", seller=asked.shop.uninsured.pk)


def test_a_whole_life_is_told_decision_by_decision_to_each_its_own(asked: AskedBack, hire: Hire):
    kinds = [(each["kind"], each["to"]) for each in seller_of(asked, hire).get(path_of(asked)).json()["items"]]
    assert kinds == [
        ("claim_decided", "seller"), ("bearer_decided", "seller"), ("bearer_decided", "seller"),
        ("recovery_opened", "seller"), ("funds_withheld", "seller"), ("funds_withheld", "seller"),
        ("contest_decided", "seller"), ("funds_released", "seller"), ("recovery_closed", "seller"),
    ]  # fmt: skip
    everything = [(each["kind"], each["to"]) for each in hire("auditor").get(path_of(asked)).json()["items"]]
    assert set(everything) == {*kinds, ("claim_decided", "claimant")}


def test_a_statement_is_told_in_values_and_in_the_lines_of_the_mail(asked: AskedBack, hire: Hire):
    seller = seller_of(asked, hire)
    demand = next(each for each in seller.get(path_of(asked)).json()["items"] if each["kind"] == "recovery_opened")
    assert demand["title"].startswith("You owe us USD 850.00 for this claim. You may contest it by ")
    assert demand["issuer"] == "Test Shop Inc." and demand["to_name"] == "Ångström Łampy & Co. sp. z o.o."
    assert demand["amounts"][-1] == {
        "what": "asked of you", "amount": usd("850.00"), "way": "you owe it to us", "payer": "seller",
        "payee": "platform",
    }  # fmt: skip
    assert demand["decided"]["machine"] == "alone" and demand["decided"]["by"] == []
    assert demand["contest"]["until"] is not None and demand["text"].startswith(demand["title"])
    assert demand["clauses"][0]["clause"].endswith("· bearer.small_asked_in_vain")
    assert demand["clauses"][0]["sentence"].startswith("A small claim, the seller had not been asked")
    one = seller.get(f"{path_of(asked)}/{demand['version']}")
    assert one.json() == demand and demand["links"]["self"].endswith(f"/statements/{demand['version']}?to=seller")


def test_no_statement_to_the_seller_names_the_claimant(asked: AskedBack, hire: Hire):
    """Not as values, not in a PDF, not in what a person wrote of her; also not to the staff that read it as sent."""
    for machine in (seller_of(asked, hire), hire("auditor")):
        items = [each for each in machine.get(path_of(asked)).json()["items"] if each["to"] == "seller"]
        assert len(items) == 9
        found = next(each for each in items if each["kind"] == "contest_decided")
        assert found["wrote"] == [
            "Ms the customer ([left out]) kept the lamp outdoors; a third of the damage is hers to bear."
        ]
        told = json.dumps(items, ensure_ascii=False)
        assert [secret for secret in secrets_of(asked.shop) if secret in told] == []
        for each in items:
            pdf = machine.get(f"{path_of(asked)}/{each['version']}.pdf?to=seller")
            text = words_of(pdf.content)
            assert [secret for secret in secrets_of(asked.shop) if secret in text] == []
            assert "Ångström Łampy & Co. sp. z o.o." in text


def test_a_pdf_has_all_the_lines_of_the_statement_and_the_same_bytes_each_time(asked: AskedBack, hire: Hire):
    for machine in (hire("adjuster"), seller_of(asked, hire)):
        for each in machine.get(path_of(asked)).json()["items"]:
            path = f"{path_of(asked)}/{each['version']}.pdf?to={each['to']}"
            first, second = machine.get(path), machine.get(path)
            assert first.status_code == 200 and first.headers["Content-Type"] == "application/pdf"
            assert first.content == second.content
            pages = PdfReader(io.BytesIO(first.content)).pages
            text = words_of(first.content)
            for line in (each["title"], *each["facts"], *each["then"], *each["contest"]["how"], *each["others_see"]):
                assert only_letters(line) in only_letters(text), line
            for amount in each["amounts"]:
                assert f"USD {amount['amount']['amount']}" in text.replace(",", "")
            assert f"Page 1 of {len(pages)}" in text and f"Page {len(pages)} of {len(pages)}" in text
            assert "Test Shop Inc." in text and asked.claim.filed.reference in text
            assert float(pages[0].mediabox.width) == pytest.approx(612)  # Letter, in the United States


def only_letters(told: str) -> str:
    """Words without what a page break may put between them."""
    return re.sub(r"\W+", "", re.sub(r"Page \d+ of \d+|Statement of reasons", "", told))


def test_the_name_of_the_claimant_stands_in_her_own_statement_only(asked: AskedBack, hire: Hire):
    adjuster = hire("adjuster")
    [hers] = [each for each in adjuster.get(path_of(asked)).json()["items"] if each["to"] == "claimant"]
    assert hers["to_name"] == NAME
    assert NAME in words_of(adjuster.get(f"{path_of(asked)}/{hers['version']}.pdf?to=claimant").content)
    # Finance and auditors decide nothing about her, and read it without her name.
    [same] = [each for each in hire("finance").get(path_of(asked)).json()["items"] if each["to"] == "claimant"]
    assert same["to_name"] == "" and NAME not in json.dumps(same, ensure_ascii=False)


def test_what_is_not_addressed_to_a_reader_is_not_there(shop: Shop, asked: AskedBack, hire: Hire):
    seller, reference = seller_of(asked, hire), asked.claim.filed.reference
    decided = next(each for each in seller.get(path_of(asked)).json()["items"] if each["kind"] == "claim_decided")
    for query in ("?to=claimant", "?to=insurer"):
        refused(seller.get(f"{path_of(asked)}/{decided['version']}{query}"), 404, "unknown_statement")
        refused(seller.get(f"{path_of(asked)}/{decided['version']}.pdf{query}"), 404, "unknown_statement")
    for version in (1, 2, 999, asked.claim.version + 1):
        refused(seller.get(f"{path_of(asked)}/{version}"), 404, "unknown_statement")
    refused(seller.get(f"{path_of(asked)}/0"), 422, "request_not_valid")
    strangers = (
        hire("seller", seller=shop.insured.pk), hire("adjuster", marketplace="elsewhere"),
        hire("marketplace", marketplace="elsewhere"), hire("administrator"),
    )  # fmt: skip
    for stranger in strangers:
        for path in ("", f"/{decided['version']}", f"/{decided['version']}.pdf"):
            refused(stranger.get(f"/claims/{reference}/statements{path}"), 404, "unknown_claim")


def test_who_decided_is_named_to_those_who_work_on_claims_only(asked: AskedBack, hire: Hire):
    def deciders(machine: Machine) -> list[str]:
        items = machine.get(path_of(asked)).json()["items"]
        return next(each["decided"]["by"] for each in items if each["kind"] == "contest_decided")

    assert deciders(hire("auditor")) == ["person:32"]
    assert deciders(seller_of(asked, hire)) == deciders(hire("marketplace")) == []


def test_lists_come_in_pages(asked: AskedBack, hire: Hire):
    seller, found, cursor = seller_of(asked, hire), [], ""
    while cursor is not None:
        page = seller.get(f"{path_of(asked)}?limit=4&cursor={cursor}").json()
        assert 1 <= len(page["items"]) <= 4
        found += [each["version"] for each in page["items"]]
        cursor = page["next"]
    assert len(found) == 9 and found == sorted(found)


def test_what_an_erased_claimant_was_called_is_gone_from_new_copies(asked: AskedBack, hire: Hire):
    from makewhole.store import vault

    vault.erase(asked.claim.filed.claimant_id, asked.at)
    items = hire("adjuster").get(path_of(asked)).json()["items"]
    assert len(items) == 10
    assert all(each["wrote"] == [] for each in items)
    assert next(each["to_name"] for each in items if each["to"] == "claimant") == ""


def test_a_seller_reads_the_decision_once_it_was_told_of_the_claim(shop: Shop, backend: Machine, hire: Hire):
    claim = backend.post("/claims", notice(shop, complete=False)).json()
    refused(
        hire("seller", seller=shop.insured.pk).get(f"/claims/{claim['reference']}/statements"), 404, "unknown_claim"
    )
    assert backend.get(f"/claims/{claim['reference']}/statements").json() == {"items": [], "next": None}
