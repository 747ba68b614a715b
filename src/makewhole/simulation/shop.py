"""One seller's claims in memory, under the real rules: facts, decide(), journal entries. Start at Shop.ask().

After each command the promises are looked at: paid <= ordered <= approved <= cap, recovered + withheld <= paid, nothing
withheld beyond a payout's net amount. What the books say is held to the claim when it has come to rest (`audit`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from makewhole.domain.actors import Actor
from makewhole.domain.claim.commands import ClaimCommand, DisbursementFacts, EarlierClaim, Facts, OrderLineFacts
from makewhole.domain.claim.decide import drafted
from makewhole.domain.claim.draft import Case
from makewhole.domain.claim.events import Recorded
from makewhole.domain.claim.state import Claim, Closed
from makewhole.domain.ledger.accounts import PAID_FROM
from makewhole.domain.ledger.journal import entry
from makewhole.domain.policy.rules import Rules
from makewhole.domain.recovery.events import Debtor, Obstacle
from makewhole.simulation.losses import Loss
from makewhole.simulation.markets import Market, market
from makewhole.simulation.sellers import Seller

DEBTORS: tuple[Debtor, ...] = ("seller", "insurer", "producer")


@dataclass(slots=True)
class Payout:
    """A disbursement to the seller, and what is withheld of it for all claims together."""

    number: int
    net_minor: int
    withheld_minor: int = 0


@dataclass(slots=True)
class Shop:
    """The world of one seller: its losses by number, their claims, payouts, cover, and the books of each claim."""

    seller: Seller
    losses: dict[int, Loss]
    claims: dict[int, Claim] = field(default_factory=dict)
    books: dict[int, Counter[str]] = field(default_factory=dict)
    payouts: dict[int, Payout] = field(default_factory=dict)
    broken: Counter[str] = field(default_factory=Counter)
    cover_on_file: bool = False
    approved_by_machine: bool = False
    eroded_minor: int = 0
    _ids: int = 0
    _of_copy: dict[tuple[int, int], list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cover_on_file = self.seller.cover == "on_file"

    @property
    def market(self) -> Market:
        return market(self.seller.marketplace)

    def new_id(self) -> UUID:
        """Ids that no two sellers share, and that a seed repeats."""
        self._ids += 1
        return UUID(int=(self.seller.number << 64) | self._ids)

    def claim_id(self, no: int) -> UUID:
        return UUID(int=(1 << 127) | no)

    # Asking ------------------------------------------------------------------------------------------------

    def ask(
        self, no: int, command: ClaimCommand, by: Actor, at: datetime, payout: Payout | None = None
    ) -> list[Recorded]:
        """What the command makes happen to claim `no`, kept and posted. A refusal (`Refused`) changes nothing."""
        before = self.claims.get(no)
        case = Case(by, at, self.rules(no, at), self.market.calendar, self.facts(no, at, payout))
        draft = drafted(command, self.claim_id(no), before, case)
        if not draft.events:
            return []
        book = self.books.setdefault(no, Counter())
        stands = before
        for recorded, after in zip(draft.events, draft.claims, strict=True):
            for leg in entry(recorded.event, stands, after):
                book[leg.account] += leg.amount_minor
            stands = after
        assert stands is not None
        self._keep(no, before, stands)
        return draft.events

    def rules(self, no: int, at: datetime) -> Rules:
        """The policy at the claim's three dates."""
        calendar, loss = self.market.calendar, self.losses[no]
        return self.market.rules(loss.loss_date, calendar.day_of(loss.noticed_at), calendar.day_of(at))

    def gone(self, at: datetime) -> Obstacle:
        seller = self.seller
        return seller.gone if seller.gone and self.market.calendar.day_of(at) >= seller.gone_from else ""

    def facts(self, no: int, at: datetime, payout: Payout | None = None) -> Facts:
        """What the store would tell of the world outside the claim."""
        loss, seller = self.losses[no], self.seller
        cover = seller.coverage if self.cover_on_file else None
        return Facts(
            order_line=OrderLineFacts(
                order_line_id=loss.sale.number * 10_000 + loss.copy,
                marketplace=seller.marketplace,
                seller_id=seller.number,
                currency=self.market.currency,
                price_minor=loss.sale.price_minor,
                quantity=1,
                ordered_at=loss.sale.ordered_at,
                delivered_at=loss.sale.delivered_at,
                physical=True,
            ),
            seller_insured=cover is not None,
            coverage=cover and replace(cover, limit_left_minor=cover.limit_left_minor - self.eroded_minor),
            seller_gone=self.gone(at),
            disbursement=self._told(payout) if payout else None,
            seller_good_standing=seller.good_standing,
            insurance_requested=seller.asked_before,
            seller_had_automatic_approval=self.approved_by_machine,
            same_line=tuple(
                _earlier(self.claims[each]) for each in self._of_copy.get((loss.sale.number, loss.copy), ())
            ),
            link_kinds=3,
            linked_claimants=int(loss.referred),
            draw=loss.draw,
        )

    def _told(self, payout: Payout) -> DisbursementFacts:
        room_minor = payout.net_minor - payout.withheld_minor
        return DisbursementFacts(
            payout.number,
            self.seller.marketplace,
            self.seller.number,
            self.market.currency,
            payout.net_minor,
            room_minor,
        )

    # Keeping -----------------------------------------------------------------------------------------------

    def _keep(self, no: int, before: Claim | None, claim: Claim) -> None:
        self.claims[no] = claim
        if before is None:
            loss = self.losses[no]
            self._of_copy.setdefault((loss.sale.number, loss.copy), []).append(no)
        self.approved_by_machine |= claim.machine_decided
        if claim.recoveries and claim.recoveries != (before.recoveries if before else ()):
            self.eroded_minor += _eroded(claim) - (_eroded(before) if before else 0)
            self._move_payouts(before, claim)
            self._look_at_recovery(no, claim)
        self._look_at_money(no, claim)

    def _move_payouts(self, before: Claim | None, claim: Claim) -> None:
        for sign, each in ((1, claim), (-1, before)):
            for recovery in each.recoveries if each else ():
                for one in recovery.withholdings:
                    self.payouts[one.disbursement_id].withheld_minor += sign * (one.amount_minor - one.released_minor)

    # Promises ----------------------------------------------------------------------------------------------

    def _look_at_money(self, no: int, claim: Claim) -> None:
        """Promise 2, per exposure and per incident, and that nothing is paid twice."""
        for part in claim.exposures:
            if not 0 <= part.paid_minor <= part.ordered_minor <= part.approved_minor <= part.claimed_minor:
                self._breaks("paid <= ordered <= approved <= claimed", no)
            if part.approved_minor + part.refused_minor + part.waived_minor > part.claimed_minor:
                self._breaks("nothing is decided twice", no)
        incident = [self.claims[each] for each in self._of_copy[self._copy_of(no)]]
        approved = sum(each.approved_minor for each in incident if each.filed.incident_id == claim.filed.incident_id)
        if approved > claim.filed.incident_cap_minor:
            self._breaks("approved <= cap", no)
        gone_out = sum(payment.order.amount_minor for payment in claim.payments if payment.state == "settled")
        if gone_out != claim.paid_minor:
            self._breaks("paid is the sum of its payments", no)

    def _look_at_recovery(self, no: int, claim: Claim) -> None:
        """Promise 3: recovered and withheld together never pass what was paid; and no payout gives more than it is."""
        kept = sum(recovery.recovered_minor + recovery.held_minor for recovery in claim.recoveries)
        if not 0 <= kept <= claim.paid_minor:
            self._breaks("recovered + withheld <= paid", no)
        for recovery in claim.recoveries:
            for debtor in DEBTORS:
                if recovery.settled_minor(debtor) > recovery.debt(debtor).owed_minor:
                    self._breaks("nobody has borne more than it owes", no)
            for one in recovery.withholdings:
                payout = self.payouts[one.disbursement_id]
                if not 0 <= payout.withheld_minor <= payout.net_minor:
                    self._breaks("withheld <= net amount of the payout", no)

    def audit(self, no: int) -> None:
        """The books of a claim, account by account, against the claim itself."""
        claim, book = self.claims[no], self.books[no]
        if sum(book.values()):
            self._breaks("the books balance", no)
        expected = self._expected(claim)
        for account in expected.keys() | book.keys():
            if expected[account] != book[account]:
                self._breaks(f"{account} says what the claim says", no)
        if claim.track == "direct" and _insured_at_notice(claim) and _borne_by_seller(claim):
            self._breaks("a small claim costs an insured seller nothing", no)

    def _expected(self, claim: Claim) -> Counter[str]:
        due: Counter[str] = Counter()
        due["reserve_change"] = claim.reserve_minor
        due["outstanding_reserves"] = -claim.reserve_minor
        due["claims_expense"] = claim.approved_minor
        due["claims_payable"] = claim.ordered_minor - claim.approved_minor
        due["payments_in_transit"] = claim.paid_minor - claim.ordered_minor
        for payment in claim.payments:
            if payment.state == "settled":
                due[PAID_FROM[payment.order.payee.method]] -= payment.order.amount_minor
        for recovery in claim.recoveries:
            outstanding = {debtor: recovery.outstanding_minor(debtor) for debtor in DEBTORS}
            due["recoveries_receivable"] += outstanding["seller"] + outstanding["producer"]
            due["insurer_receivables"] += outstanding["insurer"]
            due["claims_recovered"] -= recovery.owed_minor
            due["withheld_funds"] += recovery.held_minor + recovery.applied_minor
            due["withheld_owed"] -= recovery.held_minor
            due["recoveries_bank"] += recovery.received_minor - recovery.repayments_made_minor
            due["repayments_payable"] -= recovery.repaid_minor - recovery.repayments_made_minor
            due["write_offs"] += recovery.written_off_minor
        return due

    def _copy_of(self, no: int) -> tuple[int, int]:
        return self.losses[no].sale.number, self.losses[no].copy

    def _breaks(self, promise: str, no: int) -> None:
        self.broken[f"{promise}: claim {self.claims[no].filed.reference}"] += 1


def _eroded(claim: Claim) -> int:
    return sum(recovery.settled_minor("insurer") for recovery in claim.recoveries)


def _borne_by_seller(claim: Claim) -> int:
    return sum(recovery.settled_minor("seller") + recovery.held_minor for recovery in claim.recoveries)


def _insured_at_notice(claim: Claim) -> bool:
    """It was told of the claim as insured: nobody asked it for proof."""
    return claim.seller_notified and not claim.proof_asked


def _earlier(claim: Claim) -> EarlierClaim:
    outcome = claim.stage.outcome if isinstance(claim.stage, Closed) else ""
    given_up = outcome in ("withdrawn", "unanswered")
    return EarlierClaim(
        claim_id=claim.claim_id,
        reference=claim.filed.reference,
        claimant_id=claim.filed.claimant_id,
        incident_id=claim.filed.incident_id,
        loss_date=claim.filed.loss_date,
        stage=type(claim.stage).__name__,
        outcome=outcome,
        incident_minor=claim.approved_minor if given_up else claim.claimed_minor - claim.refused_minor,
        approved_minor=claim.approved_minor,
    )
