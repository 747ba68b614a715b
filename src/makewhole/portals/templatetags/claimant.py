"""What the claimant's pages say in a word: when an answer was saved, and pictures of good proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from makewhole.domain.claim.state import AwaitingAnswer, Closed
from makewhole.portals.frame import words
from makewhole.portals.frame.showing import day, money
from makewhole.portals.frame.telling import ClockTold, StepTold
from makewhole.reads.views import ClaimView

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

# What may be asked for, and its drawing.
_PICTURES = {
    "photo": "photo-near",
    "more_photos": "photo-whole",
    "product_kept": "photo-product",
    "receipt_or_estimate": "receipt",
    "receipt": "receipt",
    "repair_estimate": "estimate",
    "bill": "bill",
    "wage_statement": "wages",
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


# The claim's page ---------------------------------------------------------------------------------------------

# Ends that we promised, and not somebody else.
_OURS = frozenset({"decision", "pay", "whole_claim"})
_SHOWN_STEPS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One line from what happened over now to what comes; older steps are folded."""

    earlier: Sequence[StepTold]
    past: Sequence[StepTold]
    coming: Sequence[ClockTold]


@register.simple_tag
def line_of(steps: Sequence[StepTold], clocks: Sequence[ClockTold], now: datetime) -> Line:
    """What happened, oldest first, then every running clock, the nearest first."""
    folded = max(0, len(steps) - _SHOWN_STEPS) if len(steps) > _SHOWN_STEPS + 1 else 0
    return Line(steps[:folded], steps[folded:], clocks)


@register.simple_tag
def pictures_of(view: ClaimView) -> list[str]:
    """The drawings of what is asked for now, each once."""
    return list(dict.fromkeys(_PICTURES[each.what] for each in view.missing if each.what in _PICTURES))


@register.simple_tag
def late_of(clocks: Sequence[ClockTold], now: datetime) -> list[ClockTold]:
    """What we promised and did not keep."""
    return [
        told
        for told in clocks
        if told.clock.name in _OURS and told.clock.state == "running" and told.clock.due_at < now
    ]


@dataclass(frozen=True, slots=True)
class MoneyLine:
    sum: str
    says: str


@register.simple_tag
def money_of(view: ClaimView, now: datetime) -> list[MoneyLine]:
    """Each sum of the claim with what is the matter with it, what is paid first."""
    claim = view.claim
    found: list[tuple[int, str]] = []
    for payment in claim.payments:
        told = {"how": str(words.METHODS[payment.order.payee.method]).lower()}
        if payment.state == "settled" and payment.ended_at:
            told["day"] = _day_of(view, payment.ended_at)
            found.append((payment.order.amount_minor, _("paid to you on %(day)s: %(how)s") % told))
        elif payment.state == "ordered":
            told["day"] = _day_of(view, payment.ordered_at)
            found.append((payment.order.amount_minor, _("on its way to you since %(day)s: %(how)s") % told))
    approved = claim.approved_minor - claim.ordered_minor
    outcome = claim.stage.outcome if isinstance(claim.stage, Closed) else ""
    found += [
        (claim.settled_minor if outcome == "settled" else 0, _("settled by the seller")),
        (approved if not outcome else 0, _("approved, and not on its way yet")),
        (claim.open_minor if not outcome else 0, _("not decided yet")),
        (claim.refused_minor, _("not paid; the reasons stand below")),
        (claim.claimed_minor, _("is what you claimed")),
    ]
    return [MoneyLine(money(minor, claim.currency), told) for minor, told in found if minor > 0]


@dataclass(frozen=True, slots=True)
class Contest:
    """How the claimant may contest now: `kind` is answer, appeal, open, over, or "" where there is nothing."""

    kind: str
    until: datetime | None = None


@register.simple_tag
def contest_of(view: ClaimView) -> Contest:
    claim = view.claim
    if isinstance(claim.stage, AwaitingAnswer):
        return Contest("answer")
    if not isinstance(claim.stage, Closed):
        return Contest("open")
    clock = claim.running("appeal")
    if claim.refused_minor and clock is not None:
        return Contest("appeal", clock.due_at)
    return Contest("over" if claim.refused_minor else "")


def _day_of(view: ClaimView, at: datetime) -> str:
    return day(view.calendar.day_of(at))
