"""Who may ask what of a claim: every command against every role, and the parties only of their own claims."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from cast import (
    ADAM,
    ANA,
    ASKED,
    AUDE,
    BEN,
    BO,
    CAST,
    KETTLE_CO,
    MARKET,
    OTHER_SELLER,
    WORDS,
    approve,
    decision,
    file,
    given,
    paper,
    parts,
    pay_id,
    settle,
)  # fmt: skip

from makewhole.domain.actors import AUTHORITY, Actor, RoleName
from makewhole.domain.claim import commands as do
from makewhole.domain.claim.decide import ALLOWED, may, sees
from makewhole.domain.refusal import Refused

SHORT = file(parts(property_damage=400_00), shown={1: 300_00})


def test_every_command_says_who_may_ask_it() -> None:
    assert set(ALLOWED) == set(get_args(do.ClaimCommand))
    assert all(roles <= set(get_args(RoleName)) for roles in ALLOWED.values())


@pytest.mark.parametrize("by", [ADAM, AUDE], ids=["administrator", "auditor"])
def test_an_administrator_approves_nothing_and_an_auditor_changes_nothing(by: Actor) -> None:
    assert not any(by.role in roles for roles in ALLOWED.values())
    assert by.role not in AUTHORITY
    refusal = given(SHORT).refuses(decision(approve(1, 1)), "role_may_not", by=by)
    assert refusal.facts == {"role": by.role, "act": "Decide"}


@pytest.mark.parametrize("by", [ANA, KETTLE_CO, MARKET, CAST["Fin"], CAST["Sam"], CAST["the clock"]])
def test_only_staff_decide(by: Actor) -> None:
    for command in (decision(approve(1, 1)), do.ConfirmDecision(pay_id()), do.ReturnDecision(WORDS), ASKED):
        given(SHORT).refuses(command, "role_may_not", by=by)


def test_staff_without_a_person_behind_them_decide_nothing() -> None:
    machine = Actor("machine:helper", "adjuster")
    given(SHORT).refuses(decision(approve(1, 1)), "role_decides_nothing", by=machine)


def test_a_claimant_knows_only_her_own_claim() -> None:
    life = given(file(evidence=()))
    assert sees(ANA, life.claim) and not sees(BEN, life.claim)
    for command in (do.WithdrawClaim(), do.AddProof((paper(1, "photo", 1),), pay_id()), do.Appeal(WORDS)):
        life.refuses(command, "unknown_claim", by=BEN)


def test_a_seller_knows_its_own_claim_once_it_was_told() -> None:
    words = do.AddSellerEvidence((), WORDS)
    unheard = given(file(evidence=()))
    assert not sees(KETTLE_CO, unheard.claim)
    unheard.refuses(words, "unknown_claim", by=KETTLE_CO)
    told = given(file())
    assert sees(KETTLE_CO, told.claim) and not sees(OTHER_SELLER, told.claim)
    told.refuses(words, "unknown_claim", by=OTHER_SELLER)
    told.when(words, by=KETTLE_CO).then("SellerEvidenceAdded")


def test_staff_of_another_marketplace_do_not_see_it() -> None:
    abroad = Actor("person:30", "adjuster", marketplaces=frozenset({"uk"}))
    at_home = Actor("person:31", "adjuster", marketplaces=frozenset({"uk", "us"}))
    life = given(SHORT)
    life.refuses(decision(approve(1, 1)), "unknown_claim", by=abroad)
    life.when(decision(approve(1, 1)), by=at_home).then("ClaimDecided")


class TestTheSellersEvidence:
    def test_it_comes_at_any_time_and_is_a_task_once_all_is_decided(self) -> None:
        life = given(SHORT).when(do.AddSellerEvidence((paper(9, "other", 0),), None, ("reused_photo",)))
        assert "seller_evidence" not in life.claim.tasks  # the person who decides sees it
        closed = settle(given(file())).when(do.AddSellerEvidence((), WORDS))
        assert "seller_evidence" in closed.claim.tasks and closed.outcome() == "paid"

    def test_it_raises_the_flags_that_screening_has_and_says_something(self) -> None:
        life = given(file())
        refusal = life.refuses(do.AddSellerEvidence((), None, ("bad_manners",)), "unknown_flag")
        assert re.search(r"reused_photo", str(refusal.facts["known"]))
        life.refuses(do.AddSellerEvidence(()), "nothing_sent")
        life.refuses(do.AddSellerEvidence((paper(9, "other", 2),)), "evidence_for_no_exposure")


class TestRequestsOfAnAdjuster:
    def test_it_asks_for_what_there_is_and_all_at_once(self) -> None:
        life = given(SHORT)
        life.refuses(do.RequestProof(()), "nothing_asked")
        life.refuses(do.RequestProof(((2, "photo"),)), "unknown_exposure")
        life.refuses(do.RequestProof(((1, "a lock of hair"),)), "unknown_proof")
        life.when(do.RequestProof(((1, "more_photos"), (1, "product_kept"))))
        assert life.stage() == "AwaitingProof" and len(life.claim.stage.missing) == 2  # type: ignore[union-attr]

    def test_proof_that_a_person_asked_for_goes_to_a_person(self) -> None:
        life = given(SHORT, ASKED).when(do.AddProof((paper(9, "repair_estimate", 1, 400_00),), pay_id()))
        assert life.stage() == "UnderReview" and life.claim.approved_minor == 0

    def test_not_while_it_is_somebody_elses_turn(self) -> None:
        refusal = given(SHORT, ASKED).refuses(ASKED, "not_under_review")
        assert refusal.facts["turn"] == "claimant"
        settle(given(file())).refuses(ASKED, "claim_is_closed")


def test_before_a_claim_is_there_only_the_role_counts() -> None:
    may(ANA, file(), None)
    with pytest.raises(Refused, match="role_may_not"):
        may(KETTLE_CO, file(), None)
    assert BO.is_person and not KETTLE_CO.is_person
