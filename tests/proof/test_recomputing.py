"""Every worked case that the rules decide, asked again from its log alone: nothing is found that is not there.

What is found where something was changed stands in test_verify.py and below.
"""

from __future__ import annotations

import contextlib
import os
import tomllib
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from cases.playing import CaseFault, Play
from cast import (
    ANSWER,
    OLGA,
    RITA,
    Life,
    ToTheEndOf,
    World,
    concern,
    confirmed,
    cover,
    decision,
    paid,
    refuse,
    tendered,
    uid,
)
from proof.wild_lives import lived

from makewhole.domain.actors import Actor
from makewhole.domain.claim.events import Clause, ClocksStopped, Recorded
from makewhole.domain.recovery.events import RecoveryOpened
from makewhole.proof.findings import Check
from makewhole.proof.recomputing import recomputed
from makewhole.proof.walk import Known
from makewhole.reads.views import may_read

CASES = sorted((Path(__file__).parents[1] / "cases").glob("*.toml"))
CLAIM = uid(0xC0001)
# MAKEWHOLE_PROPERTY_EXAMPLES tries more.
EXAMPLES = int(os.environ.get("MAKEWHOLE_PROPERTY_EXAMPLES", "60")) // 5
READERS = (Actor("person:1", "auditor"), Actor("seller:1", "seller"), Actor("claimant:1", "claimant"))


def asked_again(world: World, claim_id: UUID, by: Actor) -> list[Check]:
    history: list[Recorded] = world.histories[claim_id]
    events = {no: told if may_read(told.event, by) else None for no, told in enumerate(history, start=1)}
    policies = {version: Known(document, published) for published, document, version in world.policies}
    return list(recomputed(claim_id, events, policies, world.calendar))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_worked_case_is_decided_as_its_log_says(path: Path) -> None:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    play = Play(told)
    # Whether a case still goes to its end is for tests/cases to say.
    with contextlib.suppress(CaseFault):
        for number, step in enumerate(told["steps"], start=1):
            play.step(step, f"step {number}")
    assert play.world.histories
    for claim_id in play.world.histories:
        for by in READERS:
            found = asked_again(play.world, claim_id, by)
            assert [check for check in found if check.state == "failed"] == []
            assert any(check.state == "ok" for check in found)


@pytest.mark.parametrize("seed", range(EXAMPLES))
def test_whatever_was_done_in_whatever_order_its_log_gives_what_it_says(seed: int) -> None:
    world = lived(seed)
    for claim_id in world.histories:
        for by in READERS:
            assert [check for check in asked_again(world, claim_id, by) if check.state == "failed"] == []


def test_the_wild_lives_reach_what_is_to_be_asked_again() -> None:
    reached = {type(told.event).__name__ for seed in range(EXAMPLES) for told in lived(seed).histories[CLAIM]}
    assert reached >= {"ClaimTendered", "SteppedIn", "ClaimDecided", "BearerDecided", "RecoveryOpened", "ClocksResumed"}


# What was not to be asked back yet -----------------------------------------------------------------------------


def reduced() -> Life:
    """In part refused, paid, and to be appealed; the insurer is asked by the claimant's right, once that is over."""
    life = tendered(3000_00, coverage=cover()).when(ToTheEndOf("seller_answers")).when(concern(1)).when(ANSWER)
    life.when(decision(refuse(1, 400_00, approved=2600_00)), by=OLGA).when(confirmed(), by=RITA)
    return paid(life)


def opened_after_the_appeal(life: Life) -> Recorded:
    life.when(ToTheEndOf("appeal"))
    return next(told for told in life.new if isinstance(told.event, RecoveryOpened))


def made_whole(told: Recorded, row: str, life: Life) -> Recorded:
    """The same recovery, opened by another row of the table."""
    assert isinstance(told.event, RecoveryOpened)
    [found] = [
        each for entry in life.world.policies[0][1].tables["made_whole"].entries for each in entry.what.rows
        if each.id == row
    ]  # fmt: skip
    clause = told.event.made_whole.clause.replace("made_whole.whole", f"made_whole.{row}")
    return replace(told, event=replace(told.event, made_whole=Clause(clause, found.outcome, found.because.text)))


def found_of(life: Life, history: list[Recorded]) -> list[str]:
    life.world.histories[life.claim.claim_id] = history
    found = [asked_again(life.world, life.claim.claim_id, by) for by in READERS[:2]]
    for_auditor, for_seller = ([f"{c.place}: {c.says}" for c in each if c.state == "failed"] for each in found)
    assert for_auditor == for_seller, "what the seller's file withholds hides nothing of this"
    return for_auditor


def test_a_recovery_after_the_appeal_holds_and_one_that_says_it_had_to_wait_for_it_is_found() -> None:
    life = reduced()
    opened = opened_after_the_appeal(life)
    history = list(life.world.histories[life.claim.claim_id])
    assert found_of(life, history) == []
    number = history.index(opened)
    history[number] = made_whole(opened, "appeal", life)
    says, waited = found_of(life, history)
    assert says.startswith(f"event {number + 1}, made_whole: says ") and "the policy gives us 2026-1" in says
    assert waited == f"event {number + 1}, made_whole: it had to wait, and was asked back"


def test_a_recovery_in_the_very_act_that_begins_the_time_to_appeal_is_found() -> None:
    """Nothing before it says that an appeal will be possible: the clock starts with the last event of the act."""
    life = reduced()
    history = list(life.world.histories[life.claim.claim_id])
    early = next(n for n, told in enumerate(history) if told in life.new and isinstance(told.event, ClocksStopped))
    assert not life.world.claim(life.claim.claim_id).recoveries
    opened = replace(opened_after_the_appeal(life), at=history[early].at)
    lie = found_of(life, [*history[:early], opened, *history[early:]])
    assert [each for each in lie if each.startswith(f"event {early + 1}, made_whole: says ")], lie
    assert "made_whole.appeal: wait" in lie[0]
    told = found_of(life, [*history[:early], made_whole(opened, "appeal", life), *history[early:]])
    assert f"event {early + 1}, made_whole: it had to wait, and was asked back" in told
