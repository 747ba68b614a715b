"""The standing cast, and a world to play in: people with names, one kettle, and the pure rules of a claim.

Start at `given`: `given(file(...)).when(command, by=BO).then("ClaimDecided")`. A World keeps the orders, the
policies and every claim in memory, and tells each decision the facts that the store would tell it; there is no
database and no clock but the one that a test sets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import pytest
from domain.policy.policy_documents import shipped

from makewhole.domain.actors import CLOCK, Actor
from makewhole.domain.calendar import Calendar
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim.commands import (
    ClaimantClaim,
    ClaimCommand,
    CoverageFacts,
    DisbursementFacts,
    EarlierClaim,
    Facts,
    FileClaim,
    OrderLineFacts,
)
from makewhole.domain.claim.decide import decide
from makewhole.domain.claim.draft import Case
from makewhole.domain.claim.events import (
    DecidedLine,
    EvidenceItem,
    EvidenceKind,
    ExposureClaimed,
    Head,
    Method,
    Payee,
    Reason,
    Recorded,
    Sealed,
)
from makewhole.domain.claim.filing import repeated
from makewhole.domain.claim.state import Claim, Closed, fold
from makewhole.domain.ledger.journal import entry
from makewhole.domain.policy.document import PolicyDocument
from makewhole.domain.policy.rules import PolicyDates, Rules, rules_on
from makewhole.domain.recovery import commands as rd
from makewhole.domain.recovery.events import ContestOutcome, Debtor, Instalment
from makewhole.domain.recovery.state import Debt, Recovery
from makewhole.domain.refusal import Refused

# People ----------------------------------------------------------------------------------------------------


def uid(number: int) -> UUID:
    return UUID(int=number)


ANA_ID, BEN_ID = uid(0xA), uid(0xB)
KETTLE_CO_ID = 55
HARBOUR_ID = 4
ACME = Sealed(uid(0xACE), "Acme Elements, importer of the heating element")

ANA = Actor(f"claimant:{ANA_ID}", "claimant", claimant_id=ANA_ID)
BEN = Actor(f"claimant:{BEN_ID}", "claimant", claimant_id=BEN_ID)
KETTLE_CO = Actor(f"seller:{KETTLE_CO_ID}", "seller", seller_id=KETTLE_CO_ID)
OTHER_SELLER = Actor("seller:66", "seller", seller_id=66)
HARBOUR = Actor(f"insurer:{HARBOUR_ID}", "insurer", insurer_id=HARBOUR_ID)  # Harbour Mutual, the seller's insurer
OTHER_INSURER = Actor("insurer:5", "insurer", insurer_id=5)
PRODUCER = Actor(f"producer:{ACME.item_id}", "producer", producer_id=ACME.item_id)
MARKET = Actor("marketplace:3", "marketplace")
BO = Actor("person:1", "adjuster")
ADA = Actor("person:2", "adjuster")
RITA = Actor("person:3", "reviewer")
RON = Actor("person:4", "reviewer")
FIN = Actor("person:5", "finance")
OLGA = Actor("person:6", "programme_owner")
OMAR = Actor("person:10", "programme_owner")
SAM = Actor("person:7", "safety_officer")
ADAM = Actor("person:8", "administrator")
AUDE = Actor("person:9", "auditor")

CAST: dict[str, Actor] = {
    "Ana": ANA, "Ben": BEN, "Kettle Co": KETTLE_CO, "the marketplace": MARKET, "Bo": BO, "Ada": ADA, "Rita": RITA,
    "Ron": RON, "Fin": FIN, "Olga": OLGA, "Omar": OMAR, "Sam": SAM, "Adam": ADAM, "Aude": AUDE, "the clock": CLOCK,
    "Harbour Mutual": HARBOUR, "Acme": PRODUCER, "another seller": OTHER_SELLER,
}  # fmt: skip
CLAIMANTS = {"Ana": ANA_ID, "Ben": BEN_ID}

# Things ----------------------------------------------------------------------------------------------------

ORDERED = datetime(2026, 2, 1, 15, 0, tzinfo=UTC)
DELIVERED = datetime(2026, 2, 5, 15, 0, tzinfo=UTC)
LOSS = date(2026, 3, 1)
NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # noon in New York, a Monday
KETTLE = OrderLineFacts(
    order_line_id=7,
    marketplace="us",
    seller_id=KETTLE_CO_ID,
    currency="USD",
    price_minor=50_00,
    quantity=1,
    ordered_at=ORDERED,
    delivered_at=DELIVERED,
    physical=True,
)
ZONES = {"us": "America/New_York", "uk": "Europe/London", "eu": "Europe/Berlin", "ca": "America/Toronto"}
CURRENCIES = {"us": "USD", "uk": "GBP", "eu": "EUR", "ca": "CAD"}
WORDS = Sealed(uid(0x5EA1ED), "words")


def cover(
    *, insurer: int | None = HARBOUR_ID, deductible: int = 500_00, limit: int = 1_000_000_00, ours: bool = False
) -> CoverageFacts:
    """The seller's policy of the day of the incident. `insurer`: its account with us; `ours`: it insures us too."""
    return CoverageFacts(9, insurer, deductible, limit, ours)


# Insured, by an insurer that has no account with us: nobody is told of the claim.
PLAIN_COVER = cover(insurer=None)


def paper(
    number: int, kind: EvidenceKind, exposure: int, amount: int = 0, *, sha256: str | None = None
) -> EvidenceItem:
    """A file; each number is another file."""
    return EvidenceItem(uid(0xE000000 + number), kind, sha256 or f"sha-{number}", exposure, amount)


# What proves each head of loss by the shipped policies.
PROOF: dict[Head, tuple[EvidenceKind, ...]] = {
    "purchase_price": (),
    "property_damage": ("photo", "repair_estimate"),
    "medical_expense": ("medical_bill",),
    "lost_wages": ("wage_statement",),
}


def proof_of(exposures: Iterable[ExposureClaimed], *, first: int = 1, shown: dict[int, int] | None = None) -> tuple[
    EvidenceItem, ...
]:  # fmt: skip
    """All the proof that the policy asks for; papers show the whole amount, or what `shown` says per exposure."""
    items: list[EvidenceItem] = []
    for told in exposures:
        for kind in PROOF.get(told.head, ()):
            amount = 0 if kind == "photo" else (shown or {}).get(told.no, told.claimed_minor)
            items.append(paper(first + len(items), kind, told.no, amount))
    return tuple(items)


def parts(**heads: int) -> tuple[ExposureClaimed, ...]:
    """`parts(property_damage=100_00)`: the parts of a claim in order, in minor units."""
    return tuple(ExposureClaimed(no, head, minor) for no, (head, minor) in enumerate(heads.items(), start=1))  # type: ignore[arg-type]


def file(
    exposures: tuple[ExposureClaimed, ...] = parts(property_damage=150_00),
    *,
    evidence: tuple[EvidenceItem, ...] | None = None,
    shown: dict[int, int] | None = None,
    number: int = 1,
    claimant: UUID = ANA_ID,
    loss_date: date = LOSS,
    method: Method = "bank_transfer",
    payee: int = 1,
    **more: Any,
) -> FileClaim:
    """A first notice with whole proof, unless told otherwise. `number` makes its ids another claim's."""
    return FileClaim(
        claim_id=uid(0xC0000 + number),
        reference=f"MW-{number}",
        incident_id=uid(0x1C0000 + number),
        payment_id=uid(0xFA0000 + number),
        claimant_id=claimant,
        channel="web",
        loss_date=loss_date,
        exposures=exposures,
        evidence=proof_of(exposures, first=1000 * number, shown=shown) if evidence is None else evidence,
        story=WORDS,
        payee=Payee(uid(0xACC000 + payee), method),
        **more,
    )


def reason(code: str = "not_supported", clause: str = "us 2026-1 · payable_heads") -> Reason:
    return Reason(code, clause, (), WORDS)


def approve(no: int, minor: int) -> DecidedLine:
    return DecidedLine(no, minor, 0)


def refuse(no: int, minor: int, code: str = "not_supported", *, approved: int = 0) -> DecidedLine:
    return DecidedLine(no, approved, minor, reason(code))


_payments = iter(range(1, 10**9))


def pay_id() -> UUID:
    """A fresh id for a payment: the rules draw nothing, so the edge does."""
    return uid(0xFAFA000000 + next(_payments))


def decision(*lines: DecidedLine) -> do.Decide:
    return do.Decide(lines, pay_id())


def confirmed() -> do.ConfirmDecision:
    return do.ConfirmDecision(pay_id())


def concern(*exposures: int, code: str = "not_supported") -> do.RaiseConcern:
    return do.RaiseConcern(exposures or (1,), reason(code))


def other_account(number: int = 2, method: Method = "bank_transfer") -> do.ChangePayee:
    return do.ChangePayee(Payee(uid(0xACC000 + number), method))


# What the seller and its insurer say -------------------------------------------------------------------------

TENDER = td.TenderClaim()
HANDLES = td.HandleClaim()
MORE_TIME = td.AskMoreTime(WORDS)
NAMES_ACME = td.NameProducer(ACME)


def accepts(payer: td.Payer = "platform") -> td.AcceptTender:
    return td.AcceptTender(payer, pay_id())


def rejects(*reasons: str) -> td.RejectTender:
    return td.RejectTender(reasons or ("misuse",), WORDS, (paper(71, "other", 0),))


def offers(minor: int) -> td.MakeOffer:
    return td.MakeOffer(minor)


def agrees() -> td.AcceptOffer:
    return td.AcceptOffer(pay_id())


def declines() -> td.RefuseOffer:
    return td.RefuseOffer(pay_id())


def reports(minor: int, *evidence: EvidenceItem) -> td.ReportSettlement:
    return td.ReportSettlement(minor, evidence)


def settled(yes: bool = True, words: Sealed | None = WORDS) -> td.ConfirmSettlement:
    return td.ConfirmSettlement(yes, pay_id(), words)


def answered(code: str) -> Reason:
    """The platform's answer to one reason of a rejection."""
    return Reason(code, "us 2026-1 · after_tender.rejected", (), WORDS)


def step_in(*lines: DecidedLine, answers: Iterable[str] = ("misuse",)) -> td.StepIn:
    return td.StepIn(lines, tuple(answered(code) for code in answers))


def insurer_says(answer: td.InsurerAnswer, clause: str = "") -> td.AnswerAsInsurer:
    return td.AnswerAsInsurer(answer, clause, (), WORDS)


def proof_of_insurance() -> td.SendProofOfInsurance:
    return td.SendProofOfInsurance((paper(81, "other", 0),))


def proof_is(good: bool) -> td.CheckProofOfInsurance:
    return td.CheckProofOfInsurance(good, WORDS)


def no_defect() -> td.FindNoDefect:
    return td.FindNoDefect(reason("no_defect"))


# What is done with a recovery -------------------------------------------------------------------------------

_receipts = iter(range(1, 10**9))


def withhold(payout: int = 1, minor: int | None = None) -> rd.WithholdFunds:
    return rd.WithholdFunds(payout, minor)


def receipt(minor: int, debtor: Debtor = "seller", *, number: int | None = None) -> rd.ReceiveRecovery:
    """Money of a debtor; a fresh receipt where it has no number."""
    no = next(_receipts) if number is None else number
    return rd.ReceiveRecovery(uid(0x4EC0000000 + no), debtor, minor, "bank-9")


def contest(*reasons: str) -> rd.ContestRecovery:
    return rd.ContestRecovery(reasons or ("not_heard",), WORDS)


def contest_is(outcome: ContestOutcome, off: int = 0) -> rd.DecideContest:
    return rd.DecideContest(outcome, reason("not_heard"), off)


def instalments(*told: tuple[date, int]) -> rd.AgreeInstalments:
    return rd.AgreeInstalments(tuple(Instalment(day, minor) for day, minor in told))


def gives_up(minor: int, code: str = "uneconomic", debtor: Debtor = "seller") -> rd.WriteOff:
    return rd.WriteOff(debtor, minor, reason(code))


def repaid(minor: int) -> rd.ConfirmRepayment:
    return rd.ConfirmRepayment(minor, "bank-10")


ASKED = do.RequestProof(((1, "proof_of_cause"),))
ANSWER = do.AnswerConcern((), WORDS)
WITHDRAW = do.WithdrawClaim(None)
APPEAL = do.Appeal(WORDS)

_USUALLY: dict[type, Actor] = {
    do.FileClaim: ANA, do.AddProof: ANA, do.AnswerConcern: ANA, do.ChangePayee: ANA, do.SignRelease: ANA,
    do.WithdrawClaim: ANA, do.Appeal: ANA, do.AddSellerEvidence: KETTLE_CO, do.ConfirmPayment: FIN,
    do.ReturnPayment: FIN, do.ConfirmDecision: RITA, do.ReturnDecision: RITA, do.ReviewQuality: RITA,
    do.ReopenClaim: RITA, do.ReviewSafety: SAM, do.RunOutClock: CLOCK,
    td.AcceptTender: KETTLE_CO, td.HandleClaim: KETTLE_CO, td.ReportSettlement: KETTLE_CO, td.MakeOffer: KETTLE_CO,
    td.RejectTender: KETTLE_CO, td.AskMoreTime: KETTLE_CO, td.NameProducer: KETTLE_CO,
    td.SendProofOfInsurance: KETTLE_CO, td.ConfirmSettlement: ANA, td.AcceptOffer: ANA, td.RefuseOffer: ANA,
    td.AnswerAsInsurer: HARBOUR, td.CheckSubrogation: FIN, rd.WithholdFunds: CLOCK, rd.ReceiveRecovery: FIN,
    rd.ContestRecovery: KETTLE_CO, rd.DecideContest: RON, rd.AgreeInstalments: FIN, rd.NoteObstacle: FIN,
    rd.WriteOff: FIN, rd.ConfirmRepayment: FIN,
}  # fmt: skip


def usually(command: ClaimCommand) -> Actor:
    """Who does this where a test does not say: Ana her part, the seller its own, Bo the adjuster's, Rita the second
    look, Ron a contest."""
    return _USUALLY.get(type(command), BO)


# The world -------------------------------------------------------------------------------------------------


@lru_cache
def policy(name: str) -> PolicyDocument:
    return shipped(name)


@dataclass
class World:
    """Orders, policies and claims in memory, and the one clock. `facts` are told on top of what follows from the
    claims; `payouts` are the marketplace's disbursements; `books` hold every account of every claim."""

    marketplace: str = "us"
    at: datetime = NOON
    policies: list[tuple[datetime, PolicyDocument, str]] = field(default_factory=list)
    free_days: frozenset[date] = frozenset()
    lines: dict[int, OrderLineFacts] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    histories: dict[UUID, list[Recorded]] = field(default_factory=dict)
    books: dict[UUID, Counter[str]] = field(default_factory=dict)
    payouts: dict[int, DisbursementFacts] = field(default_factory=dict)
    order_line: int = KETTLE.order_line_id  # the line that the next notice is about

    def __post_init__(self) -> None:
        if not self.lines:
            line = replace(KETTLE, marketplace=self.marketplace, currency=CURRENCIES[self.marketplace])
            self.lines = {line.order_line_id: line}
        if not self.policies:
            name = self.marketplace
            self.policies = [(datetime(2021, 9, 1, tzinfo=UTC), policy(name), f"{name} 2026-1")]

    @property
    def calendar(self) -> Calendar:
        return Calendar(ZONES[self.marketplace], self.free_days)

    def claim(self, claim_id: UUID) -> Claim:
        claim = fold(claim_id, self.histories[claim_id])
        assert claim is not None
        return claim

    @property
    def claims(self) -> list[Claim]:
        return [self.claim(claim_id) for claim_id in self.histories]

    def notice(self, command: FileClaim, by: Actor) -> tuple[UUID, list[Recorded]]:
        """A notice as the write door takes it: the same incident again goes to the claim that is there."""
        facts = self.facts_of(command.claim_id, command)
        rules = self.rules(command.claim_id, command)
        earlier = repeated(command, facts, rules.whole("same_incident_days"))
        claim_id = earlier.claim_id if earlier else command.claim_id
        return claim_id, self.do(claim_id, command, by)

    def do(self, claim_id: UUID, command: ClaimCommand, by: Actor) -> list[Recorded]:
        """Decides one command now, keeps its events and posts them. A refusal changes nothing."""
        before = fold(claim_id, self.histories.get(claim_id, []))
        case = Case(by, self.at, self.rules(claim_id, command), self.calendar, self.facts_of(claim_id, command))
        events = decide(command, claim_id, before, case)
        if events:
            self._keep(claim_id, events)
        return events

    def rules(self, claim_id: UUID, command: ClaimCommand) -> Rules:
        """The version in force now, seen at the claim's three dates."""
        _, document, version = max((told for told in self.policies if told[0] <= self.at), key=lambda told: told[0])
        today = self.calendar.day_of(self.at)
        if claim_id in self.histories:
            claim = self.claim(claim_id)
            incident, notice = claim.filed.loss_date, self.calendar.day_of(claim.filed_at)
        else:
            assert isinstance(command, FileClaim)
            incident, notice = min(command.loss_date, today), today
        return rules_on(document, PolicyDates(incident=incident, notice=notice, decision=today), version=version)

    def pays_out(self, net_minor: int, *, seller: int = KETTLE_CO_ID, currency: str | None = None) -> int:
        """The marketplace's payout to a seller, known here by the number that is given back."""
        number = len(self.payouts) + 1
        told = DisbursementFacts(
            number, self.marketplace, seller, currency or CURRENCIES[self.marketplace], net_minor, net_minor
        )
        self.payouts[number] = told
        return number

    def facts_of(self, claim_id: UUID, command: ClaimCommand) -> Facts:
        """What the store would tell: the order line, other claims on it and of the claimant, accounts, files, the
        seller's cover and its payout."""
        own = self.claim(claim_id) if claim_id in self.histories else None
        line_id = own.filed.order_line_id if own else self.order_line
        claimant = own.filed.claimant_id if own else getattr(command, "claimant_id", None)
        payee = getattr(command, "payee", None) or (own.payee if own else None)
        files = (own.evidence if own else ()) + tuple(getattr(command, "evidence", ()))
        others = [claim for claim in self.claims if claim.claim_id != claim_id]
        named = [claim for claim in others if payee and claim.payee.payee_id == payee.payee_id]
        hers = [claim for claim in others if claim.filed.claimant_id == claimant]
        told = Facts(
            order_line=self.lines.get(line_id),
            disbursement=self._payout(getattr(command, "disbursement_id", 0)),
            seller_had_automatic_approval=True,
            same_line=tuple(_earlier(claim) for claim in self.claims if claim.filed.order_line_id == line_id),
            claimant_claims=tuple(_of_claimant(claim) for claim in hers),
            link_kinds=1,
            payee_of_others=sum(1 for claim in named if claim.filed.claimant_id != claimant),
            payee_named_at=tuple(claim.filed_at for claim in named),
            payee_orders=tuple((p.ordered_at, p.order.amount_minor) for claim in named for p in claim.payments),
            other_payee_open=any(c.whose_turn() and payee and c.payee.payee_id != payee.payee_id for c in hers),
            reused_evidence=tuple(
                (mine.evidence_id, claim.filed.reference, 0)
                for mine in files for claim in others for theirs in claim.evidence if mine.sha256 == theirs.sha256
            ),
            draw=9999,
        )  # fmt: skip
        known = {"coverage": PLAIN_COVER} | self.facts
        if known.get("seller_insured") is False:
            known["coverage"] = None
        covered = self._left_of(known["coverage"])
        return replace(told, **(known | {"seller_insured": covered is not None, "coverage": covered}))

    def _left_of(self, policy: CoverageFacts | None) -> CoverageFacts | None:
        """A policy with what its insurer has paid on all claims taken off its limit."""
        if policy is None:
            return None
        paid = sum(recovery.settled_minor("insurer") for claim in self.claims for recovery in claim.recoveries)
        return replace(policy, limit_left_minor=policy.limit_left_minor - paid)

    def _payout(self, number: int) -> DisbursementFacts | None:
        """A payout with what is withheld of it, on all claims, taken off its room."""
        payout = self.payouts.get(number)
        if payout is None:
            return None
        kept = sum(
            one.amount_minor - one.released_minor
            for claim in self.claims for recovery in claim.recoveries for one in recovery.withholdings
            if one.disbursement_id == number
        )  # fmt: skip
        return replace(payout, room_minor=payout.net_minor - kept)

    def _keep(self, claim_id: UUID, events: list[Recorded]) -> None:
        history = self.histories.setdefault(claim_id, [])
        account = self.books.setdefault(claim_id, Counter())
        for recorded in events:
            before = fold(claim_id, history)
            history.append(recorded)
            legs = entry(recorded.event, before, self.claim(claim_id))
            assert sum(leg.amount_minor for leg in legs) == 0
            for leg in legs:
                account[leg.account] += leg.amount_minor


def _earlier(claim: Claim) -> EarlierClaim:
    outcome = _outcome(claim)
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


def _of_claimant(claim: Claim) -> ClaimantClaim:
    return ClaimantClaim(
        claim.filed.reference, claim.filed.order_line_id, claim.filed_at, claim.filed.loss_date, _outcome(claim)
    )


def _outcome(claim: Claim) -> str:
    return claim.stage.outcome if isinstance(claim.stage, Closed) else ""


# given / when / then ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class By:
    """Somebody other than usual does it."""

    actor: Actor
    command: ClaimCommand


@dataclass(frozen=True)
class Later:
    """Time passes; clocks run out only where a step says so (`run_out`)."""

    by: timedelta


def after(**units: float) -> Later:
    return Later(timedelta(**units))


@dataclass(frozen=True)
class ToTheEndOf:
    """The clock of that name comes to its end, and the sweep says so."""

    clock: str


Step = ClaimCommand | By | Later | ToTheEndOf


class Life:
    """One claim as it goes: what stands (`claim`), what the last step brought (`new`)."""

    def __init__(self, world: World, claim_id: UUID | None = None) -> None:
        self.world = world
        self.claim_id = claim_id
        self.new: list[Recorded] = []

    @property
    def claim(self) -> Claim:
        assert self.claim_id is not None, "nothing is filed yet"
        return self.world.claim(self.claim_id)

    @property
    def books(self) -> Counter[str]:
        assert self.claim_id is not None
        return self.world.books[self.claim_id]

    @property
    def kinds(self) -> list[str]:
        return [type(recorded.event).__name__ for recorded in self.new]

    def when(self, step: Step, by: Actor | None = None, at: datetime | None = None) -> Life:
        """Does one step. `by` where it is not who usually does it; `at` sets the clock first."""
        if at is not None:
            self.world.at = at
        match step:
            case Later(passed):
                self.world.at += passed
                self.new = []
            case ToTheEndOf(name):
                self._to_the_end_of(name)
            case By(actor, command):
                self._do(command, by or actor)
            case _:
                self._do(step, by or usually(step))
        return self

    def then(self, *kinds: str) -> Life:
        """These events came of the last step, in this order (others may stand between)."""
        found = iter(self.kinds)
        assert all(kind in found for kind in kinds), f"expected {kinds}, but there came {self.kinds}"
        return self

    def then_nothing(self) -> Life:
        assert self.new == [], f"nothing was to happen, but there came {self.kinds}"
        return self

    def refuses(self, step: Step, code: str, by: Actor | None = None, at: datetime | None = None) -> Refused:
        """The rules say no, by that name, and nothing has changed."""
        before = None if self.claim_id is None else self.claim
        with pytest.raises(Refused) as caught:
            self.when(step, by, at)
        refusal = caught.value
        assert refusal.code == code, f"expected the refusal {code}, but it was {refusal}"
        assert before is None or self.claim == before
        return refusal

    def event(self, kind: type[Any]) -> Any:
        """The one event of that kind that the last step brought (Any: the caller names the kind)."""
        found = [recorded.event for recorded in self.new if isinstance(recorded.event, kind)]
        assert len(found) == 1, f"expected one {kind.__name__}, but there came {self.kinds}"
        return found[0]

    def stage(self) -> str:
        return type(self.claim.stage).__name__

    @property
    def recovery(self) -> Recovery:
        recovery = self.claim.recovery
        assert recovery is not None, f"nothing is asked back: {self.claim.bearer}"
        return recovery

    def debt(self, debtor: Debtor = "seller") -> Debt:
        return self.recovery.debt(debtor)

    def heard(self) -> Life:
        """The seller is heard in vain: tendered where the machine did not, and silent to the end of its time."""
        if self.stage() == "UnderReview":
            self.when(TENDER)
        return self.when(ToTheEndOf("seller_answers"))

    def outcome(self) -> str:
        assert isinstance(self.claim.stage, Closed), f"not closed but {self.stage()}"
        return self.claim.stage.outcome

    def _do(self, command: ClaimCommand, by: Actor) -> None:
        if isinstance(command, FileClaim):
            self.claim_id, self.new = self.world.notice(command, by)
            return
        assert self.claim_id is not None, "nothing is filed yet"
        self.new = self.world.do(self.claim_id, command, by)

    def _to_the_end_of(self, name: str) -> None:
        clock = self.claim.running(name)
        assert clock is not None, f"the clock {name} does not run: {self.claim.clocks}"
        self.world.at = max(self.world.at, clock.due_at)
        self._do(do.RunOutClock(name, clock.turn, pay_id()), CLOCK)


def given(*steps: Step, world: World | None = None) -> Life:
    """A claim after these steps, done in order by those who usually do them."""
    life = Life(world or World())
    for step in steps:
        life.when(step)
    return life


def with_oven(**facts: Any) -> World:
    """A dear thing was bought, so that a claim over the limit can pass every check."""
    return World(lines={KETTLE.order_line_id: replace(KETTLE, price_minor=400_00)}, facts=facts)


def tendered(minor: int = 2000_00, **facts: Any) -> Life:
    """A claim of that much with nothing against it: it waits for the seller's answer."""
    life = given(file(parts(property_damage=minor), method="refund"), world=with_oven(**facts))
    assert life.stage() == "AwaitingSeller"
    return life


def settle(life: Life) -> Life:
    """The bank confirms every payment that is under way."""
    for payment in life.claim.payments:
        if payment.state == "ordered":
            life.when(do.ConfirmPayment(payment.order.payment_id, "bank-1"))
    return life


def send_back(life: Life) -> Life:
    """The bank returns the payment that is under way."""
    payment = next(payment for payment in life.claim.payments if payment.state == "ordered")
    return life.when(do.ReturnPayment(payment.order.payment_id, "bank-1", "account closed"))


def release_of(life: Life) -> do.SignRelease:
    """The signature under the very text that was shown."""
    shown = [r.event for r in life.world.histories[life.claim.claim_id] if isinstance(r.event, ev.ReleaseRequested)]
    return do.SignRelease(shown[-1].text_sha256, WORDS, pay_id())


def paid(life: Life) -> Life:
    """All that is approved is paid: a release is signed where one is asked for, and the bank confirms."""
    if life.stage() == "AwaitingRelease":
        life.when(release_of(life))
    return settle(life)


def open_accounts(books: Counter[str]) -> dict[str, int]:
    """What stands in the books, without the accounts that come to nothing."""
    return {account: minor for account, minor in books.items() if minor}
