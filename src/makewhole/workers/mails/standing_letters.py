"""The facts of a mail about a seller's standing, in words. Start at told(). Such a notice belongs to no claim.

The row names what it is about by ids; reports, disputes and restrictions never change their words, so a mail that
was late says what an early one would have said.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings

from makewhole.domain.standing.words import RESTRICTED
from makewhole.reads.standing import disputed_told, statement_to_seller
from makewhole.reads.statement_lines import text as text_of
from makewhole.store.models import Marketplace, Outbox, Restriction, Seller, SellerReport, StandingDispute
from makewhole.workers.mails import plain
from makewhole.workers.mails.marks import Reasons

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
        restriction = Restriction.objects.get(id=notice.facts["restriction"])
        facts |= _restriction(restriction, market)
        if notice.template == "standing_restricted":
            facts["statement"] = Reasons(text_of(statement_to_seller(restriction)))
    if "dispute" in notice.facts:
        facts |= _dispute(StandingDispute.objects.get(id=notice.facts["dispute"]))
    return facts


def _report(report: SellerReport, market: Marketplace) -> _Told:
    return {"code": report.code, "on": plain.weekday(report.at.astimezone(ZoneInfo(market.zone)).date())}


def _dispute(dispute: StandingDispute) -> _Told:
    return {
        "about": disputed_told(dispute),
        "of_restriction": dispute.about.startswith("restriction:"),
        "struck": dispute.outcome == "struck",
        "reasons": Reasons(dispute.reasons),
    }


def _restriction(restriction: Restriction, market: Marketplace) -> _Told:
    return {
        "restricted": plain.said(RESTRICTED, restriction.kind),
        "decided_at": plain.instant(restriction.decided_at, market.zone),
        "lifted_because": Reasons(restriction.lifted_because),
    }
