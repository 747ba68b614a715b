"""Where the cost ends: each row of the table, proof of insurance, no defect, and the claimant first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cast import (
    ADA,
    ANSWER,
    APPEAL,
    BO,
    HARBOUR,
    OLGA,
    OMAR,
    PLAIN_COVER,
    RITA,
    WITHDRAW,
    WORDS,
    Life,
    ToTheEndOf,
    World,
    accepts,
    approve,
    concern,
    confirmed,
    contest,
    contest_is,
    cover,
    decision,
    file,
    given,
    insurer_says,
    no_defect,
    open_accounts,
    paid,
    paper,
    parts,
    proof_is,
    proof_of_insurance,
    refuse,
    release_of,
    repaid,
    settle,
    tendered,
    withhold,
)  # fmt: skip

from makewhole.domain.claim import commands as do
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.events import Reason
from makewhole.domain.recovery import events as rv
from makewhole.domain.recovery.state import Ended

SECOND = timedelta(seconds=1)
# Asked on Monday 2 March at noon in New York: until Monday 9 March, four in the afternoon.
PROOF_BY = datetime(2026, 3, 9, 20, 0, tzinfo=UTC)


def small(**facts: Any) -> Life:
    """Ana's 150.00, paid at once."""
    return settle(given(file(), world=World(facts=facts)))


def bare(**facts: Any) -> Life:
    """The same against a seller that is not insured, and was asked for proof."""
    return small(seller_insured=False, **facts)


def asked_in_vain(**facts: Any) -> Life:
    return bare(**facts).when(ToTheEndOf("seller_proof_of_insurance"))


def row(life: Life) -> str:
    """The row by which the bearer was decided last."""
    decided = [r.event for r in life.world.histories[life.claim.claim_id] if isinstance(r.event, tv.BearerDecided)]
    return decided[-1].clause.clause.partition(" · bearer.")[2]


class TestSmallClaims:
    @pytest.mark.parametrize("facts", [{}, {"insurance_requested": True}, {"seller_gone": "bankruptcy"}])
    def test_an_insured_seller_in_good_standing_owes_nothing(self, facts: dict[str, Any]) -> None:
        life = small(**facts)
        assert (life.claim.bearer, row(life), life.claim.recoveries) == ("platform", "small_insured", ())
        assert open_accounts(life.books) == {"claims_expense": 150_00, "bank": -150_00}

    def test_nor_does_one_that_breaks_other_rules(self) -> None:
        life = small(seller_good_standing=False)
        assert (life.claim.bearer, row(life)) == ("platform", "small_insured_other_breach")

    @pytest.mark.parametrize("requested, by_row", [(True, "small_not_insured"), (False, "small_asked_in_vain")])
    def test_one_that_is_not_insured_owes_it_once_it_was_asked_in_vain(self, requested: bool, by_row: str) -> None:
        life = bare(insurance_requested=requested)
        assert life.claim.bearer == "seller_asked_7_days" and life.claim.recoveries == ()
        life.when(ToTheEndOf("seller_proof_of_insurance")).then("ClockRanOut", "BearerDecided", "RecoveryOpened")
        assert (life.claim.bearer, row(life), life.debt().owed_minor) == ("seller_owes", by_row, 150_00)
        opened = life.event(rv.RecoveryOpened)
        assert (opened.basis, opened.obstacle, opened.paid_minor) == ("contract", "", 150_00)
        assert opened.made_whole.clause == "us 2026-1 · made_whole.whole"
        assert ("seller_insured", "false") in [(fact.name, fact.value) for fact in opened.facts]

    def test_its_time_may_end_before_the_money_goes(self) -> None:
        life = given(file(), world=World(facts={"seller_insured": False})).when(ToTheEndOf("seller_proof_of_insurance"))
        assert life.claim.bearer is None and life.claim.recoveries == ()
        settle(life).then("PaymentSettled", "ClaimClosed", "BearerDecided", "RecoveryOpened")

    def test_one_that_is_gone_owes_it_and_nothing_can_be_withheld(self) -> None:
        life = bare(seller_gone="account_gone")
        assert (life.claim.bearer, row(life), life.recovery.obstacle) == ("seller_owes", "small_gone", "account_gone")
        life.world.pays_out(500_00)
        life.refuses(withhold(), "nothing_can_be_withheld")

    def test_of_a_claim_that_paid_nothing_nobody_bears_anything(self) -> None:
        life = given(file(evidence=()), WITHDRAW, world=World(facts={"seller_insured": False}))
        assert life.claim.bearer is None and life.claim.recoveries == ()
        refused = given(file(parts(property_damage=400_00), shown={1: 300_00}), concern(1), ANSWER)
        refused.world.facts["seller_insured"] = False
        refused.when(decision(refuse(1, 400_00)), by=BO)
        assert refused.claim.bearer is None and refused.claim.held("seller_proof_of_insurance") is None

    def test_the_answer_is_written_once_while_it_stays_the_same(self) -> None:
        life = asked_in_vain()
        life.when(proof_of_insurance()).when(proof_is(False), by=BO)
        answers = [
            r.event.bearer for r in life.world.histories[life.claim.claim_id] if isinstance(r.event, tv.BearerDecided)
        ]
        assert answers == ["seller_asked_7_days", "seller_owes"]


class TestLargeClaims:
    @pytest.mark.parametrize(
        "facts, answer, by_row, bearer",
        [
            ({}, "accepts", "large_accepted_insured", "seller_or_insurer"),
            ({"seller_insured": False}, "accepts", "large_accepted", "seller_owes"),
            ({}, "silent", "large_not_accepted", "platform_then_recovers"),
            ({"seller_insured": False}, "silent", "large_not_accepted", "platform_then_recovers"),
        ],
    )
    def test_who_accepted_owes_and_who_was_silent_is_pursued(
        self, facts: dict[str, Any], answer: str, by_row: str, bearer: str
    ) -> None:
        life = tendered(**facts)
        paid(life.when(accepts()) if answer == "accepts" else life.when(ToTheEndOf("seller_answers")))
        assert (row(life), life.claim.bearer, life.debt().owed_minor) == (by_row, bearer, 2000_00)
        assert life.recovery.opened.basis == ("accepted_tender" if answer == "accepts" else "contract")

    def test_nothing_is_asked_back_before_the_claimant_has_the_money(self) -> None:
        life = tendered().when(ToTheEndOf("seller_answers"))
        assert life.claim.bearer is None and life.claim.recoveries == ()
        life.when(release_of(life))
        assert life.stage() == "Paying" and life.claim.recoveries == ()
        settle(life).then("PaymentSettled", "BearerDecided", "RecoveryOpened")


class TestProofOfInsurance:
    def test_it_was_asked_when_the_seller_was_told(self) -> None:
        life = bare()
        clock = life.claim.running("seller_proof_of_insurance")
        assert clock is not None and clock.due_at == PROOF_BY and life.claim.proof_asked

    @pytest.mark.parametrize("late", [False, True])
    def test_in_time_to_the_second_or_late(self, late: bool) -> None:
        life = bare()
        if late:
            life.when(ToTheEndOf("seller_proof_of_insurance"))
        life.when(proof_of_insurance(), at=PROOF_BY if late else PROOF_BY - SECOND)
        assert life.event(tv.ProofOfInsuranceSent).in_time is not late and life.claim.proof_late is late

    def test_a_second_late_before_the_timer_fires_is_late_all_the_same(self) -> None:
        life = bare().when(proof_of_insurance(), at=PROOF_BY)
        assert life.claim.proof_late and life.claim.held("seller_proof_of_insurance") is None

    def test_while_a_person_looks_nothing_is_asked(self) -> None:
        life = bare().when(proof_of_insurance(), at=PROOF_BY - SECOND)
        life.when(do.RunOutClock("seller_proof_of_insurance", 1), at=PROOF_BY).then_nothing()
        assert life.claim.recoveries == () and "proof_of_insurance" in life.claim.tasks
        life.refuses(proof_of_insurance(), "proof_is_looked_at")

    def test_also_where_the_money_goes_while_a_person_looks(self) -> None:
        life = given(file(), world=World(facts={"seller_insured": False})).when(proof_of_insurance())
        settle(life)
        assert life.outcome() == "paid" and life.claim.bearer is None and life.claim.recoveries == ()
        life.when(proof_is(False), by=BO).then("BearerDecided", "RecoveryOpened")

    def test_found_good_with_the_cover_on_file_the_seller_owes_nothing(self) -> None:
        life = bare().when(proof_of_insurance())
        life.refuses(proof_is(True), "no_cover_on_file", by=BO)
        life.world.facts = {"coverage": PLAIN_COVER}
        life.when(proof_is(True), by=BO).then("ProofOfInsuranceChecked", "BearerDecided")
        assert (life.claim.bearer, row(life), life.claim.recoveries) == ("platform", "small_insured", ())

    def test_found_wanting_it_owes_after_all_and_is_told_why(self) -> None:
        life = bare().when(proof_of_insurance())
        life.refuses(td.CheckProofOfInsurance(False), "words_needed", by=BO)
        life.when(proof_is(False), by=BO).then("ProofOfInsuranceChecked", "BearerDecided", "RecoveryOpened")
        assert life.claim.bearer == "seller_owes"

    def test_late_it_ends_the_recovery_and_gives_back_what_was_withheld(self) -> None:
        life = asked_in_vain()
        life.world.pays_out(100_00)
        life.when(withhold()).when(proof_of_insurance())
        life.world.facts = {"coverage": PLAIN_COVER}
        life.when(proof_is(True), by=BO).then("BearerDecided", "DebtReduced", "FundsReleased", "RecoveryClosed")
        assert row(life) == "small_insured_late" and life.recovery.stage == Ended("insured")
        assert open_accounts(life.books) == {"claims_expense": 150_00, "bank": -150_00}

    def test_while_it_is_looked_at_the_demand_may_come_to_stand_and_what_is_held_waits(self) -> None:
        life = asked_in_vain()
        life.world.pays_out(100_00)
        life.when(withhold()).when(proof_of_insurance())
        life.when(ToTheEndOf("seller_contests")).then("RecoveryStands")
        assert "FundsApplied" not in life.kinds and life.recovery.held_minor == 100_00
        life.world.pays_out(100_00)
        life.refuses(withhold(2), "proof_is_looked_at")
        life.world.facts = {"coverage": PLAIN_COVER}
        life.when(proof_is(True), by=BO).then("DebtReduced", "FundsReleased", "RecoveryClosed")
        assert life.books["withheld_funds"] == life.books["recoveries_receivable"] == 0

    def test_found_wanting_after_the_demand_stands_what_was_held_pays(self) -> None:
        life = asked_in_vain()
        life.world.pays_out(100_00)
        life.when(withhold()).when(proof_of_insurance()).when(ToTheEndOf("seller_contests"))
        life.when(proof_is(False), by=BO).then("ProofOfInsuranceChecked", "FundsApplied")
        assert life.recovery.outstanding_minor("seller") == 50_00

    def test_sent_after_the_demand_stands_what_was_taken_before_goes_back(self) -> None:
        life = asked_in_vain()
        life.world.pays_out(100_00)
        life.when(withhold()).when(ToTheEndOf("seller_contests")).then("RecoveryStands", "FundsApplied")
        life.when(proof_of_insurance())
        life.world.facts = {"coverage": PLAIN_COVER}
        life.when(proof_is(True), by=BO).then("DebtReduced", "RepaymentOrdered", "RecoveryClosed")
        assert life.event(rv.RepaymentOrdered).amount_minor == 100_00 and "repayment" in life.claim.tasks
        life.when(repaid(100_00)).then("RepaymentMade")
        assert "repayment" not in life.claim.tasks
        # What the platform held back of the payout, it paid out again: nothing of it is left.
        assert life.books["withheld_funds"] + life.books["recoveries_bank"] == 0
        assert life.books["recoveries_receivable"] == life.books["claims_recovered"] == 0

    def test_it_is_not_sent_empty_nor_unasked_nor_after_the_end(self) -> None:
        bare().refuses(td.SendProofOfInsurance(()), "nothing_sent")
        small().refuses(proof_of_insurance(), "no_proof_asked")
        life = asked_in_vain().when(contest()).when(contest_is("upheld"))
        assert life.refuses(proof_of_insurance(), "recovery_is_closed").facts["outcome"] == "contest_won"
        bare().refuses(td.SendProofOfInsurance((paper(5, "other", 9),)), "evidence_for_no_exposure")

    def test_a_person_looks_and_the_task_ends_no_other_way(self) -> None:
        life = bare()
        life.refuses(proof_is(True), "no_such_task", by=BO)
        life.when(proof_of_insurance())
        life.refuses(do.FinishTask("proof_of_insurance", WORDS), "no_such_task", by=BO)

    def test_on_a_large_claim_the_insurer_is_told_as_soon_as_it_is_known(self) -> None:
        life = tendered(seller_insured=False).when(proof_of_insurance())
        life.world.facts = {"coverage": cover()}
        life.when(proof_is(True), by=BO).then("ProofOfInsuranceChecked", "InsurerNotified")
        assert life.claim.running("insurer_answers")
        paid(life.when(ToTheEndOf("seller_answers")))
        assert (life.debt("seller").owed_minor, life.debt("insurer").owed_minor) == (500_00, 1500_00)


class TestNoDefect:
    def test_late_evidence_changes_who_bears_it_and_never_what_the_claimant_keeps(self) -> None:
        life = asked_in_vain()
        life.world.pays_out(100_00)
        life.when(withhold()).when(do.AddSellerEvidence((paper(5, "other", 0),), WORDS))
        assert "seller_evidence" in life.claim.tasks and life.outcome() == "paid"
        life.when(no_defect(), by=BO).then("NoDefectFound", "BearerDecided", "FundsReleased", "RecoveryClosed")
        assert life.recovery.stage == Ended("no_defect") and life.claim.bearer == "platform"
        assert life.claim.paid_minor == 150_00 and "seller_evidence" not in life.claim.tasks
        assert open_accounts(life.books) == {"claims_expense": 150_00, "bank": -150_00}

    def test_before_the_seller_owes_anything_it_ends_the_question(self) -> None:
        life = bare().when(no_defect(), by=BO)
        assert life.claim.bearer == "platform" and life.claim.held("seller_proof_of_insurance") is None
        assert life.claim.recoveries == ()

    def test_also_what_it_accepted_and_what_its_insurer_was_asked(self) -> None:
        life = paid(tendered(coverage=cover()).when(accepts())).when(no_defect(), by=BO)
        assert life.recovery.stage == Ended("no_defect") and life.recovery.owed_minor == 0
        assert life.books["insurer_receivables"] == life.books["recoveries_receivable"] == 0

    def test_once_in_words_and_of_something_that_was_paid(self) -> None:
        given(file(), world=World()).refuses(no_defect(), "nothing_paid_yet", by=BO)
        bare().refuses(td.FindNoDefect(Reason("no_defect", "c")), "words_needed", by=BO)
        life = bare().when(no_defect(), by=BO)
        life.refuses(no_defect(), "no_defect_found_before", by=BO)

    def test_not_once_the_recovery_is_over(self) -> None:
        life = asked_in_vain().when(contest()).when(contest_is("upheld"))
        assert life.refuses(no_defect(), "recovery_is_closed", by=BO).facts["outcome"] == "contest_won"


class TestTheClaimantFirst:
    """Made whole: a part was refused and may be appealed, and the insurer is asked by the claimant's own right."""

    def reduced(self, **facts: Any) -> Life:
        life = tendered(3000_00, **facts).when(ToTheEndOf("seller_answers")).when(concern(1)).when(ANSWER)
        life.when(decision(refuse(1, 400_00, approved=2600_00)), by=OLGA).when(confirmed(), by=RITA)
        return paid(life)

    def test_who_asks_by_the_claimants_right_waits_until_the_appeal_is_over(self) -> None:
        life = self.reduced(coverage=cover())
        assert life.claim.bearer == "platform_then_recovers" and life.claim.recoveries == ()
        life.when(ToTheEndOf("appeal")).then("ClosedForGood", "RecoveryOpened")
        assert life.event(rv.RecoveryOpened).basis == "assignment"

    def test_who_asks_by_the_contract_with_the_seller_does_not(self) -> None:
        life = self.reduced(seller_insured=False)
        assert life.recovery.opened.basis == "contract" and life.debt().owed_minor == 2600_00

    def test_an_insurer_that_denied_meanwhile_is_not_waited_for(self) -> None:
        life = self.reduced(coverage=cover()).when(insurer_says("denies", "excl. 4(b)"), by=HARBOUR)
        life.then("InsurerAnswered", "RecoveryOpened")
        assert life.event(rv.RecoveryOpened).basis == "contract" and life.debt().owed_minor == 2600_00

    def test_what_the_appeal_brings_is_demanded_too_and_may_be_contested_anew(self) -> None:
        life = self.reduced(seller_insured=False).when(contest()).when(contest_is("dismissed")).when(APPEAL)
        life.when(decision(approve(1, 400_00)), by=ADA).when(confirmed(), by=OMAR)
        paid(life)
        life.then("PaymentSettled", "RecoveryRaised")
        assert life.debt().owed_minor == life.claim.paid_minor == 3000_00
        life.when(contest("amount")).then("RecoveryContested")

    def test_a_part_payment_asks_nothing_back_while_the_rest_is_open(self) -> None:
        life = given(
            file(parts(property_damage=400_00), shown={1: 300_00}), world=World(facts={"seller_insured": False})
        )
        settle(life.when(decision(approve(1, 300_00)), by=BO))
        life.when(ToTheEndOf("seller_proof_of_insurance"))
        assert life.claim.bearer == "seller_owes" and life.claim.recoveries == ()
        settle(life.when(decision(approve(1, 100_00)), by=BO)).then("ClaimClosed", "RecoveryOpened")
        assert life.debt().owed_minor == 400_00


def test_a_recovery_asks_for_what_was_paid_and_the_log_says_why() -> None:
    life = asked_in_vain()
    opened = life.recovery.opened
    assert opened.clause.clause == "us 2026-1 · bearer.small_asked_in_vain" and opened.policy_version == "us 2026-1"
    assert life.recovery.opened_at == PROOF_BY and life.claim.running("seller_contests")
    assert open_accounts(life.books) == {
        "claims_expense": 150_00, "bank": -150_00, "recoveries_receivable": 150_00, "claims_recovered": -150_00,
    }  # fmt: skip
