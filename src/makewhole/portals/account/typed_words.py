"""What was typed, in the words of the form that it was typed into. Start at `shown`.

An act on a claim and a question of the first notice are asked for the names of their fields and choices; of another
form, or where the claim has moved on, a field's own name has to do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from makewhole.domain.refusal import Refused
from makewhole.people.kept_typing import Typed
from makewhole.portals.frame.who import who_sees
from makewhole.reads.views import claim_view

# Carried along, and no words of the reader's: which version was seen, which form it was.
_SILENT = frozenset({"seen", "form", "next", "until", "key", "kept_typing"})


@dataclass(frozen=True, slots=True)
class Again:
    """What was not kept, and has to be given once more: a file, or a secret."""

    name: str
    label: str
    was: str  # a file's name


@dataclass(slots=True)
class Shown:
    """One kept form for the page: what is shown, what is carried, what is asked for again."""

    address: str
    came_from: str
    title: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    carried: list[tuple[str, str]] = field(default_factory=list)
    secrets: list[Again] = field(default_factory=list)
    files: list[Again] = field(default_factory=list)


def shown(request: HttpRequest, typed: Typed) -> Shown:
    fields, title = _form_of(request, typed.address)
    found = Shown(typed.address, typed.came_from, title, carried=list(typed.fields))
    lines: dict[str, list[str]] = {}
    for name, value in typed.fields:
        if name not in _SILENT and value.strip() and not _is_hidden(fields, name):
            lines.setdefault(_label(fields, name), []).append(_value(fields, name, value))
    found.lines = [(label, ", ".join(values)) for label, values in lines.items()]
    found.secrets = [Again(name, _label(fields, name), "") for name in typed.again]
    files: dict[str, list[str]] = {}
    for name, was in typed.files:
        files.setdefault(name, []).append(was)
    found.files = [Again(name, _label(fields, name), ", ".join(was)) for name, was in files.items()]
    return found


def _form_of(request: HttpRequest, address: str) -> tuple[dict[str, forms.Field], str]:
    try:
        match = resolve(address.partition("?")[0])
    except Resolver404:
        return {}, ""
    if match.url_name == "act":
        return _act(request, **match.kwargs)
    if match.url_name == "filing":
        from makewhole.portals.claimant.steps import BY_NAME  # only where somebody files

        asked = BY_NAME.get(match.kwargs["name"])
        return (dict(asked.base_fields), str(asked.title)) if asked else ({}, "")
    return {}, ""


def _act(request: HttpRequest, name: str, what: str) -> tuple[dict[str, forms.Field], str]:
    from makewhole.portals.frame.claim_page import ACTS  # which leads here itself

    kind = next((each for each in ACTS if each.name == what), None)
    if kind is None:
        return {}, ""
    try:
        by, claim_id = who_sees(request, name)
        return dict(kind(claim_view(claim_id, by), by, timezone.now()).fields), str(kind.title)
    except (Refused, AssertionError, IndexError, KeyError, StopIteration):
        # The claim has moved on since, and this act no longer fits it; the door will say so.
        return dict(kind.base_fields), str(kind.title)


def _label(fields: dict[str, forms.Field], name: str) -> str:
    label = str(fields[name].label or "") if name in fields else ""
    return label or name.replace("_", " ").strip().capitalize()


def _value(fields: dict[str, forms.Field], name: str, value: str) -> str:
    known: Any = fields.get(name)
    if isinstance(known, forms.ChoiceField):
        return next((str(words) for code, words in _flat(known.choices) if str(code) == value), value)
    if isinstance(known, forms.BooleanField) or value == "on":
        return _("yes")
    return value


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    """Choices without their groups."""
    found: list[tuple[Any, Any]] = []
    for code, words in choices:
        found.extend(words if isinstance(words, list | tuple) else [(code, words)])
    return found


def _is_hidden(fields: dict[str, forms.Field], name: str) -> bool:
    """A field that nobody saw, or a token of the machinery in a form that we do not know."""
    return name in fields and isinstance(fields[name].widget, forms.HiddenInput)
