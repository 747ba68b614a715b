"""Every kind of event is told in a sentence of its own, without codes, to whoever reads the timeline."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from makewhole.domain.claim.events import Recorded
from makewhole.portals.frame import telling, words
from makewhole.reads.views import ClaimView
from makewhole.store.codec import KINDS, decode

GOLDEN = Path(__file__).parents[1] / "store" / "golden_events.jsonl"


def _one_of_each() -> dict[str, Recorded]:
    found = {}
    for line in GOLDEN.read_text("utf-8").splitlines():
        body, recorded = decode(line)
        found[body.kind] = recorded
    return found


# As much of a view as a sentence asks for.
VIEW = cast(ClaimView, SimpleNamespace(claim=SimpleNamespace(currency="USD"), zone="America/New_York", staff={}))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_event_has_a_sentence(kind: str) -> None:
    recorded = _one_of_each()[kind]
    told = telling.sentence_of(recorded.event, VIEW)
    # Some end with the policy's own sentence: in the golden file, with these words.
    assert told.endswith((".", "!", "?", "words — “kept”")) and not told[0].islower()
    assert "_" not in told and "None" not in told


def test_every_clock_of_every_shipped_policy_has_a_name_and_an_end() -> None:
    from makewhole.domain.policy.document import read_policy
    from makewhole.store import policies

    for name in policies.SHIPPED:
        clocks = read_policy(policies.shipped(name), where=f"{name}.toml").clocks
        assert set(clocks) <= set(words.CLOCKS), name


def test_every_stage_has_a_name() -> None:
    from makewhole.store.rows import _STAGES

    assert set(_STAGES.values()) <= set(words.STAGES)
