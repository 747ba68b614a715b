"""A claim over the limit under parties, staff, clocks and a bank that do anything at any time; refusals are answers."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from cast import (
    ADA,
    ANA,
    BO,
    FIN,
    KETTLE,
    KETTLE_CO,
    OLGA,
    OMAR,
    RITA,
    RON,
    WORDS,
    Life,
    World,
    approve,
    file,
    paper,
    parts,
    pay_id,
    reason,
    refuse,
    uid,
)  # fmt: skip

from makewhole.domain.actors import CLOCK, Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim.events import Sealed
from makewhole.domain.claim.paying import release_digest
from makewhole.domain.claim.tender_commands import REJECTION_REASONS
from makewhole.domain.recovery import commands as rd
from makewhole.domain.recovery.events import Instalment
from makewhole.domain.refusal import Refused

PRODUCER_ID = uid(0x960D)
INSURER = Actor("insurer:4", "insurer", insurer_id=4)
PRODUCER = Actor(f"producer:{PRODUCER_ID}", "producer", producer_id=PRODUCER_ID)
COVERED = do.CoverageFacts(1, 4, 500_00, 900_00, platform_is_insured=False)
DISBURSEMENT = do.DisbursementFacts(9, "us", KETTLE_CO.seller_id or 0, "USD", 400_00, 400_00)
WORLDS: tuple[dict[str, Any], ...] = (
    {},
    {"seller_insured": False},
    {"seller_insured": False, "insurance_requested": True, "disbursement": DISBURSEMENT},
    {"coverage": COVERED},
    {"coverage": replace(COVERED, platform_is_insured=True)},
    {"seller_insured": False, "seller_gone": "bankruptcy"},
    {"seller_good_standing": False, "payee_of_others": 1},
)
Deed = tuple[Any, Actor]  # a command, and who gives it


@cache
def lived(seed: int, steps: int = 30) -> World:
    """One such life, the same for the same seed."""
    rng = random.Random(seed)
    world = World()
    world.lines[KETTLE.order_line_id] = replace(KETTLE, price_minor=400_00)
    world.facts = dict(rng.choice(WORLDS))
    claimed = parts(
        property_damage=rng.choice((150_00, 1000_01, 1800_00, 4000_00)),
        **rng.choice(({}, {"medical_expense": 200_00}, {"punitive": 50_00})),
    )
    shown = {part.no: int(part.claimed_minor * rng.choice((1, 1, 1, 0.5))) for part in claimed}
    life = Life(world)
    life.when(file(claimed, shown=shown, injury=rng.random() < 0.1), by=ANA)
    for number in range(steps):
        if rng.random() < 0.1:
            world.facts = dict(rng.choice(WORLDS))
        world.at += timedelta(hours=rng.choice((0, 1, 24, 72)))
        for command, by in _deeds(rng, life, number):
            try:
                life.when(command, by=by)
                break
            except Refused:
                continue  # an answer; somebody does something else
    return world


def _deeds(rng: random.Random, life: Life, number: int) -> list[Deed]:
    """What may come next, the first that is not refused."""
    claim = life.claim
    due = [clock for clock in claim.clocks if clock.state == "running" and clock.due_at <= life.world.at]
    if running := [clock for clock in claim.clocks if clock.state == "running"]:
        first = min(running, key=lambda clock: clock.due_at)
        if rng.random() < 0.2:
            life.world.at = max(life.world.at, first.due_at)
            due = [first]
    if due and rng.random() < 0.8:
        return [(do.RunOutClock(due[0].name, due[0].turn, pay_id()), CLOCK)]
    staff = rng.choice((BO, ADA, RITA, RON, OLGA, OMAR))
    party = rng.choice((KETTLE_CO, KETTLE_CO, PRODUCER))
    file_ = (paper(5000 + number, "photo", 0, 0),)
    whole = tuple(approve(part.no, part.open_minor) for part in claim.exposures if part.open_minor)
    less = tuple(refuse(part.no, 1, approved=part.open_minor - 1) for part in claim.exposures if part.open_minor > 1)
    parts_open = tuple(part.no for part in claim.exposures if part.open_minor)
    offer = rng.choice((100_00, 700_00, 1500_00))
    owed = claim.recovery.outstanding_minor("seller") if claim.recovery else 0
    today = life.world.calendar.day_of(life.world.at)
    half = tuple(
        Instalment(today + timedelta(days=days), minor)
        for days, minor in ((10, owed // 2), (40, owed - owed // 2))
    )  # fmt: skip
    payment = next((each.order.payment_id for each in claim.payments if each.state == "ordered"), uid(1))
    answers = tuple(reason(code) for code in REJECTION_REASONS)
    release = getattr(getattr(claim.stage, "release", None), "text_sha256", release_digest(claim))
    clock = rng.choice(("claimant_answers", "seller_answers", "decision"))
    deeds: list[Deed] = [
        (td.TenderClaim(), staff),
        (td.AcceptTender(rng.choice(("seller", "platform")), pay_id(), WORDS), party),
        (td.HandleClaim(WORDS), KETTLE_CO),
        (td.ReportSettlement(claim.open_minor or 1, file_, WORDS), KETTLE_CO),
        (td.ConfirmSettlement(rng.random() < 0.5, pay_id(), WORDS), rng.choice((ANA, BO))),
        (td.MakeOffer(offer, WORDS), rng.choice((KETTLE_CO, ANA))),
        (td.AcceptOffer(pay_id()), rng.choice((KETTLE_CO, ANA))),
        (td.RefuseOffer(pay_id(), WORDS), rng.choice((KETTLE_CO, ANA))),
        (td.RejectTender(REJECTION_REASONS[:2], WORDS, file_), party),
        (td.AskMoreTime(WORDS), party),
        (td.NameProducer(Sealed(PRODUCER_ID, "p"), WORDS), KETTLE_CO),
        (td.StepIn(whole, answers), staff),
        (td.FindNoDefect(reason("no_defect")), staff),
        (td.AnswerAsInsurer(rng.choice(("accepts", "asks", "denies")), "4.2", file_, WORDS), INSURER),
        (td.CheckSubrogation(rng.random() < 0.5, WORDS), staff),
        (td.SendProofOfInsurance(file_, WORDS), KETTLE_CO),
        (td.CheckProofOfInsurance(rng.random() < 0.5, WORDS), staff),
        (do.RaiseConcern(parts_open, reason()), staff),
        (do.AnswerConcern((), WORDS), ANA),
        (do.Decide(whole, pay_id()), staff),
        (do.Decide(less, pay_id()), staff),
        (do.ConfirmDecision(pay_id()), staff),
        (do.ReturnDecision(WORDS), staff),
        (do.SignRelease(release, WORDS, pay_id()), ANA),
        (do.ConfirmPayment(payment, "B"), FIN),
        (do.ConfirmPayment(payment, "B"), FIN),
        (do.Appeal(WORDS), ANA),
        (do.ExtendClock(clock, 9, WORDS), staff),
        (do.PauseClocks((clock,), WORDS), staff),
        (do.ResumeClocks(), staff),
        (do.SetReserve(1, 1, WORDS), staff),
        (rd.WithholdFunds(9), FIN),
        (rd.ReceiveRecovery(uid(0x4EC0 + number), rng.choice(("seller", "insurer")), 100_00, "R"), FIN),
        (rd.ContestRecovery(("not_defective",), WORDS, file_), rng.choice((KETTLE_CO, INSURER))),
        (rd.DecideContest(rng.choice(("upheld", "dismissed")), reason()), rng.choice((RITA, RON, OLGA))),
        (rd.AgreeInstalments(half), staff),
        (rd.NoteObstacle(rng.choice(("", "account_gone")), WORDS), staff),
        (rd.WriteOff("seller", 10_00, reason("uneconomic")), rng.choice((FIN, OLGA))),
    ]
    return rng.sample(deeds, len(deeds))
