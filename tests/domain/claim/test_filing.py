"""Intake and eligibility: what cannot be a claim, what is out of scope, what is missing, and what comes twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from cast import (
    ANA,
    BEN,
    BEN_ID,
    BO,
    KETTLE,
    LOSS,
    MARKET,
    NOON,
    ToTheEndOf,
    World,
    after,
    approve,
    decision,
    file,
    given,
    paper,
    parts,
    pay_id,
    proof_of,
    refuse,
    uid,
)  # fmt: skip

from makewhole.domain.actors import Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.domain.claim.events import ExposureClaimed, MissingProof
from makewhole.domain.refusal import Refused


class TestWhatCannotBeAClaim:
    def test_an_unknown_order_line(self) -> None:
        given(world=World(order_line=404)).refuses(file(), "unknown_order_line")

    def test_an_order_of_a_marketplace_where_the_asker_does_not_work(self) -> None:
        elsewhere = Actor("marketplace:9", "marketplace", marketplaces=frozenset({"uk"}))
        given().refuses(file(), "unknown_order_line", by=elsewhere)

    def test_an_incident_tomorrow_but_not_one_of_today(self) -> None:
        today = NOON.date()
        given().refuses(file(loss_date=today + timedelta(days=1)), "loss_date_in_future")
        assert given(file(loss_date=today)).claim.filed.loss_date == today

    def test_today_is_the_marketplaces_today(self) -> None:
        # 03:00 UTC on the third is still the second in New York.
        world = World(at=datetime(2026, 3, 3, 3, 0, tzinfo=UTC))
        given(world=world).refuses(file(loss_date=date(2026, 3, 3)), "loss_date_in_future")
        given(file(loss_date=date(2026, 3, 2)), world=world)

    def test_an_incident_before_the_order_but_not_one_of_its_day(self) -> None:
        ordered_on = date(2026, 2, 1)
        given().refuses(file(loss_date=ordered_on - timedelta(days=1)), "loss_date_before_order")
        assert given(file(loss_date=ordered_on)).stage() == "UnderReview"  # before delivery: a person looks

    @pytest.mark.parametrize("minor, refused", [(-1, True), (0, True), (1, False)])
    def test_an_amount_is_above_zero(self, minor: int, refused: bool) -> None:
        notice = file(parts(property_damage=minor))
        if refused:
            given().refuses(notice, "amount_not_positive")
        else:
            given(notice)

    def test_nothing_claimed_and_one_kind_of_loss_named_twice(self) -> None:
        given().refuses(file(()), "nothing_claimed")
        twice = (ExposureClaimed(1, "lost_wages", 1_00), ExposureClaimed(2, "lost_wages", 2_00))
        given().refuses(file(twice, evidence=()), "same_head_twice")

    def test_a_file_for_a_part_that_is_not_claimed(self) -> None:
        given().refuses(file(evidence=(paper(1, "photo", 2),)), "evidence_for_no_exposure")

    def test_two_parts_of_one_number_are_our_mistake(self) -> None:
        with pytest.raises(AssertionError, match="numbered"):
            given(file((ExposureClaimed(1, "lost_wages", 1), ExposureClaimed(1, "property_damage", 1)), evidence=()))


class TestScope:
    def test_day_ninety_is_in_time_and_day_ninety_one_is_not(self) -> None:
        world = World(at=datetime(2026, 6, 1, 16, 0, tzinfo=UTC))
        today = date(2026, 6, 1)
        world.lines[7] = replace(KETTLE, delivered_at=datetime(2026, 2, 2, 12, 0, tzinfo=UTC))
        assert given(file(loss_date=today - timedelta(days=90)), world=world).stage() == "Paying"
        late = given(file(loss_date=today - timedelta(days=91), number=2, claimant=BEN_ID, payee=2), world=world)
        assert late.stage() == "AwaitingAnswer"
        assert late.event(ev.ConcernRaised).reason.code == "too_late"
        assert late.event(ev.ConcernRaised).reason.clause == "us 2026-1 · in_scope.too_late"

    def test_a_download_is_out_of_scope_and_its_seller_is_not_bothered(self) -> None:
        life = given(file(), world=_digital())
        assert life.stage() == "AwaitingAnswer" and not life.claim.seller_notified and life.claim.checks == ()
        assert life.claim.concerns[0].code == "digital"

    def test_out_of_scope_is_still_decided_by_a_person_and_ends_so(self) -> None:
        life = given(file(), ToTheEndOf("claimant_answers"), world=_digital())
        assert life.stage() == "UnderReview" and life.claim.running("decision")
        life.when(decision(refuse(1, 150_00, "digital")), by=BO).then("ClaimDecided", "ClaimClosed")
        assert life.outcome() == "out_of_scope" and life.claim.running("appeal")

    def test_an_answer_to_it_brings_screening_and_the_seller_before_a_person_looks(self) -> None:
        life = given(file(), world=_digital()).when(do.AnswerConcern((paper(9, "message", 0),)))
        life.then("ConcernAnswered", "ClaimScreened", "ClaimAssessed", "SellerNotified")
        assert life.stage() == "UnderReview" and life.claim.running("decision")

    def test_nothing_is_approved_unscreened_also_where_the_claimant_was_silent(self) -> None:
        life = given(file(), ToTheEndOf("claimant_answers"), world=_digital())
        life.when(decision(approve(1, 150_00)), by=BO)
        life.then("ClaimScreened", "SellerNotified", "ClaimDecided", "PaymentOrdered")


def _digital() -> World:
    world = World()
    world.lines[7] = replace(KETTLE, physical=False)
    return world


class TestMissingProof:
    def test_everything_missing_is_told_at_once(self) -> None:
        life = given(file(parts(property_damage=100_00, medical_expense=50_00, lost_wages=80_00), evidence=()))
        assert life.event(ev.ProofRequested).missing == (
            MissingProof(1, "photo"), MissingProof(1, "receipt_or_estimate"), MissingProof(2, "bill"),
            MissingProof(3, "wage_statement"),
        )  # fmt: skip
        assert life.stage() == "AwaitingProof" and life.claim.whose_turn() == "claimant"
        assert not life.claim.seller_notified and life.claim.running("decision") is None

    def test_the_price_needs_no_proof(self) -> None:
        assert given(file(parts(purchase_price=50_00))).stage() == "Paying"

    def test_half_the_proof_asks_for_the_other_half_in_the_same_time(self) -> None:
        life = given(file(evidence=()))
        due = life.claim.running("claimant_answers")
        life.when(after(days=10)).when(do.AddProof((paper(1, "photo", 1),), pay_id()))
        assert life.event(ev.ProofRequested).missing == (MissingProof(1, "receipt_or_estimate"),)
        assert life.claim.running("claimant_answers") == due

    def test_the_last_proof_carries_the_claim_to_its_payment_in_the_same_request(self) -> None:
        life = given(file(evidence=()), after(days=3))
        life.when(do.AddProof(proof_of(parts(property_damage=150_00)), pay_id()))
        life.then("ProofAdded", "ProofCompleted", "ClaimScreened", "ClaimAssessed", "ClaimDecided", "PaymentOrdered")
        assert life.claim.running("claimant_answers") is None

    def test_a_superseded_file_proves_nothing_any_more(self) -> None:
        life = given(
            file(parts(property_damage=150_00, lost_wages=10_00), evidence=proof_of(parts(property_damage=150_00)))
        )
        first_photo = life.claim.evidence[0].evidence_id
        life.when(do.AddProof((paper(77, "wage_statement", 2, 10_00),), pay_id(), supersedes=(first_photo,)))
        assert life.event(ev.ProofRequested).missing == (MissingProof(1, "photo"),)
        life.refuses(do.AddProof((paper(78, "photo", 1),), pay_id(), supersedes=(uid(1),)), "unknown_evidence")

    def test_nothing_sent_is_no_proof(self) -> None:
        given(file(evidence=())).refuses(do.AddProof((), pay_id()), "nothing_sent")


class TestTheSameAgain:
    def test_two_tabs_make_one_claim(self) -> None:
        life = given(file())
        first = life.claim_id
        life.when(file(number=2)).then("NoticeRepeated")
        assert life.claim_id == first and len(life.world.histories) == 1 and "repeated_notice" not in life.claim.tasks

    def test_another_amount_the_second_time_is_a_task_for_a_person(self) -> None:
        life = given(file(evidence=())).when(file(parts(property_damage=160_00), number=2))
        assert life.event(ev.NoticeRepeated).same_content is False
        assert "repeated_notice" in life.claim.tasks and life.claim.claimed_minor == 150_00

    @pytest.mark.parametrize("days, claims", [(3, 1), (4, 2)])
    def test_within_three_days_it_is_the_same_incident(self, days: int, claims: int) -> None:
        life = given(file(loss_date=LOSS - timedelta(days=10)))
        life.when(file(number=2, loss_date=LOSS - timedelta(days=10 - days)))
        assert len(life.world.histories) == claims

    def test_two_claimants_of_one_incident_have_two_claims_and_one_incident(self) -> None:
        life = given(file(parts(property_damage=900_00)))
        incident = life.claim.filed.incident_id
        life.when(file(parts(property_damage=200_00), number=2, claimant=BEN_ID, payee=2), by=BEN)
        assert life.claim.filed.incident_id == incident and len(life.world.histories) == 2
        assert life.event(ev.ClaimAssessed).incident_total_minor == 1100_00
        assert life.claim.track == "tendered"

    @pytest.mark.parametrize("days, same", [(3, True), (4, False)])
    def test_two_claimants_within_three_days_share_an_incident(self, days: int, same: bool) -> None:
        life = given(file(loss_date=LOSS - timedelta(days=10)))
        incident = life.claim.filed.incident_id
        life.when(file(number=2, claimant=BEN_ID, payee=2, loss_date=LOSS - timedelta(days=10 - days)), by=BEN)
        assert (life.claim.filed.incident_id == incident) is same

    def test_a_withdrawn_claim_may_be_made_again(self) -> None:
        life = given(file(evidence=())).when(do.WithdrawClaim(None)).when(file(number=2))
        assert len(life.world.histories) == 2 and life.stage() == "Paying"

    def test_a_closed_claim_answers_for_itself(self) -> None:
        life = given(file(evidence=()), ToTheEndOf("claimant_answers")).when(file(number=2))
        assert life.then("NoticeRepeated") and len(life.world.histories) == 1


class TestFirstNotice:
    def test_it_starts_the_clock_of_the_whole_claim(self) -> None:
        clock = given(file()).claim.running("whole_claim")
        assert clock is not None and clock.started_at == NOON
        assert clock.due_at == datetime(2026, 5, 31, 16, 0, tzinfo=UTC)  # noon again, in summer time

    def test_medical_expense_is_an_injury_whether_or_not_somebody_says_so(self) -> None:
        assert given(file(parts(medical_expense=10_00))).claim.filed.injury
        assert not given(file()).claim.filed.injury

    @pytest.mark.parametrize(
        "hazard, asked", [("fire", True), ("death", True), ("grave_injury", True), ("smoke", False)]
    )
    def test_grave_harm_is_reviewed_for_safety_within_a_day(self, hazard: str, asked: bool) -> None:
        life = given(file(hazards=(hazard,)))
        assert ("safety_review" in life.claim.tasks) is asked
        clock = life.claim.running("safety_review")
        assert (clock is not None and clock.due_at - clock.started_at == timedelta(days=1)) is asked
        assert life.stage() == ("UnderReview" if asked else "Paying")

    def test_the_marketplace_files_for_a_customer_and_an_agent_too(self) -> None:
        for by in (ANA, MARKET, BO):
            life = given()
            life.when(file(), by=by)
            assert life.claim.filed_by == by.name

    def test_no_rule_was_in_force_before_the_programme_began(self) -> None:
        world = World()
        world.lines[7] = replace(KETTLE, ordered_at=datetime(2021, 8, 1, tzinfo=UTC))
        with pytest.raises(Refused, match="no_rule_in_force"):
            given(file(loss_date=date(2021, 8, 31)), world=world)
