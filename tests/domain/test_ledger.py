"""The books of a claim: each movement of money is an entry that balances, and nothing else is."""

from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest
from cast import (
    BO,
    HARBOUR,
    OLGA,
    WITHDRAW,
    Life,
    ToTheEndOf,
    accepts,
    after,
    agrees,
    approve,
    concern,
    contest,
    contest_is,
    cover,
    decision,
    file,
    given,
    gives_up,
    insurer_says,
    no_defect,
    offers,
    open_accounts,
    other_account,
    paid,
    parts,
    receipt,
    refuse,
    repaid,
    send_back,
    settle,
    tendered,
    withhold,
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
            sums: Counter[str] = Counter()
            for leg in legs:
                sums[leg.account] += leg.amount_minor
            posted.append((type(recorded.event).__name__, dict(sums)))
    return posted


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


def of_recovery(life: Life) -> list[tuple[str, dict[str, int]]]:
    """The entries after the claimant was paid."""
    posted = entries(life)
    return posted[1 + [kind for kind, _ in posted].index("PaymentSettled") :]


def owed(minor: int, account: str = "recoveries_receivable") -> dict[str, int]:
    return {account: minor, "claims_recovered": -minor}


def test_an_agreed_amount_takes_what_was_given_up_out_of_the_reserve_and_is_an_expense_only_once_decided() -> None:
    life = tendered().when(offers(1500_00)).when(agrees())
    assert [(kind, legs) for kind, legs in entries(life) if kind in ("OfferAccepted", "ClaimDecided")] == [
        ("OfferAccepted", {"reserve_change": -500_00, "outstanding_reserves": 500_00}),
        ("ClaimDecided", {"reserve_change": -1500_00, "outstanding_reserves": 1500_00, "claims_expense": 1500_00,
                          "claims_payable": -1500_00}),
    ]  # fmt: skip


def test_a_debt_what_is_held_of_it_and_what_pays_it() -> None:
    life = paid(tendered(seller_insured=False).when(accepts()))
    life.when(withhold(life.world.pays_out(300_00))).when(receipt(1750_00)).when(ToTheEndOf("seller_contests"))
    assert of_recovery(life) == [
        ("RecoveryOpened", owed(2000_00)),
        ("FundsWithheld", {"withheld_funds": 300_00, "withheld_owed": -300_00}),
        ("RecoveryReceived", {"recoveries_bank": 1750_00, "recoveries_receivable": -1750_00}),
        ("FundsReleased", {"withheld_owed": 50_00, "withheld_funds": -50_00}),
        ("FundsApplied", {"withheld_owed": 250_00, "recoveries_receivable": -250_00}),
    ]


def test_seller_and_insurer_owe_on_accounts_of_their_own_and_a_debt_moves_between_them() -> None:
    life = paid(tendered(coverage=cover()).when(accepts())).when(insurer_says("denies", "excl. 4(b)"), by=HARBOUR)
    assert of_recovery(life) == [
        (
            "RecoveryOpened",
            {"recoveries_receivable": 500_00, "insurer_receivables": 1500_00, "claims_recovered": -2000_00},
        ),
        ("DebtShifted", {"recoveries_receivable": 1500_00, "insurer_receivables": -1500_00}),
    ]


def test_a_contest_that_is_won_reverses_the_debt_and_orders_back_what_was_paid() -> None:
    life = paid(tendered(seller_insured=False).when(accepts())).when(receipt(700_00)).when(contest("no_defect"))
    life.when(contest_is("upheld")).when(repaid(700_00))
    assert of_recovery(life)[2:] == [
        ("DebtReduced", {"claims_recovered": 2000_00, "recoveries_receivable": -2000_00}),
        ("RepaymentOrdered", {"recoveries_receivable": 700_00, "repayments_payable": -700_00}),
        ("RepaymentMade", {"repayments_payable": 700_00, "recoveries_bank": -700_00}),
    ]
    assert open_accounts(life.books) == {"claims_expense": 2000_00, "refunds_clearing": -2000_00}


def test_a_debt_that_is_given_up_is_an_expense_of_its_own() -> None:
    life = paid(tendered(seller_insured=False).when(accepts())).when(gives_up(2000_00))
    assert of_recovery(life)[1:] == [("RecoveryWrittenOff", {"write_offs": 2000_00, "recoveries_receivable": -2000_00})]


def test_what_ends_in_nothing_owed_leaves_only_what_the_claimant_got() -> None:
    life = paid(tendered(seller_insured=False).when(accepts()))
    life.when(withhold(life.world.pays_out(300_00))).when(no_defect(), by=BO)
    assert open_accounts(life.books) == {"claims_expense": 2000_00, "refunds_clearing": -2000_00}


def test_what_is_words_files_and_time_posts_nothing() -> None:
    life = given(file(evidence=()), after(days=1))
    assert [kind for kind, _ in entries(life)] == ["ClaimFiled"]


def test_every_account_is_explained() -> None:
    assert set(MEANING) == set(get_args(Account)) and set(PAID_FROM.values()) <= set(MEANING)
