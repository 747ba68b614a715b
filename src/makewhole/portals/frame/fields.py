"""Form fields of the trade: an amount of money, words, a yes; each says what is wrong in a plain sentence."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from makewhole.domain.money import parse_money
from makewhole.domain.refusal import Refused
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.showing import locale


class AmountField(forms.CharField):
    """An amount in major units, as typed in the reader's language. Its clean value is the same as the rules write it
    ("1850.00"): the write door's parts parse it once more."""

    def __init__(self, *, currency: str, may_be_zero: bool = False, **given: Any) -> None:
        super().__init__(max_length=40, **given)
        self.currency, self.may_be_zero = currency, may_be_zero
        self.widget.attrs |= {"inputmode": "decimal", "class": "form-control amount", "autocomplete": "off"}

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What somebody typed is shown as it was typed."""
        return _Typed(data) if isinstance(data, str) else data

    def prepare_value(self, value: Any) -> Any:
        """What the rules wrote is shown in the reader's language."""
        if isinstance(value, str) and not isinstance(value, _Typed):
            return value.replace(".", _SIGNS.get(locale().language, ".,")[0])
        return value

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "")
        if not text:
            return ""
        try:
            plain = _plain(text)
            minor = parse_money(plain, self.currency).minor
        except Refused as refusal:
            raise forms.ValidationError(sentence(Refused(refusal.code, **refusal.facts | {"given": text}))) from None
        if minor < 0 or (minor == 0 and not self.may_be_zero):
            raise forms.ValidationError(_("The amount must be above zero."))
        return plain


# By language: the decimal sign, and what separates thousands; French and Spanish papers have every kind of space there.
_SIGNS = {"de": (",", "."), "fr": (",", " \u00a0\u202f"), "es": (",", ". \u00a0\u202f")}


class _Typed(str):
    __slots__ = ()


def _plain(text: str) -> str:
    """The amount as the rules write it, without signs that can only separate thousands. What another language would
    read in another way ("1,85" in English, "1.85" in German) is asked about, and not guessed."""
    decimal, thousands = _SIGNS.get(locale().language, (".", ","))
    if re.fullmatch(rf"\d{{1,3}}(?:([{thousands}])\d{{3}})(?:\1\d{{3}})*(?:{re.escape(decimal)}\d*)?", text):
        text = re.sub(f"[{thousands}]", "", text)
    if decimal == ".":
        return text
    if "." in text:
        raise Refused("not_an_amount", given=text)
    return text.replace(decimal, ".")


def text_input(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", **attrs})


def text_area(rows: int = 4, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"class": "form-control", "rows": rows, **attrs})


def choice(**attrs: Any) -> forms.Select:
    return forms.Select(attrs={"class": "form-select", **attrs})


def radios(**attrs: Any) -> forms.RadioSelect:
    return forms.RadioSelect(attrs={**attrs})


def day_input(**attrs: Any) -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date", **attrs})
