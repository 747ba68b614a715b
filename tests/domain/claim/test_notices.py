"""Who is told of what: every step reaches the claimant and, once it knows, the seller; no facts are personal."""

from __future__ import annotations

from cast import (
    ANSWER,
    APPEAL,
    BO,
    WITHDRAW,
    Life,
    ToTheEndOf,
    World,
    concern,
    decision,
    file,
    given,
    parts,
    refuse,
    send_back,
    settle,
)  # fmt: skip

from makewhole.domain.claim.notices import Notice, notices
from makewhole.domain.claim.state import fold

SHORT = file(parts(property_damage=400_00), shown={1: 300_00})


def told(life: Life) -> list[Notice]:
    history = life.world.histories[life.claim.claim_id]
    found: list[Notice] = []
    for n, recorded in enumerate(history, start=1):
        claim = fold(life.claim.claim_id, history[:n])
        assert claim is not None
        found += notices(recorded, claim)
    return found


def to(life: Life, who: str) -> list[str]:
    return [notice.template for notice in told(life) if notice.recipient.startswith(who)]


def test_a_paid_claim_tells_both_sides_every_step() -> None:
    life = settle(given(file()))
    assert to(life, "claimant:") == ["claim_received", "claim_decided", "payment_ordered", "payment_settled"]
    assert to(life, "seller:55") == ["claim_about_your_product", "claim_decided_seller", "claimant_paid"]


def test_a_seller_who_was_not_told_of_the_claim_hears_nothing_of_its_end() -> None:
    assert to(given(file(evidence=()), WITHDRAW), "seller:") == []
    assert to(given(SHORT, WITHDRAW), "seller:")[-1] == "claim_withdrawn_seller"


def test_all_that_is_missing_is_in_one_notice() -> None:
    life = given(file(parts(property_damage=100_00, lost_wages=10_00), evidence=()))
    asked = next(notice for notice in told(life) if notice.template == "proof_requested")
    assert asked.facts["missing"] == [
        {"exposure": 1, "what": "photo"}, {"exposure": 1, "what": "receipt_or_estimate"},
        {"exposure": 2, "what": "wage_statement"},
    ]  # fmt: skip


def test_the_row_of_a_decision_has_its_sums_and_no_more() -> None:
    """The statement of reasons is made from the log when the mail goes out (test_statements.py)."""
    life = given(SHORT, concern(1), ANSWER).when(decision(refuse(1, 100_00, approved=250_00)), by=BO)
    facts = [notice.facts for notice in told(life) if notice.template.startswith("claim_decided")]
    assert facts == 2 * [
        {"currency": "USD", "approved_minor": 250_00, "refused_minor": 100_00, "open_minor": 50_00},
    ]  # fmt: skip


def test_concern_reminder_letter_return_and_appeal_reach_the_claimant() -> None:
    life = given(SHORT, concern(1), ToTheEndOf("claimant_answers.reminder_7"), ToTheEndOf("claimant_answers"))
    life.when(ToTheEndOf("decision")).when(decision(refuse(1, 400_00)), by=BO).when(APPEAL)
    heard = to(life, "claimant:")
    for template in ("concern_raised", "reminder", "delay_explained", "appeal_received"):
        assert template in heard
    assert to(life, "seller:")[-1] == "appeal_filed"
    assert "payment_returned" in to(send_back(given(file())), "claimant:")


def test_roles_hear_of_broken_clocks_and_of_grave_harm() -> None:
    life = given(file(hazards=("fire",)), ToTheEndOf("safety_review"))
    assert to(life, "role:safety_officer") == ["safety_review_asked", "deadline_missed"]


def test_an_unanswered_claim_says_that_it_closed() -> None:
    assert (
        to(given(file(evidence=()), ToTheEndOf("claimant_answers"), world=World()), "claimant:")[-1]
        == "closed_unanswered"
    )
