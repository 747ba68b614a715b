"""Each notice reaches the machines of its party and of its marketplace, signed, over a real HTTP server."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from standardwebhooks import Webhook, WebhookVerificationError
from store.mailbox import Mailbox
from store.receiver import Receiver, receiving

from makewhole.domain.refusal import Refused

pytestmark = pytest.mark.usefixtures("emptied", "to_loopback")


@pytest.fixture
def to_loopback(settings: Any) -> None:
    settings.MAKEWHOLE_WEBHOOKS_TO_LOOPBACK = True
    settings.PUBLIC_URL = "https://claims.example.com"


def _now() -> datetime:
    # The receivers' library compares the message's time with the machine's.
    return datetime.now(UTC).replace(microsecond=0)


def _endpoint(party: str, url: str) -> tuple[Any, str]:
    from makewhole.store import webhooks

    return webhooks.add(party, url, by="operator:cli", at=_now(), to_loopback=True)


def _deliver_all(now: datetime) -> int:
    from makewhole.workers.webhooks import deliver_waiting

    total = 0
    while leased := deliver_waiting(now):
        total += leased
    return total


def _one_waiting(receiver: Receiver) -> tuple[Any, str]:
    """An endpoint for which exactly one message waits, and its secret."""
    from store.claims_given import filed, market

    from makewhole.store import outbox
    from makewhole.store.models import Delivery

    endpoint, secret = _endpoint(f"seller:{market().pk}", receiver.url)
    from makewhole.store.models import Seller

    filed(Seller.objects.get())
    outbox.spread(_now())
    Delivery.objects.exclude(id=Delivery.objects.order_by("created_at", "id").values("id")[:1]).delete()
    return endpoint, secret


def _delivery() -> Any:
    from makewhole.store.models import Delivery

    return Delivery.objects.select_related("endpoint").get()


def test_a_seller_hears_what_it_is_told_with_a_signature_that_its_library_accepts() -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store.models import Outbox

    with receiving() as receiver:
        seller = market(insured=False)
        _, secret = _endpoint(f"seller:{seller.pk}", receiver.url)
        claim = filed(seller).claim
        now = _now()
        _deliver_all(now)
    told = Outbox.objects.filter(recipient=f"seller:{seller.pk}")
    assert len(receiver.got) == told.count() >= 2
    events = {}
    for _, headers, body in receiver.got:
        event = Webhook(secret).verify(body, headers)
        events[event["type"]] = event
        assert headers["content-type"] == "application/json"
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body.replace(b"USD", b"EUR"), headers)
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == len(receiver.got)
    assert set(events) == set(told.values_list("template", flat=True))
    event = events["claim_about_your_product"]
    assert event["timestamp"] == FILED_AT.isoformat().replace("+00:00", "Z")
    data = event["data"]
    assert (data["reference"], data["told"], data["seller_ref"]) == (claim.filed.reference, "seller", "S1")
    assert data["facts"]["claimed"] == {"amount": "150.00", "currency": "USD"}
    assert data["answer_by"] == "2026-03-09T20:00:00Z"
    assert data["link"] == f"https://claims.example.com/claims/{claim.filed.reference}"
    assert "claimed_minor" not in json.dumps(event)


def test_a_marketplace_hears_what_parties_are_told_about_its_claims_and_not_what_staff_are() -> None:
    from store.claims_given import filed, market

    from makewhole.store.models import Marketplace, Outbox

    with receiving() as ours, receiving() as theirs:
        seller = market()
        Marketplace.objects.create(
            code="de", name="Demo DE", country="DE", currency="EUR", zone="Europe/Berlin", legal_entity="x", policy="eu"
        )
        _endpoint("marketplace:us", ours.url)
        _endpoint("marketplace:de", theirs.url)
        filed(seller, hazards=("fire",))
        _deliver_all(_now())
    notices = Outbox.objects.all()
    assert notices.filter(recipient__startswith="role:").exists()
    assert len(ours.got) == notices.exclude(recipient__startswith="role:").count()
    assert {json.loads(body)["data"]["told"] for _, _, body in ours.got} == {"claimant", "seller"}
    assert b"ana" not in b"".join(body for _, _, body in ours.got).lower()
    assert theirs.got == []


def test_webhooks_do_not_wait_for_the_mail_server_nor_mails_for_an_endpoint(mailbox: Mailbox, settings: Any) -> None:
    from makewhole.integrations.mail.sending import MailServerAway
    from makewhole.store.models import Outbox
    from makewhole.workers.outbox import send_waiting

    with receiving() as receiver:
        receiver.answers = [500]
        _one_waiting(receiver)
        port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
        with pytest.raises(MailServerAway):
            send_waiting(_now())
        assert _deliver_all(_now()) == 1 and len(receiver.got) == 1
        settings.EMAIL_PORT = port
        while send_waiting(_now()):
            pass
    assert len(mailbox.mails) == Outbox.objects.count()


def test_one_that_answers_500_is_tried_again_after_growing_waits_under_the_same_id_and_then_given_up() -> None:
    from makewhole.workers.webhooks import ATTEMPTS, WAITS, deliver_waiting

    with receiving() as receiver:
        receiver.answers = [500]
        _, secret = _one_waiting(receiver)
        now = _now()
        waits = []
        while deliver_waiting(now):
            delivery = _delivery()
            assert deliver_waiting(delivery.send_after - timedelta(seconds=1)) == 0
            waits.append(delivery.send_after - now)
            now = delivery.send_after
    assert tuple(waits[:-1]) == WAITS and len(waits) == ATTEMPTS == 10
    assert list(WAITS) == sorted(WAITS)
    delivery = _delivery()
    assert delivery.failed_at is not None and delivery.error == "it answered 500"
    assert [(each.status, each.error) for each in delivery.log.order_by("id")] == [(500, "it answered 500")] * ATTEMPTS
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1
    assert len({body for _, _, body in receiver.got}) == 1
    # The time in each is that of its own attempt, and so is the signature.
    assert len({headers["webhook-timestamp"] for _, headers, _ in receiver.got}) == ATTEMPTS
    assert len({headers["webhook-signature"] for _, headers, _ in receiver.got}) == ATTEMPTS
    Webhook(secret).verify(receiver.got[0][2], receiver.got[0][1])


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, "it answered 301, a redirect, which we do not follow"),
        (307, "it answered 307, a redirect, which we do not follow"),
        (404, "it answered 404"),
        (429, "it answered 429"),
        (503, "it answered 503"),
    ],
)
def test_only_an_answer_of_200_to_299_is_a_delivery(status: int, error: str) -> None:
    with receiving() as elsewhere, receiving() as receiver:
        receiver.answers, receiver.location = [status, 299], elsewhere.url if status < 400 else ""
        _one_waiting(receiver)
        now = _now()
        _deliver_all(now)
        assert (_delivery().error, _delivery().sent_at) == (error, None)
        later = now + timedelta(seconds=5)
        _deliver_all(later)
    delivery = _delivery()
    assert (delivery.error, delivery.sent_at) == ("", later)
    assert [each.status for each in delivery.log.order_by("id")] == [status, 299]
    assert elsewhere.got == []


def test_an_endpoint_that_hangs_rests_and_all_that_waits_for_it_while_others_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from store.claims_given import filed, market

    from makewhole.store.models import Delivery, WebhookEndpoint
    from makewhole.workers import webhooks

    monkeypatch.setattr(webhooks, "TIMEOUT_SECONDS", 0.3)
    with receiving() as hanging, receiving() as good:
        hanging.hangs = True
        seller = market()
        slow, _ = _endpoint(f"seller:{seller.pk}", hanging.url)
        _endpoint("marketplace:us", good.url)
        filed(seller)
        now = _now()
        _deliver_all(now)
        tried = len(hanging.got)
        assert good.got and tried
        stuck = Delivery.objects.filter(endpoint=slow)
        assert set(stuck.exclude(attempts=0).values_list("error", flat=True)) == {"no answer within 0.3 seconds"}
        assert not stuck.exclude(sent_at=None).exists()
        rests_until = WebhookEndpoint.objects.get(id=slow.id).rests_until
        assert rests_until is not None and rests_until > now
        # Its first retry would be due after 5 seconds; and a new message does not go there either.
        filed(seller)
        _deliver_all(rests_until - timedelta(seconds=1))
        assert len(hanging.got) == tried
        hanging.hangs = False
        _deliver_all(rests_until)
        _deliver_all(rests_until + timedelta(minutes=5))
        assert not stuck.filter(sent_at=None).exists()
        assert WebhookEndpoint.objects.get(id=slow.id).rests_until is None


def test_one_that_says_it_is_gone_is_not_told_again() -> None:
    from makewhole.store.models import WebhookEndpoint

    with receiving() as receiver:
        receiver.answers = [410]
        endpoint, _ = _one_waiting(receiver)
        now = _now()
        _deliver_all(now)
    gone = WebhookEndpoint.objects.get(id=endpoint.id)
    assert (gone.active, gone.removed_at, gone.removed_why) == (False, now, "it answered 410 Gone")
    assert _delivery().failed_at == now


def test_a_removed_endpoint_gets_nothing_more_and_nothing_can_be_asked_of_it() -> None:
    from store.claims_given import filed

    from makewhole.store import webhooks
    from makewhole.store.models import Delivery, Seller, WebhookEndpoint

    with receiving() as receiver:
        endpoint, _ = _one_waiting(receiver)
        now = _now()
        webhooks.remove(endpoint.party, endpoint.id, at=now)
        webhooks.remove(endpoint.party, endpoint.id, at=now + timedelta(days=1))
        _deliver_all(now)
        assert _delivery().error == "the webhook was removed"
        with pytest.raises(Refused, match="webhook_removed"):
            webhooks.replay(endpoint.party, _delivery().id, at=now)
        with pytest.raises(Refused, match="webhook_removed"):
            webhooks.rotate(endpoint.party, endpoint.id, at=now)
        filed(Seller.objects.get())
        _deliver_all(now)
        assert receiver.got == [] and Delivery.objects.count() == 1
        assert WebhookEndpoint.objects.get(id=endpoint.id).removed_at == now
        again, _ = _endpoint(endpoint.party, receiver.url)
        assert again.id != endpoint.id


def test_a_delivery_is_made_again_on_request_under_the_same_id() -> None:
    from makewhole.store import webhooks

    with receiving() as receiver:
        endpoint, _ = _one_waiting(receiver)
        now = _now()
        _deliver_all(now)
        assert _deliver_all(now + timedelta(days=9)) == 0
        webhooks.replay(endpoint.party, _delivery().id, at=now + timedelta(days=9))
        assert _deliver_all(now + timedelta(days=9)) == 1
        for party, delivery_id in (("seller:999", _delivery().id), (endpoint.party, UUID(int=1))):
            with pytest.raises(Refused, match="unknown_delivery"):
                webhooks.replay(party, delivery_id, at=now)
    first, second = receiver.got
    assert first[1]["webhook-id"] == second[1]["webhook-id"] and first[2] == second[2]
    assert len(_delivery().log.all()) == 2


def test_a_message_whose_worker_died_goes_out_again_under_the_same_id() -> None:
    from makewhole.store.models import Delivery
    from makewhole.workers.webhooks import LEASE

    with receiving() as receiver:
        _one_waiting(receiver)
        now = _now()
        _deliver_all(now)
        Delivery.objects.update(sent_at=None, send_after=now + LEASE)
        _deliver_all(now + LEASE)
    first, second = receiver.got
    assert first[1]["webhook-id"] == second[1]["webhook-id"]


def test_after_a_rotation_both_secrets_sign_for_a_day_and_then_only_the_new_one() -> None:
    from makewhole.store import webhooks

    with receiving() as receiver:
        receiver.answers = [500]
        endpoint, old = _one_waiting(receiver)
        now = _now()
        _, new = webhooks.rotate(endpoint.party, endpoint.id, at=now - timedelta(hours=24) + timedelta(seconds=1))
        _deliver_all(now)
        _deliver_all(now + timedelta(seconds=5))
    (_, both, body), (_, alone, again) = receiver.got
    assert old != new and len(both["webhook-signature"].split()) == 2
    for secret in (old, new):
        Webhook(secret).verify(body, both)
    Webhook(new).verify(again, alone)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(again, alone)


def test_a_secret_is_stored_wrapped_and_for_its_own_endpoint_only() -> None:
    import base64

    from store.claims_given import market

    from makewhole.store import webhooks
    from makewhole.store.envelope import CannotOpen
    from makewhole.store.models import WebhookEndpoint

    party = f"seller:{market().pk}"
    one, secret = _endpoint(party, "https://a.example.com/")
    other, _ = _endpoint(party, "https://b.example.com/")
    assert secret.startswith("whsec_") and len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    row = WebhookEndpoint.objects.get(id=one.id)
    assert base64.b64decode(secret.removeprefix("whsec_")) not in bytes(row.secret)
    assert webhooks.secrets_of(row, now=_now()) == [secret]
    moved = WebhookEndpoint(id=other.id, secret=row.secret)
    with pytest.raises(CannotOpen):
        webhooks.secrets_of(moved, now=_now())


def test_an_endpoint_is_known_once_and_a_party_has_so_many_and_no_more() -> None:
    from store.claims_given import market

    from makewhole.store import webhooks

    party = f"seller:{market().pk}"
    _endpoint(party, "https://a.example.com/0")
    with pytest.raises(Refused, match="webhook_known"):
        _endpoint(party, "https://a.example.com/0")
    for n in range(1, webhooks.MOST):
        _endpoint(party, f"https://a.example.com/{n}")
    with pytest.raises(Refused, match="too_many_webhooks"):
        _endpoint(party, "https://a.example.com/x")


def test_where_our_own_machine_is_not_allowed_nothing_is_sent_there(settings: Any) -> None:
    with receiving() as receiver:
        _one_waiting(receiver)
        settings.MAKEWHOLE_WEBHOOKS_TO_LOOPBACK = False
        _deliver_all(_now())
    assert receiver.got == []
    assert _delivery().error == "webhook_not_https"


def test_several_workers_at_once_deliver_each_message_once() -> None:
    import threading

    from django.db import connection
    from store.claims_given import filed, market

    from makewhole.store.models import Delivery
    from makewhole.workers.webhooks import deliver_waiting

    with receiving() as receiver:
        seller = market()
        _endpoint(f"seller:{seller.pk}", receiver.url)
        for _ in range(5):
            filed(seller)
        now = _now()

        def deliver() -> None:
            try:
                while deliver_waiting(now, batch=3):
                    pass
            finally:
                connection.close()

        threads = [threading.Thread(target=deliver) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    ids = [headers["webhook-id"] for _, headers, _ in receiver.got]
    assert len(ids) == len(set(ids)) == Delivery.objects.count() == Delivery.objects.exclude(sent_at=None).count()


def test_a_webhook_that_cannot_be_written_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    from store.claims_given import filed, market

    from makewhole.store.models import Delivery, WebhookEndpoint

    with receiving() as receiver:
        seller = market()
        spoilt, _ = _endpoint("marketplace:us", f"{receiver.url}&spoilt")
        _endpoint(f"seller:{seller.pk}", receiver.url)
        filed(seller)
        WebhookEndpoint.objects.filter(id=spoilt.id).update(secret=b"spoilt")
        _deliver_all(_now())
    assert receiver.got and all("spoilt" not in path for path, _, _ in receiver.got)
    stuck = Delivery.objects.filter(endpoint=spoilt)
    assert stuck and all(each.error.startswith("CannotOpen") and each.failed_at is None for each in stuck)
