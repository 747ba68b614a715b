"""Instalments of a recovery: what counts as one, and that their end gives way to withholding again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cast import FIN, KETTLE, KETTLE_CO, Life, ToTheEndOf, World, given, parts, pay_id, release_of, settle, uid
from cast import file as notice

from makewhole.domain.claim.commands import CoverageFacts, DisbursementFacts
from makewhole.domain.claim.tender_commands import AcceptTender
from makewhole.domain.recovery import commands as rd
from makewhole.domain.recovery import events as rv

PAYOUT = DisbursementFacts(1, "us", 55, "USD", 40_00, 40_00)


def owing(minor: int = 100_00) -> Life:
    """A small claim was paid, the seller showed no insurance, and owes it."""
    world = World(facts={"seller_insured": False, "insurance_requested": True})
    life = settle(given(notice(parts(property_damage=minor)), world=world))
    return life.when(ToTheEndOf("seller_proof_of_insurance")).then("RecoveryOpened")


def withhold(life: Life, payout: DisbursementFacts = PAYOUT) -> Life:
    life.world.facts["disbursement"] = payout
    return life.when(rd.WithholdFunds(payout.disbursement_id), by=FIN)


def instalments(life: Life, *amounts: int) -> rd.AgreeInstalments:
    today = life.world.calendar.day_of(life.world.at)
    days = [today + timedelta(days=20 * n) for n in range(1, len(amounts) + 1)]
    return rd.AgreeInstalments(tuple(rv.Instalment(day, minor) for day, minor in zip(days, amounts, strict=True)))


def pay(life: Life, minor: int, number: int = 1) -> Life:
    return life.when(rd.ReceiveRecovery(uid(0x9EC0 + number), "seller", minor, "transfer"), by=FIN)


def test_money_that_was_held_before_is_no_instalment_when_it_is_applied() -> None:
    life = withhold(owing()).then("FundsWithheld")
    life.when(instalments(life, 20_00, 40_00), by=FIN)
    pay(life, 20_00).when(ToTheEndOf("instalment")).then("ClockRanOut")
    assert "InstalmentMissed" not in life.kinds
    life.when(ToTheEndOf("seller_contests")).then("RecoveryStands", "FundsApplied")
    missed = life.when(ToTheEndOf("instalment")).event(rv.InstalmentMissed)
    assert (missed.due_minor, missed.received_minor) == (60_00, 20_00)


def test_while_instalments_run_nothing_is_withheld_and_after_a_missed_one_it_goes_on() -> None:
    life = owing()
    life.when(instalments(life, 50_00, 50_00), by=FIN)
    life.world.facts["disbursement"] = PAYOUT
    life.refuses(rd.WithholdFunds(1), "instalments_run", by=FIN)
    life.when(ToTheEndOf("instalment")).then("InstalmentMissed")
    withhold(life).then("FundsWithheld")


def test_after_the_last_instalment_a_debt_that_is_shifted_to_the_seller_may_be_withheld() -> None:
    cover = CoverageFacts(3, 4, deductible_minor=500_00, limit_left_minor=1_000_000_00, platform_is_insured=False)
    dear = replace(KETTLE, price_minor=500_00)
    world = World(lines={dear.order_line_id: dear}, facts={"coverage": cover})
    life = given(notice(parts(property_damage=1000_01)), world=world)
    life.when(AcceptTender("platform", pay_id()), by=KETTLE_CO).when(release_of(life))
    settle(life).then("RecoveryOpened")
    life.when(instalments(life, 500_00), by=FIN)
    pay(life, 500_00).when(ToTheEndOf("instalment"))
    assert "InstalmentMissed" not in life.kinds
    life.when(ToTheEndOf("insurer_answers")).then("InsurerSilent", "DebtShifted")
    withhold(life).then("FundsWithheld")
