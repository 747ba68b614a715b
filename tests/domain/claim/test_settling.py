"""Seller and claimant settle between themselves: offers with their guards, settlement, and what is confirmed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cast import (
    ANA,
    BO,
    HANDLES,
    KETTLE_CO,
    MARKET,
    RITA,
    WITHDRAW,
    WORDS,
    Life,
    ToTheEndOf,
    accepts,
    agrees,
    approve,
    confirmed,
    decision,
    declines,
    file,
    given,
    offers,
    open_accounts,
    paid,
    paper,
    parts,
    pay_id,
    rejects,
    reports,
    settled,
    tendered,
    with_oven,
)  # fmt: skip
from hypothesis import given as whatever
from hypothesis import strategies as st

from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.events import PaidLine
from makewhole.domain.claim.settling import spread
from makewhole.domain.claim.state import AwaitingOffer

SECOND = timedelta(seconds=1)


class TestOffers:
    def test_the_claimant_has_thirty_days_for_the_sellers_offer(self) -> None:
        life = tendered().when(offers(1500_00)).then("OfferMade")
        assert life.claim.whose_turn() == "claimant" and life.claim.running("claimant_answers")
        assert life.claim.held("seller_answers") is None

    def test_accepted_so_much_is_paid_and_the_rest_given_up(self) -> None:
        life = tendered().when(offers(1500_00)).when(agrees()).then("OfferAccepted", "ClaimDecided", "ReleaseRequested")
        claim = life.claim
        assert (claim.approved_minor, claim.waived_minor, claim.refused_minor, claim.open_minor) == (
            1500_00,
            500_00,
            0,
            0,
        )
        assert claim.reserve_minor == 0 and "SteppedIn" not in life.kinds
        paid(life)
        assert life.outcome() == "paid" and life.claim.paid_minor == 1500_00
        assert life.claim.bearer == "seller_or_insurer" and life.recovery.opened.basis == "accepted_tender"
        life.refuses(do.Appeal(WORDS), "nothing_to_appeal")  # what both agreed on was not refused

    def test_refused_the_platform_decides_on_the_whole(self) -> None:
        life = tendered().when(offers(1500_00)).when(declines()).then("OfferRefused", "TenderReturned", "SteppedIn")
        assert life.event(tv.SteppedIn).why == "offer_refused" and life.claim.approved_minor == 2000_00
        assert life.claim.held("claimant_answers") is not None  # for the release

    def test_unanswered_it_lapses(self) -> None:
        life = tendered().when(offers(1500_00)).when(ToTheEndOf("claimant_answers"))
        life.then("ClockRanOut", "TenderReturned", "SteppedIn", "ClaimDecided")
        life.refuses(agrees(), "no_offer_waits")

    def test_a_counter_offer_gives_the_seller_its_time_again(self) -> None:
        life = tendered().when(offers(1000_00)).when(offers(1800_00), by=ANA)
        assert life.claim.stage == AwaitingOffer(tv.OfferMade(2, "claimant", 1800_00, None))
        assert life.claim.running("seller_answers") and life.claim.held("claimant_answers") is None
        life.when(agrees(), by=KETTLE_CO).then("OfferAccepted", "ClaimDecided")
        assert (life.claim.approved_minor, life.claim.waived_minor) == (1800_00, 200_00)

    @pytest.mark.parametrize("silent", [True, False])
    def test_a_counter_offer_that_is_refused_or_not_answered_brings_the_platform(self, silent: bool) -> None:
        life = tendered().when(offers(1000_00)).when(offers(1800_00), by=ANA)
        if silent:
            life.when(ToTheEndOf("seller_answers"))
        else:
            life.when(declines(), by=KETTLE_CO)
        life.then("TenderReturned", "SteppedIn", "ClaimDecided")
        assert life.claim.approved_minor == 2000_00

    def test_nobody_makes_two_in_a_row_or_answers_its_own(self) -> None:
        life = tendered().when(offers(1000_00))
        for own in (offers(1100_00), agrees(), declines()):
            life.refuses(own, "offer_waits_for_the_other_side", by=KETTLE_CO)
        life.when(offers(1900_00), by=ANA)
        for own in (offers(1800_00), agrees(), declines()):
            life.refuses(own, "offer_waits_for_the_other_side", by=ANA)

    @pytest.mark.parametrize("minor, code", [(0, "offer_not_positive"), (-1, "offer_not_positive")])
    def test_it_is_above_zero(self, minor: int, code: str) -> None:
        tendered().refuses(offers(minor), code)

    def test_it_is_at_most_what_is_open_of_the_claim(self) -> None:
        assert tendered().refuses(offers(2000_01), "offer_above_claim").facts["open_minor"] == 2000_00
        life = tendered().when(offers(2000_00))
        life.refuses(offers(2000_01), "offer_above_claim", by=ANA)
        assert life.when(agrees()).claim.waived_minor == 0

    def test_six_are_made_and_then_the_last_is_answered(self) -> None:
        life = tendered()
        for n in range(6):
            life.when(offers(1000_00 + n), by=KETTLE_CO if n % 2 == 0 else ANA)
        assert life.refuses(offers(1500_00), "offers_exhausted", by=KETTLE_CO).facts["most"] == 6
        life.when(agrees(), by=KETTLE_CO).then("OfferAccepted")
        assert life.claim.approved_minor == 1000_05

    def test_only_a_tender_brings_the_first_one_and_the_seller_makes_it(self) -> None:
        tendered().refuses(offers(1000_00), "no_offer_waits", by=ANA)
        small = given(file())
        small.refuses(offers(100_00), "no_offer_waits", by=KETTLE_CO)
        tendered().refuses(agrees(), "no_offer_waits", by=ANA)
        tendered().when(WITHDRAW).refuses(offers(1_00), "claim_is_closed", by=KETTLE_CO)

    @pytest.mark.parametrize("counter", [True, False])
    def test_a_second_late_is_too_late(self, counter: bool) -> None:
        for answer in (agrees(), declines(), offers(1500_00)):
            life = tendered().when(offers(1000_00))
            by, name = (KETTLE_CO, "seller_answers") if counter else (ANA, "claimant_answers")
            if counter:
                life.when(offers(1800_00), by=ANA)
            clock = life.claim.running(name)
            assert clock is not None
            life.refuses(answer, "answer_too_late", by=by, at=clock.due_at)
            life.when(answer, by=by, at=clock.due_at - SECOND)

    def test_other_answers_are_not_given_while_an_offer_waits(self) -> None:
        life = tendered().when(offers(1000_00))
        for answer in (accepts(), HANDLES, rejects()):
            life.refuses(answer, "no_tender_waits")

    def test_above_the_machines_authority_people_pay_what_was_agreed(self) -> None:
        life = tendered(7000_00).when(offers(5000_01)).when(agrees())
        assert life.event(ev.ClaimReferred).reasons == ("tender_accepted", "rule:accepted_large")
        life.refuses(decision(approve(1, 5000_02)), "more_than_open", by=BO)
        life.when(decision(approve(1, 5000_01)), by=BO).when(confirmed(), by=RITA)
        assert "SteppedIn" not in life.kinds and life.claim.open_minor == 0

    def test_the_marketplace_may_speak_for_its_customer(self) -> None:
        life = tendered().when(offers(1000_00)).when(offers(1500_00), by=MARKET)
        life.refuses(agrees(), "offer_waits_for_the_other_side", by=ANA)


class TestTheSpreadOfAnAgreedAmount:
    def spread_of(self, amount: int, **told: int) -> tuple[PaidLine, ...]:
        life = given(file(parts(**told)), world=with_oven())
        lines = spread(amount, life.claim)
        life.when(offers(amount)).when(agrees())
        assert {part.no: part.approved_minor for part in life.claim.exposures if part.approved_minor} == {
            line.no: line.amount_minor for line in lines
        }
        return lines

    def test_in_proportion_and_the_odd_cents_to_the_largest_remainders(self) -> None:
        # 1,000.00 of 1,500.01: 666.66 and a third, 200.00, 133.33 and two thirds, and so on: to the cent.
        lines = self.spread_of(1000_00, property_damage=1000_00, lost_wages=300_00, purchase_price=200_01)
        assert lines == (PaidLine(1, 666_66), PaidLine(2, 200_00), PaidLine(3, 133_34))

    def test_one_cent_goes_to_one_part(self) -> None:
        assert self.spread_of(1, property_damage=900_00, lost_wages=800_00) == (PaidLine(1, 1),)

    def test_equal_remainders_go_in_the_order_of_the_parts(self) -> None:
        lines = self.spread_of(1, property_damage=800_00, lost_wages=800_00)
        assert lines == (PaidLine(1, 1),)

    @whatever(
        claimed=st.lists(st.integers(1, 400_00), min_size=1, max_size=3), share=st.fractions(min_value=0, max_value=1)
    )
    def test_it_adds_up_and_no_part_gets_more_than_is_open_of_it(self, claimed: list[int], share: float) -> None:
        heads = ("property_damage", "lost_wages", "medical_expense")
        life = given(file(parts(**dict(zip(heads, claimed, strict=False))), evidence=()))
        amount = max(1, int(sum(claimed) * share))
        lines = spread(amount, life.claim)
        assert sum(line.amount_minor for line in lines) == amount
        assert all(0 < line.amount_minor <= claimed[line.no - 1] for line in lines)


class TestTheSellerHandlesItItself:
    def handled(self) -> Life:
        return tendered().when(HANDLES).then("SellerHandles")

    def test_it_has_thirty_days_and_then_the_claim_comes_back(self) -> None:
        life = self.handled()
        clock = life.claim.running("seller_handles")
        assert clock is not None and (clock.due_at - life.world.at).days == 30 and life.claim.whose_turn() == "seller"
        life.when(ToTheEndOf("seller_handles")).then("TenderReturned", "SteppedIn", "ClaimDecided")
        assert life.event(tv.SteppedIn).why == "not_settled"
        assert paid(life).claim.bearer == "platform_then_recovers"

    def test_confirmed_by_the_claimant_it_is_settled_and_the_platform_paid_nothing(self) -> None:
        life = self.handled().when(reports(1700_00)).then("SettlementReported")
        assert life.claim.whose_turn() == "claimant" and life.claim.running("claimant_answers")
        life.when(settled()).then("SettlementConfirmed", "ClaimClosed")
        assert life.event(tv.SettlementConfirmed).by_claimant
        assert life.outcome() == "settled" and life.claim.settled_minor == 1700_00 and life.claim.reserve_minor == 0
        assert open_accounts(life.books) == {} and life.claim.recoveries == () and life.claim.bearer is None
        assert [clock.name for clock in life.claim.clocks if clock.held] == []
        life.refuses(do.ReopenClaim(WORDS), "settled_with_the_seller")
        life.refuses(do.Appeal(WORDS), "nothing_to_appeal")

    def test_the_claimant_may_say_so_before_the_seller_does(self) -> None:
        life = self.handled().when(settled()).then("SettlementConfirmed")
        assert life.claim.settled_minor == 2000_00
        self.handled().refuses(settled(False), "nothing_to_confirm")

    def test_denied_a_person_judges_between_them_before_money_goes_a_second_time(self) -> None:
        life = self.handled().when(reports(2000_00, paper(5, "receipt", 1, 2000_00))).when(settled(False))
        life.then("SettlementDenied", "TenderReturned", "ClaimReferred")
        assert life.stage() == "UnderReview" and life.claim.approved_minor == 0 and life.claim.running("step_in")
        life.when(decision(approve(1, 2000_00)), by=BO).when(confirmed(), by=RITA).then("SteppedIn", "ClaimDecided")

    def test_an_adjuster_judges_the_evidence_once_the_claimant_was_silent(self) -> None:
        life = self.handled().when(reports(2000_00, paper(5, "receipt", 1, 2000_00)))
        life.refuses(settled(), "claimant_may_still_confirm", by=BO)
        life.when(ToTheEndOf("claimant_answers")).then("DeadlineMissed")
        assert life.stage() == "AwaitingConfirmation" and life.claim.running("step_in")
        life.refuses(settled(words=None), "words_needed", by=BO)
        life.when(settled(), by=BO).then("SettlementConfirmed")
        assert life.outcome() == "settled" and not life.event(tv.SettlementConfirmed).by_claimant

    def test_or_finds_that_nothing_was_settled_and_the_platform_steps_in(self) -> None:
        life = self.handled().when(reports(2000_00)).when(ToTheEndOf("claimant_answers"))
        life.when(settled(False), by=BO).then("SettlementDenied", "TenderReturned", "SteppedIn", "ClaimDecided")

    def test_within_its_time_and_within_the_claim(self) -> None:
        for minor in (0, -1, 2000_01):
            self.handled().refuses(reports(minor), "offer_above_claim")
        life = self.handled()
        clock = life.claim.running("seller_handles")
        assert clock is not None
        life.refuses(reports(1_00), "answer_too_late", at=clock.due_at)
        life.when(reports(1_00), at=clock.due_at - SECOND).then("SettlementReported")
        life.refuses(reports(1_00), "nothing_to_settle")
        tendered().refuses(reports(1_00), "nothing_to_settle")

    def test_its_files_are_of_parts_that_there_are(self) -> None:
        self.handled().refuses(reports(1_00, paper(5, "receipt", 2)), "evidence_for_no_exposure")

    def test_what_comes_back_is_not_settled_again(self) -> None:
        life = self.handled().when(ToTheEndOf("seller_handles"))
        life.refuses(td.ConfirmSettlement(True, pay_id()), "nothing_to_confirm")
        life.refuses(HANDLES, "no_tender_waits")
