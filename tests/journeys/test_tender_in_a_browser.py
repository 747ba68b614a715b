"""The seller is heard, and money is asked back: the ways of all sides through the pages, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from world import NOW

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
def test_a_seller_reads_what_each_answer_means_before_it_answers(visit: Visit, shop: Shop, width: int) -> None:
    claim = _tendered(shop, shop.uninsured)
    seller = _seller(visit, shop, shop.uninsured, claim, width)
    assert seller.headline == (
        "Answer by Mon 30 Nov 2026, 16:00 (New York), 9 days left. "
        "If you do not answer, we pay the customer $1,850.00 and ask you for it."
    )
    cards = seller.page.locator("details.answer")
    assert cards.locator("h3").all_inner_texts() == [
        "Accept, and we pay now",
        "Accept, and pay the customer yourself",
        "Settle it with the customer yourself",
        "Offer another amount",
        "Reject, with reasons",
        "It was made by someone else",
        "Ask once for more time",
    ]
    assert "You pay $1,850.00 to us" in " ".join(cards.first.inner_text().split())
    _opens(seller, "Accept, and we pay now")
    assert "you owe us $1,850.00" in cards.first.inner_text()
    assert seller.sees("route.tendered")
    assert "Ana Rivera" not in seller.page.content()
    seller.keeps_picture("tender-seller")
    _opens(seller, "Reject, with reasons")
    seller.keeps_picture("tender-seller-rejects")


def test_an_insured_seller_reads_its_insurers_part(visit: Visit, shop: Shop) -> None:
    _insurer_of(shop)
    seller = _seller(visit, shop, shop.insured, _tendered(shop, shop.insured))
    _opens(seller, "Accept, and we pay now")
    told = seller.page.locator("details.answer").first.inner_text()
    assert "You owe us $500.00, your part up to the deductible; your insurer owes $1,350.00." in told


def test_a_seller_accepts_and_the_customer_is_paid_after_signing(visit: Visit, shop: Shop) -> None:
    claim = _tendered(shop, shop.uninsured)
    seller, ana = _seller(visit, shop, shop.uninsured, claim), _claimant(visit, claim)
    assert ana.headline.startswith("We asked the seller, who answers by Mon 30 Nov 2026, 16:00 (New York).")
    _opens(seller, "Accept, and we pay now")
    seller.presses("Accept, and let the platform pay")
    assert seller.sees("You accepted. We pay the customer")
    ana.page.reload()
    assert ana.headline == "We approved $1,850.00. Please sign the release below; then we pay."


@WIDTHS
def test_a_seller_accepts_and_pays_itself_and_the_customer_confirms(visit: Visit, shop: Shop, width: int) -> None:
    claim = _tendered(shop, shop.uninsured)
    seller = _seller(visit, shop, shop.uninsured, claim, width)
    _opens(seller, "Accept, and pay the customer yourself")
    seller.presses("Accept, and pay it myself")
    assert seller.headline.startswith("Pay the customer $1,850.00 by Mon 30 Nov 2026, 16:00 (New York) (9 days left)")
    seller.sends("What shows it", "transfer.jpg")
    seller.keeps_picture("tender-seller-pays")
    seller.presses("Tell us")
    assert seller.headline.startswith("You told us that you settled at $1,850.00.")
    ana = _claimant(visit, claim, width)
    assert ana.headline.startswith("The seller says that it settled with you at $1,850.00. Is that so?")
    ana.keeps_picture("settlement-claimant")
    _opens(ana, "Yes, it is settled")
    ana.presses("Yes, it is settled")
    assert ana.headline == "The seller settled your claim at $1,850.00. It is closed."


def test_a_settlement_that_the_customer_denies_comes_back(visit: Visit, shop: Shop) -> None:
    claim = _tendered(shop, shop.uninsured)
    seller = _seller(visit, shop, shop.uninsured, claim)
    _opens(seller, "Settle it with the customer yourself")
    seller.presses("I settle it myself")
    assert seller.headline.startswith("Settle with the customer by Mon 21 Dec 2026, 16:00 (New York)")
    seller.page.get_by_label("What you agreed").fill("A new kettle and a voucher.")
    seller.presses("Tell us")
    adjuster = _staff(visit, "adjuster", shop, claim)
    adjuster.unfolds("Judge the settlement")
    adjuster.presses("Record")
    assert adjuster.sees("Please choose one.") and adjuster.sees("Please give your reasons in words.")
    ana = _claimant(visit, claim)
    _opens(ana, "No, it is not")
    ana.presses("No, it is not")
    assert ana.sees("Nothing was settled: the claim comes back to the platform.")
    assert ana.headline.startswith("A person looks at your claim.")  # one says paid, the other not: a person judges


@WIDTHS
def test_an_offer_is_countered_and_accepted(visit: Visit, shop: Shop, width: int) -> None:
    claim = _tendered(shop, shop.uninsured)
    seller = _seller(visit, shop, shop.uninsured, claim, width)
    _opens(seller, "Offer another amount")
    seller.page.locator("#offer_amount").fill("2000")
    seller.presses("Send the offer")
    assert seller.sees("At most $1,850.00 can be offered: that is what is claimed.")
    seller.page.locator("#offer_amount").fill("1,200.00")
    seller.page.get_by_label("Your reasons").first.fill("The worktop was ten years old.")
    seller.presses("Send the offer")
    assert seller.headline.startswith("You offered $1,200.00.")

    ana = _claimant(visit, claim, width)
    assert ana.headline.startswith(
        "The seller offers you $1,200.00. Accept, refuse or ask for another amount by Mon 21 Dec 2026, 16:00"
    )
    accept = ana.page.locator("details.answer", has_text="Accept the offer")
    assert "We pay you $1,200.00" in accept.inner_text() and "You give up the other $650.00" in accept.inner_text()
    assert ana.sees("The worktop was ten years old.")
    ana.keeps_picture("offer-claimant")
    _opens(ana, "Ask for another amount")
    ana.page.locator("#offer_amount").fill("1500.00")
    ana.presses("Ask for this amount")
    assert ana.headline.startswith("You asked for $1,500.00.")

    seller.page.reload()
    assert seller.headline.startswith("The customer asks for $1,500.00. Answer by Mon 30 Nov 2026")
    seller.keeps_picture("offer-seller")
    _opens(seller, "Accept the offer")
    seller.presses("Accept")
    ana.page.reload()
    assert ana.headline == "We approved $1,500.00. Please sign the release below; then we pay."


def test_a_claimant_accepts_an_offer(visit: Visit, shop: Shop) -> None:
    claim = _tendered(shop, shop.uninsured)
    seller = _seller(visit, shop, shop.uninsured, claim)
    _opens(seller, "Offer another amount")
    seller.page.locator("#offer_amount").fill("900.00")
    seller.presses("Send the offer")
    ana = _claimant(visit, claim)
    _opens(ana, "Accept the offer")
    ana.presses("Accept")
    assert ana.headline.startswith("We approved your claim and sent $900.00 on its way today.")


@WIDTHS
def test_a_rejection_is_answered_reason_by_reason_and_a_second_person_agrees(
    visit: Visit, shop: Shop, width: int
) -> None:
    claim = _tendered(shop, shop.uninsured)
    seller = _seller(visit, shop, shop.uninsured, claim)
    _opens(seller, "Reject, with reasons")
    seller.presses("Reject the claim")
    assert seller.sees("Please choose at least one reason.")
    seller.page.get_by_label("The product had no defect").check()
    seller.page.get_by_label("The amount is too high").check()
    seller.page.locator("#reject_words").fill("We tested it.")
    seller.sends("Documents", "report.jpg")
    seller.presses("Reject the claim")
    assert seller.headline.startswith("You owe $0.00 today. You rejected this claim")

    adjuster = _staff(visit, "adjuster", shop, claim, width)
    assert adjuster.sees("the seller rejected it, with reasons") or "rejected it, with reasons" in adjuster.headline
    adjuster.keeps_picture("step-in-adjuster")
    adjuster.page.get_by_role("link", name="The product had no defect").click()
    prepared = adjuster.page.locator("#step-in_words_no_defect").input_value()
    assert prepared.startswith("You say that Kettle KX-2 had no defect.") and "Your file shows:" in prepared
    adjuster.keeps_picture("step-in-prepared")
    adjuster.page.locator("#step-in_words_no_defect").fill("The base melted at its switch.")
    adjuster.presses("Propose to step in")
    assert adjuster.sees("Please answer this reason.")
    adjuster.page.locator("#step-in_words_amount_too_high").fill("The receipt shows 1,850.00.")
    adjuster.presses("Propose to step in")
    assert adjuster.sees("Proposed, and waiting for a second person")
    seller.page.reload()
    assert not seller.sees("The base melted at its switch.")

    reviewer = _staff(visit, "reviewer", shop, claim, width)
    assert reviewer.sees("The base melted at its switch.")
    reviewer.keeps_picture("step-in-second-person")
    reviewer.presses("Agree")
    seller.page.reload()
    assert seller.sees("The base melted at its switch.")


def test_a_seller_gets_more_time_once_and_names_the_producer(visit: Visit, shop: Shop) -> None:
    claim = _tendered(shop, shop.uninsured)
    seller = _seller(visit, shop, shop.uninsured, claim)
    _opens(seller, "Ask once for more time")
    seller.page.get_by_label("What you need it for").fill("The test report is not there yet.")
    seller.presses("Ask for more time")
    assert seller.headline.startswith("Answer by Mon 7 Dec 2026, 16:00 (New York)")
    assert not seller.page.locator("details.answer", has_text="Ask once for more time").count()
    _opens(seller, "It was made by someone else")
    seller.page.get_by_label("Producer, importer or its insurer").fill("Kessel Werke")
    seller.page.get_by_label("Its e-mail").fill("claims@kessel.example")
    seller.presses("Pass it on to the producer")
    assert seller.headline.startswith("You owe $0.00 today. The producer that you named (Kessel Werke) answers by")

    producer = _producer(visit, claim)
    assert producer.headline.startswith("The seller named you as the producer. Answer by Mon 30 Nov 2026")
    assert producer.page.locator("details.answer h3").all_inner_texts() == [
        "Accept, and we pay now",
        "Reject, with reasons",
        "Ask once for more time",
    ]
    assert "Ana Rivera" not in producer.page.content()
    _opens(producer, "Accept, and we pay now")
    producer.presses("Accept, and let the platform pay")
    assert producer.sees("You accepted.")


@WIDTHS
def test_an_insurer_denies_with_a_clause_or_accepts(visit: Visit, shop: Shop, width: int) -> None:
    from journeys.visitors import hired

    insurer = _insurer_of(shop)
    claim = _tendered(shop, shop.insured)
    ines = visit(width)
    ines.signs_in(hired("insurer", "", insurer_id=insurer.pk).email)
    ines.goes_to("/claims")
    ines.page.get_by_role("link", name=claim.filed.reference).click()
    assert ines.headline.startswith("Answer by Mon 21 Dec 2026, 16:00 (New York)")
    assert "Ana Rivera" not in ines.page.content()
    ines.keeps_picture("tender-insurer")
    _opens(ines, "Deny cover")
    ines.presses("Deny cover")
    assert ines.sees("Please cite the clause of your policy.")
    _opens(ines, "Reserve your rights")
    ines.presses("Reserve our rights")
    assert ines.sees("The insurer reserves its rights.")
    _opens(ines, "Accept cover")
    ines.presses("Accept cover")
    assert ines.headline == "You owe $0.00 today. You accept cover. We ask you for your part once the customer is paid."
    assert not ines.page.locator("details.answer").count()


@WIDTHS
def test_a_seller_contests_and_a_person_who_took_no_part_decides(
    visit: Visit, shop: Shop, noon: Clock, width: int
) -> None:
    from asked_back import demanded

    life = demanded(shop).pays_out("PO-77", 300_00)
    noon(life.at + timedelta(hours=1))
    seller = _seller(visit, shop, shop.uninsured, life.claim, width)
    assert seller.headline.startswith(
        "We ask $850.00 of you, for what we paid the customer. You may pay, or contest by"
    )
    assert seller.sees("PO-77") and seller.sees(
        "You owe $850.00 of the $850.00 asked of you; $300.00 of it is held back."
    )
    seller.page.get_by_label("The product had no defect").check()
    seller.page.locator("#contest_words").fill("The lamp was used outdoors.")
    seller.sends("Documents", "report.jpg")
    seller.keeps_picture("recovery-seller-contests")
    seller.presses("Contest")
    assert seller.headline.startswith("Somebody who took no part decides the contest by")

    reviewer = _staff(visit, "reviewer", shop, life.claim, width)
    assert reviewer.sees("The lamp was used outdoors.")
    reviewer.keeps_picture("contest-reviewer")
    reviewer.page.get_by_role("link", name="Dismissed: the product had no defect").click()
    assert reviewer.page.get_by_label("Dismissed: the $850.00 stays owed").is_checked()
    assert reviewer.page.locator("#decide-contest_words").input_value().startswith("The photos show [what they show]")
    reviewer.keeps_picture("contest-prepared")
    reviewer.page.get_by_label("Upheld in part: less is owed").check()
    reviewer.page.locator("#decide-contest_words").fill("It was made for indoors only.")
    reviewer.presses("Decide")
    assert reviewer.sees("Please say by how much less is owed.")
    reviewer.page.locator("#decide-contest_off").fill("650.00")
    reviewer.presses("Decide")
    assert reviewer.sees("The contest was upheld in part: $650.00 less is owed.")

    seller.page.reload()
    assert seller.sees("It was made for indoors only.")
    assert seller.headline == "You owe $0.00: it is paid."
    seller.keeps_picture("recovery-seller-decided")


@WIDTHS
def test_finance_sees_what_is_asked_back_and_takes_receipts_and_instalments(
    visit: Visit, shop: Shop, noon: Clock, width: int
) -> None:
    from asked_back import demanded

    life = demanded(shop).pays_out("PO-78", 300_00)
    noon(life.at + timedelta(hours=1))
    finance = _staff(visit, "finance", shop, life.claim, width)
    finance.goes_to("/recoveries")
    assert finance.headline == "$850.00 is outstanding."
    finance.keeps_picture("recoveries")
    finance.page.get_by_role("link", name=life.claim.filed.reference).click()
    finance.unfolds("Agree on instalments")
    finance.page.locator("#instalments_day_1").fill("2027-01-15")
    finance.page.locator("#instalments_amount_1").fill("500.00")
    finance.presses("Agree")
    assert finance.sees("The instalments do not add up to what is owed: $550.00.")
    finance.page.locator("#instalments_day_2").fill("2027-02-15")
    finance.page.locator("#instalments_amount_2").fill("50.00")
    finance.presses("Agree")
    assert finance.sees("Instalments agreed: 2 payments, the last on 15 Feb 2027.")
    finance.page.locator("#receipt_amount").fill("500.00")
    finance.page.locator("#receipt_ref").fill("IN-1")
    finance.keeps_picture("recovery-finance")
    finance.presses("Record the receipt")
    assert finance.sees("$500.00 received from the seller (IN-1).")
    seller = _seller(visit, shop, shop.uninsured, life.claim, width)
    assert seller.sees("15 Jan 2027") and seller.sees("paid")
    seller.goes_to("/recoveries")
    assert seller.headline == "$350.00 is asked of you."


def test_proof_of_insurance_is_sent_and_looked_at(visit: Visit, shop: Shop) -> None:
    from makewhole.domain.claim import commands as do
    from makewhole.handle import Ask, handle

    filed = shop.file(shop.notice(shop.sell(seller=shop.uninsured), claimed="184.20")).claim
    paid = do.ConfirmPayment(filed.payments[0].order.payment_id, "bank-1")
    handle(Ask(paid, shop.staff("finance", 31), NOW, filed.claim_id))
    seller = _seller(visit, shop, shop.uninsured, filed)
    assert "Please show proof of insurance by" in seller.headline
    seller.sends("Certificate or policy", "certificate.jpg")
    seller.page.locator("#proof-of-insurance_words").fill("From our broker.")
    seller.page.locator("#act-proof-of-insurance").get_by_role("button", name="Send", exact=True).click()
    assert seller.sees("A person looks at it; nothing is asked of you meanwhile.")
    adjuster = _staff(visit, "adjuster", shop, filed)
    adjuster.page.get_by_label("Cover on the day of the incident").check()
    adjuster.page.locator("#act-check-proof").get_by_role("button", name="Record", exact=True).click()
    assert adjuster.sees("No cover of this seller is on file for the day of the incident.")
    adjuster.page.get_by_label("It does not prove that").check()
    adjuster.page.locator("#check-proof_words").fill("It begins a week after the incident.")
    adjuster.page.locator("#act-check-proof").get_by_role("button", name="Record", exact=True).click()
    seller.page.reload()
    assert seller.sees("It begins a week after the incident.")


# Parts ----------------------------------------------------------------------------------------------------------


def _tendered(shop: Shop, seller: Seller, *, claimed: str = "1850.00") -> Claim:
    claim = shop.file(shop.notice(shop.sell(price="199.00", seller=seller), claimed=claimed)).claim
    assert claim.tenders, "the machine tenders a clean claim over the limit"
    return claim


def _insurer_of(shop: Shop) -> Insurer:
    """The insurer of the insured seller, known to the operator: a deductible of 500.00."""
    from makewhole.store.models import Coverage, Insurer

    insurer = Insurer.objects.create(name=f"Mutual {shop.code}", email=f"{shop.code}@mutual.example")
    Coverage.objects.filter(seller=shop.insured).update(
        insurer_account=insurer, deductible_minor=500_00, limit_minor=1_000_000_00
    )
    return insurer


def _opens(visitor: Visitor, title: str) -> None:
    visitor.page.locator("details.answer summary", has_text=title).click()


def _seller(visit: Visit, shop: Shop, seller: Seller, claim: Claim, width: int = 1280) -> Visitor:
    from journeys.visitors import hired

    visitor = visit(width)
    visitor.signs_in(hired("seller", shop.code, seller_id=seller.pk).email)
    visitor.goes_to(f"/claims/{claim.filed.reference}")
    return visitor


def _staff(visit: Visit, role: str, shop: Shop, claim: Claim, width: int = 1280) -> Visitor:
    from journeys.visitors import hired

    visitor = visit(width)
    visitor.signs_in(hired(role, shop.code).email)
    visitor.goes_to(f"/claims/{claim.filed.reference}")
    return visitor


def _claimant(visit: Visit, claim: Claim, width: int = 1280) -> Visitor:
    from makewhole.people.links import claimant_key

    visitor = visit(width)
    key = claimant_key(claim.claim_id, claim.filed.claimant_id)
    visitor.goes_to(f"/claims/{claim.filed.reference}?key={key}")
    return visitor


def _producer(visit: Visit, claim: Claim) -> Visitor:
    from makewhole.people.links import producer_key
    from makewhole.store.models import VaultItem

    visitor = visit()
    item = VaultItem.objects.get(claim_id=claim.claim_id, kind="producer")
    visitor.goes_to(f"/claims/{claim.filed.reference}?key={producer_key(claim.claim_id, item.pk)}")
    return visitor
