"""A statement of reasons says what was decided, why, by whom, and how to contest it; to each party what is its own."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from cast import approve as approving
from cast import file, given
from domain.claim.statements_given import (
    EACH,
    NAMES,
    SAID,
    UNTIL,
    VERSION,
    Story,
    clause,
    contest_decided,
    contested,
    decided,
    demanded,
    insurer_notified,
    paid,
    rejected_and_stepped_in,
    tendered,
    undecided,
    withheld,
)

from makewhole.domain.claim import events as ev
from makewhole.domain.claim import tender_events as tv
from makewhole.domain.money import Money
from makewhole.domain.recovery import events as rv
from makewhole.domain.statement import Contest, Said, StatementOfReasons, by_machine, say
from makewhole.reads.statement_lines import sections, text, title

GOLDEN = Path(__file__).with_name("golden_statements.txt")


def golden() -> dict[str, str]:
    """Each statement as it was read and found good, by its heading."""
    told = re.split(r"^=== (.+)\n\n", GOLDEN.read_text("utf-8"), flags=re.M)[1:]
    return {heading: words.rstrip("\n") for heading, words in zip(told[::2], told[1::2], strict=True)}


def as_told() -> dict[str, str]:
    return {
        f"{kind}, to the {to}": story.told(to).rstrip("\n")
        for kind, make in EACH.items()
        for story in [make()]
        for to in story.addressees()
    }


@pytest.mark.parametrize("heading", golden())
def test_each_kind_of_statement_reads_as_it_was_found_good(heading: str) -> None:
    assert as_told()[heading] == golden()[heading]


def test_there_is_a_golden_statement_of_each_kind_to_each_party() -> None:
    assert set(golden()) == set(as_told())
    kinds = {heading.partition(",")[0] for heading in golden()}
    assert kinds == set(EACH)


@pytest.mark.parametrize("kind", EACH)
def test_every_statement_has_every_part_that_one_needs(kind: str) -> None:
    story = EACH[kind]()
    assert story.addressees(), kind
    for to in story.addressees():
        statement = story.statement(to)
        assert statement is not None and statement.kind == kind and statement.to == to
        assert statement.policy_version == VERSION and all(VERSION in cited.clause for cited in statement.clauses)
        named = {part.name for part in sections(statement)}
        assert {"facts", "amounts", "clauses", "decided", "contest", "others_see"} <= named
        assert title(statement) == text(statement).partition("\n")[0]


def test_what_is_no_decision_has_no_statement() -> None:
    for event in (tv.TenderReturned(1, "silent"), tv.TenderUnanswered(1), ev.ProofCompleted(), rv.RecoveryStands(1)):
        story = demanded().adds(event)
        assert story.addressees() == () and story.statement("seller") is None
    assert tendered().statement("claimant") is None  # a tender is the seller's


def test_a_seller_that_was_not_told_of_the_claim_gets_no_statement_of_its_decision() -> None:
    story = decided()
    assert story.addressees() == ("claimant", "seller")
    story.history = [each for each in story.history if not isinstance(each.event, ev.SellerNotified)]
    assert story.addressees() == ("claimant",)


# Who decided ----------------------------------------------------------------------------------------------------


def test_a_machines_approval_says_that_a_machine_can_only_approve() -> None:
    life = given(file())
    history = life.world.histories[life.claim.claim_id]
    ends = next(n for n, each in enumerate(history, 1) if isinstance(each.event, ev.ClaimDecided))
    statement = Story(life, history[:ends]).statement("claimant")
    assert statement is not None
    assert (statement.decided.machine, statement.decided.people) == ("alone", 0)
    assert "nothing is ever refused or reduced without a person" in text(statement)
    assert statement.clauses[0].says.startswith("Every check passed")


def test_two_people_are_said_and_named_only_to_those_who_may_know() -> None:
    row = clause("payable_heads", "assessed by a person")
    agreed = ev.ClaimDecided((approving(1, 1_850_00),), ("person:1", "person:3"), (row,), VERSION)
    story = undecided().adds(agreed, by="person:3")
    assert "Two people decided this, one after the other." in story.told("claimant")
    assert "person:1" not in story.told("claimant")
    assert "By person:1 and person:3." in story.told("claimant", names_of_deciders=True)


def test_a_step_in_counts_who_answered_the_rejection_and_who_agreed() -> None:
    assert "Two people decided this" in rejected_and_stepped_in().told("seller")
    silent = tendered().adds(tv.SteppedIn("silent", 1_850_00, clause("after_tender.step_in", "Over."), (), VERSION))
    assert "A machine decided this" in silent.told("seller")
    assert "no answer came from you" in silent.told("seller") and "the seller did not answer" in silent.told("claimant")


def test_each_reason_of_a_rejection_has_its_answer() -> None:
    told = rejected_and_stepped_in().told("seller")
    assert "Your reason “the product had no defect” was answered" in told
    assert "Your reason “the product was not used as it is meant to be” was answered" in told


def test_what_failed_in_screening_is_told_to_nobody() -> None:
    for to in ("seller", "claimant"):
        assert "check" not in rejected_and_stepped_in().told(to).lower()  # type: ignore[arg-type]


# Whose words -------------------------------------------------------------------------------------------------------


def test_what_is_written_to_the_claimant_stands_in_no_statement_to_the_seller() -> None:
    assert "The receipt shows 300.00." in decided().told("claimant")
    assert "The receipt shows" not in decided().told("seller")


def test_what_is_written_to_the_seller_stands_in_no_statement_to_the_claimant() -> None:
    assert "the base of the kettle" in rejected_and_stepped_in().told("seller")
    assert "the base of the kettle" not in rejected_and_stepped_in().told("claimant")


def test_words_that_were_erased_or_may_not_be_read_are_left_out() -> None:
    assert "In the words" not in contest_decided("dismissed", 0).told("seller", words={})


# Money: whose, and which way ---------------------------------------------------------------------------------------


def amounts(statement: StatementOfReasons | None) -> dict[str, tuple[Money, str, str]]:
    assert statement is not None
    return {
        line.what.text.format_map(dict(line.what.values)): (line.amount, line.payer, line.payee)
        for line in statement.amounts
    }


def usd(major: int) -> Money:
    return Money(major * 100, "USD")


def test_a_decision_asks_nothing_of_the_seller() -> None:
    assert amounts(decided().statement("seller"))["asked of you"] == (usd(0), "seller", "platform")
    assert amounts(decided().statement("claimant"))["damaged property, approved"] == (usd(300), "platform", "claimant")


def test_a_demand_is_itemised_and_each_debtor_sees_its_own_share() -> None:
    assert amounts(demanded().statement("seller"))["asked of you"] == (usd(1_000), "seller", "platform")
    assert amounts(demanded().statement("insurer"))["asked of you"] == (usd(850), "insurer", "platform")
    told = amounts(demanded().statement("seller"))
    assert (
        told["damaged property, paid"] == told["paid to the customer, together"] == (usd(1_850), "platform", "claimant")
    )


@pytest.mark.parametrize(
    ("limit_left", "of_insurer", "rest"),
    [(100_000_00, 850, 1_000), (850_00, 850, 1_000), (849_00, 849, 1_001), (0, 0, 1_850)],
)
def test_an_insurer_is_asked_what_is_above_the_deductible_and_within_its_limit(
    limit_left: int, of_insurer: int, rest: int
) -> None:
    told = amounts(insurer_notified(limit_left_minor=limit_left).statement("insurer"))
    assert told["for the insurer"][0] == usd(of_insurer)
    assert told["deductible, and what is over the limit"][0] == usd(rest)


def test_what_is_held_has_paid_nothing() -> None:
    told = amounts(withheld().statement("seller"))
    assert told["held back for this claim, together"] == (usd(900), "platform", "")
    assert told["not covered by what is held"] == (usd(100), "seller", "platform")


def test_a_debt_that_shifts_is_owed_by_the_other() -> None:
    story = demanded().adds(rv.DebtShifted(1, "insurer", "seller", 850_00, "no_cover"))
    assert amounts(story.statement("seller"))["owed by you, together"][0] == usd(1_850)
    assert amounts(story.statement("insurer"))["owed by you, together"][0] == usd(0)


@pytest.mark.parametrize(
    ("outcome", "off", "begins", "left"),
    [
        ("upheld", 1_000_00, "You are right: USD 1,000.00 is taken off", 0),
        ("partly", 400_00, "You are right in part: USD 400.00 is taken off", 600),
        ("dismissed", 0, "Your contest is dismissed: you owe USD 1,000.00", 1_000),
    ],
)
def test_a_contest_ends_with_what_is_taken_off_and_what_is_left(outcome: Any, off: int, begins: str, left: int) -> None:
    statement = contest_decided(outcome, off).statement("seller")
    assert statement is not None and title(statement).startswith(begins)
    assert amounts(statement)["owed now"][0] == usd(left)


def test_what_was_paid_beyond_what_is_owed_goes_back() -> None:
    received = rv.RecoveryReceived(1, UNIQUE, "seller", 900_00, "bank-1")
    story = contested()
    story.history.insert(-1, story.history[-1].__class__(received, story.history[-1].at, "person:6"))
    story.adds(rv.ContestDecided(1, "partly", 400_00, ev.Reason("amount", f"{VERSION} · x"), VERSION), by="person:4")
    told = amounts(story.statement("seller"))
    assert told["owed now"][0] == usd(0) and told["paid beyond that"] == (usd(300), "platform", "seller")


UNIQUE = SAID.item_id


def test_a_statement_of_the_contest_goes_to_who_contested() -> None:
    assert contest_decided("partly", 1_00).addressees() == ("seller",)
    story = demanded().adds(rv.RecoveryContested(1, "insurer", ("not_covered",), (), SAID), by="insurer:9")
    story.adds(rv.ContestDecided(1, "dismissed", 0, ev.Reason("not_covered", f"{VERSION} · x"), VERSION), by="person:4")
    assert story.addressees() == ("insurer",)


@pytest.mark.parametrize("bearer", get_args(tv.Bearer))
def test_whoever_bears_it_the_seller_reads_what_it_owes(bearer: Any) -> None:
    row = clause(f"bearer.{bearer}", "Because the table says so.")
    story = paid().adds(tv.BearerDecided(bearer, row, (ev.Fact("seller_insured", "false"),), VERSION))
    asked = amounts(story.statement("seller"))["asked of you by this"][0]
    assert asked == (usd(1_850) if bearer in ("seller_owes", "seller_or_insurer") else usd(0))


# Clocks -------------------------------------------------------------------------------------------------------------


def test_how_to_contest_names_the_instant_where_a_clock_runs_and_none_where_none_does() -> None:
    statement = tendered().statement("seller")
    assert statement is not None and statement.contest.until == UNTIL
    assert "Tue 10 Mar 2026, 16:00 (New York)" in text(statement)
    no_clock = undecided().adds(tv.ClaimTendered(1, "seller", 1_850_00, clause("route.tendered", "Over."), VERSION))
    told = no_clock.statement("seller")
    assert told is not None and told.contest.until is None and "in your time" in text(told)


def test_a_reminder_of_a_clock_is_not_its_end() -> None:
    story = tendered().runs("seller_answers.reminder_3", datetime(2026, 3, 7, 20, 0, tzinfo=UTC))
    statement = story.statement("seller")
    assert statement is not None and statement.contest.until == UNTIL


# The type itself ----------------------------------------------------------------------------------------------------


def test_a_statement_needs_no_claim() -> None:
    """Whatever restricts a seller's account is told in the same parts, and in the same lines."""
    statement = StatementOfReasons(
        kind="listings_restricted", reference="kettle-co", issued_at=UNTIL, issuer="Demo Market Inc.",
        marketplace="Demo US", zone="America/New_York", to="seller", to_name=NAMES["seller"],
        title=say("From {at} your listings in kitchen are not shown.", at=UNTIL), about=(("Account", "kettle-co"),),
        facts=(say("No insurance of yours is on file."),), amounts=(), policy_version=VERSION,
        clauses=(clause_cited(),), evidence=(), decided=by_machine(), then=(),
        contest=Contest((say("Send proof of insurance, or dispute this fact."),), "a person of ours"), others_see=(),
    )  # fmt: skip
    assert text(statement).startswith("From Tue 10 Mar 2026, 16:00 (New York) your listings in kitchen are not shown.")
    assert [part.name for part in sections(statement)] == ["facts", "clauses", "decided", "contest"]


def clause_cited() -> Any:
    from makewhole.domain.statement import CitedClause

    return CitedClause(f"{VERSION} · standing.insurance", "")


def test_a_statement_without_facts_or_clauses_is_a_fault_of_ours() -> None:
    statement = decided().statement("claimant")
    assert statement is not None
    from dataclasses import replace

    for missing in ({"facts": ()}, {"clauses": ()}, {"policy_version": ""}, {"contest": Contest((), "nobody")}):
        with pytest.raises(AssertionError):
            replace(statement, **missing)  # type: ignore[arg-type]


def test_a_sentence_names_exactly_the_values_that_it_was_given() -> None:
    assert say("We paid {amount}.", amount=usd(5)) == Said("We paid {amount}.", (("amount", usd(5)),))
    for values in ({}, {"amount": usd(5), "more": 1}):
        with pytest.raises(AssertionError, match="names"):
            say("We paid {amount}.", **values)  # type: ignore[arg-type]


def test_braces_in_a_products_name_are_letters() -> None:
    assert "damage by Kettle {amount} {, which" in decided().told("claimant", product="Kettle {amount} {")
