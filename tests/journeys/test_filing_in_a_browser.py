"""Telling a claim on a phone: one question a page, saved at each, in few taps; and everything that can go wrong."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from secrets import token_hex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from journeys.visitors import Visitor
    from playwright.sync_api import Browser
    from world import Shop

Visit = Callable[..., "Visitor"]

# A tap is a click on something that can be pressed or typed into: a button, a link, a choice, a label, a field. Typing
# is no tap, but bringing the focus into a field is one, unless the page has put it there by itself. What is chosen in
# the phone's own camera or file picker is not our page.
COUNT_TAPS = """
window.addEventListener("click", (event) => {
  // A click on a label makes a second one on its field: one tap.
  if (event.isTrusted && event.target.closest("a, button, label, input, select, textarea, summary")) {
    sessionStorage.taps = Number(sessionStorage.taps ?? 0) + 1;
  }
}, true);
"""


class Phone:
    """A thumb: every press is a real click, and is counted by the page that gets it."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page
        visitor.context.add_init_script(COUNT_TAPS)

    @property
    def taps(self) -> int:
        return int(self.page.evaluate("Number(sessionStorage.taps ?? 0)"))

    def taps_on(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def types(self, label: str, words: str) -> None:
        """Types into the field that has the focus; taps it first where it has not."""
        field = self.page.get_by_label(label)
        if not field.evaluate("field => field === document.activeElement"):
            field.click()
        self.page.keyboard.type(words)
        assert field.input_value() == words

    def chooses(self, label: str, name: str) -> None:
        from world import a_photo

        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_label(label).and_(self.page.locator("input[type=file]")).click()
        chooser.value.set_files([{"name": name, "mimeType": "image/jpeg", "buffer": a_photo()}])
        self.page.locator(".kept-name").get_by_text(name).wait_for()


def test_from_the_order_to_a_paid_small_claim_in_twelve_taps_and_two_minutes(visit: Visit, shop: Shop) -> None:
    ana = visit(390)
    began = time.monotonic()
    ana.opens_order(shop.sell())
    phone = Phone(ana)
    ana.page.reload()  # so that the counter counts
    ana.keeps_picture("filing-1-photos-empty")
    phone.chooses("Choose photos", "worktop.jpg")
    ana.keeps_picture("filing-1-photos")
    phone.taps_on("Continue")
    phone.types("What happened?", "The kettle's base melted and burned our worktop.")
    ana.keeps_picture("filing-2-what")
    phone.taps_on("Continue")
    ana.keeps_picture("filing-2-when")
    phone.taps_on("Yesterday")
    ana.keeps_picture("filing-2-hurt")
    phone.taps_on("No, nobody was hurt")
    ana.keeps_picture("filing-3-loss")
    phone.taps_on("Continue")
    phone.types("How much was it?", "184.20")
    phone.chooses("Receipt of the damaged thing", "receipt.jpg")
    ana.keeps_picture("filing-3-cost")
    phone.taps_on("Continue")
    phone.types("Your name", "Ana Rivera")
    phone.types("E-mail", f"ana.{token_hex(5)}@example.com")
    ana.keeps_picture("filing-4-you")
    phone.taps_on("Continue")
    ana.keeps_picture("filing-5-payout")
    phone.taps_on("Continue")
    ana.keeps_picture("filing-6-check")
    phone.taps_on("Send the claim")
    assert ana.headline.startswith("We approved your claim and sent $184.20 on its way today.")
    ana.keeps_picture("claim-just-approved")
    the_bank_pays(visit(), shop, reference=ana.page.url.rpartition("/")[2])
    ana.page.reload()
    assert ana.headline.startswith("We paid you $184.20 today.")
    seconds = time.monotonic() - began
    print(f"from the order to the money: {phone.taps} taps, {seconds:.1f} seconds")
    assert 10 <= phone.taps <= 12, phone.taps  # fewer than ten: the counter sleeps
    assert seconds < 120
    ana.keeps_picture("claim-just-paid")


def the_bank_pays(machine: Visitor, shop: Shop, *, reference: str) -> None:
    """What the program that carries out payments says of this claim's one payment, by API over HTTP."""
    from journeys.visitors import hired

    from makewhole.people import tokens

    _made, token = tokens.make(hired("finance", shop.code), name="payments", scopes=tokens.SCOPES)
    claim, bearer = f"{machine.address}/api/v1/claims/{reference}", {"authorization": f"Bearer {token}"}
    (payment,) = machine.context.request.get(claim, headers=bearer).json()["payments"]
    told = machine.context.request.post(
        f"{claim}/acts/payments/{payment['id']}/confirm", headers=bearer, data={"bank_ref": f"B-{token_hex(4)}"}
    )
    assert told.ok, told.text()


def test_a_postal_address_is_asked_for_as_its_country_writes_it(visit: Visit, shop: Shop) -> None:
    for width in (390, 1280):
        ana = visit(width)
        ana.opens_order(shop.sell())
        ana.tells(amount="184.20", receipt=True)
        draft = ana.page.url.rpartition("/")[0]
        ana.page.goto(f"{draft}/you")
        assert not ana.page.get_by_label("Street and number").is_visible()
        ana.unfolds("Postal address")
        ana.page.get_by_label("Street and number").fill("Hafenstr. 5")
        ana.page.get_by_label("Town or city").fill("Hamburg")
        ana.page.get_by_label("ZIP code").fill("20457")
        ana.page.get_by_label("State").wait_for()
        ana.page.get_by_label("Country").select_option("Germany")
        ana.page.get_by_label("Postal code").wait_for()  # at once, with what was typed
        assert ana.page.get_by_label("Postal code").input_value() == "20457"
        assert ana.page.get_by_label("State").count() == 0
        ana.keeps_picture("filing-4-address")
        ana.goes_on()
        assert ana.sees("20457 HAMBURG, GERMANY")
        ana.page.goto(f"{draft}/you")
        assert ana.page.get_by_label("Postal code").input_value() == "20457"
        ana.page.get_by_label("Postal code").fill("2045")
        ana.goes_on()
        assert ana.sees("Postal code: it is not written so (Germany). An example: 26133.")
        ana.keeps_picture("filing-4-address-refused")


# Without scripts ------------------------------------------------------------------------------------------------


def test_the_whole_way_without_scripts(chromium: Browser, visit: Visit, shop: Shop) -> None:
    from journeys.visitors import Visitor
    from world import a_photo

    address = visit().address
    context = chromium.new_context(viewport={"width": 390, "height": 900}, java_script_enabled=False)
    ana = Visitor(context, address, 390, visit().screenshots)
    ana.opens_order(shop.sell())
    photo = [{"name": "worktop.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}]
    ana.page.get_by_label("Choose photos").set_input_files(photo)
    ana.presses("Add these files")
    assert ana.sees("worktop.jpg")
    ana.screenshots.mkdir(parents=True, exist_ok=True)
    ana.page.screenshot(path=ana.screenshots / "filing-without-scripts-390.png", full_page=True)
    ana.presses("Remove worktop.jpg")
    assert not ana.sees("worktop.jpg")
    ana.tells(amount="184.20", receipt=True)
    ana.presses("Send the claim")
    assert ana.headline.startswith("We approved your claim and sent $184.20 on its way today.")
    context.close()


# What goes wrong ------------------------------------------------------------------------------------------------


def test_a_file_too_large_is_said_before_it_is_sent_and_nothing_else_is_lost(visit: Visit, shop: Shop) -> None:
    ana = visit(390)
    sent: list[str] = []
    ana.page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    ana.opens_order(shop.sell())
    ana.sends("Choose photos", "worktop.jpg")
    before = len(sent)
    place = ana.page.get_by_label("Choose photos")
    place.evaluate(
        """input => {
          const files = new DataTransfer();
          files.items.add(new File([new ArrayBuffer(31 * 1024 * 1024)], "film.jpg", {type: "image/jpeg"}));
          input.files = files.files;
          input.dispatchEvent(new Event("change", {bubbles: true}));
        }"""
    )
    told = "“film.jpg” has 31 MB; at most 20 MB can be sent."
    assert told in ana.page.locator(".unusable").inner_text()
    assert len(sent) == before
    assert ana.sees("worktop.jpg")
    ana.keeps_picture("filing-too-large")
    ana.goes_on()
    assert ana.headline == "What happened?"


def test_a_file_that_cannot_be_used_is_said_at_once_with_its_reason(visit: Visit, shop: Shop) -> None:
    ana = visit(390)
    ana.opens_order(shop.sell())
    ana.sends("Choose photos", "worktop.jpg")
    ana.sends("Choose photos", "half.jpg", b"\xff\xd8\xff\xe0 and then nothing")
    assert ana.page.locator(".unusable").inner_text() == (
        "Not usable: “half.jpg” is cut off or damaged. Please send it again."
    )
    assert ana.page.locator(".kept-name").all_inner_texts() == ["ok worktop.jpg"]


def test_a_request_above_all_limits_gets_a_sentence_and_the_draft_stays(visit: Visit, shop: Shop) -> None:
    ana = visit(390)
    ana.opens_order(shop.sell())
    ana.sends("Choose photos", "worktop.jpg")
    # As a browser without scripts would send it: five pictures of 21 MB in one form.
    ana.page.evaluate(
        """() => {
          const form = document.querySelector("form.step");
          const input = form.querySelector("input[name=photos]");
          const files = new DataTransfer();
          for (const n of [1, 2, 3, 4, 5]) {
            files.items.add(new File([new ArrayBuffer(21 * 1024 * 1024)], `film-${n}.jpg`, {type: "image/jpeg"}));
          }
          input.files = files.files;
          form.submit();
        }"""
    )
    ana.page.get_by_role("heading", name="That was too much at once.").wait_for()
    assert ana.sees("You sent 106 MB; at most 100 MB fit in one go.")
    ana.keeps_picture("filing-too-much")
    ana.page.get_by_role("link", name="Back to the page").click()
    assert ana.sees("worktop.jpg")


def test_back_and_forth_keeps_every_answer(visit: Visit, shop: Shop) -> None:
    ana = visit(390)
    ana.opens_order(shop.sell())
    ana.goes_on()
    ana.page.get_by_label("What happened?").fill("It burned.")
    ana.goes_on()
    ana.presses("Today 21 Nov 2026")
    ana.goes_back(after="Was anybody hurt?")
    ana.goes_back(after="When did it happen?")
    assert ana.page.get_by_label("What happened?").input_value() == "It burned."
    ana.page.get_by_label("What happened?").fill("It burned twice.")
    ana.goes_on()
    assert ana.headline == "Was anybody hurt?"  # the day is answered: on to what is not
    ana.page.get_by_role("link", name="Back").click()
    assert ana.page.get_by_label("Another day").input_value() == "2026-11-21"
    ana.page.get_by_role("link", name="Back").click()
    assert ana.page.get_by_label("What happened?").input_value() == "It burned twice."


def test_going_back_after_sending_leads_to_the_claim_and_says_so(visit: Visit, shop: Shop) -> None:
    ana = visit(390)
    line = shop.sell()
    ana.opens_order(line)
    ana.tells(amount="184.20", receipt=True)
    ana.presses("Send the claim")
    reference = ana.reference
    ana.goes_back(after="We approved your claim")
    assert ana.reference == reference
    assert ana.sees("You sent this before: here is the claim. Nothing was filed twice.")
    ana.opens_order(line)
    assert ana.headline == "You have a claim for this order."
    assert ana.sees(reference)
    ana.keeps_picture("filing-again")
    ana.page.get_by_role("link", name="Start another claim").click()
    assert ana.headline == "Show us what happened"


def test_a_double_click_answers_once(visit: Visit, shop: Shop) -> None:
    from makewhole.store.models import Claim

    ana = visit(390)
    ana.opens_order(shop.sell())
    ana.tells(amount="184.20", receipt=True)
    ana.page.get_by_role("button", name="Send the claim").dblclick()
    ana.page.locator(".crumb code").wait_for()
    assert ana.headline.startswith("We approved your claim")
    assert Claim.objects.filter(marketplace_id=shop.code).count() == 1


def test_an_expired_session_loses_nothing_that_was_typed(visit: Visit, shop: Shop) -> None:
    from makewhole.store.models import FilingDraft

    ana = visit(390)
    ana.opens_order(shop.sell())
    ana.goes_on()
    ana.page.get_by_label("What happened?").fill("It burned while I was typing for a long time.")
    ana.context.clear_cookies(name="sessionid")
    ana.goes_on()
    assert ana.headline == "When did it happen?"
    ana.page.get_by_role("link", name="Back").click()
    assert ana.page.get_by_label("What happened?").input_value() == "It burned while I was typing for a long time."
    assert FilingDraft.objects.filter(order_line__marketplace_id=shop.code).count() == 1


def test_on_another_device_the_draft_opens_by_the_link_in_the_mail_and_by_nothing_else(
    visit: Visit, shop: Shop
) -> None:
    from world import links_mailed

    links_mailed()  # what other tests asked for
    ana, line = visit(390), shop.sell()
    ana.opens_order(line)
    ana.goes_on()
    ana.page.get_by_label("What happened?").fill("It burned.")
    ana.goes_on()
    ana.unfolds("Go on later, or on another device")
    ana.page.get_by_label("Where shall we send it?").fill("ana.later@example.com")
    ana.keeps_picture("filing-link")
    ana.presses("Send me a link")
    assert ana.sees("A link to go on is on its way to ana.later@example.com.")

    laptop = visit(1280)
    laptop.goes_to(ana.page.url.removeprefix(ana.address))
    assert laptop.headline == "This form is not open in this browser."
    laptop.keeps_picture("filing-not-here")
    laptop.opens_order(line)
    assert laptop.headline == "Show us what happened"  # the order's link shows nobody else's answers
    (mail,) = links_mailed()
    assert mail.to == ("ana.later@example.com",)
    address = re.search(r"/filing/\S+", mail.text)
    assert address
    laptop.goes_to(address.group())
    assert laptop.headline == "When did it happen?"
    assert "key=" not in laptop.page.url
    laptop.page.get_by_role("link", name="Back").click()
    assert laptop.page.get_by_label("What happened?").input_value() == "It burned."


def test_who_has_an_account_goes_on_from_the_orders_and_is_not_asked_what_is_known(visit: Visit, shop: Shop) -> None:
    from journeys.visitors import hired

    from makewhole.imports.pseudonyms import pseudonyms

    email = f"ana.{token_hex(5)}@example.com"
    account = hired("claimant", shop.code, email=email)
    line = shop.sell()
    (line.buyer_ref,) = pseudonyms([email])
    line.save()
    ana = visit(390)
    ana.signs_in(account.email)
    ana.goes_to("/orders")
    ana.page.get_by_role("link", name="It did harm").click()
    ana.goes_on()
    ana.page.get_by_label("What happened?").fill("It burned.")
    ana.goes_on()

    laptop = visit(1280)
    laptop.signs_in(account.email)
    laptop.goes_to("/orders")
    laptop.keeps_picture("orders-with-draft")
    laptop.page.get_by_role("link", name="Go on with your claim").click()
    laptop.page.get_by_label("Another day").fill("2026-11-18")
    laptop.goes_on()
    laptop.presses("No, nobody was hurt")
    laptop.page.get_by_label("Damaged property").uncheck()
    laptop.page.get_by_label("Price of the product").check()
    laptop.goes_on()
    # The amount is the order's, and who she is her account's: neither is asked.
    assert laptop.headline == "How shall we pay you?"
    laptop.goes_on()
    assert laptop.headline == "Check your answers, and send"
    assert laptop.sees("$49.99") and laptop.sees(email)
    laptop.presses("Send the claim")
    assert laptop.headline.startswith("We approved your claim and sent $49.99 on its way today.")


def test_a_second_notice_of_the_same_incident_is_the_same_claim_with_the_new_files(visit: Visit, shop: Shop) -> None:
    from makewhole.store.models import Claim, Evidence

    email = f"ana.{token_hex(5)}@example.com"
    ana, line = visit(390), shop.sell()
    ana.opens_order(line)
    ana.tells(amount="230.00", receipt=False, email=email)
    ana.presses("Send the claim")
    assert ana.headline.startswith("Please send us a receipt or a repair estimate")
    first = Claim.objects.get(marketplace_id=shop.code)

    # From another browser nobody can tell that it is she.
    stranger = visit(390)
    stranger.opens_order(line)
    stranger.tells(amount="230.00", receipt=True, email=email)
    stranger.presses("Send the claim")
    assert stranger.headline == "We know of this already."
    assert Evidence.objects.filter(claim_id=first.id).count() == 1

    from journeys.visitors import hired

    account = hired("claimant", shop.code, email=email)
    again = visit(390)
    again.signs_in(account.email)
    again.opens_order(line)
    again.page.get_by_role("link", name="Start another claim").click()
    again.tells(amount="230.00", receipt=True, email=email)
    again.presses("Send the claim")
    assert again.reference == first.reference
    assert again.sees("We knew of this incident already")
    assert again.headline.startswith("We approved your claim and sent $230.00 on its way today.")
    assert Claim.objects.filter(marketplace_id=shop.code).count() == 1


def test_an_injury_is_met_with_care_once_and_a_death_goes_to_the_safety_officer(visit: Visit, shop: Shop) -> None:
    ana = visit(390)
    ana.opens_order(shop.sell())
    ana.goes_on()
    ana.page.get_by_label("What happened?").fill("The kettle burst.")
    ana.goes_on()
    ana.presses("Today 21 Nov 2026")
    ana.presses("Yes, somebody was hurt")
    assert ana.headline == "I am sorry that somebody was hurt."
    ana.keeps_picture("filing-2-injury")
    ana.page.get_by_label("How was somebody hurt?").fill("Scalded hand.")
    ana.page.get_by_label("Burn or scald").check()
    ana.goes_on()
    assert ana.page.get_by_label("Medical expense").is_checked()
    ana.goes_on()
    ana.page.get_by_label("How much was it?").fill("120.00")
    ana.goes_on()
    ana.page.get_by_label("Your name").fill("Ana Rivera")
    ana.page.get_by_label("E-mail", exact=True).fill(f"ana.{token_hex(5)}@example.com")
    ana.goes_on()
    ana.goes_on()
    assert ana.sees("The bill of the doctor, hospital or pharmacy")  # all that is missing, with a picture of it
    ana.keeps_picture("filing-6-missing")
    ana.presses("Send the claim")
    assert not ana.sees("sorry")  # it was said
    assert ana.sees("Your health comes first.")
    assert ana.sees("Scalded hand.")
    ana.keeps_picture("claim-injury")
