"""The sentence on top of a standing's page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from makewhole.portals.frame.showing import instant
from makewhole.reads.standing import RestrictionView, StandingView


def answer(view: StandingView, *, mine: bool) -> str:
    """What the reader came for: restricted or not, and how the standing is."""
    whose = {"name": view.seller.name}
    bound = [each for each in view.restrictions if each.state in ("in_force", "announced")]
    told = [_bound(each, view, mine=mine) for each in bound]
    match view.standing.level:
        case "good" if mine:
            told.append(_("Your standing is good: nothing counts against you."))
        case "good":
            told.append(_("%(name)s's standing is good: nothing counts against this seller.") % whose)
        case "at_risk" if bound:
            told.append(_("Your standing is at risk.") if mine else _("%(name)s's standing is at risk.") % whose)
        case "at_risk" if mine:
            told.append(_("Your standing is at risk; nothing is restricted."))
        case "at_risk":
            told.append(_("%(name)s's standing is at risk; nothing is restricted.") % whose)
        case "may_be_restricted" if bound:
            told.append(_("The reasons for it still hold."))
        case "may_be_restricted":
            told.append(
                _("Your listings or payouts may be restricted.")
                if mine
                else _("%(name)s's listings or payouts may be restricted.") % whose
            )
            told.append(_("A person would decide that, and tell the reasons first."))
        case "not_assessed" if mine:
            told.append(_("Your standing is not assessed: the account is closed or its holder insolvent."))
        case "not_assessed":
            told.append(
                _("%(name)s's standing is not assessed: the account is closed or its holder insolvent.") % whose
            )
    return " ".join(told)


def _bound(each: RestrictionView, view: StandingView, *, mine: bool) -> str:
    """What is restricted, of whom, since when or from when."""
    sentences = {
        ("listings", True, True): _("Your listings will be restricted from %(at)s."),
        ("listings", True, False): _("Your listings are restricted since %(at)s."),
        ("listings", False, True): _("%(name)s's listings will be restricted from %(at)s."),
        ("listings", False, False): _("%(name)s's listings are restricted since %(at)s."),
        ("payouts", True, True): _("Your payouts will be restricted from %(at)s."),
        ("payouts", True, False): _("Your payouts are restricted since %(at)s."),
        ("payouts", False, True): _("%(name)s's payouts will be restricted from %(at)s."),
        ("payouts", False, False): _("%(name)s's payouts are restricted since %(at)s."),
    }
    told = sentences[each.kind, mine, each.state == "announced"]
    return told % {"name": view.seller.name, "at": instant(each.takes_effect_at, view.marketplace.zone)}
