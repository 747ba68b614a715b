"""The seller is heard: the tender, each answer, its time to the second, more time, the producer, and stepping in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cast import (
    ADA,
    ANSWER,
    BEN,
    BEN_ID,
    BO,
    HANDLES,
    HARBOUR,
    KETTLE_CO,
    MORE_TIME,
    NAMES_ACME,
    OTHER_SELLER,
    PRODUCER,
    RITA,
    TENDER,
    WITHDRAW,
    WORDS,
    Life,
    ToTheEndOf,
    accepts,
    after,
    approve,
    concern,
    confirmed,
    decision,
    file,
    given,
    offers,
    paid,
    paper,
    parts,
    pay_id,
    refuse,
    rejects,
    reports,
    step_in,
    tendered,
    uid,
    with_oven,
)  # fmt: skip

from makewhole.domain.actors import Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.decide import sees
from makewhole.domain.claim.state import AwaitingSeller

# Monday 2 March and seven days is Monday 9 March, four in the afternoon in New York.
END = datetime(2026, 3, 9, 20, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ANSWERS = [accepts(), accepts("seller"), HANDLES, rejects("misuse"), offers(1_00), NAMES_ACME, MORE_TIME]
NAMES = ["accepts", "accepts and pays", "handles", "rejects", "offers", "names the producer", "asks for more time"]


def referred(minor: int = 2000_00, **facts: Any) -> Life:
    """A claim over the limit at which a person looks first: a check has nothing to compare with."""
    return given(file(parts(property_damage=minor), method="refund"), world=with_oven(link_kinds=0, **facts))


class TestTheTender:
    def test_a_claim_over_the_limit_goes_to_the_seller_once_it_was_screened(self) -> None:
        life = tendered().then("ClaimScreened", "ClaimAssessed", "SellerNotified", "ClaimTendered")
        told = life.event(tv.ClaimTendered)
        assert (told.to, told.amount_minor, told.policy_version) == ("seller", 2000_00, "us 2026-1")
        assert told.clause.clause == "us 2026-1 · route.tendered" and "USD 2,000.00" in told.clause.because
        assert life.claim.whose_turn() == "seller" and life.claim.approved_minor == 0

    def test_at_the_limit_it_is_told_and_nothing_waits_for_it(self) -> None:
        life = given(file(parts(property_damage=1000_00), method="refund"), world=with_oven())
        assert life.claim.seller_notified and life.claim.tenders == () and life.stage() == "Paying"
        life.refuses(accepts(), "no_tender_waits")

    @pytest.mark.parametrize("facts", [{"payee_of_others": 1}, {"linked_claimants": 1}, {"link_kinds": 0}])
    def test_where_a_check_does_not_pass_a_person_looks_before_the_seller_is_asked(self, facts: dict[str, Any]) -> None:
        life = given(file(parts(property_damage=2000_00)), world=with_oven(**facts))
        assert life.stage() == "UnderReview" and life.claim.tenders == ()
        life.refuses(decision(approve(1, 2000_00)), "seller_not_heard")
        life.when(TENDER).then("ClaimTendered")
        assert life.claim.running("seller_answers")

    def test_what_is_not_payable_is_no_part_of_it(self) -> None:
        world = with_oven()
        life = given(file(parts(property_damage=1500_00, pain_and_suffering=9000_00)), world=world)
        assert life.claim.tenders == ()  # a person shows the claimant first what is not payable
        life.when(ANSWER).when(TENDER)
        assert life.event(tv.ClaimTendered).amount_minor == 1500_00

    def test_nobody_approves_before_the_seller_was_heard_but_a_person_may_refuse(self) -> None:
        life = referred().when(concern(1)).when(ANSWER)
        life.refuses(decision(approve(1, 1)), "seller_not_heard")
        life.refuses(decision(refuse(1, 1000_00, approved=1000_00)), "seller_not_heard")
        life.when(decision(refuse(1, 2000_00)))
        assert life.outcome() == "refused"

    def test_only_what_is_over_the_limit_once_and_with_something_on_paper(self) -> None:
        small = given(file(parts(property_damage=400_00), shown={1: 300_00}))
        small.refuses(TENDER, "nothing_to_tender")
        unproved = given(file(parts(property_damage=2000_00), shown={1: 0}), world=with_oven(link_kinds=0))
        unproved.refuses(TENDER, "nothing_to_tender")
        tendered().refuses(TENDER, "not_under_review", by=BO)
        referred().heard().refuses(TENDER, "seller_heard_before")

    def test_amounts_of_the_incident_are_summed_for_it(self) -> None:
        life = given(file(parts(property_damage=600_00), method="refund"), world=with_oven())
        other = file(parts(property_damage=400_01), number=2, claimant=BEN_ID, payee=2, method="refund")
        life.when(other, by=BEN)
        assert "USD 1,000.01" in life.event(tv.ClaimTendered).clause.because

    def test_the_customer_may_withdraw_and_then_nobody_answers_it(self) -> None:
        life = tendered().when(WITHDRAW)
        assert life.outcome() == "withdrawn" and life.claim.held("seller_answers") is None
        life.refuses(accepts(), "claim_is_closed")


class TestTheTimeToAnswer:
    def test_seven_days_until_four_in_the_afternoon_with_reminders_at_three_and_one(self) -> None:
        life = tendered()
        due = {clock.name: clock.due_at for clock in life.claim.clocks if clock.name.startswith("seller_answers")}
        assert due == {
            "seller_answers": END,
            "seller_answers.reminder_3": END - timedelta(days=3),
            "seller_answers.reminder_1": END - timedelta(days=1),
        }
        for days in (3, 1):
            life.when(ToTheEndOf(f"seller_answers.reminder_{days}"))
            assert life.event(ev.Reminded) == ev.Reminded("seller_answers", days)

    @pytest.mark.parametrize("answer", ANSWERS, ids=NAMES)
    def test_the_last_second_is_in_time_and_the_next_is_too_late(self, answer: Any) -> None:
        tendered().when(answer, at=END - SECOND)
        late = tendered()
        refusal = late.refuses(answer, "answer_too_late", at=END)
        assert refusal.facts["due_at"] == "2026-03-09 20:00"
        late.refuses(answer, "answer_too_late", at=END + SECOND)

    @pytest.mark.parametrize("answer", ANSWERS, ids=NAMES)
    def test_another_sellers_account_does_not_even_see_it(self, answer: Any) -> None:
        tendered().refuses(answer, "unknown_claim", by=OTHER_SELLER)
        tendered().refuses(answer, "role_may_not", by=BO)

    @pytest.mark.parametrize("first", ANSWERS[:5], ids=NAMES[:5])
    def test_it_is_answered_once(self, first: Any) -> None:
        life = tendered().when(first)
        for second in (accepts(), HANDLES, rejects(), NAMES_ACME, MORE_TIME):
            life.refuses(second, "no_tender_waits", by=KETTLE_CO)

    def test_after_silence_it_may_still_send_evidence(self) -> None:
        life = tendered().when(ToTheEndOf("seller_answers"))
        life.refuses(rejects(), "no_tender_waits")
        life.when(do.AddSellerEvidence((paper(5, "other", 0),), WORDS)).then("SellerEvidenceAdded")

    def test_an_answer_and_the_timer_in_the_same_instant_have_one_outcome(self) -> None:
        answered = tendered().when(HANDLES, at=END - SECOND)
        assert answered.when(do.RunOutClock("seller_answers", 1, pay_id()), at=END).new == []
        silent = tendered().when(ToTheEndOf("seller_answers"))
        silent.refuses(HANDLES, "no_tender_waits")
        silent.when(do.RunOutClock("seller_answers", 1, pay_id())).then_nothing()

    def test_a_pause_holds_it_open_and_moves_its_end(self) -> None:
        life = tendered().when(do.PauseClocks(("seller_answers",), WORDS)).when(after(days=60))
        life.when(do.RunOutClock("seller_answers", 1, pay_id())).then_nothing()
        life.when(do.ResumeClocks())
        clock = life.claim.running("seller_answers")
        assert clock is not None and clock.due_at == END + timedelta(days=60)
        life.when(accepts(), at=clock.due_at - SECOND).then("TenderAccepted")

    def test_while_it_is_paused_it_may_be_answered(self) -> None:
        life = tendered().when(do.PauseClocks(("seller_answers",), WORDS)).when(after(days=60))
        life.when(rejects()).then("TenderRejected")


class TestMoreTime:
    def test_as_long_again_counted_from_the_original_start(self) -> None:
        life = tendered().when(after(days=5)).when(MORE_TIME).then("ClockExtended")
        clock = life.claim.running("seller_answers")
        assert clock is not None and clock.due_at == datetime(2026, 3, 16, 20, 0, tzinfo=UTC)
        names = {c.name: c.due_at for c in life.claim.clocks if c.held}
        assert names["seller_answers.reminder_3"] == clock.due_at - timedelta(days=3)
        life.when(accepts(), at=clock.due_at - SECOND).then("TenderAccepted")

    def test_once_only(self) -> None:
        life = tendered().when(MORE_TIME)
        life.refuses(MORE_TIME, "extension_already_given")
        life.when(do.PauseClocks(("seller_answers",), WORDS)).when(do.ResumeClocks())
        life.refuses(MORE_TIME, "extension_already_given")

    def test_a_pause_before_it_is_not_lost(self) -> None:
        life = tendered().when(do.PauseClocks(("seller_answers",), WORDS)).when(after(days=2)).when(do.ResumeClocks())
        life.when(MORE_TIME)
        clock = life.claim.running("seller_answers")
        assert clock is not None and clock.due_at == datetime(2026, 3, 18, 20, 0, tzinfo=UTC)

    def test_its_end_is_silence_like_the_first(self) -> None:
        life = tendered().when(MORE_TIME).when(do.RunOutClock("seller_answers", 1, pay_id()), at=END).then_nothing()
        life.when(ToTheEndOf("seller_answers")).then("TenderUnanswered", "SteppedIn", "ClaimDecided")


class TestAccepting:
    def test_the_platform_pays_at_once_where_the_seller_lets_it(self) -> None:
        life = tendered(5000_00, coverage=None).when(accepts()).then("TenderAccepted", "ClaimDecided")
        assert life.event(ev.ClaimDecided).clauses[0].clause == "us 2026-1 · after_tender.accepted"
        assert "SteppedIn" not in life.kinds and life.claim.accepted_by == "seller"
        paid(life)
        assert life.claim.paid_minor == 5000_00 and life.claim.bearer == "seller_owes"
        assert life.recovery.opened.basis == "accepted_tender"

    def test_above_the_machines_authority_a_person_pays_it_first_in_the_queue(self) -> None:
        life = tendered(5000_01).when(accepts())
        assert life.stage() == "UnderReview" and life.claim.running("step_in")
        assert life.event(ev.ClaimReferred).reasons == ("tender_accepted", "rule:accepted_large")
        life.when(decision(approve(1, 5000_01)), by=BO).when(confirmed(), by=RITA).then("ClaimDecided")
        assert "SteppedIn" not in life.kinds  # somebody who is liable pays

    def test_a_seller_that_pays_itself_has_seven_days_and_then_the_platform_does(self) -> None:
        life = tendered().when(accepts("seller")).then("TenderAccepted")
        assert life.stage() == "SellerSettles" and life.claim.whose_turn() == "seller"
        life.when(ToTheEndOf("seller_pays")).then("TenderReturned", "ClaimDecided")
        assert life.event(tv.TenderReturned).why == "not_paid"
        assert paid(life).claim.paid_minor == 2000_00 and life.claim.bearer == "seller_or_insurer"

    def test_it_pays_what_it_accepted_and_not_less(self) -> None:
        life = tendered().when(accepts("seller"))
        assert life.refuses(reports(1999_99), "accepted_another_amount").facts["amount_minor"] == 2000_00
        life.when(reports(2000_00)).then("SettlementReported")
        life.when(td.ConfirmSettlement(True, pay_id())).then("SettlementConfirmed", "ClaimClosed")
        assert life.outcome() == "settled" and (life.claim.paid_minor, life.claim.settled_minor) == (0, 2000_00)


class TestSilence:
    def test_the_platform_steps_in_by_itself_within_its_authority(self) -> None:
        life = tendered(2500_00).when(ToTheEndOf("seller_answers"))
        life.then("ClockRanOut", "TenderUnanswered", "SteppedIn", "ClaimDecided", "ReleaseRequested")
        told = life.event(tv.SteppedIn)
        assert (told.why, told.amount_minor) == ("silent", 2500_00)
        assert told.clause.clause == "us 2026-1 · after_tender.step_in"
        assert {fact.name: fact.value for fact in told.facts}["seller_answer"] == "silent"
        assert life.event(ev.ClaimDecided).deciders == ("machine:decision",)

    def test_above_it_an_adjuster_gets_it_first_in_the_queue(self) -> None:
        life = tendered(2500_01).when(ToTheEndOf("seller_answers")).then("TenderUnanswered", "ClaimReferred")
        assert life.stage() == "UnderReview" and life.claim.approved_minor == 0 and life.claim.running("step_in")
        assert life.event(ev.ClaimReferred).reasons == ("seller_silent", "rule:step_in_large")
        life.when(decision(approve(1, 2500_01)), by=BO)
        life.when(confirmed(), by=RITA).then("SteppedIn", "ClaimDecided")
        assert life.event(tv.SteppedIn).why == "silent" and life.claim.held("step_in") is None

    def test_an_adjuster_who_lets_it_lie_is_told_on(self) -> None:
        life = tendered(2500_01).when(ToTheEndOf("seller_answers")).when(ToTheEndOf("step_in"))
        assert life.event(ev.DeadlineMissed) == ev.DeadlineMissed("step_in", "programme_owner")

    @pytest.mark.parametrize(
        "told, row",
        [
            ({"medical_expense": 2000_00}, "injury"),
            ({"property_damage": 1200_00, "purchase_price": 400_01}, "in_part"),
        ],
    )
    def test_an_injury_or_a_part_that_is_not_proved_is_for_a_person(self, told: dict[str, int], row: str) -> None:
        life = given(file(parts(**told)), world=with_oven())
        life.when(ToTheEndOf("seller_answers"))
        assert life.event(ev.ClaimReferred).reasons == ("seller_silent", f"rule:{row}")
        assert life.claim.approved_minor == 0

    def test_a_check_that_did_not_pass_is_for_a_person(self) -> None:
        life = referred().heard()
        assert life.event(ev.ClaimReferred).reasons == ("seller_silent", "rule:checks")

    def test_a_timer_that_brings_no_id_for_a_payment_pays_nothing(self) -> None:
        life = tendered().when(do.RunOutClock("seller_answers", 1), at=END)
        assert life.stage() == "UnderReview" and life.claim.approved_minor == 0

    def test_the_cap_of_the_incident_holds_when_stepping_in_too(self) -> None:
        life = tendered()
        room = life.claim.filed.incident_cap_minor - 1999_99
        other = do.EarlierClaim(
            uid(77), "MW-77", BEN_ID, life.claim.filed.incident_id, END.date(), "Closed", "paid", room, room
        )
        life.world.facts["same_line"] = (other,)
        life.when(ToTheEndOf("seller_answers"))
        assert life.event(ev.ClaimReferred).reasons == ("seller_silent", "rule:cap")


class TestRejecting:
    def rejected(self, *reasons: str) -> Life:
        return tendered().when(rejects(*reasons)).then("TenderRejected", "ClaimReferred")

    def test_a_person_looks_first_in_the_queue(self) -> None:
        life = self.rejected("misuse", "amount_too_high")
        assert life.stage() == "UnderReview" and life.claim.running("step_in")
        assert life.claim.tender is not None and life.claim.tender.reasons == ("misuse", "amount_too_high")

    def test_with_reasons_that_we_know_and_files_of_parts_that_there_are(self) -> None:
        life = tendered()
        life.refuses(td.RejectTender((), WORDS), "reason_needed")
        life.refuses(rejects("spite"), "unknown_reason")
        life.refuses(td.RejectTender(("misuse",), WORDS, (paper(5, "other", 7),)), "evidence_for_no_exposure")

    def test_nobody_pays_past_it_without_an_answer(self) -> None:
        refusal = self.rejected("misuse", "no_defect").refuses(decision(approve(1, 100_00)), "answer_the_rejection")
        assert refusal.facts["missing"] == "misuse, no_defect"

    def test_each_of_its_reasons_is_answered_in_words(self) -> None:
        life = self.rejected("misuse", "no_defect")
        whole = approve(1, 2000_00)
        life.refuses(step_in(whole, answers=()), "answer_the_rejection")
        refusal = life.refuses(step_in(whole, answers=("misuse",)), "answer_the_rejection")
        assert refusal.facts["missing"] == "no_defect"
        wordless = (ev.Reason("misuse", "c", (), WORDS), ev.Reason("no_defect", "c"))
        assert life.refuses(td.StepIn((whole,), wordless), "answer_the_rejection").facts["missing"] == "no_defect"
        life.when(step_in(whole, answers=("misuse", "no_defect"))).then("RejectionAnswered", "DecisionProposed")

    def test_a_second_person_agrees_before_the_platform_steps_in(self) -> None:
        life = self.rejected().when(step_in(approve(1, 2000_00)), by=BO)
        assert life.stage() == "AwaitingSecond" and life.claim.approved_minor == 0
        assert life.event(ev.DecisionProposed).needs == ("second_person", "step_in")
        life.refuses(confirmed(), "second_person_needed", by=BO)
        life.when(confirmed(), by=ADA).then("SteppedIn", "ClaimDecided")
        assert life.event(tv.SteppedIn).why == "rejected"
        assert paid(life).claim.bearer == "platform_then_recovers"

    @pytest.mark.parametrize("before", ["agreed to a part", "sent back"])
    def test_nor_is_any_smaller_part_ever_paid_by_one_person_alone(self, before: str) -> None:
        """Below the four-eyes limit too, and also once the reasons were answered."""
        life = self.rejected().when(step_in(approve(1, 10_00)), by=BO)
        if before == "sent back":
            life.when(do.ReturnDecision(WORDS), by=RITA)
        else:
            life.when(confirmed(), by=RITA)
        life.when(decision(approve(1, 500_00)), by=BO)
        assert life.stage() == "AwaitingSecond" and life.event(ev.DecisionProposed).needs == ("second_person",)
        life.refuses(confirmed(), "second_person_needed", by=BO)

    def test_what_is_right_about_it_may_be_refused_to_the_claimant_who_was_heard(self) -> None:
        life = self.rejected("amount_too_high").when(concern(1)).when(ANSWER)
        life.when(step_in(refuse(1, 500_00, approved=1500_00), answers=("amount_too_high",)), by=BO)
        life.when(confirmed(), by=RITA)
        assert (life.claim.approved_minor, life.claim.refused_minor) == (1500_00, 500_00)

    def test_only_a_rejection_is_answered(self) -> None:
        tendered(2500_01).when(ToTheEndOf("seller_answers")).refuses(
            step_in(approve(1, 1_00)), "nothing_rejected", by=BO
        )

    def test_an_appeal_does_not_pass_it_by(self) -> None:
        life = self.rejected().when(concern(1)).when(ANSWER).when(decision(refuse(1, 2000_00)), by=BO)
        life.when(do.Appeal(WORDS))
        life.refuses(decision(approve(1, 2000_00)), "answer_the_rejection", by=ADA)
        life.when(step_in(approve(1, 2000_00)), by=ADA).when(confirmed(), by=RITA).then("SteppedIn", "ClaimDecided")


class TestTheProducer:
    def test_the_tender_passes_on_with_its_own_clock(self) -> None:
        life = tendered().when(NAMES_ACME, at=END - SECOND).then("TenderPassedOn", "ClaimTendered")
        assert life.claim.stage == AwaitingSeller(2, "producer") and life.claim.whose_turn() == "producer"
        clock = life.claim.running("producer_answers")
        assert clock is not None and clock.due_at == datetime(2026, 3, 16, 20, 0, tzinfo=UTC)
        assert life.claim.held("seller_answers") is None
        life.refuses(accepts(), "tender_is_not_yours", by=KETTLE_CO)

    def test_it_sees_the_claim_from_then_on_and_nobody_else_does(self) -> None:
        life = tendered()
        assert not sees(PRODUCER, life.claim)
        life.when(NAMES_ACME)
        stranger = Actor("producer:other", "producer", producer_id=uid(0xBAD))
        assert sees(PRODUCER, life.claim) and not sees(stranger, life.claim) and not sees(HARBOUR, life.claim)

    def test_it_accepts_and_owes_what_the_platform_pays(self) -> None:
        life = tendered().when(NAMES_ACME)
        life.refuses(accepts("seller"), "producer_lets_the_platform_pay", by=PRODUCER)
        paid(life.when(accepts(), by=PRODUCER).then("TenderAccepted", "ClaimDecided"))
        assert life.claim.bearer == "producer_owes" and life.claim.accepted_by == "producer"
        assert (life.debt("producer").owed_minor, life.debt("seller").owed_minor) == (2000_00, 0)

    @pytest.mark.parametrize("silent", [True, False])
    def test_where_it_is_silent_or_rejects_the_seller_is_liable_as_before(self, silent: bool) -> None:
        life = tendered().when(NAMES_ACME)
        if silent:
            life.when(ToTheEndOf("producer_answers")).then("TenderUnanswered", "SteppedIn")
        else:
            life.when(rejects("not_our_product"), by=PRODUCER)
            life.refuses(decision(approve(1, 1)), "answer_the_rejection", by=BO)
            life.when(step_in(approve(1, 2000_00), answers=("not_our_product",)), by=BO).when(confirmed(), by=RITA)
        assert paid(life).claim.bearer == "platform_then_recovers"
        assert life.debt("seller").owed_minor == 2000_00

    def test_it_is_named_once_and_handles_nothing_itself(self) -> None:
        life = tendered().when(NAMES_ACME)
        life.refuses(HANDLES, "role_may_not", by=PRODUCER)
        life.refuses(NAMES_ACME, "producer_named_before", by=KETTLE_CO)
        life.when(MORE_TIME, by=PRODUCER).then("ClockExtended")
        life.refuses(MORE_TIME, "extension_already_given", by=PRODUCER)


class TestASellerThatIsGone:
    @pytest.mark.parametrize("why", ["account_gone", "bankruptcy"])
    def test_nobody_waits_for_it(self, why: str) -> None:
        life = given(file(parts(property_damage=2000_00)), world=with_oven(seller_gone=why))
        assert life.stage() == "UnderReview" and life.claim.tenders == ()
        life.refuses(TENDER, "seller_is_gone")
        life.when(decision(approve(1, 2000_00)), by=BO).when(confirmed(), by=RITA).then("SteppedIn", "ClaimDecided")
        assert life.event(tv.SteppedIn).why == "seller_gone"
        assert paid(life).claim.bearer == "platform_then_recovers" and life.recovery.obstacle == why

    def test_that_goes_while_it_is_asked_is_silent(self) -> None:
        life = tendered()
        life.world.facts["seller_gone"] = "account_gone"
        paid(life.when(ToTheEndOf("seller_answers")).then("TenderUnanswered", "SteppedIn"))
        assert life.recovery.opened.clause.clause == "us 2026-1 · bearer.large_gone"


class TestFilesWithAnAnswer:
    """Every answer may come with files: they stand in the log just before it, and nowhere without it."""

    @pytest.mark.parametrize(
        "command, then",
        [
            (accepts(), "TenderAccepted"),
            (accepts("seller"), "TenderAccepted"),
            (HANDLES, "SellerHandles"),
            (MORE_TIME, "ClockExtended"),
            (NAMES_ACME, "TenderPassedOn"),
            (offers(1_00), "OfferMade"),
        ],
    )
    def test_they_are_kept_before_the_answer(self, command: Any, then: str) -> None:
        enclosed = (paper(81, "other", 0), paper(82, "photo", 0))
        life = tendered().when(replace(command, evidence=enclosed))
        kinds = life.kinds
        assert kinds[kinds.index("FilesEnclosed") + 1] == then
        assert life.claim.evidence[-2:] == enclosed

    def test_an_answer_without_files_encloses_none(self) -> None:
        life = tendered().when(HANDLES)
        assert "FilesEnclosed" not in life.kinds

    def test_a_file_for_a_part_that_there_is_not_is_refused_with_the_answer(self) -> None:
        wrong = (paper(81, "other", 7),)
        for command in (accepts(), HANDLES, MORE_TIME, NAMES_ACME, offers(1_00)):
            tendered().refuses(replace(command, evidence=wrong), "evidence_for_no_exposure")

    def test_a_late_answer_leaves_no_file_behind(self) -> None:
        life = tendered()
        life.refuses(replace(HANDLES, evidence=(paper(81, "other", 0),)), "answer_too_late", at=END)
        assert not any(item.evidence_id == paper(81, "other", 0).evidence_id for item in life.claim.evidence)

    def test_a_producer_encloses_files_too(self) -> None:
        life = tendered().when(NAMES_ACME).when(replace(accepts(), evidence=(paper(83, "other", 0),)), by=PRODUCER)
        assert life.claim.evidence[-1] == paper(83, "other", 0)
