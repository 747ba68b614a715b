"""Every worked case in this folder comes out as its teller expects. How to add one: docs/guides/worked-cases.md."""

from __future__ import annotations

from pathlib import Path

import pytest
from cases.playing import CaseFault, differences

CASES = sorted(Path(__file__).parent.glob("*.toml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    found = differences(path)
    assert not found, f"\n{path.name}:\n  " + "\n  ".join(found)


def test_there_are_cases() -> None:
    assert len(CASES) >= 75


def _case(tmp_path: Path, *changes: tuple[str, str], of: str = "exactly_one_thousand") -> Path:
    text = (Path(__file__).parent / f"{of}.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "case.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_case_that_comes_out_otherwise_says_what_differs(tmp_path: Path) -> None:
    assert differences(_case(tmp_path, ('paid = "1000.00"', 'paid = "999.99"'))) == [
        "the claim: paid should be 999.99, but is 1000.00"
    ]


@pytest.mark.parametrize(
    "old, new, told",
    [
        ('"Kettle Co" = "500.00"', '"Kettle Co" = "500.01"', "demanded should be"),
        ('"Kettle Co" = "500.00"\n', "", "demanded should be"),
        ('recoveries_bank = "2000.00"', 'recoveries_bank = "-2000.00"', "books should be"),
        ('who_bears = "seller_or_insurer"', 'who_bears = "platform"', "who_bears should be platform"),
    ],
)
def test_the_sellers_half_is_compared_too_and_each_table_whole(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = _case(tmp_path, (old, new), of="insurer_pays_above_the_deductible")
    assert told in "\n".join(differences(path))


def test_a_step_that_the_rules_refuse_says_why(tmp_path: Path) -> None:
    found = differences(_case(tmp_path, ("incident_on = 2026-03-01", "incident_on = 2026-01-31")))
    assert len(found) == 1
    assert found[0].startswith("step 1 (Ana files a claim): the rules say no: loss_date_before_order")


@pytest.mark.parametrize(
    "old, new, told",
    [
        ('who = "Ana"', 'who = "Anna"', "who: nobody knows “Anna”"),
        ('does = "pays"', 'does = "payes"', "nobody knows “payes”. There are: accepts and"),
        ("paid =", "payed =", "outcome: nobody knows payed. There are: approved"),
        ("property_damage", "property", "parts: nobody knows “property”"),
    ],
)
def test_a_misspelt_word_is_said_with_the_words_there_are(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(CaseFault, match=told):
        differences(_case(tmp_path, (old, new)))


def test_a_refusal_that_does_not_come_is_said_too(tmp_path: Path) -> None:
    expecting = ('does = "pays"', 'does = "pays"\nrefused = "unknown_payment"')
    assert differences(_case(tmp_path, expecting)) == [
        "step 2 (the bank pays): the rules were to say no (unknown_payment), but it was done"
    ]
