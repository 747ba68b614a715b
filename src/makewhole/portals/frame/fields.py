"""Form fields of the trade: an amount of money, words, a yes; each says what is wrong in a plain sentence."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from makewhole.domain.money import parse_money
from makewhole.domain.refusal import Refused
from makewhole.domain.sentences import sentence


class AmountField(forms.CharField):
    """An amount in major units, as typed. Its clean value is the text: the write door's parts parse it once more."""

    def __init__(self, *, currency: str, may_be_zero: bool = False, **given: Any) -> None:
        super().__init__(max_length=40, **given)
        self.currency, self.may_be_zero = currency, may_be_zero
        self.widget.attrs |= {"inputmode": "decimal", "class": "form-control amount", "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "")
        if _has_thousands(text):
            text = text.replace(",", "")
        if not text:
            return ""
        try:
            minor = parse_money(text, self.currency).minor
        except Refused as refusal:
            raise forms.ValidationError(sentence(refusal)) from None
        if minor < 0 or (minor == 0 and not self.may_be_zero):
            raise forms.ValidationError("The amount must be above zero.")
        return text


def _has_thousands(text: str) -> bool:
    """ "1,850.00": commas that can only separate thousands. "1,85" is asked about, not guessed."""
    return re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d*)?", text) is not None


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
