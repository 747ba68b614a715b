"""Who would owe which part of a sum, as the rules split it today."""

from __future__ import annotations

from makewhole.domain.claim.state import Claim


def insured_part_minor(claim: Claim, amount_minor: int) -> int:
    """What the seller's insurer would owe of an amount: nothing where it denied, was silent, or may not be asked."""
    insurer = claim.insurer
    if insurer is None or not insurer.owes:
        return 0
    return insurer.covered_minor(amount_minor)
