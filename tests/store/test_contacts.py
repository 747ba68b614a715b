"""A seller or insurer is told through all its contacts, each by itself; others as before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from store.mailbox import Mailbox, text_of

from makewhole.domain.refusal import Refused

pytestmark = pytest.mark.usefixtures("emptied")
LAW, SALES, BROKEN = "law@kettles.example", "sales@kettles.example", "broken@kettles.example"


def _contacts(party: str, *emails: str) -> list[Any]:
    from store.claims_given import FILED_AT

    from makewhole.store import contacts

    return [
        contacts.add(party, name=email.split("@")[0].title(), email=email, by="operator:cli", at=FILED_AT)
        for email in emails
    ]


def _send_all(now: Any) -> None:
    from makewhole.workers.outbox import send_waiting

    while send_waiting(now):
        pass


def _to_seller() -> Any:
    from makewhole.store.models import Outbox

    return Outbox.objects.filter(recipient__startswith="seller:")


def test_each_contact_gets_each_notice_once_under_a_message_id_of_its_own(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT, filed, market

    seller = market()
    _contacts(f"seller:{seller.pk}", LAW, SALES)
    filed(seller)
    _send_all(FILED_AT)
    notices = _to_seller().count()
    assert notices >= 2
    assert len(mailbox.to(LAW)) == len(mailbox.to(SALES)) == notices
    assert mailbox.to("kettles@example.com") == []
    ids = [mail["Message-ID"] for mail in mailbox.mails]
    assert len(ids) == len(set(ids))
    assert "Hello Law," in text_of(mailbox.to(LAW)[0])
    assert [str(mail["To"]) for mail in mailbox.to(LAW)] == [LAW] * notices
    _send_all(FILED_AT + timedelta(days=1))
    assert len(ids) == len(mailbox.mails)


def test_a_broken_address_neither_holds_up_nor_repeats_the_mail_to_the_others(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store.models import Delivery
    from makewhole.workers.outbox import ATTEMPTS

    seller = market()
    _contacts(f"seller:{seller.pk}", BROKEN, "busy@kettles.example", LAW)
    mailbox.answers |= {BROKEN: f"550 {BROKEN} is unknown", "busy@kettles.example": "451 come back later"}
    filed(seller)
    now = FILED_AT
    _send_all(now)
    notices = _to_seller().count()
    assert len(mailbox.to(LAW)) == notices
    refused = Delivery.objects.filter(contact__email=BROKEN)
    assert {(each.attempts, each.failed_at, each.error) for each in refused} == {
        (1, FILED_AT, "the mail server said 550 (address) is unknown")
    }
    for _ in range(ATTEMPTS):
        now += timedelta(hours=6)
        _send_all(now)
    busy = Delivery.objects.filter(contact__email="busy@kettles.example")
    assert {each.attempts for each in busy} == {ATTEMPTS} and not busy.filter(failed_at=None).exists()
    assert len(mailbox.to(LAW)) == notices


def test_a_mail_to_a_contact_that_may_have_gone_out_goes_out_under_the_same_message_id(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store.models import Delivery

    seller = market()
    _contacts(f"seller:{seller.pk}", LAW)
    filed(seller)
    _send_all(FILED_AT)
    # As if the worker had been killed after sending, and before it could write that down.
    Delivery.objects.update(sent_at=None)
    _send_all(FILED_AT + timedelta(minutes=10))
    ids = [mail["Message-ID"] for mail in mailbox.to(LAW)]
    assert len(ids) == 2 * len(set(ids)) == 2 * _to_seller().count()


def test_while_the_mail_server_is_away_no_contact_loses_an_attempt(mailbox: Mailbox, settings: Any) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.integrations.mail.sending import MailServerAway
    from makewhole.store.models import Delivery
    from makewhole.workers.outbox import send_waiting

    seller = market()
    _contacts(f"seller:{seller.pk}", LAW, SALES)
    filed(seller)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    with pytest.raises(MailServerAway):
        send_waiting(FILED_AT)
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {0}
    settings.EMAIL_PORT, mailbox.hang_up = port, True
    with pytest.raises(MailServerAway):
        send_waiting(FILED_AT)
    mailbox.hang_up = False
    _send_all(FILED_AT + timedelta(minutes=1))
    assert len(mailbox.to(LAW)) == len(mailbox.to(SALES)) == _to_seller().count()


def test_a_contact_added_later_is_told_what_comes_later_and_a_removed_one_nothing_more(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store import contacts, outbox
    from makewhole.store.models import Delivery

    seller = market()
    party = f"seller:{seller.pk}"
    [law] = _contacts(party, LAW)
    filed(seller)
    outbox.spread(FILED_AT)
    _contacts(party, SALES)
    contacts.remove(party, law.pk, at=FILED_AT)
    _send_all(FILED_AT)
    assert mailbox.to(LAW) == [] and mailbox.to(SALES) == []
    assert set(Delivery.objects.values_list("error", flat=True)) == {"the contact was removed"}
    filed(seller)
    _send_all(FILED_AT)
    assert mailbox.to(SALES) and not mailbox.to(LAW)


def test_where_no_contact_is_active_the_address_on_file_is_told(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store import contacts

    seller = market()
    party = f"seller:{seller.pk}"
    [law] = _contacts(party, LAW)
    contacts.remove(party, law.pk, at=FILED_AT)
    assert [told.email for told in contacts.contacts_of(party)] == ["kettles@example.com"]
    filed(seller)
    _send_all(FILED_AT)
    assert len(mailbox.to("kettles@example.com")) == _to_seller().count()
    assert mailbox.to(LAW) == []


def test_nobody_is_mailed_before_it_is_settled_who_is_told() -> None:
    """Else a notice could go to the address on file although its party has contacts."""
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store import outbox

    filed(market())
    later = FILED_AT + timedelta(minutes=10)
    assert outbox.lease_waiting(FILED_AT, batch=50, lease_until=later) == []
    assert outbox.spread(FILED_AT, batch=1) == 1
    assert len(outbox.lease_waiting(FILED_AT, batch=50, lease_until=later)) == 1


def test_an_insurer_and_a_producer_are_told_as_well(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store.models import Insurer, Outbox

    claim = filed(market(), amount_minor=15_000).claim
    insurer = Insurer.objects.create(name="Harbour Mutual", email="claims@harbour.example")
    producer = _producer(claim, {"name": "Bolt Works", "email": "quality@bolts.example"})
    silent = _producer(claim, {"name": "Bolt Works", "email": ""})
    facts = {"insured": True, "proof_asked": False, "claimed_minor": 15_000, "currency": "USD"}
    recipients = (f"insurer:{insurer.pk}", f"producer:{producer}", f"producer:{silent}")
    for recipient in recipients:
        Outbox.objects.create(
            claim_id=claim.claim_id, version=claim.version, dedupe=recipient, recipient=recipient,
            template="claim_about_your_product", facts=facts, created_at=FILED_AT, send_after=FILED_AT,
        )  # fmt: skip
    _send_all(FILED_AT)
    [to_insurer], [to_producer] = mailbox.to("claims@harbour.example"), mailbox.to("quality@bolts.example")
    assert "Hello Harbour Mutual," in text_of(to_insurer)
    assert "Hello Bolt Works," in text_of(to_producer)
    # An insurer signs in; a producer has no account, and its link opens this claim for it alone.
    assert "?key=" not in text_of(to_insurer) and "?key=" in text_of(to_producer)
    assert Outbox.objects.get(recipient=recipients[2]).error == "no mail address of the producer was told"
    _contacts(recipients[0], LAW)
    Outbox.objects.filter(recipient=recipients[0]).update(sent_at=None, spread_at=None, send_after=FILED_AT)
    _send_all(FILED_AT)
    assert len(mailbox.to(LAW)) == 1 and len(mailbox.to("claims@harbour.example")) == 1


def test_once_the_claimant_is_erased_nobody_knows_the_producer(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store.models import Outbox, Subject

    claim = filed(market()).claim
    item = _producer(claim, {"name": "Bolt Works", "email": "quality@bolts.example"})
    Outbox.objects.create(
        claim_id=claim.claim_id, version=claim.version, dedupe="p", recipient=f"producer:{item}",
        template="claim_withdrawn_seller", facts={}, created_at=FILED_AT, send_after=FILED_AT,
    )  # fmt: skip
    Subject.objects.filter(id=claim.filed.claimant_id).update(wrapped_key=None, email_digest=None, erased_at=FILED_AT)
    _send_all(FILED_AT)
    assert Outbox.objects.get(dedupe="p").error == "who the producer is was erased"


def _producer(claim: Any, told: dict[str, object]) -> Any:
    from makewhole.store import vault
    from makewhole.store.models import Subject, VaultItem

    item = vault.personal("producer", told)
    subject = Subject.objects.get(id=claim.filed.claimant_id)
    data_key = vault.unwrap(subject.id, bytes(subject.wrapped_key or b""))
    VaultItem.objects.create(
        id=item.item_id, subject=subject, claim_id=claim.claim_id, kind="producer",
        sealed=vault.seal_for(subject.id, data_key, item),
    )  # fmt: skip
    return item.item_id


@pytest.mark.parametrize(
    ("name", "email", "code"),
    [
        ("Ana", "ana.example.com", "email_not_usable"),
        ("Ana", "ana@", "email_not_usable"),
        ("Ana", "", "email_not_usable"),
        ("Ana", "ana@example.com\nBcc: all@example.com", "email_not_usable"),
        ("Ana", "a" * 250 + "@b.example", "text_too_long"),
        ("A" * 201, "ana@example.com", "text_too_long"),
        ("Ana\nRivera", "ana@example.com", "name_not_printable"),
        ("Ana\x00", "ana@example.com", "text_has_null_bytes"),
    ],
)
def test_a_contact_that_cannot_be_written_to_is_refused(name: str, email: str, code: str) -> None:
    from store.claims_given import FILED_AT, market

    from makewhole.store import contacts
    from makewhole.store.models import Contact

    seller = market()
    with pytest.raises(Refused) as refused:
        contacts.add(f"seller:{seller.pk}", name=name, email=email, by="operator:cli", at=FILED_AT)
    assert refused.value.code == code and not Contact.objects.exists()


def test_the_same_contact_twice_is_one_whatever_its_letters_and_comes_back_after_removal() -> None:
    from store.claims_given import FILED_AT, market

    from makewhole.store import contacts

    party = f"seller:{market().pk}"
    [first] = _contacts(party, LAW)
    again = contacts.add(party, name="Other", email=LAW.upper(), by="operator:cli", at=FILED_AT)
    assert (again.pk, again.name) == (first.pk, "Law")
    contacts.remove(party, first.pk, at=FILED_AT)
    contacts.remove(party, first.pk, at=FILED_AT + timedelta(days=1))
    first.refresh_from_db()
    assert (first.active, first.removed_at) == (False, FILED_AT)
    back = contacts.add(party, name="Law again", email=LAW, by="operator:cli", at=FILED_AT)
    assert (back.pk, back.active, back.removed_at, back.name) == (first.pk, True, None, "Law again")
    with pytest.raises(Refused, match="unknown_contact"):
        contacts.remove("seller:999", first.pk, at=FILED_AT)


def test_a_party_has_so_many_contacts_and_no_more() -> None:
    from store.claims_given import FILED_AT, market

    from makewhole.store import contacts

    party = f"seller:{market().pk}"
    _contacts(party, *(f"c{n}@kettles.example" for n in range(contacts.MOST)))
    with pytest.raises(Refused, match="too_many_contacts"):
        contacts.add(party, name="", email=LAW, by="operator:cli", at=FILED_AT)
    with pytest.raises(Refused, match="party_without_contacts"):
        contacts.add("marketplace:us", name="", email=LAW, by="operator:cli", at=FILED_AT)
