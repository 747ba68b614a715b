"""A claim's clocks: reminders, silence, letters, escalations, extensions, pauses, and timers that err."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from cast import (
    ANSWER,
    APPEAL,
    BO,
    FIN,
    NOON,
    WORDS,
    Life,
    ToTheEndOf,
    World,
    after,
    approve,
    concern,
    decision,
    file,
    given,
    parts,
    pay_id,
    proof_of,
    refuse,
    settle,
)  # fmt: skip

from makewhole.domain.actors import CLOCK
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.domain.claim.clocks import is_reminder, reminds_of
from makewhole.domain.claim.state import Clock

UNPROVED = file(evidence=())
SHORT = file(parts(property_damage=400_00), shown={1: 300_00})


def clock(life: Life, name: str) -> Clock:
    found = life.claim.held(name)
    assert found is not None, f"{name} does not run"
    return found


def due(life: Life, name: str) -> datetime:
    return clock(life, name).due_at


class TestTheClaimantAnswers:
    def test_thirty_days_until_four_in_the_afternoon_of_a_working_day(self) -> None:
        # Monday 2 March and 30 days is Wednesday 1 April.
        assert due(given(UNPROVED), "claimant_answers") == datetime(2026, 4, 1, 20, 0, tzinfo=UTC)

    def test_a_last_day_that_is_free_moves_on(self) -> None:
        world = World(free_days=frozenset({date(2026, 4, 1), date(2026, 4, 2)}))
        assert due(given(UNPROVED, world=world), "claimant_answers") == datetime(2026, 4, 3, 20, 0, tzinfo=UTC)
        saturday = World(at=datetime(2026, 3, 5, 17, 0, tzinfo=UTC))  # and 30 days is Saturday 4 April
        assert due(given(UNPROVED, world=saturday), "claimant_answers").date() == date(2026, 4, 6)

    def test_reminders_at_seven_days_and_one_day_left_each_once(self) -> None:
        life = given(UNPROVED)
        end = due(life, "claimant_answers")
        assert due(life, "claimant_answers.reminder_7") == end - timedelta(days=7)
        assert due(life, "claimant_answers.reminder_1") == end - timedelta(days=1)
        for days in (7, 1):
            life.when(ToTheEndOf(f"claimant_answers.reminder_{days}"))
            assert life.event(ev.Reminded) == ev.Reminded("claimant_answers", days)
        life.when(do.RunOutClock("claimant_answers.reminder_7", 1)).then_nothing()

    def test_a_reminders_name_says_what_and_when(self) -> None:
        assert is_reminder("claimant_answers.reminder_7") and not is_reminder("claimant_answers")
        assert reminds_of("claimant_answers.reminder_7") == ("claimant_answers", 7)

    def test_silence_after_a_request_for_proof_closes_and_proof_opens_again(self) -> None:
        life = given(UNPROVED, ToTheEndOf("claimant_answers")).then("ClockRanOut", "ClaimClosed")
        assert life.outcome() == "unanswered" and life.claim.reserve_minor == 0
        life.when(after(days=200))
        life.when(do.AddProof(proof_of(parts(property_damage=150_00)), pay_id()))
        life.then("ProofAdded", "ClaimReopened", "ProofCompleted", "ClaimDecided", "PaymentOrdered")
        assert settle(life).outcome() == "paid"

    def test_silence_after_a_concern_closes_nothing_and_a_person_decides(self) -> None:
        life = given(SHORT, concern(1), ToTheEndOf("claimant_answers")).then("ClockRanOut", "ClaimReferred")
        assert life.stage() == "UnderReview" and life.claim.refused_minor == 0 and life.claim.concerns[0].heard

    def test_an_answer_stops_it_with_its_reminders(self) -> None:
        life = given(SHORT, concern(1), ANSWER)
        assert [c.name for c in life.claim.clocks if c.held and c.name.startswith("claimant_answers")] == []
        life.refuses(ANSWER, "no_concern_shown")

    def test_an_empty_answer_is_none(self) -> None:
        given(SHORT, concern(1)).refuses(do.AnswerConcern(), "nothing_sent")


class TestTimersThatErr:
    def test_a_second_early_changes_nothing_and_on_the_instant_it_has_effect(self) -> None:
        life = given(UNPROVED)
        end = due(life, "claimant_answers")
        ran_out = do.RunOutClock("claimant_answers", 1)
        life.when(ran_out, at=end - timedelta(microseconds=1)).then_nothing()
        life.when(ran_out, at=end).then("ClaimClosed")
        life.when(ran_out, at=end + timedelta(days=1)).then_nothing()

    def test_late_has_the_same_effect_once(self) -> None:
        life = given(UNPROVED)
        life.when(do.RunOutClock("claimant_answers", 1), at=due(life, "claimant_answers") + timedelta(days=99))
        assert life.outcome() == "unanswered"
        assert life.event(ev.ClockRanOut).due_at < life.world.at

    def test_a_clock_of_an_earlier_turn_or_a_stopped_or_unknown_one_changes_nothing(self) -> None:
        life = given(SHORT, concern(1), ANSWER, concern(1, code="another"), after(days=99))
        life.when(do.RunOutClock("claimant_answers", 1)).then_nothing()
        life.when(do.RunOutClock("claimant_answers", 3)).then_nothing()
        life.when(do.RunOutClock("no_such_clock", 1)).then_nothing()
        life.when(do.RunOutClock("claimant_answers", 2)).then("ClaimReferred")


class TestOurOwnClocks:
    def test_forty_days_to_decide_from_complete_proof_then_a_letter_every_thirty(self) -> None:
        life = given(SHORT)
        decide_by = due(life, "decision")
        assert decide_by.date() - NOON.date() == timedelta(days=40)
        life.when(ToTheEndOf("decision")).then("ClockRanOut", "DeadlineMissed", "DelayExplained")
        assert life.event(ev.DeadlineMissed).escalated_to == "programme_owner"
        for letter in (2, 3):
            before = life.world.at
            life.when(ToTheEndOf("delay_letter"))
            assert life.world.at - before == timedelta(days=30)
            assert life.event(ev.DelayExplained).letter == letter and "DeadlineMissed" not in life.kinds

    def test_a_decision_ends_the_letters_and_the_task(self) -> None:
        life = given(SHORT, ToTheEndOf("decision")).when(decision(approve(1, 400_00)))
        assert life.claim.held("delay_letter") is None and "missed_decision" not in life.claim.tasks

    def test_it_does_not_run_before_the_proof_is_complete(self) -> None:
        assert given(UNPROVED).claim.held("decision") is None

    def test_ninety_days_for_the_whole_claim_then_the_programme_owner_hears_of_it(self) -> None:
        life = given(SHORT, ToTheEndOf("whole_claim")).then("DeadlineMissed")
        assert life.event(ev.DeadlineMissed) == ev.DeadlineMissed("whole_claim", "programme_owner")
        assert life.stage() == "UnderReview"

    def test_a_day_for_safety_then_a_breach(self) -> None:
        life = given(file(hazards=("death",)), ToTheEndOf("safety_review"))
        assert life.event(ev.DeadlineMissed).escalated_to == "safety_officer"
        life.when(do.ReviewSafety("recalled", WORDS))
        assert not {"safety_review", "missed_safety_review"} & life.claim.tasks

    def test_the_sellers_days_to_show_insurance_end_without_touching_the_claim(self) -> None:
        life = given(file(), world=World(facts={"seller_insured": False}))
        before = life.stage()
        life.when(ToTheEndOf("seller_proof_of_insurance"))
        assert life.kinds == ["ClockRanOut"] and life.stage() == before

    def test_a_closed_claim_leaves_nothing_running_but_the_appeal(self) -> None:
        paid = settle(given(file()))
        assert [c.name for c in paid.claim.clocks if c.held] == []
        refused = given(SHORT, concern(1), ANSWER).when(decision(refuse(1, 400_00)))
        assert [c.name for c in refused.claim.clocks if c.held] == ["appeal"]


class TestExtension:
    def test_more_time_counts_from_the_original_start(self) -> None:
        life = given(UNPROVED, after(days=20)).when(do.ExtendClock("claimant_answers", 14, WORDS))
        # 44 days from Monday 2 March: Wednesday 15 April.
        assert due(life, "claimant_answers") == datetime(2026, 4, 15, 20, 0, tzinfo=UTC)

    def test_twice_the_same_is_refused_and_more_is_counted_from_the_start_again(self) -> None:
        extend = do.ExtendClock("claimant_answers", 14, WORDS)
        life = given(UNPROVED, extend)
        life.refuses(extend, "extension_already_given")
        life.when(do.ExtendClock("claimant_answers", 15, WORDS))
        assert due(life, "claimant_answers") == datetime(2026, 4, 16, 20, 0, tzinfo=UTC)

    def test_its_reminders_move_with_it(self) -> None:
        life = given(UNPROVED, ToTheEndOf("claimant_answers.reminder_7"))
        life.when(do.ExtendClock("claimant_answers", 14, WORDS))
        end = due(life, "claimant_answers")
        assert due(life, "claimant_answers.reminder_7") == end - timedelta(days=7)
        assert due(life, "claimant_answers.reminder_1") == end - timedelta(days=1)

    def test_only_a_clock_of_the_claimants_that_runs_and_is_not_over(self) -> None:
        life = given(UNPROVED)
        life.refuses(do.ExtendClock("decision", 7, WORDS), "clock_not_running")
        life.refuses(do.ExtendClock("whole_claim", 7, WORDS), "clock_not_running")
        life.refuses(do.ExtendClock("claimant_answers", 0, WORDS), "days_not_positive")
        life.refuses(do.ExtendClock("claimant_answers", 7, WORDS), "clock_is_over", at=due(life, "claimant_answers"))

    def test_a_pause_before_it_is_not_lost(self) -> None:
        life = given(UNPROVED, do.PauseClocks(("claimant_answers",), WORDS), after(days=10), do.ResumeClocks())
        life.when(do.ExtendClock("claimant_answers", 7, WORDS))
        # 37 days from 2 March is 8 April; and the ten days of the pause.
        assert due(life, "claimant_answers") == datetime(2026, 4, 18, 20, 0, tzinfo=UTC)


class TestPause:
    PAUSE = do.PauseClocks(("claimant_answers",), WORDS)

    def test_it_blocks_the_outcome(self) -> None:
        life = given(UNPROVED, self.PAUSE, after(days=99))
        life.when(do.RunOutClock("claimant_answers", 1)).then_nothing()
        life.when(do.RunOutClock("claimant_answers.reminder_1", 1)).then_nothing()
        assert life.stage() == "AwaitingProof"

    def test_resumed_each_end_moves_by_as_long_as_it_took(self) -> None:
        life = given(UNPROVED)
        before = due(life, "claimant_answers"), due(life, "claimant_answers.reminder_7")
        life.when(self.PAUSE).when(after(days=5, hours=3)).when(do.ResumeClocks())
        now = due(life, "claimant_answers"), due(life, "claimant_answers.reminder_7")
        assert [later - earlier for earlier, later in zip(before, now, strict=True)] == [timedelta(days=5, hours=3)] * 2

    def test_the_others_run_on(self) -> None:
        life = given(SHORT, do.PauseClocks(("decision",), WORDS), ToTheEndOf("whole_claim"))
        assert life.event(ev.DeadlineMissed).clock == "whole_claim"

    def test_there_is_one_pause_at_a_time_and_of_something_that_runs(self) -> None:
        life = given(UNPROVED)
        life.refuses(do.ResumeClocks(), "not_paused")
        life.refuses(do.PauseClocks(("decision",), WORDS), "clock_not_running")
        life.when(self.PAUSE).refuses(self.PAUSE, "already_paused")

    def test_a_paused_clock_is_not_started_a_second_time(self) -> None:
        life = given(file(parts(property_damage=400_00, lost_wages=90_00), shown={1: 300_00}))
        life.when(decision(approve(2, 90_00))).when(do.PauseClocks(("pay",), WORDS)).when(decision(approve(1, 100_00)))
        assert len([c for c in life.claim.clocks if c.name == "pay"]) == 1

    def test_a_pause_of_which_nothing_is_left_is_over(self) -> None:
        life = given(SHORT, concern(1), self.PAUSE, ANSWER)
        assert life.claim.paused_at is None
        life.when(do.PauseClocks(("decision",), WORDS)).then("ClocksPaused")


class TestEndOfTheAppeal:
    @pytest.mark.parametrize("seconds, in_time", [(-1, True), (0, False)])
    def test_it_is_over_at_its_instant(self, seconds: int, in_time: bool) -> None:
        life = given(SHORT, concern(1), ANSWER).when(decision(refuse(1, 400_00)), by=BO)
        at = due(life, "appeal") + timedelta(seconds=seconds)
        if in_time:
            assert life.when(APPEAL, at=at).stage() == "UnderReview"
        else:
            life.refuses(APPEAL, "appeal_too_late", at=at)


def test_only_the_clock_may_say_that_time_is_over() -> None:
    given(UNPROVED).refuses(do.RunOutClock("claimant_answers", 1), "role_may_not", by=BO)
    given(UNPROVED).refuses(do.RunOutClock("claimant_answers", 1), "role_may_not", by=FIN)
    assert CLOCK.role == "machine"
