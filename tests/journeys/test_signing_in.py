"""Signing in, without a browser: by password, by a code in a mail, by an organisation's provider, in two steps; what
the log says of it, and what a stranger cannot find out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import pytest
from journeys.codes import code_now
from journeys.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider

if TYPE_CHECKING:
    from django.core.mail import EmailMessage
    from django.test import Client

    from makewhole.people.models import Account

PASSWORD = "an old bridge in spring"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
pytestmark = pytest.mark.usefixtures("kept")


@pytest.fixture
def browser() -> Callable[[], Client]:
    """A browser of its own, at an address of its own: attempts are counted for each."""

    def opened() -> Client:
        from django.test import Client

        here = f"10.{int(token_hex(1), 16)}.{int(token_hex(1), 16)}.{int(token_hex(1), 16)}"
        return Client(REMOTE_ADDR=here, headers={"User-Agent": FIREFOX})

    return opened


@pytest.fixture
def robin() -> Account:
    from journeys.visitors import hired

    return hired("reviewer", "us")


@pytest.fixture
def provider(settings: Any) -> Iterator[Callable[..., Provider]]:
    from makewhole.web.addresses import oidc_settings

    running: list[Provider] = []

    def starts(**claims: Any) -> Provider:
        running.append(Provider({"sub": token_hex(4), **claims}))
        settings.SOCIALACCOUNT_PROVIDERS = oidc_settings({
            "MAKEWHOLE_OIDC_ISSUER": running[-1].issuer, "MAKEWHOLE_OIDC_CLIENT_ID": CLIENT_ID,
            "MAKEWHOLE_OIDC_CLIENT_SECRET": CLIENT_SECRET, "MAKEWHOLE_OIDC_NAME": "Harbour Works",
        })  # fmt: skip
        return running[-1]

    yield starts
    for each in running:
        each.stop()


# By password ------------------------------------------------------------------------------------------------


def test_a_password_signs_in_under_another_session_and_the_log_says_so(
    browser: Callable[[], Client], robin: Account
) -> None:
    client = browser()
    client.get("/sign-in")
    client.post("/new-link", {"email": ""})
    answer = sign_in(client, robin, next="/queue")
    assert (answer.status_code, answer["Location"]) == (302, "/queue")
    assert signed_in(client) == robin.pk
    (line,) = lines(robin)
    assert (line.what, line.how, line.browser, line.system) == ("signed_in", ("password",), "Firefox", "Linux")
    assert line.address.startswith("10.")


def test_the_session_gets_another_name_when_somebody_signs_in(browser: Callable[[], Client], robin: Account) -> None:
    client = browser()
    session = client.session
    session["kept"] = "before"
    session.save()
    client.cookies["sessionid"] = before = str(session.session_key)
    sign_in(client, robin)
    assert client.cookies["sessionid"].value != before
    assert client.session["kept"] == "before"
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    browser: Callable[[], Client], robin: Account
) -> None:
    nobody = f"{token_hex(5)}@example.com"
    wrong = browser().post("/sign-in", {"login": robin.email, "password": "not this one at all"})
    unknown = browser().post("/sign-in", {"login": nobody, "password": "not this one at all"})
    assert wrong.status_code == unknown.status_code == 200
    told = "The e-mail and the password do not fit together."
    assert told in text(wrong) and told in text(unknown)
    assert without_tokens(wrong, robin.email) == without_tokens(unknown, nobody)


def test_a_failed_attempt_is_logged_with_the_account_or_with_a_masked_address(
    browser: Callable[[], Client], robin: Account
) -> None:
    from makewhole.people.models import SignIn
    from makewhole.people.sign_ins import sign_ins_of_all

    browser().post("/sign-in", {"login": robin.email, "password": "not this one at all"})
    assert [(line.what, line.how) for line in lines(robin)] == [("failed", ("password",))]
    domain = f"{token_hex(6)}.example"
    browser().post("/sign-in", {"login": f"my-secret-word@{domain}", "password": "x"})
    found = SignIn.objects.get(named__endswith=domain)
    assert found.named == f"m…@{domain}"
    named = [line for line in sign_ins_of_all("auditor", what="failed").lines if line.number == found.pk]
    assert [(line.who, line.account_id) for line in named] == [(f"m…@{domain}", None)]


def test_the_whole_log_is_for_administrators_and_auditors(robin: Account) -> None:
    from makewhole.domain.refusal import Refused
    from makewhole.people.sign_ins import sign_ins_of_all

    for role in ("administrator", "auditor"):
        sign_ins_of_all(role)
    with pytest.raises(Refused, match="role_not_held"):
        sign_ins_of_all("reviewer")


def test_the_log_is_read_page_by_page_and_misses_no_line(browser: Callable[[], Client], robin: Account) -> None:
    from makewhole.people.models import SignIn
    from makewhole.people.sign_ins import sign_ins

    for _ in range(5):
        SignIn.objects.create(account=robin, what="failed")
    first = sign_ins(robin, size=3)
    rest = sign_ins(robin, before=first.next_before, size=3)
    assert (len(first.lines), len(rest.lines), rest.next_before) == (3, 2, None)
    assert len({line.number for line in first.lines + rest.lines}) == 5


def test_after_five_wrong_passwords_the_right_one_has_to_wait(browser: Callable[[], Client], robin: Account) -> None:
    client = browser()
    for _ in range(5):
        assert "do not fit together" in text(client.post("/sign-in", {"login": robin.email, "password": "wrong"}))
    answer = sign_in(client, robin)
    assert answer.status_code == 200
    assert "Too many attempts. Wait five minutes" in text(answer)
    assert signed_in(client) is None
    # Also from elsewhere: it is the account that is guarded.
    assert "Too many attempts" in text(sign_in(browser(), robin))
    assert lines(robin)[0].how == ("too_many",)


def test_an_account_that_was_closed_does_not_sign_in(browser: Callable[[], Client], robin: Account) -> None:
    robin.is_active = False
    robin.save()
    client = browser()
    assert sign_in(client, robin)["Location"] == "/account/closed"
    assert signed_in(client) is None
    assert "An administrator closed it" in text(client.get("/account/closed"))


def test_signing_in_leads_to_no_other_site(browser: Callable[[], Client], robin: Account) -> None:
    assert sign_in(browser(), robin, next="https://elsewhere.example/")["Location"] == "/"
    assert sign_in(browser(), robin, next="//elsewhere.example/")["Location"] == "/"


def test_nobody_can_make_an_account(browser: Callable[[], Client]) -> None:
    from makewhole.people.models import Account

    email = f"{token_hex(6)}@example.com"
    client = browser()
    assert "Accounts are made by an administrator" in text(client.get("/account/new"))
    client.post("/account/new", {"email": email, "password1": PASSWORD})
    assert not Account.objects.filter(email=email).exists()


def test_signing_out_ends_the_session_and_clears_who_was_here(browser: Callable[[], Client], robin: Account) -> None:
    client = browser()
    sign_in(client, robin)
    assert client.cookies["was_here"].value
    assert client.get("/sign-out").status_code == 200  # a link alone signs nobody out
    assert signed_in(client) == robin.pk
    assert client.post("/sign-out")["Location"] == "/"
    assert signed_in(client) is None
    assert client.cookies["was_here"].value == ""
    assert [line.what for line in lines(robin)] == ["signed_out", "signed_in"]


# A new password ---------------------------------------------------------------------------------------------


def test_a_changed_password_ends_the_other_sessions_is_logged_and_told_by_mail(
    browser: Callable[[], Client], robin: Account, mailoutbox: list[EmailMessage]
) -> None:
    here, there = browser(), browser()
    sign_in(here, robin)
    sign_in(there, robin)
    new = "a new bridge in autumn"
    wrong = here.post("/account/password", {"oldpassword": "no", "password1": new, "password2": new})
    assert "This is not your present password." in text(wrong)
    done = here.post("/account/password", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert done.status_code == 302
    assert here.get("/account/sign-ins").status_code == 200
    assert there.get("/account/sign-ins")["Location"].startswith("/sign-in")
    assert lines(robin)[0].what == "password_changed"
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([robin.email], "Your password was changed")
    assert "10." in mail.body and "Firefox" in mail.body
    assert sessions(here, robin) == [True]


def test_a_password_like_ones_name_or_too_short_is_refused(browser: Callable[[], Client], robin: Account) -> None:
    client = browser()
    sign_in(client, robin)
    for weak in ("short", "1q2w3e4r5t6y", robin.email):
        answer = client.post("/account/password", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
        assert answer.status_code == 200 and "wrong" in text(answer), weak


def test_a_forgotten_password_comes_back_by_mail_and_the_link_is_good_once(
    browser: Callable[[], Client], robin: Account, mailoutbox: list[EmailMessage]
) -> None:
    there = browser()
    sign_in(there, robin)
    client = browser()
    asked = client.post("/account/password/forgotten", {"email": robin.email})
    assert asked["Location"] == "/account/password/forgotten/sent"
    link = re.search(r"/account/password/new/\S+", mailoutbox[0].body)
    assert link is not None
    form = client.get(link[0])["Location"]
    new = "a new bridge in autumn"
    assert client.post(form, {"password1": new, "password2": new})["Location"] == "/account/password/new/done"
    assert [mail.subject for mail in mailoutbox] == ["A new password for your account", "Your password was changed"]
    assert there.get("/account/sign-ins").status_code == 302
    assert sign_in(browser(), robin).status_code == 200
    assert sign_in(browser(), robin, password=new).status_code == 302
    assert "This link is no longer good." in text(browser().get(link[0]))


def test_who_asks_for_a_password_or_a_code_learns_nothing_of_who_has_an_account(
    browser: Callable[[], Client], robin: Account, mailoutbox: list[EmailMessage]
) -> None:
    nobody = f"{token_hex(5)}@example.com"
    for address in ("/account/password/forgotten", "/account/code"):
        pages = []
        for email in (robin.email, nobody):
            client = browser()
            answer = client.post(address, {"email": email})
            pages.append(without_tokens(client.get(answer["Location"]), email))
        assert pages[0] == pages[1]
    # Both wait for a mail that is really sent; the stranger's says that there is no account, to its owner alone.
    assert [mail.to for mail in mailoutbox] == [[robin.email], [nobody]] * 2
    assert "There is no account with it." in mailoutbox[1].body


# By a code in a mail ----------------------------------------------------------------------------------------


def test_a_code_in_a_mail_signs_in_and_a_wrong_one_does_not(
    browser: Callable[[], Client], robin: Account, mailoutbox: list[EmailMessage]
) -> None:
    client = browser()
    client.post("/account/code", {"email": robin.email, "next": "/queue"})
    code = re.search(r"^([A-Z0-9-]{6,12})$", mailoutbox[0].body, re.MULTILINE)
    assert code is not None
    wrong = client.post("/account/code/enter", {"code": "XXXXXX"})
    assert "This code is not right." in text(wrong)
    assert client.post("/account/code/enter", {"code": code[1], "next": "/queue"})["Location"] == "/queue"
    assert signed_in(client) == robin.pk
    assert [(line.what, line.how) for line in lines(robin)] == [
        ("signed_in", ("mail_code",)),
        ("failed", ("mail_code",)),
    ]


def test_after_three_wrong_codes_a_new_one_has_to_be_asked_for(
    browser: Callable[[], Client], robin: Account, mailoutbox: list[EmailMessage]
) -> None:
    client = browser()
    client.post("/account/code", {"email": robin.email})
    for _ in range(2):
        assert client.post("/account/code/enter", {"code": "XXXXXX"}).status_code == 200
    assert client.post("/account/code/enter", {"code": "XXXXXX"})["Location"] == "/account/code"
    assert client.get("/account/code/enter").status_code == 302
    assert signed_in(client) is None


def test_a_code_is_asked_for_three_times_in_a_minute_and_no_more(
    browser: Callable[[], Client], robin: Account, mailoutbox: list[EmailMessage]
) -> None:
    for _ in range(3):
        browser().post("/account/code", {"email": robin.email})
    assert "Too many attempts" in text(browser().post("/account/code", {"email": robin.email}))
    assert len(mailoutbox) == 3


def test_a_mail_server_that_is_away_is_told_and_ends_no_page(
    browser: Callable[[], Client], robin: Account, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    client = browser()
    answer = client.post("/account/code", {"email": robin.email}, follow=True)
    assert "We cannot send mails at this moment." in text(answer)


# In two steps -----------------------------------------------------------------------------------------------


def test_codes_from_a_phone_are_set_up_and_then_asked_for(
    browser: Callable[[], Client], robin: Account, mailoutbox: list[EmailMessage]
) -> None:
    secret, _ = with_phone(browser(), robin)
    assert [mail.subject for mail in mailoutbox] == ["Codes from your phone were turned on"]
    client = browser()
    assert sign_in(client, robin, next="/queue")["Location"] == "/account/second-step"
    assert signed_in(client) is None
    assert "This code is not right." in text(client.post("/account/second-step", {"code": "000000"}))
    assert client.post("/account/second-step", {"code": code_now(secret, steps_ahead=1)})["Location"] == "/queue"
    assert [(line.what, line.how) for line in lines(robin)][:2] == [
        ("signed_in", ("password", "totp")),
        ("failed", ("totp",)),
    ]


def test_a_code_from_the_phone_is_good_once(browser: Callable[[], Client], robin: Account) -> None:
    secret, _ = with_phone(browser(), robin)
    code = code_now(secret, steps_ahead=1)
    first, second = browser(), browser()
    sign_in(first, robin)
    assert first.post("/account/second-step", {"code": code}).status_code == 302
    # allauth alone remembers it for one step of the three in which it is good: as if that step were over.
    from django.core.cache import cache

    cache.delete(f"allauth.mfa.totp.used?user={robin.pk}&code={code}")
    sign_in(second, robin)
    assert "This code is not right." in text(second.post("/account/second-step", {"code": code}))


def test_a_code_of_two_steps_ago_or_of_another_phone_is_refused(browser: Callable[[], Client], robin: Account) -> None:
    secret, _ = with_phone(browser(), robin)
    client = browser()
    sign_in(client, robin)
    for code in (code_now(secret, steps_ahead=-3), code_now(secret, steps_ahead=3), code_now("A" * 32)):
        assert client.post("/account/second-step", {"code": code}).status_code == 200
    assert signed_in(client) is None


def test_a_recovery_code_is_good_once_and_there_are_ten(browser: Callable[[], Client], robin: Account) -> None:
    _, codes = with_phone(browser(), robin)
    assert len(codes) == 10
    client = browser()
    sign_in(client, robin)
    assert client.post("/account/second-step", {"code": codes[0]}).status_code == 302
    assert lines(robin)[0].how == ("password", "recovery_code")
    again = browser()
    sign_in(again, robin)
    assert again.post("/account/second-step", {"code": codes[0]}).status_code == 200
    assert again.post("/account/second-step", {"code": codes[1]}).status_code == 302


def test_recovery_codes_are_shown_once(browser: Callable[[], Client], robin: Account) -> None:
    client = browser()
    _, codes = with_phone(client, robin)
    page = text(client.get("/account/second-factor/codes"))
    assert not any(code in page for code in codes)
    assert "You have 10 left." in page


def test_guessing_codes_is_stopped_after_five(browser: Callable[[], Client], robin: Account) -> None:
    secret, _ = with_phone(browser(), robin)
    client = browser()
    sign_in(client, robin)
    for guess in range(5):
        client.post("/account/second-step", {"code": f"00000{guess}"})
    answer = client.post("/account/second-step", {"code": code_now(secret, steps_ahead=1)})
    assert "Too many attempts" in text(answer)
    assert signed_in(client) is None


def test_the_phones_secret_lies_sealed_in_the_database(browser: Callable[[], Client], robin: Account) -> None:
    from allauth.mfa.models import Authenticator

    secret, _ = with_phone(browser(), robin)
    stored = Authenticator.objects.get(user_id=robin.pk, type="totp").data["secret"]
    assert secret not in stored and len(stored) > len(secret)


def test_turning_codes_off_asks_again_who_it_is_and_is_told_by_mail(
    browser: Callable[[], Client], robin: Account, mailoutbox: list[EmailMessage]
) -> None:
    client = browser()
    with_phone(client, robin)
    a_while_passes(client)
    asked = client.get("/account/second-factor/phone/remove")
    assert asked["Location"].startswith("/account/confirm?")
    back = client.post(asked["Location"], {"password": PASSWORD})
    assert back["Location"] == "/account/second-factor/phone/remove"
    assert client.post(back["Location"])["Location"] == "/account/second-factor"
    assert mailoutbox[-1].subject == "Codes from your phone were turned off"
    removed = [line for line in lines(robin) if line.what == "factor_removed"]
    assert ("totp",) in [line.how for line in removed]
    assert sign_in(browser(), robin)["Location"] == "/"


# Who must have a second factor ------------------------------------------------------------------------------


def test_where_a_role_must_have_one_nothing_else_opens_before_it_is_set_up(
    browser: Callable[[], Client], robin: Account, settings: Any
) -> None:
    settings.SECOND_FACTOR = "required"
    client = browser()
    sign_in(client, robin)
    for path in ("/", "/queue", "/claims", "/account/sign-ins", "/policies", "/account/typing"):
        assert client.get(path)["Location"].startswith("/account/second-factor?next="), path
    assert client.post("/role", {"role": "0"})["Location"] == "/account/second-factor"
    assert client.get("/queue", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/account/second-factor"
    assert "Your role needs a second factor." in text(client.get("/account/second-factor"))
    with_phone(client, robin, signed_in_already=True)
    assert client.get("/queue").status_code == 200
    refused = client.get("/account/second-factor/phone/remove")
    assert "Your role needs a second factor, and this is your last one." in text(refused)
    client.post("/account/second-factor/phone/remove")
    assert client.get("/queue").status_code == 200


def test_other_roles_need_none_and_offered_asks_nobody(browser: Callable[[], Client], settings: Any) -> None:
    from journeys.visitors import hired

    settings.SECOND_FACTOR = "required"
    seller = hired("seller", "us", seller_id=1)
    client = browser()
    sign_in(client, seller)
    assert client.get("/claims").status_code == 200
    settings.SECOND_FACTOR = "offered"
    owner = hired("programme_owner", "us")
    client = browser()
    sign_in(client, owner)
    assert client.get("/queue").status_code == 200


def test_a_role_that_comes_later_is_asked_for_one_within_minutes(
    browser: Callable[[], Client], settings: Any, noon: Callable[..., None]
) -> None:
    from datetime import timedelta

    from journeys.visitors import hired
    from world import NOW

    from makewhole.people.models import RoleAssignment

    settings.SECOND_FACTOR = "required"
    seller = hired("seller", "us", seller_id=1)
    client = browser()
    sign_in(client, seller)
    assert client.get("/claims").status_code == 200
    RoleAssignment.objects.create(account=seller, role="finance")
    noon(NOW + timedelta(minutes=6))
    assert client.get("/claims")["Location"].startswith("/account/second-factor")


def test_another_persons_passkey_is_not_renamed_and_not_removed(browser: Callable[[], Client], robin: Account) -> None:
    from allauth.mfa.models import Authenticator
    from journeys.visitors import hired

    passkey = Authenticator.objects.create(user=robin, type="webauthn", data={"name": "Robin's", "credential": {}})
    mallory = browser()
    sign_in(mallory, hired("administrator", "us"))
    for page in ("rename", "remove"):
        answer = mallory.post(f"/account/second-factor/passkeys/{passkey.pk}/{page}", {"name": "Mallory's"})
        assert answer.status_code == 404
    passkey.refresh_from_db()
    assert passkey.data["name"] == "Robin's"


def test_an_administrator_takes_away_what_was_lost(
    browser: Callable[[], Client], robin: Account, mailoutbox: list[EmailMessage]
) -> None:
    from allauth.core.context import request_context
    from django.http import HttpRequest
    from django.test import RequestFactory

    from makewhole.people.second_factor import has_one, take_away

    client = browser()
    with_phone(client, robin)
    asked: HttpRequest = RequestFactory().post("/")
    with request_context(asked):  # as every view has it
        assert take_away(asked, robin) == 2  # the phone, and the recovery codes
    assert not has_one(robin)
    assert client.get("/account/sign-ins").status_code == 302
    assert mailoutbox[-1].subject == "An administrator removed your passkeys and codes"
    assert {line.what for line in lines(robin)} >= {"factor_removed", "ended"}
    assert sign_in(browser(), robin)["Location"] == "/"
    assert take_away(asked, robin) == 0 and len(mailoutbox) == 2


# By an organisation's provider ------------------------------------------------------------------------------


def test_a_provider_signs_in_the_account_with_the_same_verified_address(
    browser: Callable[[], Client], robin: Account, provider: Callable[..., Provider]
) -> None:
    harbour = provider(email=robin.email, email_verified=True)
    client = browser()
    assert "Continue with Harbour Works" in text(client.get("/sign-in"))
    answer = by_provider(client, next="/queue")
    assert (answer.status_code, answer["Location"]) == (302, "/queue")
    assert signed_in(client) == robin.pk
    assert lines(robin)[0].how == ("oidc",)
    assert {"/authorization", "/token", "/userinfo"} <= set(harbour.asked)
    assert sign_in(browser(), robin).status_code == 302  # the password is still good


@pytest.mark.parametrize("verified", [False, "false", None])
def test_an_address_that_the_provider_did_not_verify_signs_nobody_in(
    browser: Callable[[], Client], robin: Account, provider: Callable[..., Provider], verified: object
) -> None:
    provider(email=robin.email, email_verified=verified)
    client = browser()
    assert "There is no account for you here yet." in text(by_provider(client))
    assert signed_in(client) is None
    assert lines(robin)[0].what == "failed"


def test_a_provider_makes_no_account(browser: Callable[[], Client], provider: Callable[..., Provider]) -> None:
    from makewhole.people.models import Account

    email = f"{token_hex(6)}@example.com"
    provider(email=email, email_verified=True)
    assert "There is no account for you here yet." in text(by_provider(browser()))
    assert not Account.objects.filter(email=email).exists()


def test_a_closed_account_is_closed_to_the_provider_too(
    browser: Callable[[], Client], robin: Account, provider: Callable[..., Provider]
) -> None:
    robin.is_active = False
    robin.save()
    provider(email=robin.email, email_verified=True)
    client = browser()
    assert by_provider(client)["Location"] == "/account/closed"
    assert signed_in(client) is None


def test_who_stops_at_the_provider_is_told_so(
    browser: Callable[[], Client], robin: Account, provider: Callable[..., Provider]
) -> None:
    provider(email=robin.email, email_verified=True).deny = True
    client = browser()
    answer = by_provider(client)
    assert "You stopped the sign-in." in text(client.get(answer["Location"]))


def test_an_answer_that_we_did_not_ask_for_signs_nobody_in(
    browser: Callable[[], Client], robin: Account, provider: Callable[..., Provider]
) -> None:
    provider(email=robin.email, email_verified=True)
    client = browser()
    answer = client.get("/account/oidc/work/back?code=stolen&state=of-somebody-else")
    assert answer.status_code == 401
    assert "That sign-in did not work." in text(answer)
    assert signed_in(client) is None


def test_a_providers_own_second_factor_is_enough_where_a_setting_says_so(
    browser: Callable[[], Client], robin: Account, provider: Callable[..., Provider], settings: Any
) -> None:
    settings.SECOND_FACTOR = "required"
    provider(email=robin.email, email_verified=True)
    client = browser()
    by_provider(client)
    assert client.get("/queue").status_code == 302
    settings.OIDC_IS_SECOND_FACTOR = True
    assert client.get("/queue").status_code == 200


def test_without_a_provider_no_button_and_no_page(browser: Callable[[], Client]) -> None:
    assert "Continue with" not in text(browser().get("/sign-in"))
    assert browser().post("/account/oidc/work/go").status_code == 404


# Where one is signed in -------------------------------------------------------------------------------------


def test_sessions_are_listed_and_ended_one_by_one_or_all_others(browser: Callable[[], Client], robin: Account) -> None:
    from makewhole.people.models import OpenSession

    here, there, elsewhere = browser(), browser(), browser()
    for each in (here, there, elsewhere):
        sign_in(each, robin)
    page = text(here.get("/account/sign-ins"))
    assert "You are signed in with 3 browsers." in page and page.count("this browser") == 1
    number = OpenSession.objects.get(session_key=there.session.session_key).pk
    assert here.post(f"/account/sign-ins/{number}/end").status_code == 302
    assert there.get("/account/sign-ins").status_code == 302
    assert elsewhere.get("/account/sign-ins").status_code == 200
    here.post("/account/sign-ins/end-others")
    assert elsewhere.get("/account/sign-ins").status_code == 302
    assert "You are signed in here only." in text(here.get("/account/sign-ins"))
    assert [line.what for line in lines(robin)].count("ended") == 2


def test_a_session_in_use_is_noted_now_and_then_and_lives_no_longer_for_it(
    browser: Callable[[], Client], robin: Account, noon: Callable[..., None]
) -> None:
    from datetime import timedelta

    from django.contrib.sessions.models import Session
    from world import NOW

    from makewhole.people.models import OpenSession

    client = browser()
    sign_in(client, robin)
    client.get("/account/sign-ins")
    ends = Session.objects.get(session_key=client.session.session_key).expire_date
    for later, seen in ((4, 0), (6, 6), (10, 6), (12, 12)):
        noon(NOW + timedelta(minutes=later))
        client.get("/account/sign-ins")
        assert OpenSession.objects.get(account=robin).seen_at == NOW + timedelta(minutes=seen)
    assert Session.objects.get(session_key=client.session.session_key).expire_date == ends
    assert ends <= NOW + timedelta(hours=12)


def test_nobody_ends_somebody_elses_session(browser: Callable[[], Client], robin: Account) -> None:
    from journeys.visitors import hired

    from makewhole.people.models import OpenSession

    client, mallory = browser(), browser()
    sign_in(client, robin)
    sign_in(mallory, hired("administrator", "us"))
    number = OpenSession.objects.get(account=robin).pk
    assert mallory.post(f"/account/sign-ins/{number}/end").status_code == 404
    mallory.post("/account/sign-ins/end-others")
    assert client.get("/account/sign-ins").status_code == 200


def test_the_page_of_sign_ins_asks_as_often_with_many_as_with_few(
    browser: Callable[[], Client], robin: Account
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = browser()
    sign_in(client, robin)
    client.get("/account/sign-ins")
    with CaptureQueriesContext(connection) as few:
        client.get("/account/sign-ins")
    for _ in range(6):
        sign_in(browser(), robin)
    with CaptureQueriesContext(connection) as many:
        client.get("/account/sign-ins")
    assert len(many) == len(few)


def test_what_is_old_is_let_go(robin: Account) -> None:
    from datetime import UTC, datetime, timedelta

    from makewhole.people.housekeeping import LOG_KEPT, forget_old_sign_ins
    from makewhole.people.models import SignIn

    now = datetime.now(UTC)
    SignIn.objects.create(account=robin, what="failed", at=now - LOG_KEPT - timedelta(seconds=1))
    young = SignIn.objects.create(account=robin, what="failed", at=now - LOG_KEPT + timedelta(minutes=1))
    assert forget_old_sign_ins(now) >= 1
    assert list(SignIn.objects.filter(account=robin)) == [young]


# The words of these tests -----------------------------------------------------------------------------------


def sign_in(client: Client, account: Account, *, password: str = PASSWORD, next: str = "") -> Any:
    return client.post("/sign-in", {"login": account.email, "password": password, **({"next": next} if next else {})})


def signed_in(client: Client) -> int | None:
    found = client.session.get("_auth_user_id")
    return int(found) if found else None


def lines(account: Account) -> list[Any]:
    from makewhole.people.sign_ins import sign_ins

    return sign_ins(account).lines


def sessions(client: Client, account: Account) -> list[bool]:
    from makewhole.people.sign_ins import sessions_of

    return [each.this_one for each in sessions_of(account, this_key=client.session.session_key)]


def text(answer: Any) -> str:
    told: str = answer.content.decode()
    return told


def without_tokens(answer: Any, email: str) -> str:
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text(answer))
    return page.replace(email, "(address)")


def with_phone(client: Client, account: Account, *, signed_in_already: bool = False) -> tuple[str, list[str]]:
    """Sets up codes from a phone: the phone's secret, and the recovery codes that were shown."""
    if not signed_in_already:
        sign_in(client, account)
    page = text(client.get("/account/second-factor/phone"))
    secret = re.search(r'id="totp_secret">([A-Z2-7]+)<', page)
    assert secret is not None
    wrong = client.post("/account/second-factor/phone", {"code": code_now("A" * 32)})
    assert wrong.status_code == 200
    done = client.post("/account/second-factor/phone", {"code": code_now(secret[1])})
    assert done["Location"] == "/account/second-factor/codes"
    return secret[1], re.findall(r"<li><code>(\d+)</code></li>", text(client.get("/account/second-factor/codes")))


def a_while_passes(client: Client) -> None:
    """Longer than a sign-in counts as one of just now."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()


def by_provider(client: Client, *, next: str = "") -> Any:
    """Presses the button, and follows to the provider and back, as a browser does."""
    import requests

    leads = text(client.post("/account/oidc/work/go", {"next": next} if next else {}))
    address = re.search(r'url=([^"]+)"', leads)
    assert address is not None
    back = requests.get(address[1].replace("&amp;", "&"), allow_redirects=False, timeout=5).headers["Location"]
    return client.get(back.partition("testserver")[2])
