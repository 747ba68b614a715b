"""Papers as people look at them: who may see a page, what the answer says, and what stands in place of a page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import papers
import pytest
from world import NOW

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse
    from world import Shop

    from makewhole.domain.claim.state import Claim


def _claim(shop: Shop, paper: bytes, *, kind: str = "receipt", health: bool = False) -> tuple[Claim, UUID]:
    sent = replace(shop.send(kind, content=paper), exposure=1, amount="120.00")
    claim = shop.file(shop.notice(shop.sell(), evidence=(shop.send("photo"), sent))).claim
    return claim, sent.evidence_id


def _page(shop: Shop, claim: Claim, paper: UUID, at: str, role: str = "adjuster", **party: int) -> HttpResponse:
    from django.test import Client
    from journeys.visitors import hired

    client = Client()
    client.force_login(hired(role, shop.code, **party))
    answer: HttpResponse = client.get(f"/claims/{claim.filed.reference}/files/{paper}/pages/{at}")
    return answer


def test_a_page_is_kept_by_the_browser_alone_and_runs_nothing(shop: Shop, noon: object) -> None:
    answer = _page(shop, *_claim(shop, papers.written("520.00")), "1/display")
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert {each.strip() for each in answer["Cache-Control"].split(",")} == {"private", "max-age=3600", "immutable"}
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_thumbnail_is_a_small_first_page(shop: Shop, noon: object) -> None:
    claim, paper = _claim(shop, papers.written("520.00"))
    small, large = (_page(shop, claim, paper, f"1/{variant}") for variant in ("thumbnail", "display"))
    assert len(small.content) * 3 < len(large.content)


@pytest.mark.parametrize("at, status", [("0/display", 404), ("1/display", 200), ("30/display", 200),
                                        ("31/display", 404), ("40/display", 404), ("1/original", 404),
                                        ("1/huge", 404)])  # fmt: skip
def test_the_first_thirty_pages_are_shown(shop: Shop, noon: object, at: str, status: int) -> None:
    claim, paper = _claim(shop, papers.written(*["x"] * 40))
    assert _page(shop, claim, paper, at).status_code == status


def test_beyond_the_last_page_there_is_none_and_a_photo_has_none(shop: Shop, noon: object) -> None:
    claim, paper = _claim(shop, papers.written("one", "two"))
    assert _page(shop, claim, paper, "3/display").status_code == 404
    photo = next(item.evidence_id for item in claim.evidence if item.kind == "photo")
    assert _page(shop, claim, photo, "1/display").status_code == 404


def test_in_place_of_a_page_that_cannot_be_drawn_stands_a_sentence_that_is_not_kept(shop: Shop, noon: object) -> None:
    claim, paper = _claim(shop, papers.bomb())
    answer = _page(shop, claim, paper, "1/display")
    assert answer.status_code == 422 and answer["Content-Type"] == "image/svg+xml"
    assert "no-store" in answer["Cache-Control"]
    said = " ".join(re.findall("<text[^>]*>([^<]*)</text>", answer.content.decode()))
    assert "Page 1 cannot be drawn." in said and "Download the file" in said


def test_while_too_many_pages_are_drawn_the_next_is_told_to_come_again(
    shop: Shop, noon: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from makewhole.integrations.pdf_pages import asking

    claim, paper = _claim(shop, papers.written("x"))
    monkeypatch.setattr(asking, "WAIT_SECONDS", 0.05)
    with asking.AT_ONCE, asking.AT_ONCE:
        answer = _page(shop, claim, paper, "1/display")
    assert answer.status_code == 503 and b"load this one" in answer.content
    assert _page(shop, claim, paper, "1/display").status_code == 200


def test_pages_of_a_health_paper_are_for_those_who_decide(shop: Shop, noon: object) -> None:
    claim, bill = _claim(shop, papers.written("Dr. Who: 120.00"), kind="medical_bill")
    seen = {
        role: _page(shop, claim, bill, "1/display", role).status_code for role in ("adjuster", "finance", "auditor")
    }
    assert seen == {"adjuster": 200, "finance": 404, "auditor": 404}


def test_a_seller_sees_pages_of_its_own_papers_and_of_no_others(shop: Shop, noon: object) -> None:
    from makewhole import asks
    from makewhole.domain.actors import Actor
    from makewhole.domain.claim.commands import AddSellerEvidence
    from makewhole.handle import handle

    claim, theirs = _claim(shop, papers.written("Ana Rivera, 4 Elm Street"))
    seller = Actor(f"seller:{shop.insured.pk}", "seller", seller_id=shop.insured.pk)
    own = shop.send("other", by=seller, content=papers.written("Test report"))
    command = AddSellerEvidence(asks.evidence_items((own,), "USD"))
    handle(asks.act(command, claim_id=claim.claim_id, by=seller, at=NOW))
    seen = {
        each: _page(shop, claim, each, "1/display", "seller", seller_id=shop.insured.pk).status_code
        for each in (theirs, own.evidence_id)
    }
    assert seen == {theirs: 404, own.evidence_id: 200}


def test_an_erased_paper_has_no_pages(shop: Shop, noon: object) -> None:
    from makewhole.store.models import Evidence

    claim, paper = _claim(shop, papers.written("520.00"))
    Evidence.objects.filter(id=paper).update(wrapped_key=None, erased_at=NOW)
    assert _page(shop, claim, paper, "1/display").status_code == 404
    viewer = _viewer(shop, claim)
    assert "The pages of this PDF cannot be shown." in viewer


def test_the_viewer_knows_the_pages_without_drawing_one(
    shop: Shop, noon: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from makewhole.integrations.pdf_pages import asking

    claim, _paper = _claim(shop, papers.written(*(f"Line {n}" for n in range(1, 41))))
    monkeypatch.setattr(asking, "draw", None)
    page = _viewer(shop, claim)
    assert page.count("data-picture") == 30
    assert page.count('width="1131" height="1600"') == 30 and page.count('loading="lazy"') == 29
    assert "Page 30 of 40" in page and "The first 30 pages are shown here." in page and "Line 30" in page


def _viewer(shop: Shop, claim: Claim) -> str:
    from django.test import Client
    from journeys.visitors import hired

    client = Client()
    client.force_login(hired("adjuster", shop.code))
    return client.get(f"/claims/{claim.filed.reference}/evidence/2").content.decode()
