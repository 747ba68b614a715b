"""Mails that no life of tender_given.py asks for: a reminder to a party, more to pay back, proof asked for late."""

from __future__ import annotations

import re

import pytest
from store.claims_given import ADJUSTER, FILED_AT, filed, market
from store.tender_given import REVIEWER, Told, a_seller, note, reason, sealed_producer

from makewhole.domain.claim import commands as do
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim.events import DecidedLine
from makewhole.imports import coverages
from makewhole.integrations.mail.sending import Mail
from makewhole.reads.showing import instant
from makewhole.store.ids import new_id
from makewhole.store.models import Insurer, Seller

pytestmark = pytest.mark.usefixtures("emptied")


def mails(told: Told, template: str) -> list[tuple[str, Mail]]:
    """To whom, and the mail as it is written, of every such notice of the claim."""
    from makewhole.store.models import Outbox
    from makewhole.workers.mails.letters import letter

    notices = Outbox.objects.filter(claim_id=told.claim.claim_id, template=template).order_by("id")
    return [(notice.recipient, whole(letter(notice))) for notice in notices]


def whole(mail: Mail) -> Mail:
    """The mail, in which nothing is left to fill in and nothing was left out."""
    for unfinished in ("{", "⟪", "  ", " .", " ,", "None"):
        assert unfinished not in mail.subject + mail.text, mail.text
    assert not re.search(r"\b(until|by|of) ?[.,)\n]", mail.text), mail.text
    return mail


def test_a_seller_is_reminded_three_days_and_a_day_before_its_time_to_answer_is_over() -> None:
    market(insured=False)
    told = Told.file(a_seller("SLOW"))
    assert mails(told, "party_reminder") == []
    told.waits_for("seller_answers.reminder_3")
    [(recipient, mail)] = mails(told, "party_reminder")
    assert recipient == f"seller:{told.seller.pk}" and mail.to == ("slow@example.com",)
    assert mail.subject == f"Claim {told.claim.filed.reference}: a reminder"
    # Tendered on Monday 2 March; seven days are Monday 9 March, four in the afternoon.
    assert "your time to answer runs until Mon 9 Mar 2026, 16:00 (New York)" in mail.text
    told.waits_for("seller_answers.reminder_1")
    assert [to for to, _ in mails(told, "party_reminder")] == [recipient] * 2
    told.waits_for("seller_answers")
    assert len(mails(told, "party_reminder")) == 2 and mails(told, "reminder") == []


def test_a_seller_that_said_it_pays_is_reminded_of_that_and_the_claimant_is_not() -> None:
    market(insured=False)
    told = Told.file(a_seller("PAYS"))
    told.does(told.its_seller, td.AcceptTender("seller", new_id())).waits_for("seller_pays.reminder_1")
    [(recipient, mail)] = mails(told, "party_reminder")
    assert recipient == f"seller:{told.seller.pk}" and "your time to pay runs until " in mail.text


def test_a_producer_is_reminded_at_the_address_that_the_seller_gave_and_by_its_own_link() -> None:
    market(insured=False)
    told = Told.file(a_seller("RESELLS"))
    producer, item = sealed_producer()
    told.does(told.its_seller, td.NameProducer(producer), item).waits_for("producer_answers.reminder_3")
    [(recipient, mail)] = mails(told, "party_reminder")
    assert recipient == f"producer:{producer.item_id}" and mail.to == ("claims@maker.example",)
    assert "your time to answer runs until " in mail.text
    assert f"/claims/{told.claim.filed.reference}?key=" in mail.text


def test_what_an_appeal_brings_is_asked_of_the_seller_with_its_own_time_to_contest() -> None:
    market(insured=False)
    told = owes_for_a_part(a_seller("OWES"))
    assert mails(told, "recovery_raised") == []
    first = told.claim.held("seller_contests")
    words = note("The rest of it was broken too.")
    told.does(told.claimant, do.Appeal(words.sealed), words, hours=72)
    told.does(REVIEWER, do.Decide((DecidedLine(1, 10_000, 0),), new_id())).is_paid()
    [(recipient, mail)] = mails(told, "recovery_raised")
    assert recipient == f"seller:{told.seller.pk}" and mail.to == ("owes@example.com",)
    assert mail.subject == f"Claim {told.claim.filed.reference}: more was paid, USD 500.00 is asked of you"
    assert "Together USD 500.00 is now asked of you." in mail.text
    second = told.claim.held("seller_contests")
    assert first is not None and second is not None and second.due_at > first.due_at
    assert f"You may contest it until {instant(second.due_at, 'America/New_York')}." in mail.text
    # With its reasons: what was paid now, and who pays whom.
    assert "USD 100.00" in mail.text and "How to contest:" in mail.text


def test_a_seller_whose_cover_on_file_is_gone_when_it_is_paid_is_asked_for_proof_then_and_only_then() -> None:
    market(insured=False)
    Insurer.objects.create(name="Cliff Mutual", email="claims@cliff.example")
    covered, still_covered = a_seller("LAPSED"), a_seller("COVERED")
    for seller in (covered, still_covered):
        imported(seller, ends_on="2029-01-01")
    lives = [Told(seller, filed(seller).claim, FILED_AT) for seller in (covered, still_covered)]
    # The marketplace corrects its file: the policy had ended before the day of the incident.
    imported(covered, ends_on="2026-01-01")
    for told in lives:
        assert mails(told, "proof_of_insurance_asked") == [] and not told.claim.proof_asked
        told.is_paid()
    told, other = lives
    assert mails(other, "proof_of_insurance_asked") == [] and other.claim.bearer == "platform"
    [(recipient, mail)] = mails(told, "proof_of_insurance_asked")
    assert recipient == f"seller:{covered.pk}" and mail.to == ("lapsed@example.com",)
    assert mail.subject == f"Claim {told.claim.filed.reference}: please show your insurance"
    # Paid on Monday 2 March; seven days are Monday 9 March, four in the afternoon.
    assert "Please show it by Mon 9 Mar 2026, 16:00 (New York)." in mail.text
    assert told.claim.held("seller_proof_of_insurance") and told.claim.bearer == "seller_asked_7_days"


def owes_for_a_part(seller: Seller) -> Told:
    """400.00 of 500.00 paid, the rest refused; the seller shows no insurance and owes what was paid."""
    told = Told(seller, filed(seller, amount_minor=50_000, shows_minor=40_000).claim, FILED_AT)
    refusal, words = reason("amount_not_supported")
    told.does(ADJUSTER, do.RaiseConcern((1,), refusal), words)
    words = note("I have no other bill.")
    told.does(told.claimant, do.AnswerConcern((), words.sealed), words)
    told.does(ADJUSTER, do.Decide((DecidedLine(1, 40_000, 10_000, refusal),), new_id()), hours=2).is_paid()
    return told.waits_for("seller_proof_of_insurance") if told.claim.recovery is None else told


def imported(seller: Seller, *, ends_on: str) -> None:
    row = {
        "seller_ref": seller.seller_ref, "insurer": "Cliff Mutual", "policy_number": f"CM-{seller.pk}",
        "starts_on": "2024-01-01", "ends_on": ends_on, "limit": "1000000",
    }  # fmt: skip
    report = coverages.load_rows("us", [row], now=FILED_AT)
    assert report.new + report.changed == 1
