"""A session that ends in the middle of a form loses nothing that was typed, and shows it to nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

if TYPE_CHECKING:
    from django.core.mail import EmailMessage
    from django.test import Client
    from world import Shop

    from makewhole.domain.claim.state import Claim
    from makewhole.people.models import Account

PASSWORD = "an old bridge in spring"
STORY = "The bottom was already scorched when it came,\nand <b>nobody</b> told us."


@pytest.fixture
def claim(shop: Shop, noon: object) -> Claim:
    """A large claim, so that the seller is asked."""
    return shop.file(shop.notice(shop.sell(), claimed="1850.00")).claim


@pytest.fixture
def seller(shop: Shop) -> Account:
    from journeys.visitors import hired

    return hired("seller", shop.code, seller_id=shop.insured.pk)


def test_an_act_that_met_an_ended_session_waits_and_is_sent_once(claim: Claim, seller: Account) -> None:
    client = signed_in(seller)
    sent = an_answer(claim)
    the_session_ends(client)
    answer = client.post(act(claim), sent)
    assert answer["Location"] == "/sign-in?next=/account/typing"
    assert "You were signed out before this could be sent." in text(client.get(answer["Location"]))
    assert version(claim) == claim.version  # nothing was sent
    assert sign_in(client, seller, next="/account/typing")["Location"] == "/account/typing"
    page = text(client.get("/account/typing"))
    assert "You were signed out before this could be sent." in page and "Nothing was sent." in page
    assert "<dt>What you want to say</dt>" in page
    assert "and &lt;b&gt;nobody&lt;/b&gt; told us." in page and "<b>nobody" not in page
    fields = carried(page)
    assert fields["words"] == STORY
    done = client.post(act(claim), fields)
    assert done["Location"] == f"/claims/{claim.filed.reference}"
    assert version(claim) == claim.version + 1
    assert kept() == 0
    assert client.get("/account/typing")["Location"] == "/"
    again = client.post(act(claim), fields)  # the back button, and send
    assert again.status_code in (302, 409) and version(claim) == claim.version + 1


def test_another_person_who_signs_in_never_sees_it(shop: Shop, claim: Claim, seller: Account) -> None:
    from journeys.visitors import hired

    client = signed_in(seller)
    the_session_ends(client)
    client.post(act(claim), an_answer(claim))
    assert kept() == 1
    sign_in(client, hired("seller", shop.code, seller_id=shop.insured.pk))
    assert kept() == 0
    assert client.get("/account/typing")["Location"] == "/"
    sign_in(client, seller)
    assert client.get("/account/typing")["Location"] == "/"


def test_another_browser_never_sees_it(claim: Claim, seller: Account) -> None:
    client, other = signed_in(seller), signed_in(seller)
    the_session_ends(client)
    client.post(act(claim), an_answer(claim))
    assert other.get("/account/typing")["Location"] == "/"
    sign_in(client, seller)
    assert STORY.partition(",")[0] in text(client.get("/account/typing"))


def test_who_signed_out_left_nothing_that_could_be_kept(claim: Claim, seller: Account) -> None:
    client = signed_in(seller)
    client.post("/sign-out")
    assert client.post(act(claim), an_answer(claim)).status_code == 404
    assert kept() == 0


def test_a_stranger_gets_the_same_answer_whether_or_not_there_is_such_a_claim(claim: Claim) -> None:
    from django.test import Client

    for name in (claim.filed.reference, "MW-2026-NOSUCH"):
        assert Client().post(f"/claims/{name}/acts/seller-evidence", an_answer(claim)).status_code == 404
    there, nowhere = (text(Client().get(f"/claims/{name}")) for name in (claim.filed.reference, "MW-0"))
    unnamed = [re.sub(r'value="\w{64}"', "", page) for page in (there.replace(claim.filed.reference, "MW-0"), nowhere)]
    assert unnamed[0] == unnamed[1]
    assert "have a new link sent to you" in there
    assert kept() == 0


def test_typing_is_sealed_where_it_lies_and_is_let_go_after_half_a_day(
    claim: Claim, seller: Account, noon: Callable[..., None]
) -> None:
    from world import NOW

    from makewhole.people.models import KeptTyping

    client = signed_in(seller)
    the_session_ends(client)
    client.post(act(claim), an_answer(claim))
    (row,) = KeptTyping.objects.all()
    assert "scorched" not in row.sealed and row.owner == f"account:{seller.pk}"
    noon(NOW + timedelta(hours=11, minutes=59))
    sign_in(client, seller)
    assert "scorched" in text(client.get("/account/typing"))
    noon(NOW + timedelta(hours=12, seconds=1))
    sign_in(client, seller)
    assert client.get("/account/typing")["Location"] == "/"


def test_it_can_be_thrown_away(claim: Claim, seller: Account) -> None:
    client = signed_in(seller)
    the_session_ends(client)
    client.post(act(claim), an_answer(claim))
    sign_in(client, seller)
    client.post("/account/typing/discard")
    assert kept() == 0 and client.get("/account/typing")["Location"] == "/"


def test_files_are_not_kept_and_are_asked_for_again_by_name(claim: Claim, seller: Account) -> None:
    from world import a_photo

    client = signed_in(seller)
    the_session_ends(client)
    client.post(act(claim), {**an_answer(claim), "files": SimpleUploadedFile("base.jpg", a_photo())})
    sign_in(client, seller)
    page = text(client.get("/account/typing"))
    assert "Choose your files again" in page and "You had chosen: base.jpg" in page
    assert re.search(r'<input type="file" multiple name="files"', page)
    sent = {**carried(page), "files": SimpleUploadedFile("base.jpg", a_photo())}
    assert client.post(act(claim), sent).status_code == 302
    assert version(claim) == claim.version + 1


def test_a_form_that_is_refused_when_sent_again_keeps_its_typing(claim: Claim, seller: Account) -> None:
    client = signed_in(seller)
    the_session_ends(client)
    client.post(act(claim), {**an_answer(claim), "seen": "999"})
    sign_in(client, seller)
    refused = client.post(act(claim), carried(text(client.get("/account/typing"))))
    assert refused.status_code == 409 and "scorched" in text(refused)
    assert kept() == 1


def test_a_page_that_htmx_asked_for_leads_the_whole_page_to_the_sign_in(claim: Claim, seller: Account) -> None:
    client = signed_in(seller)
    the_session_ends(client)
    answer = client.post("/contacts/add", {"name": "Kim", "email": "kim@example.com"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in?next=/account/typing")


def test_a_form_outside_a_claim_is_kept_too_and_sent(seller: Account) -> None:
    from makewhole.store.models import Contact

    client = signed_in(seller)
    the_session_ends(client)
    client.post("/contacts/add", {"name": "Kim Osei", "email": "kim@example.com", "language": "de"})
    sign_in(client, seller)
    page = text(client.get("/account/typing"))
    assert "kim@example.com" in page
    assert client.post("/contacts/add", carried(page)).status_code == 302
    assert Contact.objects.filter(party=f"seller:{seller.assignments.get().seller_id}").count() == 1


def test_a_claimant_whose_link_ran_out_gets_a_new_one_and_finds_the_typing(
    claim: Claim, mailoutbox: list[EmailMessage]
) -> None:
    from makewhole.people.links import claimant_key

    client = let_in(claim)
    sent = {"seen": str(claim.version), "words": "It was the kettle.", "account": "US123456"}
    the_session_ends(client)
    withdraw = f"/claims/{claim.filed.reference}/acts/withdraw"
    answer = client.post(withdraw, sent)
    assert answer["Location"] == f"/new-link?claim={claim.filed.reference}"
    page = text(client.get(answer["Location"]))
    assert "Your link had run out before this could be sent." in page and claim.filed.reference in page
    key = claimant_key(claim.claim_id, claim.filed.claimant_id)
    opened = client.get(f"/claims/{claim.filed.reference}", {"key": key})
    assert opened["Location"] == "/account/typing"
    page = text(client.get("/account/typing"))
    assert "It was the kettle." in page
    assert "US123456" not in page and 'name="account"' in page  # asked for again
    assert client.post(withdraw, carried(page)).status_code == 302
    assert version(claim) > claim.version and kept() == 0


def test_a_claimants_typing_is_shown_to_no_other_party_of_the_claim(claim: Claim) -> None:
    from uuid import uuid4

    from makewhole.people.links import producer_key

    client = let_in(claim)
    the_session_ends(client)
    client.post(f"/claims/{claim.filed.reference}/acts/withdraw", {"words": "It was the kettle."})
    opened = client.get(f"/claims/{claim.filed.reference}", {"key": producer_key(claim.claim_id, uuid4())})
    assert opened["Location"] == f"/claims/{claim.filed.reference}"
    assert client.get("/account/typing")["Location"] == "/"


# A form with an old token -----------------------------------------------------------------------------------


def test_a_form_with_an_old_token_shows_what_was_typed_and_sends_it_with_a_good_one(
    claim: Claim, seller: Account
) -> None:
    client = signed_in(seller, enforce_csrf_checks=True)
    old = client.post(act(claim), an_answer(claim), headers={"Sec-Fetch-Site": "same-origin"})
    page = text(old)
    assert old.status_code == 403
    assert "This page had grown too old before it was sent." in page and "scorched" in page
    token = re.search(
        r'action="[^"]+/acts/seller-evidence"[^>]*>.*?csrfmiddlewaretoken" value="(\w+)"', page, re.DOTALL
    )
    assert token is not None
    sent = {**carried(page), "csrfmiddlewaretoken": token[1]}
    assert client.post(act(claim), sent, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302
    assert version(claim) == claim.version + 1


def test_a_question_of_the_first_notice_is_shown_in_its_words(kept: None) -> None:
    from uuid import uuid4

    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post(
        f"/filing/{uuid4()}/what",
        {"form": "token", "story": STORY, "hazards": "fire"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 403
    page = text(answer)
    assert "<dt>What happened?</dt>" in page and "<dt>Was any of this part of it?</dt><dd>Fire</dd>" in page
    assert "<dt>Form</dt>" not in page and carried(page)["form"] == "token"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Referer": "https://elsewhere.example/testserver"},
        {},
    ],
)
def test_a_form_from_another_site_is_never_shown_to_be_sent(
    claim: Claim, seller: Account, headers: dict[str, str]
) -> None:
    client = signed_in(seller, enforce_csrf_checks=True)
    answer = client.post(act(claim), an_answer(claim), headers=headers)
    assert answer.status_code == 403
    assert "scorched" not in text(answer) and "This form is too old." in text(answer)


def test_a_password_with_an_old_token_comes_back_on_no_page(seller: Account) -> None:
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        "/sign-in", {"login": seller.email, "password": PASSWORD}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 403
    assert PASSWORD not in text(answer) and 'href="/sign-in"' in text(answer)


def test_passwords_and_codes_are_not_kept_of_any_form(seller: Account) -> None:
    from django.test import RequestFactory

    from makewhole.people.kept_typing import typed_in

    secret = {"password": "p", "password1": "p", "code": "1", "account": "DE1", "credential": "{}", "holder": "Ana"}
    typed = typed_in(RequestFactory().post("/contacts/add", {**secret, "email": "k@example.com", "words": "x"}))
    assert typed is not None
    assert typed.fields == [("email", "k@example.com"), ("words", "x")]
    assert set(typed.again) == set(secret)


# The words of these tests -----------------------------------------------------------------------------------


def signed_in(account: Account, **given: Any) -> Client:
    from django.test import Client

    client = Client(**given)
    client.force_login(account)
    client.get("/policies")  # any page: from then on the browser knows who is here
    return client


def let_in(claim: Claim) -> Client:
    from django.test import Client

    from makewhole.people.links import claimant_key

    client = Client()
    key = claimant_key(claim.claim_id, claim.filed.claimant_id)
    assert client.get(f"/claims/{claim.filed.reference}", {"key": key}, follow=True).status_code == 200
    return client


def sign_in(client: Client, account: Account, *, next: str = "/") -> Any:
    return client.post("/sign-in", {"login": account.email, "password": PASSWORD, "next": next})


def the_session_ends(client: Client) -> None:
    from django.contrib.sessions.models import Session

    assert Session.objects.filter(session_key=client.cookies["sessionid"].value).delete()[0] == 1


def act(claim: Claim) -> str:
    return f"/claims/{claim.filed.reference}/acts/seller-evidence"


def an_answer(claim: Claim) -> dict[str, Any]:
    return {"seen": str(claim.version), "words": STORY, "kind": "other"}


def carried(page: str) -> dict[str, Any]:
    """What the page's form sends with its button."""
    from html import unescape

    fields = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', page, re.DOTALL)
    assert fields
    return {"kept_typing": "1", **{name: unescape(value) for name, value in fields}}


def text(answer: Any) -> str:
    told: str = answer.content.decode()
    return told


def version(claim: Claim) -> int:
    from makewhole.store.models import Claim as Row

    return Row.objects.get(id=claim.claim_id).version


def kept() -> int:
    from makewhole.people.models import KeptTyping

    return KeptTyping.objects.count()


@pytest.fixture(autouse=True)
def nothing_kept(kept: None) -> None:
    from makewhole.people.models import KeptTyping

    KeptTyping.objects.all().delete()
