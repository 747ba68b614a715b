"""What a policy says for one claim: boundaries, the date that selects, and the mistakes it does not forgive."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import product

import pytest
from domain.policy.policy_documents import SHIPPED, rules, shipped, shipped_text, small
from hypothesis import given
from hypothesis import strategies as st

from makewhole.domain.calendar import ClockRule
from makewhole.domain.policy.document import PolicyDocument, digest_of, read_policy
from makewhole.domain.policy.needs import missing_from
from makewhole.domain.policy.rules import Rules, published_change_findings
from makewhole.domain.policy.showing import rules_shown
from makewhole.domain.refusal import Refused

JULY_1 = date(2025, 7, 1)
JUNE_30 = date(2025, 6, 30)


def small_document(*changes: tuple[str, str]) -> PolicyDocument:
    return read_policy(small(*changes), where="p.toml")


# -- the shipped policies -----------------------------------------------------------------------------------------


@pytest.fixture(params=SHIPPED)
def policy(request: pytest.FixtureRequest) -> Rules:
    return rules(shipped(request.param))


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_policies_say_all_that_claims_need(name: str) -> None:
    assert missing_from(shipped(name), where=name) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_rule_names_a_public_source_or_says_that_the_choice_is_ours_and_why(name: str) -> None:
    for rule in rules_shown(shipped(name), date(2026, 11, 21)):
        ours = rule.source.startswith("Makewhole default: ")
        assert ours or "https://" in rule.source, rule
        assert rule.checked == date(2026, 11, 21)
        assert "shared/" not in rule.source


def test_each_country_has_its_currency_zone_and_start() -> None:
    told = {(p.country, p.currency, p.zone, p.begins) for p in map(shipped, SHIPPED)}
    assert told == {
        ("US", "USD", "America/New_York", date(2021, 9, 1)),
        ("GB", "GBP", "Europe/London", date(2024, 5, 1)),
        ("DE", "EUR", "Europe/Berlin", date(2024, 5, 1)),
        ("CA", "CAD", "America/Toronto", date(2024, 5, 1)),
    }


def test_exactly_one_thousand_is_paid_directly_and_a_cent_more_is_tendered(policy: Rules) -> None:
    assert policy.decide("route", incident_allowed=99_999).outcome == "direct"
    assert policy.decide("route", incident_allowed=100_000).outcome == "direct"
    assert policy.decide("route", incident_allowed=100_001).outcome == "tendered"


@pytest.mark.parametrize("name", SHIPPED)
def test_where_the_limit_is_outside_exactly_one_thousand_is_tendered(name: str) -> None:
    before, after = shipped_text(name).split("[[values.small_claim_limit_inclusive]]")
    strict = read_policy(
        f"{before}[[values.small_claim_limit_inclusive]]{after.replace('value = true', 'value = false', 1)}",
        where="strict.toml",
    )
    assert rules(strict).decide("route", incident_allowed=99_999).outcome == "direct"
    assert rules(strict).decide("route", incident_allowed=100_000).outcome == "tendered"


def test_day_90_is_in_time_and_day_91_is_not(policy: Rules) -> None:
    def on_day(days: int) -> str:
        return policy.decide("in_scope", physical=True, bought_here=True, days_since_incident=days).outcome

    assert (on_day(0), on_day(90), on_day(91)) == ("in_scope", "in_scope", "too_late")


def test_a_claim_that_is_out_of_scope_hears_the_reason_with_figures_and_the_other_ways(policy: Rules) -> None:
    row = policy.decide("in_scope", physical=True, bought_here=True, days_since_incident=91)
    assert row.because.startswith(
        "The claim came 91 days after the incident; the guarantee takes claims within 90 days."
    )
    for way in ("a return", "the seller", "the law"):
        assert way in row.because
    assert row.clause == f"{policy.document.name} 2026-1 · in_scope.too_late"
    assert policy.clause(row) == row.clause


def test_a_download_that_is_also_too_late_is_told_that_it_is_a_download(policy: Rules) -> None:
    assert policy.decide("in_scope", physical=False, bought_here=False, days_since_incident=91).outcome == "digital"
    assert policy.decide("in_scope", physical=True, bought_here=False, days_since_incident=91).outcome == (
        "not_bought_here"
    )


def test_four_heads_of_loss_are_payable_and_six_are_not(policy: Rules) -> None:
    heads = policy.document.facts["head"].options
    payable = {head for head in heads if policy.decide("payable_heads", head=head).outcome == "payable"}
    assert payable == {"purchase_price", "medical_expense", "lost_wages", "property_damage"}
    assert len(heads) == 10
    assert "attorney fees" in policy.decide("payable_heads", head="attorney_fees").because


CLEAN = {
    "all_checks_passed": True, "injury": False, "in_full": True, "track": "direct", "amount": 100_000,
    "proof_complete": True, "open_dispute": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("but", "outcome"),
    [
        ({}, "approve"),
        ({"amount": 100_001}, "person"),
        ({"all_checks_passed": False}, "person"),
        ({"proof_complete": False}, "person"),
        ({"open_dispute": True}, "person"),
        ({"track": "tendered"}, "person"),
        ({"injury": True}, "approve"),
        ({"injury": True, "in_full": False}, "person"),
        ({"in_full": False}, "approve_undisputed"),
        ({"in_full": False, "amount": 100_001}, "person"),
    ],
)
def test_a_machine_approves_what_is_small_clean_and_undisputed(
    policy: Rules, but: dict[str, object], outcome: str
) -> None:
    assert policy.decide("machine_approval", **CLEAN | but).outcome == outcome


BEARS = {
    "seller_insured": True, "proof_late": False, "good_standing": True, "at_or_under_limit": True,
    "insurance_required_or_requested": True, "seller_answer": "silent", "seller_gone": False, "no_defect": False,
    "producer_accepted": False,
}  # fmt: skip
SMALL_BARE = {"seller_insured": False}
LARGE = {"at_or_under_limit": False}
LARGE_BARE = {"at_or_under_limit": False, "seller_insured": False}


@pytest.mark.parametrize(
    ("but", "row", "bears"),
    [
        ({"no_defect": True}, "no_defect", "platform"),
        (LARGE | {"no_defect": True, "seller_answer": "accepted"}, "no_defect", "platform"),
        ({"proof_late": True}, "small_insured_late", "platform"),
        ({"proof_late": True, "good_standing": False}, "small_insured_late", "platform"),
        ({}, "small_insured", "platform"),
        ({"insurance_required_or_requested": False, "seller_answer": "none_yet"}, "small_insured", "platform"),
        ({"seller_gone": True, "seller_answer": "gone"}, "small_insured", "platform"),
        ({"good_standing": False}, "small_insured_other_breach", "platform"),
        (SMALL_BARE | {"seller_answer": "accepted"}, "small_accepted", "seller_owes"),
        (SMALL_BARE | {"seller_gone": True, "seller_answer": "none_yet"}, "small_gone", "seller_owes"),
        (SMALL_BARE, "small_not_insured", "seller_owes"),
        (SMALL_BARE | {"proof_late": True}, "small_not_insured", "seller_owes"),
        (SMALL_BARE | {"seller_answer": "rejected"}, "small_not_insured", "seller_owes"),
        (SMALL_BARE | {"insurance_required_or_requested": False}, "small_asked_in_vain", "seller_owes"),
        (SMALL_BARE | {"seller_answer": "none_yet"}, "asked", "seller_asked_7_days"),
        (LARGE | {"seller_answer": "none_yet"}, "asked", "seller_asked_7_days"),
        (LARGE | {"producer_accepted": True}, "large_producer", "producer_owes"),
        (LARGE_BARE | {"producer_accepted": True, "seller_gone": True}, "large_producer", "producer_owes"),
        (LARGE | {"seller_answer": "accepted"}, "large_accepted_insured", "seller_or_insurer"),
        (LARGE_BARE | {"seller_answer": "accepted"}, "large_accepted", "seller_owes"),
        (LARGE | {"seller_gone": True, "seller_answer": "gone"}, "large_gone", "platform_then_recovers"),
        (LARGE_BARE | {"seller_gone": True, "seller_answer": "silent"}, "large_gone", "platform_then_recovers"),
        (LARGE, "large_not_accepted", "platform_then_recovers"),
        (LARGE_BARE | {"seller_answer": "rejected"}, "large_not_accepted", "platform_then_recovers"),
    ],
)  # fmt: skip
def test_who_bears_the_cost(policy: Rules, but: dict[str, object], row: str, bears: str) -> None:
    asked = policy.decide("bearer", **BEARS | but)
    assert (asked.id, asked.outcome) == (row, bears)


def test_at_or_under_the_limit_a_seller_that_was_insured_owes_nothing_whatever_else_is_so(policy: Rules) -> None:
    others = [name for name in BEARS if name not in ("seller_insured", "at_or_under_limit", "seller_answer")]
    for values in product((False, True), repeat=len(others)):
        for answer in policy.document.facts["seller_answer"].options:
            told = BEARS | dict(zip(others, values, strict=True)) | {"seller_answer": answer}
            assert policy.decide("bearer", **told).outcome == "platform", told


HEARD = {
    "seller_answer": "silent", "all_checks_passed": True, "injury": False, "in_full": True, "amount": 2500_00,
    "within_cap": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("but", "row", "outcome"),
    [
        ({}, "step_in", "approve"),
        ({"amount": 2500_01}, "step_in_large", "person"),
        ({"seller_answer": "gone"}, "step_in", "approve"),
        ({"injury": True}, "injury", "person"),
        ({"seller_answer": "accepted", "injury": True, "amount": 5000_00}, "accepted", "approve"),
        ({"seller_answer": "accepted", "amount": 5000_01}, "accepted_large", "person"),
        ({"seller_answer": "accepted", "in_full": False}, "in_part", "person"),
        ({"seller_answer": "accepted", "all_checks_passed": False}, "checks", "person"),
        ({"seller_answer": "accepted", "within_cap": False}, "cap", "person"),
        ({"seller_answer": "rejected", "amount": 1}, "rejected", "person"),
    ],
)
def test_who_pays_once_the_seller_was_heard(policy: Rules, but: dict[str, object], row: str, outcome: str) -> None:
    asked = policy.decide("after_tender", **HEARD | but)
    assert (asked.id, asked.outcome) == (row, outcome)


@pytest.mark.parametrize(
    ("basis", "claim_open", "refused", "appeal_possible", "outcome"),
    [
        ("contract", True, False, False, "wait"),
        ("accepted_tender", True, True, True, "wait"),
        ("assignment", False, True, True, "wait"),
        ("assignment", False, True, False, "proceed"),
        ("assignment", False, False, False, "proceed"),
        ("contract", False, True, True, "proceed"),
        ("accepted_tender", False, True, True, "proceed"),
    ],
)
def test_the_claimant_comes_before_any_money_is_asked_back(
    policy: Rules, basis: str, claim_open: bool, refused: bool, appeal_possible: bool, outcome: str
) -> None:
    row = policy.decide(
        "made_whole", basis=basis, claim_open=claim_open, refused=refused, appeal_possible=appeal_possible
    )
    assert row.outcome == outcome


def test_a_table_may_be_told_more_than_it_asks(policy: Rules) -> None:
    row = policy.decide("proof_required", head="property_damage", claimed=18_420)
    assert row.outcome == "receipt_or_estimate_and_photo"


def test_partys_clocks_end_at_four_on_a_working_day_and_ours_by_the_minute(policy: Rules) -> None:
    assert policy.clock("seller_answers") == ClockRule(7, "calendar", time(16), False, True)
    assert policy.reminders("claimant_answers") == (7, 1)
    assert policy.clock("decision") == ClockRule(40)
    assert policy.reminders("decision") == ()


# -- the date that selects ----------------------------------------------------------------------------------------

DOUBLED_IN_JULY = (
    "[[values.inclusive]]",
    """[[values.limit]]
kind = "money"
value = "2000.00"
from = 2025-07-01
selected_by = "incident"
source = "a test"
checked = 2026-01-01

[[values.fee]]
kind = "money"
value = "1.00"
from = 2024-01-01
selected_by = "decision"
source = "a test"
checked = 2026-01-01

[[values.fee]]
kind = "money"
value = "2.00"
from = 2025-07-01
selected_by = "decision"
source = "a test"
checked = 2026-01-01

[[values.inclusive]]""",
)


def test_a_claim_across_a_change_takes_each_value_at_the_date_that_selects_it() -> None:
    document = small_document(DOUBLED_IN_JULY)
    across = rules(document, incident=JUNE_30, notice=JULY_1, decision=JULY_1)
    assert (across.amount("limit"), across.amount("fee")) == (100_000, 200)
    assert across.decide("route", amount=150_000).outcome == "tendered"
    after = rules(document, JULY_1)
    assert (after.amount("limit"), after.amount("fee")) == (200_000, 200)
    assert after.decide("route", amount=150_000).outcome == "direct"
    before = rules(document, JUNE_30)
    assert (before.amount("limit"), before.amount("fee")) == (100_000, 100)


def test_a_loss_before_the_programme_began_is_refused_and_its_first_day_is_not() -> None:
    document = small_document()
    with pytest.raises(Refused, match="no_rule_in_force") as refused:
        rules(document, date(2023, 12, 31)).amount("limit")
    assert refused.value.facts == {"rule": "limit", "selected_by": "incident", "on": date(2023, 12, 31)}
    assert rules(document, date(2024, 1, 1)).amount("limit") == 100_000


@given(st.dates(date(2023, 1, 1), date(2027, 1, 1)))
def test_the_entry_in_force_is_the_last_that_has_begun(day: date) -> None:
    limit = small_document(DOUBLED_IN_JULY).values["limit"].on(day)
    figure = limit.what.figure if limit else None
    assert figure == (None if day < date(2024, 1, 1) else 100_000 if day < JULY_1 else 200_000)


def test_each_claim_is_told_its_own_figures_by_the_same_rules() -> None:
    same = rules(small_document())
    assert same.decide("route", amount=1).because == "USD 0.01 is within USD 1,000.00."
    assert same.decide("route", amount=18_420).because == "USD 184.20 is within USD 1,000.00."


# -- our own mistakes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "facts",
    [{}, {"amount": None}, {"amount": 10.0}, {"amount": True}, {"amount": "10"}, {"amount": 1, "amonut": 1}],
    ids=["missing", "null", "float", "bool", "text", "undeclared"],
)
def test_a_fact_that_is_missing_or_of_another_type_is_our_mistake(facts: dict[str, object]) -> None:
    with pytest.raises(AssertionError):
        rules(small_document()).decide("route", **facts)


def test_an_option_that_is_not_declared_is_our_mistake(policy: Rules) -> None:
    with pytest.raises(AssertionError, match="head='prize'"):
        policy.decide("payable_heads", head="prize")


def test_a_value_asked_for_as_another_kind_or_by_another_name_is_our_mistake(policy: Rules) -> None:
    with pytest.raises(AssertionError, match="filing_days is days, asked for as money"):
        policy.amount("filing_days")
    for ask in (policy.amount, policy.clock, policy.clause, policy.decide):
        with pytest.raises(AssertionError, match="no rule 'nonsense'"):
            ask("nonsense")


# -- what identifies a policy -------------------------------------------------------------------------------------


def test_line_ends_and_a_mark_at_the_start_do_not_make_another_policy_but_a_figure_does() -> None:
    text = small()
    assert digest_of("\ufeff" + text.replace("\n", "\r\n") + "\n\n") == digest_of(text)
    assert digest_of(text.replace("1000.00", "1000.01")) != digest_of(text)
    document = read_policy(text.replace("\n", "\r\n"), where="p.toml")
    assert document.digest == digest_of(document.text) == digest_of(text)


# -- rules cannot change backwards --------------------------------------------------------------------------------


def backwards(*changes: tuple[str, str], published_on: date = JULY_1) -> list[str]:
    found = published_change_findings(small_document(), small_document(*changes), published_on=published_on)
    return [str(finding) for finding in found]


LIMIT_DOUBLED_IN_JULY = (DOUBLED_IN_JULY[0], DOUBLED_IN_JULY[1].split("[[values.fee]]")[0] + DOUBLED_IN_JULY[0])


def test_a_new_version_may_change_what_begins_on_the_day_it_is_published_but_not_a_day_before() -> None:
    assert backwards(LIMIT_DOUBLED_IN_JULY, published_on=JULY_1) == []
    (found,) = backwards(LIMIT_DOUBLED_IN_JULY, published_on=JULY_1 + timedelta(days=1))
    assert found == "small: values.limit: differs from 2025-07-01 on, before 2025-07-02, from what was published"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"1000.00"', '"1000.01"'), "values.limit: differs from 2024-01-01"),
        (('selected_by = "incident"', 'selected_by = "notice"'), "values.limit: differs from 2024-01-01"),
        (("days = 7", "days = 8"), "clocks.answer: differs from 2024-01-01"),
        (("amount < limit or", "amount <= limit or"), "tables.route: differs from 2024-01-01"),
        (("It is over", "It was over"), "tables.route: differs from 2024-01-01"),
        (('"America/New_York"', '"Europe/London"'), "policy.zone: was 'America/New_York' and cannot become"),
        (('["price", "wages"]', '["price"]'), "facts.head: was one of price, wages and cannot become"),
        (("[[clocks.answer]]", "[[clocks.reply]]"), "clocks.answer: held from 2024-01-01 and is gone"),
    ],
)
def test_what_held_before_publication_cannot_be_changed(change: tuple[str, str], told: str) -> None:
    found = backwards(change)
    assert any(told in finding for finding in found), found


def test_a_rule_cannot_be_added_into_the_past() -> None:
    found = backwards(DOUBLED_IN_JULY, published_on=JUNE_30)
    assert found == ["small: values.fee: would hold from 2024-01-01, before 2025-06-30, where nothing was published"]


def test_a_source_may_be_checked_again_a_list_may_grow_and_an_end_be_set() -> None:
    until_july = ("from = 2024-01-01", "from = 2024-01-01\nuntil = 2025-07-01")
    checked_again = ("checked = 2026-01-01", "checked = 2026-02-01")
    better_source = ('source = "a test"', 'source = "a better source"')
    grown = ('["price", "wages"]', '["price", "wages", "bills"]')
    assert backwards(checked_again, better_source, grown) == []
    ended, published = small_document(LIMIT_DOUBLED_IN_JULY, until_july), small_document(LIMIT_DOUBLED_IN_JULY)
    assert published_change_findings(published, ended, published_on=date(2027, 1, 1)) == []


def test_what_claims_need_and_a_policy_lacks_is_told() -> None:
    found = [str(finding) for finding in missing_from(small_document(), where="p.toml")]
    assert "p.toml: values.claim_cap: is missing: claims need it, as money" in found
    assert "p.toml: clocks.appeal: is missing: claims need it" in found
    assert "p.toml: tables.route: asks for amount, which no claim tells it" in found
    assert "p.toml: tables.bearer: is missing: claims need it" in found


def test_a_screening_weight_is_at_most_a_hundred() -> None:
    def weighing(weight: int) -> list[str]:
        before, after = shipped_text("us").split("[[values.weight_reused_photo]]")
        text = f"{before}[[values.weight_reused_photo]]{after.replace('value = 80', f'value = {weight}', 1)}"
        return [str(finding) for finding in missing_from(read_policy(text, where="us"), where="us")]

    assert weighing(100) == []
    assert weighing(101) == ["us: values.weight_reused_photo: weighs 101, more than 100"]


def test_a_policy_is_shown_as_it_stood_on_a_day() -> None:
    document = small_document(DOUBLED_IN_JULY)
    shown = {rule.name: rule for rule in rules_shown(document, JUNE_30)}
    assert (shown["limit"].told, shown["limit"].until) == ("USD 1,000.00", JULY_1)
    assert shown["answer"].told == "7 calendar days, until 16:00, reminders at 3, 1 left"
    assert shown["route"].told.endswith("tendered: true -> tendered")
    assert rules_shown(document, date(2023, 12, 31)) == []
