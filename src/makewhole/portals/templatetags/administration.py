"""What the administrator's templates say in a word: codes of feeds, changes, buttons and scopes."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makewhole.people.tokens import SCOPES
from makewhole.portals.admin import words
from makewhole.portals.frame.words import by_whom

register = template.Library()


@register.filter
def feed(subject: str) -> str:
    return str(words.FEEDS.get(subject, subject))


@register.filter
def changed(act: str) -> str:
    return str(words.CHANGES.get(act, act))


@register.filter
def gave(by: str) -> str:
    """Who gave a role: a person by name, a command or a machine in a word."""
    if by.startswith("operator:"):
        return _("a command on the server")
    return by_whom(by) if by.startswith("machine:") else by


@register.filter
def pressed(act: str) -> str:
    return str(words.ACTS.get(act, act.replace("_", " ")))


@register.filter
def scope(name: str) -> str:
    """What a scope allows."""
    return _(SCOPES[name]) if name in SCOPES else name


@register.filter
def came(code: str) -> str:
    """What came of a button, in words where it is a code of ours."""
    try:
        return words.came_of(code)
    except KeyError:
        return code


@register.filter
def ago(at: datetime, now: datetime) -> str:
    """ "3 days ago": how long something has been so."""
    seconds = max(0, int((now - at).total_seconds()))
    if seconds < 120:
        return ngettext("%(n)s second ago", "%(n)s seconds ago", seconds) % {"n": seconds}
    if seconds < 7200:
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", seconds // 60) % {"n": seconds // 60}
    if seconds < 172_800:
        return ngettext("%(n)s hour ago", "%(n)s hours ago", seconds // 3600) % {"n": seconds // 3600}
    return ngettext("%(n)s day ago", "%(n)s days ago", seconds // 86_400) % {"n": seconds // 86_400}
