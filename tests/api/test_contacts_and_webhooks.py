"""A party looks after who is told, by API; nobody looks after that of others."""

from __future__ import annotations

from typing import Any

import pytest
from api.machines import Hire, Machine
from api.saying import notice, refused
from world import NOW, Shop

from makewhole.store.models import Contact, Delivery, IdempotencyKey, WebhookEndpoint

HOOKS = "https://hooks.kettles.example/makewhole"


@pytest.fixture
def seller(shop: Shop, hire: Hire) -> Machine:
    return hire("seller", seller=shop.insured.pk)


@pytest.fixture
def other_seller(shop: Shop, hire: Hire) -> Machine:
    return hire("seller", seller=shop.uninsured.pk)


def test_a_seller_adds_and_removes_its_contacts(shop: Shop, seller: Machine):
    party = f"seller:{shop.insured.pk}"
    [on_file] = seller.get("/contacts").json()["items"]
    assert (on_file["id"], on_file["email"]) == (None, "k@example.com")
    added = seller.post("/contacts", {"name": "Bo", "email": "bo@kettles.example"}, idempotency_key="c1")
    assert added.status_code == 201
    told = added.json()
    assert told == {
        "id": told["id"],
        "party": party,
        "name": "Bo",
        "email": "bo@kettles.example",
        "active": True,
        "inbox_only": [],
        "language": "en",
    }
    again = seller.post("/contacts", {"name": "Bo", "email": "bo@kettles.example"}, idempotency_key="c1")
    assert (again.content, again.headers["Idempotency-Hit"]) == (added.content, "true")
    refused(
        seller.post("/contacts", {"email": "eve@kettles.example"}, idempotency_key="c1"),
        409, "key_used_for_other_content",
    )  # fmt: skip
    assert seller.get("/contacts").json()["items"] == [told]
    removed = seller.post(f"/contacts/{told['id']}/remove")
    assert (removed.status_code, removed.json()["active"]) == (200, False)
    assert seller.get("/contacts").json()["items"] == [on_file]


def test_a_contact_is_written_to_in_the_language_that_was_chosen(seller: Machine):
    told = seller.post("/contacts", {"email": "bo@kettles.example", "language": "de"}).json()
    choose = f"/contacts/{told['id']}/choose"
    assert told["language"] == "de"
    assert seller.post(choose, {"inbox_only": ["progress"]}).json()["language"] == "de"
    refused(seller.post(choose, {"inbox_only": [], "language": "nl"}), 422, "unknown_language")
    assert seller.post(choose, {"inbox_only": [], "language": "fr"}).json()["language"] == "fr"
    assert seller.post(choose, {"inbox_only": [], "language": ""}).json()["language"] == "en"  # its country's
    refused(seller.post("/contacts", {"email": "eve@kettles.example", "language": "nl"}), 422, "unknown_language")


def test_a_contact_without_an_at_is_refused_and_nothing_is_kept(seller: Machine, shop: Shop):
    refused(seller.post("/contacts", {"name": "Bo", "email": "bo.kettles.example"}), 422, "email_not_usable")
    refused(seller.post("/contacts", {"name": "Bo"}), 422, "request_not_valid")
    refused(seller.post("/contacts", {"email": "a@b.example\x00"}), 422, "request_not_valid")
    assert not Contact.objects.filter(party=f"seller:{shop.insured.pk}").exists()


def test_the_secret_is_in_the_first_answer_only_and_stored_nowhere_in_clear(shop: Shop, seller: Machine):
    first = seller.post("/webhooks", {"url": HOOKS}, idempotency_key="w1")
    assert first.status_code == 201
    secret = first.json()["secret"]
    assert secret.startswith("whsec_")
    again = seller.post("/webhooks", {"url": HOOKS}, idempotency_key="w1")
    assert again.json() == {**first.json(), "secret": None} and again.headers["Idempotency-Hit"] == "true"
    rotated = seller.post(f"/webhooks/{first.json()['id']}/rotate", idempotency_key="w2")
    repeated = seller.post(f"/webhooks/{first.json()['id']}/rotate", idempotency_key="w2")
    assert rotated.json()["secret"] not in (None, secret) and repeated.json()["secret"] is None
    assert rotated.json()["old_secret_until"] == "2026-11-22T17:00:00Z"
    assert "secret" not in seller.get("/webhooks").json()["items"][0]
    kept = "".join(IdempotencyKey.objects.values_list("answer", flat=True))
    assert secret not in kept and rotated.json()["secret"] not in kept


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("http://hooks.kettles.example/", 422, "webhook_not_https"),
        ("http://127.0.0.1:8000/", 422, "webhook_not_https"),
        ("https://192.168.0.1/", 422, "webhook_address_private"),
        ("https://a:b@hooks.kettles.example/", 422, "webhook_url_not_usable"),
        ("hooks", 422, "webhook_url_not_usable"),
    ],
)
def test_an_address_that_no_webhook_may_have_is_refused(seller: Machine, url: str, status: int, code: str):
    refused(seller.post("/webhooks", {"url": url}), status, code)
    assert seller.get("/webhooks").json()["items"] == []


def test_a_removed_webhook_is_not_rotated_and_a_known_address_not_added_twice(seller: Machine):
    made = seller.post("/webhooks", {"url": HOOKS}).json()
    refused(seller.post("/webhooks", {"url": HOOKS}), 409, "webhook_known")
    gone = seller.post(f"/webhooks/{made['id']}/remove").json()
    assert (gone["active"], gone["removed_at"]) == (False, "2026-11-21T17:00:00Z")
    assert seller.post(f"/webhooks/{made['id']}/remove").json() == gone
    refused(seller.post(f"/webhooks/{made['id']}/rotate"), 409, "webhook_removed")
    assert bytes(WebhookEndpoint.objects.get(id=made["id"]).secret) == b""
    assert seller.post("/webhooks", {"url": HOOKS}).status_code == 201


def test_what_is_others_is_as_unknown_as_what_is_not_there(
    shop: Shop, seller: Machine, other_seller: Machine, backend: Machine, hire: Hire
):
    party = f"seller:{shop.insured.pk}"
    contact = seller.post("/contacts", {"email": "bo@kettles.example"}).json()["id"]
    webhook = seller.post("/webhooks", {"url": HOOKS}).json()["id"]
    backend.post("/claims", notice(shop))
    spread()
    delivery = seller.get(f"/webhooks/{webhook}/deliveries").json()["items"][0]["id"]
    nothing = "00000000-0000-0000-0000-000000000001"
    for machine in (other_seller, backend, hire("administrator", marketplace="elsewhere")):
        refused(machine.post(f"/contacts/{contact}/remove"), 404, "unknown_contact")
        refused(machine.get(f"/webhooks/{webhook}/deliveries"), 404, "unknown_webhook")
        for act in ("rotate", "remove"):
            theirs = machine.post(f"/webhooks/{webhook}/{act}")
            refused(theirs, 404, "unknown_webhook")
            assert (
                theirs.json()["detail"].replace(webhook, nothing)
                == machine.post(f"/webhooks/{nothing}/{act}").json()["detail"]
            )
        refused(machine.post(f"/webhooks/deliveries/{delivery}/replay"), 404, "unknown_delivery")
        refused(machine.get(f"/webhooks?party={party}"), 404, "unknown_party")
        refused(machine.post("/contacts", {"party": party, "email": "x@example.com"}), 404, "unknown_party")
    for role in ("adjuster", "auditor", "finance"):
        refused(hire(role).get(f"/webhooks?party={party}"), 403, "role_may_not")
        refused(hire(role).post("/contacts", {"party": party, "email": "x@example.com"}), 403, "role_may_not")
    assert Contact.objects.get(id=contact).active and WebhookEndpoint.objects.get(id=webhook).active


def test_an_administrator_looks_after_everybodys_and_names_whose(shop: Shop, hire: Hire):
    admin, party = hire("administrator"), f"seller:{shop.insured.pk}"
    refused(admin.get("/webhooks"), 400, "which_party")
    for strange in ("seller:0", "seller:x", "seller:99999999999999999999", "nobody:1", "marketplace:nowhere"):
        refused(admin.get(f"/webhooks?party={strange}"), 404, "unknown_party")
    contact = admin.post("/contacts", {"party": party, "email": "bo@kettles.example"})
    assert contact.status_code == 201 and contact.json()["party"] == party
    assert admin.post(f"/contacts/{contact.json()['id']}/remove").status_code == 200
    made = admin.post("/webhooks", {"party": f"marketplace:{shop.code}", "url": HOOKS})
    assert made.status_code == 201
    refused(
        admin.post("/contacts", {"party": f"marketplace:{shop.code}", "email": "a@b.example"}),
        422, "party_without_contacts",
    )  # fmt: skip


def test_a_marketplaces_machine_looks_after_its_own_webhooks(shop: Shop, backend: Machine, hire: Hire):
    made = backend.post("/webhooks", {"url": HOOKS}).json()
    assert made["party"] == f"marketplace:{shop.code}"
    two = hire("marketplace", also=(("marketplace", "elsewhere", None),))
    told = refused(two.get("/webhooks"), 400, "which_party")
    assert f"marketplace:{shop.code}" in told["detail"]
    assert two.get(f"/webhooks?party=marketplace:{shop.code}").json()["items"][0]["id"] == made["id"]
    refused(backend.get("/contacts"), 422, "party_without_contacts")


def test_scopes_part_looking_from_changing(hire: Hire, shop: Shop):
    reader = hire("seller", seller=shop.insured.pk, scopes=("notices:read",))
    assert reader.get("/contacts").status_code == reader.get("/webhooks").status_code == 200
    refused(reader.post("/contacts", {"email": "a@b.example"}), 403, "scope_missing")
    refused(hire(scopes=("claims:read",)).get("/webhooks"), 403, "scope_missing")


def test_deliveries_are_listed_with_their_attempts_and_made_again_on_request(
    shop: Shop, seller: Machine, backend: Machine
):
    from makewhole.store import outbox, webhooks

    webhook = seller.post("/webhooks", {"url": HOOKS}).json()["id"]
    for _ in range(2):
        backend.post("/claims", notice(shop))
    spread()
    found = Delivery.objects.filter(endpoint=webhook).order_by("-created_at", "-id")
    assert found.count() >= 4
    tried = found.first()
    assert tried is not None
    webhooks.note_attempt(tried, at=NOW, status=503, error="it answered 503")
    outbox.give_up(tried, at=NOW, error="it answered 503")
    items, cursor = [], ""
    while cursor is not None:
        page = seller.get(f"/webhooks/{webhook}/deliveries?limit=3&cursor={cursor}").json()
        items += page["items"]
        cursor = page["next"]
    assert [item["id"] for item in items] == [str(each.id) for each in found]
    assert items[0]["state"] == "given_up" and items[0]["next_attempt_at"] is None
    assert items[0]["attempts"] == [{"at": "2026-11-21T17:00:00Z", "status": 503, "error": "it answered 503"}]
    assert items[1]["state"] == "waiting" and items[1]["webhook_id"].startswith("msg_")
    again = seller.post(f"/webhooks/deliveries/{items[0]['id']}/replay")
    assert (again.status_code, again.json()["state"]) == (200, "waiting")
    assert again.json()["webhook_id"] == items[0]["webhook_id"]
    seller.post(f"/webhooks/{webhook}/remove")
    refused(seller.post(f"/webhooks/deliveries/{items[0]['id']}/replay"), 409, "webhook_removed")


def test_a_party_is_who_its_actor_says_also_an_insurer(shop: Shop):
    from makewhole.domain.actors import Actor
    from makewhole.domain.refusal import Refused
    from makewhole.store.models import Insurer
    from makewhole.store.parties import party_for

    insurer = Insurer.objects.create(name=f"Harbour {shop.code}", email="c@harbour.example")
    own = Actor(f"insurer:{insurer.pk}", "insurer", insurer_id=insurer.pk)
    assert party_for(own, act="x") == party_for(own, f"insurer:{insurer.pk}", act="x") == f"insurer:{insurer.pk}"
    with pytest.raises(Refused, match="unknown_party"):
        party_for(own, f"insurer:{insurer.pk + 1}", act="x")
    everywhere = Actor("person:1", "administrator")
    here = Actor("person:1", "administrator", marketplaces=frozenset({shop.code}))
    assert party_for(everywhere, f"insurer:{insurer.pk}", act="x")
    with pytest.raises(Refused, match="unknown_party"):
        party_for(here, f"insurer:{insurer.pk}", act="x")


def spread() -> Any:
    """What waits becomes deliveries; other tests' notices too."""
    from makewhole.store import outbox

    while outbox.spread(NOW):
        pass
