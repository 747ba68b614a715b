"""Getting the money back: withholding, receipts, contest, instalments, write-off, and what goes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cast import (
    ADA,
    ANSWER,
    APPEAL,
    BEN,
    BEN_ID,
    BO,
    FIN,
    KETTLE_CO,
    OLGA,
    OMAR,
    RITA,
    RON,
    WORDS,
    By,
    Life,
    ToTheEndOf,
    World,
    after,
    approve,
    concern,
    contest,
    contest_is,
    decision,
    file,
    given,
    gives_up,
    instalments,
    open_accounts,
    paper,
    parts,
    proof_is,
    proof_of_insurance,
    receipt,
    refuse,
    repaid,
    settle,
    withhold,
)  # fmt: skip

from makewhole.domain.actors import Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.domain.claim.events import Reason
from makewhole.domain.recovery import commands as rd
from makewhole.domain.recovery import events as rv
from makewhole.domain.recovery.state import Contested, Demanded, Ended, Stands

SECOND = timedelta(seconds=1)
# Demanded on Monday 9 March; thirty days are Wednesday 8 April, four in the afternoon in New York.
CONTEST_BY = datetime(2026, 4, 8, 20, 0, tzinfo=UTC)
PAID_OUT = {"claims_expense": 600_00, "bank": -600_00}


def demanded(**facts: Any) -> Life:
    """Ana got 600.00; the seller is not insured, was asked in vain, and owes it."""
    world = World(facts={"seller_insured": False} | facts)
    life = settle(given(file(parts(property_damage=600_00)), world=world))
    return life.when(ToTheEndOf("seller_proof_of_insurance"))


def standing() -> Life:
    """The same, and nobody contested in time."""
    return demanded().when(ToTheEndOf("seller_contests"))


class TestWithholding:
    def test_as_much_as_is_owed_and_there(self) -> None:
        life = demanded()
        life.world.pays_out(250_00)
        life.world.pays_out(900_00)
        assert life.when(withhold(1)).event(rv.FundsWithheld).amount_minor == 250_00
        assert life.when(withhold(2)).event(rv.FundsWithheld).amount_minor == 350_00
        assert (life.recovery.held_minor, life.debt().owed_minor, life.recovery.applied_minor) == (600_00, 600_00, 0)

    def test_a_part_of_it_over_several_payouts(self) -> None:
        life = demanded()
        for n in range(1, 5):
            life.world.pays_out(200_00)
            life.when(withhold(n, 150_00)).then("FundsWithheld")
        life.world.pays_out(200_00)
        life.when(withhold(5)).then_nothing()
        assert life.recovery.held_minor == 600_00

    def test_never_above_the_payout(self) -> None:
        life = demanded()
        life.world.pays_out(250_00)
        assert life.refuses(withhold(1, 250_01), "above_the_payout").facts["room_minor"] == 250_00
        life.when(withhold(1, 250_00)).then("FundsWithheld")
        assert open_accounts(life.books)["withheld_funds"] == 250_00

    def test_nor_above_what_is_left_of_it_by_other_claims(self) -> None:
        life = demanded()
        life.world.pays_out(250_00)
        life.when(withhold(1, 200_00))
        bens = file(parts(property_damage=600_00), number=2, claimant=BEN_ID, payee=2, loss_date=date(2026, 2, 20))
        other = given(By(BEN, bens), world=life.world).when(decision(approve(1, 600_00)), by=BO)
        settle(other).when(ToTheEndOf("seller_proof_of_insurance"))
        assert other.refuses(withhold(1, 50_01), "above_the_payout").facts["room_minor"] == 50_00
        assert other.when(withhold(1)).event(rv.FundsWithheld).amount_minor == 50_00

    def test_nor_above_what_is_owed(self) -> None:
        life = demanded()
        life.world.pays_out(900_00)
        assert life.refuses(withhold(1, 600_01), "more_than_owed").facts["owed_minor"] == 600_00
        for minor in (0, -1):
            life.refuses(withhold(1, minor), "amount_not_above_zero")

    def test_of_the_same_payout_once_however_often_it_is_told(self) -> None:
        life = demanded()
        life.world.pays_out(250_00)
        life.when(withhold(1, 100_00))
        life.when(withhold(1, 100_00)).then_nothing()
        life.when(withhold(1)).then_nothing()
        assert life.recovery.held_minor == 100_00

    def test_only_of_this_seller_and_in_its_currency(self) -> None:
        life = demanded()
        life.world.pays_out(250_00, seller=66)
        life.world.pays_out(250_00, currency="CAD")
        life.refuses(withhold(1), "unknown_disbursement")
        life.refuses(withhold(404), "unknown_disbursement")
        assert life.refuses(withhold(2), "disbursement_in_other_currency").facts == {"currency": "CAD", "needed": "USD"}
        assert open_accounts(life.books) == PAID_OUT | {"recoveries_receivable": 600_00, "claims_recovered": -600_00}

    def test_nothing_without_a_recovery_or_after_it(self) -> None:
        none = settle(given(file()))
        none.world.pays_out(250_00)
        none.refuses(withhold(1), "no_recovery")
        life = standing().when(receipt(600_00))
        life.world.pays_out(250_00)
        assert life.refuses(withhold(1), "recovery_is_closed").facts["outcome"] == "recovered"

    def test_held_money_pays_the_debt_once_the_time_to_contest_is_over(self) -> None:
        life = demanded()
        life.world.pays_out(250_00)
        life.when(withhold(1)).when(ToTheEndOf("seller_contests")).then("RecoveryStands", "FundsApplied")
        assert (life.recovery.held_minor, life.recovery.applied_minor) == (0, 250_00)
        assert life.recovery.outstanding_minor("seller") == 350_00
        life.world.pays_out(900_00)
        life.when(withhold(2)).then("FundsWithheld", "FundsApplied", "RecoveryClosed")
        assert life.recovery.stage == Ended("recovered")
        assert open_accounts(life.books) == PAID_OUT | {"withheld_funds": 600_00, "claims_recovered": -600_00}

    @pytest.mark.parametrize("obstacle", ["account_gone", "bankruptcy"])
    def test_a_seller_that_is_gone_owes_no_less_but_nothing_is_withheld(self, obstacle: Any) -> None:
        life = demanded()
        life.world.pays_out(250_00)
        life.when(rd.NoteObstacle(obstacle, WORDS)).then("ObstacleNoted")
        life.when(rd.NoteObstacle(obstacle, WORDS)).then_nothing()
        assert life.refuses(withhold(1), "nothing_can_be_withheld").facts["obstacle"] == obstacle
        assert life.debt().owed_minor == 600_00
        life.when(rd.NoteObstacle("")).when(withhold(1)).then("FundsWithheld")

    def test_nor_from_one_that_the_marketplace_says_is_gone(self) -> None:
        life = demanded()
        life.world.pays_out(250_00)
        life.world.facts["seller_gone"] = "bankruptcy"
        life.refuses(withhold(1), "nothing_can_be_withheld")

    def test_not_while_a_proof_is_looked_at(self) -> None:
        life = demanded().when(proof_of_insurance())
        life.world.pays_out(250_00)
        life.refuses(withhold(1), "proof_is_looked_at")

    def test_who_may(self) -> None:
        life = demanded()
        life.world.pays_out(250_00)
        for by in (BO, RITA, KETTLE_CO):
            life.refuses(withhold(1), "role_may_not", by=by)
        life.when(withhold(1), by=FIN).then("FundsWithheld")


class TestReceipts:
    def test_money_of_the_seller_pays_its_debt_and_the_last_ends_it(self) -> None:
        life = standing().when(receipt(200_00)).then("RecoveryReceived")
        assert life.recovery.outstanding_minor("seller") == 400_00
        life.when(receipt(400_00)).then("RecoveryReceived", "RecoveryClosed")
        assert life.recovery.stage == Ended("recovered") and life.recovery.recovered_minor == 600_00
        assert open_accounts(life.books) == PAID_OUT | {"recoveries_bank": 600_00, "claims_recovered": -600_00}

    def test_told_twice_it_is_one_also_after_the_end(self) -> None:
        life = standing().when(receipt(600_00, number=1))
        life.when(receipt(600_00, number=1)).then_nothing()
        # One name for two sums: somebody is wrong, and it must not pass for the first.
        assert life.refuses(receipt(1_00, number=1), "receipt_told_differently").facts["amount_minor"] == 600_00

    def test_above_what_is_owed_or_for_a_closed_recovery_or_of_nobody_it_is_refused(self) -> None:
        life = standing()
        before = open_accounts(life.books)
        assert life.refuses(receipt(600_01), "more_than_owed").facts["owed_minor"] == 600_00
        assert life.refuses(receipt(1, "insurer"), "more_than_owed").facts["owed_minor"] == 0
        for minor in (0, -1):
            life.refuses(receipt(minor), "amount_not_above_zero")
        assert open_accounts(life.books) == before
        life.when(receipt(600_00))
        before = open_accounts(life.books)
        assert life.refuses(receipt(1_00), "recovery_is_closed").facts["outcome"] == "recovered"
        assert open_accounts(life.books) == before
        settle(given(file())).refuses(receipt(1_00), "no_recovery")

    def test_what_is_held_beyond_the_rest_goes_back_at_once_the_newest_first(self) -> None:
        life = demanded()
        for net in (200_00, 250_00):
            life.when(withhold(life.world.pays_out(net)))
        life.when(receipt(400_00)).then("RecoveryReceived", "FundsReleased")
        assert life.event(rv.FundsReleased).lines == (rv.WithheldLine(2, 250_00),)
        life.when(receipt(150_00)).then("FundsReleased")
        assert life.event(rv.FundsReleased).lines == (rv.WithheldLine(1, 150_00),)
        assert (life.recovery.held_minor, life.recovery.recovered_minor) == (50_00, 550_00)

    def test_paid_before_the_time_to_contest_is_over_it_ends_when_that_is(self) -> None:
        life = demanded().when(receipt(600_00))
        assert life.recovery.stage == Demanded()
        life.when(ToTheEndOf("seller_contests")).then("RecoveryStands", "RecoveryClosed")


class TestContest:
    @pytest.mark.parametrize("in_time", [True, False])
    def test_until_the_thirtieth_day_at_its_hour(self, in_time: bool) -> None:
        life = demanded()
        clock = life.claim.running("seller_contests")
        assert clock is not None and clock.due_at == CONTEST_BY
        if in_time:
            life.when(contest(), at=CONTEST_BY - SECOND).then("RecoveryContested")
        else:
            life.refuses(contest(), "contest_too_late", at=CONTEST_BY)
            life.refuses(contest(), "contest_too_late", at=CONTEST_BY + timedelta(days=1))

    def test_a_pause_keeps_the_door_open(self) -> None:
        life = demanded().when(do.PauseClocks(("seller_contests",), WORDS)).when(after(days=90))
        life.when(contest()).then("RecoveryContested")

    def test_nothing_more_is_withheld_or_given_up_meanwhile_and_nothing_is_applied(self) -> None:
        life = demanded()
        life.world.pays_out(100_00)
        life.world.pays_out(100_00)
        life.when(withhold(1)).when(contest("no_defect"))
        assert life.recovery.stage == Contested() and "contest" in life.claim.tasks
        life.refuses(withhold(2), "contest_is_open")
        life.refuses(gives_up(1_00), "contest_is_open")
        life.refuses(instalments((date(2026, 5, 1), 500_00)), "contest_is_open")
        assert life.claim.held("seller_contests") is None and life.recovery.held_minor == 100_00

    def test_with_a_reason_that_we_know_once_by_who_owes(self) -> None:
        life = demanded()
        life.refuses(rd.ContestRecovery((), WORDS), "reason_needed")
        life.refuses(contest("spite"), "unknown_reason")
        life.refuses(rd.ContestRecovery(("amount",), WORDS, (paper(5, "other", 9),)), "evidence_for_no_exposure")
        life.when(contest()).refuses(contest(), "contested_before")
        life.when(contest_is("partly", 100_00)).refuses(contest(), "contested_before")
        settle(given(file())).refuses(contest(), "no_recovery")

    def test_a_person_who_took_no_part_decides_in_words(self) -> None:
        life = given(
            By(ADA, file(parts(property_damage=400_00), shown={1: 300_00})),
            world=World(facts={"seller_insured": False}),
        )
        settle(life.when(decision(approve(1, 400_00)), by=RITA)).when(ToTheEndOf("seller_proof_of_insurance"))
        life.when(contest())
        life.refuses(contest_is("upheld"), "took_part_before", by=RITA)
        life.refuses(contest_is("upheld"), "took_part_before", by=Actor(ADA.name, "reviewer"))
        life.refuses(contest_is("upheld"), "took_part_before", by=Actor("machine:helper", "reviewer"))
        life.refuses(contest_is("upheld"), "role_may_not", by=BO)
        life.refuses(rd.DecideContest("upheld", Reason("not_heard", "c")), "words_needed")
        life.when(contest_is("upheld"), by=RON).then("ContestDecided")

    def test_who_checked_the_proof_or_found_a_defect_took_part_too(self) -> None:
        checker = Actor("person:44", "reviewer")
        life = demanded().when(proof_of_insurance()).when(proof_is(False), by=checker).when(contest())
        life.refuses(contest_is("dismissed"), "took_part_before", by=checker)

    def test_upheld_the_money_goes_back_and_nothing_is_owed(self) -> None:
        life = demanded().when(receipt(150_00))
        life.when(withhold(life.world.pays_out(100_00))).when(contest("no_defect"))
        life.when(contest_is("upheld")).then("ContestDecided", "DebtReduced", "FundsReleased", "RepaymentOrdered")
        assert life.recovery.stage == Ended("contest_won") and life.recovery.recovered_minor == 0
        assert open_accounts(life.books) == PAID_OUT | {"recoveries_bank": 150_00, "repayments_payable": -150_00}
        life.refuses(repaid(150_01), "no_repayment_due")
        life.when(repaid(150_00)).refuses(repaid(1), "no_repayment_due")
        assert open_accounts(life.books) == PAID_OUT and life.claim.paid_minor == 600_00

    def test_upheld_in_part_the_rest_stands(self) -> None:
        life = demanded()
        life.when(withhold(life.world.pays_out(500_00))).when(contest("amount"))
        for off in (0, -1, 600_00, 700_00):
            life.refuses(contest_is("partly", off), "off_out_of_range")
        life.when(contest_is("partly", 200_00)).then("DebtReduced", "RecoveryStands", "FundsReleased", "FundsApplied")
        assert life.debt().owed_minor == 400_00 and life.recovery.applied_minor == 400_00
        assert life.recovery.stage == Ended("recovered") and life.recovery.released_minor == 100_00
        assert open_accounts(life.books) == PAID_OUT | {"withheld_funds": 400_00, "claims_recovered": -400_00}

    def test_dismissed_the_demand_stands(self) -> None:
        life = demanded()
        life.when(withhold(life.world.pays_out(100_00))).when(contest())
        life.when(contest_is("dismissed")).then("ContestDecided", "RecoveryStands", "FundsApplied")
        assert life.recovery.stage == Stands() and life.recovery.outstanding_minor("seller") == 500_00
        assert life.recovery.contests[-1].decided_by == RON.name
        life.refuses(contest_is("upheld"), "nothing_contested")

    def test_a_decision_that_is_late_is_told_to_the_programme_owner(self) -> None:
        life = demanded().when(contest()).when(ToTheEndOf("contest_decision"))
        assert life.event(ev.DeadlineMissed) == ev.DeadlineMissed("contest_decision", "programme_owner")
        assert life.recovery.stage == Contested()
        life.when(contest_is("dismissed"))
        assert "missed_contest_decision" not in life.claim.tasks

    def test_money_may_come_while_it_is_open_and_goes_back_if_it_is_upheld(self) -> None:
        life = demanded().when(contest()).when(receipt(600_00))
        assert life.recovery.stage == Contested()
        life.when(contest_is("upheld")).then("RepaymentOrdered", "RecoveryClosed")
        assert life.event(rv.RepaymentOrdered).amount_minor == 600_00

    def test_who_won_owes_only_what_is_paid_after_that(self) -> None:
        """An appeal of the claimant brings more money: a new demand for that, and for that alone."""
        life = given(
            file(parts(property_damage=600_00), shown={1: 500_00}), world=World(facts={"seller_insured": False})
        )
        life.when(concern(1)).when(ANSWER).when(decision(refuse(1, 100_00, approved=500_00)), by=BO)
        settle(life).when(ToTheEndOf("seller_proof_of_insurance")).when(contest()).when(contest_is("upheld"))
        assert life.recovery.stage == Ended("contest_won")
        settle(life.when(APPEAL).when(decision(approve(1, 100_00)), by=OLGA)).then("RecoveryOpened")
        assert (life.recovery.no, life.debt().owed_minor) == (2, 100_00)

    def test_a_repayment_of_the_first_recovery_can_be_made_while_a_second_runs(self) -> None:
        life = given(
            file(parts(property_damage=600_00), shown={1: 500_00}), world=World(facts={"seller_insured": False})
        )
        life.when(concern(1)).when(ANSWER).when(decision(refuse(1, 100_00, approved=500_00)), by=BO)
        settle(life).when(ToTheEndOf("seller_proof_of_insurance")).when(receipt(500_00))
        life.when(contest()).when(contest_is("upheld"))
        settle(life.when(APPEAL).when(decision(approve(1, 100_00)), by=OLGA))
        life.refuses(repaid(500_01), "no_repayment_due")
        life.when(repaid(500_00)).then("RepaymentMade")
        assert life.event(rv.RepaymentMade).no == 1 and "repayment" not in life.claim.tasks
        assert life.books["repayments_payable"] == 0
        life.refuses(repaid(1), "no_repayment_due")


class TestInstalments:
    PLAN = ((date(2026, 4, 1), 300_00), (date(2026, 5, 1), 300_00))

    def test_they_add_up_lie_ahead_and_follow_each_other(self) -> None:
        life = standing()
        today = life.world.calendar.day_of(life.world.at)
        assert today == date(2026, 4, 8)
        ahead = [today + timedelta(days=days) for days in (0, 1, 30)]
        life.refuses(instalments(), "instalments_not_in_order")
        life.refuses(instalments((ahead[0], 600_00)), "instalments_not_in_order")
        life.refuses(instalments((ahead[2], 300_00), (ahead[1], 300_00)), "instalments_not_in_order")
        life.refuses(instalments((ahead[1], 300_00), (ahead[1], 300_00)), "instalments_not_in_order")
        life.refuses(instalments((ahead[1], 0), (ahead[2], 600_00)), "amount_not_above_zero")
        life.refuses(instalments((ahead[1], 600_01)), "instalments_do_not_add_up")
        assert life.refuses(instalments((ahead[1], 599_99)), "instalments_do_not_add_up").facts["owed_minor"] == 600_00
        life.when(instalments((ahead[1], 300_00), (ahead[2], 300_00))).then("InstalmentsAgreed")

    def test_kept_nothing_is_withheld_and_the_last_one_ends_it(self) -> None:
        life = demanded().when(instalments(*self.PLAN))
        life.world.pays_out(900_00)
        life.refuses(withhold(1), "instalments_run")
        clock = life.claim.running("instalment")
        assert clock is not None and clock.due_at == datetime(2026, 4, 6, 20, 0, tzinfo=UTC)  # Saturday 4 and Monday
        life.when(receipt(300_00)).when(ToTheEndOf("instalment"))
        assert "InstalmentMissed" not in life.kinds and life.claim.running("instalment")
        life.when(ToTheEndOf("seller_contests")).when(receipt(300_00)).then("RecoveryClosed")
        assert life.recovery.stage == Ended("recovered") and life.claim.held("instalment") is None

    def test_missed_by_a_cent_withholding_goes_on(self) -> None:
        life = demanded().when(instalments(*self.PLAN)).when(receipt(299_99)).when(ToTheEndOf("instalment"))
        assert life.event(rv.InstalmentMissed) == rv.InstalmentMissed(1, 300_00, 299_99)
        assert "instalment_missed" in life.claim.tasks and life.recovery.instalments == ()
        life.world.pays_out(900_00)
        assert life.when(withhold(1)).event(rv.FundsWithheld).amount_minor == 300_01

    def test_what_was_held_before_is_no_instalment_when_it_is_applied(self) -> None:
        life = demanded()
        life.when(withhold(life.world.pays_out(200_00)))
        life.when(instalments((date(2026, 4, 20), 200_00), (date(2026, 5, 20), 200_00)))
        life.when(ToTheEndOf("seller_contests")).then("FundsApplied").when(ToTheEndOf("instalment"))
        assert life.event(rv.InstalmentMissed) == rv.InstalmentMissed(1, 200_00, 0)

    def test_when_all_are_paid_and_more_is_owed_by_then_that_may_be_withheld(self) -> None:
        life = given(
            file(parts(property_damage=600_00), shown={1: 500_00}), world=World(facts={"seller_insured": False})
        )
        life.when(concern(1)).when(ANSWER).when(decision(refuse(1, 100_00, approved=500_00)), by=BO)
        settle(life).when(ToTheEndOf("seller_proof_of_insurance")).when(instalments((date(2026, 4, 1), 500_00)))
        life.when(APPEAL).when(decision(approve(1, 100_00)), by=OLGA)
        settle(life).then("RecoveryRaised")
        life.when(receipt(500_00)).when(ToTheEndOf("instalment"))
        life.world.pays_out(900_00)
        assert life.when(withhold(1)).event(rv.FundsWithheld).amount_minor == 100_00

    def test_they_are_agreed_by_finance_and_anew_where_need_be(self) -> None:
        life = demanded()
        life.refuses(instalments(*self.PLAN), "role_may_not", by=BO)
        life.when(instalments(*self.PLAN)).when(instalments((date(2026, 6, 1), 600_00)))
        assert [clock.state for clock in life.claim.clocks if clock.name == "instalment"] == ["stopped", "running"]


class TestWritingOff:
    def test_a_debt_that_is_not_worth_pursuing_with_a_reason(self) -> None:
        life = standing().when(gives_up(600_00, "bankruptcy")).then("RecoveryWrittenOff", "RecoveryClosed")
        assert life.recovery.stage == Ended("written_off")
        assert open_accounts(life.books) == PAID_OUT | {"write_offs": 600_00, "claims_recovered": -600_00}

    def test_a_part_of_it(self) -> None:
        life = standing().when(gives_up(100_00, "settled_for_less"))
        assert life.recovery.outstanding_minor("seller") == 500_00
        life.refuses(receipt(500_01), "more_than_owed")
        life.when(receipt(500_00)).then("RecoveryClosed")
        assert life.recovery.stage == Ended("recovered")

    def test_before_the_time_to_contest_is_over_it_leaves_nothing_to_contest(self) -> None:
        life = demanded().when(gives_up(600_00)).then("RecoveryWrittenOff", "RecoveryStands", "RecoveryClosed")
        assert life.claim.held("seller_contests") is None

    def test_what_is_held_covers_its_part_and_is_not_given_up(self) -> None:
        life = demanded()
        life.when(withhold(life.world.pays_out(200_00)))
        assert life.refuses(gives_up(400_01), "more_than_owed").facts["owed_minor"] == 400_00
        life.when(gives_up(400_00)).when(ToTheEndOf("seller_contests")).then("FundsApplied", "RecoveryClosed")
        assert (life.recovery.recovered_minor, life.recovery.written_off_minor) == (200_00, 400_00)

    def test_not_more_than_is_owed_not_nothing_and_not_without_a_known_reason(self) -> None:
        life = standing()
        for minor in (600_01, 0, -1):
            life.refuses(gives_up(minor), "more_than_owed")
        life.refuses(gives_up(1, debtor="insurer"), "more_than_owed")
        life.refuses(gives_up(1, "boredom"), "unknown_reason")
        life.refuses(gives_up(1), "role_may_not", by=BO)
        life.when(gives_up(1), by=OMAR).then("RecoveryWrittenOff")


def test_evidence_after_the_end_is_kept_and_moves_no_money() -> None:
    life = standing().when(receipt(600_00))
    before = open_accounts(life.books)
    life.when(do.AddSellerEvidence((paper(5, "other", 0),), WORDS)).then("SellerEvidenceAdded")
    assert "seller_evidence" in life.claim.tasks and open_accounts(life.books) == before
    assert life.recovery.stage == Ended("recovered")


def test_no_interest_is_ever_asked() -> None:
    life = standing().when(after(days=2000))
    assert life.recovery.outstanding_minor("seller") == 600_00
    assert life.refuses(receipt(600_01), "more_than_owed")
