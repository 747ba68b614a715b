"""Telling a claim on a phone: one question a page, saved at each, in few taps; and everything that can go wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from secrets import token_hex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from journeys.visitors import Visitor
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
    seconds = time.monotonic() - began
    print(f"from the order to the money: {phone.taps} taps, {seconds:.1f} seconds")
    assert 10 <= phone.taps <= 12, phone.taps  # fewer than ten: the counter sleeps
    assert seconds < 120
    ana.keeps_picture("claim-just-approved")
