"""The fields of a postal address: as many as its country has, in its order, called as it calls them."""

from __future__ import annotations

import unicodedata

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makewhole.integrations.postal import COUNTRIES, PostalForm, postal_form
from makewhole.portals.frame.fields import choice, text_area, text_input
from makewhole.reads.showing import locale

_POSTAL_CODES: dict[str, str | Promise] = {
    "zip": gettext_lazy("ZIP code"),
    "postal": gettext_lazy("Postal code"),
    "eircode": gettext_lazy("Eircode"),
    "pin": gettext_lazy("PIN code"),
}
_CITIES: dict[str, str | Promise] = {"district": gettext_lazy("District"), "suburb": gettext_lazy("Suburb")}
_AREAS: dict[str, str | Promise] = {
    "state": gettext_lazy("State or territory"),
    "province": gettext_lazy("Province"),
    "county": gettext_lazy("County"),
    "prefecture": gettext_lazy("Prefecture"),
    "emirate": gettext_lazy("Emirate"),
    "island": gettext_lazy("Island"),
}
_LETTERS = {"street_address": 120, "postal_code": 20, "city": 60, "city_area": 40, "country_area": 50}


def form_of(country: str | None, *, home: str) -> PostalForm:
    """Of the chosen country; of the shop's own where none is, or none that there is."""
    return postal_form(country if country in COUNTRIES else home)


def fields_of(form: PostalForm) -> dict[str, forms.Field]:
    """Every field, none of them required by itself: an address may be left out as a whole."""
    found: dict[str, forms.Field] = {
        "country": forms.ChoiceField(
            label=_("Country"), choices=countries(), initial=form.country, required=False,
            widget=choice(autocomplete="country"),
        )
    }  # fmt: skip
    for part in form.parts:
        label = label_of(form, part)
        if part == "country_area" and form.country_areas:
            found[part] = forms.ChoiceField(
                label=label, choices=[("", "–"), *form.country_areas], required=False,
                widget=choice(autocomplete="address-level1"),
            )  # fmt: skip
        else:
            found[part] = forms.CharField(label=label, required=False, max_length=_LETTERS[part], widget=_widget(part))
    return found


def label_of(form: PostalForm, part: str) -> str:
    match part:
        case "street_address":
            return _("Street and number")
        case "postal_code":
            return str(_POSTAL_CODES.get(form.postal_code_kind, _POSTAL_CODES["postal"]))
        case "city":
            return str(_CITIES.get(form.city_kind, _("Town or city")))
        case "city_area":
            return _("Part of the town")
        case _:
            return str(_AREAS.get(form.country_area_kind, _("Region")))


def sentence(form: PostalForm, part: str, fault: str) -> str:
    label = label_of(form, part)
    if fault == "required":
        return _("{field}: it is missing, and a letter needs it ({country}).").format(
            field=label, country=country_name(form.country)
        )
    return _("{field}: it is not written so ({country}). An example: {example}.").format(
        field=label, country=country_name(form.country), example=form.example
    )


def countries() -> list[tuple[str, str]]:
    """By their names in the reader's language."""
    return sorted(((code, country_name(code)) for code in COUNTRIES), key=lambda told: _sorted(told[1]))


def country_name(code: str) -> str:
    name: str = locale().territories.get(code, code)
    return name


def _sorted(name: str) -> str:
    """ "Österreich" stands with O."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign)).casefold()


def _widget(part: str) -> forms.Widget:
    match part:
        case "street_address":
            return text_area(2, autocomplete="street-address")
        case "postal_code":
            return text_input(autocomplete="postal-code")
        case "city":
            return text_input(autocomplete="address-level2")
        case "city_area":
            return text_input(autocomplete="address-level3")
        case _:
            return text_input(autocomplete="address-level1")
