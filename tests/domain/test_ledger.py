"""The books of a claim: each movement of money is an entry that balances, and nothing else is."""

from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest
from cast import (
    BO,
    OLGA,
    WITHDRAW,
    Life,
    ToTheEndOf,
    after,
    approve,
    concern,
    decision,
    file,
    given,
    other_account,
    parts,
    refuse,
    send_back,
    settle,
)  # fmt: skip

from makewhole.domain.claim.state import fold
from makewhole.domain.ledger.accounts import MEANING, PAID_FROM, Account
from makewhole.domain.ledger.journal import entry


def entries(life: Life) -> list[tuple[str, dict[str, int]]]:
    """(event, account: amount) of every entry of the claim."""
    posted, history = [], life.world.histories[life.claim.claim_id]
    for n, recorded in enumerate(history):
        before, now = fold(life.claim.claim_id, history[:n]), fold(life.claim.claim_id, history[: n + 1])
        assert now is not None
        if legs := entry(recorded.event, before, now):
            posted.append((type(recorded.event).__name__, {leg.account: leg.amount_minor for leg in legs}))
    return posted


def open_accounts(books: Counter[str]) -> dict[str, int]:
    return {account: minor for account, minor in books.items() if minor}


def test_a_small_claim_posts_its_reserve_its_approval_its_order_and_its_payment() -> None:
    assert entries(settle(given(file()))) == [
        ("ClaimFiled", {"reserve_change": 150_00, "outstanding_reserves": -150_00}),
        (
            "ClaimDecided",
            {
                "reserve_change": -150_00,
                "outstanding_reserves": 150_00,
                "claims_expense": 150_00,
                "claims_payable": -150_00,
            },
        ),
        ("PaymentOrdered", {"claims_payable": 150_00, "payments_in_transit": -150_00}),
        ("PaymentSettled", {"payments_in_transit": 150_00, "bank": -150_00}),
    ]


@pytest.mark.parametrize(
    "method, account", [("bank_transfer", "bank"), ("refund", "refunds_clearing"), ("credit", "credit_clearing")]
)
def test_money_leaves_by_the_account_of_its_method(method: str, account: str) -> None:
    life = settle(given(file(method=method)))  # type: ignore[arg-type]
    assert open_accounts(life.books) == {"claims_expense": 150_00, account: -150_00}


def test_a_payment_on_its_way_is_owed_until_the_bank_confirms() -> None:
    assert open_accounts(given(file()).books) == {"claims_expense": 150_00, "payments_in_transit": -150_00}


def test_a_returned_payment_is_payable_again() -> None:
    life = send_back(given(file()))
    assert open_accounts(life.books) == {"claims_expense": 150_00, "claims_payable": -150_00}


def test_a_voided_approval_is_no_expense_and_is_reserved_again() -> None:
    life = send_back(given(file())).when(other_account())
    assert open_accounts(life.books) == {"reserve_change": 150_00, "outstanding_reserves": -150_00}


def test_a_withdrawn_claim_leaves_nothing_in_the_books() -> None:
    assert open_accounts(given(file(evidence=()), WITHDRAW).books) == {}


def test_a_refused_part_leaves_the_reserve_and_never_was_an_expense() -> None:
    life = given(file(parts(property_damage=400_00), shown={1: 300_00}), concern(1), ToTheEndOf("claimant_answers"))
    life.when(decision(refuse(1, 100_00, approved=300_00)), by=BO)
    assert open_accounts(settle(life).books) == {"claims_expense": 300_00, "bank": -300_00}


def test_the_reserve_moves_with_what_the_papers_show() -> None:
    life = given(file(parts(property_damage=400_00), shown={1: 300_00}))
    assert life.claim.reserve_minor == 300_00
    assert -life.books["outstanding_reserves"] == 300_00
    life.when(decision(approve(1, 120_00)), by=OLGA)
    assert -life.books["outstanding_reserves"] == 180_00


def test_what_is_words_files_and_time_posts_nothing() -> None:
    life = given(file(evidence=()), after(days=1))
    assert [kind for kind, _ in entries(life)] == ["ClaimFiled"]


def test_every_account_is_explained() -> None:
    assert set(MEANING) == set(get_args(Account)) and set(PAID_FROM.values()) <= set(MEANING)
