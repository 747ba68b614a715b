"""One claim on its way through tender, step-in and recovery, as its log would hold it, and each statement of it.

The claim itself is filed and decided by the rules; what happens between seller, insurer and platform is written down
here event by event, so that what a statement says depends on nothing but the events.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

from cast import ANSWER, BO, WORDS, Life, concern, decision, file, given, parts, refuse, uid

from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.events import ClaimEvent, Clause, EvidenceItem, Fact, Reason, Recorded, Sealed
from makewhole.domain.claim.state import Claim, Clock, fold
from makewhole.domain.claim.statements import addressees, statement_of
from makewhole.domain.claim.telling import Cover, Known
from makewhole.domain.recovery import events as rv
from makewhole.domain.recovery import state as recovering
from makewhole.domain.recovery.state import Recovery
from makewhole.domain.statement import Party, StatementOfReasons
from makewhole.reads.statement_lines import text

AT = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
UNTIL = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)
VERSION = "us 2026-1"
SAID = Sealed(uid(0xD1D), "decider")
KNOWN = Known(
    issuer="Demo Market Inc.",
    marketplace="Demo US",
    zone="America/New_York",
    product="Kettle KX-2",
    order_ref="113-88",
    words={SAID.item_id: "We looked at the base of the kettle ourselves.", WORDS.item_id: "The receipt shows 300.00."},
    covers={4: Cover("Harbour Mutual", "HM-1", date(2026, 1, 1), date(2027, 1, 1))},
    payouts={31: "PAYOUT-31", 32: "PAYOUT-32"},
)
NAMES: dict[Party, str] = {
    "claimant": "Ana Rivera",
    "seller": "Kettle Company LLC",
    "insurer": "Harbour Mutual",
    "producer": "",
}


def clause(row: str, because: str) -> Clause:
    return Clause(f"{VERSION} · {row}", row.rpartition(".")[2], because)


def reason(code: str, row: str = "bearer.no_defect") -> Reason:
    return Reason(code, f"{VERSION} · {row}", (), SAID)


@dataclass
class Story:
    """A claim's log, to which a test adds; `clocks` run on it, by name."""

    life: Life
    history: list[Recorded] = field(default_factory=list)
    clocks: dict[str, datetime] = field(default_factory=dict)
    paid_minor: int = 0  # approved and paid of the first part meanwhile

    def adds(self, *events: ClaimEvent, by: str = "machine:decision") -> Story:
        for event in events:
            self.history.append(Recorded(event, AT + timedelta(hours=len(self.history)), by))
        return self

    def runs(self, name: str, until: datetime = UNTIL) -> Story:
        self.clocks[name] = until
        return self

    @property
    def claim(self) -> Claim:
        running = tuple(Clock(name, 1, AT, until, f"{VERSION} · {name}") for name, until in self.clocks.items())
        claim = self.life.claim
        if self.paid_minor:
            paid = replace(claim.exposures[0], approved_minor=self.paid_minor, paid_minor=self.paid_minor)
            claim = replace(claim, exposures=(paid, *claim.exposures[1:]))
        return replace(claim, clocks=(*claim.clocks, *running), recoveries=self._recoveries())

    @property
    def before(self) -> Claim:
        """The claim before the newest event; as its log has it, where the rules recorded that event."""
        recorded, done = self.life.world.histories[self.life.claim.claim_id], len(self.history) - 1
        by_the_rules = done < len(recorded) and recorded[done] == self.history[-1]
        return (by_the_rules and fold(self.life.claim.claim_id, recorded[:done])) or self.claim

    def _recoveries(self) -> tuple[Recovery, ...]:
        """What is asked back, before the newest event."""
        found: dict[int, Recovery] = {}
        for each in self.history[:-1]:
            if isinstance(each.event, rv.RecoveryOpened):
                found[each.event.no] = recovering.opened(each.event, each.at, each.by)
            elif isinstance(each.event, get_args(rv.RecoveryEvent)):
                no = each.event.no  # type: ignore[union-attr]
                found[no] = recovering.evolve(found[no], each.event, each.at, each.by)  # type: ignore[arg-type]
        return tuple(found.values())

    def statement(self, to: Party, **known: Any) -> StatementOfReasons | None:  # other fields of Known
        """The statement of the newest event."""
        return statement_of(
            self.history[-1], self.before, self.claim, to=to, past=self.history[:-1],
            known=replace(KNOWN, to_name=NAMES[to], **known),
        )  # fmt: skip

    def told(self, to: Party, **known: Any) -> str:
        statement = self.statement(to, **known)
        assert statement is not None, f"the {to} gets no statement of {type(self.history[-1].event).__name__}"
        return text(statement)

    def addressees(self) -> tuple[Party, ...]:
        return addressees(self.history[-1], self.history[:-1])


def undecided() -> Story:
    """USD 1,850.00 claimed for a worktop, and screened: more than is paid directly."""
    life = given(file(parts(property_damage=1_850_00)))
    return Story(life, list(life.world.histories[life.claim.claim_id]))


def decided() -> Story:
    """USD 400.00 claimed, of which USD 300.00 is approved, refused the rest by Bo."""
    life = given(file(parts(property_damage=400_00), shown={1: 300_00}), concern(1), ANSWER)
    life.when(decision(refuse(1, 100_00, approved=300_00)), by=BO)
    history = life.world.histories[life.claim.claim_id]
    ends = next(n for n, recorded in enumerate(history, 1) if type(recorded.event).__name__ == "ClaimDecided")
    return Story(life, list(history[:ends]))


def tendered() -> Story:
    at_limit = clause("route.tendered", "USD 1,850.00 for the whole incident is over the limit.")
    return undecided().runs("seller_answers").adds(tv.ClaimTendered(1, "seller", 1_850_00, at_limit, VERSION))


def rejected_and_stepped_in() -> Story:
    story = tendered().adds(tv.TenderRejected(1, ("no_defect", "misuse"), (), SAID), by="seller:55")
    story.adds(tv.RejectionAnswered((reason("no_defect"), reason("misuse"))), by="person:1")
    over = clause("after_tender.rejected", "A person answers the seller's reasons, and a second person agrees.")
    facts = (Fact("seller_answer", "rejected"), Fact("in_full", "true"), Fact("all_checks_passed", "false"))
    story.adds(tv.SteppedIn("rejected", 1_850_00, over, facts, VERSION), by="person:3")
    return story


def paid() -> Story:
    story = rejected_and_stepped_in()
    story.paid_minor = 1_850_00
    return story


def demanded() -> Story:
    """USD 1,850.00 paid and asked back: USD 1,000.00 of the seller, USD 850.00 of its insurer."""
    basis = clause("bearer.large_not_accepted", "The platform pays first and recovers after that.")
    whole = clause("made_whole.whole", "The claimant has all that was decided.")
    shares = (rv.Share("seller", 1_000_00), rv.Share("insurer", 850_00))
    facts = (Fact("seller_insured", "true"), Fact("seller_answer", "rejected"), Fact("amount", "185000"))
    opened = rv.RecoveryOpened(1, "contract", 1_850_00, shares, "", basis, whole, facts, VERSION)
    return paid().runs("seller_contests", UNTIL + timedelta(days=30)).adds(opened)


def withheld() -> Story:
    return demanded().adds(rv.FundsWithheld(1, 31, 700_00, 600_00)).adds(rv.FundsWithheld(1, 32, 500_00, 300_00))


def contested() -> Story:
    item = EvidenceItem(uid(0xE77), "other", "f" * 64, 0, 0)
    return withheld().adds(rv.RecoveryContested(1, "seller", ("no_defect", "amount"), (item,), SAID), by="seller:55")


def contest_decided(outcome: Any, off_minor: int) -> Story:
    told = rv.ContestDecided(1, outcome, off_minor, reason("no_defect", "bearer.large_not_accepted"), VERSION)
    return contested().adds(told, by="person:4")


def insurer_notified(*, platform_is_insured: bool = False, limit_left_minor: int = 100_000_00) -> Story:
    told = tv.InsurerNotified(4, 9, 1_850_00, 1_000_00, limit_left_minor, platform_is_insured)
    return tendered().runs("insurer_answers").adds(told)


# Each kind once, and who gets it; the statements themselves stand in golden_statements.txt.
EACH: dict[str, Any] = {
    "claim_decided": decided,
    "claim_tendered": tendered,
    "stepped_in": rejected_and_stepped_in,
    "bearer_decided": lambda: paid().adds(
        tv.BearerDecided(
            "platform_then_recovers",
            clause("bearer.large_not_accepted", "The platform pays first and recovers after that."),
            (Fact("seller_insured", "false"), Fact("at_or_under_limit", "false"), Fact("seller_answer", "rejected")),
            VERSION,
        )
    ),
    "no_defect_found": lambda: paid().adds(tv.NoDefectFound(reason("no_defect"), VERSION), by="person:1"),
    "insurer_notified": insurer_notified,
    "recovery_opened": demanded,
    "funds_withheld": withheld,
    "contest_decided": lambda: contest_decided("partly", 400_00),
    "funds_released": lambda: contest_decided("partly", 400_00).adds(
        rv.DebtReduced(1, "seller", 400_00, "contest"),
        rv.FundsReleased(1, (rv.WithheldLine(31, 300_00),), "stands"),
    ),
    "recovery_raised": lambda: demanded().adds(rv.RecoveryRaised(1, 200_00, rv.Share("seller", 200_00), VERSION)),
    "debt_shifted": lambda: demanded().adds(rv.DebtShifted(1, "insurer", "seller", 850_00, "no_cover")),
    "recovery_written_off": lambda: demanded().adds(
        rv.RecoveryWrittenOff(1, "seller", 250_00, reason("uneconomic", "write_off")), by="person:6"
    ),
    "recovery_closed": lambda: withheld().adds(
        rv.FundsApplied(1, (rv.WithheldLine(31, 600_00), rv.WithheldLine(32, 300_00))),
        rv.RecoveryReceived(1, uid(0xBEEF), "seller", 100_00, "bank-9"),
        rv.RecoveryReceived(1, uid(0xBEF0), "insurer", 850_00, "bank-10"),
        rv.RecoveryStands(1),
        rv.RecoveryClosed(1, "recovered"),
    ),
}
