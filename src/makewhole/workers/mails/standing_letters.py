"""The facts of a mail about a seller's standing, in words. Start at told(). Such a notice belongs to no claim.

The row names what it is about by ids; reports, disputes and restrictions never change their words, so a mail that
was late says what an early one would have said.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from makewhole.store.models import Marketplace, Outbox, Restriction, Seller, SellerReport, StandingDispute
from makewhole.workers.mails import plain

_Told = dict[str, object]


def told(notice: Outbox, seller: Seller) -> _Told:
    market = Marketplace.objects.get(code=seller.marketplace_id)
    to_seller = notice.recipient.startswith("seller:")
    facts: _Told = {
        "marketplace": market.name,
        "seller": seller.name,
        "seller_ref": seller.seller_ref,
        "link": f"{settings.PUBLIC_URL}{'/standing' if to_seller else f'/sellers/{seller.pk}/standing'}",
        "event_at": plain.instant(notice.created_at, market.zone),
    }
    if "report" in notice.facts:
        facts |= _report(SellerReport.objects.get(id=notice.facts["report"]), market)
    if "restriction" in notice.facts:
        facts |= _restriction(Restriction.objects.get(id=notice.facts["restriction"]), market)
    if "dispute" in notice.facts:
        facts |= _dispute(StandingDispute.objects.get(id=notice.facts["dispute"]))
    return facts


def _report(report: SellerReport, market: Marketplace) -> _Told:
    return {"code": report.code, "on": plain.weekday(report.at.astimezone(ZoneInfo(market.zone)).date())}


def _dispute(dispute: StandingDispute) -> _Told:
    return {
        "about": dispute.about,
        "of_restriction": dispute.about.startswith("restriction:"),
        "struck": dispute.outcome == "struck",
        "reasons": dispute.reasons,
    }


def _restriction(restriction: Restriction, market: Marketplace) -> _Told:
    """The statement of reasons as it was made; dates in the marketplace's zone."""
    stated: dict[str, Any] = restriction.statement  # the shape of RestrictionStatement
    return {
        "kind": restriction.kind,
        "effect_at": plain.instant(restriction.takes_effect_at, market.zone),
        "ends_at": plain.instant(restriction.ends_at, market.zone) if restriction.ends_at else "",
        "duration": stated["duration"],
        "scope": stated["scope"],
        "words": stated["words"],
        "facts": [{**fact, "on": plain.weekday(date.fromisoformat(fact["on"]))} for fact in stated["facts"]],
        "clauses": stated["clauses"],
        "evidence": stated["evidence"],
        "machine": stated["machine"],
        "contest": stated["contest"],
        "decided_at": plain.instant(datetime.fromisoformat(stated["decided_at"]), market.zone),
        "lifted_because": restriction.lifted_because,
    }
