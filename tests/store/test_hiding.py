"""What staff and claimants write of a claimant, as a seller reads it (promise 8)."""

from __future__ import annotations

import json

import pytest

from makewhole.reads.hiding import hiding

ANA = {
    "name": "Ana Rivera",
    "email": "ana@example.com",
    "phone": "+1 518 555 0100",
    "address": "5 Main St\nTROY, NY 12180",
    "language": "en",
}
PAYEE = {"holder": "Ana Maria Rivera", "account": "DE89370400440532013000"}


def read_by_the_seller(words: str, *records: dict[str, str]) -> str:
    return hiding([json.dumps(record) for record in records or (ANA, PAYEE)])(words)


@pytest.mark.parametrize(
    "written",
    [
        "5 Main St\nTROY, NY 12180",
        "5 Main St, Troy, NY 12180",
        "5 Main St., Troy NY 12180",
        "5 main street - Troy - ny 12180",
        "5 Main St",
        "5 MAIN STREET",
        "Troy, NY 12180",
        "NY 12180",
        "12180",
    ],
)
def test_an_address_given_in_lines_is_left_out_however_it_is_written(written: str) -> None:
    assert read_by_the_seller(f"It stood at {written} since May.") == "It stood at [left out] since May."


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("5 Main St, Troy, NY 12180", "5 Main St"),
        ("Kantstraße 12\n10623 Berlin", "Kantstr. 12"),
        ("Kantstr. 12\n10623 Berlin", "Kantstraße 12, 10623 Berlin"),
        ("Kantstr. 12\n10623 Berlin", "Kantstrasse 12"),
        ("10 Downing Street\nLONDON\nSW1A 2AA\nUNITED KINGDOM", "10 Downing St, London SW1A 2AA"),
        ("10 Downing Street\nLONDON\nSW1A 2AA", "SW1A 2AA"),
        ("12 RUE DE LA PAIX\n75002 PARIS", "12, rue de la Paix, 75002 Paris"),
    ],
)
def test_an_address_of_another_country_too(given: str, written: str) -> None:
    told = read_by_the_seller(f"It stood at {written}", {"address": given})
    assert told in ("It stood at [left out]", "It stood at [left out].")


@pytest.mark.parametrize(
    "written",
    ["+1 518 555 0100", "518-555-0100", "(518) 555-0100", "+1 (518) 555.0100", "5185550100", "15185550100"],
)
def test_a_telephone_number_is_left_out_with_its_country_and_without(written: str) -> None:
    assert read_by_the_seller(f"Call {written} first.") == "Call [left out] first."


def test_a_number_from_abroad_is_left_out_as_it_is_dialled_at_home() -> None:
    ben = {"phone": "+44 (0)20 7946 0958"}
    for written in ("020 7946 0958", "+44 20 7946 0958", "+44 (0)20 7946 0958"):
        assert read_by_the_seller(f"Call {written}!", ben) == "Call [left out]!", written


@pytest.mark.parametrize(
    "written", ["DE89370400440532013000", "DE89 3704 0044 0532 0130 00", "de89-3704-0044-0532013000"]
)
def test_an_account_is_left_out_however_it_is_spaced(written: str) -> None:
    assert read_by_the_seller(f"Paid to {written}.") == "Paid to [left out]."


@pytest.mark.parametrize(
    "written", ["Ana Rivera", "ana rivera", "Rivera, Ana", "Ms Rivera", "ANA\nRIVERA", "Ana Maria Rivera"]
)
def test_a_name_is_the_customers_in_whole_and_in_part(written: str) -> None:
    told = read_by_the_seller(f"{written} kept it outdoors.")
    assert "Ana" not in told and "rivera" not in told.lower() and "the customer" in told


@pytest.mark.parametrize(
    "written",
    [
        "A shop on Main kept it in or near Troy.",  # a town, and words that are a state's letters elsewhere
        "It cost 121.80, five of them 1,218.00.",
        "The street is wet; 5 mains were tried.",
        "The analyst drove 5 miles on 15 Main Strasse.",
        "",
    ],
)
def test_other_words_stay_as_they_are(written: str) -> None:
    assert read_by_the_seller(written) == written


def test_a_town_or_a_state_alone_hides_no_word_of_other_meaning() -> None:
    record = {"address": "1 High St, Reading, OR"}
    assert read_by_the_seller("Reading or writing at 1 High St", record) == "Reading or writing at [left out]"


def test_nothing_told_hides_nothing() -> None:
    assert read_by_the_seller("5 Main St", {"name": "", "address": "", "phone": "", "language": "st"}) == "5 Main St"
