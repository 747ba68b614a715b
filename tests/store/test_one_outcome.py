"""A clock, a seller and two adjusters act in the same instant: one of them is right, the others are told so, and log,
rows and books say one thing. Real threads on real PostgreSQL, many rounds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import connections
from owing import BANK, FINANCE, PAID_AT, do, owing, payout, seller_of, tendered
from world import Shop

from makewhole import asks, asks_recovery, asks_tender
from makewhole.asks import LineTold
from makewhole.domain.actors import CLOCK
from makewhole.domain.claim import events as ev
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.commands import RunOutClock
from makewhole.domain.claim.state import Claim, fold
from makewhole.domain.recovery import events as rv
from makewhole.domain.recovery.commands import ReceiveRecovery, WithholdFunds
from makewhole.domain.refusal import Refused
from makewhole.reads.views import history_of
from makewhole.store.ids import new_id
from makewhole.store.models import Claim as ClaimRow
from makewhole.store.statements import statement

ROUNDS = 12
MICROSECOND = timedelta(microseconds=1)


def at_once(acts: Sequence[Callable[[], object]]) -> list[str]:
    """Each in a thread of its own, let go together: "done", or the code with which the rules said no."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        start.wait()
        try:
            act()
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def now(claim: Claim) -> Claim:
    """The claim as its log has it, where its row says the same."""
    found = fold(claim.claim_id, history_of(claim.claim_id))
    row = ClaimRow.objects.get(id=claim.claim_id)
    assert found is not None and row.version == found.version
    assert (row.approved_minor, row.paid_minor) == (found.approved_minor, found.paid_minor)
    return found


def kinds(claim: Claim, *of: type[ev.ClaimEvent]) -> list[str]:
    return [type(each.event).__name__ for each in history_of(claim.claim_id) if isinstance(each.event, of)]


def deciding(shop: Shop, claim: Claim, number: int, at: datetime) -> Callable[[], object]:
    command, said = asks.decision((LineTold(1, approve="2500.00"),), "USD")
    return lambda: do(command, claim, shop.staff("adjuster", number), at, *said)


def test_silence_an_acceptance_and_two_decisions_at_the_last_instant_have_one_outcome(shop: Shop) -> None:
    seen: set[str] = set()
    for _ in range(ROUNDS):
        claim = tendered(shop, claimed="2500.00")
        clock = claim.running("seller_answers")
        assert clock is not None
        accept, said = asks_tender.accept_tender("platform")
        answers = at_once(
            [
                lambda: do(RunOutClock(clock.name, clock.turn), claim, CLOCK, clock.due_at),  # noqa: B023
                lambda: do(accept, claim, seller_of(shop), clock.due_at - MICROSECOND, *said),  # noqa: B023
                deciding(shop, claim, 11, clock.due_at),
                deciding(shop, claim, 12, clock.due_at),
            ]
        )
        after = now(claim)
        [tender] = after.tenders
        accepted = answers[1] == "done"
        assert tender.answer == ("accepted" if accepted else "silent")
        assert len(kinds(claim, tv.TenderAccepted, tv.TenderUnanswered)) == 1
        assert answers[1] in ("done", "no_tender_waits")
        # At most one decision, whoever made it, and never more than was claimed.
        decided = kinds(claim, ev.ClaimDecided)
        assert len(decided) <= 1 and after.approved_minor in (0, 2500_00)
        assert len(kinds(claim, ev.DecisionProposed, ev.ClaimDecided)) <= 1
        assert answers[2:].count("done") <= 1
        if accepted:
            assert "done" not in answers[2:] and decided
        seen.add(tender.answer)
    assert statement(shop.uninsured).reconciles
    assert seen  # which of them comes first is up to the machine


def test_a_rejection_and_an_offer_at_once_from_two_people_of_one_seller_are_one_answer(shop: Shop) -> None:
    for _ in range(ROUNDS):
        claim = tendered(shop)
        at = claim.filed_at + timedelta(hours=1)
        reject, why = asks_tender.reject_tender(("no_defect",), "Not ours.", (), "USD")
        offer, _said = asks_tender.make_offer("900.00", "USD")
        producer, who = asks_tender.name_producer("Base Works", "claims@base.example")
        answers = at_once(
            [
                lambda: do(reject, claim, seller_of(shop), at, *why),  # noqa: B023
                lambda: do(offer, claim, seller_of(shop), at),  # noqa: B023
                lambda: do(producer, claim, seller_of(shop), at, *who),  # noqa: B023
            ]
        )
        assert answers.count("done") == 1, answers
        assert len(kinds(claim, tv.TenderRejected, tv.OfferMade, tv.TenderPassedOn)) == 1
        now(claim)


def test_two_adjusters_step_in_at_once_after_a_rejection_and_one_of_them_has_proposed(shop: Shop) -> None:
    for _ in range(ROUNDS):
        claim = tendered(shop, claimed="2500.00")
        at = claim.filed_at + timedelta(hours=1)
        reject, why = asks_tender.reject_tender(("no_defect",), "Not ours.", (), "USD")
        claim = do(reject, claim, seller_of(shop), at, *why).claim
        clock = claim.running("step_in")
        assert clock is not None
        lines, told = (LineTold(1, approve="2500.00"),), (asks_tender.AnswerTold("no_defect", "It melts."),)
        first, second = (asks_tender.step_in(lines, told, "USD") for _ in range(2))
        answers = at_once(
            [
                lambda: do(first[0], claim, shop.staff("adjuster", 21), clock.due_at, *first[1]),  # noqa: B023
                lambda: do(second[0], claim, shop.staff("adjuster", 22), clock.due_at, *second[1]),  # noqa: B023
                lambda: do(RunOutClock(clock.name, clock.turn), claim, CLOCK, clock.due_at),  # noqa: B023
            ]
        )
        assert answers[:2].count("done") == 1 and answers[2] == "done", answers
        assert len(kinds(claim, ev.DecisionProposed)) == len(kinds(claim, tv.RejectionAnswered)) == 1
        assert now(claim).approved_minor == 0


def test_a_contest_its_last_instant_a_withholding_and_a_payment_at_once_have_one_outcome(shop: Shop) -> None:
    seen: set[str] = set()
    for n in range(ROUNDS):
        claim = owing(shop, claimed="2500.00")
        clock = claim.running("seller_contests")
        assert clock is not None
        one = payout(shop, 1000)
        contest, why = asks_recovery.contest_recovery(("no_defect",), "Not ours.", (), "USD")
        receipt = ReceiveRecovery(new_id(), "seller", 2000_00, f"B-{n}")
        answers = at_once(
            [
                lambda: do(RunOutClock(clock.name, clock.turn), claim, CLOCK, clock.due_at),  # noqa: B023
                lambda: do(contest, claim, seller_of(shop), clock.due_at - MICROSECOND, *why),  # noqa: B023
                lambda: do(WithholdFunds(one.pk), claim, FINANCE, clock.due_at),  # noqa: B023
                lambda: do(receipt, claim, BANK, clock.due_at),  # noqa: B023
            ]
        )
        after = now(claim)
        recovery = after.recovery
        assert recovery is not None
        contested = answers[1] == "done"
        assert contested == bool(recovery.contests) == bool(kinds(claim, rv.RecoveryContested))
        assert contested != bool(kinds(claim, rv.RecoveryStands))
        borne = recovery.held_minor + recovery.recovered_minor
        assert 0 <= borne <= recovery.owed_minor <= recovery.paid_minor == 2500_00
        one.refresh_from_db()
        assert one.withheld_minor == recovery.held_minor + recovery.applied_minor <= one.net_minor
        happened = [type(each.event).__name__ for each in history_of(claim.claim_id)]
        if contested and "FundsWithheld" in happened:
            assert happened.index("FundsWithheld") < happened.index("RecoveryContested")
        seen.add("contested" if contested else "stands")
    assert statement(shop.uninsured).reconciles and seen


def test_one_receipt_told_by_four_machines_at_once_is_one(shop: Shop) -> None:
    claim = owing(shop, claimed="2500.00")
    command = asks_recovery.receive_recovery(claim.claim_id, "seller", "1000.00", "USD", "B-1")
    answers = at_once([lambda: do(command, claim, BANK, PAID_AT)] * 4)
    assert answers == ["done"] * 4 and kinds(claim, rv.RecoveryReceived) == ["RecoveryReceived"]
    assert statement(shop.uninsured).reconciles
