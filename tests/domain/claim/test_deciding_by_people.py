"""What people decide: authority, four eyes, own work, the concern before a refusal, part payment, the cap."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cast import (
    ADA,
    ANA,
    ANSWER,
    APPEAL,
    ASKED,
    BEN_ID,
    BO,
    NOON,
    OLGA,
    RITA,
    RON,
    By,
    Life,
    ToTheEndOf,
    World,
    after,
    approve,
    concern,
    confirmed,
    decision,
    file,
    given,
    other_account,
    paper,
    parts,
    pay_id,
    reason,
    refuse,
    settle,
    uid,
)  # fmt: skip

from makewhole.domain.actors import Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.domain.claim.commands import EarlierClaim
from makewhole.domain.claim.events import Reason

# 400.00 claimed, 300.00 on paper: a person looks.
SHORT = file(parts(property_damage=400_00), shown={1: 300_00})


def claimed(minor: int, *, filed_by: Actor = ANA, **facts: Any) -> Life:
    """A claim under review of that much, all on paper, that no machine may approve; over the limit the seller was
    heard in vain."""
    world = World(facts={"link_kinds": 0} | facts)
    life = given(By(filed_by, file(parts(property_damage=minor), method="refund")), world=world)
    return life.heard() if life.claim.track == "tendered" else life


class TestRefusing:
    def test_no_refusal_before_the_claimant_saw_the_concern(self) -> None:
        given(SHORT).refuses(decision(refuse(1, 100_00, approved=300_00)), "concern_not_shown")

    def test_not_while_the_claimant_may_still_answer(self) -> None:
        given(SHORT, concern(1)).refuses(decision(refuse(1, 400_00)), "claimant_may_still_answer")

    def test_after_the_answer_and_after_the_time_is_over(self) -> None:
        for heard in (ANSWER, ToTheEndOf("claimant_answers")):
            life = given(SHORT, concern(1), heard).when(decision(refuse(1, 100_00, approved=300_00)))
            assert life.claim.refused_minor == 100_00 and life.stage() == "Paying"
            part = life.claim.exposures[0]
            assert (part.refused_by, part.reason_code, part.decided_under) == (BO.name, "not_supported", "us 2026-1")

    def test_not_for_another_reason_than_the_one_that_was_shown(self) -> None:
        life = given(SHORT, concern(1), ANSWER)
        life.refuses(decision(refuse(1, 100_00, "wear_and_tear", approved=300_00)), "concern_not_shown")

    def test_not_for_another_part_than_the_one_that_was_shown(self) -> None:
        life = given(file(parts(property_damage=400_00, lost_wages=90_00), shown={1: 300_00}), concern(1), ANSWER)
        life.refuses(decision(refuse(2, 90_00)), "concern_not_shown")

    def test_a_reduction_without_a_reason_cannot_be_said(self) -> None:
        with pytest.raises(AssertionError, match="without a reason"):
            ev.DecidedLine(1, 0, 100_00)

    def test_a_machine_cannot_have_refused(self) -> None:
        with pytest.raises(AssertionError, match="only a person"):
            ev.ClaimDecided((ev.DecidedLine(1, 0, 1, Reason("x", "y")),), ("machine:decision",), (), "us 2026-1")
        with pytest.raises(AssertionError, match="names its decider"):
            ev.ClaimDecided((), ("person:1",), (), "")

    def test_the_decision_cites_the_clause_of_each_refused_part(self) -> None:
        life = given(SHORT, concern(1), ANSWER).when(decision(refuse(1, 100_00, approved=300_00)))
        assert [(clause.outcome, clause.because) for clause in life.event(ev.ClaimDecided).clauses] == [
            ("reduced", "not_supported")
        ]
        whole = given(SHORT, concern(1), ANSWER).when(decision(refuse(1, 400_00)))
        assert whole.event(ev.ClaimDecided).clauses[0].outcome == "refused" and whole.outcome() == "refused"

    def test_a_concern_is_about_something_open(self) -> None:
        life = given(SHORT)
        life.refuses(do.RaiseConcern((), reason()), "nothing_asked")
        life.refuses(concern(2), "unknown_exposure")
        part_paid = given(file(parts(property_damage=150_00, purchase_price=80_00)))
        part_paid.refuses(concern(1), "exposure_decided")


class TestTheClaimantKeepsTheTimeToAnswer:
    def test_a_part_may_be_paid_at_once_while_the_claimant_may_answer(self) -> None:
        life = given(SHORT, concern(1)).when(decision(approve(1, 300_00)))
        life.then("ClaimDecided", "PaymentOrdered")
        assert life.stage() == "AwaitingAnswer" and life.claim.open_minor == 100_00
        life.when(ANSWER)
        assert life.stage() == "UnderReview"

    def test_also_where_that_part_waits_for_a_second_person(self) -> None:
        life = claimed(2000_00).when(concern(1)).when(decision(approve(1, 1500_00)))
        assert life.stage() == "AwaitingSecond"
        life.when(confirmed(), by=RITA)
        assert life.stage() == "AwaitingAnswer" and life.claim.running("claimant_answers")

    def test_an_answer_is_heard_while_the_second_person_looks(self) -> None:
        life = claimed(2000_00).when(concern(1)).when(decision(approve(1, 1500_00))).when(ANSWER)
        assert life.stage() == "AwaitingSecond"
        assert life.when(confirmed(), by=RITA).stage() == "UnderReview"
        life.when(decision(refuse(1, 500_00)), by=OLGA).when(confirmed(), by=RITA)
        assert life.claim.refused_minor == 500_00

    def test_a_proposal_sent_back_leaves_the_answer_open(self) -> None:
        life = claimed(2000_00).when(concern(1)).when(decision(approve(1, 1500_00)))
        assert life.when(do.ReturnDecision(ev.Sealed(uid(1), "no"))).stage() == "AwaitingAnswer"

    def test_a_second_concern_brings_the_whole_time_again(self) -> None:
        life = given(SHORT, concern(1), after(days=20), ANSWER).when(concern(1, code="another"))
        clock = life.claim.running("claimant_answers")
        assert clock is not None and clock.started_at == life.world.at

    def test_a_concern_of_a_claim_that_was_approved_in_full_is_shown_again_before_a_refusal(self) -> None:
        life = given(SHORT, concern(1)).when(decision(approve(1, 400_00)))
        payment = life.claim.payments[0].order.payment_id
        life.when(do.ReturnPayment(payment, "b", "closed")).when(other_account())
        assert life.stage() == "UnderReview"
        life.refuses(decision(refuse(1, 400_00)), "concern_not_shown")


class TestAuthorityAndFourEyes:
    def test_exactly_the_four_eyes_limit_needs_one_and_a_cent_more_needs_two(self) -> None:
        assert claimed(1000_00).when(decision(approve(1, 1000_00))).stage() == "Paying"
        life = claimed(1000_01).when(decision(approve(1, 1000_01)))
        assert life.event(ev.DecisionProposed).needs == ("second_person",)
        assert life.stage() == "AwaitingSecond" and life.claim.approved_minor == 0
        assert life.claim.whose_turn() == "reviewer"

    @pytest.mark.parametrize(
        "by, second, minor, refused",
        [
            (BO, ADA, 5000_00, False), (BO, ADA, 5000_01, True), (BO, RITA, 5000_01, False),
            (BO, RITA, 50_000_00, False), (BO, RITA, 50_000_01, True), (RITA, OLGA, 50_000_01, False),
        ],
    )  # fmt: skip
    def test_the_second_person_has_authority_for_the_whole_sum(
        self, by: Any, second: Any, minor: int, refused: bool
    ) -> None:
        life = claimed(minor).when(decision(approve(1, minor)), by=by)
        if refused:
            assert life.refuses(confirmed(), "above_authority", by=second).facts["authority_minor"] == minor - 1
        else:
            life.when(confirmed(), by=second).then("ClaimDecided")
            assert life.event(ev.ClaimDecided).deciders == (by.name, second.name)

    def test_above_ones_own_authority_it_says_so(self) -> None:
        life = claimed(5000_01).when(decision(approve(1, 5000_01)))
        assert life.event(ev.DecisionProposed).needs == ("authority", "second_person")

    def test_parts_of_one_claim_are_counted_together(self) -> None:
        life = claimed(1500_00).when(decision(approve(1, 1000_00)))
        assert life.stage() == "UnderReview" and life.claim.ordered_minor == 1000_00
        assert life.when(decision(approve(1, 1_00))).stage() == "AwaitingSecond"

    def test_nobody_is_ones_own_second_person(self) -> None:
        life = claimed(1000_01).when(decision(approve(1, 1000_01)), by=RITA)
        life.refuses(confirmed(), "second_person_needed", by=RITA)
        life.refuses(do.ReturnDecision(ev.Sealed(uid(1), "")), "second_person_needed", by=RITA)
        life.when(confirmed(), by=RON).then("ClaimDecided")

    def test_the_second_person_may_send_it_back(self) -> None:
        life = claimed(1000_01).when(decision(approve(1, 1000_01)))
        life.when(do.ReturnDecision(ev.Sealed(uid(1), "more photos")), by=RITA)
        assert life.stage() == "UnderReview" and life.claim.approved_minor == 0
        life.refuses(confirmed(), "nothing_proposed")
        life.refuses(do.ReturnDecision(ev.Sealed(uid(1), "")), "nothing_proposed")

    def test_a_proposal_is_checked_again_when_it_is_confirmed(self) -> None:
        life = claimed(2000_00).when(decision(approve(1, 2000_00)))
        life.world.facts["same_line"] = (_other(approved=999_999_00, incident=life.claim.filed.incident_id),)
        assert life.refuses(confirmed(), "above_cap").facts["room_minor"] == 1_00


class TestOwnWork:
    def test_who_filed_for_the_customer_does_not_decide(self) -> None:
        life = given(By(BO, SHORT))
        life.refuses(decision(approve(1, 300_00)), "own_work", by=BO)
        life.when(decision(approve(1, 300_00)), by=ADA).then("ClaimDecided")

    def test_nor_agrees_as_the_second_person(self) -> None:
        life = claimed(2000_00, filed_by=BO).when(decision(approve(1, 2000_00)), by=ADA)
        life.refuses(confirmed(), "own_work", by=BO)

    def test_who_changed_the_payee_does_not_approve(self) -> None:
        life = given(SHORT, By(BO, other_account()))
        life.refuses(decision(approve(1, 300_00)), "payee_changer_may_not_approve", by=BO)
        life.when(decision(approve(1, 300_00)), by=ADA).then("PaymentOrdered")

    def test_nor_agrees_to_a_proposal_made_after_it(self) -> None:
        life = claimed(2000_00).when(other_account(), by=ADA).when(decision(approve(1, 2000_00)))
        life.refuses(confirmed(), "payee_changer_may_not_approve", by=ADA)
        life.when(confirmed(), by=RON).then("ClaimDecided")


class TestAppeal:
    def _refused(self, by: Any = BO) -> Life:
        return given(SHORT).when(concern(1), by=by).when(ANSWER).when(decision(refuse(1, 400_00)), by=by)

    def test_it_is_heard_by_somebody_who_took_no_part(self) -> None:
        life = self._refused().when(APPEAL)
        assert life.stage() == "UnderReview" and life.claim.whose_turn() == "reviewer"
        assert life.claim.open_minor == 400_00 and life.claim.reserve_minor == 300_00
        life.refuses(decision(approve(1, 300_00)), "took_part_before", by=BO)
        life.when(decision(approve(1, 300_00)), by=RITA).then("ClaimDecided", "PaymentOrdered")

    def test_who_raised_the_concern_proposed_or_sent_back_took_part_too(self) -> None:
        life = given(SHORT, By(ADA, concern(1)), ANSWER)
        life.when(decision(refuse(1, 400_00)), by=BO).when(APPEAL)
        life.refuses(decision(approve(1, 300_00)), "took_part_before", by=ADA)
        sent_back = claimed(2000_00).when(decision(approve(1, 2000_00)), by=ADA)
        sent_back.when(do.ReturnDecision(ev.Sealed(uid(1), "no")), by=RITA)
        sent_back.when(concern(1), by=BO).when(ANSWER).when(decision(refuse(1, 2000_00)), by=BO).when(APPEAL)
        for before in (ADA, RITA, BO):
            sent_back.refuses(decision(approve(1, 1_00)), "took_part_before", by=before)

    def test_nor_may_such_a_one_agree_or_send_back_as_the_second(self) -> None:
        life = claimed(2000_00).when(concern(1), by=RITA).when(ANSWER)
        life.when(decision(refuse(1, 2000_00)), by=RITA).when(APPEAL).when(decision(approve(1, 2000_00)), by=BO)
        life.refuses(confirmed(), "took_part_before", by=RITA)
        life.refuses(do.ReturnDecision(ev.Sealed(uid(1), "")), "took_part_before", by=RITA)
        life.when(confirmed(), by=RON).then("ClaimDecided")

    def test_who_hears_it_may_hear_it_to_the_end(self) -> None:
        life = self._refused().when(APPEAL).when(decision(approve(1, 300_00)), by=RITA)
        life.when(concern(1, code="late"), by=RITA).when(ANSWER)
        settle(life.when(decision(refuse(1, 100_00, "late")), by=RITA))
        assert life.outcome() == "paid" and life.claim.refused_minor == 100_00

    def test_the_hundred_and_eightieth_day_is_in_time_until_its_hour(self) -> None:
        life = self._refused()
        clock = life.claim.running("appeal")
        assert clock is not None and (clock.due_at - NOON).days >= 180
        late = self._refused()
        life.when(APPEAL, at=clock.due_at - timedelta(seconds=1))
        assert life.claim.appeals == 1 and life.claim.running("appeal") is None and life.claim.running("decision")
        late.refuses(APPEAL, "appeal_too_late", at=clock.due_at)

    def test_after_that_it_is_closed_for_good(self) -> None:
        life = self._refused().when(ToTheEndOf("appeal")).then("ClockRanOut", "ClosedForGood")
        life.refuses(APPEAL, "appeal_too_late")

    def test_a_pause_holds_the_time_for_an_appeal_and_does_not_shut_the_door(self) -> None:
        life = self._refused().when(do.PauseClocks(("appeal",), ev.Sealed(uid(1), "strike"))).when(after(days=400))
        assert life.when(APPEAL).claim.appeals == 1 and life.claim.paused_at is None

    def test_only_what_was_refused_can_be_appealed_and_only_once_closed(self) -> None:
        settle(given(file())).refuses(APPEAL, "nothing_to_appeal")
        given(SHORT).refuses(APPEAL, "claim_is_open")

    def test_what_was_paid_stays_paid(self) -> None:
        life = given(SHORT, concern(1), ANSWER).when(decision(refuse(1, 100_00, approved=300_00)))
        settle(life).when(APPEAL)
        assert life.claim.paid_minor == 300_00 and life.claim.open_minor == 100_00


class TestReopening:
    def test_a_person_opens_a_refused_claim_again(self) -> None:
        life = given(SHORT, concern(1), ANSWER).when(decision(refuse(1, 400_00)))
        life.when(do.ReopenClaim(ev.Sealed(uid(1), "a new test report")))
        assert life.stage() == "UnderReview" and life.claim.open_minor == 400_00 and life.claim.reserve_minor == 300_00
        assert life.claim.running("appeal") is None and life.claim.running("decision")
        life.refuses(do.ReopenClaim(ev.Sealed(uid(1), "")), "claim_is_open")

    def test_a_claim_paid_in_full_has_nothing_to_decide_again(self) -> None:
        settle(given(file())).refuses(do.ReopenClaim(ev.Sealed(uid(1), "")), "nothing_to_appeal")


class TestLines:
    def test_a_part_is_decided_once_by_something_and_within_what_is_open(self) -> None:
        life = given(SHORT)
        life.refuses(decision(), "nothing_decided")
        life.refuses(decision(approve(1, 0)), "nothing_decided")
        life.refuses(decision(approve(1, -1)), "nothing_decided")
        life.refuses(decision(approve(1, 1), approve(1, 1)), "exposure_twice")
        life.refuses(decision(approve(2, 1)), "unknown_exposure")
        assert life.refuses(decision(approve(1, 400_01)), "more_than_open").facts["open_minor"] == 400_00
        life.when(decision(approve(1, 400_00))).then("PaymentOrdered")

    @pytest.mark.parametrize("others, refused", [(999_600_00, False), (999_600_01, True)])
    def test_the_cap_is_for_the_incident(self, others: int, refused: bool) -> None:
        life = given(SHORT)
        life.world.facts["same_line"] = (_other(approved=others, incident=life.claim.filed.incident_id),)
        if refused:
            life.refuses(decision(approve(1, 400_00)), "above_cap")
        else:
            life.when(decision(approve(1, 400_00)))
            assert life.claim.approved_minor == 400_00

    def test_another_incident_takes_nothing_from_the_cap(self) -> None:
        life = given(SHORT)
        life.world.facts["same_line"] = (_other(approved=1_000_000_00, incident=uid(12345)),)
        assert life.when(decision(approve(1, 400_00))).claim.approved_minor == 400_00


class TestReserve:
    def test_a_person_may_expect_another_sum_up_to_what_is_open(self) -> None:
        life = given(SHORT)
        words = ev.Sealed(uid(1), "a second estimate is on its way")
        life.when(do.SetReserve(1, 400_00, words))
        assert life.claim.reserve_minor == 400_00
        life.refuses(do.SetReserve(1, 400_01, words), "reserve_out_of_range")
        life.refuses(do.SetReserve(1, -1, words), "reserve_out_of_range")
        life.refuses(do.SetReserve(2, 1, words), "unknown_exposure")
        settle(life.when(decision(approve(1, 400_00))))
        life.refuses(do.SetReserve(1, 0, words), "claim_is_closed")

    def test_more_proof_for_a_person_moves_the_reserve(self) -> None:
        life = given(SHORT, ASKED).when(do.AddProof((paper(5, "repair_estimate", 1, 80_00),), pay_id()))
        assert life.claim.reserve_minor == 380_00 and life.stage() == "UnderReview"


def test_a_claim_is_given_to_somebody_and_twice_is_once() -> None:
    life = given(SHORT).when(do.AssignClaim(ADA.name)).then("ClaimAssigned")
    life.when(do.AssignClaim(ADA.name)).then_nothing()
    settle(life.when(decision(approve(1, 400_00))))
    assert life.claim.assigned_to == ""
    life.refuses(do.AssignClaim(ADA.name), "claim_is_closed")


def _other(*, approved: int, incident: Any) -> EarlierClaim:
    return EarlierClaim(uid(77), "MW-77", BEN_ID, incident, NOON.date(), "Closed", "paid", approved, approved)
