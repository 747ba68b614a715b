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
from cast import World
from hypothesis import HealthCheck, settings
from properties.test_a_claims_whole_life import Lives

from makewhole.domain.actors import Actor
from makewhole.domain.claim.events import Recorded
from makewhole.proof.findings import Check
from makewhole.proof.recomputing import recomputed
from makewhole.proof.walk import Known
from makewhole.reads.views import may_read

CASES = sorted((Path(__file__).parents[1] / "cases").glob("*.toml"))
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


class LivesAskedAgain(Lives):
    """Random lives (tests/properties): whatever was done in whatever order, its log gives what it says."""

    def teardown(self) -> None:
        for claim_id in self.life.world.histories:
            for by in READERS:
                assert [check for check in asked_again(self.life.world, claim_id, by) if check.state == "failed"] == []


TestLivesAskedAgain = LivesAskedAgain.TestCase
TestLivesAskedAgain.settings = settings(
    max_examples=int(os.environ.get("MAKEWHOLE_PROPERTY_EXAMPLES", "40")),
    stateful_step_count=30,
    deadline=None,
    derandomize="MAKEWHOLE_PROPERTY_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    database=None,
)
