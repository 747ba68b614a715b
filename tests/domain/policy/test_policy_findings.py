"""A policy document that is wrong tells everything that is wrong with it, and where."""

from __future__ import annotations

import pytest
from domain.policy.policy_documents import SHIPPED, SMALL, shipped_text, small, table
from hypothesis import given, settings
from hypothesis import strategies as st

from makewhole.domain.policy.document import check_policy, read_policy
from makewhole.domain.policy.findings import Finding, PolicyFaulty


def findings(text: str) -> list[str]:
    return [str(finding) for finding in check_policy(text, where="p.toml")]


def in_table(*rows: tuple[str, str], **facts: str) -> list[str]:
    return findings(table(list(rows), facts))


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_policies_have_no_findings(name: str) -> None:
    assert check_policy(shipped_text(name), where=f"{name}.toml") == []


def test_the_small_policy_is_good_so_that_each_fault_below_is_its_own() -> None:
    assert findings(SMALL) == []


ONE_FAULT = [
    ("header without a title", ('title = "A small policy"\n', ""), "p.toml: policy.title: is missing"),
    ("unknown key in the header", ("[facts]", 'owner = "me"\n[facts]'), "p.toml: policy.owner: is not known"),
    ("unknown currency", ('"USD"', '"XXX"'), "p.toml: policy.currency: 'XXX' is not one of"),
    ("unknown zone", ("America/New_York", "America/Nowhere"), "p.toml: policy.zone: 'America/Nowhere' is no time zone"),
    ("zone that is a path", ("America/New_York", "../etc/passwd"), "p.toml: policy.zone: '../etc/passwd' is no time"),
    ("zone that is a folder", ("America/New_York", "America"), "p.toml: policy.zone: 'America' is no time zone"),
    ("country in words", ('"US"', '"Usa"'), "p.toml: policy.country: 'Usa' is not a country's two letters"),
    ("unknown part", ("[facts]", "[extras]\na = 1\n[facts]"), "p.toml: extras: is not known"),
    ("misspelt part", ("[[clocks.answer]]", "[[clock.answer]]"), "p.toml: clock: is not known: did you mean clocks?"),
    ("fact of no kind", ('hurt = "boolean"', 'hurt = "bool"'), "p.toml: facts.hurt: is 'bool': a fact is one of"),
    ("option listed twice", ('["price", "wages"]', '["price", "price"]'), "p.toml: facts.head: lists price twice"),
    ("fact named by a word of conditions", ("hurt =", "not ="), "p.toml: facts.not: is not a lower-case name"),
    ("fact that is a value too", ("hurt =", "limit ="), "p.toml: facts.limit: is a value too"),
    ("value of no kind", ('kind = "money"', 'kind = "cash"'), "p.toml: values.limit.kind: is 'cash', not one of"),
    ("amount as a float", ('"1000.00"', "1000.00"), "p.toml: values.limit.value: must be an amount in quotes"),
    ("amount with three decimals", ('"1000.00"', '"1000.005"'), "p.toml: values.limit.value: '1000.005' is no amount"),
    ("amount below zero", ('"1000.00"', '"-1.00"'), "p.toml: values.limit.value: must not be negative"),
    ("yes or no as text", ("value = true", 'value = "yes"'), "p.toml: values.inclusive.value: must be true or false"),
    ("no source", ('source = "a test"\n', ""), "p.toml: values.limit.source: is missing"),
    ("empty source", ('source = "a test"', 'source = " "'), "p.toml: values.limit.source: is empty"),
    ("never checked", ("checked = 2026-01-01\n", ""), "p.toml: values.limit.checked: is missing"),
    ("no first day", ("from = 2024-01-01\n", ""), "p.toml: values.limit.from: is missing"),
    ("day in quotes", ("from = 2024-01-01", 'from = "2024-01-01"'), "p.toml: values.limit.from: must be a day"),
    ("an hour where a day belongs", ("from = 2024-01-01", "from = 2024-01-01T00:00:00Z"), "p.toml: values.limit.from"),
    ("selected by no date", ('"incident"', '"payment"'), "p.toml: values.limit.selected_by: is 'payment', not one of"),
    (
        "misspelt key",
        ('kind = "money"', 'knid = "money"'),
        "p.toml: values.limit.knid: is not known: did you mean kind",
    ),
    ("ends before it begins", ("from = 2024-01-01", "until = 2023-01-01\nfrom = 2024-01-01"), "before it began"),
    ("ends with no successor", ("from = 2024-01-01", "from = 2024-01-01\nuntil = 2025-01-01"), "from 2025-01-01 on"),
    ("negative days", ("days = 7", "days = -7"), "p.toml: clocks.answer.days: must not be negative"),
    ("true as a number", ("days = 7", "days = true"), "p.toml: clocks.answer.days: must be a whole number"),
    ("day type of no calendar", ('"calendar"', '"lunar"'), "p.toml: clocks.answer.day_type: is 'lunar', not one of"),
    ("hour in quotes", ("16:00:00", '"16:00"'), "p.toml: clocks.answer.ends: must be an hour"),
    ("first day of a clock of no days", ("days = 7", "days = 0\ncount_first_day = true"), "p.toml: clocks.answer.days"),
    ("reminder after the end", ("[3, 1]", "[7, 1]"), "p.toml: clocks.answer.reminders: 7 days left is not inside"),
    ("reminders that rise", ("[3, 1]", "[1, 3]"), "p.toml: clocks.answer.reminders: must fall"),
    ("undeclared fact of a table", ('facts = ["amount"]', 'facts = ["amount", "age"]'), "unknown fact 'age'"),
    ("fact that no row asks for", ('facts = ["amount"]', 'facts = ["amount", "hurt"]'), "hurt is listed, but no row"),
    ("outcome that no row gives", ('"direct", "tendered"]', '"direct", "tendered", "lost"]'), "lost is listed, but no"),
    (
        "outcome that is not listed",
        ('outcome = "direct"', 'outcome = "straight"'),
        "rows[1].outcome: is 'straight', not one",
    ),
    (
        "row without a reason",
        ('because = "It is over the limit."', ""),
        "p.toml: tables.route.rows[2].because: is miss",
    ),
    ("reason with an unknown name", ("{limit}", "{limt}"), "rows[1].because: {limt} names no fact and no value"),
    ("reason with half a brace", ("{limit}", "{limit"), "rows[1].because: a brace without its other half"),
    ("reason with a yes or no", ("{limit}", "{inclusive}"), "rows[1].because: {inclusive} is true or false: say it"),
    ("same row id twice", ('id = "tendered"', 'id = "direct"'), "tables.route.rows: the id 'direct' stands on 2 rows"),
    ("row id that cannot be cited", ('id = "direct"', 'id = "Direct!"'), "rows[1].id: 'Direct!' is not a lower-case"),
    ("no closing row", ('when = "true"', 'when = "amount > limit"'), 'the last row must be when = "true"'),
    ("table before its value", ("from = 2024-01-01", "from = 2025-01-01"), "which begins only on 2025-01-01"),
]


@pytest.mark.parametrize(("change", "told"), [fault[1:] for fault in ONE_FAULT], ids=[fault[0] for fault in ONE_FAULT])
def test_each_fault_is_told_with_its_place(change: tuple[str, str], told: str) -> None:
    found = findings(small(change))
    assert any(told in finding for finding in found), found


CONDITIONS = [
    ("a misspelt fact", "amont < limit", "unknown fact or value 'amont': did you mean amount?"),
    ("a fact that the table does not list", "hurt", "unknown fact or value 'hurt'"),
    ("money against a bare number", "amount < 1000", "compares money with a bare number: give the amount a name"),
    ("money against text", "amount == 'limit'", "compares money with the text 'limit'"),
    ("money as a yes or no", "amount and inclusive", "`amount` is money, not true or false"),
    ("order of yes and no", "inclusive > false", "boolean has no order"),
    ("sum of yes and money", "amount + inclusive > limit", "money + true-or-false is no figure"),
    ("money times money", "amount * limit > limit", "money * money is no figure"),
    ("a float", "amount * 0.5 > limit", "0.5 is no whole number"),
    ("a division", "amount / 2 > limit", "adds, subtracts and multiplies, nothing else"),
    ("capital true", "True", "write true, not True"),
    ("in without brackets", "amount in limit", "in needs a list in brackets"),
    ("in with a name", "amount in (limit,)", "in takes constants only"),
    ("in inside a chain", "0 < amount in (0,)", "`in` cannot be part of a chain"),
    ("is", "amount is limit", "write == or !="),
    ("half a condition", "amount <", "not a condition"),
    ("a comment that would swallow the rest", "true # or amount > limit", "a condition holds no comment"),
    ("an empty condition", "  ", "is empty"),
    ("minus yes", "-inclusive == 0", "true-or-false has no negative"),
]  # fmt: skip


@pytest.mark.parametrize(("when", "told"), [case[1:] for case in CONDITIONS], ids=[case[0] for case in CONDITIONS])
def test_a_faulty_condition_is_told_at_its_row(when: str, told: str) -> None:
    found = findings(small(("amount < limit or (inclusive and amount == limit)", when)))
    assert any(finding.startswith("p.toml: tables.route.rows[1].when: ") and told in finding for finding in found)


def test_text_that_a_fact_can_never_be_is_told() -> None:
    (found,) = in_table(("a", "head == 'prise'"), ("b", "true"), head='["price", "wages"]')
    assert "can never be equal: one of price, wages meets the text 'prise'" in found


def test_two_faults_of_one_condition_are_both_told() -> None:
    found = in_table(("a", "x > 1 and y > 1"), ("b", "true"))
    assert [finding.partition(": ")[2] for finding in found] == [
        "tables.t.rows[1].when: unknown fact or value 'x'",
        "tables.t.rows[1].when: unknown fact or value 'y'",
    ]


def test_a_file_with_twelve_faults_tells_all_twelve_in_order_of_the_text() -> None:
    broken = small(
        ('country = "US"', 'country = "USA"'),
        ("America/New_York", "Mars/Olympus"),
        ('hurt = "boolean"', 'hurt = "yesno"'),
        ('"1000.00"', "1000.0"),
        ('source = "a test"\n', ""),
        ("value = true", "value = 1"),
        ("days = 7", "days = 7.5"),
        ("[3, 1]", "[1, 3]"),
        ('facts = ["amount"]', 'facts = ["amount", "age"]'),
        ("amount < limit or", "amuont < limit or"),
        ('outcome = "tendered"', 'outcome = "tenderd"'),
        ('because = "It is over the limit."', 'because = ""'),
    )
    places = [finding.where.removeprefix("p.toml: ") for finding in check_policy(broken, where="p.toml")]
    assert places == [
        "policy.country", "policy.zone", "facts.hurt", "values.limit.value", "values.limit.source",
        "values.inclusive.value", "clocks.answer.days", "clocks.answer.reminders", "tables.route.facts",
        "tables.route.rows[1].when", "tables.route.rows[2].outcome", "tables.route.rows[2].because",
    ]  # fmt: skip
    with pytest.raises(PolicyFaulty) as faulty:
        read_policy(broken, where="p.toml")
    assert faulty.value.findings == check_policy(broken, where="p.toml")


@pytest.mark.parametrize(
    "text", ["", "not toml at all", "a = 2026-02-30", "a = " + "[" * 5000, "\x00", "x" * 1_000_001, "policy = 1"]
)
def test_what_is_no_policy_is_one_clear_finding_and_never_a_crash(text: str) -> None:
    found = check_policy(text, where="p.toml")
    assert found and all(isinstance(finding, Finding) for finding in found)


ODD = [
    "true", "1", "-1", '""', '"x"', "[]", "[[]]", "{}", "[{}]", "2024-01-01", "1.5", "16:00:00", '["a"]', '"money"',
    '"list"', '"amount"', '"limit"',
]  # fmt: skip
SPOILED = st.tuples(st.integers(0, 10_000), st.sampled_from(["drop", "double", "single", *ODD]))


@settings(max_examples=300, deadline=None)
@given(st.lists(SPOILED, min_size=1, max_size=4))
def test_a_policy_spoiled_at_random_is_either_good_or_has_findings_and_never_breaks_the_check(
    spoiled: list[tuple[int, str]],
) -> None:
    lines = with_second_limit().splitlines()
    for place, how in spoiled:
        at = place % len(lines)
        line = lines[at]
        changed = {"drop": "", "double": f"{line}\n{line}", "single": line.replace("[[", "[").replace("]]", "]")}
        lines[at] = changed.get(how, f"{line.partition('=')[0]}= {how}" if "=" in line else line)
    text = "\n".join(lines)
    if not check_policy(text, where="p.toml"):
        assert read_policy(text, where="p.toml").begins


# -- periods ------------------------------------------------------------------------------------------------------

SECOND_LIMIT = """
[[values.limit]]
kind = "money"
value = "2000.00"
from = 2025-07-01
selected_by = "incident"
source = "a test"
checked = 2026-01-01
"""


def with_second_limit(*changes: tuple[str, str]) -> str:
    return small(("[[values.inclusive]]", SECOND_LIMIT + "\n[[values.inclusive]]"), *changes)


def test_a_successor_that_begins_when_the_first_ends_leaves_neither_gap_nor_overlap() -> None:
    assert findings(with_second_limit()) == []
    assert findings(with_second_limit(("from = 2024-01-01", "from = 2024-01-01\nuntil = 2025-07-01"))) == []


def test_a_gap_of_one_day_is_found() -> None:
    (found,) = findings(with_second_limit(("from = 2024-01-01", "from = 2024-01-01\nuntil = 2025-06-30")))
    assert found == "p.toml: values.limit: gap: nothing is in force from 2025-06-30 until 2025-07-01"


def test_an_overlap_of_one_day_is_found() -> None:
    (found,) = findings(with_second_limit(("from = 2024-01-01", "from = 2024-01-01\nuntil = 2025-07-02")))
    assert found == "p.toml: values.limit: overlap: two entries are in force from 2025-07-01 until 2025-07-02"


def test_two_entries_of_one_day_overlap() -> None:
    (found,) = findings(with_second_limit(("from = 2025-07-01", "from = 2024-01-01")))
    assert found == "p.toml: values.limit: overlap: two entries begin on 2024-01-01"


def test_a_value_has_one_kind_and_one_selecting_date() -> None:
    mixed = with_second_limit(
        ('value = "2000.00"', "value = 2000"), ('selected_by = "incident"', 'selected_by = "notice"')
    )
    mixed = mixed.replace('kind = "money"\nvalue = 2000', 'kind = "whole"\nvalue = 2000')
    found = findings(mixed)
    assert "p.toml: values.limit: the entries are selected by different dates: one name, one selected_by" in found
    assert "p.toml: values.limit: is of several kinds: money, whole" in found


def test_of_several_entries_the_faulty_one_is_numbered() -> None:
    (found,) = findings(with_second_limit(('"2000.00"', '"2000.001"')))
    assert found.startswith("p.toml: values.limit[2].value: ")


# -- rows that are never reached ----------------------------------------------------------------------------------


def dead_rows(*rows: tuple[str, str], **facts: str) -> list[str]:
    return [finding.partition("tables.t.")[2] for finding in in_table(*rows, **facts)]


def test_rows_after_true_are_never_reached() -> None:
    assert dead_rows(("a", "true"), ("b", "hurt"), ("c", "true"), hurt='"boolean"') == [
        "rows[2].when: is never reached: row a before it always holds",
        "rows[3].when: is never reached: row a before it always holds",
    ]


def test_the_same_condition_twice_is_found_however_it_is_spaced() -> None:
    (found,) = dead_rows(
        ("a", "hurt and n>1"), ("b", "(hurt) and (n > 1)"), ("c", "true"), hurt='"boolean"', n='"whole"'
    )
    assert found == "rows[2].when: is never reached: it is the same condition as row a"


def test_a_condition_that_contradicts_itself_can_never_hold() -> None:
    assert dead_rows(("a", "n < 5 and n > 4"), ("b", "true"), n='"whole"') == ["rows[1].when: can never hold"]
    assert dead_rows(("a", "n < 6 and n > 4"), ("b", "true"), n='"whole"') == []


def test_rows_before_that_cover_every_case_are_found() -> None:
    assert dead_rows(("a", "n < 10"), ("b", "n > 8"), ("c", "n == 9"), ("d", "true"), n='"days"') == [
        "rows[3].when: is never reached: the rows before it cover all of its cases"
    ]
    assert dead_rows(("a", "n < 9"), ("b", "n > 9"), ("c", "n == 9"), ("d", "true"), n='"days"') == []


def test_options_of_a_list_are_all_tried() -> None:
    heads = '["price", "wages", "bills"]'
    covered = [("a", "head == 'price'"), ("b", "head in ('wages', 'bills')"), ("c", "head != 'price'"), ("d", "true")]
    (found,) = dead_rows(*covered, head=heads)
    assert found.startswith("rows[3].when: is never reached: the rows before it cover")
    assert dead_rows(covered[0], ("b", "head == 'wages'"), covered[2], covered[3], head=heads) == []


def test_figures_of_the_policy_count_as_they_stand() -> None:
    rows = [
        ("a", "amount <= limit"),
        ("b", "amount < limit + limit"),
        ("c", "amount * 2 == limit + limit"),
        ("d", "true"),
    ]
    assert dead_rows(*rows, amount='"money"') == [
        "rows[3].when: is never reached: the rows before it cover all of its cases"
    ]


def test_a_switch_of_the_policy_is_tried_in_both_positions() -> None:
    assert dead_rows(("a", "not inclusive and hurt"), ("b", "true"), hurt='"boolean"') == []


def test_a_comparison_of_two_facts_is_never_accused_but_its_repetition_is() -> None:
    facts = {"claimed": '"money"', "paid": '"money"'}
    assert dead_rows(("a", "claimed > paid"), ("b", "claimed <= paid"), ("c", "true"), **facts) == []
    (found,) = dead_rows(("a", "claimed > paid"), ("b", "claimed > paid and claimed > limit"), ("c", "true"), **facts)
    assert found.startswith("rows[2].when: is never reached: the rows before it cover")


def test_a_factor_puts_the_turning_point_between_two_whole_numbers() -> None:
    assert dead_rows(("a", "n * 3 > 10"), ("b", "n > 2"), ("c", "true"), n='"whole"') == []
    (found,) = dead_rows(("a", "n * 3 > 10"), ("b", "n > 3"), ("c", "true"), n='"whole"')
    assert found.startswith("rows[2].when")


def test_a_table_with_too_many_cases_is_not_searched_but_its_plain_repetitions_are_found() -> None:
    facts = {f"yes_{number}": '"boolean"' for number in range(24)}
    every = " and ".join(facts)
    rows = [("a", every), ("b", f"yes_0 and not yes_0 and {every}"), ("c", every), ("d", "true")]
    assert dead_rows(*rows, **facts) == ["rows[3].when: is never reached: it is the same condition as row a"]
