"""A seller reads what it was told, and says who and where is told; at a desk and on a phone, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from journeys.visitors import Visitor
    from world import Shop

HOOKS = "https://hooks.lamps.example/makewhole"


@pytest.fixture
def seller(shop: Shop, noon: object) -> Callable[[int], Client]:
    """A browser of a seller's people, signed in."""

    def comes(seller_id: int) -> Client:
        from django.test import Client
        from journeys.visitors import hired

        client = Client()
        client.force_login(hired("seller", shop.code, seller_id=seller_id))
        return client

    return comes


def _text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_inbox_says_what_was_told_what_waits_and_how_long(shop: Shop, seller: Callable[[int], Client]) -> None:
    client = seller(shop.uninsured.pk)
    assert "You were told nothing yet." in _text(client.get("/inbox"))
    claim = shop.file(shop.notice(shop.sell(seller=shop.uninsured))).claim
    text = _text(client.get("/inbox"))
    assert "1 claim waits for your answer." in text
    assert "Your proof of insurance · Kettle KX-2" in text
    assert "By Mon 30 Nov 2026, 16:00 (New York)." in text and "9 days left" in text
    assert "Without it, the cost may be recovered from you." in text
    assert "A customer claims $120.00 for harm by your product" in text
    assert "The claim was decided: $120.00 approved" in text
    assert claim.filed.reference in text and "2 unread" in text
    assert "1 claim waits for your answer." in _text(client.get("/"))
    assert "Ana Rivera" not in text and "ana." not in text


def test_a_clock_that_is_over_no_longer_waits(shop: Shop, seller: Callable[[int], Client], noon: Any) -> None:
    from world import NOW

    from makewhole.workers.clocks import sweep_due_clocks

    shop.file(shop.notice(shop.sell(seller=shop.uninsured)))
    noon(NOW + timedelta(days=9, hours=5))
    client = seller(shop.uninsured.pk)
    assert "late by" in _text(client.get("/inbox"))
    sweep_due_clocks(NOW + timedelta(days=9, hours=5))
    text = _text(client.get("/inbox"))
    assert "Nothing waits for your answer." in text and "2 unread" in text and "late" not in text


def test_opening_a_notice_reads_it_and_leads_to_its_claim(shop: Shop, seller: Callable[[int], Client]) -> None:
    client = seller(shop.insured.pk)
    claim = shop.file().claim
    page = client.get("/inbox")
    first = re.findall(r'href="(/inbox/\d+)"', page.content.decode())[0]
    answer = client.get(first)
    assert (answer.status_code, answer["Location"]) == (302, f"/claims/{claim.filed.reference}")
    text = _text(client.get("/inbox"))
    assert "1 unread" in text and "Nothing waits for your answer." in text
    # Twice is once, and no other seller's people open it.
    assert client.get(first).status_code == 302
    assert seller(shop.uninsured.pk).get(first).status_code == 404
    assert "1 unread" in _text(client.get("/inbox"))


def test_marking_all_as_read_leaves_what_came_since_unread(shop: Shop, seller: Callable[[int], Client]) -> None:
    client = seller(shop.insured.pk)
    shop.file()
    until = re.findall(r'name="until" value="(\d+)"', client.get("/inbox").content.decode())[0]
    shop.file()
    assert client.post("/inbox/read", {"until": until}).status_code == 302
    text = _text(client.get("/inbox"))
    assert "2 notices marked as read." in text and "2 unread" in text
    for strange in ("", "x", "-1", "9" * 30):
        assert client.post("/inbox/read", {"until": strange}).status_code == 404
        assert client.get("/inbox", {"before": strange or "x"}).status_code == 404


def test_older_notices_are_on_the_next_page(
    shop: Shop, seller: Callable[[int], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    from makewhole.reads import inbox

    client = seller(shop.insured.pk)
    for _ in range(3):
        shop.file()
    monkeypatch.setattr(inbox.inbox, "__kwdefaults__", {"before": None, "size": 4})
    first = client.get("/inbox").content.decode()
    before = re.findall(r'href="/inbox\?before=(\d+)"', first)[0]
    second = client.get(f"/inbox?before={before}").content.decode()
    numbers = [re.findall(r'href="/inbox/(\d+)"', page) for page in (first, second)]
    assert len(numbers[0]) == 4 and len(numbers[1]) == 2
    assert sorted(map(int, numbers[0] + numbers[1]), reverse=True) == [int(n) for n in numbers[0] + numbers[1]]
    assert 'href="/inbox?before=' not in second


def test_an_insurer_reads_what_it_was_told_and_what_waits_for_it_and_nothing_of_the_sellers(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from world import NOW

    from makewhole.domain.actors import Actor
    from makewhole.reads import inbox as reads
    from makewhole.reads.inbox import Counts, counts, inbox
    from makewhole.store.models import Clock, Insurer, Outbox

    insurer = Insurer.objects.create(name=f"Harbour {shop.code}")
    by = Actor(f"insurer:{insurer.pk}", "insurer", insurer_id=insurer.pk)
    other = Actor(f"insurer:{insurer.pk + 1}", "insurer", insurer_id=insurer.pk + 1)
    claim = shop.file(shop.notice(shop.sell(seller=shop.uninsured))).claim
    Outbox.objects.create(
        claim_id=claim.claim_id, version=claim.version, dedupe=f"i-{shop.code}", recipient=by.name, template="tendered",
        facts={}, created_at=NOW, send_after=NOW,
    )  # fmt: skip
    for name, days in (("insurer_answers.reminder_3", 27), ("insurer_answers", 30)):
        Clock.objects.create(
            claim_id=claim.claim_id, name=name, turn=1, started_at=NOW, due_at=NOW + timedelta(days=days),
            state="running", rule="us 2021-1 · clocks.insurer_answers",
        )  # fmt: skip
    found = inbox(by)
    assert [(each.template, each.reference, each.unread) for each in found.told] == [
        ("tendered", claim.filed.reference, True)
    ]
    assert [(each.clock, each.answer_by) for each in found.waiting] == [("insurer_answers", NOW + timedelta(days=30))]
    assert inbox(other).told == [] and inbox(other).waiting == []
    assert counts(by) == found.counts == Counts(unread=1, claims=1, more=False)
    assert counts(other) == Counts(unread=0, claims=0, more=False)
    monkeypatch.setattr(reads, "MOST_WAITING", 1)
    assert counts(by).more


def test_the_index_of_inboxes_is_the_one_that_an_inbox_uses(shop: Shop) -> None:
    from django.db import connection, transaction

    from makewhole.domain.actors import Actor
    from makewhole.reads.inbox import _notices

    by = Actor(f"seller:{shop.insured.pk}", "seller", seller_id=shop.insured.pk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        assert "outbox_inbox" in _notices(by).order_by("-id").explain()


def test_every_notice_to_a_seller_or_insurer_has_its_line_in_the_inbox() -> None:
    from importlib.resources import files

    from makewhole.domain.claim import notices
    from makewhole.portals.frame import words

    sources = (file.read_text("utf-8") for file in Path(notices.__file__).parent.glob("*notices.py"))
    others = set(re.findall(r'"(?:claimant|producer|role:[\w{}]+)", "(\w+)"', "\n".join(sources)))
    mails = {file.name.removesuffix(".txt") for file in files("makewhole.workers.mails").iterdir()
             if file.name.endswith(".txt") and not file.name.startswith("_")}  # fmt: skip
    to_staff = {"standing_dispute_filed", "standing_restriction_shaken", "account_invited"}
    asked_for = {"link_to_claims", "link_to_order", "link_to_draft"}  # on a page, and by no event
    assert len(others) > 20 and mails - others - to_staff - asked_for == set(words.NOTICES)


def test_a_line_of_the_inbox_shows_the_amounts_of_its_notice_and_one_without_words_its_name() -> None:
    from makewhole.portals.frame import words

    assert words.notice("recovery_demanded", {"amount": "$120.00"}) == "We ask $120.00 of you"
    assert words.notice("something_new", {}) == "Something new"
    # Facts are for ever: a row that lacks one is still a line, and takes no page down.
    assert words.notice("recovery_demanded", {}) == "Recovery demanded"


def test_contacts_are_added_and_removed_and_wrong_ones_are_refused_in_words(
    shop: Shop, seller: Callable[[int], Client]
) -> None:
    client = seller(shop.insured.pk)
    assert "1 address gets our mails" in _text(client.get("/contacts"))
    refused = client.post("/contacts/add", {"name": "Bo", "email": "bo.kettles.example", "language": "fr"})
    assert refused.status_code == 422 and "That is not an e-mail address." in _text(refused)
    assert 'value="bo.kettles.example"' in refused.content.decode()  # what was typed is still there
    told = {"name": "Bo", "email": "bo@kettles.example", "language": "fr"}
    assert client.post("/contacts/add", told | {"language": "klingon"}).status_code == 422
    assert client.post("/contacts/add", told).status_code == 302
    page = client.get("/contacts").content.decode()
    assert "bo@kettles.example" in page and "Language: Français." in page and "k@example.com" not in page
    remove = re.findall(r'action="(/contacts/\d+/remove)"', page)[0]
    assert seller(shop.uninsured.pk).post(remove).status_code == 404
    assert client.post(remove).status_code == 302
    assert "k@example.com" in client.get("/contacts").content.decode()


def test_a_webhooks_secret_is_shown_once_and_its_deliveries_can_be_made_again(
    shop: Shop, seller: Callable[[int], Client]
) -> None:
    from world import NOW

    from makewhole.store import outbox

    client = seller(shop.insured.pk)
    assert "begins with https://" in _text(client.post("/webhooks/add", {"url": "http://hooks.lamps.example/"}))
    made = client.post("/webhooks/add", {"url": HOOKS})
    [secret] = re.findall(r"whsec_[A-Za-z0-9+/=]+", made.content.decode())
    assert "no-store" in made["Cache-Control"]
    page = client.get("/contacts").content.decode()
    assert HOOKS in page and secret not in page
    [webhook] = re.findall(r'href="(/webhooks/[0-9a-f-]+)"', page)
    rotated = client.post(f"{webhook}/rotate").content.decode()
    assert secret not in rotated and "whsec_" in rotated and "The secret before signs until" in rotated
    shop.file()
    while outbox.spread(NOW):
        pass
    deliveries = client.get(webhook).content.decode()
    assert "claim_about_your_product" in deliveries and "waiting, next at" in deliveries
    replay = re.findall(r'action="(/webhooks/deliveries/[0-9a-f-]+/replay)"', deliveries)[0]
    other = seller(shop.uninsured.pk)
    assert other.get(webhook).status_code == other.post(replay).status_code == 404
    assert other.post(f"{webhook}/remove").status_code == other.post(f"{webhook}/rotate").status_code == 404
    assert client.post(replay).status_code == 302
    assert client.post(f"{webhook}/remove").status_code == 302
    assert HOOKS not in _text(client.get("/contacts")).replace(f"Nothing is delivered to {HOOKS} any more.", "")
    assert client.post(replay).status_code == 302
    assert "This webhook was removed." in _text(client.get("/contacts"))


@pytest.mark.parametrize("width", [1280, 390])
def test_a_seller_looks_at_its_inbox_and_names_who_is_told(
    shop: Shop, visit: Callable[..., Visitor], width: int
) -> None:
    from journeys.visitors import hired
    from world import NOW

    from makewhole.store import outbox, webhooks
    from makewhole.store.models import Delivery

    email = hired("seller", shop.code, seller_id=shop.uninsured.pk).email
    for claimed in ("120.00", "640.00"):
        shop.file(shop.notice(shop.sell(seller=shop.uninsured), claimed=claimed))
    visitor = visit(width)
    visitor.signs_in(email)
    visitor.goes_to("/inbox")
    assert visitor.headline == "2 claims wait for your answer."
    visitor.keeps_picture("inbox")
    visitor.page.get_by_role("link", name="A customer claims $640.00").click()
    visitor.goes_to("/inbox")
    visitor.presses("Mark all as read")
    assert visitor.sees("All read")
    visitor.goes_to("/contacts")
    visitor.page.get_by_label("E-mail").fill("returns")
    visitor.presses("Add contact")
    assert visitor.sees("That is not an e-mail address.")
    visitor.page.get_by_label("Name").fill("Returns desk")
    visitor.page.get_by_label("E-mail").fill("returns@lamps.example")
    visitor.presses("Add contact")
    assert visitor.sees("returns@lamps.example gets our mails from now on.")
    visitor.page.get_by_label("Address").fill(HOOKS)
    visitor.presses("Add webhook")
    assert visitor.sees("whsec_")
    visitor.keeps_picture("contacts")
    shop.file(shop.notice(shop.sell(seller=shop.uninsured)))
    while outbox.spread(NOW):
        pass
    tried = Delivery.objects.filter(endpoint__party=f"seller:{shop.uninsured.pk}").first()
    assert tried is not None
    webhooks.note_attempt(tried, at=NOW, status=503, error="it answered 503")
    outbox.give_up(tried, at=NOW, error="it answered 503")
    visitor.page.get_by_role("link", name="Deliveries to").click()
    visitor.keeps_picture("deliveries")
    visitor.page.get_by_role("button", name="Deliver again").first.click()
    assert visitor.sees("It is delivered again within seconds")
