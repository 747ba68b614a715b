"""A small policy to break and to change in tests, and the shipped ones."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

from makewhole.domain.policy.document import PolicyDocument, read_policy
from makewhole.domain.policy.rules import PolicyDates, Rules, rules_on

SHIPPED = ("us", "uk", "eu", "ca")

SMALL = """\
[policy]
name = "small"
title = "A small policy"
country = "US"
currency = "USD"
zone = "America/New_York"

[facts]
amount = "money"
late_days = "days"
hurt = "boolean"
head = ["price", "wages"]

[[values.limit]]
kind = "money"
value = "1000.00"
from = 2024-01-01
selected_by = "incident"
source = "a test"
checked = 2026-01-01

[[values.inclusive]]
kind = "boolean"
value = true
from = 2024-01-01
selected_by = "incident"
source = "a test"
checked = 2026-01-01

[[clocks.answer]]
days = 7
day_type = "calendar"
ends = 16:00:00
reminders = [3, 1]
from = 2024-01-01
selected_by = "notice"
source = "a test"
checked = 2026-01-01

[[tables.route]]
from = 2024-01-01
selected_by = "incident"
source = "a test"
checked = 2026-01-01
facts = ["amount"]
outcomes = ["direct", "tendered"]

[[tables.route.rows]]
id = "direct"
when = "amount < limit or (inclusive and amount == limit)"
outcome = "direct"
because = "{amount} is within {limit}."

[[tables.route.rows]]
id = "tendered"
when = "true"
outcome = "tendered"
because = "It is over the limit."
"""


def shipped(name: str) -> PolicyDocument:
    """One of the policies that come with Makewhole."""
    return read_policy(shipped_text(name), where=f"{name}.toml")


def shipped_text(name: str) -> str:
    return (files("makewhole.policies") / f"{name}.toml").read_text(encoding="utf-8")


def small(*changes: tuple[str, str]) -> str:
    """The small policy with some of its text replaced; each replacement must find its place."""
    text = SMALL
    for old, new in changes:
        assert old in text, f"{old!r} is not in the small policy"
        text = text.replace(old, new, 1)
    return text


def table(rows: list[tuple[str, str]], facts: dict[str, str], values: str = "") -> str:
    """A document with one table of these (id, when) rows, each its own outcome."""
    head, rest = SMALL.split("[facts]")[0], SMALL.split("[[values.limit]]")[1].split("[[tables.route]]")[0]
    used = ", ".join(f'"{fact}"' for fact in facts)
    told = "".join(
        f"[[tables.t.rows]]\nid = \"{row_id}\"\nwhen = '''{when}'''\noutcome = \"{row_id}\"\nbecause = \"so\"\n"
        for row_id, when in rows
    )
    outcomes = ", ".join(dict.fromkeys(f'"{row_id}"' for row_id, _ in rows))
    return (
        f"{head}[facts]\n"
        + "".join(f"{fact} = {kind}\n" for fact, kind in facts.items())
        + f'\n[[values.limit]]{rest}{values}\n[[tables.t]]\nfrom = 2024-01-01\nselected_by = "incident"\n'
        + f'source = "a test"\nchecked = 2026-01-01\nfacts = [{used}]\noutcomes = [{outcomes}]\n{told}'
    )


def rules(document: PolicyDocument, day: date = date(2026, 3, 1), **dates: date) -> Rules:
    """The rules for a claim whose three dates are that day, or as given."""
    three = {"incident": day, "notice": day, "decision": day} | dates
    return rules_on(document, PolicyDates(**three), version=f"{document.name} 2026-1")
