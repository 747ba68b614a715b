"""A seller's standing from its facts: what counts, until which day, at which number, and what a restriction needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from domain.policy.policy_documents import SHIPPED, rules, shipped, shipped_text
from hypothesis import given
from hypothesis import strategies as st

from makewhole.domain.policy.document import read_policy
from makewhole.domain.policy.rules import Rules
from makewhole.domain.refusal import Refused
from makewhole.domain.standing.counting import Standing, counts_until, standing
from makewhole.domain.standing.facts import Cover, FactKind, StandingFact, insurance_fact
from makewhole.domain.standing.restricting import RestrictionStatement, SellerNamed, restriction_statement
from makewhole.domain.standing.statements import statement_of
from makewhole.reads.statement_lines import text

TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


@pytest.fixture(params=SHIPPED)
def policy(request: pytest.FixtureRequest) -> Rules:
    return rules(shipped(request.param), TODAY)


@pytest.fixture
def us() -> Rules:
    return rules(shipped("us"), TODAY)


def some(kind: FactKind, how_many: int = 1, *, days_ago: int = 10, **more: object) -> list[StandingFact]:
    on = TODAY - timedelta(days=days_ago)
    return [
        replace(StandingFact(f"{kind}:MW-{n}:{days_ago}", kind, on, "claim", claim=f"MW-{n}"), **more)  # type: ignore[arg-type]
        for n in range(how_many)
    ]


def clauses(found: Standing) -> list[str]:
    return [reason.clause.rpartition("standing.")[2] for reason in found.reasons]


def test_a_seller_of_whom_nothing_is_known_stands_well(policy: Rules) -> None:
    found = standing([], policy, TODAY)
    assert (found.level, found.reasons, found.counted) == ("good", (), frozenset())
    assert found.policy_version.endswith("2026-1")


@pytest.mark.parametrize(
    ("kind", "tolerated", "most", "risk", "restrict"),
    [
        ("tender_unanswered", 1, 3, "tenders_risk", "tenders_restrict"),
        ("rejection_unfounded", 1, 3, "rejections_risk", "rejections_restrict"),
        ("proof_missing", 0, 2, "proofs_missing_risk", "proofs_missing_restrict"),
        ("policy_violation", 0, 2, "violations_risk", "violations_restrict"),
    ],
)
def test_each_count_has_a_number_that_is_tolerated_and_one_above_which_it_may_cost_listings(
    policy: Rules, kind: FactKind, tolerated: int, most: int, risk: str, restrict: str
) -> None:
    def level(number: int) -> tuple[str, list[str]]:
        found = standing(some(kind, number), policy, TODAY)
        return found.level, clauses(found)

    assert level(tolerated) == ("good", [])
    assert level(tolerated + 1) == ("at_risk", [risk])
    assert level(most) == ("at_risk", [risk])
    assert level(most + 1) == ("may_be_restricted", [restrict])


def test_proof_that_comes_late_is_a_risk_and_never_costs_listings(policy: Rules) -> None:
    assert standing(some("proof_late", 2), policy, TODAY).level == "good"
    assert clauses(standing(some("proof_late", 3), policy, TODAY)) == ["proofs_late_risk"]
    assert standing(some("proof_late", 50), policy, TODAY).level == "at_risk"


def test_a_seller_that_answers_nine_of_ten_is_not_restricted_for_the_tenth(us: Rules) -> None:
    silent = some("tender_unanswered", 4)
    assert standing([*silent, *some("tender_answered", 35)], us, TODAY).level == "may_be_restricted"
    assert standing([*silent, *some("tender_answered", 36)], us, TODAY).level == "at_risk"


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        ("tender_unanswered", 365), ("rejection_unfounded", 365), ("proof_missing", 365), ("proof_late", 365),
        ("policy_violation", 180),
    ],
)  # fmt: skip
def test_a_fact_counts_through_the_last_day_of_its_window_and_no_day_longer(
    policy: Rules, kind: FactKind, days: int
) -> None:
    last, gone, today, to_come = (some(kind, 5, days_ago=ago) for ago in (days, days + 1, 0, -1))
    assert len(standing(last, policy, TODAY).counted) == 5
    assert standing(gone, policy, TODAY).counted == frozenset()
    assert len(standing(today, policy, TODAY).counted) == 5
    assert standing(to_come, policy, TODAY).counted == frozenset()
    assert counts_until(last[0], policy) == TODAY


def test_the_reason_says_the_figures_cites_its_clause_and_names_its_facts(us: Rules) -> None:
    facts = some("policy_violation", 2)
    (reason,) = standing([*facts, *some("tender_unanswered")], us, TODAY).reasons
    assert reason.clause == "us 2026-1 · standing.violations_risk"
    assert reason.because == (
        "Violations of the marketplace's rules in the last 180 days: 2, where up to 0 may happen."
    )
    assert reason.facts == tuple(fact.key for fact in facts)


def test_the_worst_subject_gives_the_level_and_comes_first(us: Rules) -> None:
    facts = [*some("policy_violation"), *some("rejection_unfounded", 4), *some("proof_missing")]
    found = standing(facts, us, TODAY)
    assert found.level == "may_be_restricted"
    assert clauses(found) == ["rejections_restrict", "proofs_missing_risk", "violations_risk"]


def test_a_struck_fact_does_not_count_and_a_disputed_one_waits(us: Rules) -> None:
    facts = some("policy_violation", 3)
    assert standing(facts, us, TODAY).level == "may_be_restricted"
    for state in ("struck", "disputed"):
        one_less = [replace(facts[0], state=state), *facts[1:]]  # type: ignore[arg-type]
        assert standing(one_less, us, TODAY).level == "at_risk"
    again = [replace(facts[0], state="disputed", found_to_stand=True), *facts[1:]]
    assert standing(again, us, TODAY).level == "may_be_restricted"
    struck_after_all = [replace(facts[0], state="struck", found_to_stand=True), *facts[1:]]
    assert standing(struck_after_all, us, TODAY).level == "at_risk"


def test_where_the_policy_says_so_a_disputed_fact_counts_until_it_is_struck() -> None:
    before, after = shipped_text("us").split("[[values.standing_disputed_facts_count]]")
    strict = f"{before}[[values.standing_disputed_facts_count]]{after.replace('value = false', 'value = true', 1)}"
    rules_then = rules(read_policy(strict, where="strict.toml"), TODAY)
    assert standing(some("policy_violation", 3, state="disputed"), rules_then, TODAY).level == "may_be_restricted"
    assert standing(some("policy_violation", 3, state="struck"), rules_then, TODAY).level == "good"


def test_the_last_word_of_the_marketplace_counts_however_old(us: Rules) -> None:
    lost, regained = some("good_standing_lost", days_ago=900), some("good_standing_regained", days_ago=800)
    assert clauses(standing(lost, us, TODAY)) == ["marketplace"]
    assert standing([*lost, *regained], us, TODAY).level == "good"
    assert standing([*regained, *some("good_standing_lost", days_ago=3)], us, TODAY).level == "at_risk"
    struck = some("good_standing_lost", days_ago=3, state="struck")
    assert standing([*lost, *regained, *struck], us, TODAY).level == "good"


@pytest.mark.parametrize("kind", ["account_closed", "insolvent"])
def test_of_a_seller_that_is_gone_no_standing_is_assessed(us: Rules, kind: FactKind) -> None:
    found = standing([*some(kind), *some("policy_violation", 9)], us, TODAY)
    assert found.level == "not_assessed" and clauses(found) == ["gone"] and found.allowing == ()


def test_a_policy_published_before_the_standing_had_rules_is_refused_in_words() -> None:
    old = rules(read_policy(shipped_text("us").split("# A seller's standing, asked")[0], where="old.toml"), TODAY)
    with pytest.raises(Refused, match="no_standing_rules"):
        standing([], old, TODAY)


@given(st.permutations([*some("policy_violation", 3), *some("tender_unanswered", 2), *some("proof_late", 3)]))
def test_the_order_in_which_facts_are_told_changes_nothing(facts: list[StandingFact]) -> None:
    us = rules(shipped("us"), TODAY)
    assert standing(facts, us, TODAY) == standing(sorted(facts, key=lambda fact: fact.key), us, TODAY)


# -- insurance of today ---------------------------------------------------------------------------------------------

ASKED = date(2026, 10, 1)
LAST = date(2026, 10, 31)
YEAR = Cover("HM-1", date(2026, 1, 1), date(2027, 1, 1))


def insured(today: date, *covers: Cover, asked_on: date | None = ASKED) -> tuple[str, date] | None:
    fact = insurance_fact(covers, asked_on=asked_on, within_days=30, today=today)
    return (fact.kind, fact.on) if fact else None


def test_a_seller_that_was_asked_has_thirty_days_and_not_one_more() -> None:
    assert insured(ASKED) == ("insurance_asked", ASKED)
    assert insured(LAST) == ("insurance_asked", ASKED)
    assert insured(LAST + timedelta(days=1)) == ("insurance_missing", date(2026, 11, 1))
    assert insured(TODAY, asked_on=None) is None


def test_a_policy_is_in_force_from_its_first_day_until_the_day_before_its_end() -> None:
    assert insured(YEAR.starts_on, YEAR) == ("insurance_in_force", YEAR.starts_on)
    assert insured(date(2026, 12, 31), YEAR) == ("insurance_in_force", YEAR.starts_on)
    assert insured(YEAR.ends_on, YEAR) == ("insurance_missing", YEAR.ends_on)
    assert insured(date(2025, 12, 31), YEAR, asked_on=date(2025, 1, 1)) == ("insurance_missing", date(2025, 2, 1))


def test_insurance_is_missing_since_the_last_policy_ended_not_since_it_was_asked_for() -> None:
    ended = Cover("HM-0", date(2026, 1, 1), date(2026, 11, 15))
    assert insured(TODAY, ended) == ("insurance_missing", date(2026, 11, 15))
    ended_before = Cover("HM-0", date(2025, 1, 1), date(2026, 1, 1))
    assert insured(TODAY, ended_before) == ("insurance_missing", date(2026, 11, 1))


def test_missing_insurance_may_cost_listings(us: Rules) -> None:
    fact = insurance_fact([], asked_on=ASKED, within_days=30, today=TODAY)
    assert fact is not None
    found = standing([fact], us, TODAY)
    assert (found.level, clauses(found)) == ("may_be_restricted", ["uninsured"])


# -- the statement of a restriction ---------------------------------------------------------------------------------

OF = SellerNamed("Demo Inc.", "S-1", "us", "the marketplace Demo US (US), and no other")


def restricted(us: Rules, facts: list[StandingFact], **changed: object) -> RestrictionStatement:
    told: dict[str, object] = {
        "clauses": (), "words": "Three violations in half a year.", "decided_at": NOON, "takes_effect_at": NOON,
        "ends_at": None,
    } | changed  # fmt: skip
    return restriction_statement("listings", standing(facts, us, TODAY), facts, of=OF, **told)  # type: ignore[arg-type]


def test_a_statement_names_facts_clauses_evidence_the_machines_part_and_how_to_contest(us: Rules) -> None:
    facts = [*some("policy_violation", 3, claim="", code="late shipping"), *some("rejection_unfounded", 4)]
    told = restricted(us, facts)
    assert told.title == "Restriction of listings" and told.by == "person" and told.amounts == ()
    assert {fact.key for fact in told.facts} == {fact.key for fact in facts}
    assert [clause.clause for clause in told.clauses] == [
        "us 2026-1 · standing.rejections_restrict", "us 2026-1 · standing.violations_restrict",
    ]  # fmt: skip
    assert all(clause.policy_version == "us 2026-1" and clause.because for clause in told.clauses)
    assert {paper.reference for paper in told.evidence} == {f"MW-{n}" for n in range(4)} | {
        fact.key for fact in facts[:3]
    }
    assert "person decided" in told.machine and "disputed" in told.contest and told.scope == OF.scope


def test_what_was_stated_is_told_as_every_other_statement_of_reasons_is(us: Rules) -> None:
    facts = [*some("policy_violation", 3, claim="", code="late {shipping}"), *some("rejection_unfounded", 4)]
    made = restricted(us, facts, words="Look at {this}.")
    told = statement_of(made, reference="restriction:1", to_name="Kettle Co", marketplace="Demo US", zone="UTC")
    lines = text(told)
    assert lines.startswith("We restrict your listings from ") and "by Demo Inc. for Demo US" in lines
    for fact in made.facts:
        assert f"{fact.what} Source: {fact.source}." in lines
    assert [(cited.clause, cited.says) for cited in told.clauses] == [(c.clause, c.because) for c in made.clauses]
    assert all(paper.reference in lines for paper in made.evidence)
    assert made.machine in lines and made.contest in lines and "- Look at" not in lines and "Look at {this}." in lines
    assert f"It holds for {OF.scope}." in lines and f"It lasts {made.duration}." in lines
    assert told.policy_version == "us 2026-1" and told.amounts == () and told.decided.people == 1
    ends = statement_of(
        restricted(us, facts, ends_at=NOON + timedelta(days=30)), reference="r", to_name="", marketplace="", zone="UTC"
    )
    assert "It lasts until " in text(ends) and "until the instant named" not in text(ends)


def test_a_statement_rests_on_the_clauses_that_were_named_and_only_on_their_facts(us: Rules) -> None:
    facts = [*some("policy_violation", 3), *some("rejection_unfounded", 4)]
    told = restricted(us, facts, clauses=("us 2026-1 · standing.violations_restrict",))
    assert {fact.key for fact in told.facts} == {fact.key for fact in facts[:3]}
    with pytest.raises(Refused, match="clause_allows_no_restriction"):
        restricted(us, facts, clauses=("us 2026-1 · standing.uninsured",))


def test_no_statement_without_reasons(us: Rules) -> None:
    for facts in ([], some("policy_violation", 2), some("policy_violation", 3, state="disputed"), some("insolvent")):
        with pytest.raises(Refused, match="restriction_needs_reasons"):
            restricted(us, facts)
    with pytest.raises(Refused, match="words_needed"):
        restricted(us, some("policy_violation", 3), words=" ")


def test_a_restriction_takes_effect_when_it_is_told_and_not_a_moment_before(us: Rules) -> None:
    facts, moment = some("policy_violation", 3), timedelta(microseconds=1)
    assert restricted(us, facts, takes_effect_at=NOON).takes_effect_at == NOON
    with pytest.raises(Refused, match="effect_before_notice"):
        restricted(us, facts, takes_effect_at=NOON - moment)
    assert restricted(us, facts, ends_at=NOON + moment).duration == "until the instant named"
    with pytest.raises(Refused, match="restriction_ends_before_effect"):
        restricted(us, facts, ends_at=NOON)
