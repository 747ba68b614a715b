"""From an approval to the bank's answer: release, order, settlement, return, another account, withdrawal."""

from __future__ import annotations

from typing import Any

import pytest
from cast import (
    ADA,
    ANA,
    ANSWER,
    BO,
    OLGA,
    RITA,
    TENDER,
    WITHDRAW,
    By,
    Life,
    ToTheEndOf,
    World,
    approve,
    concern,
    confirmed,
    decision,
    file,
    given,
    other_account,
    parts,
    pay_id,
    refuse,
    release_of,
    send_back,
    settle,
    uid,
)  # fmt: skip

from makewhole.domain.actors import CLOCK
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.domain.claim.paying import release_text

SHORT = file(parts(property_damage=400_00), shown={1: 300_00})
# Over the limit, and far above the price of the kettle: tendered by a person, heard in vain, decided by people.
TENDERED = (file(parts(property_damage=3000_00)), TENDER)
HEARD = (*TENDERED, ToTheEndOf("seller_answers"))


def heard(minor: int, **more: Any) -> Life:
    """A claim of that much that a person decides; over the limit the seller was heard in vain."""
    notice = file(parts(property_damage=minor), method="refund", **more)
    life = given(notice, world=World(facts={"link_kinds": 0}))
    return life.heard() if life.claim.track == "tendered" else life


def approved(minor: int, **more: Any) -> Life:
    """A claim of that much, decided by Bo and Rita."""
    life = heard(minor, **more).when(decision(approve(1, minor)), by=BO)
    if life.stage() == "AwaitingSecond":
        life.when(confirmed(), by=RITA)
    return life


class TestRelease:
    def test_exactly_the_limit_needs_none_and_a_cent_more_does(self) -> None:
        assert approved(1000_00).stage() == "Paying"
        life = approved(1000_01)
        assert life.stage() == "AwaitingRelease" and life.claim.ordered_minor == 0
        assert life.event(ev.ReleaseRequested).amount_minor == 1000_01
        assert life.claim.whose_turn() == "claimant" and life.claim.running("claimant_answers")

    def test_it_names_what_is_paid_and_is_signed_word_for_word(self) -> None:
        life = approved(1234_56)
        assert "USD 1,234.56" in release_text(life.claim) and "limited to what is paid" in release_text(life.claim)
        life.refuses(do.SignRelease("other words", ev.Sealed(uid(1), ""), pay_id()), "release_text_changed")
        life.when(release_of(life)).then("ReleaseSigned", "PaymentOrdered")
        assert life.stage() == "Paying" and life.claim.running("claimant_answers") is None
        life.refuses(do.SignRelease("x", ev.Sealed(uid(1), ""), pay_id()), "no_release_asked")

    def test_a_minor_does_not_sign_alone(self) -> None:
        life = approved(1000_01, claimant_is_minor=True)
        assert life.claim.whose_turn() == "adjuster" and not life.event(ev.ReleaseRequested).self_service
        life.refuses(release_of(life), "release_needs_adjuster", by=ANA)
        life.when(release_of(life), by=ADA).then("PaymentOrdered")

    def test_a_part_payment_needs_none(self) -> None:
        life = heard(3000_00).when(decision(approve(1, 2000_00)), by=BO)
        life.when(confirmed(), by=RITA).then("PaymentOrdered")
        assert life.claim.ordered_minor == 2000_00 and life.stage() == "UnderReview"

    def test_silence_is_a_task_for_an_adjuster_and_no_breach_of_ours(self) -> None:
        life = approved(1000_01).when(ToTheEndOf("claimant_answers"))
        assert "missed_claimant_answers" in life.claim.tasks and life.stage() == "AwaitingRelease"

    def test_more_that_is_approved_on_appeal_needs_a_new_one(self) -> None:
        life = heard(3000_00).when(concern(1)).when(ANSWER)
        life.when(decision(refuse(1, 1000_00, approved=2000_00)), by=BO).when(confirmed(), by=RITA)
        settle(life.when(release_of(life))).when(do.Appeal(ev.Sealed(uid(1), "")))
        for by, step in ((ADA, decision(approve(1, 1000_00))), (OLGA, confirmed())):
            life.when(step, by=by)
        assert life.event(ev.ReleaseRequested).amount_minor == 3000_00
        assert settle(life.when(release_of(life))).claim.paid_minor == 3000_00


class TestTheBank:
    def test_settled_closes_and_said_twice_is_once(self) -> None:
        life = given(file())
        payment = life.claim.payments[0].order.payment_id
        life.when(do.ConfirmPayment(payment, "b")).then("PaymentSettled", "ClaimClosed")
        assert life.outcome() == "paid" and life.claim.paid_minor == 150_00
        life.when(do.ConfirmPayment(payment, "b")).then_nothing()
        life.refuses(do.ReturnPayment(payment, "b", "late"), "payment_is_settled")

    def test_returned_asks_the_claimant_for_another_account(self) -> None:
        life = send_back(given(file()))
        assert life.stage() == "AwaitingPayee" and life.claim.whose_turn() == "claimant"
        assert life.claim.running("claimant_answers") and life.claim.ordered_minor == 0
        payment = life.claim.payments[0].order.payment_id
        life.when(do.ReturnPayment(payment, "b", "again")).then_nothing()
        life.refuses(do.ConfirmPayment(payment, "b"), "payment_was_returned")
        life.refuses(do.ConfirmPayment(uid(404), "b"), "unknown_payment")

    def test_another_account_is_approved_again_by_a_person_before_it_is_paid(self) -> None:
        life = send_back(given(file())).when(other_account()).then("PayeeChanged", "ApprovalVoided")
        assert life.stage() == "UnderReview" and life.claim.approved_minor == 0 and life.claim.reserve_minor == 150_00
        assert life.claim.running("decision") and life.claim.running("claimant_answers") is None
        life.when(decision(approve(1, 150_00)), by=BO)
        order = life.event(ev.PaymentOrdered)
        assert (order.seq, order.payee) == (2, life.claim.payee)
        assert settle(life).outcome() == "paid" and life.claim.paid_minor == 150_00

    def test_a_part_returned_after_the_rest_was_refused_also_asks(self) -> None:
        life = given(SHORT, concern(1)).when(decision(approve(1, 300_00))).when(ANSWER)
        life.when(decision(refuse(1, 100_00)))
        assert life.stage() == "Approved"
        assert send_back(life).stage() == "AwaitingPayee" and life.claim.running("claimant_answers")

    def test_a_part_returned_while_the_claimant_answers_a_concern_leaves_the_concern(self) -> None:
        life = send_back(given(SHORT, concern(1)).when(decision(approve(1, 300_00))))
        assert life.stage() == "AwaitingAnswer" and "payment_returned" in life.claim.tasks
        assert life.when(other_account()).stage() == "AwaitingAnswer"
        assert life.when(ANSWER).stage() == "UnderReview" and life.claim.open_minor == 400_00

    def test_the_outer_bound_for_paying_is_a_breach_for_finance(self) -> None:
        life = given(file()).when(ToTheEndOf("pay")).then("ClockRanOut", "DeadlineMissed")
        assert life.event(ev.DeadlineMissed).escalated_to == "finance" and "missed_pay" in life.claim.tasks
        assert "missed_pay" not in settle(life).claim.tasks


class TestAnotherAccount:
    def test_it_voids_what_is_approved_and_waits_for_a_release(self) -> None:
        life = approved(1000_01).when(other_account()).then("PayeeChanged", "ApprovalVoided")
        assert life.stage() == "UnderReview" and life.claim.approved_minor == 0 and life.claim.running("pay") is None

    def test_it_voids_a_proposal(self) -> None:
        life = heard(2000_00).when(decision(approve(1, 2000_00)), by=BO)
        life.when(other_account(), by=ADA).then("PayeeChanged", "ProposalReturned")
        assert life.stage() == "UnderReview"
        life.refuses(confirmed(), "nothing_proposed", by=RITA)

    def test_it_leaves_what_is_with_the_bank(self) -> None:
        life = given(file())
        life.refuses(other_account(), "payment_under_way")
        settle(life).refuses(other_account(), "claim_is_closed")

    def test_before_a_decision_it_only_changes_the_account(self) -> None:
        life = given(file(evidence=())).when(other_account())
        assert life.kinds == ["PayeeChanged"] and life.stage() == "AwaitingProof"


class TestWithdrawal:
    @pytest.mark.parametrize(
        "steps",
        [
            (file(evidence=()),),
            (SHORT,),
            (SHORT, concern(1)),
            TENDERED,
            (*HEARD, decision(approve(1, 3000_00))),
            (*HEARD, decision(approve(1, 3000_00)), By(RITA, confirmed())),
        ],
        ids=[
            "awaiting proof", "under review", "awaiting an answer", "awaiting the seller", "awaiting a second",
            "awaiting a release",
        ],
    )  # fmt: skip
    def test_at_every_stage_it_ends_the_claim_and_frees_the_reserve(self, steps: tuple[Any, ...]) -> None:
        life = given(*steps).when(WITHDRAW).then("ClaimWithdrawn", "ClaimClosed")
        assert life.outcome() == "withdrawn" and life.claim.reserve_minor == 0 and life.claim.approved_minor == 0
        assert [
            clock.name for clock in life.claim.clocks if clock.held and clock.name != "seller_proof_of_insurance"
        ] == []
        life.refuses(WITHDRAW, "claim_is_closed")

    def test_not_while_the_bank_has_the_money_but_after_it_came_back(self) -> None:
        life = given(file())
        life.refuses(WITHDRAW, "payment_under_way")
        assert send_back(life).when(WITHDRAW).outcome() == "withdrawn"

    def test_what_was_paid_stays_paid(self) -> None:
        life = settle(given(SHORT, concern(1)).when(decision(approve(1, 300_00)))).when(WITHDRAW)
        assert life.claim.paid_minor == 300_00 and life.outcome() == "withdrawn"
        assert life.books["claims_expense"] == 300_00

    def test_a_safety_review_outlasts_it(self) -> None:
        life = given(file(hazards=("fire",))).when(WITHDRAW)
        assert life.claim.running("safety_review") and "safety_review" in life.claim.tasks
        life.when(do.ReviewSafety("recalled", ev.Sealed(uid(1), ""))).then("SafetyReviewed")
        assert life.claim.running("safety_review") is None
        life.refuses(do.ReviewSafety("recalled", ev.Sealed(uid(1), "")), "no_safety_review_asked")


def test_a_payment_never_follows_the_end() -> None:
    life = settle(given(file()))
    for name in ("pay", "whole_claim", "decision"):
        life.when(do.RunOutClock(name, 1), by=CLOCK).then_nothing()
    life.refuses(decision(approve(1, 1)), "claim_is_closed", by=BO)
