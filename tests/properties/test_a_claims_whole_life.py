"""A claim under everything that anybody may do to it, at any time, in any order. Read the invariants first.

Random people do random things, clocks run out early, late and twice, and the bank pays and returns; after every step
the promises hold, and from wherever a claim has come, staff and clocks bring it to an end.
MAKEWHOLE_PROPERTY_EXAMPLES sets how many lives are tried (60 where it is not set).
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
from cast import (
    ADA,
    ADAM,
    ANA,
    APPEAL,
    ASKED,
    AUDE,
    BEN,
    BO,
    FIN,
    KETTLE,
    KETTLE_CO,
    MARKET,
    OLGA,
    OMAR,
    OTHER_SELLER,
    RITA,
    RON,
    SAM,
    WITHDRAW,
    WORDS,
    Life,
    approve,
    concern,
    confirmed,
    decision,
    file,
    other_account,
    paper,
    parts,
    pay_id,
    proof_of,
    refuse,
    usually,
)  # fmt: skip
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from properties.lives import QuickWorld, bring_to_an_end, due, hold, the_log_alone_gives_the_same_claim, who_did_it

from makewhole.domain.actors import CLOCK, Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.domain.claim import state
from makewhole.domain.claim.paying import release_digest
from makewhole.domain.refusal import Refused

EVERYBODY = (
    ANA, BEN, KETTLE_CO, OTHER_SELLER, MARKET, BO, ADA, RITA, RON, FIN, OLGA, OMAR, SAM, ADAM, AUDE, CLOCK,
)  # fmt: skip
STAFF = (BO, ADA, RITA, RON, OLGA, OMAR)
HEADS = ("purchase_price", "property_damage", "medical_expense", "lost_wages", "pain_and_suffering", "punitive")
AMOUNTS = (1, 20_00, 50_00, 333_33, 999_99, 1000_00, 1000_01, 5000_01, 60_000_00)
# What may be wrong with a claim from outside; each leads it another way.
FACTS: tuple[dict[str, Any], ...] = (
    {}, {}, {"payee_of_others": 1}, {"seller_insured": False}, {"link_kinds": 0}, {"draw": 0},
)  # fmt: skip


class Lives(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.life = Life(QuickWorld())
        self.files = 0

    # Filing ------------------------------------------------------------------------------------------------

    @initialize(
        told=st.dictionaries(st.sampled_from(HEADS), st.sampled_from(AMOUNTS), min_size=1, max_size=3),
        facts=st.sampled_from(FACTS),
        days_ago=st.sampled_from((0, 1, 2, 20, 90, 91)),
        proved=st.booleans(),
        share=st.sampled_from((1.0, 1.0, 0.6)),
        minor=st.booleans(),
        hazards=st.sampled_from(((), (), ("fire",))),
        by=st.sampled_from((ANA, ANA, MARKET, BO)),
        method=st.sampled_from(("bank_transfer", "refund", "credit")),
    )
    def is_filed(self, told, facts, days_ago, proved, share, minor, hazards, by, method) -> None:  # type: ignore[no-untyped-def]
        exposures = parts(**told)
        self.life.world.facts = facts
        loss_date = self.life.world.calendar.day_of(self.life.world.at) - timedelta(days=days_ago)
        long_ago = KETTLE.ordered_at - timedelta(days=200)
        self.life.world.lines[7] = replace(KETTLE, ordered_at=long_ago, delivered_at=long_ago)
        notice = file(
            exposures, loss_date=loss_date, shown={part.no: int(part.claimed_minor * share) for part in exposures},
            evidence=None if proved else (), claimant_is_minor=minor, hazards=hazards, method=method,
        )  # fmt: skip
        self._try(notice, by)

    # Time --------------------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from((0, 1, 23, 24, 24 * 6, 24 * 31, 24 * 100)))
    def time_passes(self, hours: int) -> None:
        self.life.world.at += timedelta(hours=hours)

    @rule(data=st.data())
    def a_timer_fires(self, data: st.DataObject) -> None:
        """Early, in time, late or twice: decide() looks again."""
        claim = self.life.claim
        names = [(clock.name, clock.turn) for clock in claim.clocks] or [("decision", 1)]
        name, turn = data.draw(st.sampled_from(names))
        turn += data.draw(st.sampled_from((0, 0, 0, 1)))
        clock = next((c for c in claim.clocks if (c.name, c.turn) == (name, turn)), None)
        new = self._try(do.RunOutClock(name, turn, pay_id()), CLOCK)
        if new:
            assert clock is not None and clock.state == "running" and clock.due_at <= self.life.world.at
            ran = [event.event for event in new if isinstance(event.event, ev.ClockRanOut)]
            assert [event.name for event in ran] == [name]

    @rule()
    def the_sweep_comes(self) -> None:
        """Every clock that is due, as the worker takes them."""
        for clock in due(self.life):
            self._try(do.RunOutClock(clock.name, clock.turn, pay_id()), CLOCK)

    # What people do ------------------------------------------------------------------------------------------

    @rule(by=st.sampled_from(EVERYBODY), data=st.data())
    def anybody_does_anything(self, by: Actor, data: st.DataObject) -> None:
        self._try(data.draw(self._acts()), by)

    @rule(data=st.data())
    def who_usually_does_it_does_it(self, data: st.DataObject) -> None:
        command = data.draw(self._acts())
        self._try(command, usually(command))

    @precondition(lambda self: self.life.stage() == "Closed")
    @rule(
        command=st.sampled_from((APPEAL, do.ReopenClaim(WORDS), do.AddSellerEvidence((), WORDS))),
        days=st.sampled_from((0, 9)),
    )
    def a_closed_claim_is_taken_up_again(self, command: do.ClaimCommand, days: int) -> None:
        self.life.world.at += timedelta(days=days)
        self._try(command, usually(command))

    @precondition(lambda self: self.life.claim.tasks & {"quality_review", "safety_review"})
    @rule(command=st.sampled_from((do.ReviewQuality(False), do.ReviewSafety("recalled", WORDS))))
    def a_task_is_done(self, command: do.ClaimCommand) -> None:
        self._try(command, usually(command))

    @rule(share=st.sampled_from((1, 2)))
    def the_notice_comes_again(self, share: int) -> None:
        before = self.life.claim
        told = before.filed.exposures
        again = tuple(ev.ExposureClaimed(part.no, part.head, part.claimed_minor * share) for part in told)
        notice = file(again, evidence=(), number=2, loss_date=before.filed.loss_date)
        if isinstance(before.stage, state.Closed) and before.stage.outcome == "withdrawn":
            return  # that may be made again, as another claim
        self._try(notice, ANA)
        assert self.life.claim.claim_id == before.claim_id and self.life.claim.claimed_minor == before.claimed_minor

    @precondition(lambda self: self.life.claim.running("claimant_answers"))
    @rule(days=st.sampled_from((3, 14, 30)))
    def more_time_is_given(self, days: int) -> None:
        self._try(do.ExtendClock("claimant_answers", days, WORDS), BO)

    @precondition(lambda self: self.life.claim.open_minor and self.life.stage() == "UnderReview")
    @rule(by=st.sampled_from((OLGA, OMAR)), data=st.data())
    def a_hard_line_is_taken(self, by: Actor, data: st.DataObject) -> None:
        """The concern is shown, the claimant is silent, and a part is refused."""
        numbers = [exposure.no for exposure in self.life.claim.exposures if exposure.open_minor]
        self._try(concern(*numbers), by)
        clock = self.life.claim.running("claimant_answers")
        if clock is None:
            return
        self.life.world.at = max(self.life.world.at, clock.due_at)
        self._try(do.RunOutClock(clock.name, clock.turn, pay_id()), CLOCK)
        lines = []
        for exposure in self.life.claim.exposures:
            if exposure.open_minor:
                refused = data.draw(st.sampled_from((exposure.open_minor, (exposure.open_minor + 1) // 2)))
                lines.append(refuse(exposure.no, refused, approved=exposure.open_minor - refused))
        self._try(decision(*lines), by)

    @rule(by=st.sampled_from(STAFF), data=st.data())
    def staff_decide(self, by: Actor, data: st.DataObject) -> None:
        lines = []
        for exposure in self.life.claim.exposures:
            if data.draw(st.booleans()):
                continue
            amount = data.draw(st.sampled_from((exposure.open_minor, exposure.open_minor // 2, 1)))
            if data.draw(st.booleans()):
                lines.append(approve(exposure.no, amount))
            else:
                lines.append(refuse(exposure.no, amount, approved=max(0, exposure.open_minor - amount)))
        self._try(decision(*lines), by)

    @precondition(lambda self: self.life.stage() == "AwaitingSecond")
    @rule(by=st.sampled_from(STAFF))
    def staff_confirm(self, by: Actor) -> None:
        self._try(confirmed(), by)

    @rule(by=st.sampled_from(STAFF))
    def staff_raise_a_concern(self, by: Actor) -> None:
        still_open = [exposure.no for exposure in self.life.claim.exposures if exposure.open_minor]
        self._try(concern(*still_open), by)

    @precondition(lambda self: self.life.claim_id is not None and self.life.claim.payments)
    @rule(paid=st.booleans(), data=st.data())
    def the_bank_answers(self, paid: bool, data: st.DataObject) -> None:
        payment = data.draw(st.sampled_from(self.life.claim.payments)).order.payment_id
        told = do.ConfirmPayment(payment, "bank-1") if paid else do.ReturnPayment(payment, "bank-1", "closed account")
        self._try(told, FIN)

    @precondition(lambda self: self.life.stage() == "AwaitingRelease")
    @rule()
    def the_claimant_signs(self) -> None:
        claim = self.life.claim
        self._try(do.SignRelease(release_digest(claim), WORDS, pay_id()), ANA)

    @precondition(lambda self: self.life.stage() in ("AwaitingAnswer", "AwaitingSecond"))
    @rule()
    def the_claimant_is_heard(self) -> None:
        self._try(do.AnswerConcern((), WORDS), ANA)

    @precondition(lambda self: self.life.stage() in ("AwaitingProof", "AwaitingAnswer", "Closed"))
    @rule()
    def proof_comes(self) -> None:
        self.files += 1
        items = proof_of(self.life.claim.filed.exposures, first=500_000 + 100 * self.files)
        self._try(do.AddProof(items or (paper(500_000 + 100 * self.files, "other", 0),), pay_id()), ANA)

    def _acts(self) -> st.SearchStrategy[Any]:
        names = st.sampled_from(("claimant_answers", "decision", "appeal", "pay", "whole_claim"))
        return st.one_of(
            st.sampled_from((
                ASKED, concern(1), concern(2, code="another"), WITHDRAW, APPEAL, do.AnswerConcern((), WORDS),
                do.ReopenClaim(WORDS), do.ResumeClocks(), do.ReviewQuality(True), do.ReviewSafety("recalled", WORDS),
                do.ReturnDecision(WORDS), do.AssignClaim("person:2"), do.AddSellerEvidence((), WORDS),
                do.SetReserve(1, 10, WORDS), do.SetReserve(1, 0, WORDS), other_account(2), other_account(3, "credit"),
            )),
            names.map(lambda name: do.PauseClocks((name,), WORDS)),
            st.tuples(names, st.sampled_from((-1, 0, 7, 30))).map(lambda told: do.ExtendClock(told[0], told[1], WORDS)),
        )  # fmt: skip

    def _try(self, command: do.ClaimCommand, by: Actor) -> list[ev.Recorded]:
        """Does it, or is refused: a refusal is an answer; anything else that is raised is a fault."""
        before = None if self.life.claim_id is None else self.life.claim
        self.life.new = []
        try:
            self.life.when(command, by=by)
        except Refused:
            assert before is None or self.life.claim == before
            return []
        who_did_it(self.life.new, before, by)
        return self.life.new

    # What always holds ---------------------------------------------------------------------------------------

    @invariant()
    def what_always_holds(self) -> None:
        hold(self.life)

    @invariant()
    def the_log_is_enough(self) -> None:
        the_log_alone_gives_the_same_claim(self.life)

    def teardown(self) -> None:
        if self.life.claim_id is not None:
            bring_to_an_end(self.life)


EXAMPLES = int(os.environ.get("MAKEWHOLE_PROPERTY_EXAMPLES", "60"))
TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=30,
    deadline=None,
    derandomize="MAKEWHOLE_PROPERTY_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    database=None,
)
