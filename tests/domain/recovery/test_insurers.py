"""The seller's insurer: notice, its answers, the deductible, the limit, and the check before it is asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from cast import (
    ANSWER,
    BO,
    FIN,
    HANDLES,
    HARBOUR,
    KETTLE_CO,
    OLGA,
    OMAR,
    OTHER_INSURER,
    RITA,
    TENDER,
    WORDS,
    Life,
    ToTheEndOf,
    accepts,
    approve,
    concern,
    confirmed,
    contest,
    contest_is,
    cover,
    decision,
    file,
    given,
    gives_up,
    insurer_says,
    open_accounts,
    paid,
    paper,
    parts,
    proof_is,
    proof_of_insurance,
    receipt,
    refuse,
    repaid,
    reports,
    settle,
    settled,
    tendered,
    with_oven,
    withhold,
)  # fmt: skip

from makewhole.domain.claim import commands as do
from makewhole.domain.claim import tender_commands as td
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.claim.commands import CoverageFacts
from makewhole.domain.claim.decide import sees
from makewhole.domain.recovery import events as rv
from makewhole.domain.recovery.state import Contested, Demanded, Ended

SECOND = timedelta(seconds=1)
CHECKED = td.CheckSubrogation(True, WORDS)
BARRED = td.CheckSubrogation(False, WORDS)


def insured(policy: CoverageFacts | None = None) -> Life:
    """A claim of 2,000.00, tendered to a seller whose insurer, Harbour Mutual, is told too."""
    return tendered(coverage=policy or cover())


def recovering(policy: CoverageFacts | None = None) -> Life:
    """The seller was silent, Ana has her 2,000.00, and it is asked back."""
    return paid(insured(policy).when(ToTheEndOf("seller_answers")))


def owed(life: Life) -> tuple[int, int]:
    """What the seller and its insurer owe."""
    return life.debt("seller").owed_minor, life.debt("insurer").owed_minor


class TestNotice:
    def test_the_insurer_of_the_day_of_the_incident_is_told_with_the_tender(self) -> None:
        life = insured().then("ClaimTendered", "InsurerNotified")
        assert life.event(tv.InsurerNotified) == tv.InsurerNotified(9, 4, 2000_00, 500_00, 1_000_000_00, False)
        clock = life.claim.running("insurer_answers")
        assert clock is not None and (clock.due_at - life.world.at).days == 30

    def test_it_sees_the_claim_from_then_on_and_another_insurer_never_does(self) -> None:
        life = insured()
        assert sees(HARBOUR, life.claim) and not sees(OTHER_INSURER, life.claim)
        life.refuses(insurer_says("accepts"), "unknown_claim", by=OTHER_INSURER)
        life.refuses(insurer_says("accepts"), "role_may_not", by=KETTLE_CO)
        small = given(file(), world=with_oven(coverage=cover()))
        assert not sees(HARBOUR, small.claim) and small.claim.insurer is None

    def test_one_without_an_account_with_us_is_not_told_and_not_asked(self) -> None:
        life = recovering(cover(insurer=None))
        assert life.claim.insurer is None and owed(life) == (2000_00, 0)

    def test_what_the_seller_settles_itself_ends_its_part(self) -> None:
        life = insured().when(HANDLES).when(reports(2000_00)).when(settled())
        assert life.claim.held("insurer_answers") is None
        life.refuses(insurer_says("accepts"), "answer_too_late")


class TestAnswers:
    def test_accepting_or_denying_is_final(self) -> None:
        for answer, clause in (("accepts", ""), ("denies", "excl. 4(b)")):
            life = insured().when(insurer_says(answer, clause)).then("InsurerAnswered")  # type: ignore[arg-type]
            assert life.claim.held("insurer_answers") is None
            refusal = life.refuses(insurer_says("reserves_rights"), "insurer_answered_before")
            assert refusal.facts["answer"] == answer

    def test_reserving_its_rights_or_asking_is_not(self) -> None:
        life = insured().when(insurer_says("asks"))
        assert "insurer_asks" in life.claim.tasks and life.claim.running("insurer_answers")
        life.when(insurer_says("reserves_rights"))
        assert "insurer_asks" not in life.claim.tasks and life.claim.insurer is not None and life.claim.insurer.owes
        life.when(insurer_says("denies", "excl. 4(b)")).then("InsurerAnswered")

    def test_a_denial_cites_the_clause_and_a_question_has_words(self) -> None:
        insured().refuses(insurer_says("denies"), "clause_needed")
        insured().refuses(insurer_says("denies", "  "), "clause_needed")
        insured().refuses(td.AnswerAsInsurer("asks"), "words_needed")
        insured().refuses(td.AnswerAsInsurer("accepts", "", (paper(5, "other", 9),)), "evidence_for_no_exposure")

    def test_on_the_last_second_it_is_in_time_and_on_the_next_too_late(self) -> None:
        life = insured()
        clock = life.claim.running("insurer_answers")
        assert clock is not None
        life.refuses(insurer_says("denies", "4(b)"), "answer_too_late", at=clock.due_at)
        life.when(insurer_says("denies", "4(b)"), at=clock.due_at - SECOND)

    def test_a_question_is_answered_beside_the_claim_and_stops_no_clock(self) -> None:
        life = insured().when(insurer_says("asks")).when(do.FinishTask("insurer_asks", WORDS))
        assert "insurer_asks" not in life.claim.tasks and life.claim.running("insurer_answers")


class TestTheDeductibleAndTheLimit:
    @pytest.mark.parametrize(
        "policy, seller, insurer",
        [
            (cover(deductible=500_00), 500_00, 1500_00),
            (cover(deductible=0), 0, 2000_00),
            (cover(deductible=1), 1, 1999_99),
            (cover(deductible=1999_99), 1999_99, 1),
            (cover(deductible=2000_00), 2000_00, 0),
            (cover(deductible=10_000_00), 2000_00, 0),
            (cover(deductible=500_00, limit=1499_99), 500_01, 1499_99),
            (cover(deductible=500_00, limit=1500_00), 500_00, 1500_00),
            (cover(deductible=500_00, limit=0), 2000_00, 0),
        ],
    )
    def test_split_to_the_cent(self, policy: CoverageFacts, seller: int, insurer: int) -> None:
        life = recovering(policy)
        assert owed(life) == (seller, insurer)
        books = open_accounts(life.books)
        assert (books.get("recoveries_receivable", 0), books.get("insurer_receivables", 0)) == (seller, insurer)
        assert books["claims_recovered"] == -2000_00
        assert life.recovery.opened.basis == ("assignment" if insurer else "contract")

    def test_both_pay_and_it_is_recovered(self) -> None:
        life = recovering().when(insurer_says("accepts")).when(ToTheEndOf("seller_contests"))
        life.when(receipt(1500_00, "insurer")).when(receipt(500_00)).then("RecoveryReceived", "RecoveryClosed")
        assert life.recovery.stage == Ended("recovered") and life.claim.held("insurer_answers") is None

    def test_each_pays_at_most_its_own_part(self) -> None:
        life = recovering()
        assert life.refuses(receipt(1500_01, "insurer"), "more_than_owed").facts["owed_minor"] == 1500_00
        assert life.refuses(receipt(500_01), "more_than_owed").facts["owed_minor"] == 500_00
        life.world.pays_out(2000_00)
        assert life.when(withhold(1)).event(rv.FundsWithheld).amount_minor == 500_00

    def test_what_it_paid_on_other_claims_is_taken_off_its_limit(self) -> None:
        life = recovering(cover(limit=1800_00)).when(receipt(1500_00, "insurer"))
        again = file(parts(property_damage=2000_00), number=2, loss_date=date(2026, 2, 20), method="refund")
        second = given(again, TENDER, world=life.world)
        assert second.claim.insurer is not None and second.claim.insurer.told.limit_left_minor == 300_00

    def test_nor_does_a_receipt_pass_the_limit_that_is_left(self) -> None:
        life = recovering(cover(limit=1500_00))
        life.world.facts["coverage"] = cover(limit=100_00)
        refusal = life.refuses(receipt(100_01, "insurer"), "above_the_policy_limit")
        assert refusal.facts["limit_left_minor"] == 100_00
        life.when(receipt(100_00, "insurer")).then("RecoveryReceived")


class TestMoreIsPaidLater:
    def test_the_deductible_is_borne_once(self) -> None:
        life = tendered(7000_00, coverage=cover()).when(accepts()).when(concern(1)).when(ANSWER)
        life.when(decision(refuse(1, 400_00, approved=6600_00)), by=BO).when(confirmed(), by=RITA)
        assert owed(paid(life)) == (500_00, 6100_00)
        life.when(do.Appeal(WORDS)).when(decision(approve(1, 400_00)), by=OLGA).when(confirmed(), by=OMAR)
        paid(life).then("PaymentSettled", "RecoveryRaised")
        assert owed(life) == (500_00, 6500_00) and life.recovery.paid_minor == 7000_00

    def test_the_deductible_is_borne_once_also_where_the_first_recovery_is_over(self) -> None:
        life = tendered(7000_00, coverage=cover()).when(accepts()).when(concern(1)).when(ANSWER)
        life.when(decision(refuse(1, 400_00, approved=6600_00)), by=BO).when(confirmed(), by=RITA)
        paid(life).when(receipt(500_00)).when(receipt(6100_00, "insurer")).when(ToTheEndOf("seller_contests"))
        assert life.recovery.stage == Ended("recovered")
        life.when(do.Appeal(WORDS)).when(decision(approve(1, 400_00)), by=OLGA).when(confirmed(), by=OMAR)
        assert owed(paid(life)) == (0, 400_00) and life.recovery.no == 2

    def test_above_the_limit_it_is_the_sellers(self) -> None:
        life = tendered(7000_00, coverage=cover(limit=6200_00)).when(accepts()).when(concern(1)).when(ANSWER)
        life.when(decision(refuse(1, 400_00, approved=6600_00)), by=BO).when(confirmed(), by=RITA)
        paid(life).when(do.Appeal(WORDS)).when(decision(approve(1, 400_00)), by=OLGA).when(confirmed(), by=OMAR)
        assert owed(paid(life)) == (800_00, 6200_00)


class TestItDoesNotPay:
    def test_a_denial_before_the_money_goes_leaves_the_seller_alone(self) -> None:
        life = paid(insured().when(insurer_says("denies", "excl. 4(b)")).when(ToTheEndOf("seller_answers")))
        assert owed(life) == (2000_00, 0) and life.recovery.opened.basis == "contract"

    def test_a_denial_after_it_moves_the_debt_to_the_seller_who_may_contest_anew(self) -> None:
        life = recovering().when(contest()).when(contest_is("dismissed"))
        life.when(insurer_says("denies", "excl. 4(b)")).then("InsurerAnswered", "DebtShifted")
        assert life.event(rv.DebtShifted) == rv.DebtShifted(1, "insurer", "seller", 1500_00, "no_cover")
        assert owed(life) == (2000_00, 0) and life.recovery.stage == Demanded()
        assert life.books["insurer_receivables"] == 0 and life.books["recoveries_receivable"] == 2000_00
        life.when(contest("not_covered")).then("RecoveryContested")

    def test_silence_is_like_a_denial(self) -> None:
        life = recovering().when(ToTheEndOf("insurer_answers")).then("InsurerSilent", "DebtShifted")
        assert owed(life) == (2000_00, 0)
        life.refuses(insurer_says("accepts"), "insurer_answered_before")

    def test_only_what_it_has_not_paid_moves(self) -> None:
        life = recovering().when(receipt(1000_00, "insurer")).when(insurer_says("denies", "excl. 4(b)"))
        assert owed(life) == (1000_00, 1000_00)

    def test_an_acceptance_moves_nothing(self) -> None:
        assert owed(recovering().when(insurer_says("accepts"))) == (500_00, 1500_00)

    def test_a_contest_that_is_open_stays_open_while_the_debt_moves(self) -> None:
        """Or nobody would ever decide it, and withholding would go on beside it."""
        life = recovering().when(contest()).when(insurer_says("denies", "excl. 4(b)"))
        assert life.recovery.stage == Contested() and owed(life) == (2000_00, 0)
        life.world.pays_out(2000_00)
        life.refuses(withhold(1), "contest_is_open")
        life.when(contest_is("upheld")).then("ContestDecided", "RecoveryClosed")
        assert owed(life) == (0, 0)


class TestTheCheckBeforeItIsAsked:
    """Anti-subrogation: nobody takes money from an insurer that insures him too."""

    def ours(self) -> Life:
        return recovering(cover(ours=True))

    def test_nothing_is_asked_of_anybody_before_it(self) -> None:
        life = self.ours()
        assert "subrogation_check" in life.claim.tasks and life.claim.recoveries == ()
        life.refuses(do.FinishTask("subrogation_check", WORDS), "no_such_task", by=BO)

    def test_clear_the_insurer_owes_its_part(self) -> None:
        life = self.ours().when(CHECKED, by=FIN).then("SubrogationChecked", "RecoveryOpened")
        assert owed(life) == (500_00, 1500_00) and "subrogation_check" not in life.claim.tasks

    def test_barred_the_seller_owes_all(self) -> None:
        life = self.ours().when(BARRED, by=RITA).then("SubrogationChecked", "RecoveryOpened")
        assert owed(life) == (2000_00, 0) and life.recovery.opened.basis == "contract"

    def test_it_may_come_before_the_money_goes(self) -> None:
        life = insured(cover(ours=True)).when(CHECKED).when(ToTheEndOf("seller_answers"))
        assert owed(paid(life)) == (500_00, 1500_00)

    def test_once_by_staff_and_only_where_it_is_due(self) -> None:
        self.ours().refuses(CHECKED, "role_may_not", by=HARBOUR)
        self.ours().when(CHECKED).refuses(BARRED, "no_such_task")
        recovering().refuses(CHECKED, "no_such_task")
        given(file()).refuses(CHECKED, "no_such_task")

    def test_an_insurer_that_denies_meanwhile_needs_none(self) -> None:
        life = self.ours().when(insurer_says("denies", "excl. 4(b)")).then("RecoveryOpened")
        assert owed(life) == (2000_00, 0)


class TestCoverThatIsFoundLate:
    def found(self, policy: CoverageFacts) -> Life:
        life = paid(tendered(seller_insured=False).when(accepts()))
        life.when(ToTheEndOf("seller_proof_of_insurance")).when(proof_of_insurance())
        life.world.facts = {"coverage": policy}
        return life.when(proof_is(True), by=BO)

    def test_it_moves_the_insurers_part_of_the_debt_to_the_insurer(self) -> None:
        life = self.found(cover()).then("ProofOfInsuranceChecked", "InsurerNotified", "DebtShifted")
        assert owed(life) == (500_00, 1500_00) and life.claim.bearer == "seller_or_insurer"

    def test_after_the_check_where_the_insurer_insures_us_too(self) -> None:
        life = self.found(cover(ours=True))
        assert owed(life) == (2000_00, 0)
        assert owed(life.when(CHECKED)) == (500_00, 1500_00)

    def test_what_the_seller_had_paid_beyond_its_part_goes_back(self) -> None:
        life = paid(tendered(seller_insured=False).when(accepts())).when(receipt(2000_00))
        life.when(proof_of_insurance())
        life.world.facts = {"coverage": cover()}
        life.when(proof_is(True), by=BO).then("DebtShifted", "RepaymentOrdered")
        assert life.event(rv.RepaymentOrdered).amount_minor == 1500_00
        life.when(repaid(1500_00))
        assert life.recovery.settled_minor("seller") == 500_00

    def test_what_was_written_off_is_nobodys_to_move(self) -> None:
        life = paid(tendered(seller_insured=False).when(accepts())).when(gives_up(1800_00))
        life.when(proof_of_insurance())
        life.world.facts = {"coverage": cover()}
        life.when(proof_is(True), by=BO)
        assert owed(life) == (1800_00, 200_00)


class TestItsContest:
    def test_upheld_the_seller_owes_what_it_need_not_pay_and_may_contest_that(self) -> None:
        life = recovering().when(contest("not_covered"), by=HARBOUR).when(contest_is("upheld"))
        life.then("ContestDecided", "DebtShifted")
        assert owed(life) == (2000_00, 0) and life.recovery.stage == Demanded()
        assert life.claim.running("seller_contests")
        life.when(contest()).then("RecoveryContested")

    def test_in_part(self) -> None:
        life = recovering().when(contest("amount"), by=HARBOUR).when(contest_is("partly", 600_00))
        assert owed(life) == (1100_00, 900_00)
        life.refuses(contest(), "contested_before", by=HARBOUR)

    def test_dismissed_the_seller_still_has_its_own_time(self) -> None:
        life = recovering().when(contest("not_covered"), by=HARBOUR).when(contest_is("dismissed"))
        assert owed(life) == (500_00, 1500_00) and life.recovery.stage == Demanded()
        life.when(contest("amount")).when(contest_is("dismissed"), by=OLGA).then("RecoveryStands")

    def test_what_it_had_paid_goes_back_and_the_seller_owes_it(self) -> None:
        life = recovering().when(receipt(1500_00, "insurer")).when(contest("not_covered"), by=HARBOUR)
        life.when(contest_is("upheld")).then("DebtShifted", "RepaymentOrdered")
        assert life.event(rv.RepaymentOrdered) == rv.RepaymentOrdered(1, "insurer", 1500_00, "contest_won")
        # What it gets back is owed by the seller, as what it had not paid would be.
        assert owed(life) == (2000_00, 0) and life.claim.running("seller_contests")

    def test_it_does_not_contest_what_it_does_not_owe(self) -> None:
        recovering(cover(deductible=2000_00)).refuses(contest(), "you_owe_nothing", by=HARBOUR)

    def test_the_sellers_contest_frees_the_seller_and_not_the_insurer(self) -> None:
        life = recovering().when(contest("not_heard")).when(contest_is("upheld"))
        assert owed(life) == (0, 1500_00) and life.recovery.stage == Demanded()
        life.when(contest("not_covered"), by=HARBOUR).when(contest_is("dismissed"), by=OLGA).then("RecoveryStands")
        life.when(receipt(1500_00, "insurer")).then("RecoveryClosed")
        assert life.recovery.stage == Ended("recovered")

    def test_one_that_denied_while_its_contest_was_open_frees_nobody_else(self) -> None:
        life = recovering().when(contest("not_covered"), by=HARBOUR).when(insurer_says("denies", "excl. 4(b)"))
        life.when(contest_is("upheld")).then("ContestDecided")
        assert owed(life) == (2000_00, 0) and life.recovery.is_open


def test_a_small_claim_asks_no_insurer() -> None:
    life = settle(given(file(), world=with_oven(coverage=cover())))
    assert life.claim.bearer == "platform" and life.claim.insurer is None
