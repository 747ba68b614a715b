"""Every notice reaches its mailbox once, over a real SMTP server, and says what the reader needs to know."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from store.mailbox import Mailbox, text_of

pytestmark = pytest.mark.usefixtures("emptied")


def _send_all(now: datetime) -> None:
    from makewhole.workers.outbox import send_waiting

    while send_waiting(now):
        pass


def test_each_notice_is_sent_once_and_a_second_sweep_sends_nothing(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store.models import Outbox
    from makewhole.workers.outbox import send_waiting

    filed(market())
    notices = Outbox.objects.count()
    assert notices >= 4
    _send_all(FILED_AT)
    assert len(mailbox.mails) == notices == Outbox.objects.filter(sent_at=FILED_AT).count()
    assert send_waiting(FILED_AT + timedelta(days=1)) == 0


def test_a_notice_that_may_have_gone_out_before_goes_out_under_the_same_message_id(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store.models import Outbox
    from makewhole.workers.outbox import LEASE

    filed(market(), proof=False)
    _send_all(FILED_AT)
    first = {mail["Message-ID"] for mail in mailbox.mails}
    assert len(first) == len(mailbox.mails)
    # As if the worker had been killed after sending, and before it could write that down.
    Outbox.objects.update(sent_at=None, send_after=FILED_AT + LEASE)
    _send_all(FILED_AT + LEASE)
    assert [mail["Message-ID"] for mail in mailbox.mails[len(first) :]] == list(
        dict.fromkeys(mail["Message-ID"] for mail in mailbox.mails)
    )


def test_several_workers_at_once_send_each_notice_once(mailbox: Mailbox) -> None:
    from django.db import connection
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store.models import Outbox
    from makewhole.workers.outbox import send_waiting

    seller = market()
    for _ in range(6):
        filed(seller)

    def send() -> None:
        try:
            while send_waiting(FILED_AT, batch=3):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [mail["Message-ID"] for mail in mailbox.mails]
    assert len(ids) == len(set(ids)) == Outbox.objects.count()


def test_the_claimants_mail_opens_their_claim_and_names_reference_clock_and_what_the_seller_sees(
    mailbox: Mailbox,
) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.people.links import opened

    claim = filed(market(), proof=False, email="ana@example.com", name="Ana <b>").claim
    _send_all(FILED_AT)
    [asked] = [mail for mail in mailbox.to("ana@example.com") if "what we still need" in str(mail["Subject"])]
    text = text_of(asked)
    assert claim.filed.reference in str(asked["Subject"])
    assert "a photo of the damage and of the product (for damaged property)" in text
    assert "Please send it by Wed 1 Apr 2026, 16:00 (New York). If nothing has come by then, the claim is" in text
    assert "The seller sees the photos and papers and the amounts, not your name or address." in text
    address = next(word for word in text.split() if word.startswith("https://"))
    assert address.startswith(f"https://claims.example.com/claims/{claim.filed.reference}?key=")
    link = opened(address.partition("?key=")[2])
    assert (link.claim_id, link.party, link.party_id) == (claim.claim_id, "claimant", claim.filed.claimant_id)
    html = asked.get_body(("html",))
    assert html is not None and "Hello Ana &lt;b&gt;," in str(html.get_content())


def test_the_seller_is_told_the_amounts_and_reasons_but_not_who_claims(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT, filed, market

    filed(market(insured=False), email="ana@example.com", name="Ana Ramirez")
    _send_all(FILED_AT)
    told = " ".join(text_of(mail) for mail in mailbox.to("kettles@example.com"))
    assert "USD 150.00" in told and "Please show it by Mon 9 Mar 2026, 16:00 (New York)" in told
    assert "Ramirez" not in told and "ana@example.com" not in told and "?key=" not in told


def test_the_decision_mail_is_a_statement_of_reasons(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT, filed, market

    claim = filed(market(), email="ana@example.com").claim
    _send_all(FILED_AT)
    [decision] = [mail for mail in mailbox.to("ana@example.com") if "our decision" in str(mail["Subject"])]
    text = text_of(decision)
    assert "We approved USD 150.00." in text
    assert "Damaged property, approved: USD 150.00 (we pay it to you)" in text
    assert claim.policy_version in text and "machine_approval.in_full: Every check passed" in text
    assert "A machine decided this" in text and "answer on the page of your claim: a person looks at it" in text
    assert "The payment is to be on its way by Wed 1 Apr 2026" in text


def test_a_refusal_names_the_reason_its_clause_and_the_way_to_appeal(mailbox: Mailbox) -> None:
    from store.claims_given import ADJUSTER, FILED_AT, filed, market

    from makewhole.domain.claim.commands import AnswerConcern, Decide
    from makewhole.domain.claim.events import DecidedLine, ExposureClaimed, Reason
    from makewhole.handle import Ask, handle
    from makewhole.store import ids, vault

    pain = (ExposureClaimed(1, "pain_and_suffering", 30_000),)
    claim = filed(market(), email="ana@example.com", exposures=pain, evidence=()).claim
    _send_all(FILED_AT)
    [concern] = [mail for mail in mailbox.to("ana@example.com") if "your side" in str(mail["Subject"])]
    assert "The guarantee pays money that was lost, not pain and suffering." in text_of(concern)
    words = vault.personal("note", "It still hurts.")
    at = FILED_AT + timedelta(days=1)
    by = claim_actor(claim.filed.claimant_id)
    handle(Ask(AnswerConcern((), words.sealed), by, at, claim.claim_id, personal=(words,)))
    code = claim.concerns[0].code
    reason = Reason(code, f"{claim.policy_version} · payable_heads")
    line = DecidedLine(1, 0, 30_000, reason)
    handle(Ask(Decide((line,), ids.new_id()), ADJUSTER, at, claim.claim_id))
    _send_all(at)
    [decision] = [mail for mail in mailbox.to("ana@example.com") if "our decision" in str(mail["Subject"])]
    text = text_of(decision)
    assert "We approved nothing, and refused USD 300.00." in text
    assert "Pain and suffering: the guarantee does not pay this kind of loss; USD 300.00 is not paid." in text
    assert f"- {claim.policy_version} · payable_heads" in text
    assert "A person decided this." in text
    assert "Appeal by Sun 30 Aug 2026" in text or "Appeal by Mon 31 Aug 2026" in text


def claim_actor(claimant_id: UUID) -> Any:
    from makewhole.domain.actors import Actor

    return Actor(f"claimant:{claimant_id}", "claimant", claimant_id=claimant_id)


def test_the_holders_of_a_role_are_told_together_and_only_those_of_this_marketplace(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.people.models import Account, RoleAssignment

    for address, marketplace, active in [
        ("everywhere@example.com", "", True), ("here@example.com", "us", True),
        ("elsewhere@example.com", "de", True), ("gone@example.com", "us", False),
    ]:  # fmt: skip
        account = Account.objects.create(email=address, name=address, is_active=active)
        RoleAssignment.objects.create(account=account, role="safety_officer", marketplace=marketplace)
    filed(market(), hazards=("fire",))
    _send_all(FILED_AT)
    [asked] = [mail for mail in mailbox.mails if "safety review is due" in str(mail["Subject"])]
    assert asked["To"] == "everywhere@example.com, here@example.com"
    assert "Please review it by Tue 3 Mar 2026, 10:00 (New York)" in text_of(asked)


def test_an_erased_claimant_and_a_seller_without_address_are_marked_and_not_tried_again(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store.models import Outbox, Subject

    claim = filed(market(seller_email="")).claim
    Subject.objects.filter(id=claim.filed.claimant_id).update(wrapped_key=None, email_digest=None, erased_at=FILED_AT)
    _send_all(FILED_AT)
    assert mailbox.mails == []
    assert Outbox.objects.filter(failed_at=None).count() == 0
    assert set(Outbox.objects.values_list("error", flat=True)) == {
        "the claimant was erased, or left no contact", "the seller has no mail address on file",
    }  # fmt: skip
    assert set(Outbox.objects.values_list("attempts", flat=True)) == {1}


def test_an_unknown_mailbox_is_given_up_at_once_without_keeping_its_address(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store.models import Outbox

    mailbox.answers["ana@example.com"] = "550 <ana@example.com> is unknown here"
    filed(market(), proof=False, email="ana@example.com")
    _send_all(FILED_AT)
    failed = list(Outbox.objects.exclude(failed_at=None))
    assert failed and all(notice.error == "the mail server said 550 <(address)> is unknown here" for notice in failed)


def test_a_busy_mailbox_is_tried_again_after_growing_waits_then_given_up_and_can_be_taken_up_again(
    mailbox: Mailbox,
) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store import outbox
    from makewhole.store.models import Outbox
    from makewhole.workers.outbox import ATTEMPTS, send_waiting

    mailbox.answers["ana@example.com"] = "451 come back later"
    filed(market(), proof=False, email="ana@example.com")
    Outbox.objects.exclude(id=Outbox.objects.order_by("id").values("id")[:1]).delete()
    now, waits = FILED_AT, []
    while send_waiting(now):
        notice = Outbox.objects.get()
        waits.append(notice.send_after - now)
        now = notice.send_after
    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert len(waits) == ATTEMPTS and notice.failed_at is not None
    assert "451 come back later" in notice.error
    mailbox.answers.clear()
    assert outbox.send_again(notice, at=now) and send_waiting(now) == 1
    assert len(mailbox.mails) == 1
    assert not outbox.send_again(notice, at=now)


def test_while_the_mail_server_is_away_no_notice_loses_an_attempt(mailbox: Mailbox, settings: Any) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.integrations.mail.sending import MailServerAway
    from makewhole.store.models import Outbox
    from makewhole.workers.outbox import send_waiting

    filed(market())
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    with pytest.raises(MailServerAway):
        send_waiting(FILED_AT)
    assert set(Outbox.objects.values_list("attempts", flat=True)) == {0}
    settings.EMAIL_PORT = port
    _send_all(FILED_AT)
    assert len(mailbox.mails) == Outbox.objects.count()


def test_a_mail_at_which_the_server_hangs_up_waits_and_those_after_it_do_not(mailbox: Mailbox) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.integrations.mail.sending import MailServerAway
    from makewhole.store.models import Outbox
    from makewhole.workers.outbox import send_waiting

    filed(market())
    mailbox.hang_up = True
    with pytest.raises(MailServerAway):
        send_waiting(FILED_AT)
    mailbox.hang_up = False
    _send_all(FILED_AT)
    assert len(mailbox.mails) == Outbox.objects.count() - 1
    _send_all(FILED_AT + timedelta(minutes=1))
    assert len(mailbox.mails) == Outbox.objects.count()


def test_one_notice_that_cannot_be_written_stops_no_other(mailbox: Mailbox, caplog: pytest.LogCaptureFixture) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store.models import Outbox

    filed(market())
    broken = Outbox.objects.order_by("id").first()
    assert broken is not None
    Outbox.objects.filter(id=broken.id).update(template="no_such_template")
    with caplog.at_level(logging.ERROR):
        _send_all(FILED_AT)
    assert len(mailbox.mails) == Outbox.objects.count() - 1
    assert len(caplog.records) == 1 and f"notice {broken.id}" in caplog.text
    broken.refresh_from_db()
    assert broken.send_after == FILED_AT + timedelta(minutes=1)


def test_without_a_mail_server_each_mail_becomes_a_file(settings: Any, tmp_path: Any) -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.store.models import Outbox

    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    filed(market())
    _send_all(FILED_AT)
    assert len(list(tmp_path.iterdir())) == Outbox.objects.filter(sent_at=FILED_AT).count() == Outbox.objects.count()
