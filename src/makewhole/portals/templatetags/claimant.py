"""What the claimant's pages say in a word: when an answer was saved, and pictures of good proof."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from makewhole.portals.frame.showing import day

register = template.Library()

_EXAMPLES = {
    "photo-near": gettext_lazy("Drawing: a burn mark that fills the picture"),
    "photo-whole": gettext_lazy("Drawing: the kitchen worktop with the mark and the kettle beside it"),
    "photo-product": gettext_lazy("Drawing: the underside of the kettle with its label"),
    "receipt": gettext_lazy("Drawing: a whole receipt with shop, day, thing and sum"),
    "estimate": gettext_lazy("Drawing: a letter of a workshop with the work and its price"),
    "bill": gettext_lazy("Drawing: a bill with name, day, treatment and sum"),
    "wages": gettext_lazy("Drawing: a letter of the employer with the days and the pay"),
}


@register.filter
def saved(at: datetime, now: datetime) -> str:
    """ "Saved a moment ago."; then by minutes, then by the day."""
    minutes = int((now - at) / timedelta(minutes=1))
    if minutes < 2:
        return _("Saved a moment ago.")
    if minutes < 60:
        return ngettext("Saved %(number)d minute ago.", "Saved %(number)d minutes ago.", minutes) % {"number": minutes}
    if minutes < 24 * 60:
        hours = minutes // 60
        return ngettext("Saved %(number)d hour ago.", "Saved %(number)d hours ago.", hours) % {"number": hours}
    return _("Saved on %(day)s.") % {"day": day(at.date())}


@register.simple_tag
def example(name: str) -> SafeString:
    """A drawing of what good proof looks like."""
    return format_html(
        '<img class="example" src="{}" alt="{}" width="120" height="90">',
        static(f"makewhole/pictures/{name}.svg"),
        _EXAMPLES[name],
    )
