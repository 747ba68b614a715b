"""Lives of claims over the limit, lived through the write door on a real PostgreSQL: for tests of what they leave.

Start at `Told`: one claim, and what each party does with it, each at its own instant. `tell_all` lives one life of each
kind: together they reach every event and every notice of tender and recovery.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from store.claims_given import ADJUSTER, BANK, filed

from makewhole.domain.actors import CLOCK, Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim.events import DecidedLine, EvidenceItem, Reason, Sealed
from makewhole.domain.claim.paying import release_digest
from makewhole.domain.claim.state import AwaitingRelease, Claim
from makewhole.domain.recovery import commands as rd
from makewhole.domain.recovery.events import Instalment
from makewhole.handle import Ask, Done, handle
from makewhole.store import vault
from makewhole.store.ids import new_id
from makewhole.store.models import Coverage, Disbursement, Evidence, Insurer, Seller
from makewhole.store.vault import Personal

FINANCE = Actor("person:9", "finance")
REVIEWER = Actor("person:8", "reviewer")
JUDGE = Actor("person:11", "reviewer")
MACHINE = Actor("machine:disbursements", "machine")


def a_seller(ref: str, **more: Any) -> Seller:  # other fields of Seller
    return Seller.objects.create(
        marketplace_id="us", seller_ref=ref, name=f"Seller {ref}", email=f"{ref.lower()}@example.com", **more
    )


def cover(seller: Seller, insurer: Insurer, **more: Any) -> Coverage:  # other fields of Coverage
    told = {"deductible_minor": 50_000, "limit_minor": 100_000_000, **more}
    return Coverage.objects.create(
        seller=seller, insurer=insurer.name, insurer_account=insurer, policy_number=f"HM-{seller.seller_ref}",
        starts_on=date(2024, 1, 1), ends_on=date(2029, 1, 1), **told,
    )  # fmt: skip


@dataclass
class Told:
    """A claim while its life is told, and what time it is."""

    seller: Seller
    claim: Claim
    at: datetime
    payouts: int = field(default=0)

    @classmethod
    def file(cls, seller: Seller, *, amount_minor: int = 150_000) -> Told:
        """Filed, looked at by an adjuster where a check referred it, and tendered where it is over the limit."""
        done = filed(seller, amount_minor=amount_minor)
        told = cls(seller, done.claim, done.claim.filed_at)
        if told.claim.track == "tendered" and not told.claim.tenders and not seller.closed_at:
            told.does(ADJUSTER, td.TenderClaim())
        return told

    @property
    def its_seller(self) -> Actor:
        return Actor(f"seller:{self.seller.pk}", "seller", seller_id=self.seller.pk)

    @property
    def claimant(self) -> Actor:
        claimant_id = self.claim.filed.claimant_id
        return Actor(f"claimant:{claimant_id}", "claimant", claimant_id=claimant_id)

    @property
    def insurer(self) -> Actor:
        assert self.claim.insurer is not None
        insurer_id = self.claim.insurer.told.insurer_id
        return Actor(f"insurer:{insurer_id}", "insurer", insurer_id=insurer_id)

    def does(self, by: Actor, command: Any, *words: Personal, hours: int = 1) -> Told:  # any command of a claim
        self.at += timedelta(hours=hours)
        self.claim = self._asked(Ask(command, by, self.at, self.claim.claim_id, personal=words)).claim
        return self

    def _asked(self, ask: Ask) -> Done:
        return handle(ask)

    def waits_for(self, clock: str) -> Told:
        """That clock comes to its end, and every one before it."""
        while (running := self.claim.held(clock)) is not None:
            due = min((c for c in self.claim.clocks if c.state == "running"), key=lambda c: c.due_at)
            self.at = max(self.at, due.due_at)
            command = do.RunOutClock(due.name, due.turn, new_id())
            self.claim = handle(Ask(command, CLOCK, self.at, self.claim.claim_id)).claim
            if due == running:
                return self
        raise AssertionError(f"{clock} does not run")

    def is_paid(self) -> Told:
        """Signed where a release is asked for; then the bank pays what is ordered."""
        if isinstance(self.claim.stage, AwaitingRelease):
            words = note("signature")
            signed = do.SignRelease(release_digest(self.claim), words.sealed, new_id())
            self.does(self.claimant, signed, words)
        for payment in self.claim.payments:
            if payment.state == "ordered":
                self.does(BANK, do.ConfirmPayment(payment.order.payment_id, "B1"))
        return self

    def is_decided_by_two(self) -> Told:
        lines = tuple(DecidedLine(part.no, part.open_minor, 0) for part in self.claim.exposures if part.open_minor)
        self.does(ADJUSTER, do.Decide(lines, new_id()))
        return self.does(REVIEWER, do.ConfirmDecision(new_id()))

    def is_decided_by_two_where_asked(self) -> Told:
        """By the machine where the policy lets it; else by two people."""
        return self.is_decided_by_two() if self.claim.whose_turn() == "adjuster" else self

    def contest_is(self, outcome: Any, off_minor: int) -> Told:  # a ContestOutcome
        why, words = reason("amount")
        return self.does(JUDGE, rd.DecideContest(outcome, why, off_minor), words)

    def pays_out(self, net_minor: int) -> Told:
        """The marketplace pays the seller, and what is owed is held back."""
        self.payouts += 1
        payout = Disbursement.objects.create(
            marketplace_id="us", seller=self.seller, currency="USD", net_minor=net_minor,
            disbursement_ref=f"{self.claim.filed.reference}-{self.payouts}", pays_on=self.at.date(), told_at=self.at,
        )  # fmt: skip
        return self.does(MACHINE, rd.WithholdFunds(payout.pk))

    def receives(self, debtor: Any, amount_minor: int) -> Told:  # a Debtor
        return self.does(FINANCE, rd.ReceiveRecovery(new_id(), debtor, amount_minor, "R1"))

    def file_of(self, by: Actor) -> EvidenceItem:
        evidence_id = new_id()
        Evidence.objects.create(
            id=evidence_id, uploaded_by=by.name, kind="other", sha256=evidence_id.bytes * 2, size_bytes=3,
            media_type="application/pdf", folder="x", uploaded_at=self.at,
        )  # fmt: skip
        return EvidenceItem(evidence_id, "other", "", 0, 0)


def note(words: str = "Because.") -> Personal:
    return vault.personal("note", words)


def reason(code: str) -> tuple[Reason, Personal]:
    words = note(f"About {code}.")
    return Reason(code, "us 2021-1 · bearer", (), words.sealed), words


def sealed_producer() -> tuple[Sealed, Personal]:
    item = vault.personal("producer", {"name": "Maker GmbH", "email": "claims@maker.example"})
    return item.sealed, item


# One life of each kind --------------------------------------------------------------------------------------------


def accepts_and_owes(insurer: Insurer) -> Told:
    """Not insured; accepts, the platform pays; withheld over two payouts, the rest in instalments, one missed."""
    told = Told.file(a_seller("ACCEPTS"))
    told.does(told.its_seller, td.AcceptTender("platform", new_id()))
    told.is_decided_by_two_where_asked().is_paid().pays_out(30_000)
    owed = told.claim.recovery.outstanding_minor("seller") - told.claim.recovery.held_minor  # type: ignore[union-attr]
    day = told.at.date() + timedelta(days=3)
    plan = (Instalment(day, owed // 2), Instalment(day + timedelta(days=10), owed - owed // 2))
    told.does(FINANCE, rd.AgreeInstalments(plan)).receives("seller", owed // 2)
    told.waits_for("instalment").waits_for("instalment").waits_for("seller_contests")
    why, words = reason("uneconomic")
    told.does(FINANCE, rd.WriteOff("seller", 1_000, why), words)
    return told.pays_out(9_000_000)


def pays_itself(insurer: Insurer) -> Told:
    told = Told.file(a_seller("PAYS"))
    told.does(told.its_seller, td.AcceptTender("seller", new_id()))
    told.does(told.its_seller, td.ReportSettlement(150_000))
    return told.does(told.claimant, td.ConfirmSettlement(True, new_id()))


def handles_and_fails(insurer: Insurer) -> Told:
    told = Told.file(a_seller("HANDLES"))
    told.does(told.its_seller, td.AskMoreTime(note().sealed)).does(told.its_seller, td.HandleClaim())
    return told.waits_for("seller_handles").is_decided_by_two_where_asked().is_paid()


def agrees_on_an_offer(insurer: Insurer) -> Told:
    told = Told.file(a_seller("OFFERS"))
    told.does(told.its_seller, td.MakeOffer(90_000)).does(told.claimant, td.MakeOffer(120_000))
    return told.does(told.its_seller, td.AcceptOffer(new_id())).is_decided_by_two_where_asked().is_paid()


def finds_no_agreement(insurer: Insurer) -> Told:
    told = Told.file(a_seller("HAGGLES"))
    told.does(told.its_seller, td.MakeOffer(50_000)).does(told.claimant, td.RefuseOffer(new_id()))
    return told.is_decided_by_two_where_asked().is_paid()


def rejects_and_wins_the_contest(insurer: Insurer) -> Told:
    told = Told.file(a_seller("REJECTS"))
    words = note("Misused.")
    told.does(told.its_seller, td.RejectTender(("misuse",), words.sealed), words)
    answer, said = reason("misuse")
    lines = tuple(DecidedLine(part.no, part.open_minor, 0) for part in told.claim.exposures)
    told.does(ADJUSTER, td.StepIn(lines, (answer,)), said).does(REVIEWER, do.ConfirmDecision(new_id())).is_paid()
    told.pays_out(40_000).receives("seller", 10_000)
    told.does(told.its_seller, rd.ContestRecovery(("misuse",), note().sealed))
    why, words = reason("misuse")
    told.does(JUDGE, rd.DecideContest("upheld", why), words)
    return told.does(FINANCE, rd.ConfirmRepayment(10_000, "OUT-1"))


def passes_it_on(insurer: Insurer) -> Told:
    """The producer accepts and pays."""
    told = Told.file(a_seller("RESELLS"))
    producer, item = sealed_producer()
    told.does(told.its_seller, td.NameProducer(producer), item)
    maker = Actor(f"producer:{producer.item_id}", "producer", producer_id=producer.item_id)
    told.does(maker, td.AcceptTender("platform", new_id())).is_decided_by_two_where_asked().is_paid()
    return told.receives("producer", 150_000).waits_for("seller_contests")


def is_silent_and_insured(insurer: Insurer) -> Told:
    """The insurer asks, then accepts; it pays above the deductible."""
    seller = a_seller("SILENT")
    cover(seller, insurer)
    told = Told.file(seller)
    told.does(told.insurer, td.AnswerAsInsurer("asks", words=note().sealed))
    told.waits_for("seller_answers").is_decided_by_two_where_asked().is_paid()
    told.does(told.insurer, td.AnswerAsInsurer("accepts"))
    return told.receives("insurer", 100_000).receives("seller", 50_000).waits_for("seller_contests")


def has_an_insurer_that_denies(insurer: Insurer) -> Told:
    seller = a_seller("DENIED")
    cover(seller, insurer, platform_is_insured=True)
    told = Told.file(seller)
    told.waits_for("seller_answers").is_decided_by_two_where_asked().is_paid()
    told.does(FINANCE, td.CheckSubrogation(True, note().sealed))
    told.does(told.insurer, td.AnswerAsInsurer("denies", clause="Exclusion 4.2"))
    return told.does(told.its_seller, rd.ContestRecovery(("amount",), note().sealed)).contest_is("partly", 20_000)


def has_an_insurer_that_is_silent(insurer: Insurer) -> Told:
    seller = a_seller("UNHEARD")
    cover(seller, insurer)
    told = Told.file(seller).waits_for("seller_answers").is_decided_by_two_where_asked().is_paid()
    return told.waits_for("insurer_answers")


def shows_its_insurance_late(insurer: Insurer) -> Told:
    """Track A: not insured by our file, money withheld, then the proof comes."""
    told = Told.file(a_seller("LATE", insurance_requested_at=datetime(2025, 1, 1, tzinfo=UTC)), amount_minor=15_000)
    told.is_paid().waits_for("seller_proof_of_insurance").pays_out(20_000)
    told.does(told.its_seller, td.SendProofOfInsurance((told.file_of(told.its_seller),)))
    words = note("This is an offer, not a policy.")
    told.does(ADJUSTER, td.CheckProofOfInsurance(False, words.sealed), words)
    told.does(told.its_seller, td.SendProofOfInsurance((told.file_of(told.its_seller),)))
    cover(told.seller, insurer)
    return told.does(ADJUSTER, td.CheckProofOfInsurance(True))


def has_no_defect(insurer: Insurer) -> Told:
    told = Told.file(a_seller("SOUND"), amount_minor=15_000)
    told.is_paid().waits_for("seller_proof_of_insurance").pays_out(5_000)
    why, words = reason("no_defect")
    return told.does(ADJUSTER, td.FindNoDefect(why), words)


LIVES: tuple[Callable[[Insurer], Told], ...] = (
    accepts_and_owes, pays_itself, handles_and_fails, agrees_on_an_offer, finds_no_agreement,
    rejects_and_wins_the_contest, passes_it_on, is_silent_and_insured, has_an_insurer_that_denies,
    has_an_insurer_that_is_silent, shows_its_insurance_late, has_no_defect,
)  # fmt: skip


def tell_all() -> dict[str, Told]:
    """One life of each kind, by its name."""
    insurer = Insurer.objects.create(name="Harbour Mutual", email="claims@harbour.example")
    return {life.__name__: life(insurer) for life in LIVES}
