"""A postal address as its country writes it: which parts, in which order, what is refused, and what a letter says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from makewhole.integrations.postal import COUNTRIES, postal_form

if TYPE_CHECKING:
    from world import Shop

    from makewhole.portals.claimant.steps import You

HERE = {"street_address": "5 Main St", "city": "Troy", "country_area": "NY", "postal_code": "12180"}


@pytest.mark.parametrize(
    ("country", "parts"),
    [
        ("US", "street_address city country_area postal_code"),
        ("DE", "street_address postal_code city"),
        ("GB", "street_address city postal_code"),
        ("FR", "street_address postal_code city"),
        ("ES", "street_address postal_code city country_area"),
        ("JP", "postal_code country_area street_address"),
        ("AE", "street_address country_area"),
        ("IE", "street_address city_area city country_area postal_code"),
    ],
)
def test_the_parts_stand_in_the_order_of_the_countrys_letters(country: str, parts: str) -> None:
    assert postal_form(country).parts == tuple(parts.split())


def test_every_country_has_a_street_and_what_it_needs_is_asked_for() -> None:
    assert len(COUNTRIES) > 240
    for country in COUNTRIES:
        form = postal_form(country)
        assert "street_address" in form.parts and form.required <= set(form.parts), country
        assert len(set(dict(form.country_areas))) == len(form.country_areas), country
    with pytest.raises(KeyError):
        postal_form("ZZ")


@pytest.mark.parametrize(
    ("country", "code", "fault"),
    [
        ("US", "12180", False), ("US", "12180-1234", False), ("US", "1218", True), ("US", "121800", True),
        ("DE", "20457", False), ("DE", "2045", True), ("GB", "yo1 7hh", False), ("GB", "YO1", True),
        ("US", "99999", False),  # no code of New York's, and no reason to turn somebody away
        ("AE", "anything", False),  # no codes there
    ],
)  # fmt: skip
def test_a_postal_code_is_held_to_the_countrys_form(country: str, code: str, fault: bool) -> None:
    form = postal_form(country)
    told = dict.fromkeys(form.parts, "x") | {"postal_code": code}
    assert form.faults(told) == ({"postal_code": "invalid"} if fault else {})


def test_what_is_missing_is_said_for_each_part() -> None:
    assert postal_form("US").faults({"street_address": "5 Main St", "city": " "}) == dict.fromkeys(
        ("city", "country_area", "postal_code"), "required"
    )
    assert postal_form("IE").faults({"street_address": "5 Main St", "city": "Cork"}) == {}  # no Eircode is no fault


def test_a_letter_names_the_country_only_from_abroad() -> None:
    assert postal_form("US").written(HERE, abroad=False) == "5 Main St\nTROY, NY 12180"
    assert postal_form("US").written(HERE, abroad=True) == "5 Main St\nTROY, NY 12180\nUNITED STATES"
    german = {"street_address": "Hafenstr. 5\r\nHinterhaus", "postal_code": "20457", "city": "Hamburg"}
    assert postal_form("DE").written(german, abroad=False) == "Hafenstr. 5\nHinterhaus\n20457 HAMBURG"


def test_the_same_address_in_parts_and_as_a_text_is_the_same_address() -> None:
    from makewhole.store.envelope import normal_address

    typed = "5 Main St, Troy, NY 12180"
    assert normal_address(postal_form("US").written(HERE, abroad=False)) == normal_address(typed)


# The question ---------------------------------------------------------------------------------------------------


def you(shop: Shop, told: dict[str, Any] | None = None, **data: str) -> You:
    from world import NOW

    from makewhole.portals.claimant.steps import You
    from makewhole.store.models import OrderLine

    line = OrderLine.objects.select_related("marketplace").get(pk=shop.sell().pk)
    who = {"full_name": "Ana Rivera", "email": "ana@example.com"}
    return You(line, {"you": told} if told else {}, NOW, {**who, **data} if data else None)


def test_an_address_may_be_left_out_as_a_whole(shop: Shop) -> None:
    form = you(shop, country="US", street_address="", city="", country_area="", postal_code="")
    assert form.is_valid() and form.cleaned_data["address"] == ""
    assert not form.has_address


def test_a_whole_address_is_kept_in_lines_and_parts_and_comes_back(shop: Shop) -> None:
    form = you(shop, country="US", **HERE)
    assert form.is_valid() and form.cleaned_data["address"] == "5 Main St\nTROY, NY 12180"
    again = you(shop, form.cleaned_data)
    assert again.has_address and again["city"].value() == "Troy" and again["country"].value() == "US"


def test_half_an_address_is_refused_part_by_part_in_the_countrys_words(shop: Shop) -> None:
    form = you(shop, country="US", street_address="5 Main St", city="Troy", country_area="", postal_code="1218")
    assert form.errors == {
        "country_area": ["State or territory: it is missing, and a letter needs it (United States)."],
        "postal_code": ["ZIP code: it is not written so (United States). An example: 95014."],
    }


def test_another_country_has_its_own_fields_and_nothing_typed_is_lost(shop: Shop) -> None:
    form = you(shop, country="DE", street_address="Hafenstr. 5", city="Hamburg", postal_code="2045", country_area="NY")
    assert list(form.errors) == ["postal_code"] and "country_area" not in form.fields
    assert form["street_address"].value() == "Hafenstr. 5"
    right = you(shop, country="DE", street_address="Hafenstr. 5", city="Hamburg", postal_code="20457")
    assert right.is_valid() and right.cleaned_data["address"] == "Hafenstr. 5\n20457 HAMBURG\nGERMANY"
    nowhere = you(shop, country="Z9", **HERE)
    assert list(nowhere.errors) == ["country"]


def test_an_address_from_before_stands_in_the_street(shop: Shop) -> None:
    form = you(shop, {"full_name": "Ana", "email": "a@example.com", "phone": "", "address": "5 Main St, Troy"})
    assert form["street_address"].value() == "5 Main St, Troy" and form.has_address
