"""The pages and papers of statements of reasons: who gets which, what a seller never reads, and how they look."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

if TYPE_CHECKING:
    from asked_back import AskedBack
    from django.test import Client
    from journeys.visitors import Visitor
    from world import Shop

STAFF = ("adjuster", "reviewer", "finance", "safety_officer", "programme_owner", "auditor")


@pytest.fixture
def asked(shop: Shop, noon: object) -> AskedBack:
    from asked_back import contest_decided

    return contest_decided(shop)


def signed_in(role: str, asked: AskedBack, *, marketplace: str | None = None, seller_id: int | None = None) -> Client:
    from django.test import Client
    from journeys.visitors import hired

    client = Client()
    client.force_login(hired(role, marketplace or asked.shop.code, seller_id=seller_id))
    return client


def versions(asked: AskedBack) -> dict[str, int]:
    """The newest statement of each kind, by its version."""
    from makewhole.domain.actors import Actor
    from makewhole.reads.statements import statements_of

    auditor = Actor("person:99", "auditor")
    return {each.statement.kind: each.version for each in statements_of(asked.claim.claim_id, auditor)}


def test_a_seller_reads_its_statements_and_nothing_in_them_names_the_claimant(asked: AskedBack) -> None:
    from asked_back import secrets_of

    seller = signed_in("seller", asked, seller_id=asked.shop.uninsured.pk)
    page = f"/claims/{asked.claim.filed.reference}"
    told = [seller.get(page).content.decode()]
    for version in versions(asked).values():
        answer = seller.get(f"{page}/statements/{version}")
        paper = seller.get(f"{page}/statements/{version}.pdf")
        assert (answer.status_code, paper.status_code) == (200, 200)
        told.append(answer.content.decode())
        told.append(" ".join(each.extract_text() for each in PdfReader(io.BytesIO(paper.content)).pages))
        assert seller.get(f"{page}/statements/{version}?to=claimant").status_code == 404
    assert [secret for secret in secrets_of(asked.shop) if any(secret in each for each in told)] == []
    assert "You are right in part: USD 283.00 is taken off" in told[0]


@pytest.mark.parametrize("role", STAFF)
def test_staff_reads_what_each_party_was_told(role: str, asked: AskedBack) -> None:
    client, page = signed_in(role, asked), f"/claims/{asked.claim.filed.reference}/statements"
    decided = versions(asked)["claim_decided"]
    assert b"We approved USD 850.00." in client.get(f"{page}/{decided}?to=claimant").content
    assert b"Of the claim about your product USD 850.00" in client.get(f"{page}/{decided}?to=seller").content


def test_for_everybody_else_there_is_no_such_page(asked: AskedBack) -> None:
    from django.test import Client

    strangers = [
        Client(), signed_in("seller", asked, seller_id=asked.shop.insured.pk), signed_in("claimant", asked),
        signed_in("administrator", asked), signed_in("adjuster", asked, marketplace="elsewhere"),
    ]  # fmt: skip
    page = f"/claims/{asked.claim.filed.reference}/statements"
    for client in strangers:
        for version in (*versions(asked).values(), 1, 9999):
            assert client.get(f"{page}/{version}").status_code == 404
            assert client.get(f"{page}/{version}.pdf").status_code == 404
    owner = signed_in("auditor", asked)
    assert owner.get(f"{page}/1").status_code == owner.get(f"{page}/9999").status_code == 404


def test_a_claimant_reads_her_own_by_the_link_of_her_mail(asked: AskedBack) -> None:
    from asked_back import NAME
    from django.test import Client

    from makewhole.people.links import claimant_key

    client, page = Client(), f"/claims/{asked.claim.filed.reference}"
    client.get(page, {"key": claimant_key(asked.claim.claim_id, asked.claim.filed.claimant_id)})
    found = versions(asked)
    statement = client.get(f"{page}/statements/{found['claim_decided']}").content.decode()
    assert NAME in statement and "We approved USD 850.00." in statement
    for kind in ("bearer_decided", "recovery_opened", "contest_decided"):
        assert client.get(f"{page}/statements/{found[kind]}").status_code == 404
    assert "You owe us" not in client.get(page).content.decode()


def test_a_pdf_is_shown_and_never_kept_on_the_way(asked: AskedBack) -> None:
    seller = signed_in("seller", asked, seller_id=asked.shop.uninsured.pk)
    version = versions(asked)["recovery_opened"]
    answer = seller.get(f"/claims/{asked.claim.filed.reference}/statements/{version}.pdf")
    assert answer["Content-Type"] == "application/pdf" and answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    name = f"{asked.claim.filed.reference}-{version}-seller.pdf"
    assert answer["Content-Disposition"] == f'inline; filename="{name}"'


def test_a_statement_with_markup_in_its_words_shows_it_as_words(shop: Shop, noon: object) -> None:
    from asked_back import contest_decided

    from makewhole.store.models import OrderLine

    asked = contest_decided(shop)
    OrderLine.objects.filter(id=asked.claim.filed.order_line_id).update(product_title="Lamp <b>&amp; <script>x")
    client, page = signed_in("auditor", asked), f"/claims/{asked.claim.filed.reference}"
    version = versions(asked)["recovery_opened"]
    told = client.get(f"{page}/statements/{version}").content.decode()
    assert "Lamp &lt;b&gt;&amp;amp; &lt;script&gt;x" in told and "<script>x" not in told
    paper = client.get(f"{page}/statements/{version}.pdf").content
    assert "Lamp <b>&amp; <script>x" in PdfReader(io.BytesIO(paper)).pages[0].extract_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_statements_are_read_in_a_browser(visit: Callable[..., Visitor], asked: AskedBack, width: int) -> None:
    from journeys.visitors import hired

    account = hired("seller", asked.shop.code, seller_id=asked.shop.uninsured.pk)
    seller = visit(width)
    seller.signs_in(account.email)
    page = f"/claims/{asked.claim.filed.reference}"
    seller.goes_to(page)
    assert seller.sees("Why") and seller.sees("Our demand for this claim is closed")
    seller.keeps_picture("claim-with-statements")
    for kind in ("recovery_opened", "contest_decided", "claim_decided"):
        seller.goes_to(f"{page}/statements/{versions(asked)[kind]}")
        assert seller.sees("Issued") and seller.sees("How to contest")
        seller.keeps_picture(f"statement-{kind}")
