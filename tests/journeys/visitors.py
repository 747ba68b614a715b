"""Somebody with a browser: what people do on our pages, in their words."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.hashers import make_password
from playwright.sync_api import BrowserContext, Page
from world import a_photo

from makewhole.people.links import OrderNamed, order_key
from makewhole.people.models import Account, RoleAssignment
from makewhole.store.models import OrderLine

PASSWORD = "an old bridge in spring"


@dataclass
class Visitor:
    context: BrowserContext
    address: str
    width: int
    screenshots: Path
    complaints: list[str] = field(default_factory=list)
    tab: Page = field(init=False)

    def __post_init__(self) -> None:
        self.tab = self.context.new_page()
        self.tab.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        # A refused form answers 4xx on purpose, and Chromium says so; everything else it says is a fault.
        self.tab.on(
            "console",
            lambda said: (
                None if "status of 4" in said.text or said.type != "error" else self.complaints.append(said.text)
            ),
        )
        self.tab.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((self.address, f"blob:{self.address}", "data:"))
                else self.complaints.append(f"outside: {asked.url}")
            ),
        )

    @property
    def page(self) -> Page:
        """What the tab shows, once it is there as a whole: a click on a link returns at the first bytes of the next."""
        self.tab.wait_for_load_state()
        return self.tab

    # Going somewhere

    def goes_to(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def signs_in(self, email: str) -> None:
        self.goes_to("/sign-in")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("main").get_by_role("button", name="Sign in").click()

    def opens_order(self, line: OrderLine) -> None:
        order = OrderNamed(line.marketplace_id, line.order_ref, line.line_ref, line.buyer_ref)
        self.goes_to(f"/file/{order_key(order)}")

    # Doing something

    def tells(self, *, amount: str, receipt: bool, on: str = "2026-11-18", email: str = "", shown: str = "") -> None:
        """Answers every question about a burned worktop, up to the page that sends it. `shown`: what the receipt
        shows, where it is another amount."""
        who = token_hex(5)
        self.sends("Choose photos", "worktop.jpg")
        self.goes_on()
        self.page.get_by_label("What happened?").fill("The kettle's base melted and burned our worktop.")
        self.goes_on()
        self.page.get_by_label("Another day").fill(on)
        self.goes_on()
        self.presses("No, nobody was hurt")
        self.goes_on()  # damaged property is chosen already
        self.page.get_by_label("How much was it?").fill(amount)
        if receipt:
            self.sends("Receipt of the damaged thing", "receipt.jpg")
        if shown:
            self.page.locator("#receipt_amount").fill(shown)
        self.goes_on()
        if self.headline == "Who are you?":  # not asked of who has an account
            self.page.get_by_label("Your name").fill("Ana Rivera")
            self.page.get_by_label("E-mail", exact=True).fill(email or f"ana.{who}@example.com")
            self.goes_on()
        self.page.get_by_label("Bank transfer").check()
        self.page.get_by_label("Account number or IBAN").fill(f"US{who}")
        self.page.get_by_label("Who holds the account").fill("Ana Rivera")
        self.goes_on()

    def goes_on(self) -> None:
        """To the next question of the form, or to what is wrong with this answer."""
        with self.page.expect_navigation():
            self.presses("Continue")

    def goes_back(self, *, after: str) -> None:
        """With the browser's own button, once the page with this headline is there as a whole."""
        self.page.get_by_role("heading", level=1, name=after).wait_for()
        self.page.go_back()

    def sends(self, label: str, name: str, content: bytes | None = None) -> None:
        """Chooses a file. Where it goes up at once, it is there when this returns."""
        place = self.page.get_by_label(label).and_(self.page.locator("input[type=file]"))
        place.set_input_files([{"name": name, "mimeType": "image/jpeg", "buffer": content or a_photo()}])
        if self.page.locator(".picker.live").count():
            self.page.locator(".kept-files, .unusable").get_by_text(name).first.wait_for()

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def unfolds(self, title: str) -> None:
        self.page.locator("summary", has_text=title).click()

    # Seeing something

    @property
    def headline(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def reference(self) -> str:
        return self.page.locator(".crumb code").inner_text()

    def sees(self, words: str) -> bool:
        return words in self.page.get_by_role("main").inner_text()

    def keeps_picture(self, name: str) -> None:
        """A picture for people to look at; and nothing is wider than the screen."""
        wider = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{name} is {wider} pixels wider than {self.width}"
        self.anybody_can_use(name)
        self.screenshots.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self.screenshots / f"{name}-{self.width}.png", full_page=True)

    def anybody_can_use(self, name: str) -> None:
        """Nothing that axe-core calls serious or critical on the page, and its colours in the other mode too."""
        axe = Axe()
        found = axe.run(self.page).response["violations"]
        if self.width > 600:  # the same colours stand on a phone
            dark = self.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
            self.page.emulate_media(color_scheme="light" if dark else "dark")
            found += axe.run(self.page, options={"runOnly": ["color-contrast"]}).response["violations"]
            self.page.emulate_media(color_scheme="dark" if dark else "light")
        grave = [each for each in found if each["impact"] in ("serious", "critical")]
        assert not grave, f"{name}:\n" + "\n".join(_told(each) for each in grave)


def _told(violation: dict[str, Any]) -> str:
    where = "; ".join(f"{node['target']} {node['failureSummary']}" for node in violation["nodes"][:4])
    return f"{violation['impact']}: {violation['help']} ({violation['id']}) at {where}"


def hired(
    role: str, marketplace: str, *, seller_id: int | None = None, insurer_id: int | None = None, email: str = ""
) -> Account:
    """An account with one role in this marketplace."""
    account = Account.objects.create(
        email=email or f"{role}.{token_hex(6)}@example.com", password=_hashed(), name=role.capitalize()
    )
    RoleAssignment.objects.create(
        account=account, role=role, marketplace=marketplace, seller_id=seller_id, insurer_id=insurer_id
    )
    return account


@cache
def _hashed() -> str:
    """The password as it is stored: made once, since that is meant to take its time."""
    return make_password(PASSWORD)
