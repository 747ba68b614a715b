"""What a next version changes: each rule once, from its day on, as people read it; and nothing that stays."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from makewhole.domain.policy.comparing import changes
from makewhole.domain.policy.document import read_policy
from makewhole.domain.policy.lines import line_of
from makewhole.domain.policy.shapes import PolicyDocument

US = files("makewhole.policies").joinpath("us.toml").read_text("utf-8")
LIMIT = """[[values.small_claim_limit]]
kind = "money"
value = "1500.00"
from = 2027-01-01
selected_by = "incident"
source = "Raised"
checked = 2026-11-21

"""


def _read(text: str) -> PolicyDocument:
    return read_policy(text, where="us.toml")


def test_the_same_text_changes_nothing() -> None:
    assert changes(_read(US), _read(US + "\n# a remark\n")) == []


def test_a_later_entry_changes_its_rule_from_its_day_on() -> None:
    (one,) = changes(
        _read(US), _read(US.replace("[[values.small_claim_limit]]", LIMIT + "[[values.small_claim_limit]]", 1))
    )
    assert (one.part, one.name, one.how, one.from_day) == ("values", "small_claim_limit", "changed", date(2027, 1, 1))
    assert (one.was, one.becomes, one.selected_by) == ("USD 1,000.00", "USD 1,500.00", "incident")


def test_a_rule_that_is_gone_and_one_that_is_new_say_so() -> None:
    more = _read(US + LIMIT.replace("small_claim_limit", "another_limit"))
    (new,) = changes(_read(US), more)
    (gone,) = changes(more, _read(US))
    assert (new.how, new.was, new.becomes) == ("new", "", "USD 1,500.00")
    assert (gone.how, gone.was, gone.becomes) == ("gone", "USD 1,500.00", "")


def test_of_a_table_only_the_rows_that_differ_are_told() -> None:
    text = US.replace('for direct payment."', 'for direct payment, as it is."', 1)
    assert text != US
    (one,) = changes(_read(US), _read(text))
    assert one.part == "tables" and len(one.rows) == 1
    (row,) = one.rows
    assert row.how == "changed" and row.was != row.becomes and row.becomes.endswith("as it is.")


def test_a_source_that_was_corrected_is_told_as_that() -> None:
    text = US.replace("checked = 2026-11-21", "checked = 2026-11-22", 1)
    (one,) = changes(_read(US), _read(text))
    assert one.how == "source" and one.was == one.becomes


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("us.toml: tables.route.rows[2].when", 'when = "true"'),
        ("us.toml: values.small_claim_limit.value", 'value = "1000.00"'),
        ("us.toml: facts.injury", 'injury = "boolean"'),
        ("us.toml: tables.route", "[[tables.route]]"),
    ],
)
def test_a_place_is_a_line(where: str, line: str) -> None:
    found = line_of(US, where)
    assert found is not None and US.splitlines()[found - 1] == line


def test_what_is_nowhere_has_no_line() -> None:
    assert line_of(US, "us.toml") is None
    assert line_of(US, "us.toml: values.nothing_like_it.value") is None
    assert line_of(US, "us.toml", "is not TOML: Invalid value (at line 7, column 3)") == 7
