"""`makewhole contact` and `makewhole webhook`, called as an operator calls them."""

from __future__ import annotations

from typing import Any

import pytest
from api.machines import Machine
from api.saying import notice
from click.testing import CliRunner, Result
from world import NOW, Shop

from makewhole.domain.refusal import Refused


def makewhole(group: str, *args: str) -> Result:
    from makewhole.cli.contacts import contact
    from makewhole.cli.webhooks import webhook

    commands: dict[str, Any] = {"contact": contact, "webhook": webhook}
    return CliRunner().invoke(commands[group], args)


def test_contacts_of_a_seller_are_added_listed_and_removed(shop: Shop):
    from makewhole.store import contacts

    whose = ("--marketplace", shop.code, "--seller", "kettle-co")
    assert "k@example.com" in makewhole("contact", "list", *whose).output
    added = makewhole("contact", "add", "bo@kettles.example", "--name", "Bo", "--language", "de", *whose)
    assert added.exit_code == 0, added.output
    assert contacts.contacts_of(f"seller:{shop.insured.pk}")[0].language == "de"
    number = added.output.split()[1].rstrip(":")
    listed = makewhole("contact", "list", *whose).output
    assert "bo@kettles.example" in listed and "k@example.com" not in listed
    assert makewhole("contact", "remove", number).exit_code == 0
    assert "bo@kettles.example" not in makewhole("contact", "list", *whose).output
    wrong = makewhole("contact", "add", "bo.kettles.example", *whose)
    assert isinstance(wrong.exception, Refused) and wrong.exception.code == "email_not_usable"


def test_an_insurer_has_contacts_too(shop: Shop):
    from makewhole.store.models import Insurer

    name = f"Harbour {shop.code}"
    Insurer.objects.create(name=name)
    assert makewhole("contact", "list", "--insurer", name).output == ""
    assert makewhole("contact", "add", "claims@harbour.example", "--insurer", name).exit_code == 0
    assert "claims@harbour.example" in makewhole("contact", "list", "--insurer", name).output


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ((), "Say whose"),
        (("--seller", "kettle-co"), "Say whose"),
        (("--marketplace", "CODE", "--insurer", "x"), "Say whose"),
        (("--marketplace", "nowhere"), "there is no marketplace nowhere."),
        (("--marketplace", "CODE", "--seller", "nobody"), "there is no seller nobody in"),
        (("--insurer", "Nobody Mutual"), "there is no insurer Nobody Mutual."),
    ],
)
def test_a_party_that_is_not_there_is_one_sentence(shop: Shop, args: tuple[str, ...], sentence: str):
    told = makewhole("webhook", "list", *(shop.code if arg == "CODE" else arg for arg in args))
    assert told.exit_code in (1, 2) and sentence in told.output


def test_a_webhook_is_added_with_its_secret_alone_rotated_replayed_and_removed(shop: Shop, backend: Machine):
    from makewhole.store import outbox

    whose = ("--marketplace", shop.code)
    made = makewhole("webhook", "add", "https://hooks.example.com/mw", *whose)
    assert made.exit_code == 0, made.output
    secret, number = made.stdout.strip(), made.stderr.split()[1]
    assert secret.startswith("whsec_") and "\n" not in secret
    listed = makewhole("webhook", "list", *whose).output
    assert number in listed and "active" in listed and secret not in listed
    rotated = makewhole("webhook", "rotate", number)
    assert rotated.stdout.strip().startswith("whsec_") and rotated.stdout.strip() != secret
    backend.post("/claims", notice(shop))
    while outbox.spread(NOW):
        pass
    deliveries = makewhole("webhook", "deliveries", number).output
    assert "claim_received" in deliveries and "waiting" in deliveries
    again = makewhole("webhook", "replay", deliveries.split()[0])
    assert again.exit_code == 0 and "as msg_" in again.output
    assert makewhole("webhook", "remove", number).exit_code == 0
    assert "removed" in makewhole("webhook", "list", *whose).output
    nothing = "00000000-0000-0000-0000-000000000001"
    for args in (("rotate", nothing), ("remove", nothing), ("deliveries", nothing), ("replay", nothing)):
        told = makewhole("webhook", *args)
        assert told.exit_code == 1 and "there is no" in told.output
