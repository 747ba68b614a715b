"""What both machines of random lives share: a quick world, what must hold of a claim, and how every path ends.

Start at hold(): all that is true of a claim after any step. bring_to_an_end(): nobody outside says anything more, and
staff and clocks bring the claim and its recovery to an end.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from cast import (
    ADA,
    BO,
    FIN,
    OMAR,
    RITA,
    TENDER,
    WORDS,
    Life,
    World,
    approve,
    concern,
    confirmed,
    contest_is,
    decision,
    gives_up,
    other_account,
    pay_id,
    proof_is,
    reason,
    refuse,
    release_of,
    repaid,
    settled,
    step_in,
)  # fmt: skip
from properties.constraints import broken

from makewhole.domain.actors import CLOCK, Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.domain.claim import state
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim.commands import ClaimCommand, Facts
from makewhole.domain.claim.decide import decide
from makewhole.domain.claim.draft import Case
from makewhole.domain.claim.events import Recorded
from makewhole.domain.claim.state import Claim, evolve
from makewhole.domain.claim.tendering import ANSWER_CLOCK
from makewhole.domain.ledger.accounts import MEANING, PAID_FROM
from makewhole.domain.ledger.journal import entry
from makewhole.domain.recovery.state import Contested, Demanded, Recovery
from makewhole.domain.refusal import Refused
from makewhole.store import models, rows
from makewhole.store.codec import decode, encode

# People who work elsewhere until now, so that a second look, an appeal and a contest always find somebody new.
NEW_PEOPLE = tuple(Actor(f"person:{number}", "programme_owner") for number in range(200, 260))
# What only its own act ends: money, or somebody's answer, hangs on it.
NEVER_FORGOTTEN = frozenset({"proof_of_insurance", "subrogation_check", "contest", "repayment"})


@dataclass
class QuickWorld(World):
    """The same world for lives of many steps: each event is added to the claim that is known, not to none.
    `told` keeps the facts of the last command, `passed` each event of it with the claim before and after."""

    known: dict[UUID, Claim] = field(default_factory=dict)
    told: Facts | None = None
    passed: list[tuple[Claim | None, Recorded, Claim]] = field(default_factory=list)

    def claim(self, claim_id: UUID) -> Claim:
        return self.known[claim_id]

    def facts_of(self, claim_id: UUID, command: ClaimCommand) -> Facts:
        self.told = super().facts_of(claim_id, command)
        return self.told

    def do(self, claim_id: UUID, command: ClaimCommand, by: Actor) -> list[Recorded]:
        self.passed = []
        case = Case(by, self.at, self.rules(claim_id, command), self.calendar, self.facts_of(claim_id, command))
        events = decide(command, claim_id, self.known.get(claim_id), case)
        if events:
            self._keep(claim_id, events)
        return events

    def _keep(self, claim_id: UUID, events: list[Recorded]) -> None:
        history, account = self.histories.setdefault(claim_id, []), self.books.setdefault(claim_id, Counter())
        for recorded in events:
            before = self.known.get(claim_id)
            after = self.known[claim_id] = evolve(before, recorded, claim_id)
            history.append(recorded)
            self.passed.append((before, recorded, after))
            legs = entry(recorded.event, before, after)
            assert sum(leg.amount_minor for leg in legs) == 0
            for leg in legs:
                account[leg.account] += leg.amount_minor


# What always holds -----------------------------------------------------------------------------------------------


def hold(life: Life) -> None:
    """All that is true of a claim, its recoveries, its books and its rows, whatever happened."""
    claim = life.claim
    amounts_stay_in_order(claim)
    recovered_within_paid(claim)
    the_books_say_what_the_claim_says(claim, life.books)
    the_database_would_take_it(claim)
    somebody_has_the_next_turn(claim)
    a_name_has_one_clock_at_a_time(claim)
    who_is_waited_for_has_an_end(claim)
    nothing_is_forgotten(claim)


def amounts_stay_in_order(claim: Claim) -> None:
    """Promise 2: paid <= ordered <= approved, and never more than was claimed."""
    for part in claim.exposures:
        assert 0 <= part.paid_minor <= part.ordered_minor <= part.approved_minor
        assert part.refused_minor >= 0 and part.waived_minor >= 0
        assert part.approved_minor + part.refused_minor + part.waived_minor <= part.claimed_minor
        assert 0 <= part.reserve_minor <= part.open_minor
        assert not part.refused_minor or (part.refused_by.startswith("person:") and part.reason_code)
    assert claim.approved_minor <= claim.filed.incident_cap_minor
    # What the seller has paid the claimant is not paid a second time.
    assert claim.settled_minor + claim.ordered_minor <= claim.claimed_minor
    if isinstance(claim.stage, state.Closed) or not claim.open_minor:
        assert claim.reserve_minor == 0


def recovered_within_paid(claim: Claim) -> None:
    """Promise 3, for each recovery and for all of them, and for each who owes."""
    for recovery in claim.recoveries:
        kept = recovery.held_minor + recovery.applied_minor + recovery.received_minor - recovery.repaid_minor
        assert 0 <= kept <= recovery.paid_minor
        assert recovery.owed_minor <= recovery.paid_minor
        assert 0 <= recovery.repayments_made_minor <= recovery.repaid_minor
        for debt in recovery.debts:
            assert min(debt.owed_minor, debt.received_minor, debt.repaid_minor, debt.written_off_minor) >= 0
            assert debt.written_off_minor <= debt.owed_minor
            held = recovery.held_minor if debt.debtor == "seller" else 0
            # Nobody has borne more than it owes, and no more is held than could be.
            assert held <= recovery.outstanding_minor(debt.debtor)
        for one in recovery.withholdings:
            assert min(one.amount_minor, one.held_minor, one.released_minor, one.applied_minor) >= 0
            assert (one.ended_at is None) == bool(one.held_minor)
    assert all(not earlier.is_open for earlier in claim.recoveries[:-1])
    assert sum(recovery.paid_minor for recovery in claim.recoveries) <= claim.paid_minor
    by_seller = sum(recovery.put_up_minor for recovery in claim.recoveries)
    assert 0 <= by_seller <= claim.paid_minor, "a seller never pays more than the customer received"


def the_books_say_what_the_claim_says(claim: Claim, books: Counter[str]) -> None:
    """Every account of the chart, from the claim's and its recoveries' sums."""
    debts = [debt for recovery in claim.recoveries for debt in recovery.debts]
    unpaid = Counter[str]()
    for debt in debts:
        account = "insurer_receivables" if debt.debtor == "insurer" else "recoveries_receivable"
        unpaid[account] += debt.owed_minor - debt.written_off_minor - debt.received_minor + debt.repaid_minor
    held = sum(recovery.held_minor for recovery in claim.recoveries)
    applied = sum(recovery.applied_minor for recovery in claim.recoveries)
    received = sum(recovery.received_minor for recovery in claim.recoveries)
    to_repay = sum(recovery.repaid_minor for recovery in claim.recoveries)
    gone_back = sum(recovery.repayments_made_minor for recovery in claim.recoveries)
    expected = {
        "reserve_change": claim.reserve_minor,
        "outstanding_reserves": -claim.reserve_minor,
        "claims_expense": claim.approved_minor,
        "claims_payable": claim.ordered_minor - claim.approved_minor,
        "payments_in_transit": claim.paid_minor - claim.ordered_minor,
        "recoveries_receivable": unpaid["recoveries_receivable"] - applied,
        "insurer_receivables": unpaid["insurer_receivables"],
        "claims_recovered": -sum(debt.owed_minor for debt in debts),
        "withheld_funds": held + applied,
        "withheld_owed": -held,
        "recoveries_bank": received - gone_back,
        "repayments_payable": gone_back - to_repay,
        "write_offs": sum(debt.written_off_minor for debt in debts),
    }
    paid_from = set(PAID_FROM.values())
    assert expected.keys() | paid_from == MEANING.keys(), "an account that nobody checks"
    assert {name: books[name] for name in expected} == expected
    assert -sum(books[name] for name in paid_from) == claim.paid_minor
    assert sum(books.values()) == 0
    assert expected["recoveries_receivable"] >= 0 and expected["insurer_receivables"] >= 0


def the_database_would_take_it(claim: Claim) -> None:
    """The rows of the claim satisfy the check constraints of their tables, and their keys are theirs alone."""
    told = {
        models.Claim: [rows.claim_row(claim, b"")],
        models.Exposure: rows.exposure_rows(claim),
        models.Payment: rows.payment_rows(claim),
        models.Clock: rows.clock_rows(claim),
        models.Recovery: rows.recovery_rows(claim),
        models.Withholding: rows.withholding_rows(claim),
    }
    for model, made in told.items():
        assert not [name for row in made for name in broken(model, row)]
    of_disbursement = [(row["no"], row["disbursement_id"]) for row in told[models.Withholding]]
    assert len(of_disbursement) == len(set(of_disbursement)), "withheld twice of one disbursement"
    contests = [(row["kind"], row["no"]) for row in rows.contest_rows(claim)]
    assert len(contests) == len(set(contests))
    assert len(rows.tender_rows(claim)) == len({tender.no for tender in claim.tenders})


def the_log_says(life: Life, new: list[Recorded]) -> None:
    """What is written of these events is read as the same events."""
    first = life.claim.version - len(new) + 1
    for version, recorded in enumerate(new, start=first):
        assert decode(encode(life.claim.claim_id, version, recorded))[1] == recorded


def the_log_alone_gives_the_same_claim(life: Life) -> None:
    claim = life.claim
    history = life.world.histories[claim.claim_id]
    read = [decode(encode(claim.claim_id, n, recorded))[1] for n, recorded in enumerate(history, start=1)]
    assert read == history and state.fold(claim.claim_id, read) == claim


def somebody_has_the_next_turn(claim: Claim) -> None:
    assert bool(claim.whose_turn()) != isinstance(claim.stage, state.Closed)


def a_name_has_one_clock_at_a_time(claim: Claim) -> None:
    held = [clock.name for clock in claim.clocks if clock.held]
    assert len(held) == len(set(held))
    assert any(clock.state == "paused" for clock in claim.clocks) == (claim.paused_at is not None)


def who_is_waited_for_has_an_end(claim: Claim) -> None:
    """Silence must have an end: whoever is waited for has a time that runs, or a task that says it is over."""
    match claim.stage:
        case state.AwaitingSeller(to=to):
            assert claim.held(ANSWER_CLOCK[to])
        case state.SellerSettles(pays=pays):
            assert claim.held("seller_pays" if pays else "seller_handles")
        case state.AwaitingOffer(offer):
            assert claim.held("claimant_answers" if offer.by == "seller" else "seller_answers")
        case state.UnderReview() | state.AwaitingSecond() if claim.open_minor:
            assert claim.held("decision") or claim.held("delay_letter")
        case _ if claim.whose_turn() == "claimant":
            assert claim.held("claimant_answers") or "missed_claimant_answers" in claim.tasks
    if claim.recovery is not None and claim.recovery.is_open:
        _recovery_has_an_end(claim, claim.recovery)


def _recovery_has_an_end(claim: Claim, recovery: Recovery) -> None:
    match recovery.stage:
        case Demanded():
            assert claim.held("seller_contests")
        case Contested():
            assert "contest" in claim.tasks
            assert claim.held("contest_decision") or "missed_contest_decision" in claim.tasks
            assert recovery.contests[-1].outcome is None
    insurer = claim.insurer
    if recovery.outstanding_minor("insurer"):
        assert insurer is not None
        assert claim.held("insurer_answers") or insurer.answer in ("accepts", "denies", "silent")
        # Who does not owe it after all is asked for nothing; while a proof is looked at, that waits.
        assert insurer.owes or "proof_of_insurance" in claim.tasks


def nothing_is_forgotten(claim: Claim) -> None:
    """What is to be done stands as a task; and what was paid and is not the platform's to bear is asked back, or it
    is plain what is waited for."""
    due = sum(recovery.repayment_due_minor for recovery in claim.recoveries)
    assert bool(due) == ("repayment" in claim.tasks)
    insurer = claim.insurer
    if insurer is not None and insurer.to_be_checked:
        assert "subrogation_check" in claim.tasks
    asked_back = sum(recovery.paid_minor for recovery in claim.recoveries)
    if claim.bearer in (None, "platform") or claim.paid_minor == asked_back:
        return
    waits = (
        not isinstance(claim.stage, state.Closed)
        or claim.payment_under_way
        or claim.held("seller_proof_of_insurance")
        or claim.held("appeal")
        or NEVER_FORGOTTEN & claim.tasks
    )
    assert waits, f"{claim.paid_minor - asked_back} was paid, {claim.bearer}, and nobody is asked"


# How every path ends -----------------------------------------------------------------------------------------------


def bring_to_an_end(life: Life) -> None:
    """Staff do their part and every clock runs out; the parties say nothing more. Claim and recovery end."""
    for _ in range(150):
        if is_over(life.claim):
            break
        _one_step(life)
        hold(life)
    claim = life.claim
    assert isinstance(claim.stage, state.Closed), f"no way out of {claim.stage}"
    assert claim.recovery is None or not claim.recovery.is_open, f"no way out of {claim.recovery}"
    assert is_over(claim), f"left: {[clock.name for clock in claim.clocks if clock.held]}, {sorted(claim.tasks)}"
    assert claim.whose_turn() == ""


def due(life: Life) -> list[state.Clock]:
    """The clocks whose end has come, the first one first."""
    running = [clock for clock in life.claim.clocks if clock.state == "running" and clock.due_at <= life.world.at]
    return sorted(running, key=lambda clock: clock.due_at)


def it_goes_on(life: Life) -> None:
    """One step towards the end, by whoever's turn it is."""
    if not is_over(life.claim):
        _one_step(life)


def is_over(claim: Claim) -> bool:
    runs = claim.payment_under_way or (claim.recovery is not None and claim.recovery.is_open)
    held = any(clock.held for clock in claim.clocks)
    return isinstance(claim.stage, state.Closed) and not (runs or held or NEVER_FORGOTTEN & claim.tasks)


def _one_step(life: Life) -> None:
    claim = life.claim
    under_way = [payment for payment in claim.payments if payment.state == "ordered"]
    if claim.paused_at is not None:
        life.when(do.ResumeClocks(), by=BO)
    elif under_way:
        life.when(do.ConfirmPayment(under_way[0].order.payment_id, "bank-2"), by=FIN)
    elif "proof_of_insurance" in claim.tasks:
        life.when(proof_is(False), by=BO)
    elif "subrogation_check" in claim.tasks:
        life.when(td.CheckSubrogation(True, WORDS), by=FIN)
    elif "repayment" in claim.tasks:
        life.when(repaid(sum(each.repayment_due_minor for each in claim.recoveries)), by=FIN)
    elif not isinstance(claim.stage, state.Closed):
        _one_step_of_the_claim(life)
    elif claim.recovery is not None and claim.recovery.is_open:
        _one_step_of_the_recovery(life, claim.recovery)
    else:
        _the_next_clock_ends(life)


def _one_step_of_the_claim(life: Life) -> None:
    claim = life.claim
    match claim.stage:
        case state.UnderReview() if claim.open_minor:
            _decide_what_is_open(life)
        case state.UnderReview():
            life.when(other_account(9), by=ADA)  # decided, and what came back needs an account
        case state.AwaitingSecond():
            _confirm_or_return(life)
        case state.AwaitingProof() | state.AwaitingAnswer():
            _ends(life, "claimant_answers")
        case state.AwaitingSeller(to=to):
            _ends(life, ANSWER_CLOCK[to])
        case state.SellerSettles(pays=pays):
            _ends(life, "seller_pays" if pays else "seller_handles")
        case state.AwaitingOffer(offer):
            _ends(life, "claimant_answers" if offer.by == "seller" else "seller_answers")
        case state.AwaitingConfirmation() if claim.held("claimant_answers"):
            _ends(life, "claimant_answers")
        case state.AwaitingConfirmation():
            life.when(settled(False), by=BO)
        case state.AwaitingRelease():
            life.when(release_of(life), by=BO)
        case state.AwaitingPayee() | state.Approved():
            life.when(other_account(9), by=ADA)
        case state.Paying() | state.Closed():
            raise AssertionError(f"{claim.stage} and nothing under way")


def _one_step_of_the_recovery(life: Life, recovery: Recovery) -> None:
    match recovery.stage:
        case Contested():
            _first_who_may(life, contest_is("dismissed"))
        case Demanded():
            _ends(life, "seller_contests")
        case _:
            owing = [debt.debtor for debt in recovery.debts if recovery.outstanding_minor(debt.debtor)]
            assert owing, "it stands, and nobody owes anything"
            life.when(gives_up(recovery.outstanding_minor(owing[0]), debtor=owing[0]), by=FIN)


def _decide_what_is_open(life: Life) -> None:
    """In the claimant's favour, as far as that may be: after the seller was heard, and within the guarantee's cap."""
    claim, world = life.claim, life.world
    unheard = claim.track != "direct" and not claim.seller_heard and not world.facts.get("seller_gone")
    if unheard and _is_tendered(life):
        return
    others = [other for other in world.claims if other.filed.incident_id == claim.filed.incident_id]
    room = claim.filed.incident_cap_minor - sum(other.approved_minor for other in others)
    lines = []
    for part in claim.exposures:
        if amount := min(part.open_minor, room):
            lines.append(approve(part.no, amount))
            room -= amount
    if not lines:
        _refuse_what_is_open(life)
    elif claim.tender is not None and claim.tender.answer == "rejected":
        _first_who_may(life, step_in(*lines, answers=claim.tender.reasons))
    elif not _first_who_may(life, decision(*lines), unless=("seller_not_heard",)):
        _refuse_what_is_open(life)  # over the limit, and no paper supports an amount


def _is_tendered(life: Life) -> bool:
    try:
        life.when(TENDER, by=BO)
    except Refused as refusal:
        if refusal.code != "nothing_to_tender":
            raise
        return False  # looked at, it lies within the limit; or no paper supports an amount
    return True


def _refuse_what_is_open(life: Life) -> None:
    """The concern is shown, the claimant is silent, and what is open is refused."""
    still_open = [part for part in life.claim.exposures if part.open_minor]
    heard = {
        no for shown in life.claim.concerns if shown.heard and shown.code == reason().code for no in shown.exposures
    }
    if all(part.no in heard for part in still_open):
        _first_who_may(life, decision(*(refuse(part.no, part.open_minor) for part in still_open)))
    else:
        life.when(concern(*(part.no for part in still_open)), by=BO)


def _confirm_or_return(life: Life) -> None:
    # The seller may be there again, and has to be heard; or the cap was used up meanwhile.
    if not _first_who_may(life, confirmed(), unless=("seller_not_heard", "above_cap")):
        _first_who_may(life, do.ReturnDecision(WORDS))


def _first_who_may(life: Life, command: do.ClaimCommand, *, unless: tuple[str, ...] = ()) -> bool:
    """Whoever may does it. False where the rules refuse it to everybody, and for such a reason."""
    refusals = []
    for actor in (OMAR, RITA, *NEW_PEOPLE):
        try:
            life.when(command, by=actor)
            return True
        except Refused as refusal:
            refusals.append(refusal)
    assert refusals[-1].code in unless, f"nobody may do {type(command).__name__}: {refusals[-1]}"
    return False


def _the_next_clock_ends(life: Life) -> None:
    left = [clock for clock in life.claim.clocks if clock.held]
    assert left, f"nothing left to do, and not over: {life.claim.stage}, {sorted(life.claim.tasks)}"
    _ends(life, min(left, key=lambda clock: clock.due_at).name)


def _ends(life: Life, name: str) -> None:
    """The sweep at the end of that clock: all that is due by then runs out."""
    clock = life.claim.running(name)
    assert clock is not None, f"{life.claim.stage} without the clock {name}"
    life.world.at = max(life.world.at, clock.due_at)
    for one in due(life):
        life.when(do.RunOutClock(one.name, one.turn, pay_id()), by=CLOCK)


# What each event needs ------------------------------------------------------------------------------------------------


def who_did_it(new: list[ev.Recorded], before: Claim | None, by: Actor) -> None:
    """Of each event, that the one who did it was allowed to."""
    for recorded in new:
        match recorded.event:
            case ev.ClaimDecided(lines=lines, deciders=deciders):
                assert before is None or not before.barred.intersection(deciders)
                if any(line.refused_minor for line in lines):
                    assert all(name.startswith("person:") for name in deciders)
                    assert all(line.reason for line in lines if line.refused_minor)
                if by.is_person and deciders[0].startswith("person:"):
                    assert before is not None and before.filed_by not in deciders
                    assert by.name != before.payee_changed_by
                    assert len(set(deciders)) == len(deciders)
                    assert by.role in ("adjuster", "reviewer", "programme_owner")
            case ev.PaymentOrdered(amount_minor=amount):
                assert before is None or not isinstance(before.stage, state.Closed) or _reopened(new)
                assert amount > 0
            case ev.ClockRanOut(due_at=due_at):
                assert due_at <= recorded.at
            case _:
                pass


def _reopened(new: list[ev.Recorded]) -> bool:
    return any(isinstance(recorded.event, ev.ClaimReopened) for recorded in new)
