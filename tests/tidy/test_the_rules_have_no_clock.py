"""`domain` takes the time as a value: nothing in it asks what time it is. (What it imports, the contracts check.)"""

from __future__ import annotations

import ast
from pathlib import Path

import makewhole.domain

ASKING = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter"}
MODULES_THAT_KNOW = {"datetime", "date", "time"}


def questions(source: str) -> list[str]:
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        ast.unparse(call)
        for call in calls
        if isinstance(call, ast.Attribute)
        and call.attr in ASKING
        and ast.unparse(call.value).rpartition(".")[2] in MODULES_THAT_KNOW
    ]


def test_no_rule_asks_for_the_time() -> None:
    files = sorted(Path(makewhole.domain.__path__[0]).rglob("*.py"))
    assert files
    assert {str(file): found for file in files if (found := questions(file.read_text()))} == {}


def test_the_search_finds_the_ways_to_ask() -> None:
    assert questions("datetime.now(UTC); datetime.datetime.utcnow(); date.today(); time.time()") == [
        "datetime.now",
        "datetime.datetime.utcnow",
        "date.today",
        "time.time",
    ]
    assert questions("started_at.time(); datetime.combine(day, hour)") == []
