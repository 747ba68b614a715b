"""Who is told chooses what comes by mail; what the law or the guarantee says is told by mail comes all the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from store.mailbox import Mailbox, text_of

from makewhole.domain.notice_kinds import KIND_OF, KINDS, OPTIONAL, TOLD
from makewhole.domain.refusal import Refused

pytestmark = pytest.mark.usefixtures("emptied")
LAW, SALES = "law@kettles.example", "sales@kettles.example"


def _seller_with_contacts() -> tuple[Any, str, Any, Any]:
    from store.claims_given import FILED_AT, market

    from makewhole.store import contacts

    seller = market()
    party = f"seller:{seller.pk}"
    law, sales = (contacts.add(party, name="", email=email, by="operator:cli", at=FILED_AT) for email in (LAW, SALES))
    return seller, party, law, sales


def _paid(seller: Any, **told: Any) -> Any:
    """A claim that was paid: its seller is told of the claim, of the decision, and that it was paid."""
    from store.claims_given import BANK, FILED_AT, filed

    from makewhole.domain.claim.commands import ConfirmPayment
    from makewhole.handle import Ask, handle

    claim = filed(seller, **told).claim
    paid = ConfirmPayment(claim.payments[0].order.payment_id, f"bank-{claim.claim_id}")
    return handle(Ask(paid, BANK, FILED_AT, claim.claim_id)).claim


def _send_all(now: Any) -> None:
    from makewhole.workers.outbox import send_waiting

    while send_waiting(now):
        pass


def _subjects(mailbox: Mailbox, to: str) -> list[str]:
    return sorted(str(mail["Subject"]).rpartition(": ")[2] for mail in mailbox.to(to))


def test_each_notice_has_a_kind_and_each_kind_that_is_always_mailed_says_why_and_by_which_source() -> None:
    assert set(KIND_OF.values()) == set(KINDS)
    assert all(bool(kind.why) == bool(kind.source) for kind in KINDS.values())
    assert set(OPTIONAL) == {"confirmations", "progress", "settled"}
    assert {name for told in TOLD.values() for name in told} == set(KINDS)
    # What asks, decides, costs or restricts is in no kind that may be left out.
    for template in (
        "tender_to_seller", "tender_to_insurer", "party_reminder", "claim_decided", "claim_decided_seller",
        "recovery_demanded", "recovery_raised", "funds_withheld", "standing_restricted", "contest_decided",
        "stepped_in", "proof_requested", "concern_raised", "reminder", "claim_received", "delay_explained",
        "debt_shifted", "standing_dispute_decided", "deadline_missed", "safety_review_asked",
    ):  # fmt: skip
        assert not KINDS[KIND_OF[template]].optional, template


def test_a_contact_that_does_without_progress_gets_the_decision_and_the_others_get_both(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT

    from makewhole.store import choices
    from makewhole.store.models import Delivery

    seller, party, law, _sales = _seller_with_contacts()
    choices.choose_mails(party, law.pk, ["progress"], by="seller:1", at=FILED_AT)
    claim = _paid(seller)
    _send_all(FILED_AT)
    paid = "USD 150.00 was paid"
    assert paid in _subjects(mailbox, SALES) and paid not in _subjects(mailbox, LAW)
    assert "the decision and its reasons" in _subjects(mailbox, LAW)
    assert len(_subjects(mailbox, LAW)) == len(_subjects(mailbox, SALES)) - 1
    assert not Delivery.objects.filter(contact=law, notice__template="claimant_paid").exists()
    # Taken back, the next one comes again.
    choices.choose_mails(party, law.pk, [], by="seller:1", at=FILED_AT)
    assert claim and _paid(seller)
    _send_all(FILED_AT + timedelta(minutes=1))
    assert paid in _subjects(mailbox, LAW)


def test_where_every_contact_does_without_nothing_goes_to_the_address_on_file_and_the_inbox_has_it(
    mailbox: Mailbox,
) -> None:
    from store.claims_given import FILED_AT

    from makewhole.domain.actors import Actor
    from makewhole.reads.inbox import inbox
    from makewhole.store import choices
    from makewhole.store.models import Outbox

    seller, party, law, sales = _seller_with_contacts()
    for contact in (law, sales):
        choices.choose_mails(party, contact.pk, ["progress"], by="seller:1", at=FILED_AT)
    _paid(seller)
    _send_all(FILED_AT)
    assert not [mail for mail in mailbox.mails if "was paid" in str(mail["Subject"])]
    assert mailbox.to("kettles@example.com") == []
    notice = Outbox.objects.get(template="claimant_paid")
    assert (notice.sent_at, notice.failed_at, notice.attempts) == (FILED_AT, None, 0)
    reader = Actor(party, "seller", seller_id=seller.pk)
    assert "claimant_paid" in [told.template for told in inbox(reader).told]


def test_the_address_on_file_and_a_claimant_choose_too(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.domain.claim.notices import Notice
    from makewhole.store import choices
    from makewhole.store.models import Outbox

    seller = market()
    choices.choose_mails(f"seller:{seller.pk}", None, ["progress"], by="whoever got the mail", at=FILED_AT)
    claim = _paid(seller, email="ana@example.com")
    _send_all(FILED_AT)
    assert "the decision and its reasons" in _subjects(mailbox, "kettles@example.com")
    assert "USD 150.00 was paid" not in _subjects(mailbox, "kettles@example.com")
    # Nothing that the claimant got so far may be left out; how it goes on may.
    ana = f"claimant:{claim.filed.claimant_id}"
    told = Notice(ana, "seller_has_more_time", {"due_at": "2026-04-15T20:00:00+00:00"})

    def tell(dedupe: str) -> list[str]:
        Outbox.objects.create(
            claim_id=claim.claim_id, version=1, dedupe=dedupe, recipient=ana, template=told.template, facts=told.facts,
            created_at=FILED_AT, send_after=FILED_AT,
        )  # fmt: skip
        _send_all(FILED_AT)
        return [mail for mail in _subjects(mailbox, "ana@example.com") if mail.startswith("the seller has until")]

    assert len(tell("first")) == 1
    choices.choose_mails(ana, None, ["progress"], by="whoever got the mail", at=FILED_AT)
    assert len(tell("second")) == 1
    assert filed(seller, email="bo@example.com") and tell("third") == tell("fourth")


def test_what_must_be_told_by_mail_cannot_be_left_out_not_even_by_the_hand_of_the_operator() -> None:
    from django.db import IntegrityError, transaction
    from store.claims_given import FILED_AT

    from makewhole.store import choices
    from makewhole.store.models import Contact, MailChoice

    _seller, party, law, _sales = _seller_with_contacts()
    for kind in KINDS.values():
        if kind.optional:
            continue
        with pytest.raises(Refused, match="notice_kind_required"):
            choices.choose_mails(party, law.pk, ["progress", kind.name], by="seller:1", at=FILED_AT)
        with pytest.raises(IntegrityError, match="contact_leaves_out_what_it_may"), transaction.atomic():
            Contact.objects.filter(id=law.pk).update(inbox_only=[kind.name])
        with pytest.raises(IntegrityError, match="choice_leaves_out_what_it_may"), transaction.atomic():
            MailChoice.objects.create(recipient=party, inbox_only=[kind.name], chosen_at=FILED_AT, chosen_by="x")
    with pytest.raises(Refused, match="unknown_notice_kind"):
        choices.choose_mails(party, law.pk, ["weather"], by="seller:1", at=FILED_AT)
    with pytest.raises(Refused, match="unknown_notice_kind"):  # a kind, but none that a seller is ever told
        choices.choose_mails("insurer:4", None, ["progress"], by="insurer:4", at=FILED_AT)
    with pytest.raises(Refused, match="unknown_contact"):
        choices.choose_mails("seller:999999", law.pk, ["progress"], by="seller:999999", at=FILED_AT)
    law.refresh_from_db()
    assert law.inbox_only == []


def test_a_webhook_may_do_without_any_kind_while_people_are_told_of_it_by_mail(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT

    from makewhole.store import choices, webhooks
    from makewhole.store.models import Delivery

    seller, party, _law, _sales = _seller_with_contacts()
    hook, _ = webhooks.add(party, "https://hooks.example.com/a", by=party, at=FILED_AT, to_loopback=False)
    every, _ = webhooks.add("marketplace:us", "https://hooks.example.com/b", by=party, at=FILED_AT, to_loopback=False)
    choices.choose_webhooks(party, hook.id, ["decided", "progress"], by=party, at=FILED_AT)
    _paid(seller)
    _send_all(FILED_AT)
    posted = {
        endpoint.url: set(Delivery.objects.filter(endpoint=endpoint).values_list("notice__template", flat=True))
        for endpoint in (hook, every)
    }
    assert posted[hook.url] == {"claim_about_your_product"}
    assert posted[every.url] >= {"claim_about_your_product", "claim_decided_seller", "claimant_paid"}
    assert "the decision and its reasons" in _subjects(mailbox, LAW)
    with pytest.raises(Refused, match="unknown_webhook"):
        choices.choose_webhooks("seller:999999", hook.id, [], by="x", at=FILED_AT)


def test_a_mail_says_whether_its_kind_can_be_switched_off_and_one_click_is_offered_for_those_alone(
    mailbox: Mailbox,
) -> None:
    from store.claims_given import FILED_AT

    from makewhole.people.links import MailsNamed, mails_named

    seller, party, law, _sales = _seller_with_contacts()
    _paid(seller, email="ana@example.com")
    _send_all(FILED_AT)
    by_subject = {str(mail["Subject"]).rpartition(": ")[2]: mail for mail in mailbox.to(LAW)}
    paid, decided = by_subject["USD 150.00 was paid"], by_subject["the decision and its reasons"]
    assert paid["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(paid["List-Unsubscribe"]).strip(" <>")
    assert address.startswith("https://claims.example.com/mails/") and address.endswith("/stop/progress")
    key = address.removeprefix("https://claims.example.com/mails/").removesuffix("/stop/progress")
    assert mails_named(key) == MailsNamed(party, law.pk)
    assert "You need not get mails of this kind" in text_of(paid)
    assert decided["List-Unsubscribe"] is None
    assert "cannot be switched off. A decision is told in writing" in text_of(decided)
    # A claimant's mails that must come say nothing of it; each is about one claim, and asks, decides or pays.
    for mail in mailbox.to("ana@example.com"):
        assert mail["List-Unsubscribe"] is None and "/mails/" not in text_of(mail)


def test_no_one_click_is_offered_where_we_are_not_reached_by_https(mailbox: Mailbox, settings: Any) -> None:
    from store.claims_given import FILED_AT

    settings.PUBLIC_URL = "http://localhost:8000"
    seller, _party, _law, _sales = _seller_with_contacts()
    _paid(seller)
    _send_all(FILED_AT)
    assert [mail for mail in mailbox.to(LAW) if "You need not get mails" in text_of(mail)]
    assert all(mail["List-Unsubscribe"] is None for mail in mailbox.mails)
