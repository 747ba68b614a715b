"""What stands around a claim on the page of who decides: the list it came from, what is like it, how far one's own
authority goes, and where the next file is. Start at `desk`; after an act, `onward`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _

from makewhole.domain.actors import STAFF, Actor
from makewhole.domain.claim.events import ClaimAssigned
from makewhole.domain.claim.reviewing import authority_minor, may_decide
from makewhole.domain.claim.state import AwaitingSecond, Claim, Closed
from makewhole.domain.refusal import Refused
from makewhole.people.access import named
from makewhole.portals.adjuster.queue import WAITED_FOR, address_of, wanted_from
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.showing import money
from makewhole.reads.similar import similar_claims
from makewhole.reads.views import ClaimView
from makewhole.reads.wanted import Wanted
from makewhole.reads.worklist import beside, still_waits, worklist
from makewhole.store.models import Claim as ClaimRow

# Acts after which the file stays open: they settle nothing that it waits for.
_STAY = frozenset({"assign", "reserve", "check-proof", "subrogation", "no-defect"})


@dataclass(frozen=True, slots=True)
class Limits:
    """How far this person's word goes on this claim. `not_mine`: why somebody else must decide it; empty if not.
    Amounts are of all that is approved of the claim, what was approved before included."""

    alone_minor: int
    authority_minor: int
    four_eyes_minor: int
    approved_minor: int
    not_mine: str


def desk(request: HttpRequest, view: ClaimView, by: Actor, now: datetime) -> dict[str, Any]:
    """For the template of staff. The list stands beside the claim where it was opened from one."""
    told = _carried(request)
    wanted = wanted_from(told or "")
    listed = by.role in WAITED_FOR
    near = beside(by, ClaimRow(pk=view.claim.claim_id), wanted, now=now) if listed else None
    similar = similar_claims(view.claim, by)
    return {
        "queue": wanted.address if told is not None else None,
        "queue_address": address_of(wanted),
        "near": near,
        "place": near.place if near else "",
        "similar": similar,
        "limits": limits_of(view, by, now) if by.role in STAFF else None,
        "names": view.staff,
        "waits_here": still_waits(by, view.claim),
    }


def with_names(view: ClaimView) -> ClaimView:
    """The same with the names of those of us who are in it."""
    people = {step.by for step in view.timeline} | {view.claim.assigned_to}
    people |= {step.event.to for step in view.timeline if isinstance(step.event, ClaimAssigned)}
    return replace(view, staff=named(people))


def limits_of(view: ClaimView, by: Actor, at: datetime) -> Limits | None:
    """None where nothing is left to decide."""
    claim = view.claim
    if isinstance(claim.stage, Closed):
        return None
    rules = view.rules_at(at)
    authority, four_eyes = authority_minor(by, rules), rules.amount("four_eyes_above")
    return Limits(min(authority, four_eyes), authority, four_eyes, claim.approved_minor, _not_mine(by, claim))


def _not_mine(by: Actor, claim: Claim) -> str:
    try:
        may_decide(by, claim)
    except Refused as refusal:
        return sentence(refusal)
    if isinstance(claim.stage, AwaitingSecond) and claim.stage.proposed_by == by.name:
        return sentence(Refused("second_person_needed"))
    return ""


# After an act -------------------------------------------------------------------------------------------------


def place_before(request: HttpRequest, view: ClaimView, by: Actor, now: datetime) -> str | None:
    """Where the claim stood in the list that it was opened from, before an act moves it; None: from no list."""
    if _carried(request) is None or by.role not in WAITED_FOR:
        return None
    wanted = wanted_from(_carried(request) or "")
    return beside(by, ClaimRow(pk=view.claim.claim_id), wanted, now=now, before=0, after=0).place


def onward(
    request: HttpRequest, by: Actor, claim: Claim, act: str, done: str, *, place: str, now: datetime
) -> HttpResponse | None:
    """To the next file of the list, where this one needs no more of its reader. None: the page stays."""
    if act in _STAY or _needs_more(by, claim):
        return None
    wanted = wanted_from(_carried(request) or "")
    done_of = format_html(
        '{} <a href="/claims/{}">{}</a>', done, claim.filed.reference, claim.filed.reference
    )  # fmt: skip
    messages.success(request, done_of)
    following = next_of(by, place, wanted, claim, now)
    if following is not None:
        return redirect(f"/claims/{following.reference}?queue={quote(wanted.address, safe='')}")
    return redirect(f"{address_of(wanted)}&end=1")


def next_of(by: Actor, place: str, wanted: Wanted, claim: Claim, now: datetime) -> ClaimRow | None:
    page = worklist(by, now=now, wanted=wanted, after=place, size=2, counts=False)
    return next((row for row in page.claims if row.pk != claim.claim_id), None)


def _needs_more(by: Actor, claim: Claim) -> bool:
    if isinstance(claim.stage, AwaitingSecond) and claim.stage.proposed_by == by.name:
        return False  # a colleague goes on
    return still_waits(by, claim)


def _carried(request: HttpRequest) -> str | None:
    """The list's filters, as the address or the form carries them along; None where there is no list behind."""
    return request.POST.get("queue", request.GET.get("queue"))


# Before a decision ---------------------------------------------------------------------------------------------


def second_person_says(limits: Limits, currency: str) -> str:
    """What a decision of this person needs, before it is made."""
    if limits.authority_minor <= limits.four_eyes_minor:
        return _("You approve up to {limit} on a claim; above it a second person agrees.").format(
            limit=money(limits.alone_minor, currency)
        )
    return _(
        "Alone you approve up to {limit} on a claim. Above it a second person agrees; above {most} one with more "
        "authority than yours."
    ).format(limit=money(limits.alone_minor, currency), most=money(limits.authority_minor, currency))
