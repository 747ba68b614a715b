"""People's ways through the pages, in a real browser: from an order link to the money, and to the appeal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from datetime import datetime

    from journeys.visitors import Visitor
    from world import Shop

Visit = Callable[..., "Visitor"]


@pytest.mark.parametrize("width", [390, 1280])
def test_a_small_clean_claim_is_decided_in_the_answer_to_the_form(visit: Visit, shop: Shop, width: int) -> None:
    ana = visit(width)
    ana.opens_order(shop.sell())
    ana.keeps_picture("filing-photos")
    ana.tells(amount="184.20", receipt=True)
    ana.presses("Send the claim")
    assert ana.headline.startswith("We approved your claim and sent $184.20 on its way today.")
    assert ana.sees("machine_approval.in_full")
    assert ana.sees("A machine decided this, by these rules alone.")
    ana.keeps_picture("claim-approved")

    finance, _ = _staff(visit, "finance", shop)
    finance.goes_to("/payments")
    finance.keeps_picture("payments")
    finance.page.get_by_role("link", name=f"Say what came of it for {ana.reference}").click()
    finance.page.get_by_label("The bank's reference").first.fill("BK-1")
    finance.presses("Record as paid")
    ana.page.reload()
    assert ana.headline == "We paid you $184.20 today."


def test_sending_the_form_again_makes_no_second_claim(visit: Visit, shop: Shop) -> None:
    from makewhole.store.models import Claim

    ana = visit()
    ana.opens_order(shop.sell())
    ana.tells(amount="184.20", receipt=True)
    # Two more presses while the first is under way: the same draft, with the same answers and files.
    ana.page.evaluate(
        """() => {
          const form = document.querySelector("form.step");
          window.sent = Promise.all([1, 2].map(() => fetch(form.action, {method: "POST", body: new FormData(form)})));
        }"""
    )
    answers = ana.page.evaluate("window.sent.then(all => all.map(each => [each.ok, each.url]))")
    assert [ok for ok, _ in answers] == [True, True]
    ana.presses("Send the claim")
    assert ana.headline.startswith("We approved your claim")
    assert ana.sees("Nothing was filed twice.")
    assert Claim.objects.filter(marketplace_id=shop.code).count() == 1


def test_what_cannot_be_meant_is_said_on_its_page_and_nothing_typed_is_lost(visit: Visit, shop: Shop) -> None:
    ana = visit(390)
    ana.opens_order(shop.sell())
    ana.tells(amount="184.20", receipt=True)
    ana.page.get_by_role("link", name="Change Damaged property").click()
    ana.page.get_by_label("How much was it?").fill("184.205")
    ana.goes_on()
    assert ana.page.locator(".error").all_inner_texts() == ["“184.205” has more decimals than the currency has (2)."]
    assert ana.page.get_by_label("How much was it?").input_value() == "184.205"
    assert ana.sees("receipt.jpg")  # the files were kept: they are not chosen again
    ana.keeps_picture("filing-errors")
    ana.page.get_by_label("How much was it?").fill("184.20")
    ana.goes_on()
    ana.page.get_by_role("link", name="Change You").click()
    ana.page.get_by_label("E-mail", exact=True).fill("ana at example")
    ana.goes_on()
    assert ana.page.locator(".error").all_inner_texts() == ["That is not an e-mail address."]
    assert ana.page.get_by_label("Your name").input_value() == "Ana Rivera"
    ana.page.get_by_label("E-mail", exact=True).fill("ana.second@example.com")
    ana.goes_on()
    assert ana.sees("The kettle's base melted")
    ana.presses("Send the claim")
    assert ana.headline.startswith("We approved your claim")


def test_missing_proof_is_asked_for_and_then_the_claim_is_paid(visit: Visit, shop: Shop) -> None:
    ana = visit(390)
    ana.opens_order(shop.sell())
    ana.tells(amount="230.00", receipt=False)
    ana.presses("Send the claim")
    assert ana.headline == (
        "Please send us a receipt or a repair estimate by Mon 21 Dec 2026, 16:00 (New York). "
        "If nothing comes, we close the claim; it opens again when it comes."
    )
    ana.keeps_picture("claim-awaiting-proof")
    ana.sends("A receipt or a repair estimate", "receipt.jpg")
    ana.presses("Send")
    assert ana.sees("Please tell us the amount that the paper shows.")
    ana.page.get_by_label("Amount that the paper shows").fill("230.00")
    ana.presses("Send")
    assert ana.headline.startswith("We approved your claim and sent $230.00 on its way today.")


def test_over_the_limit_the_seller_is_silent_two_people_decide_and_the_claimant_signs(
    visit: Visit, shop: Shop, noon: Callable[[datetime], None]
) -> None:
    from world import AFTER_THE_TENDER

    from makewhole.people.links import claimant_key
    from makewhole.store.models import Claim
    from makewhole.workers.clocks import sweep_due_clocks

    ana = visit()
    ana.opens_order(shop.sell(price="199.00"))
    ana.tells(amount="2600.00", receipt=True)
    ana.presses("Send the claim")
    assert ana.headline.startswith("We asked the seller, who answers by Mon 30 Nov 2026, 16:00 (New York).")

    noon(AFTER_THE_TENDER)
    sweep_due_clocks(AFTER_THE_TENDER)
    claim = Claim.objects.get(reference=ana.reference)
    ana.goes_to(f"/claims/{ana.reference}?key={claimant_key(claim.id, claim.claimant_id)}")  # by the link in her mail
    assert ana.headline.startswith("A person looks at your claim.")

    adjuster, _ = _staff(visit, "adjuster", shop)
    adjuster.goes_to("/queue")
    assert adjuster.headline == "1 claim needs you; none is late."
    adjuster.keeps_picture("queue")
    adjuster.page.get_by_role("link", name=ana.reference).click()
    stale, _ = _staff(visit, "adjuster", shop)
    stale.goes_to(f"/claims/{ana.reference}")
    adjuster.presses("Assign to me")
    adjuster.keeps_picture("claim-adjuster")
    adjuster.presses("Decide")
    assert adjuster.sees("You are at the end of this view.")
    adjuster.page.locator(".notice").get_by_role("link", name=ana.reference).click()
    assert adjuster.sees("Proposed, and waiting for a second person")
    assert not adjuster.page.get_by_role("button", name="Agree", exact=True).count()

    stale.page.get_by_label("Approve").fill("2100.00")
    stale.presses("Decide")
    assert stale.sees("Somebody acted on this claim after you opened it")
    assert stale.page.get_by_label("Approve").input_value() == "2100.00"

    reviewer, _ = _staff(visit, "reviewer", shop)
    reviewer.goes_to(f"/claims/{ana.reference}")
    reviewer.keeps_picture("claim-second-person")
    reviewer.presses("Agree")
    ana.page.reload()
    assert ana.headline == "We approved $2,600.00. Please sign the release below; then we pay."
    ana.page.get_by_label("Your full name").fill("Ana Rivera")
    ana.presses("Sign, and pay me")
    assert ana.headline.startswith("We approved your claim and sent $2,600.00 on its way today.")
    assert ana.sees("Two people decided this, one after the other.")


def test_a_concern_is_shown_answered_decided_in_part_and_appealed(
    visit: Visit, shop: Shop, noon: Callable[[datetime], None]
) -> None:
    from world import NOW

    ana = visit(390)
    ana.opens_order(shop.sell())
    ana.tells(amount="900.00", receipt=True, shown="520.00")
    ana.presses("Send the claim")

    adjuster, _ = _staff(visit, "adjuster", shop)
    adjuster.goes_to(f"/claims/{ana.reference}")
    assert not adjuster.page.get_by_label("Refuse").count()
    adjuster.unfolds("Show the claimant a concern")
    adjuster.presses("Show it")
    assert adjuster.sees("Please say which part it is about.")
    adjuster.page.get_by_label("Damaged property").first.check()
    adjuster.page.locator("#concern_code").select_option("not_supported")
    adjuster.page.locator("#concern_words").fill("The receipt shows 520.00.")
    adjuster.presses("Show it")

    noon(NOW + timedelta(hours=2))
    ana.page.reload()
    assert ana.headline.startswith("Something stands against a part of your claim.")
    assert ana.sees("The receipt shows 520.00.")
    ana.keeps_picture("claim-concern")
    ana.page.get_by_label("Your answer").fill("A new one costs 900.")
    ana.presses("Send my answer")

    noon(NOW + timedelta(hours=3))
    adjuster.page.reload()
    adjuster.page.get_by_label("Approve").fill("520.00")
    adjuster.page.get_by_label("Refuse").fill("380.00")
    adjuster.page.get_by_label("In your words, for the claimant").fill("No paper shows more.")
    adjuster.presses("Decide")
    assert adjuster.sees("$520.00 approved and $380.00 refused")

    finance, _ = _staff(visit, "finance", shop)
    finance.goes_to(f"/claims/{ana.reference}")
    finance.page.get_by_label("The bank's reference").first.fill("BK-2")
    finance.presses("Record as paid")
    ana.page.reload()
    assert ana.headline.startswith("We paid you $520.00 today. We did not pay $380.00; the reasons stand below.")
    assert ana.sees("Damaged property: the papers show less than is claimed; USD 380.00 is not paid.")
    ana.keeps_picture("claim-paid-in-part")
    ana.page.get_by_label("Why you see it differently").fill("The shop has sent me the second receipt.")
    ana.presses("Send my appeal")
    assert ana.headline.startswith("Somebody who took no part in the first decision looks at your claim.")

    adjuster.page.reload()
    adjuster.page.get_by_label("Approve").fill("380.00")
    adjuster.presses("Decide")
    assert adjuster.sees("You took part in the first decision; somebody else hears the appeal.")


def test_the_seller_sees_the_file_without_the_person(visit: Visit, shop: Shop) -> None:
    ana = visit()
    ana.opens_order(shop.sell())
    ana.tells(amount="184.20", receipt=True, email="hidden.person@example.com")
    ana.presses("Send the claim")
    seller, _ = _staff(visit, "seller", shop, seller_id=shop.insured.pk)
    seller.goes_to("/claims")
    seller.keeps_picture("claims-seller")
    seller.page.get_by_role("link", name=ana.reference).click()
    assert seller.headline.startswith("You owe $0.00 today")
    everything = seller.page.content()
    assert "hidden.person" not in everything
    assert "Ana Rivera" not in everything
    assert seller.sees("Kept private")  # the receipt: papers carry names
    seller.page.get_by_label("What you want to say").fill("This kettle was recalled in May.")
    seller.presses("Send")
    assert seller.sees("Thank you. We keep it with the claim.")


def _staff(visit: Visit, role: str, shop: Shop, *, seller_id: int | None = None) -> tuple[Visitor, str]:
    from journeys.visitors import hired

    account = hired(role, shop.code, seller_id=seller_id)
    visitor = visit()
    visitor.signs_in(account.email)
    return visitor, account.email
