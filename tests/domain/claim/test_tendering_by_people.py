"""An adjuster tenders what the machine referred, with the papers that there are by then."""

from __future__ import annotations

from cast import ANSWER, BO, concern, file, given, paper, parts

from makewhole.domain.claim import events as ev
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.commands import AnswerConcern
from makewhole.domain.claim.tender_commands import TenderClaim

WITHOUT_AMOUNTS = file(parts(property_damage=1200_00), shown={1: 0})


def test_a_paper_that_came_with_an_answer_counts_in_the_amount_that_is_tendered() -> None:
    life = given(WITHOUT_AMOUNTS, concern(1))
    life.when(AnswerConcern((paper(77, "receipt", 1, 1150_00),)))
    life.when(TenderClaim(), by=BO).then("ClaimAssessed", "ClaimTendered")
    assert life.event(tv.ClaimTendered).amount_minor == 1150_00
    assert life.event(ev.ClaimAssessed).track == "tendered"


def test_without_a_paper_there_is_nothing_to_tender() -> None:
    given(WITHOUT_AMOUNTS, concern(1), ANSWER).refuses(TenderClaim(), "nothing_to_tender", by=BO)


def test_what_was_assessed_with_all_its_papers_is_not_assessed_again() -> None:
    life = given(file(parts(property_damage=1200_00)))
    life.when(TenderClaim(), by=BO).then("ClaimTendered")
    assert "ClaimAssessed" not in life.kinds
