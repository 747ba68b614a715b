"""Which mails come is chosen on the page of contacts, by the link in a mail, and with one click in a mail program."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from world import NOW

if TYPE_CHECKING:
    from journeys.visitors import Visitor
    from world import Shop

    from makewhole.store.models import Contact

Visit = Callable[..., "Visitor"]
pytestmark = pytest.mark.usefixtures("noon")


def _contact(shop: Shop, email: str = "law@kettles.example") -> Contact:
    from makewhole.store import contacts

    return contacts.add(f"seller:{shop.insured.pk}", name="Lea", email=email, by="operator:cli", at=NOW)


def _left_out(contact: Contact) -> list[str]:
    contact.refresh_from_db()
    return contact.inbox_only


def _key(shop: Shop, contact: Contact) -> str:
    from makewhole.people.links import mails_key

    return mails_key(f"seller:{shop.insured.pk}", contact.pk)


def test_one_click_in_a_mail_program_ends_mails_of_that_kind_and_no_other(shop: Shop) -> None:
    contact = _contact(shop)
    program = Client(enforce_csrf_checks=True)
    address = f"/mails/{_key(shop, contact)}/stop/progress"
    assert program.get(address).status_code == 302 and _left_out(contact) == []  # a scanner of links opens them all
    assert program.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert program.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert _left_out(contact) == ["progress"]
    refused = program.post(f"/mails/{_key(shop, contact)}/stop/owed")
    assert refused.status_code == 404 and "cannot be switched off" in refused.content.decode()
    assert program.post(f"/mails/{_key(shop, contact)}/stop/settled").status_code == 200
    assert _left_out(contact) == ["progress", "settled"]


def test_a_link_that_was_changed_or_whose_contact_is_gone_opens_nothing(shop: Shop) -> None:
    from makewhole.people.links import claimant_key
    from makewhole.store import contacts

    contact = _contact(shop)
    key = _key(shop, contact)
    reader = Client()
    claim = shop.file().claim
    for other in (key[:-1] + ("A" if key[-1] != "A" else "B"), "x", claimant_key(claim.claim_id, claim.claim_id)):
        assert reader.get(f"/mails/{other}").status_code == 404
        assert reader.post(f"/mails/{other}/stop/progress").status_code == 404
    contacts.remove(f"seller:{shop.insured.pk}", contact.pk, at=NOW)
    assert reader.get(f"/mails/{key}").status_code == 404
    assert _left_out(contact) == []


def test_a_claimant_reads_which_mails_always_come_and_does_without_the_others(shop: Shop) -> None:
    from makewhole.people.links import mails_key
    from makewhole.store.choices import MailsChosen, mails_chosen

    claim = shop.file().claim
    ana = f"claimant:{claim.filed.claimant_id}"
    page = Client().get(f"/mails/{mails_key(ana, None)}").content.decode()
    assert "Whoever waits longer than was said is told why, in writing." in page
    assert page.count('type="checkbox"') == 1
    Client().post(f"/mails/{mails_key(ana, None)}", {"language": "fr"})
    assert mails_chosen(ana) == MailsChosen(("progress",), "fr")
    again = Client().get(f"/mails/{mails_key(ana, None)}").content.decode()
    assert '<option value="fr" lang="fr" selected>' in again
    Client().post(f"/mails/{mails_key(ana, None)}", {"kind": "progress", "language": "klingon"})
    assert mails_chosen(ana) == MailsChosen((), "fr")  # no option of the form: as if nothing was chosen


def test_nobody_chooses_for_another_party(shop: Shop) -> None:
    from journeys.visitors import hired

    from makewhole.store import webhooks

    contact = _contact(shop)
    hook, _ = webhooks.add(
        f"seller:{shop.insured.pk}", "https://hooks.example.com/a", by="x", at=NOW, to_loopback=False
    )
    other = Client()
    other.force_login(hired("seller", shop.code, seller_id=shop.uninsured.pk))
    for address in (f"/contacts/{contact.pk}/mails", f"/webhooks/{hook.id}/told"):
        assert other.get(address).status_code == 404
    for address in (f"/contacts/{contact.pk}/choose", f"/webhooks/{hook.id}/choose"):
        assert other.post(address, {}).status_code == 404
    hook.refresh_from_db()
    assert _left_out(contact) == [] and hook.not_told == []


def test_the_demos_mailbox_shows_a_mail_as_a_mail_program_does_and_lets_it_do_nothing(
    client: Client, settings: object, tmp_path: object
) -> None:
    from makewhole.integrations.mail.sending import Mail, Postman

    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_FILE_PATH = str(tmp_path)  # type: ignore[attr-defined]
    with Postman() as postman:
        postman.send(Mail(("a@b.example",), "A mail", "Words.", "<!doctype html><p>Words.</p>", "m@example"))
    page = client.get("/demo/mail").content.decode()
    address = page.partition('href="/demo/mail/')[2].partition('"')[0]
    shown = client.get(f"/demo/mail/{address}")
    assert "<p>Words.</p>" in shown.content.decode()
    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and policy.endswith("sandbox") and "script" not in policy
    assert client.get("/demo/mail/nothing").status_code == 404
    settings.PUBLIC_URL = "https://claims.example.com"  # type: ignore[attr-defined]
    assert client.get(f"/demo/mail/{address}").status_code == 404


# In a browser: last, for it keeps an event loop in this thread (conftest.py) -------------------------------


@pytest.mark.parametrize("width", [390, 1280])
def test_a_seller_chooses_the_mails_of_a_contact_and_reads_why_others_cannot_be_switched_off(
    visit: Visit, shop: Shop, width: int
) -> None:
    from journeys.visitors import hired

    contact = _contact(shop)
    seller = visit(width)
    seller.signs_in(hired("seller", shop.code, seller_id=shop.insured.pk).email)
    seller.goes_to("/contacts")
    seller.keeps_picture("contacts")
    seller.page.get_by_role("link", name="Which mails for law@kettles.example").click()
    assert seller.headline == "Which mails law@kettles.example gets"
    assert seller.sees("Who is asked for money, or has money held, is told how much, why and how to contest it.")
    assert seller.page.get_by_role("checkbox").count() == 3
    seller.keeps_picture("choices-of-contact")
    seller.page.get_by_label("How a claim goes on, with nothing to do").uncheck()
    seller.page.get_by_label("Language of the mails").select_option(label="Deutsch")
    seller.presses("Save")
    assert seller.sees("Chosen for law@kettles.example, from the next notice on.")
    assert seller.sees("in the inbox alone: How a claim goes on, with nothing to do.") and seller.sees("Deutsch.")
    assert _left_out(contact) == ["progress"] and contact.language == "de"


def test_a_seller_chooses_what_its_program_is_told(visit: Visit, shop: Shop) -> None:
    from journeys.visitors import hired

    from makewhole.store import webhooks

    hook, _ = webhooks.add(
        f"seller:{shop.insured.pk}", "https://hooks.example.com/a", by="x", at=NOW, to_loopback=False
    )
    seller = visit(390)
    seller.signs_in(hired("seller", shop.code, seller_id=shop.insured.pk).email)
    seller.goes_to(f"/webhooks/{hook.id}/told")
    seller.page.get_by_label("A decision and its reasons").uncheck()
    seller.keeps_picture("choices-of-webhook")
    seller.presses("Save")
    assert seller.sees("1 kind of notice is left out.")
    hook.refresh_from_db()
    assert hook.not_told == ["decided"]


@pytest.mark.parametrize("width", [390, 1280])
def test_whoever_got_a_mail_chooses_by_its_link_without_signing_in(visit: Visit, shop: Shop, width: int) -> None:
    contact = _contact(shop)
    reader = visit(width)
    reader.goes_to(f"/mails/{_key(shop, contact)}")
    assert reader.headline == "You choose which mails keep you up to date. What needs you always comes."
    assert "law@kettles.example" not in reader.page.content()
    reader.keeps_picture("choices-by-link")
    reader.page.get_by_label("We have what you sent").uncheck()
    reader.presses("Save")
    assert reader.sees("It is as you chose, from the next mail on.")
    assert not reader.page.get_by_label("We have what you sent").is_checked()
    assert _left_out(contact) == ["confirmations"]
