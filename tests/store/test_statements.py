"""What the books hold of a seller, printed and compared to the cent; commands of recovery, tender and overturns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from owing import FINANCE, PAID_AT, do, owing, payout, seller_of, tendered
from world import Shop, open_shop

from makewhole import asks_recovery
from makewhole.domain.claim.state import Claim
from makewhole.recovering import withhold_from


@pytest.fixture
def only_shop(emptied: None) -> Shop:
    """The check of the books looks at every claim: here there are no others."""
    return open_shop()


def makewhole(*args: str) -> Result:
    from makewhole.cli.ledger import ledger
    from makewhole.cli.overturns import overturns
    from makewhole.cli.recoveries import recovery
    from makewhole.cli.tenders import tender

    groups: dict[str, Any] = {"ledger": ledger, "overturns": overturns, "recovery": recovery, "tender": tender}
    return CliRunner().invoke(groups[args[0]], args[1:])


def a_full_life(shop: Shop) -> Claim:
    """Withheld of two payouts, paid in part, contested in part with success, written off, repaid."""
    claim = owing(shop, claimed="2500.00")
    withhold_from([payout(shop, 600).pk, payout(shop, 700).pk], PAID_AT + timedelta(hours=1))
    receive = asks_recovery.receive_recovery(claim.claim_id, "seller", "1000.00", "USD", "B-1")
    do(receive, claim, FINANCE, PAID_AT)
    contest, said = asks_recovery.contest_recovery(("amount",), "Half of it was old.", (), "USD")
    do(contest, claim, seller_of(shop), PAID_AT, *said)
    decide, said = asks_recovery.decide_contest(
        "partly", "amount", "bearer.large_not_accepted", (), "It was old.", "USD", off="1600.00"
    )
    do(decide, claim, shop.staff("reviewer", 31), PAID_AT, *said)
    return do(asks_recovery.confirm_repayment("100.00", "USD", "B-2"), claim, FINANCE, PAID_AT).claim


def test_a_whole_life_reconciles_and_the_books_check(only_shop: Shop) -> None:
    claim = a_full_life(only_shop)
    recovery = claim.recovery
    assert recovery is not None and recovery.repaid_minor == 100_00 and recovery.released_minor == 1300_00
    printed = makewhole("ledger", "statement", "lamp-shop", "--marketplace", only_shop.code)
    assert printed.exit_code == 0, printed.output
    assert "The books say to the cent what claims and recoveries say." in printed.output
    for account in ("recoveries_receivable (USD)", "withheld_funds (USD)", "repayments_payable (USD)"):
        assert account in printed.output
    assert f"{claim.filed.reference}  FundsReleased" in printed.output
    assert makewhole("ledger", "check").exit_code == 0


@pytest.mark.parametrize(
    ("statement", "account"),
    [
        ("update store_recovery set held_minor = held_minor + 1 where claim_id = %s", "withheld_owed"),
        ("update store_recovery set received_minor = received_minor + 1 where claim_id = %s", "receivables"),
        ("update store_recovery set written_off_minor = 1 where claim_id = %s", "write_offs"),
        ("update store_recovery set owed_by_seller_minor = owed_by_seller_minor - 1 where claim_id = %s",
         "claims_recovered"),
        ("update store_withholding set released_minor = 1 where claim_id = %s", "withheld of payouts"),
        ("update store_posting set amount_minor = amount_minor - 1 where claim_id = %s and account = 'withheld_funds'",
         "withheld_funds"),
    ],
)  # fmt: skip
def test_a_cent_between_books_and_rows_is_named_and_ends_with_1(
    only_shop: Shop, tampering: Any, statement: str, account: str
) -> None:
    claim = owing(only_shop, claimed="2500.00")
    withhold_from([payout(only_shop, 600).pk], PAID_AT)
    tampering(statement, claim.claim_id)
    checked = makewhole("ledger", "check")
    assert checked.exit_code == 1 and f"claim {claim.claim_id}: {account} stands at" in checked.output
    printed = makewhole("ledger", "statement", "lamp-shop", "--marketplace", only_shop.code)
    assert printed.exit_code == 1 and "The books do not say what claims and recoveries say" in printed.output


def test_a_payout_whose_row_says_another_sum_is_named(only_shop: Shop, tampering: Any) -> None:
    owing(only_shop)
    one = payout(only_shop, 600)
    withhold_from([one.pk], PAID_AT)
    tampering("update store_disbursement set withheld_minor = withheld_minor - 1 where id = %s", one.pk)
    told = makewhole("ledger", "check").output
    assert f"payout {one.disbursement_ref}: USD 599.99 withheld; by its withholdings it is USD 600.00" in told


def test_a_seller_that_nobody_knows_is_one_sentence(shop: Shop) -> None:
    told = makewhole("ledger", "statement", "nobody", "--marketplace", shop.code)
    assert told.exit_code == 1 and f"there is no seller nobody in {shop.code}." in told.output


# The commands ---------------------------------------------------------------------------------------------------


def test_an_operator_lists_shows_and_records_what_came_of_a_recovery(shop: Shop) -> None:
    claim = owing(shop, claimed="2500.00")
    reference = claim.filed.reference
    listed = makewhole("recovery", "list", "--marketplace", shop.code).output
    assert reference in listed and "owed USD 2,500.00" in listed and "lamp-shop" in listed
    assert makewhole("recovery", "list", "--marketplace", shop.code, "--stage", "closed").output == ""
    receive = ("recovery", "receive", reference, "--debtor", "seller", "--amount", "1000.00", "--ref", "B-1")
    assert makewhole(*receive).output.startswith("Recorded.")
    assert "This was recorded before; nothing was changed." in makewhole(*receive).output
    wrong = makewhole("recovery", "receive", reference, "--debtor", "seller", "--amount", "9.999", "--ref", "B-2")
    assert wrong.exit_code == 1 and "more decimals" in wrong.output and "Nothing was changed." in wrong.output
    off = ("recovery", "write-off", reference, "--debtor", "seller", "--amount", "1500.00", "--reason")
    assert makewhole(*off, "boredom").exit_code == 1
    assert "written off USD 1,500.00" in makewhole(*off, "uneconomic").output
    shown = makewhole("recovery", "show", reference).output
    assert "outstanding USD 0.00" in shown and "received USD 1,000.00" in shown


def test_contests_that_wait_are_listed(shop: Shop) -> None:
    claim = owing(shop)
    assert makewhole("recovery", "contest", "--marketplace", shop.code).output == ""
    contest, said = asks_recovery.contest_recovery(("amount",), "It was old.", (), "USD")
    do(contest, claim, seller_of(shop), PAID_AT, *said)
    assert claim.filed.reference in makewhole("recovery", "contest", "--marketplace", shop.code).output


def test_a_sellers_answer_by_letter_is_recorded_under_the_rules_of_its_own(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.machines import Clock

    from makewhole.cli import tenders

    monkeypatch.setattr(tenders, "datetime", Clock)
    claim, late = tendered(shop), tendered(shop)
    listed = makewhole("tender", "list", "--marketplace", shop.code).output
    assert claim.filed.reference in listed and "answer by" in listed and "USD 2,500.00" in listed
    answer = ("tender", "answer", claim.filed.reference)
    assert makewhole(*answer, "accept").exit_code == 2
    assert makewhole(*answer, "offer").exit_code == 2
    assert "Please give your reasons in words." in makewhole(*answer, "reject", "--reason", "no_defect").output
    told = makewhole(*answer, "reject", "--reason", "no_defect", "--words", "By letter of today.")
    assert told.output == f"{claim.filed.reference}: under_review, turn: adjuster.\n"
    again = makewhole(*answer, "accept", "--payer", "platform")
    assert again.exit_code == 1 and "Nothing was changed." in again.output
    clock = late.running("seller_answers")
    assert clock is not None
    monkeypatch.setattr(Clock, "stands_at", clock.due_at)
    told = makewhole("tender", "answer", late.filed.reference, "accept", "--payer", "platform")
    assert told.exit_code == 1 and "The time to answer ended" in told.output


def test_overturned_decisions_are_counted_for_a_marketplace_and_its_days(only_shop: Shop) -> None:
    assert makewhole("overturns").output == "Nobody disputed a decision.\n"
    a_full_life(only_shop)
    told = makewhole("overturns", "--marketplace", only_shop.code, "--deciders").output
    assert "per clause" in told and "upheld 0, in part 1, dismissed 0; 100.0% overturned" in told
    assert "machine:decision" in told
    assert makewhole("overturns", "--from", "2026-12-01").output == "Nobody disputed a decision.\n"


def test_everybody_reads_how_often_a_decision_was_overturned_and_nobody_is_named(only_shop: Shop) -> None:
    from django.test import Client

    empty = Client().get("/overturns").content.decode()
    assert "Nobody has disputed a decision yet." in empty and 'href="/overturns"' in empty
    a_full_life(only_shop)
    page = Client().get("/overturns").content.decode()
    assert "100.0%" in page and "bearer.large_not_accepted" in page and "Test shop" in page
    assert "person:" not in page and "machine:decision" not in page
