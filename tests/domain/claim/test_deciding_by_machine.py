"""Assessment, routing and what a machine may approve: everything clean, or a person looks. It never refuses."""

from __future__ import annotations

from typing import Any

import pytest
from cast import BEN, BEN_ID, BO, World, decision, file, given, parts, pay_id, refuse, settle
from domain.policy.policy_documents import shipped_text

from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.domain.policy.document import read_policy

EXCLUSIVE = read_policy(
    shipped_text("us").replace("[[values.small_claim_limit_inclusive]]\nkind = \"boolean\"\nvalue = true",
                               "[[values.small_claim_limit_inclusive]]\nkind = \"boolean\"\nvalue = false"),
    where="exclusive",
)  # fmt: skip


class TestRouting:
    @pytest.mark.parametrize(
        "minor, track, stage", [(1000_00, "direct", "Paying"), (1000_01, "tendered", "UnderReview")]
    )
    def test_exactly_the_limit_is_inside(self, minor: int, track: str, stage: str) -> None:
        life = given(file(parts(property_damage=minor), method="refund"))
        assert (life.claim.track, life.stage()) == (track, stage)

    @pytest.mark.parametrize("minor, track", [(999_99, "direct"), (1000_00, "tendered")])
    def test_unless_the_policy_says_that_it_is_not(self, minor: int, track: str) -> None:
        world = World()
        world.policies = [(world.policies[0][0], EXCLUSIVE, "us 2026-2")]
        assert given(file(parts(property_damage=minor), method="refund"), world=world).claim.track == track

    def test_amounts_of_one_incident_are_summed_over_its_claims(self) -> None:
        life = given(file(parts(property_damage=600_00), method="refund"))
        assert life.claim.track == "direct"
        life.when(file(parts(property_damage=400_01), number=2, claimant=BEN_ID, payee=2, method="refund"), by=BEN)
        assert life.claim.track == "tendered" and life.event(ev.ClaimAssessed).incident_total_minor == 1000_01

    def test_and_exactly_the_limit_over_two_claims_is_inside(self) -> None:
        life = given(file(parts(property_damage=600_00), method="refund"))
        life.when(file(parts(property_damage=400_00), number=2, claimant=BEN_ID, payee=2, method="refund"), by=BEN)
        assert life.claim.track == "direct" and life.stage() == "Paying"

    def test_what_is_not_payable_does_not_count_for_the_route(self) -> None:
        life = given(file(parts(property_damage=900_00, pain_and_suffering=90_00)))
        assert life.event(ev.ClaimAssessed).incident_total_minor == 900_00 and life.claim.track == "direct"


class TestAssessment:
    def test_per_part_what_is_supported_and_why_not_more(self) -> None:
        life = given(file(parts(purchase_price=80_00, property_damage=400_00, punitive=10_00), shown={2: 300_00}))
        lines = life.event(ev.ClaimAssessed).lines
        assert [(line.no, line.claimed_minor, line.supported_minor) for line in lines] == [
            (1, 80_00, 50_00), (2, 400_00, 300_00), (3, 10_00, 0),
        ]  # fmt: skip
        assert [line.basis for line in lines] == [
            "the price on the order", "1 papers", "not payable: us 2026-1 · payable_heads.punishment",
        ]  # fmt: skip

    def test_it_reduces_nothing_by_itself(self) -> None:
        life = given(file(parts(property_damage=400_00), shown={1: 300_00}))
        assert life.claim.refused_minor == 0 and life.claim.open_minor == 400_00 and life.claim.reserve_minor == 300_00


class TestApproval:
    def test_a_clean_small_claim_is_paid_in_the_request_that_files_it(self) -> None:
        life = given(file())
        decided = life.event(ev.ClaimDecided)
        assert decided.deciders == ("machine:decision",) and decided.policy_version == "us 2026-1"
        assert decided.clauses[0].clause == "us 2026-1 · machine_approval.in_full"
        assert life.event(ev.PaymentOrdered).amount_minor == 150_00
        assert life.stage() == "Paying" and life.claim.reserve_minor == 0

    @pytest.mark.parametrize(
        "facts",
        [{"payee_of_others": 1}, {"linked_claimants": 1}, {"other_payee_open": True}, {"link_kinds": 0}],
    )
    def test_one_check_that_does_not_pass_and_a_person_looks(self, facts: dict[str, Any]) -> None:
        life = given(file(), world=World(facts=facts))
        assert life.stage() == "UnderReview" and "ClaimDecided" not in life.kinds

    def test_the_undisputed_part_is_paid_at_once_and_a_person_decides_the_rest(self) -> None:
        life = given(file(parts(property_damage=150_00, purchase_price=80_00)))
        life.then("ClaimDecided", "PaymentOrdered", "ClaimReferred")
        assert life.event(ev.PaymentOrdered).amount_minor == 200_00
        assert life.claim.open_minor == 30_00 and life.stage() == "UnderReview"
        assert life.claim.running("decision")  # what is open is still to be decided in time

    def test_a_head_that_is_not_payable_is_shown_to_the_claimant_and_the_rest_paid(self) -> None:
        life = given(file(parts(property_damage=150_00, pain_and_suffering=500_00)))
        life.then("ClaimDecided", "PaymentOrdered", "ConcernRaised")
        assert life.claim.approved_minor == 150_00 and life.claim.refused_minor == 0
        assert life.event(ev.ConcernRaised).exposures == (2,) and life.stage() == "AwaitingAnswer"

    @pytest.mark.parametrize(
        "head", ["pain_and_suffering", "commercial", "consequential", "incidental", "punitive", "attorney_fees"]
    )
    def test_no_head_outside_the_guarantee_is_ever_paid_or_refused_by_a_machine(self, head: str) -> None:
        life = given(file(parts(**{head: 100_00})))
        assert life.stage() == "AwaitingAnswer"
        assert life.claim.approved_minor == 0 and life.claim.refused_minor == 0

    def test_an_injury_in_full_may_be_approved_by_a_machine(self) -> None:
        assert given(file(parts(medical_expense=80_00))).stage() == "Paying"

    def test_an_injury_in_part_never_is(self) -> None:
        life = given(file(parts(medical_expense=80_00, purchase_price=60_00)))
        assert life.stage() == "UnderReview" and life.claim.approved_minor == 0
        assert life.claim.stage.reasons == ("rule:injury_in_part",)  # type: ignore[union-attr]

    def test_an_injury_beside_a_head_that_is_not_payable_waits_for_a_person(self) -> None:
        life = given(file(parts(medical_expense=80_00, pain_and_suffering=60_00)))
        assert life.claim.approved_minor == 0 and life.stage() == "AwaitingAnswer"

    def test_a_machine_never_hears_a_claim_again_that_a_person_is_asked_about(self) -> None:
        """Proof that a person asked for goes to that person, also where the claim had closed meanwhile."""
        life = given(file(parts(property_damage=400_00), shown={1: 300_00}))
        life.when(do.RequestProof(((1, "repair_estimate"),)), by=BO)
        life.world.at = life.claim.running("claimant_answers").due_at  # type: ignore[union-attr]
        life.when(do.RunOutClock("claimant_answers", 1))
        assert life.outcome() == "unanswered"
        more = file(parts(property_damage=400_00), number=5).evidence
        life.when(do.AddProof(more, pay_id())).then("ClaimReopened", "ClaimReferred")
        assert life.stage() == "UnderReview" and life.claim.approved_minor == 0 and life.claim.running("decision")


class TestQualitySampling:
    @pytest.mark.parametrize("draw, asked", [(499, True), (500, False)])
    def test_five_in_a_hundred_are_looked_at_again(self, draw: int, asked: bool) -> None:
        life = given(file(), world=World(facts={"draw": draw}))
        assert ("quality_review" in life.claim.tasks) is asked and life.stage() == "Paying"

    def test_the_first_automatic_approval_of_a_seller_always_is(self) -> None:
        life = given(file(), world=World(facts={"seller_had_automatic_approval": False}))
        assert life.event(ev.QualityReviewAsked).rule == "sample_first_approval"

    def test_it_holds_nothing_up_and_outlasts_the_closing(self) -> None:
        life = settle(given(file(), world=World(facts={"draw": 0})))
        assert life.outcome() == "paid" and "quality_review" in life.claim.tasks
        life.when(do.ReviewQuality(agrees=False)).then("QualityReviewed")
        assert "quality_review" not in life.claim.tasks and life.claim.paid_minor == 150_00
        life.refuses(do.ReviewQuality(agrees=True), "no_quality_review_asked")

    def test_a_persons_decision_is_not_drawn(self) -> None:
        life = given(file(), world=World(facts={"draw": 0, "payee_of_others": 1}))
        life.when(decision(refuse(1, 0, approved=150_00)), by=BO)
        assert "quality_review" not in life.claim.tasks


class TestTheSellerIsTold:
    @pytest.mark.parametrize("insured", [True, False])
    def test_an_uninsured_seller_is_asked_for_proof_and_its_days_run(self, insured: bool) -> None:
        life = given(file(), world=World(facts={"seller_insured": insured}))
        assert life.event(ev.SellerNotified) == ev.SellerNotified(insured=insured, proof_asked=not insured)
        assert bool(life.claim.running("seller_proof_of_insurance")) is not insured
