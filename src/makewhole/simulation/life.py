"""One seller's life: its claims, payouts and clocks in the order of their instants. Start at live().

An agenda of plans: notices, what parties and staff planned, clocks that run out, each Friday's payout while it owes.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from makewhole.domain.actors import CLOCK, Actor
from makewhole.domain.claim import events as ev
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.commands import ClaimCommand, RunOutClock
from makewhole.domain.claim.events import Recorded
from makewhole.domain.claim.state import AwaitingSecond, Claim, UnderReview
from makewhole.domain.recovery import events as rv
from makewhole.domain.recovery.commands import NoteObstacle, WithholdFunds
from makewhole.domain.recovery.state import Contested
from makewhole.domain.refusal import Refused
from makewhole.simulation import office, parties
from makewhole.simulation.figures import Figures, count_claim
from makewhole.simulation.losses import draw_loss
from makewhole.simulation.mind import Act, Mind, Plan, mind_of
from makewhole.simulation.sellers import Seller
from makewhole.simulation.shop import Payout, Shop

FRIDAY = 4
PAYOUT_AT = time(12)
# The last loss is told in 2026; no chain of clocks, appeals and instalments takes four years.
EVERYTHING_ENDS = datetime(2031, 1, 1, tzinfo=UTC)


def live(seller: Seller, asked: dict[int, int], seed: int) -> Figures:
    """The seller's claims from first notice until nothing is left to happen. `asked`: how many claims, by sale."""
    zone = Shop(seller, {}).market.calendar.zone
    losses = [
        draw_loss(sale, nth, zone, seed) for sale in seller.shelf.sales for nth in range(asked.get(sale.number, 0))
    ]
    life = Life(Shop(seller, {loss.number: loss for loss in losses}), seed)
    life.run()
    return life.figures


@dataclass(slots=True)
class Life:
    """`planned` counts, so that two plans of one instant keep the order in which they were made."""

    shop: Shop
    seed: int
    figures: Figures = field(default_factory=Figures)
    minds: dict[int, Mind] = field(default_factory=dict)
    agenda: list[tuple[datetime, int, int, Plan]] = field(default_factory=list)
    clocks: dict[tuple[int, str, int], datetime] = field(default_factory=dict)
    next_payout: date | None = None
    planned: int = 0

    def run(self) -> None:
        for no, loss in self.shop.losses.items():
            self.minds[no] = mind_of(loss, self.shop.seller, self.shop, self.seed)
            self._push(no, Plan(loss.noticed_at, "files"))
        if self.shop.seller.gone and self.shop.losses:
            self._push(0, Plan(self.shop.market.calendar.instant(self.shop.seller.gone_from, time(9)), "gone"))
        while self.agenda:
            at, _, no, plan = heapq.heappop(self.agenda)
            assert at < EVERYTHING_ENDS, f"in {at:%Y} something still waits for claim {no}: {plan.what}"
            self._happens(no, plan)
        for no, claim in self.shop.claims.items():
            self.shop.audit(no)
            count_claim(claim, self.minds[no], self.shop, self.figures)
        self.figures.broken.update(self.shop.broken)

    def _push(self, no: int, plan: Plan) -> None:
        self.planned += 1
        heapq.heappush(self.agenda, (plan.at, self.planned, no, plan))

    def _happens(self, no: int, plan: Plan) -> None:
        match plan.what:
            case "files":
                command, by = parties.notice(self.minds[no])
                self._ask(no, command, by, plan.at)
            case "clock":
                self._clock(no, plan)
            case "payout":
                self._pay_out(plan)
            case "gone":
                self._goes(plan.at)
            case _:
                self._acts(no, plan)

    # Plans -------------------------------------------------------------------------------------------------

    def _acts(self, no: int, plan: Plan) -> None:
        claim, mind = self.shop.claims[no], self.minds[no]
        act: Act | None
        if plan.what == "review":
            act = office.review(claim, mind, plan.at) if claim.version == plan.detail else None
        else:
            act = (parties.ACTS.get(plan.what) or office.ACTS[plan.what])(claim, mind, plan.at, plan.detail)
        if act is not None:
            self._ask(no, *act, plan.at)
        for later in mind.later:
            self._push(no, later)
        mind.later.clear()

    def _clock(self, no: int, plan: Plan) -> None:
        assert isinstance(plan.detail, tuple)
        name, turn = plan.detail
        if self.clocks.get((no, name, turn)) == plan.at:
            self._ask(no, RunOutClock(name, turn, self.shop.new_id()), CLOCK, plan.at)

    def _goes(self, at: datetime) -> None:
        """The account is closed, or its holder insolvent: noted on every recovery that runs."""
        gone = self.shop.seller.gone
        for no, claim in list(self.shop.claims.items()):
            if claim.recovery is not None and claim.recovery.is_open:
                self._ask(no, NoteObstacle(gone), CLOCK, at)

    def _pay_out(self, plan: Plan) -> None:
        """A week's payout: withheld is what the seller owes, the oldest demand first, up to its net amount."""
        assert isinstance(plan.detail, date)
        self.next_payout = None
        if self.shop.gone(plan.at):
            return
        weeks = (plan.detail - date(2025, 1, 3)).days // 7
        number = self.shop.seller.number * 10_000 + weeks
        payout = Payout(number, self.shop.seller.net_minor(plan.detail))
        self.shop.payouts[number] = payout
        owing = [(no, claim) for no, claim in self.shop.claims.items() if _owes(claim)]
        for no, claim in sorted(owing, key=lambda each: (each[1].recovery.opened_at, each[0])):  # type: ignore[union-attr]
            if payout.withheld_minor < payout.net_minor and _withholdable(claim):
                self._ask(no, WithholdFunds(number), CLOCK, plan.at, payout)
        if owing:
            self._expect_payout(plan.at)

    def _expect_payout(self, after: datetime) -> None:
        if self.next_payout is None:
            day = after.date() + timedelta(days=1)
            self.next_payout = day + timedelta(days=(FRIDAY - day.weekday()) % 7)
            at = datetime.combine(self.next_payout, PAYOUT_AT, UTC)
            self._push(0, Plan(at, "payout", self.next_payout))

    # Asking ------------------------------------------------------------------------------------------------

    def _ask(self, no: int, command: ClaimCommand, by: Actor, at: datetime, payout: Payout | None = None) -> None:
        self.figures.count("commands", type(command).__name__)
        try:
            events = self.shop.ask(no, command, by, at, payout)
        except Refused as refused:
            self.figures.count("refused", type(command).__name__, refused.code)
            return
        self.figures.count("events", by=len(events))
        claim, mind = self.shop.claims[no], self.minds[no]
        for recorded in events:
            self._note(recorded, claim, mind)
            for plan in parties.plans_of(recorded, claim, mind):
                self._push(no, plan)
            for plan in office.plans_of(recorded, claim, mind):
                self._push(no, plan)
        if events and isinstance(claim.stage, UnderReview | AwaitingSecond):
            self._push(no, Plan(mind.at_work(at + mind.days(0.05, 1.2)), "review", claim.version))
        self._set_clocks(no, claim)

    def _set_clocks(self, no: int, claim: Claim) -> None:
        for clock in claim.clocks:
            key = (no, clock.name, clock.turn)
            if clock.state == "running" and self.clocks.get(key) != clock.due_at:
                self.clocks[key] = clock.due_at
                self._push(no, Plan(clock.due_at, "clock", (clock.name, clock.turn)))
            elif clock.state != "running":
                self.clocks.pop(key, None)

    def _note(self, recorded: Recorded, claim: Claim, mind: Mind) -> None:
        match recorded.event:
            case ev.PaymentSettled() | tv.SettlementConfirmed():
                mind.money_at = mind.money_at or recorded.at
            case rv.RecoveryOpened() | rv.RecoveryRaised() | rv.DebtShifted() | rv.InstalmentMissed():
                self._expect_payout(recorded.at)
            case tv.ClaimTendered() | tv.TenderUnanswered() | tv.TenderAccepted() | tv.SellerHandles():
                mind.did = mind.did or _answer(recorded.event)
            case tv.OfferMade() | tv.TenderRejected() | tv.TenderPassedOn():
                without = " without ground" if mind.loss.founded else " with ground"
                mind.did = mind.did or _answer(recorded.event, without)
            case _:
                pass


def _answer(event: object, ground: str = "") -> str:
    match event:
        case tv.TenderAccepted(payer="platform"):
            return "accepts, the platform pays"
        case tv.TenderAccepted():
            return "accepts and pays"
        case tv.SellerHandles():
            return "settles with the customer"
        case tv.OfferMade():
            return "offers an amount"
        case tv.TenderRejected():
            return f"rejects{ground}"
        case tv.TenderPassedOn():
            return "names the producer"
        case tv.TenderUnanswered():
            return "is silent"
        case _:
            return ""


def _owes(claim: Claim) -> bool:
    recovery = claim.recovery
    return recovery is not None and recovery.is_open and recovery.outstanding_minor("seller") > recovery.held_minor


def _withholdable(claim: Claim) -> bool:
    recovery = claim.recovery
    assert recovery is not None
    looked_at = "proof_of_insurance" in claim.tasks
    return not (isinstance(recovery.stage, Contested) or recovery.obstacle or claim.held("instalment") or looked_at)
