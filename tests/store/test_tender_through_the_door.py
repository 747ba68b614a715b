"""Tender and recovery on a real PostgreSQL: what lives of every kind leave in the log, rows, books and mail."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from store.claims_given import market
from store.tender_given import tell_all

NOTICES = Path(__file__).parents[2] / "src" / "makewhole" / "domain" / "claim" / "tender_notices.py"
pytestmark = pytest.mark.usefixtures("emptied")
# Told where a clock reminds, more is paid during a recovery, or cover on file is gone: test_mails_of_a_tender.py.
NOT_HERE = {"party_reminder", "recovery_raised", "proof_of_insurance_asked"}


def test_lives_of_every_kind_leave_rows_and_books_that_the_log_gives_again() -> None:
    from makewhole.store import books, log, replay

    market(insured=False)
    lives = tell_all()
    faults: list[str] = []
    log.verify(lambda fault: faults.append(str(fault)))
    replay.replay(lambda difference: faults.append(str(difference)))
    books.check(faults.append)
    assert not faults
    outcomes = {name: _outcome(told.claim) for name, told in lives.items()}
    assert outcomes == {
        "accepts_and_owes": "recovered", "pays_itself": "settled", "handles_and_fails": "demanded",
        "agrees_on_an_offer": "demanded", "finds_no_agreement": "demanded",
        "rejects_and_wins_the_contest": "contest_won", "passes_it_on": "recovered",
        "is_silent_and_insured": "recovered", "has_an_insurer_that_denies": "stands",
        "has_an_insurer_that_is_silent": "demanded", "shows_its_insurance_late": "insured",
        "has_no_defect": "no_defect",
    }  # fmt: skip


def test_every_notice_of_tender_and_recovery_is_asked_for_and_can_be_written() -> None:
    from makewhole.people.models import Account, RoleAssignment
    from makewhole.store.models import Outbox
    from makewhole.workers.mails.letters import letter

    account = Account.objects.create(email="staff@example.com", name="Staff")
    for role in ("adjuster", "reviewer", "finance", "programme_owner"):
        RoleAssignment.objects.create(account=account, role=role)
    market(insured=False)
    tell_all()
    asked = set(re.findall(r'"([a-z_]+)", (?:told|_sum|_owed|\{|longer)', NOTICES.read_text("utf-8")))
    told = Outbox.objects.order_by("id")
    missing = asked - set(told.values_list("template", flat=True)) - NOT_HERE
    assert not missing
    for notice in told:
        mail = letter(notice)
        assert "{" not in mail.text and "  " not in mail.text and " ." not in mail.text, mail.text
        assert len(mail.subject) < 120 and "USD" not in mail.text.replace("USD ", ""), mail.text


def _outcome(claim: object) -> str:
    from makewhole.store import rows

    found = rows.recovery_rows(claim)  # type: ignore[arg-type]
    if not found:
        return str(getattr(claim.stage, "outcome", ""))  # type: ignore[attr-defined]
    return str(found[-1]["outcome"] or found[-1]["stage"])
