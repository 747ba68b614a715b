"""Promise 1, looked at from outside: entries balance, and the books say what the claims and the log say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

pytestmark = pytest.mark.usefixtures("emptied")


def _paid_and_paying() -> tuple[UUID, UUID]:
    from store.claims_given import BANK, FILED_AT, filed, market

    from makewhole.domain.claim.commands import ConfirmPayment
    from makewhole.handle import Ask, handle

    seller = market()
    paid, paying = filed(seller).claim, filed(seller, amount_minor=20_000).claim
    payment = ConfirmPayment(paid.payments[0].order.payment_id, "B-1")
    handle(Ask(payment, BANK, FILED_AT + timedelta(days=1), paid.claim_id))
    filed(seller, proof=False, amount_minor=7_000)
    return paid.claim_id, paying.claim_id


def _faults() -> list[str]:
    from makewhole.store.books import check

    told: list[str] = []
    checked = check(told.append)
    assert checked.claims == 3 and checked.faults == len(told)
    return told


def test_books_as_written_are_right_and_the_trial_balance_says_where_the_money_is() -> None:
    from makewhole.store.books import trial_balance

    _paid_and_paying()
    assert _faults() == []
    assert {balance.account: str(balance.amount) for balance in trial_balance()} == {
        "bank": "USD -150.00",
        "claims_expense": "USD 350.00",
        "claims_payable": "USD 0.00",
        "outstanding_reserves": "USD -70.00",
        "payments_in_transit": "USD -200.00",
        "reserve_change": "USD 70.00",
    }


def test_an_entry_that_does_not_balance_is_named(tampering: Any) -> None:
    paid, _ = _paid_and_paying()
    tampering("update store_posting set amount_minor = -14999 where claim_id = %s and account = 'bank'", paid)
    told = _faults()
    assert any(f"claim {paid}, version" in fault and "the entry is off by USD 0.01" in fault for fault in told)
    assert "all accounts in USD together are off by USD 0.01" in told


def test_balanced_postings_that_the_log_never_asked_for_are_named(tampering: Any) -> None:
    """Both legs moved by as much: the entry balances, and the money is elsewhere."""
    paid, _ = _paid_and_paying()
    tampering("update store_posting set account = 'refunds_clearing' where claim_id = %s and account = 'bank'", paid)
    told = _faults()
    assert len(told) == 1 and "account is 'refunds_clearing', by the log 'bank'" in told[0]


def test_a_claims_row_that_its_accounts_do_not_bear_out_is_named(tampering: Any) -> None:
    _, paying = _paid_and_paying()
    tampering("update store_claim set reserve_minor = 500 where id = %s", paying)
    assert _faults() == [f"claim {paying}: outstanding_reserves stands at USD 0.00; by the claim's row it is USD -5.00"]


def test_a_posting_in_another_currency_than_its_claim_is_named(tampering: Any) -> None:
    paid, _ = _paid_and_paying()
    tampering("update store_posting set currency = 'EUR' where claim_id = %s and account = 'bank'", paid)
    told = _faults()
    assert any("the entry is off by EUR -150.00" in fault for fault in told)
    assert f"claim {paid}: paid out stands at EUR -150.00; by the claim's row it is EUR 0.00" in told


def test_the_command_ends_with_0_or_1(tampering: Any) -> None:
    from makewhole.cli.ledger import ledger

    paid, _ = _paid_and_paying()
    good = CliRunner().invoke(ledger, ["check"])
    assert good.exit_code == 0 and "the books balance and say what the log says." in good.output
    tampering("update store_posting set amount_minor = -14999 where claim_id = %s and account = 'bank'", paid)
    assert CliRunner().invoke(ledger, ["check"]).exit_code == 1
