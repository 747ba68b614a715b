"""The sentence on top of a standing's page."""

from __future__ import annotations

from makewhole.portals.frame.showing import instant
from makewhole.reads.standing import RestrictionView, StandingView


def answer(view: StandingView, *, mine: bool) -> str:
    """What the reader came for: restricted or not, and how the standing is."""
    whose, who = ("Your", "you") if mine else (f"{view.seller.name}'s", "this seller")
    bound = [each for each in view.restrictions if each.state in ("in_force", "announced")]
    told = [_bound(each, whose, view.marketplace.zone) for each in bound]
    match view.standing.level:
        case "good":
            told.append(f"{whose} standing is good: nothing counts against {who}.")
        case "at_risk":
            told.append(f"{whose} standing is at risk{'' if bound else '; nothing is restricted'}.")
        case "may_be_restricted" if bound:
            told.append("The reasons for it still hold.")
        case "may_be_restricted":
            restricted = "A person would decide that, and tell the reasons first"
            told.append(f"{whose} listings or payouts may be restricted. {restricted}.")
        case "not_assessed":
            told.append(f"{whose} standing is not assessed: the account is closed or its holder insolvent.")
    return " ".join(told)


def _bound(each: RestrictionView, whose: str, zone: str) -> str:
    if each.state == "announced":
        return f"{whose} {each.kind} will be restricted from {instant(each.takes_effect_at, zone)}."
    return f"{whose} {each.kind} are restricted since {instant(each.takes_effect_at, zone)}."
