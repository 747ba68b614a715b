"""Every refusal that anything of ours may raise has a sentence, and the facts that its sentence needs."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import makewhole
from makewhole.domain.refusal import Refused
from makewhole.domain.sentences import SENTENCES, sentence

SOURCE = Path(makewhole.__file__).parent


def _raised() -> list[tuple[str, str, frozenset[str] | None]]:
    """(where, code, names of its facts) of each `Refused(...)` in the source; facts None where they are spread."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Refused":
                where = f"{path.relative_to(SOURCE)}:{node.lineno}"
                facts = None if any(told.arg is None for told in node.keywords) else _names(node)
                found += [(where, code, facts) for code in _codes(node.args)]
    return found


def _names(node: ast.Call) -> frozenset[str]:
    """As sentences may name them: an amount with its currency beside it is money, too."""
    names = frozenset(told.arg for told in node.keywords if told.arg is not None)
    money = {name.removesuffix("_minor") for name in names if name.endswith("_minor")} if "currency" in names else set()
    return names | money


def _codes(args: list[ast.expr]) -> list[str]:
    """The codes that stand there as words; a code that is a variable is told where it is made."""
    return [
        told.value
        for arg in args[:1]
        for told in ast.walk(arg)
        if isinstance(told, ast.Constant) and isinstance(told.value, str)
    ]


def _asked(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


def test_the_scan_finds_the_refusals_that_we_know() -> None:
    codes = {code for _, code, _ in _raised()}
    assert len(codes) > 60
    assert {"more_than_open", "own_work", "not_an_amount", "page_is_stale"} <= codes


def test_every_refusal_has_a_sentence() -> None:
    assert [f"{where}: {code}" for where, code, _ in _raised() if code not in SENTENCES] == []


def test_every_refusal_carries_the_facts_of_its_sentence() -> None:
    lacking = [
        f"{where}: {code} lacks {', '.join(sorted(_asked(SENTENCES[code]) - facts))}"
        for where, code, facts in _raised()
        if facts is not None and code in SENTENCES and _asked(SENTENCES[code]) - facts
    ]
    assert lacking == []


def test_no_sentence_is_for_nothing() -> None:
    """A code nobody raises is one that somebody forgot to take out."""
    words = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py") if path.name != "sentences.py")
    assert [code for code in SENTENCES if f'"{code}"' not in words] == []


def test_a_refusal_is_told_with_its_facts() -> None:
    told = sentence(Refused("loss_date_in_future", loss_date="2026-03-03", today="2026-03-02"))
    assert told == "The incident is dated 2026-03-03, which has not come yet (today is 2026-03-02)."


def test_no_sentence_names_minor_units() -> None:
    assert [code for code, template in SENTENCES.items() if "minor" in template] == []


def test_an_amount_is_told_as_money_of_its_currency() -> None:
    refusal = Refused("more_than_open", exposure=1, open_minor=120_050, currency="USD")
    assert sentence(refusal) == "Of part 1 only USD 1,200.50 is still open."
    in_yen = Refused("more_than_open", exposure=1, open_minor=1_200, currency="JPY")
    assert sentence(in_yen) == "Of part 1 only JPY 1,200 is still open."
