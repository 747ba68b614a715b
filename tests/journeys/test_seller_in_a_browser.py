"""A seller who is anxious about money: what waits, one tender, each answer with files, what is owed; in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from world import NOW, a_photo

if TYPE_CHECKING:
    from datetime import datetime

    from journeys.visitors import Visitor
    from world import Shop

    from makewhole.domain.claim.state import Claim
    from makewhole.store.models import Insurer, Seller

Visit = Callable[..., "Visitor"]
Clock = Callable[["datetime"], None]
WIDTHS = pytest.mark.parametrize("width", [390, 1280])


@WIDTHS
def test_a_seller_starts_with_its_inbox_and_opens_what_ends_first(visit: Visit, shop: Shop, width: int) -> None:
    claim = _tendered(shop, shop.uninsured)
    shop.file(shop.notice(shop.sell(seller=shop.uninsured), claimed="184.20"))
    seller = _comes(visit, shop, shop.uninsured, "/", width)
    assert seller.headline == "2 claims wait for your answer."
    assert seller.sees("$2,034.20 is at stake in all.")
    seller.keeps_picture("seller-inbox")
    seller.page.get_by_role("link", name=f"Open {claim.filed.reference}").first.click()
    assert seller.headline.startswith("Answer by Mon 30 Nov 2026, 16:00 (New York), 9 days left.")


@WIDTHS
def test_the_file_the_clause_and_the_answers_stand_beside_each_other(visit: Visit, shop: Shop, width: int) -> None:
    from playwright.sync_api import expect

    _insurer_of(shop)
    claim = _tendered(shop, shop.insured)
    seller = _comes(visit, shop, shop.insured, f"/claims/{claim.filed.reference}", width)
    seller.keeps_picture("seller-tender")
    first = seller.page.locator("details.answer").first
    told = " ".join(first.inner_text().split())
    assert "You pay $500.00" in told and "Your insurer pays $1,350.00" in told and "Your defence" in told
    silent = " ".join(seller.page.locator(".answer.silent").inner_text().split())
    assert "If you do not answer" in silent and "$500.00" in silent and "$1,350.00" in silent
    policy = seller.page.locator("#policy").inner_text()
    assert "over the limit of USD 1,000.00 for direct payment" in policy  # the text of the clause, not only its name
    assert "bearer.large_accepted_insured" in policy and "bearer.large_not_accepted" in policy
    answers, file = seller.page.locator(".tendered-answers").bounding_box(), seller.page.locator("#happened")
    there = file.bounding_box()
    assert answers is not None and there is not None
    if width == 1280:
        assert answers["x"] > there["x"] + there["width"] and answers["y"] < 400
        seller.page.get_by_role("link", name="Policy", exact=True).click()
        expect(seller.page.locator("#policy blockquote").first).to_be_in_viewport()
        expect(seller.page.locator("details.answer").first).to_be_in_viewport()  # they stay while the file is read
    else:
        assert answers["y"] < there["y"]  # one column, the answers first


@WIDTHS
def test_dark_colours_on_one_tender(visit: Visit, shop: Shop, width: int) -> None:
    claim = _tendered(shop, shop.uninsured)
    seller = _comes(visit, shop, shop.uninsured, f"/claims/{claim.filed.reference}", width)
    seller.page.get_by_label("Colours").select_option("dark")
    seller.presses("Set")
    assert seller.page.locator("html").get_attribute("data-theme") == "dark"
    seller.keeps_picture("seller-tender-dark")


@pytest.mark.parametrize(
    "title, button, fill, then",
    [
        ("Accept, and we pay now", "Accept, and let the platform pay", {}, "You owe $0.00 today"),
        ("Accept, and pay the customer yourself", "Accept, and pay it myself", {}, "Pay the customer $1,850.00"),
        ("Settle it with the customer yourself", "I settle it myself", {}, "Settle with the customer by"),
        ("Offer another amount", "Send the offer", {"#offer_amount": "900.00"}, "You offered $900.00."),
        (
            "Ask once for more time",
            "Ask for more time",
            {"#more-time_words": "For the test report."},
            "Answer by Mon 7",
        ),
        (
            "It was made by someone else",
            "Pass it on to the producer",
            {"#name-producer_producer_name": "Kessel", "#name-producer_producer_email": "c@kessel.example"},
            "You owe $0.00 today. The producer that you named",
        ),
    ],
)
def test_every_answer_takes_files_in_one_press(
    visit: Visit, shop: Shop, title: str, button: str, fill: dict[str, str], then: str
) -> None:
    claim = _tendered(shop, shop.uninsured)
    seller = _comes(visit, shop, shop.uninsured, f"/claims/{claim.filed.reference}", 390)
    seller.page.locator("details.answer summary", has_text=title).click()
    card = seller.page.locator("details.answer[open]")
    for where, what in fill.items():
        seller.page.locator(where).fill(what)
    card.locator("input[type=file]").set_input_files(
        [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": a_photo()} for n in ("front", "back")]
    )
    card.get_by_role("button", name=button).click()
    assert seller.headline.startswith(then) or then in seller.headline or seller.sees(then)
    assert seller.sees("Sent with the answer: 2 files.")
    steps = seller.page.locator(".timeline li", has_text="Sent with the answer").last
    assert steps.get_by_role("link").all_inner_texts() == ["Other file 1", "Other file 2"]
    seller.keeps_picture(f"seller-answered-{button.split()[0].lower()}-{title.split()[-1].lower()}")


@WIDTHS
def test_a_rejection_comes_with_its_report_and_what_is_missing_is_asked_before_it_is_sent(
    visit: Visit, shop: Shop, width: int
) -> None:
    claim = _tendered(shop, shop.uninsured)
    seller = _comes(visit, shop, shop.uninsured, f"/claims/{claim.filed.reference}", width)
    seller.page.locator("details.answer summary", has_text="Reject, with reasons").click()
    seller.page.locator("#reject_words").fill("We tested it: the switch works as it should.")
    seller.sends("Documents", "report.jpg")
    seller.presses("Reject the claim")
    assert seller.sees("Please choose at least one reason.") and seller.sees("report.jpg")
    assert seller.page.locator("#reject_words").input_value() == "We tested it: the switch works as it should."
    seller.keeps_picture("seller-rejects-missing")
    seller.page.get_by_label("The product had no defect").check()
    seller.presses("Reject the claim")
    assert seller.headline.startswith("You owe $0.00 today. You rejected this claim")
    assert seller.page.locator(".timeline li", has_text="Rejected").get_by_role("link").count() == 1
    seller.keeps_picture("seller-rejected")


@WIDTHS
def test_the_second_person_of_a_seller_sees_what_the_first_did(visit: Visit, shop: Shop, width: int) -> None:
    claim = _tendered(shop, shop.uninsured)
    at = f"/claims/{claim.filed.reference}"
    first, second = (_comes(visit, shop, shop.uninsured, at, each) for each in (1280, width))
    second.page.locator("details.answer summary", has_text="Ask once for more time").click()
    second.page.locator("#more-time_words").fill("We still look for the batch.")
    first.page.locator("details.answer summary", has_text="Settle it with the customer yourself").click()
    first.presses("I settle it myself")
    second.presses("Ask for more time")
    changed = second.page.locator("section", has_text="Somebody acted on this claim after you opened it.").first
    assert "The seller settles it with the customer itself." in changed.inner_text()
    assert second.page.locator("#more-time_words").input_value() == "We still look for the batch."
    second.keeps_picture("seller-second-person")


@WIDTHS
def test_what_is_owed_contested_and_stated(visit: Visit, shop: Shop, noon: Clock, width: int) -> None:
    from asked_back import demanded

    life = demanded(shop).pays_out("PO-77", 300_00)
    noon(life.at + timedelta(hours=1))
    seller = _comes(visit, shop, shop.uninsured, "/recoveries", width)
    assert seller.headline == "$850.00 is asked of you."
    seller.keeps_picture("seller-owed")
    seller.page.get_by_role("link", name="Contests").click()
    assert seller.headline == "You may contest 1 demand."
    seller.keeps_picture("seller-contests")
    seller.page.get_by_role("link", name="Statements").last.click()
    seller.page.get_by_role("link", name="Everything").click()
    assert seller.headline == "Your statement from the beginning until today"
    assert seller.sees("Held back of payout: PO-77") and seller.sees("$850.00")
    seller.keeps_picture("seller-statement")
    with seller.page.expect_download() as kept:
        seller.page.get_by_role("link", name="Download as CSV").click()
    assert kept.value.suggested_filename.endswith(".csv")
    seller.page.get_by_role("link", name=life.claim.filed.reference).first.click()
    assert seller.headline.startswith("We ask $850.00 of you, for what we paid the customer.")
    seller.keeps_picture("seller-owes-one")


@WIDTHS
def test_insurance_as_it_stands(visit: Visit, shop: Shop, width: int) -> None:
    _insurer_of(shop)
    seller = _comes(visit, shop, shop.insured, "/insurance", width)
    assert seller.headline == "You are insured. Your cover runs out in 41 days, on 1 Jan 2027."
    seller.keeps_picture("seller-insurance")
    shop.file(shop.notice(shop.sell(seller=shop.uninsured), claimed="184.20"))
    other = _comes(visit, shop, shop.uninsured, "/insurance", width)
    assert other.sees("Proof is asked of you now")
    other.keeps_picture("seller-insurance-missing")
    other.page.get_by_role("link", name="Send proof").click()
    assert other.page.locator("#act-proof-of-insurance").is_visible()


@WIDTHS
def test_an_insurer_reads_its_part_beside_the_sellers(visit: Visit, shop: Shop, width: int) -> None:
    from journeys.visitors import hired

    insurer = _insurer_of(shop)
    claim = _tendered(shop, shop.insured)
    ines = visit(width)
    ines.signs_in(hired("insurer", "", insurer_id=insurer.pk).email)
    ines.goes_to("/inbox")
    assert ines.sees("$1,350.00")
    ines.goes_to(f"/claims/{claim.filed.reference}")
    assert ines.sees("The deductible is $500.00; $1,000,000.00 is left of the limit.")
    told = " ".join(ines.page.locator("details.answer", has_text="Deny cover").inner_text().split())
    assert "You owe $0.00" in told and "The seller owes $1,850.00" in told
    ines.keeps_picture("insurer-tender")
    ines.page.locator("details.answer summary", has_text="Deny cover").click()
    ines.page.locator("#insurer-denies_clause").fill("4.2 Exclusions")
    ines.page.locator("#insurer-denies_words").fill("The product was recalled before the policy began.")
    ines.presses("Deny cover")
    assert ines.headline == "You owe $0.00 today. You deny cover: nothing is asked of you."
    ines.keeps_picture("insurer-denied")


# Parts ----------------------------------------------------------------------------------------------------------


def _tendered(shop: Shop, seller: Seller, *, claimed: str = "1850.00") -> Claim:
    claim = shop.file(shop.notice(shop.sell(price="199.00", seller=seller), claimed=claimed)).claim
    assert claim.tenders, "the machine tenders a clean claim over the limit"
    return claim


def _insurer_of(shop: Shop) -> Insurer:
    from makewhole.store.models import Coverage, Insurer

    insurer = Insurer.objects.create(name=f"Mutual {shop.code}", email=f"{shop.code}@mutual.example")
    Coverage.objects.filter(seller=shop.insured).update(
        insurer_account=insurer, deductible_minor=500_00, limit_minor=1_000_000_00, verified_at=NOW
    )
    return insurer


def _comes(visit: Visit, shop: Shop, seller: Seller, at: str, width: int = 1280) -> Visitor:
    from journeys.visitors import hired

    visitor = visit(width)
    visitor.signs_in(hired("seller", shop.code, seller_id=seller.pk).email)
    visitor.goes_to(at)
    return visitor
