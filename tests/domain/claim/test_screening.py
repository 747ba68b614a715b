"""Each screening check at its boundary: passes, refers to a person, or has no data. None ever denies."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cast import BEN_ID, KETTLE, LOSS, NOON, Life, World, file, given, paper, parts, uid

from makewhole.domain.claim.commands import ClaimantClaim, EarlierClaim
from makewhole.domain.claim.screening import CHECKS

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def screened(notice: Any = None, **facts: Any) -> Life:
    return given(notice or file(), world=World(facts=facts))


def outcome(life: Life, name: str) -> str:
    return next(check.outcome for check in life.claim.checks if check.name == name)


def earlier(reference: str = "MW-0", **more: Any) -> EarlierClaim:
    usual: dict[str, Any] = dict(  # noqa: C408 - read as the fields that they are
        claim_id=uid(99), reference=reference, claimant_id=BEN_ID, incident_id=uid(98),
        loss_date=LOSS - timedelta(days=20), stage="Closed", outcome="paid", incident_minor=0, approved_minor=0,
    )  # fmt: skip
    return EarlierClaim(**(usual | more))


def hers(
    days_ago: float, *, line: int = 8, loss: date = LOSS - timedelta(days=20), outcome: str = "paid"
) -> ClaimantClaim:
    return ClaimantClaim("MW-0", line, NOON - timedelta(days=days_ago), loss, outcome)


def test_a_clean_claim_passes_every_check_and_all_are_recorded() -> None:
    life = screened()
    assert [check.name for check in life.claim.checks] == list(CHECKS)
    assert {check.outcome for check in life.claim.checks} == {"pass"} and life.claim.score == 0


def test_a_check_that_does_not_pass_refers_with_its_weight_and_reason() -> None:
    life = screened(payee_of_others=1, link_kinds=0)
    assert life.claim.score == 60 + 60
    assert life.stage() == "UnderReview" and life.claim.refused_minor == 0
    assert life.claim.stage.reasons == ("rule:checks", "check:linked_accounts", "check:linked_payee")  # type: ignore[union-attr]


class TestDuplicateOrderLine:
    def test_another_incident_on_the_same_order_line_refers(self) -> None:
        life = screened(same_line=(earlier(),))
        assert outcome(life, "duplicate_order_line") == "refer"
        assert "MW-0" in life.claim.checks[0].found

    def test_another_person_of_the_same_incident_passes(self) -> None:
        same = earlier(loss_date=LOSS)
        assert outcome(screened(same_line=(same,)), "duplicate_order_line") == "pass"

    def test_a_withdrawn_claim_passes(self) -> None:
        assert outcome(screened(same_line=(earlier(outcome="withdrawn"),)), "duplicate_order_line") == "pass"


class TestSameDayElsewhere:
    @pytest.mark.parametrize("days, expected", [(0, "refer"), (3, "refer"), (4, "pass"), (-3, "refer"), (-4, "pass")])
    def test_a_loss_of_the_same_days_on_another_order_line_refers(self, days: int, expected: str) -> None:
        other = hers(1, loss=LOSS + timedelta(days=days))
        assert outcome(screened(claimant_claims=(other,)), "same_day_elsewhere") == expected

    def test_not_on_the_same_order_line_and_not_where_it_was_withdrawn(self) -> None:
        for other in (hers(1, line=7, loss=LOSS), hers(1, loss=LOSS, outcome="withdrawn")):
            assert outcome(screened(claimant_claims=(other,)), "same_day_elsewhere") == "pass"


class TestReusedPhoto:
    @pytest.mark.parametrize("bits, expected", [(0, "refer"), (6, "refer"), (7, "pass")])
    def test_a_photo_that_nearly_looks_the_same_refers(self, bits: int, expected: str) -> None:
        assert outcome(screened(reused_evidence=((uid(1), "MW-0", bits),)), "reused_photo") == expected

    def test_a_claim_for_the_price_alone_has_no_files_to_compare_and_passes(self) -> None:
        assert outcome(screened(file(parts(purchase_price=50_00))), "reused_photo") == "pass"


class TestRepeatClaimant:
    @pytest.mark.parametrize("claims, expected", [(2, "pass"), (3, "refer")])
    def test_two_earlier_claims_in_a_year_are_usual(self, claims: int, expected: str) -> None:
        assert outcome(screened(claimant_claims=(hers(100),) * claims), "repeat_claimant") == expected

    @pytest.mark.parametrize("days_ago, expected", [(364.9, "refer"), (365, "pass")])
    def test_the_year_is_half_open(self, days_ago: float, expected: str) -> None:
        assert outcome(screened(claimant_claims=(hers(days_ago),) * 3), "repeat_claimant") == expected


class TestAmountAgainstPrice:
    @pytest.mark.parametrize("minor, expected", [(1000_00, "pass"), (1000_01, "refer")])
    def test_twenty_times_the_price_is_the_most(self, minor: int, expected: str) -> None:
        assert outcome(screened(file(parts(property_damage=minor))), "amount_against_price") == expected

    def test_the_price_counts_for_every_piece(self) -> None:
        world = World()
        world.lines[7] = replace(KETTLE, quantity=2)
        assert outcome(given(file(parts(property_damage=2000_00)), world=world), "amount_against_price") == "pass"

    def test_an_order_line_without_a_price_gives_no_data(self) -> None:
        world = World()
        world.lines[7] = replace(KETTLE, price_minor=0)
        assert outcome(given(file(), world=world), "amount_against_price") == "no_data"


class TestAmountAgainstReceipts:
    @pytest.mark.parametrize("shown, expected", [(150_00, "pass"), (150_01, "pass"), (149_99, "refer")])
    def test_what_is_claimed_is_on_paper_to_the_cent(self, shown: int, expected: str) -> None:
        assert outcome(screened(file(shown={1: shown})), "amount_against_receipts") == expected

    def test_the_price_needs_no_paper(self) -> None:
        assert outcome(screened(file(parts(purchase_price=50_00))), "amount_against_receipts") == "pass"

    def test_a_paper_for_the_whole_claim_counts_once_where_one_part_needs_papers(self) -> None:
        whole = (paper(1, "photo", 0), paper(2, "receipt", 0, 150_00))
        life = screened(file(parts(property_damage=150_00, purchase_price=50_00), evidence=whole))
        assert outcome(life, "amount_against_receipts") == "pass" and life.stage() == "Paying"

    def test_it_is_not_counted_for_two_parts(self) -> None:
        whole = (paper(1, "photo", 0), paper(2, "receipt", 0, 150_00), paper(3, "wage_statement", 2, 150_00))
        life = screened(file(parts(property_damage=150_00, lost_wages=150_00), evidence=whole))
        assert outcome(life, "amount_against_receipts") == "refer"
        assert [part.supported_minor for part in life.claim.exposures] == [0, 150_00]


class TestIncidentBeforeDelivery:
    @pytest.mark.parametrize(
        "delivered, expected",
        [
            (datetime(2026, 3, 2, 15, tzinfo=UTC), "pass"),
            (datetime(2026, 3, 3, 15, tzinfo=UTC), "refer"),
            (None, "no_data"),
        ],
    )
    def test_a_day_of_grace_for_the_carriers_scan(self, delivered: datetime | None, expected: str) -> None:
        world = World(at=datetime(2026, 3, 4, 17, tzinfo=UTC))
        world.lines[7] = replace(KETTLE, delivered_at=delivered)
        assert outcome(given(file(loss_date=date(2026, 3, 1)), world=world), "incident_before_delivery") == expected


class TestAccounts:
    @pytest.mark.parametrize(
        "facts, expected",
        [({}, "pass"), ({"linked_claimants": 1}, "refer"), ({"link_kinds": 0}, "no_data")],
    )
    def test_contacts_shared_with_others(self, facts: dict[str, int], expected: str) -> None:
        assert outcome(screened(**facts), "linked_accounts") == expected

    @pytest.mark.parametrize(
        "method, others, expected", [("bank_transfer", 0, "pass"), ("bank_transfer", 1, "refer"), ("refund", 1, "pass")]
    )
    def test_an_account_that_others_named(self, method: Any, others: int, expected: str) -> None:
        assert outcome(screened(file(method=method), payee_of_others=others), "linked_payee") == expected

    @pytest.mark.parametrize("other, expected", [(False, "pass"), (True, "refer")])
    def test_another_open_claim_with_another_account(self, other: bool, expected: str) -> None:
        assert outcome(screened(other_payee_open=other), "different_bank_details") == expected

    @pytest.mark.parametrize("named, days_ago, expected", [(1, 1, "pass"), (2, 1, "refer"), (2, 30, "pass")])
    def test_claims_to_one_account_within_a_month(self, named: int, days_ago: int, expected: str) -> None:
        life = screened(payee_named_at=(NOON - timedelta(days=days_ago),) * named)
        assert outcome(life, "payee_velocity") == expected

    @pytest.mark.parametrize(
        "ordered, hours_ago, expected", [(850_00, 1, "pass"), (850_01, 1, "refer"), (850_01, 13, "pass")]
    )
    def test_money_to_one_account_within_a_day_of_the_marketplace(
        self, ordered: int, hours_ago: int, expected: str
    ) -> None:
        life = screened(payee_orders=((NOON - timedelta(hours=hours_ago), ordered),))
        assert outcome(life, "payee_velocity") == expected


@pytest.mark.parametrize(
    "hazards, expected", [((), "pass"), (("smoke",), "pass"), (("fire",), "refer"), (("death",), "refer")]
)
def test_grave_harm_is_looked_at_by_a_person_whatever_the_amount(hazards: tuple[str, ...], expected: str) -> None:
    assert outcome(screened(file(parts(property_damage=1_00), hazards=hazards)), "grave_harm") == expected


def test_no_data_is_no_pass() -> None:
    life = screened(link_kinds=0)
    assert life.stage() == "UnderReview" and life.claim.approved_minor == 0


def test_the_seller_hears_of_it_after_screening_and_not_before() -> None:
    kinds = screened().kinds
    assert kinds.index("ClaimScreened") < kinds.index("SellerNotified")
    assert not given(file(evidence=())).claim.seller_notified
