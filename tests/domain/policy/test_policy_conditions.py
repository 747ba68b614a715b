"""Conditions: compiled and plain meaning agree, and nothing but a question gets in."""

from __future__ import annotations

from itertools import product

import pytest
from domain.policy.policy_documents import rules, shipped, small, table
from hypothesis import given, settings
from hypothesis import strategies as st

from makewhole.domain.policy.compiling import first_row_that_holds
from makewhole.domain.policy.document import check_policy, read_policy
from makewhole.domain.policy.expression import Expression, Fact, Value, evaluate, walk, written
from makewhole.domain.policy.kinds import FactType
from makewhole.domain.policy.parsing import DEEPEST_CONDITION, LONGEST_CONDITION, read_condition
from makewhole.domain.policy.rules import QuestionTried, explain

NAMES: dict[str, Fact | Value] = {
    "amount": Fact("amount", FactType("money")),
    "paid": Fact("paid", FactType("money")),
    "late": Fact("late", FactType("days")),
    "count": Fact("count", FactType("whole")),
    "hurt": Fact("hurt", FactType("boolean")),
    "known": Fact("known", FactType("boolean")),
    "head": Fact("head", FactType("text", ("price", "wages", "bills"))),
    "limit": Value("limit", FactType("money")),
    "window": Value("window", FactType("days")),
    "strict": Value("strict", FactType("boolean")),
}

NUMBERS = st.integers(-5, 5)
FACTS = st.fixed_dictionaries(
    {
        "amount": NUMBERS, "paid": NUMBERS, "late": NUMBERS, "count": NUMBERS, "hurt": st.booleans(),
        "known": st.booleans(), "head": st.sampled_from(["price", "wages", "bills"]),
    }
)  # fmt: skip
VALUES = st.fixed_dictionaries({"limit": NUMBERS, "window": NUMBERS, "strict": st.booleans()})

SIGNS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])


def _figures(names: tuple[str, ...], numbers: bool) -> st.SearchStrategy[str]:
    single = st.sampled_from(names)
    if numbers:
        single |= st.integers(-4, 4).map(str)
    return st.recursive(
        single,
        lambda part: st.builds("({} {} {})".format, part, st.sampled_from(["+", "-"]), part)
        | st.builds("({} * {})".format, part, st.sampled_from(["count", "2", "-3"])) if "count" not in names
        else st.builds("({} {} {})".format, part, st.sampled_from(["+", "-", "*"]), part),
        max_leaves=3,
    )  # fmt: skip


MONEY = _figures(("amount", "paid", "limit"), numbers=False)
WHOLE = _figures(("count",), numbers=True)
COMPARED = st.one_of(
    st.builds("{} {} {}".format, MONEY, SIGNS, MONEY),
    st.builds("{} {} {} {} {}".format, MONEY, SIGNS, MONEY, SIGNS, MONEY),
    st.builds("count {} {}".format, SIGNS, WHOLE),
    st.builds("late {} {}".format, SIGNS, st.sampled_from(["window", "3", "window + 1"])),
    st.builds("head {} {!r}".format, st.sampled_from(["==", "!="]), st.sampled_from(["price", "wages"])),
    st.sampled_from(["head in ('price', 'bills')", "head not in ('wages',)", "count in (1, -2, 3)", "hurt == known"]),
    st.sampled_from(["hurt", "known", "strict", "true", "false"]),
)
CONDITIONS = st.recursive(
    COMPARED,
    lambda part: (
        st.builds("({}) {} ({})".format, part, st.sampled_from(["and", "or"]), part)
        | st.builds("not ({})".format, part)
    ),
    max_leaves=6,
)


def condition(text: str) -> Expression:
    expression, faults = read_condition(text, NAMES)
    assert expression is not None, (text, faults)
    return expression


@settings(max_examples=400, deadline=None)
@given(CONDITIONS, FACTS, VALUES)
def test_compiled_plain_and_pythons_own_meaning_agree(
    text: str, facts: dict[str, object], values: dict[str, int | bool]
) -> None:
    expression = condition(text)
    ours = bool(evaluate(expression, facts, values))
    # The grammar is Python's, so Python itself is the judge.
    assert ours is bool(eval(text, {"true": True, "false": False, **facts, **values}))
    assert (first_row_that_holds([expression])(facts, values, ()) == 0) is ours


@settings(max_examples=200, deadline=None)
@given(CONDITIONS, FACTS, VALUES)
def test_what_is_written_from_the_tree_reads_as_the_same_condition(
    text: str, facts: dict[str, object], values: dict[str, int | bool]
) -> None:
    expression = condition(text)
    again, _ = read_condition(written(expression), NAMES)
    if again is not None:  # brackets may make it deeper than a person may write
        assert evaluate(again, facts, values) == evaluate(expression, facts, values)


ROWS = st.tuples(
    st.sampled_from(["a < 3", "a >= 3", "b", "not b", "h == 'x'", "h in ('y', 'z')", "a == 2"]),
    st.sampled_from(["and", "or"]),
    st.sampled_from(["a < 7", "b", "h != 'z'", "a > 1", "2 * a == 6"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=4))
def test_a_row_is_told_unreachable_exactly_when_no_case_reaches_it(rows: list[tuple[str, str, str]]) -> None:
    texts = [" ".join(row) for row in rows]
    document = table(
        [(f"r{number}", text) for number, text in enumerate(texts)] + [("rest", "true")],
        {"a": '"whole"', "b": '"boolean"', "h": '["x", "y", "z"]'},
    )
    told = {finding.where for finding in check_policy(document, where="p") if finding.where.endswith("when")}
    cases = [{"a": a, "b": b, "h": h} for a in range(-3, 12) for b in (False, True) for h in "xyz"]
    firsts = {next((at for at, text in enumerate(texts) if eval(text, {}, case)), None) for case in cases}
    never = {f"p: tables.t.rows[{at + 1}].when" for at in range(len(texts)) if at not in firsts}
    assert told == never


HOSTILE = [
    "__import__('os').system('true')", "__import__", "open('x')", "amount.__class__", "().__class__", "amount[0]",
    "lambda: amount", "[x for x in (1,)]", "{1: 2}", "{1}", "[1]", "f'{amount}'", "(x := 1)", "1 if hurt else 2",
    "amount ** 9", "9 ** 9 ** 9", "1 << 99", "amount // 2", "amount % 2", "~count", "+count", "await amount",
    "yield", "*amount", "...", "None", "b'x'", "1j", "1.0", "print", "facts", "values", "guesses", "eval('1')",
    "exec", "globals()", "hurt and open", "hurt; hurt", "import os", "true\nimport os", "hurt) or (hurt",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_but_a_question_gets_in(text: str) -> None:
    expression, faults = read_condition(text, NAMES)
    assert expression is None and faults


@pytest.mark.parametrize(
    "text",
    [
        "-" * (LONGEST_CONDITION - 1) + "1",
        "(" * 300 + "hurt" + ")" * 300,
        "count > " + "+".join(["1"] * 300),
        "not " * 150 + "hurt",
        "hurt " * 500,
        "9" * 700 + " > count",
        "hurt\x00",
        "hurt and " + "x" * LONGEST_CONDITION,
    ],
    ids=["minus", "brackets", "sum", "not", "juxtaposed", "figure", "null", "long"],
)
def test_a_condition_made_to_exhaust_us_is_refused_and_nothing_breaks(text: str) -> None:
    expression, faults = read_condition(text, NAMES)
    assert expression is None and len(faults) >= 1


def test_a_condition_as_deep_as_a_person_writes_is_read() -> None:
    assert DEEPEST_CONDITION >= 20
    condition("not (hurt and (known or (strict and (amount < limit or (head == 'price' and count + 1 > 2)))))")


def test_a_chain_is_two_questions_and_asks_the_middle_once_for_each() -> None:
    assert written(condition("limit < amount <= paid")) == "(limit < amount) and (amount <= paid)"


def test_the_tree_keeps_every_name_with_its_type_for_other_evaluators() -> None:
    names = {node.name: node.type for node in walk(condition("amount < limit and head == 'price'"))
             if isinstance(node, Fact | Value)}  # fmt: skip
    assert names == {name: NAMES[name].type for name in ("amount", "limit", "head")}


# -- explain ------------------------------------------------------------------------------------------------------


def test_explain_tells_each_row_tried_with_its_figures_and_leaves_later_rows_untried() -> None:
    us = rules(shipped("us"))
    digital, elsewhere, late, inside = explain(
        us, "in_scope", {"physical": True, "bought_here": True, "days_since_incident": 91}
    )
    assert digital.parts == (QuestionTried("physical", "physical is true", True),)
    assert (digital.held, elsewhere.held, late.held, inside.held) == (False, False, True, None)
    assert late.parts == (QuestionTried("days_since_incident > filing_days", "91 days > 90 days", True),)
    assert inside.parts == ()
    assert late.because == us.decide("in_scope", physical=True, bought_here=True, days_since_incident=91).because


def test_explain_shows_every_comparison_of_a_row_also_behind_an_or() -> None:
    direct, tendered = explain(rules(read_policy(small(), where="p")), "route", {"amount": 100_001})
    assert [(part.told, part.held) for part in direct.parts] == [
        ("USD 1,000.01 < USD 1,000.00", False),
        ("inclusive is true", True),
        ("USD 1,000.01 == USD 1,000.00", False),
    ]
    assert (direct.held, tendered.held, tendered.outcome) == (False, True, "tendered")


def test_explain_and_decide_give_the_same_row_in_every_case_of_a_table() -> None:
    us = rules(shipped("us"))
    options = us.document.facts["seller_answer"].options
    told = (
        "seller_insured", "proof_late", "good_standing", "at_or_under_limit", "insurance_required_or_requested",
        "seller_gone", "no_defect", "producer_accepted",
    )  # fmt: skip
    for values in product((False, True), repeat=len(told)):
        for answer in options:
            facts: dict[str, object] = dict(zip(told, values, strict=True)) | {"seller_answer": answer}
            (held,) = [row.id for row in explain(us, "bearer", facts) if row.held]
            assert held == us.decide("bearer", **facts).id


def test_explain_wants_the_same_facts_as_decide() -> None:
    with pytest.raises(AssertionError, match="the fact amount is missing"):
        explain(rules(read_policy(small(), where="p")), "route", {})
