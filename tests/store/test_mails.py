"""Every notice that a claim can ask for has its words, and they name no fact that nobody tells."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

NOTICES = Path(__file__).parents[2] / "src" / "makewhole" / "domain" / "claim" / "notices.py"
# One of each that needs no event of its own, with the facts that notices.py gives it.
FACTS: dict[str, tuple[str, dict[str, Any]]] = {
    "release_requested": ("claimant", {"amount_minor": 150_000, "currency": "USD", "self_service": False}),
    "payment_ordered": ("claimant", {"amount_minor": 15_000, "currency": "USD", "method": "bank_transfer"}),
    "payment_settled": ("claimant", {"amount_minor": 15_000, "currency": "USD"}),
    "claimant_paid": ("seller", {"amount_minor": 15_000, "currency": "USD"}),
    "payment_returned": ("claimant", {"why": "account closed"}),
    "reminder": ("claimant", {"clock": "claimant_answers", "days_left": 7}),
    "delay_explained": ("claimant", {"letter": 2}),
    "deadline_missed": ("role", {"clock": "decision"}),
    "safety_review_asked": ("role", {"hazards": ["fire", "grave_injury"]}),
    "claim_withdrawn": ("claimant", {}),
    "claim_withdrawn_seller": ("seller", {}),
    "closed_unanswered": ("claimant", {}),
    "appeal_received": ("claimant", {}),
    "appeal_filed": ("seller", {}),
    "claim_reopened": ("claimant", {}),
    "claim_reopened_seller": ("seller", {}),
    "seller_evidence_received": ("seller", {}),
    "more_time": ("claimant", {"due_at": "2026-04-15T20:00:00+00:00"}),
    "claim_received": ("claimant", {"claimed_minor": 15_000, "currency": "USD"}),
    "proof_requested": ("claimant", {"missing": [{"exposure": 1, "what": "photo"}]}),
    "claim_about_your_product": (
        "seller",
        {"insured": False, "proof_asked": True, "claimed_minor": 15_000, "currency": "USD"},
    ),
}
# Those whose facts stand in an event: test_outbox.py sends them.
OF_AN_EVENT = {"concern_raised", "claim_decided", "claim_decided_seller"}


def test_each_notice_has_its_words_and_no_words_are_left_over() -> None:
    asked = set(re.findall(r'\("(?:claimant|seller|role:\w+)", "(\w+)"', NOTICES.read_text("utf-8")))
    asked |= set(re.findall(r'f"role:\{\w+\}", "(\w+)"', NOTICES.read_text("utf-8")))
    # Those of a standing: test_standing.py; of an account: test_invitations.py; of a link: test_asked_links.py.
    words = {
        file.name.removesuffix(".txt")
        for file in files("makewhole.workers.mails").iterdir()
        if file.name.endswith(".txt") and not file.name.startswith(("_", "standing_", "account_", "link_"))
    }
    assert asked == set(FACTS) | OF_AN_EVENT
    of_tender = NOTICES.with_name("tender_notices.py").read_text("utf-8")
    # Those of tender and recovery: test_tender_through_the_door.py sends them.
    asked |= {name for name in words if f'"{name}"' in of_tender}
    assert asked == words


@pytest.mark.usefixtures("emptied")
def test_each_mail_can_be_written_and_says_the_reference_once_in_its_subject() -> None:
    from store.claims_given import FILED_AT, filed, market

    from makewhole.people.models import Account, RoleAssignment
    from makewhole.store.models import Outbox
    from makewhole.workers.mails.letters import letter

    account = Account.objects.create(email="owner@example.com", name="Owner")
    for role in ("programme_owner", "safety_officer"):
        RoleAssignment.objects.create(account=account, role=role)
    claim = filed(market(), proof=False, injury=True).claim
    role_of = {"deadline_missed": "role:programme_owner", "safety_review_asked": "role:safety_officer"}
    for template, (kind, facts) in FACTS.items():
        recipient = {
            "claimant": f"claimant:{claim.filed.claimant_id}",
            "seller": f"seller:{claim.filed.seller_id}",
            "role": role_of.get(template, ""),
        }[kind]
        mail = letter(
            Outbox(
                id=7, claim_id=claim.claim_id, version=1, dedupe=template, recipient=recipient, template=template,
                facts=facts, created_at=FILED_AT, send_after=FILED_AT,
            )
        )  # fmt: skip
        assert mail.subject.count(claim.filed.reference) == 1, template
        assert "\n" not in mail.subject and len(mail.subject) < 120, template
        assert "{" not in mail.text and "  " not in mail.text and " ." not in mail.text, mail.text
        assert ("?key=" in mail.text) == (kind == "claimant"), template
        assert "/claims/" in mail.text


def test_an_amount_names_its_currency_and_an_instant_its_zone_and_weekday() -> None:
    from datetime import UTC, datetime

    from makewhole.workers.mails import plain

    assert plain.amount(185_000, "USD") == "USD 1,850.00"
    assert plain.amount(1_850, "JPY") == "JPY 1,850"
    at = datetime(2026, 11, 27, 21, 0, tzinfo=UTC)
    assert plain.instant(at, "America/New_York") == "Fri 27 Nov 2026, 16:00 (New York)"
    assert plain.instant(at, "Europe/Berlin") == "Fri 27 Nov 2026, 22:00 (Berlin)"


def test_the_space_that_a_template_leaves_is_no_space_in_the_mail() -> None:
    from makewhole.integrations.mail.words import tidy

    text = tidy("Hello <b>,\n\n\n\n- one\n- two & more\n\nRead https://example.com/a?b=1&c=2.\n")
    assert text == "Hello <b>,\n\n- one\n- two & more\n\nRead https://example.com/a?b=1&c=2.\n"
