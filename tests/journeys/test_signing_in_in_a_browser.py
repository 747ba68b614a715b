"""Signing in, in a real Chromium: with a passkey that a virtual authenticator holds, in two steps with a phone's codes,
and after a session that ended in the middle of a form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from journeys.codes import code_now

if TYPE_CHECKING:
    from journeys.visitors import Visitor
    from playwright.sync_api import Browser
    from world import Shop

    from makewhole.people.models import Account


@pytest.fixture
def at_home(chromium: Browser, kept: None, noon: object) -> Iterator[Callable[..., Visitor]]:
    """As `visit`, but under a name: browsers know passkeys of names, and not of numbers."""
    from journeys.conftest import visitors_at

    with visitors_at("localhost", chromium) as come:
        yield come


@pytest.fixture(autouse=True)
def nothing_counted(kept: None) -> None:
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def robin(shop: Shop) -> Account:
    from journeys.visitors import hired

    return hired("reviewer", shop.code)


def test_a_passkey_is_added_signs_in_alone_and_is_renamed_and_removed(
    at_home: Callable[..., Visitor], robin: Account, mailoutbox: list[Any]
) -> None:
    visitor = at_home()
    page = visitor.page
    key = authenticator(visitor)
    visitor.signs_in(robin.email)
    visitor.goes_to("/account/second-factor")
    visitor.keeps_picture("ways-to-sign-in-none")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What you call it").fill("The office computer")
    visitor.keeps_picture("passkey-add")
    visitor.presses("Add it")
    page.get_by_role("heading", name="Keep these codes in a safe place").wait_for()
    visitor.keeps_picture("recovery-codes")
    visitor.goes_to("/account/second-factor")
    assert visitor.sees("The office computer")
    visitor.keeps_picture("ways-to-sign-in")
    assert [mail.subject for mail in mailoutbox] == ["A passkey was added"]

    page.get_by_role("button", name="Sign out").click()
    visitor.goes_to("/sign-in?next=/queue")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{visitor.address}/queue")
    assert how(robin) == ("passkey",)  # no password, and no second step behind it

    visitor.goes_to("/account/second-factor")
    page.get_by_role("link", name="Rename").click()
    page.get_by_label("What you call it").fill("The old laptop")
    visitor.presses("Save")
    assert visitor.sees("The old laptop")
    page.get_by_role("link", name="Remove").click()
    visitor.presses("Remove")
    assert visitor.sees("The passkey is removed.") and not visitor.sees("The old laptop")
    assert mailoutbox[-1].subject == "A passkey was removed"
    key("WebAuthn.removeVirtualAuthenticator")


def test_after_the_password_a_passkey_is_the_second_step(at_home: Callable[..., Visitor], robin: Account) -> None:
    visitor = at_home(390)
    authenticator(visitor)
    visitor.signs_in(robin.email)
    visitor.goes_to("/account/second-factor/passkeys/add")
    visitor.presses("Add it")
    visitor.page.get_by_role("heading", name="Keep these codes").wait_for()
    visitor.keeps_picture("recovery-codes")
    visitor.goes_to("/account/second-factor")
    visitor.keeps_picture("ways-to-sign-in")
    visitor.page.get_by_role("button", name="Sign out").click()
    visitor.signs_in(robin.email)
    assert visitor.headline == "One more step"
    visitor.keeps_picture("second-step")
    visitor.page.get_by_role("button", name="Use a passkey").click()
    visitor.page.get_by_role("button", name="Sign out").wait_for()
    assert how(robin) == ("password", "passkey")


def test_a_passkey_of_somebody_unknown_signs_nobody_in(at_home: Callable[..., Visitor], robin: Account) -> None:
    from allauth.mfa.models import Authenticator

    visitor = at_home()
    authenticator(visitor)
    visitor.signs_in(robin.email)
    visitor.goes_to("/account/second-factor/passkeys/add")
    visitor.presses("Add it")
    visitor.page.get_by_role("heading", name="Keep these codes").wait_for()
    visitor.page.get_by_role("button", name="Sign out").click()
    Authenticator.objects.filter(user_id=robin.pk).delete()
    visitor.goes_to("/sign-in")
    visitor.page.get_by_role("button", name="Use a passkey").click()
    visitor.page.get_by_text("This code is not right.").wait_for()
    assert visitor.page.get_by_role("link", name="Sign in").count() == 1


def test_who_stops_the_passkey_is_told_and_may_try_again(at_home: Callable[..., Visitor], robin: Account) -> None:
    visitor = at_home()
    key = authenticator(visitor, is_user_verified=False)
    visitor.goes_to("/sign-in")
    button = visitor.page.get_by_role("button", name="Use a passkey")
    button.click()
    visitor.page.get_by_text("That did not work.").wait_for()
    assert button.get_attribute("aria-disabled") is None
    key("WebAuthn.removeVirtualAuthenticator")


def test_codes_from_a_phone_in_a_browser(at_home: Callable[..., Visitor], robin: Account) -> None:
    for width in (390, 1280):
        visitor = at_home(width)
        visitor.goes_to("/sign-in")
        visitor.keeps_picture("sign-in")
    visitor.signs_in(robin.email)
    visitor.goes_to("/account/second-factor/phone")
    visitor.keeps_picture("phone-set-up")
    secret = visitor.page.locator("#totp_secret").inner_text()
    visitor.page.get_by_label("Code").fill(code_now(secret))
    visitor.presses("Turn it on")
    assert visitor.headline == "Keep these codes in a safe place"
    visitor.page.get_by_role("button", name="Sign out").click()
    visitor.signs_in(robin.email)
    visitor.page.get_by_label("Code").fill("000000")
    visitor.presses("Sign in")
    assert visitor.sees("This code is not right.")
    visitor.keeps_picture("second-step-wrong")
    visitor.page.get_by_label("Code").fill(code_now(secret, steps_ahead=1))
    visitor.presses("Sign in")
    visitor.page.get_by_role("button", name="Sign out").wait_for()


def test_the_pages_of_signing_in_in_the_dark(at_home: Callable[..., Visitor], robin: Account) -> None:
    visitor = at_home(390, theme="dark")
    for path, name in (
        ("/sign-in", "sign-in-dark"),
        ("/new-link", "new-link-dark"),
        ("/account/password/forgotten", "password-forgotten-dark"),
        ("/account/code", "code-dark"),
        ("/claims/MW-0", "no-way-in-dark"),
    ):
        visitor.goes_to(path)
        visitor.keeps_picture(name)
    visitor.signs_in(robin.email)
    for path, name in (
        ("/account/second-factor/phone", "phone-set-up-dark"),
        ("/account/password", "password-dark"),
        ("/account/sign-ins", "sign-ins-dark"),
    ):
        visitor.goes_to(path)
        visitor.keeps_picture(name)


def test_where_one_is_signed_in_and_how_to_end_it(at_home: Callable[..., Visitor], robin: Account) -> None:
    phone, desk = at_home(390), at_home()
    phone.signs_in(robin.email)
    desk.signs_in(robin.email)
    desk.page.get_by_role("link", name=robin.name).click()
    assert desk.headline == "You are signed in with 2 browsers."
    desk.keeps_picture("sign-ins")
    phone.goes_to("/account/sign-ins")
    phone.keeps_picture("sign-ins")
    desk.page.get_by_role("button", name="End Chrome").click()
    assert desk.headline == "You are signed in here only."
    phone.goes_to("/account/sign-ins")
    assert phone.headline == "Sign in"


def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing(at_home: Callable[..., Visitor], shop: Shop) -> None:
    """The journey of the issue: a form is open, the session goes, the form is sent; then sign in, find it, send it."""
    from django.contrib.sessions.models import Session
    from journeys.visitors import hired

    from makewhole.store.models import Claim

    for width in (390, 1280):
        seller = hired("seller", shop.code, seller_id=shop.insured.pk)
        claim = shop.file(shop.notice(shop.sell(), claimed="1850.00")).claim
        visitor = at_home(width)
        visitor.signs_in(seller.email)
        visitor.goes_to(f"/claims/{claim.filed.reference}")
        act = visitor.page.locator("#act-seller-evidence")
        act.evaluate("act => act.open = true")
        act.get_by_label("What you want to say").fill("It left us whole:\nsee the packer's photo.")
        act.get_by_label("What your files show").select_option("photo")
        visitor.page.locator("#seller-evidence_files").set_input_files(
            [{"name": "packed.jpg", "mimeType": "image/jpeg", "buffer": photo()}]
        )
        key = next(each["value"] for each in visitor.context.cookies() if each["name"] == "sessionid")
        assert Session.objects.filter(session_key=key).delete()[0] == 1
        act.get_by_role("button", name="Send", exact=True).click()

        assert visitor.headline == "Sign in"
        assert visitor.sees("You were signed out before this could be sent.")
        visitor.keeps_picture("typing-sign-in")
        visitor.page.get_by_label("E-mail").fill(seller.email)
        visitor.page.get_by_label("Password").fill("an old bridge in spring")
        visitor.page.get_by_role("main").get_by_role("button", name="Sign in").click()
        assert visitor.headline == "You were signed out before this could be sent."
        assert visitor.sees("It left us whole:") and visitor.sees("You had chosen: packed.jpg")
        assert visitor.sees("Photo")
        visitor.keeps_picture("typing-kept")
        visitor.page.get_by_label("Files").set_input_files(
            [{"name": "packed.jpg", "mimeType": "image/jpeg", "buffer": photo()}]
        )
        visitor.page.get_by_role("button", name="Send it now").dblclick()
        visitor.page.get_by_text("Thank you. We keep it with the claim.").wait_for()
        assert Claim.objects.get(id=claim.claim_id).version == claim.version + 1
        visitor.goes_to("/account/typing")
        assert visitor.sees("Nothing of yours waits to be sent.")


def test_a_claimants_new_link_on_a_phone(at_home: Callable[..., Visitor], shop: Shop) -> None:
    visitor = at_home(390)
    visitor.goes_to("/claims/MW-0?key=forged")
    visitor.keeps_picture("old-link")
    visitor.page.get_by_role("link", name="Send me a new link").click()
    visitor.keeps_picture("new-link")
    visitor.page.get_by_label("Your e-mail").fill("ana.rivera@example.com")
    visitor.presses("Send me a new link")
    assert visitor.headline == "Look into your mail."
    visitor.keeps_picture("new-link-sent")


# The words of these tests -----------------------------------------------------------------------------------


def authenticator(visitor: Visitor, *, is_user_verified: bool = True) -> Callable[[str], Any]:
    """A device that keeps passkeys, inside the browser; what it gives back sends it away."""
    devtools = visitor.context.new_cdp_session(visitor.page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": is_user_verified, "automaticPresenceSimulation": True,
    }})  # fmt: skip
    return lambda command: devtools.send(command, {"authenticatorId": made["authenticatorId"]})


def how(account: Account) -> tuple[str, ...]:
    from makewhole.people.sign_ins import sign_ins

    found: tuple[str, ...] = next(line.how for line in sign_ins(account).lines if line.what == "signed_in")
    return found


def photo() -> bytes:
    from world import a_photo

    return a_photo()
