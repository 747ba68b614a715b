"""Every worked case that the rules decide, asked again from its log alone: nothing is found that is not there.

What is found where something was changed stands in test_verify.py and below.
"""

from __future__ import annotations

import contextlib
import os
import tomllib
from pathlib import Path
from uuid import UUID

import pytest
from cases.playing import CaseFault, Play
from cast import World, uid
from proof.wild_lives import lived

from makewhole.domain.actors import Actor
from makewhole.domain.claim.events import Recorded
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
