"""What is asked back: sums by stage, and each recovery with its seller, its money, and until when it waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from makewhole.domain.actors import Actor
from makewhole.portals.frame.showing import money
from makewhole.portals.frame.who import only
from makewhole.portals.frame.words import CLOCKS, OWN_CLOCKS
from makewhole.reads.recoveries import recoveries_of
from makewhole.reads.recovery_sums import (
    STAGES,
    OwnPart,
    OwnSum,
    StageSum,
    outstanding_minor,
    own_parts,
    own_sums,
    sellers_owing,
    sums_of,
    waits_until,
)
from makewhole.store.models import Recovery


@dataclass(frozen=True, slots=True)
class RecoveryTold:
    row: Recovery
    owed_minor: int
    held_minor: int
    outstanding_minor: int
    received_minor: int
    until: datetime | None
    what: str  # what is waited for until then
    may_contest: bool = False  # by this reader: its time for it runs


@never_cache
@require_GET
@only("finance", "adjuster", "reviewer", "programme_owner", "auditor", "seller", "insurer")
def recoveries(request: HttpRequest, by: Actor) -> HttpResponse:
    """The recoveries that this reader may see, the newest first, by stage and by seller."""
    stage, seller, after = (request.GET.get(name, "") for name in ("stage", "seller", "after"))
    try:
        rows, next_after = recoveries_of(by, stage=stage, seller_ref=seller, after=after)
    except (ValueError, OverflowError, OSError, ValidationError) as error:
        raise Http404 from error
    sums: Sequence[StageSum | OwnSum] = own_sums(by) if by.is_respondent else sums_of(by, seller_ref=seller)
    told = {
        "by": by,
        "headline": _headline(sums, by),
        "sums": sums,
        "stages": STAGES,
        "stage": stage,
        "seller": seller,
        "sellers": [] if by.is_respondent else sellers_owing(by),
        "recoveries": _told(rows, by),
        "next_after": next_after,
        "now": timezone.now(),
    }
    template = "portals/seller/owed.html" if by.is_respondent else "portals/recoveries.html"
    return render(request, template, told)


def _told(rows: list[Recovery], by: Actor) -> list[RecoveryTold]:
    """A debtor is shown its own part of each, everybody else the whole."""
    waiting = waits_until([row.claim_id for row in rows])
    own = own_parts(rows, by) if by.is_respondent else {}
    found = []
    for row in rows:
        clock, until = waiting.get(row.claim_id, ("", None)) if row.stage != "closed" else ("", None)
        part = own.get((row.claim_id, row.no)) or _whole(row)
        may_contest = by.role == "seller" and row.stage == "demanded" and clock == "seller_contests"
        found.append(
            RecoveryTold(
                row, part.owed_minor, part.held_minor, part.left_minor, part.paid_minor, until, _what(clock, by),
                may_contest,
            )
        )  # fmt: skip
    return found


def _whole(row: Recovery) -> OwnPart:
    received = row.applied_minor + row.received_minor - row.repaid_minor
    return OwnPart(
        row.owed_by_seller_minor + row.owed_by_others_minor, row.held_minor, received, outstanding_minor(row)
    )


def _what(clock: str, by: Actor) -> str:
    if by.role == "seller" and clock in OWN_CLOCKS:
        return OWN_CLOCKS[clock][0]
    return CLOCKS[clock][0] if clock else ""


def _headline(sums: Sequence[StageSum | OwnSum], by: Actor) -> str:
    """How much is outstanding in all, by currency, and how many contests wait."""
    left: dict[str, int] = {}
    for each in sums:
        if each.stage != "closed":
            left[each.currency] = left.get(each.currency, 0) + each.outstanding_minor
    owed = _(" and ").join(money(minor, currency) for currency, minor in left.items() if minor)
    if by.is_respondent:
        return _("%(sum)s is asked of you.") % {"sum": owed} if owed else _("Nothing is asked of you.")
    contested = sum(each.number for each in sums if each.stage == "contested")
    told = _("{sum} is outstanding.").format(sum=owed) if owed else _("Nothing is outstanding.")
    if not contested:
        return told
    waits = ngettext(
        "{number} contest waits for a decision.", "{number} contests wait for a decision.", contested
    ).format(number=contested)
    return f"{told} {waits}"
