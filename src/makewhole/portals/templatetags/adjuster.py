"""What the templates of who decides say in a word: what a claim has in common with this one, whose word it needs."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from makewhole.domain.money import MINOR_DIGITS
from makewhole.portals.adjuster.desk import Limits, second_person_says

register = template.Library()

_IN_COMMON: dict[str, Promise] = {
    "photo": gettext_lazy("same photo or file"),
    "payee": gettext_lazy("same account, another person"),
    "contact": gettext_lazy("shared contact, another person"),
    "claimant": gettext_lazy("same claimant"),
    "product": gettext_lazy("same product and seller"),
    "category": gettext_lazy("same kind of thing and harm"),
}


@register.filter
def similarity(kind: str) -> str:
    return str(_IN_COMMON[kind])


@register.filter
def alone(limits: Limits, currency: str) -> str:
    return second_person_says(limits, currency)


@register.filter
def digits(currency: str) -> int:
    """How many digits of an amount stand behind the point."""
    return MINOR_DIGITS[currency]
