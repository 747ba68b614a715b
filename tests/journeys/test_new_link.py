"""A claimant whose link is old asks for a new one: a mail to the address on file, and the same answer to everybody."""

from __future__ import annotations

import re
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from world import Shop

    from makewhole.domain.claim.state import Claim
    from makewhole.integrations.mail.sending import Mail

ANA = "ana.rivera@example.com"


@pytest.fixture
def claim(shop: Shop, noon: object) -> Claim:
    return filed(shop)


def test_who_gives_the_claims_address_gets_a_link_that_opens_it(claim: Claim) -> None:
    from django.test import Client

    answer = ask(ANA.upper(), claim.filed.reference.lower())
    assert answer.status_code == 200
    (mail,) = links_mailed()
    assert mail.to == (ANA,)
    assert mail.subject == f"A new link to your claim {claim.filed.reference}"
    link = re.search(r"http://localhost:8000(/claims/\S+)", mail.text)
    assert link is not None
    client = Client()
    assert client.get(link[1])["Location"] == f"/claims/{claim.filed.reference}"
    assert client.get(f"/claims/{claim.filed.reference}").status_code == 200


def test_the_answer_is_the_same_whether_or_not_something_matches(shop: Shop, claim: Claim) -> None:
    other = shop.file().claim
    asked = [
        (ANA, claim.filed.reference),
        (ANA, ""),
        (ANA, other.filed.reference),  # somebody else's claim
        ("nobody.here@example.com", claim.filed.reference),
        ("nobody.here@example.com", "MW-NO-SUCH"),
    ]
    pages = {without_tokens(ask(email, reference), email) for email, reference in asked}
    assert len(pages) == 1
    mails = links_mailed()
    assert {mail.to for mail in mails} == {(ANA,)}
    assert not any(other.filed.reference in mail.text for mail in mails)


def test_asking_is_the_same_work_whether_or_not_something_matches(claim: Claim) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from makewhole.store.models import Outbox

    counts = []
    for email in (ANA, f"nobody.{token_hex(4)}@example.com"):
        before = Outbox.objects.count()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ask(email, claim.filed.reference)
        counts.append((len(queries), Outbox.objects.count() - before))
    assert counts[0] == counts[1] and counts[0][1] == 1


def test_without_a_number_one_mail_has_a_link_to_each_of_the_newest_claims(shop: Shop, noon: object) -> None:
    claims = [filed(shop) for _ in range(2)]
    ask(ANA, "")
    (mail,) = links_mailed()
    assert mail.subject == "New links to your claims"
    assert all(mail.text.count(f"/claims/{claim.filed.reference}?key=") == 1 for claim in claims)
    assert all(f"{claim.filed.reference}, Kettle KX-2</a>" in mail.html for claim in claims)


def test_the_mail_is_in_the_language_of_the_page(claim: Claim) -> None:
    from django.test import Client

    client = Client(REMOTE_ADDR="10.9.3.1", headers={"Accept-Language": "fr"})
    assert client.post("/new-link", {"email": ANA, "reference": claim.filed.reference}).status_code == 200
    (mail,) = links_mailed()
    assert (mail.language, mail.to) == ("fr", (ANA,))
    assert mail.subject == f"Un nouveau lien vers votre réclamation {claim.filed.reference}"


def test_the_mail_says_nothing_that_was_decided(claim: Claim) -> None:
    ask(ANA, claim.filed.reference)
    (mail,) = links_mailed()
    assert "approved" not in mail.text and "Do not pass this mail on." in mail.text


def test_asking_is_counted_by_address_and_by_where_it_comes_from() -> None:
    email = "often.asked@example.com"
    for number in range(3):
        assert ask(email, "", at=f"10.9.1.{number}").status_code == 200
    assert ask(email, "", at="10.9.1.9").status_code == 429
    for number in range(20):
        assert ask(f"guess{number}@example.com", "", at="10.9.2.1").status_code == 200
    answer = ask("guess20@example.com", "", at="10.9.2.1")
    assert answer.status_code == 429 and b"Too many attempts in a short time." in answer.content


def test_an_order_is_looked_for_as_seldom() -> None:
    from django.test import Client

    told = {"order": "113-7", "email": "often.asked.too@example.com"}
    answers = [Client(REMOTE_ADDR="10.9.3.2").post("/find-order", told).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]


@pytest.mark.parametrize(
    ("email", "told"),
    [("", "Please give the e-mail that you gave with your claim."), ("ana", "That is not an e-mail address.")],
)
def test_what_cannot_be_an_address_is_said_at_its_field(email: str, told: str) -> None:
    answer = ask(email, "MW-1")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page and 'value="MW-1"' in page


def test_an_old_link_offers_a_new_one_and_so_does_the_start(claim: Claim) -> None:
    from django.test import Client

    old = Client().get(f"/claims/{claim.filed.reference}", {"key": "forged"})
    assert old.status_code == 410
    assert f'href="/new-link?claim={claim.filed.reference}"' in old.content.decode()
    assert 'href="/new-link"' in Client().get("/").content.decode()
    page = Client().get("/new-link", {"claim": claim.filed.reference}).content.decode()
    assert f'value="{claim.filed.reference}"' in page


# The words of these tests -----------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def nothing_asked_before(kept: None) -> None:
    from django.core.cache import cache

    from makewhole.store.models import Outbox

    cache.clear()
    Outbox.objects.filter(recipient__startswith="asked:").delete()


def filed(shop: Shop) -> Claim:
    from makewhole.asks import Contact

    contact = Contact(name="Ana Rivera", email=ANA, phone="", address="")
    return shop.file(shop.notice(shop.sell(), contact=contact)).claim


def ask(email: str, reference: str, *, at: str = "10.9.0.1") -> Any:
    from django.core.cache import cache
    from django.test import Client

    if at == "10.9.0.1":
        cache.clear()
    return Client(REMOTE_ADDR=at).post("/new-link", {"email": email, "reference": reference})


def links_mailed() -> list[Mail]:
    from world import links_mailed

    return links_mailed()


def without_tokens(answer: Any, email: str) -> str:
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return page.replace(email, "(address)")
